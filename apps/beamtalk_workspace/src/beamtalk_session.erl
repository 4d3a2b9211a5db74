%% @doc An interactive session: evaluates one piece of source text after the other and keeps the variables.
%%
%% The session is a process that never runs the user's code. Its worker does, one evaluation after the other, in
%% one long-lived process, because the variables that blocks share live in that process. When the worker dies or
%% is interrupted, a new one starts with the variables as the last finished evaluation has left them. All workers
%% collect variables by one collector: what is kept here refers to variables that were made by any of them.
-module(beamtalk_session).

-behaviour(gen_server).

-export([start_link/1, evaluate/2, evaluate/3, display/2, interrupt/1, bindings/1, clear/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-export_type([outcome/0, failure/0]).

-type outcome() ::
    {ok, #{value := term(), diagnostics := [map()], rendered := [binary()]}}
    | {error, failure()}.
%% What came of an evaluation, with what the compiler has found in either case.

-type failure() ::
    #{
        reason := compile | exception | interrupted | {worker, term()},
        exception => beamtalk_error:exception(),
        diagnostics => [map()],
        rendered => [binary()]
    }.
%% Why there is no value: `exception' is present with the reason of that name. `{worker, Reason}': the process
%% that evaluated was ended from outside.

-type job() :: {evaluate, binary()} | {display, term()}.

-record(state, {
    worker :: pid(),
    output :: pid(),
    collector :: beamtalk_cell:collector(),
    %% Evaluations that wait; the first is the one that the worker has.
    jobs = queue:new() :: queue:queue({gen_server:from(), job()}),
    bindings = #{} :: beamtalk_evaluation:bindings(),
    cells = [] :: beamtalk_cell:exported()
}).

%% @doc Starts a session; `Output' becomes the group leader of what it evaluates.
-spec start_link(pid()) -> gen_server:start_ret().
start_link(Output) ->
    gen_server:start_link(?MODULE, Output, []).

%% @doc Evaluates source text: expressions, or the definition of a class, which is loaded. Waits as long as it takes.
-spec evaluate(pid(), unicode:chardata()) -> outcome().
evaluate(Session, Source) ->
    gen_server:call(Session, {run, {evaluate, unicode:characters_to_binary(Source)}}, infinity).

%% @doc The same with a time limit in milliseconds; an evaluation that takes longer is ended.
-spec evaluate(pid(), unicode:chardata(), pos_integer()) -> outcome().
evaluate(Session, Source, Limit) ->
    Request = gen_server:send_request(Session, {run, {evaluate, unicode:characters_to_binary(Source)}}),
    case gen_server:wait_response(Request, Limit) of
        {reply, Outcome} ->
            Outcome;
        {error, {Reason, _}} ->
            exit(Reason);
        timeout ->
            ok = interrupt(Session),
            {reply, Outcome} = gen_server:receive_response(Request, infinity),
            Outcome
    end.

%% @doc The text that shows a value to a person. The value of the outcome is that text.
-spec display(pid(), term()) -> outcome().
display(Session, Value) ->
    gen_server:call(Session, {run, {display, Value}}, infinity).

%% @doc Ends the present evaluation, if there is any. Variables keep the values of the last finished one.
-spec interrupt(pid()) -> ok.
interrupt(Session) ->
    gen_server:call(Session, interrupt).

%% @doc The variables of the session with their values.
-spec bindings(pid()) -> #{binary() => term()}.
bindings(Session) ->
    gen_server:call(Session, bindings).

%% @doc Forgets all variables.
-spec clear(pid()) -> ok.
clear(Session) ->
    gen_server:call(Session, clear).

%% @private
-spec init(pid()) -> {ok, #state{}}.
init(Output) ->
    process_flag(trap_exit, true),
    Collector = beamtalk_cell:collector(),
    {ok, #state{output = Output, collector = Collector, worker = start_worker(Output, Collector, [])}}.

%% @private
-spec handle_call(term(), gen_server:from(), #state{}) ->
    {reply, term(), #state{}} | {noreply, #state{}}.
handle_call({run, Job}, From, #state{jobs = Jobs} = State) ->
    Idle = queue:is_empty(Jobs),
    Queued = State#state{jobs = queue:in({From, Job}, Jobs)},
    {noreply,
        case Idle of
            true -> give_job(Queued);
            false -> Queued
        end};
handle_call(interrupt, _From, State) ->
    {reply, ok, interrupted(State)};
handle_call(bindings, _From, State) ->
    {reply, values(State), State};
handle_call(clear, _From, State) ->
    {reply, ok, State#state{bindings = #{}}}.

%% @private
-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast(_, State) ->
    {noreply, State}.

%% @private
-spec handle_info(term(), #state{}) -> {noreply, #state{}} | {stop, term(), #state{}}.
handle_info({done, Worker, Reply, Bindings, Cells}, #state{worker = Worker} = State) ->
    Changed = State#state{bindings = Bindings, cells = Cells},
    beamtalk_event:has_listener(binding_changed) andalso notify_changes(values(State), values(Changed)),
    {noreply, next_job(Reply, Changed)};
handle_info({'EXIT', Worker, Reason}, #state{worker = Worker} = State) ->
    {noreply, replace_worker({error, #{reason => {worker, Reason}}}, State)};
handle_info(_, State) ->
    %% A late message of a worker that was replaced.
    {noreply, State}.

%% @private
-spec terminate(term(), #state{}) -> ok.
terminate(_Reason, #state{worker = Worker}) ->
    exit(Worker, kill),
    ok.

values(#state{bindings = Bindings, cells = Cells}) ->
    maps:map(fun(_, Value) -> beamtalk_cell:exported_value(Value, Cells) end, Bindings).

notify_changes(Before, After) ->
    Session = list_to_binary(pid_to_list(self())),
    lists:foreach(
        fun({Name, Value}) -> beamtalk_event:notify(binding_changed, {binary_to_atom(Name), Value, Session}) end,
        lists:sort(maps:to_list(After) -- maps:to_list(Before))
    ).

interrupted(#state{jobs = Jobs, worker = Worker} = State) ->
    case queue:is_empty(Jobs) of
        true ->
            State;
        false ->
            unlink(Worker),
            exit(Worker, kill),
            replace_worker({error, #{reason => interrupted}}, State)
    end.

replace_worker(Reply, #state{output = Output, collector = Collector, cells = Cells} = State) ->
    next_job(Reply, State#state{worker = start_worker(Output, Collector, Cells)}).

%% Answers the present job, if any, and begins the next.
next_job(Reply, #state{jobs = Jobs} = State) ->
    case queue:out(Jobs) of
        {empty, _} ->
            State;
        {{value, {From, _}}, Rest} ->
            gen_server:reply(From, Reply),
            give_job(State#state{jobs = Rest})
    end.

give_job(#state{jobs = Jobs, worker = Worker, bindings = Bindings} = State) ->
    ok =
        case queue:peek(Jobs) of
            {value, {_, Job}} -> send_job(Worker, Job, Bindings);
            empty -> ok
        end,
    State.

send_job(Worker, Job, Bindings) ->
    Worker ! {job, self(), Job, Bindings},
    ok.

start_worker(Output, Collector, Cells) ->
    spawn_link(fun() ->
        group_leader(Output, self()),
        beamtalk_cell:use_collector(Collector),
        beamtalk_cell:import(Cells),
        work()
    end).

work() ->
    receive
        {job, Session, Job, Bindings} ->
            {Reply, NewBindings} = perform(Job, Bindings),
            Session ! {done, self(), Reply, NewBindings, beamtalk_cell:export()},
            work()
    end.

perform({evaluate, Source}, Bindings) -> beamtalk_evaluation:evaluate(Source, Bindings);
perform({display, Value}, Bindings) -> {beamtalk_evaluation:display(Value), Bindings}.
