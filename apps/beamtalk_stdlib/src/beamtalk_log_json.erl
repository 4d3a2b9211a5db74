%% @doc A formatter for OTP's logger: one JSON object a line.
-module(beamtalk_log_json).

-export([format/2]).

%% @doc Formats an event.
-spec format(logger:log_event(), logger:formatter_config()) -> unicode:chardata().
format(#{level := Level, meta := Meta} = Event, _Config) ->
    Object = maps:merge(facts(Meta), #{
        <<"time">> => unicode:characters_to_binary(calendar:system_time_to_rfc3339(time(Meta), [{unit, microsecond}])),
        <<"level">> => atom_to_binary(Level),
        <<"message">> => message(Event)
    }),
    {ok, Text} = beamtalk_json_encode:encode(Object),
    [Text, $\n].

time(#{time := Time}) -> Time;
time(_) -> os:system_time(microsecond).

message(Event) ->
    Text = logger_formatter:format(Event, #{template => [msg], single_line => true}),
    unicode:characters_to_binary(Text).

%% What is no text is shown as Erlang shows it.
facts(Meta) ->
    Kept = maps:without([time, gl, report_cb, error_logger, domain], Meta),
    maps:fold(fun(Key, Value, Acc) -> Acc#{shown(Key) => shown(Value)} end, #{}, Kept).

shown(Value) when is_atom(Value) -> atom_to_binary(Value);
shown(Value) when is_integer(Value) -> Value;
shown(Value) -> beamtalk_print:text(io_lib:format("~0tp", [Value])).
