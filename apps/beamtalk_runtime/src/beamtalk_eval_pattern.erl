%% @doc Patterns of Core Erlang, translated for the evaluator.
%%
%% A matcher takes a value, the locals and the closure; it answers the locals with the pattern's variables added, or
%% `false'. Keys of maps and sizes of segments are expressions, which may use what the pattern has bound before them.
-module(beamtalk_eval_pattern).

-export([patterns/3, match/1, format/1]).
-export_type([matcher/0, pattern/0]).

-include("beamtalk_eval.hrl").

-type matcher() :: fun((term(), beamtalk_eval_code:locals(), beamtalk_eval_code:closure()) ->
    beamtalk_eval_code:locals() | false).
%% A translated pattern.

-type pattern() :: any | {literal, term()} | {matcher, matcher()}.
%% A pattern, with the cases set apart that a caller can do better than by a matcher; `any' binds one variable.

-type scope() :: beamtalk_eval_scope:scope().
-type captures() :: beamtalk_eval_scope:captures().

%% @doc Translates the patterns of a clause. Several values are a tuple.
-spec patterns([beamtalk_eval_code:core()], scope(), captures()) -> {pattern(), scope(), captures()}.
patterns([Pattern], Scope, Cs) -> pattern(Pattern, Scope, Cs);
patterns(Patterns, Scope, Cs) -> tuple(Patterns, Scope, Cs).

%% @doc The matcher of a pattern.
-spec match(pattern()) -> matcher().
match(any) ->
    fun(Value, L, _) -> [Value | L] end;
match({literal, Literal}) ->
    fun
        (Value, L, _) when Value =:= Literal -> L;
        (_, _, _) -> false
    end;
match({matcher, Matcher}) ->
    Matcher.

