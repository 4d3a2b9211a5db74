//! Literals, comments, brackets, limits.

use beamtalk_source::{Code, Diagnostic, Span};

use crate::scan::token::Bracket;

pub(crate) fn source_too_large(bytes: usize, limit: u32) -> Diagnostic {
    Diagnostic::new(
        Code::SOURCE_TOO_LARGE,
        Span::at(0),
        format!("this text has {bytes} bytes; the limit is {limit}"),
    )
    .with_help("split it into several files")
}

pub(crate) fn too_many_errors(at: Span, limit: u32) -> Diagnostic {
    Diagnostic::new(
        Code::TOO_MANY_ERRORS,
        at,
        format!("more than {limit} errors in this file; the others are not shown"),
    )
}

pub(crate) fn unterminated_string(quote: Span) -> Diagnostic {
    Diagnostic::new(Code::UNTERMINATED, quote, "this string is not closed")
        .with_help("end it with `\"`; a quote inside a string is written `\"\"`")
}

pub(crate) fn unterminated_symbol(start: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UNTERMINATED,
        start,
        "this quoted symbol is not closed",
    )
    .with_help("end it with `'`; a quote inside a symbol is written `''`")
}

pub(crate) fn unterminated_comment(start: Span) -> Diagnostic {
    Diagnostic::new(Code::UNTERMINATED, start, "this comment is not closed")
        .with_help("end it with `*/`")
}

pub(crate) fn unterminated_interpolation(brace: Span, doubled: bool) -> Diagnostic {
    if doubled {
        return doubled_brace(brace);
    }
    Diagnostic::new(
        Code::UNTERMINATED,
        brace,
        "this interpolation is not closed",
    )
    .with_help("end it with `}`; a brace as text is written `\\{`")
}

pub(crate) fn doubled_brace(brace: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_INTERPOLATION,
        brace,
        "a doubled brace is no escape",
    )
    .with_help("a brace as text is written `\\{`")
}

pub(crate) fn empty_interpolation(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_INTERPOLATION, span, "this interpolation is empty")
        .with_help("write an expression between the braces; braces as text are written `\\{\\}`")
}

pub(crate) fn missing_character(dollar: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_LITERAL,
        dollar,
        "a character is missing after `$`",
    )
}

pub(crate) fn lone_hash(hash: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_LITERAL, hash, "`#` begins nothing here")
        .with_help("a symbol is `#name`, a list `#(…)`, an array `#[…]`, a dictionary `#{…}`")
}

/// `inner` is the quoted text, where the quote is closed on its line.
pub(crate) fn single_quoted(span: Span, inner: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::SINGLE_QUOTED_STRING,
        span,
        "single quotes do not delimit a string",
    )
    .with_help("strings are written in double quotes, symbols as `#'…'`");
    match inner {
        Some(inner) if !inner.contains(['"', '{', '\\']) => {
            diagnostic.with_fix("use double quotes", span, format!("\"{inner}\""))
        }
        _ => diagnostic,
    }
}

pub(crate) fn detached_doc(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::DETACHED_DOC_COMMENT,
        span,
        "this documentation comment belongs to no declaration",
    )
    .with_help("put it directly before a declaration, or begin it with `//`")
}

pub(crate) fn unclosed(bracket: Bracket, opener: Span) -> Diagnostic {
    let (open, close) = (bracket.opener(), bracket.closer());
    Diagnostic::new(
        Code::UNCLOSED_DELIMITER,
        opener,
        format!("this `{open}` is not closed"),
    )
    .with_help(format!("close it with `{close}`"))
}

pub(crate) fn closed_by_other(
    bracket: Bracket,
    opener: Span,
    closer: Bracket,
    span: Span,
) -> Diagnostic {
    unclosed(bracket, opener).with_label(
        span,
        format!("this `{}` closes an outer bracket", closer.closer()),
    )
}

pub(crate) fn stray_closer(closer: Bracket, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::MISMATCHED_DELIMITER,
        span,
        format!("this `{}` closes nothing", closer.closer()),
    )
    .with_help("remove it, or open it where it belongs")
}

pub(crate) fn nesting_too_deep(span: Span, limit: u32) -> Diagnostic {
    Diagnostic::new(
        Code::NESTING_TOO_DEEP,
        span,
        format!("expressions nest more than {limit} levels deep"),
    )
    .with_help("move inner parts into variables or methods")
}

pub(crate) fn number_too_long(span: Span, limit: u32) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_NUMBER,
        span,
        format!("this number has more than {limit} digits"),
    )
    .with_help(format!(
        "literals are limited to {limit} digits; compute larger numbers"
    ))
}

pub(crate) fn bad_separator(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_NUMBER,
        span,
        "an underscore in a number stands between two digits",
    )
    .with_help("write it like `1_000`")
}

pub(crate) fn bad_radix(span: Span, radix: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_NUMBER,
        span,
        format!("`{radix}` is no base for a number"),
    )
    .with_help("bases are 2 to 36")
}

pub(crate) fn bad_digit(span: Span, digit: char, radix: u32) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_NUMBER,
        span,
        format!("`{digit}` is no digit in base {radix}"),
    )
}

pub(crate) fn missing_digits(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_NUMBER, span, "digits are missing after the base")
        .with_help("write it like `16rFF`")
}

pub(crate) fn negative_radix(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_NUMBER, span, "a number with a base has no sign")
        .with_help("write `16rFF negated`")
}

pub(crate) fn float_out_of_range(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_NUMBER,
        span,
        "this number is too large for a Float",
    )
    .with_help("the largest is about 1.8e308")
}
