-module(beamtalk_match_tests).

-include_lib("eunit/include/eunit.hrl").

%% Stands in for the library's Array.
-define(ARRAY(List), #{'$beamtalk_class' => 'bt@stdlib@array', list => List}).

array() ->
    #{
        module => 'bt@stdlib@array', name => 'Array', superclass => 'bt@stdlib@collection',
        methods => [
            {size, "", "length(maps:get(list, Self))"},
            {asList, "", "maps:get(list, Self)"},
            {'at:', "I", "lists:nth(I, maps:get(list, Self))"},
            {'drop:', "N", "Self#{list := lists:nthtail(N, maps:get(list, Self))}"}
        ]
    }.

destructuring_test_() ->
    Cases = [
        {b, at, [[a, b, c], 2]}, {b, at, [{a, b}, 2]}, {b, at, [?ARRAY([a, b]), 2]},
        {index_out_of_bounds, at, [[a], 2]}, {index_out_of_bounds, at, [[], 1]},
        {index_out_of_bounds, at, [{a}, 2]}, {index_out_of_bounds, at, [?ARRAY([]), 1]},
        {does_not_understand, at, [3, 1]},
        {[c], rest, [[a, b, c], 2]}, {[], rest, [[a], 1]}, {?ARRAY([b]), rest, [?ARRAY([a, b]), 1]},
        {index_out_of_bounds, rest, [[a], 2]}, {index_out_of_bounds, rest, [?ARRAY([a]), 2]},
        {argument_error, rest, [{a, b}, 1]},
        {{a, b}, tuple, [{a, b}, 2]}, {internal_error, tuple, [{a, b}, 3]}, {argument_error, tuple, [[a], 1]},
        {1, key, [#{a => 1}, a]}, {key_error, key, [#{a => 1}, b]}, {argument_error, key, [3, b]},
        {internal_error, no_match, [3]}, {internal_error, badmatch, [3]},
        {true, guard, [true]}, {false, guard, [false]}, {type_error, guard, [3]},
        {true, is_string, [<<"a">>]}, {false, is_string, [<<255>>]}, {false, is_string, [a]},
        {[a], elements, [?ARRAY([a])]}, {false, elements, [[a]]}
    ],
    beamtalk_test_library:with(
        {setup, fun() -> beamtalk_test_class:load(array()) end,
            fun(_) -> beamtalk_test_class:unload('bt@stdlib@array') end, [
                {atom_to_list(Function), ?_assertEqual(Expected, outcome(Function, Args))}
             || {Expected, Function, Args} <- Cases
            ]}
    ).

outcome(Function, Args) ->
    try
        apply(beamtalk_match, Function, Args)
    catch
        error:#{kind := Kind} -> Kind
    end.

reason_is_in_the_message_test_() ->
    [
        fun() ->
            Message = beamtalk_test_library:message(fun() -> beamtalk_match:Function(3) end),
            ?assertNotEqual(nomatch, string:find(Message, Word))
        end
     || {Function, Word} <- [{no_match, "if_clause"}, {badmatch, "badmatch"}]
    ].
