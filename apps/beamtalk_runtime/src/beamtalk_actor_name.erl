%% @doc Names of actors.
%%
%% A name is one of the Erlang VM's registered names, so the VM sees to it that at most one process has it and that it is
%% free when its process ends. The table beside it says which of the registered processes are actors, and of which class;
%% a row holds only as long as the name still belongs to the row's process.
%%
%% A proxy is a reference with a name in place of a process. Each send through it looks the name up again.
-module(beamtalk_actor_name).

-export([check/1, claimed/2, taken/1, released/1, sweep/0]).
-export([proxy/2, register/2, unregister/1, name/1, all/0]).
%% Called on the node of the process
-export([unregister_process/1]).

-define(TABLE, beamtalk_actor_names).

-type answer() :: {ok, beamtalk_actor:ref()} | {error, beamtalk_error:exception()}.

%% @doc Whether an actor may have the name.
-spec check(term()) -> ok | {error, beamtalk_error:exception()}.
check(Name) when not is_atom(Name); is_boolean(Name); Name =:= nil ->
    {error, no_symbol(Name)};
check(Name) ->
    case is_reserved(Name, atom_to_binary(Name)) of
        true -> {error, reserved(Name)};
        false -> ok
    end.

no_symbol(Name) ->
    Message = [<<"the name of an actor must be a Symbol, not ">>, beamtalk_print:safe(Name)],
    beamtalk_error:new(type_error, Message).

is_reserved(_, <<"beamtalk_", _/binary>>) -> true;
is_reserved(_, <<"bt@", _/binary>>) -> true;
is_reserved(Name, _) -> lists:member(Name, system_names()).

%% Names of processes of the Erlang VM, and the name that it does not allow.
system_names() ->
    [
        application_controller, code_server, erl_epmd, erl_prim_loader, erl_signal_server, error_logger,
        erts_code_purger, file_server_2, global_group, global_group_check, global_name_server, inet_db,
        inet_gethost_native, inet_gethost_native_sup, init, kernel_refc, kernel_safe_sup, kernel_sup, logger,
        logger_handler_watcher, logger_proxy, logger_std_h_default, logger_sup, net_kernel, net_sup, rex,
        socket_registry, standard_error, standard_error_sup, undefined, user, user_drv
    ].

reserved(Name) ->
    Message = [<<"the name ">>, beamtalk_print:safe(Name), <<" is reserved">>],
    beamtalk_error:new(reserved_name, Message, #{
        hint => <<"names of system processes, and names that start with 'beamtalk_', cannot be used">>
    }).

%% @doc To be called by an actor that got the name when it was started.
-spec claimed(atom(), module()) -> ok.
claimed(undefined, _) ->
    ok;
claimed(Name, Module) ->
    true = ets:insert(?TABLE, {Name, self(), Module}),
    ok.

%% @doc The error of a name that another process has.
-spec taken(atom()) -> beamtalk_error:exception().
taken(Name) ->
    Message = [<<"the name ">>, beamtalk_print:safe(Name), <<" is registered already">>],
    beamtalk_error:new(name_registered, Message, #{
        hint => <<"choose another name, or send 'unregister' to the actor that has it">>
    }).

%% @doc To be called by an actor that ends.
-spec released(pid()) -> ok.
released(Pid) ->
    case name(Pid) of
        nil -> ok;
        Name -> forget(Name, Pid)
    end.

forget(Name, Pid) ->
    true = ets:match_delete(?TABLE, {Name, Pid, '_'}),
    ok.

%% @doc Drops the rows of actors that have ended without a chance to do it themselves.
-spec sweep() -> ok.
sweep() ->
    lists:foreach(
        fun({Name, Pid, _}) -> whereis(Name) =:= Pid orelse forget(Name, Pid) end, ets:tab2list(?TABLE)
    ).

%% @doc A proxy of the actor that has the name, if it is an instance of the class or of a subclass.
-spec proxy(beamtalk_class:class_object(), term()) -> answer().
proxy(Class, Name) when is_atom(Name) ->
    case whereis_safely(Name) of
        undefined -> {error, not_registered(Name)};
        Pid -> proxy(Class, Name, class_of(Name, Pid))
    end;
proxy(_, Name) ->
    {error, no_symbol(Name)}.

proxy({'$bt_class', Expected}, Name, Module) ->
    case beamtalk_hierarchy:is_kind_of(Module, Expected) of
        true -> {ok, {beamtalk_object, class_name(Module), Module, {name, Name}}};
        false -> {error, wrong_class(Name, Module, Expected)}
    end.

