%% @doc Counts panics of the library. Three within a minute move all traffic to the port for the life of the node, or
%% until an operator calls {@link beamtalk_compiler_backend:select/0}: a port that dies harms nobody.
%%
%% The last inputs that made it panic are kept for replay: {@link recorded/0} answers them, and where the environment of
%% the application names a directory as `replay_dir' they are also written there, for `beamtalk_port --replay FILE'.
-module(beamtalk_compiler_breaker).

-behaviour(gen_server).

-include_lib("kernel/include/logger.hrl").

-export([start_link/0, panicked/2, recorded/0, info/0, reset/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-define(MAX_PANICS, 3).
-define(WINDOW_MS, 60_000).
-define(MAX_RECORDED, 8).
-define(MAX_RECORDED_BYTES, 1_048_576).

-record(state, {
    count = 0 :: non_neg_integer(),
    recent = [] :: [integer()],
    recorded = [] :: [{What :: binary(), Request :: binary()}]
}).

%% @private
-spec start_link() -> {ok, pid()} | {error, term()}.
start_link() ->
    case gen_server:start_link({local, ?MODULE}, ?MODULE, [], []) of
        {ok, Pid} -> {ok, Pid};
        ignore -> {error, ignore};
        {error, Reason} -> {error, Reason}
    end.

%% @doc The library panicked over a request. When this returns, the choice of backend has been made.
-spec panicked(Request :: map(), What :: binary()) -> ok.
panicked(Request, What) ->
    try
        gen_server:call(?MODULE, {panicked, Request, What})
    catch
        exit:_ -> ok
    end.

%% @doc The last requests that made the library panic, newest first: what the panic said, and the request in the
%% external term format.
-spec recorded() -> [{What :: binary(), Request :: binary()}].
recorded() ->
    gen_server:call(?MODULE, recorded).

%% @doc How many panics there were, and how many of them lately.
-spec info() -> #{panics := non_neg_integer(), recent := non_neg_integer()}.
info() ->
    gen_server:call(?MODULE, info).

%% @doc Forgets the panics.
-spec reset() -> ok.
reset() ->
    gen_server:call(?MODULE, reset).

%% @private
-spec init([]) -> {ok, #state{}}.
init([]) ->
    {ok, #state{}}.

%% @private
-spec handle_call(term(), gen_server:from(), #state{}) -> {reply, term(), #state{}}.
handle_call({panicked, Request, What}, _From, State) ->
    {reply, ok, count(Request, What, State)};
handle_call(recorded, _From, #state{recorded = Recorded} = State) ->
    {reply, Recorded, State};
handle_call(info, _From, #state{count = Count, recent = Recent} = State) ->
    {reply, #{panics => Count, recent => length(recent(Recent))}, State};
handle_call(reset, _From, _State) ->
    {reply, ok, #state{}}.

%% @private
-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast(_, State) ->
    {noreply, State}.

%% @private
-spec handle_info(term(), #state{}) -> {noreply, #state{}}.
handle_info(_, State) ->
    {noreply, State}.

count(Request, What, #state{count = Count, recent = Before, recorded = Recorded}) ->
    #{op := Operation} = Request,
    ?LOG_ERROR(#{what => "the compiler library panicked", panic => What, operation => Operation}),
    beamtalk_compiler_event:emit([panic], #{count => 1}, #{backend => nif, operation => Operation, panic => What}),
    Recent = [now_ms() | recent(Before)],
    length(Recent) >= ?MAX_PANICS andalso divert(length(Recent)),
    #state{count = Count + 1, recent = Recent, recorded = record(Request, What, Recorded)}.

divert(Count) ->
    Why = io_lib:format("the library panicked ~b times within ~b s", [Count, ?WINDOW_MS div 1000]),
    beamtalk_compiler_backend:divert(unicode:characters_to_binary(Why)).

recent(Times) ->
    Start = now_ms() - ?WINDOW_MS,
    [Time || Time <- Times, Time >= Start].

now_ms() ->
    erlang:monotonic_time(millisecond).

record(Request, What, Recorded) ->
    case term_to_binary(Request) of
        Bytes when byte_size(Bytes) =< ?MAX_RECORDED_BYTES ->
            write(Bytes),
            lists:sublist([{What, Bytes} | Recorded], ?MAX_RECORDED);
        _ ->
            Recorded
    end.

write(Bytes) ->
    case application:get_env(beamtalk_compiler, replay_dir) of
        {ok, Directory} ->
            Name = io_lib:format("panic-~b.etf", [erlang:phash2(Bytes)]),
            File = filename:join(Directory, Name),
            case file:write_file(File, Bytes) of
                ok -> ?LOG_NOTICE(#{what => "recorded for beamtalk_port --replay", file => File});
                {error, Reason} -> ?LOG_WARNING(#{what => "cannot record", file => File, reason => Reason})
            end;
        undefined ->
            ok
    end.
