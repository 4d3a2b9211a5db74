%% @doc Primitives of class Bag. A bag is a map from its elements to how often they occur, which is at least once.
-module(beamtalk_bag).

-export(['countsOf:'/2]).

%% @doc How often each element of a list occurs.
-spec 'countsOf:'(term(), [E]) -> #{E => pos_integer()}.
'countsOf:'(_Class, List) when is_list(List) ->
    lists:foldl(fun(E, Counts) -> maps:update_with(E, fun(N) -> N + 1 end, 1, Counts) end, #{}, List);
'countsOf:'(Class, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('withAll:', Class)).
