%% Core Erlang as records, in the layout of the compiler's core_parse.hrl. They are repeated here because the runtime
%% must not depend on the compiler application; a test compares them with the constructors of `cerl`.

-record(c_alias, {anno, var, pat}).
-record(c_apply, {anno, op, args}).
-record(c_binary, {anno, segments}).
-record(c_bitstr, {anno, val, size, unit, type, flags}).
-record(c_call, {anno, module, name, args}).
-record(c_case, {anno, arg, clauses}).
-record(c_catch, {anno, body}).
-record(c_clause, {anno, pats, guard, body}).
-record(c_cons, {anno, hd, tl}).
-record(c_fun, {anno, vars, body}).
-record(c_let, {anno, vars, arg, body}).
-record(c_letrec, {anno, defs, body}).
-record(c_literal, {anno, val}).
-record(c_map, {anno, arg, es, is_pat}).
-record(c_map_pair, {anno, op, key, val}).
-record(c_module, {anno, name, exports, attrs, defs}).
-record(c_primop, {anno, name, args}).
-record(c_receive, {anno, clauses, timeout, action}).
-record(c_seq, {anno, arg, body}).
-record(c_try, {anno, arg, vars, body, evars, handler}).
-record(c_tuple, {anno, es}).
-record(c_values, {anno, es}).
-record(c_var, {anno, name}).

%% What a running function holds beside its locals: `{?CLOSURE, Code, Captured...}`. For a `fun` the second element is
%% its code, for a group of named functions (`letrec`, module) the tuple of the codes of all of them. Calls between the
%% functions of a group go through it, so that no term is cyclic.
-define(CLOSURE, '$beamtalk_closure').

%% Process dictionary key of the stack item of the call that was begun last.
-define(LOCATION, '$beamtalk_eval_location').
