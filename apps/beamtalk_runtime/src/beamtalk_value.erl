%% @doc Primitives of class Value, named by selector.
-module(beamtalk_value).

-export([new/1, 'new:'/2, printString/1]).

%% @doc `new': an instance with the defaults of its fields.
-spec new(beamtalk_class:class_object()) -> map().
new(Class) -> beamtalk_class:new(Class).

%% @doc `new:': the same with a Dictionary of overrides.
-spec 'new:'(beamtalk_class:class_object(), term()) -> map().
'new:'(Class, Fields) -> beamtalk_class:'new:'(Class, Fields).

%% @doc `printString': class name and fields.
-spec printString(map()) -> binary().
printString(Self) -> beamtalk_print:structure(Self).
