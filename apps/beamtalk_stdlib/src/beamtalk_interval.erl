%% @doc Primitives of class Interval. An interval is its three fields; the numbers are never stored.
-module(beamtalk_interval).

-export([new/4, asList/1]).

-export_type([interval/0]).

-define(CLASS, 'bt@stdlib@interval').

-type interval() :: #{
    '$beamtalk_class' := ?CLASS, from := integer(), to := integer(), step := integer()
}.

%% @doc The interval that the message `Selector' asks for.
-spec new(atom(), integer(), integer(), integer()) -> interval().
new(Selector, From, To, Step) when not is_integer(To); not is_integer(Step) ->
    beamtalk_error:raise(beamtalk_error:type_error(Selector, From));
new(Selector, _, _, 0) ->
    beamtalk_error:raise(beamtalk_error:argument_error(<<"the step must not be 0">>, Selector));
new(_, From, To, Step) ->
    #{'$beamtalk_class' => ?CLASS, from => From, to => To, step => Step}.

%% @doc The numbers as a list.
-spec asList(interval()) -> [integer()].
asList(#{from := From, to := To, step := Step}) when Step > 0, From =< To; Step < 0, From >= To ->
    lists:seq(From, To, Step);
asList(_) ->
    [].
