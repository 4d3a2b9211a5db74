%% @doc Classes that change while their instances live and their methods run, with the real compiler and library.
-module(live_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1, init_per_testcase/2, end_per_testcase/2]).
-export([handle_event/2, init/1]).
-export([
    instances_see_a_patch/1,
    only_the_method_changes/1,
    lines_stay/1,
    sealed_methods_are_patched/1,
    several_methods_in_one_input/1,
    bad_patches_change_nothing/1,
    new_slots_have_their_defaults/1,
    renamed_field/1,
    bad_versions_are_refused/1,
    subclasses_follow_their_superclass/1,
    a_superclass_that_breaks_a_subclass_is_refused/1,
    stored_blocks_answer/1,
    a_method_runs_through_patches/1,
    a_sleeper_outlives_the_ring/1,
    patched_a_thousand_frames_deep/1,
    a_thousand_patches_leave_nothing/1,
    instances_of_a_removed_class/1,
    patches_and_loads_at_once/1,
    killed_patchers/1,
    deadlocks_are_found_while_classes_change/1,
    extensions_survive_a_reload/1,
    extensions_in_the_file_of_a_patched_class/1,
    a_built_class_and_a_compiled_one/1,
    classes_change_by_reflection/1,
    reload_reads_the_file/1,
    events_are_told/1,
    no_compiler/1,
    load_under_patches/1
]).

all() ->
    [
        instances_see_a_patch,
        only_the_method_changes,
        lines_stay,
        sealed_methods_are_patched,
        several_methods_in_one_input,
        bad_patches_change_nothing,
        new_slots_have_their_defaults,
        renamed_field,
        bad_versions_are_refused,
        subclasses_follow_their_superclass,
        a_superclass_that_breaks_a_subclass_is_refused,
        stored_blocks_answer,
        a_method_runs_through_patches,
        a_sleeper_outlives_the_ring,
        patched_a_thousand_frames_deep,
        a_thousand_patches_leave_nothing,
        instances_of_a_removed_class,
        patches_and_loads_at_once,
        killed_patchers,
        deadlocks_are_found_while_classes_change,
        extensions_survive_a_reload,
        extensions_in_the_file_of_a_patched_class,
        a_built_class_and_a_compiled_one,
        classes_change_by_reflection,
        reload_reads_the_file,
        events_are_told,
        no_compiler,
        load_under_patches
    ].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    [{started, Started} | Config].

end_per_suite(Config) ->
    lists:foreach(fun application:stop/1, lists:reverse(?config(started, Config))).

init_per_testcase(Case, Config) ->
    {ok, Session} = beamtalk_workspace:open_session(),
    Directory = filename:join(?config(priv_dir, Config), atom_to_list(Case)),
    ok = filelib:ensure_path(Directory),
    [{session, Session}, {directory, Directory} | Config].

%% Every test begins without classes of its own.
end_per_testcase(_, Config) ->
    beamtalk_workspace:close_session(?config(session, Config)),
    Own = [Module || Module <- beamtalk_class:modules(), not beamtalk_name:is_library(Module)],
    lists:foreach(fun beamtalk_loader:unload/1, Own).

%% ---------------------------------------------------------------------------------------------------
%% Single methods
%% ---------------------------------------------------------------------------------------------------

instances_see_a_patch(Config) ->
    Tally = define(Config, "Tally", tally()),
    Actor = send(Tally, spawn),
    Value = send(define(Config, "Pair", pair()), 'left:right:', [1, 2]),
    ?assertEqual(1, send(Actor, up)),
    ?assertEqual(3, send(Value, sum)),
    patch(Config, "Tally >> up => self.count := self.count + 10"),
    patch(Config, "Pair >> sum => self.left * 100 + self.right"),
    ?assertEqual(11, send(Actor, up)),
    ?assertEqual(102, send(Value, sum)),
    patch(Config, "Tally >> reset => self.count := 0"),
    ?assertEqual(0, send(Actor, reset)),
    patch(Config, "Tally class >> make => self spawnWith: #{#count => 7}"),
    ?assertEqual(17, send(send(Tally, make), up)).

