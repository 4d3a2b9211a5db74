%% @doc Primitives of class Pid.
-module(beamtalk_pid).

-export(['<'/2, '>'/2, '<='/2, '>='/2, printString/1, isAlive/1, 'exit:'/2]).

-include("beamtalk_term_order.hrl").

%% @doc For example `#Pid<0.80.0>'.
-spec printString(pid()) -> binary().
printString(Self) -> beamtalk_print:safe(Self).

%% @doc True while the process exists; a process of a node that cannot be reached counts as dead.
-spec isAlive(pid()) -> boolean().
isAlive(Self) when node(Self) =:= node() ->
    is_process_alive(Self);
isAlive(Self) ->
    try
        erpc:call(node(Self), erlang, is_process_alive, [Self], 5000)
    catch
        error:{erpc, _} -> false
    end.

%% @doc Sends an exit signal.
-spec 'exit:'(pid(), term()) -> true.
'exit:'(Self, Reason) -> exit(Self, Reason).
