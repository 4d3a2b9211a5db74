%% @doc Primitives of class List.
%%
%% Blocks are applied in list comprehensions where the functions of `lists' would refuse a fun of the
%% wrong arity as a function_clause: so it is an arity_mismatch.
-module(beamtalk_list).

-export([
    '<'/2, '>'/2, '<='/2, '>='/2,
    size/1, isEmpty/1, first/1, rest/1, last/1, 'at:'/2, 'from:to:'/3, 'take:'/2, 'drop:'/2,
    'includes:'/2, 'indexOf:'/2, sort/1, 'sort:'/2, reversed/1, unique/1,
    'addFirst:'/2, 'add:'/2, '++'/2, flatten/1, 'zip:'/2, 'intersperse:'/2, join/1, 'join:'/2, atRandom/1,
    printString/1
]).
-export([
    'do:'/2, 'collect:'/2, 'select:'/2, 'reject:'/2, 'inject:into:'/3, 'detect:ifNone:'/3,
    'count:'/2, 'anySatisfy:'/2, 'allSatisfy:'/2, 'flatMap:'/2, 'groupBy:'/2, 'partition:'/2,
    'takeWhile:'/2, 'dropWhile:'/2, 'parallelCollect:maxConcurrency:'/3
]).
-export([filter/5, holds/3]).

-include("beamtalk_term_order.hrl").

%% @doc Number of elements.
-spec size([term()]) -> non_neg_integer().
size(Self) -> length(Self).

%% @doc True when there is no element.
-spec isEmpty([term()]) -> boolean().
isEmpty(Self) -> Self =:= [].

%% @doc First element.
-spec first([E]) -> E.
first([First | _]) -> First;
first([]) -> empty(first).

%% @doc All elements but the first; the empty list of the empty list.
-spec rest([E]) -> [E].
rest([_ | Rest]) -> Rest;
rest([]) -> [].

%% @doc Last element.
-spec last([E]) -> E.
last([]) -> empty(last);
last(Self) -> lists:last(Self).

%% @doc Element at a position.
-spec 'at:'([E], pos_integer()) -> E.
'at:'(Self, Index) when not is_integer(Index) -> wrong_type('at:', Self);
'at:'([], _) -> empty('at:');
'at:'(Self, Index) ->
    try
        lists:nth(Index, Self)
    catch
        error:function_clause -> out_of_bounds('at:', Self)
    end.

%% @doc Elements from one position to another; what is beyond the end is left out.
-spec 'from:to:'([E], pos_integer(), integer()) -> [E].
'from:to:'(Self, Start, End) when not is_integer(Start); not is_integer(End) -> wrong_type('from:to:', Self);
'from:to:'(Self, Start, _) when Start < 1 -> out_of_bounds('from:to:', Self);
'from:to:'(_, Start, End) when End < Start -> [];
'from:to:'(Self, Start, End) -> lists:sublist('drop:'(Self, Start - 1), End - Start + 1).

%% @doc The first elements, as many as there are.
-spec 'take:'([E], integer()) -> [E].
'take:'(Self, N) when is_integer(N) -> lists:sublist(Self, max(0, N));
'take:'(Self, _) -> wrong_type('take:', Self).

%% @doc The list without its first elements.
-spec 'drop:'([E], integer()) -> [E].
'drop:'(Self, N) when not is_integer(N) -> wrong_type('drop:', Self);
'drop:'([_ | Rest], N) when N > 0 -> 'drop:'(Rest, N - 1);
'drop:'(Self, _) -> Self.

%% @doc True when an element equals the argument.
-spec 'includes:'([term()], term()) -> boolean().
'includes:'(Self, Element) -> beamtalk_collection:includes(Self, Element).

%% @doc Position of the first element that equals the argument, or nil.
-spec 'indexOf:'([term()], term()) -> pos_integer() | nil.
'indexOf:'(Self, Element) -> index_of(Self, Element, 1).

index_of([], _, _) ->
    nil;
index_of([E | Rest], Element, Index) ->
    case beamtalk_collection:equals(E, Element) of
        true -> Index;
        false -> index_of(Rest, Element, Index + 1)
    end.

%% @doc Ascending in term order.
-spec sort([E]) -> [E].
sort(Self) -> lists:sort(Self).

%% @doc Ordered by a block that is true when its first argument belongs before its second. Stable for
%% a block that is true for equal elements.
-spec 'sort:'([E], fun((E, E) -> boolean())) -> [E].
'sort:'(Self, Block) when is_function(Block) ->
    lists:sort(fun(A, B) -> holds(Block(A, B), 'sort:', Self) end, Self);
'sort:'(Self, _) ->
    wrong_type('sort:', Self).

%% @doc Last element first.
-spec reversed([E]) -> [E].
reversed(Self) -> lists:reverse(Self).

%% @doc Sorted, each element once. Unlike `lists:usort/1' it keeps 1 beside 1.0.
-spec unique([E]) -> [E].
unique(Self) -> lists:sort(maps:keys(maps:from_keys(Self, true))).

