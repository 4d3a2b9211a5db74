%% @doc Specifications of supervisors and of their children, from what classes and instances of SupervisionSpec say; and
%% the primitive of class SupervisionSpec.
-module(beamtalk_supervision_spec).

-export([supervisor/1, start/1, childSpec/1]).

-export_type([start/0]).

-define(SPEC, 'bt@stdlib@supervision_spec').
-define(DYNAMIC, 'bt@stdlib@dynamic_supervisor').
-define(SHUTDOWN, 5000).

-type start() :: #{
    class := beamtalk_class:class_object(), kind := worker | supervisor, args := term(), method := atom(), name := atom()
}.
%% `args', `method' and `name' may be nil.

%% @doc What OTP wants to know of the supervisor of a class. Raises where the class says what makes no sense.
-spec supervisor(beamtalk_class:class_object()) -> {ok, {supervisor:sup_flags(), [supervisor:child_spec()]}}.
supervisor({'$bt_class', Module} = Class) ->
    Flags = #{
        intensity => number(Class, maxRestarts, 0),
        period => number(Class, restartWindow, 1)
    },
    case beamtalk_hierarchy:is_kind_of(Module, ?DYNAMIC) of
        true -> {ok, {Flags#{strategy => simple_one_for_one}, [child(send(Class, childClass))]}};
        false -> {ok, {Flags#{strategy => strategy(Class)}, children(send(Class, children))}}
    end.

number(Class, Selector, Least) ->
    case send(Class, Selector) of
        Number when is_integer(Number), Number >= Least -> Number;
        Other -> refuse([beamtalk_print:safe(Class), " ", atom_to_binary(Selector)], Other, "an Integer")
    end.

strategy(Class) ->
    case send(Class, strategy) of
        oneForOne -> one_for_one;
        oneForAll -> one_for_all;
        restForOne -> rest_for_one;
        Other ->
            refuse([beamtalk_print:safe(Class), " strategy"], Other, "#oneForOne, #oneForAll or #restForOne")
    end.

children(#{'$beamtalk_class' := _} = Collection) ->
    children(beamtalk_dispatch:send(Collection, asList, []));
children(Children) when is_list(Children) ->
    Specs = [child(Child) || Child <- Children],
    Ids = [Id || #{id := Id} <- Specs],
    case Ids -- lists:usort(Ids) of
        [] -> Specs;
        [Id | _] -> refuse("the ids of the children", Id, "different ones, see 'withId:'")
    end;
children(Other) ->
    refuse("children", Other, "a List of classes and SupervisionSpecs").

child({'$bt_class', Module} = Class) ->
    case beamtalk_hierarchy:understands(class, Module, supervisionSpec) of
        true -> child(send(Class, supervisionSpec));
        false -> refuse("a child", Class, "a class of actors or supervisors, or a SupervisionSpec")
    end;
child(#{'$beamtalk_class' := _, actorClass := _, restart := _} = Spec) ->
    childSpec(Spec);
child(Other) ->
    refuse("a child", Other, "a class of actors or supervisors, or a SupervisionSpec").

%% @doc `childSpec'
-spec childSpec(map()) -> supervisor:child_spec().
childSpec(#{actorClass := Class, restart := Restart, shutdown := Shutdown, args := Args} = Spec) ->
    {Module, Kind} = child_class(Class),
    #{id := Id, classMethod := Method, name := Name} = Spec,
    #{
        id => id(Id, Name, Module),
        start => {beamtalk_supervision, start_child, [
            #{class => Class, kind => Kind, args => Args, method => symbol("classMethod", Method), name => Name}
        ]},
        restart => restart(Restart),
        shutdown => shutdown(Shutdown, Kind),
        type => Kind,
        modules => [Module]
    }.

child_class({'$bt_class', Module} = Class) ->
    case {beamtalk_hierarchy:kind(Module), beamtalk_hierarchy:understands(class, Module, isSupervisor)} of
        {actor, _} -> {Module, worker};
        {_, true} -> {Module, supervisor};
        _ -> refuse("actorClass", Class, "a class of actors or supervisors")
    end;
child_class(Other) ->
    refuse("actorClass", Other, "a class of actors or supervisors").

%% Children of one class are told apart by their names too.
id(nil, nil, Module) -> maps:get(name, Module:'$class'());
id(nil, Name, _) -> symbol("name", Name);
id(Id, _, _) -> symbol("id", Id).

symbol(_, Symbol) when is_atom(Symbol) -> Symbol;
symbol(What, Other) -> refuse(What, Other, "a Symbol").

restart(Restart) when Restart =:= permanent; Restart =:= transient; Restart =:= temporary -> Restart;
restart(Other) -> refuse("restart", Other, "#permanent, #transient or #temporary").

shutdown(nil, worker) -> ?SHUTDOWN;
shutdown(nil, supervisor) -> infinity;
shutdown(infinity, _) -> infinity;
shutdown(Ms, _) when is_integer(Ms), Ms >= 0 -> Ms;
shutdown(Other, _) -> refuse("shutdown", Other, "a number of milliseconds").

-spec refuse(unicode:chardata(), term(), unicode:chardata()) -> no_return().
refuse(What, Given, Expected) ->
    Message = [What, " must be ", Expected, ", not ", beamtalk_print:safe(Given)],
    beamtalk_error:raise(beamtalk_error:argument_error(Message)).

send(Class, Selector) ->
    beamtalk_dispatch:send(Class, Selector, []).

%% @doc Starts a child of the calling process.
-spec start(start()) -> {ok, pid(), term()} | {error, term()}.
start(#{kind := supervisor, class := {'$bt_class', Module}}) ->
    case beamtalk_supervision:start_link(Module) of
        {ok, Pid} -> {ok, Pid, beamtalk_supervision:reference(Module, Pid)};
        Error -> Error
    end;
start(#{method := nil, name := nil, class := Class, args := Args}) ->
    beamtalk_actor:start_link(Class, slots(Args));
start(#{method := nil, name := Name, class := Class, args := Args}) ->
    beamtalk_actor:start_link(Class, slots(Args), Name);
start(#{method := Method} = Start) ->
    try beamtalk_dispatch:send(maps:get(class, Start), Method, arguments(beamtalk_name:arity(Method), Start)) of
        Answer -> linked(Answer, Start)
    catch
        Class:Reason:Stack -> {error, beamtalk_error:from_erlang(Class, Reason, Stack)}
    end.

slots(nil) -> #{};
slots(Args) -> Args.

arguments(0, _) -> [];
arguments(1, #{args := Args}) -> [Args];
arguments(_, #{method := Method}) -> refuse("classMethod", Method, "a selector with at most one argument").

linked(#{'$beamtalk_class' := 'bt@stdlib@result', isOk := true, okValue := Actor}, Start) ->
    linked(Actor, Start);
linked(#{'$beamtalk_class' := 'bt@stdlib@result', isOk := false, errReason := Reason}, _) ->
    {error, Reason};
linked({beamtalk_object, _, _, Pid} = Actor, #{name := Name}) when is_pid(Pid) ->
    link(Pid),
    named(Name, Actor, Pid);
linked(Other, #{method := Method}) ->
    Message = [atom_to_binary(Method), <<" must answer an actor, not ">>, beamtalk_print:safe(Other)],
    {error, beamtalk_error:argument_error(Message)}.

named(nil, Actor, Pid) ->
    {ok, Pid, Actor};
named(Name, Actor, Pid) ->
    case beamtalk_actor_name:register(Actor, Name) of
        {ok, _} ->
            {ok, Pid, Actor};
        Error ->
            unlink(Pid),
            exit(Pid, kill),
            Error
    end.
