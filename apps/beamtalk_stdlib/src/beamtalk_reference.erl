%% @doc Primitives of class Reference.
-module(beamtalk_reference).

-export(['<'/2, '>'/2, '<='/2, '>='/2, printString/1, demonitor/1]).

-include("beamtalk_term_order.hrl").

%% @doc For example `#Ref<0.1.2.3>'.
-spec printString(reference()) -> binary().
printString(Self) -> beamtalk_print:safe(Self).

%% @doc Ends the monitor that the calling process started with this reference, if there is one.
-spec demonitor(reference()) -> true.
demonitor(Self) -> true = erlang:demonitor(Self, [flush]).
