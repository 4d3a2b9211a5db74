#!/usr/bin/env escript
%% -*- erlang -*-
%% Puts the compiler's library and executable into priv/native, before the application is compiled.
%%
%% BEAMTALK_NATIVE: auto (or unset): cargo where there is one, else what is installed;
%%                  build: cargo or an error;
%%                  none: nothing is done, whatever is installed.
%% CARGO_TARGET_DIR is honored. Cargo decides what is up to date.
-mode(compile).

-define(PARTS, ["beamtalk_nif", "beamtalk_port"]).

main(_) ->
    %% rebar3 starts hooks in the directory of the application; the script's own path says the same elsewhere.
    App = filename:dirname(filename:dirname(filename:absname(escript:script_name()))),
    Installed = filename:join([App, "priv", "native"]),
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
    ok = filelib:ensure_dir(filename:join(Installed, "x")),
    lists:foreach(fun({From, To}) -> copy(filename:join(Target, From), filename:join(Installed, To)) end, files()).

%% What cargo makes, and how the emulator wants it named.
files() ->
    case os:type() of
        {win32, _} ->
            [{"beamtalk_compiler_nif.dll", "beamtalk_compiler_nif.dll"}, {"beamtalk_port.exe", "beamtalk_port.exe"}];
        {unix, darwin} ->
            [{"libbeamtalk_compiler_nif.dylib", "beamtalk_compiler_nif.so"}, {"beamtalk_port", "beamtalk_port"}];
        _ ->
            [{"libbeamtalk_compiler_nif.so", "beamtalk_compiler_nif.so"}, {"beamtalk_port", "beamtalk_port"}]
    end.

%% A library that is loaded must not be written in place: it is replaced by a rename, and only if it differs.
copy(From, To) ->
    {ok, New} = file:read_file(From),
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
                "the compiler has no native parts: ", Why, ", and ", Installed, " is empty.\n",
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
