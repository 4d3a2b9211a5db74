%% @doc Primitives of class Erlang, the gateway to Erlang modules.
-module(beamtalk_erlang).

-export(['doesNotUnderstand:args:'/3, 'respondsTo:'/2]).

%% @doc The proxy of a module. The message is a unary one with the module's name.
-spec 'doesNotUnderstand:args:'(term(), atom(), [term()]) -> beamtalk_erlang_module:proxy().
'doesNotUnderstand:args:'(_Self, Module, []) ->
    beamtalk_erlang_module:new(Module);
'doesNotUnderstand:args:'(Self, Selector, _) ->
    beamtalk_error:raise(beamtalk_error:does_not_understand(Self, Selector)).

%% @doc True for the names of modules that exist.
-spec 'respondsTo:'(term(), atom()) -> boolean().
'respondsTo:'(_Self, Selector) ->
    beamtalk_erlang_module:exists(Selector).
