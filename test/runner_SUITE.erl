%% @doc `beamtalk test' as its user meets it. `runner_SUITE_data/project' has tests of every kind and every way to fail.
-module(runner_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0]).
-export([json/1, text/1, filters/1, files_by_name/1, seeds/1, examples_only/1, success/1, wrong_arguments/1, pipes/1]).

all() -> [json, text, filters, files_by_name, seeds, examples_only, success, wrong_arguments, pipes].

%% Every test of the project: file, class, test, status, kind, line.
project() ->
    [
        {"concurrent_test.bt", <<"ConcurrentTest">>, <<"testEnters">>, <<"passed">>, nil, 5},
        {"serial_test.bt", <<"SerialTest">>, <<"testAlone">>, <<"passed">>, nil, 9},
        {"broken_test.bt", <<"BrokenTest">>, <<"testA">>, <<"failed">>, <<"load_error">>, 2},
        {"broken_test.bt", <<"BrokenTest">>, <<"testB">>, <<"failed">>, <<"load_error">>, 2},
        {"broken_test.bt", <<"BrokenTest">>, <<"testC">>, <<"failed">>, <<"load_error">>, 2},
        {"documented.bt", <<"Documented">>, <<"line 3">>, <<"passed">>, nil, 3},
        {"documented.bt", <<"Documented">>, <<"line 12">>, <<"passed">>, nil, 12},
        {"documented.bt", <<"Documented">>, <<"line 14">>, <<"passed">>, nil, 14},
        {"documented.bt", <<"Documented">>, <<"line 16">>, <<"passed">>, nil, 16},
        {"documented.bt", <<"Documented">>, <<"line 17">>, <<"failed">>, <<"assertion_failed">>, 17},
        {"fixtures/bad.bt", <<"Bad">>, <<"the file">>, <<"failed">>, <<"load_error">>, 2},
        {"orphan_test.bt", <<"OrphanTest">>, <<"testD">>, <<"failed">>, <<"load_error">>, nil},
        {"pt_test.bt", <<"PtTest">>, <<"line 4">>, <<"passed">>, nil, 4},
        {"pt_test.bt", <<"PtTest">>, <<"line 5">>, <<"passed">>, nil, 5},
        {"pt_test.bt", <<"PtTest">>, <<"line 6">>, <<"passed">>, nil, 6},
        {"pt_test.bt", <<"PtTest">>, <<"line 7">>, <<"failed">>, <<"assertion_failed">>, 7},
        {"pt_test.bt", <<"PtTest">>, <<"testAdd">>, <<"passed">>, nil, 11},
        {"pt_test.bt", <<"PtTest">>, <<"testBad">>, <<"failed">>, <<"assertion_failed">>, 14},
        {"pt_test.bt", <<"PtTest">>, <<"testDeep">>, <<"passed">>, nil, 17},
        {"pt_test.bt", <<"PtTest">>, <<"testRaise">>, <<"failed">>, <<"type_error">>, 16},
        {"pt_test.bt", <<"PtTest">>, <<"testSkip">>, <<"skipped">>, nil, 15},
        {"pt_test.bt", <<"PtTest">>, <<"testSlow">>, <<"failed">>, <<"timeout_error">>, 18},
        {"s.btscript", nil, <<"line 2">>, <<"passed">>, nil, 2},
        {"s.btscript", nil, <<"line 3">>, <<"passed">>, nil, 3},
        {"s.btscript", nil, <<"line 5">>, <<"passed">>, nil, 5},
        {"s.btscript", nil, <<"line 7">>, <<"passed">>, nil, 7},
        {"s.btscript", nil, <<"line 8">>, <<"passed">>, nil, 8},
        {"s.btscript", nil, <<"line 9">>, <<"passed">>, nil, 9},
        {"s.btscript", nil, <<"line 10">>, <<"passed">>, nil, 10},
        {"s.btscript", nil, <<"line 12">>, <<"passed">>, nil, 12},
        {"s.btscript", nil, <<"line 14">>, <<"passed">>, nil, 14},
        {"s.btscript", nil, <<"line 15">>, <<"failed">>, <<"assertion_failed">>, 15},
        {"twice_a.bt", <<"Twice">>, <<"testA">>, <<"failed">>, <<"load_error">>, nil},
        {"twice_b.bt", <<"Twice">>, <<"testB">>, <<"failed">>, <<"load_error">>, nil}
    ].

