%% @doc Primitives of class TranscriptStream.
%%
%% Output goes to the group leader of the process that writes, so it appears in the session, program or
%% test that the process belongs to.
-module(beamtalk_transcript_stream).

-export(['write:'/2, subscribe/1, unsubscribe/1, recent/1, clear/1]).

%% @doc Writes text and answers the receiver.
-spec 'write:'(Self, unicode:chardata()) -> Self.
'write:'(Self, Text) ->
    ok = io:put_chars(Text),
    beamtalk_transcript:record(unicode:characters_to_binary(Text)),
    Self.

%% @doc From now on the calling process receives `{beamtalk_transcript, Text}' for each entry.
-spec subscribe(term()) -> nil.
subscribe(_) ->
    ok = beamtalk_transcript:subscribe(self()),
    nil.

%% @doc Ends the subscription of the calling process.
-spec unsubscribe(term()) -> nil.
unsubscribe(_) ->
    ok = beamtalk_transcript:unsubscribe(self()),
    nil.

%% @doc The recent entries, oldest first.
-spec recent(term()) -> [binary()].
recent(_) ->
    beamtalk_transcript:recent().

%% @doc Forgets the recent entries.
-spec clear(term()) -> nil.
clear(_) ->
    ok = beamtalk_transcript:clear(),
    nil.
