%% @doc Primitives of class Parallel.
-module(beamtalk_parallel).

-export(['all:'/2, 'all:timeout:'/3, 'any:'/2]).

-type class_object() :: beamtalk_class:class_object().

%% @doc `all:'
-spec 'all:'(class_object(), term()) -> [beamtalk_result:result()].
'all:'(Class, Blocks) ->
    Funs = blocks('all:', Class, Blocks),
    [result(Outcome, infinity) || Outcome <- beamtalk_tasks:run(Funs, #{})].

%% @doc `all:timeout:'
-spec 'all:timeout:'(class_object(), term(), term()) -> [beamtalk_result:result()].
'all:timeout:'(Class, Blocks, Time) ->
    Funs = blocks('all:timeout:', Class, Blocks),
    case beamtalk_limit:milliseconds(Time) of
        invalid -> beamtalk_argument:wrong('all:timeout:', Class, <<"the limit is milliseconds or a Duration">>);
        Limit -> [result(Outcome, Limit) || Outcome <- beamtalk_tasks:run(Funs, #{limit => Limit})]
    end.

%% @doc `any:': the first value; the others are ended.
-spec 'any:'(class_object(), term()) -> beamtalk_result:result().
'any:'(Class, []) ->
    beamtalk_argument:wrong('any:', Class, <<"it needs at least one block">>);
'any:'(Class, Blocks) ->
    Outcomes = beamtalk_tasks:run(blocks('any:', Class, Blocks), #{until => fun is_value/1}),
    case lists:search(fun is_value/1, Outcomes) of
        {value, {value, Value}} -> beamtalk_result:ok(Value);
        false -> beamtalk_result:error(all_failed([Exception || {raised, Exception} <- Outcomes]))
    end.

is_value({value, _}) -> true;
is_value(_) -> false.

%% The details have the exceptions, in the order of the blocks.
all_failed(Exceptions) ->
    Messages = lists:join(<<"; ">>, [Message || #{message := Message} <- Exceptions]),
    beamtalk_error:new(all_failed, [<<"every block failed: ">>, Messages], #{
        selector => 'any:', errorClass => 'Parallel', details => #{reasons => Exceptions}
    }).

result({value, Value}, _) -> beamtalk_result:ok(Value);
result({raised, Exception}, _) -> beamtalk_result:error(Exception);
result(timeout, Limit) -> beamtalk_result:error(late(Limit)).

late(Limit) ->
    Message = io_lib:format("the block did not end within ~b ms", [Limit]),
    beamtalk_error:new(timeout, Message, #{selector => 'all:timeout:', errorClass => 'Parallel'}).

blocks(Selector, Class, Blocks) when is_list(Blocks) ->
    case lists:all(fun is_function/1, Blocks) of
        true -> [fun() -> Block() end || Block <- Blocks];
        false -> not_blocks(Selector, Class)
    end;
blocks(Selector, Class, #{'$beamtalk_class' := 'bt@stdlib@array'} = Array) ->
    blocks(Selector, Class, beamtalk_dispatch:send(Array, asList, []));
blocks(Selector, Class, _) ->
    not_blocks(Selector, Class).

-spec not_blocks(atom(), class_object()) -> no_return().
not_blocks(Selector, Class) ->
    beamtalk_argument:wrong(Selector, Class, <<"it takes a List of blocks">>).
