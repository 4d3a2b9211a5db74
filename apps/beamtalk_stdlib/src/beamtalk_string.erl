%% @doc Primitives of class String, and the text of interpolated strings. Strings are UTF-8 binaries;
%% positions and sizes count grapheme clusters.
-module(beamtalk_string).

-export([interpolate/1]).
-export([
    'withAll:'/2, 'fromCodePoint:'/2, 'fromCodePoints:'/2, 'fromIolist:'/2,
    '++'/2, size/1, isEmpty/1, 'at:'/2, first/1, last/1, asList/1, 'take:'/2, 'drop:'/2,
    uppercase/1, lowercase/1, capitalize/1, trim/1, trimLeft/1, trimRight/1, reverse/1,
    'repeat:'/2, 'padLeft:with:'/3, 'padRight:with:'/3
]).
-export([
    'includesSubstring:'/2, 'startsWith:'/2, 'endsWith:'/2, 'indexOf:'/2,
    'split:'/2, lines/1, words/1, 'replaceAll:with:'/3, 'replaceFirst:with:'/3,
    isBlank/1, isDigit/1, isAlpha/1, asInteger/1, asFloat/1, asAtom/1,
    urlEncoded/1, urlDecoded/1
]).
-export([
    'splitOn:'/2, 'matchesRegex:'/2, 'matchesRegex:options:'/3, 'firstMatch:'/2, 'allMatches:'/2,
    'replaceRegex:with:'/3, 'replaceAllRegex:with:'/3, 'splitRegex:'/2
]).

%% @doc The text of an interpolated string: its literal parts as they are, its values by displayString.
-spec interpolate([binary() | {value, term()}]) -> binary().
interpolate(Segments) ->
    iolist_to_binary([segment(Segment) || Segment <- Segments]).

segment(Text) when is_binary(Text) -> Text;
segment({value, Value}) when is_integer(Value) -> integer_to_binary(Value);
segment({value, Value}) -> beamtalk_print:display(Value).

%% @doc The strings of a list as one.
-spec 'withAll:'(term(), [binary()]) -> binary().
'withAll:'(Class, List) when is_list(List) ->
    case lists:all(fun is_binary/1, List) of
        true -> iolist_to_binary(List);
        false -> wrong_type('withAll:', Class)
    end;
'withAll:'(Class, _) ->
    wrong_type('withAll:', Class).

%% @doc The string with one code point.
-spec 'fromCodePoint:'(term(), char()) -> binary().
'fromCodePoint:'(Class, CodePoint) ->
    beamtalk_character:asString(beamtalk_character:'value:'(Class, CodePoint)).

%% @doc The string with the code points of a list.
-spec 'fromCodePoints:'(term(), [char()]) -> binary().
'fromCodePoints:'(Class, List) when is_list(List) ->
    iolist_to_binary(['fromCodePoint:'(Class, CodePoint) || CodePoint <- List]);
'fromCodePoints:'(Class, _) ->
    wrong_type('fromCodePoints:', Class).

%% @doc The text of nested lists of strings and code points.
-spec 'fromIolist:'(term(), unicode:chardata()) -> binary().
'fromIolist:'(Class, Data) ->
    try unicode:characters_to_binary(Data) of
        Text when is_binary(Text) -> Text;
        _ -> wrong_type('fromIolist:', Class)
    catch
        error:badarg -> wrong_type('fromIolist:', Class)
    end.

%% @doc The text of both.
-spec '++'(binary(), binary()) -> binary().
'++'(Self, Other) when is_binary(Other) -> <<Self/binary, Other/binary>>;
'++'(_, _) -> invalid_argument('++').

%% @doc Number of graphemes.
-spec size(binary()) -> non_neg_integer().
size(Self) -> string:length(Self).

%% @doc True for the string without characters.
-spec isEmpty(binary()) -> boolean().
isEmpty(Self) -> Self =:= <<>>.

%% @doc Grapheme at a position.
-spec 'at:'(binary(), pos_integer()) -> binary().
'at:'(Self, Index) when not is_integer(Index) ->
    wrong_type('at:', Self);
'at:'(<<>>, _) ->
    beamtalk_error:raise(beamtalk_error:empty_collection('at:', <<>>));
'at:'(Self, Index) when Index < 1 ->
    beamtalk_error:raise(beamtalk_error:index_out_of_bounds('at:', Self));
