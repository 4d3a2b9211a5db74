%% @doc Where the native parts of the compiler are.
-module(beamtalk_compiler_files).

-export([library/0, executable/0, directory/0]).

%% @doc The library, without the extension that `erlang:load_nif/2' adds.
-spec library() -> file:filename_all().
library() ->
    filename:join(directory(), "beamtalk_compiler_nif").

%% @doc The executable.
-spec executable() -> file:filename_all().
executable() ->
    filename:join(directory(), "beamtalk_port" ++ extension(os:type())).

%% @doc `native' below the application's `priv', or what `native_dir' in its environment names.
-spec directory() -> file:filename_all().
directory() ->
    case application:get_env(beamtalk_compiler, native_dir) of
        {ok, Directory} -> Directory;
        undefined -> filename:join(priv(), "native")
    end.

%% The directory of an application that is run from elsewhere need not be named after it.
priv() ->
    case code:priv_dir(beamtalk_compiler) of
        {error, bad_name} -> filename:join(filename:dirname(filename:dirname(code:which(?MODULE))), "priv");
        Directory -> Directory
    end.

extension({win32, _}) -> ".exe";
extension(_) -> "".
