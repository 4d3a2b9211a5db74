%% @doc Streams: lazy sequences, and the primitives of class Stream.
%%
%% A stream is where its elements come from and the stages that they pass. A terminal message makes an iterator of it and
%% runs that: only the element at hand is kept.
-module(beamtalk_stream).

%% An iterator answers an element and the next iterator.
-dialyzer(no_improper_lists).

%% For sources of other classes
-export([generator/2]).
%% Primitives, named by selector
-export([
    new/1, 'new:'/2, 'from:'/2, 'from:by:'/3, 'on:'/2,
    'select:'/2, 'collect:'/2, 'reject:'/2, 'drop:'/2,
    'take:'/2, 'do:'/2, 'inject:into:'/3, 'detect:'/2, 'detect:ifNone:'/3, asList/1,
    'anySatisfy:'/2, 'allSatisfy:'/2, printString/1
]).

-export_type([stream/0, iterator/0]).

-define(CLASS, 'bt@stdlib@stream').
-define(ADVICE, <<"streams come from 'from:', 'from:by:' and 'on:', and from the 'stream' of a collection">>).

-type stream() :: #{'$beamtalk_class' := ?CLASS, source := source(), stages := [stage()]}.
%% An element and what answers the next, or the end.
-type iterator() :: fun(() -> [term() | iterator()] | []).
-type source() ::
    {from, integer()}
    | {by, term(), fun((term()) -> term())}
    | {on, term()}
    | {generator, binary(), fun(() -> iterator())}.
%% The last one is the first in a stream.
-type stage() :: {select | reject | collect, fun((term()) -> term())} | {drop, non_neg_integer()}.

