%% Comparison of values that Erlang represents natively: its term order, which never fails. To be included
%% after the exports, which must list '<'/2, '>'/2, '<='/2 and '>='/2.

%% @doc Before, in term order.
-spec '<'(term(), term()) -> boolean().
'<'(Self, Other) -> Self < Other.

%% @doc After, in term order.
-spec '>'(term(), term()) -> boolean().
'>'(Self, Other) -> Self > Other.

%% @doc Not after, in term order.
-spec '<='(term(), term()) -> boolean().
'<='(Self, Other) -> Self =< Other.

%% @doc Not before, in term order.
-spec '>='(term(), term()) -> boolean().
'>='(Self, Other) -> Self >= Other.
