%% @doc Source text into the running node: files and directories, single inputs, sessions.
-module(beamtalk_workspace).

-export([open_session/0, close_session/1]).
-export([load_file/1, load_file/2, load/1, load/2, load_each/2, check/2, run/1, run_script/1]).
-export([load_input/2]).
-export([format_error/1]).

-export_type([loaded/0, failure/0, options/0]).

-type options() :: #{render => beamtalk_compiler_request:render(), lints => boolean()}.
%% `render': whether, and how, diagnostics also become text; `lints': whether lints are wanted too.

-type loaded() :: #{
    classes := [beamtalk_class:class_object()],
    scripts := [beamtalk_project:script()],
    diagnostics := [map()],
    rendered := [binary()]
}.
%% What came of loading: the classes, superclasses first; the expressions of the files, which have not run yet; and
%% what the compiler has found.

-type failure() :: beamtalk_live:failure().

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
        {ok, #{classes := Classes} = Compiled} -> installed(beamtalk_live:install(Classes), Compiled);
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
load_outcome({ok, Code}) -> only_class(beamtalk_live:install([Code]));
load_outcome({error, Failure}) -> {error, Failure}.

only_class({ok, [Object]}) -> {ok, Object};
only_class({ok, []}) -> {ok, undefined};
only_class({error, Failure}) -> {error, Failure}.

installed({ok, Objects}, #{units := Units} = Compiled) ->
    lists:foreach(fun forget_file/1, Units),
    {ok, (maps:remove(units, Compiled))#{classes := Objects}};
installed({error, Failure}, _) -> {error, Failure}.

%% A file that had no class, but methods for other classes or names of types, and is something else now, takes them away.
forget_file(#{file := File, module := Module}) ->
    case beamtalk_source:file_module(File) of
        Module -> ok;
        Before -> unload_file(Before)
    end.

unload_file(Name) ->
    case beamtalk_environment:interface(Name) of
        error ->
            ok;
        {ok, _} ->
            _ = beamtalk_loader:unload(binary_to_atom(Name)),
            beamtalk_environment:remove(Name)
    end.

%% @doc What the compiler finds in files and directories; nothing is loaded.
-spec check([file:filename_all()], options()) -> {ok, beamtalk_project:findings()} | {error, failure()}.
check(Paths, Options) ->
    case beamtalk_project:compile(Paths, with_rendering(Options)) of
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

%% @doc Compiles what was typed into a session that has the given variables. A class in it is loaded at once, methods
%% of classes that exist replace theirs (see {@link beamtalk_live}); the expressions are answered as Core Erlang.
-spec load_input(binary(), [binary()]) ->
    {ok, #{script := term(), diagnostics := [map()], rendered := [binary()], _ => _}}
    | {error, beamtalk_session:failure()}.
load_input(Source, Variables) ->
    {Module, Patched} = declared(Source),
    Options = #{
        output => core, render => true, environment => beamtalk_environment:current(), patched => Patched, file => <<"shell">>
    },
    case beamtalk_project:slot_option(Module, Options) of
        {ok, Slotted} -> compile_input(Source, input_name(Module), Variables, Slotted);
        {error, Failure} -> {error, beamtalk_live:exception(Failure)}
    end.

%% A class has the module that its name says; methods for other classes have one by their selectors, types by their
%% names, so that typing one again replaces it; expressions are never loaded, so that all can have the same name.
input_name(undefined) -> <<"bt@input">>;
input_name(Module) -> Module.

compile_input(Source, Name, Variables, #{patched := Patched} = Options) ->
    case beamtalk_compiler:compile_expression(Source, Name, Variables, Options) of
        {ok, Compiled} -> install_input(Compiled, Source, Patched);
        {error, Findings} -> {error, (beamtalk_project:findings([Findings]))#{reason => compile}}
    end.

install_input(#{class := Class} = Compiled, Source, Patched) ->
    try
        Patches = [done(beamtalk_live:patch(Module, Source)) || Module <- patched_modules(Patched)],
        _ = [done(install_code(Class)) || Class =/= absent],
        {ok, maps:merge(Compiled, beamtalk_project:findings([Compiled | Patches]))}
    catch
        throw:{?MODULE, Failure} -> {error, maps:merge(beamtalk_project:findings([Compiled]), Failure)}
    end.

done({ok, Result}) -> Result;
done({error, Failure}) -> throw({?MODULE, beamtalk_live:exception(Failure)}).

patched_modules(Names) ->
    [Module || Name <- Names, {ok, Module} <- [beamtalk_live:patchable(Name)]].

install_code(#{module := Name, facade := Facade, bodies := Bodies, interface := Interface} = Code) ->
    Inputs = [{F, Interface} || F <- [Facade], F =/= absent] ++ Bodies,
    case beamtalk_compiler_otp:compile(Inputs, #{}) of
        {ok, Beams} ->
            {FacadeCode, BodyCode} = facade_first(Facade, Beams),
            beamtalk_live:install([Code#{module := binary_to_atom(Name), facade := FacadeCode, bodies := BodyCode}]);
        {error, Diagnostics} ->
            {error, {compile, beamtalk_project:findings([#{diagnostics => Diagnostics}])}}
    end.

facade_first(absent, Bodies) -> {absent, Bodies};
facade_first(_, [Facade | Bodies]) -> {Facade, Bodies}.

%% The module of the text, and the classes whose methods in it are patches.
declared(Source) ->
    case beamtalk_compiler:outline(Source, #{}) of
        {ok, #{module := Module, class := Class, standalone := Methods} = Outline} ->
            #{extensions := Extensions, aliases := Aliases} = Outline,
            Names = lists:usort([Name || #{class := Name} <- Methods, Name =/= Class]),
            Patched = [Name || Name <- Names, beamtalk_live:patchable(Name) =/= error],
            Added = [E || E <- Extensions, not lists:member(extended(E), Patched)],
            {module(Module, Added ++ Aliases), Patched};
        {error, _} ->
            {undefined, []}
    end.

extended(Extension) -> hd(binary:split(Extension, <<" ">>)).

module(undefined, [First | _] = Names) -> beamtalk_source:file_module(First, lists:sort(Names));
module(Module, _) -> Module.

with_rendering(Options) ->
    maps:merge(#{render => true}, Options).

%% @doc A failure as text.
-spec format_error(failure()) -> unicode:chardata().
format_error({load, Class, Reason}) -> [Class, ": ", beamtalk_loader:format_error(Reason)];
format_error(Failure) -> beamtalk_project:format_error(Failure).
