%% @doc Classes made of blocks while the program runs, without the compiler.
%%
%% Such a class has a facade like every other ({@link beamtalk_built_facade}), which asks this module; what
%% the class consists of is a persistent term, so that a message copies nothing. A method is a block that
%% takes the receiver first, or what stands for a generated accessor or constructor.
-module(beamtalk_built).

-export([define/1, remove/3, forget/1, is_built/1]).
%% For facades
-export([send/4, class_send/4, info/1, defaults/1, class_defaults/1]).
%% For blocks that are methods
-export([super/3]).

-export_type([spec/0]).

-type spec() :: #{
    name := atom(),
    superclass := beamtalk_class:class_object(),
    fields => #{atom() => term()},
    methods => #{atom() => fun()},
    class_methods => #{atom() => fun()},
    class_vars => #{atom() => term()},
    flags => [atom()],
    doc => binary() | nil,
    native => module() | nil,
    attributes => #{{instance | class, Selector :: atom()} => #{doc | source => binary()}}
}.
-type method() :: fun() | {getter | setter, atom()} | {constructor, [atom()]}.
-type class() :: #{
    info := beamtalk_hierarchy:info(),
    methods := #{{instance | class, atom()} => method()},
    fields := #{atom() => term()},
    class_vars := #{atom() => term()}
}.

-define(KEY(Module), {?MODULE, Module}).
-define(DEFINING, '$bt_defining').

%% ---------------------------------------------------------------------------------------------------
%% Definition
%% ---------------------------------------------------------------------------------------------------

