%% @doc Stand-in for `json:decode/3' of OTP 27: the same results and the same errors, as far as
%% {@link beamtalk_json_decode} relies on them.
%%
%% What is open at a place of the text is on a stack of its own, so depth costs memory but no calls. Every
%% function takes what follows, the whole text, the offset of what follows, and that stack.
-module(beamtalk_json_scan).

-export([decode/3]).

%% An open array has its elements so far, an open object its members so far, the latest first.
-type open() :: [[term()] | {Key :: binary(), members()}].
-type members() :: [{binary(), term()}].

%% Longer integers are refused: their conversion takes quadratic time.
-define(MAX_DIGITS, 100_000).

-define(is_blank(C), (C =:= $\s orelse C =:= $\n orelse C =:= $\r orelse C =:= $\t)).
-define(is_digit(C), (C >= $0 andalso C =< $9)).

%% @doc The value at the beginning of a text, and what follows it. Null is `nil'.
-spec decode(binary(), Acc, #{null := nil}) -> {term(), Acc, binary()}.
decode(Text, Acc, #{null := nil}) ->
    {Value, Rest} = value(Text, Text, 0, []),
    {Value, Acc, Rest}.

-spec value(binary(), binary(), non_neg_integer(), open()) -> {term(), binary()}.
value(<<C, Rest/binary>>, Text, At, Stack) when ?is_blank(C) -> value(Rest, Text, At + 1, Stack);
value(<<$", Rest/binary>>, Text, At, Stack) ->
    {String, After, Next} = string(Rest, Text, At + 1, At + 1),
    next(After, Text, Next, String, Stack);
value(<<${, Rest/binary>>, Text, At, Stack) -> first_key(Rest, Text, At + 1, Stack);
value(<<$[, Rest/binary>>, Text, At, Stack) -> first_element(Rest, Text, At + 1, Stack);
value(<<"true", Rest/binary>>, Text, At, Stack) -> next(Rest, Text, At + 4, true, Stack);
value(<<"false", Rest/binary>>, Text, At, Stack) -> next(Rest, Text, At + 5, false, Stack);
value(<<"null", Rest/binary>>, Text, At, Stack) -> next(Rest, Text, At + 4, nil, Stack);
value(<<C, _/binary>> = Rest, Text, At, Stack) when C =:= $-; ?is_digit(C) ->
    {Number, Size} = number(Rest, Text, At),
    next(binary:part(Rest, Size, byte_size(Rest) - Size), Text, At + Size, Number, Stack);
value(_, Text, At, _) ->
    misspelled(Text, At).

%% A value has ended; what is open tells what may follow.
next(Rest, _, _, Value, []) -> {Value, Rest};
next(<<C, Rest/binary>>, Text, At, Value, Stack) when ?is_blank(C) -> next(Rest, Text, At + 1, Value, Stack);
next(<<$,, Rest/binary>>, Text, At, Value, [{Key, Members} | Stack]) ->
    key(Rest, Text, At + 1, [{Key, Value} | Members], Stack);
next(<<$}, Rest/binary>>, Text, At, Value, [{Key, Members} | Stack]) ->
    next(Rest, Text, At + 1, maps:from_list(lists:reverse(Members, [{Key, Value}])), Stack);
next(<<$,, Rest/binary>>, Text, At, Value, [Elements | Stack]) ->
    value(Rest, Text, At + 1, [[Value | Elements] | Stack]);
next(<<$], Rest/binary>>, Text, At, Value, [Elements | Stack]) when is_list(Elements) ->
    next(Rest, Text, At + 1, lists:reverse(Elements, [Value]), Stack);
next(_, Text, At, _, _) ->
    unexpected(Text, At).

first_element(<<C, Rest/binary>>, Text, At, Stack) when ?is_blank(C) -> first_element(Rest, Text, At + 1, Stack);
first_element(<<$], Rest/binary>>, Text, At, Stack) -> next(Rest, Text, At + 1, [], Stack);
first_element(Rest, Text, At, Stack) -> value(Rest, Text, At, [[] | Stack]).

first_key(<<C, Rest/binary>>, Text, At, Stack) when ?is_blank(C) -> first_key(Rest, Text, At + 1, Stack);
first_key(<<$}, Rest/binary>>, Text, At, Stack) -> next(Rest, Text, At + 1, #{}, Stack);
first_key(Rest, Text, At, Stack) -> key(Rest, Text, At, [], Stack).

key(<<C, Rest/binary>>, Text, At, Members, Stack) when ?is_blank(C) -> key(Rest, Text, At + 1, Members, Stack);
key(<<$", Rest/binary>>, Text, At, Members, Stack) ->
    {Key, After, Next} = string(Rest, Text, At + 1, At + 1),
    colon(After, Text, Next, [{Key, Members} | Stack]);
key(_, Text, At, _, _) ->
    unexpected(Text, At).

colon(<<C, Rest/binary>>, Text, At, Stack) when ?is_blank(C) -> colon(Rest, Text, At + 1, Stack);
colon(<<$:, Rest/binary>>, Text, At, Stack) -> value(Rest, Text, At + 1, Stack);
colon(_, Text, At, _) -> unexpected(Text, At).

%% ---------------------------------------------------------------------------------------------------
%% Strings. The text from `Start' on, as far as it needs no change, is taken as a part of the whole.
%% ---------------------------------------------------------------------------------------------------

string(Rest, Text, At, Start) ->
    string(Rest, Text, At, Start, []).

string(<<C, Rest/binary>>, Text, At, Start, Before) when C >= 32, C < 128, C =/= $", C =/= $\\ ->
    string(Rest, Text, At + 1, Start, Before);
string(<<$", Rest/binary>>, Text, At, Start, []) ->
    {binary:copy(binary:part(Text, Start, At - Start)), Rest, At + 1};
string(<<$", Rest/binary>>, Text, At, Start, Before) ->
    {iolist_to_binary(lists:reverse(Before, [binary:part(Text, Start, At - Start)])), Rest, At + 1};
string(<<$\\, Rest/binary>>, Text, At, Start, Before) ->
    {Char, Size} = escaped(Rest, Text, At),
    <<_:Size/binary, After/binary>> = Rest,
    Next = At + 1 + Size,
    string(After, Text, Next, Next, [Char, binary:part(Text, Start, At - Start) | Before]);
string(<<C/utf8, Rest/binary>>, Text, At, Start, Before) when C >= 128 ->
    string(Rest, Text, At + byte_size(<<C/utf8>>), Start, Before);
string(_, Text, At, _, _) ->
    unexpected(Text, At).

%% What an escape stands for, and the bytes that it takes after the backslash.
escaped(<<$u, Rest/binary>>, Text, At) -> code_unit(hex(Rest, Text, At + 2), Rest, Text, At);
escaped(<<$", _/binary>>, _, _) -> {<<"\"">>, 1};
escaped(<<$\\, _/binary>>, _, _) -> {<<"\\">>, 1};
escaped(<<$/, _/binary>>, _, _) -> {<<"/">>, 1};
escaped(<<$b, _/binary>>, _, _) -> {<<"\b">>, 1};
escaped(<<$f, _/binary>>, _, _) -> {<<"\f">>, 1};
escaped(<<$n, _/binary>>, _, _) -> {<<"\n">>, 1};
escaped(<<$r, _/binary>>, _, _) -> {<<"\r">>, 1};
escaped(<<$t, _/binary>>, _, _) -> {<<"\t">>, 1};
escaped(_, Text, At) -> unexpected(Text, At + 1).

%% Code points beyond 16 bits are a pair of surrogates; one alone is no text.
code_unit(High, <<_:4/binary, "\\u", Rest/binary>>, Text, At) when High >= 16#D800, High < 16#DC00 ->
    case hex(Rest, Text, At + 8) of
        Low when Low >= 16#DC00, Low < 16#E000 ->
            {<<(16#10000 + ((High - 16#D800) bsl 10) + (Low - 16#DC00))/utf8>>, 11};
        _ ->
            sequence(Text, At, 12)
    end;
code_unit(Unit, _, Text, At) when Unit >= 16#D800, Unit < 16#E000 ->
    sequence(Text, At, 6);
code_unit(Unit, _, _, _) ->
    {<<Unit/utf8>>, 5}.

hex(Rest, Text, At) ->
    hex(Rest, Text, At, 0, 4).

hex(_, _, _, Value, 0) -> Value;
hex(<<C, Rest/binary>>, Text, At, Value, Left) when ?is_digit(C) ->
    hex(Rest, Text, At + 1, Value * 16 + C - $0, Left - 1);
hex(<<C, Rest/binary>>, Text, At, Value, Left) when C >= $a, C =< $f; C >= $A, C =< $F ->
    hex(Rest, Text, At + 1, Value * 16 + (C bor 32) - $a + 10, Left - 1);
hex(_, Text, At, _, _) ->
    unexpected(Text, At).

%% ---------------------------------------------------------------------------------------------------
%% Numbers
%% ---------------------------------------------------------------------------------------------------

%% The number at the beginning of `Rest', and how many bytes it takes.
number(Rest, Text, At) ->
    Whole = whole(Rest, Text, At),
    case fraction(Rest, Whole, Text, At) of
        Whole ->
            number_end(Rest, Whole, exponent(Rest, Whole, Text, At), Whole, Text, At);
        Fraction ->
            number_end(Rest, Whole, exponent(Rest, Fraction, Text, At), Fraction, Text, At)
    end.

number_end(Rest, Whole, Whole, _, Text, At) ->
    Whole =< ?MAX_DIGITS orelse sequence(Text, At, Whole),
    {binary_to_integer(binary:part(Rest, 0, Whole)), Whole};
number_end(Rest, Whole, End, Whole, Text, At) ->
    %% An exponent without a fraction: Erlang wants one.
    <<Digits:Whole/binary, Exponent:(End - Whole)/binary, _/binary>> = Rest,
    {float(<<Digits/binary, ".0", Exponent/binary>>, End, Text, At), End};
number_end(Rest, _, End, _, Text, At) ->
    {float(binary:part(Rest, 0, End), End, Text, At), End}.

float(Digits, Size, Text, At) ->
    try
        binary_to_float(Digits)
    catch
        error:badarg -> sequence(Text, At, Size)
    end.

whole(<<$-, Rest/binary>>, Text, At) -> 1 + whole_digits(Rest, Text, At + 1);
whole(Rest, Text, At) -> whole_digits(Rest, Text, At).

whole_digits(<<$0, _/binary>>, _, _) -> 1;
whole_digits(Rest, Text, At) -> some_digits(Rest, Text, At).

fraction(Rest, Size, Text, At) ->
    case Rest of
        <<_:Size/binary, $., More/binary>> -> Size + 1 + some_digits(More, Text, At + Size + 1);
        _ -> Size
    end.

exponent(Rest, Size, Text, At) ->
    case Rest of
        <<_:Size/binary, E, Sign, More/binary>> when
            (E =:= $e orelse E =:= $E), (Sign =:= $+ orelse Sign =:= $-)
        ->
            Size + 2 + some_digits(More, Text, At + Size + 2);
        <<_:Size/binary, E, More/binary>> when E =:= $e; E =:= $E ->
            Size + 1 + some_digits(More, Text, At + Size + 1);
        _ ->
            Size
    end.

some_digits(Rest, Text, At) ->
    case digits(Rest, 0) of
        0 -> unexpected(Text, At);
        Count -> Count
    end.

digits(<<C, Rest/binary>>, Count) when ?is_digit(C) -> digits(Rest, Count + 1);
digits(_, Count) -> Count.

%% ---------------------------------------------------------------------------------------------------
%% Errors
%% ---------------------------------------------------------------------------------------------------

%% A word that begins like one of the three is wrong where it stops to be like it.
-spec misspelled(binary(), non_neg_integer()) -> no_return().
misspelled(Text, At) ->
    Rest = binary:part(Text, At, byte_size(Text) - At),
    Known = [binary:longest_common_prefix([Rest, Word]) || Word <- [<<"true">>, <<"false">>, <<"null">>]],
    unexpected(Text, At + lists:max(Known)).

-spec unexpected(binary(), non_neg_integer()) -> no_return().
unexpected(Text, At) when At >= byte_size(Text) ->
    raise(unexpected_end, byte_size(Text));
unexpected(Text, At) ->
    raise({invalid_byte, binary:at(Text, At)}, At).

-spec sequence(binary(), non_neg_integer(), pos_integer()) -> no_return().
sequence(Text, At, Size) ->
    raise({unexpected_sequence, binary:part(Text, At, Size)}, At).

-spec raise(term(), non_neg_integer()) -> no_return().
raise(Reason, At) ->
    erlang:error(Reason, none, [{error_info, #{cause => #{position => At}}}]).
