-module(beamtalk_compiler_tests).

-include_lib("eunit/include/eunit.hrl").

-define(CLASS, <<"Object subclass: Greeter\n\n  class greet => 42\n">>).
-define(BROKEN, <<"// größe\n@@ oops\n"/utf8>>).

api_test_() ->
    Tests = [
        fun version_is_text/0,
        fun a_class_is_text/0,
        fun text_is_what_otp_reads/0,
        fun an_expression_is_text/0,
        fun an_expression_is_core_for_the_evaluator/0,
        fun an_expression_is_code/0,
        fun a_class_is_code/0,
        fun a_class_with_a_slot_has_a_body/0,
        fun a_script_is_code/0,
        fun a_file_without_anything_is_no_code/0,
        fun code_is_the_same_every_time/0,
        fun code_that_is_not_optimized_does_the_same/0,
        fun errors_have_the_one_shape/0,
        fun packages_are_known_by_more_than_their_name/0,
        fun reports_are_rendered_when_asked/0,
        fun an_outline_names_the_class/0,
        fun an_outline_has_methods_and_documentation/0,
        fun diagnostics_of_a_good_file_are_none/0,
        fun classes_of_the_environment_are_known/0,
        fun a_cancelled_compilation_says_so/0,
        fun wrong_arguments_are_errors_of_the_caller/0,
        fun a_huge_source_is_refused_before_it_is_sent/0
    ],
    {setup, fun boundary_support:start/0, fun boundary_support:stop/1, [{timeout, 60, Test} || Test <- Tests]}.

hostile_test_() ->
    {setup, fun boundary_support:start/0, fun boundary_support:stop/1, [
        {timeout, 120, {Name, fun() -> survives(iolist_to_binary(Source)) end}}
     || {Name, Source} <- hostile()
    ]}.

properties_test_() ->
    {setup, fun boundary_support:start/0, fun boundary_support:stop/1, [
        {timeout, 120, fun() -> ?assert(proper:quickcheck(Property, [quiet, {numtests, 300}])) end}
     || Property <- [prop_any_bytes_have_an_answer(), prop_any_options_are_taken_or_refused()]
    ]}.

version_is_text() ->
    ?assertMatch(<<_, ".", _/binary>>, beamtalk_compiler:version()).

