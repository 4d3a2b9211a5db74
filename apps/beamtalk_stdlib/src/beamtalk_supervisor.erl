%% @doc Primitives of class Supervisor.
-module(beamtalk_supervisor).

-export([supervise/1, current/1, children/1, 'which:'/2, 'terminate:'/2, count/1, stop/1, printString/1]).

-type ref() :: beamtalk_supervision:ref().

%% @doc `supervise'
-spec supervise(beamtalk_class:class_object()) -> beamtalk_result:result().
supervise(Class) -> beamtalk_supervision:supervise(Class).

%% @doc `current'
-spec current(beamtalk_class:class_object()) -> ref() | nil.
current(Class) -> beamtalk_supervision:current(Class).

%% @doc `children', in the order in which they are started.
-spec children(ref()) -> [atom()].
children(Self) ->
    [Id || {Id, _, _, _} <- listed(Self, children)].

listed(Self, Selector) ->
    lists:reverse(beamtalk_supervision:ask(Self, Selector, fun supervisor:which_children/1)).

%% @doc `which:'
-spec 'which:'(ref(), term()) -> beamtalk_result:result().
'which:'(Self, {'$bt_class', Module}) ->
    attempt(fun() ->
        case [Child || {_, Pid, _, _} = Child <- of_class(Self, 'which:', Module), is_pid(Pid)] of
            [{_, Pid, Type, [Own]} | _] -> beamtalk_result:ok(object(Type, Own, Pid));
            [] -> beamtalk_result:ok(nil)
        end
    end);
'which:'(Self, _) ->
    beamtalk_argument:wrong('which:', Self, <<"it takes a class">>).

object(worker, Module, Pid) -> {beamtalk_object, maps:get(name, Module:'$class'()), Module, Pid};
object(supervisor, Module, Pid) -> beamtalk_supervision:reference(Module, Pid).

of_class(Self, Selector, Class) ->
    [
        Child
     || {_, _, _, [Module]} = Child <- listed(Self, Selector), beamtalk_hierarchy:is_kind_of(Module, Class)
    ].

%% @doc `terminate:'
-spec 'terminate:'(ref(), term()) -> beamtalk_result:result().
'terminate:'(Self, {'$bt_class', Module}) ->
    attempt(fun() ->
        Ids = [Id || {Id, _, _, _} <- of_class(Self, 'terminate:', Module)],
        lists:foreach(fun(Id) -> terminate_child(Self, Id) end, Ids),
        beamtalk_result:ok(nil)
    end);
'terminate:'(Self, _) ->
    beamtalk_argument:wrong('terminate:', Self, <<"it takes a class">>).

%% One that is not there any more was temporary and has ended.
terminate_child(Self, Id) ->
    case beamtalk_supervision:ask(Self, 'terminate:', fun(Pid) -> supervisor:terminate_child(Pid, Id) end) of
        ok -> ok;
        {error, not_found} -> ok;
        {error, Reason} ->
            What = [<<"cannot terminate ">>, beamtalk_print:safe(Id)],
            beamtalk_error:raise(beamtalk_supervision:failure(terminate_failed, What, Reason))
    end.

attempt(Fun) ->
    try
        Fun()
    catch
        error:#{kind := Kind} = Exception when Kind =:= stale_handle; Kind =:= terminate_failed ->
            beamtalk_result:error(Exception)
    end.

%% @doc `count'
-spec count(ref()) -> non_neg_integer().
count(Self) -> beamtalk_supervision:count(Self).

%% @doc `stop'
-spec stop(ref()) -> nil.
stop(Self) -> beamtalk_supervision:stop(Self).

%% @doc `printString'
-spec printString(ref()) -> binary().
printString(Self) -> beamtalk_print:safe(Self).
