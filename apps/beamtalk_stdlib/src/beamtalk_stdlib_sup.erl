%% @doc Supervisor of the library's processes.
-module(beamtalk_stdlib_sup).

-behaviour(supervisor).

-export([start_link/0, init/1]).

%% @doc Starts the supervisor.
-spec start_link() -> supervisor:startlink_ret().
start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

%% @private
-spec init([]) -> {ok, {supervisor:sup_flags(), [supervisor:child_spec()]}}.
init([]) ->
    Transcript = #{id => beamtalk_transcript, start => {beamtalk_transcript, start_link, []}},
    {ok, {#{strategy => one_for_one, intensity => 10, period => 60}, [Transcript, beamtalk_supervision_root:child_spec()]}}.
