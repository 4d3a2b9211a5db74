%% @doc Primitives of class Subscription, whose instances are keys of subscriptions.
-module(beamtalk_subscription).

-export([unsubscribe/1, isActive/1]).

-type subscription() :: #{'$beamtalk_class' := module(), '$key' := beamtalk_announcements:key()}.

%% @doc `unsubscribe'
-spec unsubscribe(subscription()) -> nil.
unsubscribe(#{'$key' := Key}) ->
    ok = beamtalk_announcements:unsubscribe([Key]),
    nil.

%% @doc `isActive'
-spec isActive(subscription()) -> boolean().
isActive(#{'$key' := Key}) ->
    beamtalk_announcements:is_active(Key).
