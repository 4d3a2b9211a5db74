%% @doc Calls of Erlang functions, and the primitives of class ErlangModule, whose instances stand for
%% Erlang modules.
-module(beamtalk_erlang_module).

-export([new/1, exists/1, call/3, delegate/3]).
-export([
    'doesNotUnderstand:args:'/3, 'call:args:'/3, methods/1, 'respondsTo:'/2, printString/1
]).

-export_type([proxy/0]).

-define(CLASS, 'bt@stdlib@erlang_module').

-type proxy() :: #{'$beamtalk_class' := ?CLASS, '$module' := module()}.

%% @doc The proxy of a module, which need not exist.
-spec new(module()) -> proxy().
new(Module) ->
    #{'$beamtalk_class' => ?CLASS, '$module' => Module}.

%% @doc True when the module can be called.
-spec exists(module()) -> boolean().
exists(Module) ->
    code:ensure_loaded(Module) =:= {module, Module} orelse code:which(Module) =/= non_existing.

%% @doc A message to a proxy is a call: the first keyword, or the whole selector, names the function.
-spec 'doesNotUnderstand:args:'(proxy(), atom(), [term()]) -> term().
'doesNotUnderstand:args:'(#{'$module' := Module}, Selector, Args) ->
    call(Module, function(Selector), Args).

%% Selectors are in the atom table already, so the names in them cannot fill it.
function(Selector) ->
    case string:split(atom_to_binary(Selector), <<":">>) of
        [Name, _] -> binary_to_atom(Name);
        [_] -> Selector
    end.

%% @doc Calls a function whose name cannot be written as a selector.
-spec 'call:args:'(proxy(), atom(), [term()]) -> term().
'call:args:'(#{'$module' := Module}, Function, Args) when is_atom(Function), is_list(Args) ->
    call(Module, Function, Args);
'call:args:'(Self, _, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('call:args:', Self)).

%% @doc Names of the exported functions.
-spec methods(proxy()) -> [atom()].
methods(#{'$module' := Module}) ->
    lists:usort([Name || {Name, _} <- exports(Module), Name =/= module_info]).

%% @doc True when the module exports a function of that name and number of arguments.
-spec 'respondsTo:'(proxy(), atom()) -> boolean().
'respondsTo:'(#{'$module' := Module}, Selector) ->
    Arity = beamtalk_name:arity(Selector),
    lists:member({function(Selector), Arity}, exports(Module)).

exports(Module) ->
    _ = code:ensure_loaded(Module),
    try
        Module:module_info(exports)
    catch
        error:undef -> []
    end.

%% @doc The gateway expression that denotes the module.
-spec printString(proxy()) -> binary().
printString(#{'$module' := Module}) ->
    <<"Erlang ", (atom_to_binary(Module))/binary>>.

%% @doc Calls an Erlang function. Its result and its errors become those of the language.
-spec call(module(), atom(), [term()]) -> term().
call(Module, Function, Args) ->
    result(attempt(Module, Function, Args, retries(Args)), Module).

%% @doc Calls the function behind a method of a `native:' class. It is written for the language, so that it gets the
%% arguments as they are, and its lists are lists.
-spec delegate(module(), atom(), [term()]) -> term().
delegate(Module, Function, Args) ->
    Value = attempt(Module, Function, Args, []),
    case beamtalk_result:from_erlang(Value) of
        {result, Result} -> Result;
        other -> Value
    end.

%% Strings are binaries and actors are tuples with a pid. Functions that accept only lists of
%% characters, or only pids, refuse them with badarg and are asked again.
attempt(Module, Function, Args, Retries) ->
    try
        apply(Module, Function, Args)
    catch
        error:badarg:Stack -> refused(Module, Function, Retries, Stack);
        error:Reason:Stack -> failed(Module, Function, Args, Reason, Stack)
    end.

refused(_, _, [], Stack) ->
    erlang:raise(error, wrong_type(Stack), Stack);
refused(Module, Function, [Retry | Retries], Stack) ->
    case Retry() of
        same -> refused(Module, Function, Retries, Stack);
        Args -> attempt(Module, Function, Args, Retries)
    end.

retries(Args) ->
    [fun() -> changed(Args, fun charlist/1) end, fun() -> changed(Args, fun process/1) end].

changed(Args, Change) ->
    case [Change(Arg) || Arg <- Args] of
        Args -> same;
        Changed -> Changed
    end.

charlist(Text) when is_binary(Text) ->
    case unicode:characters_to_list(Text) of
        Chars when is_list(Chars) -> Chars;
        _ -> Text
    end;
charlist(Other) ->
    Other.

process({beamtalk_object, _, _, Pid}) when is_pid(Pid) -> Pid;
process({beamtalk_supervisor, _, _, Pid}) when is_pid(Pid) -> Pid;
process({beamtalk_object, _, _, {name, Name}} = Proxy) -> named(Proxy, Name);
process(Other) -> Other.

named(Proxy, Name) ->
    case whereis(Name) of
        Pid when is_pid(Pid) -> Pid;
        undefined -> Proxy
    end.

wrong_type(Stack) ->
    Message =
        case Stack of
            [{Module, Function, _, _} | _] ->
                io_lib:format("Type error in '~ts' on ErlangModule ~ts", [Function, Module]);
            _ ->
                <<"Type error in a call of an Erlang function">>
        end,
    beamtalk_error:new(type_error, Message, #{errorClass => 'ErlangModule', stack => Stack}).

%% A function that has no clause for its arguments is not told apart from a wrong number of them. The
%% clause may be missing in a helper of the function, but not in code that the function calls back.
-spec failed(module(), atom(), [term()], term(), erlang:stacktrace()) -> no_return().
failed(Module, Function, Args, function_clause, [{Module, _, _, _} | _] = Stack) ->
    Message = io_lib:format("Wrong number of arguments: ~ts:~ts/~b does not accept these arguments", [
        Module, Function, length(Args)
    ]),
    Fields = #{selector => Function, errorClass => 'ErlangModule', stack => Stack},
    erlang:raise(error, beamtalk_error:new(arity_mismatch, Message, Fields), Stack);
failed(_, _, _, Reason, Stack) ->
    erlang:raise(error, Reason, Stack).

result(Value, Module) ->
    case beamtalk_result:from_erlang(Value) of
        {result, Result} -> Result;
        other -> text(Value, Module)
    end.

text([_ | _] = Chars, Module) ->
    case is_own(Module) orelse not io_lib:printable_unicode_list(Chars) of
        true -> Chars;
        false -> unicode:characters_to_binary(Chars)
    end;
text(Value, _) ->
    Value.

is_own(Module) ->
    case atom_to_binary(Module) of
        <<"beamtalk_", _/binary>> -> true;
        <<"bt@", _/binary>> -> true;
        _ -> false
    end.
