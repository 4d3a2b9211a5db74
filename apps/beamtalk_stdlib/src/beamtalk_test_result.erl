%% @doc Results of test runs: their representation, and the primitives of class TestResult.
-module(beamtalk_test_result).

-export([new/2, failed_tests/1]).
-export([passed/1, failed/1, skipped/1, duration/1, failures/1, descriptions/1]).

-export_type([result/0, test/0]).

-define(CLASS, 'bt@stdlib@test_result').

-type test() :: {module(), Selector :: atom(), beamtalk_test_suite:outcome()}.
%% A test that was run, with its class.

-type result() :: #{'$beamtalk_class' := ?CLASS, tests := [test()], duration := float()}.

%% @doc The result of tests that took so many seconds.
-spec new([test()], float()) -> result().
new(Tests, Seconds) ->
    #{'$beamtalk_class' => ?CLASS, tests => Tests, duration => Seconds}.

%% @doc The tests that failed, with what they raised.
-spec failed_tests(result()) -> [{module(), Selector :: atom(), beamtalk_error:exception()}].
failed_tests(#{tests := Tests}) ->
    [{Module, Selector, Exception} || {Module, Selector, {failed, Exception}} <- Tests].

%% @doc Number of tests that passed.
-spec passed(result()) -> non_neg_integer().
passed(#{tests := Tests}) -> length([Test || {_, _, passed} = Test <- Tests]).

%% @doc Number of tests that failed.
-spec failed(result()) -> non_neg_integer().
failed(#{tests := Tests}) -> length([Test || {_, _, {failed, _}} = Test <- Tests]).

%% @doc Number of tests that were skipped.
-spec skipped(result()) -> non_neg_integer().
skipped(#{tests := Tests}) -> length([Test || {_, _, {skipped, _}} = Test <- Tests]).

%% @doc Seconds that the run took.
-spec duration(result()) -> float().
duration(#{duration := Seconds}) -> Seconds.

%% @doc A Dictionary for each test that failed.
-spec failures(result()) -> [#{name := atom(), error := binary()}].
failures(Self) ->
    [
        #{name => Selector, error => beamtalk_exception:message(Exception)}
     || {_, Selector, Exception} <- failed_tests(Self)
    ].

%% @doc A text for each test that failed.
-spec descriptions(result()) -> [binary()].
descriptions(Self) ->
    [description(Failed) || Failed <- failed_tests(Self)].

description({Module, Selector, Exception}) ->
    beamtalk_print:text([
        beamtalk_hierarchy:name(Module), ">>", atom_to_binary(Selector), ": ", beamtalk_error:format(Exception)
    ]).
