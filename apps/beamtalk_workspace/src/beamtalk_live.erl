%% @doc Changes of classes while the program runs: new versions come into force, single methods are replaced.
%%
%% A class carries the text that it was compiled from. A patch is that text with some methods replaced: the compiler
%% makes code for these alone, in a body of their own, and a facade that routes everything else to where it was. After
%% some patches the class is compiled as a whole, so that most slots of its ring stay free for the versions that blocks
%% and running methods hold on to.
%%
%% Subclasses have the fields of their superclass built in. When the interface of a class changes they are compiled
%% again from their texts; if one of them does not compile any more, nothing is loaded.
-module(beamtalk_live).

-export([install/1, patch/2, patchable/1, exception/1, handle/1, start/0]).

-export_type([failure/0]).

-type failure() :: beamtalk_project:failure() | {load, Class :: binary(), beamtalk_loader:reason()}.

%% How many bodies a class may consist of.
-define(MAX_BODIES, 8).

%% @doc Makes this module the one that the runtime asks for code.
-spec start() -> ok.
start() ->
    application:set_env(beamtalk_runtime, code_callback, {?MODULE, handle}).

%% ---------------------------------------------------------------------------------------------------
%% Classes
%% ---------------------------------------------------------------------------------------------------

%% @doc Brings what was compiled into force, superclasses first, and after it the subclasses that exist already.
-spec install([map()]) -> {ok, [beamtalk_class:class_object()]} | {error, failure()}.
install(Files) ->
    Classes = [File || #{class := Class} = File <- Files, Class =/= undefined],
    try
        Dependents = dependents(Classes),
        Objects = [install_file(File) || File <- Files],
        lists:foreach(fun install_file/1, Dependents),
        {ok, [Object || Object <- Objects, Object =/= undefined]}
    catch
        throw:{?MODULE, Failure} -> {error, Failure}
    end.

%% A class, or what a file without one adds to other classes.
install_file(#{module := Module, interface := Interface} = File) ->
    Name = name(File),
    case beamtalk_loader:load(version(File)) of
        {ok, Object} ->
            ok = beamtalk_environment:put([{Name, atom_to_binary(Module), Interface}]),
            Object;
        {error, Reason} ->
            fail({load, Name, Reason})
    end.

name(#{class := undefined, module := Module}) -> atom_to_binary(Module);
name(#{class := Name}) -> Name.

version(#{class := undefined} = File) -> maps:with([module, facade, bodies], File);
version(#{class := Name} = File) -> (maps:with([module, facade, bodies], File))#{class => binary_to_atom(Name)}.

-spec fail(failure()) -> no_return().
fail(Failure) -> throw({?MODULE, Failure}).

has_changed(#{class := Name, interface := Interface}) ->
    case beamtalk_environment:interface(Name) of
        {ok, Interface} -> false;
        _ -> true
    end.

%% Subclasses of changed classes, compiled against the new interfaces.
dependents(Classes) ->
    Changed = [Class || Class <- Classes, has_changed(Class)],
    Given = [Module || #{module := Module} <- Classes],
    Entries = [{Name, atom_to_binary(Module), I} || #{class := Name, module := Module, interface := I} <- Classes],
    {Compiled, _} = lists:mapfoldl(fun recompile/2, Entries, below([M || #{module := M} <- Changed], Given)),
    Compiled.

%% Breadth first, so superclasses come first. A class that is given is not compiled again, and neither are those below
%% it unless it has changed itself. What carries no text cannot be compiled; it asks its superclass at run time.
below(Modules, Given) ->
    Subclasses = lists:usort(lists:flatmap(fun beamtalk_class:direct_subclasses/1, Modules)) -- Given,
    case [Module || Module <- Subclasses, text(Module) =/= nil] of
        [] -> [];
        Next -> Next ++ below(Next, Given)
    end.

recompile(Module, Entries) ->
    #{text := Text, name := Name} = Info = Module:'$class'(),
    Environment = beamtalk_compiler:environment(beamtalk_environment:entries_with(Entries)),
    case beamtalk_compiler:compile_methods(Text, <<>>, (options(Info))#{environment => Environment}) of
        {ok, #{interface := Interface} = Class} ->
            {Class, [{atom_to_binary(Name), atom_to_binary(Module), Interface} | Entries]};
        {error, Findings} ->
            fail({compile, in_subclass(Name, beamtalk_project:findings([Findings]))})
    end.

in_subclass(Name, #{diagnostics := Diagnostics} = Findings) ->
    Lines = [
        unicode:characters_to_binary(["error: the subclass ", atom_to_binary(Name), " does not compile any more: ", Message])
     || #{message := Message} <- Diagnostics
    ],
    Findings#{rendered := Lines}.

%% ---------------------------------------------------------------------------------------------------
%% Methods
%% ---------------------------------------------------------------------------------------------------

%% @doc The module of a class whose methods can be replaced: it is loaded, it is not of the library, and it carries its
%% text.
-spec patchable(Class :: binary()) -> {ok, module()} | error.
patchable(Name) ->
    try beamtalk_class:lookup(binary_to_existing_atom(Name)) of
        {ok, {'$bt_class', Module}} -> patchable_module(Module, text(Module));
        error -> error
    catch
        error:badarg -> error
    end.

patchable_module(_, nil) ->
    error;
patchable_module(Module, _) ->
    case beamtalk_name:is_library(Module) of
        true -> error;
        false -> {ok, Module}
    end.

text(Module) ->
    case beamtalk_hierarchy:info(Module) of
        #{text := Text} when is_binary(Text) -> Text;
        _ -> nil
    end.

%% @doc Replaces and adds the methods of a class that stand in a text, as `Class >> selector => body'.
-spec patch(module(), binary()) -> {ok, map()} | {error, failure()}.
patch(Module, Methods) ->
    change(Module, Methods, []).

%% From the text that is read to the version that is loaded nobody else may change the class.
change(Module, Methods, Removed) ->
    beamtalk_loader:update(Module, fun() ->
        try
            {ok, Class} = compile(Module, Methods, Removed),
            _ = install_file(Class),
            {ok, Class}
        catch
            throw:{?MODULE, Failure} -> {error, Failure}
        end
    end).

compile(Module, Methods, Removed) ->
    #{text := Text} = Info = Module:'$class'(),
    Options = (options(Info))#{environment => beamtalk_environment:current(), removed => Removed},
    case beamtalk_compiler:compile_methods(Text, Methods, Options#{existing => existing(Info)}) of
        {ok, Class} -> {ok, Class};
        {error, Findings} -> fail({compile, beamtalk_project:findings([Findings])})
    end.

options(#{module := Module} = Info) ->
    Name = atom_to_binary(Module),
    case beamtalk_project:slot_option(Name, #{module => Name, render => true, optimize => false}) of
        {ok, Options} -> maps:merge(Options, maps:merge(file(Info), package(Module)));
        {error, Failure} -> fail(Failure)
    end.

file(#{source := File}) when is_binary(File) -> #{file => File};
file(_) -> #{}.

package(Module) ->
    case beamtalk_metaclass:packageName({'$bt_meta', Module}) of
        nil -> #{};
        Package -> #{package => Package}
    end.

existing(#{routes := Routes}) ->
    case length(lists:usort(maps:values(Routes))) of
        Bodies when Bodies < ?MAX_BODIES -> [{atom_to_binary(Function), Slot} || {Function, Slot} <- maps:to_list(Routes)];
        _ -> []
    end.

%% ---------------------------------------------------------------------------------------------------
%% Requests of the runtime
%% ---------------------------------------------------------------------------------------------------

%% @doc Does what a running class asks for.
-spec handle(beamtalk_code:request()) -> {ok, term()} | {error, beamtalk_error:exception()}.
handle({compile, Self, Selector, Source}) ->
    answered(with_method(Self, Selector, Source, fun(Text) -> beamtalk_workspace:load_input(Text, []) end));
handle({check, {_, Module} = Self, Selector, Source}) ->
    answered(with_method(Self, Selector, Source, fun(Text) -> check(Module, Self, Selector, Text) end));
handle({remove, {_, Module} = Self, Selector}) ->
    answered(with_text(Module, fun() -> change(Module, <<>>, [function(Self, Selector)]) end));
handle({reload, _Module, File}) ->
    answered(beamtalk_workspace:load_file(unicode:characters_to_list(File)));
handle({load, Path}) ->
    case beamtalk_workspace:load([unicode:characters_to_list(Path)]) of
        {ok, #{classes := Classes}} -> {ok, Classes};
        {error, Failure} -> answered({error, Failure})
    end;
handle({removed, Name}) ->
    {ok, beamtalk_environment:remove(atom_to_binary(Name))}.

%% A method is named without its class where a class is asked to compile it.
with_method({_, Module} = Self, Selector, Source, Fun) ->
    case {beamtalk_built:is_built(Module), unicode:characters_to_list(Source)} of
        {true, _} -> {error, no_text(Module)};
        {false, Text} when is_list(Text) -> with_text_of_method(Self, Selector, Source, Fun);
        {false, _} -> {error, argument_error("the source is not a text")}
    end.

with_text_of_method(Self, Selector, Source, Fun) ->
    {Trivia, Method} = split_trivia(Source),
    Text = unicode:characters_to_binary([Trivia, beamtalk_print:safe(Self), " >> ", Method]),
    case outline(Text) of
        {ok, #{class := undefined, standalone := [#{selector := Found}]}} -> if_selector(Found, Selector, Fun, Text);
        {ok, _} -> {error, argument_error("one method was expected, as `selector => body`")};
        {error, Findings} -> {error, {compile, beamtalk_project:findings([Findings])}}
    end.

%% What does not even parse has no outline to go by.
outline(Text) ->
    case beamtalk_compiler:outline(Text, #{render => true}) of
        {ok, #{diagnostics := Diagnostics} = Outline} ->
            case [Error || #{severity := error} = Error <- Diagnostics] of
                [] -> {ok, Outline};
                _ -> {error, Outline}
            end;
        {error, Findings} ->
            {error, Findings}
    end.

if_selector(Found, Selector, Fun, Text) ->
    case atom_to_binary(Selector) of
        Found -> Fun(Text);
        Expected -> {error, argument_error(["the source defines `", Found, "`, not `", Expected, "`"])}
    end.

%% Blanks and comments; a documentation comment belongs in front of the class.
split_trivia(Source) ->
    case re:run(Source, "^(?:\\s|//[^\\n]*(?:\\n|$)|/\\*.*?\\*/)*", [{capture, first, index}, dotall]) of
        {match, [{0, Length}]} -> split_binary(Source, Length);
        nomatch -> {<<>>, Source}
    end.

argument_error(Message) ->
    #{reason => exception, exception => beamtalk_error:new(argument_error, Message)}.

with_text(Module, Fun) ->
    case patchable_module(Module, text(Module)) of
        {ok, _} -> Fun();
        error -> {error, no_text(Module)}
    end.

no_text(Module) ->
    Message = [beamtalk_hierarchy:name(Module), " has no source text that could be compiled again"],
    #{reason => exception, exception => beamtalk_error:runtime_error(Message)}.

%% Callers know nothing of a method but its selector, which compiling it does not take away: none goes stale.
check(Module, Self, Selector, Text) ->
    with_text(Module, fun() ->
        try
            {ok, Class} = compile(Module, Text, []),
            {ok, #{
                selector => Selector,
                isNew => not beamtalk_behaviour:'includesSelector:'(Self, Selector),
                findings => [Message || #{message := Message} <- maps:get(diagnostics, Class)],
                staleCallers => []
            }}
        catch
            throw:{?MODULE, Failure} -> {error, Failure}
        end
    end).

function({'$bt_class', _}, Selector) -> <<"m ", (atom_to_binary(Selector))/binary>>;
function({'$bt_meta', _}, Selector) -> <<"c ", (atom_to_binary(Selector))/binary>>.

answered({ok, Value}) ->
    {ok, Value};
answered({error, #{reason := exception, exception := Exception}}) ->
    {error, Exception};
answered({error, #{reason := compile} = Findings}) ->
    {error, compile_error(Findings)};
answered({error, Failure}) ->
    answered({error, exception(Failure)}).

compile_error(#{diagnostics := Diagnostics, rendered := Rendered}) ->
    Errors = [Diagnostic || #{severity := error} = Diagnostic <- Diagnostics],
    beamtalk_error:new(compile_error, lists:join("\n", Rendered), #{
        hint => <<"correct the source; the class is as it was">>,
        details => #{diagnostics => [maps:with([message, line, column], Error) || Error <- Errors]}
    }).

%% @doc What a session answers for a failure.
-spec exception(failure() | map()) -> beamtalk_session:failure().
exception(#{reason := _} = Failure) ->
    Failure;
exception({compile, Findings}) ->
    Findings#{reason => compile};
exception({load, _, {class_exists, Exception}}) ->
    #{reason => exception, exception => Exception};
exception(Failure) ->
    Message = unicode:characters_to_binary(beamtalk_workspace:format_error(Failure)),
    #{reason => exception, exception => beamtalk_error:runtime_error(Message)}.
