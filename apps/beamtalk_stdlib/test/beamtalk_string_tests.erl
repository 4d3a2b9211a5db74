%% @doc Primitives of String and Binary.
-module(beamtalk_string_tests).

-import(proper_types, [binary/0, integer/0, list/1, non_empty/1, oneof/1]).

-include("beamtalk_stdlib_check.hrl").

-define(FAMILY, <<"👨‍👩‍👧"/utf8>>).

string_test_() ->
    S = beamtalk_string,
    check([
        {S, size, [<<"naïve"/utf8>>], 5},
        {S, size, [?FAMILY], 1},
        {S, 'at:', [<<"über"/utf8>>, 1], <<"ü"/utf8>>},
        {S, 'at:', [<<"ab">>, 3], {kind, index_out_of_bounds, <<"'at:': index out of bounds for String">>}},
        {S, 'at:', [<<"ab">>, 0], {kind, index_out_of_bounds}},
        {S, 'at:', [<<>>, 1], {kind, empty_collection, <<"'at:': String is empty">>}},
        {S, 'at:', [<<"ab">>, a], {kind, type_error}},
        {S, first, [<<>>], {kind, empty_collection, <<"'first': String is empty">>}},
        {S, first, [?FAMILY], ?FAMILY},
        {S, last, [<<"abc">>], <<"c">>},
        {S, '++', [<<"a">>, <<"b">>], <<"ab">>},
        {S, '++', [<<"a">>, 1], {kind, argument_error, <<"invalid argument">>}},
        {S, asList, [<<"aü"/utf8>>], [<<"a">>, <<"ü"/utf8>>]},
        {S, asList, [<<>>], []},
        {S, 'take:', [<<"abc">>, 2], <<"ab">>},
        {S, 'take:', [<<"abc">>, 9], <<"abc">>},
        {S, 'take:', [<<"abc">>, -1], <<>>},
        {S, 'drop:', [<<"abc">>, 2], <<"c">>},
        {S, 'drop:', [<<"abc">>, -2], <<"abc">>},
        {S, uppercase, [<<"straße"/utf8>>], <<"STRASSE">>},
        {S, capitalize, [<<"éa"/utf8>>], <<"Éa"/utf8>>},
        {S, trim, [<<" a b \n">>], <<"a b">>},
        {S, trimLeft, [<<" a ">>], <<"a ">>},
        {S, trimRight, [<<" a ">>], <<" a">>},
        {S, reverse, [<<"aü"/utf8>>], <<"üa"/utf8>>},
        {S, 'repeat:', [<<"ab">>, 2], <<"abab">>},
        {S, 'repeat:', [<<"ab">>, -1], {kind, argument_error}},
        {S, 'repeat:', [<<"ab">>, a], {kind, type_error}},
        {S, 'padLeft:with:', [<<"7">>, 3, <<"0">>], <<"007">>},
        {S, 'padLeft:with:', [<<"7">>, 4, <<"ab">>], <<"aba7">>},
        {S, 'padLeft:with:', [<<"777">>, 2, <<"0">>], <<"777">>},
        {S, 'padLeft:with:', [<<"7">>, 2, <<>>], {kind, argument_error}},
        {S, 'padRight:with:', [<<"ü"/utf8>>, 3, <<".">>], <<"ü.."/utf8>>},
        {S, 'includesSubstring:', [<<"abc">>, <<"bc">>], true},
        {S, 'includesSubstring:', [<<"abc">>, <<>>], true},
        {S, 'startsWith:', [<<"abc">>, <<"ab">>], true},
        {S, 'endsWith:', [<<"abc">>, <<"bc">>], true},
        {S, 'endsWith:', [<<"abc">>, <<"b">>], false},
        {S, 'endsWith:', [<<"c">>, <<"bc">>], false},
        {S, 'indexOf:', [<<"üab"/utf8>>, <<"ab">>], 2},
        {S, 'indexOf:', [<<"ab">>, <<"c">>], nil},
        {S, 'split:', [<<"a,b,">>, <<",">>], [<<"a">>, <<"b">>, <<>>]},
        {S, lines, [<<"a\nb\r\n\nc\n">>], [<<"a">>, <<"b">>, <<>>, <<"c">>]},
        {S, lines, [<<>>], []},
        {S, words, [<<" a  b\n">>], [<<"a">>, <<"b">>]},
        {S, 'replaceAll:with:', [<<"aXbX">>, <<"X">>, <<"-">>], <<"a-b-">>},
        {S, 'replaceFirst:with:', [<<"aXbX">>, <<"X">>, <<"-">>], <<"a-bX">>},
        {S, 'replaceFirst:with:', [<<"a">>, 1, <<"-">>], {kind, type_error}},
        {S, isBlank, [<<" \n">>], true},
        {S, isDigit, [<<"12">>], true},
        {S, isDigit, [<<>>], false},
        {S, isAlpha, [<<"aü"/utf8>>], true},
        {S, isAlpha, [<<"a1">>], false},
        {S, asInteger, [<<"12">>], 12},
        {S, asInteger, [<<"1x">>], {kind, argument_error, <<"invalid argument">>}},
        {S, asFloat, [<<"3.5">>], 3.5},
        {S, asFloat, [<<"3">>], {kind, argument_error}},
        {S, 'withAll:', [class, [<<"a">>, <<"b">>]], <<"ab">>},
        {S, 'withAll:', [class, [1]], {kind, type_error}},
        {S, 'fromCodePoint:', [class, 252], <<"ü"/utf8>>},
        {S, 'fromCodePoints:', [class, "aü"], <<"aü"/utf8>>},
        {S, 'fromCodePoints:', [class, [16#D800]], {kind, argument_error}},
        {S, 'fromIolist:', [class, [<<"a">>, [$b | <<"c">>]]], <<"abc">>},
        {S, 'fromIolist:', [class, nil], {kind, type_error}},
        {S, urlEncoded, [<<"a b/ü"/utf8>>], <<"a%20b%2F%C3%BC">>},
        {S, urlDecoded, [<<"a%20b">>], <<"a b">>},
        {S, urlDecoded, [<<"%zz">>], {kind, parse_error}},
        {S, interpolate, [[]], <<>>},
        {S, interpolate, [[<<"a">>, {value, 1}, {value, 2.5}, {value, sym}, {value, <<"b">>}]], <<"a12.5symb">>},
        {S, interpolate, [[{value, <<255>>}]], <<"<<FF>>">>}
    ]).

binary_test_() ->
    B = beamtalk_binary,
    Ok = fun beamtalk_result:ok/1,
    check([
        {B, 'at:', [<<1, 2>>, 2], 2},
        {B, 'at:', [<<1, 2>>, 3], {kind, index_out_of_bounds}},
        {B, 'byteAt:', [<<1, 2>>, 0], 1},
        {B, 'byteAt:', [<<1, 2>>, 2], {kind, index_out_of_bounds}},
        {B, 'byteAt:', [<<1, 2>>, a], {kind, type_error}},
        {B, 'part:size:', [<<1, 2, 3>>, 1, 2], <<2, 3>>},
        {B, 'part:size:', [<<1, 2, 3>>, 2, 2], {kind, index_out_of_bounds}},
        {B, 'part:size:', [<<1>>, a, 1], {kind, type_error}},
        {B, 'part:size:', [<<1>>, 0, a], {kind, type_error}},
        {B, 'concat:', [<<1>>, <<2>>], <<1, 2>>},
        {B, 'concat:', [<<1>>, 2], {kind, type_error}},
        {B, 'fromBytes:', [class, [255]], <<255>>},
        {B, 'fromBytes:', [class, [256]], {kind, type_error}},
        {B, 'deserialize:', [class, term_to_binary({a, 1})], {a, 1}},
        {B, 'deserialize:', [class, <<"no">>], {kind, argument_error}},
        {B, 'deserializeWithUsed:', [class, <<(term_to_binary(1))/binary, 0>>], {1, 3}},
        {B, 'fromBase64:', [class, <<"aGk=">>], Ok(<<"hi">>)},
        {B, 'fromBase64Url:', [class, <<"-_8">>], Ok(<<251, 255>>)},
        {B, 'fromBase64Url:', [class, <<"-_8=">>], Ok(<<251, 255>>)},
        {B, 'fromHex:', [class, <<"fF">>], Ok(<<255>>)},
        {B, asBase64Url, [<<251, 255>>], <<"-_8">>},
        {B, asHex, [<<255, 1>>], <<"ff01">>},
        {B, asString, [<<"ü"/utf8>>], Ok(<<"ü"/utf8>>)},
        {B, printString, [<<1, 255>>], <<"<<01 FF>>">>},
        {B, 'fromBase64:', [class, nil], {kind, type_error}},
        {B, 'fromHex:', [class, nil], {kind, type_error}},
        {B, 'fromBytes:', [class, [<<"a">>]], {kind, type_error}},
        {B, 'deserialize:', [class, nil], {kind, type_error}},
        {B, 'deserialize:', [class, <<1>>], {kind, argument_error, <<"invalid argument">>}}
    ]).

malformed_text_is_a_failed_result_test_() ->
    [
        ?_assertMatch(#{isOk := false, errReason := #{kind := parse_error}}, Result)
     || Result <- [
            beamtalk_binary:'fromBase64:'(class, <<"#">>),
            beamtalk_binary:'fromBase64Url:'(class, <<"+/8=">>),
            beamtalk_binary:'fromHex:'(class, <<"f">>),
            beamtalk_binary:asString(<<"a", 255>>)
        ]
    ].

properties_test_() ->
    {timeout, 60, [
        ?_assert(proper:quickcheck(Property, [quiet, {numtests, 200}]))
     || Property <- [prop_graphemes(), prop_parts(), prop_encodings(), prop_split()]
    ]}.

prop_graphemes() ->
    ?FORALL(
        Text,
        text(),
        begin
            Graphemes = beamtalk_string:asList(Text),
            length(Graphemes) =:= string:length(Text) andalso
                iolist_to_binary(Graphemes) =:= Text andalso
                beamtalk_string:reverse(Text) =:= iolist_to_binary(lists:reverse(Graphemes)) andalso
                lists:all(
                    fun({Index, Grapheme}) -> beamtalk_string:'at:'(Text, Index) =:= Grapheme end,
                    lists:zip(lists:seq(1, length(Graphemes)), Graphemes)
                )
        end
    ).

prop_parts() ->
    ?FORALL(
        {Text, N},
        {text(), integer()},
        <<(beamtalk_string:'take:'(Text, N))/binary, (beamtalk_string:'drop:'(Text, N))/binary>> =:= Text
    ).

prop_split() ->
    ?FORALL(
        Texts,
        non_empty(list(list(oneof("abü")))),
        begin
            Parts = [unicode:characters_to_binary(Text) || Text <- Texts],
            beamtalk_string:'split:'(beamtalk_list:'join:'(Parts, <<",">>), <<",">>) =:= Parts
        end
    ).

prop_encodings() ->
    ?FORALL(
        Bytes,
        binary(),
        lists:all(
            fun({Encode, Decode}) ->
                Decode(class, Encode(Bytes)) =:= beamtalk_result:ok(Bytes)
            end,
            [
                {fun beamtalk_binary:asBase64/1, fun beamtalk_binary:'fromBase64:'/2},
                {fun beamtalk_binary:asBase64Url/1, fun beamtalk_binary:'fromBase64Url:'/2},
                {fun beamtalk_binary:asHex/1, fun beamtalk_binary:'fromHex:'/2}
            ]
        )
    ).

text() ->
    Char = oneof([$a, $b, $\s, $\r, $\n, $ü, 16#301, 16#1F468, 16#200D, $中]),
    ?BIND(Chars, list(Char), unicode:characters_to_binary(Chars)).
