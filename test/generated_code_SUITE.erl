%% @doc What holds of all generated code: OTP's lint passes it, it calls nothing that does not exist, and its size is
%% linear in the nesting of the text.
-module(generated_code_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, suite/0, init_per_suite/1, end_per_suite/1]).
-export([
    the_table_of_runtime_functions_exists/1,
    the_library_is_well_formed/1,
    tools_can_look_at_modules/1,
    size_is_linear_in_nesting/1
]).

suite() -> [{timetrap, {minutes, 30}}].

all() ->
    [the_table_of_runtime_functions_exists, the_library_is_well_formed, tools_can_look_at_modules, size_is_linear_in_nesting].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    {ok, _} = beamtalk_workspace:load([filename:join(filename:dirname(?FILE), "mutation")]),
    [{started, Started}, {table, table()} | Config].

end_per_suite(Config) ->
    [ok = application:stop(Application) || Application <- lists:reverse(?config(started, Config))],
    ok.

%% The table is in the code generator: a program of its crates prints it.
table() ->
    Output = os:cmd("cd '" ++ root() ++ "' && cargo run --quiet --release -p beamtalk_engine --example runtime_table"),
    [row(string:lexemes(Line, " ")) || Line <- string:lexemes(Output, "\n")].

row([Module, Name, Arity]) -> {list_to_atom(Module), list_to_atom(Name), list_to_integer(Arity)}.

root() ->
    lists:foldl(fun(_, Path) -> filename:dirname(Path) end, code:lib_dir(beamtalk_cli), lists:seq(1, 4)).

the_table_of_runtime_functions_exists(Config) ->
    Table = ?config(table, Config),
    ?assert(length(Table) >= 30),
    ?assertEqual([], missing(Table)).

missing(Functions) ->
    [Function || {Module, Name, Arity} = Function <- Functions, not exists(Module, Name, Arity)].

exists(Module, Name, Arity) ->
    {module, Module} =:= code:ensure_loaded(Module) andalso erlang:function_exported(Module, Name, Arity).

%% Beside the functions of the table a class calls the primitives of its own Erlang module, and those exist too.
the_library_is_well_formed(Config) ->
    Files = filelib:wildcard(filename:join(root(), "apps/beamtalk_stdlib/lib/*.bt")),
    ?assert(length(Files) >= 40),
    Found = [{File, library_class(File)} || File <- Files],
    ?assertEqual([], [{File, Errors} || {File, {error, Errors}} <- Found]),
    Calls = [{Module, Call} || {_, {Module, Calls}} <- Found, is_list(Calls), Call <- Calls],
    ?assert(length(Calls) > 500),
    ?assertEqual([], missing(lists:usort([Call || {_, Call} <- Calls]))),
    ?assertEqual([], [
        {Module, Call}
     || {Module, {Called, _, _} = Call} <- Calls,
        not lists:member(Call, ?config(table, Config)),
        Called =/= primitives(Module)
    ]).

%% Modules of the library, and facades and bodies of loaded classes.
tools_can_look_at_modules(_Config) ->
    Modules = [Module || {Module, _} <- code:all_loaded(), lists:prefix("bt@", atom_to_list(Module))],
    ?assert(length(Modules) > 10),
    [
        begin
            ?assertEqual(Module, Module:module_info(module)),
            ?assert(lists:member({module_info, 0}, Module:module_info(exports))),
            ?assertMatch([_ | _], proplists:get_value(exports, Module:module_info()))
        end
     || Module <- Modules
    ],
    {ok, _} = eprof:start(),
    {ok, 3} = eprof:profile(fun() -> beamtalk_dispatch:send([1, 2, 3], size, []) end),
    stopped = eprof:stop(),
    ok.

primitives(Module) ->
    <<"bt@stdlib@", Name/binary>> = atom_to_binary(Module),
    binary_to_atom(<<"beamtalk_", Name/binary>>).

