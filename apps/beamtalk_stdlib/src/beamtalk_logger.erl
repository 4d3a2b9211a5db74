%% @doc Primitives of class Logger, by OTP's logger.
-module(beamtalk_logger).

-export([
    'info:metadata:'/3, 'warn:metadata:'/3, 'error:metadata:'/3, 'debug:metadata:'/3
]).

-type class_object() :: beamtalk_class:class_object().

%% What the logger and its handlers take for their own.
-define(RESERVED, [time, gl, domain, report_cb, mfa, pid, file, line, error_logger, msg_formatter, format_depth]).

%% @doc Level `info'.
-spec 'info:metadata:'(class_object(), binary(), map()) -> nil.
'info:metadata:'(Self, Message, Metadata) -> log(info, 'info:metadata:', Self, Message, Metadata).

%% @doc Level `warning'.
-spec 'warn:metadata:'(class_object(), binary(), map()) -> nil.
'warn:metadata:'(Self, Message, Metadata) -> log(warning, 'warn:metadata:', Self, Message, Metadata).

%% @doc Level `error'.
-spec 'error:metadata:'(class_object(), binary(), map()) -> nil.
'error:metadata:'(Self, Message, Metadata) -> log(error, 'error:metadata:', Self, Message, Metadata).

%% @doc Level `debug'.
-spec 'debug:metadata:'(class_object(), binary(), map()) -> nil.
'debug:metadata:'(Self, Message, Metadata) -> log(debug, 'debug:metadata:', Self, Message, Metadata).

log(Level, Selector, Self, Message, Metadata) ->
    beamtalk_argument:is_text(Message) orelse
        beamtalk_argument:wrong(Selector, Self, "the message is a String"),
    is_map(Metadata) andalso not is_map_key('$beamtalk_class', Metadata) orelse
        beamtalk_argument:wrong(Selector, Self, "the metadata are a Dictionary"),
    check_keys([Key || Key <- ?RESERVED, is_map_key(Key, Metadata)], Selector, Self),
    ok = logger:log(Level, "~ts", [Message], Metadata),
    nil.

check_keys([], _, _) ->
    ok;
check_keys([Key | _], Selector, Self) ->
    Hint = ["the key ", beamtalk_print:safe(Key), " belongs to the logger itself: choose another"],
    beamtalk_argument:wrong(Selector, Self, Hint).
