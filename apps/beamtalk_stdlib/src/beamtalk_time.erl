%% @doc Primitives of class Time: the clock of the system, since the beginning of 1970 in UTC.
-module(beamtalk_time).

-export([nowS/1, nowMs/1, nowUs/1]).

-type class_object() :: beamtalk_class:class_object().

%% @doc Seconds.
-spec nowS(class_object()) -> integer().
nowS(_) -> erlang:system_time(second).

%% @doc Milliseconds.
-spec nowMs(class_object()) -> integer().
nowMs(_) -> erlang:system_time(millisecond).

%% @doc Microseconds.
-spec nowUs(class_object()) -> integer().
nowUs(_) -> erlang:system_time(microsecond).
