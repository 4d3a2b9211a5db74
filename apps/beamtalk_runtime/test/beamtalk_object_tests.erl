-module(beamtalk_object_tests).

-include_lib("eunit/include/eunit.hrl").

-define(SPAN(From, To), #{'$beamtalk_class' => 'bt@rt_test@span', from => From, to => To}).
-define(NAMED(Name), #{
    '$beamtalk_class' => 'bt@rt_test@named_span', from => 0, to => 1, name => Name
}).

print_test_() ->
    Actor = {beamtalk_object, 'Counter', 'bt@rt_test@counter', list_to_pid("<0.12.0>")},
    Cases = [
        {<<"3">>, 3}, {<<"1.5">>, 1.5}, {<<"3.0">>, 3.0}, {<<"1.0e22">>, 1.0e22}, {<<"1.0e-7">>, 1.0e-7},
        {<<"true">>, true}, {<<"nil">>, nil}, {<<"#foo">>, foo}, {<<"#a b">>, 'a b'},
        {<<"\"a\"\"b\"">>, <<"a\"b">>}, {<<"\"\"">>, <<>>}, {<<"<<01 FF>>">>, <<1, 255>>},
        {<<"#()">>, []}, {<<"#(1, #a)">>, [1, a]}, {<<"#(1 | 2)">>, [1 | 2]},
        {<<"{1, nil}">>, {1, nil}}, {<<"{}">>, {}},
        {<<"#{#a => 1, #b => \"x\"}">>, #{a => 1, b => <<"x">>}}, {<<"#{}">>, #{}},
        {<<"Block">>, fun() -> 1 end},
        {<<"#Pid<0.12.0>">>, list_to_pid("<0.12.0>")},
        {<<"Span">>, {'$bt_class', 'bt@rt_test@span'}},
        {<<"Span class">>, {'$bt_meta', 'bt@rt_test@span'}},
        {<<"Span(from: 0, to: nil)">>, ?SPAN(0, nil)},
        {<<"Span(from: #(Span(from: 1, to: 2)), to: \"a\")">>, ?SPAN([?SPAN(1, 2)], <<"a">>)},
        {<<"NamedSpan(from: 0, name: \"n\", to: 1)">>, ?NAMED(<<"n">>)},
        {<<"Actor(Counter, 0.12.0)">>, Actor},
        {<<"Actor(Counter, boss)">>, setelement(4, Actor, {name, boss})},
        {<<"Supervisor(S, 0.12.0)">>, {beamtalk_supervisor, 'S', m, list_to_pid("<0.12.0>")}}
    ],
    beamtalk_test_library:with([
        [
            {Text, ?_assertEqual(Text, beamtalk_print:print(Term))},
            {Text, ?_assertEqual(Text, beamtalk_print:safe(Term))}
        ]
     || {Text, Term} <- Cases
    ]).

%% Five levels are printed, the sixth is not.
print_depth_test_() ->
    Nested = lists:foldl(fun(_, Inner) -> ?SPAN(Inner, 0) end, 1, lists:seq(1, 7)),
    Expected = <<
        "Span(from: Span(from: Span(from: Span(from: Span(from: ..., to: 0), to: 0), to: 0), to: 0), to: 0)"
    >>,
    beamtalk_test_library:with([
        ?_assertEqual(Expected, beamtalk_dispatch:send(Nested, printString, [])),
        ?_assertEqual(Expected, beamtalk_print:safe(Nested)),
        {"the depth is forgotten afterwards", fun() ->
            _ = beamtalk_print:print(Nested),
            ?assertEqual(undefined, get('$bt_print_depth'))
        end}
    ]).

nested_override_test_() ->
    Spec = #{
        module => 'bt@rt_test@money', name => 'Money', superclass => 'bt@stdlib@value', kind => value,
        methods => [{printString, "", "<<\"5 EUR\">>"}]
    },
    Money = #{'$beamtalk_class' => 'bt@rt_test@money'},
    beamtalk_test_library:with(
        {setup, fun() -> beamtalk_test_class:load(Spec) end,
            fun(_) -> beamtalk_test_class:unload('bt@rt_test@money') end, [
                ?_assertEqual(<<"Span(from: 5 EUR, to: #(5 EUR))">>, beamtalk_print:print(?SPAN(Money, [Money]))),
                ?_assertEqual(<<"5 EUR">>, beamtalk_print:display(Money))
            ]}
    ).

