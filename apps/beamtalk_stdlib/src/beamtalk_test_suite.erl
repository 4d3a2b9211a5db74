%% @doc Runs tests of one class.
%%
%% A process of its own, the suite, evaluates `setUpOnce' and lives until `tearDownOnce' has run, so that what belongs
%% to a process (tables, links) is there for all tests. It starts a process for each test, one after the other, and
%% sends the outcome of each to the caller. When the caller ends, the suite gives up the remaining tests.
%%
%% The time limit of a test, and of `setUpOnce' and `tearDownOnce', is the parameter `test_timeout' of the application
%% beamtalk_stdlib, in milliseconds.
-module(beamtalk_test_suite).

-export([run/2, run/3]).

-export_type([outcome/0, test_run/0, options/0]).

-define(DEFAULT_LIMIT, 60_000).

-type outcome() :: passed | {failed, beamtalk_error:exception()} | {skipped, Reason :: binary()}.

-type test_run() :: #{
    selector := atom(),
    outcome := outcome(),
    microseconds := non_neg_integer(),
    assertions := non_neg_integer()
}.
%% A test that was run, with `setUp'. The assertions are those that the process of the test has made.

-type options() :: #{seed => integer()}.
%% `seed': from it, class and selector each test gets its own sequence of random numbers.

