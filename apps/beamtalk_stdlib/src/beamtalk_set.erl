%% @doc Primitives of class Set. The members are the keys of a map, whose comparison of keys is the
%% strict equality of the language.
-module(beamtalk_set).

-export([from_list/1]).
-export([
    'withAll:'/2, size/1, 'includes:'/2, 'add:'/2, 'remove:'/2, 'union:'/2, 'intersection:'/2,
    'difference:'/2, 'isSubsetOf:'/2, 'do:'/2, asList/1, printString/1
]).

-export_type([set/0]).

-define(CLASS, 'bt@stdlib@set').

-type set() :: #{'$beamtalk_class' := ?CLASS, elements := #{term() => true}}.

%% @doc The set of a list's elements.
-spec from_list([term()]) -> set().
from_list(List) ->
    #{'$beamtalk_class' => ?CLASS, elements => maps:from_keys(List, true)}.

%% @doc The set of a list's elements.
-spec 'withAll:'(term(), [term()]) -> set().
'withAll:'(_Class, List) when is_list(List) -> from_list(List);
'withAll:'(Class, _) -> wrong_type('withAll:', Class).

%% @doc Number of elements.
-spec size(set()) -> non_neg_integer().
size(#{elements := Elements}) -> map_size(Elements).

%% @doc True when the argument is an element.
-spec 'includes:'(set(), term()) -> boolean().
'includes:'(#{elements := Elements}, Element) -> is_map_key(Element, Elements).

%% @doc With an element.
-spec 'add:'(set(), term()) -> set().
'add:'(#{elements := Elements} = Self, Element) -> Self#{elements := Elements#{Element => true}}.

%% @doc Without an element.
-spec 'remove:'(set(), term()) -> set().
'remove:'(#{elements := Elements} = Self, Element) ->
    Self#{elements := maps:remove(Element, Elements)}.

%% @doc Elements of either set.
-spec 'union:'(set(), set()) -> set().
'union:'(#{elements := A} = Self, #{'$beamtalk_class' := ?CLASS, elements := B}) ->
    Self#{elements := maps:merge(A, B)};
'union:'(Self, _) ->
    wrong_type('union:', Self).

%% @doc Elements of both sets.
-spec 'intersection:'(set(), set()) -> set().
'intersection:'(#{elements := A} = Self, #{'$beamtalk_class' := ?CLASS, elements := B}) ->
    Self#{elements := maps:intersect(A, B)};
'intersection:'(Self, _) ->
    wrong_type('intersection:', Self).

%% @doc Elements of the receiver that are not in the argument.
-spec 'difference:'(set(), set()) -> set().
'difference:'(#{elements := A} = Self, #{'$beamtalk_class' := ?CLASS, elements := B}) ->
    Self#{elements := maps:without(maps:keys(B), A)};
'difference:'(Self, _) ->
    wrong_type('difference:', Self).

%% @doc True when every element is in the argument.
-spec 'isSubsetOf:'(set(), set()) -> boolean().
'isSubsetOf:'(#{elements := A}, #{'$beamtalk_class' := ?CLASS, elements := B}) ->
    map_size(A) =< map_size(B) andalso map_size(maps:intersect(A, B)) =:= map_size(A);
'isSubsetOf:'(Self, _) ->
    wrong_type('isSubsetOf:', Self).

%% @doc Evaluates the block with each element.
-spec 'do:'(set(), fun((term()) -> term())) -> nil.
'do:'(Self, Block) -> beamtalk_collection:do(Self, Block).

%% @doc The elements in term order.
-spec asList(set()) -> [term()].
asList(#{elements := Elements}) -> lists:sort(maps:keys(Elements)).

%% @doc The elements after the word `Set'.
-spec printString(set()) -> binary().
printString(Self) ->
    Texts = [beamtalk_print:print(Element) || Element <- asList(Self)],
    iolist_to_binary(["Set(", lists:join(", ", Texts), ")"]).

-spec wrong_type(atom(), term()) -> no_return().
wrong_type(Selector, Self) -> beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).
