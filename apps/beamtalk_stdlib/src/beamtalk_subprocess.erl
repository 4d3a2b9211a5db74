%% @doc Primitives of class Subprocess, and what they share with ReactiveSubprocess. An instance is an ordinary actor; the
%% program is run by its {@link beamtalk_subprocess_engine. engine}, to which it forwards what may have to wait.
-module(beamtalk_subprocess).

%% An element and what answers the next: see beamtalk_stream.
-dialyzer({no_improper_lists, [next_line/2]}).

-export(['open:args:env:dir:'/5, initialize/1]).
-export([
    'writeLine:'/2, readLine/1, 'readLine:'/2, readStderrLine/1, 'readStderrLine:'/2, lines/1, stderrLines/1, closeInput/1,
    exitCode/1, close/1
]).
-export([open/6]).

-type class_object() :: beamtalk_class:class_object().
-type ref() :: beamtalk_actor:ref().

%% How long the program may take to read a line of input. Ending it takes up to a second.
-define(WRITE_LIMIT, 5000).

%% @doc Starts a program and an actor for it.
-spec 'open:args:env:dir:'(class_object(), binary(), [binary()], map(), binary()) -> beamtalk_result:result().
'open:args:env:dir:'(Self, Command, Args, Env, Dir) ->
    open('open:args:env:dir:', Self, Command, Args, {Env, Dir}, pull).

%% @doc The same with a place for the lines.
-spec open(atom(), class_object(), term(), term(), {term(), term()}, pull | {push, ref()}) -> beamtalk_result:result().
open(Selector, Self, Command, Args, {Env, Dir}, Sink) ->
    Program = program(Selector, Self, Command, Args, Env, Dir),
    case beamtalk_subprocess_engine:start(Program, Sink) of
        {ok, Engine} -> beamtalk_result:ok(beamtalk_actor:'spawnWith:'(Self, #{engine => Engine}));
        {error, Reason} -> beamtalk_result:error(beamtalk_exec:failure(Selector, Program, Reason))
    end.

program(Selector, Self, Command, Args, Env, Dir) ->
    is_word(Command) orelse beamtalk_argument:wrong(Selector, Self, "the command is a String without the character 0"),
    is_list(Args) andalso length(Args) >= 0 andalso lists:all(fun is_word/1, Args) orelse
        beamtalk_argument:wrong(Selector, Self, "the arguments are a List of Strings without the character 0"),
    is_environment(Env) orelse
        beamtalk_argument:wrong(Selector, Self, "the environment is a Dictionary of Strings, with names without '='"),
    is_word(Dir) orelse beamtalk_argument:wrong(Selector, Self, "the directory is a String without the character 0"),
    #{command => Command, args => Args, env => maps:to_list(Env), dir => Dir}.

is_word(Text) -> is_binary(Text) andalso binary:match(Text, <<0>>) =:= nomatch.

is_environment(#{'$beamtalk_class' := _}) -> false;
is_environment(Env) when is_map(Env) -> lists:all(fun is_variable/1, maps:to_list(Env));
is_environment(_) -> false.

is_variable({Name, Value}) ->
    is_word(Name) andalso Name =/= <<>> andalso binary:match(Name, <<"=">>) =:= nomatch andalso is_word(Value).

%% @doc Takes the engine over. There is none when the actor was spawned and not opened.
-spec initialize(ref()) -> nil.
initialize({_, _, Module, _} = Self) ->
    case beamtalk_actor:get_field(Self, engine) of
        Engine when is_pid(Engine) ->
            ok = beamtalk_subprocess_engine:adopt(Engine, Self),
            nil;
        _ ->
            Error = beamtalk_error:instantiation_error({'$bt_class', Module}, <<"it has no program">>),
            beamtalk_error:raise(Error#{hint := <<"use the class methods that begin with 'open:'">>})
    end.

%% ---------------------------------------------------------------------------------------------------
%% Forwarded messages: the sender goes on to wait for the engine
%% ---------------------------------------------------------------------------------------------------

%% @doc Passes a line to the program's input.
-spec 'writeLine:'(ref(), binary()) -> no_return().
'writeLine:'(Self, Data) when is_binary(Data) -> forward(Self, ?WRITE_LIMIT);
'writeLine:'(Self, _) -> beamtalk_argument:wrong('writeLine:', Self, "a line is a String or a Binary").

%% @doc Ends the program's input.
-spec closeInput(ref()) -> no_return().
closeInput(Self) -> forward(Self, ?WRITE_LIMIT).

%% @doc The next line, or nil at the end.
-spec readLine(ref()) -> no_return().
readLine(Self) -> forward(Self, infinity).

%% @doc The same; nil also when it does not come in time.
-spec 'readLine:'(ref(), non_neg_integer()) -> no_return().
'readLine:'(Self, Limit) -> limited('readLine:', Self, Limit).

%% @doc The next line of standard error, or nil at the end.
-spec readStderrLine(ref()) -> no_return().
readStderrLine(Self) -> forward(Self, infinity).

%% @doc The same; nil also when it does not come in time.
-spec 'readStderrLine:'(ref(), non_neg_integer()) -> no_return().
'readStderrLine:'(Self, Limit) -> limited('readStderrLine:', Self, Limit).

-spec limited(atom(), ref(), term()) -> no_return().
limited(_, Self, Limit) when is_integer(Limit), Limit >= 0, Limit < 1 bsl 32 -> forward(Self, infinity);
limited(Selector, Self, _) ->
    beamtalk_argument:wrong(Selector, Self, "the limit in milliseconds is an Integer from 0 on").

%% @doc How the program ended, or nil.
-spec exitCode(ref()) -> no_return().
exitCode(Self) -> forward(Self, ?WRITE_LIMIT).

%% @doc Ends the program.
-spec close(ref()) -> no_return().
close(Self) -> forward(Self, ?WRITE_LIMIT).

-spec forward(ref(), timeout()) -> no_return().
forward(Self, Limit) -> beamtalk_actor_server:forward(engine(Self), Limit).

engine({beamtalk_object, Class, Module, _} = Self) ->
    {beamtalk_object, Class, Module, beamtalk_actor:get_field(Self, engine)}.

%% ---------------------------------------------------------------------------------------------------
%% Streams, which ask the engine from whatever process reads them
%% ---------------------------------------------------------------------------------------------------

%% @doc The lines of the output.
-spec lines(ref()) -> beamtalk_stream:stream().
lines(Self) -> stream(<<"Stream(lines)">>, engine(Self), readLine).

%% @doc The lines of the standard error.
-spec stderrLines(ref()) -> beamtalk_stream:stream().
stderrLines(Self) -> stream(<<"Stream(stderrLines)">>, engine(Self), readStderrLine).

stream(Text, Engine, Selector) ->
    beamtalk_stream:generator(Text, fun() -> next_line(Engine, Selector) end).

next_line(Engine, Selector) ->
    fun() ->
        case beamtalk_actor:call(Engine, Selector, [], infinity) of
            nil -> [];
            Line -> [Line | next_line(Engine, Selector)]
        end
    end.
