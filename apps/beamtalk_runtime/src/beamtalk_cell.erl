%% @doc Variables that blocks share.
%%
%% A cell is a marker `{'$bt_cell', Key, Handle, Value0}' that blocks hold, and an entry `{'$bt_cell', Value}' of the
%% process dictionary under the key. A process without the entry got the marker from another one: it starts with
%% `Value0', the value as of when the block was made, and makes its own entry at its first assignment.
%%
%% The entry lives until nothing refers to the handle any more ({@link beamtalk_cells}): the keys of dead cells are
%% queued, and taken from the queue when the process makes its next cell. Without that library the handle is
%% `undefined' and an entry lives as long as its process. So does, in any case, the entry of a cell whose value refers to
%% the cell, as that of a block which calls itself through a variable that is assigned twice: the entry keeps the
%% handle that keeps the entry. {@link cyclic/0} counts those.
-module(beamtalk_cell).

-compile({no_auto_import, [get/1]}).

-export([new/1, get/1, set/2, captured/1, fetch/1, assign/2, adopt/1]).
-export([is_cell/1, release/1, make/0, export/0, exported_value/2, import/1, collector/0, use_collector/1, count/0, cyclic/0]).

-export_type([cell/0, key/0, exported/0, collector/0]).

-define(COLLECTOR, '$bt_cells').

%% So many entries are worth a garbage collection before they are copied to another process.
-define(MANY, 1000).

-type key() :: beamtalk_cells:key() | reference().
-type cell() :: {'$bt_cell', key(), Handle :: beamtalk_cells:handle() | undefined, Value0 :: term()}.
-type entry() :: {'$bt_cell', term()}.
-type exported() :: [{key(), entry()}].
-type collector() :: beamtalk_cells:collector() | none.

%% @doc A new cell.
-spec new(term()) -> cell().
new(Value) ->
    {Key, Handle} = make(),
    put(Key, {'$bt_cell', Value}),
    {'$bt_cell', Key, Handle, Value}.

%% @doc Key and handle of a cell that this process makes, for itself or for another one.
-spec make() -> {key(), beamtalk_cells:handle() | undefined}.
make() ->
    case erlang:get(?COLLECTOR) of
        undefined ->
            use_collector(collector()),
            make();
        none ->
            {make_ref(), undefined};
        Collector ->
            {Key, Handle, Freed} = beamtalk_cells:make(Collector),
            Freed =:= [] orelse erase_all(Freed, Collector),
            {Key, Handle}
    end.

erase_all([], _) ->
    ok;
erase_all(Keys, Collector) ->
    lists:foreach(fun erlang:erase/1, Keys),
    erase_all(beamtalk_cells:freed(Collector), Collector).

%% @doc Value of the cell in this process.
-spec get(cell()) -> term().
get({'$bt_cell', Key, _, Value0}) ->
    case erlang:get(Key) of
        {'$bt_cell', Value} -> Value;
        undefined -> Value0
    end.

%% @doc Changes the cell in this process and answers the value.
-spec set(cell(), Value) -> Value.
set({'$bt_cell', Key, Handle, _}, Value) ->
    case put(Key, {'$bt_cell', Value}) of
        undefined -> watch(Handle);
        _ -> ok
    end,
    Value.

%% This process did not make the cell, and has an entry for it now. A handle from another node is none here.
watch(undefined) ->
    ok;
watch(Handle) ->
    case erlang:get(?COLLECTOR) of
        undefined ->
            use_collector(collector()),
            watch(Handle);
        none ->
            ok;
        Collector ->
            try
                beamtalk_cells:watch(Handle, Collector)
            catch
                error:badarg -> ok
            end
    end.

%% @doc The cell as a block captures it: in another process it starts with the present value.
-spec captured(cell()) -> cell().
captured({'$bt_cell', Key, Handle, Value0} = Cell) ->
    case erlang:get(Key) of
        {'$bt_cell', Value} when Value =/= Value0 -> {'$bt_cell', Key, Handle, Value};
        _ -> Cell
    end.

