%% @doc What happens in the runtime, for whoever wants to know.
%%
%% There is at most one listener for each kind of event, a module with this behaviour. Where nobody listens, an event costs
%% the reading of a constant. Besides, the parameter `actor_spawn_callback' of the application may name a function
%% `{Module, Function}' that is called with each new actor.
%%
%% A listener runs in the process where the event happens, so it must be quick; what it raises is logged.
-module(beamtalk_event).

-export([listen/2, ignore/2, has_listener/1, notify/2]).

-export_type([kind/0]).

-type kind() :: actor_spawned | state_changed | class_loaded | class_removed | child_added | binding_changed.
%% The data are the reference of the actor; with it the names of the slots; the name of the class; `{Supervisor, Class, Pid}',
%% the names of both classes and the child's process; `{Name, Value, SessionId}' of a session's variable.

-callback handle_event(kind(), Data :: term()) -> term().

%% An atom as the key, because whether somebody listens is asked at each message to an actor.
key(actor_spawned) -> 'beamtalk_event actor_spawned';
key(state_changed) -> 'beamtalk_event state_changed';
key(class_loaded) -> 'beamtalk_event class_loaded';
key(class_removed) -> 'beamtalk_event class_removed';
key(child_added) -> 'beamtalk_event child_added';
key(binding_changed) -> 'beamtalk_event binding_changed'.

%% @doc Makes the module the listener for events of the kind.
-spec listen(kind(), module()) -> ok.
listen(Kind, Module) ->
    persistent_term:put(key(Kind), Module).

%% @doc Ends that, if the module is the listener. An atom replaces the atom, which costs no garbage collection.
-spec ignore(kind(), module()) -> ok.
ignore(Kind, Module) ->
    case persistent_term:get(key(Kind), none) of
        Module -> persistent_term:put(key(Kind), none);
        _ -> ok
    end.

%% @doc Whether somebody listens, where it takes work to find out what has happened.
-spec has_listener(kind()) -> boolean().
has_listener(Kind) ->
    persistent_term:get(key(Kind), none) =/= none.

%% @doc Something has happened.
-spec notify(kind(), term()) -> ok.
notify(Kind, Data) ->
    case persistent_term:get(key(Kind), none) of
        none -> ok;
        Module -> tell(Kind, Module, handle_event, [Kind, Data])
    end,
    Kind =:= actor_spawned andalso call_back(Data),
    ok.

call_back(Actor) ->
    case application:get_env(beamtalk_runtime, actor_spawn_callback) of
        {ok, {Module, Function}} -> tell(actor_spawned, Module, Function, [Actor]);
        undefined -> ok
    end.

tell(Kind, Module, Function, Args) ->
    try apply(Module, Function, Args) of
        _ -> ok
    catch
        Class:Reason:Stack ->
            beamtalk_error:report(beamtalk_error:from_erlang(Class, Reason, Stack), #{
                label => {beamtalk_event, Kind}, listener => Module
            })
    end.
