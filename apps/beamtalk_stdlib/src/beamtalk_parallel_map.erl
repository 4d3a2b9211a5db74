%% @doc Applies a block to each element of a list in a process of its own.
%%
%% The workers are linked to nothing and monitored by the caller, so a failure reaches the caller as an
%% exception, and a caller that fails does not leave workers behind: they watch it.
-module(beamtalk_parallel_map).

-export([map/3]).

%% Its fun, a worker, ends by an exit.
-dialyzer({no_return, start/1}).

-record(job, {
    block :: fun((term()) -> term()),
    %% The variables that blocks of the caller share: the workers see them as they are now.
    cells :: beamtalk_cell:exported(),
    todo :: [{pos_integer(), term()}],
    running = #{} :: #{reference() => {pid(), pos_integer()}},
    done = #{} :: #{pos_integer() => term()}
}).

%% @doc The values in the order of the elements. At most `Max' processes run at a time. When one fails,
%% the others are ended and the failure is raised here.
-spec map(fun((E) -> R), [E], pos_integer()) -> [R].
map(_, [], _) ->
    [];
map(Block, Elements, Max) ->
    Numbered = lists:zip(lists:seq(1, length(Elements)), Elements),
    Job = fill(Max, #job{block = Block, cells = beamtalk_cell:export(), todo = Numbered}),
    collect(Job).

fill(0, Job) -> Job;
fill(_, #job{todo = []} = Job) -> Job;
fill(N, Job) -> fill(N - 1, start(Job)).

start(#job{todo = [{Index, Element} | Todo], running = Running} = Job) ->
    #job{block = Block, cells = Cells} = Job,
    Caller = self(),
    {Pid, Monitor} = spawn_monitor(fun() -> work(Caller, Cells, Block, Element) end),
    Job#job{todo = Todo, running = Running#{Monitor => {Pid, Index}}}.

%% The value travels as the exit reason: it arrives with the monitor's message, or not at all.
-spec work(pid(), beamtalk_cell:exported(), fun((term()) -> term()), term()) -> no_return().
work(Caller, Cells, Block, Element) ->
    ok = beamtalk_cell:import(Cells),
    Guard = spawn_guard(Caller),
    Outcome =
        try
            {value, Block(Element)}
        catch
            Class:Reason:Stack -> {failed, beamtalk_error:from_erlang(Class, Reason, Stack)}
        end,
    exit(Guard, kill),
    exit({?MODULE, Outcome}).

%% Ends the worker when its caller ends.
spawn_guard(Caller) ->
    Worker = self(),
    spawn(fun() ->
        CallerMonitor = monitor(process, Caller),
        WorkerMonitor = monitor(process, Worker),
        receive
            {'DOWN', CallerMonitor, process, _, _} -> exit(Worker, kill);
            {'DOWN', WorkerMonitor, process, _, _} -> ok
        end
    end).

collect(#job{running = Running, done = Done}) when map_size(Running) =:= 0 ->
    [Value || {_, Value} <- lists:sort(maps:to_list(Done))];
collect(#job{running = Running} = Job) ->
    receive
        {'DOWN', Monitor, process, _, Reason} when is_map_key(Monitor, Running) ->
            {{_, Index}, Others} = maps:take(Monitor, Running),
            ended(Reason, Index, Job#job{running = Others})
    end.

ended({?MODULE, {value, Value}}, Index, #job{done = Done} = Job) ->
    collect(fill(1, Job#job{done = Done#{Index => Value}}));
ended({?MODULE, {failed, Exception}}, _, Job) ->
    abandon(Job),
    beamtalk_error:raise(Exception);
ended(Reason, _, Job) ->
    abandon(Job),
    beamtalk_error:raise(beamtalk_error:from_erlang(exit, Reason, [])).

abandon(#job{running = Running}) ->
    maps:foreach(
        fun(Monitor, {Pid, _}) ->
            demonitor(Monitor, [flush]),
            exit(Pid, kill)
        end,
        Running
    ).
