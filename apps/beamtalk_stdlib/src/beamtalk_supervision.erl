%% @doc Classes that are supervisors: their OTP supervisors, and the messages to them.
%%
%% The OTP supervisor of a class is registered under the name of the class's module, so there is at most one. A
%% supervisor that a program starts is a child of {@link beamtalk_supervision_root}: it is independent of the process that
%% started it, and ends with the application. One that is listed as a child of another supervisor is its child.
-module(beamtalk_supervision).

-behaviour(supervisor).

-export([supervise/1, current/1, start_link/1, stop/1, count/1, ask/3, reference/2, failure/3]).
-export([init/1]).
%% Called by OTP's supervisors to start children
-export([start_child/1, start_child/2]).

-export_type([ref/0]).

-type ref() :: {beamtalk_supervisor, Class :: atom(), module(), pid()}.

%% @doc The running supervisor of the class, started if there is none.
-spec supervise(beamtalk_class:class_object()) -> beamtalk_result:result().
supervise({'$bt_class', Module} = Class) ->
    case beamtalk_supervision_root:start(Module) of
        {ok, Pid} -> beamtalk_result:ok(reference(Module, Pid));
        {error, {already_started, Pid}} -> beamtalk_result:ok(reference(Module, Pid));
        {error, Reason} -> beamtalk_result:error(not_started(Class, Reason))
    end.

not_started(Class, Reason) ->
    failure(supervisor_start_failed, [<<"cannot start ">>, beamtalk_print:safe(Class)], Reason).

%% @doc The running supervisor of the class, or nil.
-spec current(beamtalk_class:class_object()) -> ref() | nil.
current({'$bt_class', Module}) ->
    case whereis(Module) of
        undefined -> nil;
        Pid -> reference(Module, Pid)
    end.

%% @doc The reference of a supervisor.
-spec reference(module(), pid()) -> ref().
reference(Module, Pid) ->
    {beamtalk_supervisor, maps:get(name, Module:'$class'()), Module, Pid}.

