%% @doc Primitives of class Timer: a process that waits and runs the block, and a switch that it shares with whoever
%% cancels it. Whoever turns the switch decides whether a run takes place, so the answer of `cancel' is the truth.
-module(beamtalk_timer).

-export(['after:do:'/3, 'every:do:'/3, 'sleep:'/2, cancel/1, isActive/1]).

-compile({no_auto_import, [now/0]}).

-define(CLASS, 'bt@stdlib@timer').
-define(ACTIVE, 0).
-define(INACTIVE, 1).

%% The longest time that a receive can wait.
-define(LONGEST, 16#ffffffff).

-type timer() :: #{'$beamtalk_class' := ?CLASS, '$process' := pid(), '$switch' := atomics:atomics_ref()}.

-record(timer, {
    switch :: atomics:atomics_ref(),
    work :: beamtalk_helper:work(),
    %% Monitor of the actor that made the timer.
    owner :: reference() | none,
    %% Monotonic milliseconds.
    due :: integer(),
    interval :: pos_integer() | once
}).

%% @doc `after:do:'
-spec 'after:do:'(beamtalk_class:class_object(), term(), term()) -> timer().
'after:do:'(Class, Delay, Block) ->
    Ms = milliseconds('after:do:', Class, Delay),
    start(Ms, once, block('after:do:', Class, Block)).

%% @doc `every:do:'
-spec 'every:do:'(beamtalk_class:class_object(), term(), term()) -> timer().
'every:do:'(Class, Interval, Block) ->
    case milliseconds('every:do:', Class, Interval) of
        0 -> beamtalk_argument:wrong('every:do:', Class, <<"the interval must be at least one millisecond">>);
        Ms -> start(Ms, Ms, block('every:do:', Class, Block))
    end.

%% @doc `sleep:'
-spec 'sleep:'(beamtalk_class:class_object(), term()) -> nil.
'sleep:'(Class, Duration) ->
    pause(milliseconds('sleep:', Class, Duration)).

pause(Ms) when Ms > ?LONGEST ->
    timer:sleep(?LONGEST),
    pause(Ms - ?LONGEST);
pause(Ms) ->
    timer:sleep(Ms),
    nil.

%% @doc `cancel'
-spec cancel(timer()) -> boolean().
cancel(#{'$process' := Pid, '$switch' := Switch}) when node(Pid) =:= node() ->
    Cancelled = is_process_alive(Pid) andalso turn_off(Switch),
    Pid ! {?MODULE, cancel},
    Cancelled;
cancel(Self) ->
    at_its_node(cancel, Self).

%% @doc `isActive'
-spec isActive(timer()) -> boolean().
isActive(#{'$process' := Pid, '$switch' := Switch}) when node(Pid) =:= node() ->
    is_process_alive(Pid) andalso atomics:get(Switch, 1) =:= ?ACTIVE;
isActive(Self) ->
    at_its_node(isActive, Self).

at_its_node(Function, #{'$process' := Pid} = Self) ->
    try
        erpc:call(node(Pid), ?MODULE, Function, [Self], 5000)
    catch
        error:{erpc, _} -> false
    end.

%% True for the one that turns it off.
turn_off(Switch) ->
    atomics:compare_exchange(Switch, 1, ?ACTIVE, ?INACTIVE) =:= ok.

milliseconds(Selector, Class, Time) ->
    case beamtalk_limit:milliseconds(Time) of
        Ms when is_integer(Ms) -> Ms;
        _ -> beamtalk_argument:wrong(Selector, Class, <<"it takes milliseconds or a Duration, not less than zero">>)
    end.

block(_, _, Block) when is_function(Block, 0) -> Block;
block(Selector, Class, _) -> beamtalk_argument:wrong(Selector, Class, <<"it takes a block without parameters">>).

%% A monitor of an actor that has ended meanwhile reports that at once.
start(Delay, Interval, Block) ->
    Switch = atomics:new(1, []),
    Owner = beamtalk_actor_state:in_actor(),
    Caller = self(),
    Due = now() + Delay,
    Work = beamtalk_helper:prepare(Block),
    Timer = #timer{switch = Switch, work = Work, owner = none, due = Due, interval = Interval},
    Pid = spawn(fun() -> run(Timer#timer{owner = watch(Owner, Caller)}) end),
    #{'$beamtalk_class' => ?CLASS, '$process' => Pid, '$switch' => Switch}.

watch(true, Caller) -> monitor(process, Caller);
watch(false, _) -> none.

run(#timer{owner = Owner} = Timer) ->
    receive
        {?MODULE, cancel} -> ok;
        {'DOWN', Owner, process, _, _} -> ok
    after min(max(0, Timer#timer.due - now()), ?LONGEST) ->
        expired(Timer)
    end.

expired(#timer{due = Due} = Timer) ->
    case Due > now() of
        true -> run(Timer);
        false -> fire(Timer)
    end.

fire(#timer{interval = once, switch = Switch, work = Work}) ->
    turn_off(Switch) andalso attempt(Work);
fire(#timer{switch = Switch, work = Work, due = Due, interval = Interval} = Timer) ->
    case atomics:get(Switch, 1) of
        ?ACTIVE ->
            attempt(Work),
            Missed = max(0, now() - Due) div Interval,
            run(Timer#timer{due = Due + (Missed + 1) * Interval, work = beamtalk_helper:again(Work)});
        ?INACTIVE ->
            ok
    end.

attempt(Work) ->
    try
        beamtalk_helper:run(Work, [])
    catch
        _:_ -> dropped
    end.

now() ->
    erlang:monotonic_time(millisecond).
