%% @doc Turns raw Erlang errors into exceptions, by the table of the language reference.
-module(beamtalk_error_classify).

-export([exception/3]).

%% @doc See {@link beamtalk_error:from_erlang/3}.
-spec exception(error | exit | throw, term(), erlang:stacktrace()) -> beamtalk_error:exception().
exception(error, #{'$beamtalk_class' := _, kind := _, message := _, stack := nil} = E, Stack) ->
    E#{stack := Stack};
exception(error, #{'$beamtalk_class' := _, kind := _, message := _, stack := _} = E, _Stack) ->
    E;
exception(error, Reason, Stack) ->
    finish(raw(Reason, Stack), Reason, Stack);
exception(throw, {'$bt_return', _, _} = Reason, Stack) ->
    finish(beamtalk_error:cannot_return(), Reason, Stack);
exception(exit, Reason, Stack) ->
    finish(beamtalk_error:new(erlang_exit, text(Reason)), Reason, Stack);
exception(throw, Reason, Stack) ->
    finish(beamtalk_error:new(erlang_throw, text(Reason)), Reason, Stack).

%% The raw reason stays available to whoever compares it, such as a test that expects it.
finish(#{details := Details} = Exception, Reason, Stack) ->
    Exception#{details := Details#{reason => Reason}, stack := Stack}.

raw(badarith, _) -> beamtalk_error:bad_arithmetic();
raw(badarg, _) -> beamtalk_error:argument_error(<<"invalid argument">>);
raw({badkey, Key}, _) -> beamtalk_error:key_error(Key);
raw({badmap, Term}, _) -> expected(<<"a Dictionary">>, Term);
raw(function_clause, Stack) -> function_clause(Stack);
raw({case_clause, Value}, _) -> beamtalk_error:internal_error(case_clause, Value);
raw(if_clause, _) -> beamtalk_error:new(internal_error, <<"no condition holds (if_clause)">>);
raw({badmatch, Value}, _) -> beamtalk_error:internal_error(badmatch, Value);
raw({try_clause, Value}, _) -> beamtalk_error:internal_error(try_clause, Value);
raw({badarity, {Fun, Args}}, _) -> badarity(Fun, Args);
raw({badfun, Term}, _) -> expected(<<"a Block">>, Term);
raw(undef, Stack) -> undefined(Stack);
raw(noproc, _) -> no_process(noproc);
raw({noproc, _} = Reason, _) -> no_process(Reason);
raw(timeout, _) -> timed_out(timeout);
raw({timeout, _} = Reason, _) -> timed_out(Reason);
raw(system_limit, _) -> beamtalk_error:new(resource_error, <<"system limit reached">>);
raw(Reason, _) -> beamtalk_error:runtime_error(text(Reason)).

expected(What, Term) ->
    Message = [<<"expected ">>, What, <<", got ">>, beamtalk_print:safe(Term)],
    beamtalk_error:new(type_error, Message).

no_process(Reason) ->
    beamtalk_error:new(process_not_found, [<<"process not found: ">>, text(Reason)]).

timed_out(Reason) ->
    beamtalk_error:new(timeout_error, [<<"time limit exceeded: ">>, text(Reason)]).

badarity(Fun, Args) when is_function(Fun), is_list(Args) ->
    {arity, Expected} = erlang:fun_info(Fun, arity),
    beamtalk_error:arity_mismatch(Expected, length(Args));
badarity(_, _) ->
    beamtalk_error:new(arity_mismatch, <<"Wrong number of arguments">>).

function_clause([{Module, Function, Args, _} | _]) ->
    Message = io_lib:format("no clause of ~ts:~ts/~b matches its arguments (function_clause)", [
        Module, Function, arity(Args)
    ]),
    beamtalk_error:new(internal_error, Message);
function_clause(_) ->
    beamtalk_error:new(internal_error, <<"no clause matches (function_clause)">>).

%% A block whose class has been removed; the stack has the fun in place of its module.
undefined([{Fun, _, _} | _]) when is_function(Fun) ->
    {module, Module} = erlang:fun_info(Fun, module),
    case is_class_module(Module) of
        true -> beamtalk_error:class_not_loaded(beamtalk_name:class_module(Module));
        false -> undefined(Module, block, element(2, erlang:fun_info(Fun, arity)))
    end;
undefined([{Module, Function, Args, _} | _]) ->
    case is_class_protocol(Function) andalso is_class_module(Module) of
        true -> beamtalk_error:class_not_loaded(Module);
        false -> undefined(Module, Function, arity(Args))
    end;
undefined(_) ->
    beamtalk_error:new(does_not_understand, <<"ErlangModule does not understand the message">>, #{
        errorClass => 'ErlangModule'
    }).

undefined(Module, Function, Arity) ->
    Hint = io_lib:format("~ts:~ts/~b does not exist or is not exported", [Module, Function, Arity]),
    Message = [<<"ErlangModule does not understand '">>, atom_to_binary(Function), <<"'">>],
    beamtalk_error:new(does_not_understand, Message, #{
        selector => Function,
        errorClass => 'ErlangModule',
        hint => beamtalk_print:text(Hint)
    }).

is_class_protocol('$send') -> true;
is_class_protocol('$class_send') -> true;
is_class_protocol('$class') -> true;
is_class_protocol('$defaults') -> true;
is_class_protocol('$class_defaults') -> true;
is_class_protocol(_) -> false.

is_class_module(Module) ->
    case atom_to_binary(Module) of
        <<"bt@", _/binary>> -> true;
        _ -> false
    end.

arity(Args) when is_list(Args) -> length(Args);
arity(Arity) -> Arity.

%% Reasons are often large (a whole gen_server call); people need the beginning of them.
text(Reason) when is_binary(Reason) ->
    case unicode:characters_to_binary(Reason) of
        Text when is_binary(Text) -> Text;
        _ -> beamtalk_print:safe(Reason)
    end;
text(Reason) ->
    beamtalk_print:text(io_lib:format("~0tP", [Reason, 30])).
