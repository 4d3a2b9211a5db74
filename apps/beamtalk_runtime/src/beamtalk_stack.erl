%% @doc Stack traces as lists of StackFrame instances.
-module(beamtalk_stack).

-export([frames/1]).

%% @doc One StackFrame for each stack item that is not plumbing of the runtime.
-spec frames(erlang:stacktrace()) -> [map()].
frames(Stack) ->
    [frame(Item) || Item <- Stack, is_shown(Item)].

is_shown({Module, _, _, _}) -> not is_plumbing(Module);
is_shown({_, _, _}) -> false.

is_plumbing(beamtalk_dispatch) -> true;
is_plumbing(beamtalk_actor_server) -> true;
is_plumbing(beamtalk_exception) -> true;
is_plumbing(beamtalk_frame) -> true;
is_plumbing(gen_server) -> true;
is_plumbing(proc_lib) -> true;
is_plumbing(_) -> false.

frame({Module, Function, Args, Location}) ->
    File = file(proplists:get_value(file, Location)),
    Line = proplists:get_value(line, Location, nil),
    #{
        '$beamtalk_class' => 'bt@stdlib@stack_frame',
        method => method(Function),
        receiverClass => receiver_class(Function, Module),
        arguments => arguments(Function, Args),
        sourceLocation => source_location(File, Line),
        moduleName => atom_to_binary(Module),
        line => Line,
        file => File
    }.

method(Function) ->
    case beamtalk_name:method(Function) of
        {_, Selector} -> Selector;
        none -> Function
    end.

receiver_class(Function, Module) ->
    case beamtalk_name:method(Function) of
        {instance, _} -> class_name(Module);
        {class, _} -> <<(class_name(Module))/binary, " class">>;
        none -> nil
    end.

class_name(Module) ->
    beamtalk_hierarchy:name(beamtalk_name:class_module(Module)).

%% The receiver is the first parameter of a method's function.
arguments(Function, Args) ->
    Arity = arity(Args),
    case beamtalk_name:method(Function) of
        none -> Arity;
        _ -> max(0, Arity - 1)
    end.

arity(Args) when is_list(Args) -> length(Args);
arity(Arity) -> Arity.

file(undefined) -> nil;
file(File) -> unicode:characters_to_binary(File).

source_location(nil, _) -> nil;
source_location(File, nil) -> File;
source_location(File, Line) -> <<File/binary, ":", (integer_to_binary(Line))/binary>>.
