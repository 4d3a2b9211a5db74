-module(beamtalk_runtime_tests).

-include_lib("eunit/include/eunit.hrl").

info_test_() ->
    beamtalk_test_library:with([
        fun() ->
            Info = beamtalk_runtime:info(),
            ?assertMatch(#{extensions := 0, locks := 0, slow_requests := 0}, Info),
            ?assert(maps:get(classes, Info) > 30),
            ?assert(is_binary(maps:get(version, Info)))
        end
    ]).

info_without_the_application_test() ->
    _ = application:stop(beamtalk_runtime),
    ?assertMatch(#{classes := 0}, beamtalk_runtime:info()).

send_from_erlang_test_() ->
    beamtalk_test_library:with([
        ?_assertEqual(5, beamtalk_runtime:send(2, '+', [3])),
        ?_assertEqual(nil, beamtalk_runtime:cast(2, '+', [3]))
    ]).

%% The runtime names no application above it.
dependencies_test() ->
    {ok, Applications} = application:get_key(beamtalk_runtime, applications),
    ?assertEqual([kernel, stdlib], lists:sort(Applications)).

names_test_() ->
    [
        ?_assertEqual(Arity, beamtalk_name:arity(Selector))
     || {Selector, Arity} <- [{size, 0}, {'at:', 1}, {'at:put:', 2}, {'+', 1}, {'==', 1}, {'>>', 1}, {'_x', 0}]
    ].
