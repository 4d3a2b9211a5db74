#!/usr/bin/env escript
%%! +sbwt none
%% What messages to actors cost beside the same by gen_server, in one run.
%%
%%   bench/actors.escript [ROUNDS]      after scripts/build; prints Markdown
-mode(compile).

-define(CALLS, 20_000).

-define(ACTOR, <<"Actor subclass: BenchActor
  state: count = 0
  increment => self.count := self.count + 1
  twice => self increment + self increment
  castTo: other times: n => 1 to: n do: [:_i | other increment!]
">>).

-define(TWIN, "
-module(bench_server).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2]).
init(N) -> {ok, #{count => N}}.
handle_call(increment, _, #{count := N} = S) -> {reply, N + 1, S#{count := N + 1}}.
handle_cast(increment, #{count := N} = S) -> {noreply, S#{count := N + 1}}.
").

main(Args) ->
    Rounds = case Args of [N] -> list_to_integer(N); [] -> 15 end,
    Root = filename:dirname(filename:dirname(filename:absname(escript:script_name()))),
    ok = code:add_pathsa(filelib:wildcard(filename:join(Root, "_build/default/lib/*/ebin"))),
    logger:set_primary_config(level, error),
    {ok, _} = application:ensure_all_started(beamtalk_workspace),
    load_twin(),
    {ok, Session} = beamtalk_workspace:open_session(),
    {ok, _} = beamtalk_session:evaluate(Session, ?ACTOR),
    Class = beamtalk_class:late('BenchActor'),
    Actor = send(Class, spawn, []),
    {ok, Server} = gen_server:start(bench_server, 0, []),
    io:format("OTP ~s, ~b schedulers; medians of ~b rounds of ~b, microseconds each.~n~n", [
        erlang:system_info(otp_release), erlang:system_info(schedulers_online), Rounds, ?CALLS
    ]),
    io:format("| message | gen_server | actor | ratio |~n|---|---|---|---|~n"),
    row("call", Rounds, ?CALLS, fun() -> gen_server:call(Server, increment) end, fun() -> send(Actor, increment, []) end),
    row("call from a full mailbox", Rounds, ?CALLS, full(fun() -> gen_server:call(Server, increment) end), full(fun() ->
        send(Actor, increment, [])
    end)),
    row("cast, with its execution", Rounds, ?CALLS, {fun() -> gen_server:cast(Server, increment) end, fun() -> gen_server:call(Server, increment) end},
        {fun() -> beamtalk_dispatch:cast(Actor, increment, []) end, fun() -> send(Actor, increment, []) end}),
    row("spawn and stop", Rounds, ?CALLS div 10, fun() -> {ok, P} = gen_server:start(bench_server, 0, []), gen_server:stop(P) end,
        fun() -> send(send(Class, spawn, []), stop, []) end).

full(Fun) -> {mailbox, Fun}.

%% The two take turns, each round in a fresh process.
row(Title, Rounds, Calls, Bare, Beamtalk) ->
    Times = [{round_of(Calls, Bare), round_of(Calls, Beamtalk)} || _ <- lists:seq(1, Rounds)],
    {A, B} = {median([T || {T, _} <- Times]) / Calls, median([T || {_, T} <- Times]) / Calls},
    io:format("| ~s | ~.2f | ~.2f | ~.2f |~n", [Title, A, B, B / A]).

round_of(Calls, Work) ->
    {_, Monitor} = spawn_monitor(fun() -> exit({time, timed(Calls, Work)}) end),
    receive {'DOWN', Monitor, _, _, {time, Time}} -> Time end.

timed(Calls, {mailbox, Fun}) ->
    [self() ! noise || _ <- lists:seq(1, 1000)],
    timed(Calls, Fun);
timed(Calls, {Fun, Last}) ->
    time(fun() -> repeat(Calls, Fun), Last() end);
timed(Calls, Fun) ->
    time(fun() -> repeat(Calls, Fun) end).

time(Fun) -> element(1, timer:tc(Fun)).

repeat(0, _) -> ok;
repeat(N, Fun) -> Fun(), repeat(N - 1, Fun).

median(List) -> lists:nth(length(List) div 2 + 1, lists:sort(List)).

send(Receiver, Selector, Args) -> beamtalk_dispatch:send(Receiver, Selector, Args).

load_twin() ->
    {ok, Tokens, _} = erl_scan:string(?TWIN),
    Forms = forms(Tokens, []),
    {ok, bench_server, Beam} = compile:forms(Forms),
    {module, bench_server} = code:load_binary(bench_server, "bench_server", Beam).

forms([], []) -> [];
forms([{dot, _} = Dot | Rest], Acc) ->
    {ok, Form} = erl_parse:parse_form(lists:reverse([Dot | Acc])),
    [Form | forms(Rest, [])];
forms([Token | Rest], Acc) -> forms(Rest, [Token | Acc]).
