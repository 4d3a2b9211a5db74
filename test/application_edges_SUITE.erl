%% @doc The OTP applications depend on each other as the architecture says, and in no other way: not by a call in any
%% of their modules, and not by their application files.
-module(application_edges_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1]).
-export([calls_stay_within_the_table/1, declarations_stay_within_the_table/1, every_application_is_in_the_table/1]).
-export([generated_code_calls_only_the_runtime/1, a_forbidden_call_is_found/1]).
-export([what_generated_code_may_call_exists/1]).

%% Each application with the applications that it may call. `erts' is below all of them.
-define(EDGES, #{
    beamtalk_json => [kernel, stdlib],
    beamtalk_compiler => [kernel, stdlib, compiler, crypto],
    beamtalk_runtime => [kernel, stdlib],
    beamtalk_stdlib => [kernel, stdlib, crypto, beamtalk_runtime, beamtalk_json],
    beamtalk_workspace => [kernel, stdlib, crypto, beamtalk_compiler, beamtalk_runtime, beamtalk_stdlib, beamtalk_json],
    beamtalk_lsp => [kernel, stdlib, beamtalk_compiler, beamtalk_workspace, beamtalk_json],
    beamtalk_cli => [
        kernel, stdlib, crypto, beamtalk_compiler, beamtalk_runtime, beamtalk_stdlib, beamtalk_workspace,
        beamtalk_lsp, beamtalk_json
    ]
}).

all() ->
    [
        every_application_is_in_the_table,
        declarations_stay_within_the_table,
        calls_stay_within_the_table,
        generated_code_calls_only_the_runtime,
        what_generated_code_may_call_exists,
        a_forbidden_call_is_found
    ].

init_per_suite(Config) ->
    {ok, _} = xref:start(?MODULE),
    ok = xref:set_default(?MODULE, [{verbose, false}, {warnings, false}]),
    lists:foreach(fun add_application/1, applications()),
    [{calls, calls()} | Config].

end_per_suite(_) ->
    xref:stop(?MODULE).

every_application_is_in_the_table(_) ->
    ?assertEqual([], [App || App <- applications(), not is_map_key(App, ?EDGES)]),
    ?assert(length(applications()) >= 4).

declarations_stay_within_the_table(_) ->
    Declared = [{App, On} || App <- applications(), On <- declared(App)],
    ?assertEqual([], forbidden(Declared)).

calls_stay_within_the_table(Config) ->
    Edges = [{owner(From), owner(To), {From, To}} || {From, To} <- ?config(calls, Config)],
    ?assertEqual([], [Modules || {App, On, Modules} <- Edges, forbidden([{App, On}]) =/= []]).

%% The table of the code generator names each runtime function as `NAME = "module" "function" arity;'.
what_generated_code_may_call_exists(_) ->
    Up = fun(_, Path) -> filename:dirname(Path) end,
    Root = lists:foldl(Up, code:lib_dir(beamtalk_compiler), lists:seq(1, 4)),
    {ok, Source} = file:read_file(filename:join(Root, "native/beamtalk_codegen/src/runtime.rs")),
    Row = "= \"([a-z_]+)\" \"([^\"]+)\" ([0-9]+);",
    {match, Rows} = re:run(Source, Row, [global, {capture, all_but_first, binary}]),
    ?assert(length(Rows) >= 30),
    Table = [{binary_to_atom(M), binary_to_atom(F), binary_to_integer(A)} || [M, F, A] <- Rows],
    _ = [code:ensure_loaded(M) || {M, _, _} <- Table],
    ?assertEqual([], [MFA || {M, F, A} = MFA <- Table, not erlang:function_exported(M, F, A)]).

%% The library's classes belong to the application beamtalk_stdlib, but what the compiler generates may call less.
generated_code_calls_only_the_runtime(_) ->
    Library = filename:dirname(code:which('bt@stdlib@object')),
    Imports = [{File, Module} || File <- filelib:wildcard("bt@*.beam", Library), Module <- imports(Library, File)],
    ?assert(length(Imports) > 100),
    Allowed = [erts, kernel, stdlib, beamtalk_runtime, beamtalk_stdlib],
    ?assertEqual([], [Import || {_, Module} = Import <- Imports, not lists:member(owner(Module), Allowed)]).

imports(Directory, File) ->
    {ok, {_, [{imports, Imports}]}} = beam_lib:chunks(filename:join(Directory, File), [imports]),
    lists:usort([Module || {Module, _, _} <- Imports]).

a_forbidden_call_is_found(_) ->
    ?assertEqual(
        [{beamtalk_runtime, beamtalk_compiler}, {beamtalk_compiler, beamtalk_runtime}],
        forbidden([
            {beamtalk_runtime, stdlib},
            {beamtalk_runtime, beamtalk_compiler},
            {beamtalk_compiler, beamtalk_runtime},
            {beamtalk_workspace, beamtalk_runtime}
        ])
    ).

forbidden(Edges) ->
    [
        {App, On}
     || {App, On} <- Edges,
        On =/= App,
        On =/= erts,
        not lists:member(On, maps:get(App, ?EDGES, []))
    ].

%% Calls between modules. Calls to a module that is not known here and has no file are left out: the name is
%% a variable, or belongs to an optional library.
calls() ->
    {ok, Edges} = xref:q(?MODULE, "ME"),
    [{From, To} || {From, To} <- Edges, From =/= To, is_ours(owner(From)), owner(To) =/= none].

is_ours(App) -> is_map_key(App, ?EDGES).

is_generated(Module) -> lists:prefix("bt@", atom_to_list(Module)).

owner(Module) ->
    case is_generated(Module) of
        true -> beamtalk_stdlib;
        false -> owner_by_path(Module)
    end.

owner_by_path(Module) ->
    case code:which(Module) of
        preloaded -> erts;
        Path when is_list(Path), Path =/= "" -> application_of(filename:dirname(Path));
        _ -> none
    end.

%% `.../beamtalk_runtime/ebin' and `.../stdlib-4.2/ebin'
application_of(Ebin) ->
    [Name | _] = string:split(filename:basename(filename:dirname(Ebin)), "-"),
    list_to_atom(Name).

add_application(App) ->
    {ok, _} = xref:add_directory(?MODULE, filename:join(code:lib_dir(App), "ebin")).

declared(App) ->
    {ok, [{application, App, Keys}]} = file:consult(
        filename:join([code:lib_dir(App), "ebin", atom_to_list(App) ++ ".app"])
    ),
    proplists:get_value(applications, Keys, []) ++ proplists:get_value(included_applications, Keys, []).

applications() ->
    Lib = filename:dirname(code:lib_dir(beamtalk_runtime)),
    Found = filelib:wildcard(filename:join([Lib, "beamtalk_*", "ebin", "*.app"])),
    [list_to_atom(filename:basename(File, ".app")) || File <- Found].
