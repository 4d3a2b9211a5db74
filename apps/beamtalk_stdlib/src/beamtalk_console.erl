%% @doc Primitives of class Console: the standard streams of the program, by way of the group leader.
-module(beamtalk_console).

-export(['printLine:'/2, 'print:'/2, 'errorLine:'/2, 'error:'/2, readLine/1, 'readLine:'/2]).

-type class_object() :: {'$bt_class', module()}.

%% @doc `printLine:'
-spec 'printLine:'(class_object(), term()) -> nil.
'printLine:'(_, Value) -> write(standard_io, [text(Value), $\n]).

%% @doc `print:'
-spec 'print:'(class_object(), term()) -> nil.
'print:'(_, Value) -> write(standard_io, text(Value)).

%% @doc `errorLine:'
-spec 'errorLine:'(class_object(), term()) -> nil.
'errorLine:'(_, Value) -> write(standard_error, [text(Value), $\n]).

%% @doc `error:'
-spec 'error:'(class_object(), term()) -> nil.
'error:'(_, Value) -> write(standard_error, text(Value)).

%% @doc `readLine'
-spec readLine(class_object()) -> binary() | nil.
readLine(Self) -> 'readLine:'(Self, <<>>).

%% @doc `readLine:': the prompt appears as it is.
-spec 'readLine:'(class_object(), unicode:chardata()) -> binary() | nil.
'readLine:'(_, Prompt) ->
    _ = write(standard_io, Prompt),
    case io:get_line(standard_io, "") of
        eof -> nil;
        {error, Reason} -> failed(Reason);
        Line -> text_of(unicode:characters_to_binary(Line))
    end.

text_of(Line) when is_binary(Line) -> hd(binary:split(Line, [<<"\r\n">>, <<"\n">>]));
text_of(_) -> failed(invalid_unicode).

text(Value) -> beamtalk_dispatch:send(Value, displayString, []).

-spec write(io:device(), unicode:chardata()) -> nil.
write(Device, Text) ->
    ok = io:put_chars(Device, Text),
    nil.

-spec failed(term()) -> no_return().
failed(Reason) ->
    Message = io_lib:format("cannot read standard input: ~tp", [Reason]),
    beamtalk_error:raise(beamtalk_error:new(io_error, unicode:characters_to_binary(Message))).
