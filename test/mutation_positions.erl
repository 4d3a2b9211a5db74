%% @doc The block positions of the mutation matrix, as data.
%%
%% A position is an expression with holes. Each hole stands for statements that change the variable under test, and the
%% position says what happens to them in which order.
%%
%% In the texts, `<1>' is hole 1 as statements and `<1e>' the same as an operand that is never nil; `@' makes a name of
%% its own for each use of the position; `<r>' is the answer that the method gives with `^'.
%%
%% The effects: `1' is what hole 1 does; `exit' is `^', `raise' an exception; `{ensure, Protected, Cleanup}' and
%% `{handle, Protected, Handler}' are the two blocks of `ensure:' and `on:do:'; `{copy, Effects}' is done in another
%% process.
-module(mutation_positions).

-export([all/0, holes/1]).

-export_type([position/0, effect/0]).

-type effect() ::
    pos_integer()
    | exit
    | raise
    | {ensure, [effect()], [effect()]}
    | {handle, [effect()], [effect()]}
    | {copy, [effect()]}.
-type position() :: #{
    name := string(),
    %% Statements before the expression.
    before := string(),
    text := string(),
    effects := [effect()],
    value := any | term(),
    %% Where it makes sense: `methods': not at top level; `state': where there is a field or class variable.
    needs := anywhere | methods | state,
    %% `makes_blocks': it answers blocks in a list, the last of which answers the variable; `uses' says what is done with
    %% the list when the activation has ended.
    uses := none | string()
}.

-spec all() -> [position()].
all() ->
    [position(Row) || Row <- rows()].

position({Name, Before, Text, Effects, Value}) -> position({Name, Before, Text, Effects, Value, anywhere});
position({Name, Before, Text, Effects, Value, {uses, Uses}}) ->
    (position({Name, Before, Text, Effects, Value, anywhere}))#{uses := Uses};
position({Name, Before, Text, Effects, Value, Needs}) ->
    #{name => Name, before => Before, text => Text, effects => Effects, value => Value, needs => Needs, uses => none}.

