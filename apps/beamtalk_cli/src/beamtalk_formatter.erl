%% @doc Canonical layout for files.
-module(beamtalk_formatter).

-include_lib("kernel/include/file.hrl").

-export([run/1, check/1]).

%% How many links are followed: as many as the operating system follows.
-define(LINKS, 40).

%% @doc Rewrites what is not in canonical layout; a file with errors stays as it is. A directory stands for the `.bt'
%% files below it (see {@link beamtalk_source:below/1}). Answers the exit code.
-spec run([file:name()]) -> 0 | 1.
run(Paths) ->
    each(Paths, fun rewrite/2).

%% @doc Shows what {@link run/1} would change, as a unified diff. Exit code 1 if there is anything.
-spec check([file:name()]) -> 0 | 1.
check(Paths) ->
    each(Paths, fun show/2).

each(Paths, Work) ->
    lists:max([0 | [path(Path, Work) || Path <- Paths]]).

path(Path, Work) ->
    case filelib:is_dir(Path) of
        true -> directory(beamtalk_source:below(Path), Work);
        false -> file(Path, Work)
    end.

directory({ok, Files}, Work) ->
    lists:max([0 | [file(File, Work) || File <- Files, filename:extension(File) =:= ".bt"]]);
directory({error, Reason}, _) ->
    beamtalk_terminal:report(beamtalk_source:format_error(Reason)),
    1.

file(File, Work) ->
    case file:read_file(File) of
        {ok, Source} -> formatted(File, Source, Work);
        {error, Reason} -> failed(File, Reason)
    end.

formatted(File, Source, Work) ->
    Options = (beamtalk_terminal:rendering())#{file => unicode:characters_to_binary(File)},
    case beamtalk_compiler:format(Source, Options) of
        {ok, #{diff := undefined}} ->
            0;
        {ok, Changed} ->
            Work(File, Changed);
        {error, Findings} ->
            beamtalk_terminal:findings(Findings),
            1
    end.

show(File, #{diff := Diff}) ->
    io:put_chars([File, ":\n", Diff]),
    1.

%% The file is replaced in one step: whoever reads it sees the old text or the new one. A link stays a link, and the
%% file keeps its mode.
rewrite(File, #{text := Text}) ->
    Target = target(File, ?LINKS),
    case replace(Target, Text) of
        ok -> 0;
        {error, Reason} -> failed(File, Reason)
    end.

replace(Target, Text) ->
    case file:read_file_info(Target) of
        {ok, #file_info{access = read_write, mode = Mode}} ->
            replace_by_new(Target, Mode, Text);
        {ok, #file_info{}} ->
            {error, eacces};
        {error, Reason} ->
            {error, Reason}
    end.

%% The new file has a name that nobody else has.
replace_by_new(Target, Mode, Text) ->
    Unique = [".", filename:basename(Target), ".", os:getpid(), ".", integer_to_list(erlang:unique_integer([positive]))],
    New = filename:join(filename:dirname(Target), unicode:characters_to_list(Unique)),
    case file:write_file(New, Text, [exclusive]) of
        ok ->
            Outcome = first_error([fun() -> file:change_mode(New, Mode) end, fun() -> file:rename(New, Target) end]),
            _ = [file:delete(New) || Outcome =/= ok],
            Outcome;
        {error, eexist} ->
            {error, eexist};
        {error, Reason} ->
            _ = file:delete(New),
            {error, Reason}
    end.

first_error([]) ->
    ok;
first_error([Step | Rest]) ->
    case Step() of
        ok -> first_error(Rest);
        Error -> Error
    end.

%% What a link leads to, and so on.
target(File, 0) ->
    File;
target(File, Left) ->
    case file:read_link(File) of
        {ok, Next} -> target(filename:absname(Next, filename:dirname(File)), Left - 1);
        {error, _} -> File
    end.

failed(File, Reason) ->
    beamtalk_terminal:report([File, ": ", file:format_error(Reason)]),
    1.
