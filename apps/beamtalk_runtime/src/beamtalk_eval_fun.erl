%% @doc Real funs for evaluated code, of every arity that the virtual machine has: 255 less the two values that such a
%% fun holds. Named functions are called without a fun and have no limit.
-module(beamtalk_eval_fun).

-export([make/3, captured/1, mapfold/3]).

-include("beamtalk_eval.hrl").

%% Makes the other clauses of make/3.
-compile({parse_transform, beamtalk_eval_arities}).
-arities({0, 253}).

%% @doc A fun of the given arity that runs `Code' with its arguments as locals. An arity over 253 raises
%% `{system_limit, {fun_arity, Arity}}'.
-spec make(arity(), beamtalk_eval_code:code(), beamtalk_eval_code:closure()) -> fun().
make(Arity, _, _) -> erlang:error({system_limit, {fun_arity, Arity}}).

%% @doc The values that an evaluated fun holds, through named functions that it can call; `none' for any other fun.
-spec captured(fun()) -> {ok, [term()]} | none.
captured(Fun) ->
    case erlang:fun_info(Fun, module) of
        {module, ?MODULE} -> {ok, held(environment(Fun))};
        {module, _} -> none
    end.

environment(Fun) ->
    {env, Environment} = erlang:fun_info(Fun, env),
    Environment.

held(Terms) ->
    lists:flatmap(fun held_by/1, Terms).

held_by(Closure) when element(1, Closure) =:= ?CLOSURE ->
    [_, _ | Captured] = tuple_to_list(Closure),
    lists:flatmap(fun through_group/1, Captured);
held_by(_Code) ->
    [].

through_group(Closure) when element(1, Closure) =:= ?CLOSURE -> held_by(Closure);
through_group(Value) -> [Value].

%% @doc {@link beamtalk_closure:mapfold/3} for an evaluated fun.
-spec mapfold(fun((term(), Acc) -> {term(), Acc}), Acc, fun()) -> {fun(), Acc}.
mapfold(F, Acc, Fun) ->
    [Code] = [Code || Code <- environment(Fun), is_function(Code, 2)],
    [Closure] = [Closure || Closure <- environment(Fun), is_tuple(Closure)],
    case mapfold_closure(F, Acc, Closure) of
        {Closure, NewAcc} -> {Fun, NewAcc};
        {New, NewAcc} -> {make(arity(Fun), Code, New), NewAcc}
    end.

mapfold_closure(F, Acc, Closure) ->
    [Tag, Content | Captured] = tuple_to_list(Closure),
    {New, NewAcc} = lists:mapfoldl(fun(Value, Each) -> mapfold_captured(F, Each, Value) end, Acc, Captured),
    {list_to_tuple([Tag, Content | New]), NewAcc}.

mapfold_captured(F, Acc, Group) when element(1, Group) =:= ?CLOSURE -> mapfold_closure(F, Acc, Group);
mapfold_captured(F, Acc, Value) -> F(Value, Acc).

arity(Fun) ->
    {arity, Arity} = erlang:fun_info(Fun, arity),
    Arity.
