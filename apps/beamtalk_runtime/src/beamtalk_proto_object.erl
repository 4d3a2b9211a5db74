%% @doc Primitives of class ProtoObject, named by selector.
-module(beamtalk_proto_object).

-export([
    '=='/2, '/='/2, '=:='/2, '=/='/2,
    class/1, 'doesNotUnderstand:args:'/3, 'perform:withArguments:'/3,
    'performLocally:withArguments:'/3, 'perform:withArguments:timeout:'/4
]).

%% @doc `=='.
-spec '=='(term(), term()) -> boolean().
'=='(A, B) -> A == B.

%% @doc `/='.
-spec '/='(term(), term()) -> boolean().
'/='(A, B) -> A /= B.

%% @doc `=:='.
-spec '=:='(term(), term()) -> boolean().
'=:='(A, B) -> A =:= B.

%% @doc `=/='.
-spec '=/='(term(), term()) -> boolean().
'=/='(A, B) -> A =/= B.

%% @doc `class'.
-spec class(term()) -> beamtalk_behaviour:behaviour().
class(Self) ->
    beamtalk_class:class_of(Self).

%% @doc `doesNotUnderstand:args:': raises does_not_understand.
-spec 'doesNotUnderstand:args:'(term(), atom(), list()) -> no_return().
'doesNotUnderstand:args:'(Self, Selector, _Args) ->
    beamtalk_error:raise(beamtalk_error:does_not_understand(Self, Selector)).

%% @doc `perform:withArguments:': sends a message that is known only now.
-spec 'perform:withArguments:'(term(), atom(), list()) -> term().
'perform:withArguments:'(Self, Selector, Args) when is_atom(Selector), is_list(Args) ->
    beamtalk_dispatch:send(Self, Selector, Args);
'perform:withArguments:'(Self, _, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('perform:withArguments:', Self)).

%% @doc `performLocally:withArguments:': runs a class method that the class itself defines and drops
%% what it assigns to class variables.
-spec 'performLocally:withArguments:'(term(), atom(), list()) -> term().
'performLocally:withArguments:'({'$bt_class', Module} = Self, Selector, Args) when
    is_atom(Selector), is_list(Args)
->
    case beamtalk_hierarchy:defines(class, Module, Selector) of
        true ->
            beamtalk_class_state:trial(Self, fun() ->
                Module:'$class_send'(Selector, Args, Self)
            end);
        false ->
            beamtalk_error:raise(beamtalk_error:does_not_understand(Self, Selector))
    end;
'performLocally:withArguments:'(Self, _, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('performLocally:withArguments:', Self)).

%% @doc `perform:withArguments:timeout:': the time limit matters for actors only.
-spec 'perform:withArguments:timeout:'(term(), atom(), list(), term()) -> term().
'perform:withArguments:timeout:'({beamtalk_object, _, _, _} = Self, Selector, Args, Limit) when
    is_atom(Selector), is_list(Args)
->
    case beamtalk_limit:milliseconds(Limit) of
        invalid -> wrong_type('perform:withArguments:timeout:', Self);
        Timeout -> beamtalk_actor:call(Self, Selector, Args, Timeout)
    end;
'perform:withArguments:timeout:'({beamtalk_object, _, _, _} = Self, _, _, _) ->
    wrong_type('perform:withArguments:timeout:', Self);
'perform:withArguments:timeout:'(Self, Selector, Args, _) ->
    'perform:withArguments:'(Self, Selector, Args).

-spec wrong_type(atom(), term()) -> no_return().
wrong_type(Selector, Self) ->
    beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).
