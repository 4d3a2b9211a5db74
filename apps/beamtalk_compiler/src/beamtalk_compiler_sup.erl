%% @doc Supervisor of the compiler's servers. It never gives up: a node without a compiler until it is rebooted is worse
%% than a server that restarts often. No server does anything in `init' that can fail or take long, and the one that
%% depends on the outside, the port, spaces its attempts itself, so restarts cannot become a busy loop.
-module(beamtalk_compiler_sup).

-behaviour(supervisor).

-export([start_link/0]).
-export([init/1]).

%% @doc Starts the servers.
-spec start_link() -> {ok, pid()} | {error, term()}.
start_link() ->
    case supervisor:start_link({local, ?MODULE}, ?MODULE, []) of
        {ok, Pid} -> {ok, Pid};
        ignore -> {error, ignore};
        {error, Reason} -> {error, Reason}
    end.

%% @private
-spec init([]) -> {ok, {supervisor:sup_flags(), [supervisor:child_spec()]}}.
init([]) ->
    Servers = [beamtalk_compiler_limiter, beamtalk_compiler_breaker, beamtalk_compiler_port],
    Flags = #{strategy => one_for_one, intensity => 1_000_000, period => 1},
    {ok, {Flags, [#{id => Server, start => {Server, start_link, []}} || Server <- Servers]}}.
