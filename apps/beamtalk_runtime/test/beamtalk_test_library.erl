%% @doc Stubs of the library classes that the runtime relies on, and the classes that several suites
%% use. The stubs replace the real library, if there is one, for the duration of a suite.
-module(beamtalk_test_library).

-export([setup/0, cleanup/1, with/1, message/1, kind/1]).

%% @doc A fixture with the application running and the stubs loaded.
with(Tests) ->
    {setup, fun setup/0, fun cleanup/1, Tests}.

setup() ->
    {ok, Started} = application:ensure_all_started(beamtalk_runtime),
    lists:foreach(fun add/1, specs()),
    Started.

cleanup(Started) ->
    lists:foreach(fun application:stop/1, lists:reverse(Started)),
    lists:foreach(fun(#{module := Module}) -> beamtalk_test_class:unload(Module) end, specs()).

add(#{module := Module} = Spec) ->
    beamtalk_test_class:load(Spec),
    beamtalk_class:register(Module).

%% @doc Message of the exception that the function raises.
message(Fun) -> maps:get(message, raised(Fun)).

%% @doc Kind of the exception that the function raises.
kind(Fun) -> maps:get(kind, raised(Fun)).

raised(Fun) ->
    try Fun() of
        Value -> error({no_exception, Value})
    catch
        Class:Reason:Stack -> beamtalk_error:from_erlang(Class, Reason, Stack)
    end.

specs() ->
    library() ++ [span(), named_span(), counter(), loud_counter()].

library() ->
    Actor = beamtalk_test_class:primitives(beamtalk_actor, [
        spawn, 'spawnWith:', 'spawnAs:', 'spawnWith:as:', 'named:', allRegistered, new, 'new:', isSupervisor,
        supervisionPolicy, process, find
    ]),
    Exception = beamtalk_test_class:primitives(beamtalk_exception, []),
    [
        lib(proto_object, 'ProtoObject', nil, all(beamtalk_proto_object)),
        lib(object, 'Object', proto_object, all(beamtalk_object)),
        (lib(value, 'Value', object, all(beamtalk_value)))#{kind => value},
        lib(number, 'Number', value, []),
        lib(integer, 'Integer', number, [
            {'+', "Other", "Self + Other"}, {isEven, "", "Self rem 2 =:= 0"}
        ]),
        lib(float, 'Float', number, []),
        lib(collection, 'Collection', value, []),
        lib(list, 'List', collection, [{size, "", "length(Self)"}]),
        lib(dictionary, 'Dictionary', collection, []),
        lib(tuple, 'Tuple', collection, []),
        lib(binary, 'Binary', collection, [{byteSize, "", "byte_size(Self)"}]),
        lib(string, 'String', binary, [{size, "", "string:length(Self)"}]),
        lib(symbol, 'Symbol', object, []),
        lib(boolean, 'Boolean', value, []),
        lib(true, 'True', boolean, []),
        lib(false, 'False', boolean, []),
        lib(undefined_object, 'UndefinedObject', object, []),
        lib(block, 'Block', object, [{value, "", "Self()"}, {'value:', "A", "Self(A)"}]),
        lib(pid, 'Pid', object, []),
        lib(port, 'Port', object, []),
        lib(reference, 'Reference', object, []),
        lib(behaviour, 'Behaviour', object, all(beamtalk_behaviour)),
        lib(class, 'Class', behaviour, all(beamtalk_class)),
        lib(metaclass, 'Metaclass', class, all(beamtalk_metaclass)),
        (lib(exception, 'Exception', object, Exception))#{class_methods => [
            {signal, "", "beamtalk_exception:signal(Self)"},
            {'signal:', "T", "beamtalk_exception:'signal:'(Self, T)"}
        ]},
        lib(error, 'Error', exception, []),
        lib(runtime_error, 'RuntimeError', error, []),
        lib(type_error, 'TypeError', error, []),
        lib(instantiation_error, 'InstantiationError', error, []),
        lib(beam_error, 'BEAMError', error, []),
        lib(exit_error, 'ExitError', beam_error, []),
        lib(throw_error, 'ThrowError', beam_error, []),
        (lib(actor, 'Actor', object, Actor))#{kind => actor, class_methods => [
            {spawn, "", "beamtalk_actor:spawn(Self)"},
            {'spawnWith:', "D", "beamtalk_actor:'spawnWith:'(Self, D)"},
            {'spawnAs:', "N", "beamtalk_actor:'spawnAs:'(Self, N)"},
            {'spawnWith:as:', "D, N", "beamtalk_actor:'spawnWith:as:'(Self, D, N)"},
            {'named:', "N", "beamtalk_actor:'named:'(Self, N)"},
            {allRegistered, "", "beamtalk_actor:allRegistered(Self)"},
            {new, "", "beamtalk_actor:new(Self)"},
            {'new:', "D", "beamtalk_actor:'new:'(Self, D)"}
        ]},
        (lib(server, 'Server', actor, [
            {'handleInfo:', "M", "_ = M, nil"}
        ]))#{kind => actor, flags => [abstract]}
    ].

