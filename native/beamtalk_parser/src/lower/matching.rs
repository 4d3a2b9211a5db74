//! `match:` and its arms (section 2.8).

use beamtalk_ast::{Arm, Expr, ExprKind, Statement, Target, TargetKind};
use beamtalk_source::Span;

use super::cursor::Cursor;
use super::{Lowerer, error_expr, span_of};
use crate::grammar::{Node, Rule};
use crate::message::pattern as message;

impl Lowerer<'_> {
    /// `match_tail` behind its scrutinee.
    pub(super) fn lower_match(&mut self, scrutinee: Expr, node: Node) -> Expr {
        let tail = span_of(&node);
        let span = scrutinee.span.to(tail);
        let scrutinee = self.value(scrutinee);
        let mut cursor = Cursor::new(node);
        let exhaustive = cursor
            .next()
            .is_some_and(|keyword| keyword.as_str() == "matchExhaustive:");
        let Some(arms) = self.nested(tail, 1, |this| this.lower_arms(&mut cursor)) else {
            return error_expr(span);
        };
        Expr {
            span,
            kind: ExprKind::Match {
                scrutinee: Box::new(scrutinee),
                exhaustive,
                arms,
            },
        }
    }

    fn lower_arms(&mut self, cursor: &mut Cursor) -> Vec<Arm> {
        let mut arms = Vec::new();
        let mut separated = true;
        while let Some(node) = cursor.next() {
            if node.as_rule() != Rule::arm {
                separated = true;
                continue;
            }
            let start = span_of(&node).start;
            if !separated {
                self.report(message::missing_arm_separator(Span::new(start, start + 1)));
            }
            separated = false;
            arms.extend(self.lower_arm(node));
        }
        arms
    }

    fn lower_arm(&mut self, node: Node) -> Option<Arm> {
        let mut cursor = Cursor::new(node);
        let pattern = cursor.next().map(|node| self.lower_pattern(node))?;
        let guard = cursor
            .optional(Rule::when_clause)
            .and_then(|node| self.lower_guard(node));
        let body = cursor
            .find(Rule::arm_body)
            .and_then(|node| self.lower_arm_body(node))?;
        Some(Arm {
            span: pattern.span.to(body.span),
            pattern,
            guard,
            body,
        })
    }

    fn lower_guard(&mut self, node: Node) -> Option<Expr> {
        let span = span_of(&node);
        let guard = Cursor::new(node).find(Rule::guard)?;
        let expression = Cursor::new(guard).next()?;
        self.nested(span, 1, |this| this.lower_message_expression(expression))
    }

    fn lower_arm_body(&mut self, node: Node) -> Option<Statement> {
        let mut cursor = Cursor::new(node);
        let caret = cursor.optional(Rule::caret).map(|caret| span_of(&caret));
        let first = self.lower_message_expression(cursor.next()?);
        let expr = if cursor.optional(Rule::assign).is_some() {
            self.lower_arm_assignment(first, &mut cursor, caret)?
        } else {
            first
        };
        let expr = match caret {
            Some(caret) => Expr {
                span: caret.to(expr.span),
                kind: ExprKind::Return(Box::new(expr)),
            },
            None => expr,
        };
        Some(Statement {
            span: expr.span,
            expr,
            cast: None,
        })
    }

    /// `target := value` in an arm: one assignment, to a variable or field.
    fn lower_arm_assignment(
        &mut self,
        target: Expr,
        cursor: &mut Cursor,
        caret: Option<Span>,
    ) -> Option<Expr> {
        if let Some(caret) = caret {
            self.report(message::returned_assignment(caret));
        }
        let value = self.lower_message_expression(cursor.next()?);
        if let Some(again) = cursor.optional(Rule::assign) {
            self.report(message::assignment_chain_in_arm(span_of(&again)));
        }
        let span = target.span.to(value.span);
        let place = target.span;
        let kind = match target.kind {
            ExprKind::Variable(text) => {
                TargetKind::Variable(beamtalk_ast::Name { span: place, text }, None)
            }
            ExprKind::FieldAccess(object, name) => TargetKind::Field(*object, name),
            ExprKind::Error => return Some(error_expr(span)),
            _ => {
                self.report(message::bad_arm_target(place));
                return Some(error_expr(span));
            }
        };
        let target = Target { span: place, kind };
        Some(Expr {
            span,
            kind: ExprKind::Assign(Box::new(target), Box::new(value)),
        })
    }
}
