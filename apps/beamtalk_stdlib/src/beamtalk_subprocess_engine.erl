%% @doc The process that runs a program for an actor of class Subprocess or ReactiveSubprocess. The actor forwards the
%% messages that may have to wait to it, so it stays free, and their senders wait here.
%%
%% It ends with the actor, and before there is one with the process that opens the program; the program ends with
%% it. Output is let in only as far as it is taken: by messages that ask for lines or, where they are pushed, by the
%% delegate, whose mailbox is kept short.
-module(beamtalk_subprocess_engine).

-behaviour(gen_server).

-export([start/2, adopt/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-type sink() :: pull | {push, Delegate :: beamtalk_actor:ref()}.
-type waiter() :: {gen_server:from(), Timer :: reference() | none}.

%% Messages in the mailbox of a delegate from which on it gets no more, and how often that is looked at.
-define(FULL, 500).
-define(LOOK_AGAIN, 10).

%% Input is passed on in pieces of this size.
-define(PIECE, 1_048_576).

-record(state, {
    port :: port(),
    sink :: sink(),
    %% The actor, once it is there.
    actor = none :: beamtalk_actor:ref() | none,
    opener :: reference(),
    status = nil :: integer() | nil,
    channels = #{
        out => beamtalk_subprocess_channel:new(), err => beamtalk_subprocess_channel:new()
    } :: #{beamtalk_exec:output() => beamtalk_subprocess_channel:channel()},
    readers = #{out => queue:new(), err => queue:new()} :: #{
        beamtalk_exec:output() => queue:queue(waiter())
    },
    %% Who waits for input to be taken, with the bytes that are still to be taken.
    writers = queue:new() :: queue:queue({gen_server:from(), non_neg_integer()}),
    input = open :: open | closed,
    closers = [] :: [gen_server:from()],
    %% Outputs that have not ended.
    open = [out, err] :: [beamtalk_exec:output()],
    told = false :: boolean(),
    %% A look at the delegate's mailbox is due.
    looks = false :: boolean()
}).

%% @doc Starts a program. The engine belongs to the calling process until it is {@link adopt/2. adopted}.
-spec start(beamtalk_exec:program(), sink()) -> {ok, pid()} | {error, term()}.
start(Program, Sink) ->
    case gen_server:start(?MODULE, {Program, Sink, self()}, []) of
        {ok, Engine} -> {ok, Engine};
        {error, {shutdown, Reason}} -> {error, Reason};
        {error, Reason} -> {error, Reason}
    end.

%% @doc Ties an engine to its actor, which calls this.
-spec adopt(pid(), beamtalk_actor:ref()) -> ok.
adopt(Engine, Actor) ->
    true = link(Engine),
    gen_server:call(Engine, {adopt, Actor}).

