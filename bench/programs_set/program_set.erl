%% @doc The program set in Erlang, written as one would by hand, with the data structures that are closest.
-module(program_set).

-behaviour(gen_server).

-export([fib/1, n_body/1, binary_trees/1, sieve/1, dictionary_build/1, string_building/1, actor_ring/1, await/0]).
-export([init/1, handle_call/3, handle_cast/2]).

%% Waits for the end of a ring's token; the programs in Beamtalk call it too.
await() ->
    receive
        done -> ok
    end.

fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).

%% ---------------------------------------------------------------------------------------------------

-record(body, {x, y, z, vx, vy, vz, mass}).

n_body(Steps) ->
    lists:foldl(fun(Body, Sum) -> Sum + kinetic_energy(Body) end, 0.0, advance(Steps, bodies())).

advance(0, Bodies) ->
    Bodies;
advance(Steps, Bodies) ->
    Pulled = [
        lists:foldl(
            fun
                (Other, Each) when Other =:= Body -> Each;
                (Other, Each) -> pulled(Each, Other, 0.01)
            end,
            Body,
            Bodies
        )
     || Body <- Bodies
    ],
    advance(Steps - 1, [moved(Body, 0.01) || Body <- Pulled]).

pulled(#body{x = X, y = Y, z = Z, vx = VX, vy = VY, vz = VZ} = Body, Other, Dt) ->
    DX = X - Other#body.x,
    DY = Y - Other#body.y,
    DZ = Z - Other#body.z,
    Distance = math:sqrt(DX * DX + DY * DY + DZ * DZ),
    Pull = Other#body.mass * Dt / (Distance * Distance * Distance),
    Body#body{vx = VX - DX * Pull, vy = VY - DY * Pull, vz = VZ - DZ * Pull}.

moved(#body{x = X, y = Y, z = Z, vx = VX, vy = VY, vz = VZ} = Body, Dt) ->
    Body#body{x = X + Dt * VX, y = Y + Dt * VY, z = Z + Dt * VZ}.

kinetic_energy(#body{vx = VX, vy = VY, vz = VZ, mass = Mass}) ->
    Mass * (VX * VX + VY * VY + VZ * VZ) / 2.

bodies() ->
    [
        #body{x = 0.0, y = 0.0, z = 0.0, vx = 0.0, vy = 0.0, vz = 0.0, mass = 39.47},
        #body{x = 4.84, y = -1.16, z = -0.10, vx = 0.60, vy = 2.81, vz = -0.02, mass = 0.037},
        #body{x = 8.34, y = 4.12, z = -0.4, vx = -1.01, vy = 1.82, vz = 0.008, mass = 0.011},
        #body{x = 12.89, y = -15.11, z = -0.22, vx = 1.08, vy = 0.86, vz = -0.01, mass = 0.0017},
        #body{x = 15.37, y = -25.9, z = 0.179, vx = 0.97, vy = 0.59, vz = -0.034, mass = 0.002}
    ].

%% ---------------------------------------------------------------------------------------------------

binary_trees(Depth) ->
    lists:foldl(fun(_, Sum) -> Sum + count(make(Depth)) end, 0, lists:seq(1, 10)).

make(0) -> {nil, nil};
make(Depth) -> {make(Depth - 1), make(Depth - 1)}.

count({nil, _}) -> 1;
count({Left, Right}) -> 1 + count(Left) + count(Right).

%% ---------------------------------------------------------------------------------------------------

sieve(Limit) ->
    sieve(2, Limit, array:new(Limit + 1, {default, true}), 0).

sieve(I, Limit, _, Count) when I > Limit ->
    Count;
sieve(I, Limit, Flags, Count) ->
    case array:get(I, Flags) of
        true -> sieve(I + 1, Limit, strike(I * I, I, Limit, Flags), Count + 1);
        false -> sieve(I + 1, Limit, Flags, Count)
    end.

strike(Multiple, _, Limit, Flags) when Multiple > Limit -> Flags;
strike(Multiple, I, Limit, Flags) -> strike(Multiple + I, I, Limit, array:set(Multiple, false, Flags)).

%% ---------------------------------------------------------------------------------------------------

dictionary_build(Size) ->
    Squares = lists:foldl(fun(I, Map) -> Map#{I => I * I} end, #{}, lists:seq(1, Size)),
    lists:foldl(fun(I, Sum) -> Sum + map_get(I, Squares) end, 0, lists:seq(1, Size)).

string_building(Size) ->
    Text = lists:foldl(
        fun(I, Text) -> <<Text/binary, "item ", (integer_to_binary(I))/binary, ", ">> end, <<>>, lists:seq(1, Size)
    ),
    Parts = [<<"item ", (integer_to_binary(I))/binary>> || I <- lists:seq(1, Size)],
    byte_size(Text) + iolist_size(lists:join(<<", ">>, Parts)) + length(binary:split(Text, <<", ">>, [global])).

%% ---------------------------------------------------------------------------------------------------

actor_ring(Hops) ->
    Nodes = [Node || _ <- lists:seq(1, 100), {ok, Node} <- [gen_server:start(?MODULE, [], [])]],
    [First | Rest] = Nodes,
    lists:foreach(
        fun({Node, Next}) -> gen_server:call(Node, {connect, Next, self()}) end, lists:zip(Nodes, Rest ++ [First])
    ),
    gen_server:cast(First, {pass, Hops}),
    ok = await(),
    lists:foreach(fun gen_server:stop/1, Nodes),
    Hops.

init([]) -> {ok, #{}}.

handle_call({connect, Next, Observer}, _, State) -> {reply, ok, State#{next => Next, observer => Observer}}.

handle_cast({pass, 0}, #{observer := Observer} = State) ->
    Observer ! done,
    {noreply, State};
handle_cast({pass, Hops}, #{next := Next} = State) ->
    gen_server:cast(Next, {pass, Hops - 1}),
    {noreply, State}.
