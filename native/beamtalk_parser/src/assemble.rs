//! From chunks to the file: places trees, gathers members into classes, and orders and bounds the diagnostics.

use std::sync::Arc;

use beamtalk_ast::{ClassDef, ErrorNode, Field, File, Item, Member, Method, Placed};
use beamtalk_source::{Code, Diagnostic, Span};

use crate::chunk::{self, ChunkStore, ChunkTree, ParsedChunk};
use crate::message::lexical as message;
use crate::scan::{Chunk, ChunkKind, Chunks};
use crate::{Limits, Parsed, scan};

/// Parses a file chunk by chunk.
pub(crate) fn parse(text: &str, limits: &Limits, store: &mut impl ChunkStore) -> Parsed {
    if text.len() > limits.source_bytes as usize {
        let diagnostic = message::source_too_large(text.len(), limits.source_bytes);
        return Parsed {
            file: File::default(),
            diagnostics: vec![diagnostic],
        };
    }
    let chunks = scan(text, limits.nesting);
    let mut assembler = Assembler::default();
    for chunk in &chunks.chunks {
        let parsed = tree_of(text, &chunks, chunk, limits, store);
        assembler.report(chunk, &parsed.diagnostics, line_goes_on(&chunks, chunk));
        assembler.add(chunk, &parsed);
    }
    let mut diagnostics = chunks.diagnostics;
    diagnostics.extend(assembler.diagnostics);
    Parsed {
        file: File {
            items: assembler.items,
        },
        diagnostics: in_order(diagnostics, limits.errors),
    }
}

/// Whether the next chunk begins on the line on which this one ends.
fn line_goes_on(chunks: &Chunks, chunk: &Chunk) -> bool {
    let next = chunks.tokens.get(chunk.tokens.end);
    next.is_some_and(|token| token.column.is_none())
}

fn tree_of(
    text: &str,
    chunks: &Chunks,
    chunk: &Chunk,
    limits: &Limits,
    store: &mut impl ChunkStore,
) -> Arc<ParsedChunk> {
    // What the scanner found broken depends on more than the chunk's own text.
    if chunk.broken {
        return Arc::new(chunk::parse(text, chunks, chunk, limits));
    }
    let body = chunk.body.text(text);
    if let Some(parsed) = store.get(chunk.kind, body) {
        return parsed;
    }
    let parsed = Arc::new(chunk::parse(text, chunks, chunk, limits));
    store.put(chunk.kind, body, &parsed);
    parsed
}

#[derive(Default)]
struct Assembler {
    items: Vec<Item>,
    /// Index in `items` of the class whose body we are in.
    class: Option<usize>,
    diagnostics: Vec<Diagnostic>,
}

impl Assembler {
    /// Takes over what is wrong with a chunk. Its last period is necessary where the line goes on, which the chunk does not
    /// know.
    fn report(&mut self, chunk: &Chunk, diagnostics: &[Diagnostic], line_goes_on: bool) {
        let end = chunk.body.len();
        let necessary = |diagnostic: &Diagnostic| {
            line_goes_on
                && diagnostic.code == Code::UNNECESSARY_PERIOD
                && diagnostic.span.end == end
        };
        let told = diagnostics.iter().filter(|it| !necessary(it));
        self.diagnostics
            .extend(told.map(|it| it.clone().shift(chunk.body.start)));
    }

    fn add(&mut self, chunk: &Chunk, parsed: &ParsedChunk) {
        let base = chunk.body.start;
        let is_member = matches!(chunk.kind, ChunkKind::Field | ChunkKind::Method);
        // An alias may stand between members; everything else ends the class.
        if !is_member && chunk.kind != ChunkKind::Alias {
            self.class = None;
        }
        match &parsed.tree {
            ChunkTree::ClassHeader(node) => self.open_class(base, node),
            ChunkTree::Member(node) => self.add_member(Placed {
                base,
                node: Arc::clone(node),
            }),
            ChunkTree::Standalone(node) => self.items.push(Item::Method(Placed {
                base,
                node: Arc::clone(node),
            })),
            ChunkTree::Protocol(node) => self.items.push(Item::Protocol(Placed {
                base,
                node: Arc::clone(node),
            })),
            ChunkTree::Alias(node) => self.items.push(Item::Alias(Placed {
                base,
                node: Arc::clone(node),
            })),
            ChunkTree::Statements(node) => self.items.push(Item::Statements(Placed {
                base,
                node: Arc::clone(node),
            })),
            ChunkTree::Error(node) if is_member && self.class.is_some() => {
                let node = Arc::new(Member::Error(ErrorNode::clone(node)));
                self.add_member(Placed { base, node });
            }
            ChunkTree::Error(node) => self.items.push(Item::Error(Placed {
                base,
                node: Arc::clone(node),
            })),
        }
    }

    fn open_class(&mut self, base: u32, header: &Arc<beamtalk_ast::ClassHeader>) {
        self.class = Some(self.items.len());
        let header = Placed {
            base,
            node: Arc::clone(header),
        };
        self.items.push(Item::Class(ClassDef {
            header,
            members: Vec::new(),
        }));
    }

    fn add_member(&mut self, member: Placed<Member>) {
        match self.class.and_then(|class| self.items.get_mut(class)) {
            Some(Item::Class(class)) => class.members.push(member),
            _ => self.items.push(Item::Error(homeless(&member))),
        }
    }
}

/// A member of a class whose header could not be parsed.
fn homeless(member: &Placed<Member>) -> Placed<ErrorNode> {
    let node = match &*member.node {
        Member::Field(field) => of_field(field),
        Member::Method(method) => of_method(method),
        Member::Error(node) => node.clone(),
    };
    Placed {
        base: member.base,
        node: Arc::new(node),
    }
}

fn of_field(field: &Field) -> ErrorNode {
    ErrorNode {
        span: field.span,
        signature: None,
        class_side: false,
        field: Some(field.name.clone()),
    }
}

fn of_method(method: &Method) -> ErrorNode {
    ErrorNode {
        span: method.span,
        signature: Some(method.signature.clone()),
        class_side: method.has(beamtalk_ast::ModifierKind::Class),
        field: None,
    }
}

/// How many warnings and hints are kept for each error that would be.
const WARNINGS_PER_ERROR: usize = 10;

/// Sorts; keeps one error per place, `limit` errors in all, and a bounded number of warnings.
fn in_order(mut diagnostics: Vec<Diagnostic>, limit: u32) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.severity));
    let mut last_error = None;
    let mut warnings = 0;
    diagnostics.retain(|diagnostic| {
        if !diagnostic.is_error() {
            warnings += 1;
            return warnings <= limit as usize * WARNINGS_PER_ERROR;
        }
        last_error.replace(diagnostic.span.start) != Some(diagnostic.span.start)
    });
    let errors = diagnostics
        .iter()
        .enumerate()
        .filter(|(_, diagnostic)| diagnostic.is_error());
    if let Some((index, span)) = errors
        .map(|(index, diagnostic)| (index, diagnostic.span))
        .nth(limit as usize)
    {
        diagnostics.truncate(index);
        diagnostics.push(message::too_many_errors(Span::at(span.start), limit));
    }
    diagnostics
}
