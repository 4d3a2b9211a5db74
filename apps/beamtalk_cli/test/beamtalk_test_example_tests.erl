-module(beamtalk_test_example_tests).

-include_lib("eunit/include/eunit.hrl").

%% Title, script, and the examples in it: line, source, expectation.
scripts_test_() ->
    [
        {Title, ?_assertEqual(Expected, shown(beamtalk_test_example:in_script(Script)))}
     || {Title, Script, Expected} <- [
            {"nothing", <<"">>, []},
            {"comments", <<"// a\n\n/// b\n">>, []},
            {"one line", <<"1 // => 1">>, [{1, <<"1 // => 1\n">>, <<"1">>}]},
            {"no expectation", <<"x := 1\n">>, [{1, <<"x := 1\n">>, none}]},
            {"an expectation below", <<"x\n// => 1\n">>, [{2, <<"x\n">>, <<"1">>}]},
            {"an expectation below one that has one", <<"x // => 1\n// => 2\n">>, [{1, <<"x // => 1\n">>, <<"1">>}]},
            {"an expectation of nothing", <<"// => 1\nx">>, [{2, <<"x\n">>, none}]},
            {"open brackets", <<"#(1,\n2) // => y\nz">>, [{2, <<"#(1,\n2) // => y\n">>, <<"y">>}, {3, <<"z\n">>, none}]},
            {"indented lines", <<"a\n  b: 1\n  c: 2 // => 3\nd">>, [{3, <<"a\n  b: 1\n  c: 2 // => 3\n">>, <<"3">>}, {4, <<"d\n">>, none}]},
            {"a class", <<"Value subclass: A\n  b => 1\n\nA new b // => 1">>, [
                {2, <<"Value subclass: A\n  b => 1\n\n">>, none}, {4, <<"A new b // => 1\n">>, <<"1">>}
            ]},
            {"line ends of other systems", <<"a // => 1\r\nb\r\n">>, [{1, <<"a // => 1\n">>, <<"1">>}, {2, <<"b\n">>, none}]},
            {"a mark in a string", <<"\"// => 1\" // => _">>, [{1, <<"\"// => 1\" // => _\n">>, <<"_">>}]},
            {"empty expectation", <<"\"\" // =>">>, [{1, <<"\"\" // =>\n">>, <<>>}]},
            {"an open bracket to the end", <<"(1\n2">>, [{2, <<"(1\n2\n">>, none}]}
        ]
    ].

documentation_test_() ->
    [
        {Title, ?_assertEqual(Expected, shown(beamtalk_test_example:in_documentation(#{line => 10, text => Text})))}
     || {Title, Text, Expected} <- [
            {"prose", <<"Answers 3.\nx => 3">>, []},
            {"a line", <<"Such as:\n  1 + 2 // => 3">>, [{11, <<"  1 + 2 // => 3\n">>, <<"3">>}]},
            {"a block", <<"A.\n```beamtalk\nx := 1\nx // => 1\n```\nB.">>, [
                {12, <<"x := 1\n">>, none}, {13, <<"x // => 1\n">>, <<"1">>}
            ]},
            {"a block of another language", <<"```erlang\nX // => 1\n```\ny // => 2">>, [{13, <<"y // => 2\n">>, <<"2">>}]},
            {"a block that is not closed", <<"```bt\nx // => 1">>, [{11, <<"x // => 1\n">>, <<"1">>}]}
        ]
    ].

shown(Examples) -> [{Line, Source, Expected} || #{line := Line, source := Source, expected := Expected} <- Examples].

%% Expectation, outcome, and whether it holds.
expectations_test_() ->
    Value = fun(Printed) -> {value, [Printed, <<"displayed">>]} end,
    Raised = {raised, <<"type_error">>, <<"bad arithmetic operation">>},
    [
        {lists:flatten(io_lib:format("~tp ~tp", [Expected, Outcome])),
            ?_assertEqual(Holds, ok =:= beamtalk_test_example:check(Expected, Outcome, fun(Text) -> Text =:= <<"equal">> end))}
     || {Expected, Outcome, Holds} <- [
            {none, Value(<<"1">>), true},
            {none, Raised, false},
            {<<"1">>, Value(<<"1">>), true},
            {<<"1">>, Value(<<"12">>), false},
            {<<"1">>, Value(<<"1\n">>), false},
            {<<"displayed">>, Value(<<"1">>), true},
            {<<"equal">>, Value(<<"1">>), true},
            {<<"_">>, Value(<<"any\nthing">>), true},
            {<<"Actor(Tally, _)">>, Value(<<"Actor(Tally, 0.1.0)">>), true},
            {<<"Actor(Tally, _)">>, Value(<<"Actor(Other, 0.1.0)">>), false},
            {<<"a_b">>, Value(<<"aXb">>), false},
            {<<"_ and _">>, Value(<<"a and b">>), true},
            {<<"(.*)">>, Value(<<"x">>), false},
            {<<"a\\Eb">>, Value(<<"a\\Eb">>), true},
            {<<"naïve _"/utf8>>, Value(<<"naïve ü"/utf8>>), true},
            {<<>>, Value(<<>>), true},
            {<<"1">>, Raised, false},
            {<<"_">>, Raised, false},
            {<<"ERROR: type_error">>, Raised, true},
            {<<"ERROR:type_error">>, Raised, true},
            {<<"ERROR: type_error: bad _">>, Raised, true},
            {<<"ERROR: type">>, Raised, false},
            {<<"ERROR: _">>, Raised, true},
            {<<"ERROR: type_error">>, Value(<<"type_error">>), false}
        ]
    ].
