%% @doc Named locks, re-entrant within a process and released when their holder ends.
%%
%% The lock table is readable by everyone, so a process that waits for a lock is part of the wait-for
%% graph of {@link beamtalk_wait}: a cycle through locks and synchronous sends is reported, not waited
%% for.
-module(beamtalk_lock).

-behaviour(gen_server).

-export([start_link/0, with/2, with/3, holder/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-define(TABLE, beamtalk_locks).
-define(HELD(Key), {?MODULE, Key}).

%% How often an acquisition is tried again while the server restarts, and the pause between.
-define(RETRIES, 50).
-define(RETRY_PAUSE, 20).

-type waiter() :: {pid(), reference(), gen_server:from()}.
-type lock() :: {Holder :: pid(), Monitor :: reference(), queue:queue(waiter())}.
-type state() :: #{Key :: term() => lock()}.

%% @doc Starts the lock server.
-spec start_link() -> {ok, pid()} | {error, term()}.
start_link() ->
    case gen_server:start_link({local, ?MODULE}, ?MODULE, [], []) of
        {ok, Pid} -> {ok, Pid};
        {error, Reason} -> {error, Reason};
        ignore -> {error, ignore}
    end.

%% @doc Runs `Fun' while holding the lock `Key'.
-spec with(term(), fun(() -> Result)) -> Result.
with(Key, Fun) ->
    with(Key, last, Fun).

%% @doc The same, `first' or `last' among those that wait for the lock. Who holds another lock comes first: others may
%% wait for that one, and the longer it is held the more often locks are wanted in opposite orders.
-spec with(term(), first | last, fun(() -> Result)) -> Result.
with(Key, Place, Fun) ->
    case get(?HELD(Key)) of
        true -> Fun();
        undefined -> acquired(Key, Place, Fun)
    end.

acquired(Key, Place, Fun) ->
    ok = acquire(Key, Place, ?RETRIES),
    put(?HELD(Key), true),
    try
        Fun()
    after
        erase(?HELD(Key)),
        release(Key)
    end.

%% @doc The process that holds the lock.
-spec holder(term()) -> pid() | none.
holder(Key) ->
    case beamtalk_tables:lookup(?TABLE, Key) of
        [{_, Pid}] -> Pid;
        [] -> none
    end.

acquire(Key, Place, Retries) ->
    case beamtalk_wait:call(?MODULE, {lock, Key}, {acquire, Key, Place}, infinity) of
        {reply, acquired} ->
            ok;
        deadlock ->
            release(Key),
            beamtalk_error:raise(beamtalk_error:deadlock(holder(Key)));
        {down, _} when Retries > 0 ->
            timer:sleep(?RETRY_PAUSE),
            acquire(Key, Place, Retries - 1);
        {down, _} ->
            beamtalk_error:raise(runtime_error, <<"the application beamtalk_runtime is not running">>)
    end.

%% Also withdraws a request that has not been granted.
release(Key) ->
    gen_server:cast(?MODULE, {release, Key, self()}).

%% @private
-spec init([]) -> {ok, state()}.
init([]) ->
    Restored = [{Key, {Pid, monitor(process, Pid), queue:new()}} || {Key, Pid} <- ets:tab2list(?TABLE)],
    {ok, maps:from_list(Restored)}.

%% @private
-spec handle_call({acquire, term(), first | last}, gen_server:from(), state()) ->
    {reply, acquired, state()} | {noreply, state()}.
handle_call({acquire, Key, Place}, {Pid, _} = From, Locks) ->
    Monitor = monitor(process, Pid),
    case Locks of
        #{Key := {Holder, HolderMonitor, Queue}} ->
            Waiting = enqueue(Place, {Pid, Monitor, From}, Queue),
            {noreply, Locks#{Key := {Holder, HolderMonitor, Waiting}}};
        _ ->
            ets:insert(?TABLE, {Key, Pid}),
            {reply, acquired, Locks#{Key => {Pid, Monitor, queue:new()}}}
    end.

enqueue(first, Waiter, Queue) -> queue:in_r(Waiter, Queue);
enqueue(last, Waiter, Queue) -> queue:in(Waiter, Queue).

%% @private
-spec handle_cast({release, term(), pid()}, state()) -> {noreply, state()}.
handle_cast({release, Key, Pid}, Locks) ->
    {noreply, drop(Key, Pid, Locks)}.

%% @private
-spec handle_info(term(), state()) -> {noreply, state()}.
handle_info({'DOWN', _, process, Pid, _}, Locks) ->
    {noreply, lists:foldl(fun(Key, Acc) -> drop(Key, Pid, Acc) end, Locks, maps:keys(Locks))};
handle_info(_, Locks) ->
    {noreply, Locks}.

%% Takes a process off a lock, whether it holds it or waits for it.
drop(Key, Pid, Locks) ->
    case Locks of
        #{Key := {Pid, Monitor, Queue}} ->
            demonitor(Monitor, [flush]),
            grant(Key, queue:out(Queue), Locks);
        #{Key := {Holder, HolderMonitor, Queue}} ->
            Locks#{Key := {Holder, HolderMonitor, queue:filter(staying(Pid), Queue)}};
        _ ->
            Locks
    end.

staying(Leaving) ->
    fun
        ({Pid, Monitor, _}) when Pid =:= Leaving ->
            demonitor(Monitor, [flush]),
            false;
        (_) ->
            true
    end.

grant(Key, {empty, _}, Locks) ->
    ets:delete(?TABLE, Key),
    maps:remove(Key, Locks);
grant(Key, {{value, {Pid, Monitor, From}}, Queue}, Locks) ->
    ets:insert(?TABLE, {Key, Pid}),
    gen_server:reply(From, acquired),
    Locks#{Key := {Pid, Monitor, Queue}}.
