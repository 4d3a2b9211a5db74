%% @doc Calls of Erlang functions: arguments, results, errors.
-module(beamtalk_erlang_module_tests).

-export([needs_chars/1, needs_pid/1, returns/1, fails/2]).

-include("beamtalk_stdlib_check.hrl").

calls_test_() ->
    M = beamtalk_erlang_module,
    Call = fun(Module, Function, Args, Expected) -> {M, call, [Module, Function, Args], Expected} end,
    check([
        Call(lists, reverse, [[1, 2]], [2, 1]),
        Call(lists, seq, [1, 3], [1, 2, 3]),
        Call(lists, reverse, ["ab"], <<"ba">>),
        Call(lists, reverse, [[]], []),
        Call(?MODULE, returns, [{ok, 1}], beamtalk_result:ok(1)),
        Call(?MODULE, returns, [ok], beamtalk_result:ok(nil)),
        Call(?MODULE, returns, [error], beamtalk_result:error(nil)),
        Call(?MODULE, returns, [undefined], undefined),
        Call(?MODULE, returns, ["abc"], "abc"),
        Call(?MODULE, needs_chars, [<<"ü"/utf8>>], {"ü", chars}),
        Call(?MODULE, needs_pid, [{beamtalk_object, 'C', c, self()}, <<"s">>], {kind, does_not_understand}),
        Call(?MODULE, needs_pid, [{beamtalk_object, 'C', c, self()}], {self(), pid}),
        Call(lists, no_such_function, [1], {
            kind, does_not_understand, <<"ErlangModule does not understand 'no_such_function'">>
        }),
        Call(no_such_module, f, [], {kind, does_not_understand}),
        Call(lists, reverse, [3], {kind, arity_mismatch}),
        Call(erlang, atom_to_list, [3], {kind, type_error}),
        Call(erlang, '+', [a, 1], {kind, type_error, <<"bad arithmetic operation">>}),
        Call(erlang, hd, [[]], {kind, type_error}),
        Call(maps, get, [a, #{}], {kind, key_error}),
        Call(?MODULE, fails, [exit, bye], {kind, erlang_exit}),
        Call(?MODULE, fails, [throw, ball], {kind, erlang_throw}),
        Call(?MODULE, fails, [error, strange], {kind, runtime_error})
    ]).

exits_and_throws_propagate_test_() ->
    [
        ?_assertExit(bye, beamtalk_erlang_module:call(?MODULE, fails, [exit, bye])),
        ?_assertThrow(ball, beamtalk_erlang_module:call(?MODULE, fails, [throw, ball]))
    ].

reasons_become_exceptions_test() ->
    #{isOk := false, errReason := Reason} = beamtalk_erlang_module:call(file, read_file, [<<"/no/such">>]),
    ?assertMatch(#{kind := runtime_error, message := <<"enoent">>}, Reason).

messages_test_() ->
    P = beamtalk_erlang_module:new(lists),
    Send = fun(Selector, Args) -> beamtalk_erlang_module:'doesNotUnderstand:args:'(P, Selector, Args) end,
    [
        ?_assertEqual([1, 2], Send('seq:to:', [1, 2])),
        ?_assertEqual([2, 1], Send('reverse:', [[1, 2]])),
        ?_assertEqual([1, 2], beamtalk_erlang_module:'call:args:'(P, seq, [1, 2])),
        ?_assertError(#{kind := type_error}, beamtalk_erlang_module:'call:args:'(P, <<"seq">>, [])),
        ?_assert(lists:member(reverse, beamtalk_erlang_module:methods(P))),
        ?_assertEqual([], beamtalk_erlang_module:methods(beamtalk_erlang_module:new(no_such_module))),
        ?_assert(beamtalk_erlang_module:'respondsTo:'(P, 'seq:to:')),
        ?_assertNot(beamtalk_erlang_module:'respondsTo:'(P, 'seq:to:by:x:')),
        ?_assertEqual(<<"Erlang lists">>, beamtalk_erlang_module:printString(P)),
        ?_assertEqual(P, beamtalk_erlang:'doesNotUnderstand:args:'(gateway, lists, [])),
        ?_assertError(
            #{kind := does_not_understand}, beamtalk_erlang:'doesNotUnderstand:args:'(nil, 'lists:', [1])
        ),
        ?_assert(beamtalk_erlang:'respondsTo:'(gateway, lists)),
        ?_assertNot(beamtalk_erlang:'respondsTo:'(gateway, no_such_module))
    ].

result_test_() ->
    check([
        {beamtalk_result, 'fromTuple:', [class, {ok, 1}], beamtalk_result:ok(1)},
        {beamtalk_result, 'fromTuple:', [class, {ok, 1, 2}], {kind, type_error}},
        {beamtalk_result, 'fromTuple:', [class, ok], {kind, type_error}}
    ]).

%% Functions to call.

needs_chars([_ | _] = Chars) -> {Chars, chars};
needs_chars(_) -> erlang:error(badarg).

needs_pid(Pid) when is_pid(Pid) -> {Pid, pid};
needs_pid(_) -> erlang:error(badarg).

returns(Term) -> Term.

fails(Class, Reason) -> erlang:raise(Class, Reason, []).
