%% @doc What the compiler knows of other classes. An environment is made once for a set of classes and used in many
%% requests: requests carry its hash, and its contents only when the compiler answers that it does not know the hash.
-module(beamtalk_compiler_environment).

-export([new/1, from/1, hash/1, entries/1]).

-export_type([t/0, entry/0]).

-type entry() :: {Class :: atom() | binary(), Module :: module() | binary(), Interface :: binary()}.
%% A class, its module, and the interface that compiling it answered.

-opaque t() :: #{hash := <<_:256>>, entries := [{binary(), binary(), binary()}]}.

%% @doc An environment of these classes.
-spec new([entry()]) -> t().
new(Entries) ->
    beamtalk_compiler_request:check(environment, is_list(Entries), "a list of {Class, Module, Interface}", Entries),
    Sorted = lists:sort([entry(Entry) || Entry <- Entries]),
    #{hash => digest(Sorted), entries => Sorted}.

%% @doc The environment that an option names: one that was made before, or classes.
-spec from(t() | [entry()] | term()) -> t().
from(#{hash := <<_:256>>, entries := _} = Environment) -> Environment;
from(Entries) -> new(Entries).

%% @doc The name of its contents.
-spec hash(t()) -> <<_:256>>.
hash(#{hash := Hash}) -> Hash.

%% @doc Its contents, sorted.
-spec entries(t()) -> [{binary(), binary(), binary()}].
entries(#{entries := Entries}) -> Entries.

%% The same digest as `beamtalk_engine' computes.
digest(Sorted) ->
    crypto:hash(sha256, [
        [Class, 0, Module, 0, crypto:hash(sha256, Interface)]
     || {Class, Module, Interface} <- Sorted
    ]).

entry({Class, Module, Interface} = Entry) when is_binary(Interface) ->
    {name(Class, Entry), name(Module, Entry), Interface};
entry(Other) ->
    refuse(Other).

name(Name, _Entry) when is_atom(Name) -> atom_to_binary(Name);
name(Name, _Entry) when is_binary(Name) -> Name;
name(_Name, Entry) -> refuse(Entry).

-spec refuse(term()) -> no_return().
refuse(Entry) ->
    beamtalk_compiler_request:refuse(environment, "{Class, Module, Interface}", Entry).