a_class_is_text() ->
    {ok, #{core_erlang := Text, diagnostics := []}} = beamtalk_compiler:compile(?CLASS, <<"bt@greeter">>),
    ?assertMatch(<<"module 'bt@greeter' [", _/binary>>, Text).

text_is_what_otp_reads() ->
    {ok, #{core_erlang := Text}} = beamtalk_compiler:compile(?CLASS, <<"bt@greeter">>),
    {ok, Tokens, _} = core_scan:string(unicode:characters_to_list(Text)),
    {ok, Core} = core_parse:parse(Tokens),
    ?assertMatch({ok, 'bt@greeter', _}, compile:noenv_forms(Core, [from_core, binary])).

an_expression_is_text() ->
    {ok, #{core_erlang := Text}} = beamtalk_compiler:compile_expression(<<"x + 1">>, <<"bt@eval">>, [<<"x">>]),
    ?assertMatch(<<"module 'bt@eval' [", _/binary>>, Text).

an_expression_is_core_for_the_evaluator() ->
    {ok, #{script := Core, class := absent}} = expression(core),
    ?assertMatch({c_module, _, {c_literal, _, 'bt@eval'}, [{c_var, _, {eval, 1}}], _, _}, Core).

an_expression_is_code() ->
    {ok, #{script := {'bt@eval', Code}, facade := absent, module := undefined}} = expression(beam),
    ?assertMatch({3, #{}}, evaluate('bt@eval', Code, #{<<"x">> => 1})).

expression(Output) ->
    beamtalk_compiler:compile_expression(<<"1 + 2">>, <<"bt@eval">>, [<<"x">>], #{output => Output}).

evaluate(Module, Code, Bindings) ->
    {module, Module} = code:load_binary(Module, "none", Code),
    Result = Module:eval(Bindings),
    true = code:delete(Module),
    _ = code:purge(Module),
    Result.

a_class_is_code() ->
    {ok, Result} = beamtalk_compiler:compile_module(?CLASS, #{file => <<"src/greeter.bt">>}),
    #{facade := {bt@greeter, Code}, bodies := [], script := absent, interface := Interface} = Result,
    ?assertMatch(#{module := bt@greeter, class := <<"Greeter">>, superclass := <<"Object">>}, Result),
    {ok, {_, [{"BtIf", Stored}]}} = beam_lib:chunks(Code, ["BtIf"]),
    ?assertEqual(Interface, Stored),
    ?assertNotEqual(<<>>, Interface).

a_class_with_a_slot_has_a_body() ->
    {ok, Result} = beamtalk_compiler:compile_module(?CLASS, #{slot => 3, package => <<"shop">>}),
    ?assertMatch(#{module := bt@shop@greeter, facade := {bt@shop@greeter, _}, bodies := [{bt@shop@greeter@3, _}]}, Result),
    #{bodies := [{_, Body}]} = Result,
    ?assertMatch({error, _, {missing_chunk, _, _}}, beam_lib:chunks(Body, ["BtIf"])).

a_script_is_code() ->
    {ok, #{script := {my_script, Code}, facade := absent, bodies := []}} =
        beamtalk_compiler:compile_module(<<"1 + 2">>, #{module => <<"my_script">>}),
    ?assertMatch({3, _}, evaluate(my_script, Code, #{})).

a_file_without_anything_is_no_code() ->
    ?assertMatch({ok, #{facade := absent, script := absent, bodies := []}}, beamtalk_compiler:compile_module(<<>>, #{})),
    ?assertMatch({ok, #{core_erlang := <<>>}}, beamtalk_compiler:compile(<<"// nothing\n">>, <<"m">>)).

code_is_the_same_every_time() ->
    Compile = fun() -> beamtalk_compiler:compile_module(?CLASS, #{slot => 1}) end,
    ?assertEqual(Compile(), Compile()).

code_that_is_not_optimized_does_the_same() ->
    Source = <<"a := 1. 1 to: 10 do: [:i | a := a + i]. a">>,
    [
        begin
            {ok, #{script := {M, Code}}} =
                beamtalk_compiler:compile_module(Source, #{module => <<"fast">>, optimize => Optimize}),
            ?assertMatch({56, #{<<"a">> := 56}}, evaluate(M, Code, #{}))
        end
     || Optimize <- [true, false]
    ].

errors_have_the_one_shape() ->
    {error, #{diagnostics := [Found | _]}} = beamtalk_compiler:compile(?BROKEN, <<"m">>, #{file => <<"a.bt">>}),
    Own = beamtalk_compiler_diagnostic:new(internal_error, "x"),
    ?assertEqual(lists:sort(maps:keys(Own)), lists:sort(maps:keys(Found))),
    ?assertMatch(#{file := <<"a.bt">>, line := 2, column := 1, start := 11, severity := error, phase := parse}, Found).

packages_are_known_by_more_than_their_name() ->
    Source = <<"Actor subclass: Till\n  class open => post@Parcel new\n">>,
    Codes = fun(Package) ->
        {ok, #{diagnostics := Found}} = beamtalk_compiler:diagnostics(Source, #{package => Package}),
        [Code || #{code := Code} <- Found]
    end,
    ?assertEqual([<<"BT0139">>], Codes(<<"shop">>)),
    ?assertEqual([<<"BT0139">>], Codes(#{name => <<"shop">>})),
    ?assertEqual([<<"BT0105">>], Codes(#{name => <<"shop">>, dependencies => [{<<"post">>, [<<"Parcel">>]}]})),
    ?assertEqual([<<"BT0164">>, <<"BT0139">>], Codes(#{name => <<"shop">>, typed => true, dependencies => []})),
    [
        ?assertError({badarg, #{argument := _}}, Codes(Bad))
     || Bad <- [
            #{}, #{name => 3}, #{name => <<"Shop">>}, #{name => <<"shop">>, typed => 1}, #{name => <<"shop">>, x => 1},
            #{name => <<"shop">>, dependencies => [<<"post">>]}
        ]
    ].

reports_are_rendered_when_asked() ->
    {error, #{rendered := [Plain | _]}} = beamtalk_compiler:compile(?BROKEN, <<"m">>, #{render => true}),
    ?assertMatch({_, _}, binary:match(Plain, <<"@@ oops">>)),
    ?assertEqual(nomatch, binary:match(Plain, <<"\e[">>)),
    {ok, #{rendered := [Line | _]}} = beamtalk_compiler:diagnostics(?BROKEN, #{render => short}),
    ?assertMatch(<<"source:2:1: error[BT0007]: ", _/binary>>, Line),
    {ok, #{rendered := [<<"{\"code\":\"BT", _/binary>> | _]}} = beamtalk_compiler:diagnostics(?BROKEN, #{render => json}),
    {ok, #{rendered := [Colored | _]}} = beamtalk_compiler:diagnostics(?BROKEN, #{render => color}),
    ?assertMatch({_, _}, binary:match(Colored, <<"\e[">>)).

an_outline_names_the_class() ->
    ?assertMatch(
        {ok, #{class := <<"Greeter">>, module := <<"bt@p@greeter">>, superclass := <<"Object">>}},
        beamtalk_compiler:outline(?CLASS, #{package => <<"p">>})
    ),
    ?assertMatch({ok, #{class := undefined}}, beamtalk_compiler:outline(<<"1 + 2">>)).

an_outline_has_methods_and_documentation() ->
    Source = <<
        "/// A set.\n///   s := 1\nObject subclass: Bag\n  /// Adds.\n  add: x =>\n    x\n"
        "  class new => @@ broken\n  \"\n/// none\"\n"
    >>,
    {ok, #{methods := Methods, docs := Docs}} = beamtalk_compiler:outline(Source),
    ?assertEqual(
        [
            #{side => instance, selector => <<"add:">>, line => 5, last_line => 6},
            #{side => class, selector => <<"new">>, line => 7, last_line => 7}
        ],
        Methods
    ),
    ?assertEqual([#{line => 1, text => <<"A set.\n  s := 1">>}, #{line => 4, text => <<"Adds.">>}], Docs).

diagnostics_of_a_good_file_are_none() ->
    ?assertEqual({ok, []}, beamtalk_compiler:diagnostics(?CLASS)).

classes_of_the_environment_are_known() ->
    {ok, #{interface := Interface}} = beamtalk_compiler:compile_module(?CLASS, #{}),
    Entries = [{'Greeter', bt@greeter, Interface}],
    Warnings = fun(Options) ->
        {ok, #{diagnostics := Found}} = beamtalk_compiler:compile_module(<<"Greeter greet">>, Options),
        [Kind || #{kind := Kind} <- Found]
    end,
    ?assertEqual([unresolved_class], Warnings(#{})),
    ?assertEqual([], Warnings(#{environment => Entries})),
    ?assertEqual([], Warnings(#{environment => beamtalk_compiler:environment(Entries)})).

a_cancelled_compilation_says_so() ->
    Self = self(),
    %% No slot is free, so the compilation waits.
    Holders = [spawn_link(fun() -> hold(Self) end) || _ <- lists:seq(1, free_slots())],
    [receive {held, Pid} -> ok end || Pid <- Holders],
    Waiting = spawn_link(fun() -> Self ! {self(), beamtalk_compiler:compile_module(?CLASS, #{tag => here})} end),
    boundary_support:eventually(fun() -> map_get(waiting, beamtalk_compiler_limiter:info()) =:= 1 end),
    ok = beamtalk_compiler:cancel(here),
    receive
        {Waiting, Reply} -> ?assertMatch({error, #{diagnostics := [#{code := <<"BT0207">>}]}}, Reply)
    after 5000 -> error(not_cancelled)
    end,
    [begin unlink(Pid), exit(Pid, kill) end || Pid <- Holders].

free_slots() ->
    #{backend := Backend, admission := #{free := Free}} = beamtalk_compiler:info(),
    map_get({Backend, long}, Free).

hold(Parent) ->
    #{backend := Backend} = beamtalk_compiler_backend:current(),
    {ok, _} = beamtalk_compiler_limiter:acquire(Backend, long, #{wait => 1000, owner => self(), tag => undefined}),
    Parent ! {held, self()},
    timer:sleep(infinity).

wrong_arguments_are_errors_of_the_caller() ->
    Wrong = [
        {source, fun() -> beamtalk_compiler:compile("a string", <<"m">>) end},
        {source, fun() -> beamtalk_compiler:diagnostics(undefined) end},
        {source, fun() -> beamtalk_compiler:compile_module(<<1:3>>, #{}) end},
        {module, fun() -> beamtalk_compiler:compile(<<>>, my_module) end},
        {options, fun() -> beamtalk_compiler:compile(<<>>, <<>>) end},
        {options, fun() -> beamtalk_compiler:compile(<<>>, <<"m">>, []) end},
        {options, fun() -> beamtalk_compiler:compile_module(<<>>, #{sauce => 1}) end},
        {options, fun() -> beamtalk_compiler:compile_module(<<>>, #{package => <<"No Package">>}) end},
        {options, fun() -> beamtalk_compiler:compile_module(<<>>, #{limits => #{speed => 1}}) end},
        {known_vars, fun() -> beamtalk_compiler:compile_expression(<<>>, <<"m">>, [x]) end},
        {known_vars, fun() -> beamtalk_compiler:compile_expression(<<>>, <<"m">>, [<<"x">> | <<"y">>]) end},
        {slot, fun() -> beamtalk_compiler:compile_module(<<>>, #{slot => -1}) end},
        {library, fun() -> beamtalk_compiler:compile_module(<<>>, #{library => yes}) end},
        {output, fun() -> beamtalk_compiler:compile(<<>>, <<"m">>, #{output => exe}) end},
        {render, fun() -> beamtalk_compiler:diagnostics(<<>>, #{render => html}) end},
        {time_limit, fun() -> beamtalk_compiler:diagnostics(<<>>, #{time_limit => infinity}) end},
        {limits, fun() -> beamtalk_compiler:diagnostics(<<>>, #{limits => #{nesting => 0}}) end},
        {optimize, fun() -> beamtalk_compiler:compile_module(<<>>, #{optimize => 3}) end},
        {environment, fun() -> beamtalk_compiler:environment(#{}) end},
        {environment, fun() -> beamtalk_compiler:environment([{'A', b}]) end},
        {environment, fun() -> beamtalk_compiler:compile_module(<<>>, #{environment => [{1, 2, <<>>}]}) end},
        {options, fun() -> beamtalk_compiler:compile_module(<<>>, #{environment => [{'A', b, <<"no interface">>}]}) end}
    ],
    [?assertError({badarg, #{argument := Argument, expected := _, value := _}}, Call()) || {Argument, Call} <- Wrong].

a_huge_source_is_refused_before_it_is_sent() ->
    Huge = binary:copy(<<" ">>, 61_000_000),
    ?assertMatch({error, #{diagnostics := [#{code := <<"BT0002">>}]}}, beamtalk_compiler:compile(Huge, <<"m">>)),
    Large = binary:copy(<<" ">>, 9_000_000),
    ?assertMatch({error, #{diagnostics := [#{code := <<"BT0002">>}]}}, beamtalk_compiler:compile(Large, <<"m">>)).

%% What no text may do: end the node, or be answered by a failure of the compiler itself.

hostile() ->
    [
        {"not UTF-8", <<"x := ", 255, 254, 0>>},
        {"NUL bytes", <<0, 0, "x := 1", 0>>},
        {"100,000 parentheses", [lists:duplicate(100_000, $(), $1, lists:duplicate(100_000, $))]},
        {"100,000 open brackets", lists:duplicate(100_000, $[)},
        {"100,000 closing brackets", lists:duplicate(100_000, $})},
        {"100,000 operators", ["x := 1", lists:duplicate(100_000, " + 1")]},
        {"100,000 unary messages", ["1", lists:duplicate(100_000, " foo")]},
        {"100,000 cascades", ["1 foo", lists:duplicate(100_000, "; bar")]},
        {"100,000 statements", lists:duplicate(100_000, "x := 1.\n")},
        {"a string that is not closed", [$", lists:duplicate(100_000, ${)]},
        {"a long number", lists:duplicate(200_000, $9)},
        {"a long name", lists:duplicate(100_000, $x)},
        {"a long symbol", [$#, lists:duplicate(1000, $x)]},
        {"many symbols", [["#s", integer_to_list(N), ".\n"] || N <- lists:seq(1, 30_000)]}
    ].

survives(Source) ->
    Answers = [
        beamtalk_compiler:diagnostics(Source, #{render => true}),
        beamtalk_compiler:outline(Source),
        beamtalk_compiler:compile(Source, <<"hostile">>),
        beamtalk_compiler:compile_expression(Source, <<"hostile">>, [], #{output => core}),
        beamtalk_compiler:compile_module(Source, #{module => <<"hostile">>})
    ],
    [?assertNot(beamtalk_compiler_diagnostic:has_internal_error(Found)) || {_, #{diagnostics := Found}} <- Answers],
    ?assertMatch({ok, _}, beamtalk_compiler:compile(?CLASS, <<"m">>)).

%% Properties. The package of PropEr that distributions install has no header with its macros.

prop_any_bytes_have_an_answer() ->
    proper:forall(proper_types:binary(), fun(Source) ->
        {ok, #{diagnostics := Found}} = beamtalk_compiler:diagnostics(Source, #{}),
        {Tag, #{diagnostics := _}} = beamtalk_compiler:compile(Source, <<"m">>, #{output => core}),
        Failed = lists:any(fun(#{severity := Severity}) -> Severity =:= error end, Found),
        not beamtalk_compiler_diagnostic:has_internal_error(Found) andalso lists:member(Tag, [ok, error]) andalso
            (not Failed orelse Tag =:= error)
    end).

%% Whatever the options are: an answer, or the one error of wrong arguments.
prop_any_options_are_taken_or_refused() ->
    proper:forall(proper_types:tuple([option_name(), option_value()]), fun({Key, Value}) ->
        try beamtalk_compiler:compile_module(<<"1">>, #{Key => Value}) of
            {ok, _} -> true;
            {error, #{diagnostics := [_ | _]}} -> true
        catch
            error:{badarg, #{argument := _}} -> true
        end
    end).

option_name() ->
    Known = [module, file, package, slot, library, known_vars, environment, limits, output, render, tag, optimize],
    proper_types:oneof([proper_types:atom() | Known]).

option_value() ->
    proper_types:oneof([
        proper_types:any(),
        proper_types:binary(),
        proper_types:boolean(),
        proper_types:list(proper_types:binary()),
        proper_types:pos_integer(),
        proper_types:oneof([text, core, beam, color])
    ]).
