%% @doc Raising and handling: the primitives of class Exception, named by selector, and those of Block
%% that catch.
-module(beamtalk_exception).

%% Class and instance side: the receiver is a class object or an exception.
-export([signal/1, 'signal:'/2, 'signalKind:class:selector:hint:'/5]).
%% Instance side
-export([
    message/1, hint/1, kind/1, selector/1, errorClass/1, printString/1, displayString/1, stackTrace/1
]).
%% Block
-export([on_do/3, ensure/2]).

-type exception() :: beamtalk_error:exception() | #{'$beamtalk_class' := module()}.

%% ---------------------------------------------------------------------------------------------------
%% Handling
%% ---------------------------------------------------------------------------------------------------

%% @doc `on:do:'. The handler runs after unwinding, with the actor's fields as they were at entry.
%% A non-local return passes through.
-spec on_do(fun(() -> term()), term(), term()) -> term().
on_do(Block, Class, Handler) ->
    Snapshot = beamtalk_actor:snapshot(),
    try
        Block()
    catch
        throw:{'$bt_return', _, _} = Return:Stack ->
            erlang:raise(throw, Return, Stack);
        Raised:Reason:Stack ->
            Exception = beamtalk_error:from_erlang(Raised, Reason, Stack),
            case catches(Class, Exception) of
                true ->
                    beamtalk_actor:restore(Snapshot),
                    handle(Handler, Exception);
                false ->
                    erlang:raise(Raised, Reason, Stack)
            end
    end.

handle(Handler, Exception) when is_function(Handler, 1) -> Handler(Exception);
handle(Handler, _) when is_function(Handler, 0) -> Handler();
handle(Handler, _) when is_function(Handler) ->
    {arity, Arity} = erlang:fun_info(Handler, arity),
    beamtalk_error:raise(beamtalk_error:arity_mismatch(Arity, 1));
handle(Handler, Exception) ->
    beamtalk_dispatch:send(Handler, 'value:', [Exception]).

%% A class catches its instances and those of its subclasses. What the runtime does not know as a class
%% catches everything, except for a symbol, which is most likely a misunderstanding.
catches({'$bt_class', Module}, #{'$beamtalk_class' := Raised}) ->
    beamtalk_hierarchy:is_kind_of(Raised, Module) orelse
        beamtalk_hierarchy:info(Module) =:= undefined;
catches(nil, _) ->
    true;
catches(Symbol, _) when is_atom(Symbol) ->
    false;
catches(_, _) ->
    true.

%% @doc `ensure:'. The cleanup runs however the block ends; what it raises replaces what was pending.
-spec ensure(fun(() -> Result), term()) -> Result.
ensure(Block, Cleanup) ->
    try
        Block()
    after
        clean_up(Cleanup)
    end.

clean_up(Cleanup) when is_function(Cleanup, 0) -> Cleanup();
clean_up(Cleanup) -> beamtalk_dispatch:send(Cleanup, value, []).

%% ---------------------------------------------------------------------------------------------------
%% Raising
%% ---------------------------------------------------------------------------------------------------

%% @doc `signal': raises an instance of a class, or an exception again.
-spec signal(beamtalk_class:class_object() | exception()) -> no_return().
signal({'$bt_class', Module} = Class) ->
    raise_instance(Class, beamtalk_hierarchy:name(Module));
signal(Exception) ->
    beamtalk_error:raise(complete(Exception)).

%% @doc `signal:': the same with a text.
-spec 'signal:'(beamtalk_class:class_object() | exception(), term()) -> no_return().
'signal:'({'$bt_class', _} = Class, Text) ->
    raise_instance(Class, beamtalk_print:display(Text));
