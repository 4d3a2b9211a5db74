%% The compiler is replaced by one whose sources say what it is to answer: `A uses B' is a class whose interface holds
%% the interface of B as far as it is known, cut to a length.
-module(beamtalk_batch_tests).

-include_lib("eunit/include/eunit.hrl").

no_classes_test() ->
    ?assertEqual({#{}, []}, beamtalk_batch:compile([], [], #{}, counting(self()))).

independent_classes_are_compiled_until_they_know_each_other_test() ->
    {Results, Environment} = compile([[unit(a, <<"x">>), unit(b, <<"y">>)]], [], #{}),
    ?assertEqual([<<"a">>, <<"b">>], lists:sort(maps:keys(Results))),
    ?assertMatch([{<<"a">>, <<"bt@a">>, <<"x">>}, {<<"b">>, <<"bt@b">>, <<"y">>}], Environment),
    %% Once each without the other, once with it.
    ?assertEqual([a, a, b, b], compiled()).

nothing_is_compiled_again_test() ->
    Levels = [[unit(a, <<"x">>), unit(b, <<"uses a">>)]],
    {Results, Environment} = compile(Levels, [], #{}),
    _ = compiled(),
    ?assertEqual({Results, Environment}, compile(Levels, Environment, Results)),
    ?assertEqual([], compiled()).

a_change_behind_an_interface_is_local_test() ->
    {Results, Environment} = compile([[unit(a, <<"x|1">>), unit(b, <<"uses a">>)]], [], #{}),
    _ = compiled(),
    {_, Environment} = compile([[unit(a, <<"x|2">>), unit(b, <<"uses a">>)]], Environment, Results),
    ?assertEqual([a], compiled()).

a_change_of_an_interface_reaches_its_users_test() ->
    {Results, Environment} = compile([[unit(a, <<"x">>), unit(b, <<"uses a">>)]], [], #{}),
    _ = compiled(),
    {_, Changed} = compile([[unit(a, <<"z">>), unit(b, <<"uses a">>)]], Environment, Results),
    ?assertEqual([{<<"a">>, <<"bt@a">>, <<"z">>}, {<<"b">>, <<"bt@b">>, <<"<z>">>}], Changed).

circles_come_to_an_end_test() ->
    {_, Environment} = compile([[unit(a, <<"uses b">>), unit(b, <<"uses a">>)]], [], #{}),
    ?assertMatch([{_, _, <<"<<<">>}, {_, _, <<"<<<">>}], Environment).

an_interface_that_never_settles_is_an_error_test() ->
    Restless = fun(_) -> fun(_) -> {ok, #{interface => integer_to_binary(erlang:unique_integer())}} end end,
    ?assertEqual({error, {unstable, [<<"a">>]}}, beamtalk_batch:compile([[unit(a, <<>>)]], [], #{}, Restless)).

a_failed_class_keeps_its_interface_test() ->
    {Results, Environment} = compile([[unit(a, <<"x">>), unit(b, <<"uses a">>)]], [], #{}),
    _ = compiled(),
    {NewResults, Environment} = compile([[unit(a, <<"fails">>), unit(b, <<"uses a">>)]], Environment, Results),
    ?assertMatch(#{<<"a">> := #{compiled := {error, _}}, <<"b">> := #{compiled := {ok, _}}}, NewResults),
    ?assertEqual([a], compiled()).

a_superclass_is_known_to_its_subclasses_at_once_test() ->
    {_, [_, {_, _, Interface}]} = compile([[unit(a, <<"x">>)], [unit(b, <<"uses a">>)]], [], #{}),
    ?assertEqual(<<"<x>">>, Interface).

compile(Levels, Environment, Results) ->
    beamtalk_batch:compile(Levels, Environment, Results, counting(self())).

counting(Test) ->
    fun(Environment) ->
        fun(#{class := Class, source := Source}) ->
            Test ! {compiled, binary_to_atom(Class)},
            answer(Source, Environment)
        end
    end.

answer(<<"fails">>, _) ->
    {error, #{}};
answer(<<"uses ", Other/binary>>, Environment) ->
    Text =
        case lists:keyfind(Other, 1, Environment) of
            {_, _, Interface} -> <<"<", Interface/binary, ">">>;
            false -> <<"<?>">>
        end,
    {ok, #{interface => binary:part(Text, 0, min(3, byte_size(Text)))}};
answer(Source, _) ->
    [Interface | _] = binary:split(Source, <<"|">>),
    {ok, #{interface => Interface}}.

compiled() ->
    lists:sort(received()).

received() ->
    receive
        {compiled, Class} -> [Class | received()]
    after 0 -> []
    end.

unit(Class, Source) ->
    Name = atom_to_binary(Class),
    #{file => "f.bt", class => Name, superclass => undefined, module => <<"bt@", Name/binary>>, source => Source}.
