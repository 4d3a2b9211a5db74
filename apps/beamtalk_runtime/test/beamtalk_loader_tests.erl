-module(beamtalk_loader_tests).

-include_lib("eunit/include/eunit.hrl").

-define(MODULE_NAME, 'bt@rt_test@live').
-define(CLASS, {'$bt_class', ?MODULE_NAME}).
-define(UNIT, 'bt@+rt_test').
-define(INTEGER, {'$bt_class', 'bt@stdlib@integer'}).

%% A version of the class in the next slot; its methods answer the version number.
version(Number) ->
    {ok, Slot} = beamtalk_loader:next_slot(?MODULE_NAME),
    version(Number, Slot).

version(Number, Slot) ->
    beamtalk_test_class:version(#{
        module => ?MODULE_NAME, name => 'Live', superclass => 'bt@stdlib@value', kind => value, slot => Slot,
        methods => [
            {version, "", integer_to_list(Number)},
            {block, "", "fun() -> " ++ integer_to_list(Number) ++ " end"},
            {'wait:', "Pid",
                "Pid ! {waiting, self()}, receive go -> " ++ integer_to_list(Number) ++ " end"}
        ]
    }).

load(Number) -> {ok, ?CLASS} = beamtalk_loader:load(version(Number)).

send(Selector) -> send(Selector, []).

send(Selector, Args) ->
    beamtalk_dispatch:send(#{'$beamtalk_class' => ?MODULE_NAME}, Selector, Args).

each(Test) ->
    {setup, fun beamtalk_test_library:setup/0, fun cleanup/1, Test}.

cleanup(Started) ->
    _ = beamtalk_loader:unload(?MODULE_NAME),
    ets:delete(beamtalk_slots, ?MODULE_NAME),
    beamtalk_test_library:cleanup(Started).

load_test_() ->
    [
        {Title, each([{timeout, 60, Test}])}
     || {Title, Test} <- [
            {"new version replaces the old one", fun replaces/0},
            {"blocks of old versions stay valid", fun old_blocks/0},
            {"running methods of old versions finish", fun running_methods/0},
            {"a hundred versions", fun many_versions/0},
            {"slots still in use are not given out", fun slots_in_use/0},
            {"slots that the facade routes to are not given out", fun routed_slots/0},
            {"every slot in use", fun no_free_slot/0},
            {"concurrent reservations differ", fun concurrent_reservations/0},
            {"a reservation ends with its process", fun reservation_of_dead_process/0},
            {"a class keeps its kind", fun keeps_kind/0},
            {"superclasses that cannot be", fun bad_superclasses/0},
            {"a killed loader leaves old or new version, whole", fun killed_loaders/0},
            {"concurrent reloads of one class", fun concurrent_reloads/0},
            {"a process that sleeps in each slot", fun sleepers/0},
            {"a bad version leaves the old one in force", fun bad_versions/0},
            {"unload", fun unload/0},
            {"actors go on with the new version", fun actors_go_on/0},
            {"extensions of a file without a class", fun extensions/0},
            {"slots that hold extensions are not given out", fun extending_slots/0}
        ]
    ].

replaces() ->
    load(1),
    ?assertEqual(1, send(version)),
    load(2),
    ?assertEqual(2, send(version)),
    ?assertEqual(?CLASS, beamtalk_class:late('Live')).

old_blocks() ->
    load(1),
    Block = send(block),
    lists:foreach(fun load/1, lists:seq(2, 31)),
    ?assertEqual(1, Block()).

running_methods() ->
    load(1),
    Me = self(),
    {Pid, Monitor} = spawn_monitor(fun() -> exit({result, send('wait:', [Me])}) end),
    receive {waiting, Pid} -> ok end,
    lists:foreach(fun load/1, lists:seq(2, 100)),
    Pid ! go,
    receive {'DOWN', Monitor, _, _, Reason} -> ?assertEqual({result, 1}, Reason) end,
    ?assertEqual(100, send(version)).

many_versions() ->
    lists:foreach(fun(N) -> load(N), ?assertEqual(N, send(version)) end, lists:seq(1, 100)).

%% Slot 1 has old code that a process still runs.
slots_in_use() ->
    {ok, _} = beamtalk_loader:load(version(1, 1)),
    Me = self(),
    Pid = spawn(fun() -> send('wait:', [Me]) end),
    receive {waiting, Pid} -> ok end,
    {ok, _} = beamtalk_loader:load(version(2, 1)),
    {ok, _} = beamtalk_loader:load(version(3, 2)),
    Slots = [element(2, beamtalk_loader:next_slot(?MODULE_NAME)) || _ <- lists:seq(1, 40)],
    ?assertNot(lists:member(1, Slots)),
    ?assertNot(lists:member(2, Slots)),
    exit(Pid, kill),
    timer:sleep(20),
    ?assert(lists:member(1, [element(2, beamtalk_loader:next_slot(?MODULE_NAME)) || _ <- lists:seq(1, 40)])).

routed_slots() ->
    {ok, _} = beamtalk_loader:load(version(1, 5)),
    Slots = lists:usort([element(2, beamtalk_loader:next_slot(?MODULE_NAME)) || _ <- lists:seq(1, 64)]),
    ?assertEqual(lists:seq(1, 32) -- [5], Slots).

%% Every slot is reserved by a process that lives.
no_free_slot() ->
    load(1),
    Me = self(),
    Holders = [spawn(fun() -> hold(Me) end) || _ <- lists:seq(1, 31)],
    [receive {held, Pid} -> ok end || Pid <- Holders],
    ?assertEqual({error, no_free_slot}, beamtalk_loader:next_slot(?MODULE_NAME)),
    [exit(Pid, kill) || Pid <- Holders],
    load(2).

hold(Parent) ->
    {ok, _} = beamtalk_loader:next_slot(?MODULE_NAME),
    Parent ! {held, self()},
    timer:sleep(infinity).

%% Somebody who compiles for long keeps the slot, however many versions come meanwhile.
reservation_of_dead_process() ->
    Me = self(),
    Holder = spawn(fun() -> {ok, Slot} = beamtalk_loader:next_slot(?MODULE_NAME), Me ! {slot, Slot}, timer:sleep(infinity) end),
    Held = receive {slot, Slot} -> Slot end,
    Reserve = fun() -> [element(2, beamtalk_loader:next_slot(?MODULE_NAME)) || _ <- lists:seq(1, 64)] end,
    ?assertNot(lists:member(Held, Reserve())),
    exit(Holder, kill),
    timer:sleep(10),
    ?assert(lists:member(Held, Reserve())).

keeps_kind() ->
    load(1),
    Actor = beamtalk_test_class:version(#{
        module => ?MODULE_NAME, name => 'Live', superclass => 'bt@stdlib@actor', kind => actor, slot => 9
    }),
    {error, Reason} = beamtalk_loader:load(Actor),
    ?assertEqual({kind_changed, ?MODULE_NAME, value, actor}, Reason),
    ?assertMatch({match, _}, re:run(beamtalk_loader:format_error(Reason), "removeFromSystem to Live")),
    ?assertEqual(1, send(version)),
    ok = beamtalk_loader:unload(?MODULE_NAME),
    ?assertEqual({ok, ?CLASS}, beamtalk_loader:load(Actor)).

