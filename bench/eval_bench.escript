#!/usr/bin/env escript
%%! +sbwt none
%% Costs of the ways to execute Core Erlang once and in a loop: the evaluator, the same terms walked without translation,
%% a compiled module, and `erl_eval' on the source. Numbers of a recorded run are in the doc of `beamtalk_eval'.
%%
%% Usage: bench/eval_bench.escript

-mode(compile).

-define(ONCE, "run(_) -> begin 1 + 2 end.").
-define(LOOP, "run(N) -> loop(N, 0). loop(0, Sum) -> Sum; loop(N, Sum) when N > 0 -> loop(N - 1, Sum + N).").

main(_) ->
    load_evaluator(),
    Once = core(once_bench, ?ONCE),
    Loop = core(loop_bench, ?LOOP),
    report("1 + 2, once", 20000, [
        {"translated", fun() -> beamtalk_eval:run(Once, run, [0]) end},
        {"walked", fun() -> walk_module(Once, run, [0]) end},
        {"compiled and loaded", slower(200, fun() -> compile_and_run(Once, 0) end)},
        {"erl_eval", fun() -> erl_eval_once() end}
    ]),
    N = 1000000,
    {ok, loop_bench, Beam} = compile:forms(Loop, [from_core, binary]),
    {module, loop_bench} = code:load_binary(loop_bench, "loop_bench", Beam),
    report("loop of 1,000,000", 5, [
        {"translated", fun() -> beamtalk_eval:run(Loop, run, [N]) end},
        {"walked", fun() -> walk_module(Loop, run, [N]) end},
        {"compiled", fun() -> loop_bench:run(N) end},
        {"erl_eval", fun() -> erl_eval_loop(N) end}
    ]).

report(Title, Times, Cases) ->
    io:format("~s~n", [Title]),
    [io:format("  ~-34s ~12.2f us~n", [Name, measure(Times, Case)]) || {Name, Case} <- Cases].

slower(Divisor, Case) -> {Divisor, Case}.

measure(Times, {Divisor, Case}) ->
    measure(Times div Divisor, Case);
measure(Times, Case) ->
    Parent = self(),
    Run = fun() -> Parent ! {self(), lists:min([timed(Times, Case) || _ <- lists:seq(1, 3)])} end,
    Pid = spawn_opt(Run, [{min_heap_size, 100000}]),
    receive
        {Pid, Best} -> Best / Times
    end.

timed(Times, Case) ->
    {Time, ok} = timer:tc(fun() -> repeat(Times, Case) end),
    Time.

repeat(0, _) -> ok;
repeat(Times, Case) ->
    _ = Case(),
    repeat(Times - 1, Case).

compile_and_run(Core, Arg) ->
    {ok, Module, Beam} = compile:forms(Core, [from_core, binary]),
    {module, Module} = code:load_binary(Module, "bench", Beam),
    Result = Module:run(Arg),
    code:purge(Module),
    code:delete(Module),
    Result.

%% --- Preparation ---

load_evaluator() ->
    Source = filename:join([filename:dirname(escript:script_name()), "..", "apps", "beamtalk_runtime", "src"]),
    [load(File) || File <- filelib:wildcard(filename:join(Source, "beamtalk_eval*.erl"))].

load(File) ->
    {ok, Module, Beam} = compile:file(File, [binary]),
    {module, Module} = code:load_binary(Module, File, Beam).

core(Module, Text) ->
    Forms = forms("-module(" ++ atom_to_list(Module) ++ "). -export([run/1]). " ++ Text),
    {ok, Module, Core} = compile:forms(Forms, [to_core0, binary]),
    Core.

forms(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    forms_of(Tokens, []).

forms_of([], _) ->
    [];
forms_of([{dot, _} = Dot | Rest], Form) ->
    {ok, Parsed} = erl_parse:parse_form(lists:reverse(Form, [Dot])),
    [Parsed | forms_of(Rest, [])];
forms_of([Token | Rest], Form) ->
    forms_of(Rest, [Token | Form]).

erl_eval_once() ->
    {value, Value, _} = erl_eval:exprs(exprs("1 + 2."), #{}),
    Value.

erl_eval_loop(N) ->
    Text = "F = fun L(0, S) -> S; L(K, S) when K > 0 -> L(K - 1, S + K) end, F(N, 0).",
    {value, Value, _} = erl_eval:exprs(exprs(Text), #{'N' => N}),
    Value.

exprs(Text) ->
    case get(Text) of
        undefined ->
            {ok, Tokens, _} = erl_scan:string(Text),
            {ok, Exprs} = erl_parse:parse_exprs(Tokens),
            put(Text, Exprs),
            Exprs;
        Exprs ->
            Exprs
    end.

%% --- The alternative: the terms walked as they are, environment in a map; only what the two programs need ---

walk_module({c_module, _, _, _, _, Defs}, Name, Args) ->
    Functions = maps:from_list([{Key, Fun} || {{c_var, _, Key}, Fun} <- Defs]),
    enter({Name, length(Args)}, Args, Functions).

enter(Name, Args, Functions) ->
    {c_fun, _, Vars, Body} = maps:get(Name, Functions),
    walk(Body, bind(Vars, Args, #{functions => Functions})).

bind([], [], Env) -> Env;
bind([{c_var, _, Name} | Vars], [Value | Values], Env) -> bind(Vars, Values, Env#{Name => Value}).

walk({c_literal, _, Value}, _) -> Value;
walk({c_var, _, Name}, Env) -> maps:get(Name, Env);
walk({c_let, _, [{c_var, _, Name}], Arg, Body}, Env) -> walk(Body, Env#{Name => walk(Arg, Env)});
walk({c_call, _, {c_literal, _, M}, {c_literal, _, F}, [A, B]}, Env) -> M:F(walk(A, Env), walk(B, Env));
walk({c_apply, _, {c_var, _, {_, _} = Name}, Args}, Env) ->
    enter(Name, [walk(Arg, Env) || Arg <- Args], maps:get(functions, Env));
walk({c_values, _, Es}, Env) -> [walk(E, Env) || E <- Es];
walk({c_case, _, Arg, Clauses}, Env) -> select(Clauses, values(walk(Arg, Env)), Env).

values(Values) when is_list(Values) -> Values;
values(Value) -> [Value].

select([{c_clause, _, Patterns, Guard, Body} | Rest], Values, Env) ->
    case match(Patterns, Values, Env) of
        false ->
            select(Rest, Values, Env);
        Bound ->
            try walk(Guard, Bound) of
                true -> walk(Body, Bound);
                _ -> select(Rest, Values, Env)
            catch
                _:_ -> select(Rest, Values, Env)
            end
    end.

match([], [], Env) -> Env;
match([{c_var, _, Name} | Patterns], [Value | Values], Env) -> match(Patterns, Values, Env#{Name => Value});
match([{c_literal, _, Value} | Patterns], [Value | Values], Env) -> match(Patterns, Values, Env);
match(_, _, _) -> false.
