%% @doc The Beamtalk compiler, in this node.
%%
%% Source text is any binary: what is wrong with it comes back as diagnostics, and nothing in it can harm the node.
%% Arguments of a wrong type are errors of the caller: `error({badarg, #{argument, expected, value}})'. All functions
%% may be called from any number of processes; the work of a caller that dies stops.
%%
%% Options are described at {@link beamtalk_compiler_request:options/0}.
-module(beamtalk_compiler).

-export([compile/2, compile/3]).
-export([compile_expression/3, compile_expression/4]).
-export([compile_module/2, compile_methods/3]).
-export([diagnostics/1, diagnostics/2]).
-export([outline/1, outline/2]).
-export([format/1, format/2]).
-export([environment/1]).
-export([cancel/1, info/0, version/0]).

-export_type([options/0, failure/0, text/0, core/0, code/0, outline/0, formatted/0]).

-type options() :: beamtalk_compiler_request:options().

-type diagnostic() :: beamtalk_compiler_diagnostic:t().

-type failure() :: {error, #{diagnostics := [diagnostic()], rendered => [binary()], interface => binary()}}.
%% Compilation failed; there is at least one error among the diagnostics. `interface': what other compilations may know of
%% the file all the same.

-type text() :: #{core_erlang := binary(), diagnostics := [diagnostic()], rendered => [binary()]}.
%% The modules as Core Erlang text, in the form that OTP's compiler reads. Without `slot' it is one module.

-type core() :: #{
    class := absent | #{
        module := binary(),
        class := binary(),
        superclass := binary() | undefined,
        facade := absent | beamtalk_compiler_otp:core(),
        bodies := [beamtalk_compiler_otp:core()],
        interface := binary()
    },
    script := absent | beamtalk_compiler_otp:core(),
    diagnostics := [diagnostic()],
    rendered => [binary()]
}.
%% The modules as records of `cerl'. The script is what the file or expression does; its module exports `eval/1'.

