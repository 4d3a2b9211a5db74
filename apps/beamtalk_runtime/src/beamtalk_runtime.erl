%% @doc Entry point of the runtime for Erlang code.
-module(beamtalk_runtime).

-export([send/3, cast/3, class/1, info/0]).

-export_type([info/0]).

-type info() :: #{
    version := binary(),
    classes := non_neg_integer(),
    extensions := non_neg_integer(),
    class_variables := non_neg_integer(),
    locks := non_neg_integer(),
    slow_requests := non_neg_integer()
}.

%% @doc Sends a message to any object.
-spec send(term(), atom(), [term()]) -> term().
send(Receiver, Selector, Args) ->
    beamtalk_dispatch:send(Receiver, Selector, Args).

%% @doc Sends a message without waiting for its effect.
-spec cast(term(), atom(), [term()]) -> nil.
cast(Receiver, Selector, Args) ->
    beamtalk_dispatch:cast(Receiver, Selector, Args).

%% @doc Class object of a name.
-spec class(atom()) -> {ok, beamtalk_class:class_object()} | error.
class(Name) ->
    beamtalk_class:lookup(Name).

%% @doc Version and present sizes. `slow_requests' counts synchronous sends that have been waiting for
%% longer than a moment.
-spec info() -> info().
info() ->
    #{
        version => version(),
        classes => table_size(beamtalk_classes),
        extensions => table_size(beamtalk_extensions),
        class_variables => table_size(beamtalk_class_vars),
        locks => table_size(beamtalk_locks),
        slow_requests => table_size(beamtalk_waits)
    }.

version() ->
    case application:get_key(beamtalk_runtime, vsn) of
        {ok, Version} -> beamtalk_print:text(Version);
        undefined -> <<"unknown">>
    end.

table_size(Table) ->
    case ets:info(Table, size) of
        undefined -> 0;
        Size -> Size
    end.
