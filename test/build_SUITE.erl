%% @doc The build of the library, with the real compiler, on a small library of its own.
-module(build_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1, init_per_testcase/2]).
-export([
    everything_is_written/1,
    nothing_is_built_twice/1,
    a_change_of_a_body_is_local/1,
    a_lost_file_is_built_again/1,
    a_removed_class_leaves_nothing/1,
    extensions_are_in_the_table/1,
    a_failing_build_changes_nothing/1,
    only_the_cause_is_reported/1,
    warnings_and_lints_are_errors/1,
    wrong_hierarchies_are_errors/1,
    an_unreadable_manifest_is_no_manifest/1
]).

%% A time at which no file was written.
-define(MARK, {{2001, 1, 1}, {0, 0, 0}}).

all() ->
    [
        everything_is_written,
        nothing_is_built_twice,
        a_change_of_a_body_is_local,
        a_lost_file_is_built_again,
        a_removed_class_leaves_nothing,
        extensions_are_in_the_table,
        a_failing_build_changes_nothing,
        only_the_cause_is_reported,
        warnings_and_lints_are_errors,
        wrong_hierarchies_are_errors,
        an_unreadable_manifest_is_no_manifest
    ].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_compiler),
    [{started, Started} | Config].

end_per_suite(Config) ->
    lists:foreach(fun application:stop/1, lists:reverse(?config(started, Config))).

init_per_testcase(Case, Config) ->
    Root = filename:join(?config(priv_dir, Config), atom_to_list(Case)),
    Sources = filename:join(Root, "lib"),
    Application = filename:join(Root, "app"),
    ok = filelib:ensure_path(Sources),
    ok = filelib:ensure_path(filename:join(Application, "ebin")),
    %% As rebar3 leaves it: a link to a directory that does not exist.
    ok = file:make_symlink("../source/priv", filename:join(Application, "priv")),
    Prepared = [{sources, Sources}, {application, Application} | Config],
    write(Prepared, "Zero.bt", "abstract nil subclass: Zero\n  answer => 0\n"),
    write(Prepared, "One.bt", "Zero subclass: One\n  next => Two\n"),
    write(Prepared, "Two.bt", "One subclass: Two\n  class first => One\n"),
    Prepared.

everything_is_written(Config) ->
    ?assertEqual(0, build(Config)),
    ?assertEqual(["bt@stdlib@one.beam", "bt@stdlib@two.beam", "bt@stdlib@zero.beam"], beams(Config)),
    {ok, [Classes]} = file:consult(priv(Config, "beamtalk.classes")),
    ?assertEqual(
        [
            #{class => 'Zero', module => 'bt@stdlib@zero', superclass => nil},
            #{class => 'One', module => 'bt@stdlib@one', superclass => 'bt@stdlib@zero'},
            #{class => 'Two', module => 'bt@stdlib@two', superclass => 'bt@stdlib@one'}
        ],
        Classes
    ),
    {ok, Interfaces} = file:read_file(priv(Config, "beamtalk.interfaces")),
    ?assertMatch(
        [{<<"Zero">>, <<"bt@stdlib@zero">>, <<_, _/binary>>}, {<<"One">>, _, _}, {<<"Two">>, _, _}],
        binary_to_term(Interfaces)
    ).

nothing_is_built_twice(Config) ->
    ?assertEqual([], rebuilt(Config, fun() -> ok end)).

a_change_of_a_body_is_local(Config) ->
    ?assertEqual(
        ["bt@stdlib@one.beam"],
        rebuilt(Config, fun() -> write(Config, "One.bt", "Zero subclass: One\n  next => Two first\n") end)
    ).

a_lost_file_is_built_again(Config) ->
    Beam = filename:join(ebin(Config), "bt@stdlib@two.beam"),
    ?assertEqual(["bt@stdlib@two.beam"], rebuilt(Config, fun() -> file:delete(Beam) end)).

