%% @doc Primitives of class System: the environment, the operating system, the emulator.
-module(beamtalk_system).

-export([
    'getEnv:'/2, 'getEnv:default:'/3, 'setEnv:value:'/3, 'unsetEnv:'/2, osPlatform/1, osFamily/1, architecture/1,
    hostname/1, erlangVersion/1, pid/1, uniqueId/1, 'halt:'/2
]).
-export([halt/3]).

-type class_object() :: beamtalk_class:class_object().

%% @doc The value of a variable of the environment, or nil.
-spec 'getEnv:'(class_object(), binary()) -> binary() | nil.
'getEnv:'(Self, Name) ->
    'getEnv:default:'('getEnv:', Self, Name, nil).

%% @doc The value of a variable of the environment, or the other argument.
-spec 'getEnv:default:'(class_object(), binary(), Default) -> binary() | Default.
'getEnv:default:'(Self, Name, Default) ->
    'getEnv:default:'('getEnv:default:', Self, Name, Default).

'getEnv:default:'(Selector, Self, Name, Default) ->
    case os:getenv(name(Selector, Self, Name)) of
        false -> Default;
        Value -> beamtalk_os_text:from(Value)
    end.

%% @doc Sets a variable of the environment, for this program and those that it starts from now on.
-spec 'setEnv:value:'(class_object(), binary(), binary()) -> true.
'setEnv:value:'(Self, Name, Value) ->
    Variable = name('setEnv:value:', Self, Name),
    case beamtalk_os_text:to(Value) of
        {ok, Text} -> os:putenv(Variable, Text);
        error -> beamtalk_argument:wrong('setEnv:value:', Self, "the value is a String without the character 0")
    end.

%% @doc Removes a variable from the environment.
-spec 'unsetEnv:'(class_object(), binary()) -> true.
'unsetEnv:'(Self, Name) ->
    os:unsetenv(name('unsetEnv:', Self, Name)).

name(Selector, Self, Name) ->
    case beamtalk_os_text:to(Name) of
        {ok, [_ | _] = Text} ->
            lists:member($=, Text) andalso not_a_name(Selector, Self),
            Text;
        _ ->
            not_a_name(Selector, Self)
    end.

-spec not_a_name(atom(), term()) -> no_return().
not_a_name(Selector, Self) ->
    beamtalk_argument:wrong(Selector, Self, "the name is a String, not empty, without '=' and the character 0").

%% @doc Such as `linux', `darwin', `win32'.
-spec osPlatform(class_object()) -> binary().
osPlatform(_) ->
    case os:type() of
        {win32, _} -> <<"win32">>;
        {_, Name} -> atom_to_binary(Name)
    end.

%% @doc `unix' or `win32'.
-spec osFamily(class_object()) -> binary().
osFamily(_) ->
    {Family, _} = os:type(),
    atom_to_binary(Family).

%% @doc The processor and system that the emulator was built for.
-spec architecture(class_object()) -> binary().
architecture(_) ->
    list_to_binary(erlang:system_info(system_architecture)).

%% @doc The name of the machine.
-spec hostname(class_object()) -> binary().
hostname(_) ->
    {ok, Name} = inet:gethostname(),
    list_to_binary(Name).

%% @doc The release of OTP.
-spec erlangVersion(class_object()) -> binary().
erlangVersion(_) ->
    list_to_binary(erlang:system_info(otp_release)).

%% @doc The number of the emulator's process in the operating system.
-spec pid(class_object()) -> pos_integer().
pid(_) ->
    list_to_integer(os:getpid()).

%% @doc A number greater than all that it has answered before.
-spec uniqueId(class_object()) -> pos_integer().
uniqueId(_) ->
    erlang:unique_integer([positive, monotonic]).

%% @doc Stops the emulator.
-spec 'halt:'(class_object(), 0..255) -> no_return().
'halt:'(Self, Code) ->
    halt('halt:', Self, Code).

%% @doc The same for another message. A node that several people work in has `may_halt' set to false.
-spec halt(atom(), term(), term()) -> no_return().
halt(Selector, Self, Code) when is_integer(Code), Code >= 0, Code =< 255 ->
    case application:get_env(beamtalk_stdlib, may_halt, true) of
        true -> erlang:halt(Code);
        false -> refused(Selector, Self)
    end;
halt(Selector, Self, Code) when is_integer(Code) ->
    beamtalk_error:raise(invalid_argument, <<"a status is an Integer from 0 to 255">>, fields(Selector, Self));
halt(Selector, Self, _) ->
    beamtalk_argument:wrong(Selector, Self, "a status is an Integer from 0 to 255").

-spec refused(atom(), term()) -> no_return().
refused(Selector, Self) ->
    Hint = <<"close your own session instead">>,
    Message = <<"a workspace that is shared cannot be stopped by a program">>,
    beamtalk_error:raise(unsupported_operation, Message, (fields(Selector, Self))#{hint => Hint}).

fields(Selector, Self) ->
    #{selector => Selector, errorClass => binary_to_atom(beamtalk_class:name_of(Self))}.
