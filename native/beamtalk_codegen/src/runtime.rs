/// A function of the runtime: module, name, arity.
pub type Function = (&'static str, &'static str, usize);

/// Declares the runtime functions as constants and as one table that tests hold against the runtime's exports.
macro_rules! runtime {
    ($($constant:ident = $module:literal $name:literal $arity:literal;)*) => {
        $(pub const $constant: Function = ($module, $name, $arity);)*

        /// Every function of the runtime that generated code calls by name. (Calls of facades, of the primitives behind
        /// `@primitive`, and of `erlang` are not in it.)
        pub const RUNTIME: &[Function] = &[$($constant),*];
    };
}

runtime! {
    SEND = "beamtalk_dispatch" "send" 3;
    ANSWER = "beamtalk_dispatch" "answer" 1;
    CAST = "beamtalk_dispatch" "cast" 3;
    CONTINUE = "beamtalk_dispatch" "continue" 5;
    CLASS_CONTINUE = "beamtalk_dispatch" "class_continue" 5;
    PROTOCOL_SEND = "beamtalk_protocol" "send" 3;
    EXTENDED = "beamtalk_extension" "any" 1;
    UNDEFINED_FUNCTION = "beamtalk_dispatch" "undefined_function" 3;
    NOT_INLINED = "beamtalk_dispatch" "not_inlined" 2;
    NOT_INTEGER = "beamtalk_dispatch" "not_integer" 3;
    LATE_CLASS = "beamtalk_class" "late" 1;
    GET_CLASS_VAR = "beamtalk_class" "get_var" 2;
    PUT_CLASS_VAR = "beamtalk_class" "put_var" 3;
    WITH_CLASS_LOCK = "beamtalk_class" "with_class_lock" 2;
    NEW_WITH = "beamtalk_class" "new:" 2;
    GET_FIELD = "beamtalk_object" "get_field" 2;
    DELEGATE = "beamtalk_actor" "delegate" 3;
    NATIVE = "beamtalk_erlang_module" "delegate" 3;
    PUT_FIELD = "beamtalk_object" "put_field" 3;
    BUILT_SUPER = "beamtalk_built" "super" 3;
    GET_SLOT = "beamtalk_actor" "get_field" 2;
    PUT_SLOT = "beamtalk_actor" "put_field" 3;
    NEW_CELL = "beamtalk_cell" "new" 1;
    GET_CELL = "beamtalk_cell" "get" 1;
    SET_CELL = "beamtalk_cell" "set" 2;
    CAPTURED = "beamtalk_cell" "captured" 1;
    FETCH = "beamtalk_cell" "fetch" 1;
    ASSIGN = "beamtalk_cell" "assign" 2;
    ADOPT = "beamtalk_cell" "adopt" 1;
    RUN_FRAME = "beamtalk_frame" "run" 1;
    RETURN = "beamtalk_frame" "return" 2;
    NO_MATCH = "beamtalk_match" "no_match" 1;
    BAD_MATCH = "beamtalk_match" "badmatch" 1;
    GUARD = "beamtalk_match" "guard" 1;
    MATCH_STRING = "beamtalk_match" "is_string" 1;
    MATCH_ELEMENTS = "beamtalk_match" "elements" 1;
    MATCH_AT = "beamtalk_match" "at" 2;
    MATCH_REST = "beamtalk_match" "rest" 2;
    MATCH_TUPLE = "beamtalk_match" "tuple" 2;
    MATCH_KEY = "beamtalk_match" "key" 2;
    INTERPOLATE = "beamtalk_string" "interpolate" 1;
    CONCATENATE = "beamtalk_string" "++" 2;
    ARRAY = "beamtalk_array" "from_list" 1;
}
