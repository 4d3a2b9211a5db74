%% @doc Primitives of class UndefinedObject: comparison with values of any class.
-module(beamtalk_undefined_object).

-export(['<'/2, '>'/2, '<='/2, '>='/2]).

-include("beamtalk_term_order.hrl").
