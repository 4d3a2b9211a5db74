%% @doc Units of a test run: what runs by itself, in one process after the other, and reports on its tests.
-module(beamtalk_test_unit).

-export([suite/3, examples/2, script/2, broken/2, select/2, is_serial/1, run/2]).

-export_type([unit/0, report/0, options/0]).

-record(unit, {
    file :: file:filename(),
    class :: binary() | undefined,
    work ::
        %% With the line of the last statement of each test, which is where it fails when its stack tells nothing.
        {suite, beamtalk_class:class_object(), [{Selector :: atom(), LastLine :: pos_integer() | undefined}]}
        %% Each group of examples has variables of its own.
        | {examples, [[beamtalk_test_example:example()]]}
        | {reports, [report()]}
}).

-opaque unit() :: #unit{}.

-type report() :: #{
    file := binary(),
    class := binary() | undefined,
    test := binary(),
    status := passed | failed | skipped,
    kind := binary() | undefined,
    message := binary() | undefined,
    line := pos_integer() | undefined,
    ms := float(),
    assertions := non_neg_integer()
}.
%% Of a test that failed, the line is where it did; kind and message are those of the exception. The message of a test that
%% was skipped is the reason.

-type options() :: #{seed := integer(), time_limit := pos_integer()}.

%% @doc The tests of a class, in alphabetical order.
-spec suite(beamtalk_source:unit(), beamtalk_class:class_object(), [atom()]) -> unit().
suite(#{file := File, class := Class, methods := Methods}, Object, Selectors) ->
    Lines = maps:from_list([{S, Line} || #{side := instance, selector := S, last_line := Line} <- Methods]),
    Tests = [{S, maps:get(atom_to_binary(S), Lines, undefined)} || S <- Selectors],
    #unit{file = File, class = Class, work = {suite, Object, Tests}}.

%% @doc The examples in the documentation of a file; those of one comment share their variables.
-spec examples(beamtalk_source:unit(), [[beamtalk_test_example:example()]]) -> unit().
examples(#{file := File, class := Class}, Groups) ->
    #unit{file = File, class = class(Class), work = {examples, Groups}}.

%% A file that only adds methods to classes goes by the name of its module.
class(<<"bt@", _/binary>>) -> undefined;
class(Class) -> Class.

%% @doc The examples of a script.
-spec script(file:filename(), [beamtalk_test_example:example()]) -> unit().
script(File, Examples) ->
    #unit{file = File, work = {examples, [Examples]}}.

%% @doc A file that cannot be loaded: all its tests fail, and the file itself where it has none.
-spec broken(beamtalk_source:unit(), beamtalk_workspace:failure()) -> unit().
broken(#{file := File, class := Class, methods := Methods, docs := Docs}, Failure) ->
    Tests =
        [S || #{side := instance, selector := <<"test", _/binary>> = S} <- Methods, binary:match(S, <<":">>) =:= nomatch] ++
            [example_name(Example) || Doc <- Docs, Example <- beamtalk_test_example:in_documentation(Doc)],
    Unit = #unit{file = File, class = class(Class), work = {reports, []}},
    Failed = #{
        status => failed,
        kind => <<"load_error">>,
        message => unicode:characters_to_binary(beamtalk_workspace:format_error(Failure)),
        line => first_line(Failure)
    },
    Unit#unit{work = {reports, [report(Unit, Test, Failed) || Test <- whole(Tests)]}}.

whole([]) -> [<<"the file">>];
whole(Tests) -> Tests.

first_line({compile, #{diagnostics := Diagnostics}}) ->
    hd([Line || #{severity := error, line := Line} <- Diagnostics] ++ [undefined]);
first_line(_) ->
    undefined.

%% @doc The part of a unit whose tests have the text in their names, such as `SpanTest testLength' or `math.btscript'.
-spec select(unit(), Filter :: binary()) -> unit() | none.
select(#unit{work = {suite, Object, Tests}} = Unit, Filter) ->
    selected(Unit, suite, [Test || {S, _} = Test <- Tests, is_selected(Unit, atom_to_binary(S), Filter)], Object);
select(#unit{work = {examples, Groups}} = Unit, Filter) ->
    IsSelected = fun(Example) -> is_selected(Unit, example_name(Example), Filter) end,
    selected(Unit, examples, [Group || Group <- Groups, lists:any(IsSelected, Group)], none);
select(#unit{work = {reports, Reports}} = Unit, Filter) ->
    selected(Unit, reports, [Report || #{test := Test} = Report <- Reports, is_selected(Unit, Test, Filter)], none).

selected(_, _, [], _) -> none;
selected(Unit, suite, Tests, Object) -> Unit#unit{work = {suite, Object, Tests}};
selected(Unit, Kind, Parts, _) -> Unit#unit{work = {Kind, Parts}}.

is_selected(#unit{file = File, class = undefined}, Test, Filter) ->
    contains([filename:basename(File), " ", Test], Filter);
is_selected(#unit{class = Class}, Test, Filter) ->
    contains([Class, " ", Test], Filter).

contains(Name, Filter) ->
    nomatch =/= string:find(unicode:characters_to_binary(Name), Filter).

%% @doc Whether nothing else may run at the same time. A class that fails to answer that is not trusted.
-spec is_serial(unit()) -> boolean().
is_serial(#unit{work = {suite, Object, _}}) ->
    try
        beamtalk_test_runner:is_serial(Object)
    catch
        _:_ -> true
    end;
is_serial(#unit{}) ->
    false.

%% @doc Runs the tests of a unit and reports on each.
-spec run(unit(), options()) -> [report()].
run(#unit{work = {reports, Reports}}, _) ->
    Reports;
run(#unit{work = {suite, Object, Tests}} = Unit, #{seed := Seed}) ->
    Runs = beamtalk_test_suite:run(Object, [Selector || {Selector, _} <- Tests], #{seed => Seed}),
    [suite_report(Unit, Run, maps:from_list(Tests)) || Run <- Runs];
run(#unit{work = {examples, Groups}} = Unit, Options) ->
    lists:flatmap(fun(Group) -> in_session(fun(Session) -> group(Unit, Group, Session, Options) end) end, Groups).

suite_report(Unit, #{selector := Selector, outcome := Outcome} = Run, Lines) ->
    #{microseconds := Elapsed, assertions := Assertions} = Run,
    Known = #{line => maps:get(Selector, Lines), ms => Elapsed / 1000, assertions => Assertions},
    report(Unit, atom_to_binary(Selector), maps:merge(Known, of_outcome(Outcome, Unit))).

of_outcome(passed, _) ->
    #{status => passed};
of_outcome({skipped, Reason}, _) ->
    #{status => skipped, message => Reason};
of_outcome({failed, #{kind := Kind, message := Message} = Exception}, #unit{file = File}) ->
    Failed = #{status => failed, kind => atom_to_binary(Kind), message => Message},
    Places = [place(Place) || {_, _, _, Place} <- without_definition(beamtalk_error:stack(Exception))],
    case [Line || {F, Line} <- Places, F =:= File] of
        [Line | _] -> Failed#{line => Line};
        [] -> Failed
    end.

%% The outermost place is the definition of the test.
without_definition([]) -> [];
without_definition(Stack) -> lists:droplast(Stack).

place(Place) ->
    {proplists:get_value(file, Place), proplists:get_value(line, Place)}.

%% ---------------------------------------------------------------------------------------------------
%% Examples
%% ---------------------------------------------------------------------------------------------------

in_session(Fun) ->
    {ok, Session} = beamtalk_workspace:open_session(),
    try
        Fun(Session)
    after
        beamtalk_workspace:close_session(Session)
    end.

group(Unit, Examples, Session, #{time_limit := Limit}) ->
    [example(Unit, Example, Session, Limit) || Example <- Examples].

example(Unit, #{source := Source, line := Line, expected := Expected} = Example, Session, Limit) ->
    Started = erlang:monotonic_time(),
    {Outcome, Value} = evaluate(Session, Source, Limit),
    Found = beamtalk_test_example:check(Expected, Outcome, fun(Text) -> is_value(Session, Text, Value, Limit) end),
    Elapsed = erlang:convert_time_unit(erlang:monotonic_time() - Started, native, microsecond),
    Known = #{line => Line, ms => Elapsed / 1000, assertions => assertions(Expected)},
    report(Unit, example_name(Example), maps:merge(Known, verdict(Found, Outcome))).

assertions(none) -> 0;
assertions(_) -> 1.

verdict(ok, _) -> #{status => passed};
verdict({failed, Message}, {raised, Kind, _}) -> #{status => failed, kind => Kind, message => Message};
verdict({failed, Message}, _) -> #{status => failed, kind => <<"assertion_failed">>, message => Message}.

example_name(#{line := Line}) -> <<"line ", (integer_to_binary(Line))/binary>>.

evaluate(Session, Source, Limit) ->
    case beamtalk_session:evaluate(Session, Source, Limit) of
        {ok, #{value := Value}} ->
            {{value, [beamtalk_print:print(Value), displayed(Session, Value)]}, {value, Value}};
        {error, Failure} ->
            {raised(Failure, Limit), none}
    end.

displayed(Session, Value) ->
    case beamtalk_session:display(Session, Value) of
        {ok, #{value := Text}} -> Text;
        {error, _} -> <<>>
    end.

raised(#{reason := exception, exception := #{kind := Kind, message := Message}}, _) ->
    {raised, atom_to_binary(Kind), Message};
raised(#{reason := interrupted}, Limit) ->
    {raised, <<"timeout_error">>, unicode:characters_to_binary(io_lib:format("it took longer than ~b ms", [Limit]))};
raised(#{reason := compile} = Failure, _) ->
    {raised, <<"compile_error">>, unicode:characters_to_binary(beamtalk_terminal:failure(Failure))};
raised(Failure, _) ->
    {raised, <<"process_ended">>, unicode:characters_to_binary(beamtalk_terminal:failure(Failure))}.

is_value(Session, Expected, {value, Value}, Limit) ->
    case beamtalk_session:evaluate(Session, Expected, Limit) of
        {ok, #{value := Value}} -> true;
        _ -> false
    end.

report(#unit{file = File, class = Class}, Test, Found) ->
    Nothing = #{kind => undefined, message => undefined, line => undefined, ms => 0.0, assertions => 0},
    (maps:merge(Nothing, Found))#{file => unicode:characters_to_binary(File), class => Class, test => Test}.
