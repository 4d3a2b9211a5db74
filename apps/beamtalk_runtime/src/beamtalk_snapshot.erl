%% @doc Blocks for another process, with the variables that they share as they are now.
%%
%% A block that is itself an argument of a message to an actor, or is given to a process that runs it, works on a copy
%% of the variables of its activation. {@link pack/1} replaces the cells in its environment, and in those of the blocks
%% that it refers to, by new ones, and puts their values beside it; {@link unpack/1} makes these the values of the
%% receiving process. Blocks that are packed together go on sharing what they share. That the cells are new keeps copies
%% apart: those of two messages, and a copy that comes back to the process of the original.
%%
%% A block inside another value goes as it is: in another process it starts with the values as of when it was made.
-module(beamtalk_snapshot).

-export([pack/1, unpack/1, terms/1, keys/1]).

-export_type([packed/0]).

-type packed() :: [term()] | {'$bt_packed', [term()], [{beamtalk_cell:cell(), term()}]}.
%% Terms for another process; as they are where no block of them shares a variable.

-type copies() :: #{beamtalk_cell:key() => {beamtalk_cell:cell(), term()}}.

%% @doc Terms, for instance the arguments of a message, for another process.
-spec pack([term()]) -> packed().
pack(Terms) ->
    case lists:any(fun erlang:is_function/1, Terms) of
        true -> packed(lists:mapfoldl(fun copy/2, #{}, Terms));
        false -> Terms
    end.

packed({Terms, Copies}) when map_size(Copies) =:= 0 -> Terms;
packed({Terms, Copies}) -> {'$bt_packed', Terms, maps:values(Copies)}.

%% @doc The terms, in the process that they were packed for.
-spec unpack(packed()) -> [term()].
unpack({'$bt_packed', Terms, Values}) ->
    lists:foreach(fun({Cell, Value}) -> beamtalk_cell:set(Cell, Value) end, Values),
    Terms;
unpack(Terms) ->
    Terms.

%% @doc The terms, in a process that has unpacked them before: variables keep the values that they have there.
-spec terms(packed()) -> [term()].
terms({'$bt_packed', Terms, _}) -> Terms;
terms(Terms) -> Terms.

-spec copy(term(), copies()) -> {term(), copies()}.
copy(Fun, Copies) when is_function(Fun) -> beamtalk_closure:mapfold(fun copy/2, Copies, Fun);
copy({'$bt_cell', Key, _, _} = Cell, Copies) -> copy_cell(Key, Cell, Copies);
copy(Term, Copies) -> {Term, Copies}.

%% The new cell is known before its value is copied, which may refer to it.
copy_cell(Key, Cell, Copies) ->
    case Copies of
        #{Key := {New, _}} ->
            {New, Copies};
        _ ->
            {NewKey, Handle} = beamtalk_cell:make(),
            New = {'$bt_cell', NewKey, Handle, nil},
            {Value, More} = copy(beamtalk_cell:get(Cell), Copies#{Key => {New, nil}}),
            {New, More#{Key := {New, Value}}}
    end.

%% @doc Keys of the cells that a value refers to, through blocks and through data that is made of terms.
-spec keys(term()) -> [beamtalk_cell:key()].
keys(Term) ->
    maps:keys(keys(Term, #{})).

keys({'$bt_cell', Key, _, _}, Keys) ->
    Keys#{Key => true};
keys(Fun, Keys) when is_function(Fun) ->
    {_, Found} = beamtalk_closure:mapfold(fun(Value, Acc) -> {Value, keys(Value, Acc)} end, Keys, Fun),
    Found;
keys([Head | Tail], Keys) ->
    keys(Tail, keys(Head, Keys));
keys(Tuple, Keys) when is_tuple(Tuple) ->
    keys(tuple_to_list(Tuple), Keys);
keys(Map, Keys) when is_map(Map) ->
    maps:fold(fun(Key, Value, Acc) -> keys(Value, keys(Key, Acc)) end, Keys, Map);
keys(_, Keys) ->
    Keys.
