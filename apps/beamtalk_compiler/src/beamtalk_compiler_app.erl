%% @doc The application: chooses the backend, starts its servers.
-module(beamtalk_compiler_app).

-behaviour(application).

-export([start/2, stop/1]).

%% @doc Starts, whatever the state of the backends: without any, requests answer what was looked for and where.
-spec start(application:start_type(), term()) -> {ok, pid()} | {error, term()}.
start(_Type, _Args) ->
    _ = beamtalk_compiler_backend:select(),
    beamtalk_compiler_sup:start_link().

%% @doc Forgets the choice.
-spec stop(term()) -> ok.
stop(_State) ->
    beamtalk_compiler_backend:forget().
