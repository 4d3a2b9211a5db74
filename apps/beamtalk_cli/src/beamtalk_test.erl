%% @doc The command that runs tests: test classes, scripts of examples, and examples in documentation.
%%
%% A file that cannot be loaded counts as so many failed tests as it has, and stops nothing else.
-module(beamtalk_test).

-export([run/1, usage/0]).

-type options() :: #{
    format := text | json,
    filter := binary(),
    seed := integer(),
    jobs := pos_integer(),
    time_limit := pos_integer(),
    only := all | examples
}.

-define(DEFAULT_TIME_LIMIT, 60_000).
-define(MAX_SEED, 1_000_000).

%% @doc The options of the command.
-spec usage() -> unicode:chardata().
usage() ->
    "options of test:\n"
    "  --json           one JSON object for each test, on a line of its own\n"
    "  --filter TEXT    only tests whose class and name, such as \"SpanTest testLength\", have the text in them\n"
    "  --seed N         the order of classes and the random numbers of an earlier run\n"
    "  --jobs N         at most so many classes and files at a time\n"
    "  --timeout SECS   the time limit of a test (60)\n"
    "  --examples       only the examples in documentation; the files are not loaded\n".

%% @doc Runs the tests of files and directories and answers the exit code: 0 when there are tests and none has failed, 2
%% when the arguments are not understood.
-spec run([string()]) -> 0 | 1 | 2.
run(Arguments) ->
    case options(Arguments, defaults()) of
        {ok, Options, [_ | _] = Paths} -> run(Paths, Options);
        {ok, _, []} -> refuse("test needs files or directories");
        {error, Reason} -> refuse(Reason)
    end.

refuse(Reason) ->
    beamtalk_terminal:report([Reason, $\n, usage()]),
    2.

defaults() ->
    #{
        format => text,
        filter => <<>>,
        seed => rand:uniform(?MAX_SEED),
        jobs => erlang:system_info(schedulers_online),
        time_limit => ?DEFAULT_TIME_LIMIT,
        only => all
    }.

