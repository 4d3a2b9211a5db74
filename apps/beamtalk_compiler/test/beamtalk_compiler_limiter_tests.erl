-module(beamtalk_compiler_limiter_tests).

-include_lib("eunit/include/eunit.hrl").

limiter_test_() ->
    {foreach, fun boundary_support:start/0, fun boundary_support:stop/1, [
        fun(_) -> fun short_work_passes_long_work/0 end,
        fun(_) -> fun waiting_is_bounded/0 end,
        fun(_) -> fun who_waits_longest_goes_first/0 end,
        fun(_) -> fun a_dead_holder_gives_back/0 end,
        fun(_) -> fun a_dead_waiter_takes_nothing/0 end,
        fun(_) -> fun a_dead_owner_ends_the_holder/0 end,
        fun(_) -> fun cancelling_ends_waiting/0 end,
        fun(_) -> fun all_come_back/0 end
    ]}.

short_work_passes_long_work() ->
    Permits = take_all(long),
    ?assertEqual({error, busy}, acquire(long, 10)),
    {ok, Short} = acquire(short, 10),
    ?assertEqual({error, busy}, acquire(short, 10)),
    release([Short | Permits]).

waiting_is_bounded() ->
    Permits = take_all(long),
    {Time, {error, busy}} = timer:tc(fun() -> acquire(long, 50) end),
    ?assert(Time >= 50_000),
    release(Permits).

who_waits_longest_goes_first() ->
    [Permit | Others] = take_all(long),
    Self = self(),
    Waiters = [
        begin
            Pid = spawn_link(fun() ->
                {ok, Own} = acquire(long, 5000),
                Self ! {admitted, N},
                beamtalk_compiler_limiter:release(Own)
            end),
            await(waiting, N),
            Pid
        end
     || N <- [1, 2, 3]
    ],
    ?assertEqual(3, length(Waiters)),
    beamtalk_compiler_limiter:release(Permit),
    ?assertEqual([1, 2, 3], [receive {admitted, N} -> N after 5000 -> error(starved) end || _ <- Waiters]),
    release(Others).

a_dead_holder_gives_back() ->
    {Pid, Ref} = spawn_monitor(fun() -> {ok, _} = acquire(long, 10) end),
    receive {'DOWN', Ref, process, Pid, normal} -> ok end,
    await(running, 0).

a_dead_waiter_takes_nothing() ->
    Permits = take_all(long),
    Pid = spawn(fun() -> acquire(long, 60_000) end),
    await(waiting, 1),
    exit(Pid, kill),
    await(waiting, 0),
    release(Permits),
    await(running, 0).

a_dead_owner_ends_the_holder() ->
    Owner = spawn(fun() -> timer:sleep(infinity) end),
    Holder = spawn(fun() ->
        {ok, _} = beamtalk_compiler_limiter:acquire(otp, long, #{wait => 10, owner => Owner, tag => undefined}),
        timer:sleep(infinity)
    end),
    await(running, 1),
    Ref = monitor(process, Holder),
    exit(Owner, kill),
    receive {'DOWN', Ref, process, Holder, killed} -> ok after 5000 -> error(alive) end,
    await(running, 0).

cancelling_ends_waiting() ->
    Permits = take_all(long),
    Self = self(),
    spawn_link(fun() ->
        Self ! beamtalk_compiler_limiter:acquire(port, long, #{wait => 60_000, owner => self(), tag => mine})
    end),
    await(waiting, 1),
    beamtalk_compiler_limiter:cancel(someone_elses),
    beamtalk_compiler_limiter:cancel(mine),
    receive Reply -> ?assertEqual({error, cancelled}, Reply) after 5000 -> error(waiting) end,
    release(Permits).

all_come_back() ->
    #{free := Before} = beamtalk_compiler_limiter:info(),
    Pids = [spawn_monitor(fun() -> worker(N) end) || N <- lists:seq(1, 200)],
    [receive {'DOWN', Ref, process, Pid, _} -> ok end || {Pid, Ref} <- Pids],
    await(running, 0),
    ?assertMatch(#{free := Before}, beamtalk_compiler_limiter:info()).

%% Some release, some die, some give up.
worker(N) ->
    Kind = case N rem 2 of 0 -> short; 1 -> long end,
    case acquire(Kind, N) of
        {ok, _} when N rem 3 =:= 0 -> exit(died);
        {ok, Permit} -> erlang:yield(), beamtalk_compiler_limiter:release(Permit);
        {error, busy} -> ok
    end.

acquire(Kind, Wait) ->
    beamtalk_compiler_limiter:acquire(port, Kind, #{wait => Wait, owner => self(), tag => undefined}).

take_all(Kind) ->
    #{free := #{{port, Kind} := Free}} = beamtalk_compiler_limiter:info(),
    [begin {ok, Permit} = acquire(Kind, 10), Permit end || _ <- lists:seq(1, Free)].

release(Permits) ->
    lists:foreach(fun beamtalk_compiler_limiter:release/1, Permits).

await(Key, Count) ->
    boundary_support:eventually(fun() -> map_get(Key, beamtalk_compiler_limiter:info()) =:= Count end).
