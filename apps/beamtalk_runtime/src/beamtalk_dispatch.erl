%% @doc Message sends.
%%
%% A send decides by the representation of the receiver which class module handles it and calls that
%% module's `$send'; the module's compiled clauses are the method table. No send asks the code server.
-module(beamtalk_dispatch).

-export([send/3, answer/1, cast/3, local_send/3, continue/5, class_continue/5]).
-export([undefined_function/3, not_inlined/2, not_integer/3]).
-export([class_module/1, is_utf8/1, forget/0]).

-include("beamtalk_extension.hrl").

-define(STRING, 'bt@stdlib@string').
-define(BINARY, 'bt@stdlib@binary').
-define(STRING_SELECTORS, {?MODULE, string_selectors}).
%% Up to this size it costs less to look at the bytes.
-define(SHORT_BINARY, 64).

%% @doc Sends a message and answers its result.
-spec send(term(), atom(), [term()]) -> term().
send(#{'$beamtalk_class' := Module} = Self, Selector, Args) ->
    Module:'$send'(Selector, Args, Self);
send({beamtalk_object, _, Module, Pid} = Self, Selector, Args) when Pid =:= self() ->
    Module:'$send'(Selector, Args, Self);
send({beamtalk_object, _, _, _} = Self, Selector, Args) ->
    beamtalk_actor:send(Self, Selector, Args);
send(Self, Selector, Args) ->
    local_send(Self, Selector, Args).

%% @doc The answer of a send that is not to be the last call of its function.
-spec answer(Answer) -> Answer.
answer(Answer) ->
    Answer.

%% @doc Runs the method in the calling process, also when the receiver is an actor elsewhere.
-spec local_send(term(), atom(), [term()]) -> term().
local_send({'$bt_class', Module} = Self, Selector, Args) ->
    Module:'$class_send'(Selector, Args, Self);
local_send(Self, Selector, Args) when is_binary(Self), byte_size(Self) > ?SHORT_BINARY ->
    Module = binary_receiver(Self, Selector),
    Module:'$send'(Selector, Args, Self);
local_send(Self, Selector, Args) ->
    Module = class_module(Self),
    Module:'$send'(Selector, Args, Self).

%% Whether a long binary is a String costs a look at each byte. Where String has no method of its own, the search goes on
%% to Binary whatever the answer is.
binary_receiver(Self, Selector) ->
    case is_map_key(Selector, string_selectors()) orelse beamtalk_extension:any(Selector) of
        true -> class_module(Self);
        false -> ?BINARY
    end.

string_selectors() ->
    case persistent_term:get(?STRING_SELECTORS, none) of
        none ->
            #{selectors := Selectors} = beamtalk_hierarchy:info(?STRING),
            Set = maps:from_keys(Selectors, true),
            persistent_term:put(?STRING_SELECTORS, Set),
            Set;
        Set ->
            Set
    end.

%% @doc Empties what is kept of the library. For the application's stop.
-spec forget() -> ok.
forget() ->
    _ = persistent_term:erase(?STRING_SELECTORS),
    ok.

%% @doc Sends a message without waiting for its effect. An actor gets it even if it is the sender
%% itself, after the current method; any other receiver handles it at once. The answer is `nil'.
-spec cast(term(), atom(), [term()]) -> nil.
cast({beamtalk_object, _, _, _} = Self, Selector, Args) ->
    beamtalk_actor:cast(Self, Selector, Args);
cast(Self, Selector, Args) ->
    _ = send(Self, Selector, Args),
    nil.

%% @doc End of a facade's `$send': no method of the class body fits. Extensions of the class come
%% next, then the superclass; the root class ends in `doesNotUnderstand:args:'.
-spec continue(module(), module() | nil, atom(), [term()], term()) -> term().
continue(Module, Super, Selector, Args, Self) ->
    case persistent_term:get(?EXTENDED_SELECTORS, none) of
        #{Selector := _} -> extended(Module, Super, Selector, Args, Self);
        _ -> inherited(Super, Selector, Args, Self)
    end.

extended(Module, Super, Selector, Args, Self) ->
    case beamtalk_extension:lookup(Module, instance, Selector) of
        {M, F, Arity} when length(Args) =:= Arity -> apply(M, F, [Self | Args]);
        _ -> inherited(Super, Selector, Args, Self)
    end.

inherited(nil, Selector, Args, Self) -> not_understood(Selector, Args, Self);
inherited(Super, Selector, Args, Self) -> Super:'$send'(Selector, Args, Self).

%% @doc The same for the class side, where the root class goes on to the instance protocol of Class.
-spec class_continue(module(), module() | nil, atom(), [term()], term()) -> term().
class_continue(Module, Super, Selector, Args, Self) ->
    case persistent_term:get(?EXTENDED_SELECTORS, none) of
        #{Selector := _} -> class_extended(Module, Super, Selector, Args, Self);
        _ -> class_inherited(Super, Selector, Args, Self)
    end.

class_extended(Module, Super, Selector, Args, Self) ->
    case beamtalk_extension:lookup(Module, class, Selector) of
        {M, F, Arity} when length(Args) =:= Arity -> apply(M, F, [Self | Args]);
        _ -> class_inherited(Super, Selector, Args, Self)
    end.

class_inherited(nil, Selector, Args, Self) -> inherited('bt@stdlib@class', Selector, Args, Self);
class_inherited(Super, Selector, Args, Self) -> Super:'$class_send'(Selector, Args, Self).

%% A hierarchy without a root method for `doesNotUnderstand:args:' ends here too.
not_understood('doesNotUnderstand:args:', [Selector, _], Self) ->
    beamtalk_error:raise(beamtalk_error:does_not_understand(Self, Selector));
not_understood(Selector, Args, Self) ->
    local_send(Self, 'doesNotUnderstand:args:', [Selector, Args]).

%% @doc Called for a function that a facade does not have. A method of an older version may call a method directly that
%% the present version of the class defines no more, or not to be called like that.
-spec undefined_function(module(), atom(), [term()]) -> term().
undefined_function(Module, Function, [Self | Args] = All) ->
    case beamtalk_name:method(Module, Function) of
        {Module, instance, Selector} -> Module:'$send'(Selector, Args, Self);
        {Module, class, Selector} -> Module:'$class_send'(Selector, Args, Self);
        _ -> error_handler:raise_undef_exception(Module, Function, All)
    end;
undefined_function(Module, Function, []) ->
    error_handler:raise_undef_exception(Module, Function, []).

%% @doc The receiver of inlined control flow is of a class that the inlined code does not handle.
-spec not_inlined(term(), atom()) -> no_return().
not_inlined(Receiver, Selector) ->
    beamtalk_error:raise(beamtalk_error:does_not_understand(Receiver, Selector)).

%% @doc An inlined counted loop has an operand that is no Integer: the receiver does not understand the
%% message, an argument is of the wrong type.
-spec not_integer(term(), atom(), [term()]) -> no_return().
not_integer(Receiver, Selector, _) when not is_integer(Receiver) ->
    not_inlined(Receiver, Selector);
not_integer(Receiver, Selector, _) ->
    beamtalk_error:raise(beamtalk_error:type_error(Selector, Receiver)).

%% @doc Module of the receiver's class, by representation.
-spec class_module(term()) -> module().
class_module(#{'$beamtalk_class' := Module}) -> Module;
class_module(Self) when is_integer(Self) -> 'bt@stdlib@integer';
class_module(Self) when is_binary(Self) -> binary_class(is_utf8(Self));
class_module(true) -> 'bt@stdlib@true';
class_module(false) -> 'bt@stdlib@false';
class_module(nil) -> 'bt@stdlib@undefined_object';
class_module(Self) when is_atom(Self) -> 'bt@stdlib@symbol';
class_module(Self) when is_list(Self) -> 'bt@stdlib@list';
class_module(Self) when is_float(Self) -> 'bt@stdlib@float';
class_module(Self) when is_function(Self) -> 'bt@stdlib@block';
class_module(Self) when is_map(Self) -> 'bt@stdlib@dictionary';
class_module({beamtalk_object, _, Module, _}) -> Module;
class_module({'$bt_class', _}) -> 'bt@stdlib@class';
class_module({'$bt_meta', _}) -> 'bt@stdlib@metaclass';
class_module({beamtalk_supervisor, _, Module, _}) -> Module;
class_module(Self) when is_tuple(Self) -> 'bt@stdlib@tuple';
class_module(Self) when is_pid(Self) -> 'bt@stdlib@pid';
class_module(Self) when is_reference(Self) -> 'bt@stdlib@reference';
class_module(Self) when is_port(Self) -> 'bt@stdlib@port';
class_module(Self) when is_bitstring(Self) -> ?BINARY.

binary_class(true) -> ?STRING;
binary_class(false) -> ?BINARY.

%% @doc True for valid UTF-8. Runs of ASCII are skipped seven bytes at a time: 56 bits still fit into
%% an immediate integer.
-spec is_utf8(binary()) -> boolean().
is_utf8(<<Seven:56, Rest/binary>>) when Seven band 16#80808080808080 =:= 0 -> is_utf8(Rest);
is_utf8(<<_/utf8, Rest/binary>>) -> is_utf8(Rest);
is_utf8(<<>>) -> true;
is_utf8(_) -> false.
