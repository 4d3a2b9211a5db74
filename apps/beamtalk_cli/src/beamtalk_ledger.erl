%% @doc What a reference of the library specifies beside what the built library has: a tool for those who work on the
%% library.
%%
%% A reference is read either from its prose, Markdown with a table of selectors for each class, or from its facts,
%% lines of the form `Class side selector'.
-module(beamtalk_ledger).

-export([main/0, read/1, facts/1, missing/1]).

-export_type([row/0, specification/0]).

-type side() :: class | instance.
-type row() :: {side(), atom()}.
-type specification() :: [{Class :: binary(), [row()]}].

-type state() :: #{present := own | inherited | missing, example := boolean(), mentioned := boolean()}.

%% What works on the image and its tools. An ordinary program does without.
-define(LEFT_OUT, [
    {[<<"AnnouncementNavigation">>, <<"ProcessNavigation">>, <<"SystemNavigation">>], "queries over the image"},
    {[<<"BindingsView">>, <<"Session">>, <<"WorkspaceInterface">>, <<"BindingChanged">>], "the workspace as an object"},
    {[<<"ChangeEntry">>, <<"ChangeLog">>, <<"FlushCompleted">>, <<"ObjectStateChanged">>], "changes of the image"},
    {[<<"Inspector">>, <<"InspectorField">>], "inspection"},
    {[<<"Package">>], "packages as objects"},
    {[<<"SubscriptionNode">>, <<"SupervisionNode">>, <<"SupervisionTree">>], "records for tools"},
    {[<<"SupervisionChildAdded">>, <<"SupervisionChildCrashed">>], "events for tools"},
    {[<<"Tracing">>], "tracing"}
]).
-define(LEFT_OUT_ROWS, [
    {[{<<"Object">>, {instance, inspect}}, {<<"Metaclass">>, {instance, package}}], "answer one of these"},
    %% An actor does not know who sends; the class, for which `Transcript' stands, runs where its sender does.
    {[{<<"TranscriptStream">>, {instance, subscribe}}, {<<"TranscriptStream">>, {instance, unsubscribe}}],
        "messages to Transcript, which stands for the class, where they are"}
]).

%% @doc Command line: a reference. Prints a line for each class and ends with an error when a row is missing that is
%% not left out. With `--facts' first it prints the facts of the reference.
-spec main() -> ok.
main() ->
    beamtalk_terminal:main(fun() ->
        case init:get_plain_arguments() of
            ["--facts", File] -> print_facts(read(File));
            [File | Tests] -> compare(held(read(File)), texts(Tests))
        end
    end).

print_facts(Reference) ->
    io:put_chars(facts(Reference)),
    0.

%% Without what is left out.
held(Reference) ->
    [{Class, Rows -- rows_left_out(Class)} || {Class, Rows} <- Reference, not left_out(Class)].

left_out(Class) ->
    lists:any(fun({Classes, _}) -> lists:member(Class, Classes) end, ?LEFT_OUT).

rows_left_out(Class) ->
    [Row || {Rows, _} <- ?LEFT_OUT_ROWS, {C, Row} <- Rows, C =:= Class].

compare(Held, Texts) ->
    {ok, _} = application:ensure_all_started(beamtalk_stdlib),
    Missing = lists:flatmap(fun missing_of/1, Held),
    io:put_chars(lists:join($\n, report(Held, Missing, Texts))),
    case Missing of
        [] -> 0;
        [_ | _] -> 1
    end.

%% ---------------------------------------------------------------------------------------------------
%% References
%% ---------------------------------------------------------------------------------------------------

%% @doc The classes of a reference with their rows.
-spec read(file:filename_all()) -> specification().
read(File) ->
    {ok, Content} = file:read_file(File),
    Entry =
        case filename:extension(File) of
            ".md" -> fun prose/1;
            _ -> fun fact/1
        end,
    classes(lists:flatmap(Entry, binary:split(Content, <<"\n">>, [global])), []).

prose(<<"### ", Class/binary>>) -> [{class, Class}];
prose(<<"| class | `", Rest/binary>>) -> [{row, class, quoted(Rest)}];
prose(<<"| inst | `", Rest/binary>>) -> [{row, instance, quoted(Rest)}];
prose(_) -> [].

