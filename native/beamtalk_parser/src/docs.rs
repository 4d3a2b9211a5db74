//! Documentation comments: which declaration each belongs to, and which belong to nothing.

use std::collections::BTreeMap;

use beamtalk_ast::Doc;
use beamtalk_source::{Diagnostic, Span};

use crate::message::lexical as message;
use crate::scan::token::Token;
use crate::scan::{Chunk, ChunkKind, Comment, CommentKind};

/// Documentation by the offset of the token it stands before.
pub(crate) type Docs = BTreeMap<u32, Doc>;

/// Lets each chunk begin with its documentation comment; answers warnings for comments that belong to nothing.
pub(crate) fn attach(
    text: &str,
    comments: &[Comment],
    tokens: &[Token],
    chunks: &mut [Chunk],
) -> Vec<Diagnostic> {
    let mut runs = runs(text, comments, tokens);
    let by_token: BTreeMap<u32, usize> = runs
        .iter()
        .enumerate()
        .filter_map(|(index, run)| run.token.map(|token| (token, index)))
        .collect();
    for chunk in chunks.iter_mut() {
        let first = chunk.body.start;
        for token in documentable(chunk, tokens.get(chunk.tokens.clone()).unwrap_or_default()) {
            let Some(run) = by_token.get(&token).and_then(|index| runs.get_mut(*index)) else {
                continue;
            };
            run.used = true;
            if token == first {
                chunk.body.start = run.span.start;
            }
        }
    }
    runs.into_iter()
        .filter(|run| !run.used)
        .map(|run| message::detached_doc(run.span))
        .collect()
}

/// The documentation in a chunk by the offset of the token it stands before, all relative to `base`.
pub(crate) fn of_chunk(text: &str, comments: &[Comment], tokens: &[Token], base: u32) -> Docs {
    let attached = |run: &Run| {
        let token = run.token?;
        Some((token - base, doc(text, run, comments, base)))
    };
    runs(text, comments, tokens)
        .iter()
        .filter_map(attached)
        .collect()
}

/// Consecutive documentation lines.
struct Run {
    span: Span,
    /// Indexes of its first comment and after its last.
    comments: (usize, usize),
    /// Start of the token directly after it.
    token: Option<u32>,
    used: bool,
}

/// All runs in order. `comments` and `tokens` may be those of the file or of one chunk.
fn runs(text: &str, comments: &[Comment], tokens: &[Token]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (index, comment) in comments.iter().enumerate() {
        if comment.kind != CommentKind::Doc {
            continue;
        }
        match runs.last_mut() {
            Some(run)
                if run.comments.1 == index
                    && comment.first_on_line
                    && is_next_line(text, run.span, comment.span) =>
            {
                run.span.end = comment.span.end;
                run.comments.1 = index + 1;
            }
            _ => runs.push(Run {
                span: comment.span,
                comments: (index, index + 1),
                token: None,
                used: false,
            }),
        }
    }
    for run in &mut runs {
        let first_on_line = comments
            .get(run.comments.0)
            .is_some_and(|comment| comment.first_on_line);
        let next = tokens.get(tokens.partition_point(|token| token.span.start < run.span.end));
        run.token = next
            .map(|token| token.span)
            .filter(|token| first_on_line && is_next_line(text, run.span, *token))
            .map(|token| token.start);
    }
    runs
}

/// Whether nothing but one line break and indentation stands between the two.
fn is_next_line(text: &str, first: Span, second: Span) -> bool {
    let between = Span::new(first.end, second.start.max(first.end)).text(text);
    between.bytes().filter(|byte| *byte == b'\n').count() == 1 && between.trim().is_empty()
}

/// Offsets of the tokens of a chunk before which documentation can stand.
fn documentable(chunk: &Chunk, tokens: &[Token]) -> Vec<u32> {
    let first = tokens.iter().take(1).map(|token| token.span.start);
    match chunk.kind {
        ChunkKind::Statements => Vec::new(),
        ChunkKind::Protocol => tokens
            .iter()
            .filter(|token| token.column.is_some())
            .map(|token| token.span.start)
            .collect(),
        ChunkKind::Field | ChunkKind::Method => first.chain(after_expect(tokens)).collect(),
        _ => first.collect(),
    }
}

/// The token after `@expect category "reason"`, where the chunk begins with that.
fn after_expect(tokens: &[Token]) -> Option<u32> {
    use crate::scan::token::TokenKind::{ClassName, Directive, Identifier, String};
    let mut rest = tokens.iter();
    rest.next().filter(|token| token.kind == Directive)?;
    let mut next = rest.next()?;
    if matches!(next.kind, Identifier | ClassName) && next.column.is_none() {
        next = rest.next()?;
    }
    if next.kind == String && next.column.is_none() {
        next = rest.next()?;
    }
    Some(next.span.start)
}

fn doc(text: &str, run: &Run, comments: &[Comment], base: u32) -> Doc {
    let (first, end) = run.comments;
    let lines: Vec<&str> = comments
        .get(first..end)
        .unwrap_or_default()
        .iter()
        .map(|comment| line(comment.span.text(text)))
        .collect();
    Doc {
        span: Span::new(run.span.start - base, run.span.end - base),
        text: lines.join("\n"),
    }
}

/// A line without slashes, the space after them, and white space at its end.
fn line(comment: &str) -> &str {
    let body = comment.strip_prefix("///").unwrap_or(comment);
    body.strip_prefix(' ').unwrap_or(body).trim_end()
}
