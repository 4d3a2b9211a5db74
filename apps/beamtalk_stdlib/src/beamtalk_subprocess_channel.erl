%% @doc An output of a program, as lines: what has come and was not taken yet, and how much more may come.
-module(beamtalk_subprocess_channel).

-export([new/0, add/2, close/1, take/1, credit/2]).

-export_type([channel/0]).

%% Bytes that may be on the way and not taken. A line that somebody waits for may be longer.
-define(WINDOW, 262_144).

%% Credit in smaller portions costs more messages than it saves memory.
-define(PORTION, 65_536).

-record(channel, {
    lines = queue:new() :: queue:queue(binary()),
    partial = <<>> :: binary(),
    %% Bytes of the lines and of the part of a line.
    size = 0 :: non_neg_integer(),
    %% Bytes that may still come without further credit.
    granted = 0 :: non_neg_integer(),
    ended = false :: boolean()
}).

-opaque channel() :: #channel{}.

%% @doc Nothing has come.
-spec new() -> channel().
new() -> #channel{}.

%% @doc Bytes have come.
-spec add(binary(), channel()) -> channel().
add(Bytes, #channel{partial = Partial, size = Size, granted = Granted} = Channel) ->
    [First | More] = binary:split(Bytes, <<"\n">>, [global]),
    Added = add_lines(<<Partial/binary, First/binary>>, More, Channel),
    Added#channel{size = Size + byte_size(Bytes), granted = max(0, Granted - byte_size(Bytes))}.

add_lines(Partial, [], Channel) ->
    Channel#channel{partial = Partial};
add_lines(Line, [Next | More], #channel{lines = Lines} = Channel) ->
    %% A copy, so that a line that is kept does not keep all that came with it.
    add_lines(Next, More, Channel#channel{lines = queue:in(binary:copy(Line), Lines)}).

%% @doc Nothing more will come. What is left without a line break is a line too.
-spec close(channel()) -> channel().
close(#channel{partial = <<>>} = Channel) ->
    Channel#channel{ended = true};
close(#channel{partial = Partial, lines = Lines} = Channel) ->
    Channel#channel{partial = <<>>, lines = queue:in(Partial, Lines), ended = true}.

%% @doc The next line, without its line break; `none' if there is none yet, `ended' if there will be none.
-spec take(channel()) -> {{line, binary()} | none | ended, channel()}.
take(#channel{lines = Lines, size = Size, ended = Ended} = Channel) ->
    case queue:out(Lines) of
        {{value, Line}, Rest} ->
            Left = max(0, Size - byte_size(Line) - 1),
            {{line, without_return(Line)}, Channel#channel{lines = Rest, size = Left}};
        {empty, _} when Ended ->
            {ended, Channel};
        {empty, _} ->
            {none, Channel}
    end.

without_return(<<>>) -> <<>>;
without_return(Line) ->
    case binary:last(Line) of
        $\r -> binary:part(Line, 0, byte_size(Line) - 1);
        _ -> Line
    end.

%% @doc How many more bytes may come. `wanted' tells that somebody waits for the end of the line.
-spec credit(wanted | unwanted, channel()) -> {non_neg_integer(), channel()}.
credit(_, #channel{ended = true} = Channel) ->
    {0, Channel};
credit(Wanted, #channel{size = Size, granted = Granted} = Channel) ->
    case ?WINDOW - Granted - held(Wanted, Size) of
        Bytes when Bytes >= ?PORTION -> {Bytes, Channel#channel{granted = Granted + Bytes}};
        _ -> {0, Channel}
    end.

held(wanted, _) -> 0;
held(unwanted, Size) -> Size.