%% @doc Makes the class, or a new version of it. Raises when the definition is wrong; the version before
%% stays in force then.
-spec define(spec()) -> beamtalk_class:class_object().
define(#{name := Name, superclass := {'$bt_class', Super}} = Spec) ->
    Module = beamtalk_name:default_module(Name),
    ok = check_name(Name),
    ok = check_superclass(Name, beamtalk_hierarchy:info(Super)),
    ok = check_fields(Name, Spec, beamtalk_hierarchy:kind(Super)),
    ok = check_variables(Name, maps:keys(maps:get(fields, Spec, #{})) ++ maps:keys(maps:get(class_vars, Spec, #{}))),
    ok = check_methods(maps:get(methods, Spec, #{})),
    ok = check_methods(maps:get(class_methods, Spec, #{})),
    beamtalk_loader:update(Module, fun() -> install(Module, class(Module, Super, Spec)) end).

%% The facade answers from the term, so the term comes first; it goes back when the facade is refused.
install(Module, #{info := #{kind := Kind, superclass := Super, name := Name}} = Class) ->
    Before = persistent_term:get(?KEY(Module), none),
    _ = code:is_loaded(Module) =:= false orelse check_kind(Module, Name, Kind),
    _ = beamtalk_hierarchy:is_kind_of(Super, Module) andalso failed(Name, <<"it would be a superclass of itself">>),
    persistent_term:put(?KEY(Module), Class),
    case beamtalk_loader:load(version(Module, Name)) of
        {ok, Object} ->
            Object;
        {error, Reason} ->
            restore(Module, Before),
            failed(Name, beamtalk_loader:format_error(Reason))
    end.

version(Module, Name) ->
    #{module => Module, class => Name, facade => {Module, beamtalk_built_facade:beam(Module)}, bodies => []}.

restore(Module, none) -> forget(Module);
restore(Module, Class) -> persistent_term:put(?KEY(Module), Class).

check_kind(Module, Name, Kind) ->
    case beamtalk_hierarchy:kind(Module) of
        Kind -> ok;
        Was -> failed(Name, io_lib:format("it exists with the kind ~ts: send it removeFromSystem first", [Was]))
    end.

%% @doc Takes a method out of the class.
-spec remove(module(), instance | class, atom()) -> ok.
remove(Module, Side, Selector) ->
    beamtalk_loader:update(Module, fun() ->
        #{methods := Methods, info := Info} = Class = class(Module),
        Left = maps:remove({Side, Selector}, Methods),
        #{methods := Described} = Info,
        New = (Info#{methods := maps:remove({Side, Selector}, Described)}),
        persistent_term:put(?KEY(Module), Class#{methods := Left, info := with_selectors(New, Left)}),
        ok
    end).

%% @doc Forgets a class that is removed.
-spec forget(module()) -> ok.
forget(Module) ->
    _ = persistent_term:erase(?KEY(Module)),
    ok.

%% @doc Whether the class in force is made of blocks.
-spec is_built(module()) -> boolean().
is_built(Module) ->
    case beamtalk_hierarchy:info(Module) of
        #{built := true} -> true;
        _ -> false
    end.

check_name(Name) ->
    case re:run(atom_to_binary(Name), "^[A-Z][A-Za-z0-9_]{0,199}$", [{capture, none}]) of
        match -> check_free(Name, beamtalk_class:lookup(Name));
        nomatch -> failed(Name, <<"a class name is a capital letter and letters, digits or _">>)
    end.

check_free(Name, {ok, {'$bt_class', Module}}) ->
    case Module =:= beamtalk_name:default_module(Name) of
        true -> ok;
        false -> beamtalk_error:raise(class_already_exists, [<<"Class '">>, atom_to_binary(Name), <<"' exists already">>])
    end;
check_free(_, error) ->
    ok.

check_superclass(Name, undefined) ->
    failed(Name, <<"its superclass is not loaded">>);
check_superclass(Name, #{name := Super} = Info) ->
    _ = lists:member(sealed, maps:get(flags, Info, [])) andalso failed(Name, [atom_to_binary(Super), <<" is sealed">>]),
    ok.

check_fields(_, #{fields := Fields}, object) when map_size(Fields) =:= 0 -> ok;
check_fields(Name, #{fields := _}, object) -> failed(Name, <<"classes that are neither Value nor Actor have no fields">>);
check_fields(_, _, _) -> ok.

%% Names that a class of a file could not have would be in no one's reach.
check_variables(Name, Variables) ->
    case [Variable || Variable <- Variables, not is_variable(Variable)] of
        [] -> ok;
        [Wrong | _] -> failed(Name, [<<"no name of a field or class variable: ">>, beamtalk_print:safe(Wrong)])
    end.

is_variable(Name) when is_atom(Name) ->
    match =:= re:run(atom_to_binary(Name), "^[a-z_][A-Za-z0-9_]{0,199}$", [{capture, none}]);
is_variable(_) ->
    false.

check_methods(Methods) ->
    maps:foreach(fun check_method/2, Methods).

check_method(Selector, Block) when is_atom(Selector), is_function(Block) ->
    {arity, Parameters} = erlang:fun_info(Block, arity),
    case beamtalk_name:arity(Selector) + 1 of
        Parameters -> ok;
        Expected -> beamtalk_error:raise(beamtalk_error:arity_mismatch(Parameters, Expected))
    end;
check_method(Selector, Block) ->
    Message = io_lib:format("a method is a Symbol and a Block, not ~ts and ~ts", [
        beamtalk_print:safe(Selector), beamtalk_print:safe(Block)
    ]),
    beamtalk_error:raise(type_error, Message).

-spec failed(atom(), unicode:chardata()) -> no_return().
failed(Name, Why) ->
    Message = [<<"cannot make class ">>, atom_to_binary(Name), <<": ">>, Why],
    beamtalk_error:raise(instantiation_error, Message, #{hint => <<"correct the definition and register again">>}).

%% ---------------------------------------------------------------------------------------------------
%% The class
%% ---------------------------------------------------------------------------------------------------

class(Module, Super, Spec) ->
    Fields = maps:get(fields, Spec, #{}),
    ClassVars = maps:get(class_vars, Spec, #{}),
    #{kind := Kind} = Inherited = beamtalk_hierarchy:info(Super),
    Own = lists:sort(maps:keys(Fields)),
    Before = maps:get(all_fields, Inherited, []),
    All = Before ++ (Own -- Before),
    Written = sided(instance, maps:get(methods, Spec, #{}), sided(class, maps:get(class_methods, Spec, #{}), #{})),
    Methods = maps:merge(generated(Kind, Own, All), Written),
    Info = #{
        name => maps:get(name, Spec),
        module => Module,
        superclass => Super,
        kind => Kind,
        fields => Own,
        all_fields => All,
        class_vars => lists:sort(maps:keys(ClassVars)),
        flags => maps:get(flags, Spec, []),
        doc => maps:get(doc, Spec, nil),
        source => nil,
        native => maps:get(native, Spec, nil),
        methods => maps:map(fun(Key, _) -> described(Key, Spec) end, Written),
        slots => [],
        text => nil,
        routes => #{},
        built => true
    },
    #{info => with_selectors(Info, Methods), methods => Methods, fields => Fields, class_vars => ClassVars}.

sided(Side, Methods, Others) ->
    maps:fold(fun(Selector, Block, Acc) -> Acc#{{Side, Selector} => Block} end, Others, Methods).

described(Key, Spec) ->
    Attributes = maps:get(Key, maps:get(attributes, Spec, #{}), #{}),
    maps:merge(#{line => 0, doc => nil}, Attributes).

with_selectors(Info, Methods) ->
    Info#{
        selectors => [Selector || {instance, Selector} <- maps:keys(Methods)],
        class_selectors => [Selector || {class, Selector} <- maps:keys(Methods)]
    }.

%% What the compiler generates for a Value class.
generated(value, Own, All) ->
    Accessors = [[{{instance, Field}, {getter, Field}}, {{instance, setter(Field)}, {setter, Field}}] || Field <- Own],
    Constructors = [{{class, constructor(Fields)}, {constructor, Fields}} || Fields <- [All, Own], Fields =/= []],
    maps:from_list(lists:append(Accessors) ++ Constructors);
generated(_, _, _) ->
    #{}.

setter(Field) ->
    <<First/utf8, Rest/binary>> = atom_to_binary(Field),
    binary_to_atom(<<"with", (string:uppercase(<<First/utf8>>))/binary, Rest/binary, ":">>).

constructor(Fields) ->
    binary_to_atom(iolist_to_binary([[atom_to_binary(Field), $:] || Field <- Fields])).

-spec class(module()) -> class().
class(Module) ->
    persistent_term:get(?KEY(Module)).

%% @doc `$class' of the class.
-spec info(module()) -> beamtalk_hierarchy:info().
info(Module) ->
    maps:get(info, class(Module)).

%% @doc `$defaults' of the class.
-spec defaults(module()) -> map().
defaults(Module) ->
    #{fields := Own, info := #{superclass := Super}} = class(Module),
    case beamtalk_hierarchy:info(Super) of
        #{all_fields := [_ | _]} -> maps:merge(Super:'$defaults'(), Own);
        _ -> Own
    end.

%% @doc `$class_defaults' of the class.
-spec class_defaults(module()) -> map().
class_defaults(Module) ->
    #{class_vars := Own, info := #{superclass := Super}} = class(Module),
    maps:merge(Super:'$class_defaults'(), Own).

%% ---------------------------------------------------------------------------------------------------
%% Messages
%% ---------------------------------------------------------------------------------------------------

%% @doc `$send' of the class.
-spec send(module(), atom(), [term()], term()) -> term().
send(Module, Selector, Args, Self) ->
    case class(Module) of
        #{methods := #{{instance, Selector} := Method}} -> run(Method, Module, Args, Self);
        #{info := #{superclass := Super}} -> beamtalk_dispatch:continue(Module, Super, Selector, Args, Self)
    end.

%% @doc `$class_send' of the class. Whether a block assigns class variables is not known: where there are
%% some, each class method is a transaction.
-spec class_send(module(), atom(), [term()], term()) -> term().
class_send(Module, Selector, Args, Self) ->
    case class(Module) of
        #{methods := #{{class, Selector} := Method}, class_vars := Vars} when map_size(Vars) > 0 ->
            beamtalk_class:with_class_lock(Self, fun() -> run(Method, Module, Args, Self) end);
        #{methods := #{{class, Selector} := Method}} ->
            run(Method, Module, Args, Self);
        #{info := #{superclass := Super}} ->
            beamtalk_dispatch:class_continue(Module, Super, Selector, Args, Self)
    end.

%% `super' in a block begins above the class that the running method belongs to.
run(Block, Module, Args, Self) when is_function(Block) ->
    Outer = put(?DEFINING, Module),
    try
        apply(Block, [Self | Args])
    after
        put(?DEFINING, Outer)
    end;
run({getter, Field}, _, [], Self) ->
    beamtalk_object:get_field(Self, Field);
run({setter, Field}, _, [Value], Self) ->
    Self#{Field => Value};
run({constructor, Fields}, _, Values, Self) ->
    beamtalk_class:'new:'(Self, maps:from_list(lists:zip(Fields, Values))).

%% @doc `super message' in a block with a parameter named `self'.
-spec super(term(), atom(), [term()]) -> term().
super(Self, Selector, Args) ->
    case {get(?DEFINING), Self} of
        {undefined, _} -> beamtalk_error:raise(no_superclass, <<"'super' works only while the block is a method">>);
        {Module, {'$bt_class', _}} -> super_of(Module, '$class_send', Selector, Args, Self);
        {Module, _} -> super_of(Module, '$send', Selector, Args, Self)
    end.

super_of(Module, Function, Selector, Args, Self) ->
    case beamtalk_hierarchy:superclass(Module) of
        nil -> beamtalk_error:raise(beamtalk_error:does_not_understand(Self, Selector));
        Super -> Super:Function(Selector, Args, Self)
    end.
