%% @doc Primitives of class File, by file and filelib. A path is passed on as the bytes that it is.
-module(beamtalk_file).

-include_lib("kernel/include/file.hrl").

-export([
    'exists:'/2, 'isDirectory:'/2, 'isFile:'/2, 'readAll:'/2, 'writeAll:contents:'/3, 'readBinary:'/2,
    'writeBinary:contents:'/3, 'appendBinary:contents:'/3, 'lines:'/2, 'open:mode:'/3, 'open:mode:do:'/4,
    'lastModified:'/2, 'mkdir:'/2, 'mkdirAll:'/2, 'listDirectory:'/2, 'delete:'/2, 'deleteAll:'/2, 'rename:to:'/3,
    'absolutePath:'/2, cwd/1, tempDirectory/1, openHandles/1
]).

-type class_object() :: beamtalk_class:class_object().
-type result() :: beamtalk_result:result().

%% ---------------------------------------------------------------------------------------------------
%% Questions
%% ---------------------------------------------------------------------------------------------------

%% @doc Whether there is something at a path.
-spec 'exists:'(class_object(), binary()) -> boolean().
'exists:'(Self, Path) -> type('exists:', Self, Path) =/= none.

%% @doc Whether there is a directory at a path.
-spec 'isDirectory:'(class_object(), binary()) -> boolean().
'isDirectory:'(Self, Path) -> type('isDirectory:', Self, Path) =:= directory.

%% @doc Whether there is a regular file at a path.
-spec 'isFile:'(class_object(), binary()) -> boolean().
'isFile:'(Self, Path) -> type('isFile:', Self, Path) =:= regular.

