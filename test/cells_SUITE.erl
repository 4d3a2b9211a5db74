%% @doc Variables of blocks: collected when the blocks are gone, copied when a block goes to another process.
%%
%% The number of blocks is small here; `scripts/soak' runs the suite with ten million.
-module(cells_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, suite/0, init_per_suite/1, end_per_suite/1]).
-export([
    a_long_method_stays_flat/1,
    an_actor_stays_flat/1,
    a_leak_is_seen/1,
    ended_activations_share/1,
    arguments_are_snapshots/1,
    results_are_snapshots/1,
    copies_stay_apart/1,
    blocks_inside_values_are_as_made/1,
    random_blocks_agree_with_a_model/1,
    a_killed_evaluation_changes_nothing/1,
    sessions_collect/1
]).

-define(WINDOWS, 4).

%% Bytes that a process may grow from the first to the last window: a heap that has another size by chance.
-define(NOISE, 200_000).

all() ->
    [
        a_long_method_stays_flat,
        an_actor_stays_flat,
        a_leak_is_seen,
        ended_activations_share,
        arguments_are_snapshots,
        results_are_snapshots,
        copies_stay_apart,
        blocks_inside_values_are_as_made,
        random_blocks_agree_with_a_model,
        a_killed_evaluation_changes_nothing,
        sessions_collect
    ].

suite() ->
    [{timetrap, {minutes, 20}}].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    {ok, #{classes := Classes}} = beamtalk_workspace:load([?config(data_dir, Config)]),
    Named = maps:from_list([{beamtalk_class:printString(Class), Class} || Class <- Classes]),
    #{<<"Mill">> := Mill, <<"Miller">> := Miller} = Named,
    [{started, Started}, {mill, Mill}, {miller, Miller} | Config].

end_per_suite(Config) ->
    lists:foreach(fun application:stop/1, lists:reverse(?config(started, Config))).

%% ---------------------------------------------------------------------------------------------------
%% Memory
%% ---------------------------------------------------------------------------------------------------

a_long_method_stays_flat(Config) ->
    assert_flat(in_one_method(blocks(), fun() -> ok end, Config)).

an_actor_stays_flat(Config) ->
    {_, _, _, Pid} = Miller = miller(Config),
    Batches = max(1, blocks() div ?WINDOWS div 1000),
    Grind = fun(_) -> send(Miller, 'grind:', [1000]) end,
    assert_flat([
        begin
            lists:foreach(Grind, lists:seq(1, Batches)),
            sample(Pid)
        end
     || _ <- lists:seq(1, ?WINDOWS)
    ]).

%% Without a collector, as where the library is missing, the same blocks make the same check fail.
a_leak_is_seen(Config) ->
    Samples = in_one_method(20_000, fun() -> beamtalk_cell:use_collector(none) end, Config),
    ?assertNot(is_flat(Samples)),
    ?assertError(_, assert_flat(Samples)).

blocks() ->
    list_to_integer(os:getenv("BEAMTALK_SOAK", "20000")).

in_one_method(Blocks, Prepare, Config) ->
    alone(fun() ->
        Prepare(),
        Self = self(),
        Probe = fun() -> Self ! {sample, sample(Self)} end,
        send(?config(mill, Config), 'grind:windows:probe:', [Blocks div ?WINDOWS, ?WINDOWS, Probe]),
        [receive {sample, Sample} -> Sample end || _ <- lists:seq(1, ?WINDOWS)]
    end).

%% Destructors run soon after the collection, and what they leave is erased with the next cell.
sample(Pid) ->
    true = garbage_collect(Pid),
    timer:sleep(50),
    _ = settle(Pid),
    true = garbage_collect(Pid),
    {memory, Memory} = process_info(Pid, memory),
    {Memory, resident()}.

settle(Pid) when Pid =:= self() -> beamtalk_cell:count();
settle(_) -> ok.

%% Memory of the node as the operating system sees it, in bytes: that of the library is in it.
resident() ->
    case file:read_file("/proc/self/statm") of
        {ok, Text} -> 4096 * binary_to_integer(lists:nth(2, binary:split(Text, <<" ">>, [global])));
        {error, _} -> 0
    end.

assert_flat(Samples) ->
    ct:pal("memory of the process and of the node after each window: ~w", [Samples]),
    ?assert(is_flat(Samples)).

%% The first window fills heaps and tables to their size.
is_flat([{First, _} | _] = Samples) ->
    {Last, _} = lists:last(Samples),
    Last - First < ?NOISE andalso is_flat_node(Samples).

%% An entry less than sixteen bytes for each block would be seen, where there are enough blocks to see anything.
is_flat_node([{_, First} | _] = Samples) ->
    {_, Last} = lists:last(Samples),
    Last - First < max(64_000_000, 16 * blocks()).

%% ---------------------------------------------------------------------------------------------------
%% Sharing
%% ---------------------------------------------------------------------------------------------------

ended_activations_share(Config) ->
    {A, B} = {pair(Config), pair(Config)},
    ?assertEqual([1, 2, 2, 1, 1, 2], [call(A, 1), call(A, 1), call(A, 2), call(B, 1), call(B, 2), call(A, 2)]).

%% As of when the message was sent; what the actor assigns is its own.
arguments_are_snapshots(Config) ->
    Miller = miller(Config),
    Tick = counter(Config),
    ?assertEqual([1, 2], [Tick(), Tick()]),
    ?assertEqual([3, 3], [send(Miller, 'run:', [Tick]), send(Miller, 'run:', [Tick])]),
    ?assertEqual([3, 4, 5], send(send(Miller, 'run:and:', [Tick, Tick]), asList)),
    ?assertEqual(3, send(miller(Config), 'through:run:', [Miller, Tick])),
    ?assertEqual(3, Tick()),
    nil = beamtalk_dispatch:cast(Miller, 'keep:', [Tick]),
    ?assertEqual(4, Tick()),
    ?assertEqual([4, 5], [send(Miller, kept), send(Miller, kept)]).

results_are_snapshots(Config) ->
    Miller = miller(Config),
    {A, B} = {send(Miller, counter), send(Miller, counter)},
    ?assertEqual([21, 22, 21], [A(), A(), B()]).

copies_stay_apart(Config) ->
    Miller = miller(Config),
    Tick = counter(Config),
    _ = send(Miller, 'keep:', [Tick]),
    ?assertEqual([1, 2, 1, 1], [send(Miller, kept), send(Miller, kept), send(Miller, 'run:', [Tick]), Tick()]),
    ?assertEqual(3, send(Miller, kept)).

%% A block inside another value has in another process the values as of when it was made.
blocks_inside_values_are_as_made(Config) ->
    Blocks = send(?config(mill, Config), inside),
    ?assertEqual(4, call(Blocks, 1)),
    ?assertEqual(3, alone(fun() -> call(Blocks, 1) end)).

%% Three activations with two blocks each: any sequence of calls answers what counters answer.
random_blocks_agree_with_a_model(Config) ->
    lists:foreach(fun(_) -> random_calls(Config) end, lists:seq(1, 200)).

random_calls(Config) ->
    Pairs = list_to_tuple([pair(Config) || _ <- [1, 2, 3]]),
    Calls = [{rand:uniform(3), rand:uniform(2)} || _ <- lists:seq(1, 30)],
    _ = [pair(Config) || _ <- lists:seq(1, 5)],
    {Expected, _} = lists:mapfoldl(fun model/2, #{1 => 0, 2 => 0, 3 => 0}, Calls),
    ?assertEqual(Expected, [call(element(Activation, Pairs), Block) || {Activation, Block} <- Calls]).

model({Activation, 1}, Counters) ->
    #{Activation := Count} = Counters,
    {Count + 1, Counters#{Activation := Count + 1}};
model({Activation, 2}, Counters) ->
    {maps:get(Activation, Counters), Counters}.

%% ---------------------------------------------------------------------------------------------------
%% Sessions
%% ---------------------------------------------------------------------------------------------------

a_killed_evaluation_changes_nothing(_) ->
    {ok, Session} = beamtalk_workspace:open_session(),
    ?assertMatch({ok, #{value := 1}}, evaluate(Session, "n := 0. tick := [n := n + 1]. tick value")),
    Self = self(),
    spawn_link(fun() ->
        Self ! {outcome, evaluate(Session, "1 to: 5 do: [:i | tick value]. other := [n := n + 100]. other value."
                                           " [true] whileTrue: [Erlang timer sleep: 10]")}
    end),
    timer:sleep(300),
    ok = beamtalk_session:interrupt(Session),
    receive {outcome, Outcome} -> ?assertMatch({error, #{reason := interrupted}}, Outcome) end,
    ?assertMatch({ok, #{value := 2}}, evaluate(Session, "tick value")),
    ?assertMatch({ok, #{value := 2}}, evaluate(Session, "n")),
    ?assertMatch({error, #{reason := compile}}, evaluate(Session, "other")),
    ok = beamtalk_workspace:close_session(Session).

%% Also after a worker was replaced the variables of dropped blocks are collected.
sessions_collect(_) ->
    {ok, Session} = beamtalk_workspace:open_session(),
    Make = "1 to: 3000 do: [:i | m := i. b := [m := m + 1]. b value]. 1",
    lists:foreach(fun(_) -> ?assertMatch({ok, _}, evaluate(Session, Make)) end, [1, 2, 3]),
    spawn(fun() -> evaluate(Session, "[true] whileTrue: [Erlang timer sleep: 10]") end),
    timer:sleep(100),
    ok = beamtalk_session:interrupt(Session),
    lists:foreach(fun(_) -> ?assertMatch({ok, _}, evaluate(Session, Make)) end, [1, 2, 3]),
    ?assert(cells_of(Session) < 5000),
    ok = beamtalk_workspace:close_session(Session).

%% The last element of the session's state.
cells_of(Session) ->
    length(lists:last(tuple_to_list(sys:get_state(Session)))).

evaluate(Session, Text) ->
    beamtalk_session:evaluate(Session, Text).

%% ---------------------------------------------------------------------------------------------------
%% Tools
%% ---------------------------------------------------------------------------------------------------

pair(Config) -> send(?config(mill, Config), pair).

counter(Config) -> send(?config(mill, Config), counter).

miller(Config) -> send(?config(miller, Config), spawn).

call(Array, Index) -> send(send(Array, 'at:', [Index]), value).

send(Receiver, Selector) -> send(Receiver, Selector, []).

send(Receiver, Selector, Args) -> beamtalk_dispatch:send(Receiver, Selector, Args).

%% The value of a function in a process of its own.
alone(Fun) ->
    {_, Monitor} = spawn_monitor(fun() -> exit({value, Fun()}) end),
    receive
        {'DOWN', Monitor, _, _, {value, Value}} -> Value;
        {'DOWN', Monitor, _, _, Reason} -> ct:fail(Reason)
    end.
