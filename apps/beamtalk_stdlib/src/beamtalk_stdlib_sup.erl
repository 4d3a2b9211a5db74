%% @doc Supervisor of the library's processes.
-module(beamtalk_stdlib_sup).

-behaviour(supervisor).

-export([start_link/0, init/1]).

%% @doc Starts the supervisor.
-spec start_link() -> supervisor:startlink_ret().
start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

%% The supervisor process owns the table of subscriptions, so that they outlive the process that writes them.
%% @private
-spec init([]) -> {ok, {supervisor:sup_flags(), [supervisor:child_spec()]}}.
init([]) ->
    ok = beamtalk_announcements:create_table(),
    {ok, {#{strategy => one_for_one, intensity => 10, period => 60}, [
        child(beamtalk_transcript),
        child(beamtalk_system_events),
        child(beamtalk_announcements),
        beamtalk_supervision_root:child_spec()
    ]}}.

child(Module) ->
    #{id => Module, start => {Module, start_link, []}}.
