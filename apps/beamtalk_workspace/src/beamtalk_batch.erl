%% @doc Compilation of many classes that refer to each other.
%%
%% What the compiler says about a class, and in part what it makes of it, depends on the interfaces of other classes;
%% these are known only when the other classes have been compiled, and references go in circles. So the classes are
%% compiled in rounds, until a round changes no interface. A class takes part in a round when its source or the set of
%% interfaces that it was compiled with last has changed: a later batch with the results of an earlier one compiles only
%% what is necessary.
-module(beamtalk_batch).

-export([compile/4]).

-export_type([result/0, results/0, compile_fun/0]).

-type environment() :: [beamtalk_environment:entry()].
-type compile_fun() :: fun((environment()) -> fun((beamtalk_source:unit()) -> {ok, map()} | {error, map()})).
%% Answers what compiles single classes with these interfaces. The result holds the class's `interface' and whatever
%% else is wanted.

-type result() :: #{key := binary(), compiled := {ok, map()} | {error, map()}}.
-type results() :: #{Class :: binary() => result()}.

%% Interfaces depend on others only through what is inferred from them: three rounds are much already.
-define(MAX_ROUNDS, 8).

%% @doc Compiles classes, given as groups of which each depends on earlier ones only (see {@link beamtalk_order}).
%% `Environment' holds the interfaces of other classes, and of these as far as they are known from before.
%% Answers the results of all classes, the failed ones included, and the environment that has come of it.
-spec compile([[beamtalk_source:unit()]], environment(), results(), compile_fun()) ->
    {results(), environment()} | {error, {unstable, [Class :: binary()]}}.
compile(Levels, Environment, Results, Compile) ->
    rounds(Levels, to_map(Environment), Results, Compile, ?MAX_ROUNDS).

rounds(Levels, Environment, Results, Compile, Left) ->
    case round(Levels, Environment, Results, Compile) of
        {[], Environment, Results} -> {Results, to_list(Environment)};
        {Changed, _, _} when Left =:= 0 -> {error, {unstable, Changed}};
        {_, NewEnvironment, NewResults} -> rounds(Levels, NewEnvironment, NewResults, Compile, Left - 1)
    end.

%% Answers the classes that it compiled.
round(Levels, Environment, Results, Compile) ->
    lists:foldl(
        fun(Level, {Done, Env, Known}) ->
            New = level(Level, Env, Known, Compile),
            {Done ++ maps:keys(New), learn(New, Level, Env), maps:merge(Known, New)}
        end,
        {[], Environment, Results},
        Levels
    ).

level(Level, Environment, Results, Compile) ->
    Hash = hash(Environment),
    Keyed = [{Unit, key(Unit, Hash)} || Unit <- Level],
    Stale = [Pair || {#{class := Class}, Key} = Pair <- Keyed, not is_current(Class, Key, Results)],
    maps:from_list(compile_stale(Stale, Environment, Compile)).

is_current(Class, Key, Results) ->
    case Results of
        #{Class := #{key := Key}} -> true;
        #{} -> false
    end.

compile_stale([], _, _) ->
    [];
compile_stale(Stale, Environment, Compile) ->
    CompileUnit = Compile(to_list(Environment)),
    Work = fun({#{class := Class} = Unit, Key}) -> {Class, #{key => Key, compiled => CompileUnit(Unit)}} end,
    beamtalk_fan_out:map(Work, Stale).

%% A class that could not be compiled keeps the interface that it had, or has the one that its broken text tells: its
%% clients are not to fail with it.
learn(New, Level, Environment) ->
    lists:foldl(
        fun(#{class := Class, module := Module}, Env) ->
            case New of
                #{Class := #{compiled := {ok, #{interface := Interface}}}} ->
                    Env#{Module => {Class, Module, Interface}};
                #{Class := #{compiled := {error, #{interface := Interface}}}} when not is_map_key(Module, Env) ->
                    Env#{Module => {Class, Module, Interface}};
                #{} ->
                    Env
            end
        end,
        Environment,
        Level
    ).

key(#{source := Source}, EnvironmentHash) ->
    crypto:hash(sha256, [crypto:hash(sha256, Source), EnvironmentHash]).

hash(Environment) ->
    Hashes = [{Class, Module, crypto:hash(sha256, I)} || {Class, Module, I} <- to_list(Environment)],
    crypto:hash(sha256, term_to_binary(Hashes)).

%% By module: a class with the name of another, which may be one of the library, does not hide that.
to_map(Entries) -> maps:from_list([{Module, Entry} || {_, Module, _} = Entry <- Entries]).

to_list(Environment) -> lists:sort(maps:values(Environment)).
