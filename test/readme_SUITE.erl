%% @doc What the README shows works as it says.
-module(readme_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1, init_per_testcase/2]).
-export([programs/1, embedding/1, commands_exist/1, links_lead_somewhere/1]).

all() -> [programs, embedding, commands_exist, links_lead_somewhere].

init_per_suite(Config) ->
    Root = lists:foldl(fun(_, Path) -> filename:dirname(Path) end, code:lib_dir(beamtalk_cli), lists:seq(1, 4)),
    {ok, Text} = file:read_file(filename:join(Root, "README.md")),
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    [{root, Root}, {started, Started}, {text, Text} | Config].

end_per_suite(Config) ->
    lists:foreach(fun application:stop/1, lists:reverse(?config(started, Config))).

%% Common Test sets the directory before each case.
init_per_testcase(_, Config) ->
    ok = file:set_cwd(?config(root, Config)),
    Config.

%% The blocks without a language that hold neither commands nor a session are programs.
programs(Config) ->
    Sources = [Block || Block <- blocks("", Config), re:run(Block, "^(\\$|scripts/)", [multiline]) =:= nomatch],
    ?assertEqual([<<"The count is 2\n">>, <<"Hello, world!\n">>], [output(Source, Config) || Source <- Sources]).

%% The block in Erlang is evaluated; its matches are the assertions.
embedding(Config) ->
    [Block] = blocks("erlang", Config),
    {ok, Tokens, _} = erl_scan:string(unicode:characters_to_list(Block)),
    {ok, Expressions} = erl_parse:parse_exprs(Tokens),
    ?assertMatch({value, 1, _}, erl_eval:exprs(Expressions, erl_eval:new_bindings())).

commands_exist(Config) ->
    Commands = matches("(?:^\\$ |^|`)(scripts/[a-z]+)", Config),
    ?assert(length(Commands) >= 4),
    ?assertEqual([], [Command || Command <- Commands, not filelib:is_regular(Command)]).

links_lead_somewhere(Config) ->
    Links = [Link || Link <- matches("\\]\\(([^)]+)\\)", Config), re:run(Link, "^https?:") =:= nomatch],
    ?assert(length(Links) >= 6),
    ?assertEqual([], [Link || Link <- Links, not filelib:is_file(Link)]).

output(Source, Config) ->
    File = filename:join(?config(priv_dir, Config), "program.bt"),
    ok = file:write_file(File, Source),
    unicode:characters_to_binary(os:cmd("scripts/run " ++ File)).

blocks(Language, Config) ->
    matches("(?s)^```" ++ Language ++ "\\n(.*?)^```$", Config).

matches(Pattern, Config) ->
    case re:run(?config(text, Config), Pattern, [global, multiline, unicode, {capture, all_but_first, binary}]) of
        {match, Found} -> lists:append(Found);
        nomatch -> []
    end.