type(Selector, Self, Path) ->
    check_path(Selector, Self, Path),
    case file:read_file_info(Path, [raw]) of
        {ok, #file_info{type = Type}} -> Type;
        {error, _} -> none
    end.

%% @doc When the file was changed last.
-spec 'lastModified:'(class_object(), binary()) -> result().
'lastModified:'(Self, Path) ->
    done('lastModified:', Self, Path, "ask for the time of", fun() ->
        case file:read_file_info(Path, [raw, {time, posix}]) of
            {ok, #file_info{mtime = Seconds}} -> {ok, beamtalk_date_time:from_timestamp(Seconds)};
            Error -> Error
        end
    end).

%% ---------------------------------------------------------------------------------------------------
%% Whole files
%% ---------------------------------------------------------------------------------------------------

%% @doc The text of a file.
-spec 'readAll:'(class_object(), binary()) -> result().
'readAll:'(Self, Path) ->
    case done('readAll:', Self, Path, "read", fun() -> file:read_file(Path) end) of
        #{isOk := true, okValue := Bytes} -> text(Path, beamtalk_binary:asString(Bytes));
        Failure -> Failure
    end.

text(Path, #{isOk := false, errReason := #{message := Message} = Error}) ->
    beamtalk_result:error(Error#{
        message := beamtalk_print:text(["cannot read ", shown(Path), " as text: ", Message]),
        selector := 'readAll:',
        hint := <<"use 'readBinary:' for what is no text">>
    });
text(_, Text) ->
    Text.

%% @doc The bytes of a file.
-spec 'readBinary:'(class_object(), binary()) -> result().
'readBinary:'(Self, Path) ->
    done('readBinary:', Self, Path, "read", fun() -> file:read_file(Path) end).

%% @doc Makes a text the contents of a file.
-spec 'writeAll:contents:'(class_object(), binary(), binary()) -> result().
'writeAll:contents:'(Self, Path, Text) -> write('writeAll:contents:', Self, Path, Text, []).

%% @doc Makes bytes the contents of a file.
-spec 'writeBinary:contents:'(class_object(), binary(), binary()) -> result().
'writeBinary:contents:'(Self, Path, Bytes) -> write('writeBinary:contents:', Self, Path, Bytes, []).

%% @doc Adds bytes at the end of a file.
-spec 'appendBinary:contents:'(class_object(), binary(), binary()) -> result().
'appendBinary:contents:'(Self, Path, Bytes) -> write('appendBinary:contents:', Self, Path, Bytes, [append]).

write(Selector, Self, Path, Bytes, Modes) when is_binary(Bytes) ->
    done(Selector, Self, Path, "write", fun() -> file:write_file(Path, Bytes, Modes) end);
write(Selector, Self, _, _, _) ->
    beamtalk_argument:wrong(Selector, Self, "the contents are a String or a Binary").

%% ---------------------------------------------------------------------------------------------------
%% Handles
%% ---------------------------------------------------------------------------------------------------

%% @doc A lazy Stream of the lines of a file, which is closed at its end.
-spec 'lines:'(class_object(), binary()) -> result().
'lines:'(Self, Path) ->
    done('lines:', Self, Path, "open", fun() ->
        case beamtalk_file_handle:open(Path, read) of
            {ok, Handle} -> {ok, beamtalk_file_handle:closing_lines(Handle)};
            Error -> Error
        end
    end).

%% @doc A handle of a file; the caller closes it.
-spec 'open:mode:'(class_object(), binary(), atom()) -> result().
'open:mode:'(Self, Path, Mode) ->
    open('open:mode:', Self, Path, Mode).

open(Selector, Self, Path, Mode) ->
    lists:member(Mode, [read, write, append, readWrite]) orelse
        beamtalk_argument:wrong(Selector, Self, "the mode is #read, #write, #append or #readWrite"),
    done(Selector, Self, Path, "open", fun() -> beamtalk_file_handle:open(Path, Mode) end).

%% @doc The block's value for a handle, which is closed however the block ends.
-spec 'open:mode:do:'(class_object(), binary(), atom(), term()) -> result().
'open:mode:do:'(Self, Path, Mode, Block) ->
    case open('open:mode:do:', Self, Path, Mode) of
        #{isOk := true, okValue := Handle} ->
            try
                beamtalk_result:ok(beamtalk_dispatch:send(Block, 'value:', [Handle]))
            after
                beamtalk_file_handle:close(Handle)
            end;
        Failure ->
            Failure
    end.

%% @doc An Array of path, mode and process for each handle that is open.
-spec openHandles(class_object()) -> beamtalk_array:array().
openHandles(_) ->
    Rows = lists:sort(lists:append([beamtalk_file_handle:open_in(Pid) || Pid <- processes()])),
    beamtalk_array:from_list([beamtalk_array:from_list(Row) || Row <- Rows]).

%% ---------------------------------------------------------------------------------------------------
%% Directories
%% ---------------------------------------------------------------------------------------------------

%% @doc Makes a directory in one that exists.
-spec 'mkdir:'(class_object(), binary()) -> result().
'mkdir:'(Self, Path) ->
    done('mkdir:', Self, Path, "make the directory", fun() -> file:make_dir(Path) end).

%% @doc Makes a directory and those that it is in, as far as they do not exist.
-spec 'mkdirAll:'(class_object(), binary()) -> result().
'mkdirAll:'(Self, Path) ->
    done('mkdirAll:', Self, Path, "make the directory", fun() -> filelib:ensure_path(Path) end).

%% @doc The names in a directory, sorted.
-spec 'listDirectory:'(class_object(), binary()) -> result().
'listDirectory:'(Self, Path) ->
    done('listDirectory:', Self, Path, "list", fun() ->
        case file:list_dir_all(Path) of
            {ok, Names} -> {ok, lists:sort([beamtalk_os_text:from(Name) || Name <- Names])};
            Error -> Error
        end
    end).

%% @doc Removes a file or an empty directory.
-spec 'delete:'(class_object(), binary()) -> result().
'delete:'(Self, Path) ->
    done('delete:', Self, Path, "delete", fun() -> delete(Path, is_real_directory(Path)) end).

%% Some systems say that a directory exists when it is not empty.
delete(Path, true) ->
    case file:del_dir(Path) of
        {error, eexist} -> {error, enotempty};
        Result -> Result
    end;
delete(Path, false) ->
    file:delete(Path, [raw]).

%% @doc Removes a file, or a directory with all that is in it. Links are removed and not followed.
-spec 'deleteAll:'(class_object(), binary()) -> result().
'deleteAll:'(Self, Path) ->
    done('deleteAll:', Self, Path, "delete", fun() -> delete_all(Path, is_real_directory(Path)) end).

delete_all(Path, true) -> file:del_dir_r(Path);
delete_all(Path, false) -> file:delete(Path, [raw]).

is_real_directory(Path) ->
    case file:read_link_info(Path, [raw]) of
        {ok, #file_info{type = directory}} -> true;
        _ -> false
    end.

%% @doc Gives a file or directory another path.
-spec 'rename:to:'(class_object(), binary(), binary()) -> result().
'rename:to:'(Self, From, To) ->
    check_path('rename:to:', Self, To),
    Action = fun() -> ["rename ", shown(From), " to ", shown(To)] end,
    attempt('rename:to:', Self, From, Action, fun() -> file:rename(From, To) end).

%% ---------------------------------------------------------------------------------------------------
%% Paths
%% ---------------------------------------------------------------------------------------------------

%% @doc The path from the root.
-spec 'absolutePath:'(class_object(), binary()) -> result().
'absolutePath:'(Self, Path) ->
    done('absolutePath:', Self, Path, "find", fun() ->
        case binary:match(Path, <<0>>) of
            nomatch -> {ok, filename:absname(Path, cwd(Self))};
            _ -> {error, badarg}
        end
    end).

%% @doc The directory where relative paths start.
-spec cwd(class_object()) -> binary().
cwd(_) ->
    {ok, Directory} = file:get_cwd(),
    beamtalk_os_text:from(Directory).

%% @doc The directory for temporary files.
-spec tempDirectory(class_object()) -> binary().
tempDirectory(_) ->
    Set = [Value || Name <- ["TMPDIR", "TEMP", "TMP"], Value <- [os:getenv(Name)], Value =/= false, Value =/= ""],
    beamtalk_os_text:from(hd(Set ++ ["/tmp"])).

%% ---------------------------------------------------------------------------------------------------

done(Selector, Self, Path, Verb, Operation) ->
    attempt(Selector, Self, Path, fun() -> [Verb, " ", shown(Path)] end, Operation).

attempt(Selector, Self, Path, Action, Operation) ->
    check_path(Selector, Self, Path),
    beamtalk_file_error:result(Selector, Action, Operation()).

check_path(_, _, Path) when is_binary(Path) -> ok;
check_path(Selector, Self, _) -> beamtalk_argument:wrong(Selector, Self, "a path is a String").

shown(Path) -> beamtalk_print:safe(Path).
