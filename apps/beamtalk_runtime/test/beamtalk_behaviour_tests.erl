-module(beamtalk_behaviour_tests).

-include_lib("eunit/include/eunit.hrl").

class(Name) -> beamtalk_class:late(Name).

meta(Name) -> beamtalk_class:class(class(Name)).

send(Name, Selector, Args) when is_atom(Name) -> beamtalk_dispatch:send(class(Name), Selector, Args);
send(Receiver, Selector, Args) -> beamtalk_dispatch:send(Receiver, Selector, Args).

reflection_test_() ->
    beamtalk_test_library:with(fun(_) -> [check(Case) || Case <- cases()] end).

check({Expected, Receiver, Selector, Args}) ->
    {atom_to_list(Selector), ?_assertEqual(Expected, send(Receiver, Selector, Args))}.

cases() ->
    Span = #{'$beamtalk_class' => 'bt@rt_test@span', from => 0, to => 1},
    [
        {'Span', 'Span', name, []},
        {<<"Span">>, 'Span', printString, []},
        {<<"Span">>, 'Span', displayString, []},
        {'Span class', meta('Span'), name, []},
        {<<"Span class">>, meta('Span'), printString, []},
        {class('Span'), Span, class, []},
        {meta('Span'), 'Span', class, []},
        {meta('Span'), meta('Span'), class, []},
        {class('Span'), meta('Span'), thisClass, []},
        {class('Value'), 'Span', superclass, []},
        {nil, 'ProtoObject', superclass, []},
        {meta('Value'), meta('Span'), superclass, []},
        {class('Class'), meta('ProtoObject'), superclass, []},
        {[class('Span'), class('Value'), class('Object'), class('ProtoObject')], 'NamedSpan', allSuperclasses, []},
        {[class('NamedSpan'), class('Span'), class('Value'), class('Object')], 'NamedSpan', superclassChain, []},
        {[class('ProtoObject')], 'ProtoObject', superclassChain, []},
        {[class('NamedSpan')], 'Span', subclasses, []},
        {[meta('NamedSpan')], meta('Span'), subclasses, []},
        {[class('Counter'), class('Server'), class('LoudCounter')], 'Actor', allSubclasses, []},
        {true, 'NamedSpan', 'inheritsFrom:', [class('Span')]},
        {false, 'Span', 'inheritsFrom:', [class('Span')]},
        {true, 'Span', 'includesBehaviour:', [class('Span')]},
        {true, meta('NamedSpan'), 'inheritsFrom:', [meta('Span')]},
        {true, meta('NamedSpan'), 'inheritsFrom:', [class('Class')]},
        {[from, length, to, 'withFrom:', zap], 'Span', methods, []},
        {true, meta('Span'), 'includesSelector:', [unit]},
        {false, 'Span', 'includesSelector:', [unit]},
        {true, 'NamedSpan', 'canUnderstand:', [to]},
        {false, 'NamedSpan', 'canUnderstand:', [zork]},
        {true, meta('NamedSpan'), 'canUnderstand:', [unit]},
        {class('Span'), 'NamedSpan', 'whichClassIncludesSelector:', [from]},
        {nil, 'NamedSpan', 'whichClassIncludesSelector:', [zork]},
        {[name], 'NamedSpan', fieldNames, []},
        {[from, to, name], 'NamedSpan', allFieldNames, []},
        {[next], 'Span', classVarNames, []},
        {[], 'NamedSpan', classVarNames, []},
        {[next], 'NamedSpan', allClassVarNames, []},
        {['from:to:', issue, next, 'next:', unit], meta('Span'), localClassMethods, []},
        {true, meta('Span'), 'classIncludesSelector:', [unit]},
        {true, meta('Span'), isMetaclass, []},
        {false, 'Span', isMetaclass, []},
        {[], meta('Span'), fieldNames, []},
        {true, 'Span', isBehaviour, []},
        {true, 'Span', isClass, []},
        {false, meta('Span'), isClass, []},
        {false, 'Span', isMeta, []},
        {true, meta('Span'), isMeta, []},
        {nil, 'Span', doc, []},
        {nil, 'Integer', sourceFile, []},
        {nil, 'Span', '>>', [zork]},
        {<<"rt_test">>, meta('Span'), packageName, []},
        {true, 'Span', 'respondsTo:', [unit]},
        {true, 'Span', 'respondsTo:', [superclass]},
        {false, 'Span', 'respondsTo:', [length]},
        {true, 'Integer', 'isKindOf:', [meta('Number')]},
        {false, 'Integer', 'isKindOf:', [class('Number')]},
        {true, 'Integer', 'isKindOf:', [class('Class')]},
        {true, 'Integer', 'isKindOf:', [class('Object')]},
        {true, meta('Integer'), 'isKindOf:', [class('Metaclass')]}
    ].

%% A selector that the list of a reflection message contains.
lists_test_() ->
    Cases = [
        {unit, true, classMethods},
        {unit, true, allMethods},
        {superclass, true, allMethods},
        {superclass, false, classMethods}
    ],
    beamtalk_test_library:with([
        ?_assertEqual(Expected, lists:member(Selector, send(meta('NamedSpan'), Message, [])))
     || {Selector, Expected, Message} <- Cases
    ]).

metaclass_new_test_() ->
    beamtalk_test_library:with([
        ?_assertError(
            #{kind := instantiation_error}, beamtalk_metaclass:new({'$bt_class', 'bt@stdlib@metaclass'})
        )
    ]).

compiled_method_test_() ->
    beamtalk_test_library:with([
        fun() ->
            Method = send('Span', '>>', ['withFrom:']),
            ?assertMatch(
                #{'$beamtalk_class' := 'bt@stdlib@compiled_method', selector := 'withFrom:', argumentCount := 1},
                Method
            )
        end
    ]).

documentation_test_() ->
    beamtalk_test_library:with([
        fun() ->
            ?assertEqual(class('Span'), send('Span', 'doc:', [<<"text">>])),
            ?assertEqual(<<"text">>, send('Span', doc, [])),
            send('Span', 'setDocForMethod:to:', [length, <<"m">>]),
            ?assertEqual(<<"m">>, send('Span', 'docForMethod:', [length])),
            ?assertEqual(nil, send(meta('Span'), 'docForMethod:', [length])),
            ?assertError(#{kind := type_error}, send('Span', 'doc:', [3]))
        end
    ]).

removal_test_() ->
    beamtalk_test_library:with([
        {"refused", fun() ->
            ?assertError(#{kind := runtime_error}, send('Integer', removeFromSystem, [])),
            ?assertError(#{kind := runtime_error}, send('Span', removeFromSystem, []))
        end},
        {"done", fun() ->
            ?assertEqual(nil, send('NamedSpan', removeFromSystem, [])),
            ?assertEqual(error, beamtalk_class:lookup('NamedSpan')),
            ?assertEqual(false, code:is_loaded('bt@rt_test@named_span'))
        end}
    ]).
