%% @doc A function that runs in a process of its own, whose end is awaited, however it comes about.
-module(beamtalk_job).

-export([start/1, await/1]).
-export([run/1]).

-export_type([job/1, outcome/1]).

-opaque job(_Value) :: {pid(), reference()}.

-type outcome(Value) ::
    {ok, Value} | {raised, error | exit | throw, term(), erlang:stacktrace()} | {ended, Reason :: term()}.
%% `ended': the process got an exit signal.

%% @doc Starts a function.
-spec start(fun(() -> Value)) -> job(Value).
start(Fun) ->
    spawn_monitor(?MODULE, run, [Fun]).

%% @private
-spec run(fun(() -> term())) -> no_return().
run(Fun) ->
    exit({?MODULE, outcome(Fun)}).

outcome(Fun) ->
    try
        {ok, Fun()}
    catch
        Class:Reason:Stack -> {raised, Class, Reason, Stack}
    end.

%% @doc Waits until the function has ended. Only the process that started it can wait for it, and only once.
-spec await(job(Value)) -> outcome(Value).
await({Pid, Ref}) ->
    receive
        {'DOWN', Ref, process, Pid, {?MODULE, Outcome}} -> Outcome;
        {'DOWN', Ref, process, Pid, Reason} -> {ended, Reason}
    end.
