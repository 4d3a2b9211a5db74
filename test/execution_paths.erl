%% @doc The two ways to execute what the compiler makes: as modules of OTP's compiler, and through the evaluator.
%%
%% Everything runs in a process of its own with a time limit. Whatever OTP's compiler gets passes its lint for Core
%% Erlang first.
-module(execution_paths).

-export([beam/1, load/1, unload/1, call/5, evaluate/3, in_a_process/1]).

-export_type([path/0]).

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
