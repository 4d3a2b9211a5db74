%% @doc Primitives of class TestCase: the exceptions by which a test ends, and the count of its assertions.
-module(beamtalk_test_case).

-export(['fail:'/2, 'skip:'/2, 'is:ofKind:'/3, 'isSkip:'/2, countAssertion/1]).
-export([assertions/0]).

-define(ASSERTIONS, '$bt_assertions').

%% What skips a test is no Error: handlers for errors in the test do not see it.
-define(EXCEPTION, 'bt@stdlib@exception').
-define(SKIPPED, test_skipped).

%% @doc Raises assertion_failed.
-spec 'fail:'(term(), term()) -> no_return().
'fail:'(Self, Message) ->
    beamtalk_error:raise(assertion_failed, beamtalk_print:display(Message), fields(Self)).

%% @doc Raises the exception that skips a test; its message is the reason.
-spec 'skip:'(term(), term()) -> no_return().
'skip:'(Self, Reason) ->
    beamtalk_error:raise(
        beamtalk_error:instance(?EXCEPTION, ?SKIPPED, beamtalk_print:display(Reason), fields(Self))
    ).

fields(Self) ->
    #{errorClass => binary_to_atom(beamtalk_class:name_of(Self))}.

%% @doc Whether an exception is of a kind, or comes from a raw Erlang error whose reason is that word, alone or as the
%% tag of a tuple.
-spec 'is:ofKind:'(term(), beamtalk_error:exception(), atom()) -> boolean().
'is:ofKind:'(_, #{kind := Kind}, Kind) -> true;
'is:ofKind:'(_, #{details := #{reason := Kind}}, Kind) -> true;
'is:ofKind:'(_, #{details := #{reason := Reason}}, Kind) when element(1, Reason) =:= Kind -> true;
'is:ofKind:'(_, _, _) -> false.

%% @doc Whether an exception skips a test.
-spec 'isSkip:'(term(), beamtalk_error:exception()) -> boolean().
'isSkip:'(_, #{'$beamtalk_class' := ?EXCEPTION, kind := ?SKIPPED}) -> true;
'isSkip:'(_, _) -> false.

%% @doc Counts an assertion of this process.
-spec countAssertion(term()) -> nil.
countAssertion(_) ->
    _ = put(?ASSERTIONS, assertions() + 1),
    nil.

%% @doc Number of assertions that this process has made.
-spec assertions() -> non_neg_integer().
assertions() ->
    case get(?ASSERTIONS) of
        undefined -> 0;
        Count -> Count
    end.
