%% @doc Variables that blocks share.
%%
%% A cell is a marker `{'$bt_cell', Key, Handle, Value0}' that closures hold, and an entry of the process
%% dictionary under the key. The entry is a list of one element, since `undefined' is a value too.
%% A process without the entry got the marker from another one: it starts with the value at creation
%% and makes its own entry at its first assignment.
%%
%% `Handle' is reserved for the collection of cells that outlive their activation and is `undefined'.
-module(beamtalk_cell).

-compile({no_auto_import, [get/1]}).

-export([new/1, get/1, set/2, fetch/1, assign/2, adopt/1]).
-export([is_cell/1, release/1, snapshot/1, export/0, import/1]).

-export_type([cell/0, exported/0]).

-type key() :: {'$bt_cell', reference()}.
-type cell() :: {'$bt_cell', key(), Handle :: undefined, Value0 :: term()}.
-type exported() :: [{key(), [term()]}].

%% @doc A new cell.
-spec new(term()) -> cell().
new(Value) ->
    Key = {'$bt_cell', make_ref()},
    put(Key, [Value]),
    {'$bt_cell', Key, undefined, Value}.

%% @doc Value of the cell in this process.
-spec get(cell()) -> term().
get({'$bt_cell', Key, _, Value0}) ->
    case erlang:get(Key) of
        [Value] -> Value;
        undefined -> Value0
    end.

%% @doc Changes the cell in this process and answers the value.
-spec set(cell(), Value) -> Value.
set({'$bt_cell', Key, _, _}, Value) ->
    put(Key, [Value]),
    Value.

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
is_cell({'$bt_cell', {'$bt_cell', _}, _, _}) -> true;
is_cell(_) -> false.

%% @doc Gives cells back whose activation has ended and which nothing else holds.
-spec release([cell()]) -> ok.
release(Cells) ->
    lists:foreach(fun({'$bt_cell', Key, _, _}) -> erase(Key) end, Cells).

%% @doc A cell with the present value, for another process: no entry of any process belongs to it yet.
-spec snapshot(cell()) -> cell().
snapshot(Cell) ->
    {'$bt_cell', {'$bt_cell', make_ref()}, undefined, get(Cell)}.

%% @doc All cells of this process, to be carried to another one that continues its work.
-spec export() -> exported().
export() ->
    [Entry || {{'$bt_cell', _}, _} = Entry <- erlang:get()].

%% @doc Takes over exported cells.
-spec import(exported()) -> ok.
import(Entries) ->
    lists:foreach(fun({Key, Boxed}) -> put(Key, Boxed) end, Entries).
