%% @doc Primitives of class Ets, by ets. An instance holds the reference of its table, so it never means
%% another table that got the name later.
-module(beamtalk_ets).

-export(['new:type:'/3, 'named:'/2, 'exists:'/2, 'newOrExisting:type:'/3]).
-export(['at:'/2, 'at:put:'/3, 'at:ifAbsent:'/3, 'includesKey:'/2, 'removeKey:'/2, keys/1, size/1, delete/1]).

-define(CLASS, 'bt@stdlib@ets').

-type class_object() :: beamtalk_class:class_object().
-type table() :: #{'$beamtalk_class' := ?CLASS, name := atom(), table := ets:tid()}.

%% @doc A new table, which ends with the calling process.
-spec 'new:type:'(class_object(), atom(), atom()) -> table().
'new:type:'(Self, Name, Type) ->
    case create('new:type:', Self, Name, Type) of
        exists -> fail(already_exists, 'new:type:', Name, [$', atom_to_binary(Name), "' is the name of a table already"]);
        Table -> Table
    end.

create(Selector, Self, Name, Type) ->
    check_name(Selector, Self, Name),
    Options = [type(Selector, Self, Type), public, named_table, {read_concurrency, true}, {write_concurrency, true}],
    try ets:new(Name, Options) of
        Name -> instance(Name, ets:whereis(Name))
    catch
        error:badarg -> exists
    end.

check_name(Selector, Self, Name) ->
    beamtalk_argument:is_symbol(Name) orelse beamtalk_argument:wrong(Selector, Self, "the name is a Symbol").

type(_, _, set) -> set;
type(_, _, orderedSet) -> ordered_set;
type(_, _, bag) -> bag;
type(_, _, duplicateBag) -> duplicate_bag;
type(Selector, Self, _) ->
    beamtalk_argument:wrong(Selector, Self, "the type is #set, #orderedSet, #bag or #duplicateBag").

instance(Name, Table) ->
    #{'$beamtalk_class' => ?CLASS, name => Name, table => Table}.

%% @doc The table with a name.
-spec 'named:'(class_object(), atom()) -> table().
'named:'(Self, Name) ->
    case find('named:', Self, Name) of
        undefined -> fail(not_found, 'named:', Name, ["there is no table '", atom_to_binary(Name), "'"]);
        Table -> Table
    end.

find(Selector, Self, Name) ->
    check_name(Selector, Self, Name),
    case ets:whereis(Name) of
        undefined -> undefined;
        Table -> instance(Name, Table)
    end.

%% @doc Whether there is a table with a name.
-spec 'exists:'(class_object(), atom()) -> boolean().
'exists:'(Self, Name) ->
    find('exists:', Self, Name) =/= undefined.

%% @doc The table with a name, made if there is none.
-spec 'newOrExisting:type:'(class_object(), atom(), atom()) -> table().
'newOrExisting:type:'(Self, Name, Type) ->
    case create('newOrExisting:type:', Self, Name, Type) of
        exists -> existing(find('newOrExisting:type:', Self, Name), Self, Name, Type);
        Table -> Table
    end.

%% It may end between the two steps.
existing(undefined, Self, Name, Type) -> 'newOrExisting:type:'(Self, Name, Type);
existing(Table, _, _, _) -> Table.

%% @doc The value of a key, or nil.
-spec 'at:'(table(), term()) -> term().
'at:'(Self, Key) ->
    case lookup('at:', Self, Key) of
        {ok, Value} -> Value;
        none -> nil
    end.

%% @doc The value of a key, or of the block.
-spec 'at:ifAbsent:'(table(), term(), term()) -> term().
'at:ifAbsent:'(Self, Key, Block) ->
    case lookup('at:ifAbsent:', Self, Key) of
        {ok, Value} -> Value;
        none -> beamtalk_dispatch:send(Block, value, [])
    end.

%% Erlang code may have put tuples of other sizes into the table.
lookup(Selector, Self, Key) ->
    case on(Selector, Self, fun(Table) -> ets:lookup(Table, Key) end) of
        [Entry | _] when tuple_size(Entry) >= 2 -> {ok, element(2, Entry)};
        _ -> none
    end.

%% @doc Whether there is an entry with a key.
-spec 'includesKey:'(table(), term()) -> boolean().
'includesKey:'(Self, Key) ->
    on('includesKey:', Self, fun(Table) -> ets:member(Table, Key) end).

%% @doc Makes the value the only one of the key.
-spec 'at:put:'(table(), term(), term()) -> nil.
'at:put:'(Self, Key, Value) ->
    on('at:put:', Self, fun(Table) -> put(ets:info(Table, type), Table, Key, Value) end),
    nil.

put(Type, Table, Key, Value) when Type =:= bag; Type =:= duplicate_bag ->
    ets:delete(Table, Key),
    ets:insert(Table, {Key, Value});
put(_, Table, Key, Value) ->
    ets:insert(Table, {Key, Value}).

%% @doc Removes the entries of a key.
-spec 'removeKey:'(table(), term()) -> nil.
'removeKey:'(Self, Key) ->
    on('removeKey:', Self, fun(Table) -> ets:delete(Table, Key) end),
    nil.

%% @doc The keys, each once.
-spec keys(table()) -> [term()].
keys(Self) ->
    on(keys, Self, fun(Table) ->
        %% The keys are the first elements of tuples of any size.
        Keys = ets:foldr(fun(Entry, Keys) -> [element(1, Entry) | Keys] end, [], Table),
        distinct(ets:info(Table, type), Keys)
    end).

distinct(Type, Keys) when Type =:= bag; Type =:= duplicate_bag -> lists:usort(Keys);
distinct(_, Keys) -> Keys.

%% @doc The number of entries.
-spec size(table()) -> non_neg_integer().
size(Self) ->
    on(size, Self, fun(Table) ->
        Size = ets:info(Table, size),
        is_integer(Size) orelse error(badarg),
        Size
    end).

%% @doc Ends the table. Only its owner may.
-spec delete(table()) -> nil.
delete(#{table := Table, name := Name} = Self) ->
    case on(delete, Self, fun ets_owner/1) of
        Owner when Owner =:= self() ->
            true = ets:delete(Table),
            nil;
        _ ->
            fail(not_owner, delete, Name, ["the table '", atom_to_binary(Name), "' belongs to another process"])
    end.

ets_owner(Table) ->
    Owner = ets:info(Table, owner),
    is_pid(Owner) orelse error(badarg),
    Owner.

%% Operations on a table that has ended, or that is not public, fail with badarg.
on(Selector, #{table := Table, name := Name}, Operation) ->
    try
        Operation(Table)
    catch
        error:badarg -> unusable(ets:info(Table, protection), Selector, Name)
    end.

-spec unusable(term(), atom(), atom()) -> no_return().
unusable(undefined, Selector, Name) ->
    fail(stale_table, Selector, Name, ["the table '", atom_to_binary(Name), "' has ended"]);
unusable(Protection, Selector, Name) ->
    fail(not_owner, Selector, Name, ["the table '", atom_to_binary(Name), "' is ", atom_to_binary(Protection)]).

-spec fail(atom(), atom(), atom(), iodata()) -> no_return().
fail(Kind, Selector, Name, Message) ->
    beamtalk_error:raise(Kind, Message, #{
        selector => Selector, errorClass => 'Ets', hint => hint(Kind), details => #{name => Name}
    }).

hint(already_exists) -> <<"use 'named:' or 'newOrExisting:type:' for a table that may exist">>;
hint(not_found) -> <<"use 'exists:' to ask, or 'newOrExisting:type:'">>;
hint(stale_table) -> <<"a table ends when it is deleted, and with the process that made it">>;
hint(not_owner) -> <<"leave it to the process that made the table">>.
