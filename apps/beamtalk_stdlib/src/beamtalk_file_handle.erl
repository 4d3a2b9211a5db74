%% @doc Primitives of class FileHandle: raw files, which belong to the process that opened them and are closed
%% when it ends. Each process remembers its open handles.
-module(beamtalk_file_handle).

%% An element and what answers the next: see beamtalk_stream.
-dialyzer({no_improper_lists, [next_line/2]}).

-export([open/2, closing_lines/1, open_in/1]).
-export([
    lines/1, 'read:'/2, readAll/1, 'write:'/2, 'writeLine:'/2, position/1, 'seek:'/2, flush/1, sync/1, close/1, isOpen/1
]).

-define(CLASS, 'bt@stdlib@file_handle').

%% Key of the process dictionary: a map from the flag of each open handle to its path and mode.
-define(OPEN, '$bt_file_handles').

%% Files are read in pieces of this size, so a count or a line costs what the file has and not what is asked for.
-define(PIECE, 65_536).

%% The flag is 1 as long as the handle is open; it can be read by other processes.
-type handle() :: #{
    '$beamtalk_class' := ?CLASS,
    path := binary(),
    mode := atom(),
    owner := pid(),
    file := file:fd(),
    flag := atomics:atomics_ref()
}.
-type result() :: beamtalk_result:result().

