//! A chunk that the grammar refuses: one diagnostic for the refusal, a few more for its other statements, and an error
//! node that still knows the name.

use std::sync::Arc;

use beamtalk_ast::{ErrorNode, ModifierKind, Signature};
use beamtalk_source::Diagnostic;

use crate::chunk::{ChunkTree, ParsedChunk, Source};
use crate::docs::Docs;
use crate::explain;
use crate::grammar::{Refusal, Rule, recognize};
use crate::lower::{Cursor, Lowerer};
use crate::message::declaration as message;
use crate::scan::ChunkKind;
use crate::scan::token::TokenKind;

/// Further statements of one chunk that are reported.
const MORE_ERRORS: usize = 5;

/// The tree and the diagnostics of a chunk that was refused.
pub(crate) fn recover(source: &Source, refusal: &Refusal, docs: Docs) -> ParsedChunk {
    if source.kind == ChunkKind::Protocol
        && let Some(parsed) = recover_protocol(source, docs)
    {
        return parsed;
    }
    if let Some(parsed) = recover_class_header(source, refusal) {
        return parsed;
    }
    let first = explain::explain(source, refusal, 0);
    let mut diagnostics = further_statements(source, refusal);
    diagnostics.insert(0, first);
    ParsedChunk {
        tree: ChunkTree::Error(Arc::new(salvage(source))),
        diagnostics,
    }
}

/// What can be said about a chunk without its body.
pub(crate) fn salvage(source: &Source) -> ErrorNode {
    let mut node = ErrorNode {
        span: source.span(),
        signature: None,
        class_side: false,
        field: None,
    };
    match source.kind {
        ChunkKind::Field => {
            node.field = with_prefix(source, Rule::field_prefix, |lowerer, cursor| {
                lowerer.lower_field(cursor)
            })
            .map(|field| field.name);
        }
        ChunkKind::Method | ChunkKind::OrphanMethod => {
            let method = with_prefix(source, Rule::method_prefix, |lowerer, cursor| {
                lowerer.lower_method(cursor)
            });
            if let Some(method) = method {
                node.class_side = method.has(ModifierKind::Class);
                node.signature = plausible(source, method.signature);
            }
        }
        ChunkKind::Standalone => {
            let found = with_prefix(source, Rule::standalone_prefix, |lowerer, cursor| {
                lowerer.lower_standalone(cursor)
            });
            if let Some(method) = found {
                node.class_side = method.class_side;
                node.signature = Some(method.method.signature);
            }
        }
        _ => {}
    }
    node
}

/// A signature that a method follows; not the first word of a statement that stands where a member should.
fn plausible(source: &Source, signature: Signature) -> Option<Signature> {
    let has_arrow = source
        .tokens
        .iter()
        .any(|token| token.kind == TokenKind::FatArrow);
    let starts_line = source
        .token_after(signature.span.end)
        .is_none_or(|token| token.column.is_some());
    (has_arrow || starts_line).then_some(signature)
}

/// Lowers what a prefix rule recognizes; its diagnostics are those of the chunk, reported elsewhere.
fn with_prefix<T>(
    source: &Source,
    rule: Rule,
    lower: impl FnOnce(&mut Lowerer, &mut Cursor) -> Option<T>,
) -> Option<T> {
    let node = recognize(rule, &source.layout.text).ok()??;
    let mut lowerer = Lowerer::new(&source.layout.text, source.limits, Docs::new());
    lower(&mut lowerer, &mut Cursor::new(node))
}

/// A class whose name is known stays a class: its members are then members.
fn recover_class_header(source: &Source, refusal: &Refusal) -> Option<ParsedChunk> {
    if source.kind != ChunkKind::ClassHeader {
        return None;
    }
    let header = with_prefix(source, Rule::class_header_prefix, |lowerer, cursor| {
        lowerer.lower_class_header(cursor)
    })?;
    let diagnostic = explain::after_class_header(source, refusal);
    let diagnostics = vec![diagnostic.unwrap_or_else(|| explain::explain(source, refusal, 0))];
    Some(ParsedChunk {
        tree: ChunkTree::ClassHeader(Arc::new(header)),
        diagnostics,
    })
}

/// Refused statements after the first one.
fn further_statements(source: &Source, refusal: &Refusal) -> Vec<Diagnostic> {
    let position = explain::position(refusal);
    let ends = &source.layout.statement_ends;
    let next = ends.partition_point(|end| *end <= position);
    let mut starts = ends
        .get(next..)
        .unwrap_or_default()
        .iter()
        .map(|end| end + 1);
    let mut diagnostics = Vec::new();
    let mut start = starts.next();
    while let Some(from) = start {
        start = starts.next();
        let to = start.map_or(source.layout.text.len() as u32, |next| next - 1);
        diagnostics.extend(refused_statement(source, from, to));
        if diagnostics.len() == MORE_ERRORS {
            break;
        }
    }
    diagnostics
}

fn refused_statement(source: &Source, from: u32, to: u32) -> Option<Diagnostic> {
    let text = source.layout.text.get(from as usize..to as usize)?;
    if text.trim().is_empty() {
        return None;
    }
    let refusal = recognize(Rule::statement_chunk, text).err()?;
    Some(explain::explain(source, &refusal, from))
}

/// Line by line: refused signatures are blanked out, all others stay.
fn recover_protocol(source: &Source, docs: Docs) -> Option<ParsedChunk> {
    let text = &source.layout.text;
    let head_end = recognize(Rule::protocol_prefix, text)
        .ok()??
        .as_span()
        .end();
    let mut accepted = text.get(..head_end)?.to_owned();
    let mut diagnostics = Vec::new();
    for line in text.get(head_end..)?.split_inclusive('\n') {
        match recognize(Rule::protocol_line, line) {
            Ok(_) => accepted.push_str(line),
            Err(refusal) => {
                if diagnostics.len() < MORE_ERRORS {
                    diagnostics.push(refused_signature(source, &refusal, accepted.len() as u32));
                }
                accepted.extend(std::iter::repeat_n(' ', line.len()));
            }
        }
    }
    let node = recognize(Rule::protocol_chunk, &accepted).ok()??;
    let mut lowerer = Lowerer::new(&accepted, source.limits, docs);
    let protocol = lowerer.lower_protocol(&mut Cursor::new(node))?;
    diagnostics.extend(lowerer.into_diagnostics());
    Some(ParsedChunk {
        tree: ChunkTree::Protocol(Arc::new(protocol)),
        diagnostics,
    })
}

fn refused_signature(source: &Source, refusal: &Refusal, from: u32) -> Diagnostic {
    let diagnostic = explain::explain(source, refusal, from);
    let found = source.token_after(from + explain::position(refusal));
    if found.is_some_and(|token| token.kind == TokenKind::FatArrow) {
        return message::protocol_body(diagnostic.span);
    }
    diagnostic
}
