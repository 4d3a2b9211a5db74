-module(beamtalk_error_tests).

-include_lib("eunit/include/eunit.hrl").

%% Reason, kind, class module, part of the message.
erlang_error_test_() ->
    Block = fun(_) -> ok end,
    Cases = [
        {badarith, type_error, type_error, <<"bad arithmetic operation">>},
        {badarg, argument_error, runtime_error, <<"invalid argument">>},
        {{badkey, a}, key_error, runtime_error, <<"key not found: #a">>},
        {{badmap, 3}, type_error, type_error, <<"expected a Dictionary, got 3">>},
        {{badfun, 3}, type_error, type_error, <<"expected a Block, got 3">>},
        {function_clause, internal_error, runtime_error, <<"function_clause">>},
        {{case_clause, 3}, internal_error, runtime_error, <<"case_clause">>},
        {if_clause, internal_error, runtime_error, <<"if_clause">>},
        {{badmatch, 3}, internal_error, runtime_error, <<"badmatch">>},
        {{try_clause, 3}, internal_error, runtime_error, <<"try_clause">>},
        {{badarity, {Block, []}}, arity_mismatch, runtime_error,
            <<"Wrong number of arguments: block expects 1 but was called with 0">>},
        {undef, does_not_understand, runtime_error, <<"does not understand">>},
        {noproc, process_not_found, runtime_error, <<"process not found">>},
        {{noproc, {gen_server, call, [a]}}, process_not_found, runtime_error, <<"process not found">>},
        {timeout, timeout_error, runtime_error, <<"time limit">>},
        {{timeout, {gen_server, call, [a]}}, timeout_error, runtime_error, <<"time limit">>},
        {system_limit, resource_error, runtime_error, <<"system limit">>},
        {{whatever, 1}, runtime_error, runtime_error, <<"{whatever,1}">>}
    ],
    [{Text, fun() -> check(error, Reason, Kind, Class, Text) end} || {Reason, Kind, Class, Text} <- Cases].

exit_and_throw_test_() ->
    Cases = [
        {exit, normal, erlang_exit, exit_error, <<"normal">>},
        {exit, <<"boom">>, erlang_exit, exit_error, <<"boom">>},
        {throw, {a, 1}, erlang_throw, throw_error, <<"{a,1}">>},
        {throw, {'$bt_return', token, 1}, runtime_error, runtime_error, <<"cannot return">>}
    ],
    [{Text, fun() -> check(C, Reason, Kind, Class, Text) end} || {C, Reason, Kind, Class, Text} <- Cases].

check(ErlangClass, Reason, Kind, Class, Text) ->
    Stack = [{m, f, 1, []}],
    Exception = beamtalk_error:from_erlang(ErlangClass, Reason, Stack),
    Module = list_to_atom("bt@stdlib@" ++ atom_to_list(Class)),
    ?assertMatch(
        #{'$beamtalk_class' := Module, kind := Kind, stack := Stack, selector := _, errorClass := _},
        Exception
    ),
    #{message := Message, hint := Hint, details := Details} = Exception,
    ?assertNotEqual(nomatch, string:find(Message, Text)),
    ?assert(is_binary(Hint)),
    ?assertEqual(Reason, maps:get(reason, Details)),
    Kind =:= internal_error orelse ?assertEqual(nomatch, re:run(Message, "badarg|badarith")).

structured_exceptions_pass_through_test() ->
    Exception = beamtalk_error:new(key_error, <<"m">>),
    Stack = [{m, f, 1, []}],
    Raised = beamtalk_error:from_erlang(error, Exception, Stack),
    ?assertEqual(Exception#{stack := Stack}, Raised),
    ?assertEqual(Raised, beamtalk_error:from_erlang(error, Raised, [])).

undefined_erlang_function_test() ->
    Exception = raised(fun() -> apply(lists, no_such_function, [1]) end),
    ?assertMatch(
        #{
            kind := does_not_understand,
            errorClass := 'ErlangModule',
            selector := no_such_function,
            message := <<"ErlangModule does not understand 'no_such_function'">>,
            hint := <<"lists:no_such_function/1 does not exist or is not exported">>
        },
        Exception
    ).

