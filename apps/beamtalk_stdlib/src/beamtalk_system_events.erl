%% @doc Turns what happens in the runtime into announcements of the system's announcer, as far as somebody subscribes to
%% them.
%%
%% While somebody wants to know of the ends of actors, this process watches all actors: those that run already, and each new
%% one.
-module(beamtalk_system_events).

-behaviour(gen_server).
-behaviour(beamtalk_event).

-export([start_link/0, adapt/0, adapt_later/0, handle_event/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

%% An actor that is watched; its supervisor, if it has one.
-record(actor, {pid :: pid(), class :: atom(), supervisor = none :: atom()}).

-record(state, {
    is_watching = false :: boolean(),
    actors = #{} :: #{reference() => #actor{}},
    monitors = #{} :: #{pid() => reference()}
}).

%% @doc Starts the process.
-spec start_link() -> gen_server:start_ret().
start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% @doc To be called when there is a new subscription to the system's events: from now on it gets them.
-spec adapt() -> ok.
adapt() ->
    gen_server:call(?MODULE, adapt, infinity).

%% @doc To be called when a subscription to the system's events has ended.
-spec adapt_later() -> ok.
adapt_later() ->
    gen_server:cast(?MODULE, adapt).

%% The events of the runtime, and the announcements that need them.
needs() ->
    #{
        actor_spawned => [actor_spawned, actor_stopped, supervision_child_crashed],
        child_added => [supervision_child_added, supervision_child_crashed],
        class_loaded => [class_loaded],
        class_removed => [class_removed],
        state_changed => [object_state_changed],
        binding_changed => [binding_changed]
    }.

%% @private
-spec handle_event(beamtalk_event:kind(), term()) -> ok.
handle_event(actor_spawned, {beamtalk_object, Class, _, Pid}) ->
    gen_server:cast(?MODULE, {spawned, Pid, Class}),
    announce(actor_spawned, #{actorClass => Class, pid => Pid});
handle_event(child_added, {Supervisor, Class, Pid}) ->
    gen_server:cast(?MODULE, {supervised, Pid, Supervisor}),
    announce(supervision_child_added, #{supervisor => Supervisor, childClass => Class, childPid => Pid});
handle_event(class_loaded, Name) ->
    announce(class_loaded, #{className => Name});
handle_event(class_removed, Name) ->
    announce(class_removed, #{className => Name});
handle_event(state_changed, {{beamtalk_object, Class, _, Pid}, Slots}) ->
    announce(object_state_changed, #{actorClass => Class, pid => Pid, changedSlots => Slots});
handle_event(binding_changed, {Name, Value, Session}) ->
    announce(binding_changed, #{name => Name, value => Value, sessionId => Session}).

announce(Event, Fields) ->
    beamtalk_announcements:announce(system, Fields#{'$beamtalk_class' => module(Event)}).

module(actor_spawned) -> 'bt@stdlib@actor_spawned';
module(actor_stopped) -> 'bt@stdlib@actor_stopped';
module(supervision_child_added) -> 'bt@stdlib@supervision_child_added';
module(supervision_child_crashed) -> 'bt@stdlib@supervision_child_crashed';
module(class_loaded) -> 'bt@stdlib@class_loaded';
module(class_removed) -> 'bt@stdlib@class_removed';
module(object_state_changed) -> 'bt@stdlib@object_state_changed';
module(binding_changed) -> 'bt@stdlib@binding_changed'.

%% ---------------------------------------------------------------------------------------------------
%% The process
%% ---------------------------------------------------------------------------------------------------

%% @private
-spec init([]) -> {ok, #state{}}.
init([]) ->
    _ = process_flag(trap_exit, true),
    {ok, adapt(#state{})}.

%% @private
-spec handle_call(term(), gen_server:from(), #state{}) -> {reply, term(), #state{}}.
handle_call(adapt, _, State) ->
    {reply, ok, adapt(State)};
handle_call(_, _, State) ->
    {reply, {error, unknown_request}, State}.

%% Listens to what is needed for the announcements that somebody subscribes to.
adapt(State) ->
    Classes = beamtalk_announcements:event_classes(system),
    maps:foreach(
        fun(Kind, Events) ->
            case lists:any(fun(Event) -> is_wanted(Event, Classes) end, Events) of
                true -> beamtalk_event:listen(Kind, ?MODULE);
                false -> beamtalk_event:ignore(Kind, ?MODULE)
            end
        end,
        needs()
    ),
    watch(is_wanted(actor_stopped, Classes) orelse is_wanted(supervision_child_crashed, Classes), State).

is_wanted(Event, Classes) ->
    lists:any(fun(Class) -> lists:member(Class, Classes) end, beamtalk_hierarchy:ancestry(module(Event))).

watch(Same, #state{is_watching = Same} = State) ->
    State;
watch(false, #state{actors = Actors}) ->
    lists:foreach(fun(Monitor) -> demonitor(Monitor, [flush]) end, maps:keys(Actors)),
    #state{};
watch(true, State) ->
    Running = lists:flatmap(fun running/1, processes()),
    lists:foldl(fun add/2, State#state{is_watching = true}, Running).

%% The actor that a process is, if it is one.
running(Pid) ->
    case process_info(Pid, dictionary) of
        {dictionary, Dictionary} -> running(proplists:get_value('$process_label', Dictionary), Pid, Dictionary);
        undefined -> []
    end.

running({beamtalk_actor, Class}, Pid, Dictionary) ->
    [#actor{pid = Pid, class = Class, supervisor = supervisor(proplists:get_value('$ancestors', Dictionary))}];
running(_, _, _) ->
    [].

supervisor([Parent | _]) when is_atom(Parent) ->
    case beamtalk_hierarchy:info(Parent) of
        #{name := Name} -> Name;
        undefined -> none
    end;
supervisor(_) ->
    none.

add(#actor{pid = Pid}, #state{monitors = Monitors} = State) when is_map_key(Pid, Monitors) ->
    State;
add(#actor{pid = Pid} = Actor, #state{actors = Actors, monitors = Monitors} = State) ->
    Monitor = monitor(process, Pid),
    State#state{actors = Actors#{Monitor => Actor}, monitors = Monitors#{Pid => Monitor}}.

%% @private
-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast(adapt, State) ->
    {noreply, adapt(State)};
handle_cast({spawned, Pid, Class}, #state{is_watching = true} = State) ->
    {noreply, add(#actor{pid = Pid, class = Class}, State)};
handle_cast({supervised, Pid, Supervisor}, #state{actors = Actors, monitors = Monitors} = State) ->
    case Monitors of
        #{Pid := Monitor} ->
            #{Monitor := Actor} = Actors,
            {noreply, State#state{actors = Actors#{Monitor := Actor#actor{supervisor = Supervisor}}}};
        _ ->
            {noreply, State}
    end;
handle_cast(_, State) ->
    {noreply, State}.

%% @private
-spec handle_info(term(), #state{}) -> {noreply, #state{}}.
handle_info({'DOWN', Monitor, process, Pid, Reason}, #state{actors = Actors} = State) when
    is_map_key(Monitor, Actors)
->
    {Actor, Others} = maps:take(Monitor, Actors),
    ended(Actor, symbol(Reason)),
    {noreply, State#state{actors = Others, monitors = maps:remove(Pid, State#state.monitors)}};
handle_info(_, State) ->
    {noreply, State}.

ended(#actor{pid = Pid, class = Class, supervisor = Supervisor}, Reason) ->
    announce(actor_stopped, #{actorClass => Class, pid => Pid, reason => Reason}),
    Supervisor =/= none andalso is_crash(Reason) andalso
        announce(supervision_child_crashed, #{
            supervisor => Supervisor, childClass => Class, childPid => Pid, reason => Reason
        }).

is_crash(Reason) ->
    not lists:member(Reason, [normal, shutdown, noproc]).

symbol(Reason) when is_atom(Reason) -> Reason;
symbol(Reason) when is_tuple(Reason), tuple_size(Reason) > 0, is_atom(element(1, Reason)) -> element(1, Reason);
symbol(_) -> error.

%% @private
-spec terminate(term(), #state{}) -> ok.
terminate(_, _) ->
    lists:foreach(fun(Kind) -> beamtalk_event:ignore(Kind, ?MODULE) end, maps:keys(needs())).
