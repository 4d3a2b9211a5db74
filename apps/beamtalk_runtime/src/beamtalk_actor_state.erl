%% @doc The fields of an actor, as its process sees them while it runs a method.
%%
%% They are one map in the process dictionary. A snapshot is a reference to that map, so taking one and
%% putting it back costs nothing: that is all there is to the rollback of a failed message.
-module(beamtalk_actor_state).

-export([enter/1, leave/0, in_actor/0, get_field/2, put_field/3, all/0, snapshot/0, restore/1]).

-export_type([snapshot/0]).

-define(STATE, '$bt_state').

-type slots() :: #{term() => term()}.
-opaque snapshot() :: slots() | undefined.

%% @doc Makes the given fields those of the method that is about to run.
-spec enter(slots()) -> ok.
enter(Slots) ->
    _ = put(?STATE, Slots),
    ok.

%% @doc Ends the method and answers its fields.
-spec leave() -> slots().
leave() ->
    erase(?STATE).

%% @doc True in a method of an actor.
-spec in_actor() -> boolean().
in_actor() ->
    get(?STATE) =/= undefined.

%% @doc Value of a field. A field that the class got after the actor was created has its default.
-spec get_field(term(), atom()) -> term().
get_field({beamtalk_object, _, Module, Pid} = Self, Name) when Pid =:= self() ->
    case get(?STATE) of
        #{Name := Value} -> Value;
        undefined -> foreign(read, Name, Self);
        Slots -> added(Module, Name, Slots)
    end;
get_field(Self, Name) ->
    foreign(read, Name, Self).

added(Module, Name, Slots) ->
    case Module:'$defaults'() of
        #{Name := Default} ->
            put(?STATE, Slots#{Name => Default}),
            Default;
        _ ->
            beamtalk_error:raise(beamtalk_error:key_error(Name))
    end.

%% @doc Changes a field and answers the value.
-spec put_field(term(), atom(), Value) -> Value.
put_field({beamtalk_object, _, _, Pid} = Self, Name, Value) when Pid =:= self() ->
    case get(?STATE) of
        undefined ->
            foreign(assign, Name, Self);
        Slots ->
            put(?STATE, Slots#{Name => Value}),
            Value
    end;
put_field(Self, Name, _) ->
    foreign(assign, Name, Self).

-spec foreign(assign | read, atom(), term()) -> no_return().
foreign(Action, Name, Self) ->
    beamtalk_error:raise(beamtalk_error:foreign_state(Action, Name, Self)).

%% @doc All fields; empty outside of an actor's method.
-spec all() -> slots().
all() ->
    case get(?STATE) of
        undefined -> #{};
        Slots -> Slots
    end.

%% @doc The fields as they are now. Outside of an actor there is nothing to take.
-spec snapshot() -> snapshot().
snapshot() ->
    get(?STATE).

%% @doc Puts the fields back as they were.
-spec restore(snapshot()) -> ok.
restore(undefined) ->
    ok;
restore(Slots) ->
    enter(Slots).
