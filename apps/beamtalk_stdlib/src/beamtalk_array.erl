%% @doc Arrays: persistent sequences with access and change in logarithmic time, and the primitives of
%% class Array.
%%
%% The elements are in a tree of tuples with up to 32 members, all leaves at the same depth and all
%% nodes but the last of each level full. So the size alone determines the shape, and arrays with equal
%% elements are equal terms, however they came about.
-module(beamtalk_array).

%% The structure
-export([from_list/1, to_list/1, is_array/1, size/1]).
%% Primitives, named by selector
-export([
    '<'/2, '>'/2, '<='/2, '>='/2,
    'withAll:'/2, 'at:'/2, 'at:put:'/3, first/1, last/1, 'add:'/2, 'do:'/2, 'inject:into:'/3,
    'collect:'/2, 'includes:'/2, printString/1, atRandom/1
]).

-export_type([array/0]).

-define(CLASS, 'bt@stdlib@array').
-define(BITS, 5).
-define(WIDTH, 32).

-type array() :: #{'$beamtalk_class' := ?CLASS, '$size' := non_neg_integer(), '$root' := tuple()}.

-include("beamtalk_term_order.hrl").

%% @doc The array of a list's elements.
-spec from_list([term()]) -> array().
from_list(List) ->
    Size = length(List),
    array(Size, root(level(Size, List))).

array(Size, Root) ->
    #{'$beamtalk_class' => ?CLASS, '$size' => Size, '$root' => Root}.

root([]) -> {};
root([Root]) -> Root;
root(Nodes) -> root(level(length(Nodes), Nodes)).

%% Packs members into nodes; all but the last are full.
level(0, []) ->
    [];
level(N, Members) when N =< ?WIDTH ->
    [list_to_tuple(Members)];
level(N, Members) ->
    {Full, Rest} = lists:split(?WIDTH, Members),
    [list_to_tuple(Full) | level(N - ?WIDTH, Rest)].

