//! Classes, members, protocols, aliases, types; and what the grammar refuses.

use beamtalk_source::{Code, Diagnostic, Span};

// --- what the grammar refuses ---

pub(crate) fn unexpected(code: Code, span: Span, found: &str, expected: &str) -> Diagnostic {
    let message = if expected.is_empty() {
        format!("unexpected {found}")
    } else {
        format!("expected {expected}, found {found}")
    };
    Diagnostic::new(code, span, message)
}

pub(crate) fn cast_inside(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_CAST, span, "`!` can only end a statement")
        .with_help("a cast has no value; write it as a statement")
}

pub(crate) fn lone_comma(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UNSENDABLE_OPERATOR, span, "`,` is no operator here")
        .with_help("strings and lists are joined with `++`")
}

pub(crate) fn bad_character(span: Span, character: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UNEXPECTED_TOKEN,
        span,
        format!("the character `{character}` has no meaning here"),
    )
}

pub(crate) fn keyword_begins_statement(span: Span, keyword: &str) -> Diagnostic {
    Diagnostic::new(Code::UNEXPECTED_TOKEN, span, format!("the keyword `{keyword}` has no receiver"))
        .with_help("a keyword on a new line continues a message only when it is indented deeper than the members, and no less than the keyword before it; the signature of a method ends with `=>`")
}

pub(crate) fn line_break_in_brackets(span: Span, closer: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UNEXPECTED_TOKEN,
        span,
        format!("expected `{closer}`: a line break ends the expression before this"),
    )
    .with_help("put unary messages on the same line as their receiver")
}

pub(crate) fn statement_in_interpolation(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_INTERPOLATION,
        span,
        format!("`{found}` cannot stand in an interpolation"),
    )
    .with_help("an interpolation is one expression; put assignments and cascades before the string")
}

pub(crate) fn fat_arrow_in_body(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UNEXPECTED_TOKEN,
        span,
        "`=>` stands only after the signature of a method and in dictionaries",
    )
    .with_help(
        "the signature of a method starts in the column of the method before it, or to the left",
    )
}

// --- classes ---

pub(crate) fn bad_header(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(Code::BAD_CLASS_HEADER, span, message)
        .with_help("a class begins with `Superclass subclass: Name`")
}

pub(crate) fn after_header(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_CLASS_HEADER,
        span,
        format!("unexpected {found} after the class header"),
    )
    .with_help("fields and methods stand on lines of their own")
}

pub(crate) fn class_name_case(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_CLASS_HEADER,
        span,
        format!("`{name}` is no class name: classes begin with a capital letter"),
    )
}

pub(crate) fn native_module_case(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_CLASS_HEADER,
        span,
        format!("`{name}` names no Erlang module: those begin with a small letter"),
    )
}

pub(crate) fn native_without_module(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_CLASS_HEADER,
        span,
        "`native:` needs the name of an Erlang module on the same line",
    )
}

pub(crate) fn native_after_scope(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_CLASS_HEADER,
        span,
        "`native:` must stand before `handleScope:`",
    )
    .with_help("write `native:` first")
}

pub(crate) fn repeated_clause(span: Span, keyword: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_CLASS_HEADER,
        span,
        format!("`{keyword}` is written twice"),
    )
}

pub(crate) fn scope_without_symbol(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_CLASS_HEADER,
        span,
        "`handleScope:` needs a symbol",
    )
    .with_help("write it like `handleScope: #process`")
}

pub(crate) fn misplaced_clause(span: Span, keyword: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_CLASS_HEADER,
        span,
        format!("`{keyword}` belongs into the header of the class"),
    )
    .with_help("write it after `subclass: Name`, before the first member")
}

// --- members ---

pub(crate) fn single_colon(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_TYPE,
        span,
        "a type annotation is written with `::`",
    )
    .with_fix("write `::`", span, "::")
}

pub(crate) fn orphan_method(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_MEMBER, span, "this method stands in no class")
        .with_help("indent it in a class body, or write `Class >> selector => …`")
}

pub(crate) fn missing_method_arrow(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_SIGNATURE,
        span,
        "`=>` is missing after the signature of this method",
    )
}

pub(crate) fn bad_signature(span: Span, found: &str, expected: &str) -> Diagnostic {
    unexpected(Code::BAD_SIGNATURE, span, found, expected).with_help(
        "a method is `selector => body`, `with: parameter => body` or `+ parameter => body`",
    )
}

pub(crate) fn bad_member(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_MEMBER, span, "expected a field or a method")
        .with_help("fields are declared with `field:`, `state:` or `classState:`; methods are `selector => body`")
}

pub(crate) fn repeated_modifier(span: Span, word: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_SIGNATURE,
        span,
        format!("`{word}` is written twice"),
    )
}

pub(crate) fn class_behind_method_of(span: Span, class: &str) -> Diagnostic {
    Diagnostic::new(Code::BAD_SIGNATURE, span, "`class` stands before `>>` here")
        .with_help(format!("write `{class} class >> selector => …`"))
}

pub(crate) fn protocol_modifier(span: Span, word: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_SIGNATURE,
        span,
        format!("a protocol signature cannot be `{word}`"),
    )
}

pub(crate) fn protocol_body(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_SIGNATURE,
        span,
        "a protocol signature has no body",
    )
    .with_help("remove `=>` and what follows")
}

// --- types ---

pub(crate) fn mixed_type_operators(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_TYPE,
        span,
        "`&` and `\\` cannot be mixed without parentheses",
    )
}

pub(crate) fn doubled_backslash(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_TYPE,
        span,
        "a difference of types is written with one `\\`",
    )
    .with_fix("write `\\`", span, "\\")
}

pub(crate) fn single_letter_alias(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_TYPE,
        span,
        format!("`{name}` cannot name a type: single letters are type parameters"),
    )
}

pub(crate) fn parametric_alias(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_TYPE, span, "a type alias has no parameters")
}

pub(crate) fn alias_without_equals(at: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_TYPE, at, "`=` is missing in this type alias").with_fix(
        "write `=`",
        Span::at(at.start),
        "= ",
    )
}
