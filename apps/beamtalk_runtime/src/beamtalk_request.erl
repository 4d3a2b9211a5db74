%% @doc What a message to an actor is between processes, and its answer.
%%
%% Blocks among the arguments, and one that is the result, are packed ({@link beamtalk_snapshot}). A request, whose sender
%% waits, carries the class transactions of the sender, and the answer carries them back ({@link beamtalk_class_state}).
-module(beamtalk_request).

-export([new/2, cast/2, serve/2, message/1, outcome/1]).
-export([loan/0, return_loan/3, loan_returned/1]).

-export_type([request/0, reply/0, outcome/0, loan/0]).

-type cast() :: {'$bt_send', Selector :: atom(), beamtalk_snapshot:packed()}.
-type request() :: cast() | {'$bt_send', Selector :: atom(), beamtalk_snapshot:packed(), beamtalk_class_state:buffers()}.
-type loan() :: none | {reference(), beamtalk_class_state:buffers()}.
-type outcome() :: {ok, term()} | {raise, beamtalk_error:exception()} | {forward, beamtalk_actor:ref(), timeout()}.
-type reply() :: outcome() | {error, unknown_request} | {block, beamtalk_snapshot:packed()} | {'$bt_repaid', beamtalk_class_state:buffers(), reply()}.

%% @doc A request of the calling process, which waits for the answer.
-spec new(atom(), [term()]) -> request().
new(Selector, Args) ->
    case beamtalk_class_state:lend() of
        none -> cast(Selector, Args);
        Lent -> {'$bt_send', Selector, beamtalk_snapshot:pack(Args), Lent}
    end.

%% @doc A message that nobody waits for.
-spec cast(atom(), [term()]) -> cast().
cast(Selector, Args) ->
    {'$bt_send', Selector, beamtalk_snapshot:pack(Args)}.

%% @doc Serves a request: `Run' runs the method and answers an outcome and something of its own.
-spec serve(request(), fun((atom(), [term()]) -> {outcome(), Own})) -> {reply(), Own}.
serve({'$bt_send', _, _, Lent} = Request, Run) ->
    beamtalk_class_state:borrow(Lent, fun() ->
        {Reply, Own} = run(Request, Run),
        {{'$bt_repaid', beamtalk_class_state:lend(), Reply}, Own}
    end);
serve(Request, Run) ->
    run(Request, Run).

run(Request, Run) ->
    {Selector, Args} = message(Request),
    {Outcome, Own} = Run(Selector, Args),
    {reply(Outcome), Own}.

reply({ok, Result}) when is_function(Result) -> {block, beamtalk_snapshot:pack([Result])};
reply(Outcome) -> Outcome.

%% @doc Selector and arguments of a request or a cast, for a server that takes no part in the sender's transactions.
-spec message(request()) -> {atom(), [term()]}.
message({'$bt_send', Selector, Args}) -> {Selector, beamtalk_snapshot:unpack(Args)};
message({'$bt_send', Selector, Args, _}) -> {Selector, beamtalk_snapshot:unpack(Args)}.

%% @doc The outcome that a reply brings.
-spec outcome(reply()) -> outcome() | {error, unknown_request}.
outcome({block, Packed}) ->
    [Block] = beamtalk_snapshot:unpack(Packed),
    {ok, Block};
outcome({'$bt_repaid', Buffers, Reply}) ->
    ok = beamtalk_class_state:repay(Buffers),
    outcome(Reply);
outcome(Outcome) ->
    Outcome.

%% ---------------------------------------------------------------------------------------------------
%% Waiting without a request
%% ---------------------------------------------------------------------------------------------------

%% @doc The class transactions of this process, for one that it starts and whose initialization it waits for.
-spec loan() -> loan().
loan() ->
    case beamtalk_class_state:lend() of
        none -> none;
        Lent -> {make_ref(), Lent}
    end.

%% @doc Runs `Fun' as part of the transactions of the starting process, and gives them back by a message.
-spec return_loan(pid(), loan(), fun(() -> Result)) -> Result.
return_loan(_, none, Fun) ->
    Fun();
return_loan(Starter, {Ref, Lent}, Fun) ->
    beamtalk_class_state:borrow(Lent, fun() ->
        try
            Fun()
        after
            Starter ! {'$bt_repaid', Ref, beamtalk_class_state:lend()}
        end
    end).

%% @doc Takes the loan back when the started process has answered: the message came before the answer.
-spec loan_returned(loan()) -> ok.
loan_returned(none) ->
    ok;
loan_returned({Ref, _}) ->
    receive
        {'$bt_repaid', Ref, Buffers} -> beamtalk_class_state:repay(Buffers)
    after 0 ->
        ok
    end.
