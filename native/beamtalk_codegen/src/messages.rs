//! Every finding of this crate as a named constructor.

use beamtalk_source::{Code, Diagnostic, Span};

pub fn code_too_large(limit: u32, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::CODE_TOO_LARGE,
        span,
        format!("this is too large to compile: more than {limit} nodes of code"),
    )
    .with_help("split it into smaller methods, or build large data at run time")
}

pub fn name_too_long(name: &str, limit: usize, span: Span) -> Diagnostic {
    let start: String = name.chars().take(20).collect();
    Diagnostic::new(
        Code::NAME_TOO_LONG,
        span,
        format!("the name `{start}…` has more than {limit} bytes"),
    )
    .with_help("the Erlang VM limits the length of atoms: use a shorter name, or a String")
}

pub fn too_many_arguments(limit: usize, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::NAME_TOO_LONG,
        span,
        format!("more than {limit} parameters"),
    )
    .with_help("pass a collection instead")
}

pub fn block_too_wide(limit: usize, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::NAME_TOO_LONG,
        span,
        format!("more than {limit} parameters and variables from outside in one block"),
    )
    .with_help("keep them in a collection instead")
}

pub fn too_many_names(limit: u32, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::TOO_MANY_NAMES,
        span,
        format!("more than {limit} different names in one text"),
    )
    .with_help("atoms are never collected by the Erlang VM: use Strings for data")
}

pub fn not_a_pattern_class(class: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_TYPE_PATTERN,
        span,
        format!("`{class}` cannot be tested by a pattern"),
    )
    .with_help("use a class of built-in values, or a Value or Actor class that is known here")
}

pub fn unknown_constructor(class: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_TYPE_PATTERN,
        span,
        format!("these keywords are not a constructor of a Value class `{class}`"),
    )
    .with_help("write all fields in the order of their declaration, or the own fields only")
}
