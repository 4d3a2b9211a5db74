%% @doc The ETS tables of the runtime.
%%
%% | table                    | entry                                   | written by              |
%% |--------------------------|-----------------------------------------|-------------------------|
%% | `beamtalk_classes'       | `{Module, Name, Superclass}'            | `beamtalk_class'        |
%% | `beamtalk_class_names'   | `{Name, Module}'                        | `beamtalk_class'        |
%% | `beamtalk_class_vars'    | `{{Module, Variable}, Value}'           | `beamtalk_class_state'  |
%% | `beamtalk_class_docs'    | `{Module | {Module, Side, Selector}, Text}' | `beamtalk_behaviour' |
%% | `beamtalk_extensions'    | `{{Module, Side, Selector}, M, F, Arity}' | `beamtalk_extension'  |
%% | `beamtalk_slots'         | `{Module, LastSlot, [{Pid, Slot}]}'     | `beamtalk_loader'       |
%% | `beamtalk_locks'         | `{Key, Holder}'                         | `beamtalk_lock'         |
%% | `beamtalk_waits'         | `{Waiter, Node, Ref}', `{{claim, Ref}, Pid}', a bag | `beamtalk_wait' |
%% | `beamtalk_cancelled'     | `{Actor, Ref}', a bag                   | `beamtalk_wait'         |
%% | `beamtalk_actor_names'   | `{Name, Pid, Module}'                   | `beamtalk_actor_name'   |
-module(beamtalk_tables).

-export([create/0, names/0, lookup/2, take/2]).

%% @doc Creates the tables that do not exist yet; the calling process owns them.
-spec create() -> ok.
create() ->
    lists:foreach(fun create/1, names()).

%% @doc Names of all tables.
-spec names() -> [atom()].
names() ->
    [
        beamtalk_classes,
        beamtalk_class_names,
        beamtalk_class_vars,
        beamtalk_class_docs,
        beamtalk_extensions,
        beamtalk_slots,
        beamtalk_locks,
        beamtalk_waits,
        beamtalk_cancelled,
        beamtalk_actor_names
    ].

%% @doc Looks a key up; a table that does not exist (the application is not running) is empty.
-spec lookup(atom(), term()) -> [tuple()].
lookup(Table, Key) ->
    try
        ets:lookup(Table, Key)
    catch
        error:badarg -> []
    end.

%% @doc The same, and removes what it finds.
-spec take(atom(), term()) -> [tuple()].
take(Table, Key) ->
    try
        ets:take(Table, Key)
    catch
        error:badarg -> []
    end.

create(Name) ->
    case ets:whereis(Name) of
        undefined ->
            Name = ets:new(Name, [
                named_table, type(Name), public, {read_concurrency, true}, {write_concurrency, auto}
            ]),
            ok;
        _ ->
            ok
    end.

type(beamtalk_cancelled) -> bag;
type(beamtalk_waits) -> bag;
type(_) -> set.
