%% @doc Funs, by what they hold of the place where they were made.
-module(beamtalk_closure).

-export([mapfold/3]).

%% Tags of the external term format.
-define(VERSION, 131).
-define(NEW_FUN, 112).

%% @doc Like `lists:mapfoldl/3' over the values that a fun holds: a fun of the same code that holds what the function
%% answers for them. It is the same fun if all values are.
-spec mapfold(fun((term(), Acc) -> {term(), Acc}), Acc, fun()) -> {fun(), Acc}.
mapfold(F, Acc, Fun) ->
    case erlang:fun_info(Fun, module) of
        {module, beamtalk_eval_fun} -> beamtalk_eval_fun:mapfold(F, Acc, Fun);
        {module, _} -> mapfold_compiled(F, Acc, Fun, erlang:fun_info(Fun, env))
    end.

%% External funs have an environment, too: an empty one.
mapfold_compiled(F, Acc, Fun, {env, Held}) ->
    case lists:mapfoldl(F, Acc, Held) of
        {Held, NewAcc} -> {Fun, NewAcc};
        {New, NewAcc} -> {with_environment(New, Fun), NewAcc}
    end.

%% The virtual machine can make a fun with a given environment from its external form only.
with_environment(Held, Fun) ->
    Info = maps:from_list(erlang:fun_info(Fun)),
    #{module := Module, pid := Pid, index := OldIndex, uniq := OldUniq} = Info,
    #{arity := Arity, new_index := Index, new_uniq := Uniq} = Info,
    Terms = [tail(Term) || Term <- [Module, OldIndex, OldUniq, Pid | Held]],
    Body = iolist_to_binary([Arity, Uniq, <<Index:32, (length(Held)):32>> | Terms]),
    binary_to_term(<<?VERSION, ?NEW_FUN, (byte_size(Body) + 4):32, Body/binary>>).

tail(Term) ->
    <<?VERSION, External/binary>> = term_to_binary(Term),
    External.
