-module(beamtalk_class_tests).

-include_lib("eunit/include/eunit.hrl").

-define(SPAN, {'$bt_class', 'bt@rt_test@span'}).
-define(NAMED, {'$bt_class', 'bt@rt_test@named_span'}).
-define(COUNTER, {'$bt_class', 'bt@rt_test@counter'}).

kind(Fun) -> beamtalk_test_library:kind(Fun).

registry_test_() ->
    beamtalk_test_library:with([
        ?_assertEqual(?SPAN, beamtalk_class:late('Span')),
        ?_assertEqual({ok, ?SPAN}, beamtalk_runtime:class('Span')),
        ?_assertEqual(error, beamtalk_runtime:class('Nope')),
        {"unknown name", fun() ->
            ?assertError(
                #{
                    kind := class_not_found,
                    message := <<"Class 'Spam' not found">>,
                    hint := <<"did you mean 'Span'?">>
                },
                beamtalk_class:late('Spam')
            )
        end},
        {"entries of modules that are not loaded", fun() ->
            beamtalk_class:register_all([{'Lazy', 'bt@rt_test@lazy', 'bt@rt_test@span'}]),
            ?assertEqual({'$bt_class', 'bt@rt_test@lazy'}, beamtalk_class:late('Lazy')),
            ?assert(lists:member('bt@rt_test@lazy', beamtalk_class:direct_subclasses('bt@rt_test@span'))),
            beamtalk_class:unregister('bt@rt_test@lazy'),
            ?assertEqual(error, beamtalk_class:lookup('Lazy'))
        end},
        {"two names for one module", fun() ->
            ?assertError(
                #{kind := class_already_exists, message := <<"Class 'SPAN' and class 'Span' map to", _/binary>>},
                beamtalk_class:register_all([{'SPAN', 'bt@rt_test@span', nil}])
            )
        end},
        {"a name of the library", fun() ->
            beamtalk_class:register_all([{'RtShelf', 'bt@stdlib@rt_shelf', nil}]),
            ?assertError(
                #{kind := class_already_exists, message := <<"Class 'RtShelf' belongs to the standard", _/binary>>},
                beamtalk_class:register_all([{'RtShelf', 'bt@rt_shelf', nil}])
            ),
            ?assertEqual({'$bt_class', 'bt@stdlib@rt_shelf'}, beamtalk_class:late('RtShelf')),
            beamtalk_class:unregister('bt@stdlib@rt_shelf')
        end},
        {"survives the death of every child of the supervisor", fun survives_restart/0}
    ]).

survives_restart() ->
    Children = supervisor:which_children(beamtalk_runtime_sup),
    lists:foreach(fun({_, Pid, _, _}) -> kill(Pid) end, Children),
    ?assertEqual(?SPAN, beamtalk_class:late('Span')),
    ?assertEqual(done, beamtalk_lock:with(?MODULE, fun() -> done end)).

kill(Pid) ->
    Monitor = monitor(process, Pid),
    exit(Pid, kill),
    receive {'DOWN', Monitor, _, _, _} -> ok end.

