%% @doc Protocols, and the primitives of class Protocol.
%%
%% A protocol is registered like a class, below class Protocol; its module says under the key `protocol' of
%% `$class' what is required. Who conforms is asked of the classes each time: nothing is recorded that a
%% change of a class could make wrong.
-module(beamtalk_protocol).

-export([send/3, conforms/2, satisfied_by/1, is_protocol/1]).
%% Primitives, named by selector
-export([
    'requiredMethods:'/2, 'conformingClasses:'/2, 'isProtocol:'/2, allProtocols/1,
    requiredMethods/1, conformingClasses/1
]).

-define(PROTOCOL, 'bt@stdlib@protocol').

-type requirement() :: {beamtalk_hierarchy:side(), Selector :: atom()}.

%% @doc A message to a protocol, which is an instance of Protocol and for the rest like a class.
-spec send(atom(), [term()], beamtalk_class:class_object()) -> term().
send(Selector, Args, {'$bt_class', Module} = Self) ->
    case beamtalk_hierarchy:defines(instance, ?PROTOCOL, Selector) of
        true -> beamtalk_dispatch:continue(Module, ?PROTOCOL, Selector, Args, Self);
        false -> beamtalk_dispatch:class_continue(Module, ?PROTOCOL, Selector, Args, Self)
    end.

%% @doc Whether a class conforms to the protocol of that name; false when there is none. A metaclass conforms
%% when its class, as an object, understands what is required.
-spec conforms(beamtalk_behaviour:behaviour(), atom()) -> boolean().
conforms(Behaviour, Name) ->
    case find(Name) of
        {ok, Protocol} -> meets(Behaviour, Protocol);
        error -> false
    end.

%% @doc Names of the protocols that a class conforms to, sorted.
-spec satisfied_by(beamtalk_behaviour:behaviour()) -> [atom()].
satisfied_by(Behaviour) ->
    [name(Protocol) || Protocol <- protocols(), meets(Behaviour, Protocol)].

%% @doc Whether the module is that of a protocol.
-spec is_protocol(module()) -> boolean().
is_protocol(Module) ->
    beamtalk_hierarchy:superclass(Module) =:= ?PROTOCOL.

%% @doc `requiredMethods:': what a protocol and those that it extends require; nothing for an unknown name.
-spec 'requiredMethods:'(term(), term()) -> [atom()].
'requiredMethods:'(Self, Name) ->
    case named(Self, 'requiredMethods:', Name) of
        {ok, Protocol} -> required_selectors(Protocol);
        error -> []
    end.

%% @doc `conformingClasses:': the names of the classes that conform; none for an unknown name.
-spec 'conformingClasses:'(term(), term()) -> [atom()].
'conformingClasses:'(Self, Name) ->
    case named(Self, 'conformingClasses:', Name) of
        {ok, Protocol} -> conforming(Protocol);
        error -> []
    end.

%% @doc `isProtocol:': whether there is a protocol of that name.
-spec 'isProtocol:'(term(), term()) -> boolean().
'isProtocol:'(Self, Name) ->
    named(Self, 'isProtocol:', Name) =/= error.

%% @doc `allProtocols': the names of all protocols, sorted.
-spec allProtocols(term()) -> [atom()].
allProtocols(_Self) ->
    [name(Protocol) || Protocol <- protocols()].

%% @doc `requiredMethods' of a protocol.
-spec requiredMethods(beamtalk_class:class_object()) -> [atom()].
requiredMethods({'$bt_class', Protocol}) ->
    required_selectors(Protocol).

%% @doc `conformingClasses' of a protocol.
-spec conformingClasses(beamtalk_class:class_object()) -> [atom()].
conformingClasses({'$bt_class', Protocol}) ->
    conforming(Protocol).

named(_Self, _Selector, Name) when is_atom(Name) ->
    find(Name);
named(Self, Selector, _) ->
    beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).

find(Name) ->
    case beamtalk_class:lookup(Name) of
        {ok, {'$bt_class', Module}} ->
            case is_protocol(Module) of
                true -> {ok, Module};
                false -> error
            end;
        error ->
            error
    end.

%% By name.
protocols() ->
    Named = [{name(Module), Module} || Module <- beamtalk_class:direct_subclasses(?PROTOCOL)],
    [Module || {_, Module} <- lists:sort(Named)].

name(Module) ->
    binary_to_atom(beamtalk_hierarchy:name(Module)).

%% The protocol and those that it extends, nearest first.
line(nil, _) ->
    [];
line(Protocol, Seen) ->
    case lists:member(Protocol, Seen) orelse beamtalk_hierarchy:info(Protocol) of
        #{protocol := #{extends := Extended}} -> [Protocol | line(Extended, [Protocol | Seen])];
        _ -> []
    end.

-spec requirements(module()) -> [requirement()].
requirements(Protocol) ->
    lists:usort([One || P <- line(Protocol, []), One <- own_requirements(beamtalk_hierarchy:info(P))]).

own_requirements(#{protocol := #{required := Required}}) -> Required.

required_selectors(Protocol) ->
    lists:sort([selector(Requirement) || Requirement <- requirements(Protocol)]).

selector({instance, Selector}) -> Selector;
selector({class, Selector}) -> binary_to_atom(<<"class ", (atom_to_binary(Selector))/binary>>).

conforming(Protocol) ->
    Modules = [Module || Module <- beamtalk_class:modules(), not is_protocol(Module)],
    lists:sort([name(Module) || Module <- Modules, meets({'$bt_class', Module}, Protocol)]).

meets({'$bt_class', Module} = Behaviour, Protocol) ->
    case is_protocol(Module) of
        true -> lists:member(Protocol, line(Module, []));
        false -> understands_all(Behaviour, Protocol)
    end;
meets(Metaclass, Protocol) ->
    understands_all(Metaclass, Protocol).

%% A class that answers unknown messages itself answers whatever is required.
understands_all(Behaviour, Protocol) ->
    answers_anything(Behaviour) orelse
        lists:all(fun(Requirement) -> understands(Behaviour, Requirement) end, requirements(Protocol)).

answers_anything({'$bt_class', Module}) ->
    Definer = beamtalk_hierarchy:definer(instance, Module, 'doesNotUnderstand:args:'),
    not lists:member(Definer, [nil, 'bt@stdlib@object', 'bt@stdlib@proto_object']);
answers_anything({'$bt_meta', Module}) ->
    beamtalk_hierarchy:definer(class, Module, 'doesNotUnderstand:args:') =/= nil.

understands({'$bt_class', Module}, {Side, Selector}) ->
    beamtalk_hierarchy:understands(Side, Module, Selector);
understands({'$bt_meta', Module}, {instance, Selector}) ->
    beamtalk_hierarchy:understands(class, Module, Selector);
understands({'$bt_meta', _}, {class, Selector}) ->
    beamtalk_hierarchy:understands(instance, 'bt@stdlib@metaclass', Selector).
