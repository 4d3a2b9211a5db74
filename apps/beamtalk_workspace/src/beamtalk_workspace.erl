%% @doc Source text into the running node: files and directories, single inputs, sessions.
-module(beamtalk_workspace).

-export([open_session/0, close_session/1]).
-export([load_file/1, load_file/2, load/1, load/2, load_each/2, check/1, run/1, run_script/1]).
-export([load_input/2]).
-export([format_error/1]).

-export_type([loaded/0, failure/0, options/0]).

-type options() :: #{render => boolean() | color}.
%% `render': whether, and how, diagnostics also become text.

-type loaded() :: #{
    classes := [beamtalk_class:class_object()],
    scripts := [beamtalk_project:script()],
    diagnostics := [map()],
    rendered := [binary()]
}.
%% What came of loading: the classes, superclasses first; the expressions of the files, which have not run yet; and
%% what the compiler has found.

-type failure() :: beamtalk_project:failure() | {load, Class :: binary(), beamtalk_loader:reason()}.

%% @doc Starts an interactive session (see {@link beamtalk_session}).
-spec open_session() -> {ok, pid()} | {error, term()}.
open_session() ->
    beamtalk_session_sup:start_session().

%% @doc Ends a session.
-spec close_session(pid()) -> ok.
close_session(Session) ->
    beamtalk_session_sup:stop_session(Session).

%% @doc Loads the class of a file.
-spec load_file(file:filename_all()) -> {ok, loaded()} | {error, failure()}.
load_file(File) ->
    load_file(File, #{}).

%% @doc The same with options.
-spec load_file(file:filename_all(), options()) -> {ok, loaded()} | {error, failure()}.
load_file(File, Options) ->
    load([File], Options).

%% @doc Loads the classes of files and directories, superclasses first. When one of them does not compile, none is
%% loaded.
-spec load([file:filename_all()]) -> {ok, loaded()} | {error, failure()}.
load(Paths) ->
    load(Paths, #{}).

%% @doc The same with options.
-spec load([file:filename_all()], options()) -> {ok, loaded()} | {error, failure()}.
load(Paths, Options) ->
    case beamtalk_project:compile(Paths, with_rendering(Options)) of
        {ok, #{classes := Classes} = Compiled} -> install(Classes, Compiled, []);
        {error, Failure} -> {error, Failure}
    end.

%% @doc Loads as many of the files as can be loaded. The classes come first, superclasses before their subclasses. A file
%% without a class has `undefined'.
-spec load_each([beamtalk_source:unit()], options()) ->
    [{beamtalk_source:unit(), {ok, undefined | beamtalk_class:class_object()} | {error, failure()}}].
load_each(Units, Options) ->
    [{Unit, load_outcome(Outcome)} || {Unit, Outcome} <- beamtalk_project:compile_each(Units, with_rendering(Options))].

