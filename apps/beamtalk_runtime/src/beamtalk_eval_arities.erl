%% @doc A parse transform for `beamtalk_eval_fun': the clauses of `make/3', one for each arity of the attribute `arities'.
%%
%% Erlang has no way to make a fun whose arity is known only at run time, hence this table of two hundred lines that
%% differ only in their length.
-module(beamtalk_eval_arities).

-export([parse_transform/2]).

%% @private
-spec parse_transform([erl_parse:abstract_form()], [term()]) -> [erl_parse:abstract_form()].
parse_transform(Forms, _Options) ->
    [{First, Last}] = [Range || {attribute, _, arities, Range} <- Forms],
    [expand(Form, lists:seq(First, Last)) || Form <- Forms].

expand({function, Anno, make, 3, Clauses}, Arities) ->
    {function, Anno, make, 3, [clause(Anno, Arity) || Arity <- Arities] ++ Clauses};
expand(Form, _) ->
    Form.

%% make(Arity, Code, C) -> fun(A1, A2...) -> Code([A1, A2...], C) end
clause(Anno, Arity) ->
    Parameters = [{var, Anno, list_to_atom("A" ++ integer_to_list(N))} || N <- lists:seq(1, Arity)],
    {Code, C} = {{var, Anno, 'Code'}, {var, Anno, 'C'}},
    Body = {call, Anno, Code, [list(Anno, Parameters), C]},
    Fun = {'fun', Anno, {clauses, [{clause, Anno, Parameters, [], [Body]}]}},
    {clause, Anno, [{integer, Anno, Arity}, Code, C], [], [Fun]}.

list(Anno, Elements) ->
    lists:foldr(fun(Element, Tail) -> {cons, Anno, Element, Tail} end, {nil, Anno}, Elements).
