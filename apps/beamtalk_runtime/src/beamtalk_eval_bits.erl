%% @doc One segment of a binary: built from a value, or taken off a bitstring.
-module(beamtalk_eval_bits).

-export([format/2, build/4, take/4]).
-export_type([format/0, size/0]).

-type format() ::
    {integer, signed | unsigned, big | little}
    | {float, big | little}
    | bitstring
    | utf8
    | {utf16 | utf32, big | little}.
%% What the type and the flags of a segment amount to.

-type size() :: non_neg_integer() | all | undefined.
%% In units; `all' is the rest, and UTF segments have none.

%% @doc Reads type and flags as they stand in Core Erlang.
-spec format(atom(), [atom()]) -> format().
format(integer, Flags) -> {integer, sign(Flags), endian(Flags)};
format(float, Flags) -> {float, endian(Flags)};
format(utf8, _) -> utf8;
format(utf16, Flags) -> {utf16, endian(Flags)};
format(utf32, Flags) -> {utf32, endian(Flags)};
format(_BinaryOrBitstring, _) -> bitstring.

sign(Flags) ->
    case lists:member(signed, Flags) of
        true -> signed;
        false -> unsigned
    end.

endian(Flags) ->
    case {lists:member(little, Flags), lists:member(native, Flags)} of
        {true, _} -> little;
        {false, true} -> erlang:system_info(endian);
        {false, false} -> big
    end.

%% @doc The bits of a value; raises `badarg' where the compiled construction does.
-spec build(format(), term(), term(), pos_integer()) -> bitstring().
build(bitstring, Value, all, Unit) when is_bitstring(Value), bit_size(Value) rem Unit =:= 0 -> Value;
build(utf8, Value, undefined, _) -> <<Value/utf8>>;
build({utf16, big}, Value, undefined, _) -> <<Value/utf16-big>>;
build({utf16, little}, Value, undefined, _) -> <<Value/utf16-little>>;
build({utf32, big}, Value, undefined, _) -> <<Value/utf32-big>>;
build({utf32, little}, Value, undefined, _) -> <<Value/utf32-little>>;
build(Format, Value, Size, Unit) when is_integer(Size), Size >= 0 -> build_sized(Format, Value, Size * Unit);
build(_, _, _, _) -> erlang:error(badarg).

build_sized({integer, _, big}, Value, Bits) -> <<Value:Bits/integer-big>>;
build_sized({integer, _, little}, Value, Bits) -> <<Value:Bits/integer-little>>;
build_sized({float, big}, Value, Bits) -> <<Value:Bits/float-big>>;
build_sized({float, little}, Value, Bits) -> <<Value:Bits/float-little>>;
build_sized(bitstring, Value, Bits) -> <<Value:Bits/bitstring>>.

%% @doc Takes a value off the front; `false' where the pattern does not match.
-spec take(format(), bitstring(), term(), pos_integer()) -> {term(), bitstring()} | false.
take(bitstring, Bits, all, Unit) when bit_size(Bits) rem Unit =:= 0 -> {Bits, <<>>};
take(Format, Bits, undefined, _) -> take_utf(Format, Bits);
take(Format, Bits, Size, Unit) when is_integer(Size), Size >= 0 -> take_sized(Format, Bits, Size * Unit);
take(_, _, _, _) -> false.

take_utf(utf8, <<Value/utf8, Rest/bitstring>>) -> {Value, Rest};
take_utf({utf16, big}, <<Value/utf16-big, Rest/bitstring>>) -> {Value, Rest};
take_utf({utf16, little}, <<Value/utf16-little, Rest/bitstring>>) -> {Value, Rest};
take_utf({utf32, big}, <<Value/utf32-big, Rest/bitstring>>) -> {Value, Rest};
take_utf({utf32, little}, <<Value/utf32-little, Rest/bitstring>>) -> {Value, Rest};
take_utf(_, _) -> false.

take_sized(_, Bits, Size) when Size > bit_size(Bits) -> false;
take_sized({integer, Sign, Endian}, Bits, Size) -> take_integer(Sign, Endian, Bits, Size);
take_sized({float, Endian}, Bits, Size) -> take_float(Endian, Bits, Size);
take_sized(bitstring, Bits, Size) ->
    <<Value:Size/bitstring, Rest/bitstring>> = Bits,
    {Value, Rest}.

take_integer(unsigned, big, Bits, Size) ->
    <<Value:Size/integer-unsigned-big, Rest/bitstring>> = Bits,
    {Value, Rest};
take_integer(unsigned, little, Bits, Size) ->
    <<Value:Size/integer-unsigned-little, Rest/bitstring>> = Bits,
    {Value, Rest};
take_integer(signed, big, Bits, Size) ->
    <<Value:Size/integer-signed-big, Rest/bitstring>> = Bits,
    {Value, Rest};
take_integer(signed, little, Bits, Size) ->
    <<Value:Size/integer-signed-little, Rest/bitstring>> = Bits,
    {Value, Rest}.

%% Not every pattern of bits is a float: this can fail where there are bits enough.
take_float(big, Bits, Size) ->
    case Bits of
        <<Value:Size/float-big, Rest/bitstring>> -> {Value, Rest};
        _ -> false
    end;
take_float(little, Bits, Size) ->
    case Bits of
        <<Value:Size/float-little, Rest/bitstring>> -> {Value, Rest};
        _ -> false
    end.
