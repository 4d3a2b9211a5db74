%% @doc Runs tests that are written in the language: the subclasses of TestCase in files and directories.
-module(beamtalk_test).

-export([run/1]).

-define(TEST_CASE, 'bt@stdlib@test_case').
-define(TEST_RUNNER, {'$bt_class', 'bt@stdlib@test_runner'}).

%% @doc Loads the paths, runs every test class in them and answers the exit code.
-spec run([string()]) -> 0 | 1.
run(Paths) ->
    case beamtalk_workspace:load(Paths, beamtalk_terminal:rendering()) of
        {ok, #{classes := Classes} = Loaded} ->
            beamtalk_terminal:findings(Loaded),
            report([run_class(Class) || Class <- Classes, is_test_class(Class)]);
        {error, Failure} ->
            beamtalk_terminal:report(beamtalk_workspace:format_error(Failure)),
            1
    end.

is_test_class({'$bt_class', Module}) ->
    beamtalk_hierarchy:is_kind_of(Module, ?TEST_CASE) andalso
        not lists:member(abstract, maps:get(flags, beamtalk_hierarchy:info(Module), [])).

run_class({'$bt_class', Module} = Class) ->
    Result = beamtalk_dispatch:send(?TEST_RUNNER, 'run:', [Class]),
    io:put_chars([beamtalk_hierarchy:name(Module), ": ", send(Result, summary), $\n]),
    lists:foreach(fun show_failure/1, beamtalk_test_result:failed_tests(Result)),
    {send(Result, passed), send(Result, failed)}.

show_failure({_, Selector, Exception}) ->
    io:put_chars(["  ", atom_to_binary(Selector), ": ", beamtalk_error:format(Exception), $\n]).

report([]) ->
    beamtalk_terminal:report("no test classes"),
    1;
report(Counts) ->
    {Passed, Failed} = lists:unzip(Counts),
    io:put_chars(io_lib:format("~b passed, ~b failed~n", [lists:sum(Passed), lists:sum(Failed)])),
    status(lists:sum(Failed)).

status(0) -> 0;
status(_) -> 1.

send(Object, Selector) -> beamtalk_dispatch:send(Object, Selector, []).
