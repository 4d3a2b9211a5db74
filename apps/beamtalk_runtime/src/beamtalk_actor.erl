%% @doc Actors: sends and casts, their fields, and the primitives of class Actor.
-module(beamtalk_actor).

-compile({no_auto_import, [spawn/1, monitor/1]}).

-export([send/3, call/4, cast/3, process/1, find/1]).
-export([start_link/2, start_link/3]).
%% Fields
-export([get_field/2, put_field/3, snapshot/0, restore/1]).
%% Actors with an Erlang module behind them
-export([delegate/3]).
%% Primitives of the class side, named by selector
-export([
    spawn/1, 'spawnWith:'/2, 'spawnAs:'/2, 'spawnWith:as:'/3, 'named:'/2, allRegistered/1, new/1, 'new:'/2,
    isSupervisor/1, supervisionPolicy/1
]).
%% Primitives of the instance side
-export([
    pid/1, monitor/1, 'onExit:'/2, stop/1, kill/1, isAlive/1, initialize/1, 'terminate:'/2,
    printString/1, delegate/1, 'withTimeout:'/2, 'registerAs:'/2, unregister/1, registeredName/1,
    isRegistered/1
]).

-define(DEFAULT_TIMEOUT, 5000).
-define(TIMEOUT_PROXY, 'bt@stdlib@timeout_proxy').

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
        false -> call(Self, Selector, Args, default)
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

%% @doc A synchronous send with a time limit, or `default'. Exceptions of the method are raised here.
-spec call(ref(), atom(), [term()], timeout() | default) -> term().
call({_, _, _, Pid} = Self, Selector, Args, Timeout) when is_pid(Pid) ->
    call_process(Pid, Self, Selector, Args, Timeout);
call(Proxy, Selector, Args, Timeout) ->
    call_process(process(Proxy), Proxy, Selector, Args, Timeout).

call_process(Pid, Self, Selector, Args, _) when Pid =:= self() ->
    beamtalk_dispatch:send(setelement(4, Self, Pid), Selector, Args);
call_process(Pid, Self, Selector, Args, Timeout) ->
    Limit = limit(Timeout, ?DEFAULT_TIMEOUT),
    case beamtalk_wait:call(Pid, Pid, beamtalk_request:new(Selector, Args), Limit) of
        {reply, Reply} -> answered(beamtalk_request:outcome(Reply), Self, Selector, Args, Timeout);
        {down, Reason} -> call_again(Reason, Pid, Self, Selector, Args, Timeout);
        timeout -> fail(beamtalk_error:timeout(Self, Selector, Limit));
        deadlock -> fail((beamtalk_error:deadlock(Self))#{selector := Selector})
    end.

answered({ok, Result}, _, _, _, _) -> Result;
answered({raise, Exception}, _, _, _, _) -> fail(Exception);
answered({forward, Target, Limit}, _, Selector, Args, Timeout) -> call(Target, Selector, Args, limit(Timeout, Limit));
answered({error, unknown_request}, Self, Selector, _, _) -> fail(beamtalk_error:actor_dead(Self, Selector)).

limit(default, Limit) -> Limit;
limit(Limit, _) -> Limit.

%% A process that was gone before it could get the message may have a successor of the same name.
call_again(noproc, Pid, {_, _, _, {name, Name}} = Proxy, Selector, Args, Timeout) ->
    case whereis(Name) of
        Pid -> fail(beamtalk_error:actor_dead(Proxy, Selector));
        _ -> call(Proxy, Selector, Args, Timeout)
    end;
call_again(_, _, Self, Selector, _, _) ->
    fail(beamtalk_error:actor_dead(Self, Selector)).

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
    gen_server:cast(Pid, beamtalk_request:cast(Selector, Args)),
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

%% @doc The actor's process; `undefined' for a proxy whose name nobody has.
-spec find(ref()) -> pid() | undefined.
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

%% @doc `self delegate' in a method of a `native:' actor: the process of the Erlang module answers.
-spec delegate(ref(), atom(), [term()]) -> term().
delegate(Self, Selector, Args) ->
    beamtalk_backing:delegate(Self, Selector, Args).

%% ---------------------------------------------------------------------------------------------------
%% Creation
%% ---------------------------------------------------------------------------------------------------

%% @doc `spawn': starts an actor with the defaults of its fields.
-spec spawn(beamtalk_class:class_object()) -> ref().
spawn(Class) ->
    spawn_actor(Class, #{}).

%% @doc `spawnWith:': a Dictionary overrides defaults; keys that are no fields are kept.
-spec 'spawnWith:'(beamtalk_class:class_object(), term()) -> ref().
'spawnWith:'(Class, Slots) ->
    spawn_actor(Class, Slots).

spawn_actor(Class, Slots) ->
    case start(start, Class, Slots, undefined) of
        {ok, Self} -> Self;
        {error, Exception} -> fail(Exception)
    end.

start_named(Class, Slots, Name) ->
    case beamtalk_actor_name:check(Name) of
        ok -> start(start, Class, Slots, Name);
        Error -> Error
    end.

