%% @doc The command as its user meets it: output, errors, exit codes, the interactive shell.
-module(command_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("kernel/include/file.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_testcase/2]).
-export([programs/1, files/1, closed_output/1, errors/1, shell/1, checks/1, colors/1, formats/1, tests/1, usage/1]).

all() -> [programs, files, closed_output, errors, shell, checks, colors, formats, tests, usage].

init_per_testcase(Case, Config) ->
    Directory = filename:join(?config(priv_dir, Config), atom_to_list(Case)),
    ok = filelib:ensure_path(Directory),
    [{directory, Directory} | Config].

%% Each case: source of `main.bt', exit code, and texts that the output must hold, in order.
programs(Config) ->
    run_all(Config, [], [
        {"nothing", "", 0, []},
        {"one line", "Console printLine: 6 * 7", 0, ["42\n"]},
        {"Unicode", "Console printLine: \"naïve → 日本\"", 0, ["naïve → 日本\n"]},
        {"output and log are apart", "Transcript show: \"a\"; cr", 0, ["a\n"]}
    ]).

errors(Config) ->
    run_all(Config, [], [
        {"a runtime error", "x := 1\nx frobnicate", 1, ["does_not_understand", "'frobnicate'", "main.bt:2"]},
        {"a raised exception", "Error signal: \"boom\"", 1, ["Error", "boom", "main.bt:1"]},
        {"output before the error", "Console printLine: 1\n#() first", 1, ["1\n", "empty_collection"]},
        {"a syntax error", "x := (1 + 2\ny", 1, ["Error", "main.bt:1:6", "x := (1 + 2"]},
        {"an unknown variable", "Console printLine: nowhere", 1, ["nowhere", "main.bt:1:20"]},
        {"invalid UTF-8", <<"\"", 255, "\"">>, 1, ["UTF-8"]}
    ]).

%% A directory stands for its classes and its main program; several files run in their order.
files(Config) ->
    Directory = ?config(directory, Config),
    write(Directory, "b_child.bt", "Parent subclass: Child\n  name => \"child of {super name}\"\n"),
    write(Directory, "z_parent.bt", "Object subclass: Parent\n  class make => self new\n  name => \"parent\"\n"),
    write(Directory, "main.bt", "Console printLine: Child make name\n"),
    ?assertEqual({0, <<"child of parent\n">>}, command(Config, [Directory], "")),
    Files = [filename:join(Directory, Name) || Name <- ["main.bt", "b_child.bt", "z_parent.bt"]],
    ?assertEqual({0, <<"child of parent\n">>}, command(Config, Files, "")),
    ?assertMatch({1, <<_/binary>>}, command(Config, [filename:join(Directory, "missing.bt")], "")).

%% A reader that has read enough ends the command; `timeout' would answer 124.
closed_output(Config) ->
    File = write(?config(directory, Config), "main.bt", [io_lib:format("x~b := )~n", [N]) || N <- lists:seq(1, 90)]),
    Pipe = "timeout 120 scripts/run --check --message-format=short '" ++ File ++ "' 2>&1 | head -n 1; echo ${PIPESTATUS[0]}",
    Output = os:cmd("cd '" ++ command_line:root() ++ "' && bash -c \"" ++ string:replace(Pipe, "$", "\\$") ++ "\""),
    ?assertMatch([_, Status] when Status =/= "124", string:lexemes(Output, "\n")).

%% Each case: input, texts that the output must hold, in order. The shell itself never fails.
shell(Config) ->
    lists:foreach(
        fun({Name, Input, Texts}) ->
            {Status, Output} = command(Config, ["--repl"], Input),
            assert_output(Name, 0, Texts, Status, Output)
        end,
        [
            {"values", "1 + 2\n\"text\"\n#symbol\nnil\n", ["3\n", "text\n", "symbol\n", "nil\n"]},
            {"variables", "x := 3\nx + 1\n", ["3\n", "4\n"]},
            {"lines that go on", "#(1,\n2,\n3)\n", ["#(1, 2, 3)\n"]},
            {"shared variables", "n := 0\nb := [n := n + 1]\nb value\nb value\nn\n", ["1\n", "2\n", "2\n"]},
            {"a variable survives an error", "x := 5\n#() first\nx\n", ["5\n", "empty_collection", "5\n"]},
            {"a compile error", "nowhere\n1\n", ["nowhere", "1\n"]},
            {"a class", "Value subclass: Pt\n  field: x = 1\n\n(Pt x: 7) x\n", ["7\n"]},
            {"a class with empty lines", [pasted(), "t := Till spawn\nt up\nt total\n"], ["1\n", "=1\n"]},
            {"a class again", [class_k("1"), "K v\n", class_k("2"), "K v\n"], ["1\n", "2\n"]},
            {"an actor outlives its line", [counter(), "c := Tally spawn\n", "c up\nc up\n"], ["1\n", "2\n"]},
            {"a block whose class is gone", [class_k("[:x | x]"), "b := K v\nK removeFromSystem\nb value: 1\n"], [
                "class_not_found): Class 'K' not found\n"
            ]},
            {"the name of a class of the library", "Object subclass: Integer\n  go => 3\n\nInteger superclass\n", [
                "class_already_exists): Class 'Integer' belongs to the standard library\n", "Number\n"
            ]},
            {"input that is not complete", "(1 + 2", ["Error"]},
            {"commands", ":help\n:nonsense\n:quit\n1\n", [":load", "unknown command"]}
        ]
    ).

class_k(Value) -> "Object subclass: K\n  class v => " ++ Value ++ "\n\n".

%% As it stands in a file: documentation, and empty lines between the members.
pasted() ->
    "/// Money.\nActor subclass: Till\n  state: n = 0\n\n  /// More of it.\n  up =>\n    self.n := self.n + 1\n\n"
    "\n  total => \"={self.n}\"\n\n".

counter() -> "Actor subclass: Tally\n  state: n = 0\n  up => self.n := self.n + 1\n\n".

checks(Config) ->
    run_all(Config, ["--check"], [
        {"a good file", "Console printLine: 1", 0, []},
        {"a bad one", "x := )", 1, ["main.bt:1"]}
    ]),
    run_all(Config, ["--check", "--message-format=short"], [
        {"a good file", "Console printLine: 1", 0, []},
        {"a line for each finding", "x := )\nNowhere foo\n", 1, [
            "main.bt:1:6: error[BT0006]: ", "\n", "main.bt:2:1: warning[BT0105]: unknown class `Nowhere`\n"
        ]},
        {"a class of the library", "Object subclass: Dictionary\n  foo => 1\n", 0, ["main.bt:1:18: warning[BT0118]: "]},
        {"lints are not told unasked", "Console printLine: 1.\n", 0, []}
    ]),
    run_all(Config, ["--check", "--message-format=short", "--lints"], [
        {"lints", "Console printLine: 1.\n", 0, ["main.bt:1:21: lint[BT0026]: "]}
    ]),
    File = write(?config(directory, Config), "main.bt", "\"größe\" size + y\nNowhere foo\n"),
    {1, Objects} = command(Config, ["--check", "--message-format=json", File], ""),
    Found = [json(Line) || Line <- binary:split(Objects, <<"\n">>, [global, trim])],
    ?assertMatch([#{<<"code">> := <<"BT0104">>, <<"column">> := 16, <<"severity">> := <<"error">>}, #{}], Found),
    ?assertMatch({2, <<"usage", _/binary>>}, command(Config, ["--check", "--message-format=xml", File], "")).

json(Line) ->
    {ok, Value} = beamtalk_json_decode:decode(Line),
    Value.

%% `script' runs a command on a terminal of its own.
colors(Config) ->
    File = write(?config(directory, Config), "main.bt", "x := )\n"),
    {1, Plain} = command(Config, ["--check", File], ""),
    ?assertEqual(nomatch, binary:match(Plain, <<"\e[">>)),
    case os:find_executable("script") of
        false ->
            {skip, "there is no command `script`"};
        Script ->
            ?assertMatch({_, _}, binary:match(on_terminal(Script, "NO_COLOR= ", File), <<"\e[">>)),
            ?assertEqual(nomatch, binary:match(on_terminal(Script, "NO_COLOR=1 ", File), <<"\e[">>))
    end.

on_terminal(Script, Environment, File) ->
    Command = Environment ++ "scripts/run --check '" ++ File ++ "'",
    {1, Output} = command_line:run({"exec \"$@\"", [Script, "-qec", Command, "/dev/null"]}, command_line:root()),
    Output.

formats(Config) ->
    run_all(Config, ["--format", "--check"], [
        {"canonical", "x := 1\n", 0, []},
        {"not canonical", "x:=1", 1, ["main.bt", "-x:=1", "+x := 1"]},
        {"broken", "x := (", 1, ["main.bt:1:6"]}
    ]),
    run_all(Config, ["--format"], [{"rewritten", "x:=1 // one", 0, []}]),
    File = filename:join(?config(directory, Config), "main.bt"),
    ?assertEqual({ok, <<"x := 1 // one\n">>}, file:read_file(File)),
    run_all(Config, ["--format"], [{"broken stays", "x:=(", 1, ["main.bt:1:4"]}]),
    ?assertEqual({ok, <<"x:=(">>}, file:read_file(File)),
    formats_in_place(filename:join(?config(directory, Config), "in place [*]"), Config).

%% A file keeps its mode and a link stays one; pipes and hidden files are left alone.
formats_in_place(Directory, Config) ->
    Real = filename:join([Directory, "real", "x.bt"]),
    Link = filename:join(Directory, "link.bt"),
    ok = filelib:ensure_dir(Real),
    ok = file:write_file(Real, "x:=1"),
    ok = file:change_mode(Real, 8#640),
    ok = file:make_symlink("real/x.bt", Link),
    ok = file:write_file(filename:join(Directory, "_left.bt"), "x:=1"),
    "" = os:cmd("mkfifo '" ++ filename:join(Directory, "pipe.bt") ++ "'"),
    ?assertEqual({0, <<>>}, command(Config, ["--format", Directory], "")),
    ?assertMatch({ok, "real/x.bt"}, file:read_link(Link)),
    ?assertEqual({ok, <<"x := 1\n">>}, file:read_file(Real)),
    {ok, #file_info{mode = Mode}} = file:read_file_info(Real),
    ?assertEqual(8#640, Mode band 8#777),
    ok = file:write_file(Real, "y:=1"),
    ?assertEqual({0, <<>>}, command(Config, ["--format", Link], "")),
    ?assertEqual({ok, <<"y := 1\n">>}, file:read_file(Real)),
    ?assertEqual({0, <<>>}, command(Config, [Directory], "")),
    ?assertEqual({ok, ["_left.bt", "link.bt", "pipe.bt", "real"]}, sorted(file:list_dir(Directory))).

sorted({ok, Names}) -> {ok, lists:sort(Names)}.

tests(Config) ->
    run_all(Config, ["--test"], [
        {"passing", test_class("assert: 1 + 1 equals: 2"), 0, ["1 passed, 0 failed, 0 skipped\n"]},
        {"failing", test_class("assert: 1 + 1 equals: 3"), 1, ["testSum", "0 passed, 1 failed, 0 skipped\n"]},
        {"none", "Console printLine: 1", 1, ["no tests"]}
    ]).

test_class(Assertion) -> "TestCase subclass: SumTest\n  testSum => self " ++ Assertion ++ "\n".

usage(Config) ->
    ?assertMatch({0, <<"usage", _/binary>>}, command(Config, ["--help"], "")),
    ?assertMatch({2, <<"usage", _/binary>>}, command(Config, ["--nonsense"], "")),
    ?assertMatch({2, <<"usage", _/binary>>}, command(Config, ["--check"], "")),
    %% An option behind a file is not read as one more file.
    File = write(?config(directory, Config), "main.bt", "x:=1"),
    ?assertMatch({1, _}, command(Config, ["--format", File, "--check"], "")),
    ?assertMatch({2, <<"usage", _/binary>>}, command(Config, ["--format", File, "--no-such"], "")),
    ?assertEqual({ok, <<"x:=1">>}, file:read_file(File)).

run_all(Config, Options, Cases) ->
    lists:foreach(fun(Case) -> run_case(Config, Options, Case) end, Cases).

run_case(Config, Options, {Name, Source, Expected, Texts}) ->
    File = write(?config(directory, Config), "main.bt", Source),
    {Status, Output} = command(Config, Options ++ [File], ""),
    assert_output(Name, Expected, Texts, Status, Output).

assert_output(Name, Expected, Texts, Status, Output) ->
    ct:pal("~ts: exit code ~b~n~ts", [Name, Status, Output]),
    ?assertEqual({Name, Expected}, {Name, Status}),
    lists:foldl(fun(Text, Rest) -> after_text(Name, Text, Rest, Output) end, Output, Texts).

after_text(Name, Text, Rest, Output) ->
    case string:split(Rest, unicode:characters_to_binary(Text)) of
        [_, After] -> After;
        [_] -> ct:fail({Name, {missing, Text}, Output})
    end.

write(Directory, Name, Source) ->
    File = filename:join(Directory, Name),
    ok = file:write_file(File, content(Source)),
    File.

content(Bytes) when is_binary(Bytes) -> Bytes;
content(Text) -> unicode:characters_to_binary(Text).

%% Standard output and error together, and the exit code.
command(Config, Arguments, Input) ->
    InputFile = write(?config(directory, Config), "input", Input),
    Line = "input=$1; shift; exec scripts/run \"$@\" <\"$input\" 2>&1",
    command_line:run({Line, [InputFile | Arguments]}, command_line:root()).
