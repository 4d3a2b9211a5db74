%% @doc Actors: sends and casts, their fields, and the primitives of class Actor.
-module(beamtalk_actor).

-compile({no_auto_import, [spawn/1, monitor/1]}).

-export([send/3, call/4, cast/3, start_link/2, process/1]).
%% Fields
-export([get_field/2, put_field/3, snapshot/0, restore/1]).
%% Primitives of the class side, named by selector
-export([spawn/1, 'spawnWith:'/2, new/1, 'new:'/2, isSupervisor/1, supervisionPolicy/1]).
%% Primitives of the instance side
-export([
    pid/1, monitor/1, 'onExit:'/2, stop/1, kill/1, isAlive/1, initialize/1, 'terminate:'/2,
    'handleInfo:'/2, printString/1, delegate/1
]).

-define(DEFAULT_TIMEOUT, 5000).

-type ref() :: {beamtalk_object, Class :: atom(), module(), pid() | {name, atom()}}.

-export_type([ref/0]).

%% ---------------------------------------------------------------------------------------------------
%% Sends
%% ---------------------------------------------------------------------------------------------------

%% @doc A send to an actor that runs in another process.
-spec send(ref(), atom(), [term()]) -> term().
send(Self, Selector, Args) ->
    case is_about_reference(Selector) andalso is_inherited(Self, Selector) of
        true -> beamtalk_dispatch:local_send(Self, Selector, Args);
        false -> call(Self, Selector, Args, ?DEFAULT_TIMEOUT)
    end.

%% Messages that concern the reference or the process and not what the actor does: they are answered
%% without the actor, which may be dead or busy. Blocks among the arguments run in the caller.
is_about_reference(class) -> true;
is_about_reference(isNil) -> true;
is_about_reference(notNil) -> true;
is_about_reference('ifNil:') -> true;
is_about_reference('ifNotNil:') -> true;
is_about_reference('ifNil:ifNotNil:') -> true;
is_about_reference('ifNotNil:ifNil:') -> true;
is_about_reference(yourself) -> true;
is_about_reference(hash) -> true;
is_about_reference('equals:') -> true;
is_about_reference('==') -> true;
is_about_reference('/=') -> true;
is_about_reference('=:=') -> true;
is_about_reference('=/=') -> true;
is_about_reference('isKindOf:') -> true;
is_about_reference(printString) -> true;
is_about_reference(displayString) -> true;
is_about_reference(inspect) -> true;
is_about_reference('perform:withArguments:timeout:') -> true;
is_about_reference(pid) -> true;
is_about_reference(monitor) -> true;
is_about_reference('onExit:') -> true;
is_about_reference(stop) -> true;
is_about_reference(kill) -> true;
is_about_reference(isAlive) -> true;
is_about_reference('withTimeout:') -> true;
is_about_reference('registerAs:') -> true;
is_about_reference(unregister) -> true;
is_about_reference(registeredName) -> true;
is_about_reference(isRegistered) -> true;
is_about_reference(_) -> false.

%% A class that defines such a selector itself means a method of the actor.
is_inherited({_, _, Module, _}, Selector) ->
    case beamtalk_hierarchy:definer(instance, Module, Selector) of
        nil -> true;
        Definer -> beamtalk_name:is_library(Definer)
    end.

%% @doc A synchronous send with a time limit. Exceptions of the method are raised here.
-spec call(ref(), atom(), [term()], timeout()) -> term().
call({_, _, _, Pid} = Self, Selector, Args, _) when Pid =:= self() ->
    beamtalk_dispatch:send(Self, Selector, Args);
