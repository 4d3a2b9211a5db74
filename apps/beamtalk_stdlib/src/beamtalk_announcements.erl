%% @doc Subscriptions of all announcers, and the delivery of events.
%%
%% The subscriptions are rows of a table that belongs to the application's supervisor. This process writes them and watches
%% the subscribers; whoever announces an event reads them and starts a process for each. So announcing waits for nobody.
-module(beamtalk_announcements).

-behaviour(gen_server).

-export([create_table/0, start_link/0]).
-export([subscribe/3, unsubscribe/1, is_active/1, rows/1, event_classes/1]).
-export([announce/2, announce_and_wait/3]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-export_type([announcer/0, key/0, handler/0, row/0]).

-define(TABLE, beamtalk_subscriptions).

-type announcer() :: system | reference().
-type key() :: {announcer(), EventClass :: module(), integer()}.
-type handler() :: {do | doOnce, beamtalk_helper:work()} | {send, atom(), term()}.
-type row() :: {key(), Subscriber :: pid(), handler()}.
-type state() :: #{pid() => {reference(), #{key() => []}}}.

%% @doc Creates the table; the calling process owns it.
-spec create_table() -> ok.
create_table() ->
    ?TABLE = ets:new(?TABLE, [ordered_set, named_table, public, {read_concurrency, true}]),
    ok.

%% @doc Starts the process.
-spec start_link() -> gen_server:start_ret().
start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% @doc Adds a subscription of the calling process.
-spec subscribe(announcer(), module(), handler()) -> key().
subscribe(Announcer, EventClass, Handler) ->
    Key = {Announcer, EventClass, erlang:unique_integer([monotonic])},
    ok = gen_server:call(?MODULE, {subscribe, {Key, self(), Handler}}),
    Announcer =:= system andalso beamtalk_system_events:adapt(),
    Key.

%% @doc Ends subscriptions.
-spec unsubscribe([key()]) -> ok.
unsubscribe(Keys) ->
    gen_server:call(?MODULE, {unsubscribe, Keys}).

%% @doc Whether the subscription exists.
-spec is_active(key()) -> boolean().
is_active(Key) ->
    ets:member(?TABLE, Key).

%% @doc The subscriptions of an announcer.
-spec rows(announcer()) -> [row()].
rows(Announcer) ->
    select({Announcer, '_', '_'}).

select(Key) ->
    ets:select(?TABLE, [{{Key, '_', '_'}, [], ['$_']}]).

%% @doc The classes of events that an announcer has subscriptions to.
-spec event_classes(announcer()) -> [module()].
event_classes(Announcer) ->
    lists:usort([Class || {{_, Class, _}, _, _} <- rows(Announcer)]).

%% @doc Tells the subscribers.
-spec announce(announcer(), map()) -> ok.
announce(Announcer, Event) ->
    lists:foreach(
        fun(Row) -> spawn(fun() -> deliver_logged(Row, Event) end) end, claimed(Announcer, Event)
    ).

%% @doc Tells the subscribers and waits for them, for so many milliseconds at most.
-spec announce_and_wait(announcer(), map(), timeout()) -> ok.
announce_and_wait(Announcer, Event, Limit) ->
    Rows = claimed(Announcer, Event),
    Outcomes = beamtalk_tasks:run([fun() -> deliver(Row, Event) end || Row <- Rows], #{limit => Limit}),
    lists:foreach(fun(Outcome) -> note(Outcome, Event, Limit) end, Outcomes).

note({raised, Exception}, Event, _) ->
    report(Exception, Event);
note(timeout, Event, Limit) ->
    report(beamtalk_error:new(timeout, io_lib:format("a subscriber took longer than ~p ms", [Limit])), Event);
note({value, _}, _, _) ->
    ok.

%% The subscriptions that are to be told. Whoever takes the row of one that is for one event delivers it.
claimed(Announcer, #{'$beamtalk_class' := Module}) ->
    Rows = [Row || Class <- beamtalk_hierarchy:ancestry(Module), Row <- select({Announcer, Class, '_'})],
    lists:filter(fun is_claimed/1, Rows).

is_claimed({Key, Subscriber, {doOnce, _}}) ->
    case ets:take(?TABLE, Key) of
        [_] ->
            gen_server:cast(?MODULE, {delivered, Key, Subscriber}),
            true;
        [] ->
            false
    end;
is_claimed(_) ->
    true.

deliver_logged(Row, Event) ->
    try
        deliver(Row, Event)
    catch
        Class:Reason:Stack -> report(beamtalk_error:from_erlang(Class, Reason, Stack), Event)
    end.

deliver({_, _, {send, Selector, Receiver}}, Event) -> beamtalk_dispatch:send(Receiver, Selector, [Event]);
deliver({_, _, {_, Work}}, Event) -> beamtalk_helper:run(Work, [Event]).

report(Exception, #{'$beamtalk_class' := Module}) ->
    beamtalk_error:report(Exception, #{
        label => {beamtalk_announcer, handler_error}, event => beamtalk_hierarchy:name(Module), pid => self()
    }).

%% ---------------------------------------------------------------------------------------------------
%% The process
%% ---------------------------------------------------------------------------------------------------

%% The table may have rows from before a restart.
%% @private
-spec init([]) -> {ok, state()}.
init([]) ->
    {ok, lists:foldl(fun({Key, Pid, _}, State) -> add(Key, Pid, State) end, #{}, ets:tab2list(?TABLE))}.

%% @private
-spec handle_call(term(), gen_server:from(), state()) -> {reply, term(), state()}.
handle_call({subscribe, {Key, Pid, _} = Row}, _, State) ->
    ets:insert(?TABLE, Row),
    {reply, ok, add(Key, Pid, State)};
handle_call({unsubscribe, Keys}, _, State) ->
    {reply, ok, lists:foldl(fun remove/2, State, Keys)};
handle_call(_, _, State) ->
    {reply, {error, unknown_request}, State}.

%% @private
-spec handle_cast(term(), state()) -> {noreply, state()}.
handle_cast({delivered, Key, Pid}, State) ->
    ended(Key),
    {noreply, release(Key, Pid, State)};
handle_cast(_, State) ->
    {noreply, State}.

%% @private
-spec handle_info(term(), state()) -> {noreply, state()}.
handle_info({'DOWN', _, process, Pid, _}, State) when is_map_key(Pid, State) ->
    {{_, Keys}, Others} = maps:take(Pid, State),
    lists:foreach(fun(Key) -> ets:delete(?TABLE, Key) end, maps:keys(Keys)),
    lists:foreach(fun ended/1, maps:keys(Keys)),
    {noreply, Others};
handle_info(_, State) ->
    {noreply, State}.

add(Key, Pid, State) ->
    case State of
        #{Pid := {Monitor, Keys}} -> State#{Pid := {Monitor, Keys#{Key => []}}};
        _ -> State#{Pid => {monitor(process, Pid), #{Key => []}}}
    end.

remove(Key, State) ->
    case ets:take(?TABLE, Key) of
        [{_, Pid, _}] ->
            ended(Key),
            release(Key, Pid, State);
        [] ->
            State
    end.

release(Key, Pid, State) ->
    case State of
        #{Pid := {Monitor, Keys}} -> released(maps:remove(Key, Keys), Monitor, Pid, State);
        _ -> State
    end.

released(Keys, Monitor, Pid, State) when map_size(Keys) =:= 0 ->
    demonitor(Monitor, [flush]),
    maps:remove(Pid, State);
released(Keys, Monitor, Pid, State) ->
    State#{Pid := {Monitor, Keys}}.

%% The system's events are made only as long as somebody wants them.
ended({system, _, _}) -> beamtalk_system_events:adapt_later();
ended(_) -> ok.
