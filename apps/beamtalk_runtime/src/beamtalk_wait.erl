%% @doc Synchronous requests that notice deadlocks.
%%
%% A request that is answered within a short while costs what a gen_server call costs. Only a request
%% that takes longer publishes its edge in the wait-for graph and looks for a cycle. A process that
%% waits for several others to end has an edge to each of them; it cannot go on before all have ended or
%% are ended by it, so that any cycle is a deadlock.
%%
%% An edge is inserted before the graph is searched, so of several processes that close a cycle at the
%% same time at least one sees all of it. A claim on the cycle's smallest reference makes sure that not
%% more than one gives up.
%%
%% Whoever gives up takes its request back: the target finds the request's reference among the cancelled
%% ones when its own wait, which is part of the cycle, has ended.
%%
%% The server process only sweeps what processes left behind when they were killed.
-module(beamtalk_wait).

-behaviour(gen_server).

%% The tag of a gen_server request whose answer goes to an alias is an improper list.
-dialyzer({no_improper_lists, [call/4]}).

-export([start_link/0, call/4, awaited_by/2, is_awaited_by/1, waited/0, is_cancelled/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-define(TABLE, beamtalk_waits).
-define(CANCELLED_TABLE, beamtalk_cancelled).
-define(CANCELLED, '$bt_cancelled').
-define(WAITER, '$bt_waiter').

%% Milliseconds before a request is taken for a slow one.
-define(QUICK, 20).

%% Milliseconds that a cycle must persist. An edge lingers until its process is scheduled again after
%% the answer has arrived; in that time the graph can show a cycle that is none.
-define(CONFIRM, 20).

-define(SWEEP_INTERVAL, 60_000).

-type graph_node() :: pid() | {lock, term()}.
-type outcome() :: {reply, term()} | {down, term()} | timeout | deadlock.

%% @doc Starts the sweeper.
-spec start_link() -> {ok, pid()} | {error, term()}.
start_link() ->
    case gen_server:start_link({local, ?MODULE}, ?MODULE, [], []) of
        {ok, Pid} -> {ok, Pid};
        {error, Reason} -> {error, Reason};
        ignore -> {error, ignore}
    end.

%% @doc Sends a gen_server request and waits for its answer. `Node' is what the wait-for graph shows
%% the caller waiting for.
%%
%% The monitor is made in the function that receives, so that the receive starts at the messages that
%% came after it: a caller with a full mailbox pays nothing for it.
-spec call(pid() | atom(), graph_node(), term(), timeout()) -> outcome().
call(Name, Node, Message, Timeout) when is_atom(Name) ->
    case whereis(Name) of
        undefined -> {down, noproc};
        Pid -> call(Pid, Node, Message, Timeout)
    end;
call(Server, Node, Message, Timeout) ->
    Request = monitor(process, Server, [{alias, reply_demonitor}]),
    Server ! {'$gen_call', {self(), [alias | Request]}, Message},
    receive
        {[alias | Request], Reply} -> {reply, Reply};
        {'DOWN', Request, _, _, Reason} -> {down, Reason}
    after min(Timeout, ?QUICK) ->
        slow(Request, Node, deadline(Timeout))
    end.

%% @doc Runs `Fun' in a process whose initialization, or whose end, `Waiter' waits for.
-spec awaited_by(pid(), fun(() -> Result)) -> Result.
awaited_by(Waiter, Fun) ->
    put(?WAITER, Waiter),
    try
        Fun()
    after
        erase(?WAITER)
    end.

%% @doc True when the calling process runs in {@link awaited_by/2} of that process.
-spec is_awaited_by(pid()) -> boolean().
is_awaited_by(Pid) ->
    get(?WAITER) =:= Pid.

%% @doc True for a request whose caller has given up because of a deadlock; it must not be served.
-spec is_cancelled(gen_server:from()) -> boolean().
is_cancelled({_, Tag}) ->
    case get(?CANCELLED) of
        undefined -> false;
        Requests -> is_cancelled(Tag, Requests)
    end.

is_cancelled([alias | Request], Requests) ->
    case Requests -- [Request] of
        Requests -> false;
        [] -> erase(?CANCELLED) =/= undefined;
        Others -> put(?CANCELLED, Others) =/= undefined
    end;
is_cancelled(_, _) ->
    false.

slow(Request, Node, Deadline) ->
    Edges = publish(Node),
    try
        search(Request, Node, Deadline)
    after
        lists:foreach(fun(Edge) -> ets:delete_object(?TABLE, Edge) end, Edges),
        waited()
    end.

%% @doc To be called when a wait has ended that {@link call/4} does not know of: that of a process for
%% one that {@link awaited_by/2} says it waits for.
-spec waited() -> ok.
waited() ->
    note_cancelled(beamtalk_tables:take(?CANCELLED_TABLE, self())).

note_cancelled([]) ->
    ok;
note_cancelled(Rows) ->
    Earlier =
        case get(?CANCELLED) of
            undefined -> [];
            Requests -> Requests
        end,
    _ = put(?CANCELLED, [Request || {_, Request} <- Rows] ++ Earlier),
    ok.

publish(Node) ->
    Edges = [{self(), Node, make_ref()} | waiter_edge(get(?WAITER))],
    ets:insert(?TABLE, Edges),
    Edges.

waiter_edge(undefined) -> [];
waiter_edge(Waiter) -> [{Waiter, self(), make_ref()}].

search(Request, Node, Deadline) ->
    case cycle(self()) of
        none -> wait(Request, Deadline);
        Cycle -> confirm(Request, Node, Deadline, Cycle)
    end.

confirm(Request, Node, Deadline, Cycle) ->
    case response(Request, min(?CONFIRM, remaining(Deadline))) of
        timeout -> decide(is_claimed(Cycle, Node, Request), Request, Node, Deadline);
        Outcome -> Outcome
    end.

%% A cycle that another process breaks, or that has changed: there may be a second one.
decide(true, Request, _, _) -> abandon(Request, deadlock);
decide(false, Request, Node, Deadline) ->
    case remaining(Deadline) of
        0 -> abandon(Request, timeout);
        _ -> search(Request, Node, Deadline)
    end.

%% True when the cycle still exists and it is this process that breaks it. The edge goes before the
%% claim does, so whoever claims the cycle afterwards finds it broken; and the request is taken back
%% before the edge goes, while the target still waits.
is_claimed(Cycle, Node, Request) ->
    Claim = {claim, hd(Cycle)},
    ets:insert_new(?TABLE, {Claim, self()}) andalso
        try cycle(self()) of
            Cycle -> cancel(Node, Request) andalso ets:delete(?TABLE, self());
            _ -> false
        after
            ets:delete(?TABLE, Claim)
        end.

%% A request for a lock is withdrawn by its owner.
cancel(Pid, Request) when is_pid(Pid) -> ets:insert(?CANCELLED_TABLE, {Pid, Request});
cancel({lock, _}, _) -> true.

wait(Request, Deadline) ->
    case response(Request, remaining(Deadline)) of
        timeout -> abandon(Request, timeout);
        Outcome -> Outcome
    end.

response(Request, Timeout) ->
    receive
        {[alias | Request], Reply} -> {reply, Reply};
        {'DOWN', Request, _, _, Reason} -> {down, Reason}
    after Timeout ->
        timeout
    end.

%% Ends the monitor, and with it the alias: an answer that comes later is dropped by the VM.
abandon(Request, Outcome) ->
    demonitor(Request, [flush]),
    receive
        {[alias | Request], Reply} -> {reply, Reply}
    after 0 ->
        Outcome
    end.

deadline(infinity) -> infinity;
deadline(Timeout) -> erlang:monotonic_time(millisecond) + max(0, Timeout - ?QUICK).

remaining(infinity) -> infinity;
remaining(Deadline) -> max(0, Deadline - erlang:monotonic_time(millisecond)).

%% References of the edges of a cycle through `Start', or `none'.
cycle(Start) ->
    case walk(edges(Start), Start, [], #{}) of
        {cycle, Refs} -> lists:sort(Refs);
        {none, _} -> none
    end.

%% A cycle that does not include the start is another process's business.
walk([], _, _, Seen) ->
    {none, Seen};
walk([{Start, Ref} | _], Start, Refs, _) ->
    {cycle, [Ref | Refs]};
walk([{Next, _} | Others], Start, Refs, Seen) when is_map_key(Next, Seen) ->
    walk(Others, Start, Refs, Seen);
walk([{Next, Ref} | Others], Start, Refs, Seen) ->
    case walk(edges(Next), Start, [Ref | Refs], Seen#{Next => true}) of
        {cycle, Found} -> {cycle, Found};
        {none, SeenNow} -> walk(Others, Start, Refs, SeenNow)
    end.

edges(Pid) when is_pid(Pid) ->
    [Edge || {_, Next, Ref} <- beamtalk_tables:lookup(?TABLE, Pid), Edge <- edge(Pid, Next, Ref)];
edges(_) ->
    [].

edge(Pid, {lock, Key}, Ref) -> lock_edge(Pid, beamtalk_lock:holder(Key), Ref);
edge(_, Next, Ref) -> [{Next, Ref}].

%% A process that holds what it waits for has been given it, and will know when its message arrives.
lock_edge(_, none, _) -> [];
lock_edge(Pid, Pid, _) -> [];
lock_edge(_, Holder, Ref) -> [{Holder, Ref}].

%% @private
-spec init([]) -> {ok, []}.
init([]) ->
    _ = schedule(),
    {ok, []}.

%% @private
-spec handle_call(term(), gen_server:from(), []) -> {reply, ok, []}.
handle_call(_, _, State) ->
    {reply, ok, State}.

%% @private
-spec handle_cast(term(), []) -> {noreply, []}.
handle_cast(_, State) ->
    {noreply, State}.

%% @private
-spec handle_info(term(), []) -> {noreply, []}.
handle_info(sweep, State) ->
    lists:foreach(fun sweep/1, ets:tab2list(?TABLE)),
    lists:foreach(fun sweep_cancelled/1, ets:tab2list(?CANCELLED_TABLE)),
    beamtalk_actor_name:sweep(),
    _ = schedule(),
    {noreply, State};
handle_info(_, State) ->
    {noreply, State}.

sweep({{claim, _}, Pid} = Row) -> sweep(Pid, Row);
sweep({Pid, _, _} = Row) -> sweep(Pid, Row).

sweep(Pid, Row) ->
    is_process_alive(Pid) orelse ets:delete_object(?TABLE, Row).

sweep_cancelled({Pid, _} = Row) ->
    is_process_alive(Pid) orelse ets:delete_object(?CANCELLED_TABLE, Row).

schedule() ->
    erlang:send_after(?SWEEP_INTERVAL, self(), sweep).
