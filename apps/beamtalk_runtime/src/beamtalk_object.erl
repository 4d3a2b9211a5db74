%% @doc Primitives of class Object, named by selector, and the fields of objects that are no actors.
-module(beamtalk_object).

-compile({no_auto_import, [error/2]}).

%% Fields
-export([get_field/2, put_field/3]).
%% Primitives
-export([
    class/1, isNil/1, notNil/1, 'ifNil:'/2, 'ifNotNil:'/2, 'ifNil:ifNotNil:'/3, 'ifNotNil:ifNil:'/3,
    printString/1, displayString/1, yourself/1, hash/1, 'equals:'/2, 'respondsTo:'/2,
    fieldNames/1, 'fieldAt:'/2, 'fieldAt:put:'/3, 'perform:'/2, 'perform:withArguments:'/3,
    subclassResponsibility/1, notImplemented/1, 'isKindOf:'/2, 'error:'/2, delegate/1
]).

%% ---------------------------------------------------------------------------------------------------
%% Fields
%% ---------------------------------------------------------------------------------------------------

%% @doc `self.x', resolved by what the receiver turns out to be. A field that the class got after the
%% instance was made has its default.
-spec get_field(term(), atom()) -> term().
get_field(#{'$beamtalk_class' := Module} = Self, Name) ->
    case Self of
        #{Name := Value} -> Value;
        _ -> added(Module, Name)
    end;
get_field({beamtalk_object, _, _, _} = Self, Name) ->
    beamtalk_actor:get_field(Self, Name);
get_field({'$bt_class', _} = Self, Name) ->
    beamtalk_class:get_var(Self, Name);
get_field(_, Name) ->
    no_field(Name).

added(Module, Name) ->
    case beamtalk_hierarchy:kind(Module) =:= value andalso Module:'$defaults'() of
        #{Name := Default} -> Default;
        _ -> no_field(Name)
    end.

-spec no_field(atom()) -> no_return().
no_field(Name) ->
    beamtalk_error:raise((beamtalk_error:key_error(Name))#{
        hint => <<"declare the field in the class, or check its spelling">>
    }).

%% @doc `self.x := value' where the kind of the receiver is known only now; answers the value.
-spec put_field(term(), atom(), Value) -> Value.
put_field({beamtalk_object, _, _, _} = Self, Name, Value) ->
    beamtalk_actor:put_field(Self, Name, Value);
put_field({'$bt_class', _} = Self, Name, Value) ->
    beamtalk_class:put_var(Self, Name, Value);
put_field(Self, _, _) ->
    beamtalk_error:raise(beamtalk_error:immutable_value('fieldAt:put:', Self)).

%% ---------------------------------------------------------------------------------------------------
%% Primitives
%% ---------------------------------------------------------------------------------------------------

%% @doc `class'.
-spec class(term()) -> beamtalk_behaviour:behaviour().
class(Self) ->
    beamtalk_class:class_of(Self).

%% @doc `isNil'.
-spec isNil(term()) -> boolean().
isNil(Self) ->
    Self =:= nil.

%% @doc `notNil'.
-spec notNil(term()) -> boolean().
notNil(Self) ->
    Self =/= nil.

%% @doc `ifNil:'.
-spec 'ifNil:'(term(), term()) -> term().
'ifNil:'(nil, Block) -> value(Block);
'ifNil:'(Self, _) -> Self.

%% @doc `ifNotNil:'; the block takes the receiver or nothing.
-spec 'ifNotNil:'(term(), term()) -> term().
'ifNotNil:'(nil, _) -> nil;
'ifNotNil:'(Self, Block) -> value(Block, Self).

%% @doc `ifNil:ifNotNil:'.
-spec 'ifNil:ifNotNil:'(term(), term(), term()) -> term().
'ifNil:ifNotNil:'(nil, NilBlock, _) -> value(NilBlock);
'ifNil:ifNotNil:'(Self, _, NotNilBlock) -> value(NotNilBlock, Self).

