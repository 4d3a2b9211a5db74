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
    (method(beamtalk_name:method(Module, Function), Function, arity(Args)))#{
        '$beamtalk_class' => 'bt@stdlib@stack_frame',
        sourceLocation => source_location(File, Line),
        moduleName => atom_to_binary(Module),
        line => Line,
        file => File
    }.

%% The receiver is the first parameter of a method's function.
method({Class, Side, Selector}, _, Arity) ->
    #{method => Selector, receiverClass => receiver_class(Side, Class), arguments => max(0, Arity - 1)};
method(none, Function, Arity) ->
    #{method => Function, receiverClass => nil, arguments => Arity}.

receiver_class(instance, Class) -> beamtalk_hierarchy:name(Class);
receiver_class(class, Class) -> <<(beamtalk_hierarchy:name(Class))/binary, " class">>.

arity(Args) when is_list(Args) -> length(Args);
arity(Arity) -> Arity.

file(undefined) -> nil;
file(File) -> unicode:characters_to_binary(File).

source_location(nil, _) -> nil;
source_location(File, nil) -> File;
source_location(File, Line) -> <<File/binary, ":", (integer_to_binary(Line))/binary>>.
