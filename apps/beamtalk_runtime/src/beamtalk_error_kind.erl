%% @doc The kinds of exceptions: the class of each, and the advice given when nothing better is known.
-module(beamtalk_error_kind).

-export([class/1, is_known/1, hint/1, kinds/0]).

%% @doc Module of the exception class that belongs to a kind; every kind not in the table is an Error.
-spec class(atom()) -> module().
class(type_error) -> 'bt@stdlib@type_error';
class(instantiation_error) -> 'bt@stdlib@instantiation_error';
class(erlang_exit) -> 'bt@stdlib@exit_error';
class(erlang_throw) -> 'bt@stdlib@throw_error';
class(Kind) -> class(is_map_key(Kind, runtime_hints()), Kind).

class(true, _) -> 'bt@stdlib@runtime_error';
class(false, _) -> 'bt@stdlib@error'.

%% @doc True for the kinds whose class is fixed by the kind.
-spec is_known(atom()) -> boolean().
is_known(Kind) ->
    class(Kind) =/= 'bt@stdlib@error'.

%% @doc All kinds whose class is fixed by the kind.
-spec kinds() -> [atom()].
kinds() ->
    [type_error, instantiation_error, erlang_exit, erlang_throw | maps:keys(runtime_hints())].

%% @doc General advice for a kind, or `nil'.
-spec hint(atom()) -> binary() | nil.
hint(type_error) ->
    <<"check the types of the receiver and of the arguments">>;
hint(instantiation_error) ->
    <<"actors are created with 'spawn' or 'spawnWith:', values with 'new'">>;
hint(erlang_exit) ->
    <<"an Erlang process ended or called exit/1; the message is its reason">>;
hint(erlang_throw) ->
    <<"Erlang code threw a term that nothing caught">>;
hint(timeout) ->
    <<"use 'withTimeout:' to allow more time, or a cast to not wait at all">>;
hint(no_such_process) ->
    <<"the actor has ended or given its name up; register one under that name again">>;
hint(deadlock_detected) ->
    <<"break the cycle of synchronous sends with a cast">>;
hint(Kind) ->
    maps:get(Kind, runtime_hints(), nil).

%% The kinds of class RuntimeError.
runtime_hints() ->
    #{
        does_not_understand => <<"use 'respondsTo:' to check before sending">>,
        arity_mismatch => <<"pass as many arguments as the block or function has parameters">>,
        index_out_of_bounds => <<"indexes start at 1 and end at the size">>,
        empty_collection => <<"check 'isEmpty' first">>,
        empty_queue => <<"check 'isEmpty' first">>,
        not_found => <<"use 'detect:ifNone:' to give a default">>,
        key_error => <<"use 'at:ifAbsent:' or 'includesKey:' when the key may be missing">>,
        argument_error => <<"check the arguments' types and ranges">>,
        immutable_value => <<"values cannot be changed; make a changed copy instead">>,
        class_not_found => <<"check the spelling, and that the class is loaded">>,
        foreign_state => <<"send the actor a message that changes the field">>,
        actor_dead => <<"use 'isAlive' to check, or spawn the actor again">>,
        process_not_found => <<"the process has ended or was never registered">>,
        timeout_error => <<"the operation took longer than its time limit">>,
        resource_error => <<"a limit of the Erlang VM was reached">>,
        internal_error => <<"no clause or pattern matches the value; add a case for it">>,
        callback_failed => <<"see the exception's details for what the callback raised">>,
        dispatch_error => <<"the message could not be delivered">>,
        no_superclass => <<"the class has no superclass">>,
        class_already_exists => <<"choose another name, or remove the existing class">>,
        selector_not_found => <<"use 'includesSelector:' to check first">>,
        future_not_awaited => <<"await the future before using its value">>,
        runtime_error => <<"see the message for the reason">>
    }.
