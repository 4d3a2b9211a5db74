-module(beamtalk_actor_tests).

-include_lib("eunit/include/eunit.hrl").

-export([spawned/1, handle_event/2, log/2, with_method/3]).

-define(COUNTER, {'$bt_class', 'bt@rt_test@counter'}).
-define(LOUD, {'$bt_class', 'bt@rt_test@loud_counter'}).

send(Receiver, Selector) -> send(Receiver, Selector, []).

send(Receiver, Selector, Args) -> beamtalk_dispatch:send(Receiver, Selector, Args).

counter() -> send(?COUNTER, spawn).

kind(Fun) -> beamtalk_test_library:kind(Fun).

with(Tests) -> beamtalk_test_library:with(Tests).

%% Runs the function as a method of the actor.
inside(Actor, Fun) -> send(Actor, 'evaluate:', [Fun]).

field(Self, Name) -> beamtalk_actor:get_field(Self, Name).

field(Self, Name, Value) -> beamtalk_actor:put_field(Self, Name, Value).

%% ---------------------------------------------------------------------------------------------------
%% Creation
%% ---------------------------------------------------------------------------------------------------

creation_test_() ->
    with([
        {"initialized, parents first", fun() ->
            ?assertEqual([counter], send(counter(), log)),
            ?assertEqual([loud, counter], send(send(?LOUD, 'spawnWith:', [#{owner => me}]), log))
        end},
        {"inherited fields", fun() ->
            Loud = send(?LOUD, 'spawnWith:', [#{owner => me, count => 5}]),
            ?assertEqual({5, 11}, {send(Loud, count), send(Loud, volume)})
        end},
        {"unknown keys are kept", fun() ->
            Actor = send(?COUNTER, 'spawnWith:', [#{extra => 1}]),
            ?assertEqual(1, send(Actor, 'fieldAt:', [extra])),
            ?assertEqual([count, log, probe, extra], send(Actor, fieldNames))
        end},
        {"not linked", fun() ->
            Actor = counter(),
            {links, Links} = process_info(self(), links),
            ?assertNot(lists:member(send(Actor, pid), Links))
        end},
        {"survives its creator", fun() ->
            Me = self(),
            {_, M} = spawn_monitor(fun() -> Me ! {actor, counter()}, exit(crash) end),
            Actor = receive {actor, A} -> A end,
            receive {'DOWN', M, _, _, _} -> ok end,
            ?assertEqual(0, send(Actor, count))
        end},
        {"failures", fun() ->
            ?assertEqual(type_error, kind(fun() -> send(?COUNTER, 'spawnWith:', [3]) end)),
            ?assertEqual(instantiation_error, kind(fun() -> send(?COUNTER, new) end)),
            ?assertEqual(instantiation_error, kind(fun() -> send(?COUNTER, 'new:', [#{}]) end)),
            Server = {'$bt_class', 'bt@stdlib@server'},
            ?assertEqual(instantiation_error, kind(fun() -> send(Server, spawn) end))
        end},
        {"uninitialized slot", fun uninitialized_slot/0},
        {"failing initialize", fun failing_initialize/0},
        {"the callback hears of new actors", fun spawn_callback/0},
        {"under a supervisor", fun() ->
            process_flag(trap_exit, true),
            {ok, Pid, _} = beamtalk_actor:start_link(?COUNTER, #{count => 3}),
            {links, Links} = process_info(self(), links),
            ?assert(lists:member(Pid, Links)),
            ?assertMatch({error, #{kind := instantiation_error}}, beamtalk_actor:start_link(?LOUD, #{})),
            unlink(Pid),
            process_flag(trap_exit, false),
            exit(Pid, kill)
        end}
    ]).

uninitialized_slot() ->
    ?assertError(
        #{
            '$beamtalk_class' := 'bt@stdlib@instantiation_error',
            kind := instantiation_error,
            message := <<"cannot create an instance of LoudCounter: 'owner' is not initialized">>,
            hint := <<"'owner' is declared as String in LoudCounter", _/binary>>,
            details := #{error := 'UninitializedStateError', class := 'LoudCounter', slot := owner}
        },
        send(?LOUD, spawn)
    ).

%% The failure reaches the caller and is not logged as a crash.
failing_initialize() ->
    Spec = #{
        module => 'bt@rt_test@broken', name => 'Broken', superclass => 'bt@stdlib@actor', kind => actor,
        methods => [{initialize, "", "beamtalk_object:'error:'(Self, <<\"no luck\">>)"}]
    },
    beamtalk_test_class:load(Spec),
    {_, Events} = logged(fun() ->
        ?assertError(
            #{
                kind := instantiation_error,
                message := <<"cannot create an instance of Broken: no luck">>,
                selector := initialize,
                details := #{cause := #{kind := user_error}}
            },
            send({'$bt_class', 'bt@rt_test@broken'}, spawn)
        )
    end),
    ?assertEqual([], Events),
    beamtalk_test_class:unload('bt@rt_test@broken').

spawn_callback() ->
    register(?MODULE, self()),
    application:set_env(beamtalk_runtime, actor_spawn_callback, {?MODULE, spawned}),
    Actor = counter(),
    application:unset_env(beamtalk_runtime, actor_spawn_callback),
    unregister(?MODULE),
    receive {spawned, Spawned} -> ?assertEqual(Actor, Spawned) after 0 -> error(silent) end.

spawned(Actor) -> ?MODULE ! {spawned, Actor}.

%% ---------------------------------------------------------------------------------------------------
%% Sends and state
%% ---------------------------------------------------------------------------------------------------

send_test_() ->
    with([
        {"no increment is lost", {timeout, 60, fun no_increment_is_lost/0}},
        {"unknown message", fun() ->
            ?assertError(
                #{kind := does_not_understand, message := <<"Counter does not understand 'zork'">>},
                send(counter(), zork)
            )
        end},
        {"exception with its stack and selector", fun() ->
            Actor = counter(),
            ?assertError(
                #{kind := type_error, selector := failAfterIncrement, stack := [_ | _]},
                send(Actor, failAfterIncrement)
            ),
            ?assertEqual(0, send(Actor, count))
        end},
        {"an Erlang exit in a method does not end the actor", fun() ->
            Actor = counter(),
            ?assertEqual(erlang_exit, kind(fun() -> inside(Actor, fun(_) -> exit(gone) end) end)),
            ?assertEqual(0, send(Actor, count))
        end},
        {"time limit", fun() ->
            Actor = counter(),
            Timed = fun() ->
                send(Actor, 'perform:withArguments:timeout:', ['sleep:', [200], 50])
            end,
            ?assertError(#{'$beamtalk_class' := 'bt@stdlib@error', kind := timeout}, Timed()),
            ?assertEqual(1, send(Actor, count)),
            receive Late -> error({late_answer, Late}) after 0 -> ok end
        end},
        {"answer after the quick wait", ?_assertEqual(1, send(counter(), 'sleep:', [60]))},
        {"reference protocol works on a busy actor", fun busy_actor/0},
        {"a class that overrides it means a message", fun overridden_reference_message/0},
        {"perform: runs in the actor", ?_assertEqual(0, send(counter(), 'perform:', [count]))},
        {"a self-send is direct", fun() ->
            Actor = counter(),
            ?assertEqual(2, inside(Actor, fun(Self) -> send(Self, increment), send(Self, increment) end)),
            ?assertEqual(2, inside(Actor, fun(_) -> send(Actor, count) end))
        end},
        {"unknown requests are answered", fun() ->
            ?assertEqual({error, unknown_request}, gen_server:call(send(counter(), pid), hello))
        end}
    ]).

no_increment_is_lost() ->
    Actor = counter(),
    Callers = [
        spawn_monitor(fun() -> [send(Actor, increment) || _ <- lists:seq(1, 1000)] end)
     || _ <- lists:seq(1, 50)
    ],
    lists:foreach(fun({_, M}) -> receive {'DOWN', M, _, _, R} -> ?assertEqual(normal, R) end end, Callers),
    ?assertEqual(50000, send(Actor, count)),
    ?assertEqual([], ets:tab2list(beamtalk_waits)).

busy_actor() ->
    Actor = {_, _, _, Pid} = counter(),
    beamtalk_dispatch:cast(Actor, 'sleep:', [300]),
    {Time, _} = timer:tc(fun() ->
        ?assertEqual({'$bt_class', 'bt@rt_test@counter'}, send(Actor, class)),
        ?assertEqual(Pid, send(Actor, pid)),
        ?assertEqual(true, send(Actor, isAlive)),
        ?assertEqual(Actor, send(Actor, 'ifNil:', [fun() -> nil end])),
        ?assertEqual(self(), send(Actor, 'ifNotNil:', [fun(_) -> self() end])),
        ?assertMatch(<<"Actor(Counter, 0.", _/binary>>, send(Actor, printString)),
        ?assertEqual(true, send(Actor, 'isKindOf:', [?COUNTER]))
    end),
    ?assert(Time < 250_000).

overridden_reference_message() ->
    Spec = #{
        module => 'bt@rt_test@named', name => 'Named', superclass => 'bt@stdlib@actor', kind => actor,
        fields => [{name, "<<\"x\">>"}],
        methods => [{printString, "", "beamtalk_actor:get_field(Self, name)"}]
    },
    beamtalk_test_class:load(Spec),
    Actor = send({'$bt_class', 'bt@rt_test@named'}, spawn),
    ?assertEqual(<<"x">>, send(Actor, printString)),
    ?assertEqual(<<"x">>, send(Actor, displayString)),
    send(Actor, kill),
    beamtalk_test_class:unload('bt@rt_test@named').

state_test_() ->
    with([
        {"another process may not touch fields", fun() ->
            Actor = counter(),
            ?assertError(
                #{kind := foreign_state, message := <<"cannot assign 'count' of Counter in another process">>},
                field(Actor, count, 1)
            ),
            ?assertError(#{kind := foreign_state}, field(Actor, count))
        end},
        {"undeclared field", fun() ->
            Actor = counter(),
            ?assertEqual(key_error, kind(fun() -> inside(Actor, fun(S) -> field(S, zap) end) end))
        end},
        {"reflection on fields", fun() ->
            Actor = counter(),
            ?assertEqual(4, send(Actor, 'fieldAt:put:', [count, 4])),
            ?assertEqual(4, send(Actor, count)),
            ?assertEqual(4, send(Actor, 'fieldAt:', [count])),
            ?assertEqual(nil, send(Actor, 'fieldAt:', [zap]))
        end},
        {"on:do: rolls back to its beginning", fun() ->
            Actor = counter(),
            Result = inside(Actor, fun(Self) ->
                field(Self, count, 1),
                beamtalk_exception:on_do(
                    fun() -> field(Self, count, 2), error(badarith) end,
                    nil,
                    fun() -> field(Self, count) end
                )
            end),
            ?assertEqual({1, 1}, {Result, send(Actor, count)})
        end},
        {"ensure: keeps", fun() ->
            Actor = counter(),
            inside(Actor, fun(Self) ->
                beamtalk_exception:ensure(fun() -> field(Self, count, 2) end, fun() -> field(Self, count, 3) end)
            end),
            ?assertEqual(3, send(Actor, count))
        end},
        {"a non-local return keeps", fun() ->
            Actor = counter(),
            inside(Actor, fun(Self) ->
                beamtalk_frame:run(fun(Token) ->
                    field(Self, count, 2),
                    beamtalk_frame:return(Token, ok)
                end)
            end),
            ?assertEqual(2, send(Actor, count))
        end},
        {"a block kept by the actor", fun() ->
            Actor = counter(),
            Block = inside(Actor, fun(Self) -> fun() -> field(Self, count, 7) end end),
            ?assertEqual(foreign_state, kind(Block)),
            ?assertEqual(7, inside(Actor, fun(_) -> Block() end)),
            ?assertEqual(7, send(Actor, count))
        end},
        {"visible to OTP", fun() ->
            {_, _, Module, Pid} = Actor = counter(),
            ?assertMatch(#{class := Module, self := Actor, slots := #{count := 0}}, sys:get_state(Pid)),
            {status, Pid, _, [_, _, _, _, Items]} = sys:get_status(Pid),
            ?assertMatch([#{class := 'Counter', slots := #{count := 0}}], [S || {data, [{"State", S}]} <- Items]),
            ?assertMatch({Module, init, 1}, proc_lib:translate_initial_call(Pid)),
            {dictionary, Dictionary} = process_info(Pid, dictionary),
            ?assertEqual({beamtalk_actor, 'Counter'}, proplists:get_value('$process_label', Dictionary)),
            ?assertEqual(undefined, proplists:get_value('$bt_state', Dictionary))
        end},
        {"suspended, changed and resumed by OTP", fun() ->
            {_, _, _, Pid} = Actor = counter(),
            ok = sys:suspend(Pid),
            beamtalk_dispatch:cast(Actor, increment, []),
            ok = sys:change_code(Pid, beamtalk_actor_server, undefined, []),
            sys:replace_state(Pid, fun(S = #{slots := Slots}) -> S#{slots := Slots#{count := 10}} end),
            ok = sys:resume(Pid),
            ?assertEqual(11, send(Actor, count))
        end},
        {"a field added to the class later has its default", fun() ->
            {_, _, _, Pid} = Actor = counter(),
            sys:replace_state(Pid, fun(S = #{slots := Slots}) -> S#{slots := maps:remove(count, Slots)} end),
            ?assertEqual(1, send(Actor, increment))
        end}
    ]).

cast_test_() ->
    with([
        {"in order, and answered by nil", fun() ->
            Actor = counter(),
            ?assertEqual(lists:duplicate(10, nil), [beamtalk_dispatch:cast(Actor, increment, []) || _ <- lists:seq(1, 10)]),
            ?assertEqual(10, send(Actor, count))
        end},
        {"to itself: after the current method", fun() ->
            Actor = counter(),
            ?assertEqual(0, inside(Actor, fun(Self) ->
                beamtalk_dispatch:cast(Self, increment, []),
                send(Self, count)
            end)),
            ?assertEqual(1, send(Actor, count))
        end},
        {"to a dead actor", fun() ->
            Actor = counter(),
            send(Actor, kill),
            ?assertEqual(nil, beamtalk_dispatch:cast(Actor, increment, [])),
            ?assertEqual(nil, beamtalk_dispatch:cast(setelement(4, Actor, {name, nobody_here}), increment, []))
        end},
        {"an exception is logged and rolled back", fun() ->
            Actor = counter(),
            {Count, Events} = logged(fun() ->
                beamtalk_dispatch:cast(Actor, failAfterIncrement, []),
                send(Actor, count)
            end),
            ?assertEqual(0, Count),
            ?assertMatch(
                [#{level := error, msg := {report, #{
                    label := {beamtalk_actor, cast_error}, class := 'Counter', selector := failAfterIncrement
                }}, meta := #{domain := [beamtalk], beamtalk_class := 'Counter'}}],
                Events
            ),
            [#{msg := {report, Report}, meta := #{report_cb := Callback}}] = Events,
            {Format, Args} = Callback(Report),
            ?assertNotEqual(nomatch, string:find(io_lib:format(Format, Args), "bad arithmetic"))
        end}
    ]).

%% ---------------------------------------------------------------------------------------------------
%% Life cycle
%% ---------------------------------------------------------------------------------------------------

life_cycle_test_() ->
    with([
        {"stop runs the hooks, most specific first", fun() ->
            Me = self(),
            Probe = fun(What) -> Me ! What end,
            Loud = send(?LOUD, 'spawnWith:', [#{owner => me, probe => Probe}]),
            ?assertEqual(ok, send(Loud, stop)),
            ?assertEqual(false, send(Loud, isAlive)),
            ?assertEqual([{loud, normal}, {counter, normal}], messages()),
            ?assertEqual(ok, send(Loud, stop))
        end},
        {"an error in a hook stops neither the others nor the actor", fun() ->
            Me = self(),
            Probe = fun({loud, _}) -> error(oops); (What) -> Me ! What end,
            Loud = send(?LOUD, 'spawnWith:', [#{owner => me, probe => Probe}]),
            {ok, Events} = logged(fun() -> send(Loud, stop) end),
            ?assertEqual([{counter, normal}], messages()),
            ?assertMatch([#{msg := {report, #{label := {_, terminate_error}}}}], Events)
        end},
        {"stopping itself takes effect after the method", fun() ->
            Actor = counter(),
            ?assertEqual(bye, send(Actor, quit)),
            ?assertEqual(actor_dead, kind(fun() -> send(Actor, count) end))
        end},
        {"stopping itself by a cast", fun() ->
            Actor = counter(),
            Monitor = send(Actor, monitor),
            beamtalk_dispatch:cast(Actor, stop, []),
            receive {'DOWN', Monitor, _, _, Reason} -> ?assertEqual(normal, Reason) end
        end},
        {"kill runs no hook", fun() ->
            Me = self(),
            Actor = send(?COUNTER, 'spawnWith:', [#{probe => fun(What) -> Me ! What end}]),
            ?assertEqual(ok, send(Actor, kill)),
            ?assertEqual(false, send(Actor, isAlive)),
            ?assertEqual([], messages()),
            ?assertEqual(ok, send(Actor, stop))
        end},
        {"kill during a call", fun() ->
            Actor = counter(),
            spawn(fun() -> timer:sleep(50), send(Actor, kill) end),
            ?assertError(
                #{'$beamtalk_class' := 'bt@stdlib@runtime_error', kind := actor_dead, selector := 'sleep:'},
                send(Actor, 'sleep:', [5000])
            )
        end},
        {"onExit:", fun() ->
            Me = self(),
            Actor = counter(),
            ?assertEqual(ok, send(Actor, 'onExit:', [fun(Reason) -> Me ! {exit, Reason} end])),
            send(Actor, kill),
            receive {exit, Reason} -> ?assertEqual(killed, Reason) after 1000 -> error(silent) end
        end},
        {"onExit: of a dead actor", fun() ->
            Me = self(),
            Actor = counter(),
            send(Actor, stop),
            send(Actor, 'onExit:', [fun(Reason) -> Me ! {exit, Reason} end]),
            receive {exit, Reason} -> ?assertEqual(noproc, Reason) after 1000 -> error(silent) end
        end},
        {"monitor", fun() ->
            Actor = counter(),
            Monitor = send(Actor, monitor),
            send(Actor, stop),
            receive {'DOWN', Monitor, _, _, Reason} -> ?assertEqual(normal, Reason) end
        end},
        {"an actor that stops itself while it is initialized", fun() ->
            with_method(initialize, "beamtalk_dispatch:send(Self, stop, [])", fun(Class) ->
                Actor = send(Class, spawn),
                Monitor = send(Actor, monitor),
                receive {'DOWN', Monitor, _, _, Reason} -> ?assert(lists:member(Reason, [normal, noproc])) end,
                ?assertEqual(actor_dead, kind(fun() -> send(Actor, 'fieldAt:', [count]) end))
            end)
        end},
        {"an actor that is killed while it is initialized", fun() ->
            with_method(initialize, "exit(self(), kill), timer:sleep(100)", fun(Class) ->
                ?assertEqual(instantiation_error, kind(fun() -> send(Class, spawn) end))
            end)
        end},
        {"a hook that sends to its own reference and to others", fun() ->
            Other = counter(),
            Probe = fun(_) -> send(Other, increment) end,
            Actor = send(?COUNTER, 'spawnWith:', [#{probe => Probe}]),
            ok = send(Actor, stop),
            ?assertEqual(1, send(Other, count))
        end},
        {"a link ends the actor without hooks", fun() ->
            Me = self(),
            {_, _, _, Pid} = Actor = send(?COUNTER, 'spawnWith:', [#{probe => fun(What) -> Me ! What end}]),
            Monitor = send(Actor, monitor),
            spawn(fun() -> link(Pid), exit(crash) end),
            receive {'DOWN', Monitor, _, _, Reason} -> ?assertEqual(crash, Reason) end,
            ?assertEqual([], messages())
        end},
        {"a link ends a supervised actor without hooks", fun() ->
            process_flag(trap_exit, true),
            Me = self(),
            {ok, Pid, _} = beamtalk_actor:start_link(?COUNTER, #{probe => fun(What) -> Me ! What end}),
            spawn(fun() -> link(Pid), exit(normal) end),
            spawn(fun() -> link(Pid), timer:sleep(20), exit(crash) end),
            {_, Events} = logged(fun() -> receive {'EXIT', Pid, Reason} -> ?assertEqual(crash, Reason) end end),
            process_flag(trap_exit, false),
            ?assertMatch([_ | _], Events),
            ?assertEqual([], messages())
        end},
        {"the shutdown of a supervisor runs the hooks", fun() ->
            process_flag(trap_exit, true),
            Me = self(),
            {ok, Pid, _} = beamtalk_actor:start_link(?COUNTER, #{probe => fun(What) -> Me ! What end}),
            exit(Pid, shutdown),
            receive {'EXIT', Pid, Reason} -> ?assertEqual(shutdown, Reason) end,
            process_flag(trap_exit, false),
            ?assertEqual([{counter, shutdown}], messages())
        end}
    ]).

%% A subclass of Counter with one method more.
with_method(Selector, Body, Fun) ->
    Spec = #{
        module => 'bt@rt_test@special', name => 'Special', superclass => 'bt@rt_test@counter', kind => actor,
        methods => [{Selector, "", Body}]
    },
    beamtalk_test_class:load(Spec),
    Fun({'$bt_class', 'bt@rt_test@special'}),
    beamtalk_test_class:unload('bt@rt_test@special').

%% Events of the runtime.
event_test_() ->
    with([fun() ->
        register(?MODULE, self()),
        beamtalk_event:listen(actor_spawned, ?MODULE),
        Actor = counter(),
        beamtalk_event:ignore(actor_spawned, another),
        Second = counter(),
        beamtalk_event:ignore(actor_spawned, ?MODULE),
        _ = counter(),
        unregister(?MODULE),
        ?assertEqual([{event, Actor}, {event, Second}], messages()),
        beamtalk_event:listen(actor_spawned, beamtalk_no_such_module),
        {Third, Events} = logged(fun() -> counter() end),
        beamtalk_event:ignore(actor_spawned, beamtalk_no_such_module),
        ?assertMatch([#{msg := {report, #{label := {beamtalk_event, actor_spawned}}}}], Events),
        ?assertEqual(0, send(Third, count))
    end]).

handle_event(actor_spawned, Actor) -> ?MODULE ! {event, Actor}.

info_test_() ->
    Spec = #{
        module => 'bt@rt_test@heart', name => 'Heart', superclass => 'bt@stdlib@server', kind => actor,
        fields => [{beats, "0"}],
        methods => [
            {'handleInfo:', "M", "beamtalk_actor:put_field(Self, beats, M), 1 + M"},
            {beats, "", "beamtalk_actor:get_field(Self, beats)"}
        ]
    },
    with(
        {setup, fun() -> beamtalk_test_class:load(Spec) end,
            fun(_) -> beamtalk_test_class:unload('bt@rt_test@heart') end, [
                {"handleInfo:", fun() ->
                    {_, _, _, Pid} = Heart = send({'$bt_class', 'bt@rt_test@heart'}, spawn),
                    Pid ! 7,
                    ?assertEqual(7, send(Heart, beats)),
                    {7, Events} = logged(fun() -> Pid ! oops, send(Heart, beats) end),
                    ?assertMatch([#{msg := {report, #{label := {_, info_error}}}}], Events),
                    send(Heart, kill)
                end},
                {"ignored by plain actors", fun() ->
                    {_, _, _, Pid} = Actor = counter(),
                    Pid ! hello,
                    gen_server:cast(Pid, hello),
                    ?assertEqual(0, send(Actor, count))
                end}
            ]}
    ).

%% ---------------------------------------------------------------------------------------------------
%% Deadlocks
%% ---------------------------------------------------------------------------------------------------

deadlock_test_() ->
    with([
        {"an alias of self is re-entrant", fun() ->
            Actor = counter(),
            ?assertEqual(0, send(Actor, 'ask:', [Actor]))
        end},
        {"two actors", fun() -> check_cycle(2) end},
        {"three actors", fun() -> check_cycle(3) end},
        {"ten actors", fun() -> check_cycle(10) end},
        {"two clients close a cycle at the same time", {timeout, 60, fun concurrent_cycle/0}},
        {"stop within a cycle", fun stop_within_cycle/0},
        {"a request that is given up is not served", fun cancelled_requests/0},
        {"a new actor that asks its creator", fun creator_cycle/0},
        {"a long wait is no deadlock", fun long_wait/0}
    ]).

check_cycle(Size) ->
    [First | Others] = [counter() || _ <- lists:seq(1, Size)],
    {Time, Kind} = timer:tc(fun() -> kind(fun() -> send(First, 'ask:via:', [First, Others]) end) end),
    ?assertEqual(deadlock_detected, Kind),
    ?assert(Time < 1_000_000),
    ?assertEqual([], ets:tab2list(beamtalk_waits)),
    ?assertEqual(lists:duplicate(Size, 0), [send(A, count) || A <- [First | Others]]).

%% A asks B while B asks A. At least one gets its answer, and nobody waits for the time limit.
concurrent_cycle() ->
    lists:foreach(fun(_) -> concurrent_cycle_once() end, lists:seq(1, 20)).

concurrent_cycle_once() ->
    [A, B] = [counter(), counter()],
    Meet = fun(Other) ->
        fun(_) ->
            timer:sleep(10),
            send(Other, count)
        end
    end,
    Clients = [
        spawn_monitor(fun() -> exit({result, outcome(fun() -> inside(X, Meet(Y)) end)}) end)
     || {X, Y} <- [{A, B}, {B, A}]
    ],
    Results = [receive {'DOWN', M, _, _, {result, R}} -> R after 2000 -> hangs end || {_, M} <- Clients],
    ?assertEqual([0, deadlock_detected], lists:sort(Results)),
    ?assertEqual([], ets:tab2list(beamtalk_waits)).

outcome(Fun) ->
    try
        Fun()
    catch
        error:#{kind := Kind} -> Kind
    end.

stop_within_cycle() ->
    [A, B] = [counter(), counter()],
    Stop = fun(_) -> outcome(fun() -> send(A, stop) end) end,
    ?assertEqual(deadlock_detected, inside(A, fun(_) -> inside(B, Stop) end)),
    ?assertEqual(0, send(A, count)),
    ?assertEqual(true, send(A, isAlive)).

%% A message whose send has failed by a deadlock is not executed afterwards, however often it is tried.
cancelled_requests() ->
    [A, B] = [counter(), counter()],
    Increment = fun(_) -> outcome(fun() -> send(A, increment) end) end,
    Twice = fun(Self) -> [Increment(Self), Increment(Self)] end,
    ?assertEqual(
        [deadlock_detected, deadlock_detected], inside(A, fun(_) -> inside(B, Twice) end)
    ),
    ?assertEqual(0, send(A, count)),
    ?assertEqual(1, send(A, increment)),
    {_, _, _, Pid} = A,
    {dictionary, Dictionary} = process_info(Pid, dictionary),
    ?assertEqual(undefined, proplists:get_value('$bt_cancelled', Dictionary)),
    ?assertEqual([], ets:tab2list(beamtalk_cancelled)).

creator_cycle() ->
    Spec = #{
        module => 'bt@rt_test@child', name => 'Child', superclass => 'bt@stdlib@actor', kind => actor,
        fields => [{parent, "nil"}],
        methods => [
            {initialize, "", "beamtalk_dispatch:send(beamtalk_actor:get_field(Self, parent), increment, [])"}
        ]
    },
    beamtalk_test_class:load(Spec),
    Parent = counter(),
    Spawn = fun(Self) ->
        send({'$bt_class', 'bt@rt_test@child'}, 'spawnWith:', [#{parent => Self}])
    end,
    {Time, Exception} = timer:tc(fun() ->
        try inside(Parent, Spawn) catch error:E -> E end
    end),
    ?assertMatch(#{kind := instantiation_error, details := #{cause := #{kind := deadlock_detected}}}, Exception),
    ?assert(Time < 1_000_000),
    ?assertEqual([], ets:tab2list(beamtalk_waits)),
    ?assertEqual(0, send(Parent, count)),
    ?assertEqual([], ets:tab2list(beamtalk_cancelled)),
    beamtalk_test_class:unload('bt@rt_test@child').

%% Several processes wait for one another in a chain that ends at a busy actor.
long_wait() ->
    [A, B, C] = [counter(), counter(), counter()],
    beamtalk_dispatch:cast(A, 'sleep:', [300]),
    ?assertEqual(1, send(B, 'ask:via:', [A, [C]])).

%% What a killed process leaves in the tables is swept.
sweep_test_() ->
    with([fun sweep/0]).

sweep() ->
    {Dead, Monitor} = spawn_monitor(fun() -> ok end),
    receive {'DOWN', Monitor, _, _, _} -> ok end,
    Mine = {self(), Dead, make_ref()},
    ets:insert(beamtalk_waits, [Mine, {Dead, self(), make_ref()}, {{claim, make_ref()}, Dead}]),
    ets:insert(beamtalk_cancelled, [{Dead, make_ref()}]),
    beamtalk_wait ! sweep,
    _ = sys:get_state(beamtalk_wait),
    ?assertEqual([Mine], ets:tab2list(beamtalk_waits)),
    ?assertEqual([], ets:tab2list(beamtalk_cancelled)),
    ets:delete_object(beamtalk_waits, Mine).

%% Answers that arrive while the waiting process is not scheduled must not look like a cycle.
no_false_alarm_test_() ->
    with([{timeout, 120, fun no_false_alarm/0}]).

no_false_alarm() ->
    [A, B] = Actors = [counter(), counter()],
    Burners = [spawn(fun burn/0) || _ <- lists:seq(1, 40)],
    Other = fun(X) -> case X of A -> B; B -> A end end,
    %% Each actor holds its caller for longer than the quick wait, then calls the other one, which is
    %% idle: the edges come and go, and never form a cycle that lasts.
    Results = [
        outcome(fun() ->
            inside(X, fun(_) -> timer:sleep(25), send(Other(X), 'sleep:', [25]), ok end)
        end)
     || _ <- lists:seq(1, 10), X <- Actors
    ],
    lists:foreach(fun(Pid) -> exit(Pid, kill) end, Burners),
    ?assertEqual(lists:duplicate(20, ok), Results).

burn() -> burn().

%% ---------------------------------------------------------------------------------------------------

messages() ->
    receive
        Message -> [Message | messages()]
    after 0 -> []
    end.

%% The result of the function, and the errors that it has logged, which go nowhere else.
logged(Fun) ->
    #{level := Primary} = logger:get_primary_config(),
    {ok, #{level := Default}} = logger:get_handler_config(default),
    ok = logger:add_handler(?MODULE, ?MODULE, #{config => self(), level => error}),
    ok = logger:set_primary_config(level, error),
    ok = logger:update_handler_config(default, level, none),
    try Fun() of
        Result -> {Result, events()}
    after
        ok = logger:update_handler_config(default, level, Default),
        ok = logger:set_primary_config(level, Primary),
        ok = logger:remove_handler(?MODULE)
    end.

log(Event, #{config := Pid}) -> Pid ! {logged, Event}.

events() ->
    receive
        {logged, Event} -> [Event | events()]
    after 20 -> []
    end.
