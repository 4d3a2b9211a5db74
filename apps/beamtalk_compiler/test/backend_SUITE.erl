%% @doc The compiler survives what happens to it: missing parts, a killed executable, panics, cancelled and killed
%% callers, more callers than there are slots. All on the emulator's default flags.
-module(backend_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1, init_per_testcase/2, end_per_testcase/2]).
-export([
    the_library_is_chosen/1,
    without_the_library_the_port_is_chosen/1,
    without_either_the_error_says_what_was_looked_for/1,
    a_broken_library_is_no_reason_not_to_start/1,
    whoever_names_a_backend_gets_it/1,
    whoever_names_a_missing_backend_gets_none/1,
    the_only_dirty_scheduler_is_not_held/1,
    a_reload_of_the_library_fails_and_harms_nobody/1,
    a_killed_executable_is_replaced_and_its_requests_are_answered/1,
    a_request_that_is_lost_twice_is_refused/1,
    a_stopped_executable_is_replaced/1,
    a_panic_is_a_diagnostic/1,
    repeated_panics_move_all_traffic_to_the_port/1,
    a_request_that_panicked_can_be_replayed/1,
    a_cancelled_request_stops/1,
    the_work_of_a_killed_caller_stops/1,
    a_time_limit_stops_work/1,
    a_dirty_scheduler_stays_free/1,
    many_callers_are_all_answered/1,
    servers_that_die_again_and_again_come_back/1
]).

all() ->
    [
        the_library_is_chosen,
        without_the_library_the_port_is_chosen,
        without_either_the_error_says_what_was_looked_for,
        a_broken_library_is_no_reason_not_to_start,
        whoever_names_a_backend_gets_it,
        whoever_names_a_missing_backend_gets_none,
        the_only_dirty_scheduler_is_not_held,
        a_reload_of_the_library_fails_and_harms_nobody,
        a_killed_executable_is_replaced_and_its_requests_are_answered,
        a_request_that_is_lost_twice_is_refused,
        a_stopped_executable_is_replaced,
        a_panic_is_a_diagnostic,
        repeated_panics_move_all_traffic_to_the_port,
        a_request_that_panicked_can_be_replayed,
        a_cancelled_request_stops,
        the_work_of_a_killed_caller_stops,
        a_time_limit_stops_work,
        a_dirty_scheduler_stays_free,
        many_callers_are_all_answered,
        servers_that_die_again_and_again_come_back
    ].

-define(CLASS, <<"Object subclass: Greeter\n\n  class greet => 42\n">>).

init_per_suite(Config) ->
    logger:set_module_level([beamtalk_compiler_backend, beamtalk_compiler_breaker, beamtalk_compiler_port], none),
    Config.

end_per_suite(_) ->
    ok.

init_per_testcase(_, Config) ->
    [{started, boundary_support:start()} | Config].

end_per_testcase(_, Config) ->
    boundary_support:stop(?config(started, Config)).

%% Which backend.