'at:'(Self, Index) ->
    case text(string:slice(Self, Index - 1, 1)) of
        <<>> -> beamtalk_error:raise(beamtalk_error:index_out_of_bounds('at:', Self));
        Grapheme -> Grapheme
    end.

%% @doc First grapheme.
-spec first(binary()) -> binary().
first(<<>>) -> beamtalk_error:raise(beamtalk_error:empty_collection(first, <<>>));
first(Self) -> text(string:slice(Self, 0, 1)).

%% @doc Last grapheme.
-spec last(binary()) -> binary().
last(<<>>) -> beamtalk_error:raise(beamtalk_error:empty_collection(last, <<>>));
last(Self) -> lists:last(asList(Self)).

%% @doc The graphemes.
-spec asList(binary()) -> [binary()].
asList(Self) ->
    case string:next_grapheme(Self) of
        [Grapheme | Rest] -> [text([Grapheme]) | asList(Rest)];
        [] -> []
    end.

%% @doc The first graphemes, as many as there are.
-spec 'take:'(binary(), integer()) -> binary().
'take:'(Self, N) when is_integer(N) -> text(string:slice(Self, 0, max(0, N)));
'take:'(Self, _) -> wrong_type('take:', Self).

%% @doc The string without its first graphemes.
-spec 'drop:'(binary(), integer()) -> binary().
'drop:'(Self, N) when is_integer(N) -> text(string:slice(Self, max(0, N)));
'drop:'(Self, _) -> wrong_type('drop:', Self).

%% @doc Upper case.
-spec uppercase(binary()) -> binary().
uppercase(Self) -> text(string:uppercase(Self)).

%% @doc Lower case.
-spec lowercase(binary()) -> binary().
lowercase(Self) -> text(string:lowercase(Self)).

%% @doc With the first character in upper case.
-spec capitalize(binary()) -> binary().
capitalize(Self) -> text(string:titlecase(Self)).

%% @doc Without white space on either side.
-spec trim(binary()) -> binary().
trim(Self) -> text(string:trim(Self)).

%% @doc Without white space at the beginning.
-spec trimLeft(binary()) -> binary().
trimLeft(Self) -> text(string:trim(Self, leading)).

%% @doc Without white space at the end.
-spec trimRight(binary()) -> binary().
trimRight(Self) -> text(string:trim(Self, trailing)).

%% @doc Last grapheme first.
-spec reverse(binary()) -> binary().
reverse(Self) -> text(string:reverse(Self)).

%% @doc So many copies.
-spec 'repeat:'(binary(), non_neg_integer()) -> binary().
'repeat:'(Self, N) when is_integer(N), N >= 0 -> binary:copy(Self, N);
'repeat:'(_, N) when is_integer(N) -> invalid_argument('repeat:');
'repeat:'(Self, _) -> wrong_type('repeat:', Self).

%% @doc With a fill string repeated at the beginning until it has so many graphemes.
-spec 'padLeft:with:'(binary(), integer(), binary()) -> binary().
'padLeft:with:'(Self, Width, Fill) ->
    <<(padding('padLeft:with:', Self, Width, Fill))/binary, Self/binary>>.

%% @doc With a fill string repeated at the end until it has so many graphemes.
-spec 'padRight:with:'(binary(), integer(), binary()) -> binary().
'padRight:with:'(Self, Width, Fill) ->
    <<Self/binary, (padding('padRight:with:', Self, Width, Fill))/binary>>.

