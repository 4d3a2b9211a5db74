%% @doc Executes Core Erlang without making a module: no atom, code or process remains, and a fun that the code makes
%% holds only terms, so it stays valid for as long as anything refers to it, in any process.
%%
%% The code is translated once into a tree of Erlang funs (`beamtalk_eval_code') in which every variable is a position
%% in a list of locals or in a closure. `bench/eval_bench.escript' compares this with walking the terms as they are and
%% with compiling them; OTP 25 with JIT, x86-64:
%% `'`
%%                        translated   walked   compiled and loaded
%% 1 + 2, once                2.7 us   0.2 us               1100 us
%% loop of 1,000,000          130 ms   250 ms                1.4 ms
%% '''
%% Translation costs microseconds where compilation costs a millisecond. It halves the time of a loop, although the
%% walker there notes no locations and makes no closures; and only translated code can give a closure exactly the
%% variables that it mentions, which the collection of captured cells rests on.
%%
%% Calls in tail position are tail calls, so a call cannot leave a frame that would know its line. Instead, every
%% annotated call outside of guards first puts its stack item (module, function, arity, file, line) into the process
%% dictionary, which costs some 12 ns. Where an exception is caught, this item takes the place of the evaluator's
%% frames: one line for each exception, that of the call begun last. Comparisons and type tests, which do not fail,
%% note nothing. A fun that is called after its evaluation has ended notes its calls too; the process keeps that item.
%%
%% Not supported, with the error `{not_supported, Construct}': `receive' and the operations it is lowered to. A `fun'
%% of more than 253 parameters raises `{system_limit, {fun_arity, Arity}}' when it is made; named functions have no
%% limit. A guard that raises does not hold, however it is written.
-module(beamtalk_eval).

-export([run/3, expr/2, locate/1, captured/1]).

-include("beamtalk_eval.hrl").

%% Frames that the virtual machine keeps of a stack (`backtrace_depth'); a trace of that length may lack its end.
-define(TRACE_LENGTH, 8).

-type stack_item() :: {module(), atom(), arity() | [term()], [{atom(), term()}]} | {fun(), arity() | [term()], list()}.
%% An item of a stack trace.

%% @doc Applies a function of a module, given as Core Erlang, to arguments. What the code raises is raised, with
%% the lines of the code in the stack trace.
-spec run(beamtalk_eval_code:core(), atom(), [term()]) -> term().
run(#c_module{name = #c_literal{val = Module}} = Core, Function, Args) ->
    {Closure, Functions} = beamtalk_eval_code:module(Core),
    case maps:find({Function, length(Args)}, Functions) of
        {ok, Index} -> execute(element(Index, element(2, Closure)), Args, Closure);
        error -> erlang:raise(error, undef, [{Module, Function, Args, []}])
    end.

%% @doc Evaluates an expression; `Bindings' holds the values of its free variables.
-spec expr(beamtalk_eval_code:core(), #{integer() | atom() => term()}) -> term().
expr(Core, Bindings) ->
    {Names, Values} = lists:unzip(maps:to_list(Bindings)),
    execute(beamtalk_eval_code:expression(Core, Names), Values, {?CLOSURE, none}).

%% An evaluation can happen inside a call made by another one, whose location must come back.
execute(Code, Locals, Closure) ->
    Outer = erase(?LOCATION),
    try
        Code(Locals, Closure)
    catch
        Class:Reason:Stack -> erlang:raise(Class, Reason, locate_truncated(locate(Stack)))
    after
        restore(Outer)
    end.

restore(undefined) -> erase(?LOCATION);
restore(Location) -> put(?LOCATION, Location).

%% @doc Replaces the frames of the evaluator in a stack trace by the location of the evaluated code. To be called where
%% the exception is caught, in the process that raised it.
-spec locate([stack_item()]) -> [stack_item()].
locate(Stack) ->
    case lists:splitwith(fun is_compiled/1, Stack) of
        {_, []} -> Stack;
        {Called, Rest} -> Called ++ location() ++ lists:filter(fun is_compiled/1, Rest)
    end.

location() ->
    case get(?LOCATION) of
        undefined -> [];
        Item -> [Item]
    end.

is_compiled({beamtalk_eval, _, _, _}) -> false;
is_compiled({beamtalk_eval_code, _, _, _}) -> false;
is_compiled({beamtalk_eval_call, _, _, _}) -> false;
is_compiled({beamtalk_eval_fun, _, _, _}) -> false;
is_compiled({beamtalk_eval_pattern, _, _, _}) -> false;
is_compiled({beamtalk_eval_bits, _, _, _}) -> false;
is_compiled(_) -> true.

%% A deep failure of a called function fills the trace with its own frames.
locate_truncated(Stack) when length(Stack) < ?TRACE_LENGTH ->
    Stack;
locate_truncated(Stack) ->
    case lists:member(get(?LOCATION), Stack) of
        true -> Stack;
        false -> lists:sublist(Stack, ?TRACE_LENGTH - 1) ++ location()
    end.

%% @doc The values that an evaluated fun holds, also through the named functions that it can call; `none' for a
%% fun that is not an evaluated one. For these, `erlang:fun_info(Fun, env)' shows the evaluator's own data.
-spec captured(fun()) -> {ok, [term()]} | none.
captured(Fun) ->
    beamtalk_eval_fun:captured(Fun).
