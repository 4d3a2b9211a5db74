%% Erlang functions whose value or exception must not depend on how they are executed. `{Text, ArgumentLists}': the
%% function is `t', others may follow it.
-module(beamtalk_eval_cases).

-export([all/0]).

all() ->
    data() ++ arithmetic() ++ clauses() ++ guards() ++ funs() ++ recursion() ++ comprehensions() ++ maps() ++
        binaries() ++ binary_patterns() ++ exceptions() ++ errors() ++ calls().

data() ->
    [
        {"t() -> 42.", [[]]},
        {"t() -> {}.", [[]]},
        {"t() -> {1, a, <<\"bin\">>, \"string\", 1.5, [], #{a => 1}}.", [[]]},
        {"t(X) -> {X}.", [[1]]},
        {"t(X) -> {X, X}.", [[a]]},
        {"t(X) -> {X, 1, X, {X, [X]}}.", [[a]]},
        {"t(X) -> [X | tail].", [[a]]},
        {"t(X) -> [X, X | X].", [[[]], [a]]},
        {"t(X) -> [1, 2, X, {X, X}, 5].", [[a]]},
        {"t(X) -> A = {X, b}, B = {A, A}, C = {B, B}, {C, A}.", [[1]]},
        {"t(A, B, C, D, E, F, G, H) -> {H, G, F, E, D, C, B, A}.", [[1, 2, 3, 4, 5, 6, 7, 8]]},
        {"t(X) -> {A, B} = X, [B, A].", [[{1, 2}], [{1}], [x]]},
        {"t(X) -> Y = X + 1, Z = Y * 2, Y2 = Z - Y, {X, Y, Z, Y2}.", [[10]]},
        {"t() -> self() =:= self().", [[]]},
        {"t(X) -> begin Y = X, Y end.", [[z]]},
        {"t() -> 'an atom with spaces'.", [[]]},
        {"t() -> 123456789012345678901234567890.", [[]]}
    ].