%% @doc Number of holes.
-spec holes(position()) -> non_neg_integer().
holes(#{before := Before, text := Text}) ->
    Marks = [Mark || Mark <- ["<1", "<2", "<3"], string:find(Before ++ Text, Mark) =/= nomatch],
    length(Marks).

rows() ->
    control() ++ loops() ++ collections() ++ exceptions() ++ exits() ++ at_once() ++ matches() ++ stored() ++
        passed() ++ operands() ++ elsewhere() ++ outliving().

control() ->
    [
        {"ifTrue: taken", "", "(1 < 2) ifTrue: [<1>. 5]", [1], 5},
        {"ifTrue: not taken", "", "(1 > 2) ifTrue: [<1>. 5]", [], false},
        {"ifTrue: block in a variable", "w@ := [<1>. 5]", "(1 < 2) ifTrue: w@", [1], 5},
        {"ifTrue: unknown receiver", "", "(MutationSink echo: true) ifTrue: [<1>. 5]", [1], 5},
        {"ifFalse: taken", "", "(1 > 2) ifFalse: [<1>. 5]", [1], 5},
        {"ifFalse: not taken", "", "(1 < 2) ifFalse: [<1>. 5]", [], true},
        {"ifTrue:ifFalse: true", "", "(1 < 2) ifTrue: [<1>. 5] ifFalse: [<2>. 6]", [1], 5},
        {"ifTrue:ifFalse: false", "", "(1 > 2) ifTrue: [<1>. 5] ifFalse: [<2>. 6]", [2], 6},
        {"ifFalse:ifTrue: true", "", "(1 < 2) ifFalse: [<1>. 5] ifTrue: [<2>. 6]", [2], 6},
        {"ifFalse:ifTrue: false", "", "(1 > 2) ifFalse: [<1>. 5] ifTrue: [<2>. 6]", [1], 5},
        {"ifTrue:ifFalse: condition", "", "[<1>. 1 < 2] value ifTrue: [<2>. 5] ifFalse: [<3>. 6]", [1, 2], 5},
        {"and: both", "", "[<1>. 1 < 2] value and: [<2>. 3 < 4]", [1, 2], true},
        {"and: first", "", "[<1>. 1 > 2] value and: [<2>. 3 < 4]", [1], false},
        {"and: not a Boolean", "", "(1 < 2) and: [<1>. 5]", [1], 5},
        {"or: first", "", "[<1>. 1 < 2] value or: [<2>. 3 < 4]", [1], true},
        {"or: both", "", "[<1>. 1 > 2] value or: [<2>. 3 > 4]", [1, 2], false},
        {"ifNil: nil", "", "(MutationSink echo: nil) ifNil: [<1>. 5]", [1], 5},
        {"ifNil: not nil", "", "(MutationSink echo: 7) ifNil: [<1>. 5]", [], 7},
        {"ifNotNil: with a parameter", "", "(MutationSink echo: 7) ifNotNil: [:x@ | <1>. x@]", [1], 7},
        {"ifNotNil: without a parameter", "", "(MutationSink echo: 7) ifNotNil: [<1>. 5]", [1], 5},
        {"ifNotNil: nil", "", "(MutationSink echo: nil) ifNotNil: [<1>. 5]", [], nil},
        {"ifNil:ifNotNil: nil", "", "(MutationSink echo: nil) ifNil: [<1>. 5] ifNotNil: [:x@ | <2>. x@]", [1], 5},
        {"ifNil:ifNotNil: not nil", "", "(MutationSink echo: 7) ifNil: [<1>. 5] ifNotNil: [:x@ | <2>. x@]", [2], 7},
        {"ifNotNil:ifNil: nil", "", "(MutationSink echo: nil) ifNotNil: [:x@ | <1>. x@] ifNil: [<2>. 5]", [2], 5},
        {"ifNotNil:ifNil: not nil", "", "(MutationSink echo: 7) ifNotNil: [:x@ | <1>. x@] ifNil: [<2>. 5]", [1], 7}
    ].

loops() ->
    Condition = "[<1>. i@ := i@ + 1. i@ < 3]",
    [
        {"whileTrue:", "i@ := 0", Condition ++ " whileTrue: [<2>]", [1, 2, 1, 2, 1], nil},
        {"whileTrue: never", "i@ := 5", Condition ++ " whileTrue: [<2>]", [1], nil},
        {"whileTrue: condition in a variable", "i@ := 0. w@ := " ++ Condition, "w@ whileTrue: [<2>]", [1, 2, 1, 2, 1], nil},
        {"whileTrue: both in variables", "i@ := 0. w@ := " ++ Condition ++ ". u@ := [<2>]", "w@ whileTrue: u@",
            [1, 2, 1, 2, 1], nil},
        {"whileFalse:", "i@ := 0", "[<1>. i@ := i@ + 1. i@ > 2] whileFalse: [<2>]", [1, 2, 1, 2, 1], nil},
        {"repeat", "i@ := 0",
            "[[<1>. i@ := i@ + 1. i@ > 2 ifTrue: [MutationSink fail]] repeat] on: Error do: [:e@ | <2>. 5]",
            [{handle, [1, 1, 1, raise], [2]}], 5},
        {"repeat: block in a variable", "i@ := 0. w@ := [<1>. i@ := i@ + 1. i@ > 2 ifTrue: [MutationSink fail]]",
            "[w@ repeat] on: Error do: [:e@ | <2>. 5]", [{handle, [1, 1, 1, raise], [2]}], 5},
        {"timesRepeat:", "", "3 timesRepeat: [<1>]", [1, 1, 1], nil},
        {"timesRepeat: never", "", "(MutationSink echo: 0) timesRepeat: [<1>]", [], nil},
        {"timesRepeat: block in a variable", "w@ := [<1>]", "3 timesRepeat: w@", [1, 1, 1], nil},
        {"to:do:", "", "1 to: 3 do: [:k@ | <1>]", [1, 1, 1], nil},
        {"to:do: unknown bounds", "", "(MutationSink echo: 1) to: (MutationSink echo: 2) do: [:k@ | <1>]", [1, 1], nil},
        {"to:do: block in a variable", "w@ := [:k@ | <1>]", "1 to: 3 do: w@", [1, 1, 1], nil},
        {"to:by:do:", "", "5 to: 1 by: -2 do: [:k@ | <1>]", [1, 1, 1], nil},
        {"to:by:do: unknown step", "", "5 to: 1 by: (MutationSink echo: -2) do: [:k@ | <1>]", [1, 1, 1], nil}
    ].

%% Every selector on every class, on three elements; what the block answers does not depend on their order.
collections() ->
    Classes = [
        {"List", "#(11, 12, 13)"},
        {"Array", "#[11, 12, 13]"},
        {"Set", "(Set withAll: #(11, 12, 13))"},
        {"Dictionary", "#{#a => 11, #b => 12, #c => 13}"},
        {"Tuple", "(Tuple withAll: #(11, 12, 13))"},
        {"Interval", "(11 to: 13)"},
        {"Bag", "(Bag withAll: #(11, 12, 13))"},
        {"String", "\"abc\""},
        {"Binary", "(Binary fromBytes: #(255, 254, 253))"},
        {"unknown class", "(MutationSink echo: #(11, 12, 13))"},
        {"user's class", "MutationTrio new"}
    ],
    [
        {Selector ++ " on " ++ Class, "", Receiver ++ " " ++ Text, Effects, Value}
     || {Class, Receiver} <- Classes, {Selector, Text, Effects, Value} <- common_selectors()
    ] ++
        [{Name, "", Text, Effects, Value} || {Name, Text, Effects, Value} <- own_selectors()].

common_selectors() ->
    [
        {"do:", "do: [:x@ | <1>]", [1, 1, 1], nil},
        {"collect:", "collect: [:x@ | <1>. x@]", [1, 1, 1], any},
        {"select: all", "select: [:x@ | <1>. true]", [1, 1, 1], any},
        {"select: none", "select: [:x@ | <1>. false]", [1, 1, 1], any},
        {"reject:", "reject: [:x@ | <1>. true]", [1, 1, 1], any},
        {"inject:into:", "inject: 0 into: [:a@ :x@ | <1>. a@ + 1]", [1, 1, 1], 3},
        {"detect:", "detect: [:x@ | <1>. true]", [1], any},
        {"detect:ifNone: found", "detect: [:x@ | <1>. true] ifNone: [<2>. 5]", [1], any},
        {"detect:ifNone: none", "detect: [:x@ | <1>. false] ifNone: [<2>. 5]", [1, 1, 1, 2], 5},
        {"count:", "count: [:x@ | <1>. true]", [1, 1, 1], 3},
        {"anySatisfy: true", "anySatisfy: [:x@ | <1>. true]", [1], true},
        {"anySatisfy: false", "anySatisfy: [:x@ | <1>. false]", [1, 1, 1], false},
        {"allSatisfy: true", "allSatisfy: [:x@ | <1>. true]", [1, 1, 1], true},
        {"allSatisfy: false", "allSatisfy: [:x@ | <1>. false]", [1], false},
        {"noneSatisfy:", "noneSatisfy: [:x@ | <1>. false]", [1, 1, 1], true},
        {"eachWithIndex:", "eachWithIndex: [:x@ :k@ | <1>]", [1, 1, 1], nil},
        {"do:separatedBy:", "do: [:x@ | <1>] separatedBy: [<2>]", [1, 2, 1, 2, 1], nil}
    ].

own_selectors() ->
    Dictionary = "#{#a => 11, #b => 12}",
    [
        {"keysAndValuesDo:", Dictionary ++ " keysAndValuesDo: [:k@ :x@ | <1>]", [1, 1], nil},
        {"doWithKey:", Dictionary ++ " doWithKey: [:k@ :x@ | <1>]", [1, 1], nil},
        {"at:ifAbsent: present", Dictionary ++ " at: #a ifAbsent: [<1>. 5]", [], 11},
        {"at:ifAbsent: absent", Dictionary ++ " at: #z ifAbsent: [<1>. 5]", [1], 5},
        {"groupBy:", "#(1, 2, 3) groupBy: [:x@ | <1>. x@]", [1, 1, 1], any},
        {"partition:", "#(1, 2, 3) partition: [:x@ | <1>. x@ > 1]", [1, 1, 1], any},
        {"takeWhile:", "#(1, 2, 3) takeWhile: [:x@ | <1>. x@ < 2]", [1, 1], [1]},
        {"dropWhile:", "#(1, 2, 3) dropWhile: [:x@ | <1>. x@ < 2]", [1, 1], [2, 3]},
        {"flatMap:", "#(1, 2) flatMap: [:x@ | <1>. #(x@, x@)]", [1, 1], [1, 1, 2, 2]},
        {"sort:", "#(2, 1) sort: [:x@ :y@ | <1>. x@ < y@]", [1], [1, 2]},
        {"do: block in a variable", "[:w@ | #(1, 2) do: w@] value: [:x@ | <1>]", [1, 1], nil}
    ].

exceptions() ->
    [
        {"on:do: no exception", "", "[<1>. 5] on: Error do: [:e@ | <2>. 6]", [{handle, [1], [2]}], 5},
        {"on:do: exception", "", "[<1>. MutationSink fail. 5] on: Error do: [:e@ | <2>. 6]", [{handle, [1, raise], [2]}], 6},
        {"on:do: handler without a parameter", "", "[<1>. 1 foo] on: RuntimeError do: [<2>. 6]", [{handle, [1, raise], [2]}], 6},
        {"on:do: an Erlang error", "", "[<1>. 1 / 0] on: TypeError do: [:e@ | <2>. e@ kind]",
            [{handle, [1, raise], [2]}], type_error},
        {"on:do: another class", "",
            "[[<1>. MutationSink fail] on: TypeError do: [:e@ | <2>. 6]] on: Error do: [:f@ | <3>. 7]",
            [{handle, [1, raise], [3]}], 7},
        {"on:do: handler raises", "",
            "[[<1>. MutationSink fail] on: Error do: [:e@ | <2>. MutationSink fail]] on: Error do: [:f@ | <3>. 7]",
            [{handle, [{handle, [1, raise], [2, raise]}], [3]}], 7},
        {"on:do: blocks in variables", "w@ := [<1>. MutationSink fail]. u@ := [:e@ | <2>. 6]", "w@ on: Error do: u@",
            [{handle, [1, raise], [2]}], 6},
        {"ensure:", "", "[<1>. 5] ensure: [<2>. 6]", [{ensure, [1], [2]}], 5},
        {"ensure: exception", "",
            "[[<1>. MutationSink fail. 5] ensure: [<2>]] on: Error do: [:e@ | <3>. 6]",
            [{handle, [{ensure, [1, raise], [2]}], [3]}], 6},
        {"ensure: exception in the cleanup", "",
            "[[<1>. 5] ensure: [<2>. MutationSink fail]] on: Error do: [:e@ | <3>. 6]",
            [{handle, [{ensure, [1], [2, raise]}], [3]}], 6},
        {"ensure: blocks in variables", "w@ := [<1>. 5]. u@ := [<2>. 6]", "w@ ensure: u@", [{ensure, [1], [2]}], 5}
    ].

exits() ->
    [
        {"^ in ifTrue:", "", "(MutationSink echo: true) ifTrue: [<1>. ^<r>]", [1, exit], any},
        {"^ in ensure:", "", "[<1>. ^<r>] ensure: [<2>]", [{ensure, [1, exit], [2]}], any},
        {"^ in on:do:", "", "[<1>. ^<r>] on: Error do: [:e@ | <2>]", [{handle, [1, exit], [2]}], any},
        {"^ in a handler", "", "[<1>. MutationSink fail] on: Error do: [:e@ | <2>. ^<r>]", [{handle, [1, raise], [2, exit]}], any},
        {"^ in do:", "", "#(1, 2, 3) do: [:x@ | <1>. x@ == 2 ifTrue: [^<r>]]", [1, 1, exit], any},
        {"^ in collect: of an Array", "", "#[1, 2, 3] collect: [:x@ | <1>. x@ == 2 ifTrue: [^<r>]. x@]", [1, 1, exit], any},
        {"^ in whileTrue:", "", "[<1>. true] whileTrue: [<2>. ^<r>]", [1, 2, exit], any},
        {"^ in repeat", "i@ := 0", "[<1>. i@ := i@ + 1. i@ == 2 ifTrue: [^<r>]] repeat", [1, 1, exit], any},
        {"^ in timesRepeat:", "", "3 timesRepeat: [<1>. ^<r>]", [1, exit], any},
        {"^ in to:do:", "", "1 to: 3 do: [:k@ | <1>. k@ == 2 ifTrue: [^<r>]]", [1, 1, exit], any},
        {"^ in a stored block", "w@ := [<1>. ^<r>]", "w@ value", [1, exit], any},
        {"^ in a block that is passed on", "", "MutationSink passOn: [<1>. ^<r>]", [1, exit], any},
        {"^ in an arm", "", "[<1>. 3] value match: [3 -> ^<r>; _ -> 0]", [1, exit], any}
    ].

at_once() ->
    [
        {"value", "", "[<1>. 5] value", [1], 5},
        {"value:", "", "[:x@ | <1>. x@] value: 5", [1], 5},
        {"value:value:", "", "[:x@ :y@ | <1>. x@ + y@] value: 2 value: 3", [1], 5},
        {"value:value:value:", "", "[:x@ :y@ :z@ | <1>. x@ + y@ + z@] value: 1 value: 2 value: 3", [1], 6},
        {"valueWithArguments:", "", "[:x@ :y@ | <1>. x@ + y@] valueWithArguments: #(2, 3)", [1], 5},
        {"a block of a block", "", "[[<1>. 5]] value value", [1], 5}
    ].

matches() ->
    [
        {"assignment in an arm", "", "(MutationSink echo: 3) match: [4 -> 0; 3 -> <1e>; _ -> 0]", [1], any},
        {"block in an arm", "", "(MutationSink echo: 3) match: [3 -> [<1>. 5] value; _ -> [<2>. 6] value]", [1], 5},
        {"block in the last arm", "", "(MutationSink echo: 4) match: [3 -> [<1>. 5] value; _ -> [<2>. 6] value]", [2], 6},
        {"block in a guard that holds", "",
            "(MutationSink echo: 3) match: [x@ when: [[<1>. 1 < 2] value] -> [<2>. x@] value; _ -> 0]", [1, 2], 3},
        {"block in a guard that does not hold", "",
            "(MutationSink echo: 3) match: [x@ when: [[<1>. 1 > 2] value] -> [<2>. x@] value; _ -> [<3>. 6] value]",
            [1, 3], 6},
        {"block in the scrutinee", "", "[<1>. #(1, 2)] value match: [#(x@, ...y@) -> [<2>. x@] value; _ -> 0]", [1, 2], 1}
    ].

stored() ->
    [
        {"stored in a variable", "w@ := [<1>. 5]", "w@ value + w@ value", [1, 1], 10},
        {"stored in a list", "w@ := #(1, [<1>. 5])", "(w@ at: 2) value", [1], 5},
        {"stored in an array", "w@ := #[1, [<1>. 5]]", "(w@ at: 2) value", [1], 5},
        {"stored in a dictionary", "w@ := #{#k => [<1>. 5]}", "(w@ at: #k) value", [1], 5},
        {"stored in a list and passed on", "w@ := #(1, [<1>. 5])", "MutationSink run: (w@ at: 2)", [1], 5},
        {"stored in a value", "w@ := MutationProbe block: [<1>. 5]", "w@ block value", [1], 5},
        {"stored in a value, evaluated by it", "w@ := MutationProbe block: [<1>. 5]", "w@ runStored", [1], 5},
        {"two blocks that share", "w@ := [<1>. 5]. u@ := [<2>. 6]", "w@ value + u@ value + w@ value", [1, 2, 1], 16},
        {"stored in a field", "self.b := [<1>. 5]", "self.b value", [1], 5, state},
        {"stored in a field, evaluated by another method", "self.b := [<1>. 5]", "self runStored", [1], 5, state}
    ].

passed() ->
    [
        {"returned", "", "(MutationSink echo: [<1>. 5]) value", [1], 5},
        {"passed to a class method", "", "MutationSink run: [<1>. 5]", [1], 5},
        {"passed with an argument", "", "MutationSink run: [:x@ | <1>. x@] with: 5", [1], 5},
        {"passed and evaluated twice", "", "MutationSink runTwice: [<1>. 5]", [1, 1], 5},
        {"passed on", "", "MutationSink passOn: [<1>. 5]", [1], 5},
        {"passed to a known receiver", "", "MutationProbe new run: [<1>. 5]", [1], 5},
        {"passed to an unknown receiver", "", "MutationSink probe run: [<1>. 5]", [1], 5},
        {"passed to self", "", "self run: [<1>. 5]", [1], 5, methods},
        {"cascade", "", "MutationSink run: [<1>. 5]; run: [<2>. 6]", [1, 2], 6},
        {"cascade of an unknown receiver", "", "MutationSink probe run: [<1>. 5]; run: [<2>. 6]", [1, 2], 6},
        {"perform:", "", "[<1>. 5] perform: #value", [1], 5},
        {"perform:withArguments:", "", "MutationSink perform: #run: withArguments: #([<1>. 5])", [1], 5},
        {"Erlang's lists:foreach", "", "Erlang lists foreach: [:x@ | <1>] with: #(1, 2)", [1, 1], any},
        {"Erlang's lists:map", "", "Erlang lists map: [:x@ | <1>. x@ + 1] with: #(1, 2)", [1, 1], [2, 3]},
        {"Erlang's lists:foldl", "", "Erlang lists foldl: [:x@ :a@ | <1>. x@ + a@] with: 0 with: #(1, 2)", [1, 1], 3}
    ].

operands() ->
    [
        {"operands", "", "(<1e> =:= <2e>) isNil", [1, 2], false},
        {"receiver", "", "<1e> isNil", [1], false},
        {"elements of a list", "", "#(<1e>, <2e>) size", [1, 2], 2},
        {"elements of an array", "", "#[<1e>, <2e>] size", [1, 2], 2},
        {"value in a dictionary", "", "#{#k => <1e>} size", [1], 1},
        {"interpolation", "", "\"{<1e>}{<2e>}\" isEmpty", [1, 2], false},
        {"arguments", "", "(MutationSink both: <1e> and: <2e>) size", [1, 2], 2},
        {"argument of a block", "", "[:x@ | <2>. x@ isNil] value: <1e>", [1, 2], false},
        {"condition", "", "<1e> isNil ifTrue: [<2>. 5] ifFalse: [<3>. 6]", [1, 3], 6},
        {"bound of a loop", "", "(MutationSink zero: <1e>) to: 1 do: [:k@ | <2>]", [1, 2, 2], nil},
        {"assignments in a row", "", "w@ := u@ := <1e>", [1], any},
        {"destructured", "#(w@, u@) := #(<1e>, <2e>)", "u@ isNil", [1, 2], false}
    ].

%% A block that is sent to another process works on a copy there.
elsewhere() ->
    [
        {"in another process", "", "[MutationSink runElsewhere: [<1>. 5]] on: RuntimeError do: [:e@ | e@ kind]",
            [{copy, [1]}], {elsewhere, 5, foreign_state}}
    ].

outliving() ->
    [
        {"blocks that outlive their activation", "", "#([<1>. 5], [<2>. 6], [<v>])", [1, 2, 1], any,
            {uses, "(p@ at: 1) value. (p@ at: 2) value. (p@ at: 1) value"}},
        {"an outliving block that is passed on", "w@ := [<1>. 5]", "#(w@, [<v>])", [1, 1], any,
            {uses, "MutationSink passOn: (p@ at: 1). 1 to: 1 do: [:k@ | (p@ at: 1) value]"}},
        {"evaluated before and after its activation ends", "w@ := [<1>. 5]. w@ value", "#(w@, [<v>])", [1, 1, 1], any,
            {uses, "MutationSink runTwice: p@ first"}},
        {"assigned after the block was made", "w@ := [<1>. 5]. <2>", "#(w@, [<v>])", [2, 1], any,
            {uses, "p@ first value"}}
    ].