the_library_is_chosen(_) ->
    ?assertMatch(#{backend := nif, fallback := true, library := #{nif_version := <<"2.15">>}}, info()),
    ?assertMatch({ok, _}, beamtalk_compiler:compile(?CLASS, <<"bt@greeter">>)).

without_the_library_the_port_is_chosen(Config) ->
    Directory = filename:join(?config(priv_dir, Config), "port_only"),
    install("beamtalk_port", Directory),
    in_peer(#{env => #{native_dir => Directory}}, fun(Peer) ->
        #{backend := port, why := Why} = peer:call(Peer, beamtalk_compiler, info, []),
        ?assertMatch({_, _}, binary:match(Why, unicode:characters_to_binary(Directory))),
        ?assertMatch({ok, #{facade := {_, _}}}, peer:call(Peer, beamtalk_compiler, compile_module, [?CLASS, #{}]))
    end).

without_either_the_error_says_what_was_looked_for(Config) ->
    Directory = filename:join(?config(priv_dir, Config), "nothing"),
    in_peer(#{env => #{native_dir => Directory}}, fun(Peer) ->
        {error, #{diagnostics := [Found]}} = peer:call(Peer, beamtalk_compiler, compile, [?CLASS, <<"m">>]),
        ?assertMatch(#{kind := internal_error, help := <<_/binary>>}, Found),
        [
            ?assertMatch({_, _}, binary:match(map_get(message, Found), Part))
         || Part <- [<<"nothing/beamtalk_compiler_nif">>, <<"nothing/beamtalk_port">>, <<"enoent">>]
        ],
        ?assertMatch(#{backend := none}, peer:call(Peer, beamtalk_compiler, info, [])),
        ?assertMatch({ok, [_]}, peer:call(Peer, beamtalk_compiler, diagnostics, [?CLASS])),
        ?assertMatch({error, _}, peer:call(Peer, beamtalk_compiler, compile_module, [?CLASS, #{}]))
    end).

a_broken_library_is_no_reason_not_to_start(Config) ->
    Directory = filename:join(?config(priv_dir, Config), "broken"),
    install("beamtalk_port", Directory),
    ok = file:write_file(filename:join(Directory, "beamtalk_compiler_nif.so"), <<"no library">>),
    in_peer(#{env => #{native_dir => Directory}}, fun(Peer) ->
        ?assertMatch(#{backend := port}, peer:call(Peer, beamtalk_compiler, info, []))
    end).

whoever_names_a_backend_gets_it(_) ->
    Cases = [
        {#{os_env => [{"BEAMTALK_COMPILER", "port"}]}, port},
        {#{os_env => [{"BEAMTALK_COMPILER", "nif"}], env => #{backend => port}}, nif},
        {#{os_env => [{"BEAMTALK_COMPILER", "daemon"}]}, nif},
        {#{os_env => [{"BEAMTALK_COMPILER", "no such thing"}]}, nif},
        {#{env => #{backend => port}}, port}
    ],
    [
        in_peer(Options, fun(Peer) ->
            ?assertMatch(#{backend := Backend}, peer:call(Peer, beamtalk_compiler, info, []), Options),
            ?assertMatch({ok, _}, peer:call(Peer, beamtalk_compiler, compile, [?CLASS, <<"m">>]))
        end)
     || {Options, Backend} <- Cases
    ].

whoever_names_a_missing_backend_gets_none(Config) ->
    Directory = filename:join(?config(priv_dir, Config), "only_port"),
    install("beamtalk_port", Directory),
    in_peer(#{env => #{native_dir => Directory, backend => nif}}, fun(Peer) ->
        ?assertMatch(#{backend := none}, peer:call(Peer, beamtalk_compiler, info, []))
    end).

the_only_dirty_scheduler_is_not_held(_) ->
    in_peer(#{args => ["+SDcpu", "1:1"]}, fun(Peer) ->
        ?assertMatch(#{backend := nif, long := port}, peer:call(Peer, beamtalk_compiler, info, [])),
        ?assertMatch({ok, _}, peer:call(Peer, beamtalk_compiler, compile, [?CLASS, <<"m">>])),
        ?assertMatch(#{port := #{starts := 1}}, peer:call(Peer, beamtalk_compiler, info, []))
    end).

a_reload_of_the_library_fails_and_harms_nobody(_) ->
    in_peer(#{}, fun(Peer) ->
        ?assertMatch({error, _}, peer:call(Peer, code, load_file, [beamtalk_compiler_nif])),
        ?assertMatch({ok, _}, peer:call(Peer, beamtalk_compiler_nif, status, [])),
        ?assertMatch({ok, _}, peer:call(Peer, beamtalk_compiler, compile, [?CLASS, <<"m">>]))
    end).

%% The executable.

a_killed_executable_is_replaced_and_its_requests_are_answered(_) ->
    Waiting = [start_request(port, delay(1500)) || _ <- lists:seq(1, 2)],
    kill_executable("KILL"),
    [?assertMatch({ok, _}, result(Request)) || Request <- Waiting],
    ?assertMatch({ok, _}, ask(port, #{op => info})),
    ?assertMatch(#{status := running, starts := 2}, beamtalk_compiler_port:info()).

a_request_that_is_lost_twice_is_refused(_) ->
    Request = start_request(port, delay(60_000)),
    First = kill_executable("KILL"),
    boundary_support:eventually(fun() -> is_running_other_than(First) end),
    kill_executable("KILL"),
    ?assertMatch({error, #{diagnostics := [#{kind := internal_error}]}}, result(Request)),
    ?assertMatch({ok, _}, ask(port, #{op => info})).

a_stopped_executable_is_replaced(_) ->
    {ok, _} = ask(port, #{op => info}),
    First = kill_executable("STOP"),
    Call = boundary_support:call(short, #{time_limit => 100}),
    Reply = beamtalk_compiler_backend:answer(port, #{op => info}, Call),
    ?assertMatch({error, #{diagnostics := [#{kind := cancelled}]}}, Reply),
    boundary_support:eventually(fun() -> #{os_pid := Pid} = beamtalk_compiler_port:info(), Pid =/= First end),
    ?assertMatch({ok, _}, ask(port, #{op => info})),
    _ = os:cmd("kill -KILL " ++ integer_to_list(First)).

%% Panics.

a_panic_is_a_diagnostic(_) ->
    Request = #{op => provoke_panic},
    ?assertMatch({error, #{diagnostics := [#{kind := internal_error}]}}, ask(nif, Request)),
    ?assertMatch({error, #{diagnostics := [#{kind := internal_error}]}}, ask(port, Request)),
    ?assertEqual(without_file(ask(nif, Request)), without_file(ask(port, Request))),
    ?assertMatch({ok, _}, beamtalk_compiler:compile(?CLASS, <<"m">>)),
    {ok, #{last_panic := Panic}} = ask(nif, #{op => info}),
    ?assertMatch({_, _}, binary:match(Panic, <<".rs:">>)).

repeated_panics_move_all_traffic_to_the_port(_) ->
    Panic = fun() -> beamtalk_compiler_backend:request(#{op => provoke_panic}, boundary_support:call(short)) end,
    [?assertMatch({error, _}, Panic()) || _ <- lists:seq(1, 2)],
    ?assertMatch(#{backend := nif}, info()),
    Panic(),
    #{backend := port, why := Why, panics := #{panics := 3}} = info(),
    ?assertMatch({_, _}, binary:match(Why, <<"panicked 3 times">>)),
    ?assertMatch({ok, _}, beamtalk_compiler:compile(?CLASS, <<"m">>)),
    ?assertMatch(#{backend := nif}, beamtalk_compiler_backend:select()).

a_request_that_panicked_can_be_replayed(Config) ->
    Directory = ?config(priv_dir, Config),
    ok = application:set_env(beamtalk_compiler, replay_dir, Directory),
    try
        beamtalk_compiler_backend:request(#{op => provoke_panic}, boundary_support:call(short)),
        [{What, Recorded}] = beamtalk_compiler_breaker:recorded(),
        ?assertMatch({_, _}, binary:match(What, <<"provoked">>)),
        ?assertMatch(#{op := provoke_panic}, binary_to_term(Recorded)),
        [File] = filelib:wildcard(filename:join(Directory, "panic-*.etf")),
        Output = os:cmd(beamtalk_compiler_files:executable() ++ " --replay " ++ File ++ " 2>/dev/null"),
        ?assertNotEqual(nomatch, string:find(Output, "internal_error"))
    after
        application:unset_env(beamtalk_compiler, replay_dir)
    end.

%% Stopping.

a_cancelled_request_stops(_) ->
    lists:foreach(
        fun(Backend) ->
            Tag = make_ref(),
            Request = start_request(Backend, delay(60_000), #{tag => Tag}),
            ok = beamtalk_compiler:cancel(Tag),
            ?assertMatch({error, #{diagnostics := [#{code := <<"BT0207">>}]}}, result(Request)),
            all_slots_are_free()
        end,
        [nif, port]
    ).

the_work_of_a_killed_caller_stops(_) ->
    lists:foreach(
        fun(Backend) ->
            {Pid, _} = start_request(Backend, delay(60_000)),
            exit(Pid, kill),
            all_slots_are_free(),
            boundary_support:eventually(fun() -> map_get(in_flight, beamtalk_compiler_port:info()) =:= 0 end)
        end,
        [nif, port]
    ).

a_time_limit_stops_work(_) ->
    [
        ?assertMatch(
            {error, #{diagnostics := [#{code := <<"BT0207">>}]}},
            beamtalk_compiler_backend:answer(Backend, delay(60_000), boundary_support:call(long, #{time_limit => 50}))
        )
     || Backend <- [nif, port]
    ].

%% Admission.

%% With all dirty CPU schedulers held, a process with a large heap stands still at its next collection, here until the
%% holders are killed.
a_dirty_scheduler_stays_free(_) ->
    Holders = [send_request(nif, delay(60_000), #{}) || _ <- lists:seq(1, 8)],
    boundary_support:eventually(fun() -> map_get(waiting, beamtalk_compiler_limiter:info()) > 0 end),
    {Pid, Ref} = spawn_monitor(fun collect/0),
    receive
        {'DOWN', Ref, process, Pid, Reason} -> ?assertEqual(normal, Reason)
    after 15_000 -> error(stands_still)
    end,
    %% Short work goes past all of them.
    ?assertEqual({ok, []}, beamtalk_compiler:diagnostics(?CLASS)),
    [exit(Holder, kill) || {Holder, _} <- Holders],
    all_slots_are_free().

%% A second of collections of a heap of several megabytes.
collect() ->
    Large = lists:seq(1, 500_000),
    Garbage = [length(lists:seq(1, 20_000)) || _ <- lists:seq(1, 1000)],
    true = length(Large) > length(Garbage).

many_callers_are_all_answered(_) ->
    Expected = beamtalk_compiler:compile(?CLASS, <<"bt@greeter">>),
    Callers = [
        spawn_monitor(fun() ->
            Expected = beamtalk_compiler:compile(?CLASS, <<"bt@greeter">>),
            {ok, #{facade := {bt@greeter, _}}} = beamtalk_compiler:compile_module(?CLASS, #{}),
            {ok, _} = ask(port, #{op => compile, source => ?CLASS}),
            {ok, []} = beamtalk_compiler:diagnostics(?CLASS)
        end)
     || _ <- lists:seq(1, 64)
    ],
    [
        receive
            {'DOWN', Ref, process, Pid, Reason} -> ?assertEqual(normal, Reason)
        after 60_000 -> error(no_answer)
        end
     || {Pid, Ref} <- Callers
    ],
    all_slots_are_free().

servers_that_die_again_and_again_come_back(_) ->
    Servers = [beamtalk_compiler_limiter, beamtalk_compiler_breaker, beamtalk_compiler_port],
    [
        begin
            Pid = whereis(Server),
            exit(Pid, kill),
            boundary_support:eventually(fun() -> is_pid(whereis(Server)) andalso whereis(Server) =/= Pid end)
        end
     || Server <- Servers, _ <- lists:seq(1, 30)
    ],
    ?assertMatch({ok, _}, beamtalk_compiler:compile(?CLASS, <<"m">>)),
    ?assertMatch({ok, _}, ask(port, #{op => info})).

%% Helpers.

info() ->
    beamtalk_compiler:info().

ask(Backend, Request) ->
    beamtalk_compiler_backend:answer(Backend, Request, boundary_support:call(short)).

delay(Milliseconds) ->
    #{op => provoke_delay, milliseconds => Milliseconds}.

%% A request of another process, which has reached the backend.
start_request(Backend, Request) ->
    start_request(Backend, Request, #{}).

start_request(Backend, Request, More) ->
    #{running := Before} = beamtalk_compiler_limiter:info(),
    Started = send_request(Backend, Request, More),
    boundary_support:eventually(fun() ->
        #{running := Running} = beamtalk_compiler_limiter:info(),
        Running > Before
    end),
    %% The permit is there; the work begins a moment later.
    Backend =:= port andalso
        boundary_support:eventually(fun() -> is_integer(map_get(os_pid, beamtalk_compiler_port:info())) end),
    timer:sleep(30),
    Started.

send_request(Backend, Request, More) ->
    Self = self(),
    Ref = make_ref(),
    Kind = maps:get(kind, More, kind(Backend)),
    Pid = spawn(fun() ->
        Call = maps:merge(boundary_support:call(Kind, #{time_limit => 30_000}), More),
        Self ! {Ref, beamtalk_compiler_backend:answer(Backend, Request, Call)}
    end),
    {Pid, Ref}.

%% Two at a time fit the port on any machine only if they may use the reserved slot.
kind(port) -> short;
kind(nif) -> long.

result({_Pid, Ref}) ->
    receive
        {Ref, Reply} -> Reply
    after 20_000 -> error(no_answer)
    end.

all_slots_are_free() ->
    boundary_support:eventually(fun() ->
        #{running := Running, waiting := Waiting} = beamtalk_compiler_limiter:info(),
        Running + Waiting =:= 0
    end).

kill_executable(Signal) ->
    #{os_pid := OsPid} = beamtalk_compiler_port:info(),
    _ = os:cmd("kill -" ++ Signal ++ " " ++ integer_to_list(OsPid)),
    OsPid.

is_running_other_than(OsPid) ->
    case beamtalk_compiler_port:info() of
        #{status := running, os_pid := Other, in_flight := 1} when Other =/= OsPid -> timer:sleep(50), true;
        _ -> false
    end.

%% The place of the panic is part of the message only where it is shown.
without_file({error, #{diagnostics := [Found]}}) ->
    maps:without([notes], Found).

install(Name, Directory) ->
    To = filename:join(Directory, Name),
    ok = filelib:ensure_dir(To),
    {ok, _} = file:copy(filename:join(boundary_support:native_dir(), Name), To),
    ok = file:change_mode(To, 8#755).

in_peer(Options, Test) ->
    Peer = boundary_support:peer(Options),
    try
        Test(Peer)
    after
        boundary_support:stop_peer(Peer)
    end.
