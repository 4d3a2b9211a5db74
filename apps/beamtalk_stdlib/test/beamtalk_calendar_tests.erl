%% @doc Laws of DateTime, Duration, Uuid and Random.
-module(beamtalk_calendar_tests).

-include_lib("eunit/include/eunit.hrl").

%% The macros of proper.hrl that are used; Debian packages that header apart from PropEr.
-define(FORALL(Pattern, Type, Property), proper:forall(Type, fun(Pattern) -> Property end)).
-define(BIND(Pattern, Type, Result), proper_types:bind(Type, fun(Pattern) -> Result end, false)).

-define(CLASS, {'$bt_class', 'bt@stdlib@date_time'}).

laws_test_() ->
    Laws = [
        fun text_round_trip/0, fun instants_are_kept/0, fun addition_is_undone/0, fun differences_add_up/0,
        fun order_is_that_of_instants/0, fun pattern_round_trip/0, fun duration_text_round_trip/0,
        fun duration_arithmetic/0, fun uuid_round_trip/0, fun random_range/0, fun any_text_is_read_or_refused/0
    ],
    {timeout, 60, [{timeout, 30, ?_assert(proper:quickcheck(Law(), [{numtests, 500}, quiet]))} || Law <- Laws]}.

text_round_trip() ->
    ?FORALL(T, times(), T =:= beamtalk_date_time:'fromString:'(?CLASS, beamtalk_date_time:asString(T))).

instants_are_kept() ->
    ?FORALL({T, Offset}, {times(), offset()}, begin
        Other = beamtalk_date_time:'toOffset:'(T, Offset),
        beamtalk_date_time:asTimestamp(Other) =:= beamtalk_date_time:asTimestamp(T) andalso
            beamtalk_date_time:'sameInstant:'(T, Other) andalso
            beamtalk_date_time:'toOffset:'(Other, beamtalk_date_time:offsetMinutes(T)) =:= T
    end).

addition_is_undone() ->
    ?FORALL({T, N}, {times(), proper_types:integer(-1_000_000_000, 1_000_000_000)}, begin
        Later = beamtalk_date_time:'addSeconds:'(T, N),
        beamtalk_date_time:'addSeconds:'(Later, -N) =:= T andalso beamtalk_date_time:'diffSeconds:'(Later, T) =:= N
    end).

differences_add_up() ->
    ?FORALL({A, B}, {times(), times()}, begin
        Between = beamtalk_date_time:'-'(B, A),
        beamtalk_date_time:'sameInstant:'(beamtalk_date_time:'addDuration:'(A, Between), B)
    end).

order_is_that_of_instants() ->
    ?FORALL({A, B}, {times(), times()}, begin
        Difference = beamtalk_date_time:'diffSeconds:'(A, B),
        beamtalk_date_time:'<'(A, B) =:= (Difference < 0) andalso
            beamtalk_date_time:'>'(A, B) =:= (Difference > 0) andalso
            beamtalk_date_time:'<='(A, B) =:= not beamtalk_date_time:'>'(A, B) andalso
            beamtalk_date_time:'>='(A, B) =:= not beamtalk_date_time:'<'(A, B)
    end).

pattern_round_trip() ->
    ?FORALL({T, Pattern}, {times(), pattern()}, begin
        Utc = beamtalk_date_time:'toOffset:'(T, 0),
        Text = beamtalk_date_time:'format:'(Utc, Pattern),
        #{isOk := true, okValue := Read} = beamtalk_date_time:'parse:format:'(?CLASS, Text, Pattern),
        Read =:= Utc
    end).

duration_text_round_trip() ->
    ?FORALL(N, milliseconds(), begin
        D = beamtalk_duration:new(N),
        beamtalk_duration:'fromString:'(?CLASS, beamtalk_duration:asString(D)) =:= D
    end).

duration_arithmetic() ->
    ?FORALL({A, B, N}, {milliseconds(), milliseconds(), proper_types:integer()}, begin
        [X, Y] = [beamtalk_duration:new(M) || M <- [A, B]],
        beamtalk_duration:'-'(beamtalk_duration:'+'(X, Y), Y) =:= X andalso
            beamtalk_duration:'+'(X, Y) =:= beamtalk_duration:'+'(Y, X) andalso
            beamtalk_duration:'*'(X, N) =:= beamtalk_duration:new(A * N) andalso
            beamtalk_duration:'<'(X, Y) =:= (A < B)
    end).

