%% @doc Primitives of List, Dictionary, Tuple, Set, Interval, Block and Collection.
-module(beamtalk_list_tests).

-include("beamtalk_stdlib_check.hrl").

list_test_() ->
    L = beamtalk_list,
    Even = fun(N) -> N rem 2 =:= 0 end,
    NotBoolean = fun(_) -> 1 end,
    TwoParameters = fun(_, _) -> true end,
    check([
        {L, first, [[1, 2]], 1},
        {L, first, [[]], {kind, empty_collection, <<"'first': List is empty">>}},
        {L, last, [[]], {kind, empty_collection, <<"'last': List is empty">>}},
        {L, rest, [[]], []},
        {L, 'at:', [[a, b], 2], b},
        {L, 'at:', [[a, b], 3], {kind, index_out_of_bounds, <<"'at:': index out of bounds for List">>}},
        {L, 'at:', [[a, b], 0], {kind, index_out_of_bounds}},
        {L, 'at:', [[], 1], {kind, empty_collection, <<"'at:': List is empty">>}},
        {L, 'at:', [[a], x], {kind, type_error, <<"Type error in 'at:' on List">>}},
        {L, 'from:to:', [[1, 2, 3], 2, 9], [2, 3]},
        {L, 'from:to:', [[1, 2, 3], 9, 9], []},
        {L, 'from:to:', [[1, 2, 3], 2, 1], []},
        {L, 'from:to:', [[1, 2, 3], 0, 1], {kind, index_out_of_bounds}},
        {L, 'take:', [[1, 2], 5], [1, 2]},
        {L, 'take:', [[1, 2], -1], []},
        {L, 'drop:', [[1, 2], 5], []},
        {L, 'drop:', [[1, 2], -1], [1, 2]},
        {L, 'drop:', [[1, 2], x], {kind, type_error}},
        {L, 'includes:', [[1, <<"a">>], <<"a">>], true},
        {L, 'includes:', [[1], 1.0], false},
        {L, 'indexOf:', [[a, b], b], 2},
        {L, 'indexOf:', [[1], 1.0], nil},
        {L, sort, [[b, 2, <<"x">>, 1]], [1, 2, b, <<"x">>]},
        {L, 'sort:', [[1, 3, 2], fun(A, B) -> A > B end], [3, 2, 1]},
        {L, 'sort:', [[1, 3, 2], fun(_, _) -> nil end], {kind, type_error}},
        {L, unique, [[2, 1, 1.0, 1, 2]], [1, 1.0, 2]},
        {L, '++', [[1], [2]], [1, 2]},
        {L, '++', [[1], 2], {kind, argument_error, <<"invalid argument">>}},
        {L, flatten, [[1, [2, [3]], []]], [1, 2, 3]},
        {L, 'flatMap:', [[1, 2], fun(N) -> [N, N] end], [1, 1, 2, 2]},
        {L, 'flatMap:', [[1, 2], fun(N) -> N end], {kind, type_error}},
        {L, 'zip:', [[1, 2, 3], [a, b]], [[1, a], [2, b]]},
        {L, 'intersperse:', [[1, 2, 3], x], [1, x, 2, x, 3]},
        {L, join, [[<<"a">>, <<"b">>]], <<"ab">>},
        {L, join, [[]], <<>>},
        {L, join, [[1]], {kind, type_error}},
        {L, 'join:', [[<<"a">>, <<"b">>], <<", ">>], <<"a, b">>},
        {L, atRandom, [[7]], 7},
        {L, atRandom, [[]], {kind, type_error}},
        {L, 'do:', [[1, 2], fun(N) -> N end], nil},
        {L, 'collect:', [[1, 2], fun(N) -> N * 2 end], [2, 4]},
        {L, 'select:', [[1, 2], Even], [2]},
        {L, 'select:', [[1, 2], NotBoolean], {kind, type_error}},
        {L, 'reject:', [[1, 2], Even], [1]},
        {L, 'inject:into:', [[1, 2], 0, fun(A, E) -> A * 10 + E end], 12},
        {L, 'detect:ifNone:', [[1, 2], Even, fun() -> none end], 2},
        {L, 'count:', [[1, 2, 4], Even], 2},
        {L, 'anySatisfy:', [[1, 2], Even], true},
        {L, 'allSatisfy:', [[1, 2], Even], false},
        {L, 'groupBy:', [[1, 2, 3], Even], #{true => [2], false => [1, 3]}},
        {L, 'partition:', [[1, 2, 3], Even], #{<<"matching">> => [2], <<"nonMatching">> => [1, 3]}},
        {L, 'takeWhile:', [[2, 3, 4], Even], [2]},
        {L, 'dropWhile:', [[2, 3, 4], Even], [3, 4]},
        {L, 'parallelCollect:maxConcurrency:', [[1, 2], Even, 0], {kind, type_error}}
        | [
            {L, Selector, [[1] | Args], {kind, arity_mismatch}}
         || {Selector, Args} <- [
                {'do:', [TwoParameters]},
                {'collect:', [TwoParameters]},
                {'select:', [TwoParameters]},
                {'reject:', [TwoParameters]},
                {'inject:into:', [0, Even]},
                {'detect:ifNone:', [TwoParameters, Even]},
                {'count:', [TwoParameters]},
                {'anySatisfy:', [TwoParameters]},
                {'allSatisfy:', [TwoParameters]},
                {'flatMap:', [TwoParameters]},
                {'groupBy:', [TwoParameters]},
                {'partition:', [TwoParameters]},
                {'takeWhile:', [TwoParameters]},
                {'dropWhile:', [TwoParameters]},
                {'parallelCollect:maxConcurrency:', [TwoParameters, 1]}
            ]
        ]
    ]).

dictionary_test_() ->
    D = beamtalk_dictionary,
    check([
        {D, 'at:', [#{a => 1}, a], 1},
        {D, 'at:', [#{1 => x}, 1.0], {kind, key_error, <<"key not found: 1.0">>}},
        {D, 'at:', [#{}, a], {kind, key_error}},
        {D, 'at:put:', [#{}, a, 1], #{a => 1}},
        {D, 'removeKey:', [#{a => 1}, b], #{a => 1}},
        {D, 'merge:', [#{a => 1, b => 2}, #{a => 3}], #{a => 3, b => 2}},
        {D, 'merge:', [#{}, []], {kind, type_error}},
        {D, 'merge:', [#{}, beamtalk_set:from_list([])], {kind, type_error}},
        {D, 'collect:', [#{a => 1}, fun(N) -> N + 1 end], #{a => 2}},
        {D, 'collect:', [#{a => 1}, fun() -> 1 end], {kind, arity_mismatch}},
        {D, 'keysAndValuesDo:', [#{a => 1}, fun(a, 1) -> ok end], nil},
        {D, 'keysAndValuesDo:', [#{a => 1}, fun(_) -> ok end], {kind, arity_mismatch}},
        {D, 'parallelCollect:maxConcurrency:', [#{a => 1, b => 2}, fun(N) -> N + 1 end, 1], #{a => 2, b => 3}},
        {D, printString, [#{b => 1, a => <<"x">>}], <<"#{#a => \"x\", #b => 1}">>}
    ]).

tuple_test_() ->
    T = beamtalk_tuple,
    check([
        {T, 'at:', [{a, b}, 2], b},
        {T, 'at:', [{a}, 2], {kind, index_out_of_bounds, <<"'at:': index out of bounds for Tuple">>}},
        {T, 'at:', [{a}, x], {kind, type_error}},
        {T, 'withAll:', [class, [1]], {1}},
        {T, isOk, [{ok, 1}], true},
        {T, isOk, [{ok, 1, 2}], false},
        {T, isError, [{error, 1}], true},
        {T, unwrap, [{ok, 1}], 1},
        {T, unwrap, [{error, x}], {kind, signal, <<"unwrap called on {#error, #x}">>}},
        {T, printString, [{1, a}], <<"{1, #a}">>}
    ]).

set_test_() ->
    S = beamtalk_set,
    Set = fun S:from_list/1,
    check([
        {S, 'withAll:', [class, [2, 1, 2]], Set([1, 2])},
        {S, 'withAll:', [class, x], {kind, type_error}},
        {S, size, [Set([1, 1.0])], 2},
        {S, 'includes:', [Set([1]), 1.0], false},
        {S, 'add:', [Set([1]), 2], Set([2, 1])},
        {S, 'add:', [Set([1]), 1], Set([1])},
        {S, 'remove:', [Set([1, 2]), 1], Set([2])},
        {S, 'union:', [Set([1]), Set([2])], Set([1, 2])},
        {S, 'union:', [Set([1]), [2]], {kind, type_error}},
        {S, 'intersection:', [Set([1, 2]), Set([2, 3])], Set([2])},
        {S, 'difference:', [Set([1, 2]), Set([2, 3])], Set([1])},
        {S, 'isSubsetOf:', [Set([1]), Set([1, 2])], true},
        {S, 'isSubsetOf:', [Set([1, 3]), Set([1, 2])], false},
        {S, asList, [Set([c, b, 1])], [1, b, c]},
        {S, printString, [Set([2, 1])], <<"Set(1, 2)">>}
    ]).

interval_test_() ->
    AsList = fun(From, To, Step) -> beamtalk_interval:asList(beamtalk_interval:new('to:', From, To, Step)) end,
    [
        ?_assertEqual([1, 2, 3], AsList(1, 3, 1)),
        ?_assertEqual([], AsList(3, 1, 1)),
        ?_assertEqual([3, 1], AsList(3, 0, -2)),
        ?_assertEqual([], AsList(1, 2, -1)),
        ?_assertEqual([], AsList(1, 0, 2))
    ].

block_test_() ->
    B = beamtalk_block,
    check([
        {B, value, [fun() -> 1 end], 1},
        {B, value, [fun(X) -> X end], {
            kind, arity_mismatch, <<"Wrong number of arguments: block expects 1 but was called with 0">>
        }},
        {B, 'value:value:', [fun(X, Y) -> X + Y end, 1, 2], 3},
        {B, 'valueWithArguments:', [fun(X, Y) -> X + Y end, [1, 2]], 3},
        {B, 'valueWithArguments:', [fun() -> 1 end, 2], {kind, type_error}},
        {B, 'valueWithArguments:', [fun() -> 1 end, [2]], {kind, arity_mismatch}},
        {B, arity, [fun(X, _) -> X end], 2}
    ]).

collection_test_() ->
    C = beamtalk_collection,
    check([
        {C, max, [[1, 3, 2]], 3},
        {C, min, [[]], {kind, empty_collection, <<"'min': Collection is empty">>}},
        {C, 'errorEmptyCollection:', [[], average], {kind, empty_collection, <<"'average': Collection is empty">>}},
        {C, 'errorEmptyCollection:', [[], anyOne], {kind, empty_collection, <<"'anyOne': List is empty">>}},
        {C, 'errorNotFound:', [#{}, 'detect:'], {kind, not_found, <<"'detect:': not found in Dictionary">>}}
    ]).

parallel_test_() ->
    Map = fun(Block, List, Max) -> beamtalk_list:'parallelCollect:maxConcurrency:'(List, Block, Max) end,
    [
        ?_assertEqual([], Map(fun(X) -> X end, [], 1)),
        ?_assertEqual([2, 4, 6], Map(fun(X) -> 2 * X end, [1, 2, 3], 2)),
        ?_assertError(#{kind := type_error}, Map(fun(X) -> 1 / X end, [1, 0, 2], 2)),
        ?_assertError(#{kind := erlang_exit}, Map(fun(_) -> exit(self(), kill) end, [1], 1)),
        {"processes differ and none is left", fun() ->
            Before = length(processes()),
            Pids = Map(fun(_) -> self() end, [1, 2, 3], 3),
            ?assertEqual(3, length(lists:usort([self() | Pids]) -- [self()])),
            wait(fun() -> length(processes()) =< Before end)
        end},
        {"at most so many at a time", fun() ->
            Counter = counters:new(2, []),
            _ = Map(fun(_) -> busy(Counter) end, lists:seq(1, 20), 3),
            ?assert(counters:get(Counter, 2) =< 3)
        end},
        {"workers end with their caller", fun() ->
            Self = self(),
            Caller = spawn(fun() ->
                Map(fun(_) -> Self ! {worker, self()}, timer:sleep(infinity) end, [1], 1)
            end),
            Worker = receive {worker, Pid} -> Pid end,
            exit(Caller, kill),
            wait(fun() -> not is_process_alive(Worker) end)
        end},
        {"cells are those of the caller, as they are now", fun() ->
            Cell = beamtalk_cell:new(1),
            _ = beamtalk_cell:set(Cell, 2),
            ?assertEqual([2], Map(fun(_) -> beamtalk_cell:get(Cell) end, [x], 1))
        end}
    ].

busy(Counter) ->
    counters:add(Counter, 1, 1),
    Now = counters:get(Counter, 1),
    Now > counters:get(Counter, 2) andalso counters:put(Counter, 2, Now),
    timer:sleep(5),
    counters:sub(Counter, 1, 1).

wait(Condition) ->
    wait(Condition, 100).

wait(Condition, Tries) ->
    case Condition() of
        true ->
            ok;
        false when Tries > 0 ->
            timer:sleep(10),
            wait(Condition, Tries - 1)
    end.
