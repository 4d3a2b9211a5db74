%% @doc Primitives of class Behaviour, named by selector: reflection on classes (`{'$bt_class', M}',
%% about the instance side) and metaclasses (`{'$bt_meta', M}', about the class side).
-module(beamtalk_behaviour).

-export([
    name/1, '>>'/2, printString/1,
    superclass/1, allSuperclasses/1, superclassChain/1, subclasses/1, allSubclasses/1,
    'inheritsFrom:'/2, 'includesBehaviour:'/2,
    methods/1, allMethods/1, 'canUnderstand:'/2, 'includesSelector:'/2, 'whichClassIncludesSelector:'/2,
    fieldNames/1, allFieldNames/1, classVarNames/1, allClassVarNames/1,
    doc/1, 'doc:'/2, 'setDocForMethod:to:'/3, 'docForMethod:'/2,
    isBehaviour/1, isMeta/1, isMetaclass/1, 'conformsTo:'/2, protocols/1, sourceFile/1
]).
%% Changes of the class
-export([
    reload/1, 'compile:source:'/3, 'tryCompile:source:'/3, 'precheckCompile:source:'/3,
    'removeSelector:'/2, 'removeSelector:ifAbsent:'/3, removeFromSystem/1
]).
%% For the loader
-export([forget_docs/1]).

-define(DOCS, beamtalk_class_docs).

-type behaviour() :: beamtalk_class:class_object() | beamtalk_class:metaclass().

-export_type([behaviour/0]).

%% @doc `name' as a symbol.
-spec name(behaviour()) -> atom().
name(Self) ->
    binary_to_atom(beamtalk_print:safe(Self)).

%% @doc `printString': the name.
-spec printString(behaviour()) -> binary().
printString(Self) ->
    beamtalk_print:safe(Self).

%% @doc `>>': the CompiledMethod of a selector that the receiver itself defines, or nil.
-spec '>>'(behaviour(), atom()) -> map() | nil.
'>>'({_, Module} = Self, Selector) ->
    case 'includesSelector:'(Self, Selector) of
        true -> compiled_method(side(Self), Module, Selector);
        false -> nil
    end.

compiled_method(Side, Module, Selector) ->
    #{
        '$beamtalk_class' => 'bt@stdlib@compiled_method',
        selector => Selector,
        source => method_source(Side, Module, Selector),
        doc => 'docForMethod:'(behaviour(Side, Module), Selector),
        argumentCount => beamtalk_name:arity(Selector)
    }.

%% The class carries the text of its file. What is generated, and what has come from elsewhere, has none.
method_source(Side, Module, Selector) ->
    case method_attribute(Side, Module, Selector, source, nil) of
        nil -> text_of_method(Side, Module, Selector);
        Source -> Source
    end.

text_of_method(Side, Module, Selector) ->
    case {attribute(Module, text, nil), method_attribute(Side, Module, Selector, text, nil)} of
        {Text, {Start, Length}} when is_binary(Text) -> binary:part(Text, Start, Length);
        _ -> <<>>
    end.

method_attribute(Side, Module, Selector, Key, Default) ->
    case attribute(Module, methods, #{}) of
        #{{Side, Selector} := #{Key := Value}} -> Value;
        _ -> Default
    end.

%% @doc `superclass'.
-spec superclass(behaviour()) -> behaviour() | nil.
superclass({'$bt_meta', _} = Self) ->
    beamtalk_metaclass:superclass(Self);
superclass({'$bt_class', Module}) ->
    case beamtalk_hierarchy:superclass(Module) of
        nil -> nil;
        Super -> {'$bt_class', Super}
    end.

%% @doc `allSuperclasses', nearest first.
-spec allSuperclasses(behaviour()) -> [behaviour()].
allSuperclasses(Self) ->
    case superclass(Self) of
        nil -> [];
        Super -> [Super | allSuperclasses(Super)]
    end.

%% @doc `superclassChain': from the receiver to Object.
-spec superclassChain(behaviour()) -> [behaviour()].
superclassChain(Self) ->
    Chain = [Self | allSuperclasses(Self)],
    Object = {'$bt_class', 'bt@stdlib@object'},
    case lists:splitwith(fun(Class) -> Class =/= Object end, Chain) of
        {Below, [Object | _]} -> Below ++ [Object];
        {All, []} -> All
    end.

%% @doc `subclasses': direct subclasses that are registered.
-spec subclasses(behaviour()) -> [behaviour()].
subclasses({Tag, Module}) ->
    [{Tag, Sub} || Sub <- beamtalk_class:direct_subclasses(Module)].

%% @doc `allSubclasses', breadth first.
-spec allSubclasses(behaviour()) -> [behaviour()].
allSubclasses(Self) ->
    below([Self]).

below([]) ->
    [];
below(Classes) ->
    Next = lists:flatmap(fun subclasses/1, Classes),
    Next ++ below(Next).

%% @doc `inheritsFrom:': strictly below the argument.
-spec 'inheritsFrom:'(behaviour(), term()) -> boolean().
'inheritsFrom:'(Self, Other) ->
    lists:member(Other, allSuperclasses(Self)).

%% @doc `includesBehaviour:': the argument is the receiver or an ancestor.
-spec 'includesBehaviour:'(behaviour(), term()) -> boolean().
'includesBehaviour:'(Self, Other) ->
    Self =:= Other orelse 'inheritsFrom:'(Self, Other).

%% @doc `methods': selectors defined here.
-spec methods(behaviour()) -> [atom()].
methods({_, Module} = Self) ->
    lists:usort(beamtalk_hierarchy:own_selectors(side(Self), Module)).

%% @doc `allMethods': with inherited ones.
-spec allMethods(behaviour()) -> [atom()].
allMethods({_, Module} = Self) ->
    lists:usort(beamtalk_hierarchy:all_selectors(side(Self), Module)).

%% @doc `canUnderstand:': whether instances of the receiver understand the selector.
-spec 'canUnderstand:'(behaviour(), atom()) -> boolean().
'canUnderstand:'({_, Module} = Self, Selector) ->
    beamtalk_hierarchy:understands(side(Self), Module, Selector).

%% @doc `includesSelector:': whether the receiver itself defines the selector.
-spec 'includesSelector:'(behaviour(), atom()) -> boolean().
'includesSelector:'({_, Module} = Self, Selector) ->
    beamtalk_hierarchy:defines(side(Self), Module, Selector).

%% @doc `whichClassIncludesSelector:': first class upward that defines it, or nil.
-spec 'whichClassIncludesSelector:'(behaviour(), atom()) -> behaviour() | nil.
'whichClassIncludesSelector:'(Self, Selector) ->
    Chain = [Self | allSuperclasses(Self)],
    case lists:search(fun(Class) -> 'includesSelector:'(Class, Selector) end, Chain) of
        {value, Class} -> Class;
        false -> nil
    end.

%% @doc `fieldNames': own declared fields. A metaclass has none: its variables are class variables.
-spec fieldNames(behaviour()) -> [atom()].
fieldNames({'$bt_class', Module}) -> attribute(Module, fields, []);
fieldNames({'$bt_meta', _}) -> [].

%% @doc `allFieldNames': with inherited ones, in slot order.
-spec allFieldNames(behaviour()) -> [atom()].
allFieldNames({'$bt_class', Module}) -> attribute(Module, all_fields, []);
allFieldNames({'$bt_meta', _}) -> [].

%% @doc `classVarNames': own class variables.
-spec classVarNames(behaviour()) -> [atom()].
classVarNames({_, Module}) ->
    attribute(Module, class_vars, []).

%% @doc `allClassVarNames': with inherited ones, inherited first.
-spec allClassVarNames(behaviour()) -> [atom()].
allClassVarNames({_, Module}) ->
    Ancestry = lists:reverse(beamtalk_hierarchy:ancestry(Module)),
    Names = lists:flatmap(fun(Ancestor) -> attribute(Ancestor, class_vars, []) end, Ancestry),
    first_occurrences(Names).

first_occurrences([]) -> [];
first_occurrences([Name | Rest]) -> [Name | first_occurrences([N || N <- Rest, N =/= Name])].

%% @doc `doc': the documentation, or nil.
-spec doc(behaviour()) -> binary() | nil.
doc({_, Module}) ->
    recorded(Module, fun() -> attribute(Module, doc, nil) end).

%% @doc `doc:': replaces the documentation.
-spec 'doc:'(behaviour(), binary()) -> behaviour().
'doc:'({_, Module} = Self, Text) ->
    record(Module, Text, 'doc:', Self).

%% @doc `setDocForMethod:to:'.
-spec 'setDocForMethod:to:'(behaviour(), atom(), binary()) -> behaviour().
'setDocForMethod:to:'({_, Module} = Self, Selector, Text) ->
    record({Module, side(Self), Selector}, Text, 'setDocForMethod:to:', Self).

%% @doc `docForMethod:': the method's documentation, or nil.
-spec 'docForMethod:'(behaviour(), atom()) -> binary() | nil.
'docForMethod:'({_, Module} = Self, Selector) ->
    Side = side(Self),
    recorded({Module, Side, Selector}, fun() ->
        method_attribute(Side, Module, Selector, doc, nil)
    end).

%% Documentation set while the program runs takes precedence over what was compiled in.
recorded(Key, Compiled) ->
    case beamtalk_tables:lookup(?DOCS, Key) of
        [{_, Text}] -> Text;
        [] -> Compiled()
    end.

record(Key, Text, _, Self) when is_binary(Text) ->
    ets:insert(?DOCS, {Key, Text}),
    Self;
record(_, _, Selector, Self) ->
    beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).

%% @doc `isBehaviour'.
-spec isBehaviour(behaviour()) -> true.
isBehaviour(_) -> true.

%% @doc `isMeta'.
-spec isMeta(behaviour()) -> boolean().
isMeta({Tag, _}) -> Tag =:= '$bt_meta'.

%% @doc `isMetaclass'.
-spec isMetaclass(behaviour()) -> boolean().
isMetaclass(Self) -> isMeta(Self).

%% @doc `conformsTo:': whether the receiver has what the protocol of that name requires.
-spec 'conformsTo:'(behaviour(), term()) -> boolean().
'conformsTo:'(Self, Name) when is_atom(Name) ->
    beamtalk_protocol:conforms(Self, Name);
'conformsTo:'(Self, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('conformsTo:', Self)).

%% @doc `protocols': the names of the protocols that the receiver conforms to, sorted.
-spec protocols(behaviour()) -> [atom()].
protocols(Self) ->
    beamtalk_protocol:satisfied_by(Self).

%% @doc `sourceFile': the file that the class was compiled from; nil for library classes and classes
%% built at run time.
-spec sourceFile(behaviour()) -> binary() | nil.
sourceFile({_, Module}) ->
    case beamtalk_name:is_library(Module) of
        true -> nil;
        false -> attribute(Module, source, nil)
    end.

%% @doc Forgets the documentation that was set for a class which is removed.
-spec forget_docs(module()) -> ok.
forget_docs(Module) ->
    ets:delete(?DOCS, Module),
    ets:match_delete(?DOCS, {{Module, '_', '_'}, '_'}),
    ok.

%% ---------------------------------------------------------------------------------------------------
%% Changes of the class
%% ---------------------------------------------------------------------------------------------------

%% @doc `reload': compiles the class's file again and loads it.
-spec reload(behaviour()) -> behaviour().
reload({_, Module} = Self) ->
    case sourceFile(Self) of
        nil -> beamtalk_error:raise(no_source_file, [beamtalk_hierarchy:name(Module), <<" has no source file">>]);
        File -> beamtalk_code:request({reload, Module, File})
    end,
    Self.

%% @doc `compile:source:': compiles a method, written as `selector => body', into the receiver's side.
-spec 'compile:source:'(behaviour(), atom(), binary()) -> behaviour().
'compile:source:'(Self, Selector, Source) ->
    _ = compile_request(compile, 'compile:source:', Self, Selector, Source),
    Self.

%% @doc `tryCompile:source:': the same; the change is not meant to last.
-spec 'tryCompile:source:'(behaviour(), atom(), binary()) -> behaviour().
'tryCompile:source:'(Self, Selector, Source) ->
    _ = compile_request(compile, 'tryCompile:source:', Self, Selector, Source),
    Self.

%% @doc `precheckCompile:source:': compiles without loading and answers what was found, with the methods
%% that send the selector.
-spec 'precheckCompile:source:'(behaviour(), atom(), binary()) -> map().
'precheckCompile:source:'(Self, Selector, Source) ->
    compile_request(check, 'precheckCompile:source:', Self, Selector, Source).

compile_request(Request, _, Self, Selector, Source) when is_atom(Selector), is_binary(Source) ->
    beamtalk_code:request({Request, Self, Selector, Source});
compile_request(_, Message, Self, _, _) ->
    beamtalk_error:raise(beamtalk_error:type_error(Message, Self)).

-dialyzer({no_return, 'removeSelector:'/2}).

%% @doc `removeSelector:': takes a method of the receiver's side out of the class.
-spec 'removeSelector:'(behaviour(), atom()) -> behaviour().
'removeSelector:'(Self, Selector) ->
    'removeSelector:ifAbsent:'(Self, Selector, fun() ->
        beamtalk_error:raise(beamtalk_error:selector_not_found(Selector, Self))
    end).

%% @doc `removeSelector:ifAbsent:': the same; the value of the block where the receiver has no such method.
-spec 'removeSelector:ifAbsent:'(behaviour(), atom(), term()) -> term().
'removeSelector:ifAbsent:'({_, Module} = Self, Selector, Absent) ->
    Side = side(Self),
    Written = method_attribute(Side, Module, Selector, line, none) =/= none,
    case beamtalk_extension:lookup(Module, Side, Selector) of
        none when Written -> remove_written(Self, Selector);
        none -> beamtalk_dispatch:send(Absent, value, []);
        _ -> remove_extension(Self, Selector)
    end.

remove_extension({_, Module} = Self, Selector) ->
    ok = beamtalk_extension:unregister(Module, side(Self), Selector),
    Self.

remove_written({_, Module} = Self, Selector) ->
    beamtalk_name:is_library(Module) andalso refuse(Self, <<"it belongs to the standard library">>),
    _ =
        case beamtalk_built:is_built(Module) of
            true -> beamtalk_built:remove(Module, side(Self), Selector);
            false -> beamtalk_code:request({remove, Self, Selector})
        end,
    Self.

%% @doc `removeFromSystem': unloads the class. Refused for library classes and for classes with
%% subclasses.
-spec removeFromSystem(behaviour()) -> nil.
removeFromSystem({_, Module} = Self) ->
    beamtalk_name:is_library(Module) andalso refuse(Self, <<"it belongs to the standard library">>),
    beamtalk_class:direct_subclasses(Module) =:= [] orelse refuse(Self, <<"it has subclasses">>),
    case beamtalk_loader:unload(Module) of
        ok -> nil;
        {error, _} -> refuse(Self, <<"its code is in use">>)
    end.

-spec refuse(behaviour(), binary()) -> no_return().
refuse(Self, Why) ->
    Message = [<<"cannot remove ">>, beamtalk_print:safe(Self), <<": ">>, Why],
    beamtalk_error:raise(beamtalk_error:runtime_error(Message)).

side({'$bt_class', _}) -> instance;
side({'$bt_meta', _}) -> class.

behaviour(instance, Module) -> {'$bt_class', Module};
behaviour(class, Module) -> {'$bt_meta', Module}.

attribute(Module, Key, Default) ->
    case beamtalk_hierarchy:info(Module) of
        #{Key := Value} -> Value;
        _ -> Default
    end.