-record(suite, {
    class :: beamtalk_class:class_object(),
    caller :: pid(),
    caller_monitor :: reference() | undefined,
    %% Marks the messages to the caller.
    tag :: reference(),
    limit :: pos_integer(),
    options :: options(),
    fixture = nil :: term(),
    %% Variables that blocks in the fixture share: each test sees them as `setUpOnce' left them.
    cells = [] :: beamtalk_cell:exported()
}).

%% What is known of a running test. Its outcome comes before `tearDown' is sent to the instance.
-record(test, {
    pid :: pid(),
    monitor :: reference(),
    %% Marks the messages of this test.
    tag :: reference(),
    instance = none :: none | {instance, term()},
    outcome = none :: none | outcome(),
    assertions = 0 :: non_neg_integer(),
    started :: integer(),
    %% Why the suite has killed it.
    killed = no :: no | time_limit | abandoned
}).

%% @doc Runs tests in the order given and answers what came of them, in this order.
-spec run(beamtalk_class:class_object(), [atom()]) -> [test_run()].
run(Class, Selectors) ->
    run(Class, Selectors, #{}).

%% @doc The same with options.
-spec run(beamtalk_class:class_object(), [atom()], options()) -> [test_run()].
run(_, [], _) ->
    [];
run(Class, Selectors, Options) ->
    Suite = #suite{class = Class, caller = self(), tag = make_ref(), limit = limit(), options = Options},
    {_, Monitor} = spawn_monitor(fun() -> suite(Suite, Selectors) end),
    collect(Suite, Monitor, Selectors, []).

limit() ->
    application:get_env(beamtalk_stdlib, test_timeout, ?DEFAULT_LIMIT).

collect(#suite{tag = Tag} = Suite, Monitor, Pending, Done) ->
    receive
        {Tag, #{selector := Selector} = Run} ->
            collect(Suite, Monitor, lists:delete(Selector, Pending), [Run | Done]);
        {'DOWN', Monitor, process, _, Reason} ->
            Lost = {failed, lost(Reason, Done, Suite)},
            lists:reverse(Done, [unmeasured(Selector, Lost) || Selector <- Pending])
    end.

unmeasured(Selector, Outcome) ->
    #{selector => Selector, outcome => Outcome, microseconds => 0, assertions => 0}.

%% Before the first outcome it is `setUpOnce' that was killed.
lost(killed, [], #suite{limit = Limit}) ->
    exceeded("setUpOnce", Limit);
lost(Reason, _, _) ->
    beamtalk_error:from_erlang(exit, Reason, []).

exceeded(What, Limit) ->
    beamtalk_error:new(timeout_error, io_lib:format("~ts took longer than ~b ms", [What, Limit])).

%% ---------------------------------------------------------------------------------------------------
%% The process of the suite
%% ---------------------------------------------------------------------------------------------------

%% It traps exits: the end of a process that `setUpOnce' has linked to is a matter of the tests.
suite(#suite{caller = Caller} = Suite, Selectors) ->
    _ = process_flag(trap_exit, true),
    Monitored = Suite#suite{caller_monitor = monitor(process, Caller)},
    case limited(Monitored, fun() -> set_up_once(Monitored) end) of
        {value, Prepared} ->
            run_tests(Prepared, Selectors),
            limited(Prepared, fun() -> tear_down_once(Prepared) end);
        {raised, Exception} ->
            report_all(Monitored, Selectors, exceptional(Exception)),
            limited(Monitored, fun() -> tear_down_once(Monitored) end)
    end.

set_up_once(Suite) ->
    Fixture = send(fresh(Suite), setUpOnce),
    Suite#suite{fixture = Fixture, cells = beamtalk_cell:export()}.

tear_down_once(Suite) ->
    send(fresh(Suite), tearDownOnce).

%% The evaluation has to be in this process, which is ended when it takes too long.
limited(#suite{limit = Limit}, Fun) ->
    {ok, Timer} = timer:kill_after(Limit),
    Result = attempt(Fun),
    cancel(Timer),
    Result.

cancel(Timer) ->
    {ok, cancel} = timer:cancel(Timer),
    ok.

run_tests(_, []) ->
    ok;
run_tests(Suite, [Selector | Rest]) ->
    case await(start(Suite, Selector), deadline(Suite), Suite) of
        abandoned ->
            ok;
        {Outcome, Test} ->
            report(Suite, measured(Selector, Outcome, Test)),
            run_tests(Suite, Rest)
    end.

measured(Selector, Outcome, #test{started = Started, assertions = Assertions}) ->
    Elapsed = erlang:convert_time_unit(erlang:monotonic_time() - Started, native, microsecond),
    #{selector => Selector, outcome => Outcome, microseconds => Elapsed, assertions => Assertions}.

report(#suite{caller = Caller, tag = Tag, class = Class}, #{selector := Selector, outcome := Outcome} = Run) ->
    Caller ! {Tag, Run#{outcome := placed(Outcome, Class, Selector)}},
    ok.

%% A test that ends in a call leaves no trace of itself in the stack: its definition is added as the outermost place.
placed({failed, Exception}, {'$bt_class', Module}, Selector) ->
    {failed, Exception#{stack := beamtalk_error:stack(Exception) ++ definition(Module, Selector)}};
placed(Outcome, _, _) ->
    Outcome.

definition(Module, Selector) ->
    Definer = beamtalk_hierarchy:definer(instance, Module, Selector),
    case beamtalk_hierarchy:info(Definer) of
        #{source := File, methods := #{{instance, Selector} := #{line := Line}}} when is_binary(File) ->
            [{Definer, Selector, 1, [{file, unicode:characters_to_list(File)}, {line, Line}]}];
        _ ->
            []
    end.

report_all(Suite, Selectors, Outcome) ->
    lists:foreach(fun(Selector) -> report(Suite, unmeasured(Selector, Outcome)) end, Selectors).

%% The link ends the test when the suite is killed.
start(Suite, Selector) ->
    Owner = self(),
    Tag = make_ref(),
    {Pid, Monitor} = spawn_opt(fun() -> test(Suite, {Owner, Tag}, Selector) end, [link, monitor]),
    #test{pid = Pid, monitor = Monitor, tag = Tag, started = erlang:monotonic_time()}.

%% A test that is killed is still waited for: it may have come to its end just before.
await(#test{tag = Tag, monitor = Monitor} = Test, Deadline, Suite) ->
    CallerMonitor = Suite#suite.caller_monitor,
    receive
        {Tag, instance, Instance} ->
            await(Test#test{instance = {instance, Instance}}, Deadline, Suite);
        {Tag, outcome, {Outcome, Assertions}} ->
            await(Test#test{outcome = Outcome, assertions = Assertions}, Deadline, Suite);
        {'DOWN', Monitor, process, Pid, Reason} ->
            forget(Pid),
            ended(Test, Reason, Suite);
        {'DOWN', CallerMonitor, process, _, _} ->
            await(kill(Test, abandoned), infinity, Suite)
    after remaining(Deadline) ->
        await(kill(Test, time_limit), infinity, Suite)
    end.

kill(#test{pid = Pid} = Test, Why) ->
    exit(Pid, kill),
    Test#test{killed = Why}.

forget(Pid) ->
    unlink(Pid),
    receive
        {'EXIT', Pid, _} -> ok
    after 0 -> ok
    end.

%% Where a test was ended by force before its outcome was known, `tearDown' has not run.
ended(#test{outcome = none, instance = Instance, killed = Killed} = Test, Reason, Suite) ->
    tear_down_apart(Instance, Suite),
    ended_by_force(Killed, Reason, Test, Suite);
ended(#test{killed = abandoned}, _, _) ->
    abandoned;
ended(#test{outcome = Outcome} = Test, _, _) ->
    {Outcome, Test}.

ended_by_force(abandoned, _, _, _) -> abandoned;
ended_by_force(time_limit, _, Test, #suite{limit = Limit}) -> {{failed, exceeded("the test", Limit)}, Test};
ended_by_force(no, Reason, Test, _) -> {{failed, beamtalk_error:from_erlang(exit, Reason, [])}, Test}.

tear_down_apart(none, _) ->
    ok;
tear_down_apart({instance, Instance}, #suite{limit = Limit} = Suite) ->
    {Pid, Monitor} = spawn_opt(fun() -> tear_down(Suite, Instance) end, [link, monitor]),
    {ok, Timer} = timer:kill_after(Limit, Pid),
    receive
        {'DOWN', Monitor, process, _, _} -> forget(Pid)
    end,
    cancel(Timer).

deadline(#suite{limit = Limit}) ->
    erlang:monotonic_time(millisecond) + Limit.

remaining(infinity) ->
    infinity;
remaining(Deadline) ->
    max(0, Deadline - erlang:monotonic_time(millisecond)).

%% ---------------------------------------------------------------------------------------------------
%% The process of a test
%% ---------------------------------------------------------------------------------------------------

test(#suite{cells = Cells} = Suite, Owner, Selector) ->
    ok = beamtalk_cell:import(Cells),
    seed_random(Suite, Selector),
    case attempt(fun() -> fresh(Suite) end) of
        {value, Fresh} ->
            tell(Owner, instance, Fresh),
            {Instance, Outcome} = set_up_and_run(Suite, Owner, Fresh, Selector),
            tell(Owner, outcome, {Outcome, beamtalk_test_case:assertions()}),
            tear_down(Instance);
        {raised, Exception} ->
            tell(Owner, outcome, {exceptional(Exception), 0})
    end.

seed_random(#suite{options = #{seed := Seed}, class = Class}, Selector) ->
    _ = rand:seed(exsss, {Seed, erlang:phash2(Class), erlang:phash2(Selector)}),
    ok;
seed_random(_, _) ->
    ok.

set_up_and_run(Suite, Owner, Fresh, Selector) ->
    case attempt(fun() -> send(Fresh, setUp) end) of
        {value, Answer} ->
            Instance = prepared(Suite, Fresh, Answer),
            tell(Owner, instance, Instance),
            {Instance, outcome(attempt(fun() -> send(Instance, Selector) end))};
        {raised, Exception} ->
            {Fresh, exceptional(Exception)}
    end.

tell({Pid, Tag}, What, Value) ->
    Pid ! {Tag, What, Value},
    ok.

prepared(Suite, #{'$beamtalk_class' := Module}, #{'$beamtalk_class' := Module} = Answer) ->
    with_fixture(Suite, Answer);
prepared(_, Fresh, _) ->
    Fresh.

tear_down(#suite{cells = Cells}, Instance) ->
    ok = beamtalk_cell:import(Cells),
    tear_down(Instance).

tear_down(Instance) ->
    _ = attempt(fun() -> send(Instance, tearDown) end),
    ok.

%% ---------------------------------------------------------------------------------------------------

fresh(#suite{class = Class} = Suite) ->
    with_fixture(Suite, send(Class, new)).

with_fixture(#suite{fixture = Fixture}, Instance) ->
    Instance#{suiteFixture => Fixture}.

attempt(Fun) ->
    try
        {value, Fun()}
    catch
        Class:Reason:Stack -> {raised, beamtalk_error:from_erlang(Class, Reason, Stack)}
    end.

outcome({value, _}) -> passed;
outcome({raised, Exception}) -> exceptional(Exception).

exceptional(#{message := Message} = Exception) ->
    case beamtalk_test_case:'isSkip:'(nil, Exception) of
        true -> {skipped, Message};
        false -> {failed, Exception}
    end.

send(Receiver, Selector) ->
    beamtalk_dispatch:send(Receiver, Selector, []).
