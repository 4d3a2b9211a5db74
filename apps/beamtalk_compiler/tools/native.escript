#!/usr/bin/env escript
%% -*- erlang -*-
%% Puts the compiler's library and executable into priv/native, and the executable that runs programs for the library
%% into that of beamtalk_stdlib, before the applications are compiled.
%%
%% BEAMTALK_NATIVE: auto (or unset): cargo where there is one, else what is installed;
%%                  build: cargo or an error;
%%                  none: nothing is done, whatever is installed.
%% CARGO_TARGET_DIR is honored. Cargo decides what is up to date.
-mode(compile).

-define(PARTS, ["beamtalk_nif", "beamtalk_port", "beamtalk_exec"]).

main(_) ->
    %% rebar3 starts hooks in the directory of the application; the script's own path says the same elsewhere.
    App = filename:dirname(filename:dirname(filename:absname(escript:script_name()))),
    Installed = filename:dirname(App),
    Workspace = filename:dirname(filename:dirname(App)),
    Cargo = cargo(Workspace),
    case {os:getenv("BEAMTALK_NATIVE", "auto"), Cargo} of
        {"none", _} -> ok;
        {"build", {error, Why}} -> fail(["cannot build the native parts of the compiler: ", Why]);
        {_, {ok, Program}} -> build(Program, Workspace), install(target(Workspace), Installed);
        {_, {error, Why}} -> use_installed(Installed, Why)
    end.

cargo(Workspace) ->
    case {filelib:is_regular(filename:join(Workspace, "Cargo.toml")), os:find_executable("cargo")} of
        {false, _} -> {error, "the Rust sources are not here"};
        {true, false} -> {error, "there is no cargo in the path"};
        {true, Program} -> {ok, Program}
    end.

build(Program, Workspace) ->
    Arguments = ["build", "--quiet", "--release"] ++ lists:append([["-p", Part] || Part <- ?PARTS]),
    Port = open_port({spawn_executable, Program}, [{args, Arguments}, {cd, Workspace}, exit_status, stderr_to_stdout, binary]),
    case await(Port) of
        0 -> ok;
        Status -> fail(io_lib:format("cargo ended with status ~b; its messages are above", [Status]))
    end.

await(Port) ->
    receive
        {Port, {data, Data}} ->
            file:write(standard_error, Data),
            await(Port);
        {Port, {exit_status, Status}} ->
            Status
    end.

target(Workspace) ->
    filename:join(filename:absname(os:getenv("CARGO_TARGET_DIR", "target"), Workspace), "release").

install(Target, Installed) ->
    lists:foreach(fun({From, To}) -> copy(filename:join(Target, From), filename:join(Installed, To)) end, files()).

%% What cargo makes, and where the applications want it.
files() ->
    [
        {From, filename:join([App, "priv", "native", To])}
     || {From, App, To} <- [
            library(),
            {executable("beamtalk_port"), "beamtalk_compiler", executable("beamtalk_port")},
            {executable("beamtalk_exec"), "beamtalk_stdlib", executable("beamtalk_exec")}
        ]
    ].

%% The emulator wants the library to be named so.
library() ->
    case os:type() of
        {win32, _} -> {"beamtalk_compiler_nif.dll", "beamtalk_compiler", "beamtalk_compiler_nif.dll"};
        {unix, darwin} -> {"libbeamtalk_compiler_nif.dylib", "beamtalk_compiler", "beamtalk_compiler_nif.so"};
        _ -> {"libbeamtalk_compiler_nif.so", "beamtalk_compiler", "beamtalk_compiler_nif.so"}
    end.

executable(Name) ->
    case os:type() of
        {win32, _} -> Name ++ ".exe";
        _ -> Name
    end.

%% A library that is loaded must not be written in place: it is replaced by a rename, and only if it differs.
copy(From, To) ->
    {ok, New} = file:read_file(From),
    ok = filelib:ensure_dir(To),
    case file:read_file(To) of
        {ok, New} ->
            ok;
        _ ->
            Temporary = To ++ "." ++ os:getpid() ++ ".new",
            ok = file:write_file(Temporary, New),
            ok = file:change_mode(Temporary, 8#755),
            ok = file:rename(Temporary, To)
    end.

use_installed(Installed, Why) ->
    case [To || {_, To} <- files(), filelib:is_regular(filename:join(Installed, To))] of
        [] ->
            fail([
                "the compiler has no native parts: ", Why, ", and there are none in ", Installed, ".\n",
                "Install Rust 1.91 or newer (Debian: apt-get install cargo-web rustc-web, elsewhere: https://rustup.rs)\n",
                "and compile again, or put a precompiled library there. BEAMTALK_NATIVE=none compiles without."
            ]);
        Found ->
            io:format("native parts of the compiler: using ~ts (~ts)~n", [lists:join(", ", Found), Why])
    end.

-spec fail(iodata()) -> no_return().
fail(Message) ->
    io:format(standard_error, "~ts~n", [Message]),
    halt(1).