%% @doc Opens a file; the mode is one of `read', `write', `append' and `readWrite'.
-spec open(binary(), atom()) -> {ok, handle()} | {error, term()}.
open(Path, Mode) ->
    case file:open(Path, [raw, binary | modes(Mode)]) of
        {ok, File} -> {ok, opened(Path, Mode, File)};
        {error, Reason} -> {error, Reason}
    end.

modes(read) -> [read, {read_ahead, ?PIECE}];
modes(write) -> [write];
modes(append) -> [append];
modes(readWrite) -> [read, write].

opened(Path, Mode, File) ->
    %% What is appended goes to the end anyway: the position tells so from the beginning.
    Mode =/= append orelse file:position(File, eof),
    Flag = atomics:new(1, []),
    ok = atomics:put(Flag, 1, 1),
    _ = put(?OPEN, (open_here())#{Flag => [Path, Mode]}),
    #{'$beamtalk_class' => ?CLASS, path => Path, mode => Mode, owner => self(), file => File, flag => Flag}.

open_here() ->
    case get(?OPEN) of
        undefined -> #{};
        Open -> Open
    end.

%% @doc Path, mode and process of the handles that are open in a process.
-spec open_in(pid()) -> [[term()]].
open_in(Pid) ->
    case process_info(Pid, dictionary) of
        {dictionary, Dictionary} ->
            [[Path, Mode, Pid] || [Path, Mode] <- maps:values(proplists:get_value(?OPEN, Dictionary, #{}))];
        undefined ->
            []
    end.

%% ---------------------------------------------------------------------------------------------------
%% Reading
%% ---------------------------------------------------------------------------------------------------

%% @doc A lazy Stream of the lines from the current position on.
-spec lines(handle()) -> beamtalk_stream:stream().
lines(Self) ->
    case usable(Self, read) of
        ok -> stream(Self, fun() -> [] end);
        {error, Reason} -> fail(Self, Reason)
    end.

%% @doc The same for a handle that nobody else has: it is closed at the end of the file.
-spec closing_lines(handle()) -> beamtalk_stream:stream().
closing_lines(Self) ->
    stream(Self, fun() ->
        _ = close(Self),
        []
    end).

stream(#{path := Path} = Self, AtEnd) ->
    Text = ["Stream(lines: ", beamtalk_print:print(Path), ")"],
    beamtalk_stream:generator(iolist_to_binary(Text), fun() -> next_line(Self, AtEnd) end).

next_line(#{file := File} = Self, AtEnd) ->
    fun() ->
        case checked(Self, read, fun() -> file:read_line(File) end) of
            {ok, Line} -> [unterminated(Line) | next_line(Self, AtEnd)];
            eof -> AtEnd();
            {error, Reason} -> fail(Self, Reason)
        end
    end.

unterminated(Line) ->
    hd(binary:split(Line, [<<"\r\n">>, <<"\n">>])).

-spec fail(handle(), term()) -> no_return().
fail(#{path := Path}, Reason) ->
    beamtalk_error:raise(beamtalk_file_error:new(lines, ["read the lines of ", beamtalk_print:safe(Path)], Reason)).

%% @doc So many bytes, or fewer at the end of the file.
-spec 'read:'(handle(), non_neg_integer()) -> result().
'read:'(#{file := File} = Self, Count) when is_integer(Count), Count >= 0 ->
    done('read:', Self, "read", read, fun() -> read(File, Count, []) end);
'read:'(Self, _) ->
    beamtalk_argument:wrong('read:', Self, "the count of bytes is an Integer from 0 on").

%% @doc The rest of the file.
-spec readAll(handle()) -> result().
readAll(#{file := File} = Self) ->
    done(readAll, Self, "read", read, fun() -> read(File, infinity, []) end).

read(_, 0, Pieces) ->
    {ok, iolist_to_binary(lists:reverse(Pieces))};
read(File, Count, Pieces) ->
    case file:read(File, min(Count, ?PIECE)) of
        {ok, Piece} -> read(File, left(Count, Piece), [Piece | Pieces]);
        eof -> read(File, 0, Pieces);
        {error, Reason} -> {error, Reason}
    end.

left(infinity, _) -> infinity;
left(Count, Piece) -> Count - byte_size(Piece).

%% ---------------------------------------------------------------------------------------------------
%% Writing
%% ---------------------------------------------------------------------------------------------------

%% @doc Writes bytes at the position; at the end of a file that was opened for appending.
-spec 'write:'(handle(), binary()) -> result().
'write:'(Self, Data) -> write('write:', Self, Data, []).

%% @doc The same with a line break behind them.
-spec 'writeLine:'(handle(), binary()) -> result().
'writeLine:'(Self, Data) -> write('writeLine:', Self, Data, "\n").

write(Selector, #{file := File} = Self, Data, After) when is_binary(Data) ->
    done(Selector, Self, "write", write, fun() -> file:write(File, [Data, After]) end);
write(Selector, Self, _, _) ->
    beamtalk_argument:wrong(Selector, Self, "what is written is a String or a Binary").

%% @doc Nothing to do: what is written is with the operating system at once.
-spec flush(handle()) -> result().
flush(Self) ->
    done(flush, Self, "flush", any, fun() -> ok end).

%% @doc Waits until the disk has what was written.
-spec sync(handle()) -> result().
sync(#{file := File} = Self) ->
    done(sync, Self, "sync", any, fun() -> file:sync(File) end).

%% ---------------------------------------------------------------------------------------------------
%% Position and end
%% ---------------------------------------------------------------------------------------------------

%% @doc Offset of the next byte.
-spec position(handle()) -> result().
position(#{file := File} = Self) ->
    done(position, Self, "tell the position in", any, fun() -> file:position(File, cur) end).

%% @doc Goes to an offset.
-spec 'seek:'(handle(), integer()) -> result().
'seek:'(#{file := File} = Self, Offset) when is_integer(Offset) ->
    done('seek:', Self, ["go to offset ", integer_to_list(Offset), " of"], any, fun() -> seek(File, Offset) end);
'seek:'(Self, _) ->
    beamtalk_argument:wrong('seek:', Self, "an offset is an Integer").

seek(File, Offset) when Offset >= 0, Offset < 1 bsl 63 -> file:position(File, Offset);
seek(_, _) -> {error, einval}.

%% @doc Closes the file; nothing happens to one that is closed.
-spec close(handle()) -> result().
close(#{file := File, flag := Flag} = Self) ->
    case usable(Self, any) of
        {error, closed} ->
            beamtalk_result:ok(nil);
        _ ->
            done(close, Self, "close", any, fun() ->
                ok = atomics:put(Flag, 1, 0),
                _ = put(?OPEN, maps:remove(Flag, open_here())),
                file:close(File)
            end)
    end.

%% @doc Whether the file is open.
-spec isOpen(handle()) -> boolean().
isOpen(#{flag := Flag, owner := Owner}) ->
    atomics:get(Flag, 1) =:= 1 andalso is_process_alive(Owner).

%% ---------------------------------------------------------------------------------------------------

done(Selector, #{path := Path} = Self, Verb, Use, Operation) ->
    Action = fun() -> [Verb, " ", beamtalk_print:safe(Path)] end,
    beamtalk_file_error:result(Selector, Action, checked(Self, Use, Operation)).

checked(Self, Use, Operation) ->
    case usable(Self, Use) of
        ok -> Operation();
        Error -> Error
    end.

usable(#{mode := Mode, owner := Owner} = Self, Use) ->
    case {isOpen(Self), Owner =:= self(), allows(Mode, Use)} of
        {false, _, _} -> {error, closed};
        {true, false, _} -> {error, not_owner};
        {true, true, false} -> {error, wrong_mode};
        {true, true, true} -> ok
    end.

allows(_, any) -> true;
allows(readWrite, _) -> true;
allows(read, read) -> true;
allows(Mode, write) -> Mode =/= read;
allows(_, _) -> false.