%% `string:pad/4' takes a single grapheme.
padding(Selector, _, _, <<>>) ->
    invalid_argument(Selector);
padding(_, Self, Width, Fill) when is_integer(Width), is_binary(Fill) ->
    Missing = max(0, Width - string:length(Self)),
    text(string:slice(binary:copy(Fill, Missing), 0, Missing));
padding(Selector, Self, _, _) ->
    wrong_type(Selector, Self).

%% @doc True when the argument occurs.
-spec 'includesSubstring:'(binary(), binary()) -> boolean().
'includesSubstring:'(Self, Text) when is_binary(Text) -> string:find(Self, Text) =/= nomatch;
'includesSubstring:'(Self, _) -> wrong_type('includesSubstring:', Self).

%% @doc True when the argument occurs at the beginning.
-spec 'startsWith:'(binary(), binary()) -> boolean().
'startsWith:'(Self, Text) when is_binary(Text) -> string:prefix(Self, Text) =/= nomatch;
'startsWith:'(Self, _) -> wrong_type('startsWith:', Self).

%% @doc True when the argument occurs at the end.
-spec 'endsWith:'(binary(), binary()) -> boolean().
'endsWith:'(Self, Text) when is_binary(Text) ->
    binary:longest_common_suffix([Self, Text]) =:= byte_size(Text);
'endsWith:'(Self, _) ->
    wrong_type('endsWith:', Self).

%% @doc Position of the argument's first occurrence, or nil.
-spec 'indexOf:'(binary(), binary()) -> pos_integer() | nil.
'indexOf:'(_, <<>>) ->
    1;
'indexOf:'(Self, Text) when is_binary(Text) ->
    case string:split(Self, Text) of
        [Before, _] -> string:length(Before) + 1;
        [_] -> nil
    end;
'indexOf:'(Self, _) ->
    wrong_type('indexOf:', Self).

%% @doc The parts between the occurrences of a separator.
-spec 'split:'(binary(), binary()) -> [binary()].
'split:'(Self, Separator) when is_binary(Separator) ->
    [text(Part) || Part <- string:split(Self, Separator, all)];
'split:'(Self, _) -> wrong_type('split:', Self).

%% @doc The lines without their ends. A line break at the very end does not start another line.
-spec lines(binary()) -> [binary()].
lines(Self) ->
    Lines = binary:split(Self, [<<"\r\n">>, <<"\n">>], [global]),
    case lists:last(Lines) of
        <<>> -> lists:droplast(Lines);
        _ -> Lines
    end.

%% @doc The parts between white space.
-spec words(binary()) -> [binary()].
words(Self) -> [text(Word) || Word <- string:lexemes(Self, unicode_util:whitespace())].

%% @doc With every occurrence of a text replaced.
-spec 'replaceAll:with:'(binary(), binary(), binary()) -> binary().
'replaceAll:with:'(Self, Old, New) -> replace('replaceAll:with:', Self, Old, New, all).

%% @doc With the first occurrence of a text replaced.
-spec 'replaceFirst:with:'(binary(), binary(), binary()) -> binary().
'replaceFirst:with:'(Self, Old, New) -> replace('replaceFirst:with:', Self, Old, New, leading).

replace(_, Self, Old, New, Where) when is_binary(Old), is_binary(New) ->
    text(string:replace(Self, Old, New, Where));
replace(Selector, Self, _, _, _) ->
    wrong_type(Selector, Self).

%% @doc True when there is nothing but white space.
-spec isBlank(binary()) -> boolean().
isBlank(Self) -> string:is_empty(string:trim(Self)).

%% @doc True when there are digits and nothing else.
-spec isDigit(binary()) -> boolean().
isDigit(Self) -> consists_of(fun beamtalk_character:isDigit/1, Self).

%% @doc True when there are letters and nothing else; marks count with the letter that they follow.
-spec isAlpha(binary()) -> boolean().
isAlpha(Self) -> consists_of(fun beamtalk_character:isLetter/1, Self).

consists_of(_, <<>>) -> false;
consists_of(Test, Self) -> lists:all(fun(Grapheme) -> Test(base(Grapheme)) end, string:to_graphemes(Self)).

base([CodePoint | _]) -> CodePoint;
base(CodePoint) -> CodePoint.

%% @doc The integer that the text denotes.
-spec asInteger(binary()) -> integer().
asInteger(Self) -> binary_to_integer(Self).

%% @doc The float that the text denotes; it needs a fraction.
-spec asFloat(binary()) -> float().
asFloat(Self) -> binary_to_float(Self).

%% @doc The symbol with this text.
-spec asAtom(binary()) -> atom().
asAtom(Self) -> binary_to_atom(Self).

%% @doc With all characters but letters, digits and `-._~' percent-encoded.
-spec urlEncoded(binary()) -> binary().
urlEncoded(Self) -> text(uri_string:quote(Self)).

%% @doc With percent-encoded characters decoded.
-spec urlDecoded(binary()) -> binary().
urlDecoded(Self) ->
    %% OTP 25 throws what the function is documented to answer.
    try uri_string:percent_decode(Self) of
        Text when is_binary(Text) -> Text;
        _ -> malformed_encoding()
    catch
        throw:{error, _, _} -> malformed_encoding()
    end.

