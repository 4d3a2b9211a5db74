%% @doc The library that tells processes which variables of blocks nothing refers to any more; see the crate
%% `beamtalk_cells'. Only {@link beamtalk_cell} calls it.
%%
%% A library that does not load is no error of this module: a failing `on_load' would stop a release from booting.
%% Without it the variables live as long as their process.
-module(beamtalk_cells).

-on_load(load/0).

-export([is_loaded/0]).
-export([collector/0, make/1, freed/1, watch/2]).

-export_type([collector/0, key/0, handle/0]).

-type collector() :: reference().
%% Where the keys of dead variables of a process arrive.

-type key() :: pos_integer().
%% An integer that no other variable has, and that needs no memory.

-type handle() :: reference().
%% What blocks hold of a variable.

-define(LOADED, {?MODULE, loaded}).

load() ->
    case {erlang:load_nif(path(), 0), is_loaded()} of
        {ok, _} ->
            persistent_term:put(?LOADED, true);
        {{error, Reason}, true} ->
            %% The library cannot be loaded twice: the code which has it stays.
            {error, Reason};
        {{error, _}, false} ->
            persistent_term:put(?LOADED, false)
    end.

%% The directory of an application that is run from elsewhere need not be named after it.
path() ->
    Priv =
        case code:priv_dir(beamtalk_runtime) of
            {error, bad_name} -> filename:join(filename:dirname(filename:dirname(code:which(?MODULE))), "priv");
            Directory -> Directory
        end,
    filename:join([Priv, "native", "beamtalk_cells"]).

%% @doc Whether the library is there.
-spec is_loaded() -> boolean().
is_loaded() ->
    persistent_term:get(?LOADED, false).

%% @doc A collector for the variables of one process.
-spec collector() -> collector().
collector() ->
    erlang:nif_error(not_loaded).

%% @doc A key and a handle for a new variable, and the keys of some that are dead.
-spec make(collector()) -> {key(), handle(), [key()]}.
make(_Collector) ->
    erlang:nif_error(not_loaded).

%% @doc Keys of dead variables; the empty list when there are no more.
-spec freed(collector()) -> [key()].
freed(_Collector) ->
    erlang:nif_error(not_loaded).

%% @doc Makes the collector learn of the end of a variable that another process has made. A handle that comes from
%% another node is no handle here: badarg.
-spec watch(handle(), collector()) -> ok.
watch(_Handle, _Collector) ->
    erlang:nif_error(not_loaded).
