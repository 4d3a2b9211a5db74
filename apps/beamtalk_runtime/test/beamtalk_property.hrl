%% The two macros of proper.hrl that the suites use; Debian packages that header apart from PropEr.
-define(FORALL(Pattern, Type, Property), proper:forall(Type, fun(Pattern) -> Property end)).
-define(BIND(Pattern, Type, Result), proper_types:bind(Type, fun(Pattern) -> Result end, false)).

-define(assertProperty(Property, Tests),
    ?assert(proper:quickcheck(Property, [{numtests, Tests}, quiet]))
).
