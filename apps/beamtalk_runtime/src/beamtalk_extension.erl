%% @doc Methods added to classes from outside their body.
%%
%% Two structures: a table of the extension methods, and a persistent term with the set of selectors
%% that have any extension at all, in any class. Dispatch asks only the set, unless the selector is in
%% it. Changing a persistent term makes the node scan all heaps, so the extensions of a file are
%% registered together, with {@link replace/2}. The file is their owner: its next version takes their
%% place.
-module(beamtalk_extension).

-export([
    replace/2,
    register/4,
    unregister/3,
    owned/1,
    entries/1,
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

%% @doc Makes these the extension methods of an owner, the class module or other unit of a file; those that it had
%% before and that are not among them are removed. `Function(Self, Args...)' of the given module is the method.
%% A later registration for the same class, side and selector takes the place of the earlier one.
-spec replace(module(), [entry()]) -> ok.
replace(Owner, Entries) ->
    Rows = [row(Owner, Entry) || Entry <- Entries],
    Gone = ets:select(?TABLE, [{{'$1', '_', '_', '_', Owner}, [], ['$1']}]) -- [element(1, Row) || Row <- Rows],
    case {Rows, Gone} of
        {[], []} ->
            ok;
        _ ->
            ets:insert(?TABLE, Rows),
            lists:foreach(fun(Key) -> ets:delete(?TABLE, Key) end, Gone),
            publish()
    end.

%% @doc Registers one extension method.
-spec register(module(), side(), atom(), {module(), atom()}) -> ok.
register(Class, Side, Selector, {Module, _} = Function) ->
    ets:insert(?TABLE, row(beamtalk_name:class_module(Module), {Class, Side, Selector, Function})),
    publish().

row(Owner, {Class, Side, Selector, {Module, Function}}) ->
    {{Class, Side, Selector}, Module, Function, beamtalk_name:arity(Selector), Owner}.

%% @doc The extension methods of an owner.
-spec owned(module()) -> [entry()].
owned(Owner) ->
    Rows = ets:match_object(?TABLE, {'_', '_', '_', '_', Owner}),
    [{Class, Side, Selector, {Module, Function}} || {{Class, Side, Selector}, Module, Function, _, _} <- Rows].

%% @doc The extension methods that modules hold, as the names of their functions tell.
-spec entries([{module(), Exports :: [{atom(), arity()}]}]) -> [entry()].
entries(Modules) ->
    [
        {Class, Side, Selector, {Module, Function}}
     || {Module, Exports} <- Modules,
        {Function, _} <- Exports,
        {Class, Side, Selector} <- [beamtalk_name:extension(Function)]
    ].

%% @doc Removes an extension method; does nothing when there is none.
-spec unregister(module(), side(), atom()) -> ok.
unregister(Class, Side, Selector) ->
    ets:delete(?TABLE, {Class, Side, Selector}),
    publish().

%% @doc The extension method of exactly this class and side, with its number of arguments.
-spec lookup(module(), side(), atom()) -> {module(), atom(), arity()} | none.
lookup(Class, Side, Selector) ->
    case any(Selector) andalso beamtalk_tables:lookup(?TABLE, {Class, Side, Selector}) of
        [{_, Module, Function, Arity, _}] -> {Module, Function, Arity};
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
        _ -> ets:select(?TABLE, [{{{Class, Side, '$1'}, '_', '_', '_', '_'}, [], ['$1']}])
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
    Selectors = ets:select(?TABLE, [{{{'_', '_', '$1'}, '_', '_', '_', '_'}, [], ['$1']}]),
    Set = maps:from_keys(Selectors, true),
    case persistent_term:get(?EXTENDED_SELECTORS, #{}) of
        Set -> ok;
        _ -> persistent_term:put(?EXTENDED_SELECTORS, Set)
    end.
