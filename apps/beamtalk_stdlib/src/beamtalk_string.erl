%% @doc Primitives of class String, and the text of interpolated strings. Strings are UTF-8 binaries;
%% positions and sizes count grapheme clusters.
-module(beamtalk_string).

-compile({no_auto_import, [size/1]}).

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
    isBlank/1, isDigit/1, isAlpha/1, asInteger/1, asFloat/1, asAtom/1, 'do:'/2, 'collect:'/2,
    urlEncoded/1, urlDecoded/1
]).
-export([
    'splitOn:'/2, 'matchesRegex:'/2, 'matchesRegex:options:'/3, 'firstMatch:'/2, 'allMatches:'/2,
    'replaceRegex:with:'/3, 'replaceAllRegex:with:'/3, 'splitRegex:'/2
]).

%% Bytes that copies of a text may have.
-define(MAX_COPIES, (1 bsl 28)).

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
'fromCodePoint:'(_, CodePoint) when is_integer(CodePoint) -> beamtalk_character:text('fromCodePoint:', CodePoint);
'fromCodePoint:'(Class, _) -> wrong_type('fromCodePoint:', Class).

%% @doc The string with the code points of a list.
-spec 'fromCodePoints:'(term(), [char()]) -> binary().
'fromCodePoints:'(Class, List) when is_list(List) ->
    case lists:all(fun is_integer/1, List) of
        true -> iolist_to_binary([beamtalk_character:text('fromCodePoints:', CodePoint) || CodePoint <- List]);
        false -> wrong_type('fromCodePoints:', Class)
    end;
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
size(Self) ->
    case beamtalk_ascii:is_simple(Self) of
        true -> byte_size(Self);
        false -> string:length(Self)
    end.

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
    case slice(Self, Index - 1, 1) of
        <<>> -> beamtalk_error:raise(beamtalk_error:index_out_of_bounds('at:', Self));
        Grapheme -> Grapheme
    end.

%% @doc First grapheme.
-spec first(binary()) -> binary().
first(<<>>) -> beamtalk_error:raise(beamtalk_error:empty_collection(first, <<>>));
first(Self) -> slice(Self, 0, 1).

%% @doc Last grapheme.
-spec last(binary()) -> binary().
last(<<>>) -> beamtalk_error:raise(beamtalk_error:empty_collection(last, <<>>));
last(Self) ->
    case beamtalk_ascii:is_simple(Self) of
        true -> binary:part(Self, byte_size(Self), -1);
        false -> lists:last(asList(Self))
    end.

%% @doc The graphemes.
-spec asList(binary()) -> [binary()].
asList(Self) ->
    case beamtalk_ascii:is_simple(Self) of
        true -> beamtalk_ascii:characters(Self);
        false -> graphemes(Self)
    end.

graphemes(Self) ->
    case string:next_grapheme(Self) of
        [Grapheme | Rest] -> [text([Grapheme]) | graphemes(Rest)];
        [] -> []
    end.

%% @doc The first graphemes, as many as there are.
-spec 'take:'(binary(), integer()) -> binary().
'take:'(_, N) when is_integer(N), N =< 0 -> <<>>;
'take:'(Self, N) when is_integer(N) -> slice(Self, 0, min(N, byte_size(Self)));
'take:'(Self, _) -> wrong_type('take:', Self).

%% @doc The string without its first graphemes.
-spec 'drop:'(binary(), integer()) -> binary().
'drop:'(Self, N) when is_integer(N), N =< 0 -> Self;
'drop:'(Self, N) when is_integer(N) -> slice(Self, min(N, byte_size(Self)), byte_size(Self));
'drop:'(Self, _) -> wrong_type('drop:', Self).

%% Graphemes from an offset on, as many as there are. Only what is before their end is looked at.
slice(Self, Offset, Length) ->
    case beamtalk_ascii:is_simple(Self, min(Offset + Length, byte_size(Self))) of
        true when Offset >= byte_size(Self) -> <<>>;
        true -> binary:part(Self, Offset, min(Length, byte_size(Self) - Offset));
        false -> text(string:slice(Self, Offset, Length))
    end.

%% @doc Upper case.
-spec uppercase(binary()) -> binary().
uppercase(Self) ->
    case beamtalk_ascii:is_simple(Self) of
        true -> beamtalk_ascii:uppercase(Self);
        false -> text(string:uppercase(Self))
    end.

%% @doc Lower case.
-spec lowercase(binary()) -> binary().
lowercase(Self) ->
    case beamtalk_ascii:is_simple(Self) of
        true -> beamtalk_ascii:lowercase(Self);
        false -> text(string:lowercase(Self))
    end.

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
reverse(Self) ->
    case beamtalk_ascii:is_simple(Self) of
        true -> beamtalk_ascii:reverse(Self);
        false -> text(string:reverse(Self))
    end.

%% @doc So many copies.
-spec 'repeat:'(binary(), non_neg_integer()) -> binary().
'repeat:'(Self, N) when is_integer(N), N >= 0 -> copies(Self, N);
'repeat:'(_, N) when is_integer(N) -> invalid_argument('repeat:');
'repeat:'(Self, _) -> wrong_type('repeat:', Self).

%% An allocation that the system refuses ends the VM.
copies(Text, N) when byte_size(Text) * N > ?MAX_COPIES -> erlang:error(system_limit);
copies(Text, N) -> binary:copy(Text, N).

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
    text(string:slice(copies(Fill, Missing), 0, Missing));
