%% @doc The process of every actor: one gen_server for all classes.
%%
%% Between messages its state holds the fields; while a method runs they are in the process dictionary
%% ({@link beamtalk_actor_state}). A method that raises leaves the server's state as it was.
-module(beamtalk_actor_server).

-behaviour(gen_server).

-export([start/3, start_link/3]).
-export([init/1, handle_continue/2, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).
-export([code_change/3, format_status/1]).
-export([stop_after_message/0, forward/2]).

-define(STOP, '$bt_stop').
-define(FORWARD, '$bt_forward').
-define(SERVER_CLASS, 'bt@stdlib@server').

-type state() :: #{class := module(), self := tuple(), slots := map(), supervised => boolean()}.
-type start_result() :: {ok, pid()} | {error, beamtalk_error:exception()}.

%% @doc Starts an actor that is not linked to the caller. The name may be `undefined'.
-spec start(module(), map(), atom()) -> start_result().
start(Module, Slots, Name) ->
    start(Module, Slots, Name, apart, fun
        (Args) when Name =:= undefined -> gen_server:start(?MODULE, Args, []);
        (Args) -> gen_server:start({local, Name}, ?MODULE, Args, [])
    end).

%% @doc Starts an actor that is linked to the caller, its supervisor.
-spec start_link(module(), map(), atom()) -> start_result().
start_link(Module, Slots, Name) ->
    start(Module, Slots, Name, supervised, fun
        (Args) when Name =:= undefined -> gen_server:start_link(?MODULE, Args, []);
        (Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, [])
    end).

%% The initialization is part of the caller's class transactions, like the method of a synchronous send.
start(Module, Slots, Name, How, Starter) ->
    Loan = beamtalk_request:loan(),
    Result = Starter({Module, Slots, Name, {self(), Loan}, How}),
    beamtalk_wait:waited(),
    beamtalk_request:loan_returned(Loan),
    result(Module, Name, Result).

result(_, _, {ok, Pid}) -> {ok, Pid};
result(_, _, {error, {shutdown, {?MODULE, Exception}}}) -> {error, Exception};
result(_, Name, {error, {already_started, _}}) -> {error, beamtalk_actor_name:taken(Name)};
result(Module, _, Other) -> {error, failed(Module, io_lib:format("~0tP", [Other, 30]), #{})}.

%% @doc Makes the actor whose method is running stop when the method has ended.
-spec stop_after_message() -> ok.
stop_after_message() ->
    put(?STOP, true),
    ok.

%% @doc Ends the method that is running: the sender of its message is to send it to another actor instead, within the
%% given time.
-spec forward(beamtalk_actor:ref(), timeout()) -> no_return().
forward(Target, Limit) ->
    throw({?FORWARD, Target, Limit}).

%% ---------------------------------------------------------------------------------------------------
%% Initialization
%% ---------------------------------------------------------------------------------------------------

%% A failure is answered as a shutdown, which is reported to the caller and not logged as a crash.
%% @private
-spec init({module(), map(), atom(), {pid(), beamtalk_request:loan()}, apart | supervised}) ->
    {ok, state(), {continue, initialized}} | {stop, {shutdown, {?MODULE, map()}}}.
init({Module, Given, Name, {Spawner, Loan}, How}) ->
    _ = supervise(How),
    beamtalk_actor_name:claimed(Name, Module),
    Initialize = fun() -> beamtalk_wait:awaited_by(Spawner, fun() -> initialize(Module, Given) end) end,
    try beamtalk_request:return_loan(Spawner, Loan, Initialize) of
        State -> {ok, State#{supervised => How =:= supervised}, {continue, initialized}}
    catch
        Class:Reason:Stack ->
            Cause = beamtalk_error:from_erlang(Class, Reason, Stack),
            beamtalk_actor_name:released(self()),
            {stop, {shutdown, {?MODULE, creation_error(Module, Cause)}}}
    end.

%% So that the `terminate:' hooks run when the supervisor ends the actor.
supervise(supervised) -> process_flag(trap_exit, true);
supervise(apart) -> false.

initialize(Module, Given) ->
    Name = maps:get(name, Module:'$class'()),
    Self = {beamtalk_object, Name, Module, self()},
    label(Name, Module),
    Ancestry = lists:reverse(beamtalk_hierarchy:ancestry(Module)),
    ok = beamtalk_backing:start(Ancestry, Given),
    beamtalk_actor_state:enter(maps:merge(Module:'$defaults'(), Given)),
    lists:foreach(fun(Ancestor) -> hook(Ancestor, initialize, [], Self) end, Ancestry),
    Slots = beamtalk_actor_state:leave(),
    lists:foreach(fun(Ancestor) -> check_slots(Ancestor, Module, Slots) end, Ancestry),
    #{class => Module, self => Self, slots => Slots}.

%% Shown by observer and by crash reports, and part of every log event of the process.
label(Name, Module) ->
    put('$process_label', {beamtalk_actor, Name}),
    put('$initial_call', {Module, init, 1}),
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

%% An actor that has stopped itself while it was initialized ends before its first message.
%% @private
-spec handle_continue(initialized, state()) -> {noreply, state()} | {stop, normal, state()}.
handle_continue(initialized, State) ->
    next(State).

%% @private
-spec handle_call(term(), gen_server:from(), state()) ->
    {reply, term(), state()} | {noreply, state()} | {stop, normal, term(), state()}.
handle_call(Request, From, State) ->
    case beamtalk_wait:is_cancelled(From) of
        false -> serve(Request, State);
        true -> {noreply, State}
    end.

serve('$bt_stop', State) ->
    {stop, normal, ok, State};
serve(Request, State) when element(1, Request) =:= '$bt_send' ->
    {Reply, Next} = beamtalk_request:serve(Request, fun(Selector, Args) -> run(Selector, Args, State) end),
    case erase(?STOP) of
        undefined -> {reply, Reply, Next};
        true -> {stop, normal, Reply, Next}
    end;
serve(_Unknown, State) ->
    {reply, {error, unknown_request}, State}.

%% @private
-spec handle_cast(term(), state()) -> {noreply, state()} | {stop, normal, state()}.
handle_cast(Request, State) when element(1, Request) =:= '$bt_send' ->
    {Selector, Args} = beamtalk_request:message(Request),
    unanswered(cast_error, Selector, Args, State);
handle_cast(_Unknown, State) ->
    {noreply, State}.

%% @private
-spec handle_info(term(), state()) -> {noreply, state()} | {stop, term(), state()}.
handle_info({'EXIT', _, Reason} = Message, #{supervised := true} = State) ->
    linked_process_ended(Reason, Message, State);
handle_info(Message, State) ->
    case beamtalk_backing:ended(Message) of
        {true, Reason} -> {stop, Reason, State};
        false -> info(Message, State)
    end.

info(Message, #{class := Module} = State) ->
    case beamtalk_hierarchy:is_kind_of(Module, ?SERVER_CLASS) of
        true -> unanswered(info_error, 'handleInfo:', [Message], State);
        false -> {noreply, State}
    end.

%% Trapping exits is how a supervised actor hears of its supervisor. Links to other processes work as they do elsewhere.
linked_process_ended(normal, _, State) -> {noreply, State};
linked_process_ended(Reason, _, State) -> {stop, Reason, State}.

%% The hooks are for an end in good order: a stop, or the supervisor's shutdown.
%% @private
-spec terminate(term(), state()) -> ok.
terminate(Reason, #{slots := Slots} = State) ->
    beamtalk_actor_name:released(self()),
    beamtalk_actor_state:enter(Slots),
    is_orderly(Reason) andalso run_hooks(Reason, State),
    beamtalk_backing:stop(Reason).

is_orderly(normal) -> true;
is_orderly(shutdown) -> true;
is_orderly({shutdown, _}) -> true;
is_orderly(_) -> false.

run_hooks(Reason, #{class := Module, self := Self}) ->
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
-spec code_change(term(), state(), term()) -> {ok, state()}.
code_change(_, State, _) ->
    {ok, State}.

%% @private
-spec format_status(gen_server:format_status()) -> gen_server:format_status().
format_status(#{state := #{self := {_, Name, _, _}, slots := Slots}} = Status) ->
    Status#{state := #{class => Name, slots => Slots}};
format_status(Status) ->
    Status.

unanswered(Label, Selector, Args, #{self := {_, Name, _, _}} = State) ->
    case run(Selector, Args, State) of
        {{ok, _}, Next} ->
            next(Next);
        {{forward, Target, _}, Next} ->
            beamtalk_actor:cast(Target, Selector, Args),
            next(Next);
        {{raise, Exception}, Next} ->
            log(Label, Name, Selector, Exception),
            next(Next)
    end.

next(State) ->
    case erase(?STOP) of
        undefined -> {noreply, State};
        true -> {stop, normal, State}
    end.

%% Runs a method. What it raises is converted here, in the process whose stack it is.
run(Selector, Args, #{class := Module, self := Self, slots := Slots} = State) ->
    beamtalk_actor_state:enter(Slots),
    try Module:'$send'(Selector, Args, Self) of
        Result -> {{ok, Result}, ended(State, State#{slots := beamtalk_actor_state:leave()})}
    catch
        throw:{?FORWARD, Target, Limit} ->
            _ = beamtalk_actor_state:leave(),
            {{forward, Target, Limit}, State};
        Class:Reason:Stack ->
            _ = beamtalk_actor_state:leave(),
            Exception = beamtalk_error:from_erlang(Class, Reason, Stack),
            {{raise, with_selector(Exception, Selector)}, State}
    end.

ended(Before, After) ->
    beamtalk_event:has_listener(state_changed) andalso notify_changes(Before, After),
    After.

notify_changes(#{slots := Before}, #{slots := After, self := Self}) ->
    case [Name || {Name, Value} <- maps:to_list(After), changed(Name, Value, Before)] of
        [] -> ok;
        Names -> beamtalk_event:notify(state_changed, {Self, lists:sort(Names)})
    end.

changed(Name, Value, Slots) ->
    case Slots of
        #{Name := Value} -> false;
        _ -> true
    end.

with_selector(#{selector := nil} = Exception, Selector) -> Exception#{selector := Selector};
with_selector(Exception, _) -> Exception.

log(Label, Name, Selector, Exception) ->
    beamtalk_error:report(Exception, #{
        label => {beamtalk_actor, Label}, class => Name, selector => Selector, pid => self()
    }).