-spec options([string()], options()) -> {ok, options(), Paths :: [string()]} | {error, unicode:chardata()}.
options(["--json" | Rest], Options) -> options(Rest, Options#{format := json});
options(["--examples" | Rest], Options) -> options(Rest, Options#{only := examples});
options(["--filter", Text | Rest], Options) -> options(Rest, Options#{filter := unicode:characters_to_binary(Text)});
options(["--seed", N | Rest], Options) -> number(N, 0, seed, 1, Rest, Options);
options(["--jobs", N | Rest], Options) -> number(N, 1, jobs, 1, Rest, Options);
options(["--timeout", N | Rest], Options) -> number(N, 1, time_limit, 1000, Rest, Options);
options(["--" | Paths], Options) -> {ok, Options, Paths};
options(["--" ++ _ = Option | _], _) -> {error, ["unknown option, or one without its value: ", Option]};
options(Paths, Options) -> {ok, Options, Paths}.

number(Text, Least, Key, Unit, Rest, Options) ->
    case string:to_integer(Text) of
        {N, ""} when is_integer(N), N >= Least -> options(Rest, Options#{Key := N * Unit});
        _ -> {error, io_lib:format("~ts is no number of at least ~b", [Text, Least])}
    end.

run(Paths, #{format := Format} = Options) ->
    Output = group_leader(),
    %% What tests print must not come between the objects.
    Format =:= json andalso group_leader(whereis(standard_error), self()),
    case beamtalk_test_files:find(Paths) of
        {ok, Files} ->
            {Time, Reports} = timer:tc(fun() -> run_files(Files, Output, Options) end),
            conclude(Reports, Time div 1000, Output, Options);
        {error, Reason} ->
            beamtalk_terminal:report(beamtalk_test_files:format_error(Reason)),
            1
    end.

run_files(#{fixtures := Fixtures, sources := Sources, scripts := Scripts}, Output, #{only := Only} = Options) ->
    FromFixtures = units(Fixtures, Only, fun fixture/1),
    FromSources = units(Sources, Only, fun source/1),
    Units = FromFixtures ++ FromSources ++ lists:map(fun script/1, Scripts),
    {Serial, Concurrent} = lists:partition(fun beamtalk_test_unit:is_serial/1, selected(Units, Options)),
    run_units(shuffled(Concurrent, Options), shuffled(Serial, Options), Output, Options).

%% ---------------------------------------------------------------------------------------------------
%% Units
%% ---------------------------------------------------------------------------------------------------

units(Files, Only, OfFile) ->
    {Read, Unreadable} = lists:partition(fun({_, Result}) -> element(1, Result) =:= ok end, [
        {File, beamtalk_source:read([File])}
     || File <- Files
    ]),
    Loaded = load([Unit || {_, {ok, [Unit]}} <- Read], Only),
    [unreadable(File, Reason) || {File, {error, Reason}} <- Unreadable] ++ lists:flatmap(OfFile, Loaded).

load(Units, all) -> beamtalk_workspace:load_each(Units, beamtalk_terminal:rendering());
load(Units, examples) -> [{Unit, {ok, undefined}} || Unit <- Units].

unreadable(File, Reason) ->
    beamtalk_test_unit:broken(beamtalk_source:unit(File, <<>>), {source, Reason}).

%% Fixtures are there for other files: only what is wrong with them is told.
fixture({_, {ok, _}}) -> [];
fixture(Broken) -> source(Broken).

source({Unit, {ok, Object}}) -> suite(Unit, Object) ++ examples(Unit);
source({Unit, {error, Failure}}) -> [beamtalk_test_unit:broken(Unit, Failure)].

suite(Unit, {'$bt_class', _} = Class) ->
    case beamtalk_test_runner:is_test_class(Class) of
        true -> [beamtalk_test_unit:suite(Unit, Class, beamtalk_test_runner:selectors(Class))];
        false -> []
    end;
suite(_, undefined) ->
    [].

examples(#{docs := Docs} = Unit) ->
    Groups = [beamtalk_test_example:in_documentation(Doc) || Doc <- Docs],
    [beamtalk_test_unit:examples(Unit, [Group || [_ | _] = Group <- Groups])].

script(File) ->
    case beamtalk_source:text(File) of
        {ok, Text} -> beamtalk_test_unit:script(File, beamtalk_test_example:in_script(Text));
        {error, Reason} -> unreadable(File, Reason)
    end.

selected(Units, #{filter := Filter}) ->
    [Selected || Unit <- Units, Selected <- [beamtalk_test_unit:select(Unit, Filter)], Selected =/= none].

shuffled(Units, #{seed := Seed}) ->
    {Keyed, _} = lists:mapfoldl(
        fun(Unit, State) ->
            {Key, Next} = rand:uniform_s(State),
            {{Key, Unit}, Next}
        end,
        rand:seed_s(exsss, Seed),
        Units
    ),
    [Unit || {_, Unit} <- lists:keysort(1, Keyed)].

%% ---------------------------------------------------------------------------------------------------
%% Running and reporting
%% ---------------------------------------------------------------------------------------------------

run_units(Concurrent, Serial, Output, #{jobs := Jobs, time_limit := Limit} = Options) ->
    ok = application:set_env(beamtalk_stdlib, test_timeout, Limit),
    Finished = counters:new(1, []),
    Total = length(Concurrent) + length(Serial),
    Run = fun(Unit) ->
        Reports = beamtalk_test_unit:run(Unit, maps:with([seed, time_limit], Options)),
        ok = counters:add(Finished, 1, 1),
        progress(Reports, counters:get(Finished, 1), Total, Output, Options),
        Reports
    end,
    lists:append(beamtalk_fan_out:map(Run, Concurrent, Jobs) ++ lists:map(Run, Serial)).

progress(Reports, _, _, Output, #{format := json}) ->
    io:put_chars(Output, beamtalk_test_report:json(Reports));
progress(_, Finished, Total, _, #{format := text}) ->
    beamtalk_terminal:progress(io_lib:format("~b of ~b classes and files", [Finished, Total])).

conclude([], _, _, #{filter := <<>>}) ->
    beamtalk_terminal:report("no tests: neither test classes nor examples"),
    1;
conclude([], _, _, #{filter := Filter}) ->
    beamtalk_terminal:report(["no test has \"", Filter, "\" in its name"]),
    1;
conclude(Reports, Elapsed, Output, #{format := Format, seed := Seed}) ->
    Format =:= text andalso io:put_chars(Output, beamtalk_test_report:failures(Reports)),
    Device = case Format of text -> Output; json -> standard_error end,
    io:put_chars(Device, beamtalk_test_report:summary(Reports, Elapsed, Seed)),
    case lists:any(fun(#{status := Status}) -> Status =:= failed end, Reports) of
        true -> 1;
        false -> 0
    end.
