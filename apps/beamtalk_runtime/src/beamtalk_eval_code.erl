%% @doc Core Erlang to a tree of Erlang funs, each of which takes the locals and the closure and answers a value.
%%
%% Several values at once (`<A, B>') are a tuple, except that one value is itself. Tail calls stay tail calls because
%% every fun ends in the call of the next one. `beamtalk_eval' says why this form was chosen.
%%
%% The translating functions take a scope and the captures so far, and answer the code and the captures.
-module(beamtalk_eval_code).

-export([module/1, expression/2, expr/3]).
-export_type([code/0, closure/0, locals/0, core/0]).

-include("beamtalk_eval.hrl").

%% Some of the code made here does nothing but raise.
-dialyzer({nowarn_function, [clauses/3, operation/3]}).

-type locals() :: [term()].
%% Values of the variables of the running function, the latest first.

-type closure() :: tuple().
%% `{?CLOSURE, Code, Captured...}': what else the running function can reach.

-type code() :: fun((locals(), closure()) -> term()).
%% An expression, translated.

-type core() :: tuple().
%% A record of Core Erlang.

-type scope() :: beamtalk_eval_scope:scope().
-type captures() :: beamtalk_eval_scope:captures().

%% @doc Translates a module: the closure of its functions, and the position of each in it.
-spec module(core()) -> {closure(), #{{atom(), arity()} => pos_integer()}}.
module(#c_module{name = #c_literal{val = Module}, defs = Defs}) ->
    Names = [Name || {#c_var{name = Name}, _} <- Defs],
    Codes = [definition({Module, Name, Arity}, Fun, Names) || {#c_var{name = {Name, Arity}}, Fun} <- Defs],
    {{?CLOSURE, list_to_tuple(Codes)}, maps:from_list(lists:zip(Names, lists:seq(1, length(Names))))}.

definition(Where, Fun, Names) ->
    {Group, Scope} = beamtalk_eval_scope:bind_group(Names, beamtalk_eval_scope:new(Where, [])),
    {Code, Captures} = function(Fun, Group, Scope),
    closed(Code, Captures).

%% @doc Translates an expression with free variables `Names'; it runs with locals in that order.
-spec expression(core(), [beamtalk_eval_scope:name()]) -> code().
expression(Core, Names) ->
    Scope = beamtalk_eval_scope:new({beamtalk_eval, expr, 2}, Names),
    {Code, Captures} = expr(Core, Scope, beamtalk_eval_scope:no_captures()),
    closed(Code, Captures).

%% Nothing encloses the outermost function: what it captures is bound nowhere.
closed(Code, Captures) ->
    case beamtalk_eval_scope:captured(Captures) of
        [] -> Code;
        [Name | _] -> erlang:error({unbound_variable, Name})
    end.

%% @doc Translates one expression.
-spec expr(core(), scope(), captures()) -> {code(), captures()}.
expr(#c_literal{val = Value}, _, Cs) -> {fun(_, _) -> Value end, Cs};
expr(#c_var{name = {_, _} = Name}, Scope, Cs) -> function_value(Name, Scope, Cs);
expr(#c_var{name = Name}, Scope, Cs) -> variable(Name, Scope, Cs);
expr(#c_let{} = Let, Scope, Cs) -> 'let'(Let, Scope, Cs);
expr(#c_seq{arg = First, body = Second}, Scope, Cs) -> sequence(First, Second, Scope, Cs);
expr(#c_case{} = Case, Scope, Cs) -> 'case'(Case, Scope, Cs);
expr(#c_call{} = Call, Scope, Cs) -> call(Call, Scope, Cs);
expr(#c_apply{} = Apply, Scope, Cs) -> application(Apply, Scope, Cs);
expr(#c_fun{} = Fun, Scope, Cs) -> block(Fun, Scope, Cs);
expr(#c_letrec{} = Letrec, Scope, Cs) -> letrec(Letrec, Scope, Cs);
expr(#c_values{es = [Single]}, Scope, Cs) -> expr(Single, Scope, Cs);
expr(#c_values{es = Es}, Scope, Cs) -> tuple(Es, Scope, Cs);
expr(#c_tuple{es = Es}, Scope, Cs) -> tuple(Es, Scope, Cs);
expr(#c_cons{hd = Head, tl = Tail}, Scope, Cs) -> cons(Head, Tail, Scope, Cs);
expr(#c_map{} = Map, Scope, Cs) -> map(Map, Scope, Cs);
expr(#c_binary{segments = Segments}, Scope, Cs) -> binary(Segments, Scope, Cs);
expr(#c_try{} = Try, Scope, Cs) -> 'try'(Try, Scope, Cs);
expr(#c_catch{body = Body}, Scope, Cs) -> 'catch'(Body, Scope, Cs);
expr(#c_primop{} = Primop, Scope, Cs) -> primop(Primop, Scope, Cs);
expr(Core, _, _) -> erlang:error({not_supported, element(1, Core)}).

exprs(Cores, Scope, Cs) ->
    lists:mapfoldl(fun(Core, Acc) -> expr(Core, Scope, Acc) end, Cs, Cores).

%% --- Variables ---

variable(Name, Scope, Cs) ->
    {Place, Cs1} = beamtalk_eval_scope:resolve(Name, Scope, Cs),
    {read(Place), Cs1}.

%% Most variables are used near the place that binds them.
read({local, 0}) -> fun([Value | _], _) -> Value end;
read({local, 1}) -> fun([_, Value | _], _) -> Value end;
read({local, 2}) -> fun([_, _, Value | _], _) -> Value end;
read({local, 3}) -> fun([_, _, _, Value | _], _) -> Value end;
read({local, 4}) -> fun([_, _, _, _, Value | _], _) -> Value end;
read({local, Index}) -> fun(L, _) -> lists:nth(Index + 1, L) end;
read({captured, Index}) -> fun(_, C) -> element(Index + 2, C) end;
read(own) -> fun(_, C) -> C end.

names(Vars) ->
    [Name || #c_var{name = Name} <- Vars].

'let'(#c_let{vars = [#c_var{name = Name}], arg = Arg, body = Body}, Scope, Cs) ->
    {Value, Cs1} = expr(Arg, Scope, Cs),
    {Then, Cs2} = expr(Body, beamtalk_eval_scope:bind([Name], Scope), Cs1),
    {fun(L, C) -> Then([Value(L, C) | L], C) end, Cs2};
'let'(#c_let{vars = Vars, arg = Arg, body = Body}, Scope, Cs) ->
    {Values, Cs1} = expr(Arg, Scope, Cs),
    {Then, Cs2} = expr(Body, beamtalk_eval_scope:bind(names(Vars), Scope), Cs1),
    {fun(L, C) -> Then(tuple_to_list(Values(L, C)) ++ L, C) end, Cs2}.

sequence(First, Second, Scope, Cs) ->
    {Do, Cs1} = expr(First, Scope, Cs),
    {Then, Cs2} = expr(Second, Scope, Cs1),
    Code = fun(L, C) ->
        _ = Do(L, C),
        Then(L, C)
    end,
    {Code, Cs2}.

%% --- Case ---

'case'(#c_case{arg = Arg, clauses = Clauses}, Scope, Cs) ->
    {Subject, Cs1} = expr(Arg, Scope, Cs),
    {Select, Cs2} = clauses(Clauses, Scope, Cs1),
    {fun(L, C) -> Select(Subject(L, C), L, C) end, Cs2}.

%% Each clause is a fun of subject, locals and closure that goes on to the next clause.
clauses([], _, Cs) ->
    {fun(Subject, _, _) -> erlang:error({case_clause, Subject}) end, Cs};
clauses([#c_clause{pats = Patterns, guard = Guard, body = Body} | Rest], Scope, Cs) ->
    {Next, Cs1} = clauses(Rest, Scope, Cs),
    {Match, Inner, Cs2} = beamtalk_eval_pattern:patterns(Patterns, Scope, Cs1),
    {Test, Cs3} = guard(Guard, Inner, Cs2),
    {Then, Cs4} = expr(Body, Inner, Cs3),
    {clause(Match, Test, Then, Next), Cs4}.

clause(any, true, Then, _Next) ->
    fun(Subject, L, C) -> Then([Subject | L], C) end;
clause({literal, Literal}, true, Then, Next) ->
    fun
        (Subject, L, C) when Subject =:= Literal -> Then(L, C);
        (Subject, L, C) -> Next(Subject, L, C)
    end;
clause(Pattern, true, Then, Next) ->
    Match = beamtalk_eval_pattern:match(Pattern),
    fun(Subject, L, C) ->
        case Match(Subject, L, C) of
            false -> Next(Subject, L, C);
            Bound -> Then(Bound, C)
        end
    end;
clause(Pattern, Test, Then, Next) ->
    Match = beamtalk_eval_pattern:match(Pattern),
    fun(Subject, L, C) ->
        case Match(Subject, L, C) of
            false ->
                Next(Subject, L, C);
            Bound ->
                case holds(Test, Bound, C) of
                    true -> Then(Bound, C);
                    false -> Next(Subject, L, C)
                end
        end
    end.

guard(#c_literal{val = true}, _, Cs) -> {true, Cs};
guard(Guard, Scope, Cs) -> expr(Guard, beamtalk_eval_scope:in_guard(Scope), Cs).

%% An exception in a guard is a guard that does not hold.
holds(Test, L, C) ->
    try
        Test(L, C) =:= true
    catch
        _:_ -> false
    end.

%% --- Calls ---

call(#c_call{anno = Anno, module = Module, name = Name, args = Args}, Scope, Cs) ->
    {ArgCodes, Cs1} = exprs(Args, Scope, Cs),
    call(Module, Name, ArgCodes, location(Anno, Scope), Scope, Cs1).

call(#c_literal{val = erlang}, #c_literal{val = Name}, Args, Location, _, Cs) ->
    Arity = length(Args),
    {beamtalk_eval_call:static(erlang, Name, Args, where_it_fails(Name, Arity, Location)), Cs};
call(#c_literal{val = Module}, #c_literal{val = Name}, Args, Location, _, Cs) when is_atom(Module), is_atom(Name) ->
    {beamtalk_eval_call:static(Module, Name, Args, Location), Cs};
call(Module, Name, Args, Location, Scope, Cs) ->
    {[ModuleCode, NameCode], Cs1} = exprs([Module, Name], Scope, Cs),
    {beamtalk_eval_call:dynamic(ModuleCode, NameCode, Args, Location), Cs1}.

%% Comparisons and type tests need no location.
where_it_fails(Name, Arity, Location) ->
    case erl_internal:comp_op(Name, Arity) orelse erl_internal:new_type_test(Name, Arity) of
        true -> none;
        false -> Location
    end.

application(#c_apply{op = #c_var{name = {_, _} = Name}, args = Args}, Scope, Cs) ->
    {{Group, Index}, Cs1} = named_function(Name, Scope, Cs),
    {ArgCodes, Cs2} = exprs(Args, Scope, Cs1),
    {beamtalk_eval_call:named(Group, Index, ArgCodes), Cs2};
application(#c_apply{anno = Anno, op = Op, args = Args}, Scope, Cs) ->
    {Fun, Cs1} = expr(Op, Scope, Cs),
    {ArgCodes, Cs2} = exprs(Args, Scope, Cs1),
    {beamtalk_eval_call:value(Fun, ArgCodes, location(Anno, Scope)), Cs2}.

named_function(Name, Scope, Cs) ->
    case beamtalk_eval_scope:function(Name, Scope) of
        {ok, {Group, Index}} ->
            {Place, Cs1} = beamtalk_eval_scope:resolve(Group, Scope, Cs),
            {{place_of_group(Place), Index}, Cs1};
        error ->
            erlang:error({unbound_variable, Name})
    end.

place_of_group(own) -> own;
place_of_group(Place) -> read(Place).

location(Anno, Scope) ->
    case beamtalk_eval_scope:is_guard(Scope) of
        true -> none;
        false -> beamtalk_eval_call:location(Anno, beamtalk_eval_scope:where(Scope))
    end.

%% --- Functions ---

function(#c_fun{vars = Vars, body = Body}, Own, Scope) ->
    Inner = beamtalk_eval_scope:enter(names(Vars), Own, Scope),
    expr(Body, Inner, beamtalk_eval_scope:no_captures()).

block(#c_fun{vars = Vars} = Fun, Scope, Cs) ->
    {Code, Captures} = function(Fun, none, Scope),
    {Closure, Cs1} = closure(Code, beamtalk_eval_scope:captured(Captures), Scope, Cs),
    Arity = length(Vars),
    {fun(L, C) -> beamtalk_eval_fun:make(Arity, Code, Closure(L, C)) end, Cs1}.

function_value({_, Arity} = Name, Scope, Cs) ->
    {{Place, Index}, Cs1} = named_function(Name, Scope, Cs),
    Group = beamtalk_eval_call:group(Place),
    Code = fun(L, C) ->
        Closure = Group(L, C),
        beamtalk_eval_fun:make(Arity, element(Index, element(2, Closure)), Closure)
    end,
    {Code, Cs1}.

letrec(#c_letrec{defs = Defs, body = Body}, Scope, Cs) ->
    {Group, Inner} = beamtalk_eval_scope:bind_group([Name || {#c_var{name = Name}, _} <- Defs], Scope),
    {Codes, Captures} = group_functions([Fun || {_, Fun} <- Defs], Group, Inner),
    {Closure, Cs1} = closure(list_to_tuple(Codes), Captures, Scope, Cs),
    {Then, Cs2} = expr(Body, Inner, Cs1),
    {fun(L, C) -> Then([Closure(L, C) | L], C) end, Cs2}.

%% The functions of a group share one closure.
group_functions(Funs, Group, Scope) ->
    Translate = fun(#c_fun{vars = Vars, body = Body}, Cs) ->
        expr(Body, beamtalk_eval_scope:enter(names(Vars), Group, Scope), Cs)
    end,
    {Codes, Captures} = lists:mapfoldl(Translate, beamtalk_eval_scope:no_captures(), Funs),
    {Codes, beamtalk_eval_scope:captured(Captures)}.

closure(Content, [], _, Cs) ->
    Closure = {?CLOSURE, Content},
    {fun(_, _) -> Closure end, Cs};
closure(Content, Names, Scope, Cs) ->
    {Readers, Cs1} = lists:mapfoldl(fun(Name, Acc) -> variable(Name, Scope, Acc) end, Cs, Names),
    {capture(Content, Readers), Cs1}.

capture(Content, [R1]) ->
    fun(L, C) -> {?CLOSURE, Content, R1(L, C)} end;
capture(Content, [R1, R2]) ->
    fun(L, C) -> {?CLOSURE, Content, R1(L, C), R2(L, C)} end;
capture(Content, Readers) ->
    fun(L, C) -> list_to_tuple([?CLOSURE, Content | [Read(L, C) || Read <- Readers]]) end.

%% --- Data ---

tuple([E1, E2], Scope, Cs) ->
    {[First, Second], Cs1} = exprs([E1, E2], Scope, Cs),
    {fun(L, C) -> {First(L, C), Second(L, C)} end, Cs1};
tuple(Es, Scope, Cs) ->
    {Codes, Cs1} = exprs(Es, Scope, Cs),
    {fun(L, C) -> list_to_tuple([Code(L, C) || Code <- Codes]) end, Cs1}.

cons(Head, Tail, Scope, Cs) ->
    {[First, Rest], Cs1} = exprs([Head, Tail], Scope, Cs),
    Code = fun(L, C) ->
        Value = First(L, C),
        [Value | Rest(L, C)]
    end,
    {Code, Cs1}.

map(#c_map{arg = Arg, es = Pairs}, Scope, Cs) ->
    {Base, Cs1} = expr(Arg, Scope, Cs),
    {Updates, Cs2} = lists:mapfoldl(fun(Pair, Acc) -> update(Pair, Scope, Acc) end, Cs1, Pairs),
    Code = fun(L, C) ->
        Map = Base(L, C),
        put_all([{Op, Key(L, C), Value(L, C)} || {Op, Key, Value} <- Updates], Map)
    end,
    {Code, Cs2}.

update(#c_map_pair{op = #c_literal{val = Op}, key = Key, val = Value}, Scope, Cs) ->
    {[KeyCode, ValueCode], Cs1} = exprs([Key, Value], Scope, Cs),
    {{Op, KeyCode, ValueCode}, Cs1}.

put_all(_, Map) when not is_map(Map) -> erlang:error({badmap, Map});
put_all(Pairs, Map) -> lists:foldl(fun put_pair/2, Map, Pairs).

put_pair({assoc, Key, Value}, Map) -> Map#{Key => Value};
put_pair({exact, Key, Value}, Map) -> Map#{Key := Value}.

binary(Segments, Scope, Cs) ->
    {Codes, Cs1} = lists:mapfoldl(fun(Segment, Acc) -> segment(Segment, Scope, Acc) end, Cs, Segments),
    {fun(L, C) -> join([Code(L, C) || Code <- Codes]) end, Cs1}.

segment(#c_bitstr{val = Value, size = Size, unit = #c_literal{val = Unit}} = Segment, Scope, Cs) ->
    Format = beamtalk_eval_pattern:format(Segment),
    {[ValueCode, SizeCode], Cs1} = exprs([Value, Size], Scope, Cs),
    {fun(L, C) -> {Format, ValueCode(L, C), SizeCode(L, C), Unit} end, Cs1}.

%% All values are there before the first segment is built, as in compiled code.
join(Segments) ->
    Append = fun({Format, Value, Size, Unit}, Bits) ->
        <<Bits/bitstring, (beamtalk_eval_bits:build(Format, Value, Size, Unit))/bitstring>>
    end,
    lists:foldl(Append, <<>>, Segments).

%% --- Exceptions ---

'try'(#c_try{arg = Arg, vars = Vars, body = Body, evars = Evars, handler = Handler}, Scope, Cs) ->
    {Protected, Cs1} = expr(Arg, Scope, Cs),
    {Then, Cs2} = expr(Body, beamtalk_eval_scope:bind(names(Vars), Scope), Cs1),
    {Catch, Cs3} = expr(Handler, beamtalk_eval_scope:bind(names(Evars), Scope), Cs2),
    Bind = binder(length(Vars)),
    Caught = length(Evars),
    Code = fun(L, C) ->
        try Protected(L, C) of
            Value -> Then(Bind(Value, L), C)
        catch
            Class:Reason:Stack ->
                Catch(lists:sublist([Class, Reason, raw_stack(Class, Stack)], Caught) ++ L, C)
        end
    end,
    {Code, Cs3}.

binder(1) -> fun(Value, L) -> [Value | L] end;
binder(_) -> fun(Values, L) -> tuple_to_list(Values) ++ L end.

%% The third variable of a handler is known to primitive operations only.
raw_stack(Class, Stack) ->
    {Class, beamtalk_eval:locate(Stack)}.

'catch'(Body, Scope, Cs) ->
    {Protected, Cs1} = expr(Body, Scope, Cs),
    {fun(L, C) -> catch Protected(L, C) end, Cs1}.

primop(#c_primop{anno = Anno, name = #c_literal{val = Name}, args = Args}, Scope, Cs) ->
    {Codes, Cs1} = exprs(Args, Scope, Cs),
    {operation(Name, Codes, location(Anno, Scope)), Cs1}.

operation(match_fail, [Reason], Location) ->
    fun(L, C) ->
        Failure = match_failure(Reason(L, C)),
        beamtalk_eval_call:mark(Location),
        erlang:error(Failure)
    end;
operation(raise, [Raw, Reason], _) ->
    fun(L, C) ->
        {Class, Stack} = Raw(L, C),
        erlang:raise(Class, Reason(L, C), Stack)
    end;
operation(raw_raise, [Class, Reason, Raw], _) ->
    fun(L, C) ->
        {_, Stack} = Raw(L, C),
        erlang:raise(Class(L, C), Reason(L, C), Stack)
    end;
operation(build_stacktrace, [Raw], _) ->
    fun(L, C) ->
        {_, Stack} = Raw(L, C),
        Stack
    end;
operation(bs_init_writable, [_Size], _) ->
    fun(_, _) -> <<>> end;
operation(Name, Args, _) ->
    erlang:error({not_supported, {primop, Name, length(Args)}}).

match_failure(Failure) when element(1, Failure) =:= function_clause -> function_clause;
match_failure({if_clause}) -> if_clause;
match_failure(Failure) -> Failure.
