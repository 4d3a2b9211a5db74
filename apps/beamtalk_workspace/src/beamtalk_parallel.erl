%% @doc A function applied to the elements of a list by as many processes as there are schedulers.
-module(beamtalk_parallel).

-export([map/2]).

%% @doc Like `lists:map/2', in parallel. What one call raises is raised by the whole, when the others have ended.
-spec map(fun((A) -> B), [A]) -> [B].
map(Fun, Items) ->
    Width = erlang:system_info(schedulers_online),
    {Now, Later} = lists:split(min(Width, length(Items)), Items),
    Running = [start(Fun, Item) || Item <- Now],
    [value(Outcome) || Outcome <- collect(Fun, Running, Later)].

%% The outcomes are in the order of the items: the oldest job is waited for first, and its end starts the next.
collect(_, [], []) ->
    [];
collect(Fun, [Job | Running], Later) ->
    Outcome = beamtalk_job:await(Job),
    [Outcome | proceed(Fun, Running, Later)].

proceed(Fun, Running, [Item | Later]) -> collect(Fun, Running ++ [start(Fun, Item)], Later);
proceed(Fun, Running, []) -> collect(Fun, Running, []).

start(Fun, Item) ->
    beamtalk_job:start(fun() -> Fun(Item) end).

value({ok, Value}) -> Value;
value({raised, Class, Reason, Stack}) -> erlang:raise(Class, Reason, Stack);
value({ended, Reason}) -> exit(Reason).
