%% @doc Primitives of class Symbol. Symbols are atoms.
-module(beamtalk_symbol).

-export(['<'/2, '>'/2, '<='/2, '>='/2, asString/1, printString/1]).

-include("beamtalk_term_order.hrl").

%% @doc The text.
-spec asString(atom()) -> binary().
asString(Self) -> atom_to_binary(Self).

%% @doc The text after a `#'.
-spec printString(atom()) -> binary().
printString(Self) -> <<"#", (atom_to_binary(Self))/binary>>.
