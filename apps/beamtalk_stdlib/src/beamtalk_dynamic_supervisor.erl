%% @doc Primitives of class DynamicSupervisor.
-module(beamtalk_dynamic_supervisor).

-export([supervise/1, current/1, startChild/1, 'startChild:'/2, 'terminateChild:'/2, count/1, stop/1, printString/1]).

-type ref() :: beamtalk_supervision:ref().

%% @doc `supervise'
-spec supervise(beamtalk_class:class_object()) -> beamtalk_result:result().
supervise(Class) -> beamtalk_supervision:supervise(Class).

%% @doc `current'
-spec current(beamtalk_class:class_object()) -> ref() | nil.
current(Class) -> beamtalk_supervision:current(Class).

%% @doc `startChild'
-spec startChild(ref()) -> beamtalk_result:result().
startChild(Self) ->
    start(Self, []).

%% @doc `startChild:'
-spec 'startChild:'(ref(), term()) -> beamtalk_result:result().
'startChild:'(Self, Args) ->
    start(Self, [Args]).

start(Self, Args) ->
    try beamtalk_supervision:ask(Self, startChild, fun(Pid) -> supervisor:start_child(Pid, Args) end) of
        {ok, _, Child} -> beamtalk_result:ok(Child);
        {error, Reason} -> beamtalk_result:error(not_started(Self, Reason))
    catch
        error:#{kind := stale_handle} = Exception -> beamtalk_result:error(Exception)
    end.

not_started({beamtalk_supervisor, Name, _, _}, Reason) ->
    What = [<<"cannot start a child of ">>, atom_to_binary(Name)],
    (beamtalk_supervision:failure(child_start_failed, What, Reason))#{errorClass := Name}.

%% @doc `terminateChild:'
-spec 'terminateChild:'(ref(), term()) -> beamtalk_result:result().
'terminateChild:'(Self, {beamtalk_object, _, _, _} = Child) ->
    case beamtalk_actor:find(Child) of
        undefined -> beamtalk_result:ok(nil);
        Pid -> terminate(Self, Pid)
    end;
'terminateChild:'(Self, _) ->
    beamtalk_argument:wrong('terminateChild:', Self, <<"it takes an actor">>).

terminate(Self, Child) ->
    Terminate = fun(Pid) -> {supervisor:terminate_child(Pid, Child), is_process_alive(Child)} end,
    try beamtalk_supervision:ask(Self, 'terminateChild:', Terminate) of
        {_, false} -> beamtalk_result:ok(nil);
        {{error, not_found}, true} -> beamtalk_result:error(no_child(Self, Child))
    catch
        error:#{kind := stale_handle} = Exception -> beamtalk_result:error(Exception)
    end.

no_child({beamtalk_supervisor, Name, _, _}, Child) ->
    Message = [beamtalk_print:safe(Child), <<" is no child of ">>, atom_to_binary(Name)],
    beamtalk_error:new(terminate_failed, Message, #{selector => 'terminateChild:', errorClass => Name}).

%% @doc `count'
-spec count(ref()) -> non_neg_integer().
count(Self) -> beamtalk_supervision:count(Self).

%% @doc `stop'
-spec stop(ref()) -> nil.
stop(Self) -> beamtalk_supervision:stop(Self).

%% @doc `printString'
-spec printString(ref()) -> binary().
printString(Self) -> beamtalk_print:safe(Self).