a_removed_class_leaves_nothing(Config) ->
    ?assertEqual(0, build(Config)),
    ok = file:delete(filename:join(?config(sources, Config), "Two.bt")),
    write(Config, "One.bt", "Zero subclass: One\n"),
    ?assertEqual(0, build(Config)),
    ?assertEqual(["bt@stdlib@one.beam", "bt@stdlib@zero.beam"], beams(Config)),
    {ok, [Classes]} = file:consult(priv(Config, "beamtalk.classes")),
    ?assertEqual(['Zero', 'One'], [Class || #{class := Class} <- Classes]).

%% A release finds its extensions there when its application starts.
extensions_are_in_the_table(Config) ->
    write(Config, "Three.bt", "Two subclass: Three\n  answer => 3\nZero >> more => self answer\n"),
    write(Config, "extra.bt", "Two class >> other => Three\n"),
    ?assertEqual(0, build(Config)),
    {ok, [Classes]} = file:consult(priv(Config, "beamtalk.classes")),
    ?assertMatch(
        [
            {Extra, [{'bt@stdlib@two', class, other, {Extra, 'c bt@stdlib@two other'}}]},
            {'bt@stdlib@three', [{'bt@stdlib@zero', instance, more, {'bt@stdlib@three', 'm bt@stdlib@zero more'}}]}
        ],
        lists:sort([{Module, Extensions} || #{module := Module, extensions := Extensions} <- Classes])
    ),
    {ok, Classes} = beamtalk_stdlib:read_classes(priv(Config, "beamtalk.classes")),
    ?assertEqual([], rebuilt(Config, fun() -> ok end)).

a_failing_build_changes_nothing(Config) ->
    Break = fun() ->
        write(Config, "One.bt", "Zero subclass: One\n  next => (\n"),
        write(Config, "Two.bt", "One subclass: Two\n  class first => nil\n")
    end,
    ?assertEqual(0, build(Config)),
    Before = contents(Config),
    Break(),
    ?assertEqual(1, build(Config)),
    ?assertEqual(Before, contents(Config)).

only_the_cause_is_reported(Config) ->
    write(Config, "Zero.bt", "abstract nil subclass: Zero\n  answer => nowhere\n"),
    Output = standard_error(fun() -> ?assertEqual(1, build(Config)) end),
    ?assertMatch({match, _}, re:run(Output, "stdlib/Zero\\.bt")),
    ?assertEqual(nomatch, re:run(Output, "stdlib/One\\.bt|stdlib/Two\\.bt")).

warnings_and_lints_are_errors(Config) ->
    ?assertEqual(0, build(Config)),
    Before = contents(Config),
    [
        begin
            write(Config, "Two.bt", "One subclass: Two\n  " ++ Method ++ "\n"),
            Output = standard_error(fun() -> ?assertEqual(1, build(Config)) end),
            ?assertMatch({match, _}, re:run(Output, Named)),
            ?assertEqual(Before, contents(Config))
        end
     || {Method, Named} <- [{"first: unused => nil", "never read"}, {"first => ^3", "Lint"}]
    ].

wrong_hierarchies_are_errors(Config) ->
    write(Config, "Again.bt", "Zero subclass: One\n"),
    ?assertEqual(1, build(Config)),
    write(Config, "Again.bt", "Again subclass: Again\n"),
    ?assertEqual(1, build(Config)),
    write(Config, "Again.bt", "1 + 2\n"),
    ?assertEqual(1, build(Config)).

an_unreadable_manifest_is_no_manifest(Config) ->
    ?assertEqual(0, build(Config)),
    ok = file:write_file(filename:join(?config(application, Config), "beamtalk.manifest"), <<"rubbish">>),
    ?assertEqual(0, build(Config)).

%% Code files that a second build writes, after something was done: those that have lost the mark.
rebuilt(Config, Change) ->
    ?assertEqual(0, build(Config)),
    lists:foreach(fun(Name) -> ok = file:change_time(filename:join(ebin(Config), Name), ?MARK) end, beams(Config)),
    _ = Change(),
    ?assertEqual(0, build(Config)),
    [Name || Name <- beams(Config), filelib:last_modified(filename:join(ebin(Config), Name)) =/= ?MARK].

contents(Config) ->
    Files = filelib:wildcard("{ebin,priv}/*", ?config(application, Config)),
    [{Name, file:read_file(filename:join(?config(application, Config), Name))} || Name <- Files].

standard_error(Fun) ->
    Before = whereis(standard_error),
    Collector = spawn_link(fun() -> collect([]) end),
    true = unregister(standard_error),
    true = register(standard_error, Collector),
    try
        Fun()
    after
        unregister(standard_error),
        register(standard_error, Before)
    end,
    Collector ! {output, self()},
    receive
        {output, Text} -> Text
    end.

collect(Output) ->
    receive
        {io_request, From, Reply, {put_chars, _, Text}} ->
            From ! {io_reply, Reply, ok},
            collect([Output, Text]);
        {output, From} ->
            From ! {output, unicode:characters_to_binary(Output)}
    end.

build(Config) ->
    beamtalk_build:run(?config(sources, Config), ?config(application, Config)).

beams(Config) -> lists:sort(filelib:wildcard("bt@*.beam", ebin(Config))).

ebin(Config) -> filename:join(?config(application, Config), "ebin").

priv(Config, Name) -> filename:join([?config(application, Config), "priv", Name]).

write(Config, Name, Source) ->
    ok = file:write_file(filename:join(?config(sources, Config), Name), Source).
