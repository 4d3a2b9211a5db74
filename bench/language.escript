#!/usr/bin/env escript
%%! +sbwt none
%% What the language costs, beside the same written by hand in Erlang, in the same run.
%%
%%   bench/language.escript [ROUNDS]      after scripts/build; prints Markdown
-mode(compile).

main(Args) ->
    Rounds = case Args of [Text] -> list_to_integer(Text); [] -> 15 end,
    Root = filename:dirname(filename:dirname(filename:absname(escript:script_name()))),
    ok = file:set_cwd(Root),
    ok = code:add_pathsa(filelib:wildcard("_build/default/lib/*/ebin")),
    logger:set_primary_config(level, error),
    {ok, _} = application:ensure_all_started(beamtalk_workspace),
    {ok, language_twin, Twin} = compile:file("bench/programs/language_twin.erl", [binary]),
    {module, _} = code:load_binary(language_twin, "", Twin),
    {ok, _} = beamtalk_workspace:load(["bench/programs/language"]),
    io:format("OTP ~s, ~b rounds, nanoseconds.~n~n", [erlang:system_info(otp_release), Rounds]),
    io:format("| what | Beamtalk (median) | Erlang | ratio | Beamtalk (best) | Erlang | ratio | aim |~n|---|---|---|---|---|---|---|---|~n", []),
    lists:foreach(fun(Row) -> row(Rounds, Row) end, rows()),
    size().

