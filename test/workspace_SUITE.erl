%% @doc Sessions and loading, from Erlang, with the real compiler and library.
-module(workspace_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1, init_per_testcase/2, end_per_testcase/2]).
-export([
    variables_stay/1,
    failures_keep_variables/1,
    an_interrupt_ends_the_evaluation/1,
    an_interrupt_keeps_shared_variables/1,
    a_killed_worker_is_replaced/1,
    evaluations_are_serial/1,
    sessions_are_apart/1,
    output_goes_to_the_caller/1,
    no_module_is_made/1,
    blocks_of_old_lines_stay_valid/1,
    classes_are_defined_and_redefined/1,
    extensions_come_and_go_with_their_file/1,
    extensions_beside_a_class/1,
    types_are_seen_by_other_files/1,
    a_broken_file_is_known_to_others/1,
    an_extension_typed_again_is_replaced/1,
    methods_are_named_in_stack_traces/1,
    mutual_references_have_no_warnings/1,
    a_failing_directory_loads_nothing/1,
    many_versions_can_be_loaded/1,
    broken_input_is_an_answer/1
]).

all() ->
    [
        variables_stay,
        failures_keep_variables,
        an_interrupt_ends_the_evaluation,
        an_interrupt_keeps_shared_variables,
        a_killed_worker_is_replaced,
        evaluations_are_serial,
        sessions_are_apart,
        output_goes_to_the_caller,
        no_module_is_made,
        blocks_of_old_lines_stay_valid,
        classes_are_defined_and_redefined,
        extensions_come_and_go_with_their_file,
        extensions_beside_a_class,
        types_are_seen_by_other_files,
        a_broken_file_is_known_to_others,
        an_extension_typed_again_is_replaced,
        methods_are_named_in_stack_traces,
        mutual_references_have_no_warnings,
        a_failing_directory_loads_nothing,
        many_versions_can_be_loaded,
        broken_input_is_an_answer
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

end_per_testcase(_, Config) ->
    beamtalk_workspace:close_session(?config(session, Config)).

variables_stay(Config) ->
    ?assertEqual(3, value(Config, "x := 3")),
    ?assertEqual(7, value(Config, "y := x + 4")),
    ?assertEqual(#{<<"x">> => 3, <<"y">> => 7}, beamtalk_session:bindings(?config(session, Config))),
    ok = beamtalk_session:clear(?config(session, Config)),
    ?assertMatch({error, #{reason := compile}}, evaluate(Config, "x")).

failures_keep_variables(Config) ->
    ?assertEqual(3, value(Config, "x := 3")),
    ?assertMatch({error, #{reason := compile}}, evaluate(Config, "x := nowhere")),
    ?assertMatch({error, #{exception := #{kind := empty_collection}}}, evaluate(Config, "#() first")),
    ?assertEqual(3, value(Config, "x")).

an_interrupt_ends_the_evaluation(Config) ->
    ?assertEqual(3, value(Config, "x := 3")),
    Evaluation = in_background(Config, "x := 4. [true] whileTrue: [nil]"),
    ok = beamtalk_session:interrupt(?config(session, Config)),
    ?assertMatch({error, #{reason := interrupted}}, await(Evaluation)),
    ?assertEqual(3, value(Config, "x")),
    ok = beamtalk_session:interrupt(?config(session, Config)),
    ?assertEqual(3, value(Config, "x")).

an_interrupt_keeps_shared_variables(Config) ->
    _ = value(Config, "n := 0"),
    _ = value(Config, "tick := [n := n + 1]"),
    ?assertEqual(1, value(Config, "tick value")),
    Evaluation = in_background(Config, "tick value. [true] whileTrue: [nil]"),
    ok = beamtalk_session:interrupt(?config(session, Config)),
    _ = await(Evaluation),
    ?assertEqual(1, value(Config, "n")),
    ?assertEqual(2, value(Config, "tick value")),
    ?assertEqual(2, value(Config, "n")).

a_killed_worker_is_replaced(Config) ->
    ?assertEqual(3, value(Config, "x := 3")),
    Kill = "Erlang erlang exit: (Erlang erlang self) with: #kill",
    ?assertMatch({error, #{reason := {worker, killed}}}, evaluate(Config, Kill)),
    ?assertEqual(3, value(Config, "x")).

evaluations_are_serial(Config) ->
    _ = value(Config, "n := 0"),
    Evaluations = [in_background(Config, "n := n + 1") || _ <- lists:seq(1, 20)],
    Values = [Value || {ok, #{value := Value}} <- [await(E) || E <- Evaluations]],
    ?assertEqual(lists:seq(1, 20), lists:sort(Values)).

sessions_are_apart(Config) ->
    {ok, Other} = beamtalk_workspace:open_session(),
    _ = value(Config, "x := 3"),
    ?assertMatch({error, #{reason := compile}}, beamtalk_session:evaluate(Other, "x")),
    ok = beamtalk_workspace:close_session(Other),
    ?assertNot(is_process_alive(Other)).

output_goes_to_the_caller(_) ->
    Test = self(),
    Device = spawn_link(fun() -> device(Test) end),
    Before = group_leader(),
    group_leader(Device, self()),
    {ok, Session} = beamtalk_workspace:open_session(),
    group_leader(Before, self()),
    _ = beamtalk_session:evaluate(Session, "Transcript show: \"here\""),
    receive
        {output, Text} -> ?assertEqual(<<"here">>, Text)
    after 5000 -> ct:fail(no_output)
    end,
    ok = beamtalk_workspace:close_session(Session).

device(Test) ->
    receive
        {io_request, From, Reply, {put_chars, _, Text}} ->
            Test ! {output, unicode:characters_to_binary(Text)},
            From ! {io_reply, Reply, ok};
        {io_request, From, Reply, _} ->
            From ! {io_reply, Reply, {error, request}}
    end,
    device(Test).

no_module_is_made(Config) ->
    _ = value(Config, "b := [:x | x + 1]"),
    Before = erlang:system_info(atom_count),
    Loaded = length(code:all_loaded()),
    lists:foreach(fun(N) -> value(Config, ["b value: ", integer_to_list(N)]) end, lists:seq(1, 100)),
    ?assertEqual(Loaded, length(code:all_loaded())),
    ?assert(erlang:system_info(atom_count) - Before < 20).

blocks_of_old_lines_stay_valid(Config) ->
    _ = value(Config, "b := [:x | x * 2]"),
    lists:foreach(fun(N) -> value(Config, ["c := [:x | x + ", integer_to_list(N), "]"]) end, lists:seq(1, 50)),
    ?assertEqual(42, value(Config, "b value: 21")),
    ?assertEqual(51, value(Config, "c value: 1")).

classes_are_defined_and_redefined(Config) ->
    Lamp = "Actor subclass: Lamp\n  state: on = false\n  switch => self.on := self.on not\n",
    _ = value(Config, Lamp),
    _ = value(Config, "lamp := Lamp spawn"),
    ?assertEqual(true, value(Config, "lamp switch")),
    _ = value(Config, [Lamp, "  isOn => self.on\n"]),
    ?assertEqual(true, value(Config, "lamp isOn")).

extensions_come_and_go_with_their_file(Config) ->
    Load = fun(Source) ->
        {ok, Loaded} = beamtalk_workspace:load_file(write(?config(directory, Config), "more.bt", Source)),
        ?assertMatch(#{classes := [], diagnostics := []}, Loaded)
    end,
    Load("Integer >> halved => self div: 2\nInteger class >> one => 1\n"),
    ?assertEqual(21, value(Config, "42 halved")),
    ?assertEqual(1, value(Config, "Integer one")),
    _ = value(Config, "block := [:n | n halved]"),
    %% More versions than the ring has slots.
    lists:foreach(
        fun(N) ->
            Load(io_lib:format("Integer >> halved => ~b\n", [N])),
            ?assertEqual(N, value(Config, "block value: 42"))
        end,
        lists:seq(1, 40)
    ),
    ?assertMatch({error, #{exception := #{kind := does_not_understand}}}, evaluate(Config, "Integer one")),
    Load("Integer >> other => 1\n"),
    ?assertMatch({error, #{exception := #{kind := does_not_understand}}}, evaluate(Config, "42 halved")),
    %% The file has none at all any more.
    ?assertEqual(1, value(Config, "3 other")),
    Load("3 + 4\n"),
    ?assertMatch({error, #{exception := #{kind := does_not_understand}}}, evaluate(Config, "3 other")).

%% The file of a class may extend others too; the method of the class body comes before an extension.
extensions_beside_a_class(Config) ->
    Directory = ?config(directory, Config),
    write(Directory, "box.bt", "Value subclass: Box\n  field: content = 0\n  size => 1\n"),
    write(Directory, "lid.bt",
        "Value subclass: Lid\n  field: on = nil\n\n"
        "Box >> content: c => self withContent: c\nBox >> twice => self.content * 2\nBox >> size => 2\n"
        "Lid >> over => self.on\n\n(Lid on: Box new) over size"),
    {ok, #{classes := [_, _], diagnostics := [Shadowed]}} = beamtalk_workspace:load([Directory]),
    ?assertMatch(#{code := <<"BT0149">>, severity := warning}, Shadowed),
    ?assertEqual(14, value(Config, "(Box new content: 7) twice")),
    ?assertEqual(1, value(Config, "(Lid on: Box new) over size")).

%% Whatever the order of the files, and also where a file only names types.
types_are_seen_by_other_files(Config) ->
    Directory = ?config(directory, Config),
    write(Directory, "Compass.bt",
        "Value subclass: Compass\n"
        "  turned: way :: Way -> Way => way matchExhaustive: [#north -> #south; #south -> #up; #up -> #north]\n"),
    Types = write(Directory, "types.bt", "type Way = Direction | #up\n"),
    write(Directory, "zones.bt", "type Direction = #north | #south\n\nInteger >> zone => 1\n"),
    {ok, #{classes := [_], diagnostics := []}} = beamtalk_workspace:load([Directory]),
    ?assertEqual(south, value(Config, "Compass new turned: #north")),
    {ok, _} = beamtalk_workspace:load_file(write(Directory, "types.bt", "type Way = Direction | #up | #down\n")),
    Check = fun() -> beamtalk_workspace:check([filename:join(Directory, "Compass.bt")], #{}) end,
    ?assertMatch({error, {compile, #{diagnostics := [#{code := <<"BT0170">>}]}}}, Check()),
    {ok, _} = beamtalk_workspace:load_file(write(Directory, "types.bt", "3 + 4\n")),
    ?assertMatch({error, {compile, #{diagnostics := [#{code := <<"BT0145">>} | _]}}}, Check()),
    ok = file:delete(Types),
    _ = value(Config, "type Way = #north | #south | #up"),
    ?assertMatch({ok, #{diagnostics := []}}, Check()).

%% One mistake is one finding, and what depends on the broken file is checked like everything else.
a_broken_file_is_known_to_others(Config) ->
    Directory = ?config(directory, Config),
    write(Directory, "base.bt", "Value subclass: BrokenBase\n  field: x = undef\n"),
    write(Directory, "below.bt", "BrokenBase subclass: BelowBroken\n  bar => self.x + undef\n"),
    write(Directory, "more.bt", "BrokenBase >> ext => 3\n"),
    write(Directory, "types.bt", "type Anything = Integer\n\nx := undef\n"),
    write(Directory, "use.bt",
        "Value subclass: UsesBroken\n"
        "  baz: v :: Anything => v match: [z :: BrokenBase -> z; BrokenBase x: y -> y; _ -> BelowBroken new bar]\n"),
    {error, {compile, #{diagnostics := Found}}} = beamtalk_workspace:check([Directory], #{}),
    ?assertEqual(
        [{<<"base.bt">>, <<"BT0104">>}, {<<"below.bt">>, <<"BT0104">>}, {<<"types.bt">>, <<"BT0104">>}],
        lists:sort([{filename:basename(File), Code} || #{file := File, code := Code} <- Found])
    ).

an_extension_typed_again_is_replaced(Config) ->
    _ = value(Config, "String >> shouted => self ++ \"!\""),
    _ = value(Config, "String >> whispered => self ++ \"...\""),
    ?assertEqual(<<"a!b...">>, value(Config, "\"a\" shouted ++ \"b\" whispered")),
    _ = value(Config, "String >> shouted => self ++ \"!!\""),
    ?assertEqual(<<"a!!b...">>, value(Config, "\"a\" shouted ++ \"b\" whispered")),
    ?assertMatch({error, #{reason := compile}}, evaluate(Config, "String >> =:= other => true")),
    ?assertMatch({error, #{reason := compile}}, evaluate(Config, "String >> size2 => @primitive")).

%% Methods, blocks and loops in them, class methods and extensions, where the failing send is the last of its method too.
methods_are_named_in_stack_traces(Config) ->
    Directory = ?config(directory, Config),
    write(Directory, "deep.bt",
        "Actor subclass: Deep\n  state: n = 0\n"
        "  last =>\n    self zork\n"
        "  block =>\n    b := [:x |\n      x zork\n    ]\n    b value: 3\n"
        "  loop =>\n    1 to: 3 do: [:i |\n      i zork]\n"
        "  raises =>\n    self error: \"no\"\n"
        "  class make =>\n    nil zork\n"),
    write(Directory, "more.bt", "Integer >> sink =>\n  self zork\n\nInteger class >> drain => #(1) do: [:x |\n  x zork]\n"),
    {ok, _} = beamtalk_workspace:load([Directory]),
    Cases = [
        {"Deep spawn last", last, <<"Deep">>, "deep.bt", 4},
        {"Deep spawn block", block, <<"Deep">>, "deep.bt", 7},
        {"Deep spawn loop", loop, <<"Deep">>, "deep.bt", 12},
        {"Deep spawn raises", raises, <<"Deep">>, "deep.bt", 14},
        {"Deep make", make, <<"Deep class">>, "deep.bt", 16},
        {"3 sink", sink, <<"Integer">>, "more.bt", 2},
        {"Integer drain", drain, <<"Integer class">>, "more.bt", 5}
    ],
    lists:foreach(fun({Source, Method, Class, Name, Line}) ->
        {error, #{exception := Exception}} = evaluate(Config, Source),
        File = unicode:characters_to_binary(filename:join(Directory, Name)),
        [First | _] = beamtalk_stack:frames(beamtalk_error:stack(Exception)),
        ?assertMatch(#{method := Method, receiverClass := Class, file := File, line := Line}, First)
    end, Cases).

%% Each class refers to the other; both are known when the diagnostics are made.
mutual_references_have_no_warnings(Config) ->
    Directory = ?config(directory, Config),
    write(Directory, "even.bt", "Object subclass: Evens\n  class test: n => n =:= 0 or: [Odds test: n - 1]\n"),
    write(Directory, "odd.bt", "Object subclass: Odds\n  class test: n => n =/= 0 and: [Evens test: n - 1]\n"),
    {ok, Loaded} = beamtalk_workspace:load([Directory]),
    ?assertMatch(#{classes := [_, _], scripts := [], diagnostics := [], rendered := []}, Loaded),
    ?assertEqual(true, value(Config, "Evens test: 10")).

a_failing_directory_loads_nothing(Config) ->
    Directory = ?config(directory, Config),
    write(Directory, "fine.bt", "Object subclass: NeverLoaded\n  class v => 1\n"),
    write(Directory, "broken.bt", "Object subclass: Broken\n  class v => (\n"),
    ?assertMatch(
        {error, {compile, #{diagnostics := [#{severity := error} | _]}}}, beamtalk_workspace:load([Directory])
    ),
    ?assertEqual(error, beamtalk_class:lookup('NeverLoaded')).

%% More versions than the ring of bodies has slots, each in use by a block for a while.
many_versions_can_be_loaded(Config) ->
    lists:foreach(
        fun(N) ->
            Source = io_lib:format("Object subclass: Versioned\n  class v => ~b\n  class block => [~b]\n", [N, N]),
            File = write(?config(directory, Config), "versioned.bt", Source),
            {ok, _} = beamtalk_workspace:load_file(File),
            ?assertEqual(N, value(Config, "Versioned v")),
            _ = value(Config, "block := Versioned block"),
            ?assertEqual(N, value(Config, "block value"))
        end,
        lists:seq(1, 70)
    ).

broken_input_is_an_answer(Config) ->
    lists:foreach(
        fun(Input) ->
            ?assertMatch({error, #{reason := compile, rendered := [_ | _]}}, evaluate(Config, Input))
        end,
        ["(", "]", "\"", "x :=", "#", "$", "1 +", "^", "a b: c: d", lists:duplicate(5000, $()]
    ),
    ?assertMatch({ok, _}, evaluate(Config, "")),
    ?assertEqual(2, value(Config, "1 + 1")).

evaluate(Config, Source) ->
    beamtalk_session:evaluate(?config(session, Config), Source).

value(Config, Source) ->
    case evaluate(Config, Source) of
        {ok, #{value := Value}} -> Value;
        {error, Failure} -> ct:fail({Source, Failure})
    end.

in_background(Config, Source) ->
    {_, Ref} = spawn_monitor(fun() -> exit({outcome, evaluate(Config, Source)}) end),
    timer:sleep(50),
    Ref.

await(Ref) ->
    receive
        {'DOWN', Ref, process, _, {outcome, Outcome}} -> Outcome
    after 10_000 -> ct:fail(no_outcome)
    end.

write(Directory, Name, Source) ->
    File = filename:join(Directory, Name),
    ok = file:write_file(File, unicode:characters_to_binary(Source)),
    File.
