%% @doc The life of an actor after its creation, seen from other processes: watching it and ending it.
-module(beamtalk_actor_life).

-export([monitor/1, on_exit/2, stop/1, kill/1, is_alive/1]).

-compile({no_auto_import, [monitor/1]}).

-define(TIMEOUT, 5000).

-type ref() :: beamtalk_actor:ref().

%% @doc An Erlang monitor of the calling process.
-spec monitor(ref()) -> reference().
monitor(Self) ->
    erlang:monitor(process, beamtalk_actor:process(Self)).

%% @doc Evaluates the block with the reason of the actor's end, in a process of its own that is linked to nothing.
-spec on_exit(ref(), fun((term()) -> term())) -> ok.
on_exit(Self, Block) ->
    Pid = beamtalk_actor:process(Self),
    Caller = self(),
    Work = beamtalk_helper:prepare(Block),
    {Helper, HelperMonitor} = spawn_monitor(fun() -> await_exit(Pid, Caller, Work) end),
    receive
        {Helper, watching} ->
            demonitor(HelperMonitor, [flush]),
            ok;
        {'DOWN', HelperMonitor, process, Helper, Reason} ->
            beamtalk_error:raise(beamtalk_error:from_erlang(exit, Reason, []))
    end.

await_exit(Pid, Caller, Work) ->
    Monitor = erlang:monitor(process, Pid),
    Caller ! {self(), watching},
    receive
        {'DOWN', Monitor, process, Pid, Exit} -> beamtalk_helper:run_logged(Work, [Exit], {beamtalk_actor, on_exit_error})
    end.

%% @doc Ends the actor after the messages that it already has. An actor that stops itself ends after the current method.
-spec stop(ref()) -> ok.
stop(Self) ->
    case beamtalk_actor:find(Self) of
        undefined -> ok;
        Pid when Pid =:= self() -> beamtalk_actor_server:stop_after_message();
        Pid -> stop(Self, Pid)
    end.

stop(Self, Pid) ->
    Monitor = erlang:monitor(process, Pid),
    case beamtalk_wait:call(Pid, Pid, '$bt_stop', ?TIMEOUT) of
        {reply, _} -> await_down(Self, Monitor);
        {down, _} -> demonitored(Monitor);
        timeout -> stop_failed(beamtalk_error:timeout(Self, stop, ?TIMEOUT), Monitor);
        deadlock -> stop_failed((beamtalk_error:deadlock(Self))#{selector := stop}, Monitor)
    end.

await_down(Self, Monitor) ->
    receive
        {'DOWN', Monitor, process, _, _} -> ok
    after ?TIMEOUT ->
        stop_failed(beamtalk_error:timeout(Self, stop, ?TIMEOUT), Monitor)
    end.

demonitored(Monitor) ->
    demonitor(Monitor, [flush]),
    ok.

-spec stop_failed(beamtalk_error:exception(), reference()) -> no_return().
stop_failed(Exception, Monitor) ->
    demonitored(Monitor),
    beamtalk_error:raise(Exception).

%% @doc Ends the actor at once, without hooks.
-spec kill(ref()) -> ok.
kill(Self) ->
    case beamtalk_actor:find(Self) of
        undefined -> ok;
        Pid -> killed(exit(Pid, kill))
    end.

killed(true) -> ok.

%% @doc Whether the actor's process exists; one of a node that cannot be reached counts as ended.
-spec is_alive(ref()) -> boolean().
is_alive(Self) ->
    case beamtalk_actor:find(Self) of
        undefined -> false;
        Pid when node(Pid) =:= node() -> is_process_alive(Pid);
        Pid -> is_alive_remotely(Pid)
    end.

is_alive_remotely(Pid) ->
    try
        erpc:call(node(Pid), erlang, is_process_alive, [Pid], ?TIMEOUT)
    catch
        error:{erpc, _} -> false
    end.
