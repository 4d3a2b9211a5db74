%% @doc Primitives of class Program: the program that is run.
-module(beamtalk_program).

-export([commandName/1, 'exit:'/2]).

-type class_object() :: beamtalk_class:class_object().

%% @doc The name of the file that is run, without directory, as the command that runs it has set it.
-spec commandName(class_object()) -> binary().
commandName(_) ->
    beamtalk_os_text:from(application:get_env(beamtalk_stdlib, command_name, "beamtalk")).

%% @doc Ends the program with a status.
-spec 'exit:'(class_object(), 0..255) -> no_return().
'exit:'(Self, Code) ->
    beamtalk_system:halt('exit:', Self, Code).
