#!/usr/bin/env escript
%% Operations of the library beside the closest Erlang expression.
%%
%%   bench/library.escript [ROUNDS]      after scripts/build; prints Markdown
-mode(compile).

-define(LIB, "_build/default/lib").

main(Args) ->
    Rounds = rounds(Args),
    Root = filename:dirname(filename:dirname(filename:absname(escript:script_name()))),
    ok = file:set_cwd(Root),
    ok = code:add_pathsa(filelib:wildcard(?LIB ++ "/*/ebin")),
    logger:set_primary_config(level, error),
    {ok, _} = application:ensure_all_started(beamtalk_workspace),
    {ok, #{classes := [Class]}} = beamtalk_workspace:load_file("bench/programs/LibraryOperations.bt"),
    io:format("OTP ~s, ~b schedulers. Medians of ~b rounds, microseconds; both sides take turns.~n~n", [
        erlang:system_info(otp_release), erlang:system_info(schedulers_online), Rounds
    ]),
    io:format("| operation | Erlang | library us | Erlang us | ratio |~n|---|---|---|---|---|~n"),
    Ratios = [row(Class, Row, Rounds) || Row <- rows()],
    io:format("~nGeometric mean of the ratios: ~.2f~n", [math:exp(lists:sum([math:log(R) || R <- Ratios]) / length(Ratios))]).

rounds([Rounds]) -> list_to_integer(Rounds);
rounds([]) -> 201.

row(Class, {Title, Text, Selector, Argument, Erlang}, Rounds) ->
    Library = fun() -> beamtalk_dispatch:send(Class, Selector, [Argument]) end,
    Twin = fun() -> Erlang(Argument) end,
    _ = [{Library(), Twin()} || _ <- lists:seq(1, 20)],
    {Ours, Theirs} = lists:unzip([{time(Library), time(Twin)} || _ <- lists:seq(1, Rounds)]),
    {A, B} = {median(Ours), median(Theirs)},
    io:format("| ~ts | `~ts` | ~.1f | ~.1f | ~.2f |~n", [Title, Text, A, B, A / B]),
    A / B.

%% In a process of its own, so that the garbage of one is not collected in the time of the other.
time(Fun) ->
    {Pid, Ref} = spawn_opt(fun() -> exit({time, measure(Fun)}) end, [monitor, {min_heap_size, 200000}]),
    receive
        {'DOWN', Ref, process, Pid, {time, Time}} -> Time
    end.

measure(Fun) ->
    Start = erlang:monotonic_time(nanosecond),
    _ = Fun(),
    (erlang:monotonic_time(nanosecond) - Start) / 1000.

median(Times) -> lists:nth(length(Times) div 2 + 1, lists:sort(Times)).

rows() ->
    List = [N * 7919 rem 1000 || N <- lists:seq(1, 1000)],
    Array = beamtalk_array:from_list(List),
    Map = maps:from_list([{N, N} || N <- lists:seq(1, 1000)]),
    Words = [<<"word">> || _ <- List],
    Text = iolist_to_binary(lists:join(",", Words)),
    Other = iolist_to_binary(lists:join(",", [<<"wört"/utf8>> || _ <- List])),
    [
        {"List do:", "lists:foreach", 'listDo:', List, fun(L) -> lists:foreach(fun(E) -> E + 1 end, L) end},
        {"List collect:", "lists:map", 'listCollect:', List, fun(L) -> lists:map(fun(E) -> E + 1 end, L) end},
        {"List select:", "lists:filter", 'listSelect:', List, fun(L) -> lists:filter(fun(E) -> E > 500 end, L) end},
        {"List inject:into:", "lists:foldl", 'listInject:', List, fun(L) -> lists:foldl(fun(E, A) -> A + E end, 0, L) end},
        {"List sort", "lists:sort/1", 'listSort:', List, fun lists:sort/1},
        {"List sort:", "lists:sort/2", 'listSortBlock:', List, fun(L) -> lists:sort(fun(A, B) -> A >= B end, L) end},
        {"List groupBy:", "maps:groups_from_list", 'listGroupBy:', List, fun(L) ->
            maps:groups_from_list(fun(E) -> E rem 7 end, L)
        end},
        {"Array at:, all", "array:get", 'arrayAt:', Array, with(array:from_list(List), fun array_sum/1)},
        {"Array at:put:, all", "array:set", 'arrayPut:', Array, with(array:from_list(List), fun array_zero/1)},
        {"Array collect:", "array:map", 'arrayCollect:', Array, with(array:from_list(List), fun(A) ->
            array:map(fun(_, E) -> E + 1 end, A)
        end)},
        {"Dictionary at:put:, 1000", "maps:put", 'dictionaryBuild:', List, fun(L) ->
            lists:foldl(fun(E, M) -> maps:put(E, E, M) end, #{}, L)
        end},
        {"Dictionary at:, all", "maps:get", 'dictionaryAt:', Map, fun(M) -> map_sum(M, 1, map_size(M), 0) end},
        {"Set add:, 1000", "sets:add_element (version 2)", 'setBuild:', List, fun(L) ->
            lists:foldl(fun sets:add_element/2, sets:new([{version, 2}]), L)
        end},
        {"Interval inject:into:", "lists:foldl over lists:seq", 'intervalInject:', 1000, fun(N) ->
            lists:foldl(fun(E, A) -> A + E end, 0, lists:seq(1, N))
        end},
        {"Stream select:, collect:, take: 500", "the same as lazy lists of funs", 'streamTake:', 500, fun lazy_squares/1},
        {"Queue enqueue:, dequeue, 1000", "queue:in, queue:out", 'queueTurn:', List, fun(L) ->
            turn(lists:foldl(fun queue:in/2, queue:new(), L))
        end},
        {"String ++, 1000", "<<A/binary, B/binary>>", 'stringBuild:', List, fun(L) ->
            lists:foldl(fun(_, T) -> <<T/binary, "item">> end, <<>>, L)
        end},
        {"List join:", "iolist_to_binary(lists:join)", 'stringJoin:', Words, fun(W) ->
            iolist_to_binary(lists:join(<<", ">>, W))
        end},
        {"interpolation, 1000", "iolist_to_binary, integer_to_binary", 'stringInterpolate:', List, fun(L) ->
            [iolist_to_binary(["number ", integer_to_binary(E), ", twice ", integer_to_binary(E + E)]) || E <- L]
        end},
        {"String size, ASCII, 5 kB", "string:length", 'stringSize:', Text, fun string:length/1},
        {"String size, other, 6 kB", "string:length", 'stringSize:', Other, fun string:length/1},
        {"String split:", "string:split", 'stringSplit:', Text, fun(T) -> string:split(T, ",", all) end},
        {"String uppercase", "string:uppercase", 'stringUppercase:', Text, fun string:uppercase/1},
        {"String do:, other", "string:next_grapheme", 'stringDo:', Other, fun graphemes/1},
        {"String replaceAll:with:", "string:replace", 'stringReplace:', Text, fun(T) ->
            unicode:characters_to_binary(string:replace(T, ",", "; ", all))
        end},
        {"to:do:, sum of 10000", "a loop", 'sumTo:', 10000, fun(N) -> sum(1, N, 0) end},
        {"Float sqrt, *, +, 10000", "a loop", 'floats:', 10000, fun(N) -> floats(1, N, 0.0) end},
        {"Integer printString, 1000", "integer_to_binary", 'digits:', List, fun(L) -> [integer_to_binary(E) || E <- L] end}
    ].

%% The Erlang side works on its own form of the data.
with(Data, Fun) -> fun(_) -> Fun(Data) end.

array_sum(A) -> array_sum(A, 0, array:size(A), 0).

array_sum(_, N, N, Sum) -> Sum;
array_sum(A, I, N, Sum) -> array_sum(A, I + 1, N, Sum + array:get(I, A)).

array_zero(A) -> lists:foldl(fun(I, Acc) -> array:set(I, 0, Acc) end, A, lists:seq(0, array:size(A) - 1)).

map_sum(_, I, N, Sum) when I > N -> Sum;
map_sum(M, I, N, Sum) -> map_sum(M, I + 1, N, Sum + maps:get(I, M)).

lazy_squares(N) ->
    Numbers = fun Count(I) -> fun() -> [I | Count(I + 1)] end end,
    Even = fun Filter(Next) ->
        fun() ->
            case Next() of
                [E | After] when E rem 2 =:= 0 -> [E | Filter(After)];
                [_ | After] -> (Filter(After))()
            end
        end
    end,
    Squares = fun Map(Next) -> fun() -> [E | After] = Next(), [E * E | Map(After)] end end,
    lazy_take(N, Squares(Even(Numbers(1)))).

lazy_take(0, _) -> [];
lazy_take(N, Next) ->
    [E | After] = Next(),
    [E | lazy_take(N - 1, After)].

turn(Queue) ->
    case queue:out(Queue) of
        {empty, _} -> Queue;
        {{value, _}, Rest} -> turn(Rest)
    end.

graphemes(Text) ->
    case string:next_grapheme(Text) of
        [G | Rest] ->
            _ = unicode:characters_to_binary([G]),
            graphemes(Rest);
        [] -> nil
    end.

sum(I, N, Sum) when I > N -> Sum;
sum(I, N, Sum) -> sum(I + 1, N, Sum + I).

floats(I, N, X) when I > N -> X;
floats(I, N, X) -> floats(I + 1, N, X + math:sqrt(I) * 1.5).
