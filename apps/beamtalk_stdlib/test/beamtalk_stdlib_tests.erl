%% @doc The application: its table of classes, and the Transcript.
-module(beamtalk_stdlib_tests).

-include_lib("eunit/include/eunit.hrl").

-define(ENTRY, "#{class => 'Integer', module => 'bt@stdlib@integer', superclass => 'bt@stdlib@number'}").

class_table_test_() ->
    [
        {Text, ?_assertMatch(Expected, read(Text))}
     || {Text, Expected} <- [
            {"[].", {ok, []}},
            {"[" ++ ?ENTRY ++ "].", {ok, [
                #{class => 'Integer', module => 'bt@stdlib@integer', superclass => 'bt@stdlib@number'}
            ]}}
        ]
    ].

bad_class_table_test_() ->
    [
        {Text, ?_assertMatch({error, _}, read(Text))}
     || Text <- ["", "[], [].", "[{a}].", "[#{class => 1, module => a, superclass => nil}].", "[", "x."]
    ].

missing_class_table_test() ->
    ?assertMatch({error, {bad_class_table, _, enoent}}, beamtalk_stdlib:read_classes("/no/such/file")).

read(Text) ->
    File = filename:join(
        "/tmp", "beamtalk_stdlib_tests." ++ integer_to_list(erlang:unique_integer([positive])) ++ os:getpid()
    ),
    ok = file:write_file(File, Text),
    try
        beamtalk_stdlib:read_classes(File)
    after
        ok = file:delete(File)
    end.

transcript_test_() ->
    {setup, fun start/0, fun stop/1, [
        fun recent/0, fun old_entries_go/0, fun subscription/0, fun dead_subscriber/0
    ]}.

start() ->
    {ok, Pid} = beamtalk_transcript:start_link(),
    Pid.

stop(Pid) ->
    unlink(Pid),
    gen_server:stop(Pid).

recent() ->
    ok = beamtalk_transcript:clear(),
    write(<<"a">>),
    write(<<"ü"/utf8>>),
    ?assertEqual([<<"a">>, <<"ü"/utf8>>], beamtalk_transcript_stream:recent(transcript)),
    ?assertEqual(nil, beamtalk_transcript_stream:clear(transcript)),
    ?assertEqual([], beamtalk_transcript:recent()).

old_entries_go() ->
    lists:foreach(fun(N) -> beamtalk_transcript:record(integer_to_binary(N)) end, lists:seq(1, 5000)),
    Recent = beamtalk_transcript:recent(),
    ?assertEqual(1000, length(Recent)),
    ?assertEqual(<<"5000">>, lists:last(Recent)).

subscription() ->
    nil = beamtalk_transcript_stream:subscribe(transcript),
    write(<<"seen">>),
    ?assertEqual(ok, receive {beamtalk_transcript, <<"seen">>} -> ok after 1000 -> timeout end),
    nil = beamtalk_transcript_stream:unsubscribe(transcript),
    write(<<"unseen">>),
    _ = beamtalk_transcript:recent(),
    ?assertEqual(none, receive {beamtalk_transcript, Text} -> Text after 0 -> none end).

dead_subscriber() ->
    {Pid, Monitor} = spawn_monitor(fun() -> beamtalk_transcript:subscribe(self()) end),
    receive {'DOWN', Monitor, process, Pid, _} -> ok end,
    write(<<"x">>),
    ?assertMatch([_ | _], beamtalk_transcript:recent()).

write(Text) ->
    ?assertEqual(transcript, beamtalk_transcript_stream:'write:'(transcript, Text)).