missing_class_module_test() ->
    Exception = raised(fun() -> apply('bt@stdlib@no_such', '$send', [a, [], b]) end),
    ?assertMatch(#{kind := class_not_found, message := <<"Class 'NoSuch' not found">>}, Exception).

raised(Fun) ->
    try
        Fun()
    catch
        Class:Reason:Stack -> beamtalk_error:from_erlang(Class, Reason, Stack)
    end.

every_kind_has_a_hint_test_() ->
    [?_assert(is_binary(beamtalk_error_kind:hint(Kind))) || Kind <- beamtalk_error_kind:kinds()].

class_of_kind_test_() ->
    Cases = [
        {type_error, 'bt@stdlib@type_error'},
        {does_not_understand, 'bt@stdlib@runtime_error'},
        {timeout, 'bt@stdlib@error'},
        {some_new_kind, 'bt@stdlib@error'}
    ],
    [?_assertEqual(Class, beamtalk_error_kind:class(Kind)) || {Kind, Class} <- Cases].

message_shape_test_() ->
    Cases = [
        {<<"'at:': index out of bounds for List">>, beamtalk_error:index_out_of_bounds('at:', [])},
        {<<"'first': List is empty">>, beamtalk_error:empty_collection(first, [])},
        {<<"'detect:': not found in List">>, beamtalk_error:not_found('detect:', [])},
        {<<"key not found: \"a\"\"b\"">>, beamtalk_error:key_error(<<"a\"b">>)},
        {<<"Cannot call 'fieldAt:put:' on Integer (immutable value)">>,
            beamtalk_error:immutable_value('fieldAt:put:', 3)},
        {<<"Class 'Nope' not found">>, beamtalk_error:class_not_found('Nope')},
        {<<"Type error in '++' on Integer">>, beamtalk_error:type_error('++', 3)},
        {<<"cannot assign 'x' of Integer in another process">>,
            beamtalk_error:foreign_state(assign, x, 3)},
        {<<"cannot return: the method has already ended">>, beamtalk_error:cannot_return()}
    ],
    beamtalk_test_library:with([
        ?_assertEqual(Message, maps:get(message, Exception))
     || {Message, Exception} <- Cases
    ]).

format_test() ->
    Stack = [
        {lists, map, 2, [{file, "lists.erl"}, {line, 12}]},
        {'bt@x', 'm a', 1, [{file, "src/x.bt"}, {line, 7}]},
        {'bt@stdlib@list', 'm do:', 2, [{file, "lib/List.bt"}, {line, 3}]},
        {'bt@y', '-c b/1-l1/2-0-', 1, [{file, "src/y.bt"}, {line, 8}]},
        {'bt@y', 'c b', 1, [{file, "src/y.bt"}, {line, 8}]},
        {'bt@z@script', eval, 1, [{file, "shell"}, {line, 9}]}
    ],
    Exception = (beamtalk_error:key_error(a))#{stack := Stack, hint := <<"advice">>},
    Expected =
        <<"RuntimeError (key_error): key not found: #a\n"
            "  at X>>a (src/x.bt:7)\n  at Y class>>b (src/y.bt:8)\n  at shell:9\n  Hint: advice">>,
    ?assertEqual(Expected, beamtalk_error:format(Exception)),
    ?assertEqual(Expected, beamtalk_error:format_error(Exception)).

format_of_a_raw_reason_test() ->
    ?assertMatch(<<"TypeError (type_error): bad arithmetic", _/binary>>, beamtalk_error:format_error(badarith)).

%% Reasons may be huge; a message is for reading.
long_reasons_are_cut_test() ->
    #{message := Message} = beamtalk_error:from_erlang(exit, lists:seq(1, 100000), []),
    ?assert(byte_size(Message) < 500),
    #{message := Badmatch} = beamtalk_error:from_erlang(error, {badmatch, lists:seq(1, 100000)}, []),
    ?assert(byte_size(Badmatch) < 1200).

stack_frames_test() ->
    ?assertEqual(<<"X">>, beamtalk_name:display('bt@rt@x')),
    Stack = [
        {'bt@rt@x@3', 'm at:put:', [a, b, c], [{file, "x.bt"}, {line, 7}]},
        {beamtalk_dispatch, send, 3, []},
        {lists, map, 2, []}
    ],
    [First, Second] = beamtalk_stack:frames(Stack),
    ?assertMatch(
        #{
            '$beamtalk_class' := 'bt@stdlib@stack_frame', method := 'at:put:', receiverClass := <<"X">>,
            arguments := 2, sourceLocation := <<"x.bt:7">>, line := 7, file := <<"x.bt">>
        },
        First
    ),
    ?assertMatch(
        #{method := map, receiverClass := nil, arguments := 2, sourceLocation := nil, line := nil}, Second
    ).
