%% @doc Primitives of class TimeoutProxy.
-module(beamtalk_timeout_proxy).

-export(['doesNotUnderstand:args:'/3]).

%% @doc Tells the sender to send the message to the target itself.
-spec 'doesNotUnderstand:args:'(beamtalk_actor:ref(), atom(), list()) -> no_return().
'doesNotUnderstand:args:'(Self, Selector, _) ->
    forward(beamtalk_actor:get_field(Self, target), beamtalk_actor:get_field(Self, timeoutMs), Self, Selector).

-spec forward(term(), term(), beamtalk_actor:ref(), atom()) -> no_return().
forward({beamtalk_object, _, _, _} = Target, Limit, Self, Selector) ->
    case beamtalk_limit:milliseconds(Limit) of
        invalid -> beamtalk_argument:wrong(Selector, Self, <<"its time limit is no number of milliseconds">>);
        Ms -> beamtalk_actor_server:forward(Target, Ms)
    end;
forward(_, _, Self, Selector) ->
    beamtalk_argument:wrong(Selector, Self, <<"it has no actor as its target, use 'setTarget:'">>).
