#!/usr/bin/env escript
%% -*- erlang -*-
%% Puts the native parts of an application into its priv/native, before it is compiled: a hook of rebar3, which starts it
%% in the directory of the application. The arguments are crates of the workspace.
%%
%% BEAMTALK_NATIVE: auto (or unset): cargo where there is one, else what is installed;
%%                  build: cargo or an error;
%%                  none: nothing is done, whatever is installed.
%% CARGO_TARGET_DIR is honored. Cargo decides what is up to date.
-mode(compile).

main(Crates) ->
    {ok, App} = file:get_cwd(),
    Installed = filename:join([App, "priv", "native"]),
    Workspace = filename:dirname(filename:dirname(filename:absname(escript:script_name()))),
    Cargo = cargo(Workspace),
    case {os:getenv("BEAMTALK_NATIVE", "auto"), Cargo} of
        {"none", _} -> ok;
        {"build", {error, Why}} -> fail(["cannot build the native parts of ", filename:basename(App), ": ", Why]);
        {_, {ok, Program}} -> build(Program, Workspace, Crates), install(target(Workspace), Installed, Crates);
        {_, {error, Why}} -> use_installed(Installed, Crates, Why)
    end.

cargo(Workspace) ->
    case {filelib:is_regular(filename:join(Workspace, "Cargo.toml")), os:find_executable("cargo")} of
        {false, _} -> {error, "the Rust sources are not here"};
        {true, false} -> {error, "there is no cargo in the path"};
        {true, Program} -> {ok, Program}
    end.

build(Program, Workspace, Crates) ->
    Arguments = ["build", "--quiet", "--release"] ++ lists:append([["-p", Crate] || Crate <- Crates]),
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

install(Target, Installed, Crates) ->
    ok = filelib:ensure_dir(filename:join(Installed, "x")),
    lists:foreach(
        fun(Crate) ->
            {From, To} = file_of(Crate),
            copy(filename:join(Target, From), filename:join(Installed, To))
        end,
        Crates
    ).

%% What cargo makes, and how the emulator wants it named.
file_of("beamtalk_port") -> executable("beamtalk_port", os:type());
file_of("beamtalk_exec") -> executable("beamtalk_exec", os:type());
file_of("beamtalk_nif") -> library("beamtalk_compiler_nif", os:type());
file_of("beamtalk_cells") -> library("beamtalk_cells", os:type()).

executable(Name, {win32, _}) -> {Name ++ ".exe", Name ++ ".exe"};
executable(Name, _) -> {Name, Name}.

library(Name, {win32, _}) -> {Name ++ ".dll", Name ++ ".dll"};
library(Name, {unix, darwin}) -> {"lib" ++ Name ++ ".dylib", Name ++ ".so"};
library(Name, _) -> {"lib" ++ Name ++ ".so", Name ++ ".so"}.

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

use_installed(Installed, Crates, Why) ->
    Files = [To || Crate <- Crates, {_, To} <- [file_of(Crate)]],
    case [File || File <- Files, filelib:is_regular(filename:join(Installed, File))] of
        [] -> without(Crates, Installed, Why);
        Found -> io:format("native parts: using ~ts (~ts)~n", [lists:join(", ", Found), Why])
    end.

%% Only the compiler cannot do without.
without(["beamtalk_cells"], Installed, Why) -> missing("variables of blocks live as long as their process", Installed, Why);
without(["beamtalk_exec"], Installed, Why) -> missing("no programs of the system can be run", Installed, Why);
without(_, Installed, Why) ->
    fail([
        "the compiler has no native parts: ", Why, ", and ", Installed, " is empty.\n",
        "Install Rust 1.91 or newer (Debian: apt-get install cargo-web rustc-web, elsewhere: https://rustup.rs)\n",
        "and compile again, or put a precompiled library there. BEAMTALK_NATIVE=none compiles without."
    ]).

missing(Consequence, Installed, Why) ->
    io:format("~ts, and ~ts is empty: ~ts~n", [Why, Installed, Consequence]).

-spec fail(iodata()) -> no_return().
fail(Message) ->
    io:format(standard_error, "~ts~n", [Message]),
    halt(1).
