%% @doc Primitives of class Collection, and what the primitives of several collections need.
-module(beamtalk_collection).

-export(['errorEmptyCollection:'/2, 'errorNotFound:'/2, 'errorType:'/2, max/1, min/1]).
-export(['select:'/2, 'reject:'/2]).
-export([do/2, to_list/1, equals/2, includes/2, at_random/2]).

%% Sent so that max, min and average speak of a Collection, whichever class the empty one is of.
-define(COLLECTION, #{'$beamtalk_class' => 'bt@stdlib@collection'}).

%% @doc Raises empty_collection. The accessors that any collection has name the class Collection.
-spec 'errorEmptyCollection:'(term(), atom()) -> no_return().
'errorEmptyCollection:'(_, Selector) when Selector =:= max; Selector =:= min; Selector =:= average ->
    beamtalk_error:raise(beamtalk_error:empty_collection(Selector, ?COLLECTION));
'errorEmptyCollection:'(Self, Selector) ->
    beamtalk_error:raise(beamtalk_error:empty_collection(Selector, Self)).

%% @doc Raises not_found.
-spec 'errorNotFound:'(term(), atom()) -> no_return().
'errorNotFound:'(Self, Selector) ->
    beamtalk_error:raise(beamtalk_error:not_found(Selector, Self)).

%% @doc Raises type_error.
-spec 'errorType:'(term(), atom()) -> no_return().
'errorType:'(Self, Selector) ->
    beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).

%% @doc Last element in term order.
-spec max(term()) -> term().
max(Self) ->
    extreme(max, fun lists:max/1, Self).

%% @doc First element in term order.
-spec min(term()) -> term().
min(Self) ->
    extreme(min, fun lists:min/1, Self).

extreme(Selector, Choose, Self) ->
    case to_list(Self) of
        [] -> 'errorEmptyCollection:'(Self, Selector);
        Elements -> Choose(Elements)
    end.

%% @doc Elements for which the block is true, in a collection of the receiver's species.
-spec 'select:'(term(), term()) -> term().
'select:'(Self, Block) -> filtered(true, 'select:', Self, Block).

%% @doc Elements for which the block is false, in a collection of the receiver's species.
-spec 'reject:'(term(), term()) -> term().
'reject:'(Self, Block) -> filtered(false, 'reject:', Self, Block).

filtered(Wanted, Selector, Self, Block) ->
    Elements = beamtalk_list:filter(Wanted, Selector, to_list(Self), Block, Self),
    beamtalk_dispatch:send(beamtalk_dispatch:send(Self, species, []), 'withAll:', [Elements]).

%% @doc Evaluates the block with each element of any collection.
-spec do(term(), fun((term()) -> term())) -> nil.
do(Self, Block) when is_function(Block) -> beamtalk_list:'do:'(to_list(Self), Block);
do(Self, _) -> 'errorType:'(Self, 'do:').

%% @doc The elements of any collection.
-spec to_list(term()) -> [term()].
to_list(Self) when is_list(Self) -> Self;
to_list(Self) -> beamtalk_dispatch:send(Self, asList, []).

%% @doc The message `equals:'. For classes where it can only be the inherited method, no message is sent.
-spec equals(term(), term()) -> boolean().
equals(A, B) when A =:= B ->
    true;
equals(A, B) when is_number(A); is_atom(A); is_binary(A) ->
    beamtalk_extension:any('equals:') andalso send_equals(A, B);
equals(A, B) ->
    send_equals(A, B).

send_equals(A, B) ->
    beamtalk_dispatch:send(A, 'equals:', [B]) =:= true.

%% @doc True when an element of the list answers true to `equals:'. Strict equality implies that.
-spec includes([term()], term()) -> boolean().
includes(Elements, Element) ->
    lists:member(Element, Elements) orelse lists:any(fun(E) -> equals(E, Element) end, Elements).

%% @doc A random element of the tuple; type_error when there is none.
-spec at_random(tuple(), term()) -> term().
at_random({}, Self) -> beamtalk_error:raise(beamtalk_error:type_error(atRandom, Self));
at_random(Elements, _) -> element(rand:uniform(tuple_size(Elements)), Elements).
