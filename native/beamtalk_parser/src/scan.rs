//! The chunk scanner: linear, hand-written, never fails. It knows strings, comments and brackets, columns, and what
//! starts a declaration or a member; it knows nothing of expressions.

mod brackets;
pub(crate) mod layout;
mod lexer;
mod resync;
mod shape;
mod split;
pub(crate) mod token;

use std::ops::Range;

use beamtalk_source::{Diagnostic, Span};

use token::Token;
pub use token::{Comment, CommentKind};

use crate::docs;

/// What a chunk is to be parsed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChunkKind {
    /// From the first modifier of a class to the last clause of its header.
    ClassHeader,
    /// `state:`, `field:` or `classState:` in a class body.
    Field,
    /// Any other member of a class body.
    Method,
    /// `Class >> selector => body`.
    Standalone,
    /// A protocol with its signatures.
    Protocol,
    /// `type Name = Type`.
    Alias,
    /// A statement outside of classes, or several on one line.
    Statements,
    /// A method definition where no class is.
    OrphanMethod,
}

impl ChunkKind {
    /// Whether statements follow after `=>`.
    pub(crate) fn has_method_body(self) -> bool {
        matches!(self, Self::Method | Self::Standalone | Self::OrphanMethod)
    }
}

/// A piece of a file that is parsed alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// What it is to be parsed as.
    pub kind: ChunkKind,
    /// With the white space and comments that belong to no other chunk: the ranges cover the file.
    pub range: Span,
    /// From its documentation comment, or its first token, to its last token: the text that is parsed.
    pub body: Span,
    pub(crate) tokens: Range<usize>,
    /// The scanner has reported something that makes it senseless to parse the whole.
    pub(crate) broken: bool,
}

/// A file as chunks.
#[derive(Clone, Debug, Default)]
pub struct Chunks {
    /// Ordered and disjoint.
    pub chunks: Vec<Chunk>,
    /// All comments, for the formatter.
    pub comments: Vec<Comment>,
    /// Unterminated literals, unclosed brackets, detached documentation.
    pub diagnostics: Vec<Diagnostic>,
    pub(crate) tokens: Vec<Token>,
}

/// Splits a text into chunks. `nesting` is the deepest permitted nesting of brackets; a chunk that exceeds it is never
/// given to the grammar.
pub fn scan(text: &str, nesting: u32) -> Chunks {
    let lexed = lexer::lex(text);
    let (mut chunks, brackets) = split::split(text, &lexed.tokens, nesting);
    mark_broken(&mut chunks, &lexed.diagnostics);
    let detached = docs::attach(text, &lexed.comments, &lexed.tokens, &mut chunks);
    cover(text, &mut chunks);
    let mut diagnostics = lexed.diagnostics;
    // An unterminated literal leaves brackets open: one complaint a chunk.
    let reported = diagnostics.len();
    diagnostics.extend(brackets);
    keep_first_per_chunk(&chunks, &mut diagnostics, reported);
    diagnostics.extend(detached);
    Chunks {
        chunks,
        comments: lexed.comments,
        diagnostics,
        tokens: lexed.tokens,
    }
}

/// The chunk in which an offset lies.
fn chunk_at(chunks: &[Chunk], offset: u32) -> Option<usize> {
    chunks
        .partition_point(|chunk| chunk.body.start <= offset)
        .checked_sub(1)
}

fn mark_broken(chunks: &mut [Chunk], diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let index = chunk_at(chunks, diagnostic.span.start);
        if let Some(chunk) = index.and_then(|index| chunks.get_mut(index))
            && diagnostic.span.start < chunk.body.end
        {
            chunk.broken = true;
        }
    }
}

/// Drops those after the first `reported` that stand in a chunk with a complaint among the first.
fn keep_first_per_chunk(chunks: &[Chunk], diagnostics: &mut Vec<Diagnostic>, reported: usize) {
    let mut lexical: Vec<Option<usize>> = diagnostics
        .iter()
        .take(reported)
        .map(|diagnostic| chunk_at(chunks, diagnostic.span.start))
        .collect();
    lexical.sort_unstable();
    let mut index = 0;
    diagnostics.retain(|diagnostic| {
        index += 1;
        index <= reported
            || lexical
                .binary_search(&chunk_at(chunks, diagnostic.span.start))
                .is_err()
    });
}

/// Extends the ranges: each chunk owns what stands before it, the last one also what follows.
fn cover(text: &str, chunks: &mut [Chunk]) {
    let mut end = 0;
    for chunk in chunks.iter_mut() {
        chunk.range = Span::new(end, chunk.body.end);
        end = chunk.body.end;
    }
    if let Some(last) = chunks.last_mut() {
        last.range.end = text.len() as u32;
    }
}
