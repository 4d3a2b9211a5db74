%% @doc JSON texts (RFC 8259) as Erlang terms: `nil', booleans, numbers, binaries, lists, and maps with
%% binaries for keys. Of several members with one name the last counts. A number without fraction and
%% exponent is an integer of any size, every other number a float.
%%
%% OTP's module `json' does the work where there is one (OTP 27); {@link beamtalk_json_scan} stands in for it.
-module(beamtalk_json_decode).

-export([decode/1, decode/2, format_error/1]).

-export_type([json/0, error/0]).

-type json() :: nil | boolean() | number() | binary() | [json()] | #{binary() => json()}.
-type error() :: #{
    reason := unexpected_end | {unexpected, binary()} | number_too_large,
    offset := non_neg_integer(),
    line := pos_integer(),
    column := pos_integer()
}.

%% @doc The value of a text.
-spec decode(binary()) -> {ok, json()} | {error, error()}.
decode(Text) ->
    decode(decoder(), Text).

%% Looked for once: the search for a module that is not there goes through the whole code path.
decoder() ->
    case persistent_term:get(?MODULE, none) of
        none ->
            Found =
                case code:ensure_loaded(json) of
                    {module, json} -> json;
                    {error, _} -> beamtalk_json_scan
                end,
            persistent_term:put(?MODULE, Found),
            Found;
        Known ->
            Known
    end.

%% @doc The same with a module that does the work: `json', or one with the same function `decode/3'.
-spec decode(module(), binary()) -> {ok, json()} | {error, error()}.
decode(Decoder, Text) ->
    try Decoder:decode(Text, [], #{null => nil}) of
        {Value, _, Rest} -> ended(Value, Text, blank(Rest))
    catch
        error:Reason:Stack -> {error, failure(Reason, Text, position(Stack))}
    end.

blank(<<C, Rest/binary>>) when C =:= $\s; C =:= $\n; C =:= $\r; C =:= $\t -> blank(Rest);
blank(Rest) -> Rest.

ended(Value, _, <<>>) ->
    {ok, Value};
ended(_, Text, Rest) ->
    {error, failure({invalid_byte, binary:first(Rest)}, Text, byte_size(Text) - byte_size(Rest))}.

%% Where the text is wrong travels as extended error information.
position([{_, _, _, Info} | _]) ->
    case proplists:get_value(error_info, Info) of
        #{cause := #{position := Offset}} -> Offset;
        _ -> unknown
    end.

failure(Reason, Text, unknown) ->
    failure(Reason, Text, byte_size(Text));
failure(Reason, Text, Offset) ->
    {Line, Column} = place(binary:part(Text, 0, Offset)),
    #{reason => reason(Reason, Text, Offset), offset => Offset, line => Line, column => Column}.

reason(unexpected_end, _, _) -> unexpected_end;
reason(number_too_large, _, _) -> number_too_large;
reason(_, Text, Offset) when Offset >= byte_size(Text) -> unexpected_end;
reason({unexpected_sequence, Text}, _, _) -> number_or_escape(Text);
reason(_, Text, Offset) -> {unexpected, found(Text, Offset)}.

%% A number is reported as a whole only where it is too large for a float.
number_or_escape(<<"\\", _/binary>> = Escape) -> {unexpected, Escape};
number_or_escape(_) -> number_too_large.

found(Text, Offset) ->
    case Text of
        <<_:Offset/binary, C/utf8, _/binary>> -> <<C/utf8>>;
        <<_:Offset/binary, C, _/binary>> -> <<C>>
    end.

place(Before) ->
    Lines = binary:split(Before, <<"\n">>, [global]),
    {length(Lines), characters(lists:last(Lines)) + 1}.

characters(Line) ->
    case unicode:characters_to_list(Line) of
        Characters when is_list(Characters) -> length(Characters);
        _ -> byte_size(Line)
    end.

%% @doc What is wrong, and where.
-spec format_error(error()) -> unicode:chardata().
format_error(#{reason := Reason, line := Line, column := Column}) ->
    io_lib:format("~ts at line ~b, column ~b", [what(Reason), Line, Column]).

what(unexpected_end) ->
    "unexpected end of the text";
what(number_too_large) ->
    "a number that is too large";
what({unexpected, Found}) ->
    case unicode:characters_to_list(Found) of
        [C] when C < 32; C >= 127, C < 160 -> io_lib:format("unexpected control character U+~4.16.0B", [C]);
        Text when is_list(Text) -> ["unexpected ", Text];
        _ -> io_lib:format("invalid UTF-8 byte 16r~2.16.0B", [binary:first(Found)])
    end.
