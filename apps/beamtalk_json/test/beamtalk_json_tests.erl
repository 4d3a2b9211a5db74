%% @doc JSON texts against RFC 8259: a table of texts, laws of the round trip, depth, and length.
-module(beamtalk_json_tests).

-include_lib("eunit/include/eunit.hrl").

%% The macro of proper.hrl; Debian packages that header apart from PropEr.
-define(FORALL(Pattern, Type, Property), proper:forall(Type, fun(Pattern) -> Property end)).

conformance_test_() ->
    {ok, Rows} = file:consult(filename:join(filename:dirname(?FILE), "conformance.terms")),
    ?assert(length(Rows) > 150),
    [{lists:flatten(io_lib:format("~0tp", [Row])), fun() -> conforms(Row) end} || Row <- Rows].

conforms({valid, Text, Value}) ->
    ?assertEqual({ok, Value}, beamtalk_json_decode:decode(Text)),
    ?assertEqual({ok, Value}, beamtalk_json_decode:decode(encoded(Value))),
    ?assertEqual({ok, Value}, beamtalk_json_decode:decode(pretty(Value)));
conforms({invalid, Text, Offset}) ->
    {error, Error} = beamtalk_json_decode:decode(Text),
    ?assertMatch(#{offset := Offset}, Error),
    ?assert(is_binary(unicode:characters_to_binary(beamtalk_json_decode:format_error(Error)))).

errors_tell_the_place_test_() ->
    [
        ?_assertEqual(Expected, message(Text))
     || {Text, Expected} <- [
            {<<>>, <<"unexpected end of the text at line 1, column 1">>},
            {<<"[1,\n  é]"/utf8>>, <<"unexpected é at line 2, column 3"/utf8>>},
            {<<"[\"é\", x]"/utf8>>, <<"unexpected x at line 1, column 7">>},
            {<<"[\"a\nb\"]">>, <<"unexpected control character U+000A at line 1, column 4">>},
            {<<"[\"", 255, "\"]">>, <<"invalid UTF-8 byte 16rFF at line 1, column 3">>},
            {<<"1e999">>, <<"a number that is too large at line 1, column 1">>},
            {<<"\"\\ud800\"">>, <<"unexpected \\ud800 at line 1, column 2">>}
        ]
    ].

message(Text) ->
    {error, Error} = beamtalk_json_decode:decode(Text),
    unicode:characters_to_binary(beamtalk_json_decode:format_error(Error)).

depth_costs_no_calls_test_() ->
    {timeout, 60, fun depth_costs_no_calls/0}.

depth_costs_no_calls() ->
    Depth = 100_000,
    Text = <<(binary:copy(<<"[">>, Depth))/binary, (binary:copy(<<"]">>, Depth))/binary>>,
    {ok, Value} = beamtalk_json_decode:decode(Text),
    ?assertEqual(Text, encoded(Value)),
    ?assertEqual({ok, Value}, beamtalk_json_decode:decode(pretty(Value))),
    ?assert(byte_size(pretty(Value)) < 500 * Depth),
    Members = <<(binary:copy(<<"{\"a\":">>, Depth))/binary, "1", (binary:copy(<<"}">>, Depth))/binary>>,
    {ok, Object} = beamtalk_json_decode:decode(Members),
    ?assertEqual(Members, encoded(Object)),
    ?assertMatch({error, #{offset := Depth}}, beamtalk_json_decode:decode(binary:copy(<<"[">>, Depth))).

long_numbers_are_refused_test() ->
    Digits = binary:copy(<<"7">>, 100_000),
    ?assertMatch({ok, N} when is_integer(N), beamtalk_json_decode:decode(Digits)),
    ?assertMatch({error, #{reason := number_too_large}}, beamtalk_json_decode:decode(<<Digits/binary, "7">>)).

decoded_strings_do_not_hold_the_text_test() ->
    Text = <<"[\"", (binary:copy(<<"a">>, 100))/binary, "\", \"", (binary:copy(<<"b">>, 100_000))/binary, "\"]">>,
    {ok, [Short, _]} = beamtalk_json_decode:decode(Text),
    ?assertEqual(100, binary:referenced_byte_size(Short)).

encoding_test_() ->
    [
        ?_assertEqual(Expected, encoded(Term))
     || {Term, Expected} <- [
            {nil, <<"null">>},
            {null, <<"null">>},
            {ok, <<"\"ok\"">>},
            {[], <<"[]">>},
            {#{}, <<"{}">>},
            {1.0e22, <<"1.0e22">>},
            {0.1, <<"0.1">>},
            {#{b => 1, <<"a">> => 2, 3 => [], 1.5 => #{}}, <<"{\"1.5\":{},\"3\":[],\"a\":2,\"b\":1}">>},
            {<<"é\"\\\n"/utf8, 1, 127>>, <<"\"é\\\"\\\\\\n\\u0001"/utf8, 127, "\"">>},
            {<<"\b\f\n\r\t/">>, <<"\"\\b\\f\\n\\r\\t/\"">>},
            {[1, [2.5]], <<"[1,[2.5]]">>}
        ]
    ].

pretty_test() ->
    Expected = <<"{\n  \"a\": [\n    1,\n    []\n  ],\n  \"b\": {}\n}">>,
    ?assertEqual(Expected, pretty(#{a => [1, []], b => #{}})).

not_json_test_() ->
    [
        ?_assertEqual({error, Expected}, beamtalk_json_encode:encode(Term))
     || {Term, Expected} <- [
            {[{a, 1}], {not_json, {a, 1}}},
            {[1 | 2], {not_json, [1 | 2]}},
            {#{[] => 1}, {not_a_name, []}},
            {#{#{} => 1}, {not_a_name, #{}}},
            {<<255>>, {not_utf8, <<255>>}},
            {#{<<255>> => 1}, {not_utf8, <<255>>}},
            {#{a => 1, <<"a">> => 2}, {same_name, <<"a">>}},
            {<<1:3>>, {not_json, <<1:3>>}}
        ]
    ].

round_trip_test_() ->
    {timeout, 60, fun round_trip/0}.

round_trip() ->
    Property = ?FORALL(Value, json(), begin
        {ok, Value} =:= beamtalk_json_decode:decode(encoded(Value)) andalso
            {ok, Value} =:= beamtalk_json_decode:decode(pretty(Value)) andalso
            encoded(Value) =:= encoded(element(2, beamtalk_json_decode:decode(pretty(Value))))
    end),
    ?assert(proper:quickcheck(Property, [{numtests, 150}, {max_size, 16}, quiet])).

%% Whatever the bytes, there is a value or a place in the text.
any_bytes_test_() ->
    {timeout, 60, fun any_bytes/0}.

any_bytes() ->
    Property = ?FORALL(Text, noise(), begin
        case beamtalk_json_decode:decode(Text) of
            {ok, _} -> true;
            {error, #{offset := At} = Error} ->
                _ = unicode:characters_to_binary(beamtalk_json_decode:format_error(Error)),
                At =< byte_size(Text)
        end
    end),
    ?assert(proper:quickcheck(Property, [{numtests, 500}, {max_size, 20}, quiet])).

json() ->
    proper_types:sized(fun(Size) -> json(Size) end).

json(0) ->
    proper_types:oneof([
        nil, true, false, proper_types:largeint(), proper_types:float(), text(),
        proper_types:integer(-(1 bsl 200), 1 bsl 200)
    ]);
json(Size) ->
    Smaller = fun() -> json(Size div 3) end,
    proper_types:frequency([
        {2, json(0)},
        {2, proper_types:list(Smaller())},
        {2, object(Smaller())}
    ]).

object(Values) ->
    Pairs = proper_types:list(proper_types:tuple([text(), Values])),
    proper_types:bind(Pairs, fun(P) -> proper_types:exactly(maps:from_list(P)) end, false).

text() ->
    Char = proper_types:oneof([
        proper_types:integer(0, 127), proper_types:integer(128, 16#D7FF), proper_types:integer(16#E000, 16#10FFFF)
    ]),
    proper_types:bind(
        proper_types:list(Char), fun(C) -> proper_types:exactly(unicode:characters_to_binary(C)) end, false
    ).

noise() ->
    Piece = proper_types:oneof([
        <<"[">>, <<"]">>, <<"{">>, <<"}">>, <<",">>, <<":">>, <<"\"">>, <<"\\u">>, <<"\\ud83d">>, <<"\\">>, <<"1">>,
        <<"-">>, <<"0">>, <<".5">>, <<"e9">>, <<"null">>, <<"tru">>, <<" ">>, <<"\n">>, <<"é"/utf8>>,
        proper_types:binary()
    ]),
    proper_types:bind(
        proper_types:list(Piece), fun(P) -> proper_types:exactly(iolist_to_binary(P)) end, false
    ).

encoded(Value) ->
    {ok, Text} = beamtalk_json_encode:encode(Value),
    iolist_to_binary(Text).

pretty(Value) ->
    {ok, Text} = beamtalk_json_encode:encode_pretty(Value),
    iolist_to_binary(Text).
