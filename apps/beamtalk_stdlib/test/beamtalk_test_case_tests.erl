%% @doc The primitives of TestCase, TestResult and TestRunner that need no compiled class.
-module(beamtalk_test_case_tests).

-include("beamtalk_stdlib_check.hrl").

-define(SELF, #{'$beamtalk_class' => 'bt@sum_test'}).
-define(RUNNER, {'$bt_class', 'bt@stdlib@test_runner'}).

endings_test_() ->
    check([
        {beamtalk_test_case, 'fail:', [?SELF, <<"why">>], {kind, assertion_failed, <<"why">>}},
        {beamtalk_test_case, 'fail:', [?SELF, 3], {kind, assertion_failed, <<"3">>}},
        {beamtalk_test_case, 'skip:', [?SELF, <<"why">>], {kind, test_skipped, <<"why">>}}
    ]).

%% The kind alone does not skip: programs may use it, too.
skips_test_() ->
    [
        ?_assertEqual(Expected, beamtalk_test_case:'isSkip:'(?SELF, raised(Raise)))
     || {Raise, Expected} <- [
            {fun() -> beamtalk_test_case:'skip:'(?SELF, <<>>) end, true},
            {fun() -> beamtalk_test_case:'fail:'(?SELF, <<>>) end, false},
            {fun() -> beamtalk_error:raise(test_skipped, <<>>) end, false}
        ]
    ].

%% A handler for errors must not see a skip.
a_skip_is_no_error_test() ->
    Skip = raised(fun() -> beamtalk_test_case:'skip:'(?SELF, <<>>) end),
    ?assertMatch(#{'$beamtalk_class' := 'bt@stdlib@exception'}, Skip).

kinds_test_() ->
    [
        {atom_to_list(Kind), ?_assertEqual(Expected, beamtalk_test_case:'is:ofKind:'(?SELF, raised(Raise), Kind))}
     || {Raise, Kind, Expected} <- [
            {fun() -> beamtalk_error:raise(key_error, <<>>) end, key_error, true},
            {fun() -> beamtalk_error:raise(key_error, <<>>) end, type_error, false},
            {fun() -> error(badarith) end, type_error, true},
            {fun() -> error(badarith) end, badarith, true},
            {fun() -> error(badarith) end, badarg, false},
            {fun() -> error({badmatch, 3}) end, badmatch, true},
            {fun() -> error({}) end, badmatch, false},
            {fun() -> error(<<"badmatch">>) end, badmatch, false},
            {fun() -> exit(normal) end, erlang_exit, true},
            {fun() -> throw(ball) end, ball, true}
        ]
    ].

raised(Fun) ->
    try Fun() of
        Value -> error({no_exception, Value})
    catch
        Class:Reason:Stack -> beamtalk_error:from_erlang(Class, Reason, Stack)
    end.

results_test_() ->
    Error = beamtalk_error:new(assertion_failed, <<"Expected 4, got 3">>),
    Result = beamtalk_test_result:new(
        [
            {'bt@sum_test', testA, passed},
            {'bt@sum_test', testB, {failed, Error}},
            {'bt@sum_test', testC, {skipped, <<"why">>}},
            {'bt@sum_test', testD, passed}
        ],
        0.25
    ),
    check([
        {beamtalk_test_result, passed, [Result], 2},
        {beamtalk_test_result, failed, [Result], 1},
        {beamtalk_test_result, skipped, [Result], 1},
        {beamtalk_test_result, duration, [Result], 0.25},
        {beamtalk_test_result, failed_tests, [Result], [{'bt@sum_test', testB, Error}]},
        {beamtalk_test_result, failures, [Result], [#{name => testB, error => <<"Expected 4, got 3">>}]},
        {beamtalk_test_result, descriptions, [Result], [
            <<"SumTest>>testB: Error (assertion_failed): Expected 4, got 3">>
        ]}
    ]).

wrong_arguments_test_() ->
    check([
        {beamtalk_test_runner, 'run:', [?RUNNER, 3], {kind, type_error}},
        {beamtalk_test_runner, 'run:', [?RUNNER, {'$bt_class', 'bt@stdlib@integer'}], {kind, type_error}},
        {beamtalk_test_runner, 'run:', [?RUNNER, {'$bt_meta', 'bt@stdlib@test_case'}], {kind, type_error}},
        {beamtalk_test_runner, 'run:method:', [?RUNNER, nil, testA], {kind, type_error}},
        {beamtalk_test_runner, 'runAll:', [?RUNNER, -1], {kind, type_error}},
        {beamtalk_test_runner, 'runAll:', [?RUNNER, 1.0], {kind, type_error}}
    ]).
