%% @doc Primitives of class ReactiveSubprocess; see {@link beamtalk_subprocess}.
-module(beamtalk_reactive_subprocess).

-export(['open:args:env:dir:notify:'/6, initialize/1, 'writeLine:'/2, closeInput/1, exitCode/1, close/1]).

-type ref() :: beamtalk_actor:ref().

%% @doc Starts a program and an actor for it, which tells another actor what the program writes.
-spec 'open:args:env:dir:notify:'(
    beamtalk_class:class_object(), binary(), [binary()], map(), binary(), ref()
) -> beamtalk_result:result().
'open:args:env:dir:notify:'(Self, Command, Args, Env, Dir, {beamtalk_object, _, _, _} = Delegate) ->
    Selector = 'open:args:env:dir:notify:',
    case beamtalk_actor:isAlive(Delegate) of
        true -> beamtalk_subprocess:open(Selector, Self, Command, Args, {Env, Dir}, {push, Delegate});
        false -> beamtalk_result:error(beamtalk_error:actor_dead(Delegate, Selector))
    end;
'open:args:env:dir:notify:'(Self, _, _, _, _, _) ->
    beamtalk_argument:wrong('open:args:env:dir:notify:', Self, "the one to notify is an actor").

%% @doc Takes the engine over.
-spec initialize(ref()) -> nil.
initialize(Self) -> beamtalk_subprocess:initialize(Self).

%% @doc Passes a line to the program's input.
-spec 'writeLine:'(ref(), binary()) -> no_return().
'writeLine:'(Self, Data) -> beamtalk_subprocess:'writeLine:'(Self, Data).

%% @doc Ends the program's input.
-spec closeInput(ref()) -> no_return().
closeInput(Self) -> beamtalk_subprocess:closeInput(Self).

%% @doc How the program ended, or nil.
-spec exitCode(ref()) -> no_return().
exitCode(Self) -> beamtalk_subprocess:exitCode(Self).

%% @doc Ends the program.
-spec close(ref()) -> no_return().
close(Self) -> beamtalk_subprocess:close(Self).