%% @doc Format of a segment.
-spec format(beamtalk_eval_code:core()) -> beamtalk_eval_bits:format().
format(#c_bitstr{type = #c_literal{val = Type}, flags = #c_literal{val = Flags}}) ->
    beamtalk_eval_bits:format(Type, Flags).

pattern(#c_var{name = Name}, Scope, Cs) -> {any, beamtalk_eval_scope:bind([Name], Scope), Cs};
pattern(#c_literal{val = Literal}, Scope, Cs) -> {{literal, Literal}, Scope, Cs};
pattern(#c_alias{var = Var, pat = Pattern}, Scope, Cs) -> alias(Var, Pattern, Scope, Cs);
pattern(#c_cons{hd = Head, tl = Tail}, Scope, Cs) -> cons(Head, Tail, Scope, Cs);
pattern(#c_tuple{es = Es}, Scope, Cs) -> tuple(Es, Scope, Cs);
pattern(#c_map{es = Pairs}, Scope, Cs) -> map(Pairs, Scope, Cs);
pattern(#c_binary{segments = Segments}, Scope, Cs) -> binary(Segments, Scope, Cs).

matcher(Pattern, Scope, Cs) ->
    {Translated, Scope1, Cs1} = pattern(Pattern, Scope, Cs),
    {match(Translated), Scope1, Cs1}.

%% Left to right: each pattern sees the variables of those before it.
matchers([], Scope, Cs) ->
    {[], Scope, Cs};
matchers([Pattern | Rest], Scope, Cs) ->
    {Match, Scope1, Cs1} = matcher(Pattern, Scope, Cs),
    {Matches, Scope2, Cs2} = matchers(Rest, Scope1, Cs1),
    {[Match | Matches], Scope2, Cs2}.

alias(#c_var{name = Name}, Pattern, Scope, Cs) ->
    {Match, Scope1, Cs1} = matcher(Pattern, beamtalk_eval_scope:bind([Name], Scope), Cs),
    {{matcher, fun(Value, L, C) -> Match(Value, [Value | L], C) end}, Scope1, Cs1}.

cons(Head, Tail, Scope, Cs) ->
    {[First, Rest], Scope1, Cs1} = matchers([Head, Tail], Scope, Cs),
    Match = fun
        ([H | T], L, C) ->
            case First(H, L, C) of
                false -> false;
                Bound -> Rest(T, Bound, C)
            end;
        (_, _, _) ->
            false
    end,
    {{matcher, Match}, Scope1, Cs1}.

tuple(Patterns, Scope, Cs) ->
    {Matches, Scope1, Cs1} = matchers(Patterns, Scope, Cs),
    {{matcher, tuple_of(Matches)}, Scope1, Cs1}.

%% Pairs are most of all tuples: the operands of inlined arithmetic are matched two at a time.
tuple_of([First, Second]) ->
    fun
        ({V1, V2}, L, C) ->
            case First(V1, L, C) of
                false -> false;
                Bound -> Second(V2, Bound, C)
            end;
        (_, _, _) ->
            false
    end;
tuple_of(Matches) ->
    Size = length(Matches),
    fun
        (Value, L, C) when tuple_size(Value) =:= Size -> elements(Matches, 1, Value, L, C);
        (_, _, _) -> false
    end.

elements([], _, _, L, _) ->
    L;
elements([Match | Rest], Index, Tuple, L, C) ->
    case Match(element(Index, Tuple), L, C) of
        false -> false;
        Bound -> elements(Rest, Index + 1, Tuple, Bound, C)
    end.

map(Pairs, Scope, Cs) ->
    {Matches, Scope1, Cs1} = pairs(Pairs, Scope, Cs),
    Match = fun
        (Map, L, C) when is_map(Map) -> entries(Matches, Map, L, C);
        (_, _, _) -> false
    end,
    {{matcher, Match}, Scope1, Cs1}.

pairs([], Scope, Cs) ->
    {[], Scope, Cs};
pairs([#c_map_pair{key = Key, val = Pattern} | Rest], Scope, Cs) ->
    {KeyCode, Cs1} = expr(Key, Scope, Cs),
    {Match, Scope1, Cs2} = matcher(Pattern, Scope, Cs1),
    {Matches, Scope2, Cs3} = pairs(Rest, Scope1, Cs2),
    {[{KeyCode, Match} | Matches], Scope2, Cs3}.

entries([], _, L, _) ->
    L;
entries([{KeyCode, Match} | Rest], Map, L, C) ->
    Key = KeyCode(L, C),
    case Map of
        #{Key := Value} -> entry(Match(Value, L, C), Rest, Map, C);
        #{} -> false
    end.

entry(false, _, _, _) -> false;
entry(Bound, Rest, Map, C) -> entries(Rest, Map, Bound, C).

binary(Segments, Scope, Cs) ->
    {Matches, Scope1, Cs1} = segments(Segments, Scope, Cs),
    Match = fun
        (Bits, L, C) when is_bitstring(Bits) -> take_all(Matches, Bits, L, C);
        (_, _, _) -> false
    end,
    {{matcher, Match}, Scope1, Cs1}.

segments([], Scope, Cs) ->
    {[], Scope, Cs};
segments([#c_bitstr{unit = #c_literal{val = Unit}} = Segment | Rest], Scope, Cs) ->
    Format = format(Segment),
    {Size, Cs1} = expr(Segment#c_bitstr.size, Scope, Cs),
    {Match, Scope1, Cs2} = matcher(segment_value(Format, Segment#c_bitstr.val), Scope, Cs1),
    {Matches, Scope2, Cs3} = segments(Rest, Scope1, Cs2),
    {[{Format, Size, Unit, Match} | Matches], Scope2, Cs3}.

%% `<<1/float>>' matches 1.0.
segment_value({float, _}, #c_literal{val = Integer} = Literal) when is_integer(Integer) ->
    Literal#c_literal{val = float(Integer)};
segment_value(_, Pattern) ->
    Pattern.

take_all([], <<>>, L, _) ->
    L;
take_all([], _, _, _) ->
    false;
take_all([{Format, SizeCode, Unit, Match} | Rest], Bits, L, C) ->
    case beamtalk_eval_bits:take(Format, Bits, size(SizeCode, L, C), Unit) of
        false -> false;
        {Value, After} -> taken(Match(Value, L, C), Rest, After, C)
    end.

taken(false, _, _, _) -> false;
taken(Bound, Rest, Bits, C) -> take_all(Rest, Bits, Bound, C).

%% A size that cannot be computed is a pattern that does not match.
size(SizeCode, L, C) ->
    try
        SizeCode(L, C)
    catch
        _:_ -> none
    end.

expr(Core, Scope, Cs) ->
    beamtalk_eval_code:expr(Core, beamtalk_eval_scope:in_guard(Scope), Cs).