%% Only what was patched is in a new body; after some patches the class is whole again.
only_the_method_changes(Config) ->
    _ = define(Config, "Tally", tally()),
    #{routes := Before} = 'bt@tally':'$class'(),
    patch(Config, "Tally >> up => 2"),
    #{routes := After} = 'bt@tally':'$class'(),
    ?assertEqual(maps:remove('m up', Before), maps:remove('m up', After)),
    ?assertNotEqual(maps:get('m up', Before), maps:get('m up', After)),
    Bodies = [
        begin
            patch(Config, ["Tally >> m", integer_to_list(N), " => ", integer_to_list(N)]),
            length(lists:usort(maps:values(maps:get(routes, 'bt@tally':'$class'()))))
        end
     || N <- lists:seq(1, 40)
    ],
    ?assert(lists:max(Bodies) =< 8),
    [?assertEqual(N, value(Config, ["(Tally spawn) m", integer_to_list(N)])) || N <- lists:seq(1, 40)].

%% What stands behind a replaced method keeps its lines, and the new method is told by its text.
lines_stay(Config) ->
    Tally = define(Config, "Tally", tally()),
    #{methods := #{{instance, fail} := #{line := Line}}} = 'bt@tally':'$class'(),
    patch(Config, "/// Much more.\nTally >> up =>\n  self.count := self.count + 1\n\n"),
    #{methods := #{{instance, fail} := #{line := Line}}} = 'bt@tally':'$class'(),
    #{source := Source, doc := Doc} = send(Tally, '>>', [up]),
    ?assertEqual(<<"up =>\n  self.count := self.count + 1">>, Source),
    ?assertEqual(<<"Much more.">>, Doc),
    #{source := <<"fail => 1 / 0">>} = send(Tally, '>>', [fail]).