arithmetic() ->
    [
        {"t(A, B) -> {A + B, A - B, A * B}.", [[1, 2], [1.5, 2], [1 bsl 70, -1]]},
        {"t(A, B) -> A / B.", [[1, 2], [1, 0], [1.0, 0.0], [a, 1]]},
        {"t(A, B) -> {A div B, A rem B}.", [[17, 5], [-17, 5], [17, 0], [1.0, 2]]},
        {"t(A, B) -> {A band B, A bor B, A bxor B, bnot A, A bsl B, A bsr B}.", [[12, 10], [-1, 3], [a, 1]]},
        {"t(A, B) -> {A < B, A =< B, A > B, A >= B, A == B, A /= B, A =:= B, A =/= B}.", [
            [1, 2], [1, 1.0], [a, "a"], [{1, 2}, {1, 3}], [#{}, []]
        ]},
        {"t(A, B) -> {A and B, A or B, A xor B, not A}.", [[true, false], [true, true], [1, true], [false, x]]},
        {"t(A, B) -> A andalso B.", [[true, 7], [false, 7], [x, 7]]},
        {"t(A, B) -> A orelse B.", [[true, 7], [false, 7], [x, 7]]},
        {"t(A) -> -A + +A.", [[3], [a]]},
        {"t(A, B) -> A ++ B.", [["ab", "cd"], ["ab", x], [x, []]]},
        {"t(A, B) -> A -- B.", [["abcab", "ba"], [[1], 2]]},
        {"t(A) -> {abs(A), trunc(A), round(A), float(A)}.", [[-3], [2.5], [a]]},
        {"t(A, B) -> max(A, B) + min(A, B).", [[1, 2], [a, 2]]}
    ].

clauses() ->
    [
        {"t(1) -> one; t(2) -> two; t(_) -> many.", [[1], [2], [3], [1.0]]},
        {"t(a) -> 1; t(b) -> 2.", [[a], [b], [c]]},
        {"t(X, X) -> same; t(_, _) -> different.", [[1, 1], [1, 1.0], [a, b]]},
        {"t({ok, X}) -> X; t({error, {R, _}}) -> R; t([]) -> empty; t([H | _]) -> H.", [
            [{ok, 1}], [{error, {r, 2}}], [[]], [[9, 8]], [{error, r}]
        ]},
        {"t(X) -> case X of {A, {B, C}} = All -> [A, B, C, All]; [A, B] -> {A, B}; _ -> none end.", [
            [{1, {2, 3}}], [[1, 2]], [[1, 2, 3]], [{1, 2, 3}]
        ]},
        {"t(X) -> case X of 1.0 -> float; 1 -> integer; \"ab\" -> string; <<\"ab\">> -> binary; _ -> other end.", [
            [1], [1.0], ["ab"], [<<"ab">>], ["a"]
        ]},
        {"t(X) -> case X of yes -> 1 end.", [[yes], [no]]},
        {"t(X) -> if X > 10 -> big; X > 5 -> medium; true -> small end.", [[11], [6], [1], [a]]},
        {"t(X) -> if X =:= 1 -> one end.", [[1], [2]]},
        {"t(X) -> Y = case X of 1 -> a; _ -> b end, {Y, X}.", [[1], [2]]},
        {"t(X) -> case X of 1 -> Y = a, Z = b; _ -> Y = c, Z = d end, {Y, Z}.", [[1], [2]]},
        {"t(X, Y) -> case {X, Y} of {1, Z} -> Z; {Z, 1} -> {second, Z}; {_, _} -> none end.", [[1, 2], [2, 1], [3, 3]]},
        {"t(X, Y) -> case Y of X -> same; {X, _} -> inside; _ -> other end.", [[1, 1], [1, {1, 2}], [1, 2]]},
        {"t([A, B | C] = L) -> {A, B, C, L}; t(_) -> short.", [[[1, 2, 3]], [[1, 2]], [[1]]]},
        {"t({A, B, C, D, E}) -> [E, D, C, B, A]; t({}) -> empty.", [[{1, 2, 3, 4, 5}], [{}], [{1}]]},
        {"t(X) -> case X of \"abc\" ++ Rest -> Rest; _ -> no end.", [["abcdef"], ["ab"], [x]]}
    ].

guards() ->
    [
        {"t(X) when is_atom(X) -> atom; t(X) when is_list(X), length(X) > 1 -> long; t(_) -> other.", [
            [a], ["ab"], ["a"], [[a | b]], [{}]
        ]},
        {"t(X) when hd(X) =:= 1 -> one; t(X) when element(2, X) > 3; X =:= 7 -> two; t(_) -> none.", [
            [[1]], [[2]], [{a, 4}], [{a, 3}], [7], [{}]
        ]},
        {"t(X) when X + 1 > 3 -> yes; t(_) -> no.", [[3], [1], [a]]},
        {"t(X) when not (X > 3) -> yes; t(_) -> no.", [[3], [4], [a]]},
        {"t(X) when (X > 3) and (X < 10) -> yes; t(_) -> no.", [[5], [10]]},
        {"t(X) when X > 3 andalso X < 10 orelse X =:= a -> yes; t(_) -> no.", [[5], [10], [a], [b]]},
        {"t(X, Y) when X =:= a orelse 1 / Y > 0 -> yes; t(_, _) -> no.", [[a, 0], [b, 0], [b, 1]]},
        {"t(X, Y) when X =:= a, Y; Y =:= b -> yes; t(_, _) -> no.", [[a, true], [a, b], [a, 1], [c, true]]},
        {"t(X, Y) when (X and Y) or (1 / X > 0) -> yes; t(_, _) -> no.", [[true, true], [1, 2], [0, 0]]},
        {"t(X) when is_map_key(a, X) -> yes; t(_) -> no.", [[#{a => 1}], [#{}], [x]]},
        {"t(X) when is_function(X) -> f; t(X) when is_number(X) -> n; t(X) when is_binary(X) -> b; t(_) -> o.", [
            [1.5], [<<1>>], [{}]
        ]},
        {"t(F) -> if is_function(F, 2) -> F(1, 2); is_function(F, 1) -> F(1); true -> none end.", [[x]]},
        {"t(X) -> if X -> yes; not X -> no; true -> neither end.", [[true], [false], [x]]},
        {"t(X) when tuple_size(X) =:= 2 -> element(1, X); t(X) when map_size(X) =:= 1 -> map; t(_) -> no.", [
            [{a, b}], [{a}], [#{a => 1}], [[]]
        ]},
        {"t(X) when X =:= #{a => 1} -> yes; t(_) -> no.", [[#{a => 1}], [#{}]]},
        {"t(X) when byte_size(<<X/binary, 1>>) > 2 -> yes; t(_) -> no.", [[<<"ab">>], [<<>>], [a]]},
        {"t(X) when bit_size(X) > 2; length(X) > 2 -> yes; t(_) -> no.", [[<<"ab">>], ["abc"], [a]]}
    ].

funs() ->
    [
        {"t(X) -> F = fun(Y) -> X + Y end, F(2).", [[1], [a]]},
        {"t(X) -> F = fun() -> X end, {F(), F()}.", [[1]]},
        {"t() -> F = fun(A, B, C) -> {A, B, C} end, F(1, 2, 3).", [[]]},
        {"t() -> F = fun(1) -> one; (N) when N > 5 -> big; ({N, _}) -> N end, [F(1), F(7), F({a, b})].", [[]]},
        {"t(X) -> F = fun(1) -> one end, F(X).", [[1], [2]]},
        {"t(X) -> F = fun(A) -> fun(B) -> fun(C) -> {X, A, B, C} end end end, ((F(1))(2))(3).", [[0]]},
        {"t(N) -> F = fun Fact(0) -> 1; Fact(K) -> K * Fact(K - 1) end, F(N).", [[0], [5], [30]]},
        {"t(N) -> F = fun Loop(0, A) -> A; Loop(K, A) -> Loop(K - 1, [K | A]) end, F(N, []).", [[4]]},
        {"t(N) -> F = fun Self(0) -> Self; Self(K) -> (Self(0))(K - 1) end, is_function(F(N), 1).", [[3]]},
        {"t(X) -> F = fun h/1, F(X). h(Y) -> {h, Y}.", [[1]]},
        {"t(X) -> lists:map(fun h/1, X). h(Y) -> Y * 2.", [[[1, 2]]]},
        {"t(X) -> F = fun lists:reverse/1, F(X).", [["abc"]]},
        {"t(M, N) -> F = fun M:N/1, F([1, 2]).", [[lists, reverse], [lists, nothing]]},
        {"t(X) -> (fun(A, A) -> same; (_, _) -> other end)(X, 1).", [[1], [2]]},
        {"t() -> F = fun(A) -> A end, F(1, 2).", [[]]},
        {"t(F) -> F(1).", [[x], [{a, b}]]},
        {"t(L) -> lists:foldl(fun(X, {S, P}) -> {S + X, P * X} end, {0, 1}, L).", [[[1, 2, 3, 4]], [[]], [[a]]]},
        {"t(L) -> lists:sort(fun(A, B) -> A > B end, L).", [[[3, 1, 2]]]},
        {"t(A, B, C) -> F = fun(X) -> G = fun(Y) -> {A, B, X, Y} end, {G(C), G(X)} end, F(9).", [[1, 2, 3]]},
        {"t(X) -> F = fun(X) -> X end, G = fun(Y) -> X = Y end, {F(5), G(X)}.", [[1]]},
        {"t(X) -> F = fun(Y) -> X = Y end, F(2).", [[1], [2]]},
        {"t() -> F = fun(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T) ->"
         " [A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T] end,"
         " F(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20).", [[]]},
        {"t(X) -> is_function(fun(_, _) -> X end, 2).", [[1]]}
    ].

recursion() ->
    [
        {"t(0) -> 0; t(N) -> N + t(N - 1).", [[0], [1000], [100000]]},
        {"t(N) -> even(N). even(0) -> true; even(N) -> odd(N - 1). odd(0) -> false; odd(N) -> even(N - 1).", [
            [10], [7]
        ]},
        {"t(N) -> fib(N). fib(N) when N < 2 -> N; fib(N) -> fib(N - 1) + fib(N - 2).", [[15]]},
        {"t(L) -> rev(L, []). rev([], A) -> A; rev([H | T], A) -> rev(T, [H | A]).", [["hello"], [x], [[1 | 2]]]},
        {"t(A, B) -> ack(A, B). ack(0, N) -> N + 1; ack(M, 0) -> ack(M - 1, 1);"
         " ack(M, N) -> ack(M - 1, ack(M, N - 1)).", [[2, 3]]},
        {"t(N) -> {h(N), h(N, 1)}. h(A) -> A. h(A, B) -> {A, B}.", [[1]]},
        {"t(N) -> F = fun(G) -> h(N, G) end, F(fun(X) -> h(X, none) end). h(X, none) -> X; h(X, G) -> G(X + 1).", [
            [1]
        ]},
        {"t(L) -> perms(L). perms([]) -> [[]]; perms(L) -> [[H | T] || H <- L, T <- perms(L -- [H])].", [[[1, 2, 3]]]},
        {"t(L) -> qs(L). qs([]) -> []; qs([P | R]) -> qs([X || X <- R, X < P]) ++ [P] ++ qs([X || X <- R, X >= P]).", [
            [[3, 1, 4, 1, 5, 9, 2, 6]]
        ]}
    ].

comprehensions() ->
    [
        {"t(L) -> [X * 2 || X <- L].", [[[1, 2, 3]], [[]], [x], [[1 | 2]]]},
        {"t(L) -> [X || X <- L, X > 1, X < 4].", [[[1, 2, 3, 4]]]},
        {"t(L) -> [X || {ok, X} <- L].", [[[{ok, 1}, error, {ok, 2}]]]},
        {"t(A, B) -> [{X, Y} || X <- A, Y <- B, X =/= Y].", [[[1, 2], [1, 3]]]},
        {"t(A) -> [[Y + X || Y <- X2] || {X, X2} <- A].", [[[{1, [1, 2]}, {10, [3]}]]]},
        {"t(L, N) -> [X + N || X <- L, is_integer(X)].", [[[1, a, 2], 10]]},
        {"t(L) -> [X || X <- L, hd(X) =:= 1].", [[[[1], [2]]], [[a]]]},
        {"t(L) -> << <<(X * 2)>> || X <- L >>.", [[[1, 2, 3]], [[a]], [x]]},
        {"t(B) -> [X || <<X:4>> <= B].", [[<<16#1234:16>>], [<<>>], [x]]},
        {"t(B) -> << <<Y, X>> || <<X, Y>> <= B >>.", [[<<"abcd">>], [<<"abc">>]]},
        {"t(B) -> [X || <<1, X, _>> <= B, X > 5].", [[<<1, 9, 0, 2, 9, 0, 1, 3, 0, 1, 7, 1>>]]},
        {"t(L) -> [F(1) || F <- [fun(X) -> X + Y end || Y <- L]].", [[[10, 20]]]}
    ].

maps() ->
    [
        {"t(X) -> #{a => X, b => 2}.", [[1]]},
        {"t(K, V) -> #{K => V, {K} => V}.", [[a, 1], [1.0, x]]},
        {"t(M) -> M#{a => 1, b => 2}.", [[#{}], [#{a => 0, c => 3}], [x]]},
        {"t(M) -> M#{a := 1}.", [[#{a => 0}], [#{}], [x]]},
        {"t(M, K) -> M#{K := 1, new => 2}.", [[#{a => 0}, a], [#{}, a]]},
        {"t(#{a := X}) -> X; t(#{}) -> none; t(_) -> nomap.", [[#{a => 1}], [#{b => 1}], [x]]},
        {"t(#{a := X, b := {Y, _}} = M) -> {X, Y, maps:size(M)}; t(_) -> no.", [[#{a => 1, b => {2, 3}}], [#{a => 1}]]},
        {"t(M, K) -> case M of #{K := V} -> V; _ -> none end.", [[#{a => 1}, a], [#{1 => x}, 1.0], [#{}, a]]},
        {"t(M, K) -> case M of #{{K, 1} := V, \"s\" := W} -> {V, W}; _ -> none end.", [
            [#{{a, 1} => 1, "s" => 2}, a], [#{}, a]
        ]},
        {"t(M) -> #{a := #{b := #{c := X}}} = M, X.", [[#{a => #{b => #{c => 1}}}], [#{a => #{}}]]},
        {"t(M) -> maps:map(fun(_, V) -> V + 1 end, M).", [[#{a => 1, b => 2}]]},
        {"t(N) -> maps:size(maps:from_list([{X, X} || X <- lists:seq(1, N)])).", [[40]]},
        {"t(X) -> #{X => a, X => b}.", [[1]]},
        {"t(X) -> case X of #{a := 1.0} -> f; #{a := 1} -> i; #{a := #{}} -> m; _ -> o end.", [
            [#{a => 1}], [#{a => 1.0}], [#{a => #{b => 1}}], [#{}]
        ]}
    ].

binaries() ->
    [
        {"t(X) -> <<X>>.", [[1], [257], [-1], [a], [1.0]]},
        {"t(X, S) -> <<X:S>>.", [[5, 3], [5, 0], [5, -1], [5, a]]},
        {"t(X) -> <<X:16/little, X:16/big, X:16/native>>.", [[258]]},
        {"t(X) -> <<X:4/unit:8, X:2/unit:3>>.", [[1234]]},
        {"t(X) -> {<<X/float>>, <<X:32/float>>, <<X/float-little>>}.", [[1.5], [2], [a]]},
        {"t(X) -> <<X:13/float>>.", [[1.5]]},
        {"t(B) -> <<1, B/binary, 2>>.", [[<<"ab">>], [<<1:3>>], [a]]},
        {"t(B) -> <<1:1, B/bitstring>>.", [[<<1:3>>], [<<"a">>], ["a"]]},
        {"t(B, N) -> <<B:N/binary, 0>>.", [[<<"abc">>, 2], [<<"abc">>, 4], [<<"abc">>, -1]]},
        {"t(B, N) -> <<B:N/bitstring>>.", [[<<"abc">>, 5], [<<>>, 1]]},
        {"t(X) -> <<X/utf8, X/utf16, X/utf32>>.", [[$a], [16#20ac], [16#d800], [a]]},
        {"t(X) -> <<X/utf16-little, X/utf32-little>>.", [[16#1f600]]},
        {"t() -> <<\"abc\"/utf8, \"\\x{20ac}\"/utf8, 1:2>>.", [[]]},
        {"t(X) -> <<\"head:\", X/binary, \":tail\">>.", [[<<"x">>]]},
        {"t() -> <<\"ab\":16>>.", [[]]}
    ].

binary_patterns() ->
    [
        {"t(<<A, B, Rest/binary>>) -> {A, B, Rest}; t(<<A>>) -> A; t(_) -> no.", [
            [<<1, 2, 3>>], [<<1>>], [<<1:4>>], [a]
        ]},
        {"t(<<A:4, B:12/little, C/bitstring>>) -> {A, B, C}; t(_) -> no.", [[<<16#12345:20>>], [<<1>>]]},
        {"t(<<A:8/signed, B:16/signed-little>>) -> {A, B}; t(_) -> no.", [[<<255, 254, 255>>], [<<1, 2, 3>>]]},
        {"t(<<N, B:N/binary, R/binary>>) -> {N, B, R}; t(_) -> no.", [[<<2, "abc">>], [<<4, "abc">>], [<<0>>]]},
        {"t(<<N, B:(N * 2 - 1)/binary, _/binary>>) -> B; t(_) -> no.", [[<<2, "abcd">>], [<<0, "abcd">>]]},
        {"t(B, N) -> case B of <<X:N, _/bitstring>> -> X; _ -> no end.", [
            [<<"a">>, 3], [<<"a">>, 9], [<<"a">>, x], [<<"a">>, -1]
        ]},
        {"t(<<F/float, G:32/float-little>>) -> {F, G}; t(_) -> no.", [
            [<<1.5/float, 2.5:32/float-little>>], [<<-1:96>>]
        ]},
        {"t(<<1.0:32/float>>) -> one; t(<<2:32/float>>) -> two; t(_) -> no.", [[<<1.0:32/float>>], [<<2.0:32/float>>]]},
        {"t(<<C/utf8, R/binary>>) -> {C, R}; t(_) -> no.", [[<<"é!"/utf8>>], [<<255>>], [<<>>]]},
        {"t(<<C/utf16, D/utf32-little>>) -> {C, D}; t(_) -> no.", [[<<$a/utf16, $b/utf32-little>>], [<<1>>]]},
        {"t(<<C/utf16-little, D/utf32>>) -> {C, D}; t(_) -> no.", [[<<16#1f600/utf16-little, $b/utf32>>], [<<1>>]]},
        {"t(<<\"GET \", Path/binary>>) -> Path; t(<<\"ab\"/utf8, 1:4, X:4>>) -> X; t(_) -> no.", [
            [<<"GET /">>], [<<"ab", 16#1f>>], [<<"PUT">>]
        ]},
        {"t(<<X:2/binary-unit:4, _/bitstring>>) -> X; t(_) -> no.", [[<<"abc">>], [<<1:7>>]]},
        {"t(<<_, B/binary>>) -> B; t(_) -> no.", [[<<"abc">>], [<<"abc", 1:1>>]]},
        {"t(<<A, A>>) -> same; t(<<_, _>>) -> other; t(_) -> no.", [[<<1, 1>>], [<<1, 2>>], [<<>>]]},
        {"t(B, X) -> case B of <<X, R/binary>> -> R; _ -> no end.", [[<<"ab">>, $a], [<<"ab">>, $b]]},
        {"t(B) -> count(B, 0). count(<<>>, N) -> N; count(<<$a, R/binary>>, N) -> count(R, N + 1);"
         " count(<<_, R/binary>>, N) -> count(R, N).", [[<<"banana">>]]},
        {"t(B) -> <<Size:16, Body:Size/binary>> = B, Body.", [[<<0, 2, "ab">>], [<<0, 3, "ab">>]]},
        {"t(<<A:16/native, B:8/signed-native>>) -> {A, B}.", [[<<1, 2, 3>>]]}
    ].

exceptions() ->
    [
        {"t(F) -> try h(F) of {ok, V} -> V; V -> {other, V} catch throw:X -> {thrown, X}; error:E -> {error, E};"
         " exit:R -> {exit, R} end."
         " h(1) -> {ok, 1}; h(2) -> throw(ball); h(3) -> error(oops); h(4) -> exit(bye); h(5) -> 1 / zero(); h(X) -> X."
         " zero() -> 0.", [[1], [2], [3], [4], [5], [6]]},
        {"t(X) -> try X + 1 catch error:badarith -> bad end.", [[1], [a]]},
        {"t(X) -> try throw(X) catch {a, Y} -> Y; b -> bee end.", [[{a, 1}], [b], [c]]},
        {"t(X) -> try throw(X) of _ -> no catch Y when Y > 3 -> big; Y when Y < 0 -> small end.", [[4], [-1], [2]]},
        {"t(X) -> put(after_ran, no), R = (try h(X) after put(after_ran, yes) end), {R, erase(after_ran)}."
         " h(1) -> one; h(2) -> two.", [[1], [2]]},
        {"t(X) -> try try h(X) after throw(from_after) end catch C:R -> {C, R} end. h(1) -> one; h(_) -> error(x).", [
            [1], [2]
        ]},
        {"t(X) -> try h(X) catch C:R:S -> {C, R, is_list(S)} end. h(1) -> one; h(_) -> error(x).", [[1], [2]]},
        {"t(X) -> try h(X) catch C:R:S -> erlang:raise(C, {again, R}, S) end. h(1) -> one; h(_) -> exit(x).", [
            [1], [2]
        ]},
        {"t(X) -> try h(X) catch error:a -> caught; exit:_ -> exited end. h(X) -> error(X).", [[a], [b]]},
        {"t(X) -> try X of 1 -> one catch _:_ -> caught end.", [[1], [2]]},
        {"t(X) -> try h(X) of 1 -> error(in_body) catch error:_ -> caught end. h(X) -> X.", [[1]]},
        {"t(X) -> catch h(X). h(1) -> one; h(X) -> throw(X).", [[1], [2]]},
        {"t(X) -> case catch h(X) of {'EXIT', {R, S}} when is_list(S) -> R; {'EXIT', R} -> {exit, R}; V -> V end."
         " h(1) -> one; h(2) -> exit(bye); h(X) -> X + a.", [[1], [2], [3]]},
        {"t(X) -> try A = h(X), B = h(A), {A, B} catch throw:Y -> {X, Y} end. h(0) -> throw(zero); h(X) -> X - 1.", [
            [5], [1], [0]
        ]},
        {"t(X) -> F = fun() -> throw({from_fun, X}) end, try F() catch throw:Y -> Y end.", [[1]]},
        {"t(L) -> try lists:foreach(fun(3) -> throw(found); (_) -> ok end, L), none catch found -> yes end.", [
            [[1, 2]], [[1, 3]]
        ]},
        {"t(X) -> try X() catch error:{badfun, Y} -> {notfun, Y}; error:undef -> undefined end.", [[1]]},
        {"t() -> try error(a) catch error:a -> try error(b) catch error:b -> both end end.", [[]]},
        {"t(X) -> try if X -> throw(a); true -> b end catch throw:a -> c after ok end.", [[true], [false]]},
        {"t(N) -> try loop(N) catch throw:done -> done end. loop(0) -> throw(done); loop(N) -> loop(N - 1).", [[1000]]},
        {"t(X) -> try {ok, h(X)} catch throw:_ -> no after self() ! x, receive_nothing end. h(X) -> X.", [[1]]},
        {"t(X, Y) -> try X / Y of Z when Z > 1 -> big; _ -> small catch error:R when R =:= badarith -> bad end.", [
            [4, 2], [1, 2], [1, 0]
        ]}
    ].

errors() ->
    [
        {"t() -> throw(ball).", [[]]},
        {"t() -> exit(reason).", [[]]},
        {"t() -> error({tuple, reason}).", [[]]},
        {"t(X) -> error(X, [X]).", [[1]]},
        {"t(X) -> X = 1, ok.", [[1], [2]]},
        {"t(X) -> {ok, Y} = X, Y.", [[{ok, 1}], [error]]},
        {"t(X) -> [Y | _] = X, Y.", [[[1]], [[]]]},
        {"t(X) -> hd(X).", [[[1]], [[]]]},
        {"t(X) -> element(3, X).", [[{1, 2, 3}], [{1}]]},
        {"t(X) -> atom_to_list(X).", [[a], [1]]},
        {"t(X) -> lists:nth(X, [a]).", [[1], [2]]},
        {"t(X) -> case X of {function_clause, Y} -> Y end.", [[{function_clause, 1}], [{function_clause}]]},
        {"t(X) -> nomodule_at_all:f(X).", [[1]]},
        {"t(X) -> lists:no_function(X).", [[1]]},
        {"t(X) -> (fun({Y}) -> Y end)(X).", [[{1}], [1]]},
        {"t(X) -> not X.", [[true], [1]]},
        {"t(X) -> [a | X] -- X.", [[[a]], [a]]},
        {"t(X) -> binary_to_atom(X).", [[<<"ok">>], [1]]},
        {"t(X) -> erlang:raise(error, X, []).", [[a]]},
        {"t(X) -> erlang:raise(nonsense, X, []).", [[a]]}
    ].

calls() ->
    [
        {"t(M, F) -> M:F([c, a, b]).", [[lists, sort], [lists, max], [x, y], [1, y], [lists, 2]]},
        {"t(M) -> M:reverse([1, 2], [3]).", [[lists]]},
        {"t(F) -> lists:F(1, 3).", [[seq]]},
        {"t(A) -> apply(lists, seq, A).", [[[1, 3]], [[1]], [x]]},
        {"t(A) -> apply(fun(X, Y) -> X - Y end, A).", [[[5, 3]], [[1]]]},
        {"t(A, B, C, D) -> string:replace(A, B, C, D).", [["aXbXc", "X", "-", all]]},
        {"t(X) -> erlang:apply(erlang, '+', [X, 1]).", [[1], [a]]},
        {"t(A) -> h(A, A, A, A). h(A, B, C, D) -> {A, B, C, D}.", [[1]]},
        {"t() -> h(). h() -> zero.", [[]]},
        {"t(A) -> h(A, h(A, A, 3), h(h(1, 2, 3), A, A)). h(A, B, C) -> {A, B, C}.", [[1]]},
        {"t(P) -> put(P, 1), X = get(P), erase(P), {X, get(P)}.", [[key]]}
    ].
