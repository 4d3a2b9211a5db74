%% @doc The standard library of Beamtalk as an OTP application.
%%
%% The classes are written in Beamtalk, one per file, in `lib/'; class `OrderBook' would be
%% `lib/OrderBook.bt' and compiles to the module `bt@stdlib@order_book'. What a class cannot say itself,
%% because it touches the representation of a value, is a method with the body `@primitive'. Such a
%% method is a call of the function of the same name in the Erlang module of the class: `Integer >> gcd:'
%% calls `beamtalk_integer:'gcd:'(Self, Other)'. The function gets the receiver first; on the class
%% side that is the class object. These modules are here in `src/', except those of the classes that
%% the runtime itself relies on (Object, Behaviour, Class, Metaclass, Actor, Exception, Result), which are in
%% `beamtalk_runtime'. They are thin: what OTP can do is done by OTP.
%%
%% The build writes the table of the compiled classes to `priv/beamtalk.classes'. Starting the
%% application registers them by that table, and the methods that its files add to classes of others; a class's module is
%% loaded at its first use.
-module(beamtalk_stdlib).

-behaviour(application).

-export([start/2, stop/1]).
-export([classes/0, read_classes/1]).

-export_type([entry/0]).

-type entry() ::
    #{
        class := atom(),
        module := module(),
        superclass := module() | nil,
        extensions => [beamtalk_extension:entry()]
    }
    | #{module := module(), extensions := [beamtalk_extension:entry()]}.
%% A class with its module, and the methods that the file adds to classes of other files; a file may have only these.

%% @doc Registers the library's classes and starts its supervisor.
-spec start(application:start_type(), term()) -> {ok, pid()} | {error, term()}.
start(_Type, _Args) ->
    case classes() of
        {ok, Entries} ->
            ok = beamtalk_class:register_all([row(Entry) || #{class := _} = Entry <- Entries]),
            lists:foreach(fun register_extensions/1, Entries),
            started(beamtalk_stdlib_sup:start_link());
        {error, Reason} ->
            {error, Reason}
    end.

started(ignore) -> {error, ignore};
started(Result) -> Result.

register_extensions(#{module := Module, extensions := Extensions}) -> beamtalk_extension:replace(Module, Extensions);
register_extensions(#{}) -> ok.

row(#{class := Class, module := Module, superclass := Superclass}) ->
    {Class, Module, Superclass}.

%% @doc Nothing to do: the registry belongs to the runtime.
-spec stop(term()) -> ok.
stop(_State) ->
    ok.

%% @doc The library's classes as the build recorded them.
-spec classes() -> {ok, [entry()]} | {error, term()}.
classes() ->
    case code:priv_dir(beamtalk_stdlib) of
        {error, bad_name} -> {error, {no_priv_dir, beamtalk_stdlib}};
        Dir -> read_classes(filename:join(Dir, "beamtalk.classes"))
    end.

%% @doc Reads a table of classes: one Erlang term, a list of entries, followed by a period.
-spec read_classes(file:filename_all()) -> {ok, [entry()]} | {error, term()}.
read_classes(File) ->
    case file:consult(File) of
        {ok, [Entries]} when is_list(Entries) -> checked(File, lists:all(fun is_entry/1, Entries), Entries);
        {ok, _} -> {error, {bad_class_table, File}};
        {error, Reason} -> {error, {bad_class_table, File, Reason}}
    end.

checked(_, true, Entries) -> {ok, Entries};
checked(File, false, _) -> {error, {bad_class_table, File}}.

is_entry(#{class := Class, module := Module, superclass := Superclass}) ->
    is_atom(Class) andalso is_atom(Module) andalso is_atom(Superclass);
is_entry(#{module := Module, extensions := Extensions}) ->
    is_atom(Module) andalso is_list(Extensions);
is_entry(_) ->
    false.
