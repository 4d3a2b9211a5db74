//! Lowering: from what the grammar recognized to the tree. One `lower_<rule>` per rule; one file per section of the
//! language reference. Everything the grammar accepts and the language does not is reported here.

mod assignment;
mod block;
mod collection;
pub(crate) mod cursor;
mod declaration;
mod directive;
mod expression;
mod literal;
mod matching;
mod number;
mod pattern;
mod segment;
mod signature;
mod statement;
mod types;

use std::sync::Arc;

use beamtalk_ast::{Doc, Expr, ExprKind, Member, Name};
use beamtalk_source::{Diagnostic, Span};

use crate::Limits;
use crate::chunk::ChunkTree;
use crate::docs::Docs;
use crate::grammar::Node;
use crate::message::expression::expect_before_nothing;
use crate::message::lexical as message;
use crate::scan::ChunkKind;
pub(crate) use cursor::Cursor;
pub use statement::needs_period;

/// Where the statements that are being lowered stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the body of a method.
    Method,
    /// At the top of a file, where statements may stand side by side.
    File,
    /// In the default of a field.
    Field,
}

/// The state of lowering one chunk.
pub(crate) struct Lowerer<'l> {
    /// Layout text of the chunk.
    text: &'l str,
    limits: &'l Limits,
    diagnostics: Vec<Diagnostic>,
    /// How deep the current construct stands in others.
    depth: u32,
    place: Place,
    /// That something nests too deep is said once a chunk.
    too_deep: bool,
    /// Documentation by the offset of the token it stands before.
    docs: Docs,
    /// The `@expect` directives that are no statements, as far as is known.
    inner_expects: Vec<Span>,
}

impl<'l> Lowerer<'l> {
    pub(crate) fn new(text: &'l str, limits: &'l Limits, docs: Docs) -> Self {
        Self {
            text,
            limits,
            diagnostics: Vec::new(),
            depth: 0,
            place: Place::Method,
            too_deep: false,
            docs,
            inner_expects: Vec::new(),
        }
    }

    pub(crate) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        let expects = std::mem::take(&mut self.inner_expects);
        self.diagnostics
            .extend(expects.into_iter().map(expect_before_nothing));
        self.diagnostics
    }

    /// The tree of a recognized chunk; `None` where the grammar promised a part that is not there.
    pub(crate) fn lower_chunk(&mut self, kind: ChunkKind, node: Node) -> Option<ChunkTree> {
        let mut cursor = Cursor::new(node);
        Some(match kind {
            ChunkKind::ClassHeader => {
                ChunkTree::ClassHeader(Arc::new(self.lower_class_header(&mut cursor)?))
            }
            ChunkKind::Field => {
                ChunkTree::Member(Arc::new(Member::Field(self.lower_field(&mut cursor)?)))
            }
            ChunkKind::Method | ChunkKind::OrphanMethod => {
                ChunkTree::Member(Arc::new(Member::Method(self.lower_method(&mut cursor)?)))
            }
            ChunkKind::Standalone => {
                ChunkTree::Standalone(Arc::new(self.lower_standalone(&mut cursor)?))
            }
            ChunkKind::Protocol => ChunkTree::Protocol(Arc::new(self.lower_protocol(&mut cursor)?)),
            ChunkKind::Alias => ChunkTree::Alias(Arc::new(self.lower_alias(&mut cursor)?)),
            ChunkKind::Statements => {
                self.place = Place::File;
                ChunkTree::Statements(Arc::new(self.lower_body(&mut cursor)))
            }
        })
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports, once, that something nests too deep.
    fn report_too_deep(&mut self, span: Span) {
        if !self.too_deep {
            self.report(message::nesting_too_deep(span, self.limits.nesting));
        }
        self.too_deep = true;
    }

    /// Runs `lower` for a construct inside the current one; `None`, with a diagnostic, where that nests too deep.
    fn nested<T>(
        &mut self,
        span: Span,
        levels: u32,
        lower: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if self.depth + levels > self.limits.nesting {
            self.report_too_deep(span);
            return None;
        }
        self.depth += levels;
        let lowered = lower(self);
        self.depth -= levels;
        Some(lowered)
    }

    /// The documentation before the token at `offset`.
    fn doc_at(&mut self, offset: u32) -> Option<Doc> {
        self.docs.remove(&offset)
    }

    /// Whether a negative number starts at `offset`.
    fn is_negative_number(&self, offset: u32) -> bool {
        let mut bytes = self.text.bytes().skip(offset as usize);
        bytes.next() == Some(b'-') && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
    }
}

/// Where a rule stands. Only for rules that end with a token: others may include white space behind them.
fn span_of(node: &Node) -> Span {
    let span = node.as_span();
    Span::new(span.start() as u32, span.end() as u32)
}

/// A token as a name.
fn name_of(node: &Node) -> Name {
    Name {
        span: span_of(node),
        text: node.as_str().to_owned(),
    }
}

fn error_expr(span: Span) -> Expr {
    Expr {
        span,
        kind: ExprKind::Error,
    }
}

fn starts_upper(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
}
