%% @doc Loads new versions of classes without harm to code that is running.
%%
%% A version is a facade and bodies. Body names form a ring; a slot is given out again only when no
%% process runs what was there before the last, and never while the facade in force still routes messages
%% to it or somebody compiles for it. All modules of a version are checked first and then come into force
%% together; if anything is wrong with one of them, the version before stays as it is. Old code is purged
%% only when no process uses it. Once code begins to be replaced, the rest happens even if the loading
%% process is killed.
-module(beamtalk_loader).

-export([next_slot/1, update/2, load/1, unload/1, format_error/1, ring/0, bodies/1]).

-export_type([version/0, reason/0]).

-define(TABLE, beamtalk_slots).
-define(RING, 32).

%% How often, and how far apart, a purge is tried while processes still run the old code.
-define(PURGE_ATTEMPTS, 50).
-define(PURGE_PAUSE, 20).

-type slot() :: 1..?RING.
-type version() :: #{
    module := module(),
    facade := {module(), binary()} | absent,
    bodies := [{module(), binary()}],
    class => atom()
}.
%% Without a facade it is the version of a file that only adds methods to classes of others: `module' is what the names
%% of its bodies begin with.

-type reason() ::
    no_free_slot
    | {in_use, module()}
    | {misnamed, module()}
    | {not_a_facade, module()}
    | {class_exists, beamtalk_error:exception()}
    | {kind_changed, module(), Was :: atom(), Becomes :: atom()}
    | {no_superclass, module()}
    | {own_superclass, module()}
    | {bad_code, [{module(), term()}]}.

%% @doc Number of slots of the ring.
-spec ring() -> pos_integer().
ring() ->
    ?RING.

%% @doc All names that bodies of the module can have.
-spec bodies(module()) -> [module()].
bodies(Module) ->
    [body(Module, Slot) || Slot <- lists:seq(1, ?RING)].

%% @doc Reserves the next free slot for a body of `Module': `bt@tally@3' is slot 3 of `bt@tally'. The
%% reservation ends with the process, and with its next one for the same module.
-spec next_slot(module()) -> {ok, slot()} | {error, no_free_slot}.
next_slot(Module) ->
    exclusively(Module, fun() ->
        {Last, Reserved} = slots(Module),
        Others = [Entry || {Pid, _} = Entry <- Reserved, Pid =/= self(), is_process_alive(Pid)],
        Taken = routed(Module) ++ [Slot || {_, Slot} <- Others],
        case first_free(Module, Last rem ?RING + 1, Taken, ?RING) of
            none ->
                {error, no_free_slot};
            Slot ->
                ets:insert(?TABLE, {Module, Slot, [{self(), Slot} | Others]}),
                {ok, Slot}
        end
    end).

first_free(_, _, _, 0) ->
    none;
first_free(Module, Slot, Taken, Tries) ->
    case not lists:member(Slot, Taken) andalso code:soft_purge(body(Module, Slot)) of
        true -> Slot;
        false -> first_free(Module, Slot rem ?RING + 1, Taken, Tries - 1)
    end.

slots(Module) ->
    case ets:lookup(?TABLE, Module) of
        [{_, Last, Reserved}] -> {Last, Reserved};
        [] -> {0, []}
    end.

%% The slots of the version in force. The facade itself, or the table of extensions, says it, so this is right
%% whatever has been interrupted.
routed(Module) ->
    Extending = [slot(Body) || {_, _, _, {Body, _}} <- beamtalk_extension:owned(Module), Body =/= Module],
    lists:usort(Extending ++ maps:values(routes(Module))).

routes(Module) ->
    case is_loaded(Module) andalso beamtalk_hierarchy:info(Module) of
        #{routes := Routes} -> Routes;
        _ -> #{}
    end.

slot(Body) ->
    [_, Slot] = string:split(atom_to_binary(Body), <<"@">>, trailing),
    binary_to_integer(Slot).

%% @doc Runs `Fun' while no other process loads or unloads the class: for a new version that is made from
%% the present one.
-spec update(module(), fun(() -> Result)) -> Result.
update(Module, Fun) ->
    exclusively(Module, Fun).

body(Module, Slot) ->
    binary_to_atom(<<(atom_to_binary(Module))/binary, "@", (integer_to_binary(Slot))/binary>>).