json(Config) ->
    {1, Rows} = rows(["--timeout", "1", "tests"], Config),
    Found = [Row || {Row, _} <- Rows],
    ?assertEqual({[], []}, {project() -- Found, Found -- project()}),
    Objects = maps:from_list([{{File, Test}, Object} || {{File, _, Test, _, _, _}, Object} <- Rows]),
    ?assertMatch(#{<<"message">> := <<"Expected 2, got 1">>}, maps:get({"pt_test.bt", <<"testBad">>}, Objects)),
    ?assertMatch(#{<<"message">> := <<"later">>}, maps:get({"pt_test.bt", <<"testSkip">>}, Objects)),
    ?assertMatch(#{<<"ms">> := Time} when Time > 900, maps:get({"pt_test.bt", <<"testSlow">>}, Objects)).

text(Config) ->
    {1, Output} = command(["--timeout", "1", "tests"], Config),
    lists:foreach(
        fun(Text) -> ?assertMatch({_, {_, _}}, {Text, binary:match(Output, Text)}) end,
        [
            <<"FAILED PtTest testBad (tests/pt_test.bt:14)\n  assertion_failed: Expected 2, got 1\n  14 | self assert: a equals: 2\n">>,
            <<"FAILED BrokenTest testA, BrokenTest testB, BrokenTest testC: tests/broken_test.bt cannot be loaded">>,
            <<"class Twice is defined in tests/twice_a.bt and in tests/twice_b.bt">>,
            <<"20 passed, 13 failed, 1 skipped\n">>
        ]
    ).

filters(Config) ->
    Count = fun(Arguments) -> length(element(2, rows(Arguments, Config))) end,
    ?assertEqual(1, Count(["--filter", "PtTest testAdd", "tests"])),
    ?assertEqual(10, Count(["--timeout", "1", "--filter", "PtTest", "tests"])),
    ?assertEqual(10, Count(["--filter", "s.btscript", "tests"])),
    ?assertMatch({1, <<"no test has \"nothing\"", _/binary>>}, command(["--filter", "nothing", "tests"], Config)).

%% Fixtures beside a file that is named are loaded for it, and files that are not named are left alone.
files_by_name(Config) ->
    {1, Rows} = rows(["--timeout", "1", "tests/pt_test.bt", "tests/s.btscript", "tests/pt_test.bt"], Config),
    Expected = [Row || Row <- project(), lists:member(element(1, Row), ["pt_test.bt", "s.btscript", "fixtures/bad.bt"])],
    ?assertEqual(lists:sort(Expected), lists:sort([Row || {Row, _} <- Rows])).

%% With one job, a seed decides the order in which units end.
seeds(Config) ->
    Order = fun(Seed) ->
        {_, Rows} = rows(["--jobs", "1", "--timeout", "1", "--seed", Seed, "tests"], Config),
        [Row || {Row, _} <- Rows]
    end,
    ?assertEqual(Order("7"), Order("7")),
    ?assert(length(lists:usort([Order(Seed) || Seed <- ["1", "2", "3"]])) > 1).

%% The classes are not there: examples that need them fail.
examples_only(Config) ->
    {1, Rows} = rows(["--examples", "tests/documented.bt"], Config),
    ?assertMatch([{_, _, <<"line 3">>, <<"passed">>, _, _} | _], [Row || {Row, _} <- Rows]),
    ?assertEqual(4, length([Row || {{_, _, _, <<"failed">>, _, _} = Row, _} <- Rows])).

success(Config) ->
    {0, Output} = command(["--filter", "testAdd", "tests"], Config),
    ?assertMatch({_, _}, binary:match(Output, <<"1 passed, 0 failed, 0 skipped\n">>)).

wrong_arguments(Config) ->
    lists:foreach(
        fun({Status, Arguments, Text}) ->
            {Actual, Output} = command(Arguments, Config),
            ?assertMatch({Arguments, Status, {_, _}}, {Arguments, Actual, binary:match(Output, Text)})
        end,
        [
            {2, [], <<"files or directories">>},
            {2, ["--frobnicate", "tests"], <<"--frobnicate">>},
            {2, ["--seed", "x", "tests"], <<"x is no number">>},
            {2, ["--jobs", "0", "tests"], <<"0 is no number of at least 1">>},
            {1, ["nowhere"], <<"nowhere">>},
            {1, ["nowhere.bt"], <<"no such file">>}
        ]
    ).

%% Nobody ever writes into it.
pipes(Config) ->
    Directory = filename:join(?config(priv_dir, Config), "pipes"),
    ok = filelib:ensure_path(Directory),
    ok = file:write_file(filename:join(Directory, "one.btscript"), "1 + 1 // => 2\n"),
    "" = os:cmd("mkfifo '" ++ filename:join(Directory, "pipe.bt") ++ "'"),
    {0, Output} = command([Directory], Config),
    ?assertMatch({_, _}, binary:match(Output, <<"1 passed, 0 failed, 0 skipped\n">>)).

%% ---------------------------------------------------------------------------------------------------

%% Exit code, and each object as a row with the object itself.
rows(Arguments, Config) ->
    {Status, Output} = run(["--json" | Arguments], "2>/dev/null", Config),
    {Status, [row(object(Line)) || Line <- binary:split(Output, <<"\n">>, [global, trim_all])]}.

object(Line) ->
    {ok, Object} = beamtalk_json_decode:decode(Line),
    Object.

row(#{<<"file">> := File, <<"class">> := Class, <<"test">> := Test, <<"status">> := Status} = Object) ->
    ["tests" | Relative] = filename:split(binary_to_list(File)),
    #{<<"kind">> := Kind, <<"line">> := Line} = Object,
    {{filename:join(Relative), Class, Test, Status, Kind, Line}, Object}.

command(Arguments, Config) ->
    run(Arguments, "2>&1", Config).

run(Arguments, Redirection, Config) ->
    Command = filename:join(command_line:root(), "bin/beamtalk"),
    Directory = filename:join(?config(data_dir, Config), "project"),
    command_line:run({"exec \"$@\" " ++ Redirection, [Command, "test" | Arguments]}, Directory).
