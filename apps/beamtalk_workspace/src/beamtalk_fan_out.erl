%% @doc A function applied to the elements of a list by several processes.
-module(beamtalk_fan_out).

-export([map/2, map/3]).

%% @doc Like `lists:map/2', by as many processes as there are schedulers. What one call raises is raised by the whole, when
%% the others have ended.
-spec map(fun((A) -> B), [A]) -> [B].
map(Fun, Items) ->
    map(Fun, Items, erlang:system_info(schedulers_online)).

%% @doc The same by so many processes.
-spec map(fun((A) -> B), [A], pos_integer()) -> [B].
map(Fun, Items, Width) ->
    All = list_to_tuple(Items),
    Taken = atomics:new(1, []),
    Workers = [beamtalk_job:start(fun() -> work(Fun, All, Taken, []) end) || _ <- lists:seq(1, min(Width, size(All)))],
    Outcomes = lists:append([value(Worker) || Worker <- [beamtalk_job:await(Worker) || Worker <- Workers]]),
    [value(Outcome) || {_, Outcome} <- lists:keysort(1, Outcomes)].

%% A worker takes the next item until there is none. Each item has a process of its own.
work(Fun, All, Taken, Done) ->
    case atomics:add_get(Taken, 1, 1) of
        Index when Index > size(All) ->
            Done;
        Index ->
            Item = element(Index, All),
            Outcome = beamtalk_job:await(beamtalk_job:start(fun() -> Fun(Item) end)),
            work(Fun, All, Taken, [{Index, Outcome} | Done])
    end.

value({ok, Value}) -> Value;
value({raised, Class, Reason, Stack}) -> erlang:raise(Class, Reason, Stack);
value({ended, Reason}) -> exit(Reason).
