%% @doc Primitives of class DateTime: fields of the calendar with a fixed offset from UTC, by calendar.
-module(beamtalk_date_time).

-export([
    now/1, monotonicNow/1, 'year:month:day:hour:minute:second:offsetMinutes:'/8, 'fromTimestamp:'/2,
    'fromString:'/2, 'parse:format:'/3
]).
-export([
    year/1, month/1, day/1, hour/1, minute/1, second/1, offsetMinutes/1, asTimestamp/1, asString/1,
    'toOffset:'/2, 'format:'/2, 'addSeconds:'/2, 'addDays:'/2, 'addDuration:'/2, 'diffSeconds:'/2,
    '-'/2, '<'/2, '>'/2, '<='/2, '>='/2, 'sameInstant:'/2
]).
-export([from_timestamp/1]).

-export_type([date_time/0]).

-define(CLASS, 'bt@stdlib@date_time').

%% Seconds from the beginning of the year 0, which calendar counts from, to that of 1970.
-define(EPOCH, 62_167_219_200).

%% The first and the last second whose year has four digits.
-define(FIRST, -?EPOCH).
-define(LAST, 253_402_300_799).

-define(MAX_OFFSET, 1439).

-type date_time() :: #{
    '$beamtalk_class' := ?CLASS,
    year := 0..9999,
    month := 1..12,
    day := 1..31,
    hour := 0..23,
    minute := 0..59,
    second := 0..59,
    offsetMinutes := -?MAX_OFFSET..?MAX_OFFSET
}.
-type class_object() :: beamtalk_class:class_object().

%% ---------------------------------------------------------------------------------------------------
%% Making
%% ---------------------------------------------------------------------------------------------------

%% @doc The time of the system's clock, in UTC.
-spec now(class_object()) -> date_time().
now(_) ->
    from_timestamp(erlang:system_time(second)).

%% @doc Nanoseconds since some moment, for measuring.
-spec monotonicNow(class_object()) -> integer().
monotonicNow(_) ->
    erlang:monotonic_time(nanosecond).

%% @doc The time with these fields, if the calendar has it.
-spec 'year:month:day:hour:minute:second:offsetMinutes:'(
    class_object(), integer(), integer(), integer(), integer(), integer(), integer(), integer()
) -> date_time().
'year:month:day:hour:minute:second:offsetMinutes:'(Self, Y, M, D, H, Mi, S, Offset) ->
    case checked(Y, M, D, H, Mi, S, Offset) of
        {ok, DateTime} -> DateTime;
        {error, Why} -> beamtalk_argument:wrong('year:month:day:hour:minute:second:offsetMinutes:', Self, Why)
    end.

checked(Y, M, D, H, Mi, S, Offset) ->
    Fields = [
        {"year", Y, 0, 9999}, {"month", M, 1, 12}, {"day", D, 1, 31}, {"hour", H, 0, 23},
        {"minute", Mi, 0, 59}, {"second", S, 0, 59}, {"offset in minutes", Offset, -?MAX_OFFSET, ?MAX_OFFSET}
    ],
    case [Field || {_, Value, Min, Max} = Field <- Fields, not is_within(Value, Min, Max)] of
        [{Name, _, Min, Max} | _] ->
            {error, io_lib:format("the ~ts is an Integer from ~b to ~b", [Name, Min, Max])};
        [] ->
            existing(calendar:valid_date(Y, M, D), Y, M, D, H, Mi, S, Offset)
    end.

is_within(Value, Min, Max) ->
    is_integer(Value) andalso Value >= Min andalso Value =< Max.

existing(true, Y, M, D, H, Mi, S, Offset) -> within_years(instance({{Y, M, D}, {H, Mi, S}}, Offset));
existing(false, Y, M, D, _, _, _, _) ->
    {error, io_lib:format("the calendar has no ~4..0b-~2..0b-~2..0b", [Y, M, D])}.

%% The same instant must have a year of four digits in UTC too.
within_years(DateTime) ->
    case is_within(asTimestamp(DateTime), ?FIRST, ?LAST) of
        true -> {ok, DateTime};
        false -> {error, "the year in UTC is from 0 to 9999"}
    end.

instance({{Y, M, D}, {H, Mi, S}}, Offset) ->
    #{
        '$beamtalk_class' => ?CLASS,
        year => Y, month => M, day => D, hour => H, minute => Mi, second => S, offsetMinutes => Offset
    }.

%% @doc The time so many seconds after the beginning of 1970 in UTC.
-spec 'fromTimestamp:'(class_object(), integer()) -> date_time().
'fromTimestamp:'(_, Seconds) when is_integer(Seconds), Seconds >= ?FIRST, Seconds =< ?LAST ->
    from_timestamp(Seconds);
'fromTimestamp:'(Self, _) ->
    beamtalk_argument:wrong('fromTimestamp:', Self, "the seconds are an Integer, in the years from 0 to 9999").

