%% @doc Runs of test classes, written in Beamtalk: what becomes of each test, and what is evaluated in which order.
%%
%% The classes note what happens by messages to this process, whose registered name is `notes'.
-module(beamtalk_test_suite_tests).

-include_lib("eunit/include/eunit.hrl").

-export([note/1]).

-define(TEST_CASE, {'$bt_class', 'bt@stdlib@test_case'}).
-define(RUNNER, {'$bt_class', 'bt@stdlib@test_runner'}).
-define(LIMIT, 1000).

suite_test_() ->
    {setup, fun start/0, fun stop/1,
        {inorder, [{timeout, 30, {Title, fun() -> check(Case) end}} || {Title, _, _, _} = Case <- cases()] ++ [
            {timeout, 30, {atom_to_list(Name), Test}}
         || {Name, Test} <- [
                {measured, fun measured/0},
                {seeded, fun seeded/0},
                {run_all, fun run_all/0},
                {serial_classes_run_alone, fun serial_classes_run_alone/0},
                {one_method, fun one_method/0},
                {places, fun places/0},
                {the_caller_ends, fun the_caller_ends/0},
                {the_caller_keeps_its_messages, fun the_caller_keeps_its_messages/0}
            ]
        ]}}.

start() ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    application:set_env(beamtalk_stdlib, test_timeout, ?LIMIT),
    Started.

%% Other suites bring classes of their own: nothing of this one stays.
stop(Started) ->
    application:unset_env(beamtalk_stdlib, test_timeout),
    lists:foreach(fun application:stop/1, lists:reverse(Started)).

%% Title, body of the class, outcome of each test in order, notes in order.
cases() ->
    [
        {"no tests: nothing runs", ["setUpOnce => self note: #once"], [], []},
        {"alphabetical order", ["testB => self note: 2", "testA => self note: 1", "testC => self note: 3"],
            [{testA, passed}, {testB, passed}, {testC, passed}], [1, 2, 3]},
        {"only unary methods whose selector starts with test are tests",
            ["testArgument: x => self note: x", "tests => self note: 1", "aTest => self note: 2", "class testC => 3"],
            [{tests, passed}], [1]},
        {"a getter is no test", ["field: testData = 1", "testIt => self assert: self testData equals: 1"],
            [{testIt, passed}], []},
        {"a written getter is one", ["field: testData = 1", "testData => self note: 3"], [{testData, passed}], [3]},
        {"order of the hooks",
            ["setUpOnce => self note: #once. 7", "setUp => self note: #up. self", "tearDown => self note: #down",
                "tearDownOnce => self note: self suiteFixture", "testA => self note: #a",
                "testB => self note: self suiteFixture"],
            [{testA, passed}, {testB, passed}], [once, up, a, down, up, 7, down, 7]},
        {"setUp gives the instance",
            ["field: x = 0", "setUp => self withX: 1", "testA => self note: self x", "tearDown => self note: self x"],
            [{testA, passed}], [1, 1]},
        {"unless it is something else",
            ["field: x = 0", "setUp => #{#x => 1}", "testA => self note: self x"], [{testA, passed}], [0]},
        {"an instance without the fixture gets it",
            ["setUpOnce => 7", "setUp => self class new", "testA => self note: self.suiteFixture"], [{testA, passed}], [7]},
        {"each test has a fresh instance and process",
            ["field: x = 0", "testA => Erlang erlang put: #x value: 1",
                "testB => self assert: (Erlang erlang get: #x) equals: #undefined"],
            [{testA, passed}, {testB, passed}], []},
        {"a failing test", ["testA => self assert: 3 equals: 4", "testB => 1", "tearDown => self note: #down"],
            [{testA, {failed, assertion_failed, <<"Expected 4, got 3">>}}, {testB, passed}], [down, down]},
        {"any exception fails",
            ["testA => 3 zork", "testB => Erlang erlang exit: #out", "testC => Erlang erlang throw: #ball",
                "testD => 1 / 0"],
            [{testA, {failed, does_not_understand, any}}, {testB, {failed, erlang_exit, <<"out">>}},
                {testC, {failed, erlang_throw, <<"ball">>}}, {testD, {failed, type_error, any}}],
            []},
        {"a killed test", ["testA => Erlang erlang exit: (Erlang erlang self) with: #kill", "testB => 1",
                "tearDown => self note: #down"],
            [{testA, {failed, erlang_exit, <<"killed">>}}, {testB, passed}], [down, down]},
        {"a skipped test", ["testA => self skip: \"why\". self note: #no", "testB => self skip",
                "tearDown => self note: #down"],
            [{testA, {skipped, <<"why">>}}, {testB, {skipped, <<"no reason given">>}}], [down, down]},
        {"a failing setUp", ["setUp => self fail: \"up\"", "testA => self note: #no", "tearDown => self note: #down"],
            [{testA, {failed, assertion_failed, <<"up">>}}], [down]},
        {"a skipping setUp", ["setUp => self skip: \"up\"", "testA => self note: #no"],
            [{testA, {skipped, <<"up">>}}], []},
        {"what tearDown raises is ignored", ["testA => 1", "tearDown => 3 zork"], [{testA, passed}], []},
        {"also when it never ends", ["testA => 1", "tearDown => " ++ forever()], [{testA, passed}], []},
        {"a failing setUpOnce", ["setUpOnce => self fail: \"once\"", "testA => self note: #no", "testB => self note: #no",
                "tearDownOnce => self note: #down"],
            [{testA, {failed, assertion_failed, <<"once">>}}, {testB, {failed, assertion_failed, <<"once">>}}], [down]},
        {"a skipping setUpOnce", ["setUpOnce => self skip: \"once\"", "testA => self note: #no"],
            [{testA, {skipped, <<"once">>}}], []},
        {"a setUpOnce that never ends", ["setUpOnce => " ++ forever(), "testA => self note: #no"],
            [{testA, {failed, timeout_error, <<"setUpOnce took longer than 1000 ms">>}}], []},
        {"a tearDownOnce that fails", ["testA => 1", "tearDownOnce => self note: #down. 3 zork"],
            [{testA, passed}], [down]},
        {"a tearDownOnce that never ends", ["testA => 1", "tearDownOnce => " ++ forever()], [{testA, passed}], []},
        {"a test that never ends", ["testA => " ++ forever(), "testB => 1", "tearDown => self note: #down"],
            [{testA, {failed, timeout_error, <<"the test took longer than 1000 ms">>}}, {testB, passed}], [down, down]},
        {"a setUp that never ends", ["setUp => " ++ forever(), "testA => 1", "tearDown => self note: #down"],
            [{testA, {failed, timeout_error, any}}], [down]},
        {"what the fixture owns lives as long as the tests",
            ["setUpOnce => Erlang ets new: #suite_table options: #(#named_table, #public)",
                "testA => self note: (Erlang ets info: #suite_table item: #name)",
                "tearDownOnce => self note: (Erlang ets info: #suite_table item: #name)"],
            [{testA, passed}], [suite_table, suite_table]},
        {"blocks of the fixture have the variables that setUpOnce left",
            ["setUpOnce =>", "  n := 1", "  count := [n := n + 1]", "  count value", "  count",
                "testA => self note: self suiteFixture value", "testB => self note: self suiteFixture value"],
            [{testA, passed}, {testB, passed}], [3, 3]},
        {"a process that setUpOnce has linked to",
            ["setUpOnce => Erlang timer exit_after: 1 process: (Erlang erlang spawn_link: [Erlang timer sleep: 5000]) reason: #broken",
                "testA => Erlang timer sleep: 50"],
            [{testA, passed}], []},
        {"an instance cannot be made", ["class new => 3 zork", "testA => 1"], [{testA, {failed, does_not_understand, any}}], []}
    ].

forever() -> "Erlang timer sleep: #infinity".

check({Title, Body, Outcomes, Notes}) ->
    Class = class(Title, Body),
    {Result, Noted} = noting(fun() -> run(Class) end),
    ?assertEqual(Outcomes, [{Selector, shown(Selector, Outcome, Outcomes)} || {_, Selector, Outcome} <- tests(Result)]),
    ?assertEqual(Notes, Noted),
    unload().

%% An outcome as the case says it: `any' stands for whatever there is.
shown(Selector, Outcome, Outcomes) ->
    case {Outcome, proplists:get_value(Selector, Outcomes)} of
        {_, any} -> any;
        {{failed, #{kind := Kind}}, {failed, _, any}} -> {failed, Kind, any};
        {{failed, #{kind := Kind, message := Message}}, _} -> {failed, Kind, Message};
        {Other, _} -> Other
    end.

run(Class) -> beamtalk_dispatch:send(?RUNNER, 'run:', [Class]).

tests(#{tests := Tests}) -> Tests.

%% ---------------------------------------------------------------------------------------------------

measured() ->
    Class = class("SuiteMeasured", [
        "testNone => 1", "testThree => self assert: true; deny: false; assert: 1 equals: 1",
        "testTwo =>", "  self assert: true", "  self assert: 1 equals: 2"
    ]),
    Runs = beamtalk_test_suite:run(Class, [testNone, testThree, testTwo]),
    ?assertEqual([0, 3, 2], [Assertions || #{assertions := Assertions} <- Runs]),
    ?assert(lists:all(fun(#{microseconds := Elapsed}) -> Elapsed > 0 end, Runs)),
    unload().

%% The same seed gives each test the same numbers, whatever else runs.
seeded() ->
    Class = class("SuiteSeeded", [["test", Name, " => self note: (Erlang rand uniform: 1000000000)"] || Name <- ["A", "B"]]),
    Numbers = fun(Selectors, Seed) ->
        {_, Noted} = noting(fun() -> beamtalk_test_suite:run(Class, Selectors, #{seed => Seed}) end),
        Noted
    end,
    [A, B] = Numbers([testA, testB], 1),
    ?assertNotEqual(A, B),
    ?assertEqual([B], Numbers([testB], 1)),
    ?assertNotEqual([B], Numbers([testB], 2)),
    unload().

run_all() ->
    B = class("SuiteB", ["testB => self note: #b", "testBad => self fail: \"x\""]),
    _ = class("SuiteA", ["testA => self note: #a"]),
    _ = define("abstract TestCase subclass: SuiteAbstract", ["testNever => self note: #no"]),
    lists:foreach(
        fun({Selector, Args}) ->
            {Result, Notes} = noting(fun() -> beamtalk_dispatch:send(?RUNNER, Selector, Args) end),
            Own = [Test || {Module, _, _} = Test <- tests(Result), lists:member(Module, [bt@suite_a, bt@suite_b])],
            ?assertMatch(
                [{bt@suite_a, testA, passed}, {bt@suite_b, testB, passed}, {bt@suite_b, testBad, {failed, _}}], Own
            ),
            ?assertEqual([a, b], [Note || Note <- lists:sort(Notes), lists:member(Note, [a, b, no])])
        end,
        [{runAll, []}, {'runAll:', [0]}, {'runAll:', [3]}]
    ),
    ?assertEqual(false, beamtalk_dispatch:send(run(B), hasPassed, [])),
    unload().

%% Each class notes its beginning and its end. Those of a serial class are next to each other.
serial_classes_run_alone() ->
    Body = fun(Name) ->
        ["testA =>", "  self note: #begin_" ++ Name, "  Erlang timer sleep: 50", "  self note: #end_" ++ Name]
    end,
    lists:foreach(fun(Name) -> class("Suite" ++ Name, Body(Name)) end, ["A", "B"]),
    lists:foreach(fun(Name) -> class("Suite" ++ Name, ["class serial => true" | Body(Name)]) end, ["C", "D"]),
    {_, Notes} = noting(fun() -> beamtalk_dispatch:send(?RUNNER, 'runAll:', [2]) end),
    {Together, Alone} = lists:split(4, Notes),
    ?assertEqual([begin_A, begin_B, end_A, end_B], lists:sort(Together)),
    ?assertEqual([begin_A, begin_B], lists:sort(lists:sublist(Together, 2))),
    ?assertEqual([begin_C, end_C, begin_D, end_D], Alone),
    unload().

one_method() ->
    Class = class("SuiteOne", ["setUpOnce => 7", "testA => self note: #no", "other => self note: self suiteFixture"]),
    {Result, Notes} = noting(fun() -> beamtalk_dispatch:send(?RUNNER, 'run:method:', [Class, other]) end),
    ?assertMatch([{_, other, passed}], tests(Result)),
    ?assertEqual([7], Notes),
    Unknown = beamtalk_dispatch:send(?RUNNER, 'run:method:', [Class, unknown]),
    ?assertMatch([{_, unknown, {failed, #{kind := does_not_understand}}}], tests(Unknown)),
    unload().

%% A failure tells a line of the test, although an assertion at its end is a tail call.
places() ->
    Class = class("SuitePlaces", ["testA =>", "  self assert: 1 equals: 2", "testB =>", "  3 zork", "  4"]),
    [A, B] = beamtalk_test_result:descriptions(run(Class)),
    ?assertMatch({match, _}, re:run(A, "^SuitePlaces>>testA: .*\n  at .*/class\\.bt:4$")),
    ?assertMatch({match, _}, re:run(B, "\n  at SuitePlaces>>testB \\(.*/class\\.bt:7\\)\n")),
    unload().

%% Nobody waits for the tests any more: the running one is ended, the others are left out, and what was set up is
%% torn down.
the_caller_ends() ->
    Class = class("SuiteAbandoned", [
        "setUpOnce => self note: #once", "testA =>", "  self note: #a", "  " ++ forever(), "testB => self note: #b",
        "tearDown => self note: #down", "tearDownOnce => self note: #downOnce"
    ]),
    {_, Notes} = noting(fun() ->
        Caller = spawn(fun() -> run(Class) end),
        timer:sleep(?LIMIT div 3),
        exit(Caller, kill),
        timer:sleep(?LIMIT * 2)
    end),
    ?assertEqual([once, a, down, downOnce], Notes),
    unload().

the_caller_keeps_its_messages() ->
    Class = class("SuiteMessages", ["testA => 1", "testB => " ++ forever(), "testC => self fail: \"x\""]),
    self() ! before,
    _ = run(Class),
    ?assertEqual({messages, [before]}, process_info(self(), messages)),
    receive before -> ok end,
    unload().

%% ---------------------------------------------------------------------------------------------------

noting(Run) ->
    true = register(notes, self()),
    try
        {Run(), notes()}
    after
        unregister(notes)
    end.

%% Sent by the classes; nobody may be listening any more.
note(Note) ->
    is_pid(whereis(notes)) andalso (notes ! {note, Note}),
    noted.

notes() ->
    receive
        {note, Note} -> [Note | notes()]
    after 0 -> []
    end.

class(Title, Body) ->
    Name = [Char || Char <- string:titlecase(Title), Char >= $a andalso Char =< $z orelse Char >= $A andalso Char =< $Z],
    define("TestCase subclass: " ++ Name, Body).

define(Header, Body) ->
    Directory = filename:join("/tmp", "beamtalk_test_suite_tests." ++ os:getpid()),
    File = filename:join(Directory, "class.bt"),
    ok = filelib:ensure_dir(File),
    %% Three lines, then the body.
    Source = [Header, "\n  note: x => Erlang beamtalk_test_suite_tests note: x\n\n", [["  ", Line, $\n] || Line <- Body]],
    ok = file:write_file(File, Source),
    try
        {ok, #{classes := [Class]}} = beamtalk_workspace:load_file(File),
        Class
    after
        ok = file:delete(File),
        ok = file:del_dir(Directory)
    end.

%% `runAll' must not meet the classes of other cases.
unload() ->
    lists:foreach(fun beamtalk_behaviour:removeFromSystem/1, beamtalk_behaviour:subclasses(?TEST_CASE)).