%% @doc A stream whose elements an iterator supplies, which is made for each terminal message. The text is its
%% `printString'.
-spec generator(binary(), fun(() -> iterator())) -> stream().
generator(Text, Start) -> stream({generator, Text, Start}).

stream(Source) -> #{'$beamtalk_class' => ?CLASS, source => Source, stages => []}.

%% ---------------------------------------------------------------------------------------------------
%% Sources
%% ---------------------------------------------------------------------------------------------------

%% @doc Streams come from their other class methods.
-spec new(term()) -> no_return().
new(Class) ->
    Exception = beamtalk_error:instantiation_error(Class, <<"it has no elements of its own">>),
    beamtalk_error:raise(Exception#{hint := ?ADVICE}).

%% @doc Streams come from their other class methods.
-spec 'new:'(term(), term()) -> no_return().
'new:'(Class, _) ->
    Exception = beamtalk_error:user_error(Class, <<"a stream has no elements of its own">>),
    beamtalk_error:raise(Exception#{hint := ?ADVICE}).

%% @doc All integers from one on.
-spec 'from:'(term(), integer()) -> stream().
'from:'(_Class, Start) when is_integer(Start) -> stream({from, Start});
'from:'(Class, _) -> wrong_type('from:', Class).

%% @doc A value, then each time the block's value for the one before.
-spec 'from:by:'(term(), T, fun((T) -> T)) -> stream().
'from:by:'(_Class, Start, Step) when is_function(Step) -> stream({by, Start, Step});
'from:by:'(Class, _, _) -> wrong_type('from:by:', Class).

%% @doc The elements of a collection.
-spec 'on:'(term(), term()) -> stream().
'on:'(_Class, Collection) when is_list(Collection); is_binary(Collection) ->
    stream({on, Collection});
'on:'(_Class, #{'$beamtalk_class' := ?CLASS} = Stream) ->
    Stream;
'on:'(Class, Collection) ->
    {_, Module} = beamtalk_class:class_of(Collection),
    case beamtalk_hierarchy:is_kind_of(Module, 'bt@stdlib@collection') of
        true -> stream({on, Collection});
        false -> wrong_type('on:', Class)
    end.

iterator({from, Start}) -> count(Start, 1);
iterator({by, Start, Step}) -> fun() -> [Start | by(Start, Step)] end;
iterator({on, Collection}) -> each(Collection);
iterator({generator, _, Start}) -> Start().

count(From, Step) -> fun() -> [From | count(From + Step, Step)] end.

by(Last, Step) ->
    fun() ->
        Next = Step(Last),
        [Next | by(Next, Step)]
    end.

%% Large collections whose elements are at hand one by one are not turned into lists.
each(#{'$beamtalk_class' := 'bt@stdlib@interval', from := From, to := To, step := Step}) ->
    range(From, To, Step);
each(Text) when is_binary(Text) ->
    case beamtalk_dispatch:is_utf8(Text) of
        true -> graphemes(Text);
        false -> members(beamtalk_binary:toBytes(Text))
    end;
each(Collection) ->
    members(beamtalk_collection:to_list(Collection)).

members(List) ->
    fun() ->
        case List of
            [Element | Rest] -> [Element | members(Rest)];
            [] -> []
        end
    end.

graphemes(Text) ->
    fun() ->
        case string:next_grapheme(Text) of
            [Grapheme | Rest] -> [unicode:characters_to_binary([Grapheme]) | graphemes(Rest)];
            [] -> []
        end
    end.

range(From, To, Step) when Step > 0, From =< To; Step < 0, From >= To ->
    fun() -> [From | range(From + Step, To, Step)] end;
range(_, _, _) ->
    fun() -> [] end.

%% ---------------------------------------------------------------------------------------------------
%% Stages
%% ---------------------------------------------------------------------------------------------------

%% @doc The elements for which the block is true.
-spec 'select:'(stream(), fun((term()) -> boolean())) -> stream().
'select:'(Self, Block) -> stage(select, 'select:', Self, Block).

%% @doc The elements for which the block is false.
-spec 'reject:'(stream(), fun((term()) -> boolean())) -> stream().
'reject:'(Self, Block) -> stage(reject, 'reject:', Self, Block).

%% @doc The values of the block.
-spec 'collect:'(stream(), fun((term()) -> term())) -> stream().
'collect:'(Self, Block) -> stage(collect, 'collect:', Self, Block).

stage(Stage, _, #{stages := Stages} = Self, Block) when is_function(Block) ->
    Self#{stages := [{Stage, Block} | Stages]};
stage(_, Selector, Self, _) ->
    wrong_type(Selector, Self).

%% @doc Without the first elements.
-spec 'drop:'(stream(), integer()) -> stream().
'drop:'(#{stages := Stages} = Self, N) when is_integer(N) -> Self#{stages := [{drop, max(0, N)} | Stages]};
'drop:'(Self, _) -> wrong_type('drop:', Self).

start(#{source := Source, stages := Stages} = Self) ->
    lists:foldr(fun(Stage, Next) -> through(Stage, Next, Self) end, iterator(Source), Stages).

through({collect, Block}, Next, _) -> collect(Block, Next);
through({select, Block}, Next, Self) -> filter(true, Block, 'select:', Next, Self);
through({reject, Block}, Next, Self) -> filter(false, Block, 'reject:', Next, Self);
through({drop, N}, Next, _) -> fun() -> drop(N, Next) end.

collect(Block, Next) ->
    fun() ->
        case Next() of
            [Element | After] -> [Block(Element) | collect(Block, After)];
            [] -> []
        end
    end.

filter(Wanted, Block, Selector, Next, Self) ->
    fun() -> next_match(Wanted, Block, Selector, Next(), Self) end.

next_match(_, _, _, [], _) ->
    [];
next_match(Wanted, Block, Selector, [Element | After], Self) ->
    case beamtalk_list:holds(Block(Element), Selector, Self) of
        Wanted -> [Element | filter(Wanted, Block, Selector, After, Self)];
        _ -> next_match(Wanted, Block, Selector, After(), Self)
    end.

drop(0, Next) ->
    Next();
drop(N, Next) ->
    case Next() of
        [_ | After] -> drop(N - 1, After);
        [] -> []
    end.

%% ---------------------------------------------------------------------------------------------------
%% Terminal messages
%% ---------------------------------------------------------------------------------------------------

%% @doc The first elements, as many as there are. No other element is computed.
-spec 'take:'(stream(), integer()) -> [term()].
'take:'(Self, N) when is_integer(N) -> take(N, start(Self));
'take:'(Self, _) -> wrong_type('take:', Self).

take(N, Next) when N > 0 ->
    case Next() of
        [Element | After] -> [Element | take(N - 1, After)];
        [] -> []
    end;
take(_, _) ->
    [].

%% @doc All elements.
-spec asList(stream()) -> [term()].
asList(Self) ->
    lists:reverse(fold(start(Self), fun(Elements, Element) -> [Element | Elements] end, [])).

%% @doc Evaluates the block with each element.
-spec 'do:'(stream(), fun((term()) -> term())) -> nil.
'do:'(Self, Block) when is_function(Block) ->
    fold(start(Self), fun(nil, Element) -> _ = Block(Element), nil end, nil);
'do:'(Self, _) ->
    wrong_type('do:', Self).

%% @doc Value of the block for the last element, after the values for those before it.
-spec 'inject:into:'(stream(), A, fun((A, term()) -> A)) -> A.
'inject:into:'(Self, Initial, Block) when is_function(Block) -> fold(start(Self), Block, Initial);
'inject:into:'(Self, _, _) -> wrong_type('inject:into:', Self).

fold(Next, Fun, Accumulator) ->
    case Next() of
        [Element | After] -> fold(After, Fun, Fun(Accumulator, Element));
        [] -> Accumulator
    end.

%% @doc First element for which the block is true.
-spec 'detect:'(stream(), fun((term()) -> boolean())) -> term().
'detect:'(Self, Block) ->
    case first('detect:', true, Self, Block) of
        {found, Element} -> Element;
        none -> beamtalk_error:raise(beamtalk_error:not_found('detect:', Self))
    end.

%% @doc First element for which the block is true, or the value of the other block.
-spec 'detect:ifNone:'(stream(), fun((term()) -> boolean()), term()) -> term().
'detect:ifNone:'(Self, Block, None) ->
    case first('detect:ifNone:', true, Self, Block) of
        {found, Element} -> Element;
        none -> beamtalk_dispatch:send(None, value, [])
    end.

%% @doc True when the block is true for some element.
-spec 'anySatisfy:'(stream(), fun((term()) -> boolean())) -> boolean().
'anySatisfy:'(Self, Block) -> first('anySatisfy:', true, Self, Block) =/= none.

%% @doc True when the block is true for every element.
-spec 'allSatisfy:'(stream(), fun((term()) -> boolean())) -> boolean().
'allSatisfy:'(Self, Block) -> first('allSatisfy:', false, Self, Block) =:= none.

first(Selector, Wanted, Self, Block) when is_function(Block) ->
    case next_match(Wanted, Block, Selector, (start(Self))(), Self) of
        [Element | _] -> {found, Element};
        [] -> none
    end;
first(Selector, _, Self, _) ->
    wrong_type(Selector, Self).

%% ---------------------------------------------------------------------------------------------------
%% Text
%% ---------------------------------------------------------------------------------------------------

%% @doc The source and the stages.
-spec printString(stream()) -> binary().
printString(#{source := Source, stages := Stages}) ->
    beamtalk_print:text([source_text(Source) | [[" | ", stage_text(Stage)] || Stage <- lists:reverse(Stages)]]).

source_text({from, Start}) -> ["Stream(from: ", integer_to_binary(Start), ")"];
source_text({by, Start, _}) -> ["Stream(from: ", beamtalk_print:print(Start), " by: [...])"];
source_text({on, Collection}) -> ["Stream(on: ", beamtalk_print:print(Collection), ")"];
source_text({generator, Text, _}) -> Text.

stage_text({drop, N}) -> ["drop: ", integer_to_binary(N)];
stage_text({Stage, _}) -> [atom_to_binary(Stage), ": [...]"].

-spec wrong_type(atom(), term()) -> no_return().
wrong_type(Selector, Self) -> beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).
