%% @doc Classes: the registry of names, class variables, creation of instances, and the primitives of
%% class Class.
-module(beamtalk_class).

%% The registry
-export([
    register/1, register_all/1, unregister/1,
    lookup/1, late/1, names/0, modules/0, registered/0, direct_subclasses/1, check_name/2
]).
%% Objects of classes
-export([class_of/1, name_of/1]).
%% Class variables
-export([get_var/2, put_var/3, with_class_lock/2]).
%% Primitives, named by selector
-export([new/1, 'new:'/2, printString/1, displayString/1, isClass/1, class/1]).

-define(CLASSES, beamtalk_classes).
-define(NAMES, beamtalk_class_names).

-type class_object() :: {'$bt_class', module()}.
-type metaclass() :: {'$bt_meta', module()}.

-export_type([class_object/0, metaclass/0]).

%% ---------------------------------------------------------------------------------------------------
%% Registry
%% ---------------------------------------------------------------------------------------------------

%% @doc Registers a loaded class module under the name that it declares.
-spec register(module()) -> class_object().
register(Module) ->
    #{name := Name, superclass := Super} = Module:'$class'(),
    register_all([{Name, Module, Super}]),
    {'$bt_class', Module}.

%% @doc Registers classes whose modules need not be loaded yet: `{Name, Module, SuperclassModule}'.
-spec register_all([{atom(), module(), module() | nil}]) -> ok.
register_all(Classes) ->
    lists:foreach(fun({Name, Module, _}) -> check_name(Name, Module) end, Classes),
    ets:insert(?CLASSES, [{Module, Name, Super} || {Name, Module, Super} <- Classes]),
    ets:insert(?NAMES, [{Name, Module} || {Name, Module, _} <- Classes]),
    ok.

%% @doc Raises class_already_exists when the module belongs to a class of another name, or the name to the library.
-spec check_name(atom(), module()) -> ok.
check_name(Name, Module) ->
    case {beamtalk_tables:lookup(?CLASSES, Module), beamtalk_tables:lookup(?NAMES, Name)} of
        {[{_, Other, _}], _} when Other =/= Name ->
            beamtalk_error:raise(beamtalk_error:class_already_exists(Name, Other, Module));
        {_, [{_, Owner}]} when Owner =/= Module ->
            _ = beamtalk_name:is_library(Owner) andalso beamtalk_error:raise(beamtalk_error:class_of_library(Name)),
            ok;
        _ ->
            ok
    end.

%% @doc Takes a class out of the registry, with its class variables; its name becomes free.
-spec unregister(module()) -> ok.
unregister(Module) ->
    case ets:take(?CLASSES, Module) of
        [{_, Name, _}] -> ets:delete_object(?NAMES, {Name, Module});
        [] -> true
    end,
    beamtalk_class_state:forget(Module).

%% @doc Class object of a registered name.
-spec lookup(atom()) -> {ok, class_object()} | error.
lookup(Name) ->
    case beamtalk_tables:lookup(?NAMES, Name) of
        [{_, Module}] -> {ok, {'$bt_class', Module}};
        [] -> error
    end.

%% @doc Class object of a name that was unknown when the sending code was compiled.
-spec late(atom()) -> class_object().
late(Name) ->
    case lookup(Name) of
        {ok, Class} -> Class;
        error -> beamtalk_error:raise(beamtalk_error:class_not_found(Name))
    end.

%% @doc Names of all registered classes.
-spec names() -> [atom()].
names() ->
    [Name || {_, Name, _} <- rows()].

%% @doc Modules of all registered classes.
-spec modules() -> [module()].
modules() ->
    [Module || {Module, _, _} <- rows()].

%% @doc Number of registered classes.
-spec registered() -> non_neg_integer().
registered() ->
    length(rows()).

%% @doc Modules of the registered classes whose superclass is `Module', sorted.
-spec direct_subclasses(module()) -> [module()].
direct_subclasses(Module) ->
    lists:sort([Sub || {Sub, _, Super} <- rows(), Super =:= Module]).

rows() ->
    case ets:whereis(?CLASSES) of
        undefined -> [];
        Table -> ets:tab2list(Table)
    end.

%% ---------------------------------------------------------------------------------------------------
%% Classes of objects
%% ---------------------------------------------------------------------------------------------------

%% @doc Class of any object. The class of a class is its metaclass, the class of that is itself.
-spec class_of(term()) -> class_object() | metaclass().
class_of({'$bt_class', Module}) -> {'$bt_meta', Module};
class_of({'$bt_meta', _} = Metaclass) -> Metaclass;
class_of(Object) -> {'$bt_class', beamtalk_dispatch:class_module(Object)}.

