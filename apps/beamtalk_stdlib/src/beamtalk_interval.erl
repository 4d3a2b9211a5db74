%% @doc Primitives of class Interval. An interval is its three fields; the numbers are never stored.
-module(beamtalk_interval).

-export([new/4]).
-export([
    size/1, 'at:'/2, 'do:'/2, 'collect:'/2, 'select:'/2, 'reject:'/2, 'inject:into:'/3, sum/1, 'includes:'/2, asList/1
]).

-compile({no_auto_import, [size/1]}).

-export_type([interval/0]).

-define(CLASS, 'bt@stdlib@interval').

%% Numbers that may become a list: memory that the system refuses ends the VM.
-define(MAX_LIST, (1 bsl 26)).

-type interval() :: #{
    '$beamtalk_class' := ?CLASS, from := integer(), to := integer(), step := integer()
}.

%% @doc The interval that the message `Selector' asks for.
-spec new(atom(), integer(), integer(), integer()) -> interval().
new(Selector, From, To, Step) when not is_integer(To); not is_integer(Step) ->
    beamtalk_error:raise(beamtalk_error:type_error(Selector, From));
new(Selector, _, _, 0) ->
    beamtalk_error:raise(beamtalk_error:argument_error(<<"the step must not be 0">>, Selector));
new(_, From, To, Step) ->
    #{'$beamtalk_class' => ?CLASS, from => From, to => To, step => Step}.

%% @doc How many numbers there are.
-spec size(interval()) -> non_neg_integer().
size(#{from := From, to := To, step := Step}) when Step > 0, From =< To; Step < 0, From >= To ->
    (To - From) div Step + 1;
size(_) ->
    0.

%% @doc The number at a position.
-spec 'at:'(interval(), term()) -> integer().
'at:'(#{from := From, step := Step} = Self, Index) when is_integer(Index), is_integer(From), is_integer(Step) ->
    case Index >= 1 andalso Index =< size(Self) of
        true -> From + (Index - 1) * Step;
        false -> beamtalk_error:raise(beamtalk_error:index_out_of_bounds('at:', Self))
    end;
'at:'(Self, _) ->
    wrong_type('at:', Self).

%% @doc Evaluates the block with each number.
-spec 'do:'(interval(), fun((integer()) -> term())) -> nil.
'do:'(#{from := From, step := Step} = Self, Block) when is_function(Block) ->
    do(size(Self), From, Step, Block);
'do:'(Self, _) ->
    wrong_type('do:', Self).

do(0, _, _, _) ->
    nil;
do(Left, Number, Step, Block) ->
    _ = Block(Number),
    do(Left - 1, Number + Step, Step, Block).

%% @doc Values of the block.
-spec 'collect:'(interval(), fun((integer()) -> R)) -> [R].
'collect:'(#{from := From, step := Step} = Self, Block) when is_function(Block) ->
    collect(size(Self), From, Step, Block);
'collect:'(Self, _) ->
    wrong_type('collect:', Self).

collect(0, _, _, _) -> [];
collect(Left, Number, Step, Block) -> [Block(Number) | collect(Left - 1, Number + Step, Step, Block)].

%% @doc Numbers for which the block is true.
-spec 'select:'(interval(), fun((integer()) -> boolean())) -> [integer()].
'select:'(Self, Block) -> filter(true, 'select:', Self, Block).

%% @doc Numbers for which the block is false.
-spec 'reject:'(interval(), fun((integer()) -> boolean())) -> [integer()].
'reject:'(Self, Block) -> filter(false, 'reject:', Self, Block).

filter(Wanted, Selector, Self, Block) when is_function(Block) ->
    Numbers = fold(
        fun(Kept, Number) ->
            case beamtalk_list:holds(Block(Number), Selector, Self) of
                Wanted -> [Number | Kept];
                _ -> Kept
            end
        end,
        [],
        Self
    ),
    lists:reverse(Numbers);
filter(_, Selector, Self, _) ->
    wrong_type(Selector, Self).

%% @doc Value of the block for the last number, after the values for those before it.
-spec 'inject:into:'(interval(), A, fun((A, integer()) -> A)) -> A.
'inject:into:'(Self, Initial, Block) when is_function(Block) -> fold(Block, Initial, Self);
'inject:into:'(Self, _, _) -> wrong_type('inject:into:', Self).

fold(Fun, Accumulator, #{from := From, step := Step} = Self) ->
    fold(size(Self), From, Step, Fun, Accumulator).

fold(0, _, _, _, Accumulator) -> Accumulator;
fold(Left, Number, Step, Fun, Accumulator) -> fold(Left - 1, Number + Step, Step, Fun, Fun(Accumulator, Number)).

%% @doc Sum of the numbers, without going through them.
-spec sum(interval()) -> integer().
sum(#{from := From, step := Step} = Self) ->
    Size = size(Self),
    Size * (2 * From + (Size - 1) * Step) div 2.

%% @doc True when one of the numbers equals the argument. Unless `equals:' has been extended that is arithmetic.
-spec 'includes:'(interval(), term()) -> boolean().
'includes:'(Self, Element) ->
    has(Self, Element) orelse
        (beamtalk_extension:any('equals:') andalso
            fold(fun(Found, Number) -> Found orelse beamtalk_collection:equals(Number, Element) end, false, Self)).

has(#{from := From, to := To, step := Step}, Number) when is_integer(Number), Step =/= 0 ->
    (Number - From) rem Step =:= 0 andalso (Number - From) * Step >= 0 andalso (To - Number) * Step >= 0;
has(_, _) ->
    false.

%% @doc The numbers as a list.
-spec asList(interval()) -> [integer()].
asList(#{from := From, to := To, step := Step} = Self) ->
    case size(Self) of
        0 -> [];
        Size when Size > ?MAX_LIST -> erlang:error(system_limit);
        _ -> lists:seq(From, To, Step)
    end.

-spec wrong_type(atom(), term()) -> no_return().
wrong_type(Selector, Self) -> beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).