%% @doc Starts an actor under a supervisor: `#{start => {beamtalk_actor, start_link, [Class, Fields]}}'.
-spec start_link(beamtalk_class:class_object(), term()) -> {ok, pid(), ref()} | {error, beamtalk_error:exception()}.
start_link(Class, Slots) ->
    started(start(start_link, Class, Slots, undefined)).

%% @doc The same with a name.
-spec start_link(beamtalk_class:class_object(), term(), atom()) ->
    {ok, pid(), ref()} | {error, beamtalk_error:exception()}.
start_link(Class, Slots, Name) ->
    case beamtalk_actor_name:check(Name) of
        ok -> started(start(start_link, Class, Slots, Name));
        Error -> Error
    end.

started({ok, {_, _, _, Pid} = Self}) -> {ok, Pid, Self};
started(Error) -> Error.

start(How, Class, Slots, Name) when is_map(Slots), not is_map_key('$beamtalk_class', Slots) ->
    case creatable(Class) of
        {ok, Module} -> announced(Module, beamtalk_actor_server:How(Module, Slots, Name));
        Error -> Error
    end;
start(_, Class, _, undefined) ->
    {error, beamtalk_error:type_error('spawnWith:', Class)};
start(_, Class, _, _) ->
    {error, beamtalk_error:type_error('spawnWith:as:', Class)}.

announced(Module, {ok, Pid}) -> {ok, announce(reference(Module, Pid))};
announced(_, Error) -> Error.

creatable({'$bt_class', Module} = Class) ->
    Info = Module:'$class'(),
    case lists:member(abstract, maps:get(flags, Info, [])) of
        true -> {error, beamtalk_error:instantiation_error(Class, <<"it is abstract">>)};
        false -> {ok, Module}
    end.

reference(Module, Pid) ->
    {beamtalk_object, maps:get(name, Module:'$class'()), Module, Pid}.

announce(Self) ->
    beamtalk_event:notify(actor_spawned, Self),
    Self.

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
pid(Self) -> process(Self).

%% @doc `monitor'.
-spec monitor(ref()) -> reference().
monitor(Self) -> beamtalk_actor_life:monitor(Self).

%% @doc `onExit:'; a block without parameters is accepted too.
-spec 'onExit:'(ref(), fun()) -> ok.
'onExit:'(Self, Block) when is_function(Block, 1); is_function(Block, 0) ->
    beamtalk_actor_life:on_exit(Self, Block);
'onExit:'(Self, _) ->
    fail(beamtalk_error:type_error('onExit:', Self)).

%% @doc `stop'.
-spec stop(ref()) -> ok.
stop(Self) -> beamtalk_actor_life:stop(Self).

%% @doc `kill'.
-spec kill(ref()) -> ok.
kill(Self) -> beamtalk_actor_life:kill(Self).

%% @doc `isAlive'.
-spec isAlive(ref()) -> boolean().
isAlive(Self) -> beamtalk_actor_life:is_alive(Self).

%% @doc Default of the `initialize' hook.
-spec initialize(ref()) -> nil.
initialize(_) -> nil.

%% @doc Default of the `terminate:' hook.
-spec 'terminate:'(ref(), term()) -> nil.
'terminate:'(_, _) -> nil.

%% @doc `printString': `Actor(Counter, 0.123.0)'.
-spec printString(ref()) -> binary().
printString(Self) -> beamtalk_print:safe(Self).

%% @doc `delegate' outside of a class with a native module.
-spec delegate(term()) -> no_return().
delegate(Self) -> beamtalk_object:delegate(Self).

%% @doc `withTimeout:': an actor that forwards what it does not understand, with another time limit.
-spec 'withTimeout:'(ref(), term()) -> ref().
'withTimeout:'(Self, Limit) ->
    case beamtalk_limit:milliseconds(Limit) of
        invalid -> fail(beamtalk_error:type_error('withTimeout:', Self));
        Ms -> spawn_actor({'$bt_class', ?TIMEOUT_PROXY}, #{target => Self, timeoutMs => Ms})
    end.

%% ---------------------------------------------------------------------------------------------------
%% Names
%% ---------------------------------------------------------------------------------------------------

%% @doc `spawnAs:'.
-spec 'spawnAs:'(beamtalk_class:class_object(), term()) -> map().
'spawnAs:'(Class, Name) -> result(start_named(Class, #{}, Name)).

%% @doc `spawnWith:as:'.
-spec 'spawnWith:as:'(beamtalk_class:class_object(), term(), term()) -> map().
'spawnWith:as:'(Class, Slots, Name) -> result(start_named(Class, Slots, Name)).

%% @doc `named:'.
-spec 'named:'(beamtalk_class:class_object(), term()) -> map().
'named:'(Class, Name) -> result(beamtalk_actor_name:proxy(Class, Name)).

%% @doc `allRegistered'.
-spec allRegistered(beamtalk_class:class_object()) -> [ref()].
allRegistered(_) -> beamtalk_actor_name:all().

%% @doc `registerAs:'.
-spec 'registerAs:'(ref(), term()) -> map().
'registerAs:'(Self, Name) -> result(beamtalk_actor_name:register(Self, Name)).

%% @doc `unregister'.
-spec unregister(ref()) -> ok.
unregister(Self) -> beamtalk_actor_name:unregister(Self).

%% @doc `registeredName', or nil.
-spec registeredName(ref()) -> atom().
registeredName(Self) -> beamtalk_actor_name:name(process(Self)).

%% @doc `isRegistered'.
-spec isRegistered(ref()) -> boolean().
isRegistered(Self) -> registeredName(Self) =/= nil.

result({ok, Value}) -> beamtalk_result:ok(Value);
result({error, Exception}) -> beamtalk_result:error(Exception).
