%% @doc What the tests of the boundary share.
-module(boundary_support).

-export([root/0, native_dir/0, call/1, call/2, start/0, stop/1, peer/1, stop_peer/1, eventually/1, eventually/2]).

%% @doc The top directory of the project.
root() ->
    up(filename:absname(code:lib_dir(beamtalk_compiler))).

up("/") ->
    error(no_project_directory);
up(Directory) ->
    case filelib:is_regular(filename:join([Directory, "native", "beamtalk_compiler", "Cargo.toml"])) of
        true -> Directory;
        false -> up(filename:dirname(Directory))
    end.

%% @doc Where the library and the executable are installed.
native_dir() ->
    filename:join(code:priv_dir(beamtalk_compiler), "native").

%% @doc How to do a request.
call(Kind) ->
    call(Kind, #{}).

call(Kind, More) ->
    maps:merge(#{kind => Kind, time_limit => 20_000, owner => self(), tag => undefined, entries => []}, More).

%% @doc Starts the application; answers what {@link stop/1} takes.
start() ->
    ok = logger:set_module_level(application_controller, error),
    {ok, Started} = application:ensure_all_started(beamtalk_compiler),
    Started.

stop(Started) ->
    [ok = application:stop(App) || App <- lists:reverse(Started)],
    ok.

%% @doc A node of its own with the application's code, environment variables, and application environment.
peer(#{} = Options) ->
    Env = [["-beamtalk_compiler", atom_to_list(Key), lists:flatten(io_lib:format("~p", [Value]))]
        || {Key, Value} <- maps:to_list(maps:get(env, Options, #{}))],
    Paths = [["-pa", Path] || Path <- code:get_path(), string:find(Path, "beamtalk_compiler") =/= nomatch],
    %% Only errors that nobody expects are to be seen.
    Quiet = ["-kernel", "logger_level", "critical"],
    {ok, Peer, _} = peer:start_link(#{
        connection => standard_io,
        args => maps:get(args, Options, []) ++ Quiet ++ lists:append(Paths ++ Env),
        env => maps:get(os_env, Options, [])
    }),
    {ok, _} = peer:call(Peer, application, ensure_all_started, [beamtalk_compiler]),
    Peer.

stop_peer(Peer) ->
    peer:stop(Peer).

%% @doc Waits until something holds, which must be soon.
eventually(Test) ->
    eventually(Test, 5000).

eventually(Test, Left) ->
    case Test() of
        true -> ok;
        false when Left > 0 -> timer:sleep(20), eventually(Test, Left - 20);
        false -> error(never)
    end.
