%% @doc Primitives of class Queue, over OTP's `queue'.
-module(beamtalk_queue).

-export(['enqueue:'/2, dequeue/1, peek/1, isEmpty/1, size/1, asList/1]).

-export_type([queue/0]).

-define(CLASS, 'bt@stdlib@queue').

-type queue() :: #{'$beamtalk_class' := ?CLASS, queue := queue:queue()}.

%% @doc With an element at the back.
-spec 'enqueue:'(queue(), term()) -> queue().
'enqueue:'(#{queue := Queue} = Self, Element) -> Self#{queue := queue:in(Element, Queue)}.

%% @doc The front element, and the queue without it.
-spec dequeue(queue()) -> {term(), queue()}.
dequeue(#{queue := Queue} = Self) ->
    case queue:out(Queue) of
        {{value, Element}, Rest} -> {Element, Self#{queue := Rest}};
        {empty, _} -> empty(dequeue, Self)
    end.

%% @doc The front element.
-spec peek(queue()) -> term().
peek(#{queue := Queue} = Self) ->
    case queue:peek(Queue) of
        {value, Element} -> Element;
        empty -> empty(peek, Self)
    end.

%% @doc True when there is no element.
-spec isEmpty(queue()) -> boolean().
isEmpty(#{queue := Queue}) -> queue:is_empty(Queue).

%% @doc Number of elements.
-spec size(queue()) -> non_neg_integer().
size(#{queue := Queue}) -> queue:len(Queue).

%% @doc The elements, front first.
-spec asList(queue()) -> [term()].
asList(#{queue := Queue}) -> queue:to_list(Queue).

-spec empty(atom(), queue()) -> no_return().
empty(Selector, Self) ->
    Message = ["'", atom_to_binary(Selector), "': ", beamtalk_class:name_of(Self), " is empty"],
    beamtalk_error:raise(empty_queue, Message, #{selector => Selector, errorClass => 'Queue'}).
