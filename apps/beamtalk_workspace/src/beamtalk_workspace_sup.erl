%% @doc Top supervisor of the workspace.
%%
%% The environment comes first: sessions ask it. When it restarts, the interfaces of classes that were loaded
%% at run time are read again from their modules, so sessions need not be restarted with it.
-module(beamtalk_workspace_sup).

-behaviour(supervisor).

-export([start_link/0, init/1]).

%% @doc Starts and registers the supervisor.
-spec start_link() -> supervisor:startlink_ret().
start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

%% @private
-spec init([]) -> {ok, {supervisor:sup_flags(), [supervisor:child_spec()]}}.
init([]) ->
    {ok, {#{strategy => one_for_one, intensity => 10, period => 10}, [
        #{id => beamtalk_environment, start => {beamtalk_environment, start_link, []}},
        #{id => beamtalk_session_sup, start => {beamtalk_session_sup, start_link, []}, type => supervisor}
    ]}}.