%% @doc Brings a version into force: registers its class, and the methods that it adds to other classes, in place of
%% those that the version before added.
-spec load(version()) -> {ok, beamtalk_class:class_object() | undefined} | {error, reason()}.
load(#{module := Module} = Version) ->
    exclusively(Module, fun() -> load_steps(Version) end).

load_steps(#{module := Module, facade := Facade, bodies := Bodies} = Version) ->
    Modules = [Facade || Facade =/= absent] ++ Bodies,
    first_error([
        fun() -> check_names(Module, Facade, Bodies) end,
        fun() -> check_beams(Modules) end,
        fun() -> check_facade(Facade) end,
        fun() -> check_class(Module, Version) end,
        fun() -> check_header(Module, header(Facade)) end,
        fun() -> install(Modules, Version) end
    ]).

%% Answers what the last step answers.
first_error([Step]) ->
    Step();
first_error([Step | Rest]) ->
    case Step() of
        ok -> first_error(Rest);
        Error -> Error
    end.

check_names(Module, Facade, Bodies) ->
    Misnamed =
        [Name || {Name, _} <- [Facade], Name =/= Module] ++
            [Body || {Body, _} <- Bodies, not beamtalk_name:is_body_of(Module, Body)],
    case Misnamed of
        [] -> ok;
        [First | _] -> {error, {misnamed, First}}
    end.

check_beams(Modules) ->
    case [Module || {Module, Beam} <- Modules, not is_beam(Module, Beam)] of
        [] -> ok;
        Bad -> {error, {bad_code, [{Module, badfile} || Module <- Bad]}}
    end.

%% Code that exports nothing could not be called; with no functions at all, loading it would end the emulator.
is_beam(Module, Beam) -> exports(Module, Beam) =/= [].

check_facade(absent) ->
    ok;
check_facade({Facade, Beam}) ->
    Needed = [{'$send', 3}, {'$class_send', 3}, {'$class', 0}],
    case Needed -- exports(Facade, Beam) of
        [] -> ok;
        _ -> {error, {not_a_facade, Facade}}
    end.

exports(Module, Beam) ->
    case beam_lib:chunks(Beam, [exports]) of
        {ok, {Module, [{exports, Exports}]}} -> Exports;
        _ -> []
    end.

check_class(Module, #{class := Name}) ->
    try
        beamtalk_class:check_name(Name, Module)
    catch
        error:#{kind := class_already_exists} = Exception -> {error, {class_exists, Exception}}
    end;
check_class(_, _) ->
    ok.

%% What the compiler says of the class in an attribute of the facade: code is not to be loaded to be asked.
header(absent) ->
    #{};
header({Facade, Beam}) ->
    {ok, {Facade, [{attributes, Attributes}]}} = beam_lib:chunks(Beam, [attributes]),
    maps:from_list(proplists:get_value(beamtalk_class, Attributes, [])).

check_header(Module, #{kind := Kind, superclass := Super}) ->
    case check_kind(Module, Kind, is_loaded(Module) andalso beamtalk_hierarchy:kind(Module)) of
        ok -> check_superclass(Module, Super);
        Error -> Error
    end;
check_header(_, _) ->
    ok.

check_kind(Module, Kind, Was) when Was =:= value; Was =:= actor; Was =:= object ->
    case Was of
        Kind -> ok;
        _ -> {error, {kind_changed, Module, Was, Kind}}
    end;
check_kind(_, _, _) ->
    ok.

check_superclass(_, nil) ->
    ok;
check_superclass(Module, Super) ->
    case beamtalk_hierarchy:info(Super) =/= undefined andalso beamtalk_hierarchy:is_kind_of(Super, Module) of
        true -> {error, {own_superclass, Module}};
        false -> check_loadable(Super, beamtalk_hierarchy:info(Super))
    end.

check_loadable(Super, undefined) -> {error, {no_superclass, Super}};
check_loadable(_, _) -> ok.

install(Modules, Version) ->
    Prepare = [{Module, atom_to_list(Module) ++ ".beam", Beam} || {Module, Beam} <- Modules],
    case code:prepare_loading(Prepare) of
        {ok, Prepared} -> finish([Module || {Module, _} <- Modules], Prepared, Version);
        {error, Errors} -> {error, {bad_code, Errors}}
    end.

finish(Modules, Prepared, Version) ->
    case purge_all(Modules) of
        ok -> uninterrupted(fun() -> come_into_force(Prepared, Version) end);
        {error, Reason} -> {error, Reason}
    end.

come_into_force(Prepared, #{module := Module, facade := Facade} = Version) ->
    case code:finish_loading(Prepared) of
        ok ->
            Class = registered(Module, Facade),
            beamtalk_extension:replace(Module, extensions(Version, routes(Module))),
            _ = [beamtalk_event:notify(class_loaded, beamtalk_behaviour:name(Class)) || Class =/= undefined],
            {ok, Class};
        {error, Errors} ->
            {error, {bad_code, Errors}}
    end.

registered(_, absent) -> undefined;
registered(Module, _) -> beamtalk_class:register(Module).

%% A patch leaves the extensions of its file where they are: the facade knows of them.
extensions(#{facade := Facade, bodies := Bodies}, Routes) when map_size(Routes) =:= 0 ->
    Modules = [Facade || Facade =/= absent] ++ Bodies,
    beamtalk_extension:entries([{Module, exports(Module, Beam)} || {Module, Beam} <- Modules]);
extensions(#{module := Module}, Routes) ->
    beamtalk_extension:entries([{body(Module, Slot), [{Name, 0}]} || {Name, Slot} <- maps:to_list(Routes)]).

%% Between new code and a new registry nobody must be able to stop: a process of its own does it.
uninterrupted(Fun) ->
    Caller = self(),
    Tag = make_ref(),
    {Pid, Monitor} = spawn_monitor(fun() -> Caller ! {Tag, Fun()} end),
    receive
        {Tag, Result} ->
            demonitor(Monitor, [flush]),
            Result;
        {'DOWN', Monitor, process, Pid, Reason} ->
            erlang:error(Reason)
    end.

purge_all([]) ->
    ok;
purge_all([Module | Rest]) ->
    case purge(Module, ?PURGE_ATTEMPTS) of
        true -> purge_all(Rest);
        false -> {error, {in_use, Module}}
    end.

purge(_, 0) ->
    false;
purge(Module, Attempts) ->
    case code:soft_purge(Module) of
        true ->
            true;
        false ->
            timer:sleep(?PURGE_PAUSE),
            purge(Module, Attempts - 1)
    end.


%% @doc Removes a class: its name, its class variables, its extensions of other classes and its code.
%% Processes that run its methods finish them.
-spec unload(module()) -> ok | {error, reason()}.
unload(Module) ->
    exclusively(Module, fun() ->
        Bodies = [Body || Body <- bodies(Module), is_loaded(Body)],
        case purge_all([Module | Bodies]) of
            ok -> uninterrupted(fun() -> remove(Module, Bodies) end);
            {error, Reason} -> {error, Reason}
        end
    end).

%% The slots are kept, so that a class of the same name does not start with bodies still in use.
remove(Module, Bodies) ->
    Name = beamtalk_behaviour:name({'$bt_class', Module}),
    beamtalk_class:unregister(Module),
    beamtalk_extension:replace(Module, []),
    beamtalk_behaviour:forget_docs(Module),
    beamtalk_built:forget(Module),
    beamtalk_code:removed(Name),
    lists:foreach(fun code:delete/1, [Module | Bodies]),
    lists:foreach(fun code:soft_purge/1, [Module | Bodies]),
    beamtalk_event:notify(class_removed, Name).

is_loaded(Module) ->
    code:is_loaded(Module) =/= false.

exclusively(Module, Fun) ->
    beamtalk_lock:with({load, Module}, Fun).

%% @doc Text of a reason.
-spec format_error(reason()) -> binary().
format_error(no_free_slot) ->
    <<"every body module of the class is still in use">>;
format_error({in_use, Module}) ->
    text("a process still runs an old version of ~ts", [Module]);
format_error({misnamed, Module}) ->
    text("module ~ts is not named as a part of the class", [Module]);
format_error({not_a_facade, Module}) ->
    text("module ~ts lacks the functions of a class", [Module]);
format_error({class_exists, Exception}) ->
    beamtalk_error:format(Exception);
format_error({kind_changed, Module, Was, Becomes}) ->
    text("the class exists with the kind ~ts and cannot become ~ts while it does: send removeFromSystem to ~ts first", [
        Was, Becomes, beamtalk_hierarchy:name(Module)
    ]);
format_error({no_superclass, Module}) ->
    text("its superclass ~ts is not loaded", [beamtalk_name:display(Module)]);
format_error({own_superclass, Module}) ->
    text("~ts would be a superclass of itself", [beamtalk_name:display(Module)]);
format_error({bad_code, Errors}) ->
    text("code that cannot be loaded: ~0tp", [Errors]).

text(Format, Args) ->
    beamtalk_print:text(io_lib:format(Format, Args)).
