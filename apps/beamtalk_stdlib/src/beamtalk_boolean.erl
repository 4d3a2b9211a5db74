%% @doc Primitives of class Boolean: comparison with values of any class.
-module(beamtalk_boolean).

-export(['<'/2, '>'/2, '<='/2, '>='/2]).

-include("beamtalk_term_order.hrl").
