-module(beamtalk_cell_tests).

-include_lib("eunit/include/eunit.hrl").
-include("beamtalk_property.hrl").

-import(proper_types, [list/1, range/2, term/0]).

shared_by_blocks_test() ->
    Cell = beamtalk_cell:new(0),
    Tick = fun() -> beamtalk_cell:set(Cell, beamtalk_cell:get(Cell) + 1) end,
    ?assertEqual([1, 2, 3], [Tick() || _ <- "abc"]),
    ?assertEqual(3, beamtalk_cell:get(Cell)).

every_value_survives_test_() ->
    [
        fun() ->
            Cell = beamtalk_cell:new(first),
            ?assertEqual(Value, beamtalk_cell:set(Cell, Value)),
            ?assertEqual(Value, beamtalk_cell:get(Cell))
        end
     || Value <- [undefined, nil, [], [x], false]
    ].

%% Another process starts with the value at creation and then has its own copy.
other_process_test() ->
    Cell = beamtalk_cell:new(1),
    beamtalk_cell:set(Cell, 2),
    ?assertEqual({1, 5}, elsewhere(fun() -> {beamtalk_cell:get(Cell), set_and_get(Cell, 5)} end)),
    ?assertEqual(2, beamtalk_cell:get(Cell)).

%% A block knows the value as of when it was made.
captured_test() ->
    Cell = beamtalk_cell:new(1),
    ?assertEqual(Cell, beamtalk_cell:captured(Cell)),
    beamtalk_cell:set(Cell, 2),
    Captured = beamtalk_cell:captured(Cell),
    beamtalk_cell:set(Cell, 3),
    ?assertEqual(2, elsewhere(fun() -> beamtalk_cell:get(Captured) end)),
    ?assertEqual(3, beamtalk_cell:get(Captured)).

release_test() ->
    Cells = [beamtalk_cell:new(X) || X <- [1, 2, 3]],
    Keys = [Key || {'$bt_cell', Key, _, _} <- Cells],
    ?assertEqual(1, length([found || {'$bt_cell', 2} <- [get(Key) || Key <- Keys]])),
    beamtalk_cell:release(Cells),
    ?assertEqual([undefined], lists:usort([get(Key) || Key <- Keys])).

export_and_import_test() ->
    Cell = beamtalk_cell:new(1),
    beamtalk_cell:set(Cell, 2),
    Exported = beamtalk_cell:export(),
    ?assertEqual(2, elsewhere(fun() -> beamtalk_cell:import(Exported), beamtalk_cell:get(Cell) end)).

session_variable_test() ->
    Cell = beamtalk_cell:new(1),
    ?assertEqual(1, beamtalk_cell:fetch(Cell)),
    ?assertEqual(Cell, beamtalk_cell:assign(Cell, 9)),
    ?assertEqual(9, beamtalk_cell:fetch(Cell)),
    ?assertEqual(plain, beamtalk_cell:fetch(plain)),
    ?assertEqual(new, beamtalk_cell:assign(old, new)),
    ?assert(beamtalk_cell:is_cell(Cell)),
    ?assertNot(beamtalk_cell:is_cell(plain)).

%% Cells behave like independent variables.
model_test() ->
    ?assertProperty(prop_model(), 200).

prop_model() ->
    ?FORALL(
        Writes,
        list({range(1, 5), term()}),
        begin
            Cells = maps:from_list([{N, beamtalk_cell:new(N)} || N <- lists:seq(1, 5)]),
            lists:foreach(fun({N, V}) -> beamtalk_cell:set(maps:get(N, Cells), V) end, Writes),
            Start = maps:from_list([{N, N} || N <- lists:seq(1, 5)]),
            Model = maps:merge(Start, maps:from_list(Writes)),
            Actual = maps:map(fun(_, Cell) -> beamtalk_cell:get(Cell) end, Cells),
            beamtalk_cell:release(maps:values(Cells)),
            Actual =:= Model
        end
    ).

set_and_get(Cell, Value) ->
    beamtalk_cell:set(Cell, Value),
    beamtalk_cell:get(Cell).

elsewhere(Fun) ->
    {_, Monitor} = spawn_monitor(fun() -> exit({value, Fun()}) end),
    receive {'DOWN', Monitor, _, _, {value, Value}} -> Value end.

%% ---------------------------------------------------------------------------------------------------
%% Collection
%% ---------------------------------------------------------------------------------------------------

library_is_loaded_test() ->
    ?assert(beamtalk_cells:is_loaded()).

