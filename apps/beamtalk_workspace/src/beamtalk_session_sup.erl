%% @doc Supervisor of the sessions. A session that fails is not restarted: its bindings are gone, and who uses it
%% has to know.
-module(beamtalk_session_sup).

-behaviour(supervisor).

-export([start_link/0, start_session/0, stop_session/1, init/1]).

%% @doc Starts and registers the supervisor.
-spec start_link() -> supervisor:startlink_ret().
start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

%% @doc Starts a session. What its expressions print goes where the caller's output goes.
-spec start_session() -> {ok, pid()} | {error, term()}.
start_session() ->
    case supervisor:start_child(?MODULE, [group_leader()]) of
        {ok, Session} when is_pid(Session) -> {ok, Session};
        {error, Reason} -> {error, Reason}
    end.

%% @doc Ends a session and whatever it evaluates.
-spec stop_session(pid()) -> ok.
stop_session(Session) ->
    _ = supervisor:terminate_child(?MODULE, Session),
    ok.

%% @private
-spec init([]) -> {ok, {supervisor:sup_flags(), [supervisor:child_spec()]}}.
init([]) ->
    Child = #{id => session, start => {beamtalk_session, start_link, []}, restart => temporary},
    {ok, {#{strategy => simple_one_for_one}, [Child]}}.
