%% @doc The Erlang process behind an actor that is declared `native:'.
%%
%% The declared module is the callback module of a gen_server that owns the state of the actor. It is started before the
%% `initialize' hooks, with the Dictionary of `spawnWith:' for the argument of `init/1' (an empty map for `spawn'), and
%% ends with the actor; the actor ends with it. `self delegate' is the call `{Selector, Args}'. These functions run in the
%% actor's process, whose process dictionary holds the backing process.
-module(beamtalk_backing).

-export([start/2, delegate/3, ended/1, stop/1]).

-define(BACKING, '$bt_backing').

%% How long a backing process may take to end.
-define(STOP_TIMEOUT, 5000).

%% @doc Starts the backing process, if one of the classes is declared `native:'. Of several the last counts.
-spec start([module()], map()) -> ok.
start(Ancestry, Given) ->
    case [Module || Class <- Ancestry, #{native := Module} <- [beamtalk_hierarchy:info(Class)], Module =/= nil] of
        [] -> ok;
        Modules -> start_backing(lists:last(Modules), Given)
    end.

%% The link makes the two end together. While the process starts, its failure must not end the actor, which reports it.
start_backing(Module, Given) ->
    Traps = process_flag(trap_exit, true),
    Started = gen_server:start_link(Module, Given, []),
    _ = process_flag(trap_exit, Traps),
    case Started of
        {ok, Pid} ->
            put(?BACKING, {Pid, monitor(process, Pid)}),
            ok;
        {error, Reason} ->
            swallow_exit(Reason),
            beamtalk_error:raise(not_started(Module, Reason));
        ignore ->
            beamtalk_error:raise(not_started(Module, ignore))
    end.

swallow_exit(Reason) ->
    receive
        {'EXIT', _, Reason} -> ok
    after 0 -> ok
    end.

not_started(Module, Reason) ->
    Message = io_lib:format("the Erlang module ~ts did not start: ~0tP", [Module, Reason, 30]),
    beamtalk_error:new(instantiation_error, Message, #{
        hint => <<"a native actor needs a gen_server callback module">>, details => #{reason => Reason}
    }).

%% @doc Asks the backing process. The sender of the message has a time limit; the actor itself has none.
-spec delegate(beamtalk_actor:ref(), atom(), [term()]) -> term().
delegate({_, _, _, Pid} = Self, Selector, Args) when Pid =:= self() ->
    {Backing, _} = get(?BACKING),
    case beamtalk_wait:call(Backing, Backing, {Selector, Args}, infinity) of
        {reply, Answer} -> answer(Answer);
        {down, _} -> beamtalk_error:raise(beamtalk_error:actor_dead(Self, Selector));
        deadlock -> beamtalk_error:raise((beamtalk_error:deadlock(Self))#{selector := Selector})
    end;
delegate(_, _, _) ->
    beamtalk_error:raise(
        beamtalk_error:runtime_error(<<"'delegate' works only in the process of the actor itself">>)
    ).

answer(Answer) ->
    case beamtalk_result:from_erlang(Answer) of
        {result, Result} -> Result;
        other -> Answer
    end.

%% @doc Whether a message tells that the backing process has ended, and why.
-spec ended(term()) -> {true, term()} | false.
ended({'DOWN', Monitor, process, Pid, Reason}) ->
    case get(?BACKING) of
        {Pid, Monitor} -> {true, Reason};
        _ -> false
    end;
ended(_) ->
    false.

%% @doc Ends the backing process.
-spec stop(term()) -> ok.
stop(Reason) ->
    case get(?BACKING) of
        undefined -> ok;
        {Pid, _} -> stop_process(Pid, orderly(Reason))
    end.

%% Whatever has ended the actor is no failure of the backing process.
orderly(normal) -> normal;
orderly(_) -> shutdown.

stop_process(Pid, Reason) ->
    true = unlink(Pid),
    try
        gen_server:stop(Pid, Reason, ?STOP_TIMEOUT)
    catch
        exit:_ ->
            exit(Pid, kill),
            ok
    end.