uuid_round_trip() ->
    ?FORALL(Make, proper_types:oneof([v4, v7]), begin
        Uuid = beamtalk_uuid:Make(?CLASS),
        Text = beamtalk_uuid:asString(Uuid),
        #{okValue := Read} = beamtalk_uuid:'fromString:'(?CLASS, string:uppercase(Text)),
        <<_:64, Variant:2, _:62>> = beamtalk_uuid:asBinary(Uuid),
        Read =:= Uuid andalso Variant =:= 2 andalso
            beamtalk_uuid:version(Uuid) =:= list_to_integer(tl(atom_to_list(Make)))
    end).

random_range() ->
    Class = {'$bt_class', 'bt@stdlib@random'},
    Max = proper_types:oneof([proper_types:pos_integer(), proper_types:integer(1, 1 bsl 200)]),
    ?FORALL({N, Seed}, {Max, proper_types:integer()}, begin
        Generator = beamtalk_random:'seed:'(Class, Seed),
        Number = beamtalk_random:'nextInteger:'(Generator, N),
        Next = beamtalk_random:next(Generator),
        Number >= 1 andalso Number =< N andalso Number =:= beamtalk_random:'nextInteger:'(Generator, N) andalso
            Next >= 0 andalso Next < 1 andalso
            lists:member(beamtalk_random:'nextInteger:'(Class, 3), [1, 2, 3])
    end).

%% Every text gives a time or a type_error, nothing else.
any_text_is_read_or_refused() ->
    Piece = proper_types:oneof([
        <<"2024">>, <<"-">>, <<"02">>, <<"30">>, <<"T">>, <<":">>, <<"Z">>, <<"+">>, <<"P">>, <<"1">>, <<"D">>, <<"S">>,
        <<".">>, proper_types:binary()
    ]),
    ?FORALL(Pieces, proper_types:list(Piece), begin
        Text = iolist_to_binary(Pieces),
        lists:all(fun(Module) -> is_read_or_refused(Module, Text) end, [beamtalk_date_time, beamtalk_duration])
    end).

is_read_or_refused(Module, Text) ->
    try
        is_map(Module:'fromString:'(?CLASS, Text))
    catch
        error:#{kind := type_error} -> true
    end.

v7_follow_each_other_test() ->
    Made = [beamtalk_uuid:v7(?CLASS) || _ <- lists:seq(1, 10_000)],
    Bytes = [beamtalk_uuid:asBinary(Uuid) || Uuid <- Made],
    ?assertEqual(Bytes, lists:usort(Bytes)).

%% The days of a leap cycle, one by one, against calendar.
days_test() ->
    First = beamtalk_date_time:'fromString:'(?CLASS, <<"1896-01-01">>),
    lists:foldl(
        fun(Days, T) ->
            ?assertEqual({calendar:gregorian_days_to_date(Days), Days}, {day(T), Days}),
            beamtalk_date_time:'addDays:'(T, 1)
        end,
        First,
        lists:seq(calendar:date_to_gregorian_days(1896, 1, 1), calendar:date_to_gregorian_days(1905, 1, 1))
    ).

day(#{year := Year, month := Month, day := Day}) -> {Year, Month, Day}.

times() ->
    ?BIND(
        {Seconds, Offset},
        {proper_types:integer(-60_000_000_000, 250_000_000_000), offset()},
        beamtalk_date_time:'toOffset:'(beamtalk_date_time:from_timestamp(Seconds), Offset)
    ).

offset() ->
    proper_types:integer(-1439, 1439).

milliseconds() ->
    proper_types:oneof([proper_types:integer(), proper_types:largeint(), proper_types:integer(-(1 bsl 90), 1 bsl 90)]).

%% Every field, with something that is no digit between those without a fixed width.
pattern() ->
    proper_types:oneof([
        <<"yyyy-MM-dd HH:mm:ss">>, <<"yyyyMMddHHmmss">>, <<"s/m/H d.M.y">>, <<"é yyyy|M|dd|H|mm|s"/utf8>>
    ]).
