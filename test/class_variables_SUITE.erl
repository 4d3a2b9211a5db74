%% @doc Class variables under load: serialized along chains of synchronous sends, rolled back, never lost.
-module(class_variables_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1, init_per_testcase/2, end_per_testcase/2]).
-export([
    the_lock_is_reentrant/1,
    an_actor_may_call_back/1,
    a_chain_of_actors_may_call_back/1,
    initialization_may_call_back/1,
    what_raises_undoes_what_it_caused/1,
    a_failure_on_the_way_keeps_what_was_done/1,
    a_loan_that_came_too_late_does_not_count/1,
    no_update_is_lost/1,
    opposite_orders_are_reported/1,
    kills_leave_whole_updates/1
]).

-define(CLIENTS, 50).

all() ->
    [
        the_lock_is_reentrant,
        an_actor_may_call_back,
        a_chain_of_actors_may_call_back,
        initialization_may_call_back,
        what_raises_undoes_what_it_caused,
        a_failure_on_the_way_keeps_what_was_done,
        a_loan_that_came_too_late_does_not_count,
        no_update_is_lost,
        opposite_orders_are_reported,
        kills_leave_whole_updates
    ].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    {ok, #{classes := Classes}} = beamtalk_workspace:load([?config(data_dir, Config)]),
    Named = maps:from_list([{beamtalk_class:printString(Class), Class} || Class <- Classes]),
    #{<<"Ledger">> := Ledger, <<"Journal">> := Journal, <<"Clerk">> := Clerk} = Named,
    [{started, Started}, {ledger, Ledger}, {journal, Journal}, {clerk, Clerk} | Config].

end_per_suite(Config) ->
    lists:foreach(fun application:stop/1, lists:reverse(?config(started, Config))).

init_per_testcase(_, Config) ->
    _ = send(?config(ledger, Config), reset),
    _ = send(?config(journal, Config), reset),
    Config.

%% Whatever has happened, nothing is locked and nobody waits; what the killed have left is swept later.
end_per_testcase(_, _) ->
    _ = sys:get_state(beamtalk_lock),
    ?assertEqual([], ets:tab2list(beamtalk_locks)),
    ?assertEqual([], [Pid || {Pid, _, _} <- ets:tab2list(beamtalk_waits), is_pid(Pid), is_process_alive(Pid)]).

the_lock_is_reentrant(Config) ->
    ?assertEqual(2, send(?config(ledger, Config), addThroughItself)).

an_actor_may_call_back(Config) ->
    Ledger = ?config(ledger, Config),
    ?assertEqual(2, send(Ledger, 'addThrough:', [clerk(Config)])),
    ?assertEqual({2, 1}, {send(Ledger, total), send(Ledger, seen)}).

a_chain_of_actors_may_call_back(Config) ->
    Chain = lists:foldl(fun(_, Helper) -> clerk(#{helper => Helper}, Config) end, nil, lists:seq(1, 5)),
    ?assertEqual(6, send(?config(ledger, Config), 'addThrough:', [Chain])).

initialization_may_call_back(Config) ->
    ?assertEqual(1, send(?config(ledger, Config), spawnClerk)).

what_raises_undoes_what_it_caused(Config) ->
    Ledger = ?config(ledger, Config),
    _ = send(Ledger, add),
    ?assertError(#{kind := user_error}, send(Ledger, 'failThrough:', [clerk(Config)])),
    ?assertEqual(1, send(Ledger, total)).

a_failure_on_the_way_keeps_what_was_done(Config) ->
    ?assertEqual(1, send(?config(ledger, Config), 'addThroughFailing:', [clerk(Config)])).

%% The class method has given up waiting: what the actor does for it after that is nobody's.
a_loan_that_came_too_late_does_not_count(Config) ->
    {Ledger, Clerk} = {?config(ledger, Config), clerk(Config)},
    ?assertEqual(timeout, send(Ledger, 'waitFor:', [Clerk])),
    %% The actor has ended that method when it answers.
    _ = send(Clerk, 'addTo:', [?config(journal, Config)]),
    ?assertEqual(1000, send(Ledger, total)).

no_update_is_lost(Config) ->
    {Ledger, Journal} = {?config(ledger, Config), ?config(journal, Config)},
    Clerks = list_to_tuple([clerk(Config) || _ <- lists:seq(1, 10)]),
    Ends = clients(fun(N) ->
        send(Ledger, addHereAndThere),
        send(Ledger, 'addThrough:', [element(N rem 10 + 1, Clerks)]),
        send(Journal, add)
    end, 10),
    ?assertEqual([normal], lists:usort(Ends)),
    ?assertEqual(?CLIENTS * 10 * 3, send(Ledger, total)),
    ?assertEqual(?CLIENTS * 10 * 2, send(Journal, total)).

%% Each deadlock is reported to one of those who close it, whose updates are undone; tried again they succeed.
opposite_orders_are_reported(Config) ->
    {Ledger, Journal} = {?config(ledger, Config), ?config(journal, Config)},
    Ends = clients(fun
        (N) when N rem 2 =:= 0 -> until_done(fun() -> send(Ledger, addHereAndThere) end);
        (_) -> until_done(fun() -> send(Journal, addHereAndThere) end)
    end, 4),
    ?assertEqual([normal], lists:usort(Ends)),
    ?assertEqual({?CLIENTS * 4, ?CLIENTS * 4}, {send(Ledger, total), send(Journal, total)}).

%% A killed process leaves its class methods as a whole or not at all: both parts of an update, or none.
kills_leave_whole_updates(Config) ->
    Ledger = ?config(ledger, Config),
    Victims = [spawn_monitor(fun() -> forever(fun() -> send(Ledger, 'addThrough:', [clerk(Config)]) end) end)
               || _ <- lists:seq(1, ?CLIENTS)],
    [begin timer:sleep(N rem 7), exit(Pid, kill) end || {N, {Pid, _}} <- lists:zip(lists:seq(1, ?CLIENTS), Victims)],
    [receive {'DOWN', Monitor, _, _, Reason} -> ?assertEqual(killed, Reason) end || {_, Monitor} <- Victims],
    {Total, Seen} = {send(Ledger, total), send(Ledger, seen)},
    ?assert(Seen > 0),
    ?assertEqual(2 * Seen, Total),
    ?assertEqual(2, send(Ledger, 'addThrough:', [clerk(Config)])).

clients(Work, Times) ->
    Clients = [
        spawn_monitor(fun() -> [Work(N) || _ <- lists:seq(1, Times)], ok end)
     || N <- lists:seq(1, ?CLIENTS)
    ],
    [receive {'DOWN', Monitor, _, _, Reason} -> Reason after 60_000 -> hangs end || {_, Monitor} <- Clients].

until_done(Work) ->
    try
        Work()
    catch
        error:#{kind := deadlock_detected} -> until_done(Work)
    end.

forever(Work) ->
    Work(),
    forever(Work).

clerk(Config) ->
    send(?config(clerk, Config), spawn).

clerk(Fields, Config) ->
    send(?config(clerk, Config), 'spawnWith:', [Fields]).

send(Receiver, Selector) ->
    send(Receiver, Selector, []).

send(Receiver, Selector, Args) ->
    beamtalk_dispatch:send(Receiver, Selector, Args).
