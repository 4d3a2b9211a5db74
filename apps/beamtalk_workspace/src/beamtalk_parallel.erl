%% @doc A function applied to the elements of a list by as many processes as there are schedulers.
-module(beamtalk_parallel).

-export([map/2]).

%% @doc Like `lists:map/2', in parallel. What one call raises is raised by the whole, when the others have ended.
-spec map(fun((A) -> B), [A]) -> [B].
map(Fun, Items) ->
    Width = erlang:system_info(schedulers_online),
    {Now, Later} = lists:split(min(Width, length(Items)), Items),
    Running = [start(Fun, Item) || Item <- Now],
    [value(Result) || Result <- collect(Fun, Running, Later)].

%% The results are in the order of the items: the oldest process is waited for first, and its end starts the next.
collect(_, [], []) ->
    [];
collect(Fun, [{Pid, Ref} | Running], Later) ->
    Result =
        receive
            {'DOWN', Ref, process, Pid, {shutdown, {?MODULE, R}}} -> R;
            {'DOWN', Ref, process, Pid, Reason} -> {exit, Reason, []}
        end,
    [Result | proceed(Fun, Running, Later)].

proceed(Fun, Running, [Item | Later]) -> collect(Fun, Running ++ [start(Fun, Item)], Later);
proceed(Fun, Running, []) -> collect(Fun, Running, []).

start(Fun, Item) ->
    spawn_monitor(fun() -> exit({shutdown, {?MODULE, apply_to(Fun, Item)}}) end).

apply_to(Fun, Item) ->
    try
        {ok, Fun(Item)}
    catch
        Class:Reason:Stack -> {Class, Reason, Stack}
    end.

value({ok, Value}) -> Value;
value({Class, Reason, Stack}) -> erlang:raise(Class, Reason, Stack).
