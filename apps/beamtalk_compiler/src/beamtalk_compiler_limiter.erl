%% @doc Admission. Long work may hold all dirty CPU schedulers but one: when all are held, ordinary processes with a
%% large heap wait for their garbage collection. So every request takes a permit of a pool before it starts, and gives
%% it back. Each pool has slots for long work and slots that only short work gets, so a keystroke never waits for a
%% build.
%%
%% Pools: `nif' (dirty CPU schedulers), `port' (workers of the executable), `otp' (OTP's compiler, which runs on
%% ordinary schedulers and needs much memory).
%%
%% A permit is held by the process that works, for an owner who waits for the result. When the holder dies, its permit
%% comes back once its job has left the scheduler; when the owner dies, the holder is killed.
-module(beamtalk_compiler_limiter).

-behaviour(gen_server).

-export([start_link/0, acquire/3, attach/2, release/1, cancel/1, info/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-export_type([pool/0, kind/0, permit/0]).

-type pool() :: nif | port | otp.
-type kind() :: short | long.
-type permit() :: reference().
-type terms() :: #{wait := timeout(), owner := pid(), tag := term()}.
%% How long to wait, for whom, and the name that {@link cancel/1} knows the work by (`undefined' for none).

%% More than these do not wait: they are told at once.
-define(MAX_WAITING, 1000).
%% How often a job whose process has died is asked whether it has left its scheduler.
-define(DRAIN_MS, 5).

-record(entry, {
    pool :: pool(),
    kind :: kind(),
    slot :: kind() | undefined,
    holder :: pid(),
    owner :: {pid(), reference()} | undefined,
    tag :: term(),
    job :: beamtalk_compiler_nif:job() | undefined,
    cancelled = false :: boolean(),
    %% Only while it waits.
    from :: gen_server:from() | undefined,
    timer :: reference() | undefined
}).

-record(state, {
    free :: #{{pool(), kind()} => non_neg_integer()},
    entries = #{} :: #{permit() => #entry{}},
    owners = #{} :: #{reference() => permit()},
    waiting = #{} :: #{pool() => queue:queue(permit())}
}).

%% @private
-spec start_link() -> {ok, pid()} | {error, term()}.
start_link() ->
    case gen_server:start_link({local, ?MODULE}, ?MODULE, [], []) of
        {ok, Pid} -> {ok, Pid};
        ignore -> {error, ignore};
        {error, Reason} -> {error, Reason}
    end.

%% @doc Waits for a permit of the calling process.
-spec acquire(pool(), kind(), terms()) -> {ok, permit()} | {error, busy | cancelled}.
acquire(Pool, Kind, Terms) ->
    try
        gen_server:call(?MODULE, {acquire, Pool, Kind, Terms}, infinity)
    catch
        %% The server is being restarted, or the application is not started.
        exit:{noproc, _} -> error({not_started, beamtalk_compiler});
        exit:_ -> {error, busy}
    end.

%% @doc Names the job that works under a permit.
-spec attach(permit(), beamtalk_compiler_nif:job()) -> ok.
attach(Permit, Job) ->
    gen_server:cast(?MODULE, {attach, Permit, Job}).

%% @doc Gives a permit back.
-spec release(permit()) -> ok.
release(Permit) ->
    gen_server:cast(?MODULE, {release, Permit}).

%% @doc Cancels all work of this name, waiting or running.
-spec cancel(Tag :: term()) -> ok.
cancel(Tag) ->
    gen_server:cast(?MODULE, {cancel, Tag}).

%% @doc Free slots, and how many requests are running and waiting.
-spec info() -> #{free := map(), running := non_neg_integer(), waiting := non_neg_integer()}.
info() ->
    gen_server:call(?MODULE, info).

%% @private
-spec init([]) -> {ok, #state{}}.
init([]) ->
    Dirty = erlang:system_info(dirty_cpu_schedulers_online),
    Online = erlang:system_info(schedulers_online),
    %% The executable has as many workers.
    Workers = max(2, min(4, Online)),
    Free = #{
        {nif, long} => max(1, Dirty - 1),
        {nif, short} => 1,
        {port, long} => Workers - 1,
        {port, short} => 1,
        {otp, long} => Online,
        {otp, short} => 1
    },
    {ok, #state{free = Free}}.

%% @private
-spec handle_call(term(), gen_server:from(), #state{}) -> {reply, term(), #state{}} | {noreply, #state{}}.
handle_call({acquire, Pool, Kind, Terms}, From, State) ->
    {Permit, Entry} = new_entry(Pool, Kind, Terms, From),
    case slot(Pool, Kind, State) of
        {ok, Slot} -> {reply, {ok, Permit}, admit(Permit, Entry, Slot, State)};
        none -> wait(Permit, Entry, Terms, From, State)
    end;
handle_call(info, _From, #state{free = Free, entries = Entries} = State) ->
    Waiting = length([waiting || #entry{slot = undefined} <- maps:values(Entries)]),
    {reply, #{free => Free, running => map_size(Entries) - Waiting, waiting => Waiting}, State}.

%% @private
-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast({attach, Permit, Job}, #state{entries = Entries} = State) ->
    case Entries of
        #{Permit := #entry{cancelled = Cancelled} = Entry} ->
            Cancelled andalso beamtalk_compiler_nif:cancel(Job),
            {noreply, State#state{entries = Entries#{Permit := Entry#entry{job = Job}}}};
        #{} ->
            {noreply, State}
    end;
handle_cast({release, Permit}, State) ->
    {noreply, leave(Permit, State)};
handle_cast({cancel, Tag}, #state{entries = Entries} = State) ->
    Named = [Permit || {Permit, #entry{tag = T}} <- maps:to_list(Entries), T =:= Tag],
    {noreply, lists:foldl(fun cancel/2, State, Named)}.

%% @private
-spec handle_info(term(), #state{}) -> {noreply, #state{}}.
handle_info({expire, Permit}, State) ->
    {noreply, refuse(Permit, busy, State)};
handle_info({drain, Permit}, State) ->
    {noreply, drain(Permit, State)};
handle_info({'DOWN', Ref, process, _, _}, #state{entries = Entries, owners = Owners} = State) ->
    case {Entries, Owners} of
        {#{Ref := _}, _} ->
            {noreply, drain(Ref, State)};
        {_, #{Ref := Permit}} ->
            #{Permit := #entry{holder = Holder}} = Entries,
            exit(Holder, kill),
            {noreply, State};
        _ ->
            {noreply, State}
    end;
handle_info(_, State) ->
    {noreply, State}.

%% Entries. A permit is the monitor of its holder.

new_entry(Pool, Kind, #{owner := Owner, tag := Tag}, {Holder, _}) ->
    Watched =
        case Owner of
            Holder -> undefined;
            _ -> {Owner, monitor(process, Owner)}
        end,
    {monitor(process, Holder), #entry{pool = Pool, kind = Kind, holder = Holder, owner = Watched, tag = Tag}}.

insert(Permit, #entry{owner = Owner} = Entry, #state{entries = Entries, owners = Owners} = State) ->
    Watched =
        case Owner of
            {_, Ref} -> Owners#{Ref => Permit};
            undefined -> Owners
        end,
    State#state{entries = Entries#{Permit => Entry}, owners = Watched}.

remove(Permit, #entry{owner = Owner}, #state{entries = Entries, owners = Owners} = State) ->
    demonitor(Permit, [flush]),
    Left =
        case Owner of
            {_, Ref} ->
                demonitor(Ref, [flush]),
                maps:remove(Ref, Owners);
            undefined ->
                Owners
        end,
    State#state{entries = maps:remove(Permit, Entries), owners = Left}.

%% Slots. Short work takes a slot of its own first, then one of long work.

slot(Pool, short, #state{free = Free}) ->
    case Free of
        #{{Pool, short} := N} when N > 0 -> {ok, short};
        #{{Pool, long} := N} when N > 0 -> {ok, long};
        #{} -> none
    end;
slot(Pool, long, #state{free = Free}) ->
    case Free of
        #{{Pool, long} := N} when N > 0 -> {ok, long};
        #{} -> none
    end.

admit(Permit, #entry{pool = Pool} = Entry, Slot, #state{free = Free} = State) ->
    Taken = maps:update_with({Pool, Slot}, fun(N) -> N - 1 end, Free),
    insert(Permit, Entry#entry{slot = Slot, from = undefined, timer = undefined}, State#state{free = Taken}).

leave(Permit, #state{entries = Entries} = State) ->
    case Entries of
        #{Permit := #entry{slot = undefined} = Entry} ->
            remove(Permit, Entry, State);
        #{Permit := #entry{pool = Pool, slot = Slot} = Entry} ->
            #state{free = Free} = Removed = remove(Permit, Entry, State),
            Given = maps:update_with({Pool, Slot}, fun(N) -> N + 1 end, Free),
            admit_waiting(Pool, Removed#state{free = Given});
        #{} ->
            State
    end.

%% The holder is dead, or its job was: the slot is free when the job has left its scheduler.
drain(Permit, #state{entries = Entries} = State) ->
    case Entries of
        #{Permit := #entry{job = Job}} when Job =/= undefined ->
            case beamtalk_compiler_nif:running(Job) of
                true ->
                    _ = erlang:send_after(?DRAIN_MS, self(), {drain, Permit}),
                    State;
                false ->
                    leave(Permit, State)
            end;
        #{} ->
            leave(Permit, State)
    end.

%% Waiting.

wait(Permit, Entry, #{wait := Wait}, From, #state{waiting = Waiting, entries = Entries} = State) ->
    #entry{pool = Pool} = Entry,
    case map_size(Entries) >= ?MAX_WAITING of
        true ->
            {reply, {error, busy}, remove(Permit, Entry, State)};
        false ->
            Timer = expire_after(Wait, Permit),
            Queue = queue:in(Permit, maps:get(Pool, Waiting, queue:new())),
            Queued = State#state{waiting = Waiting#{Pool => Queue}},
            {noreply, insert(Permit, Entry#entry{from = From, timer = Timer}, Queued)}
    end.

expire_after(infinity, _Permit) -> undefined;
expire_after(Wait, Permit) -> erlang:send_after(Wait, self(), {expire, Permit}).

%% In the order of arrival; who cannot go yet does not hold up who can.
admit_waiting(Pool, #state{waiting = Waiting} = State) ->
    Queue = queue:to_list(maps:get(Pool, Waiting, queue:new())),
    {Left, Admitted} = lists:foldl(fun admit_one/2, {[], State}, Queue),
    Admitted#state{waiting = Waiting#{Pool => queue:from_list(lists:reverse(Left))}}.

admit_one(Permit, {Left, #state{entries = Entries} = State}) ->
    case Entries of
        #{Permit := #entry{pool = Pool, kind = Kind, from = From} = Entry} ->
            case slot(Pool, Kind, State) of
                {ok, Slot} ->
                    stop_timer(Entry),
                    gen_server:reply(From, {ok, Permit}),
                    {Left, admit(Permit, Entry, Slot, State)};
                none ->
                    {[Permit | Left], State}
            end;
        #{} ->
            %% It was cancelled, has expired or is dead.
            {Left, State}
    end.

refuse(Permit, Reason, #state{entries = Entries} = State) ->
    case Entries of
        #{Permit := #entry{slot = undefined, from = From} = Entry} ->
            stop_timer(Entry),
            gen_server:reply(From, {error, Reason}),
            remove(Permit, Entry, State);
        #{} ->
            State
    end.

stop_timer(#entry{timer = undefined}) -> ok;
stop_timer(#entry{timer = Timer}) -> _ = erlang:cancel_timer(Timer), ok.

%% Cancelling.

cancel(Permit, #state{entries = Entries} = State) ->
    case Entries of
        #{Permit := #entry{slot = undefined}} ->
            refuse(Permit, cancelled, State);
        #{Permit := #entry{pool = otp, holder = Holder}} ->
            exit(Holder, {shutdown, cancelled}),
            State;
        #{Permit := #entry{job = Job} = Entry} ->
            Job =/= undefined andalso beamtalk_compiler_nif:cancel(Job),
            State#state{entries = Entries#{Permit := Entry#entry{cancelled = true}}}
    end.
