-module(beamtalk_compiler_event_tests).

-include_lib("eunit/include/eunit.hrl").

-export([handle/3, fail/3]).

event_test_() ->
    {setup, fun boundary_support:start/0, fun boundary_support:stop/1, [
        fun a_request_is_an_event/0,
        fun a_handler_that_fails_harms_nobody/0
    ]}.

a_request_is_an_event() ->
    Events = with_handler(handle, fun() -> beamtalk_compiler:compile_module(<<"1 + 2">>, #{module => <<"m">>}) end),
    [{[beamtalk, compiler, request, stop], Measured, About}] = named(request, Events),
    ?assertMatch(#{duration := _, wait := _, bytes := 5}, Measured),
    ?assertMatch(#{backend := _, operation := compile, result := ok}, About),
    ?assertMatch([{_, #{bytes := _}, #{module := m, result := ok}}], named(otp, Events)).

a_handler_that_fails_harms_nobody() ->
    logger:set_module_level(beamtalk_compiler_event, none),
    with_handler(fail, fun() -> ?assertEqual({ok, []}, beamtalk_compiler:diagnostics(<<"1 + 2">>)) end),
    logger:unset_module_level(beamtalk_compiler_event).

%% The handler runs in the process that works.
with_handler(Function, Work) ->
    true = register(?MODULE, self()),
    ok = application:set_env(beamtalk_compiler, event_handler, {?MODULE, Function}),
    try
        Work(),
        collected()
    after
        ok = application:unset_env(beamtalk_compiler, event_handler),
        unregister(?MODULE)
    end.

collected() ->
    receive
        {event, Event} -> [Event | collected()]
    after 0 -> []
    end.

named(Kind, Events) ->
    [Event || {[beamtalk, compiler, K | _], _, _} = Event <- Events, K =:= Kind].

handle(Event, Measurements, Metadata) ->
    ?MODULE ! {event, {Event, Measurements, Metadata}}.

fail(_Event, _Measurements, _Metadata) ->
    error(provoked).