%% `{What, Times, Beamtalk, Erlang, Aim}': both do it so many times.
rows() ->
    Probe = new('bt@probe'),
    Heir = new('bt@heir'),
    Tally = send(class('bt@tally'), spawn, []),
    {ok, Server} = gen_server:start(language_twin, [], []),
    ErlangProbe = #{class => language_twin, amount => 1},
    N = 300_000,
    List = lists:seq(1, N),
    %% A fun that no compiler can see through.
    Block = binary_to_term(term_to_binary(fun(X) -> X end)),
    [
        {"loop iteration (`timesRepeat:`)", N, 'empty:', [N], fun() -> language_twin:empty(N) end, "1.2"},
        {"loop iteration (`to:do:` with a sum)", N, 'sum:', [N], fun() -> language_twin:sum(N) end, "1.2"},
        {"loop iteration (`whileTrue:`)", N, 'while:', [N], fun() -> language_twin:while(N) end, "1.2"},
        {"`aBlock value: x`", N, 'block:with:', [N, Block], fun() -> language_twin:block(N, Block) end, "1.2"},
        {"unary send, known class (`self` in a sealed class)", N, 'known:', [N], fun() -> language_twin:known(N) end, "1.5"},
        {"unary send to what `Probe new` has answered", N, 'made:', [N], fun() -> language_twin:known(N) end, ""},
        {"unary send, unknown class", N, 'unknown:on:', [N, Probe], fun() -> language_twin:unknown(N, ErlangProbe) end, "40 ns"},
        {"inherited send, unknown class", N, 'unknown:on:', [N, Heir], fun() -> language_twin:unknown(N, ErlangProbe) end, "100 ns"},
        {"send and self-send in it", N, 'selfSend:on:', [N, Probe], fun() -> language_twin:self_send(N, ErlangProbe) end, ""},
        {"actor call", N div 10, 'call:on:', [N div 10, Tally], fun() -> language_twin:call(N div 10, Server) end, "1.3"},
        {"actor cast, until it is handled", N div 10, 'cast:on:', [N div 10, Tally], fun() -> language_twin:cast(N div 10, Server) end, ""},
        {"class-method call", N, 'classMethod:', [N], fun() -> language_twin:class_method(N) end, ""},
        {"class-variable update (Erlang: `ets:update_counter`)", N div 10, 'classVariable:', [N div 10], fun() -> language_twin:class_variable(N div 10) end, ""},
        {"caught exception", N div 10, 'caught:', [N div 10], fun() -> language_twin:caught(N div 10) end, ""},
        {"`do:`, per element", N, 'do:', [List], fun() -> language_twin:do(List) end, "2"},
        {"`do:` with a shared variable (Erlang: process dictionary)", N, 'doShared:', [List], fun() -> language_twin:do_shared(List) end, ""},
        {"`collect:`, per element", N, 'collect:', [List], fun() -> language_twin:collect(List) end, "2"},
        {"`inject:into:`, per element", N, 'inject:', [List], fun() -> language_twin:inject(List) end, "2"}
    ].

class(Module) -> {'$bt_class', Module}.

new(Module) -> send(class(Module), new, []).

send(Receiver, Selector, Args) -> beamtalk_dispatch:send(Receiver, Selector, Args).

row(Rounds, {What, Times, Selector, Args, Erlang, Aim}) ->
    Beamtalk = fun() -> send(class('bt@rounds'), Selector, Args) end,
    {{B, BestB}, {E, BestE}} = measured(Rounds, Beamtalk, Erlang),
    io:format("| ~s | ~.1f | ~.1f | ~.2f | ~.1f | ~.1f | ~.2f | ~s |~n", [
        What, B / Times, E / Times, B / E, BestB / Times, BestE / Times, BestB / BestE, Aim
    ]).

%% The two take turns, so that what disturbs the machine disturbs both.
measured(Rounds, Beamtalk, Erlang) ->
    Times = [{time(Beamtalk), time(Erlang)} || _ <- lists:seq(1, Rounds)],
    {Bs, Es} = lists:unzip(Times),
    {{median(Bs), lists:min(Bs)}, {median(Es), lists:min(Es)}}.

median(Times) -> lists:nth(length(Times) div 2 + 1, lists:sort(Times)).

%% Each in a process of its own, with room: collections of garbage are not what is measured.
time(Work) ->
    Self = self(),
    Run = fun() ->
        Start = erlang:monotonic_time(),
        Work(),
        Self ! {self(), erlang:convert_time_unit(erlang:monotonic_time() - Start, native, nanosecond)}
    end,
    {Pid, Monitor} = spawn_opt(Run, [monitor, {min_heap_size, 4_000_000}]),
    receive
        {Pid, Time} ->
            receive {'DOWN', Monitor, process, Pid, _} -> Time end;
        {'DOWN', Monitor, process, Pid, Reason} ->
            error(Reason)
    end.

%% ---------------------------------------------------------------------------------------------------
%% Size
%% ---------------------------------------------------------------------------------------------------

size() ->
    io:format("~n## Size of the code\n\n| file | lines | Core terms per line | BEAM bytes per line |~n|---|---|---|---|~n", []),
    Files = filelib:wildcard("examples/*/*.bt"),
    Sizes = [Size || File <- Files, {ok, Size} <- [file_size(File)]],
    lists:foreach(fun size_row/1, Sizes),
    {Lines, Terms, Bytes} = lists:foldl(
        fun({_, L, T, B}, {Ls, Ts, Bs}) -> {Ls + L, Ts + T, Bs + B} end, {0, 0, 0}, Sizes
    ),
    size_row({"all", Lines, Terms, Bytes}).

size_row({File, Lines, Terms, Bytes}) ->
    io:format("| ~s | ~b | ~.1f | ~.1f |~n", [File, Lines, Terms / Lines, Bytes / Lines]).

file_size(File) ->
    {ok, Source} = file:read_file(File),
    Options = #{output => core, file => list_to_binary(File), environment => beamtalk_environment:current()},
    case beamtalk_compiler:compile(Source, module_name(Source), Options) of
        {ok, #{class := Class, script := Script}} ->
            Modules = [Module || Module <- [Script | class_modules(Class)], Module =/= absent],
            Lines = length(binary:matches(Source, <<"\n">>)),
            {ok, {File, Lines, lists:sum([nodes_of(M) || M <- Modules]), lists:sum([bytes(M) || M <- Modules])}};
        {error, _} ->
            %% Refers to a class of its directory.
            error
    end.

module_name(Source) ->
    case beamtalk_compiler:outline(Source) of
        {ok, #{module := Name}} when is_binary(Name) -> Name;
        _ -> <<"bt@+script">>
    end.

class_modules(absent) -> [];
class_modules(#{facade := Facade, bodies := Bodies}) -> [Facade | Bodies].

nodes_of(Core) -> cerl_trees:fold(fun(_, Count) -> Count + 1 end, 0, Core).

bytes(Core) ->
    {ok, _, Beam} = compile:noenv_forms(Core, [from_core, binary, deterministic]),
    byte_size(Beam).
