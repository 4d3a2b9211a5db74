//! What holds for every text.

use beamtalk_ast::{
    Arm, ClassHeader, Expr, ExprKind, File, Item, Member, Message, Method, Name, Pattern,
    PatternKind, Segment, Signature, Statement, Target, TargetKind, TypeAnn, TypeKind,
};
use beamtalk_parser::{Chunks, Limits, parse_file, scan};
use beamtalk_source::{Diagnostic, Span};

/// Scans and parses; checks everything that must hold whatever the text.
pub fn check(text: &str) {
    let limits = Limits::default();
    chunks_cover(text, &scan(text, limits.nesting));
    let parsed = parse_file(text, &limits);
    diagnostics_are_sound(text, &parsed.diagnostics);
    // A mended error may bring to light another one, which it hid.
    if !parsed.diagnostics.iter().any(Diagnostic::is_error) {
        mends_mend(text, &parsed.diagnostics, MENDS);
    }
    Spans::check(text, &parsed.file);
}

/// The chunks are adjacent and cover the text.
pub fn chunks_cover(text: &str, chunks: &Chunks) {
    let mut end = 0;
    for chunk in &chunks.chunks {
        assert_eq!(chunk.range.start, end, "chunks are adjacent");
        assert!(chunk.range.contains(chunk.body), "{chunk:?}");
        assert!(!chunk.body.is_empty(), "{chunk:?}");
        on_boundaries(text, chunk.body);
        end = chunk.range.end;
    }
    if !chunks.chunks.is_empty() {
        assert_eq!(end as usize, text.len(), "chunks cover the text");
    }
    for comment in &chunks.comments {
        on_boundaries(text, comment.span);
    }
}

fn on_boundaries(text: &str, span: Span) {
    assert!(
        span.start <= span.end && span.end as usize <= text.len(),
        "{span:?}"
    );
    assert!(
        text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize),
        "{span:?}"
    );
}

fn diagnostics_are_sound(text: &str, diagnostics: &[Diagnostic]) {
    assert!(
        diagnostics.is_sorted_by_key(|diagnostic| diagnostic.span.start),
        "sorted"
    );
    for diagnostic in diagnostics {
        on_boundaries(text, diagnostic.span);
        diagnostic
            .labels
            .iter()
            .for_each(|label| on_boundaries(text, label.span));
        if let Some(fix) = &diagnostic.fix {
            fix.edits
                .iter()
                .for_each(|edit| on_boundaries(text, edit.span));
            assert!(
                fix.edits
                    .windows(2)
                    .all(|pair| pair[0].span.end <= pair[1].span.start),
                "edits are disjoint"
            );
        }
        assert!(
            !diagnostic.message.ends_with('.') && !diagnostic.message.is_empty(),
            "{}",
            diagnostic.message
        );
    }
}

/// How many mends of an arbitrary text are tried.
const MENDS: usize = 8;

/// A mend that is offered as certain takes its finding away, and brings no error; tries the first `limit` of them.
pub fn mends_mend(text: &str, diagnostics: &[Diagnostic], limit: usize) {
    let errors = |diagnostics: &[Diagnostic]| diagnostics.iter().filter(|it| it.is_error()).count();
    let mends = diagnostics
        .iter()
        .filter_map(|it| Some((it, it.fix.as_ref()?)));
    for (diagnostic, fix) in mends.take(limit) {
        let mut mended = text.to_owned();
        for edit in fix.edits.iter().rev() {
            mended.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        let after = parse_file(&mended, &Limits::default()).diagnostics;
        // What the mistake hid may come to light elsewhere.
        let before = fix.edits.iter();
        let before = before.filter(|edit| edit.span.end <= diagnostic.span.start);
        let start = before.fold(diagnostic.span.start, |at, edit| {
            at + edit.text.len() as u32 - edit.span.len()
        });
        let same = |it: &Diagnostic| {
            (it.code, it.span.start, &it.message) == (diagnostic.code, start, &diagnostic.message)
        };
        assert!(
            !after.iter().any(same),
            "{:?} is not gone:\n--- from\n{text}\n--- to\n{mended}\n{after:?}",
            diagnostic.code
        );
        assert!(
            errors(&after) <= errors(diagnostics),
            "{:?}: more errors:\n--- from\n{text}\n--- to\n{mended}\n{after:?}",
            diagnostic.code
        );
    }
}

/// Every span lies inside its parent's and on character boundaries.
struct Spans<'t> {
    text: &'t str,
    base: u32,
}

