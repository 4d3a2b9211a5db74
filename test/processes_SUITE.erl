%% @doc Actors, timers and names under load, with kills: what must hold however the processes meet.
%%
%% Figures are printed; what is asserted leaves a wide margin, so that a busy machine does not fail the suite.
-module(processes_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1, init_per_testcase/2, end_per_testcase/2]).
-export([
    cycles_are_reported/1, a_cycle_closed_by_two_clients/1, cycles_by_way_of_proxies_and_blocks/1,
    clients_and_kills/1, restarts_and_clients/1, no_message_is_lost/1, mailboxes_stay_clean/1,
    large_mailboxes/1, nothing_is_left_of_ten_thousand_actors/1, names_change_hands/1,
    a_killed_caller_leaves_no_workers/1, actors_of_another_node/1
]).

all() ->
    [
        cycles_are_reported, a_cycle_closed_by_two_clients, cycles_by_way_of_proxies_and_blocks,
        clients_and_kills, restarts_and_clients, no_message_is_lost, mailboxes_stay_clean,
        large_mailboxes, nothing_is_left_of_ten_thousand_actors, names_change_hands,
        a_killed_caller_leaves_no_workers, actors_of_another_node
    ].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    {ok, _} = beamtalk_workspace:load([fixtures()]),
    %% A class variable has a row from its first use on.
    _ = send(class('PlannedSupervisor'), 'plan:', [#{}]),
    [{peer, start_peer()}, {started, Started} | Config].

fixtures() ->
    filename:join([filename:dirname(?FILE), "language", "fixtures"]).

%% A second node; there is none where distribution cannot be started.
start_peer() ->
    _ = os:cmd("epmd -daemon"),
    case net_kernel:start(suite_of_processes, #{name_domain => shortnames}) of
        {ok, _} -> start_peer_node();
        {error, Reason} -> {none, Reason}
    end.

start_peer_node() ->
    {ok, Peer, Node} = peer:start(#{name => peer:random_name(), args => ["-pa" | code:get_path()]}),
    {ok, _} = erpc:call(Node, application, ensure_all_started, [beamtalk_workspace]),
    {ok, _} = erpc:call(Node, beamtalk_workspace, load, [[fixtures()]]),
    {Peer, Node}.

end_per_suite(Config) ->
    case ?config(peer, Config) of
        {none, _} -> ok;
        _ -> net_kernel:stop()
    end,
    [ok = application:stop(Application) || Application <- lists:reverse(?config(started, Config))],
    ok.

%% Whatever a case does, it leaves no row in a table and no process. Actors of other suites come to their end meanwhile.
init_per_testcase(_, Config) ->
    Others = actors(),
    [{others, Others}, {before, remains(Others)} | Config].

end_per_testcase(_, Config) ->
    beamtalk_wait ! sweep,
    _ = sys:get_state(beamtalk_wait),
    same_soon(?config(before, Config), ?config(others, Config), 100).

same_soon(Before, Others, Tries) ->
    case remains(Others) of
        Before -> ok;
        Now when Tries =:= 0 -> {fail, {left_behind, lists:zip(Before, Now)}};
        _ -> timer:sleep(20), same_soon(Before, Others, Tries - 1)
    end.

%% Sizes of all tables, monitors of the servers, names that the cases use, and actors besides others.
remains(Others) ->
    Tables = [{Table, ets:info(Table, size)} || Table <- [beamtalk_subscriptions | beamtalk_tables:names()]],
    Servers = [beamtalk_wait, beamtalk_lock, beamtalk_announcements, beamtalk_system_events, beamtalk_supervision_root],
    Monitors = [{Server, process_info(whereis(Server), [monitors, links, message_queue_len])} || Server <- Servers],
    Names = [Name || Name <- registered(), lists:prefix("processes_", atom_to_list(Name))],
    [{names, lists:sort(Names)}, {actors, length(actors() -- Others)} | Tables] ++ Monitors.

actors() ->
    [Pid || Pid <- processes(), is_actor(process_info(Pid, dictionary))].

is_actor({dictionary, Dictionary}) -> lists:keymember('$process_label', 1, Dictionary);
is_actor(undefined) -> false.

%% ---------------------------------------------------------------------------------------------------
%% Deadlocks
%% ---------------------------------------------------------------------------------------------------

cycles_are_reported(_) ->
    lists:foreach(fun report_cycle/1, [2, 3, 10]).

report_cycle(Size) ->
    Times = [cycle(Size) || _ <- lists:seq(1, 11)],
    ct:pal("deadlock of ~b actors reported after ~b ms (median), ~b ms (longest)", [Size, median(Times), lists:max(Times)]),
    ?assert(lists:max(Times) < 2500).

cycle(Size) ->
    Actors = [First | Others] = [tally() || _ <- lists:seq(1, Size)],
    {Time, Kind} = timer:tc(fun() -> kind(fun() -> evaluate(First, chain(Others, First)) end) end),
    ?assertEqual(deadlock_detected, Kind),
    ?assertEqual(lists:duplicate(Size, 0), [send(Actor, count) || Actor <- Actors]),
    stop(Actors),
    Time div 1000.

%% A block that asks the first of the actors to ask the next and so on, the last to ask the first.
chain([], First) -> fun(_) -> send(First, count) end;
chain([Next | Others], First) -> fun(_) -> evaluate(Next, chain(Others, First)) end.

%% Both ask the other while they are asked. One fails at once, the other gets its answer.
a_cycle_closed_by_two_clients(_) ->
    Times = [closed_by_two() || _ <- lists:seq(1, 30)],
    ct:pal("a cycle closed by two clients is reported after ~b ms (median), ~b ms (longest)", [median(Times), lists:max(Times)]),
    ?assert(lists:max(Times) < 2500).

closed_by_two() ->
    [A, B] = Actors = [tally(), tally()],
    Meet = fun(Other) -> fun(_) -> timer:sleep(rand:uniform(5)), send(Other, increment) end end,
    {Time, Results} = timer:tc(fun() ->
        parallel([fun() -> kind(fun() -> evaluate(X, Meet(Y)) end) end || {X, Y} <- [{A, B}, {B, A}]])
    end),
    ?assertEqual([], lists:sort(Results) -- [deadlock_detected, {value, 1}]),
    Failed = length([failed || deadlock_detected <- Results]),
    ?assert(Failed =< 1),
    ?assertEqual(2 - Failed, lists:sum([send(Actor, count) || Actor <- Actors])),
    stop(Actors),
    Time div 1000.

cycles_by_way_of_proxies_and_blocks(_) ->
    A = tally(),
    B = tally(),
    #{okValue := A} = send(A, 'registerAs:', [processes_a]),
    #{okValue := Named} = send(class('TallyActor'), 'named:', [processes_a]),
    Slow = send(A, 'withTimeout:', [infinity]),
    Parallel = class('Parallel'),
    Asking = [
        fun(_) -> send(Named, count) end,
        fun(_) -> send(Slow, count) end,
        fun(_) -> #{errReason := E} = hd(send(Parallel, 'all:', [[fun() -> send(A, count) end]])), error(E) end,
        fun(_) -> send(class('TallyActor'), 'spawnWith:', [#{helper => A}]), send(Named, stop) end
    ],
    Kinds = [kind(fun() -> evaluate(A, fun(_) -> evaluate(B, Ask) end) end) || Ask <- Asking],
    ?assertEqual([deadlock_detected], lists:usort(Kinds)),
    ?assertEqual(0, send(A, count)),
    [exit(Pid, kill) || Pid <- actors()].

%% ---------------------------------------------------------------------------------------------------
%% Load
%% ---------------------------------------------------------------------------------------------------

%% Fifty clients and a hundred actors, every other of which is killed somewhere on the way. What a client was told is in
%% an actor is there; a send to an actor that was killed says so and nothing else.
clients_and_kills(_) ->
    Actors = [tally() || _ <- lists:seq(1, 100)],
    {Survivors, Victims} = lists:split(50, Actors),
    Killer = spawn(fun() -> [begin timer:sleep(15), send(V, kill) end || V <- Victims] end),
    Deadline = now_ms() + 1500,
    Counts = parallel([fun() -> client(list_to_tuple(Actors), Deadline, #{}) end || _ <- lists:seq(1, 50)]),
    await_end(Killer),
    Sum = fun(Key) -> lists:sum([maps:get(Key, C, 0) || C <- Counts]) end,
    Kinds = lists:usort([K || C <- Counts, {error, K} <- maps:keys(C)]),
    ?assertEqual([], Kinds -- [actor_dead]),
    ?assert(Sum({error, actor_dead}) > 0),
    Expected = [Sum(Actor) || Actor <- Survivors],
    ct:pal("~b sends answered by survivors, ~b refused by the dead", [lists:sum(Expected), Sum({error, actor_dead})]),
    ?assertEqual(Expected, [send(Actor, count) || Actor <- Survivors]),
    stop(Actors).

client(Actors, Deadline, Counts) ->
    Actor = element(rand:uniform(tuple_size(Actors)), Actors),
    Key =
        case kind(fun() -> send(Actor, increment) end) of
            {value, _} -> Actor;
            Kind -> {error, Kind}
        end,
    Counted = maps:update_with(Key, fun(N) -> N + 1 end, 1, Counts),
    case now_ms() < Deadline of
        true -> client(Actors, Deadline, Counted);
        false -> Counted
    end.

%% Supervised actors with names: proxies go on working through restarts.
restarts_and_clients(_) ->
    Names = [list_to_atom("processes_" ++ integer_to_list(I)) || I <- lists:seq(1, 10)],
    Spec = send(send(class('TallyActor'), supervisionSpec), 'withRestart:', [permanent]),
    Plan = #{children => [send(Spec, 'withName:', [Name]) || Name <- Names], maxRestarts => 1000},
    _ = send(class('PlannedSupervisor'), 'plan:', [Plan]),
    #{okValue := Supervisor} = send(class('PlannedSupervisor'), supervise),
    Proxies = [maps:get(okValue, send(class('TallyActor'), 'named:', [Name])) || Name <- Names],
    Killer = spawn(fun() -> [begin timer:sleep(10), send(P, kill) end || _ <- lists:seq(1, 5), P <- Proxies] end),
    Deadline = now_ms() + 1000,
    Counts = parallel([fun() -> client(list_to_tuple(Proxies), Deadline, #{}) end || _ <- lists:seq(1, 20)]),
    await_end(Killer),
    Kinds = lists:usort([K || C <- Counts, {error, K} <- maps:keys(C)]),
    ?assertEqual([], Kinds -- [actor_dead, no_such_process]),
    eventually(fun() -> send(Supervisor, count) =:= 10 end),
    ?assertEqual([1], lists:usort([send(P, increment) - send(P, count) + 1 || P <- Proxies])),
    nil = send(Supervisor, stop).

%% Casts and sends of many clients to one actor: all of them count, those of one client in their order.
no_message_is_lost(_) ->
    Actor = tally(),
    Clients = 50,
    Each = 400,
    parallel([
        fun() ->
            lists:foreach(
                fun(I) ->
                    nil = beamtalk_dispatch:cast(Actor, 'note:', [{Client, I}]),
                    I rem 4 =:= 0 andalso send(Actor, increment)
                end,
                lists:seq(1, Each)
            )
        end
     || Client <- lists:seq(1, Clients)
    ]),
    ?assertEqual(Clients * Each div 4, send(Actor, count)),
    [tally | Log] = send(Actor, log),
    ?assertEqual(
        [[{Client, I} || I <- lists:seq(1, Each)] || Client <- lists:seq(1, Clients)],
        [[Entry || {C, _} = Entry <- Log, C =:= Client] || Client <- lists:seq(1, Clients)]
    ),
    stop([Actor]).

%% Answers that come too late do not arrive.
mailboxes_stay_clean(_) ->
    Actors = [tally() || _ <- lists:seq(1, 10)],
    Outcomes = parallel([
        fun() ->
            Kinds = [
                kind(fun() -> send(A, 'perform:withArguments:timeout:', ['pause:', [rand:uniform(30)], rand:uniform(30)]) end)
             || A <- Actors, _ <- lists:seq(1, 5)
            ],
            timer:sleep(1000),
            {Kinds, process_info(self(), message_queue_len)}
        end
     || _ <- lists:seq(1, 10)
    ]),
    Kinds = [case K of {value, _} -> answered; _ -> K end || {Ks, _} <- Outcomes, K <- Ks],
    ?assertEqual([timeout], lists:usort(Kinds) -- [answered]),
    ?assertEqual([{message_queue_len, 0}], lists:usort([Length || {_, Length} <- Outcomes])),
    ct:pal("~b of ~b sends timed out", [length([K || timeout = K <- Kinds]), length(Kinds)]),
    [send(A, kill) || A <- Actors].

%% A caller whose mailbox is full waits no longer for an answer, and finds its own messages afterwards.
large_mailboxes(_) ->
    Actor = tally(),
    [Empty, Full] = parallel([fun() -> calls(Actor, Messages) end || Messages <- [0, 300000]]),
    ct:pal("1000 sends: ~b ms with an empty mailbox, ~b ms with 300000 messages in it", [Empty, Full]),
    ?assert(Full < 2500),
    Busy = tally(),
    [beamtalk_dispatch:cast(Busy, 'note:', [x]) || _ <- lists:seq(1, 20000)],
    ?assertEqual(0, send(Busy, 'perform:withArguments:timeout:', [count, [], 60000])),
    stop([Actor, Busy]).

calls(Actor, Messages) ->
    [self() ! {message, I} || I <- lists:seq(1, Messages)],
    {Time, _} = timer:tc(fun() -> [send(Actor, increment) || _ <- lists:seq(1, 1000)] end),
    {message_queue_len, Messages} = process_info(self(), message_queue_len),
    Time div 1000.

%% Spawned, named, timed, forwarded to, watched and ended in every way.
nothing_is_left_of_ten_thousand_actors(_) ->
    lists:foreach(fun(Batch) -> parallel([fun() -> short_lives(Batch, 100) end || _ <- lists:seq(1, 10)]) end, lists:seq(1, 10)),
    erlang:garbage_collect(),
    ok.

short_lives(_, 0) ->
    ok;
short_lives(Batch, N) ->
    Actor = tally(),
    Work = element(N rem 5 + 1, {
        fun() -> send(Actor, 'registerAs:', [list_to_atom("processes_" ++ integer_to_list(N))]) end,
        fun() -> evaluate(Actor, fun(_) -> send(class('Timer'), 'every:do:', [60000, fun() -> nil end]) end) end,
        fun() -> Proxy = send(Actor, 'withTimeout:', [1000]), 0 = send(Proxy, count), send(Proxy, stop) end,
        fun() -> evaluate(Actor, fun(_) -> send(announcer(), 'when:do:', [class('OrderPlaced'), fun(_) -> nil end]) end) end,
        fun() -> send(Actor, 'onExit:', [fun(_) -> error(dropped) end]) end
    }),
    quietly(Work),
    ended(Batch rem 3, Actor),
    short_lives(Batch, N - 1).

announcer() -> send(class('Announcer'), new).

ended(0, Actor) -> ok = send(Actor, stop);
ended(1, Actor) -> ok = send(Actor, kill);
ended(2, Actor) -> bye = send(Actor, quit).

%% The errors of `onExit:' blocks are logged; there would be two thousand of them.
quietly(Work) ->
    logger:set_application_level(beamtalk_runtime, none),
    Work().

%% Actors take over names from one another, from processes that are no actors, and give them up; whoever looks one up gets
%% an actor of the class or an error.
names_change_hands(_) ->
    Deadline = now_ms() + 1000,
    Holders = [fun() -> hold(Kind, Deadline) end || Kind <- [actor, checked, checked, process]],
    Seekers = [fun() -> seek(Deadline, []) end || _ <- lists:seq(1, 4)],
    Results = lists:append(lists:nthtail(length(Holders), parallel(Holders ++ Seekers))),
    Found = lists:usort(Results),
    ct:pal("what looking up a contested name gave: ~p", [Found]),
    ?assertEqual([], Found -- [answered, name_not_registered, wrong_class, no_such_process, actor_dead]),
    ?assert(lists:member(answered, Found)).

hold(Kind, Deadline) ->
    _ = taken(Kind),
    case now_ms() < Deadline of
        true -> hold(Kind, Deadline);
        false -> ok
    end.

taken(process) ->
    try register(processes_contested, self()) of
        true -> timer:sleep(1), unregister(processes_contested), timer:sleep(5)
    catch
        error:badarg -> taken
    end;
taken(Kind) ->
    {Class, Slots} =
        case Kind of
            actor -> {class('TallyActor'), #{}};
            checked -> {class('CheckedTallyActor'), #{owner => <<"me">>}}
        end,
    case send(Class, 'spawnWith:as:', [Slots, processes_contested]) of
        #{isOk := true, okValue := Actor} ->
            timer:sleep(1),
            send(Actor, case rand:uniform(2) of 1 -> stop; 2 -> kill end);
        #{errReason := #{kind := name_registered}} ->
            taken
    end.

seek(Deadline, Found) ->
    Result =
        case send(class('CheckedTallyActor'), 'named:', [processes_contested]) of
            #{isOk := true, okValue := Proxy} ->
                case kind(fun() -> send(Proxy, count) end) of
                    {value, 0} -> answered;
                    Kind -> Kind
                end;
            #{errReason := #{kind := Kind}} ->
                Kind
        end,
    case now_ms() < Deadline of
        true -> seek(Deadline, lists:usort([Result | Found]));
        false -> Found
    end.

%% The workers of blocks that run at the same time end with whoever waits for them.
a_killed_caller_leaves_no_workers(_) ->
    Me = self(),
    Block = fun() -> Me ! {worker, self()}, process_flag(trap_exit, true), timer:sleep(infinity) end,
    Caller = spawn(fun() -> send(class('Parallel'), 'all:', [lists:duplicate(20, Block)]) end),
    Workers = [receive {worker, Pid} -> Pid end || _ <- lists:seq(1, 20)],
    exit(Caller, kill),
    eventually(fun() -> not lists:any(fun is_process_alive/1, Workers) end).

%% What works with actors of this node works with those of another, except that a name can only be given there.
actors_of_another_node(Config) ->
    case ?config(peer, Config) of
        {none, Reason} -> {skip, {no_distribution, Reason}};
        {Peer, Node} -> remote_actor(Peer, Node)
    end.

remote_actor(Peer, Node) ->
    Remote = fun(Receiver, Selector, Args) -> erpc:call(Node, beamtalk_dispatch, send, [Receiver, Selector, Args]) end,
    Actor = Remote(class('TallyActor'), spawn, []),
    ?assertEqual(1, send(Actor, increment)),
    nil = beamtalk_dispatch:cast(Actor, increment, []),
    ?assertEqual({2, true}, {send(Actor, count), send(Actor, isAlive)}),
    ?assertEqual(Node, evaluate(Actor, fun(_) -> node() end)),
    ?assertEqual(timeout, kind(fun() -> send(Actor, 'perform:withArguments:timeout:', ['pause:', [300], 50]) end)),
    Proxy = send(Actor, 'withTimeout:', [10000]),
    ?assertEqual({3, ok}, {send(Proxy, increment), send(Proxy, stop)}),
    ?assertMatch(#{errReason := #{kind := runtime_error}}, send(Actor, 'registerAs:', [processes_remote])),
    #{isOk := true} = Remote(Actor, 'registerAs:', [processes_remote]),
    ?assertEqual({processes_remote, ok, nil}, {send(Actor, registeredName), send(Actor, unregister), send(Actor, registeredName)}),
    Timer = Remote(class('Timer'), 'every:do:', [60000, fun() -> nil end]),
    ?assertEqual({true, true, false}, {send(Timer, isActive), send(Timer, cancel), send(Timer, isActive)}),
    Me = self(),
    ok = send(Actor, 'onExit:', [fun(Reason) -> Me ! {ended, Reason} end]),
    ok = send(Actor, stop),
    receive {ended, normal} -> ok after 2000 -> error(silent) end,
    ?assertEqual(actor_dead, kind(fun() -> send(Actor, count) end)),
    Lost = Remote(class('TallyActor'), spawn, []),
    ok = peer:stop(Peer),
    ?assertEqual(actor_dead, kind(fun() -> send(Lost, count) end)),
    ?assertEqual({false, ok, nil, nil}, {send(Lost, isAlive), send(Lost, stop), send(Lost, registeredName), beamtalk_dispatch:cast(Lost, count, [])}).

%% ---------------------------------------------------------------------------------------------------

class(Name) ->
    {ok, Class} = beamtalk_class:lookup(Name),
    Class.

tally() -> send(class('TallyActor'), spawn).

evaluate(Actor, Block) -> send(Actor, 'evaluate:', [Block]).

send(Receiver, Selector) -> send(Receiver, Selector, []).

send(Receiver, Selector, Args) -> beamtalk_dispatch:send(Receiver, Selector, Args).

stop(Actors) -> lists:foreach(fun(Actor) -> ok = send(Actor, stop) end, Actors).

kind(Fun) ->
    try
        {value, Fun()}
    catch
        error:#{kind := Kind} -> Kind
    end.

%% Each function in a process of its own, without the help of what is tested.
parallel(Funs) ->
    Running = [spawn_monitor(fun() -> exit({outcome, Fun()}) end) || Fun <- Funs],
    [receive {'DOWN', Monitor, _, _, {outcome, Outcome}} -> Outcome end || {_, Monitor} <- Running].

await_end(Pid) ->
    Monitor = monitor(process, Pid),
    receive {'DOWN', Monitor, _, _, _} -> ok end.

eventually(Condition) ->
    case Condition() of
        true -> ok;
        false -> timer:sleep(10), eventually(Condition)
    end.

median(Numbers) -> lists:nth(length(Numbers) div 2 + 1, lists:sort(Numbers)).

now_ms() -> erlang:monotonic_time(millisecond).
