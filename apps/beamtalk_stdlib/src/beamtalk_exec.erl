%% @doc Programs of the operating system, run by the executable `beamtalk_exec': it keeps the program in a
%% process group that ends with the port, tells its two outputs apart, closes its input, and sends output
%% only as far as there is credit for. The owner of the port gets its messages; {@link event/1} reads them.
-module(beamtalk_exec).

-export([start/1, stop/1, kill/1, input/2, close_input/1, credit/3, event/1, run/3, failure/3]).

-export_type([program/0, output/0, event/0]).

%% A command without a slash is looked for in the path. No shell is involved.
-type program() :: #{
    command := binary(), args := [binary()], env => [{binary(), binary()}], dir => binary()
}.
-type output() :: out | err.
-type event() ::
    {output, output(), binary()}
    | {ended, integer()}
    | {written, non_neg_integer()}
    | input_closed.

%% The first answer comes as soon as the program has been looked for.
-define(START_LIMIT, 30_000).

%% Credit that is as good as none, for {@link run/3}, which reads as fast as it can.
-define(WINDOW, 1_048_576).

%% Numbers of errors that a program may fail to start with, alike on all systems.
-define(ERRNO, #{
    1 => eperm, 2 => enoent, 7 => e2big, 8 => enoexec, 11 => eagain, 12 => enomem, 13 => eacces, 20 => enotdir,
    21 => eisdir, 22 => einval, 23 => enfile, 24 => emfile
}).

%% @doc Starts a program; answers its port, and its number in the operating system.
-spec start(program()) -> {ok, port(), pos_integer()} | {error, term()}.
start(Program) ->
    case check_directory(maps:get(dir, Program, <<>>)) of
        ok -> open(executable(), Program);
        Error -> Error
    end.

%% The system reports a missing directory like a missing program.
check_directory(<<>>) -> ok;
check_directory(Directory) ->
    case file:list_dir(Directory) of
        {ok, _} -> ok;
        {error, Reason} -> {error, {dir, Reason}}
    end.

executable() ->
    Name = filename:join(code:priv_dir(beamtalk_stdlib), "native/beamtalk_exec"),
    case os:type() of
        {win32, _} -> Name ++ ".exe";
        _ -> Name
    end.

open(Executable, Program) ->
    try open_port({spawn_executable, Executable}, [{packet, 4}, binary, use_stdio, exit_status, hide]) of
        Port -> started(Port, Executable, Program)
    catch
        error:Reason -> {error, {no_executable, Executable, Reason}}
    end.

started(Port, Executable, Program) ->
    ok = command(Port, request(Program)),
    receive
        {Port, {data, <<1, Number:64>>}} -> {ok, Port, Number};
        {Port, {data, <<2, Errno:64/signed>>}} -> not_started(Port, maps:get(Errno, ?ERRNO, {errno, Errno}));
        %% For example an environment that is too large for any program.
        {Port, {exit_status, Status}} -> not_started(Port, {no_executable, Executable, {exit_status, Status}})
    after ?START_LIMIT ->
        not_started(Port, timeout)
    end.

not_started(Port, Reason) ->
    stop(Port),
    {error, Reason}.

request(#{command := Command, args := Args} = Program) ->
    [
        1,
        text(maps:get(dir, Program, <<>>)),
        list([Command | Args], fun text/1),
        list(maps:get(env, Program, []), fun({Name, Value}) -> [text(Name), text(Value)] end)
    ].

text(Text) -> [<<(byte_size(Text)):32>>, Text].

list(Items, Encode) -> [<<(length(Items)):32>> | lists:map(Encode, Items)].

%% @doc Closes the port, which ends what the program has started and has not left its group. Nothing comes
%% from the port any more.
-spec stop(port()) -> ok.
stop(Port) ->
    true = unlink(Port),
    try
        port_close(Port)
    catch
        error:badarg -> true
    end,
    flush(Port).

flush(Port) ->
    receive
        {Port, _} -> flush(Port);
        {'EXIT', Port, _} -> flush(Port)
    after 0 -> ok
    end.

%% @doc Ends the program; the end is told as an event.
-spec kill(port()) -> ok.
kill(Port) -> command(Port, [6]).

%% @doc Passes bytes to the program's input.
-spec input(port(), iodata()) -> ok.
input(Port, Data) -> command(Port, [2, Data]).

%% @doc Ends the program's input.
-spec close_input(port()) -> ok.
close_input(Port) -> command(Port, [3]).

%% @doc Allows so many more bytes of an output.
-spec credit(port(), output(), non_neg_integer()) -> ok.
credit(_, _, 0) -> ok;
credit(Port, out, Bytes) -> command(Port, <<4, Bytes:32>>);
credit(Port, err, Bytes) -> command(Port, <<5, Bytes:32>>).

command(Port, Request) ->
    try port_command(Port, Request) of
        true -> ok
    catch
        error:badarg -> ok
    end.

%% @doc What a message of the port says. An output without bytes is its end.
-spec event(binary()) -> event().
event(<<3, Bytes/binary>>) -> {output, out, Bytes};
event(<<4, Bytes/binary>>) -> {output, err, Bytes};
event(<<5, Status:64/signed>>) -> {ended, Status};
event(<<6, Bytes:64>>) -> {written, Bytes};
event(<<7>>) -> input_closed.

%% @doc The exception for a program that could not be started.
-spec failure(atom(), program(), term()) -> beamtalk_error:exception().
failure(Selector, #{dir := Directory} = Program, {dir, Reason}) ->
    beamtalk_file_error:new(Selector, [run(Program), " in the directory ", beamtalk_print:safe(Directory)], Reason);
failure(Selector, Program, {no_executable, Executable, Reason}) ->
    Action = [run(Program), ", because ", Executable, " cannot be started"],
    beamtalk_file_error:new(Selector, Action, Reason);
failure(Selector, Program, Reason) ->
    beamtalk_file_error:new(Selector, run(Program), Reason).

run(#{command := Command}) -> ["run ", beamtalk_print:safe(Command)].

%% ---------------------------------------------------------------------------------------------------
%% A program without input, from start to end
%% ---------------------------------------------------------------------------------------------------

%% @doc Runs a program and answers its output and status. What it says on its standard error is passed on. It
%% ends when it takes longer than `Limit', writes more than `Most' bytes, or when the caller ends.
-spec run(program(), pos_integer(), pos_integer()) ->
    {ok, binary(), integer()} | {error, timeout | too_large | term()}.
