%% @doc Primitives of class RetryPolicy.
-module(beamtalk_retry_policy).

-export(['interval:'/2]).

%% The longest time that a process can wait at once, in milliseconds.
-define(LONGEST, 16#FFFF_FFFF).

%% @doc Milliseconds to wait after an attempt: ever longer by the factor, up to the maximum; with jitter, a
%% random time of at least half of it.
-spec 'interval:'(map(), pos_integer()) -> non_neg_integer().
'interval:'(#{jitter := Jitter} = Self, Attempt) when is_integer(Attempt), Attempt >= 1 ->
    jitter(Jitter, capped(Self, Attempt));
'interval:'(Self, _) ->
    beamtalk_argument:wrong('intervalForAttempt:', Self, "attempts are counted from 1").

capped(#{maximumInterval := Maximum} = Self, Attempt) ->
    min(longest(Maximum), max(0, grown(Self, Attempt))).

longest(Maximum) when is_number(Maximum) -> min(?LONGEST, max(0, round(Maximum)));
longest(_) -> ?LONGEST.

%% Beyond what a Float can hold it is too long anyway.
grown(#{initialInterval := Initial, backoffCoefficient := Factor}, Attempt) ->
    try
        round(Initial * math:pow(Factor, Attempt - 1))
    catch
        error:badarith when Initial =:= 0 -> 0;
        error:badarith when is_number(Initial), is_number(Factor) -> ?LONGEST
    end.

jitter(true, Milliseconds) -> Milliseconds - rand:uniform(Milliseconds div 2 + 1) + 1;
jitter(_, Milliseconds) -> Milliseconds.
