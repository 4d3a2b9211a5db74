%% @doc Classes declared `native:', with this module behind them: its functions for a Value and an Object class, its
%% gen_server callbacks for an actor.
-module(native_SUITE).

-behaviour(gen_server).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-export([all/0, init_per_suite/1, end_per_suite/1, init_per_testcase/2, end_per_testcase/2]).
-export([
    functions_of_a_value/1,
    functions_of_an_object/1,
    errors_of_functions/1,
    an_actor_has_a_process/1,
    an_actor_mixes_bodies/1,
    creation_fails_with_its_process/1,
    the_two_end_together/1,
    time_limits/1,
    a_cycle_is_found/1,
    subclasses_share_the_module/1
]).

%% What the classes delegate to.
-export(['times:'/2, 'unit:'/2, 'parse:'/2, 'parse:'/1, 'split:into:'/2, codes/0, fail/0, wrong/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

all() ->
    [
        functions_of_a_value,
        functions_of_an_object,
        errors_of_functions,
        an_actor_has_a_process,
        an_actor_mixes_bodies,
        creation_fails_with_its_process,
        the_two_end_together,
        time_limits,
        a_cycle_is_found,
        subclasses_share_the_module
    ].

init_per_suite(Config) ->
    {ok, Started} = application:ensure_all_started(beamtalk_workspace),
    Directory = ?config(priv_dir, Config),
    [ok = file:write_file(filename:join(Directory, Name), Source) || {Name, Source} <- sources()],
    {ok, #{diagnostics := []}} = beamtalk_workspace:load([Directory]),
    [{started, Started} | Config].

end_per_suite(Config) ->
    lists:foreach(fun application:stop/1, lists:reverse(?config(started, Config))).

init_per_testcase(_, Config) ->
    {ok, Session} = beamtalk_workspace:open_session(),
    [{session, Session} | Config].

end_per_testcase(_, Config) ->
    beamtalk_workspace:close_session(?config(session, Config)).

sources() ->
    [
        {"length.bt",
            "Value subclass: Length native: native_SUITE\n"
            "  field: metres :: Integer = 0\n\n"
            "  class unit: n :: Integer -> Length => self delegate\n"
            "  times: n :: Integer -> Length => self delegate\n"
            "  doubled -> Length => self times: 2\n"},
        {"tools.bt",
            "Object subclass: Tools native: native_SUITE handleScope: #process\n"
            "  class parse: text :: String -> Result => self delegate\n"
            "  class split: text :: String into: n :: Integer -> List => self delegate\n"
            "  class codes -> List => self delegate\n"
            "  class fail -> Never => self delegate\n"
            "  class wrong -> Never => self delegate\n"
            "  class missing -> Never => self delegate\n"
            "  class plain => #plain\n"},
        {"stack.bt",
            "Actor subclass: Stack native: native_SUITE handleScope: #process\n"
            "  push: x :: Object -> Integer => self delegate\n"
            "  pop -> Result => self delegate\n"
            "  later: x :: Object -> Object => self delegate\n"
            "  sleep: ms :: Integer -> Symbol => self delegate\n"
            "  crash -> Never => self delegate\n"
            "  quit -> Symbol => self delegate\n"
            "  ask: actor :: Object -> Object => self delegate\n"
            "  pushAll: list :: List -> Integer => list inject: 0 into: [:_ :each | self push: each]\n"
            "  replaceTop: x :: Object -> Integer =>\n"
            "    self pop\n"
            "    self push: x\n"
            "  size -> Integer => self delegate\n"},
        {"deep.bt", "Stack subclass: DeepStack\n  state: used = 0\n  use => self.used := self.used + self size\n"}
    ].

%% ---------------------------------------------------------------------------------------------------
%% What the classes delegate to
%% ---------------------------------------------------------------------------------------------------

'times:'(#{metres := Metres} = Length, N) -> Length#{metres := Metres * N}.

'unit:'(_, _) -> error(class_methods_get_no_receiver).

'parse:'(_, _) -> error(class_methods_get_no_receiver).

'parse:'(Text) ->
    try
        {ok, binary_to_integer(Text)}
    catch
        error:badarg -> {error, not_a_number}
    end.

'split:into:'(Text, N) -> [binary:part(Text, 0, N), binary:part(Text, N, byte_size(Text) - N)].

codes() -> "abc".

fail() -> error(badarith).

wrong() -> error(badarg).

init(#{fail := Reason}) -> {stop, Reason};
init(Given) -> {ok, maps:get(elements, Given, [])}.

handle_call({'push:', [X]}, _, Elements) -> {reply, length(Elements) + 1, [X | Elements]};
handle_call({pop, []}, _, []) -> {reply, {error, empty}, []};
handle_call({pop, []}, _, [Top | Elements]) -> {reply, {ok, Top}, Elements};
handle_call({size, []}, _, Elements) -> {reply, length(Elements), Elements};
handle_call({'later:', [X]}, From, Elements) ->
    self() ! {reply, From, X},
    {noreply, Elements};
handle_call({'sleep:', [Ms]}, _, Elements) ->
    timer:sleep(Ms),
    {reply, done, Elements};
handle_call({'ask:', [Actor]}, _, Elements) ->
    Answer =
        try
            beamtalk_runtime:send(Actor, size, [])
        catch
            error:#{kind := Kind} -> Kind
        end,
    {reply, Answer, Elements};
handle_call({quit, []}, _, Elements) -> {stop, normal, bye, Elements}.

handle_cast(_, Elements) -> {noreply, Elements}.

handle_info({reply, From, X}, Elements) ->
    gen_server:reply(From, X),
    {noreply, Elements}.

terminate(Reason, [{tell, Pid} | _]) -> Pid ! {terminated, Reason};
terminate(_, _) -> ok.

%% ---------------------------------------------------------------------------------------------------
%% Cases
%% ---------------------------------------------------------------------------------------------------

functions_of_a_value(Config) ->
    ?assertEqual(<<"Length(metres: 6)">>, value(Config, "((Length metres: 3) times: 2) printString")),
    ?assertEqual(<<"Length(metres: 8)">>, value(Config, "(Length metres: 4) doubled printString")),
    ?assertMatch({error, #{reason := compile}}, evaluate(Config, "Length new")).

functions_of_an_object(Config) ->
    ?assertEqual(12, value(Config, "(Tools parse: \"12\") value")),
    ?assertEqual(<<"not_a_number">>, value(Config, "(Tools parse: \"x\") error message")),
    ?assertEqual([<<"ab">>, <<"c">>], value(Config, "Tools split: \"abc\" into: 2")),
    %% The module is written for the language: a list is a list.
    ?assertEqual("abc", value(Config, "Tools codes")),
    ?assertEqual(plain, value(Config, "Tools plain")),
    ?assertMatch({error, #{reason := compile}}, evaluate(Config, "Tools new")),
    ?assertEqual(instantiation_error, value(Config, "[Tools perform: #new] on: Error do: [:e | e kind]")),
    ?assertEqual(runtime_error, value(Config, "[3 delegate] on: Error do: [:e | e kind]")).

errors_of_functions(Config) ->
    Kind = fun(Call) -> value(Config, ["[", Call, "] on: Exception do: [:e | #(e kind, e errorClass)]"]) end,
    ?assertMatch([type_error, _], Kind("Tools fail")),
    ?assertEqual([type_error, 'ErlangModule'], Kind("Tools wrong")),
    ?assertEqual([does_not_understand, 'ErlangModule'], Kind("Tools missing")),
    ?assertMatch([does_not_understand, _], Kind("Length unit: 3")).

an_actor_has_a_process(Config) ->
    _ = value(Config, "s := Stack spawn"),
    ?assertEqual(1, value(Config, "s push: #a")),
    ?assertEqual(2, value(Config, "s push: #b")),
    ?assertEqual(b, value(Config, "s pop value")),
    ?assertEqual(late, value(Config, "s later: #late")),
    ?assertEqual(<<"empty">>, value(Config, "s pop. s pop error message")),
    _ = value(Config, "s push: 1!"),
    ?assertEqual(1, value(Config, "s size")),
    _ = value(Config, "t := Stack spawnWith: #{#elements => #(1, 2, 3)}"),
    ?assertEqual(3, value(Config, "t size")),
    ?assertEqual(ok, value(Config, "t stop")),
    ?assertEqual(actor_dead, value(Config, "[t size] on: Error do: [:e | e kind]")).

an_actor_mixes_bodies(Config) ->
    _ = value(Config, "s := Stack spawn"),
    ?assertEqual(3, value(Config, "s pushAll: #(1, 2, 3)")),
    ?assertEqual(3, value(Config, "s replaceTop: 9")),
    ?assertEqual(9, value(Config, "s pop value")),
    ?assertEqual(does_not_understand, value(Config, "[s zork] on: Error do: [:e | e kind]")),
    ?assertEqual(2, value(Config, "s size")).

creation_fails_with_its_process(Config) ->
    Spawn = "[Stack spawnWith: #{#fail => #bad}] on: InstantiationError do: [:e | e kind]",
    ?assertEqual(instantiation_error, value(Config, Spawn)),
    _ = value(Config, "Actor subclass: NoSuch native: no_such_module_anywhere\n  go -> Symbol => self delegate\n\n"),
    ?assertEqual(instantiation_error, value(Config, "[NoSuch spawn] on: InstantiationError do: [:e | e kind]")).

the_two_end_together(Config) ->
    Self = self(),
    [Stop, Kill, Crash, Quit] = [
        beamtalk_runtime:send({'$bt_class', 'bt@stack'}, 'spawnWith:', [#{elements => [{tell, Self}]}])
     || _ <- [1, 2, 3, 4]
    ],
    Process = fun(Actor) -> beamtalk_runtime:send(Actor, pid, []) end,
    Monitors = [{A, monitor(process, Process(A))} || A <- [Stop, Kill, Crash, Quit]],
    ok = beamtalk_runtime:send(Stop, stop, []),
    ?assertEqual(normal, terminated()),
    ok = beamtalk_runtime:send(Kill, kill, []),
    _ = (catch beamtalk_runtime:send(Crash, crash, [])),
    ?assertMatch({function_clause, _}, terminated()),
    ?assertEqual(bye, beamtalk_runtime:send(Quit, quit, [])),
    ?assertEqual(normal, terminated()),
    [
        receive
            {'DOWN', Monitor, process, _, _} -> ok
        after 5000 -> ct:fail({still_alive, Actor})
        end
     || {Actor, Monitor} <- Monitors
    ],
    _ = Config.

terminated() ->
    receive
        {terminated, Reason} -> Reason
    after 5000 -> ct:fail(not_terminated)
    end.

time_limits(Config) ->
    _ = value(Config, "s := Stack spawn"),
    _ = value(Config, "quick := s withTimeout: 50"),
    ?assertEqual(timeout, value(Config, "[quick sleep: 400] on: Error do: [:e | e kind]")),
    _ = value(Config, "slow := s withTimeout: 20000"),
    ?assertEqual(done, value(Config, "slow sleep: 10")).

%% The process behind an actor asks the actor that waits for it.
a_cycle_is_found(Config) ->
    _ = value(Config, "s := Stack spawn"),
    ?assertEqual(deadlock_detected, value(Config, "s ask: s")),
    ?assertEqual(0, value(Config, "s ask: Stack spawn")).

subclasses_share_the_module(Config) ->
    _ = value(Config, "d := DeepStack spawn"),
    ?assertEqual(2, value(Config, "d pushAll: #(1, 2). d use")),
    ?assertEqual(4, value(Config, "d use")).

evaluate(Config, Source) ->
    beamtalk_session:evaluate(?config(session, Config), unicode:characters_to_binary(Source)).

value(Config, Source) ->
    case evaluate(Config, Source) of
        {ok, #{value := Value}} -> Value;
        {error, Failure} -> ct:fail({Source, Failure})
    end.
