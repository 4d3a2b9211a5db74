%% @doc The library and the executable answer the same terms for the same request, over the corpus of the project
%% (`test/corpus/**/*.bt') and over inputs that are made here because they are too large to keep.
-module(parity_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1]).
-export([
    the_corpus_is_answered_alike/1,
    the_corpus_holds_what_is_hard_to_carry/1,
    generated_inputs_are_answered_alike/1,
    what_is_wrong_with_a_request_is_answered_alike/1,
    environments_are_asked_for_alike/1
]).

all() ->
    [
        the_corpus_is_answered_alike,
        the_corpus_holds_what_is_hard_to_carry,
        generated_inputs_are_answered_alike,
        what_is_wrong_with_a_request_is_answered_alike,
        environments_are_asked_for_alike
    ].

init_per_suite(Config) ->
    Started = boundary_support:start(),
    Files = filelib:wildcard(filename:join([boundary_support:root(), "test", "corpus", "**", "*.bt"])),
    [{started, Started}, {files, Files} | Config].

end_per_suite(Config) ->
    boundary_support:stop(?config(started, Config)).

the_corpus_is_answered_alike(Config) ->
    Files = ?config(files, Config),
    ?assert(length(Files) >= 20),
    Different = [
        {File, Name}
     || File <- Files,
        {ok, Source} <- [file:read_file(File)],
        {Name, Request} <- requests(Source, unicode:characters_to_binary(filename:basename(File))),
        not alike(Request)
    ],
    ?assertEqual([], Different).

the_corpus_holds_what_is_hard_to_carry(Config) ->
    Replies = [
        beamtalk_compiler_backend:answer(nif, #{op => compile, source => Source}, boundary_support:call(long))
     || File <- ?config(files, Config), {ok, Source} <- [file:read_file(File)]
    ],
    Codes = [Code || {error, #{diagnostics := Found}} <- Replies, #{code := Code} <- Found],
    ?assert(length([ok || {ok, _} <- Replies]) >= 8),
    ?assert(length(lists:usort(Codes)) >= 5),
    ?assert(contains(fun(Term) -> is_map(Term) andalso map_size(Term) > 128 end, Replies)),
    ?assert(contains(fun(Term) -> is_integer(Term) andalso Term > 1 bsl 2040 end, Replies)),
    ?assert(contains(fun(Term) -> Term =:= 'ключ' end, Replies)).

generated_inputs_are_answered_alike(_) ->
    Different = [
        Name
     || {Name, Source} <- generated(), {_, Request} <- requests(Source, <<"generated.bt">>), not alike(Request)
    ],
    ?assertEqual([], Different).

generated() ->
    Wide = [["  m", integer_to_list(N), " => #(", integer_to_list(N), ", \"", integer_to_list(N), "\")\n"] || N <- lists:seq(1, 500)],
    [
        {deep, [lists:duplicate(100_000, $(), $1, lists:duplicate(100_000, $))]},
        {deep_open, lists:duplicate(100_000, $[)},
        {flat, ["x := 1", lists:duplicate(100_000, " + 1")]},
        {unary, ["x := 1", lists:duplicate(20_000, " foo")]},
        {wide, ["Object subclass: Wide\n\n" | Wide]},
        {bytes, [rand_bytes(N) || N <- lists:seq(1, 20)]}
    ].

%% The same bytes in every run.
rand_bytes(Seed) ->
    << <<(erlang:phash2({Seed, N}, 256))>> || N <- lists:seq(1, 500) >>.

what_is_wrong_with_a_request_is_answered_alike(_) ->
    Wrong = [
        #{op => fly},
        #{op => compile, sauce => 1},
        #{op => compile, source => "a string"},
        #{op => compile, source => 1 bsl 70},
        #{op => compile, source => [a | b]},
        #{op => compile, source => <<>>, slot => 0},
        #{op => compile, source => <<>>, slot => 1 bsl 40},
        #{op => compile, source => <<>>, module => <<255>>},
        #{op => compile, source => <<>>, known_vars => [[[[[[[[<<"deep">>]]]]]]]]},
        #{op => compile, source => <<>>, limits => #{speed => 1}}
    ],
    Call = boundary_support:call(short),
    lists:foreach(
        fun(Request) ->
            {bad_request, Message} = beamtalk_compiler_backend:answer(nif, Request, Call),
            ?assertEqual({bad_request, Message}, beamtalk_compiler_backend:answer(port, Request, Call))
        end,
        Wrong
    ).

environments_are_asked_for_alike(_) ->
    {ok, #{interface := Interface}} = beamtalk_compiler:compile_module(<<"Object subclass: Alpha\n\n  class one => 1\n">>, #{}),
    Environment = beamtalk_compiler:environment([{'Alpha', 'bt@alpha', Interface}]),
    Hash = beamtalk_compiler_environment:hash(Environment),
    Entries = beamtalk_compiler_environment:entries(Environment),
    Request = #{op => compile, source => <<"Alpha one\n">>, environment => Hash},
    Call = boundary_support:call(long, #{entries => Entries}),
    {ok, _} = Reply = beamtalk_compiler_backend:answer(nif, Request, Call),
    ?assertEqual(Reply, beamtalk_compiler_backend:answer(port, Request, Call)),
    %% Now that it is known, nothing needs to be sent.
    Known = boundary_support:call(long, #{entries => []}),
    ?assertEqual(Reply, beamtalk_compiler_backend:answer(nif, Request, Known)),
    ?assertEqual(Reply, beamtalk_compiler_backend:answer(port, Request, Known)).

requests(Source, File) ->
    Base = #{op => compile, source => iolist_to_binary(Source), file => File},
    [
        {terms, Base},
        {slot, Base#{slot => 3, package => <<"shop">>}},
        {text, Base#{output => text, module => <<"my_module">>}},
        {library, Base#{library => true}},
        {expression, Base#{op := compile_expression, module => <<"eval">>, known_vars => [<<"x">>, <<"größe"/utf8>>]}},
        {diagnostics, Base#{op := diagnostics, render => true}},
        {json, Base#{op := diagnostics, render => json, lints => true}},
        {short, Base#{op := diagnostics, render => short, lints => true}},
        {outline, Base#{op := outline}},
        {limited, Base#{op := diagnostics, limits => #{nesting => 3, errors => 2, source_bytes => 1000}}}
    ].

alike(Request) ->
    Call = boundary_support:call(long),
    Nif = beamtalk_compiler_backend:answer(nif, Request, Call),
    Port = beamtalk_compiler_backend:answer(port, Request, Call),
    is_reply(Nif) andalso Nif =:= Port.

is_reply({ok, #{diagnostics := _}}) -> true;
is_reply({error, #{diagnostics := [_ | _] = Found}}) -> not beamtalk_compiler_diagnostic:has_internal_error(Found);
is_reply(_) -> false.

contains(Test, Term) ->
    Test(Term) orelse lists:any(fun(Part) -> contains(Test, Part) end, parts(Term)).

parts([Head | Tail]) -> [Head, Tail];
parts(Tuple) when is_tuple(Tuple) -> tuple_to_list(Tuple);
parts(Map) when is_map(Map) -> maps:to_list(Map);
parts(_) -> [].
