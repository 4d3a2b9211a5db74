%% @doc Names in generated code: selectors, body modules and the functions in them.
-module(beamtalk_name).

-export([arity/1, class_module/1, is_body_of/2, method/2, extension/1, is_library/1, display/1, default_module/1]).

%% @doc Number of arguments of a selector.
-spec arity(atom()) -> non_neg_integer().
arity(Selector) ->
    Text = atom_to_binary(Selector),
    case length(binary:matches(Text, <<":">>)) of
        0 -> binary_arity(Text);
        Colons -> Colons
    end.

binary_arity(<<C, _/binary>>) when C >= $a, C =< $z; C >= $A, C =< $Z; C =:= $_; C > 127 -> 0;
binary_arity(<<>>) -> 0;
binary_arity(_) -> 1.

%% @doc Class module of a facade or body module: `bt@tally@3' belongs to `bt@tally'.
-spec class_module(module()) -> module().
class_module(Module) ->
    case string:split(atom_to_binary(Module), <<"@">>, trailing) of
        [Class, Slot] -> class_module(Module, Class, Slot);
        _ -> Module
    end.

class_module(Module, Class, Slot) ->
    try {binary_to_integer(Slot), binary_to_existing_atom(Class)} of
        {_, Facade} -> Facade
    catch
        error:badarg -> Module
    end.

%% @doc True when `Body' is named as a body module of `Module'.
-spec is_body_of(module(), module()) -> boolean().
is_body_of(Module, Body) ->
    Body =/= Module andalso class_module(Body) =:= Module.

%% @doc Class module, side and selector of a function of a body module; `none' for a function that is no method.
-spec method(module(), atom()) -> {module(), instance | class, atom()} | none.
method(Module, Function) ->
    case words(Function) of
        {Side, [Selector]} -> {class_module(Module), Side, binary_to_atom(Selector)};
        _ -> extension(Function)
    end.

%% @doc The same for a function that is a method of a class of another file: `m bt@stdlib@integer digitSum'.
-spec extension(atom()) -> {module(), instance | class, atom()} | none.
extension(Function) ->
    case words(Function) of
        {Side, [Class, Selector]} -> {binary_to_atom(Class), Side, binary_to_atom(Selector)};
        _ -> none
    end.

words(Function) ->
    case atom_to_binary(Function) of
        <<"m ", Rest/binary>> -> {instance, string:split(Rest, <<" ">>)};
        <<"c ", Rest/binary>> -> {class, string:split(Rest, <<" ">>)};
        _ -> none
    end.

%% @doc True for the module of a standard library class.
-spec is_library(module()) -> boolean().
is_library(Module) ->
    case atom_to_binary(Module) of
        <<"bt@stdlib@", _/binary>> -> true;
        _ -> false
    end.

%% @doc Class name as far as a module name tells it: `bt@shop@order_book' gives `OrderBook'.
%% Used only where the class itself cannot be asked, because its module is not loaded.
-spec display(module()) -> binary().
display(Module) ->
    Last = lists:last(string:split(atom_to_binary(Module), <<"@">>, all)),
    Words = string:split(Last, <<"_">>, all),
    iolist_to_binary([string:titlecase(Word) || Word <- Words]).

%% @doc Module of a class that belongs to no package: `OrderBook' has `bt@order_book', as in compiled code.
-spec default_module(atom()) -> module().
default_module(Name) ->
    Words = re:replace(atom_to_binary(Name), "([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])", "\\1\\3_\\2", [global]),
    binary_to_atom(iolist_to_binary([<<"bt@">>, string:lowercase(Words)])).