%% Without the application there are no classes, and the message says what is wrong.
not_running_test() ->
    _ = application:stop(beamtalk_runtime),
    ?assertError(#{kind := class_not_found}, beamtalk_class:late('Span')),
    ?assertError(
        #{message := <<"the application beamtalk_runtime is not running">>},
        beamtalk_lock:with(?MODULE, fun() -> ok end)
    ).

new_test_() ->
    Span = #{'$beamtalk_class' => 'bt@rt_test@span', from => 0, to => 10},
    New = fun(Class, Dictionary) -> beamtalk_class:'new:'(Class, Dictionary) end,
    Failing = [
        {type_error, ?SPAN, 3},
        {type_error, ?SPAN, [{from, 1}]},
        {type_error, ?SPAN, Span},
        {instantiation_error, ?COUNTER, #{}},
        {instantiation_error, {'$bt_class', 'bt@stdlib@server'}, #{}},
        {instantiation_error, {'$bt_class', 'bt@stdlib@integer'}, #{}},
        {instantiation_error, {'$bt_class', 'bt@stdlib@object'}, #{a => 1}}
    ],
    beamtalk_test_library:with([
        ?_assertEqual(Span, beamtalk_class:new(?SPAN)),
        ?_assertEqual(Span#{from := 3}, New(?SPAN, #{from => 3})),
        ?_assertEqual(Span#{unknown => 3}, New(?SPAN, #{unknown => 3})),
        ?_assertEqual(
            Span#{'$beamtalk_class' := 'bt@rt_test@named_span', name => <<>>}, beamtalk_class:new(?NAMED)
        ),
        ?_assertEqual(
            #{'$beamtalk_class' => 'bt@stdlib@error'}, beamtalk_class:new({'$bt_class', 'bt@stdlib@error'})
        )
        | [?_assertEqual(Kind, kind(fun() -> New(Class, Arg) end)) || {Kind, Class, Arg} <- Failing]
    ]).

class_variable_test_() ->
    {foreach, fun beamtalk_test_library:setup/0, fun beamtalk_test_library:cleanup/1, [
        {"default", ?_assertEqual(100, beamtalk_class:get_var(?SPAN, next))},
        {"each class has its own", fun() ->
            ?assertEqual(7, beamtalk_class:put_var(?SPAN, next, 7)),
            ?assertEqual({7, 100}, {beamtalk_class:get_var(?SPAN, next), beamtalk_class:get_var(?NAMED, next)})
        end},
        {"undeclared", fun() ->
            ?assertError(#{kind := key_error}, beamtalk_class:get_var(?SPAN, zap)),
            ?assertError(#{kind := key_error}, beamtalk_class:put_var(?SPAN, zap, 1))
        end},
        {"no update is lost", {timeout, 60, fun no_update_is_lost/0}},
        {"rolled back when the transaction raises", fun rolled_back/0},
        {"kept by a non-local return", fun kept_by_return/0},
        {"a nested transaction that raises undoes its own writes only", fun nested_rollback/0},
        {"invisible to others before the end", fun invisible_before_the_end/0},
        {"the lock of a dead holder is released", fun dead_holder/0},
        {"performLocally drops writes", fun perform_locally/0}
    ]}.

no_update_is_lost() ->
    Callers = [
        spawn_monitor(fun() -> [beamtalk_dispatch:send(?SPAN, issue, []) || _ <- lists:seq(1, 100)] end)
     || _ <- lists:seq(1, 50)
    ],
    lists:foreach(fun({_, M}) -> receive {'DOWN', M, _, _, R} -> ?assertEqual(normal, R) end end, Callers),
    ?assertEqual(5100, beamtalk_class:get_var(?SPAN, next)),
    %% The last release is on its way to the server before its process ends.
    _ = sys:get_state(beamtalk_lock),
    ?assertEqual([], ets:tab2list(beamtalk_locks)).

transaction(Fun) -> beamtalk_class:with_class_lock(?SPAN, Fun).

put_next(Value) -> beamtalk_class:put_var(?SPAN, next, Value).

next() -> beamtalk_class:get_var(?SPAN, next).

rolled_back() ->
    ?assertError(oops, transaction(fun() -> put_next(1), ?assertEqual(1, next()), error(oops) end)),
    ?assertEqual(100, next()).

kept_by_return() ->
    Result = beamtalk_frame:run(fun(Token) ->
        transaction(fun() -> put_next(1), beamtalk_frame:return(Token, x) end)
    end),
    ?assertEqual({x, 1}, {Result, next()}).

nested_rollback() ->
    transaction(fun() ->
        put_next(1),
        ?assertError(oops, transaction(fun() -> put_next(2), error(oops) end)),
        ?assertEqual(1, next())
    end),
    ?assertEqual(1, next()).

invisible_before_the_end() ->
    transaction(fun() ->
        put_next(1),
        {_, Monitor} = spawn_monitor(fun() -> exit({next, next()}) end),
        receive {'DOWN', Monitor, _, _, Reason} -> ?assertEqual({next, 100}, Reason) end
    end).

dead_holder() ->
    Me = self(),
    Pid = spawn(fun() -> transaction(fun() -> put_next(1), Me ! locked, timer:sleep(infinity) end) end),
    receive locked -> ok end,
    Waiter = spawn_monitor(fun() -> exit({next, transaction(fun next/0)}) end),
    timer:sleep(50),
    exit(Pid, kill),
    {_, Monitor} = Waiter,
    receive {'DOWN', Monitor, _, _, Reason} -> ?assertEqual({next, 100}, Reason) end.

perform_locally() ->
    Run = fun(Selector) -> beamtalk_dispatch:send(?SPAN, 'performLocally:withArguments:', [Selector, []]) end,
    ?assertEqual(100, Run(issue)),
    ?assertEqual(100, next()),
    ?assertEqual(does_not_understand, kind(fun() -> Run(name) end)).

%% Two classes whose transactions wait for each other.
lock_deadlock_test_() ->
    beamtalk_test_library:with([fun lock_deadlock/0]).

lock_deadlock() ->
    Crossing = fun(A, B) ->
        spawn_monitor(fun() ->
            exit({result, try
                beamtalk_class:with_class_lock(A, fun() ->
                    timer:sleep(50),
                    beamtalk_class:with_class_lock(B, fun() -> done end)
                end)
            catch error:#{kind := Kind} -> Kind
            end})
        end)
    end,
    Processes = [Crossing(?SPAN, ?NAMED), Crossing(?NAMED, ?SPAN)],
    Results = [receive {'DOWN', M, _, _, {result, R}} -> R after 2000 -> hangs end || {_, M} <- Processes],
    ?assertEqual([deadlock_detected, done], lists:sort(Results)),
    ?assertEqual([], ets:tab2list(beamtalk_waits)).
