%% @doc Supervisor of the processes of {@link beamtalk_supervision_root}.
-module(beamtalk_supervision_roots).

-behaviour(supervisor).

-export([init/1]).

%% @private
-spec init([]) -> {ok, {supervisor:sup_flags(), [supervisor:child_spec()]}}.
init([]) ->
    Holder = #{
        id => holder,
        start => {beamtalk_supervision_root, start_holder, []},
        restart => temporary,
        shutdown => infinity,
        type => supervisor
    },
    {ok, {#{strategy => simple_one_for_one}, [Holder]}}.
