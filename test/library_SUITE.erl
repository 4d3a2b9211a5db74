%% @doc The library has what its reference specifies.
-module(library_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1]).
-export([prose_and_facts_are_the_same/1, nothing_is_missing/1]).

all() ->
    [prose_and_facts_are_the_same, nothing_is_missing].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_stdlib),
    [{started, Started} | Config].

end_per_suite(Config) ->
    lists:foreach(fun application:stop/1, lists:reverse(?config(started, Config))).

prose_and_facts_are_the_same(Config) ->
    Prose = filename:join(?config(priv_dir, Config), "reference.md"),
    Facts = filename:join(?config(priv_dir, Config), "facts.txt"),
    ok = file:write_file(Prose, [
        "# Reference\n\nWords.\n\n### Error\n\nWords.\n\n### Box\n\n| Side | Selector | Meaning |\n|---|---|---|\n",
        "| class | `of:` | (x: any) Box |\n| inst | `at:put:` | `code` |\n\n## Index\n\n* `of:`: Box\n"
    ]),
    Expected = [{<<"Error">>, []}, {<<"Box">>, [{class, 'of:'}, {instance, 'at:put:'}]}],
    ?assertEqual(Expected, beamtalk_ledger:read(Prose)),
    ok = file:write_file(Facts, beamtalk_ledger:facts(Expected)),
    ?assertEqual(Expected, beamtalk_ledger:read(Facts)),
    ?assertEqual([<<"Box">>], beamtalk_ledger:missing(Expected)),
    ?assertEqual(
        [<<"List at:put:">>, <<"List class of:">>],
        lists:sort(beamtalk_ledger:missing([{<<"List">>, [{class, 'of:'}, {instance, 'at:put:'}, {instance, size}]}]))
    ).

nothing_is_missing(_Config) ->
    Facts = filename:join(root(), "test/library_selectors.txt"),
    ?assertEqual([], beamtalk_ledger:missing(beamtalk_ledger:read(Facts))).

%% `.../_build/test/lib/beamtalk_cli'
root() ->
    lists:foldl(fun(_, Path) -> filename:dirname(Path) end, code:lib_dir(beamtalk_cli), lists:seq(1, 4)).
