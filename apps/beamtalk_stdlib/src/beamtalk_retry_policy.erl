%% @doc Primitives of class RetryPolicy.
-module(beamtalk_retry_policy).

-export(['intervalForAttempt:'/2]).

%% Beyond that many milliseconds, some 35 years, an interval does not grow.
-define(LONGEST, 1_100_000_000_000).

%% @doc `intervalForAttempt:'
-spec 'intervalForAttempt:'(map(), term()) -> non_neg_integer().
'intervalForAttempt:'(Self, Attempt) when is_integer(Attempt), Attempt > 0 ->
    #{initialInterval := Initial, backoffCoefficient := Coefficient} = Self,
    Grown = min(?LONGEST, round(min(?LONGEST, Initial * power(Coefficient, Attempt - 1)))),
    randomized(maps:get(jitter, Self), capped(maps:get(maximumInterval, Self), max(0, Grown)));
'intervalForAttempt:'(Self, _) ->
    beamtalk_argument:wrong('intervalForAttempt:', Self, <<"attempts are counted from 1">>).

%% A power too large for a Float is as good as any large one.
power(Coefficient, Exponent) ->
    try
        math:pow(Coefficient, Exponent)
    catch
        error:badarith -> float(?LONGEST)
    end.

capped(Maximum, Interval) when is_integer(Maximum) -> min(Maximum, Interval);
capped(nil, Interval) -> Interval.

randomized(true, Interval) when Interval > 1 ->
    Half = Interval div 2,
    Half + rand:uniform(Interval - Half);
randomized(_, Interval) ->
    Interval.
