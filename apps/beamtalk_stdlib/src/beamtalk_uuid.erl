%% @doc Primitives of class Uuid (RFC 9562).
-module(beamtalk_uuid).

-export([v4/1, v7/1, 'fromString:'/2, 'isValid:'/2]).
-export([asString/1, asBinary/1, version/1, '<'/2, '>'/2, '<='/2, '>='/2]).

-define(CLASS, 'bt@stdlib@uuid').

%% The time of the last UUID of version 7 that the process made.
-define(LAST, '$bt_uuid_v7').

-type uuid() :: #{'$beamtalk_class' := ?CLASS, bytes := <<_:128>>}.
-type class_object() :: beamtalk_class:class_object().

%% @doc 122 random bits.
-spec v4(class_object()) -> uuid().
v4(_) ->
    <<A:48, _:4, B:12, _:2, C:62>> = crypto:strong_rand_bytes(16),
    new(<<A:48, 4:4, B:12, 2:2, C:62>>).

%% @doc The time in milliseconds, then the fraction of the millisecond in 12 bits, then random bits. Those
%% that a process makes get ever greater, also within one tick of the clock.
-spec v7(class_object()) -> uuid().
v7(_) ->
    Nanoseconds = erlang:system_time(nanosecond),
    Now = (Nanoseconds div 1_000_000) bsl 12 + (Nanoseconds rem 1_000_000) * 4096 div 1_000_000,
    Tick = later(Now, get(?LAST)),
    _ = put(?LAST, Tick),
    <<_:2, Random:62>> = crypto:strong_rand_bytes(8),
    new(<<(Tick bsr 12):48, 7:4, Tick:12, 2:2, Random:62>>).

later(Now, Last) when is_integer(Last), Last >= Now -> Last + 1;
later(Now, _) -> Now.

new(Bytes) ->
    #{'$beamtalk_class' => ?CLASS, bytes => Bytes}.

%% @doc The UUID of a text in the form with hyphens, in letters of either case.
-spec 'fromString:'(class_object(), binary()) -> beamtalk_result:result().
'fromString:'(Self, Text) when is_binary(Text) ->
    case bytes(Text) of
        {ok, Bytes} -> beamtalk_result:ok(new(Bytes));
        error -> beamtalk_result:error(malformed(Self, Text))
    end;
'fromString:'(Self, _) ->
    beamtalk_argument:wrong('fromString:', Self, "the text is a String").

malformed(Self, Text) ->
    beamtalk_error:new(parse_error, [beamtalk_print:safe(Text), " is no UUID"], #{
        selector => 'fromString:',
        errorClass => binary_to_atom(beamtalk_class:name_of(Self)),
        hint => <<"a UUID is written as 8-4-4-4-12 hexadecimal digits">>
    }).

%% @doc Whether a value is a text that `fromString:' takes.
-spec 'isValid:'(class_object(), term()) -> boolean().
'isValid:'(_, Text) -> is_binary(Text) andalso bytes(Text) =/= error.

bytes(<<A:8/binary, $-, B:4/binary, $-, C:4/binary, $-, D:4/binary, $-, E:12/binary>>) ->
    try
        {ok, binary:decode_hex(<<A/binary, B/binary, C/binary, D/binary, E/binary>>)}
    catch
        error:badarg -> error
    end;
bytes(_) ->
    error.

%% @doc The form with hyphens, in lower-case letters.
-spec asString(uuid()) -> binary().
asString(#{bytes := Bytes}) ->
    <<A:8/binary, B:4/binary, C:4/binary, D:4/binary, E:12/binary>> = beamtalk_binary:asHex(Bytes),
    <<A/binary, $-, B/binary, $-, C/binary, $-, D/binary, $-, E/binary>>.

%% @doc The 16 bytes.
-spec asBinary(uuid()) -> binary().
asBinary(#{bytes := Bytes}) -> Bytes.

%% @doc The number of the version.
-spec version(uuid()) -> 0..15.
version(#{bytes := <<_:48, Version:4, _/bitstring>>}) -> Version.

%% @doc Whether the bytes of the receiver come first.
-spec '<'(uuid(), uuid()) -> boolean().
'<'(Self, Other) -> bytes('<', Self, Self) < bytes('<', Self, Other).

%% @doc Whether the bytes of the argument come first.
-spec '>'(uuid(), uuid()) -> boolean().
'>'(Self, Other) -> bytes('>', Self, Self) > bytes('>', Self, Other).

%% @doc Whether the bytes of the argument do not come first.
-spec '<='(uuid(), uuid()) -> boolean().
'<='(Self, Other) -> bytes('<=', Self, Self) =< bytes('<=', Self, Other).

%% @doc Whether the bytes of the receiver do not come first.
-spec '>='(uuid(), uuid()) -> boolean().
'>='(Self, Other) -> bytes('>=', Self, Self) >= bytes('>=', Self, Other).

bytes(_, _, #{'$beamtalk_class' := ?CLASS, bytes := Bytes}) -> Bytes;
bytes(Selector, Self, _) -> beamtalk_argument:wrong(Selector, Self, "a Uuid is compared with a Uuid").
