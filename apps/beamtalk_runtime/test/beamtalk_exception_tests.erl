-module(beamtalk_exception_tests).

-include_lib("eunit/include/eunit.hrl").


class(Name) -> {'$bt_class', list_to_atom("bt@stdlib@" ++ atom_to_list(Name))}.

on_do(Block, Class) ->
    beamtalk_exception:on_do(Block, Class, fun(E) -> {caught, beamtalk_exception:kind(E)} end).

%% What is raised, class of the handler, kind caught or `passes'.
match_test_() ->
    Badarith = fun() -> error(badarith) end,
    Key = fun() -> beamtalk_error:raise(beamtalk_error:key_error(a)) end,
    Exit = fun() -> exit(gone) end,
    Throw = fun() -> throw(ball) end,
    Plain = fun() -> beamtalk_exception:signal(class(exception)) end,
    Cases = [
        {Badarith, class(type_error), type_error},
        {Badarith, class(error), type_error},
        {Badarith, class(exception), type_error},
        {Badarith, class(object), type_error},
        {Badarith, class(runtime_error), passes},
        {Key, class(runtime_error), key_error},
        {Key, class(type_error), passes},
        {Exit, class(exit_error), erlang_exit},
        {Exit, class(beam_error), erlang_exit},
        {Exit, class(throw_error), passes},
        {Throw, class(throw_error), erlang_throw},
        {Plain, class(exception), signal},
        {Plain, class(error), passes},
        {Key, nil, key_error},
        {Key, key_error, passes},
        {Key, 42, key_error},
        {Key, {'$bt_class', 'bt@no_such_class'}, key_error},
        {Key, class(integer), passes}
    ],
    beamtalk_test_library:with([
        {lists:flatten(io_lib:format("~p ~p", [Class, Expected])), fun() -> check(Block, Class, Expected) end}
     || {Block, Class, Expected} <- Cases
    ]).

check(Block, Class, passes) ->
    ?assertError({not_caught, _}, try on_do(Block, Class) catch _:R -> error({not_caught, R}) end);
check(Block, Class, Kind) ->
    ?assertEqual({caught, Kind}, on_do(Block, Class)).

handling_test_() ->
    Fails = fun() -> error(badarith) end,
    beamtalk_test_library:with([
        {"value without exception", ?_assertEqual(3, on_do(fun() -> 3 end, nil))},
        {"handler without parameter",
            ?_assertEqual(7, beamtalk_exception:on_do(Fails, nil, fun() -> 7 end))},
        {"handler with two parameters", fun() ->
            ?assertEqual(
                arity_mismatch,
                beamtalk_test_library:kind(fun() ->
                    beamtalk_exception:on_do(Fails, nil, fun(_, _) -> 7 end)
                end)
            )
        end},
        {"exception in the handler propagates", fun() ->
            ?assertError(other, beamtalk_exception:on_do(Fails, nil, fun() -> error(other) end))
        end},
        {"what passes keeps its raw form", fun() ->
            ?assertError(badarith, on_do(Fails, class(throw_error)))
        end},
        {"non-local return passes through", fun() ->
            Result = beamtalk_frame:run(fun(Token) ->
                on_do(fun() -> beamtalk_frame:return(Token, 42) end, nil)
            end),
            ?assertEqual(42, Result)
        end},
        {"raised again", fun() ->
            Again = fun() -> beamtalk_exception:on_do(Fails, nil, fun beamtalk_exception:signal/1) end,
            ?assertEqual({caught, type_error}, on_do(Again, class(type_error)))
        end},
        {"raised again with another text", fun() ->
            Again = fun() ->
                beamtalk_exception:on_do(Fails, nil, fun(E) -> beamtalk_exception:'signal:'(E, <<"x">>) end)
            end,
            Caught = beamtalk_exception:on_do(Again, nil, fun(E) -> E end),
            ?assertMatch(#{message := <<"x">>, kind := type_error}, Caught)
        end}
    ]).

ensure_test_() ->
    Log = fun(X) -> put(?MODULE, X) end,
    beamtalk_test_library:with([
        {"value of the block", fun() ->
            ?assertEqual(1, beamtalk_exception:ensure(fun() -> 1 end, fun() -> Log(a) end)),
            ?assertEqual(a, get(?MODULE))
        end},
        {"after an exception", fun() ->
            ?assertError(x, beamtalk_exception:ensure(fun() -> error(x) end, fun() -> Log(b) end)),
            ?assertEqual(b, get(?MODULE))
        end},
        {"after a non-local return", fun() ->
            Result = beamtalk_frame:run(fun(Token) ->
                beamtalk_exception:ensure(
                    fun() -> beamtalk_frame:return(Token, 2) end, fun() -> Log(c) end
                )
            end),
            ?assertEqual({2, c}, {Result, get(?MODULE)})
        end},
        {"exception in the cleanup replaces", fun() ->
            ?assertError(y, beamtalk_exception:ensure(fun() -> error(x) end, fun() -> error(y) end))
        end}
    ]).

%% Class, kind, message of what a signal raises.
signal_test_() ->
    Signal = fun beamtalk_exception:signal/1,
    Text = fun(Class) -> beamtalk_exception:'signal:'(Class, <<"text">>) end,
    Cases = [
        {Signal, error, signal, <<"Error">>},
        {Text, error, signal, <<"text">>},
        {Text, type_error, type_error, <<"text">>},
        {Text, instantiation_error, instantiation_error, <<"text">>},
        {Text, runtime_error, signal, <<"text">>}
    ],
    beamtalk_test_library:with([
        fun() ->
            {_, Module} = class(Name),
            E = beamtalk_exception:on_do(fun() -> Raise(class(Name)) end, nil, fun(E) -> E end),
            ?assertMatch(#{'$beamtalk_class' := Module, kind := Kind, message := Message}, E)
        end
     || {Raise, Name, Kind, Message} <- Cases
    ]).

signal_kind_test_() ->
    Cases = [
        {key_error, exception, runtime_error, <<"key error in 'at:' of Bag">>},
        {index_out_of_bounds, error, runtime_error, <<"'at:': index out of bounds for Bag">>},
        {type_error, exception, type_error, <<"Type error in 'at:' on Bag">>},
        {odd, exception, error, <<"odd in 'at:' of Bag">>},
        {odd, beam_error, beam_error, <<"odd in 'at:' of Bag">>}
    ],
    beamtalk_test_library:with([
        fun() ->
            {_, Module} = class(Expected),
            Raise = fun() ->
                beamtalk_exception:'signalKind:class:selector:hint:'(
                    class(Receiver), Kind, 'Bag', 'at:', <<"h">>
                )
            end,
            E = beamtalk_exception:on_do(Raise, nil, fun(E) -> E end),
            ?assertMatch(
                #{'$beamtalk_class' := Module, kind := Kind, message := Message, hint := <<"h">>,
                    selector := 'at:', errorClass := 'Bag'},
                E
            )
        end
     || {Kind, Receiver, Expected, Message} <- Cases
    ]).

access_test_() ->
    E = beamtalk_error:new(key_error, <<"m">>, #{hint => <<"h">>}),
    Bare = #{'$beamtalk_class' => 'bt@stdlib@error'},
    beamtalk_test_library:with([
        ?_assertEqual(<<"m">>, beamtalk_dispatch:send(E, message, [])),
        ?_assertEqual(<<"h">>, beamtalk_dispatch:send(E, hint, [])),
        ?_assertEqual(key_error, beamtalk_dispatch:send(E, kind, [])),
        ?_assertEqual(nil, beamtalk_dispatch:send(E, selector, [])),
        ?_assertEqual(undefined, beamtalk_dispatch:send(E, errorClass, [])),
        ?_assertEqual(<<"m\nHint: h">>, beamtalk_dispatch:send(E, printString, [])),
        ?_assertEqual([], beamtalk_dispatch:send(E, stackTrace, [])),
        ?_assertEqual(<<"Error">>, beamtalk_exception:message(Bare)),
        ?_assertEqual(signal, beamtalk_exception:kind(Bare)),
        ?_assertEqual(<<"Error">>, beamtalk_exception:printString(Bare)),
        ?_assertEqual(signal, beamtalk_test_library:kind(fun() -> beamtalk_exception:signal(Bare) end)),
        fun() ->
            Frames = beamtalk_exception:on_do(
                fun() -> lists:map(fun(X) -> X + 1 end, [a]) end, nil, fun beamtalk_exception:stackTrace/1
            ),
            ?assertMatch([#{method := _} | _], Frames)
        end
    ]).
