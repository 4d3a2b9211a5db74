#!/usr/bin/env escript
%%! +sbwt none
%% Seven small programs beside the same in hand-written Erlang and, where `elixirc' is installed, Elixir: see
%% bench/programs_set. All are compiled by OTP's compiler and run in turn, in a fresh process for each round.
%%
%%   bench/programs.escript [ROUNDS]      after scripts/build; prints Markdown
-mode(compile).

-define(SET, "bench/programs_set").

programs() ->
    [
        {"fib", 'Fib', fib, 27},
        {"nbody", 'NBody', n_body, 5000},
        {"binary trees", 'BinaryTrees', binary_trees, 14},
        {"sieve", 'Sieve', sieve, 100_000},
        {"dictionary build", 'DictionaryBuild', dictionary_build, 200_000},
        {"string building", 'StringBuilding', string_building, 100_000},
        {"actor ring", 'ActorRing', actor_ring, 200_000}
    ].

main(Args) ->
    Rounds = case Args of [N] -> list_to_integer(N); [] -> 11 end,
    Root = filename:dirname(filename:dirname(filename:absname(escript:script_name()))),
    ok = file:set_cwd(Root),
    ok = code:add_pathsa(filelib:wildcard("_build/default/lib/*/ebin")),
    logger:set_primary_config(level, error),
    {ok, _} = application:ensure_all_started(beamtalk_workspace),
    {ok, program_set, Twin} = compile:file(filename:join(?SET, "program_set.erl"), [binary]),
    {module, program_set} = code:load_binary(program_set, "program_set.erl", Twin),
    {ok, _} = beamtalk_workspace:load([?SET]),
    Elixir = load_elixir(),
    io:format("OTP ~s, ~b schedulers; medians of ~b rounds, milliseconds; ratios to Erlang in the same run.~n~n", [
        erlang:system_info(otp_release), erlang:system_info(schedulers_online), Rounds
    ]),
    io:format("| program | size | Erlang | Beamtalk | ratio | Elixir | ratio |~n|---|---|---|---|---|---|---|~n"),
    Ratios = [row(Program, Rounds, Elixir) || Program <- programs()],
    io:format("| geometric mean | | | | ~.2f | | ~s |~n", [mean([R || {R, _} <- Ratios]), mean_text([E || {_, E} <- Ratios])]).

%% Elixir's own applications are found beside its executable.
load_elixir() ->
    case os:find_executable("elixirc") of
        false ->
            false;
        _ ->
            Out = filename:join("/tmp", "beamtalk_programs." ++ os:getpid()),
            ok = filelib:ensure_path(Out),
            _ = os:cmd("elixirc -o " ++ Out ++ " " ++ ?SET ++ "/program_set.ex"),
            Path = string:trim(os:cmd("elixir -e 'IO.write(:code.lib_dir(:elixir))'")),
            true = code:add_patha(filename:join(Path, "ebin")),
            true = code:add_patha(Out),
            {ok, _} = application:ensure_all_started(elixir),
            [{module, _} = code:ensure_loaded(list_to_atom(filename:basename(B, ".beam"))) || B <- filelib:wildcard(Out ++ "/*.beam")],
            ok = file:del_dir_r(Out),
            true
    end.

row({Name, Class, Function, Size}, Rounds, Elixir) ->
    Object = beamtalk_class:late(Class),
    Runs =
        [fun() -> program_set:Function(Size) end, fun() -> beamtalk_dispatch:send(Object, 'run:', [Size]) end] ++
            [fun() -> 'Elixir.ProgramSet':Function(Size) end || Elixir],
    same(Name, [outcome(Run) || Run <- Runs]),
    Times = [[timed(Run) || Run <- Runs] || _ <- lists:seq(1, Rounds)],
    [Erlang, Beamtalk | Third] = [median(Column) || Column <- transpose(Times)],
    Ratio = Beamtalk / Erlang,
    {Text, Other} =
        case Third of
            [E] -> {io_lib:format("~.1f | ~.2f", [E, E / Erlang]), [E / Erlang]};
            [] -> {"- | -", []}
        end,
    io:format("| ~s | ~b | ~.1f | ~.1f | ~.2f | ~s |~n", [Name, Size, Erlang, Beamtalk, Ratio, Text]),
    {Ratio, Other}.

%% The programs are the same when they answer the same; sums of floats in another order may differ a little.
same(Name, [First | Rest]) ->
    [abs(First - Other) =< 1.0e-9 * abs(First) orelse error({differs, Name, First, Other}) || Other <- Rest].

timed(Run) ->
    {Time, _} = in_process(Run),
    Time / 1000.

outcome(Run) ->
    {_, Value} = in_process(Run),
    Value.

in_process(Run) ->
    {Pid, Monitor} = spawn_monitor(fun() -> exit({done, timer:tc(Run)}) end),
    receive
        {'DOWN', Monitor, process, Pid, {done, Result}} -> Result
    end.

transpose([[] | _]) -> [];
transpose(Rows) -> [[hd(Row) || Row <- Rows] | transpose([tl(Row) || Row <- Rows])].

median(Values) -> lists:nth((length(Values) + 1) div 2, lists:sort(Values)).

mean(Ratios) -> math:exp(lists:sum([math:log(R) || R <- Ratios]) / length(Ratios)).

mean_text([[] | _]) -> "-";
mean_text(Ratios) -> io_lib:format("~.2f", [mean(lists:append(Ratios))]).
