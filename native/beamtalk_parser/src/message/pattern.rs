//! Patterns and arms.

use beamtalk_source::{Code, Diagnostic, Span};

pub(crate) fn missing_arm_separator(at: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        at,
        "arms are separated by `;` or a line break",
    )
    .with_fix("write `;`", Span::at(at.start), "; ")
}

pub(crate) fn bad_arm_target(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_ASSIGNMENT_TARGET,
        span,
        "an arm assigns to a variable or a field only",
    )
    .with_help("put other assignments into a method or a block")
}

pub(crate) fn assignment_chain_in_arm(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_PATTERN, span, "an arm holds one assignment only")
}

pub(crate) fn returned_assignment(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        "an arm returns a value or assigns one, not both",
    )
}

pub(crate) fn literal_with_type(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        format!("`{name}` is a literal and has no type test"),
    )
    .with_help("remove the type, or use another name")
}

pub(crate) fn generic_type_test(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_PATTERN, span, "a type test has no type arguments")
        .with_help("the elements of a collection are not tested; remove the arguments")
}

pub(crate) fn single_colon(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_PATTERN, span, "a type test is written with `::`").with_fix(
        "write `::`",
        span,
        "::",
    )
}

pub(crate) fn constructor_without_keyword(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        format!("the pattern `{name}` needs keywords"),
    )
    .with_help(format!(
        "write `{name} field: pattern`, or `_ :: {name}` to test the class"
    ))
}

pub(crate) fn keyword_after_no_constructor(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        "a keyword in a pattern follows a class name",
    )
    .with_help("write `Point x: a y: b`")
}

pub(crate) fn typed_class_name(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        "a variable in a pattern begins with a lower-case letter",
    )
}

pub(crate) fn interpolated(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        "a string with interpolation is no literal",
    )
    .with_help("bind a variable and compare in `when: [ … ]`")
}

pub(crate) fn bare_key(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        format!("the key of a pattern is a symbol or a string: did you mean `#{name}`?"),
    )
    .with_fix(format!("write `#{name}`"), Span::at(span.start), "#")
}

pub(crate) fn cons_without_elements(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_PATTERN, span, "elements are missing before `|`")
}

pub(crate) fn rest_before_tail(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        "a pattern has either `...name` or `| pattern`",
    )
}

pub(crate) fn missing_comma(at: Span, gap: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_PATTERN, at, "elements are separated by commas").with_fix(
        "write `,`",
        Span::at(gap.start),
        ",",
    )
}

// --- binary patterns ---

pub(crate) fn trailing_comma(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        "a segment is missing after this comma",
    )
    .with_fix("remove it", span, "")
}

pub(crate) fn unknown_specifier(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Code::BAD_PATTERN, span, format!("`{name}` is no segment specifier"))
        .with_help("types are `integer` `float` `binary` `bytes` `utf8`; then `signed` `unsigned`, `big` `little` `native`")
}

pub(crate) fn conflicting_specifiers(span: Span, first: &str, second: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        format!("`{first}` and `{second}` contradict each other"),
    )
}

pub(crate) fn bad_size(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        "the size of a segment is a whole number or a variable",
    )
}

pub(crate) fn rest_before_end(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        format!("`{name}` takes the rest: nothing can follow it"),
    )
    .with_help(format!("give it a size in bytes: `{name}:4/binary`"))
}

pub(crate) fn sized_utf8(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_PATTERN,
        span,
        "a character in UTF-8 decides itself how long it is",
    )
    .with_help("remove the size; repeat the segment for several characters")
}
