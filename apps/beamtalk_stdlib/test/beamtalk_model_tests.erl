%% @doc Collections and texts held against models: random sequences of messages are sent to an object and followed on a
%% list, and whatever the object tells about itself has to be what the list tells.
-module(beamtalk_model_tests).

-include_lib("eunit/include/eunit.hrl").

%% The macros of proper.hrl that the suite uses; Debian packages that header apart from PropEr.
-define(FORALL(Pattern, Type, Property), proper:forall(Type, fun(Pattern) -> Property end)).
-define(BIND(Pattern, Type, Result), proper_types:bind(Type, fun(Pattern) -> Result end, false)).

-define(TESTS, 1000).

model_test_() ->
    {setup, fun start/0, fun stop/1, [
        {timeout, 120, {atom_to_list(Name), ?_assert(proper:quickcheck(Property(), [quiet, {numtests, ?TESTS}]))}}
     || {Name, Property} <- [
            {array, fun prop_array/0},
            {set, fun prop_set/0},
            {bag, fun prop_bag/0},
            {queue, fun prop_queue/0},
            {interval, fun prop_interval/0},
            {stream, fun prop_stream/0},
            {stream_is_lazy, fun prop_stream_is_lazy/0},
            {text, fun prop_text/0},
            {text_positions, fun prop_text_positions/0},
            {text_search, fun prop_text_search/0},
            {blocks, fun prop_blocks/0}
        ]
    ]}.

start() ->
    {ok, Started} = application:ensure_all_started(beamtalk_stdlib),
    Started.

stop(Started) ->
    lists:foreach(fun application:stop/1, lists:reverse(Started)).

send(Receiver, Selector) -> send(Receiver, Selector, []).
send(Receiver, Selector, Args) -> beamtalk_dispatch:send(Receiver, Selector, Args).

class(Name) -> {'$bt_class', Name}.

%% The kind of the exception that a message raises.
kind(Receiver, Selector, Args) ->
    try send(Receiver, Selector, Args) of
        Value -> {no_exception, Value}
    catch
        Class:Reason:Stack -> maps:get(kind, beamtalk_error:from_erlang(Class, Reason, Stack))
    end.

%% Says which equation does not hold.
equal(Equations) ->
    lists:all(
        fun
            ({_, Value, Value}) ->
                true;
            ({Name, Expected, Actual}) ->
                io:format(user, "~p: expected ~tp, got ~tp~n", [Name, Expected, Actual]),
                false
        end,
        Equations
    ).

%% Follows the messages on both sides; after each the view has to hold.
follow(Object, Model, [], _, View) ->
    View(Object, Model);
follow(Object, Model, [Message | Rest], Step, View) ->
    {NextObject, NextModel} = Step(Message, Object, Model),
    View(NextObject, NextModel) andalso follow(NextObject, NextModel, Rest, Step, View).

