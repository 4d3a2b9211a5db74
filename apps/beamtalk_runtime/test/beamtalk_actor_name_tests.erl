%% @doc Names of actors: giving, taking over, giving up, and what a name leads to.
-module(beamtalk_actor_name_tests).

-include_lib("eunit/include/eunit.hrl").
-include("beamtalk_property.hrl").

-define(COUNTER, {'$bt_class', 'bt@rt_test@counter'}).
-define(LOUD, {'$bt_class', 'bt@rt_test@loud_counter'}).

send(Receiver, Selector) -> send(Receiver, Selector, []).

send(Receiver, Selector, Args) -> beamtalk_dispatch:send(Receiver, Selector, Args).

counter() -> send(?COUNTER, spawn).

kind(Fun) -> beamtalk_test_library:kind(Fun).

with(Tests) -> beamtalk_test_library:with(Tests).

inside(Actor, Fun) -> send(Actor, 'evaluate:', [Fun]).

name_test_() ->
    with([
        {"spawned with a name", fun() ->
            Actor = ok(send(?COUNTER, 'spawnWith:as:', [#{count => 3}, tally_1])),
            Proxy = ok(send(?COUNTER, 'named:', [tally_1])),
            ?assertEqual({3, 4}, {send(Proxy, count), send(Proxy, increment)}),
            ?assertEqual({tally_1, true}, {send(Actor, registeredName), send(Proxy, isRegistered)}),
            ?assertEqual([Actor], send(?COUNTER, allRegistered)),
            ?assertEqual(ok, send(Proxy, unregister)),
            ?assertEqual(ok, send(Actor, unregister)),
            ?assertEqual({nil, false, []}, {send(Actor, registeredName), send(Actor, isRegistered), ets:tab2list(beamtalk_actor_names)}),
            ?assertEqual(Actor, ok(send(Actor, 'registerAs:', [tally_2]))),
            ?assertEqual(nil, beamtalk_dispatch:cast(Proxy, increment, [])),
            ok = send(Actor, stop)
        end},
        [{lists:concat(["refused: ", Kind, " ", Title]), fun() -> ?assertEqual(Kind, refusal(Fun)) end}
         || {Kind, Title, Fun} <- refusals()],
        {"a failing initialize gives the name up", fun() ->
            beamtalk_actor_tests:with_method(initialize, "error(oops)", fun(Class) ->
                ?assertEqual(instantiation_error, refusal(fun() -> send(Class, 'spawnAs:', [tally_3]) end)),
                ?assertEqual({undefined, []}, {whereis(tally_3), ets:tab2list(beamtalk_actor_names)})
            end)
        end},
        {"a proxy follows the name", fun() ->
            First = ok(send(?COUNTER, 'spawnAs:', [tally_4])),
            Proxy = ok(send(?COUNTER, 'named:', [tally_4])),
            ok = send(First, stop),
            ?assertEqual(no_such_process, kind(fun() -> send(Proxy, count) end)),
            ?assertEqual(false, send(Proxy, isAlive)),
            ?assertEqual({ok, nil}, {send(Proxy, stop), beamtalk_dispatch:cast(Proxy, count, [])}),
            _ = ok(send(?LOUD, 'spawnWith:as:', [#{owner => me, count => 7}, tally_4])),
            ?assertEqual(7, send(Proxy, count)),
            ok = send(Proxy, stop)
        end},
        {"an actor that sends to its own proxy", fun() ->
            Actor = ok(send(?COUNTER, 'spawnAs:', [tally_5])),
            Proxy = ok(send(?COUNTER, 'named:', [tally_5])),
            ?assertEqual(1, inside(Actor, fun(_) -> send(Proxy, increment) end)),
            ?assertEqual(ok, inside(Actor, fun(_) -> send(Proxy, stop) end)),
            ?assertEqual(false, send(Actor, isAlive))
        end},
        {"a name taken over by a process that is no actor", fun() ->
            Actor = ok(send(?COUNTER, 'spawnAs:', [tally_6])),
            Proxy = ok(send(?COUNTER, 'named:', [tally_6])),
            unregister(tally_6),
            register(tally_6, self()),
            ?assertEqual(wrong_class, refusal(fun() -> send(?COUNTER, 'named:', [tally_6]) end)),
            ?assertEqual([], send(?COUNTER, allRegistered)),
            unregister(tally_6),
            ?assertEqual(no_such_process, kind(fun() -> send(Proxy, count) end)),
            ?assertEqual(ok, send(Actor, unregister)),
            beamtalk_wait ! sweep,
            _ = sys:get_state(beamtalk_wait),
            ?assertEqual([], ets:tab2list(beamtalk_actor_names))
        end},
        {"fifty compete for a name", fun() ->
            Tries = [
                spawn_monitor(fun() -> exit({tried, send(?COUNTER, 'spawnAs:', [tally_7])}) end)
             || _ <- lists:seq(1, 50)
            ],
            Results = [receive {'DOWN', M, _, _, {tried, R}} -> R end || {_, M} <- Tries],
            ?assertEqual(1, length([ok || #{isOk := true} <- Results])),
            ?assertEqual([name_registered], lists:usort([K || #{isOk := false, errReason := #{kind := K}} <- Results])),
            ok = send(ok(send(?COUNTER, 'named:', [tally_7])), kill)
        end},
        {"a new process of the name answers a proxy whose actor was killed meanwhile", {timeout, 60, fun successors/0}}
    ]).

ok(#{isOk := true, okValue := Value}) -> Value.

refusal(Fun) ->
    #{isOk := false, errReason := #{kind := Kind}} = Fun(),
    Kind.

refusals() ->
    Taken = fun() -> ok(send(?COUNTER, 'spawnAs:', [tally_taken])) end,
    Free = fun(Fun) -> Actor = Taken(), try Fun(Actor) after send(Actor, stop) end end,
    [
        {name_registered, "spawnAs:", fun() -> Free(fun(_) -> send(?LOUD, 'spawnAs:', [tally_taken]) end) end},
        {name_registered, "registerAs:", fun() -> Free(fun(_) -> send(counter(), 'registerAs:', [tally_taken]) end) end},
        {name_registered, "a second name", fun() -> Free(fun(A) -> send(A, 'registerAs:', [tally_other]) end) end},
        {reserved_name, "init", fun() -> send(?COUNTER, 'spawnAs:', [init]) end},
        {reserved_name, "undefined", fun() -> send(?COUNTER, 'spawnAs:', [undefined]) end},
        {reserved_name, "beamtalk_x", fun() -> send(counter(), 'registerAs:', [beamtalk_x]) end},
        {type_error, "a String", fun() -> send(?COUNTER, 'spawnAs:', [<<"x">>]) end},
        {type_error, "nil", fun() -> send(counter(), 'registerAs:', [nil]) end},
        {type_error, "arguments", fun() -> send(?COUNTER, 'spawnWith:as:', [[], tally_other]) end},
        {instantiation_error, "abstract", fun() -> send({'$bt_class', 'bt@stdlib@server'}, 'spawnAs:', [tally_other]) end},
        {actor_dead, "dead", fun() -> A = counter(), send(A, stop), send(A, 'registerAs:', [tally_other]) end},
        {name_not_registered, "named:", fun() -> send(?COUNTER, 'named:', [tally_other]) end},
        {type_error, "named: a number", fun() -> send(?COUNTER, 'named:', [7]) end},
        {wrong_class, "named: of a subclass", fun() -> Free(fun(_) -> send(?LOUD, 'named:', [tally_taken]) end) end},
        {wrong_class, "named: of a system process", fun() -> send(?COUNTER, 'named:', [code_server]) end}
    ].

%% Every answer is that of a living actor or one of the two errors that tell the truth.
successors() ->
    _ = ok(send(?COUNTER, 'spawnAs:', [tally_8])),
    Proxy = ok(send(?COUNTER, 'named:', [tally_8])),
    Killer = spawn_link(fun() -> killing(200), exit(normal) end),
    Monitor = monitor(process, Killer),
    Kinds = asked(Proxy, Monitor, []),
    ?assertEqual([], lists:usort(Kinds) -- [answered, actor_dead, no_such_process]),
    ?assert(lists:member(answered, Kinds)),
    ok = send(ok(send(?COUNTER, 'named:', [tally_8])), kill).

killing(0) -> ok;
killing(N) ->
    exit(whereis(tally_8), kill),
    respawn(),
    killing(N - 1).

respawn() ->
    case send(?COUNTER, 'spawnAs:', [tally_8]) of
        #{isOk := true} -> ok;
        #{errReason := #{kind := name_registered}} -> respawn()
    end.

asked(Proxy, Monitor, Kinds) ->
    Kind =
        try send(Proxy, count) of
            0 -> answered
        catch
            error:#{kind := K} -> K
        end,
    receive
        {'DOWN', Monitor, _, _, normal} -> [Kind | Kinds]
    after 0 -> asked(Proxy, Monitor, [Kind | Kinds])
    end.

%% ---------------------------------------------------------------------------------------------------
%% Against a model: which of the actors lives, and which has which name
%% ---------------------------------------------------------------------------------------------------

model_test_() ->
    with([{timeout, 120, fun() -> ?assertProperty(agrees_with_model(), 300) end}]).

agrees_with_model() ->
    ?FORALL(Commands, proper_types:list(command()), begin
        {Actors, Names} = lists:foldl(fun step/2, {#{}, #{}}, Commands),
        Registered = lists:sort([maps:get(I, Actors) || I <- maps:values(Names)]),
        All = lists:sort(send(?COUNTER, allRegistered)),
        maps:foreach(fun(_, Actor) -> send(Actor, stop) end, Actors),
        Registered =:= All andalso send(?COUNTER, allRegistered) =:= [] andalso
            ets:tab2list(beamtalk_actor_names) =:= []
    end).

command() ->
    Index = proper_types:integer(1, 4),
    Name = proper_types:elements([model_a, model_b, model_c]),
    proper_types:oneof([
        {spawn, Index}, {spawn_as, Index, Name}, {register, Index, Name}, {unregister, Index},
        {stop, Index}, {name, Index}, {find, Name}
    ]).

step({spawn, I}, {Actors, Names} = Model) ->
    case Actors of
        #{I := _} -> Model;
        _ -> {Actors#{I => counter()}, Names}
    end;
step({spawn_as, I, _}, {Actors, _} = Model) when is_map_key(I, Actors) ->
    Model;
step({spawn_as, _, Name}, {_, Names} = Model) when is_map_key(Name, Names) ->
    name_registered = refusal(fun() -> send(?COUNTER, 'spawnAs:', [Name]) end),
    Model;
step({spawn_as, I, Name}, {Actors, Names}) ->
    {Actors#{I => ok(send(?COUNTER, 'spawnAs:', [Name]))}, Names#{Name => I}};
step({find, Name}, {Actors, Names} = Model) ->
    case Names of
        #{Name := I} ->
            Pid = element(4, maps:get(I, Actors)),
            Pid = send(ok(send(?COUNTER, 'named:', [Name])), pid);
        _ -> name_not_registered = refusal(fun() -> send(?COUNTER, 'named:', [Name]) end)
    end,
    Model;
step(Command, {Actors, _} = Model) ->
    case Actors of
        #{element(2, Command) := Actor} -> step(Command, Actor, Model);
        _ -> Model
    end.

step({register, I, Name}, Actor, {Actors, Names} = Model) ->
    case is_map_key(Name, Names) orelse name_of(I, Names) =/= nil of
        true ->
            name_registered = refusal(fun() -> send(Actor, 'registerAs:', [Name]) end),
            Model;
        false ->
            Actor = ok(send(Actor, 'registerAs:', [Name])),
            {Actors, Names#{Name => I}}
    end;
step({unregister, I}, Actor, {Actors, Names}) ->
    ok = send(Actor, unregister),
    {Actors, maps:remove(name_of(I, Names), Names)};
step({stop, I}, Actor, {Actors, Names}) ->
    ok = send(Actor, stop),
    {maps:remove(I, Actors), maps:remove(name_of(I, Names), Names)};
step({name, I}, Actor, {_, Names} = Model) ->
    Name = name_of(I, Names),
    Name = send(Actor, registeredName),
    Model.

name_of(I, Names) ->
    case [Name || {Name, Index} <- maps:to_list(Names), Index =:= I] of
        [Name] -> Name;
        [] -> nil
    end.