display_test_() ->
    Cases = [{<<"a">>, <<"a">>}, {<<"foo">>, foo}, {<<"3">>, 3}, {<<"<<FF>>">>, <<255>>}, {<<"nil">>, nil}],
    [?_assertEqual(Text, beamtalk_print:display(Term)) || {Text, Term} <- Cases].

safe_is_bounded_test() ->
    Big = maps:from_list([{N, lists:duplicate(1000, N)} || N <- lists:seq(1, 1000)]),
    ?assert(byte_size(beamtalk_print:safe(Big)) =< 1003).

protocol_test_() ->
    Span = ?SPAN(0, 1),
    Block = fun(X) -> {got, X} end,
    Nullary = fun() -> nothing end,
    Cases = [
        {false, Span, isNil, []}, {true, nil, isNil, []}, {true, Span, notNil, []},
        {Span, Span, 'ifNil:', [Nullary]}, {nothing, nil, 'ifNil:', [Nullary]},
        {{got, Span}, Span, 'ifNotNil:', [Block]}, {nothing, Span, 'ifNotNil:', [Nullary]},
        {nil, nil, 'ifNotNil:', [Block]},
        {nothing, nil, 'ifNil:ifNotNil:', [Nullary, Block]},
        {{got, 3}, 3, 'ifNotNil:ifNil:', [Block, Nullary]},
        {Span, Span, yourself, []},
        {true, Span, 'equals:', [?SPAN(0, 1)]}, {false, Span, 'equals:', [?SPAN(0, 1.0)]},
        {true, Span, '==', [?SPAN(0, 1.0)]},
        {true, Span, 'respondsTo:', [length]}, {true, Span, 'respondsTo:', [isNil]},
        {false, Span, 'respondsTo:', [zork]},
        {[from, to], Span, fieldNames, []}, {[from, to, extra], Span#{extra => 1}, fieldNames, []},
        {[], 3, fieldNames, []},
        {0, Span, 'fieldAt:', [from]}, {nil, Span, 'fieldAt:', [zap]},
        {1, Span, 'perform:', [length]},
        {3, 1, 'perform:withArguments:', ['+', [2]]},
        {3, 1, 'perform:withArguments:timeout:', ['+', [2], 1]},
        {true, Span, 'isKindOf:', [{'$bt_class', 'bt@stdlib@value'}]},
        {false, Span, 'isKindOf:', [{'$bt_class', 'bt@stdlib@integer'}]},
        {<<"Error">>, #{'$beamtalk_class' => 'bt@stdlib@error'}, printString, []}
    ],
    Failing = [
        {key_error, Span, zap, []},
        {immutable_value, 3, 'fieldAt:', [a]},
        {immutable_value, 3, 'fieldAt:put:', [a, 1]},
        {immutable_value, Span, 'fieldAt:put:', [from, 1]},
        {type_error, Span, 'perform:', [<<"length">>]},
        {type_error, Span, 'perform:withArguments:', [length, 3]},
        {user_error, Span, 'error:', [<<"no">>]},
        {user_error, Span, subclassResponsibility, []},
        {user_error, Span, notImplemented, []},
        {runtime_error, Span, delegate, []}
    ],
    beamtalk_test_library:with(
        [
            {atom_to_list(S), ?_assertEqual(Expected, beamtalk_dispatch:send(Self, S, Args))}
         || {Expected, Self, S, Args} <- Cases
        ] ++
            [
                {atom_to_list(S),
                    ?_assertEqual(
                        Kind, beamtalk_test_library:kind(fun() -> beamtalk_dispatch:send(Self, S, Args) end)
                    )}
             || {Kind, Self, S, Args} <- Failing
            ]
    ).

error_has_the_receivers_class_test_() ->
    beamtalk_test_library:with([
        ?_assertError(
            #{
                '$beamtalk_class' := 'bt@stdlib@error', kind := user_error, errorClass := 'Span',
                message := <<"no">>
            },
            beamtalk_dispatch:send(?SPAN(0, 1), 'error:', [<<"no">>])
        )
    ]).

%% A field that the class got after the instance was made.
added_field_test_() ->
    Old = maps:remove(to, ?SPAN(0, 1)),
    beamtalk_test_library:with([?_assertEqual(10, beamtalk_object:get_field(Old, to))]).

hash_is_consistent_test_() ->
    beamtalk_test_library:with([
        ?_assertEqual(
            beamtalk_dispatch:send(?SPAN(0, 1), hash, []), beamtalk_dispatch:send(?SPAN(0, 1), hash, [])
        )
    ]).
