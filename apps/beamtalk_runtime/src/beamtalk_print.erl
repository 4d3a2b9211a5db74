%% @doc Text forms of objects.
%%
%% {@link print/1} is `printString' of any object: objects of classes written in Beamtalk print
%% themselves, the rest is printed here. {@link safe/1} sends nothing and is bounded, so it works for
%% error messages, whatever the object is and whichever classes are loaded.
-module(beamtalk_print).

-compile({no_auto_import, [float/1]}).

-export([print/1, display/1, structure/1, safe/1, float/1, text/1]).

-define(DEPTH, '$bt_print_depth').
-define(MAX_DEPTH, 5).
-define(MAX_ELEMENTS, 50).
-define(MAX_SAFE_SIZE, 1000).

-type mode() :: dispatch | native.

%% @doc The object's `printString'.
-spec print(term()) -> binary().
print(Term) ->
    text(term(Term, dispatch, depth())).

%% @doc The object's `displayString'.
-spec display(term()) -> binary().
display(Term) when is_binary(Term) ->
    case beamtalk_dispatch:is_utf8(Term) of
        true -> Term;
        false -> print(Term)
    end;
display(Term) when is_integer(Term) -> integer_to_binary(Term);
display(Term) when is_float(Term) -> float(Term);
display(Term) when is_atom(Term) -> atom_to_binary(Term);
display(Term) -> beamtalk_dispatch:send(Term, displayString, []).

