%% @doc Examples: inputs as in the shell, each with what is expected of it.
%%
%% Inputs stand in scripts (`*.btscript' files) and in documentation comments, there in fenced blocks marked `beamtalk' or
%% `bt', or as single lines with an expectation. An input goes over several lines where it would in the shell. What is
%% expected stands in a comment at its end, or in a line of its own behind it:
%%
%% ```
%% expression // => the value as it is printed or displayed; a `_' stands for any text
%% expression // => ERROR: kind
%% expression // => ERROR: kind: message
%% '''
%%
%% An input without an expectation must not fail.
-module(beamtalk_test_example).

-export([in_script/1, in_documentation/1, check/3]).

-export_type([example/0, outcome/0]).

-type example() :: #{line := pos_integer(), source := binary(), expected := none | binary()}.
%% The line is the last one, where the expectation stands.

-type outcome() :: {value, Printed :: [binary()]} | {raised, Kind :: binary(), Message :: binary()}.
%% What came of an input; a value may be shown in several ways.

-type numbered() :: {pos_integer(), binary()}.

%% @doc The examples of a script.
-spec in_script(binary()) -> [example()].
in_script(Text) ->
    inputs(numbered(1, Text)).

%% @doc The examples of a documentation comment.
-spec in_documentation(#{line := pos_integer(), text := binary()}) -> [example()].
in_documentation(#{line := First, text := Text}) ->
    prose(numbered(First, Text)).

numbered(First, Text) ->
    Lines = re:split(Text, "\r?\n", [{return, binary}]),
    lists:zip(lists:seq(First, First + length(Lines) - 1), Lines).

prose([]) ->
    [];
prose([{_, Text} = Line | Lines]) ->
    case fence(Text) of
        none ->
            [Example || #{expected := Expected} = Example <- inputs([Line]), Expected =/= none] ++ prose(Lines);
        Language ->
            {Block, Rest} = lists:splitwith(fun({_, Inner}) -> fence(Inner) =:= none end, Lines),
            block(Language, Block) ++ prose(lists:nthtail(min(1, length(Rest)), Rest))
    end.

fence(Text) ->
    case re:run(Text, "^\\s*```+\\s*(\\w*)", [{capture, all_but_first, binary}]) of
        {match, [Language]} -> Language;
        nomatch -> none
    end.

block(<<"beamtalk">>, Lines) -> inputs(Lines);
block(<<"bt">>, Lines) -> inputs(Lines);
block(_, _) -> [].

%% ---------------------------------------------------------------------------------------------------
%% Inputs
%% ---------------------------------------------------------------------------------------------------

-spec inputs([numbered()]) -> [example()].
inputs(Lines) ->
    inputs(Lines, <<>>, 0, []).

%% `Input': the lines since the last complete input; `Last': the line of the last of them that is not empty.
inputs([], Input, Last, Done) ->
    lists:reverse(example(Input, Last, Done));
inputs([{Number, Text} | Lines], Input, Last, Done) ->
    case {is_blank(Input), expectation(Text)} of
        {true, {<<>>, Expected}} -> inputs(Lines, <<>>, 0, expect(Expected, Number, Done));
        _ -> add(Number, Text, Lines, Input, Last, Done)
    end.

add(Number, Text, Lines, Input, Last, Done) ->
    Longer = <<Input/binary, Text/binary, "\n">>,
    At = case is_blank(Text) of true -> Last; false -> Number end,
    case is_ended(Text, Lines) andalso beamtalk_input:is_complete(Longer) of
        true -> inputs(Lines, <<>>, 0, example(Longer, At, Done));
        false -> inputs(Lines, Longer, At, Done)
    end.

%% A line that begins with white space goes on from the one before.
is_ended(_, [{_, <<C, _/binary>> = Next} | _]) when C =:= $\s; C =:= $\t -> is_blank(Next);
is_ended(_, _) -> true.

example(Input, Line, Done) ->
    case is_comment(Input) of
        true -> Done;
        false -> [#{line => Line, source => Input, expected => expected(Input)} | Done]
    end.

%% An expectation in a line of its own belongs to the input before it.
expect(Expected, Line, [#{expected := none} = Example | Done]) -> [Example#{expected := Expected, line := Line} | Done];
expect(_, _, Done) -> Done.

expected(Input) ->
    Last = lists:last(binary:split(string:trim(Input, trailing), <<"\n">>, [global])),
    case expectation(Last) of
        {_, Expected} -> Expected;
        none -> none
    end.

%% The last mark of the line counts: one before it may be in a string.
expectation(Line) ->
    case re:run(Line, "^(.*)// => ?(.*?)\\s*$", [{capture, all_but_first, binary}, unicode]) of
        {match, [Code, Expected]} -> {string:trim(Code), Expected};
        nomatch -> none
    end.

is_blank(Text) -> string:trim(Text) =:= <<>>.

is_comment(Text) ->
    lists:all(
        fun(Line) -> match =:= re:run(Line, "^\\s*(//.*)?$", [{capture, none}]) end,
        binary:split(Text, <<"\n">>, [global])
    ).

%% ---------------------------------------------------------------------------------------------------
%% Expectations
%% ---------------------------------------------------------------------------------------------------

%% @doc Whether an outcome is as expected. `Evaluate' answers the outcome of what the expectation says as an expression:
%% `#(1, 2)' is expected as well of what prints otherwise but is strictly equal.
-spec check(none | binary(), outcome(), fun((binary()) -> boolean())) -> ok | {failed, Message :: binary()}.
check(none, {value, _}, _) ->
    ok;
check(<<"ERROR:", Error/binary>>, Outcome, _) ->
    Expected = string:trim(Error),
    verdict(is_error(Expected, Outcome), <<"error ", Expected/binary>>, Outcome);
check(Expected, {value, Printed} = Outcome, IsEqual) ->
    Holds = lists:any(fun(Text) -> matches(Expected, Text) end, Printed) orelse IsEqual(Expected),
    verdict(Holds, Expected, Outcome);
check(none, {raised, _, Message}, _) ->
    {failed, Message};
check(Expected, Outcome, _) ->
    verdict(false, Expected, Outcome).

is_error(Expected, {raised, Kind, Message}) ->
    matches(Expected, Kind) orelse matches(Expected, <<Kind/binary, ": ", Message/binary>>);
is_error(_, {value, _}) ->
    false.

verdict(true, _, _) -> ok;
verdict(false, Expected, Outcome) -> {failed, <<"Expected ", Expected/binary, ", got ", (text(Outcome))/binary>>}.

text({value, [Printed | _]}) -> Printed;
text({raised, Kind, Message}) -> <<"error ", Kind/binary, ": ", Message/binary>>.

%% A `_' that is no part of a name stands for any text.
matches(Expected, Text) ->
    Parts = re:split(Expected, "(?<![\\w])_(?![\\w])", [unicode, {return, binary}]),
    Pattern = lists:join(".*", [["\\Q", binary:replace(Part, <<"\\E">>, <<"\\E\\\\E\\Q">>, [global]), "\\E"] || Part <- Parts]),
    match =:= re:run(Text, ["^", Pattern, "$"], [unicode, dotall, dollar_endonly, {capture, none}]).