bad_superclasses() ->
    load(1),
    Sub = 'bt@rt_test@live_sub',
    Spec = #{name => 'Live', module => ?MODULE_NAME, kind => value, slot => 9},
    {ok, _} = beamtalk_loader:load(
        beamtalk_test_class:version(Spec#{module := Sub, name := 'LiveSub', superclass => ?MODULE_NAME})
    ),
    Cases = [{own_superclass, Sub}, {own_superclass, ?MODULE_NAME}, {no_superclass, 'bt@rt_test@nowhere'}],
    lists:foreach(
        fun({Expected, Super}) ->
            {error, Reason} = beamtalk_loader:load(beamtalk_test_class:version(Spec#{superclass => Super})),
            ?assertEqual(Expected, element(1, Reason)),
            ?assert(is_binary(beamtalk_loader:format_error(Reason))),
            ?assertEqual(1, send(version))
        end,
        Cases
    ),
    ok = beamtalk_loader:unload(Sub).

%% Wherever the kill hits, the class answers, the registry agrees with it, and the lock is free.
killed_loaders() ->
    load(0),
    lists:foreach(
        fun(Number) ->
            Version = version(Number),
            {Pid, Monitor} = spawn_monitor(fun() -> beamtalk_loader:load(Version) end),
            busy_wait(rand:uniform(1500)),
            exit(Pid, kill),
            receive {'DOWN', Monitor, _, _, _} -> ok end,
            ?assert(lists:member(send(version), lists:seq(0, Number)))
        end,
        lists:seq(1, 60)
    ),
    load(61),
    ?assertEqual(61, send(version)),
    ?assertEqual(?CLASS, beamtalk_class:late('Live')).

busy_wait(Microseconds) ->
    End = erlang:monotonic_time(microsecond) + Microseconds,
    wait_until(End).

wait_until(End) ->
    case erlang:monotonic_time(microsecond) < End of
        true -> wait_until(End);
        false -> ok
    end.

%% Each loader sees its version or a later one, never a mixture.
concurrent_reloads() ->
    load(0),
    Loaders = [
        spawn_monitor(fun() -> [load(100 * Loader + I) || I <- lists:seq(1, 10)], exit(done) end)
     || Loader <- lists:seq(1, 6)
    ],
    Client = spawn_monitor(fun() -> exit({calls, call_until_stopped(0)}) end),
    [receive {'DOWN', M, _, _, Reason} -> ?assertEqual(done, Reason) end || {_, M} <- Loaders],
    element(1, Client) ! stop,
    Monitor = element(2, Client),
    receive {'DOWN', Monitor, _, _, Reason} -> ?assertMatch({calls, N} when N > 0, Reason) end,
    ?assertEqual(10, send(version) rem 100).

call_until_stopped(Calls) ->
    true = is_integer(send(version)),
    receive stop -> Calls + 1 after 0 -> call_until_stopped(Calls + 1) end.

%% More sleepers than slots: the ring is full of code in use, and a new version is refused; nobody is killed.
sleepers() ->
    Me = self(),
    Sleep = fun(Number) ->
        case beamtalk_loader:next_slot(?MODULE_NAME) of
            {ok, Slot} ->
                {ok, _} = beamtalk_loader:load(version(Number, Slot)),
                Pid = spawn(fun() -> exit({answer, send('wait:', [Me])}) end),
                receive {waiting, Pid} -> [{Number, Pid, monitor(process, Pid)}] end;
            {error, no_free_slot} ->
                []
        end
    end,
    Sleepers = lists:flatmap(Sleep, lists:seq(1, 80)),
    ?assertEqual({error, no_free_slot}, beamtalk_loader:next_slot(?MODULE_NAME)),
    ?assert(length(Sleepers) >= 32),
    lists:foreach(
        fun({Number, Pid, Monitor}) ->
            Pid ! go,
            receive {'DOWN', Monitor, _, _, Reason} -> ?assertEqual({answer, Number}, Reason) end
        end,
        Sleepers
    ),
    load(81).

concurrent_reservations() ->
    Me = self(),
    Reserving = [
        spawn(fun() -> Me ! {self(), beamtalk_loader:next_slot(?MODULE_NAME)}, timer:sleep(infinity) end)
     || _ <- lists:seq(1, 20)
    ],
    Slots = [receive {Pid, {ok, Slot}} -> Slot end || Pid <- Reserving],
    [exit(Pid, kill) || Pid <- Reserving],
    ?assertEqual(20, length(lists:usort(Slots))).

bad_versions() ->
    load(1),
    #{facade := {_, Facade}, bodies := [{Body, Beam}]} = Good = version(2),
    Cases = [
        {bad_code, Good#{bodies := [{Body, <<"not a beam">>}]}},
        {bad_code, Good#{bodies := [{Body, without_functions(Body)}]}},
        {bad_code, Good#{facade := {?MODULE_NAME, Beam}}},
        {bad_code, Good#{facade := {?MODULE_NAME, <<>>}}},
        {not_a_facade, Good#{facade := {?MODULE_NAME, plain_module()}}},
        {misnamed, Good#{bodies := [{lists, Beam}]}},
        {misnamed, Good#{facade := {other, Facade}}},
        {class_exists, Good#{class => 'LIVE'}}
    ],
    lists:foreach(
        fun({Expected, Version}) ->
            {error, Reason} = beamtalk_loader:load(Version),
            ?assertEqual(Expected, element(1, Reason)),
            ?assert(is_binary(beamtalk_loader:format_error(Reason))),
            ?assertEqual(1, send(version))
        end,
        Cases
    ),
    ?assertEqual({ok, ?CLASS}, beamtalk_loader:load(Good)),
    ?assertEqual(2, send(version)).

%% The emulator does not survive the loading of such a module.
without_functions(Module) ->
    {ok, Module, Beam} = compile:forms(cerl:c_module(cerl:c_atom(Module), [], [], []), [from_core, binary]),
    Beam.

plain_module() ->
    Forms = [{attribute, 1, module, ?MODULE_NAME}],
    {ok, _, Beam} = compile:forms(Forms, [binary]),
    Beam.

unload() ->
    load(1),
    load(2),
    Block = send(block),
    ?assertEqual(ok, beamtalk_loader:unload(?MODULE_NAME)),
    ?assertEqual(error, beamtalk_class:lookup('Live')),
    ?assertError(undef, send(version)),
    ?assertEqual(ok, beamtalk_loader:unload(?MODULE_NAME)),
    _ = Block,
    load(3),
    ?assertEqual(3, send(version)).

actors_go_on() ->
    Spec = fun(Slot, Increment, Fields) ->
        beamtalk_test_class:version(#{
            module => ?MODULE_NAME, name => 'Live', superclass => 'bt@stdlib@actor', kind => actor, slot => Slot,
            fields => Fields,
            methods => [
                {step, "", io_lib:format("beamtalk_actor:put_field(Self, n, beamtalk_actor:get_field(Self, n) + ~b)", [Increment])},
                {more, "", "beamtalk_actor:get_field(Self, more)"}
            ]
        })
    end,
    {ok, Class} = beamtalk_loader:load(Spec(1, 1, [{n, "0"}])),
    Actor = beamtalk_dispatch:send(Class, spawn, []),
    ?assertEqual(1, beamtalk_dispatch:send(Actor, step, [])),
    {ok, Class} = beamtalk_loader:load(Spec(2, 10, [{n, "0"}, {more, "5"}])),
    ?assertEqual(11, beamtalk_dispatch:send(Actor, step, [])),
    ?assertEqual(5, beamtalk_dispatch:send(Actor, more, [])),
    beamtalk_dispatch:send(Actor, kill, []).

extensions() ->
    Version = fun(Slot, Functions) -> #{
        module => ?UNIT, facade => absent, bodies => [extending(Slot, Functions)]
    } end,
    Functions = ['m bt@stdlib@integer live', 'c bt@stdlib@integer live'],
    {ok, undefined} = beamtalk_loader:load(Version(1, Functions)),
    ?assertEqual({1, 3}, beamtalk_dispatch:send(3, live, [])),
    ?assertEqual({1, ?INTEGER}, beamtalk_dispatch:send(?INTEGER, live, [])),
    %% The next version takes their place, and takes away what it has no more.
    {ok, undefined} = beamtalk_loader:load(Version(2, tl(Functions))),
    ?assertEqual({2, ?INTEGER}, beamtalk_dispatch:send(?INTEGER, live, [])),
    ?assertError(#{kind := does_not_understand}, beamtalk_dispatch:send(3, live, [])),
    ok = beamtalk_loader:unload(?UNIT),
    ?assertError(#{kind := does_not_understand}, beamtalk_dispatch:send(?INTEGER, live, [])).

%% The body whose methods are in force is not given out, however often the ring goes round.
extending_slots() ->
    {ok, 1} = beamtalk_loader:next_slot(?UNIT),
    Body = extending(1, ['m bt@stdlib@integer live']),
    {ok, undefined} = beamtalk_loader:load(#{module => ?UNIT, facade => absent, bodies => [Body]}),
    Slots = [element(2, beamtalk_loader:next_slot(?UNIT)) || _ <- lists:seq(1, 2 * beamtalk_loader:ring())],
    ?assertNot(lists:member(1, Slots)),
    ?assertEqual({1, 3}, beamtalk_dispatch:send(3, live, [])),
    ok = beamtalk_loader:unload(?UNIT).

%% A body module with methods for other classes; each answers the slot and its receiver.
extending(Slot, Functions) ->
    Module = list_to_atom(lists:concat([?UNIT, "@", Slot])),
    Forms =
        [{attribute, 1, module, Module}, {attribute, 1, export, [{F, 1} || F <- Functions]}] ++
            [
                {function, 1, F, 1, [
                    {clause, 1, [{var, 1, 'Self'}], [], [{tuple, 1, [{integer, 1, Slot}, {var, 1, 'Self'}]}]}
                ]}
             || F <- Functions
            ],
    {ok, Module, Beam} = compile:forms(Forms, [binary]),
    {Module, Beam}.

