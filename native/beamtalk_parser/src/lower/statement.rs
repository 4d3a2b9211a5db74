//! Bodies: statements and what separates them.

use beamtalk_ast::{Expr, ExprKind, Message, Statement};
use beamtalk_source::Span;

use super::cursor::Cursor;
use super::{Lowerer, Place, span_of};
use crate::grammar::{Node, Rule};
use crate::message::expression as message;

/// Words that begin declarations. As a statement of its own such a word needs its period: without one it would belong to
/// the declaration below.
const DECLARATION_WORDS: [&str; 6] = ["abstract", "sealed", "typed", "internal", "class", "type"];

/// Whether a period behind this statement is necessary, whatever follows it.
pub fn needs_period(statement: &Statement) -> bool {
    match &statement.expr.kind {
        ExprKind::Variable(name) => DECLARATION_WORDS.contains(&name.as_str()),
        _ => false,
    }
}

/// What stands between the last statement and the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separation {
    /// Nothing: the last part was a statement.
    None,
    /// A period that is unnecessary if a line break or the end follows.
    Period(Span),
    /// A line break, or the beginning of the body.
    Line,
    Bang,
}

impl Lowerer<'_> {
    /// The statements that are left in `cursor`, up to a closing bracket.
    pub(super) fn lower_body(&mut self, cursor: &mut Cursor) -> Vec<Statement> {
        let mut statements = Vec::new();
        let mut separation = Separation::Line;
        while let Some(rule) = cursor.rule() {
            if !matches!(
                rule,
                Rule::expression | Rule::period | Rule::bang | Rule::line_end
            ) {
                break;
            }
            let Some(node) = cursor.next() else { break };
            separation = match rule {
                Rule::expression => {
                    self.lower_statement(node, separation, &mut statements);
                    Separation::None
                }
                Rule::period
                    if separation == Separation::None
                        && statements.last().is_some_and(needs_period) =>
                {
                    Separation::Line
                }
                Rule::period => self.period(span_of(&node), separation),
                Rule::bang => self.bang(span_of(&node), separation, &mut statements),
                _ => self.line_end(separation),
            };
        }
        self.line_end(separation);
        self.check_last(&statements);
        statements
    }

    fn lower_statement(
        &mut self,
        node: Node,
        separation: Separation,
        statements: &mut Vec<Statement>,
    ) {
        let start = span_of(&node).start;
        if let (Separation::None, Some(before)) = (separation, statements.last()) {
            let applies_to_next = matches!(before.expr.kind, ExprKind::Expect(_));
            let gap = Span::new(before.span.end, start);
            if !applies_to_next {
                self.side_by_side(start, gap);
            }
        }
        let expr = self.lower_expression(node);
        if matches!(expr.kind, ExprKind::Expect(_)) {
            self.inner_expects.pop();
        }
        statements.push(Statement {
            span: expr.span,
            expr,
            cast: None,
        });
    }

    /// Two statements without a separator.
    fn side_by_side(&mut self, start: u32, gap: Span) {
        if self.is_negative_number(start) {
            self.report(message::negative_literal(self.number_at(start), gap));
        } else if self.place != Place::File || self.depth > 0 {
            self.report(message::missing_period(Span::new(start, start + 1), gap));
        }
    }

    /// The span of the number at `start`.
    pub(super) fn number_at(&self, start: u32) -> Span {
        let rest = self.text.get(start as usize..).unwrap_or("").as_bytes();
        let is_digit = |at: usize| rest.get(at).is_some_and(u8::is_ascii_digit);
        let mut length = 1;
        while rest.get(length).is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || *byte == b'_' || (*byte == b'.' && is_digit(length + 1))
        }) {
            length += 1;
        }
        Span::new(start, start + length as u32)
    }

    fn period(&mut self, span: Span, separation: Separation) -> Separation {
        match separation {
            Separation::None => {}
            Separation::Bang => self.report(message::unnecessary_period(span)),
            Separation::Period(_) | Separation::Line => self.report(message::stray_period(span)),
        }
        if separation == Separation::None {
            Separation::Period(span)
        } else {
            Separation::Line
        }
    }

    fn bang(
        &mut self,
        span: Span,
        separation: Separation,
        statements: &mut [Statement],
    ) -> Separation {
        match statements.last_mut() {
            Some(statement) if separation == Separation::None => {
                statement.cast = Some(span);
                statement.span.end = span.end;
                let problem = cast_problem(&statement.expr);
                self.diagnostics
                    .extend(problem.map(|message| message(span)));
            }
            _ => self.report(message::cast_of_no_send(span)),
        }
        Separation::Bang
    }

    /// A line break, or the end of the body.
    fn line_end(&mut self, separation: Separation) -> Separation {
        if let Separation::Period(span) = separation {
            self.report(message::unnecessary_period(span));
        }
        Separation::Line
    }

    fn check_last(&mut self, statements: &[Statement]) {
        if let Some(Statement {
            span,
            expr: Expr {
                kind: ExprKind::Expect(_),
                ..
            },
            ..
        }) = statements.last()
        {
            // At the top of a file each line is a chunk, and the next one may be what is meant.
            if self.place != Place::File || self.depth > 0 {
                self.report(message::expect_before_nothing(*span));
            }
        }
    }
}

/// Equality is never sent.
fn is_comparison(message: &Message) -> bool {
    match message {
        Message::Binary(operator, _) => {
            matches!(operator.text.as_str(), "==" | "/=" | "=:=" | "=/=")
        }
        _ => false,
    }
}

fn cast_problem(expr: &Expr) -> Option<fn(Span) -> beamtalk_source::Diagnostic> {
    match expr.kind {
        ExprKind::Chain(_, ref links) => links
            .last()
            .is_some_and(|link| is_comparison(&link.message))
            .then_some(message::cast_of_no_send as fn(Span) -> beamtalk_source::Diagnostic),
        ExprKind::Error => None,
        ExprKind::Cascade(..) => Some(message::cast_of_cascade),
        _ => Some(message::cast_of_no_send),
    }
}
