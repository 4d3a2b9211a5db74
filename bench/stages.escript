#!/usr/bin/env escript
%% Where the time goes from text to running code, and what a call of each backend costs.
%%
%%   bench/stages.escript [ROUNDS]      after scripts/build; prints Markdown
-mode(compile).

-define(LIB, "_build/default/lib").

main(Args) ->
    Rounds = rounds(Args),
    Root = filename:dirname(filename:dirname(filename:absname(escript:script_name()))),
    ok = file:set_cwd(Root),
    ok = code:add_pathsa(filelib:wildcard(?LIB ++ "/*/ebin")),
    logger:set_primary_config(level, error),
    {ok, _} = application:ensure_all_started(beamtalk_workspace),
    header(),
    class_stages(Root, Rounds),
    expression_stages(Root, Rounds),
    size(),
    calls(Rounds).

rounds([Rounds]) -> list_to_integer(Rounds);
rounds([]) -> 201.

header() ->
    io:format("OTP ~s, ~b schedulers, medians of the rounds, microseconds.~n", [
        erlang:system_info(otp_release), erlang:system_info(schedulers_online)
    ]).

%% ---------------------------------------------------------------------------------------------------
%% A class
%% ---------------------------------------------------------------------------------------------------

class_stages(Root, Rounds) ->
    File = "bench/programs/Account.bt",
    {ok, Source} = file:read_file(File),
    Lines = length(binary:matches(Source, <<"\n">>)),
    io:format("~n## An actor class of ~b lines (~s)~n~n| stage | us |~n|---|---|~n", [Lines, File]),
    rust_stages(Root, File, Rounds),
    Options = #{file => <<"Account.bt">>, slot => 1, environment => beamtalk_environment:current()},
    Fresh = fun(N) -> <<Source/binary, "\n// ", (integer_to_binary(N))/binary>> end,
    Core = fun(N) -> {ok, R} = beamtalk_compiler:compile(Fresh(N), <<"bt@account">>, Options#{output => core}), R end,
    row("NIF: text to cerl terms", Rounds, Core),
    #{class := #{facade := Facade, bodies := [Body]}} = Core(0),
    row("OTP's compiler, facade (not optimized)", Rounds, fun(_) -> otp(Facade, [no_ssa_opt]) end),
    row("OTP's compiler, body", Rounds, fun(_) -> otp(Body, []) end),
    {ok, Text} = beamtalk_compiler:compile(Source, <<"bt@account">>, maps:remove(slot, Options)),
    #{core_erlang := CoreText} = Text,
    row("(for comparison: scanning and parsing Core text instead)", Rounds, fun(_) -> parse_core(CoreText) end),
    Compile = fun(N) -> {ok, R} = beamtalk_compiler:compile_module(Fresh(N), Options), R end,
    row("text to BEAM files, whole API", Rounds, Compile),
    Compiled = Compile(0),
    row("load, register", Rounds, fun(_) -> {ok, _} = load(Compiled) end),
    row("**text to loaded module**", Rounds, fun(N) -> {ok, _} = load(Compile(N)) end),
    Fast = fun(N) -> {ok, R} = beamtalk_compiler:compile_module(Fresh(N), Options#{optimize => false}), R end,
    row("text to loaded module with `optimize => false`", Rounds, fun(N) -> {ok, _} = load(Fast(N)) end),
    row("its Erlang twin: `compile:forms` from abstract code, and load", Rounds, erlang_twin()).

otp(Module, Flags) ->
    {ok, _, Beam, _} = compile:noenv_forms(Module, [from_core, binary, return | Flags]),
    Beam.

parse_core(Text) ->
    {ok, Tokens, _} = core_scan:string(unicode:characters_to_list(Text)),
    {ok, _} = core_parse:parse(Tokens).

load(#{module := Module, facade := Facade, bodies := Bodies}) ->
    beamtalk_loader:load(#{module => Module, facade => Facade, bodies => Bodies}).

erlang_twin() ->
    {ok, Forms} = epp:parse_file("bench/programs/account_twin.erl", []),
    fun(_) ->
        {ok, Module, Beam, _} = compile:noenv_forms(Forms, [binary, return]),
        code:purge(Module),
        {module, Module} = code:load_binary(Module, "", Beam)
    end.

%% ---------------------------------------------------------------------------------------------------
%% An expression
%% ---------------------------------------------------------------------------------------------------

expression_stages(Root, Rounds) ->
    io:format("~n## `1 + 2`~n~n| stage | us |~n|---|---|~n", []),
    Expression = filename:join(tmp(), "bench_expression.bt"),
    ok = file:write_file(Expression, "1 + 2\n"),
    rust_stages(Root, Expression, Rounds),
    Environment = beamtalk_environment:current(),
    Options = #{environment => Environment, output => core},
    Core = fun(N) ->
        {ok, #{script := Script}} =
            beamtalk_compiler:compile_expression(expression(N), <<"bt@line">>, [], Options),
        Script
    end,
    row("NIF: text to cerl terms", Rounds, Core),
    Script = Core(0),
    row("evaluator", Rounds, fun(_) -> {3, #{}} = beamtalk_eval:run(Script, eval, [#{}]) end),
    row("**text to value**", Rounds, fun(N) -> {_, #{}} = beamtalk_eval:run(Core(N), eval, [#{}]) end),
    row("(for comparison: the same by `erl_scan`, `erl_parse` and `erl_eval`)", Rounds, fun(_) ->
        {ok, Tokens, _} = erl_scan:string("1 + 2."),
        {ok, Exprs} = erl_parse:parse_exprs(Tokens),
        {value, 3, _} = erl_eval:exprs(Exprs, [])
    end).

%% Every round a text that was not seen before.
expression(N) -> iolist_to_binary(["1 + ", integer_to_list(N + 2)]).

%% ---------------------------------------------------------------------------------------------------
%% Sizes and calls
%% ---------------------------------------------------------------------------------------------------

size() ->
    {ok, #{core_erlang := Text}} = beamtalk_compiler:compile(<<"Actor subclass: Empty\n">>, <<"bt@empty">>),
    io:format("~nAn empty actor class is ~b bytes of Core Erlang text.~n", [byte_size(Text)]).

%% The source is one comment, so what is measured is the way to the compiler and back.
calls(Rounds) ->
    io:format("~n## A call with a source of one comment (outline)~n~n"
              "| backend | 100 B | 10 kB | 1 MB |~n|---|---|---|---|~n", []),
    lists:foreach(fun(Backend) ->
        Times = [median(Rounds div 4 + 1, fun(N) -> call(Backend, comment(Size, N)) end) || Size <- [100, 10000, 1000000]],
        io:format("| ~s | ~s | ~s | ~s |~n", [Backend | [us(Time) || Time <- Times]])
    end, [nif, port]).

call(Backend, Source) ->
    Call = #{kind => short, time_limit => 10000, owner => self(), tag => make_ref(), entries => []},
    {ok, _} = beamtalk_compiler_backend:answer(Backend, #{op => outline, source => Source}, Call).

comment(Size, N) ->
    Head = iolist_to_binary(["// ", integer_to_list(N), " "]),
    <<Head/binary, (binary:copy(<<"a">>, Size - byte_size(Head)))/binary>>.

%% ---------------------------------------------------------------------------------------------------

rust_stages(Root, File, Rounds) ->
    Command = filename:join(Root, "target/release/examples/stages"),
    filelib:is_regular(Command) orelse
        os:cmd("cargo build -q --release -p beamtalk_engine --example stages"),
    Port = open_port({spawn_executable, Command}, [
        {args, [File, integer_to_list(Rounds)]}, exit_status, {line, 200}, binary
    ]),
    rust_lines(Port).

rust_lines(Port) ->
    receive
        {Port, {data, {eol, Line}}} ->
            [Name, Nanoseconds] = binary:split(Line, <<" ">>),
            io:format("| Rust: ~s | ~s |~n", [Name, us(binary_to_integer(Nanoseconds))]),
            rust_lines(Port);
        {Port, {exit_status, 0}} -> ok
    end.

row(Name, Rounds, Work) ->
    io:format("| ~s | ~s |~n", [Name, us(median(Rounds, Work))]).

%% Median in nanoseconds; each round in a process of its own, as requests are.
median(Rounds, Work) ->
    Times = lists:sort([once(Work, N) || N <- lists:seq(1, Rounds)]),
    lists:nth(length(Times) div 2 + 1, Times).

once(Work, N) ->
    Self = self(),
    {Pid, Monitor} = spawn_monitor(fun() ->
        Start = erlang:monotonic_time(),
        Work(N),
        Self ! {self(), erlang:monotonic_time() - Start}
    end),
    receive
        {Pid, Time} ->
            receive {'DOWN', Monitor, process, Pid, _} -> ok end,
            erlang:convert_time_unit(Time, native, nanosecond);
        {'DOWN', Monitor, process, Pid, Reason} ->
            error(Reason)
    end.

us(Nanoseconds) -> io_lib:format("~.1f", [Nanoseconds / 1000]).

tmp() ->
    case os:getenv("TMPDIR") of
        false -> "/tmp";
        Directory -> Directory
    end.
