%% @doc Whether the text that somebody types is complete, or goes on in the next line.
%%
%% A bracket, a string or a comment that is open continues the input. A definition of a class or of a
%% method has no end of its own in the language, so in the shell it ends with an empty line.
-module(beamtalk_input).

-export([is_complete/1, continues/2]).

%% What is open: a bracket (by its closer), the text of a string, or a comment and the like.
-type open() :: [$) | $] | $} | string].

%% @doc True when the text can be handed to the compiler. It is made of whole lines.
-spec is_complete(binary()) -> boolean().
is_complete(Text) ->
    is_closed(Text) andalso (not (is_documentation(Text) orelse is_definition(Text)) orelse ends_with_empty_line(Text)).

%% @doc Whether a line goes on with the definition of a class that an empty line has ended: members of a class are
%% indented, and those of a text that is pasted have empty lines between them.
-spec continues(binary(), binary()) -> boolean().
continues(Text, Line) ->
    match =:= re:run(Line, "^[ \\t]+\\S", [{capture, none}]) andalso is_definition(Text) andalso ends_with_empty_line(Text).

%% What it documents is still to come.
is_documentation(Text) ->
    match =:= re:run(Text, "^(?:///.*\\R)+\\s*$", [unicode, {capture, none}]).

is_definition(Text) ->
    Pattern =
        "^(?:///.*\\R|\\s)*(?:(?:abstract|sealed|typed|internal)\\s+)*"
        "(?:[\\w@]+(?:\\([^)]*\\))?\\s+subclass:|Protocol\\s+define:|[\\w@]+(?:\\s+class)?\\s+>>\\s+(?!#)(?:(?!//).)*=>)",
    match =:= re:run(Text, Pattern, [unicode, {capture, none}]).

ends_with_empty_line(Text) ->
    match =:= re:run(Text, "(?:^|\\n)[ \\t\\r]*\\n$", [{capture, none}]).

is_closed(Text) ->
    code(Text, []).

-spec code(binary(), open()) -> boolean().
code(<<"//", Rest/binary>>, Open) -> after_text(Rest, <<"\n">>, Open);
code(<<"/*", Rest/binary>>, Open) -> after_text(Rest, <<"*/">>, Open);
code(<<"#'", Rest/binary>>, Open) -> symbol(Rest, Open);
code(<<"$\\", C, Rest/binary>>, Open) when C =/= $\n -> code(Rest, Open);
code(<<"$", _/utf8, Rest/binary>>, Open) -> code(Rest, Open);
code(<<$", Rest/binary>>, Open) -> string(Rest, [string | Open]);
code(<<$(, Rest/binary>>, Open) -> code(Rest, [$) | Open]);
code(<<$[, Rest/binary>>, Open) -> code(Rest, [$] | Open]);
code(<<${, Rest/binary>>, Open) -> code(Rest, [$} | Open]);
code(<<$}, Rest/binary>>, [$}, string | Open]) -> string(Rest, [string | Open]);
code(<<C, Rest/binary>>, [C | Open]) -> code(Rest, Open);
%% A closer that closes nothing: the compiler says so, more input would not help.
code(<<C, _/binary>>, _) when C =:= $); C =:= $]; C =:= $} -> true;
code(<<_, Rest/binary>>, Open) -> code(Rest, Open);
code(<<>>, Open) -> Open =:= [].

string(<<"\"\"", Rest/binary>>, Open) -> string(Rest, Open);
string(<<$", Rest/binary>>, [string | Open]) -> code(Rest, Open);
string(<<$\\, C, Rest/binary>>, Open) when C =:= ${; C =:= $} -> string(Rest, Open);
string(<<${, Rest/binary>>, Open) -> code(Rest, [$} | Open]);
string(<<_, Rest/binary>>, Open) -> string(Rest, Open);
string(<<>>, _) -> false.

symbol(<<"''", Rest/binary>>, Open) -> symbol(Rest, Open);
symbol(<<"'", Rest/binary>>, Open) -> code(Rest, Open);
symbol(<<_, Rest/binary>>, Open) -> symbol(Rest, Open);
symbol(<<>>, _) -> false.

after_text(Text, End, Open) ->
    case binary:split(Text, End) of
        [_, Rest] -> code(Rest, Open);
        %% A comment to the end of the line ends with the text, too.
        [_] -> End =:= <<"\n">> andalso Open =:= []
    end.
