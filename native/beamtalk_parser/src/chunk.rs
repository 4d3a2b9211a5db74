//! One chunk: layout, recognition, lowering; or what can be saved of it.

use std::sync::Arc;

use beamtalk_ast::{
    ClassHeader, ErrorNode, Member, Protocol, StandaloneMethod, Statement, TypeAlias,
};
use beamtalk_source::{Diagnostic, Span};

use crate::grammar::{Rule, recognize};
use crate::lower::Lowerer;
use crate::message::declaration as message;
use crate::scan::layout::{self, Layout};
use crate::scan::token::Token;
use crate::scan::{Chunk, ChunkKind, Chunks};
use crate::{Limits, docs, recover};

/// The tree of a chunk; spans are relative to its start.
#[derive(Clone, Debug, PartialEq)]
pub enum ChunkTree {
    /// The header of a class.
    ClassHeader(Arc<ClassHeader>),
    /// A field or a method; never [`Member::Error`].
    Member(Arc<Member>),
    /// A method outside of its class.
    Standalone(Arc<StandaloneMethod>),
    /// A protocol.
    Protocol(Arc<Protocol>),
    /// A type alias.
    Alias(Arc<TypeAlias>),
    /// Top-level statements.
    Statements(Arc<Vec<Statement>>),
    /// What could not be parsed.
    Error(Arc<ErrorNode>),
}

/// A chunk as a tree, with what is wrong with it; spans are relative to its start.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedChunk {
    /// The tree.
    pub tree: ChunkTree,
    /// Findings in this chunk.
    pub diagnostics: Vec<Diagnostic>,
}

/// Keeps the trees of chunks. Kind and text decide the tree, so it can be used wherever the same text stands again.
pub trait ChunkStore {
    /// The tree of an earlier [`ChunkStore::put`].
    fn get(&mut self, kind: ChunkKind, text: &str) -> Option<Arc<ParsedChunk>>;
    /// Keeps a tree; may also forget it.
    fn put(&mut self, kind: ChunkKind, text: &str, chunk: &Arc<ParsedChunk>);
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoStore;

impl ChunkStore for NoStore {
    fn get(&mut self, _kind: ChunkKind, _text: &str) -> Option<Arc<ParsedChunk>> {
        None
    }

    fn put(&mut self, _kind: ChunkKind, _text: &str, _chunk: &Arc<ParsedChunk>) {}
}

/// A chunk with all that its tree depends on.
pub(crate) struct Source<'c> {
    pub(crate) kind: ChunkKind,
    pub(crate) text: &'c str,
    /// Offset of the chunk in the file; the spans of `tokens` are offsets in the file.
    pub(crate) base: u32,
    pub(crate) tokens: &'c [Token],
    pub(crate) layout: Layout,
    pub(crate) limits: &'c Limits,
}

impl<'c> Source<'c> {
    fn new(text: &'c str, chunks: &'c Chunks, chunk: &Chunk, limits: &'c Limits) -> Self {
        let body = chunk.body.text(text);
        let tokens = chunks.tokens.get(chunk.tokens.clone()).unwrap_or_default();
        let layout = layout::layout(body, chunk.body.start, tokens, chunk.kind);
        Self {
            kind: chunk.kind,
            text: body,
            base: chunk.body.start,
            tokens,
            layout,
            limits,
        }
    }

    /// The whole chunk, relative to itself.
    pub(crate) fn span(&self) -> Span {
        Span::new(0, self.text.len() as u32)
    }

    /// The first token that ends after `offset`, with its span relative to the chunk.
    pub(crate) fn token_after(&self, offset: u32) -> Option<Token> {
        let at = self
            .tokens
            .partition_point(|token| token.span.end - self.base <= offset);
        self.tokens.get(at).map(|token| self.relative(*token))
    }

    /// The last token that ends at or before `offset`.
    pub(crate) fn token_before(&self, offset: u32) -> Option<Token> {
        let at = self
            .tokens
            .partition_point(|token| token.span.end - self.base <= offset);
        at.checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map(|token| self.relative(*token))
    }

    fn relative(&self, token: Token) -> Token {
        Token {
            span: Span::new(token.span.start - self.base, token.span.end - self.base),
            ..token
        }
    }
}

/// Parses one chunk of `text`.
pub(crate) fn parse(text: &str, chunks: &Chunks, chunk: &Chunk, limits: &Limits) -> ParsedChunk {
    let source = Source::new(text, chunks, chunk, limits);
    if chunk.broken {
        // The scanner has said what is wrong: whatever the grammar says would be a consequence.
        return ParsedChunk {
            tree: ChunkTree::Error(Arc::new(recover::salvage(&source))),
            diagnostics: Vec::new(),
        };
    }
    if source.kind == ChunkKind::OrphanMethod {
        return orphan(&source);
    }
    let comments = comments_in(chunks, chunk.body);
    let docs = docs::of_chunk(text, comments, source.tokens, source.base);
    match recognize(entry(source.kind), &source.layout.text) {
        Ok(node) => {
            let mut lowerer = Lowerer::new(&source.layout.text, limits, docs);
            let tree = node.and_then(|node| lowerer.lower_chunk(source.kind, node));
            let tree =
                tree.unwrap_or_else(|| ChunkTree::Error(Arc::new(recover::salvage(&source))));
            ParsedChunk {
                tree,
                diagnostics: lowerer.into_diagnostics(),
            }
        }
        Err(error) => recover::recover(&source, &error, docs),
    }
}

fn orphan(source: &Source) -> ParsedChunk {
    let node = recover::salvage(source);
    let span = node
        .signature
        .as_ref()
        .map_or(source.span(), |signature| signature.span);
    ParsedChunk {
        tree: ChunkTree::Error(Arc::new(node)),
        diagnostics: vec![message::orphan_method(span)],
    }
}

fn comments_in(chunks: &Chunks, body: Span) -> &[crate::Comment] {
    let start = chunks
        .comments
        .partition_point(|comment| comment.span.start < body.start);
    let end = chunks
        .comments
        .partition_point(|comment| comment.span.start < body.end);
    chunks.comments.get(start..end).unwrap_or_default()
}

/// The rule for the whole of a chunk.
fn entry(kind: ChunkKind) -> Rule {
    match kind {
        ChunkKind::ClassHeader => Rule::class_header_chunk,
        ChunkKind::Field => Rule::field_chunk,
        ChunkKind::Method | ChunkKind::OrphanMethod => Rule::method_chunk,
        ChunkKind::Standalone => Rule::standalone_chunk,
        ChunkKind::Protocol => Rule::protocol_chunk,
        ChunkKind::Alias => Rule::alias_chunk,
        ChunkKind::Statements => Rule::statements_chunk,
    }
}
