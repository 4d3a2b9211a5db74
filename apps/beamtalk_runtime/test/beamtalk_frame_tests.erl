-module(beamtalk_frame_tests).

-include_lib("eunit/include/eunit.hrl").

value_of_the_body_test() ->
    ?assertEqual(3, beamtalk_frame:run(fun(_) -> 3 end)).

return_through_other_functions_test() ->
    Find = fun(Token) ->
        lists:foreach(fun(X) -> X > 2 andalso beamtalk_frame:return(Token, X) end, [1, 2, 3, 4]),
        none
    end,
    ?assertEqual(3, beamtalk_frame:run(Find)).

outer_frame_test() ->
    Outer = fun(Token) ->
        _ = beamtalk_frame:run(fun(_) -> beamtalk_frame:return(Token, outer) end),
        inner
    end,
    ?assertEqual(outer, beamtalk_frame:run(Outer)).

%% However a frame ended, a later return finds it gone, and nothing is left behind.
ended_frame_test_() ->
    Ends = [
        {"normally", fun(_) -> ok end},
        {"by a return", fun(Token) -> beamtalk_frame:return(Token, x) end},
        {"by an exception", fun(_) -> error(x) end},
        {"by a throw", fun(_) -> throw(x) end}
    ],
    [{Title, fun() -> check_ended(End) end} || {Title, End} <- Ends].

check_ended(End) ->
    Before = get(),
    Me = self(),
    _ = (catch beamtalk_frame:run(fun(Token) -> Me ! {token, Token}, End(Token) end)),
    Token = receive {token, T} -> T end,
    ?assertError(#{kind := runtime_error}, beamtalk_frame:return(Token, 1)),
    ?assertEqual(lists:sort(Before), lists:sort(get())).

another_process_test() ->
    Outcome = beamtalk_frame:run(fun(Token) ->
        {_, Monitor} = spawn_monitor(fun() ->
            exit(try beamtalk_frame:return(Token, 1) catch error:#{message := M} -> M end)
        end),
        receive {'DOWN', Monitor, _, _, Reason} -> Reason end
    end),
    ?assertEqual(<<"cannot return: the method has already ended">>, Outcome).
