%% @doc The announcements of the system that come from loading and from sessions.
-module(beamtalk_system_events_tests).

-include_lib("eunit/include/eunit.hrl").

events_test_() ->
    {setup, fun start/0, fun stop/1, fun({_, Session}) ->
        [
            {timeout, 60, {"classes", fun() -> classes(Session) end}},
            {timeout, 60, {"variables of a session", fun() -> variables(Session) end}},
            {timeout, 60, {"nothing is watched when nobody subscribes", fun() -> idle(Session) end}},
            {timeout, 60, {"subscriptions outlive a restart", fun() -> restart(Session) end}}
        ]
    end}.

start() ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    {ok, Session} = beamtalk_workspace:open_session(),
    {Started, Session}.

stop({Started, Session}) ->
    ok = beamtalk_workspace:close_session(Session),
    lists:foreach(fun application:stop/1, lists:reverse(Started)).

classes(Session) ->
    subscribe(Session, "ClassLoaded"),
    subscribe(Session, "ClassRemoved"),
    {ok, _} = evaluate(Session, "Object subclass: Passing\n  class one => 1\n"),
    {class_loaded, #{className := 'Passing'}} = next(),
    {ok, _} = evaluate(Session, "Passing removeFromSystem"),
    {class_removed, #{className := 'Passing'}} = next(),
    unsubscribe(Session).

variables(Session) ->
    subscribe(Session, "BindingChanged"),
    {ok, _} = evaluate(Session, "a := 3"),
    {binding_changed, #{name := a, value := 3, sessionId := <<"<", _/binary>>}} = next(),
    {ok, _} = evaluate(Session, "a"),
    {ok, _} = evaluate(Session, "a := 4"),
    {binding_changed, #{name := a, value := 4}} = next(),
    unsubscribe(Session).

idle(Session) ->
    Kinds = [actor_spawned, state_changed, class_loaded, class_removed, child_added, binding_changed],
    settled(),
    ?assertEqual([], [Kind || Kind <- Kinds, beamtalk_event:has_listener(Kind)]),
    subscribe(Session, "ActorStopped"),
    ?assertEqual([actor_spawned], [Kind || Kind <- Kinds, beamtalk_event:has_listener(Kind)]),
    {ok, _} = evaluate(Session, "t := TimeoutProxy spawn"),
    settled(),
    ?assertMatch([_ | _], monitors()),
    unsubscribe(Session),
    settled(),
    ?assertEqual([], monitors()),
    ?assertEqual([], [Kind || Kind <- Kinds, beamtalk_event:has_listener(Kind)]).

restart(Session) ->
    subscribe(Session, "ActorStopped"),
    {ok, _} = evaluate(Session, "t := TimeoutProxy spawn"),
    lists:foreach(fun killed/1, [beamtalk_announcements, beamtalk_system_events]),
    {ok, _} = evaluate(Session, "t kill"),
    {actor_stopped, #{actorClass := 'TimeoutProxy', reason := killed}} = next(),
    unsubscribe(Session).

%% What was sent to the processes before is done.
settled() ->
    _ = sys:get_state(beamtalk_announcements),
    _ = sys:get_state(beamtalk_system_events),
    ok.

killed(Name) ->
    Pid = whereis(Name),
    Monitor = monitor(process, Pid),
    exit(Pid, kill),
    receive {'DOWN', Monitor, _, _, _} -> ok end,
    await(fun() -> whereis(Name) =/= undefined end).

await(Condition) ->
    case Condition() of
        true -> ok;
        false -> timer:sleep(5), await(Condition)
    end.

monitors() ->
    {monitors, Monitors} = process_info(whereis(beamtalk_system_events), monitors),
    Monitors.

%% Events come to this process, by way of a registered name.
subscribe(Session, Class) ->
    catch register(?MODULE, self()),
    Source = [
        "SystemAnnouncer current when: ", Class, " do: [:e | Erlang erlang send: #", atom_to_list(?MODULE), " with: e]"
    ],
    {ok, _} = evaluate(Session, Source).

unsubscribe(Session) ->
    {ok, _} = evaluate(Session, "SystemAnnouncer current unsubscribe: (Erlang erlang self)"),
    unregister(?MODULE),
    receive Event -> error({unexpected, Event}) after 0 -> ok end.

next() ->
    receive
        #{'$beamtalk_class' := Module} = Event ->
            <<"bt@stdlib@", Name/binary>> = atom_to_binary(Module),
            {binary_to_atom(Name), Event}
    after 2000 -> error(no_event)
    end.

evaluate(Session, Source) ->
    beamtalk_session:evaluate(Session, Source).
