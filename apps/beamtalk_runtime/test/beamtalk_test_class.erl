%% @doc Makes class modules as the code generator would, from short descriptions.
%%
%% A method is `{Selector, Parameters, Body}' with Erlang text: `{'at:put:', "K, V", "{Self, K, V}"}'.
%% A class is one module, facade and body together, unless its description has a `slot': then the
%% methods go into the body module of that slot.
-module(beamtalk_test_class).

-export([version/1, load/1, unload/1, primitives/2]).

%% @doc Facade and bodies, as {@link beamtalk_loader:load/1} takes them.
version(#{module := Module} = Spec) ->
    {Facade, Bodies} = texts(Spec),
    #{
        module => Module,
        facade => {Module, compile(Facade)},
        bodies => [{Body, compile(Text)} || {Body, Text} <- Bodies]
    }.

%% @doc Loads a class without the loader, for stubs of library classes.
load(Spec) ->
    #{facade := Facade, bodies := Bodies} = version(Spec),
    lists:foreach(fun load_module/1, [Facade | Bodies]).

load_module({Module, Beam}) ->
    {module, Module} = code:load_binary(Module, atom_to_list(Module) ++ ".bt", Beam).

%% @doc Unloads the module of a class.
unload(Module) ->
    _ = code:purge(Module),
    _ = code:delete(Module),
    _ = code:purge(Module),
    ok.

%% @doc Methods that call every function of a primitive module that takes the receiver and the
%% selector's arguments.
primitives(Backing, Excluded) ->
    {module, Backing} = code:ensure_loaded(Backing),
    [
        primitive(Backing, Selector)
     || {Selector, Arity} <- Backing:module_info(exports),
        Selector =/= module_info,
        Arity =:= beamtalk_name:arity(Selector) + 1,
        not lists:member(Selector, Excluded)
    ].

primitive(Backing, Selector) ->
    Parameters = lists:join(", ", parameters(Selector)),
    Arguments = lists:join(", ", ["Self" | parameters(Selector)]),
    {Selector, Parameters, io_lib:format("~w:~w(~s)", [Backing, Selector, Arguments])}.

parameters(Selector) ->
    ["P" ++ integer_to_list(I) || I <- lists:seq(1, beamtalk_name:arity(Selector))].

texts(#{module := Module, slot := Slot} = Spec) ->
    Body = list_to_atom(atom_to_list(Module) ++ "@" ++ integer_to_list(Slot)),
    {facade(Spec, routes(Body)), [{Body, body(Body, Spec)}]};
texts(Spec) ->
    {facade(Spec, fun(_, {_, _, Text}) -> Text end), []}.

routes(Body) ->
    fun(Prefix, {Selector, Parameters, _}) ->
        Arguments = ["Self" | [[", ", P] || P <- string:lexemes(Parameters, ", ")]],
        io_lib:format("~w:'~s ~s'(~s)", [Body, Prefix, Selector, Arguments])
    end.

body(Body, Spec) ->
    Functions =
        [{"m", M} || M <- methods(Spec)] ++ [{"c", M} || M <- maps:get(class_methods, Spec, [])],
    [
        io_lib:format("-module(~w).~n-compile(export_all).~n", [Body]),
        [function(Prefix, Method) || {Prefix, Method} <- Functions]
    ].

function(Prefix, {Selector, Parameters, Text}) ->
    Self = lists:join(", ", ["Self" | string:lexemes(Parameters, ", ")]),
    io_lib:format("'~s ~s'(~s) -> _ = Self, ~s.~n", [Prefix, Selector, Self, Text]).

facade(#{module := Module} = Spec, Route) ->
    Super = maps:get(superclass, Spec, 'bt@stdlib@object'),
    [
        io_lib:format("-module(~w).~n-compile(export_all).~n", [Module]),
        io_lib:format("-beamtalk_class(~w).~n", [[{kind, maps:get(kind, Spec, object)}, {superclass, Super}]]),
        clauses("$send", "m", continue, methods(Spec), Module, Super, Route),
        clauses("$class_send", "c", class_continue, class_methods(Spec), Module, Super, Route),
        io_lib:format("'$class'() -> ~w.~n", [description(Spec, Super)]),
        defaults("$defaults", maps:get(fields, Spec, []), Super),
        defaults("$class_defaults", maps:get(class_vars, Spec, []), Super)
    ].

clauses(Name, Prefix, Continue, Methods, Module, Super, Route) ->
    [
        [
            io_lib:format("'~s'(~w, [~s], Self) -> _ = Self, ~s;~n", [
                Name, Selector, Parameters, Route(Prefix, Method)
            ])
         || {Selector, Parameters, _} = Method <- Methods
        ],
        io_lib:format("'~s'(Sel, Args, Self) -> beamtalk_dispatch:~w(~w, ~w, Sel, Args, Self).~n", [
            Name, Continue, Module, Super
        ])
    ].

methods(Spec) -> maps:get(methods, Spec, []).

class_methods(Spec) -> maps:get(class_methods, Spec, []).

description(#{module := Module, name := Name} = Spec, Super) ->
    Fields = [F || {F, _} <- maps:get(fields, Spec, [])],
    #{
        name => Name,
        module => Module,
        superclass => Super,
        kind => maps:get(kind, Spec, object),
        fields => Fields,
        all_fields => maps:get(all_fields, Spec, Fields),
        class_vars => [V || {V, _} <- maps:get(class_vars, Spec, [])],
        selectors => [S || {S, _, _} <- methods(Spec)],
        class_selectors => [S || {S, _, _} <- class_methods(Spec)],
        flags => maps:get(flags, Spec, []),
        doc => maps:get(doc, Spec, nil),
        source => nil,
        methods => #{},
        routes => description_routes(Spec),
        slots => maps:get(slots, Spec, [])
    }.

description_routes(#{slot := Slot} = Spec) ->
    maps:from_list(
        [{list_to_atom("m " ++ atom_to_list(S)), Slot} || {S, _, _} <- methods(Spec)] ++
            [{list_to_atom("c " ++ atom_to_list(S)), Slot} || {S, _, _} <- class_methods(Spec)]
    );
description_routes(_) ->
    #{}.

defaults(Function, Own, Super) ->
    Pairs = lists:join(", ", [io_lib:format("~w => ~s", [Name, Text]) || {Name, Text} <- Own]),
    io_lib:format("'~s'() -> maps:merge(~s, #{~s}).~n", [
        Function, inherited(Function, Super), Pairs
    ]).

%% The roots of the stub library have no fields.
inherited(Function, Super) ->
    case beamtalk_name:is_library(Super) orelse Super =:= nil of
        true -> "#{}";
        false -> io_lib:format("~w:'~s'()", [Super, Function])
    end.

compile(Text) ->
    {ok, Tokens, _} = erl_scan:string(unicode:characters_to_list(Text)),
    {ok, _, Beam} = compile:forms(forms(Tokens, []), [binary, return_errors, nowarn_export_all]),
    Beam.

forms([], []) ->
    [];
forms([{dot, _} = Dot | Rest], Acc) ->
    {ok, Form} = erl_parse:parse_form(lists:reverse([Dot | Acc])),
    [Form | forms(Rest, [])];
forms([Token | Rest], Acc) ->
    forms(Rest, [Token | Acc]).
