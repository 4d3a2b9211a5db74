%% @doc Functions that run at the same time, each in a process of its own, while the caller waits for them.
%%
%% An overseer starts the workers, is linked to them and watches the caller: when one of the three ends, nothing is left
%% behind, and the caller's mailbox sees one message, that of the overseer's end.
-module(beamtalk_tasks).

-export([run/2, map/3]).

-export_type([outcome/0, options/0]).

%% Their funs, the overseer and the workers, end by an exit.
-dialyzer({no_return, [run/2, start/1]}).

-type outcome() ::
    {value, term()}
    | {raised, beamtalk_error:exception()}
    | timeout
    | abandoned.
%% `timeout': ended by the time limit; `abandoned': not needed any more.

-type options() :: #{
    max => pos_integer(), limit => timeout(), until => fun((outcome()) -> boolean())
}.
%% How many run at a time; milliseconds for all of them; the outcome that makes the others superfluous.

-record(job, {
    %% With the variables that blocks of the caller share as they are now.
    todo :: [{pos_integer(), beamtalk_snapshot:packed()}],
    running = #{} :: #{reference() => {pid(), pos_integer()}},
    done = #{} :: #{pos_integer() => outcome()},
    until :: fun((outcome()) -> boolean()),
    caller :: pid(),
    caller_monitor :: reference()
}).

%% @doc The outcomes, in the order of the functions.
-spec run([fun(() -> term())], options()) -> [outcome()].
run([], _) ->
    [];
run(Funs, Options) ->
    Caller = self(),
    Packed = [beamtalk_snapshot:pack([Fun]) || Fun <- Funs],
    {_, Monitor} = spawn_monitor(fun() -> oversee(Caller, Packed, Options) end),
    receive
        {'DOWN', Monitor, process, _, {?MODULE, Outcomes}} ->
            beamtalk_wait:waited(),
            Outcomes;
        {'DOWN', Monitor, process, _, Reason} ->
            beamtalk_wait:waited(),
            beamtalk_error:raise(beamtalk_error:from_erlang(exit, Reason, []))
    end.

%% @doc The values of the function for the elements, at most `Max' at a time. The first failure ends the others and is
%% raised.
-spec map(fun((E) -> R), [E], pos_integer()) -> [R].
map(Block, Elements, Max) ->
    Outcomes = run([fun() -> Block(E) end || E <- Elements], #{max => Max, until => fun is_raised/1}),
    case lists:search(fun is_raised/1, Outcomes) of
        {value, {raised, Exception}} -> beamtalk_error:raise(Exception);
        false -> [Value || {value, Value} <- Outcomes]
    end.

is_raised({raised, _}) -> true;
is_raised(_) -> false.

%% ---------------------------------------------------------------------------------------------------
%% The overseer
%% ---------------------------------------------------------------------------------------------------

%% The outcomes travel as the exit reason: they arrive with the monitor's message, or not at all.
-spec oversee(pid(), [beamtalk_snapshot:packed()], options()) -> no_return().
oversee(Caller, Funs, Options) ->
    _ = process_flag(trap_exit, true),
    Job = #job{
        todo = lists:zip(lists:seq(1, length(Funs)), Funs),
        until = maps:get(until, Options, fun(_) -> false end),
        caller = Caller,
        caller_monitor = monitor(process, Caller)
    },
    {Last, Done} = collect(fill(maps:get(max, Options, length(Funs)), Job), deadline(Options)),
    exit({?MODULE, [maps:get(Index, Done, Last) || Index <- lists:seq(1, length(Funs))]}).

fill(0, Job) -> Job;
fill(_, #job{todo = []} = Job) -> Job;
fill(N, Job) -> fill(N - 1, start(Job)).

start(#job{todo = [{Index, Packed} | Todo], running = Running, caller = Caller} = Job) ->
    {Pid, Monitor} = spawn_opt(fun() -> work(Caller, Packed) end, [link, monitor]),
    Job#job{todo = Todo, running = Running#{Monitor => {Pid, Index}}}.

%% What those have for an outcome that have none of their own, and the outcomes.
collect(#job{running = Running, done = Done}, _) when map_size(Running) =:= 0 ->
    {abandoned, Done};
collect(#job{running = Running, caller_monitor = CallerMonitor, done = Done} = Job, Deadline) ->
    receive
        {'DOWN', CallerMonitor, process, _, _} ->
            {abandon(Job), Done};
        {'DOWN', Monitor, process, _, Reason} when is_map_key(Monitor, Running) ->
            {{_, Index}, Others} = maps:take(Monitor, Running),
            ended(outcome(Reason), Index, Job#job{running = Others}, Deadline);
        {'EXIT', _, _} ->
            collect(Job, Deadline)
    after remaining(Deadline) ->
        abandon(Job),
        {timeout, Done}
    end.

outcome({?MODULE, Outcome}) -> Outcome;
outcome(Reason) -> {raised, beamtalk_error:from_erlang(exit, Reason, [])}.

ended(Outcome, Index, #job{until = Until, done = Done} = Job, Deadline) ->
    NowDone = Done#{Index => Outcome},
    case Until(Outcome) of
        true -> {abandon(Job), NowDone};
        false -> collect(fill(1, Job#job{done = NowDone}), Deadline)
    end.

%% A worker that traps exits would survive the end of the overseer.
abandon(#job{running = Running}) ->
    maps:foreach(fun(_, {Pid, _}) -> exit(Pid, kill) end, Running),
    abandoned.

deadline(#{limit := Limit}) when is_integer(Limit) -> erlang:monotonic_time(millisecond) + Limit;
deadline(_) -> infinity.

remaining(infinity) -> infinity;
remaining(Deadline) -> min(16#ffffffff, max(0, Deadline - erlang:monotonic_time(millisecond))).

%% ---------------------------------------------------------------------------------------------------
%% A worker
%% ---------------------------------------------------------------------------------------------------

-spec work(pid(), beamtalk_snapshot:packed()) -> no_return().
work(Caller, Packed) ->
    [Fun] = beamtalk_snapshot:unpack(Packed),
    exit({?MODULE, beamtalk_wait:awaited_by(Caller, fun() -> attempt(Fun) end)}).

attempt(Fun) ->
    try
        {value, Fun()}
    catch
        Class:Reason:Stack -> {raised, beamtalk_error:from_erlang(Class, Reason, Stack)}
    end.
