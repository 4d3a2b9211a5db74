%% @doc What `language/Rounds.bt' does, written by hand.
-module(language_twin).

-behaviour(gen_server).

-export([empty/1, sum/1, while/1, known/1, unknown/2, self_send/2, block/2, call/2, cast/2]).
-export([class_method/1, class_variable/1, caught/1, do/1, do_shared/1, collect/1, inject/1]).
-export([answer/1, own/1, registry_answer/1, init/1, handle_call/3, handle_cast/2]).

empty(0) -> nil;
empty(N) -> empty(N - 1).

sum(N) -> sum(1, N, 0).

sum(I, N, Total) when I =< N -> sum(I + 1, N, Total + I);
sum(_, _, Total) -> Total.

while(N) -> while(0, N).

while(I, N) when I < N -> while(I + 1, N);
while(I, _) -> I.

known(N) -> known(N, #{amount => 1}).

%% Like a message it goes to the newest version of the module.
known(0, _) -> nil;
known(N, Probe) ->
    _ = ?MODULE:answer(Probe),
    known(N - 1, Probe).

unknown(0, _) -> nil;
unknown(N, #{class := Module} = Probe) ->
    _ = Module:answer(Probe),
    unknown(N - 1, Probe).

self_send(0, _) -> nil;
self_send(N, Probe) ->
    _ = ?MODULE:own(Probe),
    self_send(N - 1, Probe).

answer(_) -> 7.

own(Probe) -> ?MODULE:answer(Probe).

block(0, _) -> nil;
block(N, Block) ->
    _ = Block(1),
    block(N - 1, Block).

call(0, _) -> nil;
call(N, Server) ->
    _ = gen_server:call(Server, answer),
    call(N - 1, Server).

cast(N, Server) ->
    casts(N, Server),
    gen_server:call(Server, count).

casts(0, _) -> nil;
casts(N, Server) ->
    ok = gen_server:cast(Server, tell),
    casts(N - 1, Server).

class_method(0) -> nil;
class_method(N) ->
    _ = ?MODULE:registry_answer(registry),
    class_method(N - 1).

registry_answer(_) -> 7.

%% A row of a table; no lock, since nothing is rolled back.
class_variable(N) -> class_variable(N, ets:new(variables, [public])).

class_variable(0, Table) -> ets:delete(Table);
class_variable(N, Table) ->
    _ = ets:update_counter(Table, next, 1, {next, 0}),
    class_variable(N - 1, Table).

caught(0) -> nil;
caught(N) ->
    _ =
        try
            error({user_error, <<"no">>})
        catch
            error:{user_error, _} -> 1
        end,
    caught(N - 1).

do(List) -> lists:foreach(fun(Each) -> Each end, List).

do_shared(List) ->
    put(total, 0),
    lists:foreach(fun(Each) -> put(total, get(total) + Each) end, List),
    get(total).

collect(List) -> lists:map(fun(Each) -> Each + 1 end, List).

inject(List) -> lists:foldl(fun(Each, Sum) -> Sum + Each end, 0, List).

init(_) -> {ok, 0}.

handle_call(answer, _, Count) -> {reply, 7, Count};
handle_call(count, _, Count) -> {reply, Count, Count}.

handle_cast(tell, Count) -> {noreply, Count + 1}.