%% @doc The elements.
-spec to_list(array()) -> [term()].
to_list(#{'$size' := Size, '$root' := Root}) ->
    prepend(shift(Size), Root, []).

prepend(0, Leaf, Elements) ->
    tuple_to_list(Leaf) ++ Elements;
prepend(Shift, Node, Elements) ->
    lists:foldr(
        fun(Child, Acc) -> prepend(Shift - ?BITS, Child, Acc) end, Elements, tuple_to_list(Node)
    ).

%% @doc True for an array.
-spec is_array(term()) -> boolean().
is_array(#{'$beamtalk_class' := ?CLASS}) -> true;
is_array(_) -> false.

%% @doc Number of elements.
-spec size(array()) -> non_neg_integer().
size(#{'$size' := Size}) -> Size.

%% The index, from 0, is a number in base 32: the root's digit is above `shift' bits. A leaf has shift 0.
shift(Size) -> shift(Size, 0).

shift(Size, Shift) when Size =< (?WIDTH bsl Shift) -> Shift;
shift(Size, Shift) -> shift(Size, Shift + ?BITS).

digit(Index, Shift) -> ((Index bsr Shift) band (?WIDTH - 1)) + 1.

get(Index, 0, Leaf) -> element(digit(Index, 0), Leaf);
get(Index, Shift, Node) -> get(Index, Shift - ?BITS, element(digit(Index, Shift), Node)).

set(Index, 0, Leaf, Value) ->
    setelement(digit(Index, 0), Leaf, Value);
set(Index, Shift, Node, Value) ->
    Digit = digit(Index, Shift),
    setelement(Digit, Node, set(Index, Shift - ?BITS, element(Digit, Node), Value)).

append(Size, Root, Value) ->
    Shift = shift(Size),
    case shift(Size + 1) of
        Shift -> grow(Size, Shift, Root, Value);
        _ -> {Root, path(Shift, Value)}
    end.

grow(_, 0, Leaf, Value) ->
    erlang:append_element(Leaf, Value);
grow(Index, Shift, Node, Value) ->
    case digit(Index, Shift) of
        Digit when Digit > tuple_size(Node) ->
            erlang:append_element(Node, path(Shift - ?BITS, Value));
        Digit ->
            setelement(Digit, Node, grow(Index, Shift - ?BITS, element(Digit, Node), Value))
    end.

path(0, Value) -> {Value};
path(Shift, Value) -> {path(Shift - ?BITS, Value)}.

%% @doc The array of a list's elements.
-spec 'withAll:'(term(), [term()]) -> array().
'withAll:'(_Class, List) when is_list(List) -> from_list(List);
'withAll:'(Class, _) -> wrong_type('withAll:', Class).

%% @doc Element at a position.
-spec 'at:'(array(), pos_integer()) -> term().
'at:'(#{'$size' := Size, '$root' := Root}, Index) when
    is_integer(Index), Index >= 1, Index =< Size
->
    get(Index - 1, shift(Size), Root);
'at:'(Self, Index) ->
    bad_index('at:', Self, Index).

%% @doc With the element at a position replaced.
-spec 'at:put:'(array(), pos_integer(), term()) -> array().
'at:put:'(#{'$size' := Size, '$root' := Root} = Self, Index, Value) when
    is_integer(Index), Index >= 1, Index =< Size
->
    Self#{'$root' := set(Index - 1, shift(Size), Root, Value)};
'at:put:'(Self, Index, _) ->
    bad_index('at:put:', Self, Index).

-spec bad_index(atom(), array(), term()) -> no_return().
bad_index(Selector, Self, Index) when not is_integer(Index) ->
    wrong_type(Selector, Self);
bad_index('at:', #{'$size' := 0} = Self, _) ->
    beamtalk_error:raise(beamtalk_error:empty_collection('at:', Self));
bad_index(Selector, Self, _) ->
    beamtalk_error:raise(beamtalk_error:index_out_of_bounds(Selector, Self)).

%% @doc First element.
-spec first(array()) -> term().
first(#{'$size' := 0} = Self) -> beamtalk_error:raise(beamtalk_error:empty_collection(first, Self));
first(Self) -> 'at:'(Self, 1).

%% @doc Last element.
-spec last(array()) -> term().
last(#{'$size' := 0} = Self) -> beamtalk_error:raise(beamtalk_error:empty_collection(last, Self));
last(#{'$size' := Size} = Self) -> 'at:'(Self, Size).

%% @doc With one more element at the end.
-spec 'add:'(array(), term()) -> array().
'add:'(#{'$size' := Size, '$root' := Root}, Element) ->
    array(Size + 1, append(Size, Root, Element)).

%% @doc Evaluates the block with each element.
-spec 'do:'(array(), fun((term()) -> term())) -> nil.
'do:'(Self, Block) when is_function(Block) -> beamtalk_list:'do:'(to_list(Self), Block);
'do:'(Self, _) -> wrong_type('do:', Self).

%% @doc Values of the block. The tree keeps its shape.
-spec 'collect:'(array(), fun((term()) -> term())) -> array().
'collect:'(#{'$size' := Size, '$root' := Root} = Self, Block) when is_function(Block) ->
    Self#{'$root' := map(shift(Size), Root, Block)};
'collect:'(Self, _) ->
    wrong_type('collect:', Self).

map(0, Leaf, Block) ->
    list_to_tuple([Block(Element) || Element <- tuple_to_list(Leaf)]);
map(Shift, Node, Block) ->
    list_to_tuple([map(Shift - ?BITS, Child, Block) || Child <- tuple_to_list(Node)]).

%% @doc Value of the block for the last element, after the values for those before it.
-spec 'inject:into:'(array(), A, fun((A, term()) -> A)) -> A.
'inject:into:'(Self, Initial, Block) when is_function(Block) ->
    beamtalk_list:'inject:into:'(to_list(Self), Initial, Block);
'inject:into:'(Self, _, _) ->
    wrong_type('inject:into:', Self).

%% @doc True when an element equals the argument.
-spec 'includes:'(array(), term()) -> boolean().
'includes:'(Self, Element) ->
    beamtalk_collection:includes(to_list(Self), Element).

%% @doc The literal form.
-spec printString(array()) -> binary().
printString(Self) ->
    Texts = [beamtalk_print:print(Element) || Element <- to_list(Self)],
    iolist_to_binary(["#[", lists:join(", ", Texts), "]"]).

%% @doc A random element.
-spec atRandom(array()) -> term().
atRandom(Self) -> beamtalk_collection:at_random(list_to_tuple(to_list(Self)), Self).

-spec wrong_type(atom(), term()) -> no_return().
wrong_type(Selector, Self) -> beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).
