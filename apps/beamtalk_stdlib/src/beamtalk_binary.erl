%% @doc Primitives of class Binary, which class String inherits: bytes, and the encodings of bytes as text.
-module(beamtalk_binary).

-export([
    '<'/2, '>'/2, '<='/2, '>='/2,
    'serialize:'/2, 'deserialize:'/2, 'deserializeWithUsed:'/2, 'fromIolist:'/2, 'fromBytes:'/2,
    'fromBase64:'/2, 'fromBase64Url:'/2, 'fromHex:'/2
]).
-export([
    'do:'/2, byteSize/1, 'at:'/2, 'byteAt:'/2, 'part:size:'/3, 'concat:'/2, toBytes/1,
    asString/1, asStringUnchecked/1, asBase64/1, asBase64Url/1, asHex/1, printString/1
]).

-include("beamtalk_term_order.hrl").

%% @doc Any value in the external term format.
-spec 'serialize:'(term(), term()) -> binary().
'serialize:'(_Class, Term) -> term_to_binary(Term).

%% @doc The value in the external term format; refuses atoms and funs that the node does not know.
-spec 'deserialize:'(term(), binary()) -> term().
'deserialize:'(Class, Binary) -> deserialize('deserialize:', Class, Binary, [safe]).

%% @doc The value and the number of bytes that it took.
-spec 'deserializeWithUsed:'(term(), binary()) -> {term(), pos_integer()}.
'deserializeWithUsed:'(Class, Binary) -> deserialize('deserializeWithUsed:', Class, Binary, [safe, used]).

