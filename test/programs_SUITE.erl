%% @doc The programs of `test/corpus/programs': each ends with the value that it must have, `// => printString'.
%%
%% A program's class is compiled and loaded; its statements run as OTP-compiled code and through the evaluator, and both
%% must give that value. Every module that the compiler makes passes OTP's lint for Core Erlang.
-module(programs_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1]).
-export([values/1, a_wrong_value_is_noticed/1, text_is_what_otp_reads/1]).

all() -> [values, a_wrong_value_is_noticed, text_is_what_otp_reads].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    [{started, Started} | Config].

end_per_suite(Config) ->
    [ok = application:stop(Application) || Application <- lists:reverse(?config(started, Config))],
    ok.

values(_Config) ->
    Files = filelib:wildcard(filename:join(directory(), "*.bt")),
    ?assert(length(Files) >= 40),
    Wrong = [{filename:basename(File), Path, Expected, Got}
     || File <- Files, {Path, Expected, Got} <- outcomes(File), Expected =/= Got],
    ?assertEqual([], Wrong).

%% The suite itself can fail.
a_wrong_value_is_noticed(_Config) ->
    [{compiled, <<"4">>, <<"3">>}, {evaluated, <<"4">>, <<"3">>}] = outcomes(<<"1 + 2">>, <<"4">>, <<"wrong.bt">>).

%% Core Erlang as text is for people and for other tools: OTP's scanner, parser and compiler take it as it is.
text_is_what_otp_reads(_Config) ->
    Files = filelib:wildcard(filename:join(directory(), "*.bt")),
    Read = [read_text(Module) || File <- Files, Module <- text_modules(File)],
    ?assert(length(Read) > length(Files)),
    ?assertEqual([], [Wrong || {error, _} = Wrong <- Read]).

%% Class and statements of a file are one module each, one after the other.
text_modules(File) ->
    {ok, Source} = file:read_file(File),
    Options = #{file => unicode:characters_to_binary(filename:basename(File)), environment => beamtalk_environment:current()},
    {ok, #{core_erlang := Text}} = beamtalk_compiler:compile(Source, <<"bt@text">>, Options),
    [_ | Modules] = binary:split(<<"\n", Text/binary>>, <<"\nmodule ">>, [global]),
    [<<"module ", Module/binary>> || Module <- Modules].

read_text(Text) ->
    compiled(core_scan:string(unicode:characters_to_list(Text))).

compiled({ok, Tokens, _}) ->
    {ok, Core} = core_parse:parse(Tokens),
    compile:noenv_forms(Core, [from_core, clint, binary]);
compiled({error, Reason, _}) ->
    {error, Reason}.

directory() ->
    filename:join([filename:dirname(?FILE), "corpus", "programs"]).

outcomes(File) ->
    {ok, Source} = file:read_file(File),
    [_, Expected] = string:split(string:trim(Source), "// => ", trailing),
    outcomes(Source, Expected, unicode:characters_to_binary(filename:basename(File))).

outcomes(Source, Expected, Name) ->
    Options = #{output => core, slot => 1, file => Name, environment => beamtalk_environment:current()},
    case beamtalk_compiler:compile(Source, execution_paths:module_name(Source), Options) of
        {ok, #{class := Class, script := Script}} ->
            [{Path, Expected, outcome(Path, Class, Script)} || Path <- [compiled, evaluated]];
        {error, #{diagnostics := Diagnostics}} ->
            [{compiler, Expected, Diagnostics}]
    end.

outcome(Path, Class, Script) ->
    Module = execution_paths:load(Class),
    try
        execution_paths:in_a_process(fun() ->
            {Value, _Bindings} = execution_paths:evaluate(Path, Script, #{}),
            %% Printed where it was computed: what a block shares belongs to its process.
            beamtalk_dispatch:send(Value, printString, [])
        end)
    after
        execution_paths:unload(Module)
    end.
