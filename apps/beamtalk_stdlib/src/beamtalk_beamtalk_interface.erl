%% @doc Primitives of class BeamtalkInterface: what there is in the system, help, and how it logs.
-module(beamtalk_beamtalk_interface).

-export([allClasses/1, 'classNamed:'/2, globals/1, version/1]).
-export(['help:'/2, 'help:selector:'/3, 'erlangHelp:'/2, 'erlangHelp:selector:'/3]).
-export([logLevel/1, 'logLevel:'/2, logFormat/1, 'logFormat:'/2, loggerInfo/1]).
-export([debugTargets/1, 'enableDebug:'/2, 'disableDebug:'/2, activeDebugTargets/1, disableAllDebug/1]).

-define(LEVELS, [emergency, alert, critical, error, warning, notice, info, debug, all, none]).
-define(HANDLER, default).

%% Parts of the system that can be told to log more, with their applications.
-define(TARGETS, #{
    runtime => beamtalk_runtime,
    library => beamtalk_stdlib,
    compiler => beamtalk_compiler,
    workspace => beamtalk_workspace
}).
-define(ACTIVE, {?MODULE, active}).

%% ---------------------------------------------------------------------------------------------------
%% Classes
%% ---------------------------------------------------------------------------------------------------

%% @doc `allClasses', sorted by name.
-spec allClasses(term()) -> [beamtalk_class:class_object()].
allClasses(_) ->
    [Class || {_, Class} <- lists:sort(named())].

%% @doc `classNamed:': the class of that name, or nil.
-spec 'classNamed:'(term(), atom()) -> beamtalk_class:class_object() | nil.
'classNamed:'(_, Name) when is_atom(Name) ->
    case beamtalk_class:lookup(Name) of
        {ok, Class} -> Class;
        error -> nil
    end;
'classNamed:'(Self, _) ->
    wrong('classNamed:', Self).

%% @doc `globals': the classes by name.
-spec globals(term()) -> #{atom() => beamtalk_class:class_object()}.
globals(_) ->
    maps:from_list(named()).

named() ->
    [{Name, Class} || Name <- beamtalk_class:names(), {ok, Class} <- [beamtalk_class:lookup(Name)]].

%% @doc `version'.
-spec version(term()) -> binary().
version(_) ->
    #{version := Version} = beamtalk_runtime:info(),
    Version.

%% ---------------------------------------------------------------------------------------------------
%% Help
%% ---------------------------------------------------------------------------------------------------

%% @doc `help:': name, superclass, documentation and methods of a class.
-spec 'help:'(term(), term()) -> binary().
'help:'(Self, Subject) ->
    Class = class('help:', Self, Subject),
    Meta = beamtalk_class:class(Class),
    text([
        heading(Class),
        paragraph(beamtalk_behaviour:doc(Class)),
        listed("Methods", beamtalk_behaviour:methods(Class)),
        listed("Class methods", beamtalk_behaviour:methods(Meta))
    ]).

heading(Class) ->
    case beamtalk_behaviour:superclass(Class) of
        nil -> beamtalk_print:safe(Class);
        Super -> [beamtalk_print:safe(Class), " < ", beamtalk_print:safe(Super)]
    end.

paragraph(nil) -> [];
paragraph(Text) -> ["\n\n", Text].

listed(_, []) -> [];
listed(Title, Selectors) -> ["\n\n", Title, ": ", lists:join(", ", [atom_to_binary(S) || S <- Selectors])].

%% @doc `help:selector:': documentation of a method, wherever it is inherited from; the class side where
%% the instance side has none of that name.
-spec 'help:selector:'(term(), term(), atom()) -> binary().
'help:selector:'(Self, Subject, Selector) when is_atom(Selector) ->
    Class = class('help:selector:', Self, Subject),
    Sides = [Class | [beamtalk_class:class(C) || {'$bt_class', _} = C <- [Class]]],
    Definers = [beamtalk_behaviour:'whichClassIncludesSelector:'(Side, Selector) || Side <- Sides],
    case [Definer || Definer <- Definers, Definer =/= nil] of
        [] -> beamtalk_error:raise(beamtalk_error:selector_not_found(Selector, Class));
        [Definer | _] -> method_help(Definer, Selector)
    end;
