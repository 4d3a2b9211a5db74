%% @doc What the Transcript remembers: its recent entries, and the processes that want to see new ones.
%%
%% Output itself does not go through this process: the writer writes to its own group leader and then
%% tells this process, without waiting. When the process is not running, output still appears.
-module(beamtalk_transcript).

-behaviour(gen_server).

-export([start_link/0, record/1, recent/0, clear/0, subscribe/1, unsubscribe/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-define(LIMIT, 1000).

-record(state, {
    %% Newest first; `count' is its length.
    entries = [] :: [binary()],
    count = 0 :: non_neg_integer(),
    subscribers = #{} :: #{pid() => reference()}
}).

%% @doc Starts the process.
-spec start_link() -> gen_server:start_ret().
start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% @doc Remembers an entry and sends it to each subscriber as `{beamtalk_transcript, Text}'.
-spec record(binary()) -> ok.
record(Text) ->
    gen_server:cast(?MODULE, {record, Text}).

%% @doc The last entries, oldest first.
-spec recent() -> [binary()].
recent() ->
    gen_server:call(?MODULE, recent).

%% @doc Forgets all entries.
-spec clear() -> ok.
clear() ->
    gen_server:call(?MODULE, clear).

%% @doc Sends the process all future entries until it ends or unsubscribes.
-spec subscribe(pid()) -> ok.
subscribe(Pid) ->
    gen_server:call(?MODULE, {subscribe, Pid}).

%% @doc Ends a subscription; does nothing when there is none.
-spec unsubscribe(pid()) -> ok.
unsubscribe(Pid) ->
    gen_server:call(?MODULE, {unsubscribe, Pid}).

%% @private
-spec init([]) -> {ok, #state{}}.
init([]) ->
    {ok, #state{}}.

%% @private
-spec handle_call(term(), gen_server:from(), #state{}) -> {reply, term(), #state{}}.
handle_call(recent, _From, #state{entries = Entries} = State) ->
    {reply, lists:reverse(lists:sublist(Entries, ?LIMIT)), State};
handle_call(clear, _From, State) ->
    {reply, ok, State#state{entries = [], count = 0}};
handle_call({subscribe, Pid}, _From, #state{subscribers = Subscribers} = State) ->
    {reply, ok, State#state{subscribers = monitored(Pid, Subscribers)}};
handle_call({unsubscribe, Pid}, _From, #state{subscribers = Subscribers} = State) ->
    {reply, ok, State#state{subscribers = released(Pid, Subscribers)}};
handle_call(_, _From, State) ->
    {reply, {error, unknown_request}, State}.

%% @private
-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast({record, Text}, #state{subscribers = Subscribers} = State) ->
    lists:foreach(fun(Pid) -> Pid ! {?MODULE, Text} end, maps:keys(Subscribers)),
    {noreply, remember(Text, State)};
handle_cast(_, State) ->
    {noreply, State}.

%% @private
-spec handle_info(term(), #state{}) -> {noreply, #state{}}.
handle_info({'DOWN', _, process, Pid, _}, #state{subscribers = Subscribers} = State) ->
    {noreply, State#state{subscribers = maps:remove(Pid, Subscribers)}};
handle_info(_, State) ->
    {noreply, State}.

%% Old entries are dropped when there are twice as many as needed, so that an entry costs little.
remember(Text, #state{entries = Entries, count = Count} = State) when Count >= 2 * ?LIMIT ->
    State#state{entries = [Text | lists:sublist(Entries, ?LIMIT - 1)], count = ?LIMIT};
remember(Text, #state{entries = Entries, count = Count} = State) ->
    State#state{entries = [Text | Entries], count = Count + 1}.

monitored(Pid, Subscribers) when is_map_key(Pid, Subscribers) -> Subscribers;
monitored(Pid, Subscribers) -> Subscribers#{Pid => monitor(process, Pid)}.

released(Pid, Subscribers) ->
    case maps:take(Pid, Subscribers) of
        {Monitor, Others} ->
            demonitor(Monitor, [flush]),
            Others;
        error ->
            Subscribers
    end.
