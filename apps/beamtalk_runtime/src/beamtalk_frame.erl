%% @doc Method frames that blocks can return from with `^'.
%%
%% A frame registers its token in the process dictionary for as long as its method runs. A `^' looks
%% the token up first, so returning from a method that has ended is an error at the `^' itself.
-module(beamtalk_frame).

-export([run/1, return/2]).

-export_type([token/0]).

-opaque token() :: {'$bt_frame', reference()}.

%% @doc Runs a method body; its value is the body's or that of the first `^' to reach the frame.
-spec run(fun((token()) -> term())) -> term().
run(Body) ->
    Token = {'$bt_frame', make_ref()},
    put(Token, true),
    try
        Body(Token)
    catch
        throw:{'$bt_return', Token, Value} -> Value
    after
        erase(Token)
    end.

%% @doc Returns from the frame of `Token'.
-spec return(token(), term()) -> no_return().
return(Token, Value) ->
    case get(Token) of
        true -> throw({'$bt_return', Token, Value});
        undefined -> beamtalk_error:raise(beamtalk_error:cannot_return())
    end.