-spec malformed_encoding() -> no_return().
malformed_encoding() ->
    beamtalk_error:raise(parse_error, <<"malformed percent encoding">>, #{selector => urlDecoded}).

%% @doc The parts between the occurrences of a text or of a Regex.
-spec 'splitOn:'(binary(), beamtalk_regex:pattern()) -> [binary()].
'splitOn:'(Self, Separator) when is_binary(Separator) -> 'split:'(Self, Separator);
'splitOn:'(Self, Regex) -> split_by('splitOn:', Self, Regex).

%% @doc The parts between the matches of a pattern.
-spec 'splitRegex:'(binary(), beamtalk_regex:pattern()) -> [binary()].
'splitRegex:'(Self, Pattern) -> split_by('splitRegex:', Self, Pattern).

split_by(Selector, Self, Pattern) ->
    re:split(Self, beamtalk_regex:feasible(Selector, Self, Pattern), [{return, binary}]).

%% @doc True when a pattern matches somewhere.
-spec 'matchesRegex:'(binary(), beamtalk_regex:pattern()) -> boolean().
'matchesRegex:'(Self, Pattern) ->
    matches('matchesRegex:', Self, Pattern, []).

%% @doc The same with options for the pattern.
-spec 'matchesRegex:options:'(binary(), beamtalk_regex:pattern(), [atom()]) -> boolean().
'matchesRegex:options:'(Self, Pattern, Options) ->
    matches('matchesRegex:options:', Self, Pattern, Options).

matches(Selector, Self, Pattern, Options) ->
    Compiled = beamtalk_regex:compiled(Selector, Pattern, Options),
    beamtalk_regex:run(Selector, Self, Compiled, [{capture, none}]) =:= match.

%% @doc What a pattern matches first, or nil.
-spec 'firstMatch:'(binary(), beamtalk_regex:pattern()) -> binary() | nil.
'firstMatch:'(Self, Pattern) ->
    Compiled = beamtalk_regex:compiled('firstMatch:', Pattern),
    case beamtalk_regex:run('firstMatch:', Self, Compiled, [{capture, first, binary}]) of
        {match, [<<Match/binary>>]} -> Match;
        nomatch -> nil
    end.

%% @doc What a pattern matches, without overlaps.
-spec 'allMatches:'(binary(), beamtalk_regex:pattern()) -> [binary()].
'allMatches:'(Self, Pattern) ->
    Compiled = beamtalk_regex:compiled('allMatches:', Pattern),
    case beamtalk_regex:run('allMatches:', Self, Compiled, [global, {capture, first, binary}]) of
        {match, Matches} -> lists:append(Matches);
        nomatch -> []
    end.

%% @doc With the first match of a pattern replaced. In the replacement `&' stands for the match and `\\1'
%% for a group.
-spec 'replaceRegex:with:'(binary(), beamtalk_regex:pattern(), binary()) -> binary().
'replaceRegex:with:'(Self, Pattern, New) ->
    replace_matches('replaceRegex:with:', Self, Pattern, New, []).

%% @doc With every match of a pattern replaced.
-spec 'replaceAllRegex:with:'(binary(), beamtalk_regex:pattern(), binary()) -> binary().
'replaceAllRegex:with:'(Self, Pattern, New) ->
    replace_matches('replaceAllRegex:with:', Self, Pattern, New, [global]).

replace_matches(Selector, Self, Pattern, New, Options) when is_binary(New) ->
    Compiled = beamtalk_regex:feasible(Selector, Self, Pattern),
    <<Text/binary>> = re:replace(Self, Compiled, New, [{return, binary} | Options]),
    Text;
replace_matches(Selector, Self, _, _, _) ->
    wrong_type(Selector, Self).

%% The functions of `string' answer lists for some parts of a binary.
text(Text) when is_binary(Text) -> Text;
text(Chars) ->
    <<Text/binary>> = unicode:characters_to_binary(Chars),
    Text.

-spec invalid_argument(atom()) -> no_return().
invalid_argument(Selector) ->
    beamtalk_error:raise(beamtalk_error:argument_error(<<"invalid argument">>, Selector)).

-spec wrong_type(atom(), term()) -> no_return().
wrong_type(Selector, Self) -> beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).