run(Program, Limit, Most) ->
    Caller = self(),
    %% A process of its own: the port's messages do not mix with the caller's, and closing is sure.
    Tag = make_ref(),
    {Worker, Monitor} = spawn_monitor(fun() -> Caller ! {Tag, work(Program, Caller, Limit, Most)} end),
    receive
        {Tag, Outcome} ->
            demonitor(Monitor, [flush]),
            Outcome;
        {'DOWN', Monitor, process, Worker, Reason} ->
            {error, Reason}
    end.

work(Program, Caller, Limit, Most) ->
    Monitor = monitor(process, Caller),
    Timer = erlang:start_timer(Limit, self(), limit),
    case start(Program) of
        {ok, Port, _} ->
            ok = close_input(Port),
            ok = credit(Port, out, ?WINDOW),
            ok = credit(Port, err, ?WINDOW),
            collect(#{port => Port, caller => Monitor, timer => Timer, left => Most, open => 3, status => 0}, []);
        Error ->
            Error
    end.

collect(#{open := 0, status := Status}, Pieces) ->
    {ok, iolist_to_binary(lists:reverse(Pieces)), Status};
collect(#{left := Left}, _) when Left < 0 ->
    {error, too_large};
collect(#{port := Port, caller := Monitor, timer := Timer} = State, Pieces) ->
    receive
        {Port, {data, Data}} -> collect_event(event(Data), State, Pieces);
        {Port, {exit_status, _}} -> {error, killed};
        {timeout, Timer, limit} -> {error, timeout};
        {'DOWN', Monitor, process, _, _} -> {error, timeout}
    end.

collect_event({output, _, <<>>}, #{open := Open} = State, Pieces) ->
    collect(State#{open := Open - 1}, Pieces);
collect_event({ended, Status}, #{open := Open} = State, Pieces) ->
    collect(State#{open := Open - 1, status := Status}, Pieces);
collect_event({output, out, Bytes}, #{port := Port, left := Left} = State, Pieces) ->
    ok = credit(Port, out, byte_size(Bytes)),
    collect(State#{left := Left - byte_size(Bytes)}, [Bytes | Pieces]);
collect_event({output, err, Bytes}, #{port := Port} = State, Pieces) ->
    _ = file:write(standard_error, Bytes),
    ok = credit(Port, err, byte_size(Bytes)),
    collect(State, Pieces);
collect_event(_, State, Pieces) ->
    collect(State, Pieces).
