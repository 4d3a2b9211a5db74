-module(beamtalk_compiler_otp_tests).

-include_lib("eunit/include/eunit.hrl").

otp_test_() ->
    {setup, fun boundary_support:start/0, fun boundary_support:stop/1, [
        {"modules are compiled in order", fun modules_are_compiled_in_order/0},
        {"what OTP refuses is a diagnostic with a place", fun what_otp_refuses_is_a_diagnostic/0},
        {"terms that are no module are a diagnostic", fun terms_that_are_no_module_are_a_diagnostic/0},
        {"too long is a diagnostic", fun too_long_is_a_diagnostic/0},
        {"what the emulator would refuse is a diagnostic", fun what_the_emulator_refuses_is_a_diagnostic/0},
        {"too much memory is a diagnostic", fun too_much_memory_is_a_diagnostic/0},
        {"a killed caller takes its worker along", fun a_killed_caller_takes_its_worker_along/0},
        {"nothing is written to disk", fun nothing_is_written/0},
        {"nothing is left in the mailbox", fun nothing_is_left_in_the_mailbox/0}
    ]}.

modules_are_compiled_in_order() ->
    {ok, [{one, One}, {two, _}]} = beamtalk_compiler_otp:compile([{core(one), <<"about one">>}, core(two)], #{}),
    ?assertMatch({ok, {one, [{"BtIf", <<"about one">>}]}}, beam_lib:chunks(One, ["BtIf"])).

what_otp_refuses_is_a_diagnostic() ->
    Unbound = module(wrong, [function(f, cerl:c_var(nobody))]),
    {error, [Found]} = beamtalk_compiler_otp:compile([Unbound], #{}),
    ?assertMatch(#{code := <<"BT0205">>, phase := codegen, severity := error, message := <<_, _/binary>>}, Found).

terms_that_are_no_module_are_a_diagnostic() ->
    [
        ?assertMatch({error, [#{kind := _} | _]}, beamtalk_compiler_otp:compile([Term], #{}))
     || Term <- [{}, nonsense, {c_module, [], 1, 2, 3, 4}]
    ].

too_long_is_a_diagnostic() ->
    Result = beamtalk_compiler_otp:compile([large()], #{time_limit => 1}),
    ?assertMatch({error, [#{code := <<"BT0205">>, help := <<_/binary>>}]}, Result),
    free().

%% A loop is a function of its variables.
what_the_emulator_refuses_is_a_diagnostic() ->
    {ok, [{loop, _}]} = beamtalk_compiler_otp:compile([loop_over(255)], #{}),
    {error, [Found]} = beamtalk_compiler_otp:compile([loop_over(256)], #{}),
    ?assertMatch(#{code := <<"BT0205">>, message := <<"a loop or a block needs 256", _/binary>>, help := <<_/binary>>}, Found).

loop_over(Count) ->
    Loop = cerl:c_fname(loop, Count),
    Variables = [cerl:c_var(N) || N <- lists:seq(1, Count)],
    Again = cerl:c_fun(Variables, cerl:c_apply(Loop, Variables)),
    Begin = cerl:c_apply(Loop, [cerl:c_int(0) || _ <- Variables]),
    module(loop, [function(f, cerl:c_letrec([{Loop, Again}], Begin))]).

too_much_memory_is_a_diagnostic() ->
    Result = beamtalk_compiler_otp:compile([large()], #{max_heap_words => 100_000}),
    ?assertMatch({error, [#{code := <<"BT0205">>}]}, Result),
    free().

a_killed_caller_takes_its_worker_along() ->
    Core = large(),
    Pid = spawn(fun() -> beamtalk_compiler_otp:compile([Core], #{}) end),
    boundary_support:eventually(fun() -> map_get(running, beamtalk_compiler_limiter:info()) =:= 1 end),
    exit(Pid, kill),
    free().

nothing_is_written() ->
    {ok, Before} = file:list_dir("."),
    {ok, _} = beamtalk_compiler_otp:compile([core(one)], #{}),
    ?assertEqual({ok, Before}, file:list_dir(".")).

nothing_is_left_in_the_mailbox() ->
    {ok, _} = beamtalk_compiler_otp:compile([core(one)], #{}),
    {error, _} = beamtalk_compiler_otp:compile([large()], #{time_limit => 1}),
    {ok, _} = beamtalk_compiler:compile_module(<<"1 + 2">>, #{module => <<"m">>}),
    ?assertEqual({messages, []}, process_info(self(), messages)).

free() ->
    boundary_support:eventually(fun() -> map_get(running, beamtalk_compiler_limiter:info()) =:= 0 end).

core(Name) ->
    module(Name, [function(f, cerl:abstract(Name))]).

%% Takes OTP's compiler about a second.
large() ->
    Sum = lists:foldl(
        fun(N, Rest) ->
            Call = cerl:c_call(cerl:c_atom(other), cerl:c_atom(f), [cerl:c_int(N), cerl:c_var(N)]),
            cerl:c_let([cerl:c_var(N + 1)], Call, Rest)
        end,
        cerl:c_var(20_000),
        lists:seq(19_999, 1, -1)
    ),
    module(large, [{cerl:c_var({f, 1}), cerl:c_fun([cerl:c_var(1)], Sum)}]).

module(Name, Functions) ->
    cerl:c_module(cerl:c_atom(Name), [Var || {Var, _} <- Functions], Functions).

function(Name, Body) ->
    {cerl:c_var({Name, 0}), cerl:c_fun([], Body)}.
