%% @doc The process of every actor: one gen_server for all classes.
%%
%% Between messages its state holds the fields; while a method runs they are in the process dictionary
%% ({@link beamtalk_actor_state}). A method that raises leaves the server's state as it was.
-module(beamtalk_actor_server).

-behaviour(gen_server).

-export([start/2, start_link/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, format_status/1]).
-export([stop_after_message/0]).

-define(STOP, '$bt_stop').

-type state() :: #{class := module(), self := tuple(), slots := map()}.
-type start_result() :: {ok, pid()} | {error, beamtalk_error:exception()}.

%% @doc Starts an actor that is not linked to the caller.
-spec start(module(), map()) -> start_result().
start(Module, Slots) ->
    started(Module, gen_server:start(?MODULE, {Module, Slots, self()}, [])).

%% @doc Starts an actor that is linked to the caller, its supervisor.
-spec start_link(module(), map()) -> start_result().
start_link(Module, Slots) ->
    started(Module, gen_server:start_link(?MODULE, {Module, Slots, self()}, [])).

started(Module, Result) ->
    beamtalk_wait:waited(),
    result(Module, Result).

result(_, {ok, Pid}) -> {ok, Pid};
result(_, {error, {shutdown, {?MODULE, Exception}}}) -> {error, Exception};
result(Module, Other) -> {error, failed(Module, io_lib:format("~0tP", [Other, 30]), #{})}.

%% @doc Makes the actor whose method is running stop when the method has ended.
-spec stop_after_message() -> ok.
stop_after_message() ->
    put(?STOP, true),
    ok.

%% ---------------------------------------------------------------------------------------------------
%% Initialization
%% ---------------------------------------------------------------------------------------------------

%% A failure is answered as a shutdown, which is reported to the caller and not logged as a crash.
%% @private
-spec init({module(), map(), pid()}) -> {ok, state()} | {stop, {shutdown, {?MODULE, map()}}}.
init({Module, Given, Spawner}) ->
    try
        {ok, beamtalk_wait:initializing(Spawner, fun() -> initialize(Module, Given) end)}
    catch
        Class:Reason:Stack ->
            Cause = beamtalk_error:from_erlang(Class, Reason, Stack),
            {stop, {shutdown, {?MODULE, creation_error(Module, Cause)}}}
    end.

initialize(Module, Given) ->
    Name = maps:get(name, Module:'$class'()),
    Self = {beamtalk_object, Name, Module, self()},
    label(Name),
    beamtalk_actor_state:enter(maps:merge(Module:'$defaults'(), Given)),
    Ancestry = lists:reverse(beamtalk_hierarchy:ancestry(Module)),
    lists:foreach(fun(Ancestor) -> hook(Ancestor, initialize, [], Self) end, Ancestry),
    Slots = beamtalk_actor_state:leave(),
    lists:foreach(fun(Ancestor) -> check_slots(Ancestor, Module, Slots) end, Ancestry),
    #{class => Module, self => Self, slots => Slots}.

%% Shown by observer and by crash reports, and part of every log event of the process.
label(Name) ->
    put('$process_label', {beamtalk_actor, Name}),
    logger:update_process_metadata(#{beamtalk_class => Name}).

%% Runs the implementation of exactly this class, if it has one.
hook(Module, Selector, Args, Self) ->
    case beamtalk_hierarchy:defines(instance, Module, Selector) of
        true -> Module:'$send'(Selector, Args, Self);
        false -> nil
    end.

check_slots(Ancestor, Module, Slots) ->
    #{name := Owner} = Info = Ancestor:'$class'(),
    lists:foreach(
        fun(Slot) -> check_slot(Slot, Owner, Module, Slots) end, maps:get(slots, Info, [])
    ).

check_slot({Field, Type, false, false}, Owner, Module, Slots) ->
    maps:get(Field, Slots, nil) =/= nil orelse
        beamtalk_error:raise(uninitialized(Field, Type, Owner, Module));
check_slot(_, _, _, _) ->
    true.

uninitialized(Field, Type, Owner, Module) ->
    Hint = io_lib:format("'~ts' is declared as ~ts in ~ts and must be set by 'initialize' or 'spawnWith:'", [
        Field, Type, Owner
    ]),
    failed(Module, io_lib:format("'~ts' is not initialized", [Field]), #{
        hint => beamtalk_print:text(Hint),
        details => #{error => 'UninitializedStateError', class => Owner, slot => Field}
    }).

creation_error(_, #{details := #{error := 'UninitializedStateError'}} = Exception) ->
    Exception;
creation_error(Module, #{message := Message, hint := Hint, stack := Stack} = Cause) ->
    failed(Module, Message, #{
        hint => Hint, stack => Stack, selector => initialize, details => #{cause => Cause}
    }).

failed(Module, Why, Fields) ->
    maps:merge(beamtalk_error:instantiation_error({'$bt_class', Module}, Why), Fields).

%% ---------------------------------------------------------------------------------------------------
%% Messages
%% ---------------------------------------------------------------------------------------------------

%% @private
-spec handle_call(term(), gen_server:from(), state()) ->
    {reply, term(), state()} | {noreply, state()} | {stop, normal, term(), state()}.
handle_call(Request, From, State) ->
    case beamtalk_wait:is_cancelled(From) of
        false -> serve(Request, State);
        true -> {noreply, State}
    end.

serve({'$bt_send', Selector, Args}, State) ->
    {Outcome, Next} = run(Selector, Args, State),
    case erase(?STOP) of
        undefined -> {reply, Outcome, Next};
        true -> {stop, normal, Outcome, Next}
    end;
serve('$bt_stop', State) ->
    {stop, normal, ok, State};
serve(_Unknown, State) ->
    {reply, {error, unknown_request}, State}.

%% @private
-spec handle_cast(term(), state()) -> {noreply, state()} | {stop, normal, state()}.
handle_cast({'$bt_send', Selector, Args}, State) ->
    unanswered(cast_error, Selector, Args, State);
handle_cast(_Unknown, State) ->
    {noreply, State}.

%% @private
-spec handle_info(term(), state()) -> {noreply, state()} | {stop, normal, state()}.
handle_info(Message, #{class := Module} = State) ->
    case beamtalk_hierarchy:understands(instance, Module, 'handleInfo:') of
        true -> unanswered(info_error, 'handleInfo:', [Message], State);
        false -> {noreply, State}
    end.

%% @private
-spec terminate(term(), state()) -> ok.
terminate(Reason, #{class := Module, self := Self, slots := Slots}) ->
    beamtalk_actor_state:enter(Slots),
    lists:foreach(
        fun(Ancestor) -> terminate(Ancestor, Reason, Self) end, beamtalk_hierarchy:ancestry(Module)
    ).

%% An error in one class's hook prevents neither the others nor the shutdown.
terminate(Ancestor, Reason, {_, Name, _, _} = Self) ->
    try
        hook(Ancestor, 'terminate:', [Reason], Self)
    catch
        Class:Error:Stack ->
            log(terminate_error, Name, 'terminate:', beamtalk_error:from_erlang(Class, Error, Stack))
    end.

%% @private
-spec format_status(gen_server:format_status()) -> gen_server:format_status().
format_status(#{state := #{self := {_, Name, _, _}, slots := Slots}} = Status) ->
    Status#{state := #{class => Name, slots => Slots}};
format_status(Status) ->
    Status.

unanswered(Label, Selector, Args, #{self := {_, Name, _, _}} = State) ->
    {Outcome, Next} = run(Selector, Args, State),
    _ = log_failure(Outcome, Label, Name, Selector),
    case erase(?STOP) of
        undefined -> {noreply, Next};
        true -> {stop, normal, Next}
    end.

%% Runs a method. What it raises is converted here, in the process whose stack it is.
run(Selector, Args, #{class := Module, self := Self, slots := Slots} = State) ->
    beamtalk_actor_state:enter(Slots),
    try Module:'$send'(Selector, Args, Self) of
        Result -> {{ok, Result}, State#{slots := beamtalk_actor_state:leave()}}
    catch
        Class:Reason:Stack ->
            _ = beamtalk_actor_state:leave(),
            Exception = beamtalk_error:from_erlang(Class, Reason, Stack),
            {{raise, with_selector(Exception, Selector)}, State}
    end.

with_selector(#{selector := nil} = Exception, Selector) -> Exception#{selector := Selector};
with_selector(Exception, _) -> Exception.

log_failure({ok, _}, _, _, _) -> ok;
log_failure({raise, Exception}, Label, Name, Selector) -> log(Label, Name, Selector, Exception).

log(Label, Name, Selector, Exception) ->
    beamtalk_error:report(Exception, #{
        label => {beamtalk_actor, Label}, class => Name, selector => Selector, pid => self()
    }).
