%% @doc Requests from the arguments of the API. Wrong arguments are errors of the caller, raised here, before any
%% server or backend sees them: `error({badarg, #{argument := Name, expected := Text, value := Value}})'.
-module(beamtalk_compiler_request).

-export([new/3, text/2, check/4, refuse/3]).

-export_type([operation/0, options/0, package/0, render/0]).

-type operation() :: compile | compile_expression | patch | diagnostics | outline | format | environment | info.

-type render() :: boolean() | color | short | json.
%% How diagnostics become text, if at all.

-type package() :: #{
    name := binary(),
    typed => boolean(),
    dependencies => [{Package :: binary(), Classes :: [binary()]}]
}.
%% The package that a text belongs to: whether it promises types everywhere, and the packages that it depends on with
%% their public classes. Where `dependencies' is absent, any package that has a class in the environment can be named.

-type options() :: #{
    module => binary(),
    file => binary(),
    package => binary() | package(),
    slot => pos_integer(),
    existing => [{Function :: binary(), Slot :: pos_integer()}],
    removed => [Function :: binary()],
    patched => [Class :: binary()],
    library => boolean(),
    known_vars => [binary()],
    environment => beamtalk_compiler_environment:t() | [beamtalk_compiler_environment:entry()],
    limits => #{source_bytes | nesting | errors | names | code_nodes => pos_integer()},
    output => text | core | beam,
    render => render(),
    lints => boolean(),
    time_limit => pos_integer(),
    tag => term(),
    optimize => boolean()
}.
%% All may be absent.
%% <ul>
%% <li>`module': name of the module; derived from class and package where absent</li>
%% <li>`file': as it appears in diagnostics and stack traces</li>
%% <li>`package': the package that the text belongs to, by name or with what is known of it</li>
%% <li>`slot': facade and a body in this slot of the ring; absent: one module</li>
%% <li>`existing': the slots of functions that need no new code</li>
%% <li>`removed': functions of methods that a patch takes out of the class</li>
%% <li>`patched': classes whose methods outside of a class body are left out</li>
%% <li>`library': `@primitive' is allowed</li>
%% <li>`known_vars': variables of the session</li>
%% <li>`environment': what is known of other classes</li>
%% <li>`limits': lower than the built-in ones, which cannot be raised</li>
%% <li>`output': Core Erlang as text or as terms, or code</li>
%% <li>`render': diagnostics also as text, under the key `rendered' of the result: reports with excerpts (`true', or with
%% colors of a terminal), lines like those of other compilers (`short'), or JSON objects, each on a line</li>
%% <li>`lints': diagnostics of severity `lint' too</li>
%% <li>`time_limit': milliseconds of work</li>
%% <li>`tag': the name that {@link beamtalk_compiler:cancel/1} knows the request by</li>
%% <li>`optimize': false makes code faster and slower code; for code that is soon replaced</li>
%% </ul>

%% Work that is always short enough for the slots which long work never gets.
-define(SHORT_BYTES, 262_144).
%% What no backend takes.
-define(MAX_BYTES, 60_000_000).
-define(MAX_TIME, 3_600_000).

%% @doc The request, and how to do it.
-spec new(operation(), Source :: binary(), options()) ->
    {ok, map(), beamtalk_compiler_backend:call()} | {error, #{diagnostics := [beamtalk_compiler_diagnostic:t()]}}.
new(Operation, Source, Options) ->
    check(source, is_binary(Source), "a binary", Source),
    check(options, is_map(Options), "a map", Options),
    case byte_size(Source) > ?MAX_BYTES of
        true ->
            Message = io_lib:format("~b bytes are more than the limit of ~b", [byte_size(Source), ?MAX_BYTES]),
            beamtalk_compiler_diagnostic:failure(beamtalk_compiler_diagnostic:new(source_too_large, Message));
        false ->
            build(Operation, Source, Options)
    end.

build(Operation, Source, Options) ->
    Kind = kind(Operation, Source),
    Call = #{kind => Kind, time_limit => default_time_limit(Kind), owner => self(), tag => undefined, entries => []},
    Start = {#{op => Operation, source => Source}, Call},
    {Request, Done} = maps:fold(fun option/3, Start, Options),
    {ok, Request, Done}.

kind(Operation, Source) when byte_size(Source) =< ?SHORT_BYTES, Operation =/= compile -> short;
kind(_Operation, _Source) -> long.

default_time_limit(short) -> application:get_env(beamtalk_compiler, short_time_limit, 5000);
default_time_limit(long) -> application:get_env(beamtalk_compiler, long_time_limit, 60_000).

%% @doc A binary argument.
-spec text(atom(), term()) -> binary().
text(Name, Value) ->
    check(Name, is_binary(Value), "a binary", Value),
    Value.

%% @doc Raises the error of a wrong argument unless it is as expected.
-spec check(Name :: atom(), boolean(), Expected :: string(), Value :: term()) -> ok.
check(_Name, true, _Expected, _Value) ->
    ok;
check(Name, false, Expected, Value) ->
    refuse(Name, Expected, Value).

%% @doc Raises the error of a wrong argument.
-spec refuse(Name :: atom(), Expected :: unicode:chardata(), Value :: term()) -> no_return().
refuse(Name, Expected, Value) ->
    error({badarg, #{argument => Name, expected => Expected, value => Value}}).

%% For the request itself.
option(environment, Value, {Request, Call}) ->
    Environment = beamtalk_compiler_environment:from(Value),
    Hash = beamtalk_compiler_environment:hash(Environment),
    {Request#{environment => Hash}, Call#{entries := beamtalk_compiler_environment:entries(Environment)}};
option(output, Output, {Request, Call}) ->
    check(output, lists:member(Output, [text, core, beam]), "text, core or beam", Output),
    {Request#{output => wire_output(Output)}, Call};
option(package, #{name := _} = Value, {Request, Call}) ->
    {Request#{package => Value}, Call};
option(Name, Value, {Request, Call}) when
    Name =:= module; Name =:= file; Name =:= package; Name =:= patch
->
    {Request#{Name => text(Name, Value)}, Call};
option(slot, Value, {Request, Call}) ->
    check(slot, is_integer(Value) andalso Value > 0, "a positive integer", Value),
    {Request#{slot => Value}, Call};
option(Name, Value, {Request, Call}) when Name =:= library; Name =:= lints ->
    check(Name, is_boolean(Value), "a boolean", Value),
    {Request#{Name => Value}, Call};
option(Name, Value, {Request, Call}) when Name =:= known_vars; Name =:= removed; Name =:= patched ->
    check(Name, is_list_of(fun is_binary/1, Value), "a list of binaries", Value),
    {Request#{Name => Value}, Call};
option(existing, Value, {Request, Call}) ->
    check(existing, is_list_of(fun is_home/1, Value), "a list of {Function, Slot}", Value),
    {Request#{existing => Value}, Call};
option(limits, Value, {Request, Call}) ->
    check(limits, is_limits(Value), "a map of positive integers", Value),
    {Request#{limits => Value}, Call};
option(render, Value, {Request, Call}) ->
    check(render, lists:member(Value, [false, true, color, short, json]), "a boolean, color, short or json", Value),
    {Request#{render => Value}, Call};
%% For the way it is done.
option(time_limit, Value, {Request, Call}) ->
    Allowed = is_integer(Value) andalso Value > 0 andalso Value =< ?MAX_TIME,
    check(time_limit, Allowed, "milliseconds, at most an hour", Value),
    {Request, Call#{time_limit := Value}};
option(tag, Value, {Request, Call}) ->
    {Request, Call#{tag := Value}};
%% For what is done with the result.
option(optimize, Value, Built) ->
    check(optimize, is_boolean(Value), "a boolean", Value),
    Built;
option(Name, Value, _Built) ->
    refuse(options, "known options", {Name, Value}).

wire_output(text) -> text;
wire_output(core) -> terms;
wire_output(beam) -> terms.

is_limits(Limits) ->
    is_map(Limits) andalso
        lists:all(
            fun({Name, Value}) -> is_atom(Name) andalso is_integer(Value) andalso Value > 0 end,
            maps:to_list(Limits)
        ).

is_home({Function, Slot}) -> is_binary(Function) andalso is_integer(Slot) andalso Slot > 0;
is_home(_) -> false.

%% Also false for improper lists.
is_list_of(Test, [Element | Rest]) -> Test(Element) andalso is_list_of(Test, Rest);
is_list_of(_Test, Rest) -> Rest =:= [].
