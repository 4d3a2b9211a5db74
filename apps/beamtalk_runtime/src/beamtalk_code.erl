%% @doc What a class is asked and only a compiler can do. The runtime does not name the compiler: whoever can
%% compile sets `code_callback' in the environment of `beamtalk_runtime', as `{Module, Function}'.
-module(beamtalk_code).

-export([request/1, removed/1]).

-export_type([request/0]).

-type request() ::
    {compile | check, beamtalk_behaviour:behaviour(), Selector :: atom(), Source :: binary()}
    | {remove, beamtalk_behaviour:behaviour(), Selector :: atom()}
    | {reload, module(), File :: binary()}
    | {load, Path :: binary()}
    | {removed, Name :: atom()}.
%% What `Function(Request)' is to do. It answers `{ok, Value}' or `{error, Exception}'.

%% @doc Asks for something that needs the compiler; raises where it fails or where there is none.
-spec request(request()) -> term().
request(Request) ->
    case application:get_env(beamtalk_runtime, code_callback) of
        {ok, {Module, Function}} -> answer(Module:Function(Request));
        undefined -> beamtalk_error:raise(runtime_error, <<"there is no compiler in this node">>, hint())
    end.

answer({ok, Value}) -> Value;
answer({error, Exception}) -> beamtalk_error:raise(Exception).

hint() ->
    #{hint => <<"start the application beamtalk_workspace">>}.

%% @doc A class is gone: the compiler has to forget what it knows of it.
-spec removed(Name :: atom()) -> ok.
removed(Name) ->
    case application:get_env(beamtalk_runtime, code_callback) of
        {ok, {Module, Function}} -> answer(Module:Function({removed, Name}));
        undefined -> ok
    end.
