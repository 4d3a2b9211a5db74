%% @doc What happens in the compiler, for whoever measures it. Events have the shape of `telemetry', which is called
%% where it is loaded; an application that has something else sets `{event_handler, {Module, Function}}' in the
%% environment of `beamtalk_compiler'. The handler is called as `Module:Function(Event, Measurements, Metadata)'.
%%
%% <ul>
%% <li>`[beamtalk, compiler, request, stop]': measurements `duration', `wait' (native time units) and `bytes' of the
%%     source, metadata `backend', `operation', `result'</li>
%% <li>`[beamtalk, compiler, otp, stop]': measurements `duration' and `bytes' of the code, metadata `module',
%%     `result'</li>
%% <li>`[beamtalk, compiler, panic]': measurements `count', metadata `backend', `operation', `panic'</li>
%% <li>`[beamtalk, compiler, backend, selected]': metadata `backend', `why'</li>
%% <li>`[beamtalk, compiler, port, exit]': measurements `delay' in milliseconds, metadata `reason'</li>
%% </ul>
-module(beamtalk_compiler_event).

-include_lib("kernel/include/logger.hrl").

-export([emit/3]).

-type name() :: [atom(), ...].

%% @doc Tells the handlers. A handler that fails is logged and harms nobody.
-spec emit(name(), #{atom() => number()}, map()) -> ok.
emit(Event, Measurements, Metadata) ->
    Name = [beamtalk, compiler | Event],
    lists:foreach(fun(Handler) -> call(Handler, Name, Measurements, Metadata) end, handlers()).

handlers() ->
    Configured =
        case application:get_env(beamtalk_compiler, event_handler) of
            {ok, {Module, Function}} when is_atom(Module), is_atom(Function) -> [{Module, Function}];
            _ -> []
        end,
    %% Asking for a function of a module that is not loaded does not load it: events are on the hot path.
    case erlang:function_exported(telemetry, execute, 3) of
        true -> [{telemetry, execute} | Configured];
        false -> Configured
    end.

call({Module, Function}, Name, Measurements, Metadata) ->
    try
        _ = Module:Function(Name, Measurements, Metadata),
        ok
    catch
        Class:Reason ->
            ?LOG_WARNING(#{event => Name, handler => {Module, Function}, failure => {Class, Reason}})
    end.
