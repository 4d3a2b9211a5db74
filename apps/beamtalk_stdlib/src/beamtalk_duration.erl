%% @doc Primitives of class Duration: lengths of time in milliseconds, and their texts by ISO 8601.
-module(beamtalk_duration).

-export([
    'milliseconds:'/2, 'seconds:'/2, 'minutes:'/2, 'hours:'/2, 'days:'/2, 'fromString:'/2,
    asMilliseconds/1, asString/1, printString/1, '+'/2, '-'/2, '*'/2, '<'/2, '>'/2, '<='/2, '>='/2
]).
-export([new/1]).

-export_type([duration/0]).

-define(CLASS, 'bt@stdlib@duration').
-define(SECOND, 1000).
-define(MINUTE, 60_000).
-define(HOUR, 3_600_000).
-define(DAY, 86_400_000).

-type duration() :: #{'$beamtalk_class' := ?CLASS, milliseconds := integer()}.
-type class_object() :: beamtalk_class:class_object().

%% @doc The duration of so many milliseconds.
-spec new(integer()) -> duration().
new(Milliseconds) ->
    #{'$beamtalk_class' => ?CLASS, milliseconds => Milliseconds}.

%% @doc So many milliseconds; Floats are rounded.
-spec 'milliseconds:'(class_object(), number()) -> duration().
'milliseconds:'(Self, N) -> times('milliseconds:', Self, N, 1).

%% @doc So many seconds.
-spec 'seconds:'(class_object(), number()) -> duration().
'seconds:'(Self, N) -> times('seconds:', Self, N, ?SECOND).

%% @doc So many minutes.
-spec 'minutes:'(class_object(), number()) -> duration().
'minutes:'(Self, N) -> times('minutes:', Self, N, ?MINUTE).

%% @doc So many hours.
-spec 'hours:'(class_object(), number()) -> duration().
'hours:'(Self, N) -> times('hours:', Self, N, ?HOUR).

%% @doc So many days of 24 hours.
-spec 'days:'(class_object(), number()) -> duration().
'days:'(Self, N) -> times('days:', Self, N, ?DAY).

times(_, _, N, Unit) when is_number(N) -> new(round(N * Unit));
times(Selector, Self, _, _) -> beamtalk_argument:wrong(Selector, Self, "the length is a number").

%% @doc The duration of a text such as `PT1H30M' or `-P1DT0.5S'. Weeks, days, hours, minutes and seconds have a
%% fixed length; years and months have none.
-spec 'fromString:'(class_object(), binary()) -> duration().
'fromString:'(Self, Text) when is_binary(Text) ->
    case re:run(Text, pattern(), [{capture, all_but_first, binary}, dollar_endonly]) of
        {match, [Sign | Parts]} -> new(sign(Sign) * lists:sum(parts(Parts)));
        nomatch -> malformed(Self)
    end;
'fromString:'(Self, _) ->
    malformed(Self).

-spec malformed(term()) -> no_return().
malformed(Self) ->
    beamtalk_argument:wrong('fromString:', Self, "a duration is written like P1DT2H3M4.5S, with an optional minus before it").

%% At least one part must be there, and one after a T.
pattern() ->
    "^([-+]?)P(?=[0-9T])(?:([0-9]+)W)?(?:([0-9]+)D)?"
    "(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:[.,]([0-9]+))?S)?)?$".

sign(<<"-">>) -> -1;
sign(_) -> 1.

parts(Parts) ->
    Units = [7 * ?DAY, ?DAY, ?HOUR, ?MINUTE, ?SECOND],
    [Unit * whole(Part) || {Part, Unit} <- lists:zip(lists:sublist(Parts ++ lists:duplicate(5, <<>>), 5), Units)] ++
        [fraction(Digits) || Digits <- lists:nthtail(min(5, length(Parts)), Parts)].

whole(<<>>) -> 0;
whole(Digits) -> binary_to_integer(Digits).

