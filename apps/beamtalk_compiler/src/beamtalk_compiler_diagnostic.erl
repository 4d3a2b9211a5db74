%% @doc Diagnostics that are made on this side of the boundary, in the one shape of all diagnostics.
-module(beamtalk_compiler_diagnostic).

-export([new/2, new/3, failure/1, has_internal_error/1]).

-export_type([t/0, label/0, edit/0, fix/0, severity/0, phase/0]).

-type severity() :: error | warning | hint | lint.
-type phase() :: parse | analysis | codegen | runtime.

-type label() :: #{
    message := binary(),
    start := non_neg_integer(),
    'end' := non_neg_integer(),
    line := pos_integer(),
    column := pos_integer(),
    end_line := pos_integer(),
    end_column := pos_integer()
}.
%% A further place. Offsets count bytes from 0, lines and columns (in characters) count from 1.

-type edit() :: #{
    text := binary(),
    start := non_neg_integer(),
    'end' := non_neg_integer(),
    line := pos_integer(),
    column := pos_integer(),
    end_line := pos_integer(),
    end_column := pos_integer()
}.
%% What to put in place of a range.

-type fix() :: #{title := binary(), edits := [edit()]}.
%% A mend that a tool may apply without asking.

-type t() :: #{
    code := binary(),
    severity := severity(),
    phase := phase(),
    kind := atom(),
    category := atom(),
    message := binary(),
    file := binary() | undefined,
    start := non_neg_integer(),
    'end' := non_neg_integer(),
    line := pos_integer(),
    column := pos_integer(),
    end_line := pos_integer(),
    end_column := pos_integer(),
    labels := [label()],
    notes := [binary()],
    help := binary() | undefined,
    fix := fix() | undefined
}.
%% A diagnostic.

-type kind() :: source_too_large | otp_compiler | internal_error | cancelled.

%% @doc A diagnostic without a place.
-spec new(kind(), unicode:chardata()) -> t().
new(Kind, Message) ->
    new(Kind, Message, #{}).

%% @doc A diagnostic with more: any keys of the shape.
-spec new(kind(), unicode:chardata(), map()) -> t().
new(Kind, Message, More) ->
    {Code, Phase} = code(Kind),
    Default = #{
        code => Code,
        severity => error,
        phase => Phase,
        kind => Kind,
        category => undefined,
        message => text(Message),
        file => undefined,
        start => 0,
        'end' => 0,
        line => 1,
        column => 1,
        end_line => 1,
        end_column => 1,
        labels => [],
        notes => [],
        help => undefined,
        fix => undefined
    },
    maps:merge(Default, More).

%% @doc The reply of a request that ends with one diagnostic.
-spec failure(t()) -> {error, #{diagnostics := [t()]}}.
failure(Diagnostic) ->
    {error, #{diagnostics => [Diagnostic]}}.

%% @doc Whether the compiler itself failed.
-spec has_internal_error([t()]) -> boolean().
has_internal_error(Diagnostics) ->
    lists:any(fun(#{kind := Kind}) -> Kind =:= internal_error end, Diagnostics).

%% The codes are published by `native/beamtalk_source/src/code.rs'; these are the ones that are also found here.
code(source_too_large) -> {<<"BT0002">>, parse};
code(otp_compiler) -> {<<"BT0205">>, codegen};
code(internal_error) -> {<<"BT0206">>, codegen};
code(cancelled) -> {<<"BT0207">>, codegen}.

text(Message) ->
    case unicode:characters_to_binary(Message) of
        Text when is_binary(Text) -> Text;
        _ -> iolist_to_binary(io_lib:format("~p", [Message]))
    end.
