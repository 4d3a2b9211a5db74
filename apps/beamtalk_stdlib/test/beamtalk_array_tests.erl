%% @doc Arrays against lists: the same elements, and the same term whatever the history.
-module(beamtalk_array_tests).

-import(proper_types, [any/0, integer/0, list/1, oneof/1, pos_integer/0, resize/2]).

-include("beamtalk_stdlib_check.hrl").

errors_test_() ->
    A = beamtalk_array,
    Array = fun A:from_list/1,
    check([
        {A, 'at:', [Array([a, b]), 2], b},
        {A, 'at:', [Array([a, b]), 3], {kind, index_out_of_bounds, <<"'at:': index out of bounds for Array">>}},
        {A, 'at:', [Array([a]), 0], {kind, index_out_of_bounds}},
        {A, 'at:', [Array([]), 1], {kind, empty_collection, <<"'at:': Array is empty">>}},
        {A, 'at:', [Array([a]), x], {kind, type_error}},
        {A, 'at:put:', [Array([a]), 1, b], Array([b])},
        {A, 'at:put:', [Array([a]), 2, b], {kind, index_out_of_bounds}},
        {A, 'at:put:', [Array([]), 1, b], {kind, index_out_of_bounds}},
        {A, first, [Array([])], {kind, empty_collection}},
        {A, last, [Array([1, 2])], 2},
        {A, 'withAll:', [class, x], {kind, type_error}},
        {A, printString, [Array([1, <<"a">>])], <<"#[1, \"a\"]">>},
        {A, printString, [Array([])], <<"#[]">>},
        {A, '<', [Array([1]), Array([2])], true},
        {A, 'do:', [Array([1]), fun() -> 1 end], {kind, arity_mismatch}},
        {A, 'inject:into:', [Array([1, 2]), 0, fun(X, Y) -> X + Y end], 3},
        {A, 'includes:', [Array([1, 2]), 2], true}
    ]).

loose_equality_compares_numbers_test() ->
    ?assert(beamtalk_array:from_list([1, [2]]) == beamtalk_array:from_list([1.0, [2.0]])),
    ?assertNot(beamtalk_array:from_list([1]) =:= beamtalk_array:from_list([1.0])).

sizes_around_the_width_of_a_node_test_() ->
    [
        {integer_to_list(Size), fun() ->
            List = lists:seq(1, Size),
            Array = beamtalk_array:from_list(List),
            ?assertEqual(List, beamtalk_array:to_list(Array)),
            ?assertEqual(Size, beamtalk_array:size(Array)),
            ?assertEqual(Array, lists:foldl(fun(E, A) -> beamtalk_array:'add:'(A, E) end, empty(), List)),
            [?assertEqual(I, beamtalk_array:'at:'(Array, I)) || I <- edges(Size)],
            [
                ?assertEqual(
                    beamtalk_array:from_list(replaced(I, x, List)), beamtalk_array:'at:put:'(Array, I, x)
                )
             || I <- edges(Size)
            ]
        end}
     || Size <- [0, 1, 31, 32, 33, 63, 64, 65, 1023, 1024, 1025, 1056, 1057, 32767, 32768, 32769]
    ].

edges(0) -> [];
edges(Size) -> lists:usort([1, max(1, Size div 2), max(1, Size - 1), Size]).

properties_test_() ->
    {timeout, 120, [
        ?_assert(proper:quickcheck(Property, [quiet, {numtests, 200}]))
     || Property <- [prop_round_trip(), prop_history()]
    ]}.

prop_round_trip() ->
    ?FORALL(
        List,
        resize(200, list(any())),
        begin
            Array = beamtalk_array:from_list(List),
            beamtalk_array:to_list(Array) =:= List andalso
                [beamtalk_array:'at:'(Array, I) || I <- lists:seq(1, length(List))] =:= List
        end
    ).

%% After any history the array is the term that `from_list' makes of its elements.
prop_history() ->
    ?FORALL(
        {Start, Operations},
        {resize(100, list(integer())), list(operation())},
        begin
            {Array, List} = lists:foldl(fun apply_to/2, {beamtalk_array:from_list(Start), Start}, Operations),
            Array =:= beamtalk_array:from_list(List)
        end
    ).

operation() ->
    oneof([{add, integer()}, {put, pos_integer(), integer()}]).

apply_to({add, Value}, {Array, List}) ->
    {beamtalk_array:'add:'(Array, Value), List ++ [Value]};
apply_to({put, _, _}, {Array, []}) ->
    {Array, []};
apply_to({put, N, Value}, {Array, List}) ->
    Index = (N rem length(List)) + 1,
    {beamtalk_array:'at:put:'(Array, Index, Value), replaced(Index, Value, List)}.

replaced(Index, Value, List) ->
    {Before, [_ | After]} = lists:split(Index - 1, List),
    Before ++ [Value | After].

empty() -> beamtalk_array:from_list([]).
