%% @doc Primitives of class Tuple.
-module(beamtalk_tuple).

-export([
    '<'/2, '>'/2, '<='/2, '>='/2,
    'withAll:'/2, size/1, 'at:'/2, 'do:'/2, asList/1, isOk/1, isError/1, unwrap/1, printString/1, atRandom/1
]).

-include("beamtalk_term_order.hrl").

%% @doc The tuple of a list's elements.
-spec 'withAll:'(term(), [term()]) -> tuple().
'withAll:'(_Class, List) when is_list(List) -> list_to_tuple(List);
'withAll:'(Class, _) -> beamtalk_error:raise(beamtalk_error:type_error('withAll:', Class)).

%% @doc Number of elements.
-spec size(tuple()) -> non_neg_integer().
size(Self) -> tuple_size(Self).

%% @doc Element at a position.
-spec 'at:'(tuple(), pos_integer()) -> term().
'at:'(Self, Index) when is_integer(Index), Index >= 1, Index =< tuple_size(Self) ->
    element(Index, Self);
'at:'(Self, Index) when is_integer(Index) ->
    beamtalk_error:raise(beamtalk_error:index_out_of_bounds('at:', Self));
'at:'(Self, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('at:', Self)).

%% @doc The elements.
-spec asList(tuple()) -> [term()].
asList(Self) -> tuple_to_list(Self).

%% @doc Evaluates the block with each element.
-spec 'do:'(tuple(), fun((term()) -> term())) -> nil.
'do:'(Self, Block) -> beamtalk_collection:do(Self, Block).

%% @doc True for a pair tagged `ok'.
-spec isOk(tuple()) -> boolean().
isOk({ok, _}) -> true;
isOk(_) -> false.

%% @doc True for a pair tagged `error'.
-spec isError(tuple()) -> boolean().
isError({error, _}) -> true;
isError(_) -> false.

%% @doc The value of a pair tagged `ok'; raises for any other tuple.
-spec unwrap(tuple()) -> term().
unwrap({ok, Value}) ->
    Value;
unwrap(Self) ->
    Message = [<<"unwrap called on ">>, beamtalk_print:safe(Self)],
    beamtalk_error:raise(beamtalk_error:new(signal, Message, #{selector => unwrap})).

%% @doc The elements in braces.
-spec printString(tuple()) -> binary().
printString(Self) -> beamtalk_print:print(Self).

%% @doc A random element.
-spec atRandom(tuple()) -> term().
atRandom(Self) -> beamtalk_collection:at_random(Self, Self).
