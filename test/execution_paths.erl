%% @doc The two ways to execute what the compiler makes: as modules of OTP's compiler, and through the evaluator.
%%
%% Everything runs in a process of its own with a time limit. Whatever OTP's compiler gets passes its lint for Core
%% Erlang first.
-module(execution_paths).

-export([module_name/1, beam/1, load/1, unload/1, call/5, evaluate/3, run/4, in_a_process/1]).

-export_type([path/0, outcome/0, change/0]).

-type outcome() :: #{output := binary(), value => binary(), raised => {Class :: module(), Kind :: atom(), binary()}}.
-type change() :: fun((path(), core()) -> core()).
%% What is done to a module before it is executed.

-type path() :: compiled | evaluated.
-type core() :: tuple().

-define(TIME_LIMIT, 10_000).

%% @doc Code of a module.
-spec beam(absent | core()) -> absent | {module(), binary()}.
beam(absent) ->
    absent;
beam(Core) ->
    {ok, Module, Beam, _} = compile:noenv_forms(Core, [from_core, clint, binary, return]),
    {Module, Beam}.

%% @doc Loads the class of a compilation, if there is one. To be called anew for every run, so that class variables begin
%% with their defaults.
-spec load(absent | map()) -> none | module().
load(absent) ->
    none;
load(#{module := Name, facade := Facade, bodies := Bodies}) ->
    Module = binary_to_atom(Name),
    {ok, _} = beamtalk_loader:load(#{module => Module, facade => beam(Facade), bodies => [beam(B) || B <- Bodies]}),
    Module.

-spec unload(none | module()) -> ok.
unload(none) -> ok;
unload(Module) -> ok = beamtalk_loader:unload(Module).

%% @doc Calls a method of a loaded class, given by the module as Core Erlang.
-spec call(path(), core(), m | c, atom(), term()) -> term().
call(compiled, _, _, Selector, Receiver) ->
    beamtalk_dispatch:send(Receiver, Selector, []);
call(evaluated, Core, Side, Selector, Receiver) ->
    Function = binary_to_atom(<<(atom_to_binary(Side))/binary, " ", (atom_to_binary(Selector))/binary>>),
    beamtalk_eval:run(Core, Function, [Receiver]).

%% @doc Runs statements on bindings: their value and the new bindings. Blocks of compiled statements are valid until
%% other statements are run under the same module name.
-spec evaluate(path(), core(), map()) -> {term(), map()}.
evaluate(evaluated, Script, Bindings) ->
    beamtalk_eval:run(Script, eval, [Bindings]);
evaluate(compiled, Script, Bindings) ->
    {Module, Beam} = beam(Script),
    _ = code:purge(Module),
    {module, Module} = code:load_binary(Module, "", Beam),
    Module:eval(Bindings).

%% @doc Runs a class and the statements that use it on one path: the methods of the class too.
-spec run(path(), absent | map(), core(), change()) -> outcome() | {failed, term()} | timeout.
run(Path, Class, Script, Change) ->
    Module = load(on_path(Path, Class, Change)),
    try
        in_a_process(fun() -> observed(fun() -> evaluate(Path, Change(Path, Script), #{}) end) end)
    after
        unload(Module)
    end.

on_path(_, absent, _) ->
    absent;
on_path(Path, #{facade := Facade, bodies := Bodies} = Class, Change) ->
    Made = fun(Core) -> through(Path, Change(Path, Core)) end,
    Class#{facade := through_facade(Facade, Made), bodies := lists:map(Made, Bodies)}.

through_facade(absent, _) -> absent;
through_facade(Facade, Made) -> Made(Facade).

%% On the evaluator's path a module holds its methods as Core Erlang, and calls the evaluator with them.
through(compiled, Core) ->
    Core;
through(evaluated, Core) ->
    Definitions = [{Var, through(Core, Var, Fun, cerl:fname_id(Var))} || {Var, Fun} <- cerl:module_defs(Core)],
    cerl:update_c_module(
        Core, cerl:module_name(Core), cerl:module_exports(Core), cerl:module_attrs(Core), Definitions
    ).

through(Core, Var, Fun, Name) ->
    case atom_to_binary(Name) of
        <<Side, " ", _/binary>> when Side =:= $m; Side =:= $c; Side =:= $d ->
            Alone = cerl:c_module(cerl:module_name(Core), [], [{Var, Fun}]),
            Params = cerl:fun_vars(Fun),
            Args = [cerl:abstract(Alone), cerl:abstract(Name), cerl:make_list(Params)],
            cerl:c_fun(Params, cerl:c_call(cerl:abstract(beamtalk_eval), cerl:abstract(run), Args));
        _ ->
            Fun
    end.

%% What can be seen of an evaluation. The value is printed where it was computed: what a block shares belongs to its
%% process.
observed(Evaluate) ->
    Output = spawn_link(fun() -> collect(<<>>) end),
    true = group_leader(Output, self()),
    Result =
        try Evaluate() of
            {Value, _Bindings} -> #{value => beamtalk_dispatch:send(Value, printString, [])}
        catch
            Class:Reason:Stack ->
                #{'$beamtalk_class' := Exception, kind := Kind, message := Message} =
                    beamtalk_error:from_erlang(Class, Reason, Stack),
                #{raised => {Exception, Kind, Message}}
        end,
    Output ! {output, self()},
    receive
        {Output, Text} -> Result#{output => Text}
    end.

%% An I/O server that keeps what is written.
collect(Text) ->
    receive
        {io_request, From, Ref, {put_chars, _, Characters}} ->
            From ! {io_reply, Ref, ok},
            collect(<<Text/binary, (unicode:characters_to_binary(Characters))/binary>>);
        {io_request, From, Ref, {put_chars, _, M, F, A}} ->
            self() ! {io_request, From, Ref, {put_chars, unicode, apply(M, F, A)}},
            collect(Text);
        {io_request, From, Ref, _} ->
            From ! {io_reply, Ref, {error, enotsup}},
            collect(Text);
        {output, Owner} ->
            Owner ! {self(), Text}
    end.

%% @doc The result of some work; `{failed, Reason}' or `timeout' where there is none.
-spec in_a_process(fun(() -> Result)) -> Result | {failed, term()} | timeout.
in_a_process(Work) ->
    {Pid, Monitor} = spawn_monitor(fun() -> exit({done, Work()}) end),
    receive
        {'DOWN', Monitor, process, Pid, {done, Result}} -> Result;
        {'DOWN', Monitor, process, Pid, Reason} -> {failed, Reason}
    after ?TIME_LIMIT ->
        exit(Pid, kill),
        timeout
    end.

%% @doc Module of a program: that of its class, or one for expressions.
-spec module_name(binary()) -> binary().
module_name(Source) ->
    case beamtalk_compiler:outline(Source) of
        {ok, #{module := Name}} when is_binary(Name) -> Name;
        _ -> <<"bt@+script">>
    end.
