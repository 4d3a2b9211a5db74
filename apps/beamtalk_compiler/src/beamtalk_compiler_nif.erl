%% @doc The compiler as a library of this emulator. Only {@link beamtalk_compiler_backend} calls it.
%%
%% A library that does not load when the node starts is no error of this module: a failing `on_load' would stop a
%% release from booting. It is recorded, and {@link status/0} tells.
-module(beamtalk_compiler_nif).

-on_load(load/0).

-export([status/0]).
-export([job_new/1, call/2, cancel/1, running/1, info/0]).

-export_type([job/0]).

-type job() :: reference().
%% A request at work. It belongs to the process that made it, and is cancelled when that process ends.

-define(STATUS, {?MODULE, status}).

load() ->
    Path = beamtalk_compiler_files:library(),
    case {erlang:load_nif(Path, 0), persistent_term:get(?STATUS, undefined)} of
        {ok, _} ->
            persistent_term:put(?STATUS, {ok, Path});
        {{error, Reason}, {ok, _}} ->
            %% The library cannot be loaded twice: a reload of this module must fail, so that the code which has the
            %% library stays.
            {error, Reason};
        {{error, {Reason, Text}}, _} ->
            persistent_term:put(?STATUS, {error, {Reason, unicode:characters_to_binary(Text), Path}})
    end.

%% @doc Whether the library is loaded, and from where; else why not.
-spec status() -> {ok, file:filename_all()} | {error, {atom(), binary(), file:filename_all()}}.
status() ->
    persistent_term:get(?STATUS).

%% @doc A job of the calling process that must end within so many milliseconds.
-spec job_new(TimeLimit :: 0..16#FFFFFFFF) -> job().
job_new(_TimeLimit) ->
    erlang:nif_error(not_loaded).

%% @doc Answers a request, on a dirty CPU scheduler.
-spec call(job(), map()) -> beamtalk_compiler_backend:wire_reply().
call(_Job, _Request) ->
    erlang:nif_error(not_loaded).

%% @doc Asks a job to stop.
-spec cancel(job()) -> ok.
cancel(_Job) ->
    erlang:nif_error(not_loaded).

%% @doc Whether the job is on a scheduler now, also after the death of its process.
-spec running(job()) -> boolean().
running(_Job) ->
    erlang:nif_error(not_loaded).

%% @doc Version of the library, version of the NIF interface, target.
-spec info() -> {string(), string(), string()}.
info() ->
    erlang:nif_error(not_loaded).