%% @doc Name of an object's class.
-spec name_of(term()) -> binary().
name_of(Object) ->
    case class_of(Object) of
        {'$bt_class', Module} -> beamtalk_hierarchy:name(Module);
        {'$bt_meta', Module} -> <<(beamtalk_hierarchy:name(Module))/binary, " class">>
    end.

%% ---------------------------------------------------------------------------------------------------
%% Class variables
%% ---------------------------------------------------------------------------------------------------

%% @doc Value of a class variable. See {@link beamtalk_class_state} for what is guaranteed.
-spec get_var(class_object(), atom()) -> term().
get_var(Class, Name) ->
    beamtalk_class_state:get(Class, Name).

%% @doc Changes a class variable and answers the value.
-spec put_var(class_object(), atom(), Value) -> Value.
put_var(Class, Name, Value) ->
    beamtalk_class_state:put(Class, Name, Value).

%% @doc Runs `Fun' as a transaction on the class's variables.
-spec with_class_lock(class_object(), fun(() -> Result)) -> Result.
with_class_lock(Class, Fun) ->
    beamtalk_class_state:transaction(Class, Fun).

%% ---------------------------------------------------------------------------------------------------
%% Primitives
%% ---------------------------------------------------------------------------------------------------

%% @doc `new': an instance with the defaults of its fields.
-spec new(class_object()) -> map().
new(Class) ->
    instance(Class, creatable(Class), #{}).

%% @doc `new:': the same with fields given by a Dictionary; keys that are no fields are kept.
-spec 'new:'(class_object(), term()) -> map().
'new:'(Class, #{'$beamtalk_class' := _}) ->
    beamtalk_error:raise(beamtalk_error:type_error('new:', Class));
'new:'(Class, Fields) when is_map(Fields) ->
    instance(Class, creatable(Class), Fields);
'new:'(Class, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('new:', Class)).

instance({'$bt_class', Module}, value, Given) ->
    maps:merge((Module:'$defaults'())#{'$beamtalk_class' => Module}, Given);
instance({'$bt_class', Module}, object, Given) when map_size(Given) =:= 0 ->
    #{'$beamtalk_class' => Module};
instance(Class, object, _) ->
    beamtalk_error:raise(beamtalk_error:instantiation_error(Class, <<"it has no fields">>)).

%% Kind of the class, if `new' can make an instance of it.
creatable({'$bt_class', Module} = Class) ->
    Info = Module:'$class'(),
    Flags = maps:get(flags, Info, []),
    case creatable(Info, lists:member(abstract, Flags), is_native(Module) orelse lists:member(unconstructible, Flags)) of
        {no, Why} -> beamtalk_error:raise(beamtalk_error:instantiation_error(Class, Why));
        Kind -> Kind
    end.

creatable(#{protocol := _}, _, _) -> {no, <<"it is a protocol">>};
creatable(#{kind := actor}, _, _) -> {no, <<"it is an actor, use 'spawn'">>};
creatable(_, true, _) -> {no, <<"it is abstract">>};
creatable(_, _, true) -> {no, <<"its instances are literals or made by its class methods">>};
creatable(#{kind := object, native := Module}, _, _) when Module =/= nil -> {no, <<"it stands for an Erlang module">>};
creatable(#{kind := Kind}, false, false) -> Kind.

%% Classes whose instances are Erlang terms without a class tag.
is_native('bt@stdlib@integer') -> true;
is_native('bt@stdlib@character') -> true;
is_native('bt@stdlib@float') -> true;
is_native('bt@stdlib@binary') -> true;
is_native('bt@stdlib@string') -> true;
is_native('bt@stdlib@symbol') -> true;
is_native('bt@stdlib@true') -> true;
is_native('bt@stdlib@false') -> true;
is_native('bt@stdlib@undefined_object') -> true;
is_native('bt@stdlib@block') -> true;
is_native('bt@stdlib@list') -> true;
is_native('bt@stdlib@dictionary') -> true;
is_native('bt@stdlib@tuple') -> true;
is_native('bt@stdlib@pid') -> true;
is_native('bt@stdlib@port') -> true;
is_native('bt@stdlib@reference') -> true;
is_native('bt@stdlib@class') -> true;
is_native('bt@stdlib@metaclass') -> true;
is_native(_) -> false.

%% @doc `printString' of a class: its name.
-spec printString(class_object()) -> binary().
printString(Class) ->
    beamtalk_print:safe(Class).

%% @doc `displayString' of a class: its name.
-spec displayString(class_object()) -> binary().
displayString(Class) ->
    printString(Class).

%% @doc `isClass'.
-spec isClass(class_object()) -> true.
isClass(_) ->
    true.

%% @doc `class' of a class: its metaclass.
-spec class(class_object() | metaclass()) -> metaclass().
class({_, Module}) ->
    {'$bt_meta', Module}.
