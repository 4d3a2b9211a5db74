%% @doc Calls of evaluated code, once function and arguments are translated.
%%
%% Calls with few arguments have a clause of their own: they are nearly all calls, and take a third of the time that a
%% list of arguments takes. Arguments are evaluated before the location is noted, since they may be calls themselves.
-module(beamtalk_eval_call).

-export([static/4, dynamic/4, value/3, named/3, group/1, location/2, mark/1]).
-export_type([location/0]).

-include("beamtalk_eval.hrl").

-compile({inline, [mark/1]}).

-type code() :: beamtalk_eval_code:code().
-type location() :: {module(), atom(), arity(), [{file, string()} | {line, pos_integer()}]} | none.
%% The stack item of a call; none where the code has no line for it.

-type group_place() :: code() | own.

%% @doc `Module:Name(Args...)' where both are known. An external fun is the quickest call of a function that may be
%% replaced.
-spec static(module(), atom(), [code()], location()) -> code().
static(Module, Name, Args, Location) ->
    external(erlang:make_fun(Module, Name, length(Args)), Args, Location).

external(F, [], Location) ->
    fun(_, _) ->
        mark(Location),
        F()
    end;
external(F, [A1], Location) ->
    fun(L, C) ->
        V1 = A1(L, C),
        mark(Location),
        F(V1)
    end;
external(F, [A1, A2], Location) ->
    fun(L, C) ->
        V1 = A1(L, C),
        V2 = A2(L, C),
        mark(Location),
        F(V1, V2)
    end;
external(F, [A1, A2, A3], Location) ->
    fun(L, C) ->
        V1 = A1(L, C),
        V2 = A2(L, C),
        V3 = A3(L, C),
        mark(Location),
        F(V1, V2, V3)
    end;
external(F, Args, Location) ->
    fun(L, C) ->
        Values = all(Args, L, C),
        mark(Location),
        apply(F, Values)
    end.

%% @doc `Module:Name(Args...)' where one of them is computed.
-spec dynamic(code(), code(), [code()], location()) -> code().
dynamic(Module, Name, Args, Location) ->
    fun(L, C) ->
        M = Module(L, C),
        N = Name(L, C),
        Values = all(Args, L, C),
        mark(Location),
        apply(M, N, Values)
    end.

%% @doc `Fun(Args...)'.
-spec value(code(), [code()], location()) -> code().
value(Fun, [], Location) ->
    fun(L, C) ->
        F = Fun(L, C),
        mark(Location),
        F()
    end;
value(Fun, [A1], Location) ->
    fun(L, C) ->
        F = Fun(L, C),
        V1 = A1(L, C),
        mark(Location),
        F(V1)
    end;
value(Fun, [A1, A2], Location) ->
    fun(L, C) ->
        F = Fun(L, C),
        V1 = A1(L, C),
        V2 = A2(L, C),
        mark(Location),
        F(V1, V2)
    end;
value(Fun, Args, Location) ->
    fun(L, C) ->
        F = Fun(L, C),
        Values = all(Args, L, C),
        mark(Location),
        apply(F, Values)
    end.

%% @doc A call of the function at `Index' of a group.
-spec named(group_place(), pos_integer(), [code()]) -> code().
named(own, Index, [A1]) ->
    fun(L, C) -> (element(Index, element(2, C)))([A1(L, C)], C) end;
named(own, Index, [A1, A2]) ->
    fun(L, C) -> (element(Index, element(2, C)))([A1(L, C), A2(L, C)], C) end;
named(own, Index, Args) ->
    fun(L, C) -> (element(Index, element(2, C)))(all(Args, L, C), C) end;
named(Group, Index, Args) ->
    fun(L, C) ->
        Closure = Group(L, C),
        (element(Index, element(2, Closure)))(all(Args, L, C), Closure)
    end.

%% @doc Code that answers the closure of a group.
-spec group(group_place()) -> code().
group(own) -> fun(_, C) -> C end;
group(Code) -> Code.

%% @doc The stack item of a call with this annotation, as if the function that it is part of had been compiled.
-spec location([term()], mfa()) -> location().
location(Anno, {Module, Name, Arity}) ->
    case file(Anno) ++ line(Anno) of
        [] -> none;
        Position -> {Module, Name, Arity, Position}
    end.

file(Anno) -> lists:sublist([File || {file, _} = File <- Anno], 1).

line(Anno) -> lists:sublist([{line, Line} || Item <- Anno, Line <- line_of(Item), Line > 0], 1).

line_of(Line) when is_integer(Line) -> [Line];
line_of({Line, Column}) when is_integer(Line), is_integer(Column) -> [Line];
line_of(_) -> [].

%% @doc Notes where the process is, for stack traces.
-spec mark(location()) -> ok.
mark(none) ->
    ok;
mark(Location) ->
    _ = put(?LOCATION, Location),
    ok.

all([], _, _) -> [];
all([A1], L, C) -> [A1(L, C)];
all([A1, A2], L, C) -> [A1(L, C), A2(L, C)];
all([A1, A2, A3 | Rest], L, C) -> [A1(L, C), A2(L, C), A3(L, C) | all(Rest, L, C)].