%% @doc With an element in front.
-spec 'addFirst:'([E], E) -> [E].
'addFirst:'(Self, Element) -> [Element | Self].

%% @doc With an element at the end.
-spec 'add:'([E], E) -> [E].
'add:'(Self, Element) -> Self ++ [Element].

%% @doc Elements of both lists.
-spec '++'([E], [E]) -> [E].
'++'(Self, Other) when is_list(Other) ->
    Self ++ Other;
'++'(_, _) ->
    Exception = beamtalk_error:argument_error(<<"invalid argument">>, '++'),
    beamtalk_error:raise(Exception#{errorClass := 'List'}).

%% @doc Elements of the lists in the list, at any depth.
-spec flatten([term()]) -> [term()].
flatten(Self) -> lists:flatten(Self).

%% @doc Lists of two corresponding elements, as many as the shorter list has.
-spec 'zip:'([A], [B]) -> [[A | B]].
'zip:'(Self, Other) when is_list(Other) -> zip(Self, Other);
'zip:'(Self, _) -> wrong_type('zip:', Self).

zip([A | As], [B | Bs]) -> [[A, B] | zip(As, Bs)];
zip(_, _) -> [].

%% @doc With the separator between neighbors.
-spec 'intersperse:'([E], E) -> [E].
'intersperse:'(Self, Separator) -> lists:join(Separator, Self).

%% @doc The strings of the list as one.
-spec join([binary()]) -> binary().
join(Self) -> concatenated(Self, Self, join).

%% @doc The strings of the list as one, with a separator between them.
-spec 'join:'([binary()], binary()) -> binary().
'join:'(Self, Separator) when is_binary(Separator) -> concatenated(lists:join(Separator, Self), Self, 'join:');
'join:'(Self, _) -> wrong_type('join:', Self).

concatenated(Texts, Self, Selector) ->
    case lists:all(fun is_binary/1, Texts) of
        true -> iolist_to_binary(Texts);
        false -> wrong_type(Selector, Self)
    end.

%% @doc A random element.
-spec atRandom([E]) -> E.
atRandom(Self) -> beamtalk_collection:at_random(list_to_tuple(Self), Self).

%% @doc The literal form.
-spec printString([term()]) -> binary().
printString(Self) -> beamtalk_print:print(Self).

%% @doc Evaluates the block with each element.
-spec 'do:'([E], fun((E) -> term())) -> nil.
'do:'(Self, Block) when is_function(Block) ->
    _ = [Block(E) || E <- Self],
    nil;
'do:'(Self, _) ->
    wrong_type('do:', Self).

%% @doc Values of the block.
-spec 'collect:'([E], fun((E) -> R)) -> [R].
'collect:'(Self, Block) when is_function(Block) -> [Block(E) || E <- Self];
'collect:'(Self, _) -> wrong_type('collect:', Self).

%% @doc Elements for which the block is true.
-spec 'select:'([E], fun((E) -> boolean())) -> [E].
'select:'(Self, Block) -> filter(true, 'select:', Self, Block, Self).

%% @doc Elements for which the block is false.
-spec 'reject:'([E], fun((E) -> boolean())) -> [E].
'reject:'(Self, Block) -> filter(false, 'reject:', Self, Block, Self).

%% @doc Elements for which the block has the wanted answer. `Selector' and `Self' are those of the message.
-spec filter(boolean(), atom(), [E], term(), term()) -> [E].
filter(Wanted, Selector, Elements, Block, Self) when is_function(Block) ->
    [E || E <- Elements, holds(Block(E), Selector, Self) =:= Wanted];
filter(_, Selector, _, _, Self) ->
    wrong_type(Selector, Self).

%% @doc Value of the block for the last element, after the values for those before it.
-spec 'inject:into:'([E], A, fun((A, E) -> A)) -> A.
'inject:into:'(Self, Initial, Block) when is_function(Block) -> fold(Self, Block, Initial);
'inject:into:'(Self, _, _) -> wrong_type('inject:into:', Self).

%% With the accumulator as last argument this takes a third of the time that it takes in any other order.
fold([E | Rest], Block, Accumulator) -> fold(Rest, Block, Block(Accumulator, E));
fold([], _, Accumulator) -> Accumulator.

%% @doc First element for which the block is true, or the value of the other block.
-spec 'detect:ifNone:'([E], fun((E) -> boolean()), term()) -> E | term().
'detect:ifNone:'(Self, Block, None) ->
    case from_first(true, 'detect:ifNone:', Self, Block) of
        [E | _] -> E;
        [] -> beamtalk_dispatch:send(None, value, [])
    end.

%% @doc Number of elements for which the block is true.
-spec 'count:'([E], fun((E) -> boolean())) -> non_neg_integer().
'count:'(Self, Block) -> length(filter(true, 'count:', Self, Block, Self)).

%% @doc True when the block is true for some element.
-spec 'anySatisfy:'([E], fun((E) -> boolean())) -> boolean().
'anySatisfy:'(Self, Block) -> from_first(true, 'anySatisfy:', Self, Block) =/= [].

%% @doc True when the block is true for every element.
-spec 'allSatisfy:'([E], fun((E) -> boolean())) -> boolean().
'allSatisfy:'(Self, Block) -> from_first(false, 'allSatisfy:', Self, Block) =:= [].

%% @doc The rest after the leading elements for which the block is true.
-spec 'dropWhile:'([E], fun((E) -> boolean())) -> [E].
'dropWhile:'(Self, Block) -> from_first(false, 'dropWhile:', Self, Block).

%% From the first element on for which the block has the wanted answer.
from_first(Wanted, Selector, Self, Block) when is_function(Block) ->
    from_first(Self, Wanted, Block, Selector, Self);
from_first(_, Selector, Self, _) ->
    wrong_type(Selector, Self).

from_first([E | Rest] = Elements, Wanted, Block, Selector, Self) ->
    case holds(Block(E), Selector, Self) of
        Wanted -> Elements;
        _ -> from_first(Rest, Wanted, Block, Selector, Self)
    end;
from_first([], _, _, _, _) ->
    [].

%% @doc Leading elements for which the block is true.
-spec 'takeWhile:'([E], fun((E) -> boolean())) -> [E].
'takeWhile:'(Self, Block) when is_function(Block) ->
    lists:takewhile(fun(E) -> holds(Block(E), 'takeWhile:', Self) end, Self);
'takeWhile:'(Self, _) ->
    wrong_type('takeWhile:', Self).

%% @doc The lists that the block answers, as one.
-spec 'flatMap:'([E], fun((E) -> [R])) -> [R].
'flatMap:'(Self, Block) when is_function(Block) -> lists:append([list(Block(E), Self) || E <- Self]);
'flatMap:'(Self, _) -> wrong_type('flatMap:', Self).

list(Value, _) when is_list(Value) -> Value;
list(_, Self) -> wrong_type('flatMap:', Self).

%% @doc Lists of the elements for which the block has the same value.
-spec 'groupBy:'([E], fun((E) -> K)) -> #{K => [E]}.
'groupBy:'(Self, Block) when is_function(Block) -> maps:groups_from_list(fun(E) -> Block(E) end, Self);
'groupBy:'(Self, _) -> wrong_type('groupBy:', Self).

%% @doc The elements for which the block is true, and the others.
-spec 'partition:'([E], fun((E) -> boolean())) -> #{binary() => [E]}.
'partition:'(Self, Block) when is_function(Block) ->
    {Matching, Others} = lists:partition(fun(E) -> holds(Block(E), 'partition:', Self) end, Self),
    #{<<"matching">> => Matching, <<"nonMatching">> => Others};
'partition:'(Self, _) ->
    wrong_type('partition:', Self).

%% @doc Values of the block, each computed in a process of its own, so many at a time.
-spec 'parallelCollect:maxConcurrency:'([E], fun((E) -> R), pos_integer()) -> [R].
'parallelCollect:maxConcurrency:'(Self, Block, Max) when is_function(Block), is_integer(Max), Max > 0 ->
    beamtalk_tasks:map(Block, Self, Max);
'parallelCollect:maxConcurrency:'(Self, _, _) ->
    wrong_type('parallelCollect:maxConcurrency:', Self).

-compile({inline, [holds/3]}).

%% @doc Checks the answer of a block that decides. `Selector' and `Self' are those of the message that evaluated it.
-spec holds(term(), atom(), term()) -> boolean().
holds(true, _, _) -> true;
holds(false, _, _) -> false;
holds(_, Selector, Self) -> wrong_type(Selector, Self).

-spec empty(atom()) -> no_return().
empty(Selector) -> beamtalk_error:raise(beamtalk_error:empty_collection(Selector, [])).

-spec out_of_bounds(atom(), [term()]) -> no_return().
out_of_bounds(Selector, Self) ->
    beamtalk_error:raise(beamtalk_error:index_out_of_bounds(Selector, Self)).

-spec wrong_type(atom(), [term()]) -> no_return().
wrong_type(Selector, Self) -> beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).
