%% @doc Suggestions for misspelt names, for the hints of exceptions.
-module(beamtalk_spelling).

-export([selector/2, class/1, best/2, distance/2]).

%% @doc The selector nearest to `Selector' among those that the receiver understands.
-spec selector(term(), term()) -> atom() | none.
selector(Self, Selector) when is_atom(Selector) ->
    best(Selector, candidates(Self));
selector(_, _) ->
    none.

candidates({'$bt_class', Module}) -> beamtalk_hierarchy:all_selectors(class, Module);
candidates(Self) -> beamtalk_hierarchy:all_selectors(instance, beamtalk_dispatch:class_module(Self)).

%% @doc The registered class name nearest to `Name'.
-spec class(atom()) -> atom() | none.
class(Name) ->
    best(Name, beamtalk_class:names()).

%% @doc The candidate with the smallest distance that is still plausible as a misspelling.
-spec best(atom(), [atom()]) -> atom() | none.
best(Name, Candidates) ->
    Text = atom_to_list(Name),
    Limit = max(1, length(Text) div 3),
    Ranked = [
        {Distance, Candidate}
     || Candidate <- Candidates,
        Candidate =/= Name,
        Other <- [atom_to_list(Candidate)],
        abs(length(Other) - length(Text)) =< Limit,
        Distance <- [distance(Text, Other)],
        Distance =< Limit
    ],
    case lists:sort(Ranked) of
        [] -> none;
        [{_, Best} | _] -> Best
    end.

%% @doc Number of insertions, deletions, replacements and transpositions of neighbours between two
%% strings (optimal string alignment).
-spec distance(string(), string()) -> non_neg_integer().
distance(A, B) ->
    First = lists:seq(0, length(B)),
    rows(A, B, 1, none, [], First).

rows([], _, _, _, _, Row) ->
    lists:last(Row);
rows([C | Rest], B, I, PreviousC, Before, Row) ->
    Next = row(C, PreviousC, B, none, Before, Row, I, [I]),
    rows(Rest, B, I + 1, C, Row, Next).

%% `Before' and `Row' are the two rows above, aligned so that their heads are the diagonal neighbours
%% of the cell to compute: `Before' lags one column behind.
row(_, _, [], _, _, _, _, Acc) ->
    lists:reverse(Acc);
row(C, PreviousC, [D | Rest], PreviousD, Before, [Diagonal, Above | Row], Left, Acc) ->
    Plain = min(min(Above, Left) + 1, Diagonal + cost(C, D)),
    Cell =
        case Before of
            [Swap | _] when C =:= PreviousD, D =:= PreviousC -> min(Plain, Swap + 1);
            _ -> Plain
        end,
    row(C, PreviousC, Rest, D, lag(PreviousD, Before), [Above | Row], Cell, [Cell | Acc]).

%% In the first column no transposition is possible; `Before' starts to move at the second.
lag(none, Before) -> Before;
lag(_, []) -> [];
lag(_, [_ | Rest]) -> Rest.

cost(C, C) -> 0;
cost(_, _) -> 1.
