%% @doc The files that a run of tests consists of.
-module(beamtalk_test_files).

-export([find/1, format_error/1]).

-export_type([files/0, reason/0]).

-type files() :: #{fixtures := [file:filename()], sources := [file:filename()], scripts := [file:filename()]}.
%% `fixtures': classes that tests use. `sources': `*.bt' files with tests and examples. `scripts': `*.btscript' files.

-type reason() :: {unreadable, file:filename(), file:posix() | badarg} | {unknown, file:filename()} | nothing.

-define(FIXTURES, "fixtures").

%% @doc Files for paths. A directory stands for what is below it; names that begin with `.' or `_' and what is no
%% regular file are left out, and links to directories are not followed. Fixtures are the `*.bt' files below a directory
%% `fixtures' beside or under a path.
-spec find([file:filename()]) -> {ok, files()} | {error, reason()}.
find(Paths) ->
    try
        Tests = unique(lists:flatmap(fun tests/1, Paths)),
        Fixtures = unique(lists:flatmap(fun fixtures/1, Paths)) -- Tests,
        found(#{
            fixtures => Fixtures,
            sources => [File || File <- Tests, is_source(File)],
            scripts => [File || File <- Tests, is_script(File)]
        })
    catch
        throw:{?MODULE, Reason} -> {error, Reason}
    end.

found(#{sources := [], scripts := []}) -> {error, nothing};
found(Files) -> {ok, Files}.

tests(Path) ->
    case filelib:is_dir(Path) of
        true ->
            [File || File <- below(Path), is_source(File) orelse is_script(File), not is_fixture(Path, File)];
        false ->
            is_source(Path) orelse is_script(Path) orelse fail({unknown, Path}),
            [Path]
    end.

fixtures(Path) ->
    Beside = filename:join(filename:dirname(Path), ?FIXTURES),
    Under =
        case filelib:is_dir(Path) of
            true -> [File || File <- below(Path), is_fixture(Path, File)];
            false -> []
        end,
    [File || File <- below(Beside) ++ Under, is_source(File)].

is_source(File) -> filename:extension(File) =:= ".bt".

is_script(File) -> filename:extension(File) =:= ".btscript".

is_fixture(Path, File) ->
    Relative = lists:nthtail(length(filename:split(Path)), filename:split(File)),
    lists:member(?FIXTURES, lists:droplast(Relative)).

%% A directory that is not there has no files.
below(Directory) ->
    case beamtalk_source:below(Directory) of
        {ok, Files} -> Files;
        {error, {unreadable, Directory, enoent}} -> [];
        {error, Reason} -> fail(Reason)
    end.

unique(Files) ->
    {_, Reversed} = lists:foldl(fun add/2, {#{}, []}, Files),
    lists:reverse(Reversed).

add(File, {Seen, Files}) ->
    case Seen of
        #{File := _} -> {Seen, Files};
        _ -> {Seen#{File => seen}, [File | Files]}
    end.

-spec fail(reason()) -> no_return().
fail(Reason) ->
    throw({?MODULE, Reason}).

%% @doc A reason as a sentence.
-spec format_error(reason()) -> unicode:chardata().
format_error({unreadable, Path, Reason}) -> io_lib:format("~ts: ~ts", [Path, file:format_error(Reason)]);
format_error({unknown, Path}) -> io_lib:format("~ts: neither a directory nor a *.bt or *.btscript file", [Path]);
format_error(nothing) -> "no *.bt or *.btscript files".
