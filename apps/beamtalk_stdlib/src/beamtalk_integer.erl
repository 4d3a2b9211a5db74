%% @doc Primitives of class Integer. Arithmetic with something that is not a number raises `badarith',
%% which is a type_error; comparison is Erlang's term order and never fails.
-module(beamtalk_integer).

-export([
    '+'/2, '-'/2, '*'/2, '/'/2, 'div:'/2, '%'/2, '**'/2, '<'/2, '>'/2, '<='/2, '>='/2,
    'bitAnd:'/2, 'bitOr:'/2, 'bitXor:'/2, 'bitShift:'/2, bitNot/1,
    abs/1, negated/1, 'min:'/2, 'max:'/2, rounded/1, ceiling/1, floor/1, truncated/1, sqrt/1,
    'to:'/2, 'to:by:'/3, asFloat/1, asString/1,
    isLetter/1, isDigit/1, isUppercase/1, isLowercase/1, isWhitespace/1
]).

-compile({no_auto_import, [abs/1, floor/1]}).

-include("beamtalk_arithmetic.hrl").


%% @doc Sum.
-spec '+'(integer(), number()) -> number().
'+'(Self, Other) -> Self + Other.

%% @doc Difference.
-spec '-'(integer(), number()) -> number().
'-'(Self, Other) -> Self - Other.

%% @doc Product.
-spec '*'(integer(), number()) -> number().
'*'(Self, Other) -> Self * Other.

%% @doc Quotient; always a float.
-spec '/'(integer(), number()) -> float().
'/'(Self, Other) -> Self / Other.

%% @doc Quotient without its fraction.
-spec 'div:'(integer(), integer()) -> integer().
'div:'(Self, Other) -> Self div Other.

%% @doc Remainder, with the sign of the receiver.
-spec '%'(integer(), integer()) -> integer().
'%'(Self, Other) -> Self rem Other.

%% @doc Power: exact for an integer exponent that is not negative.
-spec '**'(integer(), number()) -> number().
'**'(Self, Exponent) when is_integer(Exponent), Exponent >= 0 ->
    ok = representable(abs(Self), Exponent),
    power(Self, Exponent, 1);
'**'(Self, Exponent) when is_number(Exponent) -> math:pow(Self, Exponent);
'**'(_, _) -> erlang:error(badarith).

%% A power with more bits than the VM's integers can have raises at once, before hours of squaring.
representable(Base, Exponent) when Base < 2; Exponent < 1000 ->
    ok;
representable(Base, Exponent) ->
    Bytes = byte_size(binary:encode_unsigned(Base)),
    _ = 1 bsl (max(1, (Bytes - 1) * 8) * Exponent),
    ok.

%% By squaring; OTP has no integer power.
power(_, 0, Product) -> Product;
power(Base, 1, Product) -> Base * Product;
power(Base, N, Product) when N band 1 =:= 1 -> power(Base * Base, N bsr 1, Base * Product);
power(Base, N, Product) -> power(Base * Base, N bsr 1, Product).

%% @doc Less.
-spec '<'(integer(), term()) -> boolean().
'<'(Self, Other) -> Self < Other.

%% @doc Greater.
-spec '>'(integer(), term()) -> boolean().
'>'(Self, Other) -> Self > Other.

%% @doc Less or equal.
-spec '<='(integer(), term()) -> boolean().
'<='(Self, Other) -> Self =< Other.

%% @doc Greater or equal.
-spec '>='(integer(), term()) -> boolean().
'>='(Self, Other) -> Self >= Other.

%% @doc Bitwise and.
-spec 'bitAnd:'(integer(), integer()) -> integer().
'bitAnd:'(Self, Other) -> Self band Other.

%% @doc Bitwise or.
-spec 'bitOr:'(integer(), integer()) -> integer().
'bitOr:'(Self, Other) -> Self bor Other.

%% @doc Bitwise exclusive or.
-spec 'bitXor:'(integer(), integer()) -> integer().
'bitXor:'(Self, Other) -> Self bxor Other.

%% @doc Shift to the left; to the right when the argument is negative.
-spec 'bitShift:'(integer(), integer()) -> integer().
'bitShift:'(Self, N) -> Self bsl N.

%% @doc Bitwise complement.
-spec bitNot(integer()) -> integer().
bitNot(Self) -> bnot Self.

%% @doc The numbers up to another one.
-spec 'to:'(integer(), integer()) -> beamtalk_interval:interval().
'to:'(Self, Stop) -> beamtalk_interval:new('to:', Self, Stop, 1).

%% @doc The numbers to another one, so far apart.
-spec 'to:by:'(integer(), integer(), integer()) -> beamtalk_interval:interval().
'to:by:'(Self, Stop, Step) -> beamtalk_interval:new('to:by:', Self, Stop, Step).

%% @doc The same number as a float; raises when it is too large for one.
-spec asFloat(integer()) -> float().
asFloat(Self) -> Self + 0.0.

%% @doc Digits.
-spec asString(integer()) -> binary().
asString(Self) -> integer_to_binary(Self).

%% @doc True for the code point of a letter.
-spec isLetter(integer()) -> boolean().
isLetter(Self) -> beamtalk_character:isLetter(Self).

%% @doc True for the code point of a decimal digit.
-spec isDigit(integer()) -> boolean().
isDigit(Self) -> beamtalk_character:isDigit(Self).

%% @doc True for the code point of an upper-case letter.
-spec isUppercase(integer()) -> boolean().
isUppercase(Self) -> beamtalk_character:isUppercase(Self).

%% @doc True for the code point of a lower-case letter.
-spec isLowercase(integer()) -> boolean().
isLowercase(Self) -> beamtalk_character:isLowercase(Self).

%% @doc True for the code point of white space.
-spec isWhitespace(integer()) -> boolean().
isWhitespace(Self) -> beamtalk_character:isWhitespace(Self).