%% @private
-spec init({beamtalk_exec:program(), sink(), pid()}) -> {ok, #state{}} | {stop, {shutdown, term()}}.
init({Program, Sink, Opener}) ->
    process_flag(trap_exit, true),
    case beamtalk_exec:start(Program) of
        {ok, Port, _} ->
            _ = watch(Sink),
            {ok, #state{port = Port, sink = Sink, opener = monitor(process, Opener)}};
        {error, Reason} ->
            {stop, {shutdown, Reason}}
    end.

watch(pull) -> none;
watch({push, Delegate}) -> monitor(process, beamtalk_actor:process(Delegate)).

%% @private
-spec terminate(term(), #state{}) -> ok.
terminate(_, #state{port = Port}) ->
    beamtalk_exec:stop(Port).

%% ---------------------------------------------------------------------------------------------------
%% Messages of the language
%% ---------------------------------------------------------------------------------------------------

%% @private
-spec handle_call(term(), gen_server:from(), #state{}) ->
    {reply, term(), #state{}} | {noreply, #state{}}.
handle_call({adopt, Actor}, _, #state{opener = Opener} = State) ->
    demonitor(Opener, [flush]),
    {reply, ok, let_in(State#state{actor = Actor})};
handle_call(Request, {Pid, _} = From, State) when element(1, Request) =:= '$bt_send' ->
    {Selector, Args} = beamtalk_request:message(Request),
    handle(Selector, Args, From, forget_reader(Pid, State));
handle_call(_, _, State) ->
    {reply, {error, unknown_request}, State}.

%% @private
-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast({'$bt_send', 'writeLine:', [Data]}, #state{input = open} = State) ->
    _ = write(Data, State),
    {noreply, State};
handle_cast({'$bt_send', close, []}, #state{port = Port} = State) ->
    ok = beamtalk_exec:kill(Port),
    {noreply, State};
handle_cast(_, State) ->
    {noreply, State}.

handle(readLine, [], From, State) -> read(out, infinity, From, State);
handle('readLine:', [Limit], From, State) -> read(out, Limit, From, State);
handle(readStderrLine, [], From, State) -> read(err, infinity, From, State);
handle('readStderrLine:', [Limit], From, State) -> read(err, Limit, From, State);
handle('writeLine:', [_], _, #state{input = closed} = State) -> {reply, {raise, port_closed()}, State};
handle('writeLine:', [Data], From, #state{writers = Writers} = State) ->
    Size = write(Data, State),
    {noreply, State#state{writers = queue:in({From, Size}, Writers)}};
handle(closeInput, [], _, #state{port = Port} = State) ->
    ok = beamtalk_exec:close_input(Port),
    {reply, {ok, nil}, State#state{input = closed}};
handle(exitCode, [], _, #state{status = Status} = State) ->
    {reply, {ok, Status}, State};
handle(close, [], From, #state{status = nil, closers = Closers, port = Port} = State) ->
    ok = beamtalk_exec:kill(Port),
    {noreply, State#state{closers = [From | Closers]}};
handle(close, [], _, State) ->
    {reply, {ok, nil}, over(State)};
handle(_, _, _, State) ->
    {reply, {error, unknown_request}, State}.

port_closed() ->
    beamtalk_error:new(port_closed, <<"the program takes no input any more">>, #{
        selector => 'writeLine:',
        errorClass => 'Subprocess',
        hint => <<"it has ended, or its input was closed; 'exitCode' tells">>
    }).

write(Data, #state{port = Port}) ->
    Line = <<Data/binary, "\n">>,
    lists:foreach(fun(Piece) -> ok = beamtalk_exec:input(Port, Piece) end, pieces(Line)),
    byte_size(Line).

pieces(<<Piece:?PIECE/binary, Rest/binary>>) -> [Piece | pieces(Rest)];
pieces(Rest) -> [Rest].

read(Output, Limit, From, #state{readers = Readers} = State) ->
    Reader = {From, timer(Output, Limit, From)},
    {noreply, serve(Output, State#state{readers = maps:update_with(Output, fun(Q) -> queue:in(Reader, Q) end, Readers)})}.

%% A process waits for one answer at a time: what it has asked to read before, it has given up.
forget_reader(Pid, #state{readers = Readers} = State) ->
    Others = fun(_, Queue) -> queue:filter(fun(Reader) -> is_other(Reader, Pid) end, Queue) end,
    State#state{readers = maps:map(Others, Readers)}.

is_other({{Pid, _}, Timer}, Pid) ->
    _ = Timer =:= none orelse erlang:cancel_timer(Timer),
    false;
is_other(_, _) ->
    true.

timer(_, infinity, _) -> none;
timer(Output, Limit, From) -> erlang:start_timer(Limit, self(), {reader, Output, From}).

%% ---------------------------------------------------------------------------------------------------
%% Events
%% ---------------------------------------------------------------------------------------------------

%% @private
-spec handle_info(term(), #state{}) -> {noreply, #state{}} | {stop, normal, #state{}}.
handle_info({Port, {data, Data}}, #state{port = Port} = State) ->
    {noreply, event(beamtalk_exec:event(Data), State)};
handle_info({Port, {exit_status, _}}, #state{port = Port} = State) ->
    {noreply, over(State#state{status = known(State)})};
handle_info({timeout, Timer, {reader, Output, From}}, #state{readers = Readers} = State) ->
    #{Output := Queue} = Readers,
    gen_server:reply(From, {ok, nil}),
    {noreply, State#state{readers = Readers#{Output := queue:delete({From, Timer}, Queue)}}};
handle_info(look_again, State) ->
    {noreply, let_in(State#state{looks = false})};
handle_info({'DOWN', _, process, _, _}, State) ->
    %% The delegate, or the opener before there is an actor. An actor that is there ends too.
    {stop, {shutdown, abandoned}, State};
handle_info({'EXIT', _, _}, State) ->
    {stop, normal, State};
handle_info(_, State) ->
    {noreply, State}.

%% Without its executable, nobody knows how the program ended.
known(#state{status = nil}) -> -1;
known(#state{status = Status}) -> Status.

event({output, Output, <<>>}, #state{channels = Channels, open = Open} = State) ->
    Ended = maps:update_with(Output, fun beamtalk_subprocess_channel:close/1, Channels),
    finished(serve(Output, State#state{channels = Ended, open = lists:delete(Output, Open)}));
event({output, Output, Bytes}, #state{channels = Channels} = State) ->
    Add = fun(Channel) -> beamtalk_subprocess_channel:add(Bytes, Channel) end,
    serve(Output, State#state{channels = maps:update_with(Output, Add, Channels)});
event({ended, Status}, #state{closers = []} = State) ->
    finished(State#state{status = Status});
event({ended, Status}, #state{closers = Closers} = State) ->
    lists:foreach(fun(From) -> gen_server:reply(From, {ok, nil}) end, Closers),
    over(State#state{status = Status, closers = []});
event({written, Bytes}, #state{writers = Writers} = State) ->
    State#state{writers = written(Bytes, Writers)};
event(input_closed, State) ->
    no_input(State).

%% The bytes belong to those that wait, in their order; casts do not wait, so some may belong to nobody.
written(Bytes, Writers) ->
    case queue:out(Writers) of
        {{value, {From, Size}}, Rest} when Size =< Bytes ->
            gen_server:reply(From, {ok, nil}),
            written(Bytes - Size, Rest);
        {{value, {From, Size}}, Rest} ->
            queue:in_r({From, Size - Bytes}, Rest);
        {empty, _} ->
            Writers
    end.

no_input(#state{writers = Writers} = State) ->
    lists:foreach(fun({From, _}) -> gen_server:reply(From, {raise, port_closed()}) end, queue:to_list(Writers)),
    State#state{writers = queue:new(), input = closed}.

%% The program has ended and all of its output is here: the executable is not needed any more.
finished(#state{open = [], status = Status} = State) when Status =/= nil -> over(State);
finished(State) -> State.

%% Whatever was left of the program is ended, and what it might have written is lost.
over(#state{port = Port, channels = Channels} = State) ->
    ok = beamtalk_exec:stop(Port),
    Ended = maps:map(fun(_, Channel) -> beamtalk_subprocess_channel:close(Channel) end, Channels),
    Served = serve(err, serve(out, no_input(State#state{channels = Ended, open = []}))),
    tell_exit(Served).

%% ---------------------------------------------------------------------------------------------------
%% Lines
%% ---------------------------------------------------------------------------------------------------

let_in(State) -> serve(err, serve(out, State)).

%% Hands lines out and lets more of them in.
serve(Output, #state{sink = pull, readers = Readers} = State) ->
    #{Output := Queue} = Readers,
    pull(queue:out(Queue), Output, State);
serve(_, #state{actor = none} = State) ->
    State;
serve(Output, #state{sink = {push, Delegate}} = State) ->
    push(is_full(Delegate), Output, State).

pull({empty, _}, Output, State) ->
    grant(unwanted, Output, State);
pull({{value, {From, Timer}}, Rest}, Output, #state{channels = Channels, readers = Readers} = State) ->
    #{Output := Channel} = Channels,
    case beamtalk_subprocess_channel:take(Channel) of
        {none, _} ->
            grant(wanted, Output, State);
        {Line, Left} ->
            _ = Timer =:= none orelse erlang:cancel_timer(Timer),
            Taken = hand_over(is_waiting(From), From, Line, Channel, Left),
            serve(Output, State#state{channels = Channels#{Output := Taken}, readers = Readers#{Output := Rest}})
    end.

%% The next reader gets the line of one that has ended or given up.
hand_over(true, From, Line, _, Left) ->
    gen_server:reply(From, {ok, line(Line)}),
    Left;
hand_over(false, _, _, Channel, _) ->
    Channel.

%% Who waits for an answer monitors the engine meanwhile.
is_waiting({Pid, _}) ->
    {monitored_by, Waiting} = process_info(self(), monitored_by),
    lists:member(Pid, Waiting).

line({line, Line}) -> Line;
line(ended) -> nil.

grant(Wanted, Output, #state{port = Port, channels = Channels} = State) ->
    #{Output := Channel} = Channels,
    {Bytes, Granted} = beamtalk_subprocess_channel:credit(Wanted, Channel),
    ok = beamtalk_exec:credit(Port, Output, Bytes),
    State#state{channels = Channels#{Output := Granted}}.

is_full({beamtalk_object, _, _, _} = Delegate) ->
    case beamtalk_actor:find(Delegate) of
        Pid when is_pid(Pid), node(Pid) =:= node() ->
            case process_info(Pid, message_queue_len) of
                {message_queue_len, Length} -> Length >= ?FULL;
                undefined -> false
            end;
        _ ->
            false
    end.

push(true, _, #state{looks = true} = State) ->
    State;
push(true, _, State) ->
    _ = erlang:send_after(?LOOK_AGAIN, self(), look_again),
    State#state{looks = true};
push(false, Output, #state{channels = Channels} = State) ->
    #{Output := Channel} = Channels,
    case beamtalk_subprocess_channel:take(Channel) of
        {{line, Line}, Left} ->
            tell(selector(Output), Line, State),
            serve(Output, State#state{channels = Channels#{Output := Left}});
        {none, _} ->
            grant(wanted, Output, State);
        {ended, _} ->
            tell_exit(State)
    end.

selector(out) -> 'subprocessLine:from:';
selector(err) -> 'subprocessStderrLine:from:'.

%% After the last line of both outputs, once.
tell_exit(#state{sink = {push, _}, open = [], told = false, status = Status, actor = Actor} = State) when
    Status =/= nil, Actor =/= none
->
    case lists:all(fun is_taken/1, maps:values(State#state.channels)) of
        true ->
            tell('subprocessExit:from:', Status, State),
            State#state{told = true};
        false ->
            State
    end;
tell_exit(State) ->
    State.

is_taken(Channel) ->
    element(1, beamtalk_subprocess_channel:take(Channel)) =:= ended.

tell(Selector, What, #state{sink = {push, Delegate}, actor = Actor}) ->
    beamtalk_actor:cast(Delegate, Selector, [What, Actor]).
