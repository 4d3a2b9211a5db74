//! Refusals before the `=>` of a method, and of other heads.

use beamtalk_source::Diagnostic;

use crate::chunk::Source;
use crate::message::{declaration as message, expression};
use crate::scan::ChunkKind;
use crate::scan::token::{Token, TokenKind};

/// Whether the grammar stopped before the `=>` of a method, or in another head.
pub(super) fn is_header(source: &Source, found: Option<Token>) -> bool {
    match source.kind {
        ChunkKind::ClassHeader | ChunkKind::Alias | ChunkKind::Protocol => true,
        ChunkKind::Field | ChunkKind::Statements => false,
        ChunkKind::Method | ChunkKind::Standalone | ChunkKind::OrphanMethod => {
            let arrow = source
                .tokens
                .iter()
                .find(|token| token.kind == TokenKind::FatArrow);
            arrow.is_none_or(|arrow| {
                found.is_some_and(|found| found.span.start <= arrow.span.start - source.base)
            })
        }
    }
}

/// Mistakes in a head that have a name.
pub(super) fn in_header(source: &Source, token: Token) -> Option<Diagnostic> {
    let first = source.token_after(0)?;
    let word = first.span.text(source.text);
    match source.kind {
        ChunkKind::ClassHeader if first.kind != TokenKind::Keyword => None,
        ChunkKind::Method if matches!(word, "native:" | "handleScope:") => {
            Some(message::misplaced_clause(first.span, word))
        }
        ChunkKind::Method if !has_arrow(source) => Some(missing_arrow(source, token)),
        _ => None,
    }
}

fn has_arrow(source: &Source) -> bool {
    source
        .tokens
        .iter()
        .any(|token| token.kind == TokenKind::FatArrow)
}

/// `@expect` with no member behind it.
fn lonely_expect(source: &Source) -> Option<Diagnostic> {
    let (first, rest) = source.tokens.split_first()?;
    let is_category = |token: &Token| {
        matches!(
            token.kind,
            TokenKind::Identifier | TokenKind::ClassName | TokenKind::String
        )
    };
    if first.kind != TokenKind::Directive || !rest.iter().all(is_category) {
        return None;
    }
    Some(expression::expect_before_nothing(source.span()))
}

/// A member without `=>`: a method whose body begins on the next line, or something else entirely.
fn missing_arrow(source: &Source, token: Token) -> Diagnostic {
    let first = source.token_after(0).map_or(token.span, |first| first.span);
    let signature = crate::recover::salvage(source).signature;
    match signature {
        Some(signature) if token.column.is_some() => message::missing_method_arrow(signature.span),
        _ => message::bad_member(first),
    }
}

/// The chunk ended too early.
pub(super) fn at_end(source: &Source, header: bool) -> Option<Diagnostic> {
    if header && source.kind == ChunkKind::Method {
        if let Some(diagnostic) = lonely_expect(source) {
            return Some(diagnostic);
        }
        let first = source.token_after(0)?;
        let word = first.span.text(source.text);
        if matches!(word, "native:" | "handleScope:") {
            return Some(message::misplaced_clause(first.span, word));
        }
        // A signature that is itself unfinished lacks more than its `=>`.
        let signature = crate::recover::salvage(source).signature;
        return signature.map(|signature| message::missing_method_arrow(signature.span));
    }
    None
}
