%% @doc Text that hurts compilers: deep, flat, long, broken. Through the library, with the emulator's default flags, every
%% request gets an answer, and the node lives. What compiles at all goes on to OTP's compiler and gets an answer there.
-module(hostile_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, suite/0, init_per_suite/1, end_per_suite/1]).
-export([nested/1, at_the_nesting_limit/1, flat/1, broken/1, many_steps/1]).

-define(MANY, 100_000).

suite() -> [{timetrap, {minutes, 5}}].

all() -> [nested, at_the_nesting_limit, flat, broken, many_steps].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_compiler),
    #{backend := nif} = beamtalk_compiler:info(),
    [{started, Started} | Config].

end_per_suite(Config) ->
    #{panics := #{panics := 0}} = beamtalk_compiler:info(),
    lists:foreach(fun application:stop/1, lists:reverse(?config(started, Config))).

brackets() ->
    [{"(", ")"}, {"[", "]"}, {"#(", ")"}, {"#[", "]"}, {"#{1 => ", "}"}, {"\"{", "}\""}, {"x match: [_ -> ", "]"}].

nested(_) ->
    lists:foreach(
        fun({Open, Close}) ->
            ?assertEqual(<<"BT0003">>, code_of([times(?MANY, Open), "1", times(?MANY, Close)]), Open),
            ?assertMatch(<<"BT", _/binary>>, code_of(times(?MANY, Open)), Open),
            ?assertMatch(<<"BT", _/binary>>, code_of(times(?MANY, Close)), Close)
        end,
        brackets()
    ).

at_the_nesting_limit(_) ->
    lists:foreach(
        fun({Open, Close}) ->
            ?assertEqual(ok, code_of(["x := 1\n", times(1000, Open), "1", times(1000, Close)]), Open)
        end,
        brackets()
    ).

flat(_) ->
    lists:foreach(
        fun({Name, Source}) -> ?assertMatch({Name, Code} when Code =:= ok; is_binary(Code), {Name, code_of(Source)}) end,
        [
            {operators, ["1", times(?MANY, " + 1")]},
            {unary_messages, ["1", times(?MANY, " foo")]},
            {keywords, ["1 ", times(?MANY, "a: 1 ")]},
            {cascade, ["1 foo", times(?MANY, "; foo")]},
            {statements, times(?MANY, "x := 1\n")},
            {assignments, [times(?MANY, "x := "), "1"]},
            {powers, ["1", times(?MANY, " ** 1")]},
            {list, ["#(", times(?MANY, "1, "), "1)"]},
            {dictionary, ["#{", times(?MANY, "1 => 1, "), "1 => 1}"]},
            {string, ["\"", times(1 bsl 20, "a"), "\""]},
            {interpolations, ["\"", times(?MANY, "{1}"), "\""]},
            {symbol, ["#", times(?MANY, "a")]},
            {symbols, [["#s", integer_to_list(N), " foo\n"] || N <- lists:seq(1, ?MANY)]},
            {line, ["x := ", times(?MANY, "#(1, 2, 3) size. ")]},
            {comment, ["// ", times(5_000_000, "a")]},
            {methods, ["Object subclass: Foo\n", times(10_000, "  m => 1\n\n")]}
        ]
    ).

broken(_) ->
    ?assertEqual(<<"BT0001">>, code_of(<<"1 + ", 255, 254>>)),
    ?assertMatch(<<"BT", _/binary>>, code_of(<<"1 ", 0, " 2">>)),
    ?assertMatch(<<"BT", _/binary>>, code_of(times(?MANY, <<0>>))),
    ?assertMatch(<<"BT", _/binary>>, code_of(crypto:strong_rand_bytes(100_000))),
    ?assertEqual(<<"BT0002">>, code_of(times(9_000_000, "a"))).

%% Code that is within the compiler's own limits is still much for OTP's compiler.
many_steps(_) ->
    lists:foreach(
        fun({Name, Source}) -> ?assertMatch({Name, Code} when Code =:= ok; is_binary(Code), {Name, code_of(Source)}) end,
        [
            {operators, ["1", times(2000, " + 1")]},
            {unary_messages, ["1", times(3000, " negated")]},
            {branches, times(500, "3 foo ifTrue: [1 foo] ifFalse: [2 foo]\n")},
            {exits, ["Object subclass: Foo\n  foo: x =>\n", times(500, "    x foo ifTrue: [^1 foo]\n"), "    2\n"]},
            {loops, times(200, "x := 1. [x < 3] whileTrue: [x := x + 1]\n")},
            {nested_branches, [
                "Object subclass: Foo\n  foo: x =>\n    y := 1\n    ",
                times(300, "x ifTrue: [y := y + 1. "), "y", times(300, "]"), "\n    y\n"
            ]},
            {shared_variables, ["x := 1\n", times(300, "[x := x + 1] value: 3. ")]}
        ]
    ).

times(Count, Text) -> binary:copy(iolist_to_binary(Text), Count).

%% Diagnostics, text and code of a source: `ok', or the code of the first error. All three must agree that there is one,
%% unless only OTP's compiler has it.
code_of(Text) ->
    Source = iolist_to_binary(Text),
    {ok, Found} = beamtalk_compiler:diagnostics(Source),
    true = is_list(Found),
    AsText = outcome(beamtalk_compiler:compile(Source, <<"bt@hostile">>)),
    AsCode = outcome(beamtalk_compiler:compile_module(Source, #{time_limit => 20_000})),
    case {AsText, AsCode} of
        {Same, Same} -> Same;
        {ok, <<"BT02", _/binary>>} -> AsCode
    end.

outcome({ok, _}) -> ok;
outcome({error, #{diagnostics := Diagnostics}}) ->
    [First | _] = [Code || #{severity := error, code := Code} <- Diagnostics],
    First.
