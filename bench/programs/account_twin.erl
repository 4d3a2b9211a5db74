%% The class of Account.bt as an Erlang programmer writes it.
-module(account_twin).
-behaviour(gen_server).

-export([start/1, balance/1, deposit/2, withdraw/2, deposited/1, 'after'/3, describe/1]).
-export([init/1, handle_call/3, handle_cast/2]).

-record(account, {owner = <<"nobody">>, balance = 0, history = [], limit = 1000}).

start(Owner) -> gen_server:start(?MODULE, Owner, []).
balance(Pid) -> gen_server:call(Pid, balance).
deposit(Pid, Amount) -> gen_server:call(Pid, {deposit, Amount}).
withdraw(Pid, Amount) -> gen_server:call(Pid, {withdraw, Amount}).
deposited(Pid) -> gen_server:call(Pid, deposited).
'after'(Pid, Years, Rate) -> gen_server:call(Pid, {'after', Years, Rate}).
describe(Pid) -> gen_server:call(Pid, describe).

init(Owner) -> {ok, #account{owner = Owner}}.

handle_call(balance, _From, S) ->
    {reply, S#account.balance, S};
handle_call({deposit, Amount}, _From, S) when Amount =< 0 ->
    {reply, {error, <<"deposit must be positive">>}, S};
handle_call({deposit, Amount}, _From, #account{balance = B} = S) ->
    {reply, B + Amount, record(deposit, Amount, S#account{balance = B + Amount})};
handle_call({withdraw, Amount}, _From, #account{limit = L} = S) when Amount > L ->
    {reply, {error, iolist_to_binary(io_lib:format("over the limit of ~p", [L]))}, S};
handle_call({withdraw, Amount}, _From, #account{balance = B} = S) when B < Amount ->
    {reply, {error, iolist_to_binary(io_lib:format("insufficient funds: ~p", [B]))}, S};
handle_call({withdraw, Amount}, _From, #account{balance = B} = S) ->
    {reply, B - Amount, record(withdrawal, Amount, S#account{balance = B - Amount})};
handle_call(deposited, _From, S) ->
    {reply, lists:sum([Amount || [deposit, Amount] <- S#account.history]), S};
handle_call({'after', Years, Rate}, _From, S) ->
    {reply, interest(Years, Rate, S#account.balance), S};
handle_call(describe, _From, #account{owner = O, balance = B, history = H} = S) ->
    {reply, iolist_to_binary(io_lib:format("~s: ~p (~p entries)", [O, B, length(H)])), S}.

handle_cast(_, S) -> {noreply, S}.

record(Kind, Amount, #account{history = H} = S) -> S#account{history = H ++ [[Kind, Amount]]}.

interest(0, _, Value) -> Value;
interest(Years, Rate, Value) -> interest(Years - 1, Rate, Value + Value * Rate / 100).
