%% @doc Application callback of `beamtalk_workspace'.
-module(beamtalk_workspace_app).

-behaviour(application).

-export([start/2, stop/1]).

%% @doc Starts the supervisor.
-spec start(application:start_type(), term()) -> {ok, pid()} | {error, term()}.
start(_Type, _Args) ->
    case beamtalk_workspace_sup:start_link() of
        {ok, Pid} ->
            ok = beamtalk_live:start(),
            {ok, Pid};
        {error, Reason} -> {error, Reason};
        ignore -> {error, ignore}
    end.

%% @doc Nothing is left to be undone: the supervisor's children own everything.
-spec stop(term()) -> ok.
stop(_State) ->
    ok.
