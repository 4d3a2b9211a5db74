%% @doc Which copy of the compiler answers, and how a request gets there.
%%
%% The choice is made when the application starts: what the environment variable `BEAMTALK_COMPILER' says (`nif',
%% `port'), then what the application environment says (`backend'), then the library if it loads, else the executable if
%% it runs, else nothing, with an error that names what was looked for and where. Whoever names one backend gets that
%% or nothing; otherwise the port stands behind the library: a request that made the library panic is tried once more
%% there, and repeated panics move everything there.
-module(beamtalk_compiler_backend).

-include_lib("kernel/include/logger.hrl").

-export([select/0, forget/0, current/0, divert/1, request/2, answer/3]).

-export_type([backend/0, decision/0, wire_reply/0, call/0]).

-type backend() :: nif | port | none.

-type decision() :: #{backend := backend(), long := backend(), why := binary(), fallback := boolean()}.
%% `long': the backend of long work, which is the port where the emulator has one dirty CPU scheduler: that one must not
%% be held. `fallback': whether the port may be used where `backend' is the library.

-type wire_reply() :: {ok, map()} | {error, map()} | {need, [binary()]} | {bad_request, binary()}.
%% What a backend answers.

-type call() :: #{
    kind := beamtalk_compiler_limiter:kind(),
    time_limit := pos_integer(),
    owner := pid(),
    tag := term(),
    entries := [tuple()]
}.
%% How to do a request: how long it may take, for whom, its name, and the class environment in case it is asked for.

-type reply() :: {ok, map()} | {error, map()} | {bad_request, binary()}.

-define(DECISION, {?MODULE, decision}).

%% @doc Chooses again, from the state of things now.
-spec select() -> decision().
select() ->
    Decision = choose(wanted()),
    persistent_term:put(?DECISION, Decision),
    report(Decision),
    Decision.

%% @doc Forgets the choice.
-spec forget() -> ok.
forget() ->
    _ = persistent_term:erase(?DECISION),
    ok.

%% @doc The backend in force, and why.
-spec current() -> decision().
current() ->
    case persistent_term:get(?DECISION, undefined) of
        undefined -> error({not_started, beamtalk_compiler});
        Decision -> Decision
    end.

%% @doc Moves all traffic to the port, if there is one and it may be used.
-spec divert(Why :: binary()) -> ok.
divert(Why) ->
    case current() of
        #{backend := nif, fallback := true} -> divert(beamtalk_compiler_port:available(), Why);
        _ -> ok
    end.

divert({ok, _}, Why) ->
    Decision = decision(port, Why),
    persistent_term:put(?DECISION, Decision),
    report(Decision);
