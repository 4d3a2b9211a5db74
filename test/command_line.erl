%% @doc Runs commands of the project as a person does, for suites.
-module(command_line).

-export([run/2, root/0]).

%% @doc Runs a line of bash in a directory, with `"$@"' as the arguments. Answers the exit code and standard output.
-spec run({Line :: string(), Arguments :: [string()]}, file:filename()) -> {Status :: integer(), binary()}.
run({Line, Arguments}, Directory) ->
    Port = open_port({spawn_executable, os:find_executable("bash")}, [
        {args, ["-c", Line, "bash" | Arguments]}, {cd, Directory}, exit_status, binary
    ]),
    collect(Port, []).

collect(Port, Output) ->
    receive
        {Port, {data, Data}} -> collect(Port, [Output, Data]);
        {Port, {exit_status, Status}} -> {Status, iolist_to_binary(Output)}
    after 60_000 -> ct:fail({timeout, iolist_to_binary(Output)})
    end.

%% @doc The directory of the project; the applications are in `_build/test/lib' below it.
-spec root() -> file:filename().
root() ->
    lists:foldl(fun(_, Path) -> filename:dirname(Path) end, code:lib_dir(beamtalk_cli), lists:seq(1, 4)).
