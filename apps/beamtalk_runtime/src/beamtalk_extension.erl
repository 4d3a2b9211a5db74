%% @doc Methods added to classes from outside their body.
%%
%% Two structures: a table of the extension methods, and a persistent term with the set of selectors
%% that have any extension at all, in any class. Dispatch asks only the set, unless the selector is in
%% it. Changing a persistent term makes the node scan all heaps, so a module's extensions are to be
%% registered together with {@link register/1}.
-module(beamtalk_extension).

-export([
    register/1,
    register/4,
    unregister/3,
    unregister_module/1,
    lookup/3,
    any/1,
    selectors/2,
    count/0,
    forget/0
]).

-export_type([entry/0]).

-include("beamtalk_extension.hrl").

-type side() :: beamtalk_hierarchy:side().
-type entry() :: {module(), side(), Selector :: atom(), {module(), Function :: atom()}}.

-define(TABLE, beamtalk_extensions).

%% @doc Registers extension methods: `Function(Self, Args...)' of the given module is the method.
%% A later registration for the same class, side and selector replaces the earlier one.
-spec register([entry()]) -> ok.
register(Entries) ->
    ets:insert(?TABLE, [row(Entry) || Entry <- Entries]),
    publish().

%% @doc Registers one extension method.
-spec register(module(), side(), atom(), {module(), atom()}) -> ok.
register(Class, Side, Selector, Function) ->
    register([{Class, Side, Selector, Function}]).

row({Class, Side, Selector, {Module, Function}}) ->
    {{Class, Side, Selector}, Module, Function, beamtalk_name:arity(Selector)}.

%% @doc Removes an extension method; does nothing when there is none.
-spec unregister(module(), side(), atom()) -> ok.
unregister(Class, Side, Selector) ->
    ets:delete(?TABLE, {Class, Side, Selector}),
    publish().

%% @doc Removes every extension method that is implemented in the given module.
-spec unregister_module(module()) -> ok.
unregister_module(Module) ->
    case ets:select_delete(?TABLE, [{{'_', Module, '_', '_'}, [], [true]}]) of
        0 -> ok;
        _ -> publish()
    end.

%% @doc The extension method of exactly this class and side, with its number of arguments.
-spec lookup(module(), side(), atom()) -> {module(), atom(), arity()} | none.
lookup(Class, Side, Selector) ->
    case any(Selector) andalso beamtalk_tables:lookup(?TABLE, {Class, Side, Selector}) of
        [{_, Module, Function, Arity}] -> {Module, Function, Arity};
        _ -> none
    end.

%% @doc True when some class has an extension with this selector.
-spec any(atom()) -> boolean().
any(Selector) ->
    is_map_key(Selector, persistent_term:get(?EXTENDED_SELECTORS, #{})).

%% @doc Selectors of the extension methods of one class and side.
-spec selectors(module(), side()) -> [atom()].
selectors(Class, Side) ->
    case map_size(persistent_term:get(?EXTENDED_SELECTORS, #{})) of
        0 -> [];
        _ -> ets:select(?TABLE, [{{{Class, Side, '$1'}, '_', '_', '_'}, [], ['$1']}])
    end.

%% @doc Number of extension methods.
-spec count() -> non_neg_integer().
count() ->
    ets:info(?TABLE, size).

%% @doc Empties the set of extended selectors. For the application's stop: its table is gone then.
-spec forget() -> ok.
forget() ->
    _ = persistent_term:erase(?EXTENDED_SELECTORS),
    ok.

%% The set is derived from the table, so two concurrent registrations cannot lose each other's
%% selectors for longer than it takes the later one to publish; the lock makes the order definite.
publish() ->
    beamtalk_lock:with(?EXTENDED_SELECTORS, fun publish_locked/0).

publish_locked() ->
    Selectors = ets:select(?TABLE, [{{{'_', '_', '$1'}, '_', '_', '_'}, [], ['$1']}]),
    Set = maps:from_keys(Selectors, true),
    case persistent_term:get(?EXTENDED_SELECTORS, #{}) of
        Set -> ok;
        _ -> persistent_term:put(?EXTENDED_SELECTORS, Set)
    end.
