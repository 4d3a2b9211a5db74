%% @doc Primitives of class Json. The texts are read and written by the application beamtalk_json.
-module(beamtalk_json).

-export(['parse:'/2, 'generate:'/2, 'prettyPrint:'/2]).

-type class_object() :: beamtalk_class:class_object().

%% An `asJson' that answers something with the receiver in it would never come to an end.
-define(MAX_NESTING, 10_000).

%% @doc The value of a text, or a failure that tells what is wrong and where.
-spec 'parse:'(class_object(), binary()) -> beamtalk_result:result().
'parse:'(_, Text) when is_binary(Text) ->
    case beamtalk_json_decode:decode(Text) of
        {ok, Value} -> beamtalk_result:ok(Value);
        {error, Error} -> beamtalk_result:error(malformed(Error))
    end;
'parse:'(Self, _) ->
    beamtalk_argument:wrong('parse:', Self, "the text to parse is a String").

malformed(#{offset := Offset, line := Line, column := Column} = Error) ->
    beamtalk_error:new(parse_error, ["malformed JSON: ", beamtalk_json_decode:format_error(Error)], #{
        selector => 'parse:',
        errorClass => 'Json',
        details => #{offset => Offset, line => Line, column => Column}
    }).

%% @doc Text without white space.
-spec 'generate:'(class_object(), term()) -> binary().
'generate:'(Self, Value) ->
    text('generate:', Self, beamtalk_json_encode:encode(plain('generate:', Self, Value, 0))).

%% @doc Text for people.
-spec 'prettyPrint:'(class_object(), term()) -> binary().
'prettyPrint:'(Self, Value) ->
    text('prettyPrint:', Self, beamtalk_json_encode:encode_pretty(plain('prettyPrint:', Self, Value, 0))).

text(_, _, {ok, Text}) -> iolist_to_binary(Text);
text(Selector, Self, {error, Error}) -> no_form(Selector, Self, reason(Error)).

reason({not_json, Value}) -> [beamtalk_print:safe(Value), " has no form in JSON"];
reason({not_a_name, Key}) -> ["the key ", beamtalk_print:safe(Key), " cannot be a name in JSON"];
reason({not_utf8, Binary}) -> [beamtalk_print:safe(Binary), " is no text in UTF-8; convert it, for example by 'asBase64'"];
reason(Error) -> beamtalk_json_encode:format_error(Error).

-spec no_form(atom(), term(), unicode:chardata()) -> no_return().
no_form(Selector, Self, Reason) ->
    beamtalk_argument:wrong(Selector, Self, Reason).

%% The value in terms that have a form in JSON. `Nesting' counts the answers of `asJson' within each other.
plain(_, _, Term, _) when is_number(Term); is_atom(Term); is_binary(Term) ->
    Term;
plain(Selector, Self, [_ | _] = List, Nesting) ->
    elements(Selector, Self, List, List, Nesting);
plain(Selector, Self, Map, Nesting) when is_map(Map), not is_map_key('$beamtalk_class', Map) ->
    maps:map(fun(_, Value) -> plain(Selector, Self, Value, Nesting) end, Map);
plain(_, _, [], _) ->
    [];
plain(Selector, Self, Object, Nesting) ->
    object(Selector, Self, Object, Nesting, beamtalk_dispatch:send(Object, 'respondsTo:', [asJson])).

elements(Selector, Self, [Head | Tail], List, Nesting) ->
    [plain(Selector, Self, Head, Nesting) | elements(Selector, Self, Tail, List, Nesting)];
elements(_, _, [], _, _) ->
    [];
elements(Selector, Self, _, List, _) ->
    no_form(Selector, Self, reason({not_json, List})).

object(Selector, Self, Object, Nesting, true) when Nesting >= ?MAX_NESTING ->
    no_form(Selector, Self, ["what 'asJson' of ", beamtalk_print:safe(Object), " answers contains it without end"]);
object(Selector, Self, Object, Nesting, true) ->
    plain(Selector, Self, beamtalk_dispatch:send(Object, asJson, []), Nesting + 1);
object(Selector, Self, Object, Nesting, false) ->
    collection(Selector, Self, Object, Nesting, is_collection(Object)).

is_collection(Object) ->
    beamtalk_hierarchy:is_kind_of(beamtalk_dispatch:class_module(Object), 'bt@stdlib@collection').

collection(Selector, Self, Collection, Nesting, true) ->
    plain(Selector, Self, beamtalk_dispatch:send(Collection, asList, []), Nesting);
collection(Selector, Self, Object, _, false) ->
    no_form(Selector, Self, [beamtalk_print:safe(Object), " has no form in JSON; define 'asJson' in its class"]).
