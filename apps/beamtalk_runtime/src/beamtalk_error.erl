%% @doc Exceptions: their shape, one constructor for each message, conversion of raw Erlang errors, and
%% text for people.
-module(beamtalk_error).

-export([
    new/2, new/3,
    instance/4,
    raise/1, raise/2, raise/3,
    is_exception/1,
    stack/1,
    from_erlang/3,
    format/1,
    format_error/1,
    report/2
]).

%% One constructor for each message that several modules need.
-export([
    does_not_understand/2,
    arity_mismatch/2,
    index_out_of_bounds/2,
    empty_collection/2,
    not_found/2,
    key_error/1,
    argument_error/1,
    argument_error/2,
    immutable_value/2,
    class_not_found/1,
    class_not_loaded/1,
    class_already_exists/3,
    class_of_library/1,
    foreign_state/3,
    actor_dead/2,
    timeout/3,
    deadlock/1,
    internal_error/2,
    selector_not_found/2,
    runtime_error/1,
    cannot_return/0,
    bad_arithmetic/0,
    type_error/2,
    instantiation_error/2,
    user_error/2
]).

-export_type([exception/0]).

-type exception() :: #{
    '$beamtalk_class' := module(),
    kind := atom(),
    message := binary(),
    selector := atom() | nil,
    hint := binary() | nil,
    errorClass := atom() | nil,
    details := map(),
    stack := erlang:stacktrace() | nil
}.

%% @doc An exception of the given kind; its class and general advice come with the kind.
-spec new(atom(), unicode:chardata()) -> exception().
new(Kind, Message) ->
    new(Kind, Message, #{}).

%% @doc The same with some of `selector', `hint', `errorClass', `details', `stack' given.
-spec new(atom(), unicode:chardata(), map()) -> exception().
new(Kind, Message, Fields) ->
    instance(beamtalk_error_kind:class(Kind), Kind, Message, Fields).

%% @doc An exception of an explicit class.
-spec instance(module(), atom(), unicode:chardata(), map()) -> exception().
instance(Class, Kind, Message, Fields) ->
    Default = #{
        '$beamtalk_class' => Class,
        kind => Kind,
        message => beamtalk_print:text(Message),
        selector => nil,
        hint => beamtalk_error_kind:hint(Kind),
        errorClass => nil,
        details => #{},
        stack => nil
    },
    maps:merge(Default, Fields).

%% @doc Raises an exception.
-spec raise(exception()) -> no_return().
raise(Exception) ->
    erlang:error(Exception).

%% @doc Raises a new exception of the given kind.
-spec raise(atom(), unicode:chardata()) -> no_return().
raise(Kind, Message) ->
    erlang:error(new(Kind, Message)).

%% @doc Raises a new exception of the given kind and fields.
-spec raise(atom(), unicode:chardata(), map()) -> no_return().
raise(Kind, Message, Fields) ->
    erlang:error(new(Kind, Message, Fields)).