%% @doc The same for Erlang code.
-spec from_timestamp(integer()) -> date_time().
from_timestamp(Seconds) ->
    at(Seconds, 0).

%% The instant with the fields of an offset.
at(Seconds, Offset) ->
    instance(calendar:gregorian_seconds_to_datetime(Seconds + ?EPOCH + Offset * 60), Offset).

%% The same where the instant or its fields may be outside of the years.
at(Selector, Self, Seconds, Offset) ->
    case is_within(Seconds, ?FIRST, ?LAST) andalso is_within(Seconds + Offset * 60, ?FIRST, ?LAST) of
        true -> at(Seconds, Offset);
        false -> beamtalk_argument:wrong(Selector, Self, "the result is outside of the years from 0 to 9999")
    end.

%% ---------------------------------------------------------------------------------------------------
%% Texts
%% ---------------------------------------------------------------------------------------------------

%% @doc The time of a text by ISO 8601: a date, optionally with a time, optionally with an offset. What is
%% left out is midnight, and UTC. A fraction of the second is dropped.
-spec 'fromString:'(class_object(), binary()) -> date_time().
'fromString:'(Self, Text) ->
    case is_binary(Text) andalso re:run(Text, iso(), [{capture, all_but_first, binary}, dollar_endonly]) of
        {match, Parts} -> from_parts(Self, Parts);
        _ -> malformed(Self, "a time is written like 2024-01-02T03:04:05Z or 2024-01-02T03:04:05+01:00")
    end.

iso() ->
    "^([0-9]{4})-([0-9]{2})-([0-9]{2})"
    "(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]+)?(?:(Z)|([-+])([0-9]{2}):([0-9]{2}))?)?$".

from_parts(Self, Parts) ->
    Padded = Parts ++ lists:duplicate(10 - length(Parts), <<>>),
    [Y, M, D, H, Mi, S] = [number(Part) || Part <- lists:sublist(Padded, 6)],
    [_, Sign, Hours, Minutes] = lists:nthtail(6, Padded),
    %% Minutes beyond 59 would be taken for hours.
    Offset = number(Minutes) < 60 andalso sign(Sign) * (number(Hours) * 60 + number(Minutes)),
    case checked(Y, M, D, H, Mi, S, Offset) of
        {ok, DateTime} -> DateTime;
        {error, Why} -> malformed(Self, Why)
    end.

-spec malformed(term(), unicode:chardata()) -> no_return().
malformed(Self, Why) ->
    beamtalk_argument:wrong('fromString:', Self, Why).

number(<<>>) -> 0;
number(Digits) -> binary_to_integer(Digits).

sign(<<"-">>) -> -1;
sign(_) -> 1.

