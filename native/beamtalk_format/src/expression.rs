//! Expressions, except messages and what has brackets.

use beamtalk_ast::{Directive, Expr, ExprKind};

use crate::document::GroupId;
use crate::writer::Writer;

impl Writer<'_> {
    /// An expression; answers the group of its brackets, which may break in place of the groups around it.
    pub(crate) fn expr(&mut self, expr: &Expr) -> Option<GroupId> {
        match &expr.kind {
            ExprKind::Character(value) => self.character(expr, *value),
            ExprKind::ClassRef(_)
            | ExprKind::FieldAccess(..)
            | ExprKind::Float(_)
            | ExprKind::Integer(_)
            | ExprKind::Interpolation(_)
            | ExprKind::String(_)
            | ExprKind::Symbol(_)
            | ExprKind::SelfRef
            | ExprKind::Super
            | ExprKind::Nil
            | ExprKind::True
            | ExprKind::False
            | ExprKind::Variable(_) => self.atom(expr.span.end),
            ExprKind::Primitive(_) => self.primitive(expr),
            ExprKind::Intrinsic(name) => {
                self.token("@intrinsic");
                self.space();
                self.atom(name.span.end);
            }
            ExprKind::Expect(directive) => self.directive(directive),
            ExprKind::Error => self.lost = true,
            ExprKind::Chain(head, links) => self.chain(head, links),
            ExprKind::Cascade(receiver, links) => self.cascade(receiver, links),
            ExprKind::Assign(target, value) => {
                self.target(target);
                self.word(":=");
                self.space();
                return self.expr(value);
            }
            ExprKind::Return(value) => {
                self.token("^");
                return self.expr(value);
            }
            ExprKind::Paren(inner) => return self.paren(inner),
            ExprKind::Block(block) => return Some(self.block(block)),
            ExprKind::List(elements, tail) => return Some(self.list(elements, tail.as_deref())),
            ExprKind::Array(elements) => return Some(self.array(elements)),
            ExprKind::Map(pairs) => return Some(self.map(pairs)),
            ExprKind::Match {
                scrutinee,
                exhaustive,
                arms,
            } => {
                return Some(self.matching(scrutinee, *exhaustive, arms));
            }
        }
        None
    }

    /// White space as a character is written with its escape: it would be taken for a part of the layout.
    fn character(&mut self, expr: &Expr, value: char) {
        let raw = self
            .trivia
            .slice(0, self.base + expr.span.end as usize)
            .ends_with(value);
        match value {
            '\n' if raw => self.atom_as("$\\n", expr.span.end),
            '\t' if raw => self.atom_as("$\\t", expr.span.end),
            '\r' if raw => self.atom_as("$\\r", expr.span.end),
            _ => self.atom(expr.span.end),
        }
    }

    fn primitive(&mut self, expr: &Expr) {
        self.token("@primitive");
        if matches!(expr.kind, ExprKind::Primitive(Some(_))) {
            self.space();
            self.atom(expr.span.end);
        }
    }

    /// `@expect category "reason"`.
    pub(crate) fn directive(&mut self, directive: &Directive) {
        self.token("@expect");
        self.space();
        self.atom(directive.category.span.end);
        if directive.reason.is_some() {
            self.space();
            self.atom(directive.span.end);
        }
    }

    /// Parentheses are laid out like what stands in them.
    fn paren(&mut self, inner: &Expr) -> Option<GroupId> {
        let rigid = std::mem::replace(&mut self.rigid, false);
        self.token("(");
        let outermost = self.document.groups.len();
        self.expr(inner);
        let has_group = self.document.groups.len() > outermost;
        self.token(")");
        self.rigid = rigid;
        has_group.then_some(outermost)
    }
}