whereis_safely(undefined) -> undefined;
whereis_safely(Name) -> whereis(Name).

%% Module of the class of the registered process; nil for one that is no actor.
class_of(Name, Pid) ->
    case beamtalk_tables:lookup(?TABLE, Name) of
        [{_, Pid, Module}] -> Module;
        _ -> nil
    end.

class_name(Module) ->
    maps:get(name, Module:'$class'()).

not_registered(Name) ->
    Message = [<<"no actor is registered as ">>, beamtalk_print:safe(Name)],
    beamtalk_error:new(name_not_registered, Message, #{
        hint => <<"'Actor allRegistered' answers the actors that have a name">>
    }).

wrong_class(Name, Module, Expected) ->
    Message = [
        <<"the process registered as ">>, beamtalk_print:safe(Name), <<" is ">>, description(Module),
        <<", not of class ">>, beamtalk_hierarchy:name(Expected)
    ],
    beamtalk_error:new(wrong_class, Message, #{
        hint => <<"send 'named:' to the class of the actor, or to a superclass of it">>,
        errorClass => class_name(Expected)
    }).

description(nil) -> <<"no actor">>;
description(Module) -> [<<"of class ">>, beamtalk_hierarchy:name(Module)].

%% @doc Gives a running actor a name.
-spec register(beamtalk_actor:ref(), term()) -> answer().
register({_, _, Module, _} = Self, Name) ->
    case check(Name) of
        ok -> register(Self, beamtalk_actor:process(Self), Name, Module);
        Error -> Error
    end.

register(_, Pid, Name, _) when node(Pid) =/= node() ->
    Message = [<<"cannot register an actor of another node as ">>, beamtalk_print:safe(Name)],
    {error, beamtalk_error:runtime_error(Message)};
register(Self, Pid, Name, Module) ->
    try erlang:register(Name, Pid) of
        true ->
            ets:insert(?TABLE, {Name, Pid, Module}),
            {ok, Self}
    catch
        error:badarg -> {error, refused(Self, Pid, Name)}
    end.

refused(Self, Pid, Name) ->
    case is_process_alive(Pid) of
        false -> beamtalk_error:actor_dead(Self, 'registerAs:');
        true -> refused(name(Pid), Name)
    end.

refused(Own, Name) when Own =:= nil; Own =:= Name ->
    taken(Name);
refused(Own, _) ->
    Message = [<<"the actor is registered already, as ">>, beamtalk_print:safe(Own)],
    (taken(Own))#{message := beamtalk_print:text(Message), hint := <<"send 'unregister' to the actor first">>}.

%% @doc Gives the actor's name up, if it has one.
-spec unregister(beamtalk_actor:ref()) -> ok.
unregister(Self) ->
    Pid = beamtalk_actor:process(Self),
    at_node_of(Pid, unregister_process, ok).

%% @private
-spec unregister_process(pid()) -> ok.
unregister_process(Pid) ->
    case name(Pid) of
        nil -> ok;
        Name -> unregister(Name, Pid)
    end.

%% The actor may end, or give the name up itself, between the two steps.
unregister(Name, Pid) ->
    forget(Name, Pid),
    try whereis(Name) =:= Pid andalso erlang:unregister(Name) of
        _ -> ok
    catch
        error:badarg -> ok
    end.

%% @doc The registered name of a process, or nil.
-spec name(pid()) -> atom().
name(Pid) when node(Pid) =:= node() ->
    case process_info(Pid, registered_name) of
        {registered_name, Name} -> Name;
        _ -> nil
    end;
name(Pid) ->
    at_node_of(Pid, name, nil).

%% On a node that cannot be reached there is no actor, and so no name.
at_node_of(Pid, Function, _) when node(Pid) =:= node() ->
    ?MODULE:Function(Pid);
at_node_of(Pid, Function, Otherwise) ->
    try
        erpc:call(node(Pid), ?MODULE, Function, [Pid], 5000)
    catch
        error:{erpc, _} -> Otherwise;
        error:{exception, _, _} -> Otherwise
    end.

%% @doc All actors that have a name, in the order of the names.
-spec all() -> [beamtalk_actor:ref()].
all() ->
    [
        {beamtalk_object, class_name(Module), Module, Pid}
     || {Name, Pid, Module} <- lists:sort(ets:tab2list(?TABLE)), whereis(Name) =:= Pid
    ].
