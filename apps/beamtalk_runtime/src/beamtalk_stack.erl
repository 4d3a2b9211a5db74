%% @doc Stack traces as lists of StackFrame instances.
-module(beamtalk_stack).

-export([frames/1, method_name/2]).

%% @doc One StackFrame for each stack item that is not plumbing of the runtime.
-spec frames(erlang:stacktrace()) -> [map()].
frames(Stack) ->
    [frame(Item) || Item <- Stack, is_shown(Item)].

is_shown({Module, _, _, _}) -> not is_plumbing(Module);
is_shown({_, _, _}) -> false.

%% Primitives of the library's classes are no plumbing: what they were doing tells something.
is_plumbing(Module) ->
    lists:member(Module, [
        beamtalk_dispatch,
        beamtalk_error,
        beamtalk_extension,
        beamtalk_actor,
        beamtalk_actor_server,
        beamtalk_backing,
        beamtalk_wait,
        beamtalk_class,
        beamtalk_class_state,
        beamtalk_lock,
        beamtalk_exception,
        beamtalk_frame,
        beamtalk_eval,
        beamtalk_eval_call,
        beamtalk_eval_code,
        beamtalk_eval_fun,
        beamtalk_evaluation,
        beamtalk_session,
        beamtalk_job,
        gen_server,
        proc_lib
    ]).

frame({Module, Function, Args, Location}) ->
    File = file(proplists:get_value(file, Location)),
    Line = proplists:get_value(line, Location, nil),
    (method(beamtalk_name:method(Module, home(Function)), Function, arity(Args)))#{
        '$beamtalk_class' => 'bt@stdlib@stack_frame',
        sourceLocation => source_location(File, Line),
        moduleName => atom_to_binary(Module),
        line => Line,
        file => File
    }.

%% @doc The method that a function of generated code belongs to, as `Counter class>>make'.
-spec method_name(module(), atom()) -> {ok, unicode:chardata()} | error.
method_name(Module, Function) ->
    case beamtalk_name:method(Module, home(Function)) of
        {Class, Side, Selector} -> {ok, [receiver_class(Side, Class), ">>", atom_to_binary(Selector)]};
        none -> error
    end.

%% A block and a loop belong to the method that they are written in: `-m at:put:/3-anonymous-0-'.
home(Function) ->
    case re:run(atom_to_binary(Function), "^-(.+?)/[0-9]+-", [{capture, all_but_first, binary}, unicode]) of
        {match, [Home]} -> binary_to_atom(Home);
        nomatch -> Function
    end.

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
