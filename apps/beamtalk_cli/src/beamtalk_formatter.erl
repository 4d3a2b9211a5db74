%% @doc Canonical layout for files.
-module(beamtalk_formatter).

-export([run/1, check/1]).

%% @doc Rewrites what is not in canonical layout; a file with errors stays as it is. A directory stands for the `.bt'
%% files below it. Answers the exit code.
-spec run([file:name()]) -> 0 | 1.
run(Paths) ->
    each(Paths, fun rewrite/2).

%% @doc Shows what {@link run/1} would change, as a unified diff. Exit code 1 if there is anything.
-spec check([file:name()]) -> 0 | 1.
check(Paths) ->
    each(Paths, fun show/2).

each(Paths, Work) ->
    lists:max([0 | [file(File, Work) || Path <- Paths, File <- files(Path)]]).

files(Path) ->
    case filelib:is_dir(Path) of
        true -> lists:sort(filelib:wildcard(filename:join(Path, "**/*.bt")));
        false -> [Path]
    end.

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

%% The file is replaced in one step: whoever reads it sees the old text or the new one.
rewrite(File, #{text := Text}) ->
    Temporary = File ++ ".new",
    case file:write_file(Temporary, Text) of
        ok -> replace(Temporary, File);
        {error, Reason} -> failed(Temporary, Reason)
    end.

replace(Temporary, File) ->
    case file:rename(Temporary, File) of
        ok -> 0;
        {error, Reason} -> failed(File, Reason)
    end.

failed(File, Reason) ->
    beamtalk_terminal:report([File, ": ", file:format_error(Reason)]),
    1.
