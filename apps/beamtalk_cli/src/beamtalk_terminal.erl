%% @doc What the command writes for people: diagnostics and errors on standard error, in UTF-8.
-module(beamtalk_terminal).

-export([main/1, halt_after/1, rendering/0, is_interactive/0, findings/1, failure/1, report/1, progress/1]).

%% @doc Runs a command in a process of its own and ends the emulator with the exit code that it answers.
-spec main(fun(() -> 0..255)) -> ok.
main(Command) ->
    _ = spawn(?MODULE, halt_after, [Command]),
    ok.

%% @private
-spec halt_after(fun(() -> 0..255)) -> no_return().
halt_after(Command) ->
    Status =
        try
            status(Command)
        catch
            _:_ -> 1
        end,
    %% The logger's process may still have messages to write.
    _ = catch logger_std_h:filesync(default),
    halt(Status).

status(Command) ->
    ok = configure(),
    try
        Command()
    catch
        %% Nobody reads what is written any more.
        error:terminated ->
            1;
        Class:Reason:Stack ->
            report(io_lib:format("internal error: ~tp:~tp~n~tp", [Class, Reason, Stack])),
            1
    end.

%% Standard output belongs to the program: log messages go to standard error.
configure() ->
    ok = io:setopts(standard_io, [{encoding, unicode}]),
    ok = io:setopts(standard_error, [{encoding, unicode}]),
    _ = application:load(beamtalk_cli),
    ok = logger:remove_handler(default),
    ok = logger:add_handler(default, logger_std_h, #{
        config => #{type => standard_error},
        formatter => {logger_formatter, #{single_line => false, template => [level, ": ", msg, "\n"]}}
    }).

%% @doc Options that make the compiler render its findings for this terminal.
-spec rendering() -> beamtalk_workspace:options().
rendering() ->
    case application:get_env(beamtalk_cli, color, false) of
        true -> #{render => color};
        false -> #{render => true}
    end.

%% @doc Whether a person types the input.
-spec is_interactive() -> boolean().
is_interactive() ->
    application:get_env(beamtalk_cli, interactive, false).

%% @doc Shows what the compiler has found.
-spec findings(#{diagnostics := [map()], rendered := [binary()], _ => _}) -> ok.
findings(Findings) ->
    lists:foreach(fun report/1, shown(Findings)).

%% Lints are for the command that asks for them.
shown(#{diagnostics := Diagnostics, rendered := Rendered}) ->
    [Text || {#{severity := Severity}, Text} <- lists:zip(Diagnostics, Rendered), Severity =/= lint].

%% @doc Text of an evaluation that has failed.
-spec failure(beamtalk_session:failure()) -> unicode:chardata().
failure(#{reason := compile, rendered := _} = Findings) -> lists:join("\n", shown(Findings));
failure(#{reason := exception, exception := Exception}) -> beamtalk_error:format(Exception);
failure(#{reason := interrupted}) -> "interrupted";
failure(#{reason := {worker, Reason}}) -> io_lib:format("the evaluating process was ended: ~tp", [Reason]).

%% @doc Writes a text to standard error, as lines of their own.
-spec report(unicode:chardata()) -> ok.
report(Text) ->
    io:put_chars(standard_error, [string:trim(Text, trailing, "\n"), $\n]).

%% @doc Shows how far a long command is, in a line that is overwritten; nothing where no person looks on.
-spec progress(unicode:chardata()) -> ok.
progress(Text) ->
    case application:get_env(beamtalk_cli, color, false) of
        true -> io:put_chars(standard_error, ["\r\e[K", Text, "\r"]);
        false -> ok
    end.
