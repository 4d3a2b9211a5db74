%% @doc The order in which classes can be compiled and loaded: a superclass before its subclasses.
-module(beamtalk_order).

-export([levels/1, format_error/1]).

-export_type([item/1, reason/0]).

%% A class with the name of its superclass (`undefined' for the root class) and whatever belongs to it.
-type item(Payload) :: {Class :: binary(), Superclass :: binary() | undefined, Payload}.
-type reason() ::
    {duplicate, Class :: binary(), [Payload :: term()]}
    | {cycle, [Class :: binary()]}.

%% @doc Groups of payloads: the superclass of each class is in an earlier group, or is none of the given
%% classes. The classes of one group do not depend on each other. Within a group the order is that of
%% the input.
-spec levels([item(Payload)]) -> {ok, [[Payload]]} | {error, reason()}.
levels(Items) ->
    case duplicate(lists:keysort(1, Items)) of
        {duplicate, _, _} = Reason -> {error, Reason};
        none -> levels(Items, [])
    end.

levels([], Levels) ->
    {ok, lists:reverse(Levels)};
levels(Items, Levels) ->
    Open = maps:from_list([{Class, true} || {Class, _, _} <- Items]),
    case lists:partition(fun({_, Super, _}) -> is_map_key(Super, Open) end, Items) of
        {Waiting, []} -> {error, {cycle, [Class || {Class, _, _} <- Waiting]}};
        {Waiting, Ready} -> levels(Waiting, [[Payload || {_, _, Payload} <- Ready] | Levels])
    end.

duplicate([{Class, _, A}, {Class, _, B} | _]) -> {duplicate, Class, [A, B]};
duplicate([_ | Rest]) -> duplicate(Rest);
duplicate([]) -> none.

%% @doc A reason as a sentence.
-spec format_error(reason()) -> unicode:chardata().
format_error({duplicate, Class, [A, B]}) ->
    io_lib:format("class ~ts is defined in ~ts and in ~ts", [Class, A, B]);
format_error({cycle, Classes}) ->
    ["classes that inherit from themselves: ", lists:join(", ", Classes)].
