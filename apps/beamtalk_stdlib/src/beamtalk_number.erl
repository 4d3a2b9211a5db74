%% @doc Primitives of class Number: what integers and floats share. Arguments outside the domain of a
%% function raise `badarith', which is a type_error.
-module(beamtalk_number).

-export([
    abs/1, negated/1, 'min:'/2, 'max:'/2,
    rounded/1, ceiling/1, floor/1, truncated/1, 'roundTo:'/2, 'truncateTo:'/2,
    sqrt/1, log/1, log2/1, log10/1, exp/1
]).

%% @doc Magnitude.
-spec abs(number()) -> number().
abs(Self) -> erlang:abs(Self).

%% @doc Negative.
-spec negated(number()) -> number().
negated(Self) -> -Self.

%% @doc The smaller of two numbers.
-spec 'min:'(number(), number()) -> number().
'min:'(Self, Other) when is_number(Other) -> min(Self, Other);
'min:'(Self, _) -> beamtalk_error:raise(beamtalk_error:type_error('min:', Self)).

%% @doc The larger of two numbers.
-spec 'max:'(number(), number()) -> number().
'max:'(Self, Other) when is_number(Other) -> max(Self, Other);
'max:'(Self, _) -> beamtalk_error:raise(beamtalk_error:type_error('max:', Self)).

%% @doc Nearest integer, halves away from zero.
-spec rounded(number()) -> integer().
rounded(Self) -> round(Self).

%% @doc Smallest integer that is not less.
-spec ceiling(number()) -> integer().
ceiling(Self) -> ceil(Self).

%% @doc Largest integer that is not greater.
-spec floor(number()) -> integer().
floor(Self) -> erlang:floor(Self).

%% @doc Integer part.
-spec truncated(number()) -> integer().
truncated(Self) -> trunc(Self).

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

%% @doc Square root.
-spec sqrt(number()) -> float().
sqrt(Self) -> math:sqrt(Self).

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
