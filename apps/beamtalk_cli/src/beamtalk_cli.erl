%% @doc The command: runs programs, checks and tests them, and opens the interactive shell.
-module(beamtalk_cli).

-export([main/0, run/1]).

-type status() :: 0 | 1 | 2.
%% Exit codes: success; the program or its compilation failed; the command was not understood.

%% @doc Runs the command line (the plain arguments of the emulator) and ends the emulator with an exit code.
-spec main() -> ok.
main() ->
    beamtalk_terminal:main(fun() -> run(init:get_plain_arguments()) end).

%% @doc Runs a command and answers its exit code.
-spec run([string()]) -> status().
run([Command | Arguments]) -> command(Command, Arguments);
run([]) -> usage(2).

command("run", [_ | _] = Paths) -> started(fun() -> run_program(Paths) end);
command("repl", Paths) -> started(fun() -> beamtalk_shell:run(Paths) end);
command("check", Arguments) -> check(Arguments, #{});
command("format", Arguments) -> format(lists:partition(fun is_option/1, Arguments));
command("test", Arguments) -> started(fun() -> beamtalk_test:run(Arguments) end);
command("help", []) -> usage(0);
command("--help", []) -> usage(0);
command(_, _) -> usage(2).

%% What looks like an option is none of the files that are written.
format({[], [_ | _] = Paths}) -> started(fun() -> beamtalk_formatter:run(Paths) end);
format({["--check"], [_ | _] = Paths}) -> started(fun() -> beamtalk_formatter:check(Paths) end);
format(_) -> usage(2).

is_option(Argument) -> lists:prefix("--", Argument).

usage(Status) ->
    Device =
        case Status of
            0 -> standard_io;
            _ -> standard_error
        end,
    io:put_chars(Device, [
        "usage: beamtalk COMMAND ...\n"
        "  run PATH...              run the expressions of files; a directory is its classes and its main.bt\n"
        "  repl [PATH...]           the interactive shell, with the classes of the files loaded\n"
        "  check [OPTION...] PATH...\n"
        "                           report what the compiler finds, and run nothing; --lints: lints too;\n"
        "                           --message-format=short|json: one line for each finding, on standard output\n"
        "  format [--check] PATH... put files into canonical layout; with --check, only show what would change\n"
        "  test [OPTION...] PATH... run test classes, scripts of examples, and examples in documentation\n"
        "  help                     this text\n",
        beamtalk_test:usage()
    ]),
    Status.

started(Command) ->
    case application:ensure_all_started(beamtalk_cli) of
        {ok, _} ->
            Command();
        {error, {Application, Reason}} ->
            beamtalk_terminal:report(["cannot start ", atom_to_list(Application), io_lib:format(": ~tp", [Reason])]),
            1
    end.

run_program(Paths) ->
    application:set_env(beamtalk_stdlib, command_name, filename:basename(lists:last(Paths))),
    case beamtalk_workspace:load(Paths, beamtalk_terminal:rendering()) of
        {ok, #{scripts := Scripts} = Loaded} ->
            beamtalk_terminal:findings(Loaded),
            run_scripts(Scripts);
        {error, Failure} ->
            beamtalk_terminal:report(beamtalk_workspace:format_error(Failure)),
            1
    end.

run_scripts([Script | Rest]) ->
    case run_script(Script) of
        {ok, _} -> run_scripts(Rest);
        {error, Failure} -> failed(Failure)
    end;
run_scripts([]) ->
    0.

%% In a process of its own: what the program does to its process must not reach the command.
run_script(Script) ->
    case beamtalk_job:await(beamtalk_job:start(fun() -> beamtalk_workspace:run_script(Script) end)) of
        {ok, Outcome} -> Outcome;
        {raised, Class, Reason, Stack} -> erlang:raise(Class, Reason, Stack);
        {ended, Reason} -> {error, #{reason => {worker, Reason}}}
    end.

failed(Failure) ->
    beamtalk_terminal:report(beamtalk_terminal:failure(Failure)),
    1.

check(["--message-format=human" | Rest], Options) -> check(Rest, maps:remove(render, Options));
check(["--message-format=short" | Rest], Options) -> check(Rest, Options#{render => short});
check(["--message-format=json" | Rest], Options) -> check(Rest, Options#{render => json});
check(["--lints" | Rest], Options) -> check(Rest, Options#{lints => true});
check([[$-, $- | _] | _], _Options) -> usage(2);
check([], _Options) -> usage(2);
check(Paths, Options) -> started(fun() -> check_paths(Paths, Options) end).

check_paths(Paths, Options) ->
    case beamtalk_workspace:check(Paths, maps:merge(beamtalk_terminal:rendering(), Options)) of
        {ok, Findings} ->
            found(Findings, Options),
            0;
        {error, {compile, Findings}} ->
            found(Findings, Options),
            1;
        {error, Failure} ->
            beamtalk_terminal:report(beamtalk_workspace:format_error(Failure)),
            1
    end.

%% What other programs read goes to standard output, reports for people do not.
found(#{rendered := Rendered}, #{render := _}) -> io:put_chars(Rendered);
found(#{rendered := Rendered}, _Options) -> lists:foreach(fun beamtalk_terminal:report/1, Rendered).