'help:selector:'(Self, _, _) ->
    wrong('help:selector:', Self).

method_help(Definer, Selector) ->
    Source = maps:get(source, beamtalk_behaviour:'>>'(Definer, Selector)),
    text([
        beamtalk_print:safe(Definer), " >> ", signature(Source, Selector),
        paragraph(beamtalk_behaviour:'docForMethod:'(Definer, Selector))
    ]).

%% What stands before the body.
signature(Source, Selector) ->
    case string:split(Source, "=>") of
        [Header, _] -> string:trim(Header);
        [_] -> atom_to_binary(Selector)
    end.

class(_, _, {'$bt_class', _} = Class) -> Class;
class(_, _, {'$bt_meta', _} = Meta) -> Meta;
class(_, _, Name) when is_atom(Name), Name =/= nil, not is_boolean(Name) -> beamtalk_class:late(Name);
class(_, _, Name) when is_binary(Name) -> named(Name);
class(Selector, Self, _) -> wrong(Selector, Self).

%% A text that is the name of no class does not become an atom.
named(Name) ->
    try
        beamtalk_class:late(binary_to_existing_atom(Name))
    catch
        error:badarg -> beamtalk_error:raise(class_not_found, [<<"Class '">>, Name, <<"' not found">>])
    end.

%% @doc `erlangHelp:': documentation of an Erlang module.
-spec 'erlangHelp:'(term(), binary()) -> binary().
'erlangHelp:'(Self, Name) when is_binary(Name) ->
    Module = module(Self, 'erlangHelp:', Name),
    case docs(Module) of
        {ok, Docs} -> rendered(shell_docs:render(Module, Docs, #{ansi => false}), Module, any);
        none -> functions(Module, any)
    end;
'erlangHelp:'(Self, _) ->
    wrong('erlangHelp:', Self).

%% @doc `erlangHelp:selector:': documentation of the functions of a name.
-spec 'erlangHelp:selector:'(term(), binary(), atom()) -> binary().
'erlangHelp:selector:'(Self, Name, Function) when is_binary(Name), is_atom(Function) ->
    Module = module(Self, 'erlangHelp:selector:', Name),
    case docs(Module) of
        {ok, Docs} -> rendered(shell_docs:render(Module, Function, Docs, #{ansi => false}), Module, Function);
        none -> functions(Module, Function)
    end;
'erlangHelp:selector:'(Self, _, _) ->
    wrong('erlangHelp:selector:', Self).

%% Where none is installed, OTP makes up documentation that has the signatures only.
docs(Module) ->
    case code:get_doc(Module) of
        {ok, Docs} when element(5, Docs) =/= none -> {ok, Docs};
        _ -> none
    end.

rendered({error, _}, Module, Function) -> functions(Module, Function);
rendered(Text, _, _) -> text(Text).

%% Where no documentation is installed there are still the exports.
functions(Module, Function) ->
    Exports = [{F, A} || {F, A} <- Module:module_info(exports), Function =:= any orelse F =:= Function],
    case Exports of
        [] -> beamtalk_error:raise(not_found, io_lib:format("~ts has no function ~ts", [Module, Function]));
        _ -> text(lists:join("\n", [io_lib:format("~ts:~ts/~b", [Module, F, A]) || {F, A} <- lists:sort(Exports)]))
    end.

module(Self, Selector, Name) ->
    try code:ensure_loaded(binary_to_existing_atom(Name)) of
        {module, Module} -> Module;
        {error, _} -> no_module(Name)
    catch
        error:badarg -> no_module(Name);
        error:system_limit -> wrong(Selector, Self)
    end.

-spec no_module(binary()) -> no_return().
no_module(Name) ->
    beamtalk_error:raise(not_found, [<<"there is no Erlang module '">>, Name, <<"'">>]).

%% ---------------------------------------------------------------------------------------------------
%% Logging
%% ---------------------------------------------------------------------------------------------------

%% @doc `logLevel'.
-spec logLevel(term()) -> atom().
logLevel(_) ->
    #{level := Level} = logger:get_primary_config(),
    Level.

%% @doc `logLevel:'.
-spec 'logLevel:'(term(), atom()) -> nil.
'logLevel:'(Self, Level) ->
    lists:member(Level, ?LEVELS) orelse wrong('logLevel:', Self),
    ok = logger:set_primary_config(level, Level),
    nil.

%% @doc `logFormat'.
-spec logFormat(term()) -> text | json.
logFormat(_) ->
    case logger:get_handler_config(?HANDLER) of
        {ok, #{formatter := {beamtalk_log_json, _}}} -> json;
        _ -> text
    end.

%% @doc `logFormat:'.
-spec 'logFormat:'(term(), atom()) -> nil.
'logFormat:'(_, text) -> set_formatter({logger_formatter, #{}});
'logFormat:'(_, json) -> set_formatter({beamtalk_log_json, #{}});
'logFormat:'(Self, _) -> wrong('logFormat:', Self).

set_formatter(Formatter) ->
    case logger:set_handler_config(?HANDLER, formatter, Formatter) of
        ok -> nil;
        {error, _} -> beamtalk_error:raise(runtime_error, <<"the logger has no default handler">>)
    end.

%% @doc `loggerInfo'.
-spec loggerInfo(term()) -> binary().
loggerInfo(Self) ->
    Active = lists:join(", ", [beamtalk_print:safe(Target) || Target <- activeDebugTargets(Self)]),
    text(
        io_lib:format("level ~ts, format ~ts, handlers ~ts, debug targets: ~ts", [
            logLevel(Self),
            logFormat(Self),
            lists:join(", ", [atom_to_binary(Id) || Id <- logger:get_handler_ids()]),
            Active
        ])
    ).

%% @doc `debugTargets': the parts of the system.
-spec debugTargets(term()) -> [atom()].
debugTargets(_) ->
    lists:sort(maps:keys(?TARGETS)).

%% @doc `enableDebug:': messages of level debug from a part of the system, a class or the class of an actor.
-spec 'enableDebug:'(term(), term()) -> nil.
'enableDebug:'(Self, Target) ->
    Modules = modules('enableDebug:', Self, Target),
    ok = logger:set_module_level(Modules, debug),
    activate(maps:put(Target, Modules, active())).

%% @doc `disableDebug:'.
-spec 'disableDebug:'(term(), term()) -> nil.
'disableDebug:'(Self, Target) ->
    ok = logger:unset_module_level(modules('disableDebug:', Self, Target)),
    activate(maps:remove(Target, active())).

%% @doc `activeDebugTargets'.
-spec activeDebugTargets(term()) -> [term()].
activeDebugTargets(_) ->
    lists:sort(maps:keys(active())).

%% @doc `disableAllDebug'.
-spec disableAllDebug(term()) -> nil.
disableAllDebug(_) ->
    ok = logger:unset_module_level(lists:append(maps:values(active()))),
    activate(#{}).

active() ->
    persistent_term:get(?ACTIVE, #{}).

activate(Targets) ->
    persistent_term:put(?ACTIVE, Targets),
    nil.

%% The facade and all bodies that a class may ever have.
modules(_, _, {'$bt_class', Module}) -> [Module | beamtalk_loader:bodies(Module)];
modules(Selector, Self, {beamtalk_object, _, Module, _}) -> modules(Selector, Self, {'$bt_class', Module});
modules(Selector, Self, Target) when is_atom(Target) -> application_modules(Selector, Self, Target, ?TARGETS);
modules(Selector, Self, _) -> wrong(Selector, Self).

application_modules(Selector, Self, Target, Targets) ->
    case Targets of
        #{Target := Application} -> loaded_modules(Application);
        #{} -> wrong(Selector, Self)
    end.

loaded_modules(Application) ->
    _ = application:load(Application),
    {ok, Modules} = application:get_key(Application, modules),
    Modules.

-spec wrong(atom(), term()) -> no_return().
wrong(Selector, Self) ->
    beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).

text(Chardata) ->
    <<Text/binary>> = unicode:characters_to_binary(Chardata),
    Text.
