%% @doc Source files: found, read and outlined.
-module(beamtalk_source).

-export([find/1, below/1, read/1, read/2, text/1, unit/2, file_module/1, file_module/2, format_error/1]).

-include_lib("kernel/include/file.hrl").

-export_type([unit/0, reason/0]).

-type unit() :: #{
    file := file:filename_all(),
    source := binary(),
    class := binary() | undefined,
    superclass := binary() | undefined,
    module := binary() | undefined,
    methods := [#{side := instance | class, selector := binary(), line := pos_integer(), last_line := pos_integer()}],
    docs := [#{line := pos_integer(), text := binary()}]
}.
%% A file with what its outline tells. A file without a class that adds methods to classes of other files, or names
%% types, goes by the name of its module instead of that of a class. Without any of them it has only expressions.

-type reason() ::
    {unreadable, file:filename_all(), file:posix() | badarg | terminated | system_limit}
    | {not_utf8, file:filename_all()}
    | {empty, Directory :: file:filename_all()}.

%% @doc The files that a list of paths names. A directory stands for its `*.bt' files, of which `main.bt' comes last.
-spec find([file:filename_all()]) -> {ok, [file:filename_all()]} | {error, reason()}.
find(Paths) ->
    try
        {ok, lists:flatmap(fun expand/1, Paths)}
    catch
        throw:{?MODULE, Reason} -> {error, Reason}
    end.

expand(Path) ->
    case filelib:is_dir(Path) of
        true -> directory(Path, [Name || Name <- filelib:wildcard("*.bt", Path), not is_special(filename:join(Path, Name))]);
        false -> [Path]
    end.

%% To read a pipe is to wait for its writer. One that is named by the user himself has one.
is_special(Path) ->
    case file:read_file_info(Path) of
        {ok, #file_info{type = Type}} -> Type =/= regular;
        {error, _} -> false
    end.

directory(Path, []) ->
    throw({?MODULE, {empty, Path}});
directory(Path, Names) ->
    {Main, Others} = lists:partition(fun(Name) -> Name =:= "main.bt" end, lists:sort(Names)),
    [filename:join(Path, Name) || Name <- Others ++ Main].

%% @doc All files below a directory, by name. Names that begin with `.' or `_' and what is no regular file are left out,
%% and links to directories are not followed.
-spec below(file:filename_all()) -> {ok, [file:filename_all()]} | {error, reason()}.
below(Directory) ->
    try
        {ok, walk(Directory)}
    catch
        throw:{?MODULE, Reason} -> {error, Reason}
    end.

walk(Directory) ->
    case file:list_dir(Directory) of
        {ok, Names} -> lists:flatmap(fun(Name) -> step(filename:join(Directory, Name)) end, visible(Names));
        {error, Reason} -> throw({?MODULE, {unreadable, Directory, Reason}})
    end.

visible(Names) ->
    lists:sort([Name || [First | _] = Name <- Names, First =/= $., First =/= $_]).

step(Path) ->
    case {filelib:is_dir(Path), file:read_link(Path), is_special(Path)} of
        {true, {error, _}, _} -> walk(Path);
        {_, _, true} -> [];
        {_, _, false} -> [Path]
    end.

%% @doc Reads and outlines files.
-spec read([file:filename_all()]) -> {ok, [unit()]} | {error, reason()}.
read(Files) ->
    read(Files, #{}).

%% @doc The same with options for the compiler, which decide the names of modules; `root': the directory that these do
%% not depend on.
-spec read([file:filename_all()], map()) -> {ok, [unit()]} | {error, reason()}.
read(Files, Options) ->
    try
        {ok, [read_file(File, Options) || File <- Files]}
    catch
        throw:{?MODULE, Reason} -> {error, Reason}
    end.

read_file(File, Options) ->
    case file:read_file(File) of
        {ok, Source} -> outline(File, Source, Options);
        {error, Reason} -> throw({?MODULE, {unreadable, File, Reason}})
    end.

%% @doc A text that is for somebody else than the compiler, which says itself what is no UTF-8.
-spec text(file:filename_all()) -> {ok, binary()} | {error, reason()}.
text(File) ->
    case file:read_file(File) of
        {ok, Text} ->
            case unicode:characters_to_binary(Text) of
                Text -> {ok, Text};
                _ -> {error, {not_utf8, File}}
            end;
        {error, Reason} ->
            {error, {unreadable, File, Reason}}
    end.

%% A file that cannot be outlined declares nothing: compiling it tells why.
outline(File, Source, Options) ->
    Unit = unit(File, Source),
    case beamtalk_compiler:outline(Source, maps:remove(root, Options)) of
        {ok, Outline} -> named(maps:merge(Unit, maps:with(maps:keys(Unit), Outline)), Outline, Options);
        {error, _} -> Unit
    end.

%% @doc A file of which nothing is known.
-spec unit(file:filename_all(), binary()) -> unit().
unit(File, Source) ->
    #{
        file => File,
        source => Source,
        class => undefined,
        superclass => undefined,
        module => undefined,
        methods => [],
        docs => []
    }.

named(#{class := undefined} = Unit, #{extensions := [], aliases := []}, _) ->
    Unit;
named(#{class := undefined, file := File} = Unit, _, Options) ->
    Module = file_module(base(File), identity(File, Options)),
    Unit#{class := Module, module := Module};
named(Unit, _, _) ->
    Unit.

identity(File, #{root := Root}) -> string:prefix(filename:absname(File), filename:absname(Root));
identity(File, #{}) -> filename:absname(File).

base(File) -> filename:rootname(filename:basename(File)).

%% @doc Module of a file that has no class, and adds methods to other classes or names types.
-spec file_module(file:filename_all()) -> binary().
file_module(File) ->
    file_module(base(File), identity(File, #{})).

%% @doc Module of a text that has no class, and adds methods to other classes or names types. No class has a module with
%% a `+'. The name is for people, the identity makes it differ from others of that name.
-spec file_module(unicode:chardata(), term()) -> binary().
file_module(Name, Identity) ->
    Word = re:replace(string:lowercase(Name), "[^a-z0-9_]+", "_", [global, unicode, {return, binary}]),
    Hash = integer_to_binary(erlang:phash2(Identity, 1 bsl 32), 36),
    <<"bt@+", (string:slice(Word, 0, 60))/binary, "_", Hash/binary>>.

%% @doc A reason as a sentence.
-spec format_error(reason()) -> unicode:chardata().
format_error({unreadable, File, Reason}) ->
    io_lib:format("~ts: ~ts", [File, file:format_error(Reason)]);
format_error({not_utf8, File}) ->
    io_lib:format("~ts: the text is not UTF-8", [File]);
format_error({empty, Directory}) ->
    io_lib:format("~ts: no *.bt files", [Directory]).