%% @doc The generic form of an instance with fields: `Span(from: 0, to: 10)'. Instances nested deeper
%% than five levels are abbreviated.
-spec structure(map()) -> binary().
structure(Value) ->
    text(structure(Value, dispatch, depth())).

%% @doc Bounded text that involves no message send.
-spec safe(term()) -> binary().
safe(Term) ->
    Text = text(term(Term, native, 0)),
    case string:length(Text) > ?MAX_SAFE_SIZE of
        true -> text([string:slice(Text, 0, ?MAX_SAFE_SIZE), <<"...">>]);
        false -> Text
    end.

%% @doc Shortest digits that read back, with a fraction.
-spec float(float()) -> binary().
float(Float) ->
    decimal(float_to_binary(Float, [short])).

%% The shortest digits that read back, as a plain number from 1.0e-6 up to 1.0e21 and with an exponent beyond.
decimal(Short) ->
    case binary:split(Short, <<"e">>) of
        [Mantissa, Exponent] -> scientific(Short, Mantissa, binary_to_integer(Exponent));
        [_] -> Short
    end.

scientific(_, Mantissa, Exponent) when Exponent >= -6, Exponent < 21 ->
    {Sign, Unsigned} = sign(Mantissa),
    [Whole, Fraction] = binary:split(Unsigned, <<".">>),
    Digits = string:trim(<<Whole/binary, Fraction/binary>>, trailing, "0"),
    <<Sign/binary, (point(Digits, byte_size(Whole) + Exponent))/binary>>;
scientific(Short, _, _) ->
    Short.

sign(<<"-", Unsigned/binary>>) -> {<<"-">>, Unsigned};
sign(Unsigned) -> {<<>>, Unsigned}.

%% The digits with the point after that many of them.
point(Digits, Position) when Position =< 0 ->
    <<"0.", (binary:copy(<<"0">>, -Position))/binary, Digits/binary>>;
point(Digits, Position) when Position >= byte_size(Digits) ->
    <<Digits/binary, (binary:copy(<<"0">>, Position - byte_size(Digits)))/binary, ".0">>;
point(Digits, Position) ->
    <<Whole:Position/binary, Fraction/binary>> = Digits,
    <<Whole/binary, ".", Fraction/binary>>.

depth() ->
    case get(?DEPTH) of
        undefined -> 0;
        Depth -> Depth
    end.

%% @doc Flattens text that is known to be valid.
-spec text(unicode:chardata()) -> binary().
text(Chars) ->
    case unicode:characters_to_binary(Chars) of
        Text when is_binary(Text) -> Text
    end.

-spec term(term(), mode(), non_neg_integer()) -> unicode:chardata().
term(Int, _, _) when is_integer(Int) -> integer_to_binary(Int);
term(Float, _, _) when is_float(Float) -> float(Float);
term(Atom, _, _) when is_atom(Atom) -> atom(Atom);
term(Bits, _, _) when is_bitstring(Bits) -> bits(Bits);
term(Fun, _, _) when is_function(Fun) -> <<"Block">>;
term(Pid, _, _) when is_pid(Pid) -> [<<"#Pid">>, pid_to_list(Pid)];
term(Port, _, _) when is_port(Port) -> erlang:port_to_list(Port);
term(Ref, _, _) when is_reference(Ref) -> ref_to_list(Ref);
term(#{'$beamtalk_class' := _} = Value, Mode, Depth) -> tagged(Value, Mode, Depth);
term({beamtalk_object, Class, _, Process}, _, _) -> reference(<<"Actor">>, Class, Process);
term({beamtalk_supervisor, Class, _, Process}, _, _) -> reference(<<"Supervisor">>, Class, Process);
term({'$bt_class', Module}, _, _) when is_atom(Module) -> beamtalk_hierarchy:name(Module);
term({'$bt_meta', Module}, _, _) when is_atom(Module) -> [beamtalk_hierarchy:name(Module), " class"];
term(_, native, Depth) when Depth >= ?MAX_DEPTH -> <<"...">>;
term([], _, _) -> <<"#()">>;
term(List, Mode, Depth) when is_list(List) -> [<<"#(">>, elements(List, Mode, Depth + 1), $)];
term(Tuple, Mode, Depth) when is_tuple(Tuple) ->
    [${, separated([term(E, Mode, Depth + 1) || E <- tuple_to_list(Tuple)]), $}];
term(Map, Mode, Depth) when is_map(Map) ->
    Pairs = lists:sort(maps:to_list(cut(Map, Mode))),
    [<<"#{">>, separated([pair(K, V, Mode, Depth + 1) || {K, V} <- Pairs]), $}].

atom(true) -> <<"true">>;
atom(false) -> <<"false">>;
atom(nil) -> <<"nil">>;
atom(Atom) -> [$#, atom_to_binary(Atom)].

bits(Bits) ->
    case is_binary(Bits) andalso beamtalk_dispatch:is_utf8(Bits) of
        true -> [$", binary:replace(Bits, <<"\"">>, <<"\"\"">>, [global]), $"];
        false -> [<<"<<">>, lists:join($\s, octets(Bits)), <<">>">>]
    end.

%% The last, incomplete octet of a bit string shows its bits left-aligned.
octets(Bits) ->
    Padding = (8 - bit_size(Bits) rem 8) rem 8,
    [io_lib:format("~2.16.0B", [Byte]) || <<Byte>> <= <<Bits/bitstring, 0:Padding>>].

reference(Kind, Class, Process) ->
    [Kind, $(, atom_to_binary(Class), <<", ">>, process(Process), $)].

process(Pid) when is_pid(Pid) -> string:trim(pid_to_list(Pid), both, "<>");
process({name, Name}) -> atom_to_binary(Name).

pair(Key, Value, Mode, Depth) ->
    [term(Key, Mode, Depth), <<" => ">>, term(Value, Mode, Depth)].

%% Improper lists come only from Erlang; their tail is set off as in a list pattern.
elements(List, Mode, Depth) ->
    elements(List, Mode, Depth, 1).

elements(_, native, _, N) when N > ?MAX_ELEMENTS -> <<"...">>;
elements([Last], Mode, Depth, _) -> term(Last, Mode, Depth);
elements([Head | Tail], Mode, Depth, _) when not is_list(Tail) ->
    [term(Head, Mode, Depth), <<" | ">>, term(Tail, Mode, Depth)];
elements([Head | Tail], Mode, Depth, N) ->
    [term(Head, Mode, Depth), <<", ">> | elements(Tail, Mode, Depth, N + 1)].

cut(Map, dispatch) -> Map;
cut(Map, native) when map_size(Map) =< ?MAX_ELEMENTS -> Map;
cut(Map, native) -> maps:from_list(lists:sublist(maps:to_list(Map), ?MAX_ELEMENTS)).

separated(Texts) ->
    lists:join(<<", ">>, Texts).

tagged(#{kind := _, message := Message, stack := _}, native, _) when is_binary(Message) ->
    Message;
tagged(_, _, Depth) when Depth >= ?MAX_DEPTH ->
    <<"...">>;
tagged(Value, native, Depth) ->
    structure(Value, native, Depth);
tagged(Value, dispatch, Depth) ->
    at_depth(Depth, fun() -> beamtalk_dispatch:send(Value, printString, []) end).

structure(#{'$beamtalk_class' := Module} = Value, Mode, Depth) ->
    Fields = lists:sort(maps:to_list(cut(maps:remove('$beamtalk_class', Value), Mode))),
    Texts = [[key(Key), <<": ">>, term(Field, Mode, Depth + 1)] || {Key, Field} <- Fields],
    [beamtalk_hierarchy:name(Module), $(, separated(Texts), $)].

key(Key) when is_atom(Key) -> atom_to_binary(Key);
key(Key) -> term(Key, native, ?MAX_DEPTH).

%% `printString' methods written in Beamtalk take no depth, so it travels beside them.
at_depth(Depth, Fun) ->
    Before = put(?DEPTH, Depth),
    try
        Fun()
    after
        restore(Before)
    end.

restore(undefined) -> erase(?DEPTH);
restore(Depth) -> put(?DEPTH, Depth).
