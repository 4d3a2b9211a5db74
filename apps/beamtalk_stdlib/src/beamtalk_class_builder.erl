%% @doc Primitives of class ClassBuilder. They run in the builder's process, so its fields are at hand.
-module(beamtalk_class_builder).

-export([register/1]).

-define(MODIFIERS, [abstract, sealed, typed, internal]).

%% @doc `register': makes the class and ends the builder.
-spec register(beamtalk_actor:ref()) -> beamtalk_class:class_object().
register(_Self) ->
    Class = beamtalk_built:define(spec(beamtalk_actor_state:all())),
    ok = beamtalk_actor_server:stop_after_message(),
    Class.

spec(#{className := Name, superclassObject := Super} = Slots) ->
    #{
        name => name(Name),
        superclass => superclass(Super),
        fields => dictionary(fields, Slots),
        methods => dictionary(methods, Slots),
        class_methods => dictionary(classMethods, Slots),
        class_vars => dictionary(classVars, Slots),
        flags => flags(Slots),
        doc => maps:get(classDoc, Slots),
        native => native(maps:get(nativeModule, Slots)),
        attributes => attributes(Slots)
    }.

name(nil) -> missing(<<"'name:' says how the class is called">>);
name(Name) when is_atom(Name) -> Name;
name(_) -> beamtalk_error:raise(type_error, <<"the name of a class is a Symbol">>).

superclass(nil) -> missing(<<"'superclass:' says what the class inherits from">>);
superclass({'$bt_class', _} = Class) -> Class;
superclass(Name) when is_atom(Name), not is_boolean(Name) -> beamtalk_class:late(Name);
superclass(_) -> beamtalk_error:raise(type_error, <<"the superclass is a class or the name of one">>).

-spec missing(binary()) -> no_return().
missing(What) ->
    beamtalk_error:raise(missing_parameter, [<<"a class needs more to be made: ">>, What]).

native(Module) when is_atom(Module) -> Module;
native(_) -> beamtalk_error:raise(type_error, <<"'native:' takes the name of an Erlang module as a Symbol">>).

dictionary(Key, Slots) ->
    case Slots of
        #{Key := #{'$beamtalk_class' := _}} -> no_dictionary(Key);
        #{Key := Dictionary} when is_map(Dictionary) -> Dictionary;
        #{} -> no_dictionary(Key)
    end.

-spec no_dictionary(atom()) -> no_return().
no_dictionary(Key) ->
    beamtalk_error:raise(type_error, [<<"'">>, atom_to_binary(Key), <<":' takes a Dictionary">>]).

flags(#{modifiers := Modifiers, constructible := Constructible}) ->
    case Modifiers -- ?MODIFIERS of
        [] -> Modifiers ++ [unconstructible || not Constructible];
        [Other | _] -> beamtalk_error:raise(argument_error, [<<"no modifier of a class: ">>, beamtalk_print:safe(Other)])
    end.

%% What is told of methods, by side and selector.
attributes(Slots) ->
    Told = [
        {instance, methodSource, source},
        {instance, methodDocs, doc},
        {instance, methodSignatures, signature},
        {instance, methodReturnTypes, returnType},
        {class, classMethodSource, source},
        {class, classMethodDocs, doc},
        {class, classMethodSignatures, signature},
        {class, classMethodReturnTypes, returnType}
    ],
    lists:foldl(
        fun({Side, Key, Attribute}, All) -> told(Side, Attribute, dictionary(Key, Slots), All) end, #{}, Told
    ).

told(Side, Attribute, Dictionary, All) ->
    maps:fold(
        fun(Selector, Value, Acc) ->
            Before = maps:get({Side, Selector}, Acc, #{}),
            Acc#{{Side, Selector} => Before#{Attribute => Value}}
        end,
        All,
        Dictionary
    ).
