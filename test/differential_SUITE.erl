%% @doc Programs on both execution paths: what one prints, answers or raises, the other does too.
%%
%% The programs are those of the corpus and generated ones (`beamtalk_testgen', behind a port). The choices that make a
%% program come from a seed, which is printed; a program on which the paths differ is shown as small as it could be made.
-module(differential_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, suite/0, init_per_suite/1, end_per_suite/1]).
-export([corpus/1, generated/1, a_fault_in_either_path_is_noticed/1, a_failing_program_is_shrunk/1]).

-define(COUNT, 2000).
-define(SEED, 4).
-define(CHOICES, 250).

suite() -> [{timetrap, {hours, 10}}].

all() -> [corpus, generated, a_fault_in_either_path_is_noticed, a_failing_program_is_shrunk].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    [{started, Started}, {generator, build_generator()} | Config].

end_per_suite(Config) ->
    [ok = application:stop(Application) || Application <- lists:reverse(?config(started, Config))],
    ok.

corpus(_Config) ->
    Root = filename:join(filename:dirname(?FILE), "corpus"),
    Files = filelib:wildcard(filename:join([Root, "{programs,scripts}", "*.bt"])),
    ?assert(length(Files) >= 45),
    ?assertEqual([], [
        {File, Difference}
     || File <- Files, Difference <- differences(read(File), fun none/2), not is_refused(Difference)
    ]).

%% Some scripts are there for their diagnostics.
is_refused({does_not_compile, _}) -> true;
is_refused(_) -> false.

read(File) ->
    {ok, Source} = file:read_file(File),
    Source.

generated(Config) ->
    Seed = list_to_integer(os:getenv("PROGRAMS_SEED", integer_to_list(?SEED))),
    Count = list_to_integer(os:getenv("PROGRAMS_COUNT", integer_to_list(?COUNT))),
    Generator = open_generator(Config),
    Failing = [Choices || Choices <- choices(Seed, Count), differs(Choices, Generator, fun none/2)],
    io:format(user, "differential test: ~b programs, seed ~b, ~b differ~n", [Count, Seed, length(Failing)]),
    [show(shrink(Choices, fun(Smaller) -> differs(Smaller, Generator, fun none/2) end), Generator)
     || Choices <- lists:sublist(Failing, 5)],
    ?assertEqual(0, length(Failing)).

show(Choices, Generator) ->
    Source = program(Choices, Generator),
    io:format(user, "~n~ts~n~tp~n", [Source, differences(Source, fun none/2)]).

%% The first addition of the code subtracts, on one of the paths.
a_fault_in_either_path_is_noticed(Config) ->
    ?assertMatch([_], differences(<<"2 + 3">>, planted(compiled))),
    ?assertMatch([_], differences(<<"2 + 3">>, planted(evaluated))),
    Class = <<"Object subclass: Sample\n  class m: x => x + 3\n\nSample m: 2\n">>,
    ?assertMatch([_], differences(Class, planted(compiled))),
    ?assertMatch([_], differences(Class, planted(evaluated))),
    Generator = open_generator(Config),
    Caught = [Choices || Choices <- choices(?SEED, 100), differs(Choices, Generator, planted(evaluated))],
    io:format(user, "differential test: a planted fault is caught by ~b of 100 programs~n", [length(Caught)]),
    ?assert(length(Caught) >= 5).

a_failing_program_is_shrunk(Config) ->
    Generator = open_generator(Config),
    Fails = fun(Choices) -> differs(Choices, Generator, planted(compiled)) end,
    Failing = hd(lists:filter(Fails, lists:sort(fun shorter/2, choices(?SEED, 100)))),
    Smaller = shrink(Failing, Fails),
    ?assert(Fails(Smaller)),
    ?assert(byte_size(program(Smaller, Generator)) =< 150).

%% ---------------------------------------------------------------------------------------------------
%% Programs
%% ---------------------------------------------------------------------------------------------------

build_generator() ->
    %% The library of an application is `ROOT/_build/test/lib/NAME'.
    Root = lists:foldl(fun(_, Path) -> filename:dirname(Path) end, code:lib_dir(beamtalk_cli), lists:seq(1, 4)),
    Build = "cd '" ++ Root ++ "' && cargo build --quiet --release -p beamtalk_testgen --example runnable 2>&1",
    "" = os:cmd(Build),
    filename:join(Root, "target/release/examples/runnable").

open_generator(Config) ->
    open_port({spawn_executable, ?config(generator, Config)}, [{packet, 4}, binary, use_stdio]).

program(Choices, Generator) ->
    true = port_command(Generator, Choices),
    receive
        {Generator, {data, Program}} -> Program
    after 10_000 -> error(no_program)
    end.

choices(Seed, Count) ->
    _ = rand:seed(exsss, Seed),
    [rand:bytes(rand:uniform(?CHOICES)) || _ <- lists:seq(1, Count)].

shorter(A, B) -> byte_size(A) =< byte_size(B).

%% Fewer choices, and simpler ones, as long as it still fails.
shrink(Choices, Fails) ->
    case lists:search(Fails, smaller(Choices)) of
        {value, Smaller} -> shrink(Smaller, Fails);
        false -> Choices
    end.

smaller(Choices) ->
    Size = byte_size(Choices),
    Lengths = lists:usort([max(1, Size bsr Shift) || Shift <- lists:seq(1, 7), Size > 0]),
    Places = [{At, Length} || Length <- lists:reverse(Lengths), At <- lists:seq(0, Size - Length, Length)],
    Without = [<<(binary:part(Choices, 0, At))/binary, (rest(Choices, At + Length))/binary>> || {At, Length} <- Places],
    Simpler = [
        <<(binary:part(Choices, 0, At))/binary, 0:Length/unit:8, (rest(Choices, At + Length))/binary>>
     || {At, Length} <- Places, binary:part(Choices, At, Length) =/= <<0:Length/unit:8>>
    ],
    Without ++ Simpler.

rest(Choices, From) -> binary:part(Choices, From, byte_size(Choices) - From).

%% ---------------------------------------------------------------------------------------------------
%% Comparison
%% ---------------------------------------------------------------------------------------------------

differs(Choices, Generator, Change) ->
    differences(program(Choices, Generator), Change) =/= [].

%% `Change' is applied to every module of a path before that is executed.
differences(Source, Change) ->
    Options = #{output => core, slot => 1, file => <<"program.bt">>, environment => beamtalk_environment:current()},
    case beamtalk_compiler:compile(Source, execution_paths:module_name(Source), Options) of
        {ok, #{class := Class, script := Script}} -> compare(Class, Script, Change);
        {error, #{diagnostics := Diagnostics}} -> [{does_not_compile, Diagnostics}]
    end.

compare(Class, Script, Change) ->
    [Compiled, Evaluated] = [execution_paths:run(Path, Class, Script, Change) || Path <- [compiled, evaluated]],
    case Compiled =:= Evaluated of
        true -> [];
        false -> [#{compiled => Compiled, evaluated => Evaluated}]
    end.

none(_Path, Core) -> Core.

planted(Faulty) ->
    fun
        (Path, Core) when Path =:= Faulty -> element(1, subtract(Core, false));
        (_, Core) -> Core
    end.

subtract({c_literal, Anno, '+'}, false) -> {{c_literal, Anno, '-'}, true};
subtract(Term, false) when is_tuple(Term) ->
    {Parts, Done} = subtract(tuple_to_list(Term), false),
    {list_to_tuple(Parts), Done};
subtract([Head | Tail], false) ->
    {NewHead, Done} = subtract(Head, false),
    {NewTail, DoneToo} = subtract(Tail, Done),
    {[NewHead | NewTail], DoneToo};
subtract(Term, Done) ->
    {Term, Done}.
