-module(beamtalk_eval_tests).

-include_lib("eunit/include/eunit.hrl").
-include("beamtalk_property.hrl").
-include("../src/beamtalk_eval.hrl").

-import(proper_types, [oneof/1, frequency/1, integer/2, float/2, list/1]).


%% --- The records are those of the compiler ---

records_are_those_of_cerl_test_() ->
    [?_assertEqual(Theirs, Ours) || {Ours, Theirs} <- records()].

records() ->
    [A, B, C] = [cerl:c_var(Name) || Name <- [a, b, c]],
    Clause = cerl:c_clause([A], B, C),
    Segment = cerl:c_bitstr(A, B, cerl:c_int(8), cerl:c_atom(integer), cerl:abstract([big])),
    Pair = cerl:c_map_pair(A, B),
    Fun = cerl:c_fun([A], B),
    Name = cerl:c_fname(f, 1),
    Module = cerl:c_module(cerl:c_atom(m), [Name], [], [{Name, Fun}]),
    [
        {#c_var{anno = [], name = a}, A},
        {#c_var{anno = [], name = {f, 1}}, Name},
        {#c_literal{anno = [], val = 1}, cerl:c_int(1)},
        {#c_alias{anno = [], var = A, pat = B}, cerl:c_alias(A, B)},
        {#c_apply{anno = [], op = A, args = [B]}, cerl:c_apply(A, [B])},
        {#c_binary{anno = [], segments = [Segment]}, cerl:c_binary([Segment])},
        {
            #c_bitstr{
                anno = [],
                val = A,
                size = B,
                unit = cerl:c_int(8),
                type = cerl:c_atom(integer),
                flags = cerl:abstract([big])
            },
            Segment
        },
        {#c_call{anno = [], module = A, name = B, args = [C]}, cerl:c_call(A, B, [C])},
        {#c_case{anno = [], arg = A, clauses = [Clause]}, cerl:c_case(A, [Clause])},
        {#c_catch{anno = [], body = A}, cerl:c_catch(A)},
        {#c_clause{anno = [], pats = [A], guard = B, body = C}, Clause},
        {#c_cons{anno = [], hd = A, tl = B}, cerl:c_cons(A, B)},
        {#c_fun{anno = [], vars = [A], body = B}, Fun},
        {#c_let{anno = [], vars = [A], arg = B, body = C}, cerl:c_let([A], B, C)},
        {#c_letrec{anno = [], defs = [{Name, Fun}], body = C}, cerl:c_letrec([{Name, Fun}], C)},
        {#c_map{anno = [], arg = A, es = [Pair], is_pat = false}, cerl:ann_c_map([], A, [Pair])},
        {
            #c_map{anno = [], arg = cerl:abstract(#{}), es = [Pair], is_pat = true},
            cerl:c_map_pattern([Pair])
        },
        {#c_map_pair{anno = [], op = cerl:c_atom(assoc), key = A, val = B}, Pair},
        {
            #c_module{
                anno = [],
                name = cerl:c_atom(m),
                exports = [Name],
                attrs = [],
                defs = [{Name, Fun}]
            },
            Module
        },
        {#c_primop{anno = [], name = cerl:c_atom(raise), args = [A]}, cerl:c_primop(cerl:c_atom(raise), [A])},
        {#c_receive{anno = [], clauses = [Clause], timeout = A, action = B}, cerl:c_receive([Clause], A, B)},
        {#c_seq{anno = [], arg = A, body = B}, cerl:c_seq(A, B)},
        {
            #c_try{anno = [], arg = A, vars = [B], body = B, evars = [C], handler = C},
            cerl:c_try(A, [B], B, [C], C)
        },
        {#c_tuple{anno = [], es = [A]}, cerl:c_tuple([A])},
        {#c_values{anno = [], es = [A, B]}, cerl:c_values([A, B])}
    ].

%% --- Evaluated and compiled code agree ---

differential_test_() ->
    {timeout, 120, [{Text, fun() -> agree(Text, Calls) end} || {Text, Calls} <- beamtalk_eval_cases:all()]}.

%% Core Erlang before and after the compiler's own passes over it: they use different constructs.
agree(Text, Calls) ->
    Forms = forms(Text, [length(Args) || Args <- Calls]),
    load(Forms, []),
    Cores = [{Stage, core(Forms, Stage)} || Stage <- [to_core0, to_core]],
    [
        ?assertEqual({Args, Stage, compiled(t, Args)}, {Args, Stage, evaluated(Core, t, Args)})
     || Args <- Calls, {Stage, Core} <- Cores
    ].

cases_are_many_test() ->
    ?assert(lists:sum([length(Calls) || {_, Calls} <- beamtalk_eval_cases:all()]) >= 150).

property_test_() ->
    {timeout, 120, fun() -> ?assertProperty(prop_random_code_agrees(), 400) end}.

prop_random_code_agrees() ->
    Program = proper_types:sized(fun(Size) -> expression(Size, [1, 2]) end),
    ?FORALL({Body, A, B}, {Program, value(), value()}, same_outcome(module_of(Body), [A, B])).

same_outcome(Core, Args) ->
    load(Core, [from_core]),
    Outcomes = {compiled(t, Args), evaluated(Core, t, Args)},
    Show = fun() -> io:format("~s~n(compiled, evaluated): ~p~n", [core_pp:format(Core), Outcomes]) end,
    proper:whenfail(Show, fun() -> element(1, Outcomes) =:= element(2, Outcomes) end).

module_of(Body) ->
    Name = cerl:c_fname(t, 2),
    Fun = cerl:c_fun([cerl:c_var(1), cerl:c_var(2)], Body),
    cerl:c_module(cerl:c_atom(subject()), [Name], [], [{Name, Fun}]).

value() ->
    oneof([integer(-3, 3), float(-2.0, 2.0), oneof([a, b, true, false]), list(integer(0, 2)), {a, integer(0, 2)}]).

%% Variables are numbered by depth.
expression(0, Vars) ->
    frequency([{3, ?BIND(Name, oneof(Vars), cerl:c_var(Name))}, {1, ?BIND(Value, value(), cerl:abstract(Value))}]);
expression(Size, Vars) ->
    Part = expression(Size div 3, Vars),
    proper_types:lazy(fun() ->
        oneof([
            expression(0, Vars),
            ?BIND({Op, Es}, {operator(), [Part, Part]}, named(Es, fun(Vs) -> call(Op, Vs) end)),
            ?BIND(Es, [Part, Part, Part], named(Es, fun cerl:c_tuple/1)),
            ?BIND(Es, [Part, Part], named(Es, fun([A, B]) -> cerl:c_cons(A, B) end)),
            ?BIND(Es, [Part, Part], named(Es, fun([K, V]) -> cerl:c_map([cerl:c_map_pair(K, V)]) end)),
            ?BIND({A, B}, {Part, Part}, cerl:c_seq(A, B)),
            let_of(Size, Vars),
            values_of(Size, Vars),
            case_of(Size, Vars),
            fun_of(Size, Vars),
            loop_of(Size, Vars),
            try_of(Size, Vars)
        ])
    end).

%% Parts get names, as the compiler's passes expect: they take a call for safe without a look at what is inside.
named(Parts, Make) ->
    Vars = [cerl:c_var(list_to_atom("part" ++ integer_to_list(I))) || I <- lists:seq(1, length(Parts))],
    lists:foldr(fun({Var, Part}, Body) -> cerl:c_let([Var], Part, Body) end, Make(Vars), lists:zip(Vars, Parts)).

operator() ->
    oneof(['+', '-', '*', 'div', '<', '=:=', '==', '>=', '++', 'and', element]).

call(Op, Args) ->
    cerl:c_call(cerl:c_atom(erlang), cerl:c_atom(Op), Args).

fresh(Vars) ->
    length(Vars) + 1.

let_of(Size, Vars) ->
    New = fresh(Vars),
    ?BIND(
        {Arg, Body},
        {expression(Size div 2, Vars), expression(Size div 2, [New | Vars])},
        cerl:c_let([cerl:c_var(New)], Arg, Body)
    ).

values_of(Size, Vars) ->
    {N1, N2} = {fresh(Vars), fresh(Vars) + 1},
    ?BIND(
        {A, B, Body},
        {expression(Size div 3, Vars), expression(Size div 3, Vars), expression(Size div 3, [N2, N1 | Vars])},
        cerl:c_let([cerl:c_var(N1), cerl:c_var(N2)], cerl:c_values([A, B]), Body)
    ).

case_of(Size, Vars) ->
    {N1, N2} = {fresh(Vars), fresh(Vars) + 1},
    ?BIND(
        {Arg, Pattern, Guard, Then, Else},
        {
            expression(Size div 3, Vars),
            pattern(N1, N2),
            guard([N1, N2 | Vars]),
            expression(Size div 3, [N2, N1 | Vars]),
            expression(Size div 3, [N1 | Vars])
        },
        cerl:c_case(Arg, [cerl:c_clause([Pattern], Guard, Then), cerl:c_clause([cerl:c_var(N1)], Else)])
    ).

pattern(N1, N2) ->
    [V1, V2] = [cerl:c_var(N1), cerl:c_var(N2)],
    ?BIND(
        Literal,
        value(),
        oneof([
            cerl:c_alias(V1, cerl:c_alias(V2, cerl:abstract(Literal))),
            cerl:c_cons(V1, V2),
            cerl:c_tuple([V1, V2]),
            cerl:c_tuple([V1, V2, cerl:abstract(Literal)]),
            cerl:c_alias(V1, cerl:c_map_pattern([cerl:c_map_pair_exact(cerl:abstract(Literal), V2)]))
        ])
    ).

guard(Vars) ->
    ?BIND(
        {Op, A, B},
        {oneof(['<', '=:=', '>=', '+', 'and']), oneof(Vars), oneof(Vars)},
        oneof([cerl:c_atom(true), protected(call(Op, [cerl:c_var(A), cerl:c_var(B)]))])
    ).

%% As the compiler itself writes a guard. Only so does compiled code go on when a guard fails: without `try', or with
%% calls as arguments of calls, it raises.
protected(Call) ->
    [Part, Value, Class, Reason] = [cerl:c_var(Name) || Name <- [part, value, class, reason]],
    Guard = cerl:c_let([Part], Call, call('=:=', [Part, cerl:c_atom(true)])),
    cerl:c_try(Guard, [Value], Value, [Class, Reason], cerl:c_atom(false)).

fun_of(Size, Vars) ->
    New = fresh(Vars),
    ?BIND(
        {Arg, Body},
        {expression(Size div 3, Vars), expression(Size div 2, [New | Vars])},
        cerl:c_let(
            [cerl:c_var(New)],
            cerl:c_fun([cerl:c_var(New)], Body),
            cerl:c_tuple([cerl:c_apply(cerl:c_var(New), [Arg]), cerl:c_apply(cerl:c_var(New), [cerl:c_var(1)])])
        )
    ).

%% A named function that counts down and folds. It compares what a step makes with what it was given: values that grew
%% in nested loops would soon fill the memory.
loop_of(Size, Vars) ->
    Loop = cerl:c_fname(list_to_atom("loop" ++ integer_to_list(fresh(Vars))), 2),
    [Count, Sum] = [cerl:c_var(N) || N <- [fresh(Vars), fresh(Vars) + 1]],
    ?BIND(
        {First, Step},
        {expression(Size div 3, Vars), expression(Size div 2, [fresh(Vars) + 1, fresh(Vars) | Vars])},
        begin
            Down = call('-', [Count, cerl:c_int(1)]),
            Less = named([Step], fun([New]) -> call('<', [New, Sum]) end),
            Again = named([Down, Less], fun(Args) -> cerl:c_apply(Loop, Args) end),
            Stop = cerl:c_clause([cerl:c_int(0)], Sum),
            Body = cerl:c_case(Count, [Stop, cerl:c_clause([cerl:c_var(again)], Again)]),
            cerl:c_letrec(
                [{Loop, cerl:c_fun([Count, Sum], Body)}],
                named([First], fun([Start]) -> cerl:c_apply(Loop, [cerl:c_int(3), Start]) end)
            )
        end
    ).

try_of(Size, Vars) ->
    New = fresh(Vars),
    Names = [New, New + 1, New + 2],
    ?BIND(
        {Arg, Handler},
        {expression(Size div 2, Vars), expression(Size div 3, [New + 1, New | Vars])},
        cerl:c_try(Arg, [cerl:c_var(New)], cerl:c_var(New), [cerl:c_var(N) || N <- Names], Handler)
    ).

unprotected_guard_that_raises_does_not_hold_test_() ->
    Guards = [
        call('>', [call('+', [cerl:c_var(x), cerl:c_int(1)]), cerl:c_int(3)]),
        call(hd, [cerl:c_var(x)]),
        call(throw, [cerl:c_var(x)]),
        cerl:c_var(x)
    ],
    [?_assertEqual(no, beamtalk_eval:expr(guarded(Guard), #{x => a})) || Guard <- Guards].

guarded(Guard) ->
    Clauses = [cerl:c_clause([], Guard, cerl:c_atom(yes)), cerl:c_clause([], cerl:c_atom(no))],
    cerl:c_case(cerl:c_values([]), Clauses).

%% --- Functions ---

funs_have_their_arity_test_() ->
    [?_assertEqual(lists:seq(1, N), apply(fun_of_arity(N), lists:seq(1, N))) || N <- lists:seq(0, 253)].

too_many_parameters_test() ->
    ?assertError({system_limit, {fun_arity, 254}}, fun_of_arity(254)).

fun_of_arity(N) ->
    Vars = [cerl:c_var(I) || I <- lists:seq(1, N)],
    beamtalk_eval:expr(cerl:c_fun(Vars, cerl:make_list(Vars)), #{}).

named_functions_have_any_arity_test() ->
    Vars = [cerl:c_var(I) || I <- lists:seq(1, 250)],
    Name = cerl:c_fname(f, 250),
    Call = cerl:c_apply(Name, [cerl:c_int(I) || I <- lists:seq(1, 250)]),
    Letrec = cerl:c_letrec([{Name, cerl:c_fun(Vars, cerl:make_list(Vars))}], Call),
    ?assertEqual(lists:seq(1, 250), beamtalk_eval:expr(Letrec, #{})).

expression_with_bindings_test() ->
    Sum = cerl:c_call(cerl:c_atom(erlang), cerl:c_atom('+'), [cerl:c_var(a), cerl:c_var(7)]),
    ?assertEqual(42, beamtalk_eval:expr(Sum, #{a => 40, 7 => 2, unused => x})).

inner_variable_hides_outer_test() ->
    X = cerl:c_var(x),
    Inner = cerl:c_let([X], cerl:c_tuple([X, X]), X),
    Fun = cerl:c_apply(cerl:c_fun([X], cerl:c_tuple([X, Inner])), [cerl:c_int(2)]),
    ?assertEqual({1, {2, {2, 2}}}, beamtalk_eval:expr(cerl:c_tuple([X, Fun]), #{x => 1})).

groups_see_enclosing_groups_test() ->
    [F, G] = [cerl:c_fname(Name, 1) || Name <- [f, g]],
    [N, K] = [cerl:c_var(Name) || Name <- [n, k]],
    Down = cerl:c_call(cerl:c_atom(erlang), cerl:c_atom('-'), [N, cerl:c_int(1)]),
    UseF = cerl:c_fun([K], cerl:c_cons(K, cerl:c_apply(F, [Down]))),
    Body = cerl:c_letrec([{G, UseF}], cerl:c_apply(cerl:c_fun([], cerl:c_apply(G, [N])), [])),
    Stop = [cerl:c_clause([cerl:c_int(0)], cerl:c_nil()), cerl:c_clause([cerl:c_var(other)], Body)],
    Letrec = cerl:c_letrec([{F, cerl:c_fun([N], cerl:c_case(N, Stop))}], cerl:c_apply(F, [cerl:c_int(3)])),
    ?assertEqual([3, 2, 1], beamtalk_eval:expr(Letrec, #{})).

many_variables_test() ->
    Names = lists:seq(1, 200),
    Sum = lists:foldl(
        fun(I, Acc) -> cerl:c_call(cerl:c_atom(erlang), cerl:c_atom('+'), [cerl:c_var(I), Acc]) end,
        cerl:c_int(0),
        Names
    ),
    Lets = lists:foldr(fun(I, Body) -> cerl:c_let([cerl:c_var(I)], cerl:c_int(I), Body) end, Sum, Names),
    ?assertEqual(20100, beamtalk_eval:expr(Lets, #{})).

deep_expression_test() ->
    Deep = lists:foldl(
        fun(I, Acc) -> cerl:c_call(cerl:c_atom(erlang), cerl:c_atom('+'), [Acc, cerl:c_int(I)]) end,
        cerl:c_int(0),
        lists:seq(1, 100000)
    ),
    ?assertEqual(5000050000, beamtalk_eval:expr(Deep, #{})).

funs_work_in_another_process_test() ->
    Text = "t(N) -> F = fun Fact(0) -> 1; Fact(K) -> K * Fact(K - 1) end, fun(X) -> h(X) + F(N) end. h(X) -> X.",
    Fun = beamtalk_eval:run(core_of(Text, 1), t, [5]),
    Self = self(),
    Pid = spawn(fun() -> receive {go, F} -> Self ! {self(), F(3)} end end),
    Pid ! {go, Fun},
    ?assertEqual(123, receive {Pid, Value} -> Value after 5000 -> timeout end).

evaluation_leaves_nothing_behind_test() ->
    Core = core_of("t(X) -> F = fun(Y) -> {X, Y} end, F.", 1),
    First = beamtalk_eval:run(Core, t, [1]),
    {Loaded, Atoms} = {length(code:all_loaded()), erlang:system_info(atom_count)},
    Funs = [beamtalk_eval:run(Core, t, [N]) || N <- lists:seq(1, 1000)],
    ?assertEqual({Loaded, Atoms}, {length(code:all_loaded()), erlang:system_info(atom_count)}),
    ?assertEqual({1, a}, First(a)),
    ?assertEqual([{N, b} || N <- lists:seq(1, 1000)], [Fun(b) || Fun <- Funs]).

captured_values_test_() ->
    [
        {Text, ?_assertEqual({ok, Captured}, beamtalk_eval:captured(beamtalk_eval:run(core_of(Text, 2), t, [1, {x}])))}
     || {Text, Captured} <- [
            {"t(A, B) -> fun() -> B end.", [{x}]},
            {"t(A, B) -> fun() -> none end.", []},
            {"t(A, B) -> C = [A], fun() -> {fun() -> B end, C} end.", [{x}, [1]]},
            {"t(A, B) -> F = fun G() -> {A, G} end, F.", [1]},
            {"t(A, B) -> F = fun(X) -> X end, fun() -> h(A) end. h(A) -> A.", [1]}
        ]
    ].

captured_by_compiled_fun_test() ->
    ?assertEqual(none, beamtalk_eval:captured(fun() -> ok end)).

%% --- Stack traces ---

stack_traces_show_lines_test_() ->
    [
        {Text, ?_assertEqual(Expected, lines(trace(Text)))}
     || {Text, Expected} <- [
            {"t() ->\n X = h(),\n X + 1.\nh() -> a.", [{t, 3}]},
            {"t() ->\n h(1).\nh(X) ->\n lists:nth(X, []).", [{h, 4}]},
            {"t() ->\n lists:map(fun(X) ->\n X + 1 end,\n [a]).", [{t, 3}]},
            {"t() ->\n F = fun() ->\n error(bad) end,\n F(),\n ok.", [{t, 3}]},
            {"t() ->\n try\n error(a)\n after\n self() end.", [{t, 3}]},
            {"t() ->\n {ok,\n lists:seq(1, a)}.", [{t, 3}]}
        ]
    ].

%% The line is there although the called function fills the trace.
deep_failure_shows_line_test() ->
    Deep = fun(F, N) -> [case N of 0 -> error(deep); _ -> F(F, N - 1) end] end,
    Core = core_of("t(F) ->\n {ok,\n F(F, 50)}.", 1),
    ?assertEqual([{t, 3}], lines(trace_of(Core, [Deep]))).

trace_shows_called_function_test() ->
    ?assertMatch([{lists, nth, [x, []], _}, {beamtalk_eval_subject, t, 0, _} | _], trace("t() -> lists:nth(x, []).")).

location_of_outer_evaluation_comes_back_test() ->
    Inner = core_of("t() ->\n\n\n\n catch error(inner).", 0),
    Called = fun() ->
        _ = beamtalk_eval:run(Inner, t, []),
        error(outer)
    end,
    Outer = core_of("t(Called) ->\n {ok,\n Called()}.", 1),
    ?assertEqual([{t, 3}], lines(trace_of(Outer, [Called]))),
    ?assertEqual(undefined, get(?LOCATION)).

trace(Text) ->
    trace_of(core_of(Text, 0), []).

trace_of(Core, Args) ->
    try
        beamtalk_eval:run(Core, t, Args)
    catch
        _:_:Stack -> Stack
    end.

lines(Stack) ->
    [{Name, proplists:get_value(line, At)} || {beamtalk_eval_subject, Name, _, At} <- Stack].

%% --- What is refused ---

refused_test_() ->
    Receive = cerl:c_receive([], cerl:c_int(0), cerl:c_atom(ok)),
    [
        ?_assertError({not_supported, c_receive}, beamtalk_eval:expr(Receive, #{})),
        ?_assertError(
            {not_supported, {primop, recv_next, 0}},
            beamtalk_eval:expr(cerl:c_primop(cerl:c_atom(recv_next), []), #{})
        ),
        ?_assertError({unbound_variable, x}, beamtalk_eval:expr(cerl:c_fun([], cerl:c_var(x)), #{})),
        ?_assertError({unbound_variable, {f, 1}}, beamtalk_eval:expr(cerl:c_fname(f, 1), #{})),
        ?_assertError(undef, beamtalk_eval:run(core_of("t() -> 1.", 0), t, [1]))
    ].

%% --- Memory ---

tail_calls_take_no_memory_test_() ->
    Loop = "t(F, N, Step) when N rem Step =:= 0 -> F(N), next(F, N - 1, Step); t(F, N, Step) -> next(F, N - 1, Step)."
        " next(_, 0, _) -> done; next(F, N, Step) -> t(F, N, Step).",
    {timeout, 120, ?_assertEqual(flat, growth(Loop, 10000000))}.

%% The measurement sees a call that is not a tail call.
other_calls_take_memory_test_() ->
    Leak = "t(F, N, Step) when N rem Step =:= 0 -> F(N), next(F, N - 1, Step); t(F, N, Step) -> next(F, N - 1, Step)."
        " next(_, 0, _) -> []; next(F, N, Step) -> [N | t(F, N, Step)].",
    {timeout, 120, ?_assertEqual(growing, growth(Leak, 300000))}.

%% Compares the means of three windows of samples, each taken after a collection.
growth(Text, N) ->
    Core = core_of(Text, 3),
    Self = self(),
    Sample = fun(_) ->
        erlang:garbage_collect(),
        {memory, Bytes} = erlang:process_info(self(), memory),
        Self ! {sample, Bytes}
    end,
    {Pid, Ref} = spawn_monitor(fun() -> beamtalk_eval:run(Core, t, [Sample, N, N div 9]) end),
    receive
        {'DOWN', Ref, process, Pid, normal} -> slope([Bytes || Bytes <- samples()])
    end.

samples() ->
    receive
        {sample, Bytes} -> [Bytes | samples()]
    after 0 -> []
    end.

slope(Samples) ->
    {First, [S4, S5, S6 | Last]} = lists:split(3, Samples),
    [W1, W2, W3] = [lists:sum(Window) / length(Window) || Window <- [First, [S4, S5, S6], Last]],
    case W2 > W1 * 1.05 andalso W3 > W2 * 1.05 of
        true -> growing;
        false when W3 =< W1 * 1.05 -> flat;
        false -> {unclear, Samples}
    end.

%% --- Both ways to execute ---

subject() ->
    beamtalk_eval_subject.

forms(Text, Arities) ->
    Exports = lists:join(", ", [io_lib:format("t/~b", [Arity]) || Arity <- lists:usort(Arities)]),
    Header = io_lib:format("-module(~s). -export([~s]). ", [subject(), Exports]),
    {ok, Tokens, _} = erl_scan:string(lists:flatten([Header, Text])),
    parse(Tokens, []).

parse([], []) ->
    [];
parse([{dot, _} = Dot | Rest], Form) ->
    {ok, Parsed} = erl_parse:parse_form(lists:reverse(Form, [Dot])),
    [Parsed | parse(Rest, [])];
parse([Token | Rest], Form) ->
    parse(Rest, [Token | Form]).

core(Forms, Stage) ->
    {ok, _, Core} = compile:forms(Forms, [Stage, binary]),
    Core.

core_of(Text, Arity) ->
    core(forms(Text, [Arity]), to_core0).

load(Code, Options) ->
    {ok, Module, Beam} = compile:forms(Code, [binary | Options]),
    _ = code:purge(Module),
    {module, Module} = code:load_binary(Module, "subject", Beam).

compiled(Function, Args) ->
    outcome(fun() -> apply(subject(), Function, Args) end).

evaluated(Core, Function, Args) ->
    outcome(fun() -> beamtalk_eval:run(Core, Function, Args) end).

outcome(Execute) ->
    try
        {value, comparable(Execute())}
    catch
        Class:Reason -> {Class, comparable(Reason)}
    end.

%% Funs of the two are never equal; their arities must be.
comparable(Fun) when is_function(Fun) -> {'fun', erlang:fun_info(Fun, arity)};
comparable([Head | Tail]) -> [comparable(Head) | comparable(Tail)];
comparable(Tuple) when is_tuple(Tuple) -> list_to_tuple(comparable(tuple_to_list(Tuple)));
comparable(Map) when is_map(Map) -> maps:map(fun(_, Value) -> comparable(Value) end, Map);
comparable(Other) -> Other.
