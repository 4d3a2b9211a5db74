%% @doc Each `@primitive' of the library has its function, and each function of a primitive module that
%% is named like a message has its method.
-module(beamtalk_primitives_tests).

-include_lib("eunit/include/eunit.hrl").

every_primitive_has_its_function_test_() ->
    [
        {atom_to_list(Module) ++ ":" ++ atom_to_list(Name), fun() ->
            {module, Module} = code:ensure_loaded(Module),
            ?assert(erlang:function_exported(Module, Name, Arity))
        end}
     || {Module, Name, Arity} <- primitives()
    ].

every_file_declares_the_class_it_is_named_after_test_() ->
    [
        {File, ?_assertMatch({match, _}, re:run(source(File), declaration(File), [multiline]))}
     || File <- files()
    ].

every_public_method_is_documented_test_() ->
    [{File, ?_assertEqual([], undocumented(lines(File)))} || File <- files()].

undocumented(Lines) ->
    [
        Line
     || {Before, Line} <- lists:zip([<<>> | lists:droplast(Lines)], Lines),
        is_header(Line),
        not starts_with(Line, "  internal "),
        not starts_with(Before, "  /// ")
    ].

declaration(File) ->
    "(subclass|^Protocol define): " ++ filename:basename(File, ".bt") ++ "(\\(| |$)".

primitives() ->
    lists:usort(lists:append([primitives(File) || File <- files()])).

primitives(File) ->
    Module = list_to_atom("beamtalk_" ++ snake_case(filename:basename(File, ".bt"))),
    [primitive(Module, Line) || Line <- lines(File), is_header(Line), contains(Line, "@primitive")].

primitive(Module, Line) ->
    [Header, Body] = string:split(Line, " => "),
    Selector = selector(Header),
    Name =
        case string:trim(string:prefix(Body, "@primitive"), both, " \"") of
            <<>> -> Selector;
            Explicit -> Explicit
        end,
    {Module, binary_to_atom(Name), 1 + beamtalk_name:arity(binary_to_atom(Selector))}.

%% The selector is what is left of the header without modifiers, parameters and types.
selector(Header) ->
    Untyped = re:replace(Header, "( ->.*$)|( :: [A-Za-z]+(\\([^=]*?\\))?( \\| [A-Za-z]+)?)", "", [global]),
    [First | _] = Words = words(iolist_to_binary(Untyped)),
    case {re:run(First, "^[a-zA-Z0-9]+$", [{capture, none}]), lists:suffix(":", binary_to_list(First))} of
        {match, _} -> First;
        {nomatch, false} -> First;
        {nomatch, true} -> iolist_to_binary([W || W <- Words, lists:suffix(":", binary_to_list(W))])
    end.

words(Header) ->
    lists:dropwhile(
        fun(Word) -> lists:member(Word, [<<"internal">>, <<"sealed">>]) end,
        without_class(string:lexemes(Header, " "))
    ).

without_class([<<"internal">> | Words]) -> without_class(Words);
without_class([<<"class">>, Next | Words]) -> [Next | Words];
without_class(Words) -> Words.

is_header(Line) ->
    re:run(Line, "^  [^ /].* => ?", [{capture, none}]) =:= match orelse
        re:run(Line, "^  [^ /].* =>$", [{capture, none}]) =:= match.

snake_case(Name) ->
    Split = re:replace(Name, "([a-z0-9])([A-Z])", "\\1_\\2", [global]),
    string:lowercase(
        binary_to_list(
            iolist_to_binary(re:replace(Split, "([A-Z])([A-Z][a-z])", "\\1_\\2", [global]))
        )
    ).

contains(Line, Text) -> string:find(Line, Text) =/= nomatch.

starts_with(Line, Text) -> string:prefix(Line, Text) =/= nomatch.

lines(File) -> string:split(source(File), "\n", all).

source(File) ->
    {ok, Source} = file:read_file(File),
    Source.

files() ->
    Files = filelib:wildcard(filename:join(library(), "*.bt")),
    true = Files =/= [],
    Files.

%% The sources are not part of a built application: they are looked for from here and from the working
%% directory upward.
library() ->
    {ok, Cwd} = file:get_cwd(),
    Places = ancestors(Cwd) ++ ancestors(filename:absname(filename:dirname(?FILE))),
    [Library | _] = [
        Dir
     || Place <- Places,
        Dir <- [
            filename:join(Place, "apps/beamtalk_stdlib/lib"),
            filename:join(Place, "lib")
        ],
        filelib:is_regular(filename:join(Dir, "ProtoObject.bt"))
    ],
    Library.

ancestors(Dir) ->
    case filename:dirname(Dir) of
        Dir -> [Dir];
        Parent -> [Dir | ancestors(Parent)]
    end.
