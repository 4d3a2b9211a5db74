%% @doc Primitives of class Random, by rand. An instance holds the state of a generator; the class side uses
%% the generator of the calling process.
-module(beamtalk_random).

-export([new/1, 'seed:'/2, next/1, 'nextInteger:'/2]).

-define(CLASS, 'bt@stdlib@random').
-define(ALGORITHM, exsss).

-type random() :: #{'$beamtalk_class' := ?CLASS, state := rand:export_state()}.
-type receiver() :: beamtalk_class:class_object() | random().

%% @doc A generator that starts anywhere.
-spec new(beamtalk_class:class_object()) -> random().
new(_) ->
    instance(rand:seed_s(?ALGORITHM)).

%% @doc The generator of a seed.
-spec 'seed:'(beamtalk_class:class_object(), integer()) -> random().
'seed:'(_, Seed) when is_integer(Seed) ->
    instance(rand:seed_s(?ALGORITHM, Seed));
'seed:'(Self, _) ->
    beamtalk_argument:wrong('seed:', Self, "a seed is an Integer").

instance(State) ->
    #{'$beamtalk_class' => ?CLASS, state => rand:export_seed_s(State)}.

%% @doc A Float from 0 up to, and without, 1.
-spec next(receiver()) -> float().
next(#{state := State}) -> element(1, rand:uniform_s(rand:seed_s(State)));
next(_) -> rand:uniform().

%% @doc An Integer from 1 to `Max'.
-spec 'nextInteger:'(receiver(), pos_integer()) -> pos_integer().
'nextInteger:'(#{state := State}, Max) when is_integer(Max), Max >= 1 ->
    element(1, rand:uniform_s(Max, rand:seed_s(State)));
'nextInteger:'({'$bt_class', _}, Max) when is_integer(Max), Max >= 1 ->
    rand:uniform(Max);
'nextInteger:'(Self, _) ->
    beamtalk_argument:wrong('nextInteger:', Self, "the greatest number is an Integer from 1 on").