library_class(File) ->
    {ok, Source} = file:read_file(File),
    {ok, #{class := Name}} = beamtalk_compiler:outline(Source),
    Module = module_of(Name),
    Options = #{output => core, library => true, environment => beamtalk_environment:current()},
    case beamtalk_compiler:compile(Source, Module, Options) of
        {ok, #{class := #{facade := Core}}} ->
            case compile:noenv_forms(Core, [from_core, clint, binary, return]) of
                {ok, Compiled, _, _} -> {Compiled, runtime_calls(Core)};
                {error, Errors, _} -> {error, Errors}
            end;
        {error, #{diagnostics := Diagnostics}} ->
            {error, Diagnostics}
    end.

module_of(Name) ->
    [Module] = [Module || {Class, Module, _} <- beamtalk_environment:entries(), Class =:= Name],
    Module.

runtime_calls(Core) ->
    lists:usort(cerl_trees:fold(fun called/2, [], Core)).

called(Node, Calls) ->
    case cerl:type(Node) =:= call andalso {cerl:call_module(Node), cerl:call_name(Node)} of
        {{c_literal, _, Module}, {c_literal, _, Name}} -> called({Module, Name, cerl:call_arity(Node)}, atom_to_list(Module), Calls);
        _ -> Calls
    end.

called(Call, "beamtalk_" ++ _, Calls) -> [Call | Calls];
called(_, _, Calls) -> Calls.

%% ---------------------------------------------------------------------------------------------------
%% Size
%% ---------------------------------------------------------------------------------------------------

%% Every position of the mutation matrix in itself, and in turns with every other one: twice as deep is at most about
%% twice as large.
size_is_linear_in_nesting(_Config) ->
    Positions = [Position || Position <- mutation_positions:all(), is_nestable(Position)],
    Pairs = [{A, B} || A <- Positions, B <- Positions, maps:get(name, A) =< maps:get(name, B)],
    ?assert(length(Positions) >= 60),
    Sizes = [{name(A), name(B), size_of(A, B, 6), size_of(A, B, 12)} || {A, B} <- some(1500, Pairs)],
    io:format(user, "size of code: ~b constructs, ~b of ~b pairs~n", [length(Positions), length(Sizes), length(Pairs)]),
    ?assertEqual([], [Row || {_, _, Six, Twelve} = Row <- Sizes, Twelve > 2.2 * Six]).

%% What a construct costs, not a library class: collections are one of them.
is_nestable(#{name := Name, needs := anywhere, uses := none} = Position) ->
    mutation_positions:holes(Position) > 0 andalso
        (string:find(Name, " on ") =:= nomatch orelse string:find(Name, "on List") =/= nomatch);
is_nestable(_) ->
    false.

name(#{name := Name}) -> Name.

%% All constructs in themselves, and a choice of the pairs.
some(Count, Pairs) ->
    {Same, Different} = lists:partition(fun({A, B}) -> A =:= B end, Pairs),
    Step = max(1, length(Different) div Count),
    Same ++ [Pair || {Index, Pair} <- lists:zip(lists:seq(1, length(Different)), Different), Index rem Step =:= 0].

size_of(A, B, Depth) ->
    Positions = lists:sublist(lists:append(lists:duplicate(Depth, [A, B])), Depth),
    Source = iolist_to_binary(["Object subclass: Sample\n  class m =>\n    ", mutation_cases:nested(Positions), "\n"]),
    Options = #{output => core, environment => beamtalk_environment:current()},
    case beamtalk_compiler:compile(Source, <<"bt@sample">>, Options) of
        {ok, #{class := #{facade := Core}}} ->
            [Method] = [Fun || {Var, Fun} <- cerl:module_defs(Core), cerl:fname_id(Var) =:= 'c m'],
            cerl_trees:size(Method);
        {error, #{diagnostics := Diagnostics}} ->
            error({Diagnostics, Source})
    end.
