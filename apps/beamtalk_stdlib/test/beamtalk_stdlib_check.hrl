%% Cases as data: `{Module, Function, Args, Expected}'. What is expected is a value, or
%% `{kind, Kind}' or `{kind, Kind, Message}' of the exception.

-include_lib("eunit/include/eunit.hrl").

%% The macros of proper.hrl that the suites use; Debian packages that header apart from PropEr.
-define(FORALL(Pattern, Type, Property), proper:forall(Type, fun(Pattern) -> Property end)).
-define(BIND(Pattern, Type, Result), proper_types:bind(Type, fun(Pattern) -> Result end, false)).

check(Cases) ->
    [{title(Case), fun() -> check_case(Case) end} || Case <- Cases].

title({Module, Function, Args, _}) ->
    lists:flatten(io_lib:format("~ts:~ts ~0tp", [Module, Function, Args])).

check_case({Module, Function, Args, {kind, Kind}}) ->
    ?assertMatch(#{kind := Kind}, exception(Module, Function, Args));
check_case({Module, Function, Args, {kind, Kind, Message}}) ->
    ?assertMatch(#{kind := Kind, message := Message}, exception(Module, Function, Args));
check_case({Module, Function, Args, Expected}) ->
    ?assertEqual(Expected, apply(Module, Function, Args)).

exception(Module, Function, Args) ->
    try apply(Module, Function, Args) of
        Value -> {no_exception, Value}
    catch
        Class:Reason:Stack -> beamtalk_error:from_erlang(Class, Reason, Stack)
    end.
