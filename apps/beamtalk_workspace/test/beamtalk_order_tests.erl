-module(beamtalk_order_tests).

-include_lib("eunit/include/eunit.hrl").

levels_test_() ->
    [
        {Name, ?_assertEqual(Expected, beamtalk_order:levels(Items))}
     || {Name, Items, Expected} <- [
            {"nothing", [], {ok, []}},
            {"a superclass elsewhere", [item(a, 'Object')], {ok, [[a]]}},
            {"the root class", [{<<"a">>, undefined, a}], {ok, [[a]]}},
            {"a chain, given backwards", [item(c, b), item(b, a), item(a, x)], {ok, [[a], [b], [c]]}},
            {"siblings keep their order", [item(c, a), item(b, a), item(a, x)], {ok, [[a], [c, b]]}},
            {"a cycle", [item(a, b), item(b, a), item(c, x)], {error, {cycle, [<<"a">>, <<"b">>]}}},
            {"itself", [item(a, a)], {error, {cycle, [<<"a">>]}}},
            {"twice", [item(a, x), item(a, y)], {error, {duplicate, <<"a">>, [a, a]}}}
        ]
    ].

every_class_follows_its_superclass_test_() ->
    {timeout, 60, ?_assert(proper:quickcheck(prop_superclass_first(), [{numtests, 300}, quiet]))}.

prop_superclass_first() ->
    proper:forall(parents(), fun superclass_first/1).

superclass_first(Parents) ->
    {ok, Levels} = beamtalk_order:levels([{name(N), name(P), N} || {N, P} <- Parents]),
    Numbered = lists:zip(lists:seq(1, length(Levels)), Levels),
    Level = maps:from_list([{N, L} || {L, Group} <- Numbered, N <- Group]),
    map_size(Level) =:= length(Parents) andalso
        lists:all(fun({N, P}) -> maps:get(P, Level, 0) < maps:get(N, Level) end, Parents).

%% A forest, as pairs of a node and its parent: the parent is a smaller number, 0 is outside. In any order.
parents() ->
    Seeds = proper_types:list({proper_types:integer(0, 1000), proper_types:integer()}),
    proper_types:bind(Seeds, fun forest/1, false).

forest(Seeds) ->
    Numbered = lists:zip(lists:seq(1, length(Seeds)), Seeds),
    Keyed = [{Key, {N, Seed rem N}} || {N, {Seed, Key}} <- Numbered],
    [Node || {_, Node} <- lists:keysort(1, Keyed)].

item(Class, Super) -> {atom_to_binary(Class), atom_to_binary(Super), Class}.

name(N) -> integer_to_binary(N).
