%% @doc The mutation matrix: programs in which a block changes a variable, and what each must give.
%%
%% A case puts a position of `mutation_positions' into a home, or one position into a hole of another. Each hole changes
%% the variable by a step of its own, and the steps do not commute: the final value tells which of them happened in which
%% order. What is expected comes from a model of the effects, never from running anything.
-module(mutation_cases).

-export([singles/0, pairs/0, program/2, name/1, nested/1]).

-export_type(['case'/0, program/0]).

-type storage() :: local | field | class_var.
-type home() :: value | actor | class | top | repl.
-type form() :: statement | last | assigned | operand | argument | element | interpolated | receiver.
-type place() :: {mutation_positions:position(), form()}.
-type 'case'() :: {storage(), home(), Outer :: place(), Inner :: none | {Hole :: pos_integer(), place()}}.

-type program() :: #{
    home := home(),
    storage := storage(),
    %% Answers `c<Id>': a method, and for some cases another that it calls.
    methods := iodata(),
    %% The same as lines of a shell, and as statements with an expression for the result.
    lines := [iodata()],
    %% The list of variable and value, and what the variable holds in the end.
    expected := {[term()], integer()},
    leaves := boolean()
}.

-define(FORMS, [statement, last, assigned, operand, argument, element, interpolated, receiver]).
-define(MODULUS, 99991).

homes() ->
    [{local, value}, {local, actor}, {local, class}, {local, top}, {local, repl}, {field, actor}, {class_var, class}].

%% @doc Every position in every home and every form.
-spec singles() -> ['case'()].
singles() ->
    [
        {Storage, Home, {Position, Form}, none}
     || {Storage, Home} <- homes(), Position <- positions(Storage, Home), Form <- forms(Position)
    ].

