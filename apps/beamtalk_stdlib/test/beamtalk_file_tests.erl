%% @doc Handles against a model, and the kinds of failures.
-module(beamtalk_file_tests).

-include_lib("eunit/include/eunit.hrl").

%% The macro of proper.hrl that is used; Debian packages that header apart from PropEr.
-define(FORALL(Pattern, Type, Property), proper:forall(Type, fun(Pattern) -> Property end)).

%% Whatever is read, written and sought in one file, it is what a binary with a position would give.
handle_model_test_() ->
    {timeout, 60, fun() ->
        ?assert(proper:quickcheck(handle_model(), [{numtests, 300}, quiet]))
    end}.

handle_model() ->
    ?FORALL({Content, Mode, Steps}, {content(), proper_types:oneof([read, readWrite]), proper_types:list(step())}, begin
        Path = path(),
        ok = file:write_file(Path, Content),
        {ok, Handle} = beamtalk_file_handle:open(Path, Mode),
        Allowed = [Step || Step <- Steps, Mode =:= readWrite orelse element(1, Step) =/= write],
        {Expected, {Final, _}} = lists:mapfoldl(fun model/2, {Content, 0}, Allowed),
        Actual = [real(Step, Handle) || Step <- Allowed],
        _ = beamtalk_file_handle:close(Handle),
        {ok, Left} = file:read_file(Path),
        ok = file:delete(Path),
        {Expected, Final} =:= {Actual, Left}
    end).

path() ->
    Name = io_lib:format("beamtalk_file_tests_~s_~b", [os:getpid(), erlang:unique_integer([positive])]),
    unicode:characters_to_binary(filename:join(os:getenv("TMPDIR", "/tmp"), Name)).

content() ->
    proper_types:oneof([
        proper_types:binary(),
        proper_types:bind(
            proper_types:integer(0, 200_000),
            fun(N) -> proper_types:exactly(binary:part(binary:copy(<<"0123456789\nab">>, 20_000), 0, N)) end,
            false
        )
    ]).

step() ->
    proper_types:oneof([
        {read, proper_types:oneof([proper_types:integer(0, 100), proper_types:integer(0, 100_000)])},
        {seek, proper_types:integer(0, 210_000)},
        {write, proper_types:binary()},
        {position},
        {line},
        {all}
    ]).

real({read, N}, Handle) -> value(beamtalk_file_handle:'read:'(Handle, N));
real({seek, To}, Handle) -> value(beamtalk_file_handle:'seek:'(Handle, To));
real({write, Bytes}, Handle) -> value(beamtalk_file_handle:'write:'(Handle, Bytes));
real({position}, Handle) -> value(beamtalk_file_handle:position(Handle));
real({line}, Handle) -> beamtalk_stream:'take:'(beamtalk_file_handle:lines(Handle), 1);
real({all}, Handle) -> value(beamtalk_file_handle:readAll(Handle)).

value(#{isOk := true, okValue := Value}) -> Value.

model({read, N}, {Content, At}) ->
    Piece = piece(Content, At, N),
    {Piece, {Content, At + byte_size(Piece)}};
model({all}, {Content, At}) ->
    model({read, byte_size(Content)}, {Content, At});
model({seek, To}, {Content, _}) ->
    {To, {Content, To}};
model({position}, {Content, At}) ->
    {At, {Content, At}};
model({write, <<>>}, Model) ->
    {nil, Model};
model({write, Bytes}, {Content, At}) ->
    Before = piece(<<Content/binary, 0:(8 * max(0, At - byte_size(Content)))>>, 0, At),
    After = piece(Content, At + byte_size(Bytes), byte_size(Content)),
    {nil, {<<Before/binary, Bytes/binary, After/binary>>, At + byte_size(Bytes)}};
model({line}, {Content, At}) ->
    case binary:split(piece(Content, At, byte_size(Content)), <<"\n">>) of
        [<<>>] -> {[], {Content, At}};
        [Last] -> {[Last], {Content, At + byte_size(Last)}};
        [Line, _] -> {[without_return(Line)], {Content, At + byte_size(Line) + 1}}
    end.

%% A carriage return before the line feed belongs to the line break.
without_return(Line) -> hd(binary:split(<<Line/binary, "\n">>, [<<"\r\n">>, <<"\n">>])).

piece(Content, At, _) when At >= byte_size(Content) -> <<>>;
piece(Content, At, N) -> binary:part(Content, At, min(N, byte_size(Content) - At)).

failures_have_kinds_test_() ->
    [
        ?_assertMatch(#{kind := Kind, message := <<"cannot read it: ", _/binary>>}, beamtalk_file_error:new(x, "read it", Reason))
     || {Reason, Kind} <- [
            {enoent, file_not_found},
            {eacces, permission_denied},
            {eperm, permission_denied},
            {erofs, permission_denied},
            {eexist, already_exists},
            {eisdir, is_a_directory},
            {enotdir, not_a_directory},
            {enotempty, directory_not_empty},
            {enospc, no_space},
            {edquot, no_space},
            {badarg, invalid_argument},
            {emfile, io_error},
            {eio, io_error},
            {eloop, io_error},
            {no_such_reason, io_error}
        ]
    ].

names_that_are_no_text_test() ->
    ?assertEqual(<<"ü"/utf8>>, beamtalk_os_text:from("ü")),
    ?assertEqual(<<255>>, beamtalk_os_text:from(<<255>>)),
    ?assertEqual(error, beamtalk_os_text:to(<<255>>)),
    ?assertEqual(error, beamtalk_os_text:to(<<"a", 0>>)),
    ?assertEqual({ok, "ü"}, beamtalk_os_text:to(<<"ü"/utf8>>)).
