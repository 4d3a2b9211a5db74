%% @doc The mutation matrix (`mutation_cases') on both execution paths.
%%
%% A seeded choice of cases; `scripts/campaign mutation' runs all of them.
-module(mutation_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, suite/0, init_per_suite/1, end_per_suite/1]).
-export([every_change_is_seen/1, a_wrong_model_is_noticed/1]).

-define(COUNT, 2000).
-define(SEED, 20).
%% Cases in one class, and in one file of statements.
-define(BATCH, 60).

suite() -> [{timetrap, {hours, 10}}].

all() -> [every_change_is_seen, a_wrong_model_is_noticed].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    {ok, _} = beamtalk_workspace:load([filename:join(filename:dirname(?FILE), "mutation")]),
    [{started, Started} | Config].

end_per_suite(Config) ->
    [ok = application:stop(Application) || Application <- lists:reverse(?config(started, Config))],
    ok.

every_change_is_seen(_Config) ->
    {Seed, Cases} = choice(),
    Wrong = lists:append([batch(Batch) || Batch <- batches(Cases)]),
    io:format(user, "mutation matrix: ~b cases on two paths, seed ~p, ~b wrong~n", [length(Cases), Seed, length(Wrong)]),
    [io:format(user, "~n~ts~n~ts~nexpected ~tp, got ~tp~n", [Name, Text, Expected, Got])
     || {Name, Text, Expected, Got} <- lists:sublist(Wrong, 20)],
    ?assertEqual([], [Name || {Name, _, _, _} <- Wrong]).

%% The comparison can fail.
a_wrong_model_is_noticed(_Config) ->
    [Case | _] = mutation_cases:singles(),
    #{expected := {_, N}} = Program = mutation_cases:program(Case, 1),
    Planted = Program#{expected := {[N + 1, nil], N + 1}},
    ?assertMatch([_, _], compare([{1, Case, Planted}])).

%% ---------------------------------------------------------------------------------------------------
%% Choice
%% ---------------------------------------------------------------------------------------------------

%% Half of the choice are single positions: they are few beside the pairs.
choice() ->
    Seed = list_to_integer(os:getenv("MUTATION_SEED", integer_to_list(?SEED))),
    _ = rand:seed(exsss, Seed),
    case os:getenv("MUTATION_COUNT", integer_to_list(?COUNT)) of
        "all" ->
            {all, mutation_cases:singles() ++ mutation_cases:pairs()};
        Count ->
            Half = list_to_integer(Count) div 2,
            {Seed, some(Half, mutation_cases:singles()) ++ some(Half, mutation_cases:pairs())}
    end.

some(Count, Cases) ->
    Shuffled = lists:sort([{rand:uniform(), Case} || Case <- Cases]),
    [Case || {_, Case} <- lists:sublist(Shuffled, Count)].

%% Cases of one home, numbered.
batches(Cases) ->
    Numbered = lists:zip(lists:seq(1, length(Cases)), Cases),
    Homes = maps:groups_from_list(fun({_, {_, Home, _, _}}) -> Home end, Numbered),
    lists:append([split(Group) || Group <- maps:values(Homes)]).

split([]) -> [];
split(Group) when length(Group) =< ?BATCH -> [Group];
split(Group) ->
    {Batch, Rest} = lists:split(?BATCH, Group),
    [Batch | split(Rest)].

%% ---------------------------------------------------------------------------------------------------
%% Running
%% ---------------------------------------------------------------------------------------------------

batch(Batch) ->
    compare([{Id, Case, mutation_cases:program(Case, Id)} || {Id, Case} <- Batch]).

