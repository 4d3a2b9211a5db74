-module(beamtalk_dispatch_tests).

-include_lib("eunit/include/eunit.hrl").
-include("beamtalk_property.hrl").

-import(proper_types, [list/1, range/2, oneof/1, binary/0]).

-export(['x length'/1, 'x of:'/2]).


-define(SPAN(From, To), #{'$beamtalk_class' => 'bt@rt_test@span', from => From, to => To}).
-define(NAMED, #{'$beamtalk_class' => 'bt@rt_test@named_span', from => 1, to => 3, name => <<"n">>}).
-define(SPAN_CLASS, {'$bt_class', 'bt@rt_test@span'}).
-define(NAMED_CLASS, {'$bt_class', 'bt@rt_test@named_span'}).

class_module_test_() ->
    Port = hd(erlang:ports()),
    Cases = [
        {integer, 3}, {integer, 1 bsl 100}, {float, 1.5},
        {string, <<>>}, {string, <<"abc">>}, {string, <<"naïve"/utf8>>}, {binary, <<255>>},
        {binary, <<"0123456", 255>>}, {binary, <<3:3>>},
        {true, true}, {false, false}, {undefined_object, nil}, {symbol, foo}, {symbol, undefined},
        {list, []}, {list, [1]}, {list, [1 | 2]}, {block, fun() -> 1 end}, {dictionary, #{}},
        {tuple, {}}, {tuple, {1, 2}}, {tuple, {ok, 1, 2, 3}}, {pid, self()}, {port, Port},
        {reference, make_ref()}, {class, ?SPAN_CLASS}, {metaclass, {'$bt_meta', x}}
    ],
    [
        ?_assertEqual(
            list_to_atom("bt@stdlib@" ++ atom_to_list(Name)), beamtalk_dispatch:class_module(Term)
        )
     || {Name, Term} <- Cases
    ] ++
        [
            ?_assertEqual('bt@rt_test@span', beamtalk_dispatch:class_module(?SPAN(1, 2))),
            ?_assertEqual(m, beamtalk_dispatch:class_module({beamtalk_object, 'C', m, self()})),
            ?_assertEqual(m, beamtalk_dispatch:class_module({beamtalk_supervisor, 'C', m, self()}))
        ].

utf8_is_what_unicode_says_test() ->
    ?assertProperty(prop_utf8(), 1000).

prop_utf8() ->
    ?FORALL(
        Binary,
        oneof([binary(), ?BIND(S, list(unicode_char()), unicode:characters_to_binary(S)), mixed()]),
        beamtalk_dispatch:is_utf8(Binary) =:= is_binary(unicode:characters_to_binary(Binary))
    ).

mixed() ->
    ?BIND(
        {A, B, C},
        {list(range(32, 126)), list(range(128, 255)), list(range(32, 126))},
        list_to_binary(A ++ B ++ C)
    ).

unicode_char() ->
    oneof([range(0, 16#D7FF), range(16#E000, 16#10FFFF)]).

send_test_() ->
    Cases = [
        {"own method", 3, {?SPAN(2, 5), length, []}},
        {"own setter", ?SPAN(4, 5), {?SPAN(2, 5), 'withFrom:', [4]}},
        {"inherited method", 3, {?NAMED, to, []}},
        {"override that sends to super", 1002, {?NAMED, length, []}},
        {"integer", 5, {2, '+', [3]}},
        {"string", 3, {<<"abc">>, size, []}},
        {"string inherits from binary", 3, {<<"abc">>, byteSize, []}},
        {"binary", 1, {<<255>>, byteSize, []}},
        {"block", 7, {fun() -> 7 end, value, []}},
        {"class method", ?SPAN(1, 2), {?SPAN_CLASS, 'from:to:', [1, 2]}},
        {"self is the receiving class", (?SPAN(0, 1))#{'$beamtalk_class' := 'bt@rt_test@named_span'},
            {?NAMED_CLASS, unit, []}},
        {"class side goes on to Class", 'Span', {?SPAN_CLASS, name, []}},
        {"metaclass", 'Span class', {{'$bt_meta', 'bt@rt_test@span'}, name, []}}
    ],
    beamtalk_test_library:with([
        {Title, ?_assertEqual(Expected, beamtalk_dispatch:send(Self, Selector, Args))}
     || {Title, Expected, {Self, Selector, Args}} <- Cases
    ]).

not_understood_test_() ->
    Cases = [
        {<<"Span does not understand 'zork'">>, {?SPAN(1, 2), zork, []}},
        {<<"Integer does not understand 'zork:'">>, {3, 'zork:', [1]}},
        {<<"String does not understand 'zork'">>, {<<"a">>, zork, []}},
        {<<"Binary does not understand 'size'">>, {<<255>>, size, []}},
        {<<"Span class does not understand 'zork'">>, {?SPAN_CLASS, zork, []}},
        {<<"Span does not understand 'length'">>, {?SPAN(1, 2), length, [surplus]}}
    ],
    beamtalk_test_library:with(
        [
            {Message, fun() -> check_dnu(Message, Self, Selector, Args) end}
         || {Message, {Self, Selector, Args}} <- Cases
        ] ++
            [
                {"spelling hint", fun() ->
                    ?assertEqual(<<"did you mean 'length'?">>, hint(?SPAN(1, 2), lenght))
                end},
                {"general hint", fun() ->
                    ?assertEqual(
                        beamtalk_error_kind:hint(does_not_understand), hint(?SPAN(1, 2), qqqqqqqq)
                    )
                end}
            ]
    ).

check_dnu(Message, Self, Selector, Args) ->
    try beamtalk_dispatch:send(Self, Selector, Args) of
        Value -> error({unexpected, Value})
    catch
        error:#{kind := does_not_understand, message := Actual, selector := S, '$beamtalk_class' := C} ->
            ?assertEqual({Message, Selector, 'bt@stdlib@runtime_error'}, {Actual, S, C})
    end.

hint(Self, Selector) ->
    try
        beamtalk_dispatch:send(Self, Selector, [])
    catch
        error:#{hint := Hint} -> Hint
    end.

override_of_does_not_understand_test_() ->
    Spec = #{
        module => 'bt@rt_test@proxy',
        name => 'Proxy',
        methods => [{'doesNotUnderstand:args:', "S, A", "{S, A}"}],
        class_methods => [{'doesNotUnderstand:args:', "S, A", "{class, S, A}"}]
    },
    Self = #{'$beamtalk_class' => 'bt@rt_test@proxy'},
    beamtalk_test_library:with(
        {setup, fun() -> beamtalk_test_class:load(Spec) end,
            fun(_) -> beamtalk_test_class:unload('bt@rt_test@proxy') end, [
                ?_assertEqual({'a:b:', [1, 2]}, beamtalk_dispatch:send(Self, 'a:b:', [1, 2])),
                ?_assertEqual(
                    {class, foo, []},
                    beamtalk_dispatch:send({'$bt_class', 'bt@rt_test@proxy'}, foo, [])
                )
            ]}
    ).

extension_test_() ->
    beamtalk_test_library:with([
        {"beats inherited methods, not own ones", fun extension_precedence/0},
        {"is inherited", fun extension_inherited/0},
        {"on the class side", fun extension_on_class_side/0},
        {"with a wrong number of arguments is passed over", fun extension_arity/0},
        {"disappears with its module", fun extension_module/0}
    ]).

extension_precedence() ->
    beamtalk_extension:register('bt@rt_test@span', instance, length, {?MODULE, 'x length'}),
    beamtalk_extension:register('bt@rt_test@span', instance, isNil, {?MODULE, 'x length'}),
    ?assertEqual(1, beamtalk_dispatch:send(?SPAN(2, 3), length, [])),
    ?assertEqual(extended, beamtalk_dispatch:send(?SPAN(2, 3), isNil, [])),
    ?assertEqual(false, beamtalk_dispatch:send(3, isNil, [])),
    beamtalk_extension:unregister('bt@rt_test@span', instance, isNil),
    beamtalk_extension:unregister('bt@rt_test@span', instance, length),
    ?assertEqual(false, beamtalk_dispatch:send(?SPAN(2, 3), isNil, [])).

extension_inherited() ->
    beamtalk_extension:register('bt@stdlib@object', instance, shout, {?MODULE, 'x length'}),
    ?assertEqual(extended, beamtalk_dispatch:send(3, shout, [])),
    ?assertEqual(extended, beamtalk_dispatch:send(?SPAN_CLASS, shout, [])),
    beamtalk_extension:unregister('bt@stdlib@object', instance, shout).

extension_on_class_side() ->
    beamtalk_extension:register('bt@rt_test@span', class, 'of:', {?MODULE, 'x of:'}),
    ?assertEqual({?NAMED_CLASS, 3}, beamtalk_dispatch:send(?NAMED_CLASS, 'of:', [3])),
    ?assertEqual(true, beamtalk_dispatch:send(?NAMED_CLASS, 'respondsTo:', ['of:'])),
    beamtalk_extension:unregister('bt@rt_test@span', class, 'of:').

extension_arity() ->
    beamtalk_extension:register('bt@rt_test@span', class, 'of:', {?MODULE, 'x of:'}),
    ?assertEqual(
        does_not_understand,
        beamtalk_test_library:kind(fun() -> beamtalk_dispatch:send(?SPAN_CLASS, 'of:', []) end)
    ),
    beamtalk_extension:unregister('bt@rt_test@span', class, 'of:').

extension_module() ->
    beamtalk_extension:replace(?MODULE, [{'bt@stdlib@object', instance, S, {?MODULE, 'x length'}} || S <- [a, b]]),
    ?assert(beamtalk_extension:any(a)),
    ?assertEqual(2, beamtalk_extension:count()),
    beamtalk_extension:replace(?MODULE, []),
    ?assertNot(beamtalk_extension:any(a)),
    ?assertEqual(0, beamtalk_extension:count()).

'x length'(_Self) -> extended.

'x of:'(Self, Arg) -> {Self, Arg}.

%% A class whose module is missing is an error that says so.
missing_module_test_() ->
    Messages = [
        {<<"Class 'Nowhere' not found">>, #{'$beamtalk_class' => 'bt@stdlib@nowhere'}},
        {<<"Class 'Nowhere' not found">>, {'$bt_class', 'bt@stdlib@nowhere'}}
    ],
    [
        ?_assertEqual(
            Message, beamtalk_test_library:message(fun() -> beamtalk_dispatch:send(Self, foo, []) end)
        )
     || {Message, Self} <- Messages
    ].

cast_to_a_value_answers_nil_test_() ->
    beamtalk_test_library:with([?_assertEqual(nil, beamtalk_dispatch:cast(?SPAN(1, 2), length, []))]).
