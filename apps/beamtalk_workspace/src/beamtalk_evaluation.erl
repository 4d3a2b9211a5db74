%% @doc Evaluation of source text and of compiled scripts in the calling process.
-module(beamtalk_evaluation).

-export([evaluate/2, run/1, display/1]).

-export_type([bindings/0]).

-type bindings() :: #{binary() => term()}.
%% Variables by name. A value may be a cell: then blocks share the variable.

%% @doc Evaluates a piece of text with the variables that exist. Answers the variables that it leaves; where it
%% fails they are the given ones.
-spec evaluate(binary(), bindings()) -> {beamtalk_session:outcome(), bindings()}.
evaluate(Source, Bindings) ->
    case beamtalk_workspace:load_input(Source, maps:keys(Bindings)) of
        {ok, #{script := Script} = Compiled} ->
            Findings = maps:with([diagnostics, rendered], Compiled),
            run(fun() -> beamtalk_eval:run(Script, eval, [Bindings]) end, Findings, Bindings);
        {error, Failure} ->
            {{error, Failure}, Bindings}
    end.

%% @doc Runs the expressions of a file and answers the value of the last one. Its variables end with it.
-spec run(beamtalk_project:script()) -> beamtalk_session:outcome().
run({Module, Beam}) ->
    case load(Module, Beam) of
        ok ->
            {Outcome, _} = run(fun() -> Module:eval(#{}) end, #{diagnostics => [], rendered => []}, #{}),
            unload(Module),
            Outcome;
        {error, Reason} ->
            Exception = beamtalk_error:from_erlang(error, {load, Module, Reason}, []),
            {error, #{reason => exception, exception => Exception}}
    end.

run(Eval, Findings, Bindings) ->
    try Eval() of
        {Value, NewBindings} -> {{ok, Findings#{value => Value}}, NewBindings}
    catch
        Class:Reason:Stack -> {{error, exception(Class, Reason, Stack, Findings)}, Bindings}
    end.

%% @doc The text that shows an object to a person: the answer to `displayString'.
-spec display(term()) -> beamtalk_session:outcome().
display(Value) ->
    Findings = #{diagnostics => [], rendered => []},
    {Outcome, _} = run(fun() -> {text(beamtalk_dispatch:send(Value, displayString, [])), #{}} end, Findings, #{}),
    Outcome.

%% A class may answer anything.
text(Text) when is_binary(Text) -> Text;
text(Other) -> unicode:characters_to_binary(io_lib:format("~tp", [Other])).

exception(Class, Reason, Stack, Findings) ->
    Exception = beamtalk_error:from_erlang(Class, Reason, Stack),
    Findings#{reason => exception, exception => located(Exception, Stack)}.

%% An exception that comes from another process has the stack of that process: what has led to it here is added.
located(Exception, Stack) ->
    Own = beamtalk_error:stack(Exception),
    case lists:suffix(Stack, Own) of
        true -> Exception;
        false -> Exception#{stack => Own ++ Stack}
    end.

%% Loading must not end a process that still runs an earlier version under this name.
load(Module, Beam) ->
    case code:soft_purge(Module) andalso code:load_binary(Module, atom_to_list(Module) ++ ".beam", Beam) of
        {module, Module} -> ok;
        false -> {error, in_use};
        {error, Reason} -> {error, Reason}
    end.

%% Blocks of the script may live on, in actors for instance: its code becomes old, and is not purged.
unload(Module) ->
    _ = code:delete(Module),
    ok.