divert({error, Missing}, Why) ->
    ?LOG_ERROR(#{what => "the compiler stays a library, there is no executable", why => Why, missing => Missing}).

%% Choosing.

wanted() ->
    case os:getenv("BEAMTALK_COMPILER") of
        "nif" ->
            {nif, <<"BEAMTALK_COMPILER=nif">>};
        "port" ->
            {port, <<"BEAMTALK_COMPILER=port">>};
        "daemon" ->
            ?LOG_WARNING(#{what => "BEAMTALK_COMPILER=daemon: there is no daemon any more; choosing automatically"}),
            configured();
        Unset when Unset =:= false; Unset =:= ""; Unset =:= "auto" ->
            configured();
        Other ->
            ?LOG_WARNING(#{what => "BEAMTALK_COMPILER names no backend; choosing automatically", value => Other}),
            configured()
    end.

configured() ->
    case application:get_env(beamtalk_compiler, backend, auto) of
        nif -> {nif, <<"{beamtalk_compiler, [{backend, nif}]}">>};
        port -> {port, <<"{beamtalk_compiler, [{backend, port}]}">>};
        _ -> auto
    end.

choose({nif, Why}) ->
    case beamtalk_compiler_nif:status() of
        {ok, _} -> decision(nif, Why);
        {error, _} = Error -> none([Why, <<" but ">>, explain(Error)])
    end;
choose({port, Why}) ->
    case beamtalk_compiler_port:available() of
        {ok, _} -> decision(port, Why);
        {error, Missing} -> none([Why, <<" but the executable does not run: ">>, Missing])
    end;
choose(auto) ->
    case beamtalk_compiler_nif:status() of
        {ok, _} -> (decision(nif, <<"the library is loaded">>))#{long := for_long_work(), fallback := true};
        {error, _} = Error -> choose_port(explain(Error))
    end.

choose_port(Without) ->
    case beamtalk_compiler_port:available() of
        {ok, _} -> decision(port, Without);
        {error, Missing} -> none([Without, <<"; the executable does not run: ">>, Missing])
    end.

explain({error, {Reason, Text, Path}}) ->
    unicode:characters_to_binary(io_lib:format("the library ~ts does not load: ~tp, ~ts", [Path, Reason, Text])).

none(Why) ->
    decision(none, iolist_to_binary(Why)).

decision(Backend, Why) ->
    #{backend => Backend, long => Backend, why => Why, fallback => false}.

for_long_work() ->
    case erlang:system_info(dirty_cpu_schedulers_online) > 1 orelse beamtalk_compiler_port:available() of
        {ok, _} -> port;
        _ -> nif
    end.

report(#{backend := Backend, why := Why} = Decision) ->
    beamtalk_compiler_event:emit([backend, selected], #{}, #{backend => Backend, why => Why}),
    case Decision of
        #{backend := none} -> ?LOG_ERROR(#{what => "there is no compiler", why => Why});
        #{backend := port} -> ?LOG_WARNING(#{what => "the compiler runs behind a port", why => Why});
        #{backend := nif} -> ok
    end.

%% Requests.

%% @doc Answers a request with the backend in force.
-spec request(map(), call()) -> reply().
request(#{op := Operation} = Request, Call) ->
    Start = erlang:monotonic_time(),
    #{fallback := Fallback} = Decision = current(),
    Backend = backend(Decision, Call),
    {Reply, Wait} = with_environment(Backend, Request, Call),
    Final = contain(Backend, Reply, Fallback, Request, Call),
    Measurements = #{
        duration => erlang:monotonic_time() - Start,
        wait => Wait,
        bytes => byte_size(maps:get(source, Request, <<>>))
    },
    Metadata = #{backend => Backend, operation => Operation, result => element(1, Final)},
    beamtalk_compiler_event:emit([request, stop], Measurements, Metadata),
    Final.

backend(#{long := Backend}, #{kind := long}) -> Backend;
backend(#{backend := Backend}, #{kind := short}) -> Backend.

%% @doc Answers a request with the backend that is named.
-spec answer(backend(), map(), call()) -> reply().
answer(Backend, Request, Call) ->
    {Reply, _Wait} = with_environment(Backend, Request, Call),
    Reply.

%% The class environment travels only when the compiler says that it does not know it.
with_environment(Backend, Request, #{entries := Entries} = Call) ->
    case admitted(Backend, Request, Call) of
        {{need, _}, _} ->
            case admitted(Backend, Request#{entries => Entries}, Call) of
                {{need, _}, Wait} -> {failure(internal_error, "the compiler asks for what it was given"), Wait};
                Answered -> Answered
            end;
        Answered ->
            Answered
    end.

%% A panic is tried again on the port, where it harms nobody.
contain(nif, {error, #{diagnostics := Diagnostics}} = Reply, Fallback, Request, Call) ->
    case beamtalk_compiler_diagnostic:has_internal_error(Diagnostics) of
        true ->
            beamtalk_compiler_breaker:panicked(Request, last_panic(Call)),
            retry(Fallback, Reply, Request, Call);
        false ->
            Reply
    end;
contain(_Backend, Reply, _Fallback, _Request, _Call) ->
    Reply.

retry(false, Reply, _Request, _Call) ->
    Reply;
retry(true, Reply, Request, Call) ->
    case with_environment(port, Request, Call) of
        {{ok, _} = Answered, _Wait} -> Answered;
        _ -> Reply
    end.

last_panic(Call) ->
    case admitted(nif, #{op => info}, Call#{kind := short}) of
        {{ok, #{last_panic := Panic}}, _} when is_binary(Panic) -> Panic;
        _ -> <<"unknown">>
    end.

admitted(none, _Request, _Call) ->
    #{why := Why} = current(),
    Help = <<"build it with rebar3 compile and a Rust toolchain, or install the precompiled library">>,
    Diagnostic = beamtalk_compiler_diagnostic:new(internal_error, ["there is no compiler: ", Why], #{help => Help}),
    {beamtalk_compiler_diagnostic:failure(Diagnostic), 0};
admitted(Backend, Request, #{kind := Kind, time_limit := TimeLimit, owner := Owner, tag := Tag}) ->
    Start = erlang:monotonic_time(),
    case beamtalk_compiler_limiter:acquire(Backend, Kind, #{wait => TimeLimit, owner => Owner, tag => Tag}) of
        {ok, Permit} ->
            Wait = erlang:monotonic_time() - Start,
            try
                {work(Backend, Request, TimeLimit, Tag, Permit), Wait}
            after
                beamtalk_compiler_limiter:release(Permit)
            end;
        {error, Reason} ->
            {refused(Reason), erlang:monotonic_time() - Start}
    end.

work(nif, Request, TimeLimit, _Tag, Permit) ->
    Job = beamtalk_compiler_nif:job_new(TimeLimit),
    beamtalk_compiler_limiter:attach(Permit, Job),
    try
        beamtalk_compiler_nif:call(Job, Request)
    catch
        %% The guard of the library makes a diagnostic of a panic; this is one outside the guard.
        error:nif_panicked -> failure(internal_error, "the compiler library panicked")
    end;
work(port, Request, TimeLimit, Tag, _Permit) ->
    case beamtalk_compiler_port:call(Request, TimeLimit, Tag) of
        {ok, Reply} -> Reply;
        {error, timeout} -> failure(cancelled, "the request ran out of time");
        {error, {unavailable, Why}} -> failure(internal_error, ["the compiler executable does not run: ", Why]);
        {error, {crashed, Reason}} -> failure(internal_error, io_lib:format("the compiler executable ended: ~tp", [Reason]))
    end.

refused(busy) -> failure(cancelled, "the compiler is busy: no slot became free in time");
refused(cancelled) -> failure(cancelled, "the request was cancelled").

failure(Kind, Message) ->
    beamtalk_compiler_diagnostic:failure(beamtalk_compiler_diagnostic:new(Kind, Message)).