%% @doc The time of a text in the form of a pattern.
-spec 'parse:format:'(class_object(), binary(), binary()) -> beamtalk_result:result().
'parse:format:'(_, Text, Pattern) when is_binary(Text), is_binary(Pattern) ->
    case beamtalk_date_time_pattern:parse(Text, Pattern) of
        {ok, #{year := Y, month := M, day := D, hour := H, minute := Mi, second := S}} ->
            parsed(Text, checked(Y, M, D, H, Mi, S, 0));
        {error, Why} ->
            parsed(Text, {error, Why})
    end;
'parse:format:'(Self, _, _) ->
    beamtalk_argument:wrong('parse:format:', Self, "the text and the pattern are Strings").

parsed(_, {ok, DateTime}) ->
    beamtalk_result:ok(DateTime);
parsed(Text, {error, Why}) ->
    Message = ["cannot read ", beamtalk_print:safe(Text), " as a time: ", Why],
    Fields = #{selector => 'parse:format:', errorClass => 'DateTime'},
    beamtalk_result:error(beamtalk_error:new(parse_error, Message, Fields)).

%% @doc The text in the form of a pattern.
-spec 'format:'(date_time(), binary()) -> binary().
'format:'(Self, Pattern) when is_binary(Pattern) -> beamtalk_date_time_pattern:format(Self, Pattern);
'format:'(Self, _) -> beamtalk_argument:wrong('format:', Self, "the pattern is a String").

%% @doc The text by ISO 8601.
-spec asString(date_time()) -> binary().
asString(#{year := Y, month := M, day := D, hour := H, minute := Mi, second := S, offsetMinutes := Offset}) ->
    Text = "~4..0b-~2..0b-~2..0bT~2..0b:~2..0b:~2..0b~ts",
    iolist_to_binary(io_lib:format(Text, [Y, M, D, H, Mi, S, zone(Offset)])).

zone(0) -> "Z";
zone(Offset) when Offset < 0 -> zone($-, -Offset);
zone(Offset) -> zone($+, Offset).

zone(Sign, Minutes) ->
    io_lib:format("~c~2..0b:~2..0b", [Sign, Minutes div 60, Minutes rem 60]).

%% ---------------------------------------------------------------------------------------------------
%% Fields and instants
%% ---------------------------------------------------------------------------------------------------

%% @doc The year.
-spec year(date_time()) -> 0..9999.
year(#{year := Year}) -> Year.

%% @doc The month.
-spec month(date_time()) -> 1..12.
month(#{month := Month}) -> Month.

%% @doc The day of the month.
-spec day(date_time()) -> 1..31.
day(#{day := Day}) -> Day.

%% @doc The hour.
-spec hour(date_time()) -> 0..23.
hour(#{hour := Hour}) -> Hour.

%% @doc The minute.
-spec minute(date_time()) -> 0..59.
minute(#{minute := Minute}) -> Minute.

%% @doc The second.
-spec second(date_time()) -> 0..59.
second(#{second := Second}) -> Second.

%% @doc Minutes east of UTC.
-spec offsetMinutes(date_time()) -> integer().
offsetMinutes(#{offsetMinutes := Offset}) -> Offset.

%% @doc Seconds since the beginning of 1970 in UTC.
-spec asTimestamp(date_time()) -> integer().
asTimestamp(#{year := Y, month := M, day := D, hour := H, minute := Mi, second := S, offsetMinutes := Offset}) when
    is_integer(Offset)
->
    calendar:datetime_to_gregorian_seconds({{Y, M, D}, {H, Mi, S}}) - ?EPOCH - Offset * 60.

%% @doc The same instant with the fields of another offset.
-spec 'toOffset:'(date_time(), integer()) -> date_time().
'toOffset:'(Self, Minutes) when is_integer(Minutes), abs(Minutes) =< ?MAX_OFFSET ->
    at('toOffset:', Self, asTimestamp(Self), Minutes);
'toOffset:'(Self, _) ->
    beamtalk_argument:wrong('toOffset:', Self, "the offset in minutes is an Integer from -1439 to 1439").

%% @doc So many seconds later.
-spec 'addSeconds:'(date_time(), integer()) -> date_time().
'addSeconds:'(#{offsetMinutes := Offset} = Self, Seconds) when is_integer(Seconds) ->
    at('addSeconds:', Self, asTimestamp(Self) + Seconds, Offset);
'addSeconds:'(Self, _) ->
    beamtalk_argument:wrong('addSeconds:', Self, "the seconds are an Integer").

%% @doc So many days of 24 hours later.
-spec 'addDays:'(date_time(), integer()) -> date_time().
'addDays:'(#{offsetMinutes := Offset} = Self, Days) when is_integer(Days) ->
    at('addDays:', Self, asTimestamp(Self) + Days * 86_400, Offset);
'addDays:'(Self, _) ->
    beamtalk_argument:wrong('addDays:', Self, "the days are an Integer").

%% @doc Later by a Duration, whose milliseconds are dropped.
-spec 'addDuration:'(date_time(), beamtalk_duration:duration()) -> date_time().
'addDuration:'(#{offsetMinutes := Offset} = Self, #{'$beamtalk_class' := 'bt@stdlib@duration'} = Duration) ->
    at('addDuration:', Self, asTimestamp(Self) + beamtalk_duration:asMilliseconds(Duration) div 1000, Offset);
'addDuration:'(Self, _) ->
    beamtalk_argument:wrong('addDuration:', Self, "the argument is a Duration").

%% @doc Seconds from the argument to the receiver.
-spec 'diffSeconds:'(date_time(), date_time()) -> integer().
'diffSeconds:'(Self, Other) -> asTimestamp(Self) - instant('diffSeconds:', Self, Other).

%% @doc The Duration from the argument to the receiver.
-spec '-'(date_time(), date_time()) -> beamtalk_duration:duration().
'-'(Self, Other) -> beamtalk_duration:new((asTimestamp(Self) - instant('-', Self, Other)) * 1000).

%% @doc Earlier.
-spec '<'(date_time(), date_time()) -> boolean().
'<'(Self, Other) -> asTimestamp(Self) < instant('<', Self, Other).

%% @doc Later.
-spec '>'(date_time(), date_time()) -> boolean().
'>'(Self, Other) -> asTimestamp(Self) > instant('>', Self, Other).

%% @doc Not later.
-spec '<='(date_time(), date_time()) -> boolean().
'<='(Self, Other) -> asTimestamp(Self) =< instant('<=', Self, Other).

%% @doc Not earlier.
-spec '>='(date_time(), date_time()) -> boolean().
'>='(Self, Other) -> asTimestamp(Self) >= instant('>=', Self, Other).

%% @doc Whether both are one instant.
-spec 'sameInstant:'(date_time(), date_time()) -> boolean().
'sameInstant:'(Self, Other) -> asTimestamp(Self) =:= instant('sameInstant:', Self, Other).

instant(_, _, #{'$beamtalk_class' := ?CLASS} = Other) -> asTimestamp(Other);
instant(Selector, Self, _) -> beamtalk_argument:wrong(Selector, Self, "the argument is a DateTime").
