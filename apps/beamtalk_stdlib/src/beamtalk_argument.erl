%% @doc Refusal of arguments that a primitive cannot work with.
-module(beamtalk_argument).

-export([wrong/3, is_text/1, is_symbol/1]).

%% @doc Raises type_error; `Expected' says in the hint what the message wants.
-spec wrong(atom(), term(), unicode:chardata()) -> no_return().
wrong(Selector, Self, Expected) ->
    Error = beamtalk_error:type_error(Selector, Self),
    beamtalk_error:raise(Error#{hint := beamtalk_print:text(Expected)}).

%% @doc True for a String: a binary in UTF-8.
-spec is_text(term()) -> boolean().
is_text(Term) ->
    is_binary(Term) andalso beamtalk_dispatch:is_utf8(Term).

%% @doc True for a Symbol: an atom that is neither nil nor a Boolean.
-spec is_symbol(term()) -> boolean().
is_symbol(Term) ->
    is_atom(Term) andalso not lists:member(Term, [nil, true, false]).
