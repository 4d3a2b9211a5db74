%% @doc Erlang terms as JSON texts: `nil' and `null', booleans, numbers, binaries and atoms as strings,
%% lists, and maps whose keys are binaries, atoms or numbers.
%%
%% The members of an object are in the order of their names, so equal terms give equal texts. OTP's `json' does
%% neither that nor a layout for people in all releases that have it.
-module(beamtalk_json_encode).

-export([encode/1, encode_pretty/1, format_error/1]).

-export_type([error/0]).

-type error() :: {not_json, term()} | {not_a_name, term()} | {not_utf8, binary()} | {same_name, binary()}.

%% How many spaces each level is moved to the right, and how far at most: without a limit the text of deep values
%% would grow with the square of their depth. A margin of `none' means everything on one line.
-define(INDENT, 2).
-define(MAX_MARGIN, 100).

%% @doc Text without white space.
-spec encode(term()) -> {ok, iodata()} | {error, error()}.
encode(Term) ->
    caught(Term, none).

%% @doc Text for people: each element and member on a line of its own.
-spec encode_pretty(term()) -> {ok, iodata()} | {error, error()}.
encode_pretty(Term) ->
    caught(Term, 0).

caught(Term, Margin) ->
    try
        {ok, value(Term, Margin)}
    catch
        throw:{?MODULE, Error} -> {error, Error}
    end.

value(nil, _) -> <<"null">>;
value(null, _) -> <<"null">>;
value(true, _) -> <<"true">>;
value(false, _) -> <<"false">>;
value(Integer, _) when is_integer(Integer) -> integer_to_binary(Integer);
value(Float, _) when is_float(Float) -> float_to_binary(Float, [short]);
value(Text, _) when is_binary(Text) -> string(Text);
value(Atom, _) when is_atom(Atom) -> string(atom_to_binary(Atom));
value([], _) -> <<"[]">>;
value(List, Margin) when is_list(List) -> [$[, elements(List, List, inner(Margin)), line(Margin), $]];
value(Map, _) when map_size(Map) =:= 0 -> <<"{}">>;
value(Map, Margin) when is_map(Map) -> [${, members(named(Map), inner(Margin)), line(Margin), $}];
value(Other, _) -> fail({not_json, Other}).

elements([Last], _, Margin) -> [line(Margin), value(Last, Margin)];
elements([Head | Tail], List, Margin) when is_list(Tail) ->
    [line(Margin), value(Head, Margin), $, | elements(Tail, List, Margin)];
elements(_, List, _) -> fail({not_json, List}).

members([{Name, Value}], Margin) ->
    [member(Name, Value, Margin)];
members([{Name, _}, {Name, _} | _], _) ->
    fail({same_name, Name});
members([{Name, Value} | Rest], Margin) ->
    [member(Name, Value, Margin), $, | members(Rest, Margin)].

member(Name, Value, none) -> [string(Name), $:, value(Value, none)];
member(Name, Value, Margin) -> [line(Margin), string(Name), <<": ">>, value(Value, Margin)].

inner(none) -> none;
inner(Margin) -> min(?MAX_MARGIN, Margin + ?INDENT).

line(none) -> [];
line(Margin) -> [$\n, binary:copy(<<" ">>, Margin)].

named(Map) ->
    lists:keysort(1, [{name(Key), Value} || {Key, Value} <- maps:to_list(Map)]).

name(Name) when is_binary(Name) -> Name;
name(Atom) when is_atom(Atom) -> atom_to_binary(Atom);
name(Integer) when is_integer(Integer) -> integer_to_binary(Integer);
name(Float) when is_float(Float) -> float_to_binary(Float, [short]);
name(Other) -> fail({not_a_name, Other}).

%% Runs of characters that need no escape are taken as they are.
string(Text) ->
    [$", escaped(Text, Text, 0, 0), $"].

escaped(<<C, Rest/binary>>, Text, Start, Size) when C >= 32, C < 128, C =/= $", C =/= $\\ ->
    escaped(Rest, Text, Start, Size + 1);
escaped(<<>>, Text, 0, _) ->
    Text;
escaped(<<>>, Text, Start, Size) ->
    binary:part(Text, Start, Size);
escaped(<<C, Rest/binary>>, Text, Start, Size) when C < 128 ->
    [binary:part(Text, Start, Size), escape(C), escaped(Rest, Text, Start + Size + 1, 0)];
escaped(<<C/utf8, Rest/binary>>, Text, Start, Size) ->
    escaped(Rest, Text, Start, Size + byte_size(<<C/utf8>>));
escaped(_, Text, _, _) ->
    fail({not_utf8, Text}).

escape($") -> <<"\\\"">>;
escape($\\) -> <<"\\\\">>;
escape($\n) -> <<"\\n">>;
escape($\r) -> <<"\\r">>;
escape($\t) -> <<"\\t">>;
escape($\b) -> <<"\\b">>;
escape($\f) -> <<"\\f">>;
escape(C) -> io_lib:format("\\u~4.16.0b", [C]).

-spec fail(error()) -> no_return().
fail(Error) ->
    throw({?MODULE, Error}).

%% @doc Why a term has no JSON text.
-spec format_error(error()) -> unicode:chardata().
format_error({not_json, Term}) -> io_lib:format("~0tP has no form in JSON", [Term, 20]);
format_error({not_a_name, Key}) -> io_lib:format("~0tP cannot be the name of a member of an object", [Key, 20]);
format_error({not_utf8, Binary}) -> io_lib:format("~0tP is not text in UTF-8", [Binary, 20]);
format_error({same_name, Name}) -> ["two keys have the same name in JSON: ", Name].