%% Few values, so that they meet; some are loosely, but not strictly equal.
element() ->
    proper_types:oneof([1, 1.0, 2, 2.0, -0.5, a, nil, true, <<>>, <<"a">>, [1], [1.0], {1}, #{1 => 2}]).

small() -> proper_types:integer(-5, 40).

%% ---------------------------------------------------------------------------------------------------
%% Collections
%% ---------------------------------------------------------------------------------------------------

prop_array() ->
    ?FORALL(
        {Start, Messages},
        {proper_types:list(element()), proper_types:list(array_message())},
        follow(beamtalk_array:from_list(Start), Start, Messages, fun array_step/3, fun array_view/2)
    ).

array_message() ->
    proper_types:oneof([
        {add, element()},
        {grow, proper_types:integer(0, 70)},
        {put, proper_types:integer(0, 200), element()},
        {take, small()},
        {drop, small()},
        select,
        collect
    ]).

array_step({add, E}, A, L) -> {send(A, 'add:', [E]), L ++ [E]};
array_step({grow, N}, A, L) ->
    More = lists:seq(1, N),
    {lists:foldl(fun(E, Acc) -> send(Acc, 'add:', [E]) end, A, More), L ++ More};
array_step({put, _, _}, A, []) -> {A, []};
array_step({put, Seed, E}, A, L) ->
    {Before, [_ | After]} = lists:split(Seed rem length(L), L),
    {send(A, 'at:put:', [length(Before) + 1, E]), Before ++ [E | After]};
array_step({take, N}, A, L) -> {send(A, 'take:', [N]), lists:sublist(L, max(0, N))};
array_step({drop, N}, A, L) -> {send(A, 'drop:', [N]), lists:nthtail(min(max(0, N), length(L)), L)};
array_step(select, A, L) -> {send(A, 'select:', [fun is_number/1]), lists:filter(fun is_number/1, L)};
array_step(collect, A, L) -> {send(A, 'collect:', [fun wrap/1]), lists:map(fun wrap/1, L)}.

wrap(E) -> {E}.

%% That it is the same term as the array made of the list at once is what value equality rests on.
array_view(A, L) ->
    Size = length(L),
    equal([
        {canonical, beamtalk_array:from_list(L), A},
        {list, L, send(A, asList)},
        {size, Size, send(A, size)},
        {empty, L =:= [], send(A, isEmpty)},
        {elements, L, [send(A, 'at:', [I]) || I <- lists:seq(1, Size)]},
        {fold, lists:reverse(L), send(A, 'inject:into:', [[], fun(Acc, E) -> [E | Acc] end])},
        {outside, outside(L), [kind(A, 'at:', [I]) || I <- [0, Size + 1]]},
        {last, [lists:last(L) || L =/= []], [send(A, last) || L =/= []]}
    ]).

outside([]) -> [empty_collection, empty_collection];
outside(_) -> [index_out_of_bounds, index_out_of_bounds].

strict_unique(L) -> maps:keys(maps:from_keys(L, true)).

%% In an order that tells 1 from 1.0.
strictly(L) -> lists:sort([term_to_binary(E) || E <- L]).

prop_set() ->
    Message = proper_types:oneof([
        {Selector, element()} || Selector <- ['add:', 'remove:']
    ] ++ [{Selector, proper_types:list(element())} || Selector <- ['union:', 'intersection:', 'difference:']]),
    ?FORALL(
        {Start, Messages},
        {proper_types:list(element()), proper_types:list(Message)},
        follow(set(Start), strict_unique(Start), Messages, fun set_step/3, fun set_view/2)
    ).

set(L) -> send(class('bt@stdlib@set'), 'withAll:', [L]).

set_step({'add:', E}, S, L) -> {send(S, 'add:', [E]), strict_unique([E | L])};
set_step({'remove:', E}, S, L) -> {send(S, 'remove:', [E]), [X || X <- L, X =/= E]};
set_step({'union:', Other}, S, L) -> {send(S, 'union:', [set(Other)]), strict_unique(L ++ Other)};
set_step({'intersection:', Other}, S, L) -> {send(S, 'intersection:', [set(Other)]), [X || X <- L, has(X, Other)]};
set_step({'difference:', Other}, S, L) -> {send(S, 'difference:', [set(Other)]), [X || X <- L, not has(X, Other)]}.

has(X, L) -> lists:any(fun(Y) -> X =:= Y end, L).

set_view(S, L) ->
    equal([
        {canonical, set(L), S},
        {list, strictly(L), strictly(send(S, asList))},
        {size, length(L), send(S, size)},
        {member, [true || _ <- L], [send(S, 'includes:', [E]) || E <- L]},
        {stranger, false, send(S, 'includes:', [stranger])},
        {subset, true, send(S, 'isSubsetOf:', [send(S, 'add:', [stranger])])},
        {superset, false, send(send(S, 'add:', [stranger]), 'isSubsetOf:', [S])}
    ]).

prop_bag() ->
    Message = proper_types:oneof([
        {add, element()}, {remove, element()}, {'add many', element(), proper_types:integer(0, 4)}
    ]),
    ?FORALL(
        {Start, Messages},
        {proper_types:list(element()), proper_types:list(Message)},
        follow(bag(Start), Start, Messages, fun bag_step/3, fun bag_view/2)
    ).

bag(L) -> send(class('bt@stdlib@bag'), 'withAll:', [L]).

bag_step({add, E}, B, L) -> {send(B, 'add:', [E]), [E | L]};
bag_step({remove, E}, B, L) -> {send(B, 'remove:', [E]), without(E, L)};
bag_step({'add many', E, N}, B, L) -> {send(B, 'add:withCount:', [E, N]), lists:duplicate(N, E) ++ L}.

without(E, [E | Rest]) -> Rest;
without(E, [Other | Rest]) -> [Other | without(E, Rest)];
without(_, []) -> [].

bag_view(B, L) ->
    Count = fun(E) -> length([X || X <- L, X =:= E]) end,
    equal([
        {canonical, bag(L), B},
        {size, length(L), send(B, size)},
        {list, strictly(L), strictly(send(B, asList))},
        {counts, [Count(E) || E <- [stranger | L]], [send(B, 'occurrencesOf:', [E]) || E <- [stranger | L]]},
        {includes, [false | [true || _ <- L]], [send(B, 'includes:', [E]) || E <- [stranger | L]]}
    ]).

prop_queue() ->
    ?FORALL(
        Messages,
        proper_types:list(proper_types:oneof([{in, element()}, out])),
        follow(send(class('bt@stdlib@queue'), new), [], Messages, fun queue_step/3, fun queue_view/2)
    ).

queue_step({in, E}, Q, L) ->
    {send(Q, 'enqueue:', [E]), L ++ [E]};
queue_step(out, Q, []) ->
    empty_queue = kind(Q, dequeue, []),
    {Q, []};
queue_step(out, Q, [E | Rest]) ->
    {E, After} = send(Q, dequeue),
    {After, Rest}.

queue_view(Q, L) ->
    Fresh = lists:foldl(fun(E, Acc) -> send(Acc, 'enqueue:', [E]) end, send(class('bt@stdlib@queue'), new), L),
    equal([
        {list, L, send(Q, asList)},
        {size, length(L), send(Q, size)},
        {empty, L =:= [], send(Q, isEmpty)},
        {peek, peeked(L), queue_peek(Q)},
        {equals, true, send(Q, 'equals:', [Fresh])}
    ]).

peeked([]) -> empty_queue;
peeked([E | _]) -> {no_exception, E}.

queue_peek(Q) -> kind(Q, peek, []).

prop_interval() ->
    ?FORALL(
        {From, To, Step, Probe},
        {small(), small(), proper_types:oneof([-7, -2, -1, 1, 2, 3, 50]), small()},
        interval_view(send(From, 'to:by:', [To, Step]), numbers(From, To, Step), Probe)
    ).

numbers(From, To, Step) when Step > 0, From > To; Step < 0, From < To -> [];
numbers(From, To, Step) -> lists:seq(From, To, Step).

interval_view(I, L, Probe) ->
    Odd = fun(N) -> N rem 2 =/= 0 end,
    equal([
        {list, L, send(I, asList)},
        {size, length(L), send(I, size)},
        {empty, L =:= [], send(I, isEmpty)},
        {sum, lists:sum(L), send(I, sum)},
        {includes, lists:member(Probe, L), send(I, 'includes:', [Probe])},
        {collect, [{N} || N <- L], send(I, 'collect:', [fun wrap/1])},
        {select, lists:filter(Odd, L), send(I, 'select:', [Odd])},
        {reject, [N || N <- L, not Odd(N)], send(I, 'reject:', [Odd])},
        {fold, lists:reverse(L), send(I, 'inject:into:', [[], fun(Acc, E) -> [E | Acc] end])},
        {any, lists:any(Odd, L), send(I, 'anySatisfy:', [Odd])},
        {all, lists:all(Odd, L), send(I, 'allSatisfy:', [Odd])},
        {stream, L, send(send(I, stream), asList)},
        {elements, L, [send(I, 'at:', [N]) || N <- lists:seq(1, length(L))]},
        {outside, index_out_of_bounds, kind(I, 'at:', [length(L) + 1])},
        {limits, [{lists:min(L), lists:max(L), hd(L), lists:last(L)} || L =/= []],
            [{send(I, min), send(I, max), send(I, first), send(I, last)} || L =/= []]}
    ]).

%% ---------------------------------------------------------------------------------------------------
%% Streams
%% ---------------------------------------------------------------------------------------------------

stage() ->
    proper_types:oneof([{select, 2}, {select, 3}, {reject, 3}, {collect, 7}, {drop, 2}, {drop, 0}, {drop, -1}]).

prop_stream() ->
    ?FORALL(
        {Elements, Stages, N},
        {proper_types:list(proper_types:integer()), proper_types:list(stage()), small()},
        stream_view(staged(Stages, send(Elements, stream)), model_staged(Stages, Elements), N)
    ).

staged(Stages, Stream) ->
    lists:foldl(fun(Stage, S) -> send(S, selector(Stage), [argument(Stage)]) end, Stream, Stages).

model_staged(Stages, Elements) -> lists:foldl(fun model_stage/2, Elements, Stages).

selector({Stage, _}) -> list_to_existing_atom(atom_to_list(Stage) ++ ":").

argument({drop, N}) -> N;
argument({collect, N}) -> fun(E) -> E + N end;
argument({_, N}) -> fun(E) -> E rem N =:= 0 end.

model_stage({drop, N}, L) -> lists:nthtail(min(max(0, N), length(L)), L);
model_stage({collect, _} = Stage, L) -> lists:map(argument(Stage), L);
model_stage({select, _} = Stage, L) -> lists:filter(argument(Stage), L);
model_stage({reject, N}, L) -> [E || E <- L, E rem N =/= 0].

stream_view(S, L, N) ->
    Large = fun(E) -> E > 10 end,
    Fold = fun(Acc, E) -> [E | Acc] end,
    equal([
        {list, L, send(S, asList)},
        {again, L, send(S, asList)},
        {take, lists:sublist(L, max(0, N)), send(S, 'take:', [N])},
        {fold, lists:reverse(L), send(S, 'inject:into:', [[], Fold])},
        {any, lists:any(Large, L), send(S, 'anySatisfy:', [Large])},
        {all, lists:all(Large, L), send(S, 'allSatisfy:', [Large])},
        {detect, hd(lists:filter(Large, L) ++ [none]), send(S, 'detect:ifNone:', [Large, fun() -> none end])}
    ]).

%% An endless stream: as many elements are computed as the list model of its beginning needs.
prop_stream_is_lazy() ->
    ?FORALL(
        {Stages, N},
        {proper_types:list(stage()), proper_types:integer(0, 5)},
        begin
            put(computed, 0),
            Count = fun(E) -> put(computed, get(computed) + 1), E + 1 end,
            Stream = staged(Stages, send(class('bt@stdlib@stream'), 'from:by:', [0, Count])),
            Before = get(computed),
            case is_infinite(Stages) of
                false -> true;
                true ->
                    Taken = send(Stream, 'take:', [N]),
                    Beginning = lists:seq(0, max(0, get(computed))),
                    Enough = model_staged(Stages, Beginning),
                    TooFew = model_staged(Stages, lists:droplast(Beginning)),
                    equal([
                        {nothing_before, 0, Before},
                        {taken, Taken, lists:sublist(Enough, N)},
                        {no_more, N =:= 0 orelse length(TooFew) < N, true}
                    ])
            end
        end
    ).

%% Remainders and steps that exclude each other leave nothing of an endless stream.
is_infinite(Stages) -> length(model_staged(Stages, lists:seq(0, 2000))) > 10.

%% ---------------------------------------------------------------------------------------------------
%% Text
%% ---------------------------------------------------------------------------------------------------

%% Letters that combine, cases that change length, flags, families, line breaks of two characters, plain text.
text() ->
    Piece = proper_types:frequency([
        {8, proper_types:oneof(["a", "b", "X", " ", ",", "1", "ab", "Hello, world"])},
        {4, proper_types:oneof([
            [16#e9], [$e, 16#301], [16#301], [16#df], [16#130], [16#3a3], [16#1f600], [16#200d],
            [16#1f468, 16#200d, 16#1f469], [16#1f1e9], [16#1f1ea], [16#ac00, 16#11a8], [16#1112], "\r\n", "\n", "\r",
            [16#a0], [16#2003], [16#600]
        ])},
        {1, [proper_types:oneof([proper_types:integer(32, 16#d7ff), proper_types:integer(16#e000, 16#10ffff)])]}
    ]),
    proper_types:oneof([
        proper_types:non_empty(proper_types:list(proper_types:oneof(["a", "b", ",", " ", "Z"]))),
        proper_types:list(Piece)
    ]).

utf8(Chars) -> unicode:characters_to_binary(Chars).

graphemes(Text) -> [utf8([G]) || G <- string:to_graphemes(Text)].

prop_text() ->
    ?FORALL(
        Chars,
        text(),
        begin
            T = utf8(Chars),
            Mark = fun(G) -> <<G/binary, "-">> end,
            Late = fun(G) -> G > <<"b">> end,
            equal([
                {size, string:length(T), send(T, size)},
                {length, string:length(T), send(T, length)},
                {list, graphemes(T), send(T, asList)},
                {stream, graphemes(T), send(send(T, stream), asList)},
                {reverse, utf8(string:reverse(T)), send(T, reverse)},
                {uppercase, utf8(string:uppercase(T)), send(T, uppercase)},
                {lowercase, utf8(string:lowercase(T)), send(T, lowercase)},
                {capitalize, utf8(string:titlecase(T)), send(T, capitalize)},
                {trim, utf8(string:trim(T)), send(T, trim)},
                {trim_left, utf8(string:trim(T, leading)), send(T, trimLeft)},
                {trim_right, utf8(string:trim(T, trailing)), send(T, trimRight)},
                {words, [utf8(W) || W <- string:lexemes(T, unicode_util:whitespace())], send(T, words)},
                {blank, string:is_empty(string:trim(T)), send(T, isBlank)},
                {empty, T =:= <<>>, send(T, isEmpty)},
                {collect, <<<<G/binary, "-">> || G <- graphemes(T)>>, send(T, 'collect:', [Mark])},
                {select, iolist_to_binary(lists:filter(Late, graphemes(T))), send(T, 'select:', [Late])},
                {url, T, send(send(T, urlEncoded), urlDecoded)},
                {printed, T, unquoted(send(T, printString))},
                {bytes, byte_size(T), send(T, byteSize)}
            ])
        end
    ).

unquoted(Printed) ->
    Inner = binary:part(Printed, 1, byte_size(Printed) - 2),
    binary:replace(Inner, <<"\"\"">>, <<"\"">>, [global]).

prop_text_positions() ->
    ?FORALL(
        {Chars, N},
        {text(), small()},
        begin
            T = utf8(Chars),
            L = graphemes(T),
            Size = length(L),
            equal([
                {elements, L, [send(T, 'at:', [I]) || I <- lists:seq(1, Size)]},
                {outside, outside(L), [kind(T, 'at:', [I]) || I <- [0, Size + 1]]},
                {take, iolist_to_binary(lists:sublist(L, max(0, N))), send(T, 'take:', [N])},
                {drop, iolist_to_binary(lists:nthtail(min(max(0, N), Size), L)), send(T, 'drop:', [N])},
                {limits, [{hd(L), lists:last(L)} || L =/= []], [{send(T, first), send(T, last)} || L =/= []]},
                {pad, max(N, Size), padded_length(L, send(T, 'padLeft:with:', [N, <<"*">>]), send(T, 'padRight:', [N]))}
            ])
        end
    ).

%% A mark at the beginning of the text goes with the fill before it.
padded_length(L, Left, Right) ->
    Text = iolist_to_binary(L),
    Fill = byte_size(Left) - byte_size(Text),
    Fill = byte_size(Right) - byte_size(Text),
    Text = binary:part(Left, Fill, byte_size(Text)),
    Text = binary:part(Right, 0, byte_size(Text)),
    Fill + length(L).

prop_text_search() ->
    ?FORALL(
        {Chars, Separator},
        ?BIND(Text, text(), {Text, proper_types:oneof([part(Text), part(Text), [$a], [$,], [16#301], [$\n], [16#1f1e9]])}),
        begin
            T = utf8(Chars),
            S = utf8(Separator),
            Parts = [utf8(P) || P <- string:split(T, S, all)],
            equal([
                {split, Parts, send(T, 'split:', [S])},
                {replace_all, utf8(string:replace(T, S, <<"+">>, all)), send(T, 'replaceAll:with:', [S, <<"+">>])},
                {replace_first, utf8(string:replace(T, S, <<"+">>)), send(T, 'replaceFirst:with:', [S, <<"+">>])},
                {includes, S =:= <<>> orelse length(Parts) > 1, send(T, 'includesSubstring:', [S])},
                {prefix, lists:prefix(graphemes(S), graphemes(T)), send(T, 'startsWith:', [S])},
                {suffix, lists:suffix(graphemes(S), graphemes(T)), send(T, 'endsWith:', [S])},
                {index, index(S, T), send(T, 'indexOf:', [S])},
                {joined, T, send(Parts, 'join:', [S])}
            ])
        end
    ).

%% Some code points of a text, at its beginning and end as often as elsewhere. They may cut a grapheme.
part(Text) ->
    Chars = lists:flatten(Text),
    Size = length(Chars),
    ?BIND(
        {First, Count},
        {proper_types:oneof([0, proper_types:integer(0, Size)]), proper_types:oneof([1, 2, Size])},
        lists:sublist(lists:nthtail(First, Chars), Count)
    ).

index(<<>>, _) -> 1;
index(S, T) ->
    case string:split(T, S) of
        [_] -> nil;
        [Before, _] -> string:length(Before) + 1
    end.

%% ---------------------------------------------------------------------------------------------------
%% Blocks
%% ---------------------------------------------------------------------------------------------------

%% What a block of each selector is evaluated with is the same for every class that has the elements.
prop_blocks() ->
    ?FORALL(
        L,
        proper_types:list(proper_types:integer()),
        lists:all(fun(C) -> blocks_view(C, L) end, [L, beamtalk_array:from_list(L), list_to_tuple(L)])
    ).

blocks_view(C, L) ->
    Large = fun(E) -> E > 0 end,
    Step = fun(A, E) -> A * 3 + E end,
    None = fun() -> none end,
    Gaps = fun(Note) -> send(C, 'do:separatedBy:', [Note, fun() -> Note(gap) end]) end,
    equal([
        {do, L, visited(fun(Note) -> send(C, 'do:', [Note]) end)},
        {index, lists:zip(L, lists:seq(1, length(L))), visited2(fun(Note) -> send(C, 'eachWithIndex:', [Note]) end)},
        {separated, lists:join(gap, L), visited(Gaps)},
        {fold, lists:foldl(fun(E, A) -> Step(A, E) end, 1, L), send(C, 'inject:into:', [1, Step])},
        {collect, [E + 1 || E <- L], send(send(C, 'collect:', [fun(E) -> E + 1 end]), asList)},
        {select, lists:filter(Large, L), send(send(C, 'select:', [Large]), asList)},
        {reject, [E || E <- L, E =< 0], send(send(C, 'reject:', [Large]), asList)},
        {count, length(lists:filter(Large, L)), send(C, 'count:', [Large])},
        {any, lists:any(Large, L), send(C, 'anySatisfy:', [Large])},
        {all, lists:all(Large, L), send(C, 'allSatisfy:', [Large])},
        {none, not lists:any(Large, L), send(C, 'noneSatisfy:', [Large])},
        {detect, hd(lists:filter(Large, L) ++ [none]), send(C, 'detect:ifNone:', [Large, None])},
        {sum, lists:sum(L), send(C, sum)},
        {extremes, [{lists:min(L), lists:max(L)} || L =/= []], [{send(C, min), send(C, max)} || L =/= []]},
        {includes, lists:member(7, L), send(C, 'includes:', [7])}
    ]).

visited(Run) ->
    put(visited, []),
    nil = Run(fun(E) -> put(visited, [E | get(visited)]) end),
    lists:reverse(get(visited)).

visited2(Run) ->
    put(visited, []),
    nil = Run(fun(E, I) -> put(visited, [{E, I} | get(visited)]) end),
    lists:reverse(get(visited)).
