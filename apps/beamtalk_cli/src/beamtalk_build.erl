%% @doc Builds the library: compiles its classes to the application's `ebin' and writes the tables of them to its
%% `priv'.
%%
%% What was compiled from what is remembered in a manifest, so that a build compiles only what has changed, or what
%% depends on an interface that has changed. The manifest is void when the compiler itself is another one.
-module(beamtalk_build).

-export([main/0, run/2]).

-define(MANIFEST, "beamtalk.manifest").

-type class() :: #{
    class := binary(),
    module := module(),
    superclass := module() | nil,
    extensions := [beamtalk_extension:entry()],
    interface := binary()
}.
%% A file without a class, which only adds methods to classes of others, has the name of its module for one.

%% @doc Command line: directory of the sources, directory of the application. Ends the emulator with an exit code.
-spec main() -> ok.
main() ->
    beamtalk_terminal:main(fun() ->
        [Sources, Application] = init:get_plain_arguments(),
        {ok, _} = application:ensure_all_started(beamtalk_compiler),
        run(Sources, Application)
    end).

%% @doc Builds the sources of one directory into an application and answers the exit code.
-spec run(file:filename_all(), file:filename_all()) -> 0 | 1.
run(Sources, Application) ->
    case units(Sources) of
        {ok, Levels} -> build(Levels, Application);
        {error, Text} -> failed(Text)
    end.

failed(Text) ->
    beamtalk_terminal:report(Text),
    1.

%% ---------------------------------------------------------------------------------------------------
%% Compilation
%% ---------------------------------------------------------------------------------------------------

units(Sources) ->
    case beamtalk_source:read(files(Sources), (options())#{root => Sources}) of
        {ok, Units} -> levels(Units);
        {error, Reason} -> {error, beamtalk_source:format_error(Reason)}
    end.

files(Sources) ->
    [filename:join(Sources, Name) || Name <- lists:sort(filelib:wildcard("*.bt", Sources))].

levels(Units) ->
    case [File || #{class := undefined, file := File} <- Units] of
        [] -> ordered([{Class, Super, Unit} || #{class := Class, superclass := Super} = Unit <- Units]);
        [_ | _] = Without -> {error, ["nothing is defined in ", lists:join(", ", Without)]}
    end.

ordered(Items) ->
    case beamtalk_order:levels(Items) of
        {ok, Levels} ->
            {ok, Levels};
        {error, {duplicate, Class, Both}} ->
            {error, beamtalk_order:format_error({duplicate, Class, [File || #{file := File} <- Both]})};
        {error, Reason} ->
            {error, beamtalk_order:format_error(Reason)}
    end.

options() ->
    maps:merge(beamtalk_terminal:rendering(), #{library => true, lints => true, package => <<"stdlib">>}).

build(Levels, Application) ->
    Toolchain = toolchain(),
    Known = maps:with([Class || Level <- Levels, #{class := Class} <- Level], read_manifest(Application, Toolchain)),
    case beamtalk_batch:compile(Levels, interfaces(Known), with_code(Known, Application), fun compiler/1) of
        {error, {unstable, Classes}} ->
            failed(beamtalk_project:format_error({unstable, Classes}));
        {Results, _} ->
            finish(lists:append(Levels), Results, Application, Toolchain)
    end.

interfaces(Results) ->
    [
        {Class, atom_to_binary(Module), Interface}
     || {Class, #{compiled := {ok, #{module := Module, interface := Interface}}}} <- maps:to_list(Results)
    ].

compiler(Entries) ->
    Options = (options())#{environment => beamtalk_compiler:environment(Entries)},
    fun(#{source := Source, file := File, module := Module}) ->
        compile(Source, Options#{file => shown_name(File), module => Module})
    end.

compile(Source, Options) ->
    case beamtalk_compiler:compile_module(Source, Options) of
        {ok, Compiled} -> {ok, maps:merge(class(Compiled), beamtalk_project:findings([Compiled]))};
        {error, Findings} -> {error, beamtalk_project:findings([Findings])}
    end.

%% The name in diagnostics and stack traces does not depend on where the project is.
shown_name(File) ->
    unicode:characters_to_binary(filename:join("stdlib", filename:basename(File))).

class(#{module := Module, facade := Facade, bodies := Bodies, interface := Interface}) ->
    [{Module, Beam}] = [Facade || Facade =/= absent] ++ Bodies,
    {ok, {Module, [{exports, Exports}]}} = beam_lib:chunks(Beam, [exports]),
    Extensions = beamtalk_extension:entries([{Module, Exports}]),
    #{module => Module, beam => Beam, interface => Interface, extensions => Extensions}.

%% ---------------------------------------------------------------------------------------------------
%% Results
%% ---------------------------------------------------------------------------------------------------

%% The library is what others learn from and what their warnings are compared with: it has none.
finish(Units, Results, Application, Toolchain) ->
    lists:foreach(fun beamtalk_terminal:report/1, reported(Units, Results)),
    case {classes(fun has_not_compiled/1, Results), classes(fun has_findings/1, Results)} of
        {[], []} ->
            ok = write(Units, Results, Application, Toolchain),
            0;
        {[], Found} ->
            failed(io_lib:format("the library was not built: ~b of its classes have warnings", [length(Found)]));
        {Failed, _} ->
            failed(io_lib:format("the library was not built: ~b of its classes did not compile", [length(Failed)]))
    end.

classes(Is, Results) -> [Class || {Class, #{compiled := Compiled}} <- maps:to_list(Results), Is(Compiled)].

has_not_compiled({Outcome, _}) -> Outcome =:= error.

has_findings({_, #{diagnostics := Diagnostics}}) -> Diagnostics =/= [].

%% The subclasses of a class that did not compile fail because of it.
reported(Units, Results) ->
    [
        Text
     || #{class := Class, superclass := Super} <- Units,
        #{compiled := {_, #{rendered := Texts}}} <- [maps:get(Class, Results)],
        not has_failed(Super, Results),
        Text <- Texts
    ].

has_failed(Class, Results) ->
    case Results of
        #{Class := #{compiled := {error, _}}} -> true;
        #{} -> false
    end.

write(Units, Results, Application, Toolchain) ->
    Classes = [class_of(Unit, Results) || Unit <- Units],
    Ebin = filename:join(Application, "ebin"),
    lists:foreach(
        fun({Module, Beam}) -> ok = write_file(filename:join(Ebin, beam_name(Module)), Beam) end,
        [{Module, Beam} || #{compiled := {ok, #{module := Module, beam := Beam}}} <- maps:values(Results)]
    ),
    ok = remove_stale(Ebin, [beam_name(Module) || #{module := Module} <- Classes]),
    Priv = priv(Application),
    ok = write_file(filename:join(Priv, "beamtalk.classes"), class_table(Classes)),
    ok = write_file(filename:join(Priv, "beamtalk.interfaces"), interface_table(Classes)),
    write_manifest(Application, Toolchain, Results).

-spec class_of(beamtalk_source:unit(), beamtalk_batch:results()) -> class().
class_of(#{class := Class, superclass := Super}, Results) ->
    #{compiled := {ok, Compiled}} = maps:get(Class, Results),
    (maps:with([module, interface, extensions], Compiled))#{class => Class, superclass => super_module(Super, Results)}.

super_module(undefined, _) ->
    nil;
super_module(Super, Results) ->
    #{compiled := {ok, #{module := Module}}} = maps:get(Super, Results),
    Module.

class_table(Classes) ->
    Entries = [entry(C) || C <- Classes],
    unicode:characters_to_binary(["%% Written by the build.\n", io_lib:format("~tp.~n", [Entries])]).

entry(#{class := Name, module := Module} = Class) ->
    Extensions = maps:filter(fun(_, Entries) -> Entries =/= [] end, maps:with([extensions], Class)),
    case atom_to_binary(Module) of
        Name -> Extensions#{module => Module};
        _ -> maps:merge((maps:with([module, superclass], Class))#{class => binary_to_atom(Name)}, Extensions)
    end.

interface_table(Classes) ->
    term_to_binary([
        {Class, atom_to_binary(Module), Interface}
     || #{class := Class, module := Module, interface := Interface} <- Classes
    ]).

beam_name(Module) -> atom_to_list(Module) ++ ".beam".

remove_stale(Ebin, Names) ->
    Stale = filelib:wildcard("bt@*.beam", Ebin) -- Names,
    lists:foreach(fun(Name) -> ok = file:delete(filename:join(Ebin, Name)) end, Stale).

%% rebar3 makes `priv' a link to a directory in the sources, which need not exist.
priv(Application) ->
    Priv = filename:join(Application, "priv"),
    Directory =
        case file:read_link(Priv) of
            {ok, Target} -> filename:join(Application, Target);
            {error, _} -> Priv
        end,
    ok = filelib:ensure_path(Directory),
    Priv.

