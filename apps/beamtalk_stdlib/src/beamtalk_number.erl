%% @doc Primitives of class Number: what integers and floats share. Arguments outside the domain of a
%% function raise `badarith', which is a type_error.
-module(beamtalk_number).

-export([
    abs/1, negated/1, 'min:'/2, 'max:'/2,
    rounded/1, ceiling/1, floor/1, truncated/1, 'roundTo:'/2, 'truncateTo:'/2,
    sqrt/1, log/1, log2/1, log10/1, exp/1
]).

-include("beamtalk_arithmetic.hrl").

%% @doc Nearest multiple of the quantum, halves away from zero; exact for integers of any size.
-spec 'roundTo:'(number(), number()) -> number().
'roundTo:'(Self, Quantum) when is_integer(Self), is_integer(Quantum) ->
    Remainder = Self rem Quantum,
    Truncated = Self - Remainder,
    case 2 * erlang:abs(Remainder) < erlang:abs(Quantum) of
        true -> Truncated;
        false when Self < 0 -> Truncated - erlang:abs(Quantum);
        false -> Truncated + erlang:abs(Quantum)
    end;
'roundTo:'(Self, Quantum) ->
    round(Self / Quantum) * Quantum.

%% @doc Nearest multiple of the quantum toward zero.
-spec 'truncateTo:'(number(), number()) -> number().
'truncateTo:'(Self, Quantum) when is_integer(Self), is_integer(Quantum) ->
    Self - Self rem Quantum;
'truncateTo:'(Self, Quantum) ->
    trunc(Self / Quantum) * Quantum.

%% @doc Natural logarithm.
-spec log(number()) -> float().
log(Self) -> math:log(Self).

%% @doc Logarithm to the base 2.
-spec log2(number()) -> float().
log2(Self) -> math:log2(Self).

%% @doc Logarithm to the base 10.
-spec log10(number()) -> float().
log10(Self) -> math:log10(Self).

%% @doc Power of e.
-spec exp(number()) -> float().
exp(Self) -> math:exp(Self).
