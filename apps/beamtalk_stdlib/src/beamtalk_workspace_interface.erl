%% @doc Primitives of class WorkspaceInterface.
-module(beamtalk_workspace_interface).

-export(['load:'/2, classes/1]).

%% @doc `load:': loads a file or a directory and answers the classes.
-spec 'load:'(term(), binary()) -> [beamtalk_class:class_object()].
'load:'(_, Path) when is_binary(Path) ->
    beamtalk_code:request({load, Path});
'load:'(Self, _) ->
    beamtalk_error:raise(beamtalk_error:type_error('load:', Self)).

%% @doc `classes': those that do not belong to the library, by name.
-spec classes(term()) -> [beamtalk_class:class_object()].
classes(_) ->
    Modules = [Module || Module <- beamtalk_class:modules(), not beamtalk_name:is_library(Module)],
    lists:sort([{'$bt_class', Module} || Module <- Modules]).
