%% @doc Time limits and intervals as programs give them.
-module(beamtalk_limit).

-export([milliseconds/1]).

%% @doc A number of milliseconds from an Integer, `#infinity' or a Duration; none of them may be negative.
-spec milliseconds(term()) -> timeout() | invalid.
milliseconds(infinity) -> infinity;
milliseconds(Ms) when is_integer(Ms), Ms >= 0 -> Ms;
milliseconds(#{'$beamtalk_class' := 'bt@stdlib@duration'} = Duration) ->
    milliseconds(beamtalk_dispatch:send(Duration, asMilliseconds, []));
milliseconds(_) -> invalid.
