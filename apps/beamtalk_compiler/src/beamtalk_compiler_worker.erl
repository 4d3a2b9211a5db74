%% @doc One process for one piece of work with a deadline and a heap limit. Nothing else is spawned for a compilation:
%% the terms of the compiler are built in the process that OTP's compiler then runs in, so they are never copied.
-module(beamtalk_compiler_worker).

-export([run/2]).

%% What the compilation of a small class needs: growing to it step by step costs a tenth of the time.
-define(HEAP_WORDS, 50_000).

-export_type([limits/0]).

-type limits() :: #{time_limit := pos_integer(), max_heap_words := pos_integer(), _ => _}.
%% Milliseconds, and words of heap.

%% @doc Does the work. It must not wait for messages; it may take permits of {@link beamtalk_compiler_limiter} with the
%% caller as owner, and is then killed when the caller dies.
-spec run(fun(() -> Result), limits()) -> {ok, Result} | {error, time_limit | heap_limit | cancelled | {crashed, term()}}.
run(Work, #{time_limit := TimeLimit, max_heap_words := Words}) ->
    Caller = self(),
    Heap = #{size => Words, kill => true, error_logger => false},
    Tag = make_ref(),
    Options = [monitor, {max_heap_size, Heap}, {min_heap_size, min(Words, ?HEAP_WORDS)}],
    {Pid, Monitor} = spawn_opt(fun() -> Caller ! {Tag, attempt(Work)} end, Options),
    receive
        {Tag, Result} ->
            demonitor(Monitor, [flush]),
            Result;
        {'DOWN', Monitor, process, Pid, Reason} ->
            {error, explain(Reason)}
    after TimeLimit ->
        exit(Pid, kill),
        receive
            {'DOWN', Monitor, process, Pid, _} -> ok
        end,
        flush(Tag)
    end.

attempt(Work) ->
    try
        {ok, Work()}
    catch
        Class:Reason:Stack -> {error, {crashed, {Class, Reason, Stack}}}
    end.

%% The result may have come at the last moment.
flush(Tag) ->
    receive
        {Tag, Result} -> Result
    after 0 -> {error, time_limit}
    end.

explain(killed) -> heap_limit;
explain({shutdown, cancelled}) -> cancelled;
explain(Reason) -> {crashed, Reason}.
