%% @doc Compilation of files and directories against the classes that exist. Nothing is loaded here.
-module(beamtalk_project).

-export([compile/2, compile_each/2, slot_option/2, findings/1, findings/2, format_error/1]).

-export_type([compiled/0, script/0, findings/0, failure/0, outcome/0]).

-type script() :: {module(), Beam :: binary()}.
%% The expressions of a file, as a module with `eval/1'.

-type findings() :: #{diagnostics := [map()], rendered := [binary()]}.
%% What the compiler has found; `rendered' holds the same as text, where it was asked for.

-type compiled() :: #{
    classes := [map()],
    scripts := [script()],
    units := [beamtalk_source:unit()],
    diagnostics := [map()],
    rendered := [binary()]
}.
%% Classes in the order of loading, scripts in the order of the files.

-type failure() ::
    {source, beamtalk_source:reason()}
    | {order, beamtalk_order:reason()}
    | {unstable, [Class :: binary()]}
    | {no_slot, module()}
    | {compile, findings()}.

-type outcome() :: {ok, Compiled :: map()} | {error, failure()}.
%% What came of one file.

%% Scripts without a class share a ring of modules, like the bodies of a class.
-define(SCRIPT, 'bt@script').

%% @doc Compiles what the paths name. `Options' go to the compiler.
-spec compile([file:filename_all()], map()) -> {ok, compiled()} | {error, failure()}.
compile(Paths, Options) ->
    try
        Units = source(beamtalk_source:read(source(beamtalk_source:find(Paths)))),
        {ok, compile_units(Units, Options)}
    catch
        throw:{?MODULE, Failure} -> {error, Failure}
    end.

source({ok, Result}) -> Result;
source({error, Reason}) -> fail({source, Reason}).

-spec fail(failure()) -> no_return().
fail(Failure) -> throw({?MODULE, Failure}).

compile_units(Units, Options) ->
    {Ordered, Outcomes} = outcomes(Units, Options),
    gather(Units, Ordered, Outcomes, Options).

%% @doc Compiles as many of the files as can be compiled. The classes come first, in the order of loading.
-spec compile_each([beamtalk_source:unit()], map()) -> [{beamtalk_source:unit(), outcome()}].
compile_each(Units, Options) ->
    try outcomes(Units, Options) of
        {Ordered, Outcomes} -> [{Unit, outcome(Unit, Outcomes, Options)} || Unit <- Ordered]
    catch
        throw:{?MODULE, Failure} ->
            {Involved, Others} = lists:partition(fun(Unit) -> is_involved(Unit, Failure) end, Units),
            compile_each(Others, Options) ++ [{Unit, {error, Failure}} || Unit <- Involved]
    end.

outcome(#{file := File}, Outcomes, Options) ->
    case Outcomes of
        #{File := {ok, Compiled}} -> {ok, Compiled};
        #{File := {error, Findings}} -> {error, {compile, findings([Findings], Options)}}
    end.

is_involved(#{file := File}, {order, {duplicate, _, Files}}) -> lists:member(File, Files);
is_involved(#{class := Class}, {order, {cycle, Classes}}) -> lists:member(Class, Classes);
is_involved(#{class := Class}, {unstable, Classes}) -> lists:member(Class, Classes);
is_involved(#{module := undefined}, {no_slot, ?SCRIPT}) -> true;
is_involved(#{module := Module}, {no_slot, NoSlot}) -> Module =:= atom_to_binary(NoSlot).

%% The units in the order of loading, and what came of each file.
outcomes(Units, Options) ->
    {Files, Classes} = lists:partition(fun(#{class := Class}) -> Class =:= undefined end, Units),
    Levels = levels(Classes),
    Slotted = [[with_slot(Unit) || Unit <- Level] || Level <- Levels],
    Compile = fun(Entries) -> unit_compiler(Entries, Options) end,
    case beamtalk_batch:compile(Slotted, beamtalk_environment:entries(), #{}, Compile) of
        {error, Unstable} ->
            fail(Unstable);
        {Results, Entries} ->
            CompileUnit = Compile(Entries),
            Ordered = lists:append(Levels),
            OfFiles = [{File, CompileUnit(with_slot(Unit))} || #{file := File} = Unit <- Files],
            OfClasses = [{File, compiled(Class, Results)} || #{class := Class, file := File} <- Ordered],
            {Ordered ++ Files, maps:from_list(OfFiles ++ OfClasses)}
    end.

compiled(Class, Results) ->
    #{Class := #{compiled := Compiled}} = Results,
    Compiled.

levels(Units) ->
    case beamtalk_order:levels([{Class, Super, Unit} || #{class := Class, superclass := Super} = Unit <- Units]) of
        {ok, Levels} -> Levels;
        {error, {duplicate, Class, Both}} -> fail({order, {duplicate, Class, [File || #{file := File} <- Both]}});
        {error, Reason} -> fail({order, Reason})
    end.

%% One slot for all rounds of compilation: only the last version is loaded.
with_slot(#{module := undefined} = Unit) -> Unit#{slot => slot(?SCRIPT)};
with_slot(#{module := Module} = Unit) -> Unit#{slot => slot(binary_to_atom(Module))}.

slot(Module) ->
    case beamtalk_loader:next_slot(Module) of
        {ok, Slot} -> Slot;
        {error, no_free_slot} -> fail({no_slot, Module})
    end.

%% @doc Options with the slot of a class; for a module that is not known yet they are unchanged.
-spec slot_option(binary() | undefined, map()) -> {ok, map()} | {error, failure()}.
slot_option(undefined, Options) ->
    {ok, Options};
slot_option(Module, Options) ->
    try
        {ok, Options#{slot => slot(binary_to_atom(Module))}}
    catch
        throw:{?MODULE, Failure} -> {error, Failure}
    end.

unit_compiler(Entries, Options) ->
    Environment = beamtalk_compiler:environment(Entries),
    fun(#{source := Source, file := File} = Unit) ->
        Known = maps:merge(Options, naming(Unit)),
        beamtalk_compiler:compile_module(Source, Known#{
            file => unicode:characters_to_binary(File), environment => Environment
        })
    end.

naming(#{class := undefined, slot := Slot}) ->
    #{module => <<(atom_to_binary(?SCRIPT))/binary, "@", (integer_to_binary(Slot))/binary>>};
naming(#{module := Module, slot := Slot}) ->
    #{module => Module, slot => Slot}.

gather(Units, Ordered, Outcomes, Options) ->
    InFileOrder = [{Unit, maps:get(File, Outcomes)} || #{file := File} = Unit <- Units],
    case [{Class, Failure} || {#{class := Class}, {error, Failure}} <- InFileOrder] of
        [] ->
            Compiled = [C || {_, {ok, C}} <- InFileOrder],
            (findings(Compiled, Options))#{
                classes => [
                    Class
                 || #{file := File, class := Name} <- Ordered, Name =/= undefined, {ok, Class} <- [maps:get(File, Outcomes)]
                ],
                scripts => [Script || #{script := Script} <- Compiled, Script =/= absent],
                units => Units
            };
        Failed ->
            Unknown = [Class || {Class, Failure} <- Failed, not is_map_key(interface, Failure)],
            fail({compile, findings(roots(InFileOrder, Unknown), Options)})
    end.

%% Findings of the classes whose superclass is known: the others fail because of it.
roots(Answers, Failed) ->
    [Answer || {#{superclass := Super}, {_, Answer}} <- Answers, Super =:= undefined orelse not lists:member(Super, Failed)].

%% @doc The findings in answers of the compiler, together.
-spec findings([map()]) -> findings().
findings(Answers) ->
    findings(Answers, #{}).

%% @doc The same where the compiler was asked with these options.
-spec findings([map()], map()) -> findings().
findings(Answers, Options) ->
    #{
        diagnostics => lists:append([Diagnostics || #{diagnostics := Diagnostics} <- Answers]),
        rendered => lists:append([rendered(Answer, Options) || Answer <- Answers])
    }.

%% What OTP's compiler refuses has no excerpt.
rendered(#{rendered := Rendered}, _Options) -> Rendered;
rendered(#{diagnostics := Diagnostics}, #{render := json}) -> [json(Diagnostic) || Diagnostic <- Diagnostics];
rendered(#{diagnostics := Diagnostics}, _Options) -> [line(Diagnostic) || Diagnostic <- Diagnostics].

%% The same forms as the compiler's own.
line(#{severity := Severity, code := Code, message := Message} = Diagnostic) ->
    unicode:characters_to_binary(io_lib:format("~ts~ts[~ts]: ~ts~n", [place(Diagnostic), Severity, Code, Message])).

place(#{file := File, line := Line, column := Column}) when is_binary(File) ->
    io_lib:format("~ts:~b:~b: ", [File, Line, Column]);
place(#{}) ->
    [].

json(Diagnostic) ->
    {ok, Text} = beamtalk_json_encode:encode(maps:map(fun(_, Value) -> defined(Value) end, Diagnostic)),
    iolist_to_binary([Text, $\n]).

defined(undefined) -> null;
defined(Value) -> Value.

%% @doc A failure as text; that of a compilation is what was rendered.
-spec format_error(failure()) -> unicode:chardata().
format_error({source, Reason}) -> beamtalk_source:format_error(Reason);
format_error({order, Reason}) -> beamtalk_order:format_error(Reason);
format_error({unstable, Classes}) -> ["the interfaces of these classes do not settle: ", lists:join(", ", Classes)];
format_error({no_slot, Module}) -> io_lib:format("~ts: ~ts", [Module, beamtalk_loader:format_error(no_free_slot)]);
format_error({compile, #{rendered := Rendered}}) -> lists:join("\n", Rendered).