dropped_cells_are_collected_test() ->
    ?assertEqual({ok, 0}, alone(fun() -> make_and_drop(1000) end, 0)).

%% The same without a collector, as where the library is missing: the measure sees the difference.
without_a_collector_they_stay_test() ->
    Leaking = fun() ->
        beamtalk_cell:use_collector(none),
        make_and_drop(1000)
    end,
    ?assertEqual({ok, 1000}, alone(Leaking, 0)).

a_held_cell_stays_test() ->
    Holding = fun() ->
        Cell = beamtalk_cell:new(7),
        make_and_drop(100),
        fun() -> beamtalk_cell:get(Cell) end
    end,
    ?assertEqual({7, 1}, alone(Holding, 1)).

%% A process that assigns a variable of another one has an entry of its own, which ends with the last block.
entries_for_the_cells_of_others_are_collected_test() ->
    Cell = beamtalk_cell:new(1),
    Counter = fun() -> beamtalk_cell:set(Cell, beamtalk_cell:get(Cell) + 1) end,
    Using = fun() ->
        lists:foreach(fun use_copy/1, [beamtalk_snapshot:pack([Counter]) || _ <- lists:seq(1, 1000)])
    end,
    ?assertEqual({ok, 0}, alone(Using, 0)).

use_copy(Packed) ->
    [Block] = beamtalk_snapshot:unpack(Packed),
    2 = Block().

%% Handles outlive their maker; nobody takes their keys any more.
the_maker_may_end_first_test() ->
    Blocks = elsewhere(fun() ->
        [fun() -> beamtalk_cell:set(Cell, x) end || Cell <- [beamtalk_cell:new(N) || N <- lists:seq(1, 1000)]]
    end),
    ?assertEqual([x], lists:usort([Block() || Block <- Blocks])).

cyclic_cells_are_counted_test() ->
    Tangling = fun() ->
        Plain = beamtalk_cell:new(0),
        Own = beamtalk_cell:new(nil),
        beamtalk_cell:set(Own, fun() -> beamtalk_cell:get(Own) end),
        {A, B} = {beamtalk_cell:new(nil), beamtalk_cell:new(nil)},
        beamtalk_cell:set(A, [{in, fun() -> beamtalk_cell:get(B) end}]),
        beamtalk_cell:set(B, #{a => fun() -> beamtalk_cell:get(A) end}),
        Count = beamtalk_cell:cyclic(),
        fun() -> {Count, beamtalk_cell:get(Plain)} end
    end,
    ?assertEqual({{3, 0}, 4}, alone(Tangling, 3)).

%% Many processes make, share, use and drop cells at once, and are killed meanwhile.
under_load_test_() ->
    {timeout, 60, fun() ->
        Workers = [spawn_monitor(fun() -> churn(300) end) || _ <- lists:seq(1, 100)],
        [exit(Pid, kill) || {N, {Pid, _}} <- lists:zip(lists:seq(1, 100), Workers), N rem 3 =:= 0],
        Ends = [receive {'DOWN', M, _, _, Reason} -> Reason end || {_, M} <- Workers],
        ?assertEqual([], [Reason || Reason <- Ends, Reason =/= normal, Reason =/= killed])
    end}.

churn(0) ->
    ok;
churn(N) ->
    Cell = beamtalk_cell:new(N),
    Tick = fun() -> beamtalk_cell:set(Cell, beamtalk_cell:get(Cell) + 1) end,
    {_, Monitor} = spawn_monitor(fun() -> exit({value, Tick()}) end),
    receive {'DOWN', Monitor, _, _, {value, Value}} -> ?assertEqual(N + 1, Value) end,
    ?assertEqual(N + 1, Tick()),
    churn(N - 1).

make_and_drop(0) ->
    ok;
make_and_drop(N) ->
    Cell = beamtalk_cell:new(0),
    Tick = fun() -> beamtalk_cell:set(Cell, beamtalk_cell:get(Cell) + 1) end,
    1 = Tick(),
    make_and_drop(N - 1).

%% In a process of its own: the value of what `Fun' answers, and the number of cells that remain, which has a second
%% to become what is expected.
alone(Fun, Expected) ->
    elsewhere(fun() ->
        Result = Fun(),
        Count = settled(Expected, 20),
        {value(Result), Count}
    end).

settled(Expected, Tries) ->
    garbage_collect(),
    case beamtalk_cell:count() of
        Count when Count =:= Expected; Tries =:= 0 ->
            Count;
        _ ->
            timer:sleep(50),
            settled(Expected, Tries - 1)
    end.

value(Block) when is_function(Block) -> Block();
value(Other) -> Other.
