%% @doc Primitives of class Dictionary. Dictionaries are maps without a class tag.
-module(beamtalk_dictionary).

-export([
    '<'/2, '>'/2, '<='/2, '>='/2,
    size/1, keys/1, values/1, 'at:'/2, 'at:ifAbsent:'/3, 'at:put:'/3, 'includesKey:'/2,
    'removeKey:'/2, 'merge:'/2, 'do:'/2, 'collect:'/2, 'select:'/2, 'reject:'/2, 'keysAndValuesDo:'/2, printString/1,
    'parallelCollect:maxConcurrency:'/3
]).

-include("beamtalk_term_order.hrl").

%% @doc Number of pairs.
-spec size(map()) -> non_neg_integer().
size(Self) -> map_size(Self).

%% @doc The keys, in no particular order.
-spec keys(#{K => term()}) -> [K].
keys(Self) -> maps:keys(Self).

%% @doc The values, in the order of the keys.
-spec values(#{term() => V}) -> [V].
values(Self) -> maps:values(Self).

%% @doc Value of a key.
-spec 'at:'(#{K => V}, K) -> V.
'at:'(Self, Key) ->
    case Self of
        #{Key := Value} -> Value;
        _ -> beamtalk_error:raise((beamtalk_error:key_error(Key))#{selector := 'at:'})
    end.

%% @doc Value of a key, or of the block.
-spec 'at:ifAbsent:'(#{K => V}, K, term()) -> V | term().
'at:ifAbsent:'(Self, Key, Block) ->
    case Self of
        #{Key := Value} -> Value;
        _ -> beamtalk_dispatch:send(Block, value, [])
    end.

%% @doc With a pair added or replaced.
-spec 'at:put:'(map(), term(), term()) -> map().
'at:put:'(Self, Key, Value) -> Self#{Key => Value}.

%% @doc True when there is a value for the key.
-spec 'includesKey:'(map(), term()) -> boolean().
'includesKey:'(Self, Key) -> is_map_key(Key, Self).

%% @doc Without the key.
-spec 'removeKey:'(map(), term()) -> map().
'removeKey:'(Self, Key) -> maps:remove(Key, Self).

%% @doc Pairs of both; the argument's value where both have the key.
-spec 'merge:'(map(), map()) -> map().
'merge:'(Self, #{'$beamtalk_class' := _}) -> wrong_type('merge:', Self);
'merge:'(Self, Other) when is_map(Other) -> maps:merge(Self, Other);
'merge:'(Self, _) -> wrong_type('merge:', Self).

%% @doc The same keys with the values of the block.
-spec 'collect:'(#{K => V}, fun((V) -> R)) -> #{K => R}.
'collect:'(Self, Block) when is_function(Block) -> maps:map(fun(_, Value) -> Block(Value) end, Self);
'collect:'(Self, _) -> wrong_type('collect:', Self).

%% @doc Evaluates the block with each element.
-spec 'do:'(map(), fun((term()) -> term())) -> nil.
'do:'(Self, Block) -> beamtalk_collection:do(Self, Block).

%% @doc Values for which the block is true.
-spec 'select:'(#{term() => V}, fun((V) -> boolean())) -> [V].
'select:'(Self, Block) -> beamtalk_list:filter(true, 'select:', maps:values(Self), Block, Self).

%% @doc Values for which the block is false.
-spec 'reject:'(#{term() => V}, fun((V) -> boolean())) -> [V].
'reject:'(Self, Block) -> beamtalk_list:filter(false, 'reject:', maps:values(Self), Block, Self).

%% @doc Evaluates the block with each key and its value.
-spec 'keysAndValuesDo:'(#{K => V}, fun((K, V) -> term())) -> nil.
'keysAndValuesDo:'(Self, Block) when is_function(Block) ->
    maps:foreach(fun(Key, Value) -> Block(Key, Value) end, Self),
    nil;
'keysAndValuesDo:'(Self, _) ->
    wrong_type('keysAndValuesDo:', Self).

%% @doc The literal form.
-spec printString(map()) -> binary().
printString(Self) -> beamtalk_print:print(Self).

%% @doc The same keys with the values of the block, each computed in a process of its own.
-spec 'parallelCollect:maxConcurrency:'(#{K => V}, fun((V) -> R), pos_integer()) -> #{K => R}.
'parallelCollect:maxConcurrency:'(Self, Block, Max) when is_function(Block), is_integer(Max), Max > 0 ->
    {Keys, Values} = lists:unzip(maps:to_list(Self)),
    maps:from_list(lists:zip(Keys, beamtalk_tasks:map(Block, Values, Max)));
'parallelCollect:maxConcurrency:'(Self, _, _) ->
    wrong_type('parallelCollect:maxConcurrency:', Self).

-spec wrong_type(atom(), map()) -> no_return().
wrong_type(Selector, Self) -> beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).
