%% What numbers of both classes are asked for often: Integer and Float have it themselves, so that a message need not be
%% looked for in Number. To be included after the exports.

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

%% @doc Square root.
-spec sqrt(number()) -> float().
sqrt(Self) -> math:sqrt(Self).