'signal:'(Exception, Text) ->
    Message = beamtalk_print:display(Text),
    beamtalk_error:raise((complete(Exception))#{message := Message, stack := nil}).

-spec raise_instance(beamtalk_class:class_object(), binary()) -> no_return().
raise_instance({'$bt_class', Module}, Message) ->
    Kind = signal_kind(Module),
    beamtalk_error:raise(beamtalk_error:instance(Module, Kind, Message, #{})).

signal_kind('bt@stdlib@type_error') -> type_error;
signal_kind('bt@stdlib@instantiation_error') -> instantiation_error;
signal_kind(_) -> signal.

%% @doc `signalKind:class:selector:hint:'. A known kind decides the exception's class; any other kind
%% gives the signalled class, or Error when that is Exception itself.
-spec 'signalKind:class:selector:hint:'(
    beamtalk_class:class_object() | exception(), atom(), atom(), atom(), binary() | nil
) -> no_return().
'signalKind:class:selector:hint:'(Self, Kind, Class, Selector, Hint) when
    is_atom(Kind), is_atom(Class), is_atom(Selector), is_binary(Hint);
    is_atom(Kind), is_atom(Class), is_atom(Selector), Hint =:= nil
->
    beamtalk_error:raise(
        beamtalk_error:instance(
            class_of_kind(beamtalk_error_kind:is_known(Kind), Kind, Self),
            Kind,
            kind_message(Kind, Class, Selector),
            #{selector => Selector, errorClass => Class, hint => Hint}
        )
    );
'signalKind:class:selector:hint:'(Self, _, _, _, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('signalKind:class:selector:hint:', Self)).

class_of_kind(true, Kind, _) -> beamtalk_error_kind:class(Kind);
class_of_kind(false, _, {'$bt_class', 'bt@stdlib@exception'}) -> 'bt@stdlib@error';
class_of_kind(false, _, {'$bt_class', Module}) -> Module;
class_of_kind(false, _, #{'$beamtalk_class' := Module}) -> Module.

kind_message(does_not_understand, Class, Selector) ->
    io_lib:format("~ts does not understand '~ts'", [Class, Selector]);
kind_message(index_out_of_bounds, Class, Selector) ->
    io_lib:format("'~ts': index out of bounds for ~ts", [Selector, Class]);
kind_message(empty_collection, Class, Selector) ->
    io_lib:format("'~ts': ~ts is empty", [Selector, Class]);
kind_message(not_found, Class, Selector) ->
    io_lib:format("'~ts': not found in ~ts", [Selector, Class]);
kind_message(immutable_value, Class, Selector) ->
    io_lib:format("Cannot call '~ts' on ~ts (immutable value)", [Selector, Class]);
kind_message(class_not_found, Class, _) ->
    io_lib:format("Class '~ts' not found", [Class]);
kind_message(type_error, Class, Selector) ->
    io_lib:format("Type error in '~ts' on ~ts", [Selector, Class]);
kind_message(argument_error, _, _) ->
    <<"invalid argument">>;
kind_message(Kind, Class, nil) ->
    io_lib:format("~ts in ~ts", [words(Kind), Class]);
kind_message(Kind, Class, Selector) ->
    io_lib:format("~ts in '~ts' of ~ts", [words(Kind), Selector, Class]).

words(Kind) ->
    string:replace(atom_to_binary(Kind), <<"_">>, <<" ">>, all).

%% An instance made without a signal (`self new' in a class method) has none of the data yet.
complete(#{'$beamtalk_class' := Module} = Exception) ->
    Name = beamtalk_hierarchy:name(Module),
    maps:merge(beamtalk_error:instance(Module, signal_kind(Module), Name, #{}), Exception).

%% ---------------------------------------------------------------------------------------------------
%% Access
%% ---------------------------------------------------------------------------------------------------

%% @doc `message'.
-spec message(exception()) -> binary().
message(#{message := Message}) -> Message;
message(#{'$beamtalk_class' := Module}) -> beamtalk_hierarchy:name(Module).

%% @doc `hint', or nil.
-spec hint(exception()) -> binary() | nil.
hint(Self) -> maps:get(hint, Self, nil).

%% @doc `kind'.
-spec kind(exception()) -> atom().
kind(#{'$beamtalk_class' := Module} = Self) -> maps:get(kind, Self, signal_kind(Module)).

%% @doc `selector', or nil.
-spec selector(exception()) -> atom().
selector(Self) -> maps:get(selector, Self, nil).

%% @doc `errorClass'; `undefined' when unknown.
-spec errorClass(exception()) -> atom().
errorClass(#{errorClass := Class}) when Class =/= nil -> Class;
errorClass(_) -> undefined.

%% @doc `printString': the message, and the hint on a line of its own.
-spec printString(exception()) -> binary().
printString(Self) ->
    case hint(Self) of
        nil -> message(Self);
        Hint -> <<(message(Self))/binary, "\nHint: ", Hint/binary>>
    end.

%% @doc `displayString': the same.
-spec displayString(exception()) -> binary().
displayString(Self) -> printString(Self).

%% @doc `stackTrace': a List of StackFrame, innermost first.
-spec stackTrace(exception()) -> [map()].
stackTrace(Self) -> beamtalk_stack:frames(beamtalk_error:stack(Self)).