padding(Selector, Self, _, _) ->
    wrong_type(Selector, Self).

%% @doc True when the argument occurs.
-spec 'includesSubstring:'(binary(), binary()) -> boolean().
'includesSubstring:'(_, <<>>) -> true;
'includesSubstring:'(Self, Text) when is_binary(Text) -> length(parts(Self, Text, leading)) > 1;
'includesSubstring:'(Self, _) -> wrong_type('includesSubstring:', Self).

%% @doc True when the argument occurs at the beginning.
-spec 'startsWith:'(binary(), binary()) -> boolean().
'startsWith:'(Self, Text) when is_binary(Text) ->
    Size = byte_size(Text),
    case Self of
        <<Text:Size/binary, Rest/binary>> -> are_apart(Text, Rest);
        _ -> false
    end;
'startsWith:'(Self, _) ->
    wrong_type('startsWith:', Self).

%% @doc True when the argument occurs at the end.
-spec 'endsWith:'(binary(), binary()) -> boolean().
'endsWith:'(Self, Text) when is_binary(Text) ->
    Before = byte_size(Self) - byte_size(Text),
    case Self of
        <<Start:Before/binary, Text/binary>> when Before >= 0 -> are_apart(Start, Text);
        _ -> false
    end;
'endsWith:'(Self, _) ->
    wrong_type('endsWith:', Self).

%% A grapheme may not reach from one text into the other. Two ASCII characters never form one, but for a line break.
are_apart(<<>>, _) ->
    true;
are_apart(_, <<>>) ->
    true;
are_apart(A, <<Next, _/binary>> = B) ->
    (Next < 128 andalso Next =/= $\n andalso binary:last(A) < 128) orelse
        string:to_graphemes(<<A/binary, B/binary>>) =:= string:to_graphemes(A) ++ string:to_graphemes(B).

%% @doc Position of the argument's first occurrence, or nil.
-spec 'indexOf:'(binary(), binary()) -> pos_integer() | nil.
'indexOf:'(_, <<>>) ->
    1;
'indexOf:'(Self, Text) when is_binary(Text) ->
    case parts(Self, Text, leading) of
        [Before, _] -> size(Before) + 1;
        [_] -> nil
    end;
'indexOf:'(Self, _) ->
    wrong_type('indexOf:', Self).

%% @doc The parts between the occurrences of a separator; of an empty one there is none.
-spec 'split:'(binary(), binary()) -> [binary()].
'split:'(Self, Separator) when is_binary(Separator) -> parts(Self, Separator, all);
'split:'(Self, _) -> wrong_type('split:', Self).

%% What does not occur as bytes does not occur; what does may still be a part of a grapheme.
parts(Self, <<>>, _) ->
    [Self];
parts(Self, Text, Where) ->
    case binary:match(Self, Text) of
        nomatch -> [Self];
        _ -> parts_by(beamtalk_ascii:is_simple(Self), Self, Text, Where)
    end.

parts_by(true, Self, Text, leading) -> binary:split(Self, Text);
parts_by(true, Self, Text, all) -> binary:split(Self, Text, [global]);
parts_by(false, Self, Text, Where) -> [text(Part) || Part <- string:split(Self, Text, Where)].

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
    iolist_to_binary(lists:join(New, parts(Self, Old, Where)));
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
asInteger(Self) ->
    try
        binary_to_integer(Self)
    catch
        error:badarg -> invalid_argument(asInteger)
    end.

%% @doc The float that the text denotes; it needs a fraction.
-spec asFloat(binary()) -> float().
asFloat(Self) ->
    try
        binary_to_float(Self)
    catch
        error:badarg -> invalid_argument(asFloat)
    end.

%% @doc The symbol with this text.
-spec asAtom(binary()) -> atom().
asAtom(Self) -> binary_to_atom(Self).

%% @doc Evaluates the block with each element.
-spec 'do:'(binary(), fun((term()) -> term())) -> nil.
'do:'(Self, Block) -> beamtalk_collection:do(Self, Block).

%% @doc The values of the block for the graphemes, which must be strings.
-spec 'collect:'(binary(), fun((binary()) -> binary())) -> binary().
'collect:'(Self, Block) when is_function(Block) ->
    iolist_to_binary([collected(Block(Grapheme), Self) || Grapheme <- asList(Self)]);
'collect:'(Self, _) ->
    wrong_type('collect:', Self).

collected(Text, _) when is_binary(Text) -> Text;
collected(_, Self) -> wrong_type('collect:', Self).

%% @doc With all characters but letters, digits and `-._~' percent-encoded.
-spec urlEncoded(binary()) -> binary().
urlEncoded(Self) -> text(uri_string:quote(Self)).

%% @doc With percent-encoded characters decoded.
-spec urlDecoded(binary()) -> binary().
urlDecoded(Self) ->
    %% A digit is missing only at the very end: there OTP lets it pass. OTP 25 throws what it should answer.
    case re:run(Self, "%[[:xdigit:]]?$", [{capture, none}, dollar_endonly]) of
        match -> malformed_encoding();
        nomatch -> ok
    end,
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
    Exception = beamtalk_error:argument_error(<<"invalid argument">>, Selector),
    beamtalk_error:raise(Exception#{errorClass := 'String'}).

-spec wrong_type(atom(), term()) -> no_return().
wrong_type(Selector, Self) -> beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).
