-module(beamtalk_input_tests).

-include_lib("eunit/include/eunit.hrl").

complete_test_() ->
    [
        {binary_to_list(Text), ?_assert(beamtalk_input:is_complete(<<Text/binary, "\n">>))}
     || Text <- [
            <<>>,
            <<"1 + 2">>,
            <<"Integer >> #foo // => nil">>,
            <<"Integer >> #foo is: #{#a => 1}">>,
            <<"#(1, #[2, #{#a => 3}])">>,
            <<"[:x | x] value: 3">>,
            <<"\"text with ( and [ and }\"">>,
            <<"\"a quote \"\" in it\"">>,
            <<"\"{(1 + 2)} and {\"inner {3}\"}\"">>,
            <<"\"\\{ no interpolation\"">>,
            <<"$( value">>,
            <<"$\" value">>,
            <<"$\\n">>,
            <<"#'it''s ('">>,
            <<"3 // ( ignored [">>,
            <<"3 /* ( ignored */ + 4">>,
            <<"x )">>,
            <<"[1)">>,
            <<"a >> b">>,
            <<"Counter >> #increment">>,
            <<"Actor subclass: Counter\n  state: n = 0\n">>,
            <<"Integer >> double => self * 2\n">>
        ]
    ].

incomplete_test_() ->
    [
        {binary_to_list(Text), ?_assertNot(beamtalk_input:is_complete(<<Text/binary, "\n">>))}
     || Text <- [
            <<"(1 + 2">>,
            <<"[:x |">>,
            <<"#(1, 2,">>,
            <<"#{#a => 1,">>,
            <<"\"text">>,
            <<"\"{1 + ">>,
            <<"\"{1} and">>,
            <<"/* comment">>,
            <<"#'symbol">>,
            <<"[ // comment ]">>,
            <<"Actor subclass: Counter">>,
            <<"sealed Value subclass: Point\n  field: x = 0">>,
            <<"/// A point.">>,
            <<"/// A point.\n///\n/// Of a plane.">>,
            <<"/// A point.\nValue subclass: Point">>,
            <<"Collection(E) subclass: Row(E)">>,
            <<"Integer >> double => self * 2">>,
            <<"Counter class >> make: n =>">>,
            <<"Protocol define: Greets">>
        ]
    ].

continues_test_() ->
    Class = <<"Actor subclass: Counter\n  state: n = 0\n\n">>,
    [
        ?_assertEqual(Continues, beamtalk_input:continues(Text, Line))
     || {Continues, Text, Line} <- [
            {true, Class, <<"  n => self.n\n">>},
            {true, Class, <<"\tn => self.n\n">>},
            {true, <<Class/binary, "  n => self.n\n\n">>, <<"  m => 1\n">>},
            {false, Class, <<"Counter spawn\n">>},
            {false, Class, <<"   \n">>},
            {false, <<"1 + 2\n">>, <<"  3\n">>},
            {false, <<>>, <<"  3\n">>}
        ]
    ].
