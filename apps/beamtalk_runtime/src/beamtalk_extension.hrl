%% The set of extended selectors, a map from selector to `true'; absent while there is no extension.
%% The key is a plain atom, because hashing it is part of every inherited send, and dispatch reads the
%% term directly for the same reason.
-define(EXTENDED_SELECTORS, beamtalk_extended_selectors).