fraction(Digits) ->
    Scale = round(math:pow(10, min(byte_size(Digits), 15))),
    (binary_to_integer(binary:part(Digits, 0, min(byte_size(Digits), 15))) * ?SECOND + Scale div 2) div Scale.

%% @doc The milliseconds.
-spec asMilliseconds(duration()) -> integer().
asMilliseconds(#{milliseconds := Milliseconds}) -> Milliseconds.

%% @doc The text by ISO 8601.
-spec asString(duration()) -> binary().
asString(#{milliseconds := 0}) ->
    <<"PT0S">>;
asString(#{milliseconds := Milliseconds}) ->
    {Days, Hours, Minutes, Seconds, Rest} = fields(abs(Milliseconds)),
    Time = [unit(Hours, "H"), unit(Minutes, "M"), seconds(Seconds, Rest)],
    iolist_to_binary([minus(Milliseconds), $P, unit(Days, "D"), separated("T", iolist_to_binary(Time))]).

unit(0, _) -> [];
unit(N, Unit) -> [integer_to_binary(N), Unit].

seconds(0, 0) -> [];
seconds(Seconds, 0) -> unit(Seconds, "S");
seconds(Seconds, Rest) ->
    [integer_to_binary(Seconds), $., string:trim(io_lib:format("~3..0b", [Rest]), trailing, "0"), $S].

separated(_, <<>>) -> [];
separated(Separator, Text) -> [Separator, Text].

minus(Milliseconds) when Milliseconds < 0 -> "-";
minus(_) -> [].

%% @doc The text for people, such as `1h 30m 15s'.
-spec printString(duration()) -> binary().
printString(#{milliseconds := 0}) ->
    <<"0ms">>;
printString(#{milliseconds := Milliseconds}) ->
    {Days, Hours, Minutes, Seconds, Rest} = fields(abs(Milliseconds)),
    Parts = [{Days, "d"}, {Hours, "h"}, {Minutes, "m"}, {Seconds, "s"}, {Rest, "ms"}],
    iolist_to_binary([minus(Milliseconds), lists:join(" ", [unit(N, Unit) || {N, Unit} <- Parts, N > 0])]).

fields(Milliseconds) ->
    {
        Milliseconds div ?DAY,
        Milliseconds rem ?DAY div ?HOUR,
        Milliseconds rem ?HOUR div ?MINUTE,
        Milliseconds rem ?MINUTE div ?SECOND,
        Milliseconds rem ?SECOND
    }.

%% @doc The sum.
-spec '+'(duration(), duration()) -> duration().
'+'(Self, Other) -> new(asMilliseconds(Self) + length('+', Self, Other)).

%% @doc The difference.
-spec '-'(duration(), duration()) -> duration().
'-'(Self, Other) -> new(asMilliseconds(Self) - length('-', Self, Other)).

%% @doc So many times the receiver.
-spec '*'(duration(), number()) -> duration().
'*'(#{milliseconds := Milliseconds}, Scalar) when is_number(Scalar) -> new(round(Milliseconds * Scalar));
'*'(Self, _) -> beamtalk_argument:wrong('*', Self, "a Duration is multiplied by a number").

%% @doc Shorter.
-spec '<'(duration(), duration()) -> boolean().
'<'(Self, Other) -> asMilliseconds(Self) < length('<', Self, Other).

%% @doc Longer.
-spec '>'(duration(), duration()) -> boolean().
'>'(Self, Other) -> asMilliseconds(Self) > length('>', Self, Other).

%% @doc Not longer.
-spec '<='(duration(), duration()) -> boolean().
'<='(Self, Other) -> asMilliseconds(Self) =< length('<=', Self, Other).

%% @doc Not shorter.
-spec '>='(duration(), duration()) -> boolean().
'>='(Self, Other) -> asMilliseconds(Self) >= length('>=', Self, Other).

length(_, _, #{'$beamtalk_class' := ?CLASS, milliseconds := Milliseconds}) -> Milliseconds;
length(Selector, Self, _) -> beamtalk_argument:wrong(Selector, Self, "the argument is a Duration").
