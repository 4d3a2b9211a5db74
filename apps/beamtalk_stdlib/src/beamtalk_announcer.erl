%% @doc Primitives of class Announcer, whose instances are names of announcers.
-module(beamtalk_announcer).

-export([
    new/1, 'when:do:'/3, 'when:send:to:'/4, 'when:doOnce:'/3, 'announce:'/2, 'announceAndWait:timeout:'/3,
    'unsubscribe:'/2, subscriptions/1
]).

-define(EVENT, 'bt@stdlib@announcement').

-type announcer() :: #{'$beamtalk_class' := module(), '$announcer' := beamtalk_announcements:announcer()}.
-type subscription() :: #{'$beamtalk_class' := module(), '$key' := beamtalk_announcements:key()}.

%% @doc `new'
-spec new(beamtalk_class:class_object()) -> announcer().
new({'$bt_class', Module}) ->
    #{'$beamtalk_class' => Module, '$announcer' => make_ref()}.

%% @doc `when:do:'
-spec 'when:do:'(announcer(), term(), term()) -> subscription().
'when:do:'(Self, Class, Block) ->
    subscribe(Self, event_class('when:do:', Self, Class), {do, block('when:do:', Self, Block)}).

%% @doc `when:doOnce:'
-spec 'when:doOnce:'(announcer(), term(), term()) -> subscription().
'when:doOnce:'(Self, Class, Block) ->
    subscribe(Self, event_class('when:doOnce:', Self, Class), {doOnce, block('when:doOnce:', Self, Block)}).

%% @doc `when:send:to:'
-spec 'when:send:to:'(announcer(), term(), term(), term()) -> subscription().
'when:send:to:'(Self, Class, Selector, Receiver) ->
    Module = event_class('when:send:to:', Self, Class),
    case is_atom(Selector) andalso beamtalk_name:arity(Selector) of
        1 -> subscribe(Self, Module, {send, Selector, Receiver});
        _ -> beamtalk_argument:wrong('when:send:to:', Self, <<"it takes a selector with one argument">>)
    end.

subscribe(#{'$announcer' := Announcer}, Module, Handler) ->
    Key = beamtalk_announcements:subscribe(Announcer, Module, Handler),
    #{'$beamtalk_class' => 'bt@stdlib@subscription', '$key' => Key}.

event_class(Selector, Self, {'$bt_class', Module}) ->
    case beamtalk_hierarchy:is_kind_of(Module, ?EVENT) of
        true -> Module;
        false -> not_announcement(Selector, Self)
    end;
event_class(Selector, Self, _) ->
    not_announcement(Selector, Self).

-spec not_announcement(atom(), announcer()) -> no_return().
not_announcement(Selector, Self) ->
    beamtalk_argument:wrong(Selector, Self, <<"events are instances of subclasses of Announcement">>).

block(_, _, Block) when is_function(Block, 1); is_function(Block, 0) -> beamtalk_helper:prepare(Block);
block(Selector, Self, _) -> beamtalk_argument:wrong(Selector, Self, <<"it takes a block with one parameter">>).

%% @doc `announce:'
-spec 'announce:'(announcer(), term()) -> nil.
'announce:'(#{'$announcer' := Announcer} = Self, Event) ->
    beamtalk_announcements:announce(Announcer, event('announce:', Self, Event)),
    nil.

%% @doc `announceAndWait:timeout:'
-spec 'announceAndWait:timeout:'(announcer(), term(), term()) -> nil.
'announceAndWait:timeout:'(#{'$announcer' := Announcer} = Self, Event, Time) ->
    case beamtalk_limit:milliseconds(Time) of
        invalid ->
            beamtalk_argument:wrong('announceAndWait:timeout:', Self, <<"the limit is milliseconds or a Duration">>);
        Limit ->
            Checked = event('announceAndWait:timeout:', Self, Event),
            beamtalk_announcements:announce_and_wait(Announcer, Checked, Limit),
            nil
    end.

event(Selector, Self, #{'$beamtalk_class' := Module} = Event) ->
    _ = event_class(Selector, Self, {'$bt_class', Module}),
    Event;
event(Selector, Self, _) ->
    not_announcement(Selector, Self).

%% @doc `unsubscribe:'
-spec 'unsubscribe:'(announcer(), term()) -> nil.
'unsubscribe:'(#{'$announcer' := Announcer}, Receiver) ->
    Rows = beamtalk_announcements:rows(Announcer),
    ok = beamtalk_announcements:unsubscribe([Key || {Key, _, _} = Row <- Rows, is_held_by(Receiver, Row)]),
    nil.

is_held_by(Receiver, {_, _, {send, _, Receiver}}) -> true;
is_held_by({beamtalk_object, _, _, _} = Actor, {_, Subscriber, _}) -> beamtalk_actor:find(Actor) =:= Subscriber;
is_held_by(Receiver, {_, Subscriber, _}) -> Receiver =:= Subscriber.

%% @doc `subscriptions'
-spec subscriptions(announcer()) -> [map()].
subscriptions(#{'$announcer' := Announcer} = Self) ->
    [subscription_node(Self, Row) || Row <- beamtalk_announcements:rows(Announcer)].

subscription_node(Self, {{_, Module, _}, Subscriber, Handler}) ->
    Kind = element(1, Handler),
    #{
        '$beamtalk_class' => 'bt@stdlib@subscription_node',
        announcementClass => {'$bt_class', Module},
        announcer => Self,
        subscriber => Subscriber,
        handlerKind => Kind,
        once => Kind =:= doOnce
    }.
