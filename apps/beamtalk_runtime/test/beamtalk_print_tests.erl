-module(beamtalk_print_tests).

-include_lib("eunit/include/eunit.hrl").
-include("beamtalk_property.hrl").

-export([prop_floats_read_back/0]).

floats_test_() ->
    [
        {Text, ?_assertEqual(Text, beamtalk_print:float(binary_to_float(Text)))}
     || Text <- [
            <<"3.0">>, <<"0.1">>, <<"1000.0">>, <<"-250000.0">>, <<"100000000000000000000.0">>, <<"1.0e21">>,
            <<"1.0e22">>, <<"0.000001">>, <<"0.00012">>, <<"1.0e-7">>, <<"12300000.0">>, <<"-0.0">>,
            <<"1.7976931348623157e308">>, <<"5.0e-324">>
        ]
    ].

prop_floats_read_back() ->
    ?FORALL({Float, Power}, {proper_types:float(), proper_types:integer(-300, 300)}, begin
        Scaled = try Float * math:pow(10, Power) catch error:badarith -> Float end,
        binary_to_float(beamtalk_print:float(Scaled)) =:= Scaled
    end).

floats_read_back_test_() ->
    {timeout, 60, fun() -> ?assertProperty(prop_floats_read_back(), 2000) end}.
