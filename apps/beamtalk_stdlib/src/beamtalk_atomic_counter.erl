%% @doc Primitives of class AtomicCounter, by atomics. The counters are found by their names in persistent
%% terms, which are read without copying and outlive the process that made them.
-module(beamtalk_atomic_counter).

-export(['new:'/2, 'named:'/2]).
-export([increment/1, 'incrementBy:'/2, decrement/1, 'decrementBy:'/2, value/1, reset/1, delete/1]).

-define(CLASS, 'bt@stdlib@atomic_counter').
-define(KEY(Name), {?MODULE, Name}).

%% Places of the array: the number, and 1 as long as the counter is not deleted.
-define(VALUE, 1).
-define(ALIVE, 2).

-define(MIN, -16#8000_0000_0000_0000).
-define(MAX, 16#7FFF_FFFF_FFFF_FFFF).

-type class_object() :: beamtalk_class:class_object().
-type counter() :: #{'$beamtalk_class' := ?CLASS, name := atom(), counter := atomics:atomics_ref()}.

%% @doc A new counter at 0.
-spec 'new:'(class_object(), atom()) -> counter().
'new:'(Self, Name) ->
    check_name('new:', Self, Name),
    beamtalk_lock:with(?KEY(Name), fun() -> create(Name, persistent_term:get(?KEY(Name), none)) end).

check_name(Selector, Self, Name) ->
    beamtalk_argument:is_symbol(Name) orelse beamtalk_argument:wrong(Selector, Self, "the name is a Symbol").

create(Name, none) ->
    Counter = atomics:new(2, [{signed, true}]),
    ok = atomics:put(Counter, ?ALIVE, 1),
    ok = persistent_term:put(?KEY(Name), Counter),
    instance(Name, Counter);
create(Name, _) ->
    fail(already_exists, 'new:', Name, ["'", atom_to_binary(Name), "' is the name of a counter already"]).

instance(Name, Counter) ->
    #{'$beamtalk_class' => ?CLASS, name => Name, counter => Counter}.

%% @doc The counter with a name.
-spec 'named:'(class_object(), atom()) -> counter().
'named:'(Self, Name) ->
    check_name('named:', Self, Name),
    case persistent_term:get(?KEY(Name), none) of
        none -> fail(not_found, 'named:', Name, ["there is no counter '", atom_to_binary(Name), "'"]);
        Counter -> instance(Name, Counter)
    end.

%% @doc Adds 1 and answers the new value.
-spec increment(counter()) -> integer().
increment(Self) -> add(increment, Self, 1).

%% @doc Adds a number and answers the new value.
-spec 'incrementBy:'(counter(), integer()) -> integer().
'incrementBy:'(Self, N) -> add('incrementBy:', Self, N).

%% @doc Subtracts 1 and answers the new value.
-spec decrement(counter()) -> integer().
decrement(Self) -> add(decrement, Self, -1).

%% @doc Subtracts a number and answers the new value.
-spec 'decrementBy:'(counter(), integer()) -> integer().
'decrementBy:'(Self, N) when is_integer(N) -> add('decrementBy:', Self, -N);
'decrementBy:'(Self, _) -> beamtalk_argument:wrong('decrementBy:', Self, "the number is an Integer").

add(Selector, Self, N) when is_integer(N), N >= ?MIN, N =< ?MAX ->
    Counter = alive(Selector, Self),
    checked(atomics:add_get(Counter, ?VALUE, N), Selector, Self, N);
add(Selector, #{name := Name}, N) when is_integer(N) ->
    overflow(Selector, Name);
add(Selector, Self, _) ->
    beamtalk_argument:wrong(Selector, Self, "the number is an Integer").

%% The array goes around at 64 bits. A sum that did so is on the wrong side of what was added to the far end.
checked(Sum, Selector, #{counter := Counter, name := Name}, N) when
    N > 0, Sum < ?MIN + N; N < 0, Sum > ?MAX + N
->
    ok = atomics:sub(Counter, ?VALUE, N),
    overflow(Selector, Name);
checked(Sum, _, _, _) ->
    Sum.

-spec overflow(atom(), atom()) -> no_return().
overflow(Selector, Name) ->
    fail(resource_error, Selector, Name, ["the counter '", atom_to_binary(Name), "' holds 64 bits"]).

%% @doc The value.
-spec value(counter()) -> integer().
value(Self) -> atomics:get(alive(value, Self), ?VALUE).

%% @doc Makes the value 0.
-spec reset(counter()) -> nil.
reset(Self) ->
    ok = atomics:put(alive(reset, Self), ?VALUE, 0),
    nil.

%% @doc Ends the counter; its name becomes free.
-spec delete(counter()) -> nil.
delete(#{name := Name} = Self) ->
    beamtalk_lock:with(?KEY(Name), fun() ->
        ok = atomics:put(alive(delete, Self), ?ALIVE, 0),
        true = persistent_term:erase(?KEY(Name)),
        nil
    end).

alive(Selector, #{counter := Counter, name := Name}) ->
    case atomics:get(Counter, ?ALIVE) of
        1 -> Counter;
        0 -> fail(stale_counter, Selector, Name, ["the counter '", atom_to_binary(Name), "' has been deleted"])
    end.

-spec fail(atom(), atom(), atom(), iodata()) -> no_return().
fail(Kind, Selector, Name, Message) ->
    beamtalk_error:raise(Kind, Message, #{
        selector => Selector, errorClass => 'AtomicCounter', hint => hint(Kind), details => #{name => Name}
    }).

hint(already_exists) -> <<"use 'named:' for a counter that exists">>;
hint(not_found) -> <<"make it by 'new:' first">>;
hint(stale_counter) -> <<"make a new one by 'new:'">>;
hint(resource_error) -> <<"an Integer has no such limit: use an actor">>.
