%% @doc Read-only walks over the class hierarchy, through the `$class' function of class modules.
%%
%% Nothing here is used by an ordinary send: dispatch is compiled into the facades. Everything
%% tolerates classes whose module is not loaded, because error reporting relies on it.
-module(beamtalk_hierarchy).

-export([
    info/1,
    name/1,
    superclass/1,
    kind/1,
    ancestry/1,
    is_kind_of/2,
    own_selectors/2,
    defines/3,
    definer/3,
    understands/3,
    all_selectors/2
]).

-export_type([info/0, side/0]).

-type side() :: instance | class.
-type info() :: #{
    name := atom(),
    module := module(),
    superclass := module() | nil,
    kind := value | actor | object,
    atom() => term()
}.

%% @doc Description of a class, or `undefined' when its module is not available.
-spec info(module()) -> info() | undefined.
info(Module) ->
    try
        Module:'$class'()
    catch
        error:undef -> undefined
    end.

%% @doc Name of the class.
-spec name(module()) -> binary().
name(Module) ->
    case info(Module) of
        #{name := Name} -> atom_to_binary(Name);
        undefined -> beamtalk_name:display(Module)
    end.

%% @doc Module of the superclass; `nil' for the root and for a class that is not available.
-spec superclass(module()) -> module() | nil.
superclass(Module) ->
    case info(Module) of
        #{superclass := Superclass} -> Superclass;
        undefined -> nil
    end.

%% @doc Kind of the class, or `undefined' when its module is not available.
-spec kind(module()) -> value | actor | object | undefined.
kind(Module) ->
    case info(Module) of
        #{kind := Kind} -> Kind;
        undefined -> undefined
    end.

%% @doc The class and its superclasses, nearest first.
-spec ancestry(module() | nil) -> [module()].
ancestry(nil) -> [];
ancestry(Module) -> [Module | ancestry(superclass(Module))].

%% @doc True when `Module' is `Ancestor' or inherits from it.
-spec is_kind_of(module() | nil, module()) -> boolean().
is_kind_of(Module, Module) -> true;
is_kind_of(nil, _) -> false;
is_kind_of(Module, Ancestor) -> is_kind_of(superclass(Module), Ancestor).

%% @doc Selectors of one side that the class body and extensions define.
-spec own_selectors(side(), module()) -> [atom()].
own_selectors(Side, Module) ->
    written(Side, info(Module)) ++ beamtalk_extension:selectors(Module, Side).

written(_, undefined) -> [];
written(instance, Info) -> maps:get(selectors, Info, []);
written(class, Info) -> maps:get(class_selectors, Info, []).

%% @doc True when the class itself (body or extension) defines the selector.
-spec defines(side(), module(), atom()) -> boolean().
defines(Side, Module, Selector) ->
    lists:member(Selector, written(Side, info(Module))) orelse
        beamtalk_extension:lookup(Module, Side, Selector) =/= none.

%% @doc First class upward that defines the selector, or `nil'.
-spec definer(side(), module(), atom()) -> module() | nil.
definer(Side, Module, Selector) ->
    first_definer(Side, ancestry(Module), Selector).

first_definer(_, [], _) ->
    nil;
first_definer(Side, [Module | Rest], Selector) ->
    case defines(Side, Module, Selector) of
        true -> Module;
        false -> first_definer(Side, Rest, Selector)
    end.

%% @doc True when a receiver of the given side understands the selector. A class object also
%% understands the instance protocol of class Class.
-spec understands(side(), module(), atom()) -> boolean().
understands(instance, Module, Selector) ->
    definer(instance, Module, Selector) =/= nil;
understands(class, Module, Selector) ->
    definer(class, Module, Selector) =/= nil orelse
        understands(instance, 'bt@stdlib@class', Selector).

%% @doc Every selector that a receiver of the given side understands, own ones first.
-spec all_selectors(side(), module()) -> [atom()].
all_selectors(instance, Module) ->
    unique([S || M <- ancestry(Module), S <- own_selectors(instance, M)]);
all_selectors(class, Module) ->
    Own = [S || M <- ancestry(Module), S <- own_selectors(class, M)],
    unique(Own ++ all_selectors(instance, 'bt@stdlib@class')).

unique(Selectors) ->
    unique(Selectors, #{}).

unique([], _) -> [];
unique([S | Rest], Seen) when is_map_key(S, Seen) -> unique(Rest, Seen);
unique([S | Rest], Seen) -> [S | unique(Rest, Seen#{S => true})].
