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

no_free_slot() ->
    load(1),
    ets:insert(beamtalk_slots, {?MODULE_NAME, 1, lists:seq(1, 32)}),
    ?assertEqual({error, no_free_slot}, beamtalk_loader:next_slot(?MODULE_NAME)),
    ets:insert(beamtalk_slots, {?MODULE_NAME, 1, [1]}).

concurrent_reservations() ->
    Reserving = [
        spawn_monitor(fun() -> exit(beamtalk_loader:next_slot(?MODULE_NAME)) end)
     || _ <- lists:seq(1, 20)
    ],
    Slots = [receive {'DOWN', M, _, _, {ok, Slot}} -> Slot end || {_, M} <- Reserving],
    ?assertEqual(20, length(lists:usort(Slots))).

bad_versions() ->
    load(1),
    #{facade := {_, Facade}, bodies := [{Body, Beam}]} = Good = version(2),
    Cases = [
        {bad_code, Good#{bodies := [{Body, <<"not a beam">>}]}},
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