impl Spans<'_> {
    fn check(text: &str, file: &File) {
        let at = |base| Spans { text, base };
        for item in &file.items {
            match item {
                Item::Class(class) => {
                    at(class.header.base).header(&class.header.node);
                    class
                        .members
                        .iter()
                        .for_each(|member| at(member.base).member(&member.node));
                }
                Item::Method(method) => at(method.base).method(&method.node.method),
                Item::Protocol(protocol) => {
                    let spans = at(protocol.base);
                    for requirement in &protocol.node.signatures {
                        spans.signature(protocol.node.span, &requirement.signature);
                    }
                }
                Item::Alias(alias) => {
                    at(alias.base).type_ann(alias.node.span, &alias.node.definition)
                }
                Item::Statements(statements) => {
                    at(statements.base).statements(None, &statements.node)
                }
                Item::Error(node) => at(node.base).inside(None, node.node.span),
            }
        }
    }

    fn inside(&self, parent: Option<Span>, span: Span) {
        on_boundaries(self.text, span.shift(self.base));
        if let Some(parent) = parent {
            let text = parent.shift(self.base).text(self.text);
            assert!(
                parent.contains(span),
                "{span:?} lies outside of {parent:?}: {text:?}"
            );
        }
    }

    fn name(&self, parent: Span, name: &Name) {
        self.inside(Some(parent), name.span);
    }

    fn header(&self, header: &ClassHeader) {
        self.inside(None, header.span);
        self.name(header.span, &header.name);
        header
            .superclass
            .iter()
            .for_each(|class| self.inside(Some(header.span), class.span));
        header
            .native
            .iter()
            .chain(&header.handle_scope)
            .for_each(|name| self.name(header.span, name));
        header
            .super_arguments
            .iter()
            .for_each(|argument| self.type_ann(header.span, argument));
    }

    fn member(&self, member: &Member) {
        match member {
            Member::Field(field) => {
                self.inside(None, field.span);
                self.name(field.span, &field.name);
                field
                    .annotation
                    .iter()
                    .for_each(|annotation| self.type_ann(field.span, annotation));
                field
                    .default
                    .iter()
                    .for_each(|default| self.expr(Some(field.span), default));
            }
            Member::Method(method) => self.method(method),
            Member::Error(node) => self.inside(None, node.span),
        }
    }

    fn method(&self, method: &Method) {
        self.inside(None, method.span);
        method
            .modifiers
            .iter()
            .for_each(|modifier| self.inside(Some(method.span), modifier.span));
        self.signature(method.span, &method.signature);
        self.statements(Some(method.span), &method.body);
    }

    fn signature(&self, parent: Span, signature: &Signature) {
        self.inside(Some(parent), signature.span);
        self.name(signature.span, &signature.selector);
        for param in &signature.params {
            self.name(signature.span, &param.name);
            param
                .annotation
                .iter()
                .for_each(|annotation| self.type_ann(signature.span, annotation));
        }
        signature
            .result
            .iter()
            .for_each(|result| self.type_ann(signature.span, result));
    }

    fn type_ann(&self, parent: Span, node: &TypeAnn) {
        self.inside(Some(parent), node.span);
        match &node.kind {
            TypeKind::Generic(_, types)
            | TypeKind::Union(types)
            | TypeKind::Difference(types)
            | TypeKind::Intersection(types) => types
                .iter()
                .for_each(|inner| self.type_ann(node.span, inner)),
            TypeKind::Paren(inner) => self.type_ann(node.span, inner),
            _ => {}
        }
    }

    fn statements(&self, parent: Option<Span>, statements: &[Statement]) {
        let mut end = 0;
        for statement in statements {
            self.inside(parent, statement.span);
            assert!(end <= statement.span.start, "statements are in order");
            end = statement.span.end;
            statement
                .cast
                .iter()
                .for_each(|cast| self.inside(Some(statement.span), *cast));
            self.expr(Some(statement.span), &statement.expr);
        }
    }

    fn expr(&self, parent: Option<Span>, node: &Expr) {
        self.inside(parent, node.span);
        let span = node.span;
        let within = |inner: &Expr| self.expr(Some(span), inner);
        match &node.kind {
            ExprKind::FieldAccess(inner, _) | ExprKind::Return(inner) | ExprKind::Paren(inner) => {
                within(inner)
            }
            ExprKind::Interpolation(segments) => {
                for segment in segments {
                    if let Segment::Expr(inner) = segment {
                        within(inner);
                    }
                }
            }
            ExprKind::Chain(head, links) | ExprKind::Cascade(head, links) => {
                within(head);
                assert!(!links.is_empty());
                let mut end = head.span.end;
                for link in links {
                    self.inside(Some(span), link.span);
                    assert!(end <= link.span.start, "links are in order");
                    end = link.span.end;
                    if let Message::Keyword(parts) = &link.message {
                        assert!(!parts.is_empty());
                    }
                    link.message
                        .arguments()
                        .for_each(|argument| self.expr(Some(link.span), argument));
                }
            }
            ExprKind::Assign(target, value) => {
                self.target(span, target);
                within(value);
            }
            ExprKind::Block(block) => self.statements(Some(span), &block.body),
            ExprKind::List(elements, tail) => {
                elements.iter().for_each(within);
                tail.iter().for_each(|tail| within(tail));
            }
            ExprKind::Array(elements) => elements.iter().for_each(within),
            ExprKind::Map(pairs) => pairs.iter().for_each(|(key, value)| {
                within(key);
                within(value);
            }),
            ExprKind::Match {
                scrutinee, arms, ..
            } => {
                within(scrutinee);
                arms.iter().for_each(|arm| self.arm(span, arm));
            }
            _ => {}
        }
    }

    fn target(&self, parent: Span, node: &Target) {
        self.inside(Some(parent), node.span);
        match &node.kind {
            TargetKind::Tuple(patterns) => patterns
                .iter()
                .for_each(|inner| self.pattern(node.span, inner)),
            TargetKind::Array(targets, _) | TargetKind::List(targets, _) => {
                targets
                    .iter()
                    .for_each(|inner| self.target(node.span, inner));
            }
            TargetKind::Map(pairs) => pairs
                .iter()
                .for_each(|(_, inner)| self.target(node.span, inner)),
            TargetKind::Literal(inner) | TargetKind::Field(inner, _) => {
                self.expr(Some(node.span), inner)
            }
            TargetKind::Variable(name, annotation) => {
                self.name(node.span, name);
                annotation
                    .iter()
                    .for_each(|annotation| self.type_ann(node.span, annotation));
            }
        }
    }

    fn arm(&self, parent: Span, arm: &Arm) {
        self.inside(Some(parent), arm.span);
        self.pattern(arm.span, &arm.pattern);
        arm.guard
            .iter()
            .for_each(|guard| self.expr(Some(arm.span), guard));
        self.statements(Some(arm.span), std::slice::from_ref(&arm.body));
    }

    fn pattern(&self, parent: Span, node: &Pattern) {
        self.inside(Some(parent), node.span);
        match &node.kind {
            PatternKind::Tuple(patterns)
            | PatternKind::Array(patterns, _)
            | PatternKind::List(patterns, _) => {
                patterns
                    .iter()
                    .for_each(|inner| self.pattern(node.span, inner));
            }
            PatternKind::Cons(patterns, tail) => {
                patterns
                    .iter()
                    .for_each(|inner| self.pattern(node.span, inner));
                self.pattern(node.span, tail);
            }
            PatternKind::Map(pairs) => pairs
                .iter()
                .for_each(|(_, inner)| self.pattern(node.span, inner)),
            PatternKind::Constructor(_, fields) => fields
                .iter()
                .for_each(|(_, inner)| self.pattern(node.span, inner)),
            PatternKind::Paren(inner) => self.pattern(node.span, inner),
            PatternKind::Literal(inner) => self.expr(Some(node.span), inner),
            _ => {}
        }
    }
}
