%% @doc Top supervisor of the runtime.
%%
%% The supervisor process itself owns the tables: it runs no code that can fail, so a restart of any
%% child loses no class, no class variable and no lock. Children hold only what they can rebuild from
%% the tables.
-module(beamtalk_runtime_sup).

-behaviour(supervisor).

-export([start_link/0, init/1]).

%% @doc Starts and registers the supervisor.
-spec start_link() -> supervisor:startlink_ret().
start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

%% @private
-spec init([]) -> {ok, {supervisor:sup_flags(), [supervisor:child_spec()]}}.
init([]) ->
    ok = beamtalk_tables:create(),
    {ok, {#{strategy => one_for_one, intensity => 10, period => 10}, [
        child(beamtalk_lock),
        child(beamtalk_wait)
    ]}}.

child(Module) ->
    #{id => Module, start => {Module, start_link, []}}.
