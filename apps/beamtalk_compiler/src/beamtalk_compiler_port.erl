%% @doc The compiler as an executable of its own: this server owns the port.
%%
%% Many requests are in flight; each has an id, a time limit and a caller that is watched. The server never waits and
%% never decodes: callers encode their request and decode their reply. The executable is started at the first request.
%% When it ends, requests that were sent are sent once more, and after a second time they are refused; it is started
%% again after a delay that doubles up to ten seconds and is forgotten at the first answer. That goes on for ever.
%%
%% A request that is not answered in time, or whose caller is dead, is cancelled; if it is not answered within a grace
%% period after that, the executable is stuck and is replaced.
-module(beamtalk_compiler_port).

-behaviour(gen_server).

-include_lib("kernel/include/logger.hrl").

-export([start_link/0, call/3, cancel/1, info/0, available/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-export_type([failure/0]).

-type failure() :: timeout | {unavailable, binary()} | {crashed, term()}.
%% Why there is no answer.

-type id() :: 1..16#7FFFFFFF.

%% What the executable itself may add to the time limit of a request before it counts as stuck.
-define(GRACE_MS, 2000).
-define(MIN_DELAY_MS, 100).
-define(MAX_DELAY_MS, 10_000).
%% How long to wait when the pipe is full.
-define(FULL_MS, 5).

-record(request, {
    body :: binary(),
    %% Nobody waits any more: the caller is dead or was told that time is up.
    from :: gen_server:from() | undefined,
    tag :: term(),
    timer :: reference(),
    monitor :: reference(),
    sent = 0 :: non_neg_integer(),
    waits = true :: boolean()
}).

-record(state, {
    port :: port() | undefined,
    os_pid :: non_neg_integer() | undefined,
    next = 1 :: id(),
    requests = #{} :: #{id() => #request{}},
    monitors = #{} :: #{reference() => id()},
    %% Ids of requests that are to be sent.
    outgoing = queue:new() :: queue:queue(id()),
    delay = 0 :: non_neg_integer(),
    pause :: reference() | undefined,
    starts = 0 :: non_neg_integer()
}).

%% @private
-spec start_link() -> {ok, pid()} | {error, term()}.
start_link() ->
    case gen_server:start_link({local, ?MODULE}, ?MODULE, [], []) of
        {ok, Pid} -> {ok, Pid};
        ignore -> {error, ignore};
        {error, Reason} -> {error, Reason}
    end.

%% @doc Answers a request. `TimeLimit' is in milliseconds, `Tag' is the name that {@link cancel/1} knows it by.
-spec call(map(), TimeLimit :: pos_integer(), Tag :: term()) ->
    {ok, beamtalk_compiler_backend:wire_reply()} | {error, failure()}.
call(Request, TimeLimit, Tag) ->
    %% Minor version 2: all atoms are UTF-8, as in all newer emulators.
    <<131, Body/binary>> = term_to_binary(Request#{time_limit => TimeLimit}, [{minor_version, 2}]),
    try gen_server:call(?MODULE, {request, Body, TimeLimit, Tag}, infinity) of
        {ok, Frame} ->
            {_Id, Reply} = binary_to_term(Frame),
            {ok, Reply};
        {error, Failure} ->
            {error, Failure}
    catch
        exit:{noproc, _} -> error({not_started, beamtalk_compiler});
        exit:{Reason, _} -> {error, {crashed, Reason}}
    end.

%% @doc Cancels the requests of this name.
-spec cancel(Tag :: term()) -> ok.
cancel(Tag) ->
    gen_server:cast(?MODULE, {cancel, Tag}).

%% @doc The state of the executable.
-spec info() -> map().
info() ->
    gen_server:call(?MODULE, info).

%% @doc Whether there is an executable that answers; else what was looked for.
-spec available() -> {ok, file:filename_all()} | {error, binary()}.
available() ->
    Path = beamtalk_compiler_files:executable(),
    %% In a process of its own: messages of the port must not stay in the mailbox of whoever asks.
    Limits = #{time_limit => 10_000, max_heap_words => 1_000_000},
    case beamtalk_compiler_worker:run(fun() -> run_version(Path) end, Limits) of
        {ok, ok} -> {ok, Path};
        {ok, {error, Reason}} -> {error, cannot_run(Path, Reason)};
        {error, Reason} -> {error, cannot_run(Path, Reason)}
    end.

run_version(Path) ->
    try open_port({spawn_executable, Path}, [binary, exit_status, hide, {args, ["--version"]}]) of
        Port -> await_version(Port)
    catch
        error:Reason -> {error, Reason}
    end.

await_version(Port) ->
    receive
        {Port, {exit_status, 0}} -> ok;
        {Port, {exit_status, Status}} -> {error, {exit_status, Status}}
    after 5000 -> {error, timeout}
    end.

cannot_run(Path, Reason) ->
    unicode:characters_to_binary(io_lib:format("~ts: ~tp", [Path, Reason])).

%% @private
-spec init([]) -> {ok, #state{}}.
init([]) ->
    process_flag(trap_exit, true),
    {ok, #state{}}.

%% @private
-spec handle_call(term(), gen_server:from(), #state{}) -> {reply, term(), #state{}} | {noreply, #state{}}.
handle_call({request, Body, TimeLimit, Tag}, From, State) ->
    {noreply, pump(enqueue(Body, TimeLimit, Tag, From, State))};
handle_call(info, _From, State) ->
    {reply, describe(State), State}.

%% @private
-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast({cancel, Tag}, #state{requests = Requests} = State) ->
    Ids = [Id || {Id, #request{tag = T}} <- maps:to_list(Requests), T =:= Tag],
    lists:foreach(fun(Id) -> send_cancel(Id, State) end, Ids),
    {noreply, State}.

%% @private
-spec handle_info(term(), #state{}) -> {noreply, #state{}}.
handle_info({Port, {data, Frame}}, #state{port = Port} = State) ->
    {noreply, answered(Frame, State#state{delay = 0})};
handle_info({Port, {exit_status, Status}}, #state{port = Port} = State) ->
    {noreply, ended({exit_status, Status}, State)};
handle_info({'EXIT', Port, Reason}, #state{port = Port} = State) ->
    {noreply, ended(Reason, State)};
handle_info({expire, Id}, State) ->
    {noreply, expire(Id, State)};
handle_info(pump, State) ->
    {noreply, pump(State#state{pause = undefined})};
handle_info({'DOWN', Ref, process, _, _}, #state{monitors = Monitors} = State) ->
    case Monitors of
        #{Ref := Id} -> {noreply, abandon(Id, State)};
        #{} -> {noreply, State}
    end;
handle_info(_, State) ->
    {noreply, State}.

%% @private
-spec terminate(term(), #state{}) -> ok.
terminate(_Reason, State) ->
    close(State).

describe(#state{port = Port, os_pid = OsPid, requests = Requests, starts = Starts, pause = Pause}) ->
    Status =
        case {Port, Pause} of
            {undefined, undefined} -> stopped;
            {undefined, _} -> restarting;
            _ -> running
        end,
    #{
        path => beamtalk_compiler_files:executable(),
        status => Status,
        os_pid => OsPid,
        starts => Starts,
        in_flight => map_size(Requests)
    }.

%% Requests.

enqueue(Body, TimeLimit, Tag, {Pid, _} = From, State) ->
    #state{requests = Requests, monitors = Monitors, outgoing = Outgoing, next = Next} = State,
    Id = free_id(Next, Requests),
    Monitor = monitor(process, Pid),
    Timer = erlang:send_after(TimeLimit + ?GRACE_MS, self(), {expire, Id}),
    Request = #request{body = Body, from = From, tag = Tag, timer = Timer, monitor = Monitor},
    State#state{
        next = Id rem 16#7FFFFFFF + 1,
        requests = Requests#{Id => Request},
        monitors = Monitors#{Monitor => Id},
        outgoing = queue:in(Id, Outgoing)
    }.

free_id(Id, Requests) when is_map_key(Id, Requests) -> free_id(Id rem 16#7FFFFFFF + 1, Requests);
free_id(Id, _Requests) -> Id.

remove(Id, #state{requests = Requests, monitors = Monitors} = State) ->
    {#request{monitor = Monitor, timer = Timer}, Left} = maps:take(Id, Requests),
    demonitor(Monitor, [flush]),
    _ = erlang:cancel_timer(Timer),
    State#state{requests = Left, monitors = maps:remove(Monitor, Monitors)}.

reply(#request{waits = true, from = From}, Reply) when From =/= undefined -> gen_server:reply(From, Reply);
reply(#request{}, _Reply) -> ok.

answered(Frame, #state{requests = Requests} = State) ->
    case frame_id(Frame) of
        Id when is_map_key(Id, Requests) ->
            reply(map_get(Id, Requests), {ok, Frame}),
            remove(Id, State);
        _ ->
            State
    end.

%% The id of `{Id, Reply}', without decoding the reply.
frame_id(<<131, 104, 2, 97, Id, _/binary>>) -> Id;
frame_id(<<131, 104, 2, 98, Id:32/signed, _/binary>>) -> Id;
frame_id(_) -> none.

%% Time is up: for the caller, then for the executable.
expire(Id, #state{requests = Requests} = State) ->
    case Requests of
        #{Id := #request{waits = true} = Request} ->
            reply(Request, {error, timeout}),
            abandon(Id, State);
        #{Id := #request{waits = false}} ->
            ?LOG_ERROR(#{what => "the compiler executable is stuck and is replaced"}),
            close(State),
            ended(stuck, State);
        #{} ->
            State
    end.

%% Nobody waits: the request is cancelled, and must be answered soon.
abandon(Id, #state{requests = Requests, port = Port} = State) ->
    case Requests of
        #{Id := #request{sent = Sent}} when Sent =:= 0; Port =:= undefined ->
            remove(Id, State);
        #{Id := #request{timer = Timer} = Request} ->
            send_cancel(Id, State),
            _ = erlang:cancel_timer(Timer),
            Again = erlang:send_after(?GRACE_MS, self(), {expire, Id}),
            Abandoned = Request#request{waits = false, from = undefined, timer = Again},
            State#state{requests = Requests#{Id := Abandoned}}
    end.

%% The executable.

%% Sends what waits, as far as the pipe takes it.
pump(#state{pause = Pause} = State) when Pause =/= undefined ->
    State;
pump(#state{outgoing = Outgoing, requests = Requests} = State) ->
    case queue:out(Outgoing) of
        {empty, _} ->
            State;
        {{value, Id}, Left} when is_map_key(Id, Requests) ->
            send(Id, Left, ensure_open(State));
        {{value, _Gone}, Left} ->
            pump(State#state{outgoing = Left})
    end.

send(_Id, _Left, {error, Why, State}) ->
    refuse_all({unavailable, Why}, State);
send(Id, Left, {ok, #state{port = Port, requests = Requests} = State}) ->
    #{Id := #request{body = Body, sent = Sent} = Request} = Requests,
    case command(Port, [<<131, 104, 2, 98, Id:32>>, Body]) of
        true ->
            Marked = Requests#{Id := Request#request{sent = Sent + 1}},
            pump(State#state{outgoing = Left, requests = Marked});
        false ->
            pause(?FULL_MS, State)
    end.

%% Never suspends: a server that waits for a pipe serves nobody. A closed port says so by a message of its own.
command(Port, Data) ->
    try
        erlang:port_command(Port, Data, [nosuspend])
    catch
        error:badarg -> false
    end.

send_cancel(Id, #state{port = Port, requests = Requests}) ->
    case Requests of
        #{Id := #request{sent = Sent}} when Sent > 0, Port =/= undefined ->
            %% If the pipe is full the request runs to its time limit.
            _ = command(Port, term_to_binary({cancel, Id})),
            ok;
        #{} ->
            ok
    end.

pause(Delay, State) ->
    State#state{pause = erlang:send_after(Delay, self(), pump)}.

ensure_open(#state{port = undefined, starts = Starts} = State) ->
    Path = beamtalk_compiler_files:executable(),
    try open_port({spawn_executable, Path}, [{packet, 4}, binary, exit_status, hide]) of
        Port ->
            OsPid =
                case erlang:port_info(Port, os_pid) of
                    {os_pid, Found} -> Found;
                    undefined -> undefined
                end,
            {ok, State#state{port = Port, os_pid = OsPid, starts = Starts + 1}}
    catch
        error:Reason -> {error, cannot_run(Path, Reason), State}
    end;
ensure_open(State) ->
    {ok, State}.

close(#state{port = undefined}) ->
    ok;
close(#state{port = Port}) ->
    %% End of input is exit.
    try
        true = unlink(Port),
        true = port_close(Port),
        ok
    catch
        error:badarg -> ok
    end.

ended(Reason, #state{delay = Delay} = State) ->
    Next = min(max(Delay * 2, ?MIN_DELAY_MS), ?MAX_DELAY_MS),
    ?LOG_WARNING(#{what => "the compiler executable ended", reason => Reason, next_start_in_ms => Delay}),
    beamtalk_compiler_event:emit([port, exit], #{delay => Delay}, #{reason => Reason}),
    Stopped = stop_pause(State#state{port = undefined, os_pid = undefined, delay = Next}),
    pause(Delay, requeue(Reason, Stopped)).

stop_pause(#state{pause = undefined} = State) ->
    State;
stop_pause(#state{pause = Pause} = State) ->
    _ = erlang:cancel_timer(Pause),
    State#state{pause = undefined}.

%% What was sent once is sent again, in the order of arrival; what was sent twice may be the reason for the end.
requeue(Reason, #state{requests = Requests} = State) ->
    Sorted = lists:keysort(1, maps:to_list(Requests)),
    Kept = lists:foldl(fun(Request, S) -> keep_or_refuse(Request, Reason, S) end, State, Sorted),
    Kept#state{outgoing = queue:from_list(lists:sort(maps:keys(Kept#state.requests)))}.

keep_or_refuse({_Id, #request{waits = true, sent = Sent}}, _Reason, State) when Sent < 2 ->
    State;
keep_or_refuse({Id, Request}, Reason, State) ->
    reply(Request, {error, {crashed, Reason}}),
    remove(Id, State).

refuse_all(Failure, #state{requests = Requests} = State) ->
    Refuse = fun(Id, S) ->
        reply(map_get(Id, Requests), {error, Failure}),
        remove(Id, S)
    end,
    Refused = lists:foldl(Refuse, State, maps:keys(Requests)),
    Refused#state{outgoing = queue:new()}.
