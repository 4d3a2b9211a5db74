%% @doc The supervisors that programs have started, each held by a process of its own.
%%
%% The holder is the OTP parent of the supervisor. So starting one, which may take long and may start others, keeps
%% nobody else waiting, and all of them end with the application.
-module(beamtalk_supervision_root).

-behaviour(gen_server).

-export([child_spec/0, start_link/0, start/1]).
-export([start_holder/2, init/1, handle_continue/2, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-type state() :: {starting, pid(), module()} | pid().

%% @doc How the application's supervisor starts the supervisor of the holders.
-spec child_spec() -> supervisor:child_spec().
child_spec() ->
    #{id => ?MODULE, start => {?MODULE, start_link, []}, type => supervisor, shutdown => infinity}.

%% @doc Starts the supervisor of the holders.
-spec start_link() -> supervisor:startlink_ret().
start_link() ->
    supervisor:start_link({local, ?MODULE}, beamtalk_supervision_roots, []).

%% @doc Starts the supervisor of a class.
-spec start(module()) -> {ok, pid()} | {error, term()}.
start(Module) ->
    {ok, Holder} = supervisor:start_child(?MODULE, [self(), Module]),
    Monitor = monitor(process, Holder),
    receive
        {Holder, Result} ->
            demonitor(Monitor, [flush]),
            Result;
        {'DOWN', Monitor, process, Holder, Reason} ->
            {error, Reason}
    end.

%% @private
-spec start_holder(pid(), module()) -> gen_server:start_ret().
start_holder(Caller, Module) ->
    gen_server:start_link(?MODULE, {starting, Caller, Module}, []).

%% @private
-spec init(state()) -> {ok, state(), {continue, start}}.
init(State) ->
    _ = process_flag(trap_exit, true),
    {ok, State, {continue, start}}.

%% @private
-spec handle_continue(start, state()) -> {noreply, state()} | {stop, normal, state()}.
handle_continue(start, {starting, Caller, Module} = State) ->
    Result = beamtalk_supervision:start_link(Module),
    Caller ! {self(), Result},
    case Result of
        {ok, Pid} -> {noreply, Pid};
        {error, _} -> {stop, normal, State}
    end.

%% @private
-spec handle_call(term(), gen_server:from(), state()) -> {reply, {error, unknown_request}, state()}.
handle_call(_, _, State) ->
    {reply, {error, unknown_request}, State}.

%% @private
-spec handle_cast(term(), state()) -> {noreply, state()}.
handle_cast(_, State) ->
    {noreply, State}.

%% @private
-spec handle_info(term(), state()) -> {noreply, state()} | {stop, normal, state()}.
handle_info({'EXIT', Pid, _}, Pid) ->
    {stop, normal, Pid};
handle_info(_, State) ->
    {noreply, State}.

%% @private
-spec terminate(term(), state()) -> ok.
terminate(_, Pid) when is_pid(Pid) ->
    Monitor = monitor(process, Pid),
    exit(Pid, shutdown),
    receive
        {'DOWN', Monitor, process, Pid, _} -> ok
    end;
terminate(_, _) ->
    ok.
