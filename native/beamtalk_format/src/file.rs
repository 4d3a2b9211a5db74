//! A file: its chunks in order, each with its column, and the empty lines between them.

use beamtalk_ast::{
    ClassHeader, File, Item, Member, Protocol, StandaloneMethod, Statement, TypeAlias,
};
use beamtalk_parser::{Chunk, ChunkKind, Chunks};

use crate::document::STEP;
use crate::printer::Printer;
use crate::writer::Writer;

/// Leftmost column of a comment that belongs to the body of a method above it, not to the next member.
const BODY_COLUMN: usize = STEP + 1;

/// The tree of a chunk.
#[derive(Clone, Copy)]
enum Node<'a> {
    Header(&'a ClassHeader),
    Member(&'a Member),
    Standalone(&'a StandaloneMethod),
    Protocol(&'a Protocol),
    Alias(&'a TypeAlias),
    Statements(&'a [Statement]),
}

/// The file in canonical layout; `None` where tree and text do not fit each other.
pub(crate) fn print(text: &str, file: &File, chunks: &Chunks, width: usize) -> Option<String> {
    let nodes = nodes(file)?;
    let fit = nodes
        .iter()
        .map(|(base, _)| *base)
        .eq(chunks.chunks.iter().map(|chunk| chunk.body.start));
    if !fit {
        return None;
    }
    let mut layout = Layout {
        writer: Writer::new(text, &chunks.comments),
        printer: Printer::new(width, text.len() + text.len() / 8),
        chunks: &chunks.chunks,
        columns: columns(&chunks.chunks),
    };
    for (index, (_, node)) in nodes.into_iter().enumerate() {
        layout.chunk(index, node);
    }
    layout.finish()
}

/// The trees in the order of the text; `None` if one is an error.
fn nodes(file: &File) -> Option<Vec<(u32, Node<'_>)>> {
    let mut nodes = Vec::new();
    for item in &file.items {
        match item {
            Item::Class(class) => {
                nodes.push((class.header.base, Node::Header(&class.header.node)));
                let members = class.members.iter();
                nodes.extend(members.map(|member| (member.base, Node::Member(&member.node))));
            }
            Item::Method(method) => nodes.push((method.base, Node::Standalone(&method.node))),
            Item::Protocol(protocol) => nodes.push((protocol.base, Node::Protocol(&protocol.node))),
            Item::Alias(alias) => nodes.push((alias.base, Node::Alias(&alias.node))),
            Item::Statements(body) => nodes.push((body.base, Node::Statements(&body.node))),
            Item::Error(_) => return None,
        }
    }
    // Aliases between members stand behind their class in the tree.
    nodes.sort_by_key(|(base, _)| *base);
    Some(nodes)
}

/// The column of each chunk. An alias with members behind it is indented like them: at the margin it would end the class.
fn columns(chunks: &[Chunk]) -> Vec<usize> {
    let mut column = 0;
    let column_of = |chunk: &Chunk| {
        column = match chunk.kind {
            ChunkKind::Field | ChunkKind::Method => STEP,
            ChunkKind::Alias => column,
            _ => 0,
        };
        column
    };
    let mut columns: Vec<usize> = chunks.iter().rev().map(column_of).collect();
    columns.reverse();
    columns
}

/// Whether an empty line stands between two chunks, whatever the author thinks.
fn blank_between(before: ChunkKind, after: ChunkKind) -> bool {
    use ChunkKind::{Alias, ClassHeader, Field, Method, Statements};
    !matches!(
        (before, after),
        (Field | ClassHeader | Alias, Field)
            | (ClassHeader, Method | Alias)
            | (Field | Alias, Alias)
            | (Statements, Statements)
    )
}

struct Layout<'s> {
    writer: Writer<'s>,
    printer: Printer,
    chunks: &'s [Chunk],
    columns: Vec<usize>,
}

impl Layout<'_> {
    fn column(&self, index: usize) -> usize {
        self.columns.get(index).copied().unwrap_or(0)
    }

    fn chunk(&mut self, index: usize, node: Node) {
        let Some(chunk) = self.chunks.get(index) else {
            return;
        };
        let before = index
            .checked_sub(1)
            .and_then(|before| Some((before, self.chunks.get(before)?)));
        let column = self.column(index);
        match before {
            Some((before, above)) => {
                self.end_of_class(before, column, chunk.body.start as usize);
                self.writer.next_line(blank_between(above.kind, chunk.kind));
            }
            None => self.writer.start(),
        }
        self.writer.base = chunk.body.start as usize;
        self.writer.limit = chunk.body.end as usize;
        let next = self.chunks.get(index + 1);
        let end = next.map_or(self.writer.trivia.text.len(), |next| {
            next.body.start as usize
        });
        // Below a protocol, a name alone on its line would be one more signature.
        let below_protocol = before.is_some_and(|(_, above)| above.kind == ChunkKind::Protocol);
        self.writer.rigid = below_protocol && matches!(node, Node::Statements(_));
        self.node(node, end);
        self.writer.rigid = false;
        self.writer.skip_periods();
        self.writer.lost |= self.writer.next_token() < chunk.body.end as usize;
        self.flush(column);
    }

    /// Comments behind the last member that are indented stay in the class.
    fn end_of_class(&mut self, before: usize, column: usize, end: usize) {
        let indent = self.column(before);
        if indent > column {
            self.writer.comments_from(1, end);
            self.flush(indent);
        }
    }

    fn node(&mut self, node: Node, end: usize) {
        let writer = &mut self.writer;
        match node {
            Node::Header(header) => writer.class_header(header),
            Node::Member(member) => writer.member(member, BODY_COLUMN, end),
            Node::Standalone(method) => writer.standalone(method, end),
            Node::Protocol(protocol) => writer.protocol(protocol),
            Node::Alias(alias) => writer.alias(alias),
            Node::Statements(statements) => writer.statements(statements),
        }
    }

    fn flush(&mut self, column: usize) {
        self.printer.print(&self.writer.document, column);
        self.writer.document.clear();
    }

    fn finish(mut self) -> Option<String> {
        let last = self.chunks.len().checked_sub(1);
        if let Some(last) = last {
            self.end_of_class(last, 0, self.writer.trivia.text.len());
            self.writer.finish();
        } else {
            self.writer.start();
        }
        self.flush(0);
        if self.writer.lost {
            return None;
        }
        let mut text = self.printer.into_text();
        text.truncate(text.trim_end_matches('\n').len());
        if !text.is_empty() {
            text.push('\n');
        }
        Some(text)
    }
}
