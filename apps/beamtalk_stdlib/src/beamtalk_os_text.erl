%% @doc Texts that go to the operating system and come from it: names of files, arguments, variables of the
%% environment. Erlang has them as lists of characters, or as binaries where they are no valid text.
-module(beamtalk_os_text).

-export([to/1, from/1]).

%% @doc The characters of a String that the operating system can take: one without the character 0.
-spec to(term()) -> {ok, string()} | error.
to(Text) ->
    case beamtalk_argument:is_text(Text) andalso binary:match(Text, <<0>>) of
        nomatch -> {ok, unicode:characters_to_list(Text)};
        _ -> error
    end.

%% @doc The String, or the Binary where there is no text. Characters that Erlang could not decode are bytes.
-spec from(string() | binary()) -> binary().
from(Binary) when is_binary(Binary) ->
    Binary;
from(Characters) ->
    case file:native_name_encoding() of
        latin1 -> list_to_binary(Characters);
        utf8 -> utf8(unicode:characters_to_binary(Characters), Characters)
    end.

utf8(Text, _) when is_binary(Text) -> Text;
utf8(_, Characters) -> << <<C>> || C <- Characters, C < 256 >>.