fact(Line) ->
    case binary:split(Line, <<" ">>, [global]) of
        [Class, <<"class">>, Selector] -> [{class, Class}, {row, class, Selector}];
        [Class, <<"instance">>, Selector] -> [{class, Class}, {row, instance, Selector}];
        [<<>>] -> [];
        [Class] -> [{class, Class}]
    end.

quoted(Text) ->
    hd(binary:split(Text, <<"`">>)).

classes([], Classes) ->
    lists:reverse([{Class, lists:reverse(Rows)} || {Class, Rows} <- Classes]);
classes([{class, Class} | Rest], [{Class, _} | _] = Classes) ->
    classes(Rest, Classes);
classes([{class, Class} | Rest], Classes) ->
    classes(Rest, [{Class, []} | Classes]);
classes([{row, Side, Selector} | Rest], [{Class, Rows} | Classes]) ->
    classes(Rest, [{Class, [{Side, binary_to_atom(Selector)} | Rows]} | Classes]).

%% @doc The facts of a reference, as text.
-spec facts(specification()) -> [iodata()].
facts(Reference) ->
    [class_facts(Class, Rows) || {Class, Rows} <- Reference].

class_facts(Class, []) ->
    [Class, $\n];
class_facts(Class, Rows) ->
    [[Class, $\s, atom_to_binary(Side), $\s, atom_to_binary(Selector), $\n] || {Side, Selector} <- Rows].

%% ---------------------------------------------------------------------------------------------------
%% The library
%% ---------------------------------------------------------------------------------------------------

%% @doc What is specified, not left out, and missing: classes and rows.
-spec missing(specification()) -> [binary()].
missing(Reference) ->
    lists:flatmap(fun missing_of/1, held(Reference)).

missing_of({Class, Rows}) ->
    case module(Class) of
        undefined -> [Class];
        Module -> [row_name(Class, Row) || Row <- Rows, present(Module, Row) =:= missing]
    end.

row_name(Class, {class, Selector}) -> <<Class/binary, " class ", (atom_to_binary(Selector))/binary>>;
row_name(Class, {instance, Selector}) -> <<Class/binary, " ", (atom_to_binary(Selector))/binary>>.

module(Class) ->
    case beamtalk_class:lookup(binary_to_atom(Class)) of
        {ok, {_, Module}} -> Module;
        error -> undefined
    end.

%% The operators of equality are no messages.
present(_, {instance, Operator}) when
    Operator =:= '=='; Operator =:= '/='; Operator =:= '=:='; Operator =:= '=/='
->
    own;
present(Module, {Side, Selector}) ->
    case beamtalk_hierarchy:defines(Side, Module, Selector) orelse is_required(Side, Module, Selector) of
        true -> own;
        false -> inherited(Module, Side, Selector)
    end.

%% A protocol has no methods: it requires them.
is_required(Side, Module, Selector) ->
    case beamtalk_hierarchy:info(Module) of
        #{protocol := #{required := Required}} -> lists:member({Side, Selector}, Required);
        _ -> false
    end.

inherited(Module, Side, Selector) ->
    case beamtalk_hierarchy:understands(Side, Module, Selector) of
        true -> inherited;
        false -> missing
    end.

%% ---------------------------------------------------------------------------------------------------
%% Evidence
%% ---------------------------------------------------------------------------------------------------

texts(Patterns) ->
    iolist_to_binary([content(File) || Pattern <- Patterns, File <- files(Pattern)]).

files(Path) ->
    case filelib:is_dir(Path) of
        true -> filelib:wildcard(filename:join(Path, "**/*.{bt,btscript,erl}"));
        false -> [Path]
    end.

content(File) ->
    {ok, Content} = file:read_file(File),
    [Content, $\n].

