%% @doc Real funs for evaluated code, one clause for each arity.
%%
%% Erlang has no way to make a fun whose arity is known only at run time, hence the table. Its length is that of
%% `erl_eval'; named functions are called without it and have no such limit.
-module(beamtalk_eval_fun).

-export([make/3, captured/1]).

-include("beamtalk_eval.hrl").

%% @doc A fun of the given arity that runs `Code' with its arguments as locals. An arity over 20 raises
%% `{system_limit, {fun_arity, Arity}}'.
-spec make(arity(), beamtalk_eval_code:code(), beamtalk_eval_code:closure()) -> fun().
make(0, Code, C) -> fun() -> Code([], C) end;
make(1, Code, C) -> fun(A1) -> Code([A1], C) end;
make(2, Code, C) -> fun(A1, A2) -> Code([A1, A2], C) end;
make(3, Code, C) -> fun(A1, A2, A3) -> Code([A1, A2, A3], C) end;
make(4, Code, C) -> fun(A1, A2, A3, A4) -> Code([A1, A2, A3, A4], C) end;
make(5, Code, C) -> fun(A1, A2, A3, A4, A5) -> Code([A1, A2, A3, A4, A5], C) end;
make(6, Code, C) -> fun(A1, A2, A3, A4, A5, A6) -> Code([A1, A2, A3, A4, A5, A6], C) end;
make(7, Code, C) -> fun(A1, A2, A3, A4, A5, A6, A7) -> Code([A1, A2, A3, A4, A5, A6, A7], C) end;
make(8, Code, C) -> fun(A1, A2, A3, A4, A5, A6, A7, A8) -> Code([A1, A2, A3, A4, A5, A6, A7, A8], C) end;
make(9, Code, C) -> fun(A1, A2, A3, A4, A5, A6, A7, A8, A9) -> Code([A1, A2, A3, A4, A5, A6, A7, A8, A9], C) end;
make(10, Code, C) ->
    fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10) ->
        Code([A1, A2, A3, A4, A5, A6, A7, A8, A9, A10], C)
    end;
make(11, Code, C) ->
    fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11) ->
        Code([A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11], C)
    end;
make(12, Code, C) ->
    fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12) ->
        Code([A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12], C)
    end;
make(13, Code, C) ->
    fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13) ->
        Code([A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13], C)
    end;
make(14, Code, C) ->
    fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14) ->
        Code([A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14], C)
    end;
make(15, Code, C) ->
    fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15) ->
        Code([A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15], C)
    end;
make(16, Code, C) ->
    fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16) ->
        Code([A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16], C)
    end;
make(17, Code, C) ->
    fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17) ->
        Code([A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17], C)
    end;
make(18, Code, C) ->
    fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18) ->
        Code([A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18], C)
    end;
make(19, Code, C) ->
    fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19) ->
        Code([A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19], C)
    end;
make(20, Code, C) ->
    fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19, A20) ->
        Code([A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19, A20], C)
    end;
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
