%% @doc From Core Erlang as terms to code, by OTP's compiler. Nothing is written to disk, nothing is loaded.
-module(beamtalk_compiler_otp).

-export([compile/2, modules/2, limits/1, failure/1]).

-export_type([core/0, input/0, beam/0, options/0]).

%% The most arguments of a function.
-define(MAX_ARITY, 255).

-type core() :: tuple().
%% `{c_module, ...}'.

-type input() :: core() | {core(), Interface :: binary()}.
%% A module; the interface of its class becomes the chunk `BtIf'.

-type beam() :: {module(), Code :: binary()}.

-type options() :: #{
    optimize => boolean(),
    time_limit => pos_integer(),
    max_heap_words => pos_integer(),
    owner => pid(),
    tag => term(),
    _ => _
}.

%% @doc Compiles modules in a process of its own, with limits.
-spec compile([input()], options()) -> {ok, [beam()]} | {error, [beamtalk_compiler_diagnostic:t()]}.
compile(Inputs, Options) ->
    Owned = maps:merge(#{owner => self()}, Options),
    case beamtalk_compiler_worker:run(fun() -> modules(Inputs, Owned) end, maps:merge(own_limits(), Options)) of
        {ok, Result} -> Result;
        {error, Failure} -> {error, [failure(Failure)]}
    end.

%% @doc Limits of a worker that does this request and compiles its modules: the first may wait for a slot as long as it
%% may work, and a panic is tried twice.
-spec limits(beamtalk_compiler_backend:call()) -> beamtalk_compiler_worker:limits().
limits(#{time_limit := TimeLimit}) ->
    #{time_limit := Own} = Limits = own_limits(),
    Limits#{time_limit := Own + 4 * TimeLimit}.

own_limits() ->
    #{
        time_limit => application:get_env(beamtalk_compiler, otp_time_limit, 60_000),
        max_heap_words => application:get_env(beamtalk_compiler, otp_max_heap_words, 67_108_864)
    }.

%% @doc Compiles modules in the calling process, which must be a worker with limits.
-spec modules([input()], options()) -> {ok, [beam()]} | {error, [beamtalk_compiler_diagnostic:t()]}.
modules(Inputs, Options) ->
    Owner = maps:get(owner, Options, self()),
    Terms = #{wait => infinity, owner => Owner, tag => maps:get(tag, Options, undefined)},
    case beamtalk_compiler_limiter:acquire(otp, long, Terms) of
        {ok, Permit} ->
            try
                each(Inputs, Options, [])
            after
                beamtalk_compiler_limiter:release(Permit)
            end;
        {error, Reason} ->
            {error, [failure(Reason)]}
    end.

each([Input | Rest], Options, Done) ->
    case one(Input, input_options(Input, Rest, Options)) of
        {ok, Beam} -> each(Rest, Options, [Beam | Done]);
        {error, Diagnostics} -> {error, Diagnostics}
    end;
each([], _Options, Done) ->
    {ok, lists:reverse(Done)}.

%% A facade in front of bodies has only tail calls: optimizing it takes as long as all the rest of it, and gains nothing.
input_options({_, _}, [_ | _], Options) -> Options#{optimize => false};
input_options(_, _, Options) -> Options.

one({Core, Interface}, Options) when is_binary(Interface) ->
    compiled(Core, [{extra_chunks, [{<<"BtIf">>, Interface}]} | flags(Options)]);
one(Core, Options) ->
    compiled(Core, flags(Options)).

compiled(Core, Flags) ->
    Start = erlang:monotonic_time(),
    %% Warnings of the Core passes are about generated code.
    case compile:noenv_forms(Core, Flags) of
        {ok, Module, Code, _Warnings} ->
            event(Module, Start, byte_size(Code), ok),
            loadable(Module, Code);
        {error, Errors, _Warnings} ->
            event(undefined, Start, 0, error),
            {error, [diagnostic(File, Error) || {File, Found} <- Errors, Error <- Found]}
    end.

%% The compiler makes functions that the emulator refuses: a loop or a block is a function of all variables in it.
loadable(Module, Code) ->
    {ok, {Module, [{locals, Locals}]}} = beam_lib:chunks(Code, [locals]),
    case [Local || {_, Arity} = Local <- Locals, Arity > ?MAX_ARITY] of
        [] -> {ok, {Module, Code}};
        [{Function, Arity} | _] -> {error, [too_wide(Function, Arity)]}
    end.

too_wide(Function, Arity) ->
    Message = io_lib:format("a loop or a block needs ~b variables, and ~b are possible (~ts)", [Arity, ?MAX_ARITY, Function]),
    beamtalk_compiler_diagnostic:new(otp_compiler, Message, #{help => <<"keep them in a collection instead">>}).

flags(Options) ->
    Fast =
        case Options of
            #{optimize := false} -> [no_ssa_opt];
            #{} -> []
        end,
    %% This process has the limits, so the compiler must not spawn another one.
    [from_core, binary, return, deterministic, no_spawn_compiler_process | Fast].

event(Module, Start, Bytes, Result) ->
    Measurements = #{duration => erlang:monotonic_time() - Start, bytes => Bytes},
    beamtalk_compiler_event:emit([otp, stop], Measurements, #{module => Module, result => Result}).

diagnostic(File, {Location, Module, Description}) ->
    Message = format_error(Module, Description),
    beamtalk_compiler_diagnostic:new(otp_compiler, Message, maps:merge(place(Location), file(File)));
diagnostic(File, {Module, Description}) ->
    diagnostic(File, {none, Module, Description}).

format_error(Module, Description) ->
    try
        Module:format_error(Description)
    catch
        _:_ -> io_lib:format("~tp", [Description])
    end.

place(Line) when is_integer(Line), Line > 0 -> #{line => Line, end_line => Line};
place({Line, _Column}) -> place(Line);
place(_) -> #{}.

file(File) when is_list(File), File =/= [] -> #{file => unicode:characters_to_binary(File)};
file(_) -> #{}.

%% @doc The diagnostic of a compilation that did not end by itself.
-spec failure(time_limit | heap_limit | cancelled | busy | {crashed, term()}) -> beamtalk_compiler_diagnostic:t().
failure(time_limit) ->
    limit("OTP's compiler did not end within its time limit");
failure(heap_limit) ->
    limit("OTP's compiler needed more memory than its limit");
failure(cancelled) ->
    beamtalk_compiler_diagnostic:new(cancelled, "the request was cancelled");
failure(busy) ->
    beamtalk_compiler_diagnostic:new(cancelled, "the compiler is busy");
failure({crashed, Reason}) ->
    beamtalk_compiler_diagnostic:new(internal_error, io_lib:format("the compilation crashed: ~tP", [Reason, 30])).

limit(Message) ->
    beamtalk_compiler_diagnostic:new(otp_compiler, Message, #{help => <<"split the class or its longest methods">>}).
