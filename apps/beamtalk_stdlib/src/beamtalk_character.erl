%% @doc Primitives of class Character. A character is an integer, its code point. The tests answer false
%% for integers that are no code points.
-module(beamtalk_character).

-export([
    'value:'/2, asString/1, printString/1,
    isLetter/1, isDigit/1, isUppercase/1, isLowercase/1, isWhitespace/1,
    uppercase/1, lowercase/1
]).
-export([text/2]).

%% @doc The character of a code point.
-spec 'value:'(term(), integer()) -> char().
'value:'(Class, CodePoint) when not is_integer(CodePoint) ->
    beamtalk_error:raise(beamtalk_error:type_error('value:', Class));
'value:'(_Class, CodePoint) ->
    _ = text('value:', CodePoint),
    CodePoint.

%% @doc Text with the one character.
-spec asString(integer()) -> binary().
asString(Self) ->
    text(asString, Self).

%% @doc The literal form, `$a'.
-spec printString(integer()) -> binary().
printString($\n) -> <<"$\\n">>;
printString($\t) -> <<"$\\t">>;
printString($\r) -> <<"$\\r">>;
printString($\\) -> <<"$\\\\">>;
printString(Self) -> <<"$", (text(printString, Self))/binary>>.

%% @doc Text with the one character, for the message `Selector'.
-spec text(atom(), integer()) -> binary().
text(Selector, CodePoint) ->
    try
        <<CodePoint/utf8>>
    catch
        error:badarg ->
            Message = <<(integer_to_binary(CodePoint))/binary, " is not a Unicode code point">>,
            beamtalk_error:raise(beamtalk_error:argument_error(Message, Selector))
    end.

%% @doc Letter of any script.
-spec isLetter(integer()) -> boolean().
isLetter(Self) when Self < 128 -> is_lower(Self) orelse is_upper(Self);
isLetter(Self) -> has_property(Self, "\\p{L}").

%% @doc Decimal digit of any script.
-spec isDigit(integer()) -> boolean().
isDigit(Self) when Self < 128 -> Self >= $0 andalso Self =< $9;
isDigit(Self) -> has_property(Self, "\\p{Nd}").

%% @doc Upper-case letter.
-spec isUppercase(integer()) -> boolean().
isUppercase(Self) when Self < 128 -> is_upper(Self);
isUppercase(Self) -> has_property(Self, "\\p{Lu}").

%% @doc Lower-case letter.
-spec isLowercase(integer()) -> boolean().
isLowercase(Self) when Self < 128 -> is_lower(Self);
isLowercase(Self) -> has_property(Self, "\\p{Ll}").

%% @doc White space.
-spec isWhitespace(integer()) -> boolean().
isWhitespace(Self) when Self < 128 -> Self =:= $\s orelse (Self >= $\t andalso Self =< $\r);
isWhitespace(Self) -> has_property(Self, "[\\p{Z}\\x{85}]").

%% @doc Upper-case form where that is one character, else the receiver.
-spec uppercase(integer()) -> integer().
uppercase(Self) -> mapped(Self, fun string:uppercase/1).

%% @doc Lower-case form where that is one character, else the receiver.
-spec lowercase(integer()) -> integer().
lowercase(Self) -> mapped(Self, fun string:lowercase/1).

is_upper(C) -> C >= $A andalso C =< $Z.

is_lower(C) -> C >= $a andalso C =< $z.

mapped(Self, Mapping) ->
    case Mapping([Self]) of
        [One] when is_integer(One) -> One;
        _ -> Self
    end.

%% OTP's only access to the general category of a code point is through regular expressions.
has_property(CodePoint, Pattern) ->
    try
        re:run(<<CodePoint/utf8>>, Pattern, [unicode, {capture, none}]) =:= match
    catch
        error:badarg -> false
    end.
