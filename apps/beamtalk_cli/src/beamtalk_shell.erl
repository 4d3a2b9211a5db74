%% @doc The interactive shell: reads, evaluates, shows.
%%
%% It reads standard input by line. When a person types there are prompts and a greeting; else the output is only what
%% the input produces, so that a shell can be driven by a file.
-module(beamtalk_shell).

-export([run/1]).

-define(PROMPT, "> ").
-define(CONTINUATION, ". ").

%% @doc Loads files, runs their expressions, then reads and evaluates until the end of the input. Answers the exit code.
-spec run([string()]) -> 0 | 1.
run(Paths) ->
    {ok, Session} = beamtalk_workspace:open_session(),
    greet(beamtalk_terminal:is_interactive()),
    Status = load(Paths),
    loop(<<>>, Session),
    ok = beamtalk_workspace:close_session(Session),
    Status.

greet(true) ->
    {ok, Version} = application:get_key(beamtalk_cli, vsn),
    say(["Beamtalk ", Version, " on Erlang/OTP ", erlang:system_info(otp_release), ". :help tells what can be typed."]);
greet(false) ->
    ok.

%% `Last' is the input before: a definition goes on if its next lines are indented.
loop(Last, Session) ->
    case read(Last) of
        eof -> ok;
        Text -> continue(command(string:trim(Text), Text, Session), next(Text, Last), Session)
    end.

continue(stop, _, _) -> ok;
continue(ok, Last, Session) -> loop(Last, Session).

%% More empty lines do not change what the next line belongs to.
next(Text, Last) ->
    case string:trim(Text) of
        <<>> -> Last;
        _ -> Text
    end.

command(<<>>, _, _) ->
    ok;
command(<<":quit">>, _, _) ->
    stop;
command(<<":help">>, _, _) ->
    help();
command(<<":clear">>, _, Session) ->
    beamtalk_session:clear(Session);
command(<<":load ", Path/binary>>, _, _) ->
    _ = load([unicode:characters_to_list(string:trim(Path))]),
    ok;
command(<<":", _/binary>> = Unknown, _, _) ->
    say(["unknown command ", Unknown, ", :help lists those that exist"]);
command(_, Text, Session) ->
    evaluate(Text, Session).

help() ->
    say(
        "Type an expression to see its value; variables stay. A definition of a class ends with an empty line;\n"
        "indented lines behind it are more of its methods.\n"
        "  :load PATH   load a file or a directory\n"
        "  :clear       forget all variables\n"
        "  :help        this text\n"
        "  :quit        leave (so does the end of the input)"
    ).

load([]) ->
    0;
load(Paths) ->
    case beamtalk_workspace:run(Paths) of
        {ok, Findings} ->
            beamtalk_terminal:findings(Findings),
            0;
        {error, #{reason := _} = Failure} ->
            say(beamtalk_terminal:failure(Failure)),
            1;
        {error, Failure} ->
            say(beamtalk_workspace:format_error(Failure)),
            1
    end.

%% Findings and errors are part of the conversation: they are on standard output, in order.
evaluate(Text, Session) ->
    case beamtalk_session:evaluate(Session, Text) of
        {ok, #{value := Value, rendered := Rendered}} ->
            lists:foreach(fun say/1, Rendered),
            show(beamtalk_session:display(Session, Value));
        {error, Failure} ->
            say(beamtalk_terminal:failure(Failure))
    end.

show({ok, #{value := Text}}) -> say(Text);
show({error, Failure}) -> say(beamtalk_terminal:failure(Failure)).

say(Text) ->
    io:put_chars([string:trim(Text, trailing, "\n"), $\n]).

%% Lines until the input is complete. What is left over at the end of the input is handed to the compiler, which
%% says what is missing.
read(Last) ->
    case line(?PROMPT) of
        eof -> eof;
        Line -> read_more(beginning(Last, Line))
    end.

beginning(Last, Line) ->
    case beamtalk_input:continues(Last, Line) of
        true -> <<Last/binary, Line/binary>>;
        false -> Line
    end.

read_more(<<":", _/binary>> = Command) ->
    Command;
read_more(Text) ->
    case beamtalk_input:is_complete(Text) of
        true -> Text;
        false -> read_more(Text, line(?CONTINUATION))
    end.

read_more(Text, eof) -> Text;
read_more(Text, Line) -> read_more(<<Text/binary, Line/binary>>).

line(Prompt) ->
    case io:get_line(prompt(beamtalk_terminal:is_interactive(), Prompt)) of
        eof -> eof;
        {error, _} -> eof;
        Line -> unicode:characters_to_binary(Line)
    end.

prompt(true, Prompt) -> Prompt;
prompt(false, _) -> "".