all(Backing) ->
    beamtalk_test_class:primitives(Backing, []).

lib(Name, Class, Super, Methods) ->
    #{module => module(Name), name => Class, superclass => module(Super), methods => Methods}.

module(nil) -> nil;
module(Name) -> list_to_atom("bt@stdlib@" ++ atom_to_list(Name)).

%% Value subclass: Span, with fields from and to.
span() ->
    #{
        module => 'bt@rt_test@span',
        name => 'Span',
        superclass => 'bt@stdlib@value',
        kind => value,
        fields => [{from, "0"}, {to, "10"}],
        methods => [
            {from, "", "beamtalk_object:get_field(Self, from)"},
            {to, "", "beamtalk_object:get_field(Self, to)"},
            {'withFrom:', "X", "Self#{from => X}"},
            {length, "", "beamtalk_object:get_field(Self, to) - beamtalk_object:get_field(Self, from)"},
            {zap, "", "beamtalk_object:get_field(Self, zap)"}
        ],
        class_methods => [
            {'from:to:', "F, T",
                "#{'$beamtalk_class' => element(2, Self), from => F, to => T}"},
            {unit, "", "beamtalk_dispatch:send(Self, 'from:to:', [0, 1])"},
            {'issue', "",
                "beamtalk_class:with_class_lock(Self, fun() ->"
                " N = beamtalk_class:get_var(Self, next),"
                " erlang:yield(), beamtalk_class:put_var(Self, next, N + 1), N end)"},
            {next, "", "beamtalk_class:get_var(Self, next)"},
            {'next:', "V", "beamtalk_class:put_var(Self, next, V)"}
        ],
        class_vars => [{next, "100"}]
    }.

named_span() ->
    #{
        module => 'bt@rt_test@named_span',
        name => 'NamedSpan',
        superclass => 'bt@rt_test@span',
        kind => value,
        fields => [{name, "<<>>"}],
        all_fields => [from, to, name],
        methods => [{length, "", "1000 + 'bt@rt_test@span':'$send'(length, [], Self)"}]
    }.

counter() ->
    #{
        module => 'bt@rt_test@counter',
        name => 'Counter',
        superclass => 'bt@stdlib@actor',
        kind => actor,
        fields => [{count, "0"}, {log, "[]"}, {probe, "fun(_) -> nil end"}],
        methods => [
            {initialize, "", "beamtalk_actor:put_field(Self, log, [counter | beamtalk_actor:get_field(Self, log)])"},
            {'terminate:', "R", "beamtalk_dispatch:send(beamtalk_actor:get_field(Self, probe), 'value:', [{counter, R}])"},
            {increment, "", "beamtalk_actor:put_field(Self, count, beamtalk_actor:get_field(Self, count) + 1)"},
            {count, "", "beamtalk_actor:get_field(Self, count)"},
            {log, "", "beamtalk_actor:get_field(Self, log)"},
            {'evaluate:', "Block", "Block(Self)"},
            {'failAfterIncrement', "",
                "beamtalk_actor:put_field(Self, count, beamtalk_actor:get_field(Self, count) + 1), 1 + nil"},
            {'sleep:', "Ms", "timer:sleep(Ms), beamtalk_actor:put_field(Self, count, beamtalk_actor:get_field(Self, count) + 1)"},
            {'ask:', "Other", "beamtalk_dispatch:send(Other, count, [])"},
            {'ask:via:', "A, Others", "case Others of [] -> beamtalk_dispatch:send(A, count, []);"
                " [O | Rest] -> beamtalk_dispatch:send(O, 'ask:via:', [A, Rest]) end"},
            {'quit', "", "beamtalk_dispatch:send(Self, stop, []), beamtalk_actor:put_field(Self, count, 0), bye"}
        ]
    }.

loud_counter() ->
    #{
        module => 'bt@rt_test@loud_counter',
        name => 'LoudCounter',
        superclass => 'bt@rt_test@counter',
        kind => actor,
        fields => [{volume, "11"}, {owner, "nil"}],
        all_fields => [count, log, probe, volume, owner],
        slots => [{owner, <<"String">>, false, false}],
        methods => [
            {initialize, "", "beamtalk_actor:put_field(Self, log, [loud | beamtalk_actor:get_field(Self, log)])"},
            {'terminate:', "R",
                "beamtalk_dispatch:send(beamtalk_actor:get_field(Self, probe), 'value:', [{loud, R}])"},
            {volume, "", "beamtalk_actor:get_field(Self, volume)"}
        ]
    }.
