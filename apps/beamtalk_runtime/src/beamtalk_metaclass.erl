%% @doc Primitives of class Metaclass, named by selector. What Behaviour defines for both classes and
%% metaclasses is in {@link beamtalk_behaviour}.
-module(beamtalk_metaclass).

-export([
    new/1, isMeta/1, isClass/1, isMetaclass/1, thisClass/1, name/1, printString/1, superclass/1, class/1,
    allMethods/1, classMethods/1, localClassMethods/1, 'classIncludesSelector:'/2, packageName/1
]).

-type metaclass() :: beamtalk_class:metaclass().

%% @doc `Metaclass new' always raises: a metaclass comes with its class.
-spec new(beamtalk_class:class_object()) -> no_return().
new(Class) ->
    beamtalk_error:raise(
        beamtalk_error:instantiation_error(Class, <<"a metaclass comes with its class">>)
    ).

%% @doc `isMeta'.
-spec isMeta(metaclass()) -> true.
isMeta(_) -> true.

%% @doc `isClass'.
-spec isClass(metaclass()) -> false.
isClass(_) -> false.

%% @doc `isMetaclass'.
-spec isMetaclass(metaclass()) -> true.
isMetaclass(_) -> true.

%% @doc `thisClass': the class that the metaclass describes.
-spec thisClass(metaclass()) -> beamtalk_class:class_object().
thisClass({'$bt_meta', Module}) -> {'$bt_class', Module}.

%% @doc `name', for example `#'Span class''.
-spec name(metaclass()) -> atom().
name(Self) -> beamtalk_behaviour:name(Self).

%% @doc `printString'.
-spec printString(metaclass()) -> binary().
printString(Self) -> beamtalk_print:safe(Self).

%% @doc `superclass': the metaclass of the superclass; Class for the root.
-spec superclass(metaclass()) -> metaclass() | beamtalk_class:class_object().
superclass({'$bt_meta', Module}) ->
    case beamtalk_hierarchy:superclass(Module) of
        nil -> {'$bt_class', 'bt@stdlib@class'};
        Super -> {'$bt_meta', Super}
    end.

%% @doc `class' of a metaclass: itself.
-spec class(metaclass()) -> metaclass().
class(Self) -> Self.

%% @doc `allMethods': every selector that the class understands.
-spec allMethods(metaclass()) -> [atom()].
allMethods(Self) -> beamtalk_behaviour:allMethods(Self).

%% @doc `classMethods': class-side selectors with inherited ones.
-spec classMethods(metaclass()) -> [atom()].
classMethods({'$bt_meta', Module}) ->
    lists:usort([
        Selector
     || Ancestor <- beamtalk_hierarchy:ancestry(Module),
        Selector <- beamtalk_hierarchy:own_selectors(class, Ancestor)
    ]).

%% @doc `localClassMethods': class-side selectors of the class itself.
-spec localClassMethods(metaclass()) -> [atom()].
localClassMethods(Self) -> beamtalk_behaviour:methods(Self).

%% @doc `classIncludesSelector:'.
-spec 'classIncludesSelector:'(metaclass(), atom()) -> boolean().
'classIncludesSelector:'(Self, Selector) -> beamtalk_behaviour:'includesSelector:'(Self, Selector).

%% @doc `packageName': the package in the module's name, or nil.
-spec packageName(metaclass()) -> binary() | nil.
packageName({'$bt_meta', Module}) ->
    case binary:split(atom_to_binary(Module), <<"@">>, [global]) of
        [<<"bt">>, Package, _] -> Package;
        _ -> nil
    end.