forms(#{uses := none}) -> ?FORMS;
forms(_) -> [statement].

%% @doc Every position in every hole of every other, in every home.
-spec pairs() -> ['case'()].
pairs() ->
    [
        {Storage, Home, {Outer, form(Outer, Inner, Home)}, {Hole, {Inner, form(Inner, Outer, Storage)}}}
     || {Storage, Home} <- homes(),
        Outer <- positions(Storage, Home),
        Hole <- lists:seq(1, mutation_positions:holes(Outer)),
        Inner <- positions(Storage, Home),
        fits(Outer, Inner)
    ].

%% Pairs take the forms in turn.
form(#{name := Name} = Position, #{name := Other}, Place) ->
    Forms = forms(Position),
    lists:nth(erlang:phash2({Name, Other, Place}, length(Forms)) + 1, Forms).

positions(Storage, Home) ->
    [Position || Position <- mutation_positions:all(), suits(Position, Storage, Home)].

suits(#{needs := methods}, _, Home) when Home =:= top; Home =:= repl -> false;
suits(#{needs := state}, _, Home) when Home =/= actor, Home =/= class -> false;
suits(#{effects := Effects}, Storage, Home) ->
    %% A `^' ends the evaluation of all statements of a file. Class variables are the same in all processes.
    not (leaves(Effects) andalso Home =:= top) andalso not (copies(Effects) andalso Storage =:= class_var).

fits(_, #{uses := Uses}) when Uses =/= none ->
    false;
fits(#{uses := Uses} = Outer, #{effects := Effects} = Inner) ->
    case Uses =/= none orelse copies(maps:get(effects, Outer)) of
        %% The method has ended, or the block is in another process: there is nothing to return from.
        true -> not leaves(Effects) andalso maps:get(needs, Inner) =/= state;
        false -> true
    end.

leaves(Effects) -> lists:any(fun is_exit/1, Effects).

is_exit(exit) -> true;
is_exit({_, First, Second}) -> leaves(First) orelse leaves(Second);
is_exit({_, Effects}) -> leaves(Effects);
is_exit(_) -> false.

copies(Effects) -> lists:keymember(copy, 1, Effects).

%% ---------------------------------------------------------------------------------------------------
%% The model
%% ---------------------------------------------------------------------------------------------------

%% `{Value of the variable, gone_on | raised | {left, Value when `^' was met}}'.
model(Effects, Storage) -> effects(Effects, 0, Storage).

effects([], N, _) ->
    {N, gone_on};
effects([Effect | Rest], N, Storage) ->
    case effect(Effect, N, Storage) of
        {N1, gone_on} -> effects(Rest, N1, Storage);
        Ended -> Ended
    end.

effect({step, Digit}, N, _) -> {step(Digit, N), gone_on};
effect({hole, Effects}, N, Storage) -> effects(Effects, N, Storage);
effect(exit, N, _) -> {N, {left, N}};
effect(raise, N, _) -> {N, raised};
effect({copy, _}, N, _) -> {N, gone_on};
effect({handle, Protected, Handler}, N, Storage) ->
    case effects(Protected, N, Storage) of
        %% A handler starts from the state of the actor at entry.
        {_, raised} when Storage =:= field -> effects(Handler, N, Storage);
        {N1, raised} -> effects(Handler, N1, Storage);
        Ended -> Ended
    end;
effect({ensure, Protected, Cleanup}, N, Storage) ->
    {N1, How} = effects(Protected, N, Storage),
    case effects(Cleanup, N1, Storage) of
        {N2, gone_on} -> {N2, How};
        Ended -> Ended
    end.

step(Digit, N) -> (N * 7 + Digit) rem ?MODULUS.

%% Puts what the holes do in their places.
with_holes(Effects, Holes) ->
    [with_hole(Effect, Holes) || Effect <- Effects].

with_hole(Hole, Holes) when is_integer(Hole) -> {hole, lists:nth(Hole, Holes)};
with_hole({Kind, First, Second}, Holes) -> {Kind, with_holes(First, Holes), with_holes(Second, Holes)};
with_hole({Kind, Effects}, Holes) -> {Kind, with_holes(Effects, Holes)};
with_hole(Effect, _) -> Effect.

%% ---------------------------------------------------------------------------------------------------
%% The text
%% ---------------------------------------------------------------------------------------------------

%% @doc The program of a case; `Id' makes its names its own.
-spec program('case'(), pos_integer()) -> program().
program({Storage, Home, {Outer, Form}, Inner}, Id) ->
    Variable = variable(Storage, Id),
    Holes = [hole(Hole, Variable, Inner, Id) || Hole <- [1, 2, 3]],
    Names = #{id => Id, variable => Variable},
    {Statements, Result} = place(Outer, Form, [Text || {Text, _} <- Holes], "a", Names),
    Effects = with_holes(maps:get(effects, Outer), [E || {_, E} <- Holes]),
    {N, How} = model(Effects, Storage),
    #{
        home => Home,
        storage => Storage,
        methods => methods(Outer, Home, Statements, Result, Names),
        lines => lines(Outer, Statements, Result, Names),
        expected => {returned(How, N, value(Outer, Form, Storage)), N},
        leaves => How =/= gone_on
    }.

variable(local, Id) -> "n" ++ integer_to_list(Id);
variable(_, _) -> "self.n".

returned(gone_on, N, Value) -> [N, Value];
returned({left, At}, _, _) -> [At, nil].

%% `{{Statements, Operand}, Effects}' of a hole: a step, or another position.
hole(Hole, Variable, {Hole, {Inner, Form}}, Id) ->
    Holes = [step_text(Variable, Digit) || Digit <- [4, 5, 6]],
    {Statements, _} = place(Inner, Form, Holes, "b", #{id => Id, variable => Variable}),
    Text = join(Statements),
    Effects = with_holes(maps:get(effects, Inner), [[{step, Digit}] || Digit <- [4, 5, 6]]),
    {{Text, ["([", Text, ". 5] value)"]}, Effects};
hole(Hole, Variable, _, _) ->
    {step_text(Variable, Hole), [{step, Hole}]}.

step_text(Variable, Digit) ->
    Text = io_lib:format("~s := ((~s * 7) + ~b) % ~b", [Variable, Variable, Digit, ?MODULUS]),
    {Text, ["(", Text, ")"]}.

%% The statements of a position in a form, and an expression for the value that is compared.
place(#{before := Before, text := Text, uses := none} = Position, Form, Holes, Suffix, Names) ->
    Filled = fill(Text, Holes, Suffix, Names),
    Result = "v" ++ own(Suffix, Names),
    {Statements, HasResult} = form(Form, fill(Before, Holes, Suffix, Names), Filled, Result),
    {Statements, result(HasResult andalso maps:get(value, Position) =/= any orelse Form =:= operand, Result)};
place(#{before := Before, text := Text}, _, Holes, Suffix, Names) ->
    {before(fill(Before, Holes, Suffix, Names)) ++ [fill(Text, Holes, Suffix, Names)], "nil"}.

result(true, Result) -> Result;
result(false, _) -> "nil".

form(statement, Before, Text, _) -> {before(Before) ++ [Text], false};
form(last, Before, Text, _) -> {[["[", join(before(Before) ++ [Text]), "] value"]], false};
form(Form, Before, Text, Result) ->
    {before(Before) ++ [[Result, " := ", within(Form, Text)]], Form =/= interpolated}.

within(assigned, Text) -> Text;
within(operand, Text) -> ["(", Text, ") == 12345"];
within(argument, Text) -> ["MutationSink echo: (", Text, ")"];
within(element, Text) -> ["#(0, (", Text, "), 1)"];
within(interpolated, Text) -> ["\"<{(", Text, ")}>\""];
within(receiver, Text) -> ["(", Text, ") isNil"].

before([]) -> [];
before(Text) -> [Text].

join(Statements) -> lists:join(". ", Statements).

%% What the form makes of the value of the position.
value(_, operand, _) -> false;
value(_, Form, _) when Form =:= statement; Form =:= last; Form =:= interpolated -> nil;
value(#{value := any}, _, _) -> nil;
value(#{value := {elsewhere, Local, Field}} = Position, Form, Storage) ->
    value(Position#{value := case Storage of field -> Field; _ -> Local end}, Form, Storage);
value(#{value := Value}, receiver, _) -> Value =:= nil;
value(#{value := Value}, element, _) -> [0, Value, 1];
value(#{value := Value}, _, _) -> Value.

%% Marks are replaced from the text as it was: what is filled in has no marks.
fill(Template, Holes, Suffix, #{variable := Variable} = Names) ->
    [{S1, O1}, {S2, O2}, {S3, O3}] = Holes,
    Marks = #{
        "<1>" => S1, "<2>" => S2, "<3>" => S3, "<1e>" => O1, "<2e>" => O2, "<3e>" => O3,
        "<v>" => Variable, "<r>" => ["#(", Variable, ", nil)"], "@" => own(Suffix, Names)
    },
    Parts = re:split(Template, "(<[123]e?>|<v>|<r>|@)", [{return, list}]),
    lists:flatten([maps:get(Part, Marks, Part) || Part <- Parts]).

own(Suffix, #{id := Id}) -> Suffix ++ integer_to_list(Id).

methods(#{uses := none}, Home, Statements, Result, #{variable := Variable} = Names) ->
    method(Home, "c", Names, [start(Variable)] ++ Statements ++ [pair(Variable, Result)]);
methods(#{uses := Uses}, Home, Statements, _, #{variable := Variable} = Names) ->
    P = "p" ++ own("a", Names),
    [
        method(Home, "make", Names, [start(Variable) | Statements]),
        method(Home, "c", Names, [
            [P, " := self make", integer_to_list(maps:get(id, Names))],
            fill(Uses, empty_holes(), "a", Names),
            pair([P, " last value"], "nil")
        ])
    ].

empty_holes() -> [{"", ""}, {"", ""}, {"", ""}].

method(Home, Prefix, #{id := Id}, Statements) ->
    Side = case Home of class -> "class "; _ -> "" end,
    ["  ", Side, Prefix, integer_to_list(Id), " =>\n", [["    ", Statement, "\n"] || Statement <- Statements], "\n"].

start(Variable) -> [Variable, " := 0"].

pair(Variable, Result) -> ["#(", Variable, ", ", Result, ")"].

%% The lines of a shell: the start, what happens, and the result.
lines(#{uses := none}, Statements, Result, #{variable := Variable}) ->
    [start(Variable), join(Statements), pair(Variable, Result)];
lines(#{uses := Uses}, Statements, _, #{variable := Variable} = Names) ->
    P = "p" ++ own("a", Names),
    [
        [start(Variable), ". ", P, " := [", join(Statements), "] value"],
        fill(Uses, empty_holes(), "a", Names),
        pair([P, " last value"], "nil")
    ].

%% @doc Statements of a method, for the size of its code: each position stands in the first hole of the one before it.
-spec nested([mutation_positions:position()]) -> iodata().
nested(Positions) ->
    {Statements, _} = nested(Positions, 1),
    [start("n"), ". ", Statements, ". n"].

nested([], _) ->
    step_text("n", 1);
nested([#{before := Before, text := Text} | Rest], Depth) ->
    Holes = [nested(Rest, Depth + 1), step_text("n", 2), step_text("n", 3)],
    Names = #{id => Depth, variable => "n"},
    Statements = join(before(fill(Before, Holes, "d", Names)) ++ [fill(Text, Holes, "d", Names)]),
    {Statements, ["([", Statements, ". 5] value)"]}.

%% @doc What a case is about.
-spec name('case'()) -> binary().
name({Storage, Home, Outer, Inner}) ->
    iolist_to_binary(io_lib:format("~s in ~s: ~s~s", [Storage, Home, place_name(Outer), inner_name(Inner)])).

inner_name(none) -> "";
inner_name({Hole, Inner}) -> io_lib:format(", hole ~b: ~s", [Hole, place_name(Inner)]).

place_name({#{name := Name}, Form}) -> io_lib:format("~s (~s)", [Name, Form]).
