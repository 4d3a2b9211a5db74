%% @doc Support for `match:' and destructuring assignment.
-module(beamtalk_match).

-export([no_match/1, badmatch/1, at/2, rest/2, tuple/2, key/2]).
-export([guard/1, is_string/1, elements/1]).

%% @doc No arm of a `match:' fits the value.
-spec no_match(term()) -> no_return().
no_match(Value) ->
    beamtalk_error:raise(beamtalk_error:internal_error(if_clause, Value)).

%% @doc A value differs from a literal of the destructuring target, or has another size.
-spec badmatch(term()) -> no_return().
badmatch(Value) ->
    beamtalk_error:raise(beamtalk_error:internal_error(badmatch, Value)).

%% @doc Element at a position of any indexable collection.
-spec at(term(), pos_integer()) -> term().
at(Tuple, Index) when
    is_tuple(Tuple), element(1, Tuple) =/= beamtalk_object, Index =< tuple_size(Tuple)
->
    element(Index, Tuple);
at(List, Index) when is_list(List) ->
    case drop(List, Index - 1) of
        [Element | _] -> Element;
        _ -> out_of_bounds(List)
    end;
at(Tuple, _) when is_tuple(Tuple), element(1, Tuple) =/= beamtalk_object ->
    out_of_bounds(Tuple);
at(Other, Index) ->
    element_of(beamtalk_dispatch:class_module(Other), Other, Index).

%% An empty Array says so instead of naming the index; here both are too few elements.
element_of('bt@stdlib@array', Array, Index) ->
    case beamtalk_dispatch:send(Array, size, []) >= Index of
        true -> beamtalk_dispatch:send(Array, 'at:', [Index]);
        false -> out_of_bounds(Array)
    end;
element_of(_, Other, Index) ->
    beamtalk_dispatch:send(Other, 'at:', [Index]).

%% @doc What follows the first `Count' elements: a List of a List, an Array of an Array.
-spec rest(term(), non_neg_integer()) -> term().
rest(List, Count) when is_list(List) ->
    case drop(List, Count) of
        none -> out_of_bounds(List);
        Rest -> Rest
    end;
rest(#{'$beamtalk_class' := 'bt@stdlib@array'} = Array, Count) ->
    case beamtalk_dispatch:send(Array, size, []) >= Count of
        true -> beamtalk_dispatch:send(Array, 'drop:', [Count]);
        false -> out_of_bounds(Array)
    end;
rest(Other, _) ->
    expected(<<"a List or an Array">>, Other).

drop(List, 0) -> List;
drop([_ | Rest], Count) -> drop(Rest, Count - 1);
drop(_, _) -> none.

-spec out_of_bounds(term()) -> no_return().
out_of_bounds(Collection) ->
    beamtalk_error:raise(beamtalk_error:index_out_of_bounds('at:', Collection)).

%% @doc The tuple itself, if it has exactly `Size' elements.
-spec tuple(term(), non_neg_integer()) -> tuple().
tuple(Tuple, Size) when is_tuple(Tuple), tuple_size(Tuple) =:= Size -> Tuple;
tuple(Tuple, _) when is_tuple(Tuple) -> badmatch(Tuple);
tuple(Other, _) -> expected(<<"a Tuple">>, Other).

%% @doc Value of a key of a Dictionary.
-spec key(term(), term()) -> term().
key(Map, Key) when is_map(Map) ->
    case Map of
        #{Key := Value} -> Value;
        _ -> beamtalk_error:raise(beamtalk_error:key_error(Key))
    end;
key(Other, _) ->
    expected(<<"a Dictionary">>, Other).

-spec expected(binary(), term()) -> no_return().
expected(What, Value) ->
    Message = [<<"expected ">>, What, <<", got ">>, beamtalk_print:safe(Value)],
    beamtalk_error:raise(beamtalk_error:argument_error(Message)).

%% @doc The answer of a guard that is an ordinary expression: it must be a Boolean.
-spec guard(term()) -> boolean().
guard(Answer) when is_boolean(Answer) ->
    Answer;
guard(Other) ->
    Message = [<<"a guard must answer a Boolean, got ">>, beamtalk_print:safe(Other)],
    beamtalk_error:raise(beamtalk_error:new(type_error, iolist_to_binary(Message))).

%% @doc True for a String; any other binary is a Binary.
-spec is_string(term()) -> boolean().
is_string(Value) -> is_binary(Value) andalso beamtalk_dispatch:is_utf8(Value).

%% @doc The elements of an Array, as a list; `false' for anything else.
-spec elements(term()) -> [term()] | false.
elements(#{'$beamtalk_class' := 'bt@stdlib@array'} = Array) ->
    beamtalk_dispatch:send(Array, asList, []);
elements(_) ->
    false.
