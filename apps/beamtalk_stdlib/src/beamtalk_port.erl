%% @doc Primitives of class Port.
-module(beamtalk_port).

-export(['<'/2, '>'/2, '<='/2, '>='/2, printString/1]).

-include("beamtalk_term_order.hrl").

%% @doc For example `#Port<0.5>'.
-spec printString(port()) -> binary().
printString(Self) -> beamtalk_print:safe(Self).
