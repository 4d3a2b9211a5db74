//! The canonical layout of Beamtalk source text.
//!
//! * A class header starts at the margin, a member in column 2, a statement in column 4, each step is two columns, and a
//!   line has up to [`WIDTH`] characters. Strings and comments are copied as they are.
//! * What does not fit is broken: messages before each keyword or operator, collections after each element. A block with
//!   several statements is always broken, and so is a `match:` with several arms. A message whose last argument or
//!   receiver is in brackets keeps its line when it is enough to break those.
//! * There is one empty line between declarations and between methods. Between fields, statements and match arms an empty
//!   line is kept.
//! * The author decides whether the only statement of a method stands behind `=>`.
//! * Separators without use are left out: periods at line ends (but not behind a field without default), commas before
//!   closing brackets, `;` between arms.
//!
//! Invariants:
//! * The outcome parses to the tree of the text, has its comments in their order, and is its own canonical layout.
//! * Tokens are copied in the order of the text: the tree says only which come next and how they belong together.
//! * A line breaks only where the rules of section 1.9 permit: never before a unary message, not before a keyword of
//!   a field's default, and all keywords of one message in one column.
//! * Recursion is bounded by [`Limits::nesting`], never by the length of the text; the caller provides a large stack.

mod collection;
mod declaration;
mod diff;
mod document;
mod expression;
mod file;
mod message;
mod pattern;
mod printer;
mod statement;
mod trivia;
mod types;
mod writer;

use beamtalk_parser::{Limits, parse_file, scan};
use beamtalk_source::Diagnostic;

/// Characters of a line. Only what cannot be broken is longer: a string, a comment, a name.
pub const WIDTH: usize = 100;

/// The text in canonical layout; its diagnostics where it has errors.
pub fn format(text: &str, limits: &Limits) -> Result<String, Vec<Diagnostic>> {
    let parsed = parse_file(text, limits);
    if parsed.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(parsed.diagnostics);
    }
    let chunks = scan(text, limits.nesting);
    let formatted = file::print(text, &parsed.file, &chunks, WIDTH);
    debug_assert!(formatted.is_some(), "a tree that does not fit its text");
    // Better no layout than a wrong one.
    Ok(formatted.unwrap_or_else(|| text.to_owned()))
}

/// What [`format()`] would change, as a unified diff; `None` where the text is in canonical layout.
pub fn check(text: &str, limits: &Limits) -> Result<Option<String>, Vec<Diagnostic>> {
    Ok(difference(text, &format(text, limits)?))
}

/// How a text became another one, as a unified diff; `None` where they are equal.
pub fn difference(before: &str, after: &str) -> Option<String> {
    (before != after).then(|| diff::unified(before, after))
}
