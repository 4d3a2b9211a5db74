%% @doc Class variables.
%%
%% Every class object has its own variables in one table; a variable that has no entry yet gets the
%% default of `$class_defaults', which covers inherited class variables too.
%%
%% What is guaranteed:
%%
%% <ul>
%% <li>A single read or write is atomic.</li>
%% <li>Between begin and end of {@link transaction/2} no other transaction of the same class runs. The
%% lock is re-entrant along a chain of synchronous sends, and released when the process that took it ends.</li>
%% <li>The writes of a transaction become visible to others together, when the outermost
%% transaction of the class ends normally or by a non-local return. When it raises they are dropped;
%% when a nested one raises, the writes since its beginning are.</li>
%% <li>A write outside of a transaction is one by itself.</li>
%% </ul>
%%
%% The writes of the transactions under way are the buffers of the process: a map by class. A class that has a buffer is
%% locked by this process, or by one that waits for it: the request of a synchronous send carries the buffers of the
%% sender ({@link lend/0}), the receiver works on them ({@link borrow/2}), and the answer carries them back
%% ({@link repay/1}). A sender that has stopped waiting never gets its loan back, so nothing that the receiver does
%% after that counts.
-module(beamtalk_class_state).

-export([get/2, put/3, transaction/2, trial/2, forget/1]).
-export([lend/0, borrow/2, repay/1]).

-export_type([buffers/0]).

-define(TABLE, beamtalk_class_vars).
-define(BUFFERS, '$bt_class_buffers').

-type class_object() :: {'$bt_class', module()}.
-type buffers() :: #{module() => #{atom() => term()}}.

%% @doc Value of a class variable; an undeclared one is a key_error.
-spec get(class_object(), atom()) -> term().
get({'$bt_class', Module}, Name) ->
    case erlang:get(?BUFFERS) of
        #{Module := #{Name := Value}} -> Value;
        _ -> committed(Module, Name)
    end.

committed(Module, Name) ->
    case beamtalk_tables:lookup(?TABLE, {Module, Name}) of
        [{_, Value}] -> Value;
        [] -> initialized(Module, Name)
    end.

%% Two processes may evaluate the defaults at the same time; the first to insert wins.
initialized(Module, Name) ->
    case Module:'$class_defaults'() of
        #{Name := Default} ->
            _ = ets:insert_new(?TABLE, {{Module, Name}, Default}),
            ets:lookup_element(?TABLE, {Module, Name}, 2);
        _ ->
            beamtalk_error:raise(beamtalk_error:key_error(Name))
    end.

%% @doc Changes a class variable and answers the value.
-spec put(class_object(), atom(), Value) -> Value.
put({'$bt_class', Module} = Class, Name, Value) ->
    _ = get(Class, Name),
    transaction(Class, fun() -> write(Module, Name, Value) end).

write(Module, Name, Value) ->
    #{Module := Buffer} = Buffers = erlang:get(?BUFFERS),
    erlang:put(?BUFFERS, Buffers#{Module := Buffer#{Name => Value}}),
    Value.

%% @doc Runs `Fun' as a transaction on the variables of one class.
-spec transaction(class_object(), fun(() -> Result)) -> Result.
transaction({'$bt_class', Module}, Fun) ->
    case erlang:get(?BUFFERS) of
        #{Module := Buffer} -> nested(Module, Buffer, Fun);
        undefined -> locked(Module, last, Fun);
        _ -> locked(Module, first, Fun)
    end.

locked(Module, Place, Fun) ->
    beamtalk_lock:with({class, Module}, Place, fun() -> outermost(Module, Fun) end).

outermost(Module, Fun) ->
    set_buffer(Module, #{}),
    try Fun() of
        Result ->
            commit(Module),
            Result
    catch
        throw:{'$bt_return', _, _} = Return:Stack ->
            commit(Module),
            erlang:raise(throw, Return, Stack)
    after
        drop_buffer(Module)
    end.

commit(Module) ->
    Rows = [{{Module, Name}, Value} || {Name, Value} <- maps:to_list(buffer(Module))],
    ets:insert(?TABLE, Rows).

nested(Module, Buffer, Fun) ->
    try
        Fun()
    catch
        throw:{'$bt_return', _, _} = Return:Stack ->
            erlang:raise(throw, Return, Stack);
        Class:Reason:Stack ->
            set_buffer(Module, Buffer),
            erlang:raise(Class, Reason, Stack)
    end.

%% @doc Runs `Fun' as a transaction whose writes are dropped in any case.
-spec trial(class_object(), fun(() -> Result)) -> Result.
trial({'$bt_class', Module} = Class, Fun) ->
    transaction(Class, fun() ->
        Buffer = buffer(Module),
        try
            Fun()
        after
            set_buffer(Module, Buffer)
        end
    end).

buffer(Module) ->
    maps:get(Module, erlang:get(?BUFFERS)).

set_buffer(Module, Buffer) ->
    Buffers =
        case erlang:get(?BUFFERS) of
            undefined -> #{};
            Present -> Present
        end,
    erlang:put(?BUFFERS, Buffers#{Module => Buffer}).

drop_buffer(Module) ->
    case maps:remove(Module, erlang:get(?BUFFERS)) of
        None when map_size(None) =:= 0 -> erase(?BUFFERS);
        Buffers -> erlang:put(?BUFFERS, Buffers)
    end.

%% @doc The buffers of this process, for another one that it is going to wait for; `none' outside of transactions.
-spec lend() -> buffers() | none.
lend() ->
    case erlang:get(?BUFFERS) of
        undefined -> none;
        Buffers -> Buffers
    end.

%% @doc Runs `Fun' as part of the transactions of a process that waits for this one. What {@link lend/0} answers at its
%% end is to be given back.
-spec borrow(buffers(), fun(() -> Result)) -> Result.
borrow(Buffers, Fun) ->
    erlang:put(?BUFFERS, Buffers),
    try
        Fun()
    after
        erase(?BUFFERS)
    end.

%% @doc Takes back what was lent.
-spec repay(buffers()) -> ok.
repay(Buffers) ->
    _ = erlang:put(?BUFFERS, Buffers),
    ok.

%% @doc Drops the variables of a class that is removed.
-spec forget(module()) -> ok.
forget(Module) ->
    ets:match_delete(?TABLE, {{Module, '_'}, '_'}),
    ok.