deserialize(Selector, _, Binary, Options) when is_binary(Binary) ->
    try
        binary_to_term(Binary, Options)
    catch
        error:badarg ->
            Exception = beamtalk_error:argument_error(<<"invalid argument">>, Selector),
            beamtalk_error:raise(Exception#{hint := <<"only what 'serialize:' made here can be read">>})
    end;
deserialize(Selector, Class, _, _) ->
    wrong_type(Selector, Class).

%% @doc The bytes of nested lists of binaries and bytes.
-spec 'fromIolist:'(term(), iodata()) -> binary().
'fromIolist:'(Class, Data) -> bytes('fromIolist:', Class, Data).

%% @doc The bytes of a list.
-spec 'fromBytes:'(term(), [byte()]) -> binary().
'fromBytes:'(Class, Bytes) when is_list(Bytes) ->
    case lists:all(fun is_integer/1, Bytes) of
        true -> bytes('fromBytes:', Class, Bytes);
        false -> wrong_type('fromBytes:', Class)
    end;
'fromBytes:'(Class, _) ->
    wrong_type('fromBytes:', Class).

bytes(Selector, Self, Data) ->
    try
        iolist_to_binary(Data)
    catch
        error:badarg -> wrong_type(Selector, Self)
    end.

%% @doc Decodes padded base 64.
-spec 'fromBase64:'(term(), binary()) -> beamtalk_result:result().
'fromBase64:'(_, Text) when is_binary(Text) -> decoded(<<"base 64">>, fun() -> base64:decode(Text) end);
'fromBase64:'(Class, _) -> wrong_type('fromBase64:', Class).

%% @doc Decodes base 64 with the URL-safe alphabet; padding is optional.
-spec 'fromBase64Url:'(term(), binary()) -> beamtalk_result:result().
'fromBase64Url:'(_, Text) when is_binary(Text) ->
    decoded(<<"URL-safe base 64">>, fun() -> base64:decode(standard_alphabet(Text)) end);
'fromBase64Url:'(Class, _) ->
    wrong_type('fromBase64Url:', Class).

%% The module base64 knows the other alphabet only from OTP 26 on.
standard_alphabet(Text) ->
    nomatch = binary:match(Text, [<<"+">>, <<"/">>]),
    Translated = <<<<(standard_digit(C))>> || <<C>> <= Text>>,
    Unpadded = string:trim(Translated, trailing, "="),
    <<Unpadded/binary, (binary:copy(<<"=">>, (4 - byte_size(Unpadded) rem 4) rem 4))/binary>>.

standard_digit($-) -> $+;
standard_digit($_) -> $/;
standard_digit(C) -> C.

url_digit($+) -> $-;
url_digit($/) -> $_;
url_digit(C) -> C.

%% @doc Decodes hexadecimal digits of either case.
-spec 'fromHex:'(term(), binary()) -> beamtalk_result:result().
'fromHex:'(_, Text) when is_binary(Text) -> decoded(<<"hexadecimal">>, fun() -> binary:decode_hex(Text) end);
'fromHex:'(Class, _) -> wrong_type('fromHex:', Class).

decoded(Encoding, Decode) ->
    try
        beamtalk_result:ok(Decode())
    catch
        error:_ ->
            Message = <<"malformed ", Encoding/binary, " text">>,
            beamtalk_result:error(beamtalk_error:new(parse_error, Message))
    end.

%% @doc Number of bytes.
-spec byteSize(binary()) -> non_neg_integer().
byteSize(Self) -> byte_size(Self).

%% @doc Byte at a position.
-spec 'at:'(binary(), pos_integer()) -> byte().
'at:'(Self, Index) when is_integer(Index), Index >= 1, Index =< byte_size(Self) ->
    binary:at(Self, Index - 1);
'at:'(Self, Index) when is_integer(Index) ->
    beamtalk_error:raise(beamtalk_error:index_out_of_bounds('at:', Self));
'at:'(Self, _) ->
    wrong_type('at:', Self).

%% @doc Byte at an offset from 0.
-spec 'byteAt:'(binary(), non_neg_integer()) -> byte().
'byteAt:'(Self, Offset) when is_integer(Offset), Offset >= 0, Offset < byte_size(Self) ->
    binary:at(Self, Offset);
'byteAt:'(Self, Offset) ->
    bad_offset('byteAt:', Self, Offset).

%% @doc So many bytes from an offset on.
-spec 'part:size:'(binary(), non_neg_integer(), non_neg_integer()) -> binary().
'part:size:'(Self, Offset, Length) when
    is_integer(Offset), is_integer(Length), Offset >= 0, Length >= 0, Offset + Length =< byte_size(Self)
->
    binary:part(Self, Offset, Length);
'part:size:'(Self, Offset, Length) ->
    bad_offset('part:size:', Self, is_integer(Offset) andalso Length).

-spec bad_offset(atom(), binary(), term()) -> no_return().
bad_offset(Selector, Self, Offset) when is_integer(Offset) ->
    Exception = beamtalk_error:index_out_of_bounds(Selector, Self),
    beamtalk_error:raise(Exception#{hint := <<"offsets start at 0 and end before the byteSize">>});
bad_offset(Selector, Self, _) ->
    wrong_type(Selector, Self).

%% @doc The bytes of both.
-spec 'concat:'(binary(), binary()) -> binary().
'concat:'(Self, Other) when is_binary(Other) -> <<Self/binary, Other/binary>>;
'concat:'(Self, _) -> wrong_type('concat:', Self).

%% @doc The bytes.
-spec toBytes(binary()) -> [byte()].
toBytes(Self) -> binary_to_list(Self).

%% @doc Evaluates the block with each element.
-spec 'do:'(binary(), fun((term()) -> term())) -> nil.
'do:'(Self, Block) -> beamtalk_collection:do(Self, Block).

%% @doc The same bytes as a String; an error where they are not valid UTF-8.
-spec asString(binary()) -> beamtalk_result:result().
asString(Self) ->
    case unicode:characters_to_binary(Self) of
        Text when is_binary(Text) -> beamtalk_result:ok(Text);
        {_, Valid, _} -> beamtalk_result:error(invalid_byte(byte_size(Valid)))
    end.

invalid_byte(Offset) ->
    Message = [<<"no valid UTF-8 at byte offset ">>, integer_to_binary(Offset)],
    beamtalk_error:new(parse_error, Message, #{details => #{offset => Offset}}).

%% @doc The same bytes.
-spec asStringUnchecked(binary()) -> binary().
asStringUnchecked(Self) -> Self.

%% @doc Padded base 64.
-spec asBase64(binary()) -> binary().
asBase64(Self) -> base64:encode(Self).

%% @doc Base 64 in the URL-safe alphabet, without padding.
-spec asBase64Url(binary()) -> binary().
asBase64Url(Self) ->
    <<Unpadded/binary>> = string:trim(base64:encode(Self), trailing, "="),
    <<<<(url_digit(C))>> || <<C>> <= Unpadded>>.

%% @doc Lower-case hexadecimal digits.
-spec asHex(binary()) -> binary().
asHex(Self) ->
    <<Digits/binary>> = string:lowercase(binary:encode_hex(Self)),
    Digits.

%% @doc Quoted text where it is valid UTF-8, else hexadecimal digits.
-spec printString(binary()) -> binary().
printString(Self) -> beamtalk_print:print(Self).

-spec wrong_type(atom(), term()) -> no_return().
wrong_type(Selector, Self) -> beamtalk_error:raise(beamtalk_error:type_error(Selector, Self)).