%% Methods call sealed ones directly. Code that runs, or is kept in a block, goes on with what the class has now: another
%% version, a method of the superclass, or none.
sealed_methods_are_patched(Config) ->
    _ = define(Config, "Base", "Value subclass: Base\n  part => #base\n  class make => #base\n"),
    Text = "sealed Base subclass: Whole\n  part => 1\n  all => [self part]\n  class make => 1\n  class all => [self make]\n",
    Whole = define(Config, "Whole", Text),
    Blocks = [send(send(Whole, new), all), send(Whole, all)],
    Values = fun() -> [Block() || Block <- Blocks] end,
    ?assertEqual([1, 1], Values()),
    patch(Config, "Whole >> part => 2"),
    patch(Config, "Whole class >> make => 2"),
    ?assertEqual([2, 2], Values()),
    send(Whole, 'removeSelector:', [part]),
    send(send(Whole, class), 'removeSelector:', [make]),
    ?assertEqual([base, base], Values()),
    load_ok(Config, "Whole", "Base subclass: Whole\n  part => 3\n  class make => 3\n"),
    ?assertEqual([3, 3], Values()),
    load_ok(Config, "Base", "Value subclass: Base\n"),
    load_ok(Config, "Whole", "Base subclass: Whole\n"),
    ?assertError(#{kind := does_not_understand, message := <<"Whole does not understand 'part'">>}, (hd(Blocks))()).

several_methods_in_one_input(Config) ->
    _ = define(Config, "Tally", tally()),
    _ = define(Config, "Pair", pair()),
    Input = "Tally >> up => 5\nPair >> sum => 6\nTally >> two => self up + 1\n(Tally spawn) two + (Pair left: 1 right: 2) sum",
    ?assertEqual(12, value(Config, Input)).

bad_patches_change_nothing(Config) ->
    Actor = send(define(Config, "Tally", tally()), spawn),
    Bad = [
        "Tally >> up => zork",
        "Tally >> up => (",
        "Tally >> up => #[1, 2",
        "Tally >> up => 1\nTally >> up => 2",
        "Tally >> == other => true",
        "Tally >> up =>",
        "Zork >> up => 1",
        "tally >> up => 1"
    ],
    Before = 'bt@tally':'$class'(),
    lists:foreach(
        fun(Input) ->
            ?assertMatch({Input, {error, #{}}}, {Input, evaluate(Config, Input)}),
            ?assertEqual(Before, 'bt@tally':'$class'())
        end,
        Bad
    ),
    ?assertEqual(1, send(Actor, up)).

%% ---------------------------------------------------------------------------------------------------
%% Whole classes
%% ---------------------------------------------------------------------------------------------------

%% State stays, new slots get their defaults: in actors with and without `initialize', in supervised ones, in values.
new_slots_have_their_defaults(Config) ->
    Tally = define(Config, "Tally", tally()),
    Ready = define(Config, "Ready", ready("")),
    Pair = define(Config, "Pair", pair()),
    Supervisor = supervisor(),
    {ok, Child, Supervised} = supervisor:start_child(Supervisor, #{
        id => ready, start => {beamtalk_actor, start_link, [Ready, #{}]}, restart => temporary
    }),
    Actors = [send(Tally, spawn), send(Ready, spawn), Supervised],
    [send(Actor, up) || Actor <- Actors],
    Value = send(Pair, 'left:right:', [1, 2]),
    _ = define(Config, "Tally", ["Actor subclass: Tally\n  state: step = 5\n  state: count = 0\n", "  up => self.count := self.count + self.step\n"]),
    _ = define(Config, "Ready", ready("  state: step = 5\n  more => self.step\n")),
    _ = define(Config, "Pair", [pair(), "  field: middle = 7\n  all => self sum + self.middle\n"]),
    ?assertEqual([6, 102, 102], [send(Actor, up) || Actor <- Actors]),
    ?assertEqual([5, 5], [send(Actor, more) || Actor <- tl(Actors)]),
    ?assertEqual([5, 5], [send(Actor, 'fieldAt:', [step]) || Actor <- tl(Actors)]),
    ?assertEqual(10, send(Value, all)),
    ?assert(is_process_alive(Child)),
    unlink(Supervisor),
    exit(Supervisor, shutdown).

%% The old key stays in the state, the new field begins with its default.
renamed_field(Config) ->
    Actor = send(define(Config, "Tally", tally()), spawn),
    _ = [send(Actor, up) || _ <- lists:seq(1, 5)],
    _ = define(Config, "Tally", "Actor subclass: Tally\n  state: total = 100\n  up => self.total := self.total + 1\n"),
    ?assertEqual(101, send(Actor, up)),
    _ = define(Config, "Tally", tally()),
    ?assertEqual(6, send(Actor, up)).

bad_versions_are_refused(Config) ->
    Actor = send(define(Config, "Tally", tally()), spawn),
    Bad = [
        "Actor subclass: Tally\n  up => zork\n",
        "Actor subclass: Tally\n  up => (\n",
        "Value subclass: Tally\n  up => 3\n",
        "Object subclass: Tally\n  up => 3\n",
        "Integer subclass: Tally\n  up => 3\n",
        "Nowhere subclass: Tally\n  up => 3\n",
        "Tally subclass: Tally\n  up => 3\n"
    ],
    lists:foreach(
        fun(Text) ->
            ?assertMatch({Text, {error, _}}, {Text, load(Config, "Tally", Text)}),
            ?assert(is_integer(send(Actor, up)))
        end,
        Bad
    ).

subclasses_follow_their_superclass(Config) ->
    Base = define(Config, "Base", "Value subclass: Base\n  field: a = 1\n"),
    Middle = define(Config, "Middle", "Base subclass: Middle\n  field: m = 2\n"),
    Leaf = define(Config, "Leaf", "Middle subclass: Leaf\n  field: z = 3\n  all => #(self.a, self.m, self.z)\n"),
    Old = send(Leaf, new),
    _ = define(Config, "Base", "Value subclass: Base\n  field: a = 1\n  field: b = 10\n  twice => self.b * 2\n"),
    ?assertEqual([a, b, m, z], send(Leaf, allFieldNames)),
    ?assertEqual(<<"Leaf(a: 1, b: 10, m: 2, z: 3)">>, send(send(Leaf, new), printString)),
    ?assertEqual([5, 7, 8], send(send(Leaf, 'a:b:m:z:', [5, 6, 7, 8]), all)),
    ?assertEqual(20, send(Old, twice)),
    ?assertEqual([1, 2, 3], send(Old, all)),
    ?assertEqual([Middle, Leaf], send(Base, allSubclasses)),
    %% Another superclass.
    _ = define(Config, "Middle", "Value subclass: Middle\n  field: m = 20\n"),
    ?assertEqual([], send(Base, allSubclasses)),
    ?assertEqual([m, z], send(Leaf, allFieldNames)),
    ?assertEqual(3, send(Old, 'fieldAt:', [z])).

a_superclass_that_breaks_a_subclass_is_refused(Config) ->
    Base = define(Config, "Base", "Value subclass: Base\n  field: a = 1\n"),
    Leaf = define(Config, "Leaf", "Base subclass: Leaf\n  what => 1\n"),
    {error, Failure} = load(Config, "Base", "Value subclass: Base\n  field: c = 1\n  sealed what => 2\n"),
    Text = unicode:characters_to_binary(beamtalk_workspace:format_error(Failure)),
    ?assertMatch({match, _}, re:run(Text, "subclass Leaf does not compile any more")),
    ?assertEqual([a], send(Base, fieldNames)),
    ?assertEqual(1, send(send(Leaf, new), what)).

%% ---------------------------------------------------------------------------------------------------
%% Running code
%% ---------------------------------------------------------------------------------------------------

stored_blocks_answer(Config) ->
    Maker = define(Config, "Maker", maker(1)),
    Kept = send(Maker, block),
    Adder = send(send(Maker, spawn), 'adder:', [40]),
    lists:foreach(fun(N) -> define(Config, "Maker", maker(N)) end, lists:seq(2, 31)),
    ?assertEqual(1, Kept()),
    ?assertEqual(42, Adder(2)),
    Patched = send(Maker, block),
    lists:foreach(fun(N) -> patch(Config, ["Maker class >> block => [", integer_to_list(N), "]"]) end, lists:seq(32, 61)),
    ?assertEqual(31, Patched()),
    ?assertEqual(61, (send(Maker, block))()).

a_method_runs_through_patches(Config) ->
    Maker = define(Config, "Maker", maker(0)),
    {Pid, Monitor} = spawn_monitor(fun() -> exit({sum, send(Maker, 'sum:', [fun next/0])}) end),
    lists:foreach(
        fun(N) ->
            patch(Config, ["Maker class >> sum: source => ", integer_to_list(N)]),
            Pid ! {next, N}
        end,
        lists:seq(1, 20)
    ),
    Pid ! {next, 0},
    receive {'DOWN', Monitor, _, _, Reason} -> ?assertEqual({sum, 210}, Reason) end,
    ?assertEqual(20, send(Maker, 'sum:', [nil])).

next() ->
    receive {next, N} -> N end.

a_sleeper_outlives_the_ring(Config) ->
    Maker = define(Config, "Maker", maker(0)),
    {Pid, Monitor} = spawn_monitor(fun() -> exit({sum, send(Maker, 'sum:', [fun next/0])}) end),
    Pid ! {next, 5},
    lists:foreach(fun(N) -> define(Config, "Maker", maker(N)) end, lists:seq(1, 40)),
    lists:foreach(fun(N) -> patch(Config, ["Maker class >> block => ", integer_to_list(N)]) end, lists:seq(1, 60)),
    Pid ! {next, 6},
    Pid ! {next, 0},
    receive {'DOWN', Monitor, _, _, Reason} -> ?assertEqual({sum, 11}, Reason) end.

patched_a_thousand_frames_deep(Config) ->
    Maker = define(Config, "Maker", maker(0)),
    {Pid, Monitor} = spawn_monitor(fun() -> exit({depth, send(Maker, 'deep:then:', [1000, fun next/0])}) end),
    patch(Config, "Maker class >> deep: n then: last => 1000000"),
    lists:foreach(fun(N) -> patch(Config, ["Maker class >> block => ", integer_to_list(N)]) end, lists:seq(1, 70)),
    Pid ! {next, 0},
    receive {'DOWN', Monitor, _, _, Reason} -> ?assertEqual({depth, 1000}, Reason) end.

%% Names come from a ring, old code goes, the text does not grow.
a_thousand_patches_leave_nothing(Config) ->
    Tally = define(Config, "Tally", tally()),
    Patch = fun(N) -> patch(Config, ["Tally >> up => ", integer_to_list(N)]) end,
    %% The first look at the memory makes names itself.
    _ = erlang:memory(),
    Measure = fun() ->
        erlang:garbage_collect(),
        [erlang:system_info(atom_count), erlang:memory(code), byte_size(maps:get(text, 'bt@tally':'$class'()))]
    end,
    lists:foreach(Patch, lists:seq(1, 200)),
    [Atoms, Code, Text] = Measure(),
    lists:foreach(Patch, lists:seq(201, 600)),
    lists:foreach(Patch, lists:seq(601, 1000)),
    [AtomsAfter, CodeAfter, TextAfter] = Measure(),
    ct:log("atoms ~b -> ~b, code ~b -> ~b", [Atoms, AtomsAfter, Code, CodeAfter]),
    ?assertEqual(1000, send(send(Tally, spawn), up)),
    Names = [binary_to_term(<<131, 75, Index:24>>) || Index <- lists:seq(Atoms, AtomsAfter - 1)],
    ?assertEqual([], Names),
    ?assert(TextAfter - Text < 10),
    ?assert(CodeAfter - Code < 200_000).

instances_of_a_removed_class(Config) ->
    Tally = define(Config, "Tally", tally()),
    Actor = send(Tally, spawn),
    _ = define(Config, "Pair", pair()),
    ?assertEqual(nil, value(Config, "Tally removeFromSystem")),
    ?assertError(#{kind := class_not_found, message := <<"Class 'Tally' ", _/binary>>}, send(Actor, up)),
    _ = value(Config, "p := Pair left: 1 right: 2. Pair removeFromSystem"),
    ?assertMatch({error, #{exception := #{kind := class_not_found}}}, evaluate(Config, "p sum")),
    ?assertMatch({error, _}, evaluate(Config, "Tally spawn")),
    ?assertMatch({error, #{reason := compile}}, evaluate(Config, "Tally >> up => 1")),
    %% The state is there when the class comes back.
    _ = define(Config, "Tally", tally()),
    ?assertEqual(1, send(Actor, up)),
    ok = send(Actor, stop).

patches_and_loads_at_once(Config) ->
    Tally = define(Config, "Tally", tally()),
    Actor = send(Tally, spawn),
    Workers =
        [spawn_monitor(fun() -> [load_ok(Config, "Tally", tally()) || _ <- lists:seq(1, 8)] end)] ++
            [
                spawn_monitor(fun() -> [patch_with(["Tally >> m", integer_to_list(W), " => ", integer_to_list(N)]) || N <- lists:seq(1, 10)] end)
             || W <- lists:seq(1, 4)
            ] ++
            [spawn_monitor(fun() -> [true = is_integer(send(Actor, up)) || _ <- lists:seq(1, 2000)] end) || _ <- lists:seq(1, 3)],
    [receive {'DOWN', M, _, _, Reason} -> ?assertEqual(normal, Reason) end || {_, M} <- Workers],
    ?assertEqual(6001, send(Actor, up)).

killed_patchers(Config) ->
    Tally = define(Config, "Tally", tally()),
    Actor = send(Tally, spawn),
    lists:foreach(
        fun(N) ->
            {Pid, Monitor} = spawn_monitor(fun() -> patch_with(["Tally >> version => ", integer_to_list(N)]) end),
            timer:sleep(rand:uniform(12)),
            exit(Pid, kill),
            receive {'DOWN', Monitor, _, _, _} -> ok end,
            ?assert(is_integer(send(Actor, up)))
        end,
        lists:seq(1, 40)
    ),
    patch(Config, "Tally >> version => 41"),
    ?assertEqual(41, send(Actor, version)).

%% Two actors wait for each other while their class changes all the time.
deadlocks_are_found_while_classes_change(Config) ->
    Node = define(Config, "Knot", knot()),
    Patcher = spawn_link(fun() -> patch_for_ever("Knot >> noise => ", 0) end),
    lists:foreach(
        fun(_) ->
            A = send(Node, spawn),
            B = send(Node, spawn),
            send(A, 'other:', [B]),
            send(B, 'other:', [A]),
            Start = erlang:monotonic_time(millisecond),
            ?assertError(#{kind := deadlock_detected}, send(A, ping)),
            ?assert(erlang:monotonic_time(millisecond) - Start < 2000),
            ?assertEqual(1, send(A, one)),
            [send(Actor, stop) || Actor <- [A, B]]
        end,
        lists:seq(1, 10)
    ),
    unlink(Patcher),
    exit(Patcher, kill).

extensions_survive_a_reload(Config) ->
    Tally = define(Config, "Tally", tally()),
    Other = define(Config, "Pair", pair()),
    ok = beamtalk_extension:register('bt@tally', instance, extra, {erlang, is_tuple}),
    Actor = send(Tally, spawn),
    ?assertEqual(true, send(Actor, extra)),
    _ = define(Config, "Tally", tally()),
    patch(Config, "Tally >> up => 9"),
    ?assertEqual(true, send(Actor, extra)),
    ?assertEqual(true, send(Tally, 'includesSelector:', [extra])),
    %% A method of the class goes before it.
    patch(Config, "Tally >> extra => 3"),
    ?assertEqual(3, send(Actor, extra)),
    _ = value(Config, "Tally removeSelector: #extra"),
    ?assertEqual(3, send(Actor, extra)),
    _ = value(Config, "Tally removeSelector: #extra"),
    ?assertError(#{kind := does_not_understand}, send(Actor, extra)),
    _ = Other.

%% A file adds a method to another class; patches of its own class leave that where it is, also when its slot would
%% come round again; the next version of the file takes it back.
extensions_in_the_file_of_a_patched_class(Config) ->
    Pair = define(Config, "Pair", [pair(), "\nInteger >> paired => Pair left: self right: self\n"]),
    lists:foreach(fun(N) -> patch(Config, ["Pair >> sum => ", integer_to_list(N)]) end, lists:seq(1, 70)),
    ?assertEqual(70, send(send(3, paired), sum)),
    _ = send(Pair, 'removeSelector:', [sum]),
    ?assertError(#{kind := does_not_understand}, send(send(3, paired), sum)),
    _ = define(Config, "Pair", pair()),
    ?assertError(#{kind := does_not_understand}, send(3, paired)).

%% A class of blocks and a class of a file take each other's place, with their instances.
a_built_class_and_a_compiled_one(Config) ->
    Build = "b := Actor classBuilder. b name: #Tally; fields: #{#count => 0}; "
        "addMethod: #up body: [:self | self.count := self.count + 100]; register",
    Class = value(Config, Build),
    Actor = send(Class, spawn),
    ?assertEqual(100, send(Actor, up)),
    Class = define(Config, "Tally", tally()),
    ?assertEqual(101, send(Actor, up)),
    patch(Config, "Tally >> up => self.count := self.count + 10"),
    ?assertEqual(111, send(Actor, up)),
    Class = value(Config, Build),
    ?assertEqual(211, send(Actor, up)),
    ?assertMatch({error, #{exception := #{kind := instantiation_error}}}, evaluate(Config, "b := Value classBuilder. b name: #Tally; register")),
    ?assertEqual(311, send(Actor, up)),
    ?assertMatch({error, _}, load(Config, "Tally", "Value subclass: Tally\n  up => 1\n")),
    ?assertEqual(411, send(Actor, up)),
    nil = send(Class, removeFromSystem),
    ?assertEqual(none, persistent_term:get({beamtalk_built, 'bt@tally'}, none)).

%% ---------------------------------------------------------------------------------------------------
%% Reflection
%% ---------------------------------------------------------------------------------------------------

classes_change_by_reflection(Config) ->
    Tally = define(Config, "Tally", tally()),
    Actor = send(Tally, spawn),
    Tally = send(Tally, 'compile:source:', [up, <<"/// Seven.\nup => 7">>]),
    ?assertEqual(7, send(Actor, up)),
    ?assertEqual(<<"Seven.">>, send(Tally, 'docForMethod:', [up])),
    Meta = send(Tally, class),
    Meta = send(Meta, 'tryCompile:source:', ['make:', <<"make: n => self spawnWith: #{#count => n}">>]),
    ?assertEqual(7, send(send(Tally, 'make:', [3]), up)),
    ?assertMatch(#{isNew := false, findings := []}, send(Tally, 'precheckCompile:source:', [up, <<"up => 8">>])),
    ?assertEqual(7, send(Actor, up)),
    Errors = [
        {compile_error, 'compile:source:', [up, <<"up => zork">>]},
        {compile_error, 'compile:source:', [up, <<"up => (">>]},
        {compile_error, 'precheckCompile:source:', [up, <<"up => zork">>]},
        {argument_error, 'compile:source:', [up, <<"down => 1">>]},
        {compile_error, 'compile:source:', [up, <<"">>]},
        {argument_error, 'compile:source:', [up, <<"1 + 2">>]},
        {type_error, 'compile:source:', [<<"up">>, <<"up => 1">>]},
        {selector_not_found, 'removeSelector:', [zork]}
    ],
    lists:foreach(
        fun({Kind, Selector, Args}) ->
            ?assertError(#{kind := Kind}, send(Tally, Selector, Args)),
            ?assertEqual(7, send(Actor, up))
        end,
        Errors
    ),
    Tally = send(Tally, 'removeSelector:', [up]),
    ?assertError(#{kind := does_not_understand}, send(Actor, up)),
    ?assertEqual(nil, send(Tally, '>>', [up])),
    ?assertEqual(gone, send(Tally, 'removeSelector:ifAbsent:', [up, fun() -> gone end])),
    ?assertError(#{kind := runtime_error}, send({'$bt_class', 'bt@stdlib@list'}, 'removeSelector:', [size])),
    Meta = send(Meta, 'removeSelector:', ['make:']),
    ?assertError(#{kind := does_not_understand}, send(Tally, 'make:', [1])).

reload_reads_the_file(Config) ->
    Tally = define(Config, "Tally", tally()),
    Actor = send(Tally, spawn),
    ok = file:write_file(send(Tally, sourceFile), "Actor subclass: Tally\n  up => 99\n"),
    Tally = send(Tally, reload),
    ?assertEqual(99, send(Actor, up)),
    ok = file:write_file(send(Tally, sourceFile), "Actor subclass: Tally\n  up => zork\n"),
    ?assertError(#{kind := compile_error}, send(Tally, reload)),
    ok = file:delete(send(Tally, sourceFile)),
    ?assertError(#{kind := runtime_error}, send(Tally, reload)),
    ?assertEqual(99, send(Actor, up)),
    ?assertError(#{kind := no_source_file}, send({'$bt_class', 'bt@stdlib@list'}, reload)).

events_are_told(Config) ->
    persistent_term:put(?MODULE, self()),
    Kinds = [class_loaded, class_removed],
    [ok = beamtalk_event:listen(Kind, ?MODULE) || Kind <- Kinds],
    _ = define(Config, "Tally", tally()),
    patch(Config, "Tally >> up => 2"),
    _ = value(Config, "Tally removeFromSystem"),
    [ok = beamtalk_event:ignore(Kind, ?MODULE) || Kind <- Kinds],
    Told = [receive {event, Event} -> Event after 0 -> none end || _ <- lists:seq(1, 4)],
    ?assertEqual([{class_loaded, 'Tally'}, {class_loaded, 'Tally'}, {class_removed, 'Tally'}, none], Told).

handle_event(Kind, Data) -> persistent_term:get(?MODULE) ! {event, {Kind, Data}}.

no_compiler(Config) ->
    Tally = define(Config, "Tally", tally()),
    ok = application:unset_env(beamtalk_runtime, code_callback),
    ?assertError(#{kind := runtime_error}, send(Tally, 'compile:source:', [up, <<"up => 1">>])),
    beamtalk_live:start(),
    _ = send(Tally, 'compile:source:', [up, <<"up => 1">>]).

%% ---------------------------------------------------------------------------------------------------
%% Load
%% ---------------------------------------------------------------------------------------------------

%% 100 actors, 50 clients, a patch each second; `LIVE_LOAD_SECONDS' makes it longer.
load_under_patches(Config) ->
    Seconds = list_to_integer(os:getenv("LIVE_LOAD_SECONDS", "5")),
    Tally = define(Config, "Tally", tally()),
    Actors = list_to_tuple([send(Tally, spawn) || _ <- lists:seq(1, 100)]),
    End = erlang:monotonic_time(millisecond) + 1000 * Seconds,
    Clients = [spawn_monitor(fun() -> exit({sends, client(Actors, End, 0)}) end) || _ <- lists:seq(1, 50)],
    Patches = patch_until(Config, End, 0),
    Sends = lists:sum([receive {'DOWN', M, _, _, {sends, N}} -> N end || {_, M} <- Clients]),
    Counts = [send(Actor, count) || Actor <- tuple_to_list(Actors)],
    ct:pal("~b seconds, ~b patches, ~b updates by 50 clients of 100 actors", [Seconds, Patches, Sends]),
    ?assertEqual(Sends, lists:sum(Counts)),
    ?assert(lists:all(fun({_, _, _, Pid}) -> is_process_alive(Pid) end, tuple_to_list(Actors))),
    [send(Actor, stop) || Actor <- tuple_to_list(Actors)].

client(Actors, End, Sends) ->
    case erlang:monotonic_time(millisecond) < End of
        true ->
            Actor = element(rand:uniform(tuple_size(Actors)), Actors),
            true = is_integer(send(Actor, up)),
            client(Actors, End, Sends + 1);
        false ->
            Sends
    end.

%% All versions count by one, each in another way.
patch_until(Config, End, Patches) ->
    case erlang:monotonic_time(millisecond) < End of
        true ->
            N = integer_to_list(Patches),
            patch(Config, ["Tally >> up => self.count := self.count + ", N, " - ", N, " + 1"]),
            timer:sleep(1000),
            patch_until(Config, End, Patches + 1);
        false ->
            Patches
    end.

%% ---------------------------------------------------------------------------------------------------
%% Support
%% ---------------------------------------------------------------------------------------------------

tally() ->
    "Actor subclass: Tally\n"
    "  state: count = 0\n\n"
    "  /// One more.\n"
    "  up =>\n"
    "    self.count := self.count + 1\n\n"
    "  count => self.count\n"
    "  fail => 1 / 0\n".

ready(More) ->
    [
        "Actor subclass: Ready\n"
        "  state: count = 0\n"
        "  initialize => self.count := 100\n"
        "  up => self.count := self.count + 1\n",
        More
    ].

pair() ->
    "Value subclass: Pair\n"
    "  field: left = nil\n"
    "  field: right = nil\n"
    "  sum => self.left + self.right\n".

maker(N) ->
    [
        "Actor subclass: Maker\n"
        "  adder: n => [:m | n + m]\n"
        "  class block => [", integer_to_list(N), "]\n"
        "  class sum: source =>\n"
        "    sum := 0\n"
        "    last := 1\n"
        "    [last =:= 0] whileFalse: [last := source value. sum := sum + last]\n"
        "    sum\n"
        "  class deep: n then: last =>\n"
        "    n =:= 0 ifTrue: [^last value]\n"
        "    (self down: n - 1 then: last) + 1\n"
        "  class down: n then: last =>\n"
        "    n =:= 0 ifTrue: [^last value]\n"
        "    (self down: n - 1 then: last) + 1\n"
    ].

knot() ->
    "Actor subclass: Knot\n"
    "  state: other = nil\n"
    "  other: another => self.other := another\n"
    "  ping => self.other pong\n"
    "  pong => self.other one\n"
    "  one => 1\n".

patch_for_ever(Start, N) ->
    patch_with([Start, integer_to_list(N)]),
    patch_for_ever(Start, N + 1).

supervisor() ->
    {ok, Pid} = supervisor:start_link(?MODULE, []),
    Pid.

init([]) -> {ok, {#{}, []}}.

define(Config, Name, Text) ->
    {ok, #{classes := [Class]}} = load(Config, Name, Text),
    Class.

load_ok(Config, Name, Text) ->
    {ok, _} = load(Config, Name, Text).

load(Config, Name, Text) ->
    File = filename:join(?config(directory, Config), Name ++ ".bt"),
    Mine = File ++ pid_to_list(self()),
    ok = file:write_file(Mine, Text),
    ok = file:rename(Mine, File),
    beamtalk_workspace:load_file(File).

patch(Config, Text) ->
    ?assertMatch({_, {ok, _}}, {Text, evaluate(Config, Text)}).

%% Without a session, in this process.
patch_with(Text) ->
    {ok, _} = beamtalk_workspace:load_input(unicode:characters_to_binary(Text), []).

value(Config, Source) ->
    {ok, #{value := Value}} = evaluate(Config, Source),
    Value.

evaluate(Config, Source) -> beamtalk_session:evaluate(?config(session, Config), Source).

send(Receiver, Selector) -> send(Receiver, Selector, []).

send(Receiver, Selector, Args) -> beamtalk_dispatch:send(Receiver, Selector, Args).
