%% @doc The facade of every class that is made of blocks at run time. It is loaded once for each such class,
%% under that class's name: nothing is compiled ({@link beamtalk_built}).
-module(beamtalk_built_facade).

-export(['$send'/3, '$class_send'/3, '$class'/0, '$defaults'/0, '$class_defaults'/0]).
-export([beam/1]).

%% @doc An instance message.
-spec '$send'(atom(), [term()], term()) -> term().
'$send'(Selector, Args, Self) ->
    beamtalk_built:send(?MODULE, Selector, Args, Self).

%% @doc A class message.
-spec '$class_send'(atom(), [term()], term()) -> term().
'$class_send'(Selector, Args, Self) ->
    beamtalk_built:class_send(?MODULE, Selector, Args, Self).

%% @doc The description of the class.
-spec '$class'() -> beamtalk_hierarchy:info().
'$class'() ->
    beamtalk_built:info(?MODULE).

%% @doc The fields with their defaults.
-spec '$defaults'() -> map().
'$defaults'() ->
    beamtalk_built:defaults(?MODULE).

%% @doc The class variables with their defaults.
-spec '$class_defaults'() -> map().
'$class_defaults'() ->
    beamtalk_built:class_defaults(?MODULE).

%% @doc This module's code under another name. The name is the first atom of the code, and what stands for
%% `?MODULE' in it.
-spec beam(module()) -> binary().
beam(Module) ->
    {?MODULE, Beam, _} = code:get_object_code(?MODULE),
    {ok, _, Chunks} = beam_lib:all_chunks(Beam),
    Kept = [Chunk || {Name, _} = Chunk <- Chunks, Name =/= "Dbgi", Name =/= "Docs", Name =/= "CInf"],
    {ok, Renamed} = beam_lib:build_module([renamed(Chunk, atom_to_binary(Module)) || Chunk <- Kept]),
    Renamed.

renamed({"AtU8", <<Count:32/signed, Atoms/binary>>}, Name) ->
    {"AtU8", <<Count:32/signed, (first_replaced(Count, Atoms, Name))/binary>>};
renamed(Chunk, _) ->
    Chunk.

%% A negative count says that lengths are encoded as numbers in code are, from OTP 28 on.
first_replaced(Count, <<Length, _:Length/binary, Rest/binary>>, Name) when Count >= 0 ->
    <<(byte_size(Name)), Name/binary, Rest/binary>>;
first_replaced(_, Atoms, Name) ->
    {Length, Text} = decoded(Atoms),
    <<_:Length/binary, Rest/binary>> = Text,
    <<(encoded(byte_size(Name)))/binary, Name/binary, Rest/binary>>.

decoded(<<Length:4, 0:1, 0:3, Text/binary>>) -> {Length, Text};
decoded(<<High:3, 1:2, 0:3, Low, Text/binary>>) -> {High bsl 8 bor Low, Text}.

encoded(Length) when Length < 16 -> <<Length:4, 0:1, 0:3>>;
encoded(Length) -> <<(Length bsr 8):3, 1:2, 0:3, Length:8>>.