%% @doc Value of a variable that may be a cell.
-spec fetch(term()) -> term().
fetch({'$bt_cell', _, _, _} = Cell) -> get(Cell);
fetch(Value) -> Value.

%% @doc Changes a variable that may be a cell and answers its new binding.
-spec assign(term(), term()) -> term().
assign({'$bt_cell', _, _, _} = Cell, Value) ->
    _ = set(Cell, Value),
    Cell;
assign(_, Value) ->
    Value.

%% @doc A variable that may be a cell, as a cell: blocks are about to share it.
-spec adopt(term()) -> cell().
adopt({'$bt_cell', _, _, _} = Cell) -> Cell;
adopt(Value) -> new(Value).

%% @doc True for a cell.
-spec is_cell(term()) -> boolean().
is_cell({'$bt_cell', _, _, _}) -> true;
is_cell(_) -> false.

%% @doc Gives cells back which nothing else holds.
-spec release([cell()]) -> ok.
release(Cells) ->
    lists:foreach(fun({'$bt_cell', Key, _, _}) -> erase(Key) end, Cells).

%% ---------------------------------------------------------------------------------------------------
%% Processes that continue the work of another one
%% ---------------------------------------------------------------------------------------------------

%% @doc All cells of this process, to be carried to another one that continues its work.
-spec export() -> exported().
export() ->
    collect(),
    case entries() of
        Entries when length(Entries) < ?MANY ->
            Entries;
        _ ->
            garbage_collect(),
            collect(),
            entries()
    end.

entries() ->
    [Entry || {_, {'$bt_cell', _}} = Entry <- erlang:get()].

collect() ->
    case erlang:get(?COLLECTOR) of
        Collector when is_reference(Collector) -> erase_all(beamtalk_cells:freed(Collector), Collector);
        _ -> ok
    end.

%% @doc Takes over exported cells.
-spec import(exported()) -> ok.
import(Entries) ->
    lists:foreach(fun({Key, Entry}) -> put(Key, Entry) end, Entries).

%% @doc Value of a variable that may be a cell, according to exported cells.
-spec exported_value(term(), exported()) -> term().
exported_value({'$bt_cell', Key, _, Value0}, Entries) ->
    case lists:keyfind(Key, 1, Entries) of
        {_, {'$bt_cell', Value}} -> Value;
        false -> Value0
    end;
exported_value(Value, _) ->
    Value.

%% @doc What learns of the end of cells. Processes that work one after the other can use the same.
-spec collector() -> collector().
collector() ->
    case beamtalk_cells:is_loaded() of
        true -> beamtalk_cells:collector();
        false -> none
    end.

%% @doc Makes this process collect its cells by the given collector, which no other process uses any more.
-spec use_collector(collector()) -> ok.
use_collector(Collector) ->
    _ = put(?COLLECTOR, Collector),
    ok.

%% @doc Number of cells of this process. The emulator runs destructors soon after a garbage collection, not within it.
-spec count() -> non_neg_integer().
count() ->
    collect(),
    length(entries()).

%% @doc Number of cells of this process that stay until it ends, because their values refer to them.
-spec cyclic() -> non_neg_integer().
cyclic() ->
    Held = maps:from_list([{Key, beamtalk_snapshot:keys(Value)} || {Key, {'$bt_cell', Value}} <- entries()]),
    length([Key || Key <- maps:keys(Held), reaches(Key, maps:get(Key, Held), Held, #{})]).

reaches(_, [], _, _) ->
    false;
reaches(Key, [Key | _], _, _) ->
    true;
reaches(Key, [Next | Rest], Held, Seen) when is_map_key(Next, Seen) ->
    reaches(Key, Rest, Held, Seen);
reaches(Key, [Next | Rest], Held, Seen) ->
    reaches(Key, maps:get(Next, Held, []) ++ Rest, Held, Seen#{Next => true}).
