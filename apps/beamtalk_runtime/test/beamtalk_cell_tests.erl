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

snapshot_test() ->
    Cell = beamtalk_cell:new(1),
    beamtalk_cell:set(Cell, 2),
    Snapshot = beamtalk_cell:snapshot(Cell),
    beamtalk_cell:set(Cell, 3),
    ?assertEqual(2, elsewhere(fun() -> beamtalk_cell:get(Snapshot) end)),
    ?assertEqual(2, beamtalk_cell:get(Snapshot)).

release_test() ->
    Before = lists:sort(get()),
    Cells = [beamtalk_cell:new(X) || X <- [1, 2, 3]],
    beamtalk_cell:release(Cells),
    ?assertEqual(Before, lists:sort(get())).

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
