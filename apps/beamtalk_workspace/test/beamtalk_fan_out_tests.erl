-module(beamtalk_fan_out_tests).

-include_lib("eunit/include/eunit.hrl").

same_as_map_test_() ->
    [
        ?_assertEqual(lists:map(fun square/1, Numbers), beamtalk_fan_out:map(fun square/1, Numbers))
     || Count <- [0, 1, 2, 3, 100], Numbers <- [lists:seq(1, Count)]
    ].

square(N) -> N * N.

results_keep_their_order_test() ->
    Slow = fun(N) -> timer:sleep(20 - N), N end,
    ?assertEqual(lists:seq(1, 10), beamtalk_fan_out:map(Slow, lists:seq(1, 10))).

an_exception_is_raised_test_() ->
    [
        ?_assertError(oops, beamtalk_fan_out:map(fun(2) -> error(oops); (N) -> N end, [1, 2, 3])),
        ?_assertThrow(oops, beamtalk_fan_out:map(fun(_) -> throw(oops) end, [1])),
        ?_assertExit(killed, beamtalk_fan_out:map(fun(_) -> exit(self(), kill) end, [1]))
    ].

nothing_is_left_behind_test() ->
    Processes = length(processes()),
    Messages = process_info(self(), message_queue_len),
    ?assertError(oops, beamtalk_fan_out:map(fun(_) -> error(oops) end, lists:seq(1, 10))),
    ?assertEqual(Processes, length(processes())),
    ?assertEqual(Messages, process_info(self(), message_queue_len)).
