%% @doc Text of exceptions for people, and their log reports.
-module(beamtalk_error_format).

-include_lib("kernel/include/logger.hrl").

-export([exception/1, reason/1, location/1, report/2, report_text/1]).

%% @doc See {@link beamtalk_error:format/1}.
-spec exception(beamtalk_error:exception()) -> binary().
exception(#{'$beamtalk_class' := Class, kind := Kind, message := Message} = Exception) ->
    beamtalk_print:text([
        beamtalk_hierarchy:name(Class), <<" (">>, atom_to_binary(Kind), <<"): ">>, Message,
        [place(Place) || Place <- places(beamtalk_error:stack(Exception))],
        hint(maps:get(hint, Exception, nil))
    ]).

%% @doc See {@link beamtalk_error:format_error/1}.
-spec reason(term()) -> binary().
reason(Reason) ->
    case beamtalk_error:is_exception(Reason) of
        true -> exception(Reason);
        false -> exception(beamtalk_error:from_erlang(error, Reason, []))
    end.

%% @doc File and line of the innermost stack item that is Beamtalk source of the program; of the library, if there is
%% none.
-spec location(erlang:stacktrace()) -> {unicode:chardata(), pos_integer()} | none.
location(Stack) ->
    case places(Stack) of
        [{_, File, Line} | _] -> {File, Line};
        [] -> none
    end.

%% The way through the program, innermost first. What the library does on the way is no place to look at, unless there
%% is no other.
places(Stack) ->
    All = [
        {is_library(Module), {beamtalk_stack:method_name(Module, Function), File, Line}}
     || {Module, Function, _, Location} <- Stack, {File, Line} <- source(Module, Location)
    ],
    case [Place || {false, Place} <- All] of
        [] -> [Place || {true, Place} <- lists:sublist(All, 1)];
        Places -> once(Places)
    end.

%% A recursion is one place.
once([Place, Place | Places]) -> once([Place | Places]);
once([Place | Places]) -> [Place | once(Places)];
once([]) -> [].

%% What is typed into a shell has no file with the extension of the language.
source(Module, Location) ->
    case {proplists:get_value(file, Location), proplists:get_value(line, Location)} of
        {File, Line} when File =/= undefined, is_integer(Line) ->
            Extension = unicode:characters_to_list(filename:extension(File)),
            [{File, Line} || Extension =:= ".bt" orelse is_generated(Module)];
        _ ->
            []
    end.

is_generated(Module) ->
    lists:prefix("bt@", atom_to_list(Module)).

is_library(Module) ->
    lists:prefix("bt@stdlib@", atom_to_list(Module)).

place({{ok, Method}, File, Line}) -> io_lib:format("~n  at ~ts (~ts:~b)", [Method, File, Line]);
place({error, File, Line}) -> io_lib:format("~n  at ~ts:~b", [File, Line]).

hint(nil) -> [];
hint(Hint) -> [<<"\n  Hint: ">>, Hint].

%% @doc See {@link beamtalk_error:report/2}.
-spec report(beamtalk_error:exception(), map()) -> ok.
report(Exception, Context) ->
    ?LOG_ERROR(Context#{exception => Exception}, #{
        domain => [beamtalk], report_cb => fun ?MODULE:report_text/1
    }).

%% @doc Format and arguments of a report made by {@link report/2}.
-spec report_text(map()) -> {io:format(), [term()]}.
report_text(#{label := Label, exception := Exception} = Report) ->
    Context = maps:without([label, exception], Report),
    {"~tp: ~ts~n  context: ~tp", [Label, exception(Exception), Context]}.
