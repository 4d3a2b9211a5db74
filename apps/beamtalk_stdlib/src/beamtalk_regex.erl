%% @doc Primitives of class Regex, and patterns for the primitives of String. Where a pattern is asked
%% for, a string is as good as a Regex.
-module(beamtalk_regex).

-export(['from:'/2, 'from:options:'/3, source/1, printString/1]).
-export([compiled/2, compiled/3, feasible/3, run/4]).

-export_type([regex/0, pattern/0, compiled/0]).

-define(CLASS, 'bt@stdlib@regex').

-compile({no_auto_import, [error/1]}).

-type regex() :: #{
    '$beamtalk_class' := ?CLASS, source := binary(), options := [atom()], compiled := compiled()
}.
-type pattern() :: binary() | regex().

%% `re' does not export its type of compiled expressions in every release.
-type compiled() :: tuple().

%% @doc The expression that a text denotes, or a failure that tells what is wrong with it.
-spec 'from:'(term(), binary()) -> beamtalk_result:result().
'from:'(Class, Source) ->
    'from:options:'(Class, Source, []).

%% @doc The same with options.
-spec 'from:options:'(term(), binary(), [atom()]) -> beamtalk_result:result().
'from:options:'(Class, Source, Options) when is_binary(Source), is_list(Options) ->
    beamtalk_argument:is_text(Source) orelse beamtalk_argument:wrong('from:options:', Class, "a pattern is a String"),
    case compile(Source, Options) of
        {ok, Compiled} -> beamtalk_result:ok(regex(Source, Options, Compiled));
        {error, Exception} -> beamtalk_result:error(Exception)
    end;
'from:options:'(Class, _, _) ->
    beamtalk_argument:wrong('from:options:', Class, "a pattern is a String, its options are a List of Symbols").

regex(Source, Options, Compiled) ->
    #{'$beamtalk_class' => ?CLASS, source => Source, options => Options, compiled => Compiled}.

compile(Source, Options) ->
    case lists:all(fun is_option/1, Options) of
        true -> compile_checked(Source, Options);
        false -> {error, error([<<"unknown option in ">>, beamtalk_print:safe(Options)])}
    end.

compile_checked(Source, Options) ->
    case re:compile(Source, [unicode, ucp | Options]) of
        {ok, Compiled} ->
            {ok, Compiled};
        {error, {Reason, Position}} ->
            {error, error(io_lib:format("~ts at position ~b of ~ts", [Reason, Position + 1, Source]))}
    end.

is_option(Option) ->
    lists:member(Option, [caseless, multiline, dotall, extended, ungreedy]).

error(Message) ->
    beamtalk_error:new(regex_error, Message).

%% @doc The pattern in the form that `re' takes. `Selector' is the message whose argument it is.
-spec compiled(atom(), pattern()) -> compiled().
compiled(_, #{'$beamtalk_class' := ?CLASS, compiled := Compiled}) ->
    Compiled;
compiled(Selector, Pattern) ->
    compiled(Selector, Pattern, []).

%% @doc The same with options, which are added to those of a Regex.
-spec compiled(atom(), pattern(), [atom()]) -> compiled().
compiled(_, #{'$beamtalk_class' := ?CLASS, compiled := Compiled}, []) ->
    Compiled;
compiled(Selector, #{'$beamtalk_class' := ?CLASS, source := Source, options := Given}, Options) ->
    compiled(Selector, Source, Given ++ Options);
compiled(_, Source, Options) when is_binary(Source), is_list(Options) ->
    case compile(Source, Options) of
        {ok, Compiled} -> Compiled;
        {error, Exception} -> beamtalk_error:raise(Exception)
    end;
compiled(Selector, _, _) ->
    beamtalk_error:raise(beamtalk_error:type_error(Selector, <<>>)).

%% @doc Runs an expression over a text. Raises regex_error where that takes more steps than `re' allows: it must
%% not look like a text without a match.
-spec run(atom(), binary(), compiled(), [term()]) -> match | nomatch | {match, term()}.
run(Selector, Text, Compiled, Options) ->
    case re:run(Text, Compiled, [report_errors | Options]) of
        {error, Reason} -> too_complex(Selector, Reason);
        Outcome -> Outcome
    end.

%% @doc The pattern in the form that `re' takes, after it has come to its end on the text. The functions of `re'
%% that replace and split do not report that they gave up.
-spec feasible(atom(), binary(), pattern()) -> compiled().
feasible(Selector, Text, Pattern) ->
    Compiled = compiled(Selector, Pattern),
    _ = run(Selector, Text, Compiled, [global, {capture, first, index}]),
    Compiled.

-spec too_complex(atom(), term()) -> no_return().
too_complex(Selector, Reason) ->
    Error = error(io_lib:format("the pattern takes too many steps on this text (~tp)", [Reason])),
    beamtalk_error:raise(Error#{
        selector := Selector,
        errorClass := 'Regex',
        hint := <<"avoid repetitions within repetitions, such as (a+)+">>
    }).

%% @doc The text of the expression.
-spec source(regex()) -> binary().
source(#{source := Source}) -> Source.

%% @doc For example `Regex(a+)'.
-spec printString(regex()) -> binary().
printString(#{source := Source}) -> <<"Regex(", Source/binary, ")">>.
