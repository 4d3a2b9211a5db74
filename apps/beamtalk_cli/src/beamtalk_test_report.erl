%% @doc What is told of a run of tests: text for people, or JSON, one object on a line for each test.
-module(beamtalk_test_report).

-export([json/1, failures/1, summary/3]).

-export_type([reports/0]).

%% How much of a message is shown to people.
-define(LONGEST, 4000).

-type reports() :: [beamtalk_test_unit:report()].

%% @doc A line for each test: an object with the keys `file', `class', `test', `status', `kind', `message', `line', `ms'.
-spec json(reports()) -> iolist().
json(Reports) ->
    [[json_object(Report), $\n] || Report <- Reports].

json_object(Report) ->
    {ok, Text} = beamtalk_json_encode:encode(object(Report)),
    Text.

object(Report) ->
    Keys = [file, class, test, status, kind, message, line, ms],
    maps:map(fun(_, Value) -> json_value(Value) end, maps:with(Keys, Report)).

json_value(undefined) -> null;
json_value(Text) when is_binary(Text) -> utf8(Text);
json_value(Other) -> Other.

%% The message of an exception may be any bytes.
utf8(Text) ->
    case unicode:characters_to_binary(Text) of
        Text -> Text;
        _ -> unicode:characters_to_binary(Text, latin1)
    end.

%% @doc Each test that failed: its name and place, the message, and the line of source.
-spec failures(reports()) -> unicode:chardata().
failures(Reports) ->
    Failed = [{{File, Line}, Report} || #{status := failed, file := File, line := Line} = Report <- Reports],
    shown([Report || {_, Report} <- lists:keysort(1, Failed)]).

%% What is wrong with a file that cannot be loaded is told once.
shown([#{kind := <<"load_error">>, file := File, message := Message} | _] = Reports) ->
    {Same, Rest} = lists:splitwith(fun(#{file := F, kind := Kind}) -> F =:= File andalso Kind =:= <<"load_error">> end, Reports),
    Tests = lists:join(", ", [name(Report) || Report <- Same]),
    ["FAILED ", Tests, ": ", File, " cannot be loaded\n", indented(Message), $\n | shown(Rest)];
shown([Report | Rest]) ->
    [failure(Report) | shown(Rest)];
shown([]) ->
    [].

failure(#{message := Message, kind := Kind} = Report) ->
    ["FAILED ", name(Report), " (", place(Report), ")\n", indented([Kind, ": ", cut(utf8(Message))]), source_line(Report), $\n].

%% Two large collections that differ are no text for people.
cut(Text) when byte_size(Text) =< ?LONGEST -> Text;
cut(Text) ->
    Advice = io_lib:format("...~n(cut: --json has all ~b bytes)", [byte_size(Text)]),
    [string:slice(Text, 0, ?LONGEST), Advice].

name(#{class := undefined, file := File, test := Test}) -> [filename:basename(File), " ", Test];
name(#{class := Class, test := Test}) -> [Class, " ", Test].

place(#{file := File, line := undefined}) -> File;
place(#{file := File, line := Line}) -> [File, ":", integer_to_list(Line)].

indented(Text) ->
    [["  ", Line, $\n] || Line <- string:split(string:trim(Text, trailing), "\n", all)].

source_line(#{file := File, line := Line}) when is_integer(Line) ->
    case file:read_file(File) of
        {ok, Text} -> nth_line(Line, binary:split(Text, <<"\n">>, [global]));
        {error, _} -> []
    end;
source_line(_) ->
    [].

nth_line(Line, Lines) when Line =< length(Lines) ->
    [io_lib:format("  ~b | ", [Line]), string:trim(lists:nth(Line, Lines)), $\n];
nth_line(_, _) ->
    [].

%% @doc Two lines: what the run took, and how many tests passed, failed and were skipped.
-spec summary(reports(), Milliseconds :: non_neg_integer(), Seed :: integer()) -> unicode:chardata().
summary(Reports, Elapsed, Seed) ->
    Assertions = lists:sum([N || #{assertions := N} <- Reports]),
    io_lib:format(
        "~b tests, ~b assertions in ~.1f s (seed ~b)~n~b passed, ~b failed, ~b skipped~n",
        [length(Reports), Assertions, Elapsed / 1000, Seed] ++
            [count(Status, Reports) || Status <- [passed, failed, skipped]]
    ).

count(Status, Reports) ->
    length([Report || #{status := S} = Report <- Reports, S =:= Status]).
