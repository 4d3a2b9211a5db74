%% @doc Names and places: where the evaluator's code finds a variable when it runs.
%%
%% A function runs with a list of locals, the latest first, and a closure that holds what it captured. A scope knows
%% the names of both at translation time. Captures are collected while a function's body is translated: a name that is
%% not local is given the next place in the closure, and the function that encloses it is asked for the name when the
%% closure is made. So a closure holds exactly what its body mentions, which matters where a captured value has a
%% destructor, and one pass over the code is enough.
-module(beamtalk_eval_scope).

-export([new/2, bind/2, bind_group/2, enter/3, resolve/3, function/2, no_captures/0, captured/1, where/1]).
-export([in_guard/1, is_guard/1]).
-export_type([scope/0, captures/0, place/0, name/0, group/0]).

-record(scope, {
    where :: mfa(),
    frame = 0 :: non_neg_integer(),
    depth = 0 :: non_neg_integer(),
    locals = #{} :: #{name() => non_neg_integer()},
    functions = #{} :: #{{atom(), arity()} => {group(), pos_integer()}},
    own = none :: group() | none,
    guard = false :: boolean()
}).

-opaque scope() :: #scope{}.
%% What is visible at a point of the code.

-opaque captures() :: #{name() => pos_integer()}.
%% What the function under translation has captured so far.

-type group() :: {'$group', Frame :: non_neg_integer(), Level :: non_neg_integer()}.
%% A group of named functions. No two that are visible at one point have the same frame and level.

-type name() :: integer() | atom() | group().
%% What a place can be asked for.

-type place() :: {local, non_neg_integer()} | {captured, pos_integer()} | own.
%% A position in the list of locals, from 0; an element of the closure; the closure itself.

%% @doc The scope of an expression with these locals, as part of function `Where'.
-spec new(mfa(), [name()]) -> scope().
new(Where, Names) ->
    bind(Names, #scope{where = Where}).

%% @doc Adds locals; the first of them becomes the head of the list.
-spec bind([name()], scope()) -> scope().
bind(Names, Scope) ->
    lists:foldr(fun bind_one/2, Scope, Names).

bind_one(Name, #scope{locals = Locals, depth = Depth} = Scope) ->
    Scope#scope{locals = Locals#{Name => Depth}, depth = Depth + 1}.

%% @doc Adds one local that holds a group of functions.
-spec bind_group([{atom(), arity()}], scope()) -> {group(), scope()}.
bind_group(Names, #scope{frame = Frame, depth = Depth} = Scope) ->
    Group = {'$group', Frame, Depth},
    {Group, bind_one(Group, name_functions(Names, Group, Scope))}.

name_functions(Names, Group, #scope{functions = Functions} = Scope) ->
    Indexed = lists:zip(Names, lists:seq(1, length(Names))),
    Add = fun({Name, Index}, Acc) -> Acc#{Name => {Group, Index}} end,
    Scope#scope{functions = lists:foldl(Add, Functions, Indexed)}.

%% @doc The scope inside a function with these parameters. `Own' is the group that it belongs to.
-spec enter([name()], group() | none, scope()) -> scope().
enter(Parameters, Own, #scope{frame = Frame} = Scope) ->
    bind(Parameters, Scope#scope{frame = Frame + 1, depth = 0, locals = #{}, own = Own, guard = false}).

%% @doc Group of a named function, and its position there.
-spec function({atom(), arity()}, scope()) -> {ok, {group(), pos_integer()}} | error.
function(Name, #scope{functions = Functions}) ->
    maps:find(Name, Functions).

%% @doc Where a name is found; captures it if it belongs to an enclosing function.
-spec resolve(name(), scope(), captures()) -> {place(), captures()}.
resolve(Own, #scope{own = Own}, Captures) ->
    {own, Captures};
resolve(Name, #scope{locals = Locals, depth = Depth}, Captures) ->
    case Locals of
        #{Name := Level} -> {{local, Depth - 1 - Level}, Captures};
        #{} -> capture(Name, Captures)
    end.

capture(Name, Captures) ->
    case Captures of
        #{Name := Index} ->
            {{captured, Index}, Captures};
        #{} ->
            Index = map_size(Captures) + 1,
            {{captured, Index}, Captures#{Name => Index}}
    end.

%% @doc Captures of a function whose translation begins.
-spec no_captures() -> captures().
no_captures() ->
    #{}.

%% @doc The captured names, in the order of their places.
-spec captured(captures()) -> [name()].
captured(Captures) ->
    [Name || {Name, _} <- lists:keysort(2, maps:to_list(Captures))].

%% @doc The function of the module that this is part of.
-spec where(scope()) -> mfa().
where(#scope{where = Where}) ->
    Where.

%% @doc The same scope, for a guard.
-spec in_guard(scope()) -> scope().
in_guard(Scope) ->
    Scope#scope{guard = true}.

%% @doc Whether this is part of a guard.
-spec is_guard(scope()) -> boolean().
is_guard(#scope{guard = Guard}) ->
    Guard.
