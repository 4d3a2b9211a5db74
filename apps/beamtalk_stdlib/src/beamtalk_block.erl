%% @doc Primitives of class Block. Blocks are funs; a wrong number of arguments raises `badarity', which is
%% an arity_mismatch.
-module(beamtalk_block).

-export([
    '<'/2, '>'/2, '<='/2, '>='/2,
    value/1, 'value:'/2, 'value:value:'/3, 'value:value:value:'/4, 'valueWithArguments:'/2, arity/1,
    'on:do:'/3, 'ensure:'/2
]).

-include("beamtalk_term_order.hrl").

%% @doc Evaluates the block.
-spec value(fun()) -> term().
value(Self) -> Self().

%% @doc Evaluates the block with one argument.
-spec 'value:'(fun(), term()) -> term().
'value:'(Self, A) -> Self(A).

%% @doc Evaluates the block with two arguments.
-spec 'value:value:'(fun(), term(), term()) -> term().
'value:value:'(Self, A, B) -> Self(A, B).

%% @doc Evaluates the block with three arguments.
-spec 'value:value:value:'(fun(), term(), term(), term()) -> term().
'value:value:value:'(Self, A, B, C) -> Self(A, B, C).

%% @doc Evaluates the block with the arguments in a list.
-spec 'valueWithArguments:'(fun(), [term()]) -> term().
'valueWithArguments:'(Self, Args) when is_list(Args) -> apply(Self, Args);
'valueWithArguments:'(Self, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('valueWithArguments:', Self)).

%% @doc Number of parameters.
-spec arity(fun()) -> arity().
arity(Self) ->
    {arity, Arity} = erlang:fun_info(Self, arity),
    Arity.

%% @doc Evaluates the block; the handler's value when an exception of the class, or of a subclass, leaves it.
-spec 'on:do:'(fun(), term(), fun()) -> term().
'on:do:'(Self, Class, Handler) ->
    beamtalk_exception:on_do(Self, Class, Handler).

%% @doc Evaluates the block and then, however it ends, the cleanup block.
-spec 'ensure:'(fun(), fun()) -> term().
'ensure:'(Self, Cleanup) ->
    beamtalk_exception:ensure(Self, Cleanup).
