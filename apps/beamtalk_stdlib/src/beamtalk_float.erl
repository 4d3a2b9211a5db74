%% @doc Primitives of class Float. Arithmetic with something that is not a number, and a result outside
%% the range of a float, raise `badarith', which is a type_error.
-module(beamtalk_float).

-export([
    pi/1, e/1, infinity/1,
    '+'/2, '-'/2, '*'/2, '/'/2, '**'/2, '%'/2, '<'/2, '>'/2, '<='/2, '>='/2,
    abs/1, negated/1, 'min:'/2, 'max:'/2, rounded/1, ceiling/1, floor/1, truncated/1, sqrt/1,
    sin/1, cos/1, tan/1, sinh/1, cosh/1, tanh/1, asin/1, acos/1, atan/1, 'atan2:'/2,
    asString/1
]).

-compile({no_auto_import, [abs/1, floor/1]}).

-include("beamtalk_arithmetic.hrl").

%% @doc The ratio of a circle's circumference to its diameter.
-spec pi(term()) -> float().
pi(_Class) -> math:pi().

%% @doc The base of natural logarithms.
-spec e(term()) -> float().
e(_Class) -> math:exp(1).

%% @doc There are no infinite floats.
-spec infinity(term()) -> no_return().
infinity(_Class) ->
    Message = <<"floats of the Erlang VM cannot be infinite">>,
    beamtalk_error:raise(beamtalk_error:argument_error(Message, infinity)).

%% @doc Sum.
-spec '+'(float(), number()) -> number().
'+'(Self, Other) -> Self + Other.

%% @doc Difference.
-spec '-'(float(), number()) -> number().
'-'(Self, Other) -> Self - Other.

%% @doc Product.
-spec '*'(float(), number()) -> number().
'*'(Self, Other) -> Self * Other.

%% @doc Quotient.
-spec '/'(float(), number()) -> float().
'/'(Self, Other) -> Self / Other.

%% @doc Power.
-spec '**'(float(), number()) -> float().
'**'(Self, Exponent) when is_number(Exponent) -> math:pow(Self, Exponent);
'**'(_, _) -> erlang:error(badarith).

%% @doc Only integers have a remainder.
-spec '%'(float(), number()) -> no_return().
'%'(_, _) -> erlang:error(badarith).

%% @doc Less.
-spec '<'(float(), term()) -> boolean().
'<'(Self, Other) -> Self < Other.

%% @doc Greater.
-spec '>'(float(), term()) -> boolean().
'>'(Self, Other) -> Self > Other.

%% @doc Less or equal.
-spec '<='(float(), term()) -> boolean().
'<='(Self, Other) -> Self =< Other.

%% @doc Greater or equal.
-spec '>='(float(), term()) -> boolean().
'>='(Self, Other) -> Self >= Other.

%% @doc Sine of an angle in radians.
-spec sin(float()) -> float().
sin(Self) -> math:sin(Self).

%% @doc Cosine of an angle in radians.
-spec cos(float()) -> float().
cos(Self) -> math:cos(Self).

%% @doc Tangent of an angle in radians.
-spec tan(float()) -> float().
tan(Self) -> math:tan(Self).

%% @doc Hyperbolic sine.
-spec sinh(float()) -> float().
sinh(Self) -> math:sinh(Self).

%% @doc Hyperbolic cosine.
-spec cosh(float()) -> float().
cosh(Self) -> math:cosh(Self).

%% @doc Hyperbolic tangent.
-spec tanh(float()) -> float().
tanh(Self) -> math:tanh(Self).

%% @doc Angle in radians whose sine is the receiver.
-spec asin(float()) -> float().
asin(Self) -> math:asin(Self).

%% @doc Angle in radians whose cosine is the receiver.
-spec acos(float()) -> float().
acos(Self) -> math:acos(Self).

%% @doc Angle in radians whose tangent is the receiver.
-spec atan(float()) -> float().
atan(Self) -> math:atan(Self).

%% @doc Angle in radians of the point with the argument as x and the receiver as y.
-spec 'atan2:'(float(), number()) -> float().
'atan2:'(Self, X) when is_number(X) -> math:atan2(Self, X);
'atan2:'(_, _) -> erlang:error(badarith).

%% @doc Shortest digits that read back, with a fraction.
-spec asString(float()) -> binary().
asString(Self) -> beamtalk_print:float(Self).
