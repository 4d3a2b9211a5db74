%% @doc Primitives of class OS.
-module(beamtalk_os).

-export(['run:timeout:'/3]).

-define(MOST, 10_000_000).

%% @doc What a command of the shell writes to its standard output, without white space around it.
-spec 'run:timeout:'(beamtalk_class:class_object(), binary(), pos_integer()) -> binary().
'run:timeout:'(Self, Command, Limit) when is_integer(Limit), Limit > 0, Limit < 1 bsl 32 ->
    case beamtalk_os_text:to(Command) of
        {ok, _} -> output(beamtalk_exec:run(shell(Command), Limit, ?MOST), Command, Limit);
        error -> beamtalk_argument:wrong('run:timeout:', Self, "the command is a String without the character 0")
    end;
'run:timeout:'(Self, _, _) ->
    beamtalk_argument:wrong('run:timeout:', Self, "the limit in milliseconds is an Integer from 1 on").

shell(Command) ->
    #{command => <<"/bin/sh">>, args => [<<"-c">>, Command]}.

output({ok, Output, _}, _, _) ->
    trimmed(Output, beamtalk_argument:is_text(Output));
output({error, timeout}, Command, Limit) ->
    fail(timeout, ["the command took longer than ", integer_to_list(Limit), " ms: "], Command);
output({error, too_large}, Command, _) ->
    fail(output_too_large, ["the command writes more than ", integer_to_list(?MOST), " bytes: "], Command);
output({error, Reason}, Command, _) ->
    beamtalk_error:raise(beamtalk_exec:failure('run:timeout:', shell(Command), Reason)).

trimmed(Output, true) ->
    <<Text/binary>> = string:trim(Output),
    Text;
trimmed(Output, false) ->
    Output.

-spec fail(atom(), iodata(), binary()) -> no_return().
fail(Kind, Message, Command) ->
    Text = beamtalk_print:text([Message, beamtalk_print:safe(Command)]),
    beamtalk_error:raise(Kind, Text, #{selector => 'run:timeout:', errorClass => 'OS', hint => hint(Kind)}).

hint(timeout) -> <<"give it more time with 'run:timeout:', or use a Subprocess">>;
hint(output_too_large) -> <<"let it write to a file, or use a Subprocess, which is read line by line">>.
