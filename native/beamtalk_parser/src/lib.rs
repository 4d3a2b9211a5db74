//! From text to the syntax tree: a linear chunk scanner outside, a strict pest grammar inside.
//!
//! * [`scan()`] splits a file into chunks: class headers, members, declarations, top-level statements. It never fails,
//!   reports what is not closed at its opener, and measures nesting before the grammar sees anything.
//! * Each chunk is recognized alone and lowered to a tree with spans relative to the chunk, so a tree can be kept for
//!   its text ([`ChunkStore`]) and an edit parses one chunk.
//! * A chunk that is not recognized becomes an error node that still says which name would stand there.
//!
//! Invariants:
//! * Nothing panics, whatever the text; every function is linear in it.
//! * Recursion is bounded by [`Limits::nesting`], never by the length of the text. The caller provides a large stack:
//!   16 MiB suffice for the default limit, also in a debug build; what walks the tree afterwards needs its own.
//! * Line breaks and columns are dealt with before the grammar (`scan/layout.rs`), operators after it (`lower/`).
//! * No meaning: whether a name exists, a selector is duplicated or a number fits is asked elsewhere.

mod assemble;
mod chunk;
mod docs;
mod explain;
mod grammar;
mod lower;
mod message;
mod recover;
mod scan;

use beamtalk_ast::File;
use beamtalk_source::Diagnostic;

pub use chunk::{ChunkStore, ChunkTree, NoStore, ParsedChunk};
pub use lower::needs_period;
pub use scan::{Chunk, ChunkKind, Chunks, Comment, CommentKind, scan};

/// A file as a tree, with what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// The tree; it holds error nodes where the text could not be parsed.
    pub file: File,
    /// Spans are offsets in the file; sorted by their start.
    pub diagnostics: Vec<Diagnostic>,
}

/// What bounds the work on one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Deepest nesting of brackets, right-associative operators, assignments and field accesses.
    pub nesting: u32,
    /// Longest text.
    pub source_bytes: u32,
    /// Digits of the longest number.
    pub literal_digits: u32,
    /// Errors that are reported for one file; ten times as many warnings.
    pub errors: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nesting: 1024,
            source_bytes: 8 * 1024 * 1024,
            literal_digits: 10_000,
            errors: 100,
        }
    }
}

/// Parses a file. `text` may be anything: the answer is always a tree.
pub fn parse_file(text: &str, limits: &Limits) -> Parsed {
    parse_file_with(text, limits, &mut NoStore)
}

/// Parses a file and keeps the trees of its chunks in `store`, or takes them from there.
///
/// All uses of one store must have the same limits: they are not part of its keys.
pub fn parse_file_with(text: &str, limits: &Limits, store: &mut impl ChunkStore) -> Parsed {
    assemble::parse(text, limits, store)
}

/// Parses what is typed into a shell: statements by the rules that hold outside of classes, and declarations.
///
/// The grammar of a file begins outside of any class, so a line of the shell is a small file.
pub fn parse_expression(text: &str, limits: &Limits) -> Parsed {
    parse_file(text, limits)
}
