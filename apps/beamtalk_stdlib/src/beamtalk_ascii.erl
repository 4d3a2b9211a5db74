%% @doc Texts in which each byte is a character. What class String does by grapheme clusters can then be done by bytes,
%% which is an order of magnitude faster.
-module(beamtalk_ascii).

-export([is_simple/1, is_simple/2, characters/1, uppercase/1, lowercase/1, reverse/1]).

%% @doc True when all bytes are ASCII and none forms a grapheme cluster with the next one, as a line break of two
%% characters does.
-spec is_simple(binary()) -> boolean().
is_simple(Text) ->
    is_ascii(Text) andalso binary:match(Text, <<"\r\n">>) =:= nomatch.

%% @doc True when the first characters are that many first bytes, which are there.
-spec is_simple(binary(), non_neg_integer()) -> boolean().
is_simple(Text, N) when N < byte_size(Text) ->
    %% The byte after them tells whether the last one is a character of its own.
    is_simple(binary:part(Text, 0, N + 1));
is_simple(Text, N) ->
    N =:= byte_size(Text) andalso is_simple(Text).

%% Seven bytes at a time are a small integer.
is_ascii(<<Bytes:56, Rest/binary>>) when Bytes band 16#80808080808080 =:= 0 -> is_ascii(Rest);
is_ascii(<<Byte, Rest/binary>>) when Byte < 128 -> is_ascii(Rest);
is_ascii(Rest) -> Rest =:= <<>>.

%% @doc The characters.
-spec characters(binary()) -> [binary()].
characters(Text) -> [<<Byte>> || <<Byte>> <= Text].

%% @doc In upper case.
-spec uppercase(binary()) -> binary().
uppercase(Text) -> <<<<(upper(Byte))>> || <<Byte>> <= Text>>.

%% @doc In lower case.
-spec lowercase(binary()) -> binary().
lowercase(Text) -> <<<<(lower(Byte))>> || <<Byte>> <= Text>>.

%% @doc Last character first.
-spec reverse(binary()) -> binary().
reverse(Text) -> list_to_binary(lists:reverse(binary_to_list(Text))).

upper(Byte) when Byte >= $a, Byte =< $z -> Byte - 32;
upper(Byte) -> Byte.

lower(Byte) when Byte >= $A, Byte =< $Z -> Byte + 32;
lower(Byte) -> Byte.