%% Whoever reads the file meanwhile finds the old one or the new one, both whole.
write_file(File, Content) ->
    Temporary = File ++ ".new",
    ok = file:write_file(Temporary, Content),
    file:rename(Temporary, File).

%% ---------------------------------------------------------------------------------------------------
%% Manifest
%% ---------------------------------------------------------------------------------------------------

read_manifest(Application, Toolchain) ->
    try
        {ok, Binary} = file:read_file(filename:join(Application, ?MANIFEST)),
        {Toolchain, Results} = binary_to_term(Binary),
        Results
    catch
        %% There is none, or not one of this compiler: everything is compiled.
        error:_ -> #{}
    end.

%% A class that has lost its file is compiled again.
with_code(Results, Application) ->
    Ebin = filename:join(Application, "ebin"),
    maps:filter(
        fun(_, #{compiled := {ok, #{module := Module}}}) ->
            filelib:is_regular(filename:join(Ebin, beam_name(Module)))
        end,
        Results
    ).

write_manifest(Application, Toolchain, Results) ->
    WithoutCode = fun(_, #{compiled := {ok, C}} = Result) -> Result#{compiled := {ok, maps:remove(beam, C)}} end,
    write_file(filename:join(Application, ?MANIFEST), term_to_binary({Toolchain, maps:map(WithoutCode, Results)})).

%% Hash of what compiles: its native part, its modules, and OTP's compiler.
toolchain() ->
    Directory = code:lib_dir(beamtalk_compiler),
    Names = [Name || Part <- ["ebin/*.beam", "priv/native/*"], Name <- filelib:wildcard(Part, Directory)],
    {ok, Otp} = application:get_key(compiler, vsn),
    crypto:hash(sha256, [Otp | [crypto:hash(sha256, content(filename:join(Directory, Name))) || Name <- Names]]).

content(File) ->
    {ok, Content} = file:read_file(File),
    Content.
