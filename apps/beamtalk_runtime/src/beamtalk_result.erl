%% @doc Results: their representation for Erlang code, and the primitives of class Result.
-module(beamtalk_result).

-export([ok/1, error/1, from_erlang/1, 'fromTuple:'/2]).

-export_type([result/0]).

-define(CLASS, 'bt@stdlib@result').

-compile({no_auto_import, [error/1]}).

-type result() :: #{
    '$beamtalk_class' := ?CLASS, okValue := term(), errReason := term(), isOk := boolean()
}.

%% @doc Success.
-spec ok(term()) -> result().
ok(Value) ->
    #{'$beamtalk_class' => ?CLASS, okValue => Value, errReason => nil, isOk => true}.

%% @doc Failure.
-spec error(term()) -> result().
error(Reason) ->
    #{'$beamtalk_class' => ?CLASS, okValue => nil, errReason => Reason, isOk => false}.

%% @doc The result for what an Erlang function answered, if that is Erlang's way to tell success from
%% failure. The reason of a failure becomes an exception object.
-spec from_erlang(term()) -> {result, result()} | other.
from_erlang({ok, Value}) -> {result, ok(Value)};
from_erlang({error, Reason}) -> {result, error(exception(Reason))};
from_erlang(ok) -> {result, ok(nil)};
from_erlang(error) -> {result, error(nil)};
from_erlang(_) -> other.

exception(Reason) ->
    case beamtalk_error:is_exception(Reason) of
        true -> Reason;
        false -> beamtalk_error:new(runtime_error, text(Reason), #{details => #{reason => Reason}})
    end.

text(Reason) ->
    beamtalk_print:display(Reason).

%% @doc The result of a tuple tagged `ok' or `error'.
-spec 'fromTuple:'(term(), tuple()) -> result().
'fromTuple:'(Class, Tuple) when is_tuple(Tuple) ->
    case from_erlang(Tuple) of
        {result, Result} -> Result;
        other -> beamtalk_error:raise(beamtalk_error:type_error('fromTuple:', Class))
    end;
'fromTuple:'(Class, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('fromTuple:', Class)).