%% A file of expressions has nothing to be loaded.
load_outcome({ok, #{module := undefined}}) -> {ok, undefined};
load_outcome({ok, Code}) -> install_code(Code);
load_outcome({error, Failure}) -> {error, Failure}.

install([Code | Rest], Compiled, Loaded) ->
    case install_code(Code) of
        {ok, undefined} -> install(Rest, Compiled, Loaded);
        {ok, Object} -> install(Rest, Compiled, [Object | Loaded]);
        {error, Failure} -> {error, Failure}
    end;
install([], Compiled, Loaded) ->
    {ok, Compiled#{classes := lists:reverse(Loaded)}}.

%% A class, or what a file without one adds to other classes.
install_code(#{module := Module, interface := Interface} = Code) ->
    Name = name(Code),
    case beamtalk_loader:load(version(Code)) of
        {ok, Object} ->
            ok = beamtalk_environment:put([{Name, atom_to_binary(Module), Interface}]),
            {ok, Object};
        {error, Reason} ->
            {error, {load, Name, Reason}}
    end.

name(#{class := undefined, module := Module}) -> atom_to_binary(Module);
name(#{class := Name}) -> Name.

version(#{class := undefined} = Code) -> maps:with([module, facade, bodies], Code);
version(#{class := Name} = Code) -> (maps:with([module, facade, bodies], Code))#{class => binary_to_atom(Name)}.

%% @doc What the compiler finds in files and directories; nothing is loaded.
-spec check([file:filename_all()]) -> {ok, beamtalk_project:findings()} | {error, failure()}.
check(Paths) ->
    case beamtalk_project:compile(Paths, with_rendering(#{})) of
        {ok, Compiled} -> {ok, maps:with([diagnostics, rendered], Compiled)};
        {error, Failure} -> {error, Failure}
    end.

%% @doc Loads files and directories and runs their expressions, in the order of the files. The value is the last one.
-spec run([file:filename_all()]) -> beamtalk_session:outcome() | {error, failure()}.
run(Paths) ->
    case load(Paths) of
        {ok, #{scripts := Scripts} = Loaded} ->
            run_scripts(Scripts, (maps:with([diagnostics, rendered], Loaded))#{value => nil});
        {error, Failure} ->
            {error, Failure}
    end.

run_scripts([Script | Rest], Findings) ->
    case run_script(Script) of
        {ok, #{value := Value}} -> run_scripts(Rest, Findings#{value := Value});
        {error, Failure} -> {error, Failure}
    end;
run_scripts([], Findings) ->
    {ok, Findings}.

%% @doc Runs the expressions of one file in the calling process.
-spec run_script(beamtalk_project:script()) -> beamtalk_session:outcome().
run_script(Script) ->
    beamtalk_evaluation:run(Script).

%% @doc Compiles what was typed into a session that has the given variables. A class in it is loaded at once; the
%% expressions are answered as Core Erlang.
-spec load_input(binary(), [binary()]) ->
    {ok, #{script := term(), diagnostics := [map()], rendered := [binary()], _ => _}}
    | {error, beamtalk_session:failure()}.
load_input(Source, Variables) ->
    Module = module_of(Source),
    Options = #{output => core, render => true, environment => beamtalk_environment:current()},
    case beamtalk_project:slot_option(Module, Options) of
        {ok, Slotted} -> compile_input(Source, input_name(Module), Variables, Slotted);
        {error, Failure} -> {error, exception(Failure)}
    end.

%% A class has the module that its name says; methods for other classes have one by their selectors, so that typing one
%% again replaces it; expressions are never loaded, so that all can have the same name.
input_name(undefined) -> <<"bt@input">>;
input_name(Module) -> Module.

compile_input(Source, Name, Variables, Options) ->
    case beamtalk_compiler:compile_expression(Source, Name, Variables, Options) of
        {ok, #{class := Class} = Compiled} -> install_input(Class, Compiled);
        {error, Findings} -> {error, (beamtalk_project:findings([Findings]))#{reason => compile}}
    end.

install_input(absent, Compiled) ->
    {ok, Compiled};
install_input(#{module := Name, facade := Facade, bodies := Bodies, interface := Interface} = Class, Compiled) ->
    Inputs = [{F, Interface} || F <- [Facade], F =/= absent] ++ Bodies,
    case beamtalk_compiler_otp:compile(Inputs, #{}) of
        {ok, Beams} ->
            {FacadeCode, BodyCode} = facade_first(Facade, Beams),
            Code = Class#{module := binary_to_atom(Name), facade := FacadeCode, bodies := BodyCode},
            installed(install_code(Code), Compiled);
        {error, Diagnostics} ->
            {error, (beamtalk_project:findings([#{diagnostics => Diagnostics}]))#{reason => compile}}
    end.

facade_first(absent, Bodies) -> {absent, Bodies};
facade_first(_, [Facade | Bodies]) -> {Facade, Bodies}.

installed({ok, _}, Compiled) -> {ok, Compiled};
installed({error, Failure}, Compiled) -> {error, maps:merge(beamtalk_project:findings([Compiled]), exception(Failure))}.

module_of(Source) ->
    case beamtalk_compiler:outline(Source, #{}) of
        {ok, #{class := undefined, extensions := [First | _] = Extensions}} ->
            beamtalk_source:extensions_module(First, lists:sort(Extensions));
        {ok, #{module := Module}} ->
            Module;
        {error, _} ->
            undefined
    end.

exception({load, _, {class_exists, Exception}}) ->
    #{reason => exception, exception => Exception};
exception(Failure) ->
    Message = unicode:characters_to_binary(format_error(Failure)),
    #{reason => exception, exception => beamtalk_error:runtime_error(Message)}.

with_rendering(Options) ->
    maps:merge(#{render => true}, Options).

%% @doc A failure as text.
-spec format_error(failure()) -> unicode:chardata().
format_error({load, Class, Reason}) -> [Class, ": ", beamtalk_loader:format_error(Reason)];
format_error(Failure) -> beamtalk_project:format_error(Failure).