call(Self, Selector, Args, Timeout) ->
    Pid = process(Self),
    case beamtalk_wait:call(Pid, Pid, {'$bt_send', Selector, Args}, Timeout) of
        {reply, {ok, Result}} -> Result;
        {reply, {raise, Exception}} -> beamtalk_error:raise(Exception);
        {reply, {error, unknown_request}} -> fail(beamtalk_error:actor_dead(Self, Selector));
        {down, _} -> fail(beamtalk_error:actor_dead(Self, Selector));
        timeout -> fail(beamtalk_error:timeout(Self, Selector, Timeout));
        deadlock -> fail((beamtalk_error:deadlock(Self))#{selector := Selector})
    end.

-spec fail(beamtalk_error:exception()) -> no_return().
fail(Exception) ->
    beamtalk_error:raise(Exception).

%% @doc An asynchronous send; never fails.
-spec cast(ref(), atom(), [term()]) -> nil.
cast(Self, Selector, Args) ->
    case find(Self) of
        undefined -> nil;
        Pid -> cast_to(Pid, Selector, Args)
    end.

cast_to(Pid, Selector, Args) ->
    gen_server:cast(Pid, {'$bt_send', Selector, Args}),
    nil.

%% @doc The actor's process; a proxy whose name nobody has raises no_such_process.
-spec process(ref()) -> pid().
process(Self) ->
    case find(Self) of
        undefined -> beamtalk_error:raise(no_such_process, no_such_process(Self));
        Pid -> Pid
    end.

no_such_process({_, _, _, {name, Name}}) ->
    [<<"no process is registered as '">>, atom_to_binary(Name), <<"'">>].

find({_, _, _, {name, Name}}) -> whereis(Name);
find({_, _, _, Pid}) -> Pid.

%% ---------------------------------------------------------------------------------------------------
%% Fields
%% ---------------------------------------------------------------------------------------------------

%% @doc `self.x' in an actor's method.
-spec get_field(ref(), atom()) -> term().
get_field(Self, Name) ->
    beamtalk_actor_state:get_field(Self, Name).

%% @doc `self.x := value' in an actor's method; answers the value.
-spec put_field(ref(), atom(), Value) -> Value.
put_field(Self, Name, Value) ->
    beamtalk_actor_state:put_field(Self, Name, Value).

%% @doc The fields as they are now, for {@link restore/1}.
-spec snapshot() -> beamtalk_actor_state:snapshot().
snapshot() ->
    beamtalk_actor_state:snapshot().

%% @doc Discards what has been assigned since the snapshot.
-spec restore(beamtalk_actor_state:snapshot()) -> ok.
restore(Snapshot) ->
    beamtalk_actor_state:restore(Snapshot).

%% ---------------------------------------------------------------------------------------------------
%% Creation
%% ---------------------------------------------------------------------------------------------------

%% @doc `spawn': starts an actor with the defaults of its fields.
-spec spawn(beamtalk_class:class_object()) -> ref().
spawn(Class) ->
    spawn_actor(Class, #{}).

%% @doc `spawnWith:': a Dictionary overrides defaults; keys that are no fields are kept.
-spec 'spawnWith:'(beamtalk_class:class_object(), term()) -> ref().
'spawnWith:'(Class, Slots) when is_map(Slots), not is_map_key('$beamtalk_class', Slots) ->
    spawn_actor(Class, Slots);
'spawnWith:'(Class, _) ->
    fail(beamtalk_error:type_error('spawnWith:', Class)).

spawn_actor(Class, Slots) ->
    Module = creatable(Class),
    case beamtalk_actor_server:start(Module, Slots) of
        {ok, Pid} -> announce(reference(Module, Pid));
        {error, Exception} -> fail(Exception)
    end.

%% @doc Starts an actor under a supervisor.
-spec start_link(beamtalk_class:class_object(), map()) ->
    {ok, pid()} | {error, beamtalk_error:exception()}.
start_link(Class, Slots) ->
    Module = creatable(Class),
    case beamtalk_actor_server:start_link(Module, Slots) of
        {ok, Pid} ->
            _ = announce(reference(Module, Pid)),
            {ok, Pid};
        {error, Exception} ->
            {error, Exception}
    end.

creatable({'$bt_class', Module} = Class) ->
    Info = Module:'$class'(),
    lists:member(abstract, maps:get(flags, Info, [])) andalso
        fail(beamtalk_error:instantiation_error(Class, <<"it is abstract">>)),
    Module.

reference(Module, Pid) ->
    {beamtalk_object, maps:get(name, Module:'$class'()), Module, Pid}.

%% Whoever wants to know of new actors sets `actor_spawn_callback' to `{Module, Function}'.
announce(Self) ->
    case application:get_env(beamtalk_runtime, actor_spawn_callback) of
        {ok, {Module, Function}} -> announce(Module, Function, Self);
        undefined -> Self
    end.

announce(Module, Function, Self) ->
    try Module:Function(Self) of
        _ -> Self
    catch
        Class:Reason:Stack ->
            report(spawn_callback_error, Class, Reason, Stack),
            Self
    end.

%% @doc `new' always raises: actors are spawned.
-spec new(beamtalk_class:class_object()) -> no_return().
new(Class) ->
    fail(beamtalk_error:instantiation_error(Class, <<"it is an actor, use 'spawn'">>)).

%% @doc `new:' always raises: actors are spawned.
-spec 'new:'(beamtalk_class:class_object(), term()) -> no_return().
'new:'(Class, _) ->
    fail(beamtalk_error:instantiation_error(Class, <<"it is an actor, use 'spawnWith:'">>)).

%% @doc `isSupervisor'.
-spec isSupervisor(beamtalk_class:class_object()) -> false.
isSupervisor(_) ->
    false.

%% @doc `supervisionPolicy': the default restart policy.
-spec supervisionPolicy(beamtalk_class:class_object()) -> temporary.
supervisionPolicy(_) ->
    temporary.

%% ---------------------------------------------------------------------------------------------------
%% Life cycle
%% ---------------------------------------------------------------------------------------------------

%% @doc `pid'.
-spec pid(ref()) -> pid().
pid(Self) ->
    process(Self).

%% @doc `monitor': an Erlang monitor of the calling process.
-spec monitor(ref()) -> reference().
monitor(Self) ->
    erlang:monitor(process, process(Self)).

%% @doc `onExit:': evaluates the block with the reason of the actor's end, in a helper process.
-spec 'onExit:'(ref(), fun((term()) -> term())) -> ok.
'onExit:'(Self, Block) when is_function(Block, 1) ->
    Pid = process(Self),
    Caller = self(),
    {Helper, HelperMonitor} = spawn_monitor(fun() -> await_exit(Pid, Caller, Block) end),
    receive
        {Helper, watching} ->
            demonitor(HelperMonitor, [flush]),
            ok;
        {'DOWN', HelperMonitor, process, Helper, Reason} ->
            fail(beamtalk_error:from_erlang(exit, Reason, []))
    end;
'onExit:'(Self, _) ->
    fail(beamtalk_error:type_error('onExit:', Self)).

await_exit(Pid, Caller, Block) ->
    Monitor = erlang:monitor(process, Pid),
    Caller ! {self(), watching},
    receive
        {'DOWN', Monitor, process, Pid, Exit} ->
            try
                Block(Exit)
            catch
                Class:Reason:Stack -> report(on_exit_error, Class, Reason, Stack)
            end
    end.

report(Label, Class, Reason, Stack) ->
    beamtalk_error:report(beamtalk_error:from_erlang(Class, Reason, Stack), #{
        label => {beamtalk_actor, Label}
    }).

%% @doc `stop': ends the actor after the messages that it already has, running its `terminate:' hooks.
%% An actor that stops itself ends after the current method.
-spec stop(ref()) -> ok.
stop({_, _, _, Pid}) when Pid =:= self() ->
    beamtalk_actor_server:stop_after_message();
stop(Self) ->
    case find(Self) of
        undefined -> ok;
        Pid -> stop(Self, Pid)
    end.

stop(Self, Pid) ->
    Monitor = erlang:monitor(process, Pid),
    case beamtalk_wait:call(Pid, Pid, '$bt_stop', ?DEFAULT_TIMEOUT) of
        {reply, _} -> await_down(Self, Monitor);
        {down, _} -> demonitored(Monitor);
        timeout -> stop_failed(beamtalk_error:timeout(Self, stop, ?DEFAULT_TIMEOUT), Monitor);
        deadlock -> stop_failed((beamtalk_error:deadlock(Self))#{selector := stop}, Monitor)
    end.

await_down(Self, Monitor) ->
    receive
        {'DOWN', Monitor, process, _, _} -> ok
    after ?DEFAULT_TIMEOUT ->
        stop_failed(beamtalk_error:timeout(Self, stop, ?DEFAULT_TIMEOUT), Monitor)
    end.

demonitored(Monitor) ->
    demonitor(Monitor, [flush]),
    ok.

-spec stop_failed(beamtalk_error:exception(), reference()) -> no_return().
stop_failed(Exception, Monitor) ->
    demonitored(Monitor),
    fail(Exception).

%% @doc `kill': ends the actor at once, without hooks.
-spec kill(ref()) -> ok.
kill(Self) ->
    case find(Self) of
        undefined -> ok;
        Pid -> exit(Pid, kill)
    end,
    ok.

%% @doc `isAlive'.
-spec isAlive(ref()) -> boolean().
isAlive(Self) ->
    case find(Self) of
        undefined -> false;
        Pid when node(Pid) =:= node() -> is_process_alive(Pid);
        Pid -> is_alive_remotely(Pid)
    end.

is_alive_remotely(Pid) ->
    try
        erpc:call(node(Pid), erlang, is_process_alive, [Pid], ?DEFAULT_TIMEOUT)
    catch
        error:{erpc, _} -> false
    end.

%% @doc Default of the `initialize' hook.
-spec initialize(ref()) -> nil.
initialize(_) ->
    nil.

%% @doc Default of the `terminate:' hook.
-spec 'terminate:'(ref(), term()) -> nil.
'terminate:'(_, _) ->
    nil.

%% @doc Default of the `handleInfo:' hook of class Server.
-spec 'handleInfo:'(ref(), term()) -> nil.
'handleInfo:'(_, _) ->
    nil.

%% @doc `printString': `Actor(Counter, 0.123.0)'.
-spec printString(ref()) -> binary().
printString(Self) ->
    beamtalk_print:safe(Self).

%% @doc `delegate' outside of a class with a native module.
-spec delegate(term()) -> no_return().
delegate(Self) ->
    beamtalk_object:delegate(Self).
