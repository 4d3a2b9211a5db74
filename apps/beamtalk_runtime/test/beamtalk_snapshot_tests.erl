%% Blocks for other processes, compiled and evaluated.
-module(beamtalk_snapshot_tests).

-include_lib("eunit/include/eunit.hrl").
-include("beamtalk_property.hrl").

-import(proper_types, [list/1, range/2, oneof/1]).

terms_without_blocks_stay_test() ->
    Terms = [1, <<"a">>, #{a => [fun lists:map/2]}],
    ?assertEqual(Terms, beamtalk_snapshot:pack(Terms)).

blocks_without_variables_stay_test() ->
    N = length(get()),
    Blocks = [fun lists:map/2, fun() -> N end, fun(X) -> X + N end],
    ?assertEqual(Blocks, beamtalk_snapshot:pack(Blocks)).

values_as_of_sending_test_() ->
    [{Name, {spawn, fun() -> as_of_sending(Make) end}} || {Name, Make} <- makers()].

as_of_sending(Make) ->
    Cell = beamtalk_cell:new(1),
    Tick = Make(Cell),
    5 = beamtalk_cell:set(Cell, 5),
    Packed = beamtalk_snapshot:pack([Tick]),
    9 = beamtalk_cell:set(Cell, 9),
    ?assertEqual([6, 7], elsewhere(Packed, fun([T]) -> [T(), T()] end)),
    ?assertEqual(10, Tick()).

%% Two copies know nothing of each other, nor of the original when they come back to its process.
copies_are_apart_test_() ->
    [{Name, {spawn, fun() -> copies_are_apart(Make) end}} || {Name, Make} <- makers()].

copies_are_apart(Make) ->
    Cell = beamtalk_cell:new(1),
    Tick = Make(Cell),
    [First] = beamtalk_snapshot:unpack(beamtalk_snapshot:pack([Tick])),
    [Second] = beamtalk_snapshot:unpack(beamtalk_snapshot:pack([Tick])),
    ?assertEqual([2, 3, 2, 2, 3], [First(), First(), Second(), Tick(), Tick()]).

packed_together_they_share_test_() ->
    [{Name, fun() -> packed_together(Make) end} || {Name, Make} <- makers()].

packed_together(Make) ->
    Cell = beamtalk_cell:new(1),
    Packed = beamtalk_snapshot:pack([Make(Cell), x, Make(Cell)]),
    ?assertEqual([2, 3, 4], elsewhere(Packed, fun([A, x, B]) -> [A(), B(), A()] end)).

%% Through a block that a block refers to, and through the value of a variable.
reached_indirectly_test() ->
    Cell = beamtalk_cell:new(1),
    Holder = beamtalk_cell:new(tick(Cell)),
    Inner = tick(Cell),
    Outer = fun() -> {Inner(), (beamtalk_cell:get(Holder))()} end,
    Packed = beamtalk_snapshot:pack([Outer]),
    ?assertEqual([{2, 3}, {4, 5}], elsewhere(Packed, fun([B]) -> [B(), B()] end)),
    ?assertEqual({2, 3}, Outer()).

recursion_through_a_variable_test() ->
    Fact = beamtalk_cell:new(nil),
    Block = fun
        (0) -> 1;
        (N) -> N * (beamtalk_cell:get(Fact))(N - 1)
    end,
    _ = beamtalk_cell:set(Fact, Block),
    Packed = beamtalk_snapshot:pack([Block]),
    ?assertEqual(120, elsewhere(Packed, fun([B]) -> B(5) end)).

%% Every block refers to every variable, whose values are these blocks.
a_thicket_is_packed_in_no_time_test() ->
    Cells = [beamtalk_cell:new(nil) || _ <- lists:seq(1, 100)],
    Blocks = [fun() -> {N, length(Cells)} end || N <- lists:seq(1, 100)],
    Tangled = [fun() -> {Block(), beamtalk_cell:get(C1), beamtalk_cell:get(C2)} end
               || {Block, {C1, C2}} <- lists:zip(Blocks, lists:zip(Cells, lists:reverse(Cells)))],
    [beamtalk_cell:set(Cell, Block) || {Cell, Block} <- lists:zip(Cells, Tangled)],
    {Time, Packed} = timer:tc(fun() -> beamtalk_snapshot:pack(Tangled) end),
    ?assert(Time < 1_000_000),
    ?assertMatch({{7, 100}, _, _}, elsewhere(Packed, fun(Copies) -> (lists:nth(7, Copies))() end)).

what_a_block_holds_survives_test() ->
    Held = {make_ref(), self(), 1.5, 1 bsl 100, <<1:3>>, #{k => "v"}, hd(erlang:ports()), fun erlang:'+'/2},
    Cell = beamtalk_cell:new(1),
    Block = fun() -> {Held, beamtalk_cell:get(Cell)} end,
    [Copy] = beamtalk_snapshot:unpack(beamtalk_snapshot:pack([Block])),
    ?assertEqual({Held, 1}, Copy()),
    ?assertEqual(erlang:fun_info(Block, name), erlang:fun_info(Copy, name)).

%% Any sharing of three variables by five blocks behaves in the copy as in the original.
same_behavior_test_() ->
    {spawn, fun() -> ?assertProperty(prop_same_behavior(), 200) end}.

prop_same_behavior() ->
    ?FORALL(
        {Shapes, Before, Calls},
        {[{oneof([compiled, evaluated]), range(1, 3)} || _ <- "five!"], list(range(1, 5)), list(range(1, 5))},
        begin
            Cells = [beamtalk_cell:new(N * 100) || N <- [1, 2, 3]],
            Blocks = [maker(Kind, lists:nth(N, Cells)) || {Kind, N} <- Shapes],
            _ = calls(Before, Blocks),
            Packed = beamtalk_snapshot:pack(Blocks),
            There = elsewhere(Packed, fun(Copies) -> calls(Calls, Copies) end),
            There =:= calls(Calls, Blocks)
        end
    ).

calls(Indices, Blocks) ->
    [(lists:nth(Index, Blocks))() || Index <- Indices].

makers() ->
    [{atom_to_list(Kind), fun(Cell) -> maker(Kind, Cell) end} || Kind <- [compiled, evaluated]].

maker(compiled, Cell) -> tick(Cell);
maker(evaluated, Cell) -> evaluated_tick(Cell).

tick(Cell) ->
    fun() -> beamtalk_cell:set(Cell, beamtalk_cell:get(Cell) + 1) end.

evaluated_tick(Cell) ->
    {ok, Tokens, _} = erl_scan:string(
        "tick(Cell) -> fun() -> beamtalk_cell:set(Cell, beamtalk_cell:get(Cell) + 1) end."
    ),
    {ok, Form} = erl_parse:parse_form(Tokens),
    Forms = [{attribute, 1, module, ticking}, {attribute, 1, export, [{tick, 1}]}, Form],
    {ok, ticking, Core} = compile:forms(Forms, [to_core0, binary]),
    beamtalk_eval:run(Core, tick, [Cell]).

elsewhere(Packed, Use) ->
    {_, Monitor} = spawn_monitor(fun() -> exit({value, Use(beamtalk_snapshot:unpack(Packed))}) end),
    receive {'DOWN', Monitor, _, _, {value, Value}} -> Value end.
