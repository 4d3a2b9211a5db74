//! `@primitive`, `@intrinsic`, `@expect`, and what looks like them.

use beamtalk_ast::{Directive, Expr, ExprKind};
use beamtalk_source::Span;

use super::cursor::Cursor;
use super::literal::string_text;
use super::{Lowerer, Place, error_expr, name_of, span_of};
use crate::grammar::{Node, Rule};
use crate::message::expression as message;

/// What `@expect` can name.
const CATEGORIES: [&str; 15] = [
    "dnu",
    "type",
    "unused",
    "dead_assignment",
    "deprecation",
    "actor_new",
    "visibility",
    "unresolved_class",
    "unresolved_ffi",
    "arity_mismatch",
    "shadowed_class",
    "type_annotation",
    "inheritance",
    "sendability",
    "all",
];

impl Lowerer<'_> {
    /// A directive as an expression.
    pub(super) fn lower_directive(&mut self, node: Node) -> Expr {
        match node.as_rule() {
            Rule::primitive => self.lower_primitive(node),
            Rule::intrinsic => self.lower_intrinsic(node),
            Rule::expect => {
                let word = first_word(&node);
                let directive = self.lower_expect(node);
                self.inner_expects
                    .extend(directive.as_ref().map(|directive| directive.span));
                directive.map_or_else(
                    || error_expr(word),
                    |directive| Expr {
                        span: directive.span,
                        kind: ExprKind::Expect(directive),
                    },
                )
            }
            _ => {
                let span = span_of(&node);
                let word = node.as_str().strip_prefix('@').unwrap_or_default();
                self.report(message::unknown_directive(span, word));
                error_expr(span)
            }
        }
    }

    fn lower_primitive(&mut self, node: Node) -> Expr {
        let mut cursor = Cursor::new(node);
        let Some(word) = cursor.next() else {
            return error_expr(cursor.here());
        };
        let span = span_of(&word);
        self.check_place(span);
        let Some(name) = cursor.next() else {
            return Expr {
                span,
                kind: ExprKind::Primitive(None),
            };
        };
        let text = if name.as_rule() == Rule::plain_string {
            plain_text(&name)
        } else {
            name.as_str().to_owned()
        };
        Expr {
            span: span.to(span_of(&name)),
            kind: ExprKind::Primitive(Some(text)),
        }
    }

    fn lower_intrinsic(&mut self, node: Node) -> Expr {
        let mut cursor = Cursor::new(node);
        let Some(word) = cursor.next() else {
            return error_expr(cursor.here());
        };
        let span = span_of(&word);
        self.check_place(span);
        let Some(name) = cursor.next() else {
            self.report(message::intrinsic_without_name(span));
            return error_expr(span);
        };
        let name = name_of(&name);
        Expr {
            span: span.to(name.span),
            kind: ExprKind::Intrinsic(name),
        }
    }

    fn check_place(&mut self, span: Span) {
        if self.place != Place::Method {
            self.report(message::primitive_outside_method(span));
        }
    }

    /// `expect`; `None`, with a diagnostic, where it has no category.
    pub(super) fn lower_expect(&mut self, node: Node) -> Option<Directive> {
        let mut cursor = Cursor::new(node);
        let word = span_of(&cursor.next()?);
        let Some(category) = cursor.next() else {
            self.report(message::expect_without_category(
                word,
                &CATEGORIES.join(", "),
            ));
            return None;
        };
        let category = name_of(&category);
        if !CATEGORIES.contains(&category.text.as_str()) {
            self.report(message::unknown_category(
                category.span,
                &category.text,
                &CATEGORIES.join(", "),
            ));
        }
        let reason = cursor.next();
        let end = reason.as_ref().map_or(category.span, span_of);
        Some(Directive {
            span: word.to(end),
            category,
            reason: reason.map(|reason| plain_text(&reason)),
        })
    }
}

fn first_word(node: &Node) -> Span {
    let start = span_of(node).start;
    Span::new(start, start + "@expect".len() as u32)
}

/// The value of a `plain_string`.
fn plain_text(node: &Node) -> String {
    let raw = node.as_str();
    string_text(raw.get(1..raw.len().saturating_sub(1)).unwrap_or(""))
}
