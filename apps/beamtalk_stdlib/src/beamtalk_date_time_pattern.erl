%% @doc Patterns for texts of times. A run of one of the letters `y M d H m s' stands for a field, every other
%% character for itself. A run of one letter is the number without leading zeros, a longer one has as many
%% digits as letters; `yy' are the last two digits of a year of this century.
-module(beamtalk_date_time_pattern).

-export([parse/2, format/2]).

-type fields() :: #{year | month | day | hour | minute | second => non_neg_integer(), atom() => term()}.

%% @doc The text of the fields.
-spec format(fields(), binary()) -> binary().
format(Fields, Pattern) ->
    iolist_to_binary([written(Part, Fields) || Part <- parts(Pattern)]).

written({year, 2}, #{year := Year}) ->
    io_lib:format("~2..0b", [Year rem 100]);
written({Field, Width}, Fields) ->
    string:pad(integer_to_list(map_get(Field, Fields)), Width, leading, $0);
written(Literal, _) ->
    Literal.

%% @doc The fields of a text. The year must be there; month and day are 1 and the time is 0 where the pattern
%% leaves them out.
-spec parse(binary(), binary()) -> {ok, fields()} | {error, unicode:chardata()}.
parse(Text, Pattern) ->
    case parse(parts(Pattern), Text, Pattern, #{}) of
        {ok, #{year := _} = Fields} ->
            {ok, maps:merge(#{month => 1, day => 1, hour => 0, minute => 0, second => 0}, Fields)};
        {ok, _} ->
            {error, "the pattern has no year (y)"};
        {error, Why} ->
            {error, Why}
    end.

parse([], <<>>, _, Fields) ->
    {ok, Fields};
parse([{Field, Width} | Parts], Text, Pattern, Fields) ->
    {Digits, Rest} = digits(Text, 0, greatest(Field, Width)),
    case byte_size(Digits) >= Width andalso add(Field, value(Field, Width, Digits), Fields) of
        #{} = More -> parse(Parts, Rest, Pattern, More);
        false -> mismatch(Pattern)
    end;
parse([C | Parts], <<C, Text/binary>>, Pattern, Fields) ->
    parse(Parts, Text, Pattern, Fields);
parse(_, _, Pattern, _) ->
    mismatch(Pattern).

mismatch(Pattern) ->
    {error, ["it does not have the form ", beamtalk_print:safe(Pattern)]}.

greatest(year, 1) -> 4;
greatest(_, 1) -> 2;
greatest(_, Width) -> Width.

digits(Text, Count, Max) ->
    case Text of
        <<_:Count/binary, C, _/binary>> when C >= $0, C =< $9, Count < Max -> digits(Text, Count + 1, Max);
        <<Digits:Count/binary, Rest/binary>> -> {Digits, Rest}
    end.

value(year, 2, Digits) -> 2000 + binary_to_integer(Digits);
value(_, _, Digits) -> binary_to_integer(Digits).

%% A field that is there twice must be the same twice.
add(Field, Value, Fields) ->
    case Fields of
        #{Field := Other} when Other =/= Value -> false;
        _ -> Fields#{Field => Value}
    end.

%% Fields with the number of letters, and literal bytes.
parts(<<C, Rest/binary>>) when C =:= $y; C =:= $M; C =:= $d; C =:= $H; C =:= $m; C =:= $s ->
    {Width, After} = run(C, Rest, 1),
    [{field(C), Width} | parts(After)];
parts(<<C, Rest/binary>>) ->
    [C | parts(Rest)];
parts(<<>>) ->
    [].

run(C, <<C, Rest/binary>>, Width) -> run(C, Rest, Width + 1);
run(_, Rest, Width) -> {Width, Rest}.

field($y) -> year;
field($M) -> month;
field($d) -> day;
field($H) -> hour;
field($m) -> minute;
field($s) -> second.
