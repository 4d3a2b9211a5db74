%% @doc Primitive of class SystemAnnouncer.
-module(beamtalk_system_announcer).

-export([current/1]).

%% @doc `current'
-spec current(beamtalk_class:class_object()) -> map().
current({'$bt_class', Module}) ->
    #{'$beamtalk_class' => Module, '$announcer' => system}.
