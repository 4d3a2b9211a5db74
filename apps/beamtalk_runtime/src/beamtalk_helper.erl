%% @doc Blocks that run in a process of their own.
%%
%% Such a block works on a copy of the variables that it shares, with their values as of {@link prepare/1}
%% ({@link beamtalk_snapshot}).
-module(beamtalk_helper).

-export([prepare/1, run/2, run_logged/3, again/1]).

-export_type([work/0]).

-opaque work() :: beamtalk_snapshot:packed().

%% @doc A block with what it needs to run in another process.
-spec prepare(fun()) -> work().
prepare(Block) ->
    beamtalk_snapshot:pack([Block]).

%% @doc Runs the block in the calling process, with as many of the arguments as it takes.
-spec run(work(), [term()]) -> term().
run(Work, Args) ->
    [Block] = beamtalk_snapshot:unpack(Work),
    {arity, Arity} = erlang:fun_info(Block, arity),
    apply(Block, lists:sublist(Args, Arity)).

%% @doc The same; what the block raises is logged, under the given label.
-spec run_logged(work(), [term()], term()) -> ok.
run_logged(Work, Args, Label) ->
    try run(Work, Args) of
        _ -> ok
    catch
        Class:Reason:Stack ->
            beamtalk_error:report(beamtalk_error:from_erlang(Class, Reason, Stack), #{label => Label, pid => self()})
    end.

%% @doc The same block for a later run in the process in which it has run: it goes on with the variables as it left them.
-spec again(work()) -> work().
again(Work) ->
    beamtalk_snapshot:terms(Work).