%% @doc `ifNotNil:ifNil:'.
-spec 'ifNotNil:ifNil:'(term(), term(), term()) -> term().
'ifNotNil:ifNil:'(Self, NotNilBlock, NilBlock) ->
    'ifNil:ifNotNil:'(Self, NilBlock, NotNilBlock).

value(Block) when is_function(Block, 0) -> Block();
value(Other) -> beamtalk_dispatch:send(Other, value, []).

value(Block, Arg) when is_function(Block, 1) -> Block(Arg);
value(Block, _) when is_function(Block, 0) -> Block();
value(Other, Arg) -> beamtalk_dispatch:send(Other, 'value:', [Arg]).

%% @doc `printString': the structural form for values, the class name for other instances.
-spec printString(term()) -> binary().
printString(#{'$beamtalk_class' := Module} = Self) ->
    case beamtalk_hierarchy:kind(Module) of
        object -> beamtalk_hierarchy:name(Module);
        _ -> beamtalk_print:structure(Self)
    end;
printString(Self) ->
    beamtalk_print:print(Self).

%% @doc `displayString': the `printString', unless the class says otherwise.
-spec displayString(term()) -> binary().
displayString(Self) ->
    beamtalk_dispatch:send(Self, printString, []).

%% @doc `yourself'.
-spec yourself(Self) -> Self.
yourself(Self) ->
    Self.

%% @doc `hash', consistent with `=:='.
-spec hash(term()) -> non_neg_integer().
hash(Self) ->
    erlang:phash2(Self).

%% @doc `equals:': `=:=', unless the class says otherwise.
-spec 'equals:'(term(), term()) -> boolean().
'equals:'(Self, Other) ->
    Self =:= Other.

%% @doc `respondsTo:'.
-spec 'respondsTo:'(term(), atom()) -> boolean().
'respondsTo:'({'$bt_class', Module}, Selector) ->
    beamtalk_hierarchy:understands(class, Module, Selector);
'respondsTo:'(Self, Selector) ->
    beamtalk_hierarchy:understands(instance, beamtalk_dispatch:class_module(Self), Selector).

%% @doc `fieldNames': declared fields in slot order, then others that the instance has.
-spec fieldNames(term()) -> [atom()].
fieldNames(#{'$beamtalk_class' := Module} = Self) ->
    field_names(Module, maps:remove('$beamtalk_class', Self));
fieldNames({beamtalk_object, _, Module, Pid}) when Pid =:= self() ->
    field_names(Module, beamtalk_actor_state:all());
fieldNames(_) ->
    [].

field_names(Module, Fields) ->
    case beamtalk_hierarchy:info(Module) of
        #{kind := object} -> [];
        #{all_fields := Declared} -> Declared ++ lists:sort(maps:keys(maps:without(Declared, Fields)));
        _ -> lists:sort(maps:keys(Fields))
    end.

%% @doc `fieldAt:': nil when an instance has no such field.
-spec 'fieldAt:'(term(), atom()) -> term().
'fieldAt:'(#{'$beamtalk_class' := _} = Self, Name) ->
    maps:get(Name, Self, nil);
'fieldAt:'({beamtalk_object, _, _, Pid} = Self, Name) when Pid =:= self() ->
    case lists:member(Name, fieldNames(Self)) of
        true -> beamtalk_actor:get_field(Self, Name);
        false -> nil
    end;
'fieldAt:'(Self, _) ->
    beamtalk_error:raise(beamtalk_error:immutable_value('fieldAt:', Self)).

%% @doc `fieldAt:put:': for an actor's own fields.
-spec 'fieldAt:put:'(term(), atom(), Value) -> Value.
'fieldAt:put:'({beamtalk_object, _, _, _} = Self, Name, Value) ->
    beamtalk_actor:put_field(Self, Name, Value);
'fieldAt:put:'(Self, _, _) ->
    beamtalk_error:raise(beamtalk_error:immutable_value('fieldAt:put:', Self)).

%% @doc `perform:'.
-spec 'perform:'(term(), atom()) -> term().
'perform:'(Self, Selector) when is_atom(Selector) ->
    beamtalk_dispatch:send(Self, Selector, []);
'perform:'(Self, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('perform:', Self)).

%% @doc `perform:withArguments:'.
-spec 'perform:withArguments:'(term(), atom(), list()) -> term().
'perform:withArguments:'(Self, Selector, Args) ->
    beamtalk_proto_object:'perform:withArguments:'(Self, Selector, Args).

%% @doc `subclassResponsibility'.
-spec subclassResponsibility(term()) -> no_return().
subclassResponsibility(Self) ->
    Message = <<"subclass responsibility: a subclass must define this method">>,
    beamtalk_error:raise(beamtalk_error:user_error(Self, Message)).

%% @doc `notImplemented'.
-spec notImplemented(term()) -> no_return().
notImplemented(Self) ->
    beamtalk_error:raise(beamtalk_error:user_error(Self, <<"this method is not implemented yet">>)).

%% @doc `isKindOf:': by the real class, whatever `class' answers.
-spec 'isKindOf:'(term(), term()) -> boolean().
'isKindOf:'({'$bt_class', Module}, Class) ->
    beamtalk_behaviour:'includesBehaviour:'({'$bt_meta', Module}, Class);
'isKindOf:'({'$bt_meta', _} = Self, Class) ->
    beamtalk_behaviour:'includesBehaviour:'({'$bt_class', 'bt@stdlib@metaclass'}, Class) orelse
        beamtalk_behaviour:'includesBehaviour:'(Self, Class);
'isKindOf:'(Self, {'$bt_class', Module}) ->
    beamtalk_hierarchy:is_kind_of(beamtalk_dispatch:class_module(Self), Module);
'isKindOf:'(_, _) ->
    false.

%% @doc `error:'.
-spec 'error:'(term(), term()) -> no_return().
'error:'(Self, Message) ->
    beamtalk_error:raise(beamtalk_error:user_error(Self, beamtalk_print:display(Message))).

%% @doc `delegate' outside of a class with a native module.
-spec delegate(term()) -> no_return().
delegate(_) ->
    beamtalk_error:raise(
        beamtalk_error:runtime_error(<<"'delegate' works only in classes declared 'native:'">>)
    ).
