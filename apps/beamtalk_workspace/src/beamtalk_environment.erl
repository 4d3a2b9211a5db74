%% @doc What the compiler is told about the classes that exist: their interfaces.
%%
%% The owner of the table is this process. At its start it reads the interfaces of the library from the file that the
%% build wrote. Every class that is loaded later puts its interface here. Rows: `{Class, Module, Interface}'; the number
%% of changes, `{version, N}'; and `{current, N, Environment}', all classes as they were then in the compiler's form.
-module(beamtalk_environment).

-behaviour(gen_server).

-export([start_link/0, entries/0, entries_with/1, interface/1, current/0, put/1, remove/1, library_file/0]).
-export([init/1, handle_call/3, handle_cast/2]).

-export_type([entry/0]).

-type entry() :: {Class :: binary(), Module :: binary(), Interface :: binary()}.
%% A class as the compiler sees it from outside. The interface is opaque here.

-define(TABLE, ?MODULE).

%% @doc Starts and registers the owner of the table.
-spec start_link() -> gen_server:start_ret().
start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% @doc All classes, sorted.
-spec entries() -> [entry()].
entries() ->
    lists:sort([Entry || {Class, _, _} = Entry <- ets:tab2list(?TABLE), is_binary(Class)]).

%% @doc All classes, with some as they are going to be.
-spec entries_with([entry()]) -> [entry()].
entries_with(Changed) ->
    New = maps:from_list([{Class, Entry} || {Class, _, _} = Entry <- Changed]),
    lists:sort(maps:values(maps:merge(maps:from_list([{Class, Entry} || {Class, _, _} = Entry <- entries()]), New))).

%% @doc The interface of a class.
-spec interface(Class :: binary()) -> {ok, binary()} | error.
interface(Class) ->
    case ets:lookup(?TABLE, Class) of
        [{_, _, Interface}] -> {ok, Interface};
        [] -> error
    end.

%% @doc All classes in the form for the compiler's option `environment'.
-spec current() -> beamtalk_compiler_environment:t().
current() ->
    [{version, Version}] = ets:lookup(?TABLE, version),
    case ets:lookup(?TABLE, current) of
        [{current, Version, Environment}] -> Environment;
        _ -> make_current(Version)
    end.

%% The version is that of before the entries were read: what has changed meanwhile is seen at the next call.
make_current(Version) ->
    Environment = beamtalk_compiler:environment(entries()),
    true = ets:insert(?TABLE, {current, Version, Environment}),
    Environment.

%% @doc Adds classes; a class of the same name is replaced.
-spec put([entry()]) -> ok.
put(Entries) ->
    true = ets:insert(?TABLE, Entries),
    changed().

%% @doc Forgets a class.
-spec remove(Class :: binary()) -> ok.
remove(Class) ->
    case ets:whereis(?TABLE) of
        undefined ->
            ok;
        _ ->
            true = ets:delete(?TABLE, Class),
            changed()
    end.

changed() ->
    _ = ets:update_counter(?TABLE, version, 1),
    ok.

%% The interfaces of the library's classes; none when the library was not built.
read_library() ->
    case file:read_file(library_file()) of
        {ok, Binary} -> binary_to_term(Binary);
        {error, enoent} -> []
    end.

%% @doc The file with the interfaces of the library's classes, beside the table of its classes.
-spec library_file() -> file:filename_all().
library_file() ->
    filename:join(code:priv_dir(beamtalk_stdlib), "beamtalk.interfaces").

%% @private
-spec init([]) -> {ok, undefined}.
init([]) ->
    ?TABLE = ets:new(?TABLE, [named_table, set, public, {read_concurrency, true}]),
    true = ets:insert(?TABLE, [{version, 0} | read_library()]),
    {ok, undefined}.

%% @private
-spec handle_call(term(), gen_server:from(), undefined) -> {reply, ok, undefined}.
handle_call(_, _, State) ->
    {reply, ok, State}.

%% @private
-spec handle_cast(term(), undefined) -> {noreply, undefined}.
handle_cast(_, State) ->
    {noreply, State}.
