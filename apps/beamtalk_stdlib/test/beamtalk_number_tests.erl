%% @doc Primitives of the numeric classes.
-module(beamtalk_number_tests).

-include("beamtalk_stdlib_check.hrl").

-define(ARITHMETIC, {kind, type_error, <<"bad arithmetic operation">>}).

integer_test_() ->
    I = beamtalk_integer,
    check([
        {I, '+', [1, 2], 3},
        {I, '+', [1, 0.5], 1.5},
        {I, '+', [1, nil], ?ARITHMETIC},
        {I, '/', [10, 2], 5.0},
        {I, '/', [10, 0], ?ARITHMETIC},
        {I, 'div:', [-7, 3], -2},
        {I, 'div:', [1, 0], ?ARITHMETIC},
        {I, '%', [-7, 3], -1},
        {I, '%', [7, 3.0], ?ARITHMETIC},
        {I, '**', [2, 10], 1024},
        {I, '**', [0, 0], 1},
        {I, '**', [-3, 3], -27},
        {I, '**', [2, -1], 0.5},
        {I, '**', [4, 0.5], 2.0},
        {I, '**', [2, nil], ?ARITHMETIC},
        {I, '<', [1, <<"a">>], true},
        {I, 'bitShift:', [1, 70], 1 bsl 70},
        {I, 'bitShift:', [8, -2], 2},
        {I, 'bitAnd:', [6, 3], 2},
        {I, 'bitOr:', [6, 3], 7},
        {I, 'bitXor:', [6, 3], 5},
        {I, bitNot, [0], -1},
        {I, 'to:', [1, 2.5], {kind, type_error}},
        {I, 'to:by:', [1, 5, 0], {kind, argument_error}},
        {I, asFloat, [3], 3.0},
        {I, asString, [-42], <<"-42">>}
    ]).

float_test_() ->
    F = beamtalk_float,
    check([
        {F, '/', [1.0, 0], ?ARITHMETIC},
        {F, '%', [7.0, 2], ?ARITHMETIC},
        {F, '**', [2.0, 3], 8.0},
        {F, '**', [-8.0, 0.5], ?ARITHMETIC},
        {F, infinity, [class], {kind, argument_error}},
        {F, asString, [3.0], <<"3.0">>},
        {F, asString, [1.0e22], <<"1.0e22">>},
        {F, asString, [1.0e-7], <<"1.0e-7">>},
        {F, asString, [0.1], <<"0.1">>},
        {F, 'atan2:', [0.0, 1], 0.0},
        {F, 'atan2:', [0.0, nil], ?ARITHMETIC}
    ]).

number_test_() ->
    N = beamtalk_number,
    Big = 1 bsl 2000,
    check([
        {N, rounded, [3.5], 4},
        {N, rounded, [-3.5], -4},
        {N, floor, [-0.5], -1},
        {N, ceiling, [-0.5], 0},
        {N, truncated, [-2.9], -2},
        {N, 'roundTo:', [17, 5], 15},
        {N, 'roundTo:', [18, 5], 20},
        {N, 'roundTo:', [-15, 10], -20},
        {N, 'roundTo:', [Big + 1, 10], (Big + 1 + 5) div 10 * 10},
        {N, 'roundTo:', [7, 0], ?ARITHMETIC},
        {N, 'roundTo:', [1.26, 0.5], 1.5},
        {N, 'truncateTo:', [19, 5], 15},
        {N, 'truncateTo:', [-19, 5], -15},
        {N, 'truncateTo:', [1.9, 0.5], 1.5},
        {N, sqrt, [4], 2.0},
        {N, sqrt, [-1], ?ARITHMETIC},
        {N, log, [0], ?ARITHMETIC},
        {N, log2, [8], 3.0},
        {N, 'max:', [1, 2], 2},
        {N, 'max:', [1, nil], {kind, type_error}},
        {N, 'min:', [1, 2], 1}
    ]).

character_test_() ->
    C = beamtalk_character,
    check(
        [
            {C, 'value:', [class, 97], 97},
            {C, 'value:', [class, 16#D800], {kind, argument_error}},
            {C, 'value:', [class, 16#110000], {kind, argument_error}},
            {C, 'value:', [class, -1], {kind, argument_error}},
            {C, 'value:', [class, <<"a">>], {kind, type_error}},
            {C, asString, [$ü], <<"ü"/utf8>>},
            {C, printString, [$a], <<"$a">>},
            {C, printString, [$\n], <<"$\\n">>},
            {C, uppercase, [$ä], $Ä},
            {C, uppercase, [$ß], $ß},
            {C, lowercase, [$Ä], $ä},
            {C, uppercase, [-5], -5},
            {C, uppercase, [16#D800], 16#D800}
        ] ++
            [
                {C, Test, [Char], lists:member(Char, Chars)}
             || {Test, Chars} <- [
                    {isLetter, "aZäÄ中"},
                    {isDigit, "5٠"},
                    {isUppercase, "ZÄ"},
                    {isLowercase, "aä"},
                    {isWhitespace, [$\s, $\n, 16#A0, 16#2003]}
                ],
                Char <- "aZäÄ中5٠ \n$" ++ [16#A0, 16#2003, -1, 16#D800, 16#110000]
            ]
    ).

%% The remainder and the quotient belong together.
division_law_test() ->
    [
        ?assertEqual(A, beamtalk_integer:'div:'(A, B) * B + beamtalk_integer:'%'(A, B))
     || A <- lists:seq(-20, 20), B <- lists:seq(-7, 7), B =/= 0
    ].

power_law_test() ->
    [
        ?assertEqual(lists:foldl(fun(_, P) -> P * A end, 1, lists:seq(1, N)), beamtalk_integer:'**'(A, N))
     || A <- lists:seq(-5, 5), N <- lists:seq(0, 40)
    ].
