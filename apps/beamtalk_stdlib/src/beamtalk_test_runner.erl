%% @doc Primitives of class TestRunner: which tests there are, and running those of several classes.
-module(beamtalk_test_runner).

-export(['runAll:'/2, 'run:'/2, 'run:method:'/3]).
-export([is_test_class/1, is_serial/1, selectors/1]).

-define(TEST_CASE, {'$bt_class', 'bt@stdlib@test_case'}).

-type class_object() :: beamtalk_class:class_object().
-type result() :: beamtalk_test_result:result().

%% @doc Runs all test classes, so many at a time; 0 stands for one for each scheduler.
-spec 'runAll:'(class_object(), non_neg_integer()) -> result().
'runAll:'(Self, 0) ->
    'runAll:'(Self, erlang:system_info(schedulers_online));
'runAll:'(_, Jobs) when is_integer(Jobs), Jobs > 0 ->
    {Serial, Concurrent} = lists:partition(fun is_serial/1, test_classes()),
    timed(fun() ->
        lists:append(beamtalk_tasks:map(fun run_class/1, Concurrent, Jobs) ++ lists:map(fun run_class/1, Serial))
    end);
'runAll:'(Self, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('runAll:', Self)).

%% @doc Runs the tests of a class.
-spec 'run:'(class_object(), term()) -> result().
'run:'(Self, Class) ->
    ok = check_class('run:', Self, Class),
    timed(fun() -> run_class(Class) end).

%% @doc Runs one method of a class as a test.
-spec 'run:method:'(class_object(), term(), term()) -> result().
'run:method:'(Self, Class, Selector) ->
    ok = check_class('run:method:', Self, Class),
    ok = check(is_unary(Selector), 'run:method:', Self),
    timed(fun() -> run_tests(Class, [Selector]) end).

check_class(Message, Self, Class) ->
    check(is_test_class(Class), Message, Self).

check(true, _, _) -> ok;
check(false, Message, Self) -> beamtalk_error:raise(beamtalk_error:type_error(Message, Self)).

%% @doc Whether an object is a class of tests. It may be abstract.
-spec is_test_class(term()) -> boolean().
is_test_class({'$bt_class', _} = Class) -> beamtalk_behaviour:'includesBehaviour:'(Class, ?TEST_CASE);
is_test_class(_) -> false.

is_unary(Selector) when is_atom(Selector) -> beamtalk_name:arity(Selector) =:= 0;
is_unary(_) -> false.

timed(Run) ->
    Start = erlang:monotonic_time(),
    Tests = Run(),
    Elapsed = erlang:convert_time_unit(erlang:monotonic_time() - Start, native, microsecond),
    beamtalk_test_result:new(Tests, Elapsed / 1_000_000).

run_class(Class) ->
    run_tests(Class, selectors(Class)).

run_tests({'$bt_class', Module} = Class, Selectors) ->
    Runs = beamtalk_test_suite:run(Class, Selectors),
    [{Module, Selector, Outcome} || #{selector := Selector, outcome := Outcome} <- Runs].

%% @doc Whether no other class may be tested at the same time.
-spec is_serial(class_object()) -> boolean().
is_serial(Class) ->
    beamtalk_dispatch:send(Class, serial, []) =:= true.

test_classes() ->
    lists:sort(fun is_before/2, [
        Class
     || {_, Module} = Class <- beamtalk_behaviour:allSubclasses(?TEST_CASE),
        not is_abstract(beamtalk_hierarchy:info(Module))
    ]).

is_before({_, A}, {_, B}) ->
    beamtalk_hierarchy:name(A) =< beamtalk_hierarchy:name(B).

is_abstract(#{flags := Flags}) -> lists:member(abstract, Flags);
is_abstract(_) -> false.

%% @doc The tests of a class, sorted; none when it is abstract. The generated getter of a field whose name happens to
%% start like that of a test is none.
-spec selectors(class_object()) -> [atom()].
selectors({_, Module} = Class) ->
    [
        Selector
     || Selector <- beamtalk_behaviour:allMethods(Class),
        is_unary(Selector),
        lists:prefix("test", atom_to_list(Selector)),
        not is_getter(beamtalk_hierarchy:info(beamtalk_hierarchy:definer(instance, Module, Selector)), Selector)
    ].

is_getter(#{fields := Fields, methods := Methods}, Selector) ->
    lists:member(Selector, Fields) andalso not is_map_key({instance, Selector}, Methods).
