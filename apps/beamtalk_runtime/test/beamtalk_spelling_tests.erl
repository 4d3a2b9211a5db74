-module(beamtalk_spelling_tests).

-include_lib("eunit/include/eunit.hrl").
-include("beamtalk_property.hrl").

-import(proper_types, [list/1, range/2, resize/2]).

distance_test_() ->
    Cases = [
        {0, "", ""}, {0, "abc", "abc"}, {3, "", "abc"}, {1, "abc", "ab"}, {1, "abc", "abd"},
        {1, "abc", "acb"}, {1, "lenght", "length"}, {3, "kitten", "sitting"}, {3, "ca", "abc"},
        {2, "abcd", "badc"}
    ],
    [?_assertEqual(D, beamtalk_spelling:distance(A, B)) || {D, A, B} <- Cases].

best_test_() ->
    Cases = [
        {length, lenght, [to, length, depth]},
        {none, zork, [length, from]},
        {'at:put:', 'at:putt:', ['at:', 'at:put:']},
        {none, x, []},
        {none, length, [length]}
    ],
    [?_assertEqual(Best, beamtalk_spelling:best(Name, Names)) || {Best, Name, Names} <- Cases].

laws_test() ->
    ?assertProperty(prop_distance(), 500).

prop_distance() ->
    ?FORALL(
        {A, B},
        {word(), word()},
        begin
            D = beamtalk_spelling:distance(A, B),
            D =:= beamtalk_spelling:distance(B, A) andalso
                (D =:= 0) =:= (A =:= B) andalso
                D >= abs(length(A) - length(B)) andalso
                D =< max(length(A), length(B)) andalso
                D =:= reference(A, B)
        end
    ).

%% Short, because the reference takes exponential time.
word() -> resize(6, list(range($a, $d))).

%% The definition of optimal string alignment, without a table.
reference([], B) -> length(B);
reference(A, []) -> length(A);
reference([C | A], [C | B]) -> reference(A, B);
reference([C, D | A] = X, [D, C | B] = Y) -> min(1 + reference(A, B), edit(X, Y));
reference(A, B) -> edit(A, B).

edit([_ | A] = X, [_ | B] = Y) ->
    1 + lists:min([reference(A, Y), reference(X, B), reference(A, B)]).