-type code() :: #{
    module := module() | undefined,
    class := binary() | undefined,
    superclass := binary() | undefined,
    facade := beamtalk_compiler_otp:beam() | absent,
    bodies := [beamtalk_compiler_otp:beam()],
    script := beamtalk_compiler_otp:beam() | absent,
    interface := binary(),
    diagnostics := [diagnostic()],
    rendered => [binary()]
}.
%% The modules as code. A file without a class has `undefined' for what it does not have.

-type outline() :: #{
    class := binary() | undefined,
    module := binary() | undefined,
    superclass := binary() | undefined,
    methods := [#{side := instance | class, selector := binary(), line := pos_integer(), last_line := pos_integer()}],
    extensions := [binary()],
    aliases := [binary()],
    standalone := [#{class := binary(), selector := binary(), _ => _}],
    docs := [#{line := pos_integer(), text := binary()}],
    diagnostics := [diagnostic()],
    rendered => [binary()]
}.
%% Methods whose bodies have errors are there too; `last_line' is where the last statement begins. `extensions': the methods
%% for classes of other files, as they are written (`Integer >> digitSum'). `aliases': the types that it names.
%% `standalone': all methods outside of a class body. `docs': the documentation comments that belong to declarations, each
%% with its first line and its text without slashes.

-type formatted() :: #{text := binary(), diff := binary() | undefined, diagnostics := [], rendered => []}.
%% A file in canonical layout, and what changes as a unified diff; `undefined' where it is canonical already.

%% @doc Compiles a file to Core Erlang text.
-spec compile(Source :: binary(), ModuleName :: binary()) -> {ok, text()} | failure().
compile(Source, ModuleName) ->
    compile(Source, ModuleName, #{}).

%% @doc Compiles a file; the option `output' says to what, text where it is absent.
-spec compile(Source :: binary(), ModuleName :: binary(), options()) -> {ok, text() | core() | code()} | failure().
compile(Source, ModuleName, Options) ->
    deliver(compile, Source, with_defaults(#{module => ModuleName}, #{output => text}, Options)).

%% @doc Compiles an expression that sees these variables to Core Erlang text.
-spec compile_expression(Source :: binary(), ModuleName :: binary(), KnownVars :: [binary()]) ->
    {ok, text()} | failure().
compile_expression(Source, ModuleName, KnownVars) ->
    compile_expression(Source, ModuleName, KnownVars, #{}).

%% @doc Compiles an expression; `output => core' answers what the evaluator takes.
-spec compile_expression(Source :: binary(), ModuleName :: binary(), KnownVars :: [binary()], options()) ->
    {ok, text() | core() | code()} | failure().
compile_expression(Source, ModuleName, KnownVars, Options) ->
    Arguments = #{module => ModuleName, known_vars => KnownVars},
    deliver(compile_expression, Source, with_defaults(Arguments, #{output => text}, Options)).

%% @doc Compiles a file to code, without loading it. The interface of its class is also the chunk `BtIf' of the facade.
-spec compile_module(Source :: binary(), options()) -> {ok, code()} | failure().
compile_module(Source, Options) ->
    deliver(compile, Source, with_defaults(#{output => beam}, #{}, Options)).

%% @doc Compiles single methods of the class whose text is given, to code. `Methods' holds them as they are written
%% outside of a class body, `Class >> selector => body'. The option `existing' says where the functions of the class are
%% that stay as they are; the new ones become a body in the slot of the option `slot'. Diagnostics are about `Methods'.
-spec compile_methods(Class :: binary(), Methods :: binary(), options()) -> {ok, code() | core() | text()} | failure().
compile_methods(Source, Methods, Options) ->
    deliver(patch, Source, with_defaults(#{patch => Methods}, #{output => beam}, Options)).

%% @doc What there is to say about a file.
-spec diagnostics(Source :: binary()) -> {ok, [diagnostic()]}.
diagnostics(Source) ->
    {ok, #{diagnostics := Diagnostics}} = diagnostics(Source, #{}),
    {ok, Diagnostics}.

%% @doc What there is to say about a file.
-spec diagnostics(Source :: binary(), options()) -> {ok, #{diagnostics := [diagnostic()], rendered => [binary()]}}.
diagnostics(Source, Options) ->
    {_, Result} = answer(diagnostics, Source, Options),
    {ok, Result}.

%% @doc What a file declares, without compiling it.
-spec outline(Source :: binary()) -> {ok, outline()} | failure().
outline(Source) ->
    outline(Source, #{}).

%% @doc What a file declares, without compiling it.
-spec outline(Source :: binary(), options()) -> {ok, outline()} | failure().
outline(Source, Options) ->
    answer(outline, Source, Options).

%% @doc A file in canonical layout; a file with errors is refused.
-spec format(Source :: binary()) -> {ok, formatted()} | failure().
format(Source) ->
    format(Source, #{}).

%% @doc A file in canonical layout; a file with errors is refused.
-spec format(Source :: binary(), options()) -> {ok, formatted()} | failure().
format(Source, Options) ->
    answer(format, Source, Options).

%% @doc An environment for the option `environment' of many requests; cheaper than to name the classes in each.
-spec environment([beamtalk_compiler_environment:entry()]) -> beamtalk_compiler_environment:t().
environment(Entries) ->
    beamtalk_compiler_environment:new(Entries).

%% @doc Cancels the requests that have this `tag'. They end soon, with the diagnostic BT0207.
-spec cancel(Tag :: term()) -> ok.
cancel(Tag) ->
    beamtalk_compiler_limiter:cancel(Tag),
    beamtalk_compiler_port:cancel(Tag).

%% @doc Which backend answers and why, its counters and limits, and the state of everything round it.
-spec info() -> map().
info() ->
    Decision = beamtalk_compiler_backend:current(),
    maps:merge(Decision, #{
        version => version(),
        library => library(Decision),
        port => beamtalk_compiler_port:info(),
        admission => beamtalk_compiler_limiter:info(),
        panics => beamtalk_compiler_breaker:info(),
        compiler => facts()
    }).

%% @doc Version of the compiler.
-spec version() -> binary().
version() ->
    _ = application:load(beamtalk_compiler),
    {ok, Version} = application:get_key(beamtalk_compiler, vsn),
    list_to_binary(Version).

%% Where the port was asked for, the library is not even loaded.
library(#{backend := nif}) ->
    {Version, NifVersion, Target} = beamtalk_compiler_nif:info(),
    {ok, Path} = beamtalk_compiler_nif:status(),
    #{path => Path, version => Version, nif_version => NifVersion, target => Target};
library(_) ->
    not_used.

facts() ->
    case answer(info, <<>>, #{}) of
        {ok, Facts} -> Facts;
        {error, #{diagnostics := [#{message := Message} | _]}} -> #{failure => Message}
    end.

with_defaults(Arguments, Defaults, Options) ->
    beamtalk_compiler_request:check(options, is_map(Options), "a map", Options),
    maps:merge(maps:merge(Defaults, Options), Arguments).

deliver(Operation, Source, #{output := beam} = Options) ->
    case beamtalk_compiler_request:new(Operation, Source, Options) of
        {ok, Request, Call} -> to_code(Request, Call, Options);
        {error, _} = Failure -> Failure
    end;
deliver(Operation, Source, Options) ->
    answer(Operation, Source, Options).

answer(Operation, Source, Options) ->
    case beamtalk_compiler_request:new(Operation, Source, Options) of
        {ok, Request, Call} -> result(beamtalk_compiler_backend:request(Request, Call));
        {error, _} = Failure -> Failure
    end.

result({bad_request, Message}) ->
    beamtalk_compiler_request:refuse(options, Message, undefined);
result(Reply) ->
    Reply.

%% The worker asks the compiler itself: the terms are built where OTP's compiler needs them.
to_code(Request, Call, Options) ->
    Limits = beamtalk_compiler_otp:limits(Call),
    Work = fun() -> code(beamtalk_compiler_backend:request(Request, Call), maps:merge(Options, Call)) end,
    case beamtalk_compiler_worker:run(Work, Limits) of
        {ok, Reply} ->
            result(Reply);
        {error, Failure} ->
            beamtalk_compiler_diagnostic:failure(beamtalk_compiler_otp:failure(Failure))
    end.

code({ok, #{class := Class, script := Script} = Reply}, Options) ->
    Inputs = class_inputs(Class) ++ [Script || Script =/= absent],
    case beamtalk_compiler_otp:modules(Inputs, Options) of
        {ok, Beams} ->
            Findings = maps:with([diagnostics, rendered], Reply),
            {ok, maps:merge(Findings, maps:merge(class_code(Class, Beams), script_code(Script, Beams)))};
        {error, Diagnostics} ->
            #{diagnostics := Before} = Reply,
            {error, #{diagnostics => Before ++ Diagnostics}}
    end;
code(Reply, _Options) ->
    Reply.

%% The interface goes into the facade; a file without a class has only a body, and one that only names types not even that.
class_inputs(absent) -> [];
class_inputs(#{facade := absent, bodies := []}) -> [];
class_inputs(#{facade := absent, bodies := [Body | Others], interface := Interface}) -> [{Body, Interface} | Others];
class_inputs(#{facade := Facade, bodies := Bodies, interface := Interface}) -> [{Facade, Interface} | Bodies].

class_code(absent, _Beams) ->
    #{
        module => undefined,
        class => undefined,
        superclass => undefined,
        facade => absent,
        bodies => [],
        interface => <<>>
    };
class_code(#{facade := absent, module := Module, bodies := Bodies} = Code, Beams) ->
    Own = maps:with([class, superclass, facade, interface], Code),
    Own#{module => binary_to_atom(Module), bodies => lists:sublist(Beams, length(Bodies))};
class_code(#{bodies := Bodies} = Class, [{Module, _} = Facade | Others]) ->
    Own = maps:with([class, superclass, interface], Class),
    Own#{module => Module, facade => Facade, bodies => lists:sublist(Others, length(Bodies))}.

script_code(absent, _Beams) -> #{script => absent};
script_code(_Script, Beams) -> #{script => lists:last(Beams)}.
