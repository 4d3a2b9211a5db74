%% @doc Application callback of `beamtalk_runtime'.
-module(beamtalk_runtime_app).

-behaviour(application).

-export([start/2, stop/1]).

%% @doc Starts the supervisor, which owns every table of the runtime.
-spec start(application:start_type(), term()) -> {ok, pid()} | {error, term()}.
start(_Type, _Args) ->
    case beamtalk_runtime_sup:start_link() of
        {ok, Pid} -> {ok, Pid};
        {error, Reason} -> {error, Reason};
        ignore -> {error, ignore}
    end.

%% @doc Forgets the set of extended selectors, which would otherwise outlive the table that it mirrors.
-spec stop(term()) -> ok.
stop(_State) ->
    ok = beamtalk_dispatch:forget(),
    beamtalk_extension:forget().