%% @doc True for a complete exception as it travels.
-spec is_exception(term()) -> boolean().
is_exception(#{'$beamtalk_class' := Class, kind := Kind, message := _, stack := _}) ->
    is_atom(Class) andalso is_atom(Kind);
is_exception(_) ->
    false.

%% @doc Stack of an exception; empty when it was never raised.
-spec stack(exception() | map()) -> erlang:stacktrace().
stack(#{stack := Stack}) when is_list(Stack) -> Stack;
stack(_) -> [].

%% @doc The exception for whatever `catch' delivers; a structured exception passes through.
-spec from_erlang(error | exit | throw, term(), erlang:stacktrace()) -> exception().
from_erlang(Class, Reason, Stack) ->
    beamtalk_error_classify:exception(Class, Reason, Stack).

%% @doc Several lines for people: class, kind, message, place in the source, hint.
-spec format(exception()) -> binary().
format(Exception) ->
    beamtalk_error_format:exception(Exception).

%% @doc The same for any error reason, structured or not.
-spec format_error(term()) -> binary().
format_error(Reason) ->
    beamtalk_error_format:reason(Reason).

%% @doc Logs an exception that has no caller to be raised in. `Context' says where it happened.
-spec report(exception(), map()) -> ok.
report(Exception, Context) ->
    beamtalk_error_format:report(Exception, Context).

%% ---------------------------------------------------------------------------------------------------
%% Constructors
%% ---------------------------------------------------------------------------------------------------

%% @doc No class of the receiver defines the selector.
-spec does_not_understand(term(), atom()) -> exception().
does_not_understand(Self, Selector) ->
    Hint =
        case beamtalk_spelling:selector(Self, Selector) of
            none -> beamtalk_error_kind:hint(does_not_understand);
            Similar -> [<<"did you mean '">>, atom_to_binary(Similar), <<"'?">>]
        end,
    Message = [class_name(Self), <<" does not understand '">>, name(Selector), <<"'">>],
    new(does_not_understand, Message, #{
        selector => Selector,
        errorClass => class_symbol(Self),
        hint => beamtalk_print:text(Hint)
    }).

%% @doc A block was evaluated with a wrong number of arguments.
-spec arity_mismatch(non_neg_integer(), non_neg_integer()) -> exception().
arity_mismatch(Expected, Given) ->
    Message = io_lib:format(
        "Wrong number of arguments: block expects ~b but was called with ~b", [Expected, Given]
    ),
    new(arity_mismatch, Message, #{errorClass => 'Block'}).

%% @doc An index outside the receiver.
-spec index_out_of_bounds(atom(), term()) -> exception().
index_out_of_bounds(Selector, Self) ->
    about(index_out_of_bounds, Selector, Self, <<": index out of bounds for ">>, <<>>).

%% @doc An accessor that needs an element was sent to an empty collection.
-spec empty_collection(atom(), term()) -> exception().
empty_collection(Selector, Self) ->
    about(empty_collection, Selector, Self, <<": ">>, <<" is empty">>).

%% @doc No element satisfies the condition.
-spec not_found(atom(), term()) -> exception().
not_found(Selector, Self) ->
    about(not_found, Selector, Self, <<": not found in ">>, <<>>).

%% @doc A missing key or an undeclared field.
-spec key_error(term()) -> exception().
key_error(Key) ->
    new(key_error, [<<"key not found: ">>, beamtalk_print:safe(Key)], #{details => #{key => Key}}).

%% @doc A malformed argument.
-spec argument_error(unicode:chardata()) -> exception().
argument_error(Message) ->
    new(argument_error, Message).

%% @doc A malformed argument of a known message.
-spec argument_error(unicode:chardata(), atom()) -> exception().
argument_error(Message, Selector) ->
    new(argument_error, Message, #{selector => Selector}).

%% @doc A change of an immutable receiver.
-spec immutable_value(atom(), term()) -> exception().
immutable_value(Selector, Self) ->
    Message = [
        <<"Cannot call '">>, name(Selector), <<"' on ">>, class_name(Self), <<" (immutable value)">>
    ],
    new(immutable_value, Message, #{selector => Selector, errorClass => class_symbol(Self)}).

%% @doc A class name that is not registered.
-spec class_not_found(atom()) -> exception().
class_not_found(Name) ->
    Fields =
        case beamtalk_spelling:class(Name) of
            none -> #{};
            Similar -> #{hint => <<"did you mean '", (name(Similar))/binary, "'?">>}
        end,
    new(class_not_found, [<<"Class '">>, name(Name), <<"' not found">>], Fields#{errorClass => Name}).

%% @doc A class whose module is not in the code path.
-spec class_not_loaded(module()) -> exception().
class_not_loaded(Module) ->
    new(class_not_found, [<<"Class '">>, beamtalk_name:display(Module), <<"' not found">>], #{
        hint => <<"its module ", (name(Module))/binary, " is not in the code path",
            (library_advice(beamtalk_name:is_library(Module)))/binary>>,
        details => #{module => Module}
    }).

library_advice(true) -> <<": the application beamtalk_stdlib is missing">>;
library_advice(false) -> <<>>.

%% @doc A class that would take the place of one of the standard library.
-spec class_of_library(atom()) -> exception().
class_of_library(Name) ->
    Message = [<<"Class '">>, name(Name), <<"' belongs to the standard library">>],
    new(class_already_exists, Message, #{errorClass => Name, hint => <<"give the class another name">>}).

%% @doc Two classes that would share a module, or a name that is taken.
-spec class_already_exists(atom(), atom(), module()) -> exception().
class_already_exists(New, Existing, Module) ->
    Message = [
        <<"Class '">>, name(New), <<"' and class '">>, name(Existing),
        <<"' map to the same module ">>, name(Module)
    ],
    new(class_already_exists, Message, #{errorClass => New}).

%% @doc A field of an actor used in another process.
-spec foreign_state(assign | read, atom(), term()) -> exception().
foreign_state(Action, Field, Self) ->
    Message = [
        <<"cannot ">>, name(Action), <<" '">>, name(Field), <<"' of ">>, class_name(Self),
        <<" in another process">>
    ],
    new(foreign_state, Message, #{errorClass => class_symbol(Self)}).

%% @doc A synchronous send to an actor that has ended, or that ended before it answered.
-spec actor_dead(term(), atom()) -> exception().
actor_dead(Self, Selector) ->
    Message = [<<"actor ">>, beamtalk_print:safe(Self), <<" is not alive">>],
    new(actor_dead, Message, #{selector => Selector, errorClass => class_symbol(Self)}).

%% @doc A synchronous send that was not answered in time.
-spec timeout(term(), atom(), timeout()) -> exception().
timeout(Self, Selector, Limit) ->
    Message = io_lib:format("'~ts' to ~ts was not answered within ~p ms", [
        Selector, class_name(Self), Limit
    ]),
    new(timeout, Message, #{selector => Selector, errorClass => class_symbol(Self)}).

%% @doc A synchronous send that closes a cycle of waiting processes.
-spec deadlock(term()) -> exception().
deadlock(Target) ->
    Message = [
        <<"deadlock detected: ">>, beamtalk_print:safe(Target), <<" is waiting for this process">>
    ],
    new(deadlock_detected, Message).

%% @doc A value that nothing matches. `Reason' is the Erlang word for it and is part of the message.
-spec internal_error(atom(), term()) -> exception().
internal_error(Reason, Value) ->
    Message = [<<"nothing matches ">>, beamtalk_print:safe(Value), <<" (">>, name(Reason), <<")">>],
    new(internal_error, Message, #{details => #{reason => Reason, value => Value}}).

%% @doc A method that is not defined where it was looked for.
-spec selector_not_found(atom(), term()) -> exception().
selector_not_found(Selector, Class) ->
    Message = [beamtalk_print:safe(Class), <<" does not define '">>, name(Selector), <<"'">>],
    new(selector_not_found, Message, #{selector => Selector}).

%% @doc Any other failure of the running program.
-spec runtime_error(unicode:chardata()) -> exception().
runtime_error(Message) ->
    new(runtime_error, Message).

%% @doc A `^' whose method has ended.
-spec cannot_return() -> exception().
cannot_return() ->
    new(runtime_error, <<"cannot return: the method has already ended">>, #{
        hint => <<"a block with '^' works only while its method runs, and in the same process">>
    }).

%% @doc Arithmetic on something that is not a number, or division by zero.
-spec bad_arithmetic() -> exception().
bad_arithmetic() ->
    new(type_error, <<"bad arithmetic operation">>, #{
        hint => <<"operands must be numbers and a divisor must not be zero">>
    }).

%% @doc A wrong argument type.
-spec type_error(atom(), term()) -> exception().
type_error(Selector, Self) ->
    Message = [<<"Type error in '">>, name(Selector), <<"' on ">>, class_name(Self)],
    new(type_error, Message, #{selector => Selector, errorClass => class_symbol(Self)}).

%% @doc An instance that cannot be created; `Class' is a class object.
-spec instantiation_error(term(), unicode:chardata()) -> exception().
instantiation_error({'$bt_class', Module}, Why) ->
    Name = beamtalk_hierarchy:name(Module),
    new(instantiation_error, [<<"cannot create an instance of ">>, Name, <<": ">>, Why], #{
        errorClass => binary_to_atom(Name)
    }).

%% @doc The exception of `error:' and its relatives.
-spec user_error(term(), unicode:chardata()) -> exception().
user_error(Self, Message) ->
    new(user_error, Message, #{errorClass => class_symbol(Self)}).

about(Kind, Selector, Self, Before, After) ->
    Message = [<<"'">>, name(Selector), <<"'">>, Before, class_name(Self), After],
    new(Kind, Message, #{selector => Selector, errorClass => class_symbol(Self)}).

class_name(Self) -> beamtalk_class:name_of(Self).

class_symbol(Self) -> binary_to_atom(beamtalk_class:name_of(Self)).

name(Atom) when is_atom(Atom) -> atom_to_binary(Atom);
name(Other) -> beamtalk_print:safe(Other).
