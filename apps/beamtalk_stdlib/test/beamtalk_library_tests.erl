%% @doc The library as programs see it: the examples of its documentation, and a table of cases, evaluated
%% in a session.
-module(beamtalk_library_tests).

-include_lib("eunit/include/eunit.hrl").

library_test_() ->
    {setup, fun start/0, fun stop/1, fun({_, Session}) ->
        [{timeout, 30, {title(Case), fun() -> check(Session, Case) end}} || Case <- examples() ++ cases()]
    end}.

start() ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    {ok, Session} = beamtalk_workspace:open_session(),
    {Started, Session}.

%% Other suites bring classes of their own: nothing of this one stays.
stop({Started, Session}) ->
    ok = beamtalk_workspace:close_session(Session),
    lists:foreach(fun application:stop/1, lists:reverse(Started)).

title({File, Line, Expression, _}) ->
    unicode:characters_to_list([filename:basename(File), ":", integer_to_list(Line), " ", Expression]).

%% What is expected of an example is an expression, of a case a text.
check(Session, {_, _, Source, prepares}) ->
    ?assertMatch({value, _}, outcome(evaluate(Session, Source)));
check(Session, {_, _, Source, {value, Expected}}) ->
    {ok, #{value := Value}} = evaluate(Session, Expected),
    ?assertEqual({value, Value}, outcome(evaluate(Session, Source)));
check(Session, {_, _, Source, {text, Expected}}) ->
    ?assertEqual({text, Expected}, printed(outcome(evaluate(Session, Source))));
check(Session, {_, _, Source, {raises, Expected}}) ->
    ?assertMatch({raised, _, _}, outcome(evaluate(Session, Source))),
    {raised, Kind, Message} = outcome(evaluate(Session, Source)),
    case string:split(Expected, ": ") of
        [ExpectedKind] -> ?assertEqual(ExpectedKind, Kind);
        [ExpectedKind, ExpectedMessage] -> ?assertEqual({ExpectedKind, ExpectedMessage}, {Kind, Message})
    end.

evaluate(Session, Source) ->
    beamtalk_session:evaluate(Session, Source).

outcome({ok, #{value := Value}}) ->
    {value, Value};
outcome({error, #{reason := exception, exception := #{kind := Kind, message := Message}}}) ->
    {raised, atom_to_binary(Kind), Message};
outcome({error, Failure}) ->
    {failed, Failure}.

printed({value, Value}) -> {text, beamtalk_print:print(Value)};
printed(Other) -> Other.

%% Code blocks in the documentation of classes and methods.
examples() ->
    lists:append([examples(File) || File <- filelib:wildcard(filename:join(directory("lib"), "*.bt"))]).

examples(File) ->
    lists:append([examples(File, Block) || Block <- code_blocks(numbered_lines(File), none), has_example(Block)]).

%% A line without an expected value prepares those after it.
examples(File, Block) ->
    [
        case match(Text, "^(.*) // => (.*)$") of
            {match, [Source, Expected]} -> {File, Line, Source, {value, Expected}};
            nomatch -> {File, Line, Text, prepares}
        end
     || {Line, Text} <- Block
    ].

has_example(Block) ->
    lists:any(fun({_, Text}) -> match(Text, " // => ") =/= nomatch end, Block).

%% The lines of the fenced blocks of Beamtalk in documentation comments.
code_blocks([], _) ->
    [];
code_blocks([{Line, Text} | Lines], Block) ->
    case {match(Text, "^ */// ?(.*)$"), Block} of
        {{match, [<<"```beamtalk">>]}, none} -> code_blocks(Lines, []);
        {{match, [<<"```">>]}, [_ | _]} -> [lists:reverse(Block) | code_blocks(Lines, none)];
        {{match, [Code]}, [_ | _]} -> code_blocks(Lines, [{Line, Code} | Block]);
        {{match, [Code]}, []} -> code_blocks(Lines, [{Line, Code}]);
        {_, _} -> code_blocks(Lines, none)
    end.

cases() ->
    File = filename:join(directory("test"), "library_cases.txt"),
    lists:append([
        case {match(Text, "^([^/].*) // => (.*)$"), match(Text, "^([^/].*) // raises (.*)$")} of
            {{match, [Source, Expected]}, _} -> [{File, Line, Source, {text, Expected}}];
            {_, {match, [Source, Expected]}} -> [{File, Line, Source, {raises, Expected}}];
            _ -> []
        end
     || {Line, Text} <- numbered_lines(File)
    ]).

match(Text, Pattern) ->
    re:run(Text, Pattern, [{capture, all_but_first, binary}, unicode]).

numbered_lines(File) ->
    {ok, Content} = file:read_file(File),
    Lines = string:split(Content, "\n", all),
    lists:zip(lists:seq(1, length(Lines)), Lines).

%% The sources are not part of a built application: they are looked for from here and from the working
%% directory upward.
directory(Name) ->
    {ok, Cwd} = file:get_cwd(),
    Places = ancestors(Cwd) ++ ancestors(filename:absname(filename:dirname(?FILE))),
    [Directory | _] = [
        filename:join([Place, "apps", "beamtalk_stdlib", Name])
     || Place <- Places,
        filelib:is_dir(filename:join([Place, "apps", "beamtalk_stdlib", "lib"]))
    ],
    Directory.

ancestors(Dir) ->
    case filename:dirname(Dir) of
        Dir -> [Dir];
        Parent -> [Dir | ancestors(Parent)]
    end.