%% @doc Starts the supervisor of a class as a child of the calling process, and evaluates its `initialize:'.
-spec start_link(module()) -> {ok, pid()} | {error, term()}.
start_link(Module) ->
    case supervisor:start_link({local, Module}, ?MODULE, Module) of
        {ok, Pid} -> initialized(Module, Pid);
        ignore -> {error, ignore};
        Error -> Error
    end.

initialized(Module, Pid) ->
    try beamtalk_dispatch:send({'$bt_class', Module}, 'initialize:', [reference(Module, Pid)]) of
        _ -> {ok, Pid}
    catch
        Class:Reason:Stack ->
            unlink(Pid),
            end_supervisor(Pid),
            {error, beamtalk_error:from_erlang(Class, Reason, Stack)}
    end.

end_supervisor(Pid) ->
    try
        gen_server:stop(Pid, shutdown, infinity)
    catch
        exit:_ -> ok
    end.

%% What the class says is evaluated here, so that what it raises is the reason why the supervisor does not start.
%% @private
-spec init(module()) -> {ok, {supervisor:sup_flags(), [supervisor:child_spec()]}} | no_return().
init(Module) ->
    put('$process_label', {beamtalk_supervisor, maps:get(name, Module:'$class'())}),
    Class = {'$bt_class', Module},
    try
        beamtalk_supervision_spec:supervisor(Class)
    catch
        Raised:Reason:Stack -> exit({shutdown, beamtalk_error:from_erlang(Raised, Reason, Stack)})
    end.

%% @doc Starts a child as its specification says.
-spec start_child(beamtalk_supervision_spec:start()) -> {ok, pid(), term()} | {error, term()}.
start_child(Start) ->
    report(Start, beamtalk_supervision_spec:start(Start)).

%% @doc The same for a child of a dynamic supervisor, with the argument of `startChild:'.
-spec start_child(beamtalk_supervision_spec:start(), term()) -> {ok, pid(), term()} | {error, term()}.
start_child(Start, Args) ->
    start_child(Start#{args := Args}).

report(#{class := {'$bt_class', Module}}, {ok, Pid, _} = Started) ->
    beamtalk_event:notify(child_added, {supervisor_name(), maps:get(name, Module:'$class'()), Pid}),
    Started;
report(_, {error, Reason}) ->
    {error, brief(Reason)}.

%% OTP's supervisors log the reason as it is.
brief(#{'$beamtalk_class' := _, stack := _, details := _} = Exception) -> Exception#{stack := nil, details := #{}};
brief(Reason) -> Reason.

%% The calling process is the supervisor.
supervisor_name() ->
    case process_info(self(), registered_name) of
        {registered_name, Module} -> binary_to_atom(beamtalk_hierarchy:name(Module));
        _ -> unknown
    end.

%% @doc Ends the supervisor and its children.
-spec stop(ref()) -> nil.
stop({beamtalk_supervisor, _, _, Pid}) ->
    case parent(Pid) of
        none -> end_supervisor(Pid);
        Parent -> stop_child(Parent, Pid)
    end,
    nil.

%% The supervisor of the language that has it as a child and would start it again.
parent(Pid) ->
    case process_info(Pid, dictionary) of
        {dictionary, Dictionary} -> parent_of(proplists:get_value('$ancestors', Dictionary, []));
        undefined -> none
    end.

parent_of([Parent | _]) when is_atom(Parent) ->
    case beamtalk_hierarchy:info(Parent) of
        undefined -> none;
        _ -> Parent
    end;
parent_of(_) ->
    none.

stop_child(Parent, Pid) ->
    Ids = [Id || {Id, Child, _, _} <- supervisor:which_children(Parent), Child =:= Pid],
    lists:foreach(fun(Id) -> supervisor:terminate_child(Parent, Id) end, Ids).

%% @doc The number of running children.
-spec count(ref()) -> non_neg_integer().
count(Self) ->
    proplists:get_value(active, ask(Self, count, fun supervisor:count_children/1)).

%% @doc What the OTP function answers for the supervisor; raises `stale_handle' when that has ended. OTP's functions wait
%% without a limit, so a child must not ask the supervisor that waits for its initialization.
-spec ask(ref(), atom(), fun((pid()) -> Answer)) -> Answer.
ask({beamtalk_supervisor, _, _, Pid} = Self, Selector, Fun) ->
    case Pid =:= self() orelse beamtalk_wait:is_awaited_by(Pid) of
        true -> beamtalk_error:raise((beamtalk_error:deadlock(Self))#{selector := Selector});
        false -> ask(Pid, Self, Selector, Fun)
    end.

ask(Pid, Self, Selector, Fun) ->
    try
        Fun(Pid)
    catch
        exit:_ -> beamtalk_error:raise(stale(Self, Selector))
    end.

stale({beamtalk_supervisor, Name, _, _} = Self, Selector) ->
    beamtalk_error:new(stale_handle, [beamtalk_print:safe(Self), <<" has ended">>], #{
        selector => Selector,
        errorClass => Name,
        hint => <<"'supervise' starts it again, 'current' answers the one that runs">>
    }).

%% @doc An exception of the given kind whose message has the cause, as OTP's supervisors wrap it, as its end.
-spec failure(atom(), unicode:chardata(), term()) -> beamtalk_error:exception().
failure(Kind, What, Reason) ->
    Cause = cause(Reason),
    beamtalk_error:new(Kind, [What, <<": ">>, maps:get(message, Cause)], #{
        hint => maps:get(hint, Cause, nil), details => #{cause => Cause}
    }).

cause({shutdown, Reason}) -> cause(Reason);
cause({failed_to_start_child, _, Reason}) -> cause(Reason);
cause({'EXIT', Reason}) -> cause(Reason);
cause(Reason) ->
    case beamtalk_error:is_exception(Reason) of
        true -> Reason;
        false -> beamtalk_error:from_erlang(exit, Reason, [])
    end.
