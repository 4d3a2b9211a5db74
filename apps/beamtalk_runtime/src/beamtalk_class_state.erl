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
%% lock is re-entrant within the process and released when the process ends.</li>
%% <li>The writes of a transaction become visible to other processes together, when the outermost
%% transaction of the class ends normally or by a non-local return. When it raises they are dropped;
%% when a nested one raises, the writes since its beginning are.</li>
%% <li>A write outside of a transaction takes effect at once and is not serialized with others.</li>
%% </ul>
-module(beamtalk_class_state).

-export([get/2, put/3, transaction/2, trial/2, forget/1]).

-define(TABLE, beamtalk_class_vars).
-define(BUFFER(Module), {?MODULE, Module}).

-type class_object() :: {'$bt_class', module()}.

%% @doc Value of a class variable; an undeclared one is a key_error.
-spec get(class_object(), atom()) -> term().
get({'$bt_class', Module}, Name) ->
    case erlang:get(?BUFFER(Module)) of
        #{Name := Value} -> Value;
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
    case erlang:get(?BUFFER(Module)) of
        undefined -> ets:insert(?TABLE, {{Module, Name}, Value});
        Buffer -> erlang:put(?BUFFER(Module), Buffer#{Name => Value})
    end,
    Value.

%% @doc Runs `Fun' as a transaction on the variables of one class.
-spec transaction(class_object(), fun(() -> Result)) -> Result.
transaction({'$bt_class', Module}, Fun) ->
    case erlang:get(?BUFFER(Module)) of
        undefined -> beamtalk_lock:with({class, Module}, fun() -> outermost(Module, Fun) end);
        Buffer -> nested(Module, Buffer, Fun)
    end.

outermost(Module, Fun) ->
    erlang:put(?BUFFER(Module), #{}),
    try Fun() of
        Result ->
            commit(Module),
            Result
    catch
        throw:{'$bt_return', _, _} = Return:Stack ->
            commit(Module),
            erlang:raise(throw, Return, Stack)
    after
        erase(?BUFFER(Module))
    end.

commit(Module) ->
    Rows = [{{Module, Name}, Value} || {Name, Value} <- maps:to_list(erlang:get(?BUFFER(Module)))],
    ets:insert(?TABLE, Rows).

nested(Module, Buffer, Fun) ->
    try
        Fun()
    catch
        throw:{'$bt_return', _, _} = Return:Stack ->
            erlang:raise(throw, Return, Stack);
        Class:Reason:Stack ->
            erlang:put(?BUFFER(Module), Buffer),
            erlang:raise(Class, Reason, Stack)
    end.

%% @doc Runs `Fun' as a transaction whose writes are dropped in any case.
-spec trial(class_object(), fun(() -> Result)) -> Result.
trial({'$bt_class', Module} = Class, Fun) ->
    transaction(Class, fun() ->
        Buffer = erlang:get(?BUFFER(Module)),
        try
            Fun()
        after
            erlang:put(?BUFFER(Module), Buffer)
        end
    end).

%% @doc Drops the variables of a class that is removed.
-spec forget(module()) -> ok.
forget(Module) ->
    ets:match_delete(?TABLE, {{Module, '_'}, '_'}),
    ok.