compare([{_, {_, Home, _, _}, _} | _] = Batch) ->
    try run(Home, Batch) of
        Got ->
            [
                {mutation_cases:name(Case), text(Program), Expected, {Path, Outcome}}
             || {Id, Case, #{expected := Expected} = Program} <- Batch,
                Path <- [compiled, evaluated],
                Outcome <- [maps:get({Path, Id}, Got)],
                Outcome =/= Expected
            ]
    catch
        error:Reason -> refused(Batch, Reason)
    end.

%% A batch that does not compile is halved until the program is found.
refused([{_, Case, #{expected := Expected} = Program}], Reason) ->
    [{mutation_cases:name(Case), text(Program), Expected, Reason}];
refused(Batch, _) ->
    {First, Second} = lists:split(length(Batch) div 2, Batch),
    compare(First) ++ compare(Second).

text(#{home := Home, lines := Lines}) when Home =:= top; Home =:= repl -> lists:join("\n", Lines);
text(#{methods := Methods}) -> Methods.

%% `#{{Path, Id} => {Returned, Final}}'.
run(repl, Batch) ->
    maps:from_list([
        {{Path, Id}, execution_paths:in_a_process(fun() -> shell(Path, Id, Program) end)}
     || {Id, _, Program} <- Batch, Path <- [compiled, evaluated]
    ]);
run(top, Batch) ->
    Statements = [[Start, "\n", Work, "\n"] || {_, _, #{lines := [Start, Work, _]}} <- Batch],
    Results = [Result || {_, _, #{lines := [_, _, Result]}} <- Batch],
    Source = iolist_to_binary([Statements, "#(", lists:join(", ", Results), ")\n"]),
    {ok, #{script := Script}} = beamtalk_compiler:compile(Source, <<"bt@mutation_script">>, options()),
    maps:from_list(lists:append([top(Path, Script, Batch) || Path <- [compiled, evaluated]]));
run(Home, Batch) ->
    Source = iolist_to_binary([class(Home), [Methods || {_, _, #{methods := Methods}} <- Batch]]),
    {ok, #{class := Class}} = beamtalk_compiler:compile(Source, <<"bt@mutation_home">>, options()),
    methods(Home, Class, Batch).

options() -> #{output => core, file => <<"mutation.bt">>, environment => beamtalk_environment:current()}.

top(Path, Script, Batch) ->
    Values =
        case execution_paths:in_a_process(fun() -> execution_paths:evaluate(Path, Script, #{}) end) of
            {Results, _} when is_list(Results) -> [{[N, V], N} || [N, V] <- Results];
            Failed -> [Failed || _ <- Batch]
        end,
    [{{Path, Id}, Value} || {{Id, _, _}, Value} <- lists:zip(Batch, Values)].

%% What `^' answers is the value of the second line; the variables live on all the same.
shell(Path, Id, #{lines := [Start, Work, Result], leaves := Leaves}) ->
    {_, Bindings1} = line(Path, 1, Start, #{}),
    {Value, Bindings2} = line(Path, 2, Work, Bindings1),
    case Leaves of
        true ->
            {N, _} = line(Path, 3, ["n", integer_to_list(Id)], Bindings2),
            {Value, N};
        false ->
            {[N, _] = Answer, _} = line(Path, 3, Result, Bindings2),
            {Answer, N}
    end.

%% A module for each line: blocks of earlier lines are still in use.
line(Path, Number, Text, Bindings) ->
    Names = maps:keys(Bindings),
    Source = iolist_to_binary(Text),
    Module = <<"bt@mutation_line", (integer_to_binary(Number))/binary>>,
    {ok, #{script := Script}} = beamtalk_compiler:compile_expression(Source, Module, Names, options()),
    execution_paths:evaluate(Path, Script, Bindings).

class(value) ->
    "Value subclass: MutationHome\n  run: block => block value\n\n";
class(actor) ->
    "Actor subclass: MutationHome\n  state: n = 0\n  state: b = nil\n\n  n => self.n\n\n  run: block => block value\n\n"
    "  here: block => block value: self\n\n  runStored => self.b value\n\n";
class(class) ->
    "Object subclass: MutationHome\n  classState: n = 0\n  classState: b = nil\n\n  class n => self.n\n\n"
    "  class run: block => block value\n\n  class runStored => self.b value\n\n".

methods(Home, #{facade := Core} = Class, Batch) ->
    Module = execution_paths:load(Class),
    try
        maps:from_list([
            {{Path, Id}, execution_paths:in_a_process(fun() -> method(Home, Path, Core, Module, Program, Id) end)}
         || {Id, _, #{} = Program} <- Batch, Path <- [compiled, evaluated]
        ])
    after
        execution_paths:unload(Module)
    end.

method(value, Path, Core, Module, Program, Id) ->
    Receiver = beamtalk_dispatch:send({'$bt_class', Module}, new, []),
    final(execution_paths:call(Path, Core, m, selector(Id), Receiver), Receiver, Program);
method(class, Path, Core, Module, Program, Id) ->
    Receiver = {'$bt_class', Module},
    final(execution_paths:call(Path, Core, c, selector(Id), Receiver), Receiver, Program);
method(actor, Path, Core, Module, Program, Id) ->
    Actor = beamtalk_dispatch:send({'$bt_class', Module}, spawn, []),
    %% The method runs in the process of the actor, on either path.
    Here = fun(Self) -> execution_paths:call(Path, Core, m, selector(Id), Self) end,
    try
        final(beamtalk_dispatch:send(Actor, 'here:', [Here]), Actor, Program)
    after
        beamtalk_dispatch:send(Actor, stop, [])
    end.

selector(Id) -> binary_to_atom(<<"c", (integer_to_binary(Id))/binary>>).

%% A variable of a method is gone with it; others are asked for.
final([N, _] = Returned, _, #{storage := local, expected := {_, Final}, leaves := Leaves}) ->
    {Returned, case Leaves of true -> Final; false -> N end};
final(Returned, Receiver, _) ->
    {Returned, beamtalk_dispatch:send(Receiver, n, [])}.