-spec state(module(), row(), binary()) -> state().
state(Module, {Side, Selector} = Row, Texts) ->
    #{
        present => present(Module, Row),
        example => has_example(beamtalk_hierarchy:definer(Side, Module, Selector), Row),
        mentioned => mentions(Texts, atom_to_list(Selector))
    }.

has_example(nil, _) ->
    false;
has_example(Definer, Row) ->
    case beamtalk_hierarchy:info(Definer) of
        #{methods := #{Row := #{doc := Doc}}} when is_binary(Doc) -> binary:match(Doc, <<" // => ">>) =/= nomatch;
        _ -> false
    end.

%% The text has the message somewhere; who receives it, it does not say.
mentions(Texts, Selector) ->
    re:run(Texts, pattern(Selector, lists:last(Selector)), [{capture, none}]) =:= match.

pattern(Selector, $:) ->
    Parts = [quote(Part) || Part <- string:split(Selector, ":", all), Part =/= ""],
    ["\\b", lists:join(":[^\\n]*\\b", Parts), ":"];
pattern(Selector, Last) when Last >= $a, Last =< $z; Last >= $A, Last =< $Z; Last >= $0, Last =< $9 ->
    ["[ '.]", Selector, "\\b"];
pattern(Operator, _) ->
    [" ", quote(Operator), " "].

quote(Text) -> re:replace(Text, "[^A-Za-z0-9]", "\\\\&", [global, {return, list}]).

%% ---------------------------------------------------------------------------------------------------
%% Report
%% ---------------------------------------------------------------------------------------------------

report(Held, Missing, Texts) ->
    ["class                   specified  present  example  in a test"] ++
        lists:flatmap(fun({Class, Rows}) -> class_lines(Class, Rows, Texts) end, Held) ++
        ["", summary(Held, Missing), "", "left out:"] ++
        [["  ", lists:join(", ", Classes), ": ", Reason] || {Classes, Reason} <- ?LEFT_OUT] ++
        [["  ", lists:join(", ", [row_name(C, Row) || {C, Row} <- Rows]), ": ", Why] || {Rows, Why} <- ?LEFT_OUT_ROWS] ++
        [""].

class_lines(Class, Rows, Texts) ->
    case module(Class) of
        undefined ->
            [line(Class, length(Rows), ["no class", "", ""])];
        Module ->
            States = [{Row, state(Module, Row, Texts)} || Row <- Rows],
            Counts = [count(States, Is) || Is <- [fun is_present/1, fun is_example/1, fun is_mentioned/1]],
            [line(Class, length(Rows), Counts) | gaps(States)]
    end.

line(Class, Specified, [Present, Example, Mentioned]) ->
    io_lib:format("~-24ts~9b~9ts~9ts~11ts", [Class, Specified, Present, Example, Mentioned]).

count(States, Is) ->
    integer_to_list(length([Row || {Row, State} <- States, Is(State)])).

is_present(#{present := Present}) -> Present =/= missing.

is_example(#{example := Example}) -> Example.

is_mentioned(#{mentioned := Mentioned}) -> Mentioned.

gaps(States) ->
    gap("missing", [Row || {Row, State} <- States, not is_present(State)]) ++
        gap("neither example nor test", [
            Row
         || {Row, State} <- States, is_present(State), not is_example(State), not is_mentioned(State)
        ]).

gap(_, []) -> [];
gap(Title, Rows) -> [["    ", Title, ": ", lists:join(", ", [shown(Row) || Row <- Rows])]].

shown({class, Selector}) -> ["class ", atom_to_list(Selector)];
shown({instance, Selector}) -> atom_to_list(Selector).

summary(Held, Missing) ->
    {Classes, Rows} = lists:partition(fun is_class_name/1, Missing),
    io_lib:format("~b classes, ~b selectors; missing: ~b classes, ~b selectors of other classes", [
        length(Held), lists:sum([length(R) || {_, R} <- Held]), length(Classes), length(Rows)
    ]).

is_class_name(Name) -> binary:match(Name, <<" ">>) =:= nomatch.
