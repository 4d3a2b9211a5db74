//! List, array and map literals.

use beamtalk_ast::{Expr, ExprKind, Rest};
use beamtalk_source::Span;

use super::cursor::Cursor;
use super::{Lowerer, error_expr, name_of, span_of, starts_upper};
use crate::grammar::{Node, Rule};
use crate::message::expression as message;

impl Lowerer<'_> {
    /// `list`
    pub(super) fn lower_list(&mut self, node: Node) -> Expr {
        let span = span_of(&node);
        let lowered = self.nested(span, 1, |this| this.lower_elements(node));
        let Some((elements, tail)) = lowered else {
            return error_expr(span);
        };
        Expr {
            span,
            kind: ExprKind::List(elements, tail.map(Box::new)),
        }
    }

    /// `array`
    pub(super) fn lower_array(&mut self, node: Node) -> Expr {
        let span = span_of(&node);
        let lowered = self.nested(span, 1, |this| this.lower_elements(node));
        Expr {
            span,
            kind: lowered.map_or(ExprKind::Error, |(elements, _)| ExprKind::Array(elements)),
        }
    }

    fn lower_elements(&mut self, node: Node) -> (Vec<Expr>, Option<Expr>) {
        let mut cursor = Cursor::new(node);
        let mut elements = Vec::new();
        let mut tail = None;
        let mut separated = true;
        while let Some(part) = cursor.next() {
            let span = span_of(&part);
            match part.as_rule() {
                Rule::comma => separated = true,
                Rule::element => {
                    self.expect_comma(span.start, separated);
                    separated = false;
                    elements.push(self.lower_element(part));
                }
                Rule::tail => {
                    if elements.is_empty() {
                        self.report(message::tail_without_elements(Span::new(
                            span.start,
                            span.start + 1,
                        )));
                    }
                    tail = self.lower_tail(part);
                }
                _ => {}
            }
        }
        (elements, tail)
    }

    /// Reports an element at `start` that neither a comma nor the opening bracket stands before.
    pub(super) fn expect_comma(&mut self, start: u32, separated: bool) {
        if separated {
            return;
        }
        let gap = self.gap_before(start);
        if self.is_negative_number(start) {
            self.report(message::missing_comma_before_negative(
                self.number_at(start),
                gap,
            ));
        } else {
            self.report(message::missing_comma(Span::new(start, start + 1), gap));
        }
    }

    /// The white space before `start`.
    pub(super) fn gap_before(&self, start: u32) -> Span {
        let before = self
            .text
            .get(..start as usize)
            .unwrap_or("")
            .trim_end_matches([' ', '\n']);
        Span::new(before.len() as u32, start)
    }

    fn lower_element(&mut self, node: Node) -> Expr {
        let span = span_of(&node);
        let mut cursor = Cursor::new(node);
        let Some(part) = cursor.next() else {
            return error_expr(span);
        };
        if part.as_rule() == Rule::rest {
            let dots = Span::new(span.start, span.start + 3);
            self.report(message::misplaced_rest(dots));
            return error_expr(dots);
        }
        let expr = self.lower_message_expression(part);
        if let Some(annotation) = cursor
            .next()
            .and_then(|annotation| self.lower_annotation(annotation))
        {
            self.report(message::typed_element(annotation.span));
        }
        expr
    }

    fn lower_tail(&mut self, node: Node) -> Option<Expr> {
        let mut cursor = Cursor::new(node);
        cursor.find(Rule::bar)?;
        let tail = self.lower_operand(&mut cursor);
        Some(self.value(tail))
    }

    /// `rest`: `...name`
    pub(super) fn lower_rest(&mut self, node: Node) -> Option<Rest> {
        let mut cursor = Cursor::new(node);
        let dots = span_of(&cursor.next()?);
        let Some(name) = cursor.next() else {
            self.report(message::rest_without_name(dots));
            return None;
        };
        let name = name_of(&name);
        if matches!(name.text.as_str(), "nil" | "true" | "false") {
            self.report(message::reserved_target(name.span, &name.text));
        }
        self.check_bound_name(&name);
        Some(Rest {
            span: dots.to(name.span),
            name,
        })
    }

    /// `map`
    pub(super) fn lower_map(&mut self, node: Node) -> Expr {
        let span = span_of(&node);
        let pairs = self.nested(span, 1, |this| this.lower_map_pairs(node));
        Expr {
            span,
            kind: pairs.map_or(ExprKind::Error, ExprKind::Map),
        }
    }

    fn lower_map_pairs(&mut self, node: Node) -> Vec<(Expr, Expr)> {
        let mut cursor = Cursor::new(node);
        let mut pairs = Vec::new();
        let mut separated = true;
        while let Some(part) = cursor.next() {
            let span = span_of(&part);
            match part.as_rule() {
                Rule::comma => separated = true,
                Rule::map_pair => {
                    let reported = self.diagnostics.len();
                    self.expect_comma(span.start, separated);
                    if is_lone_operand(&part) && cursor.next_if(is_lone_operand).is_some() {
                        // Key and value, side by side.
                        if self.diagnostics.len() == reported {
                            let key = Cursor::new(part)
                                .next()
                                .map(|key| self.lower_map_key(key).span);
                            self.report(message::missing_arrow_between(key.unwrap_or(span)));
                        }
                        separated = false;
                        continue;
                    }
                    let pair = self.lower_map_pair(part, reported);
                    // Without `=>` it cannot be said where the next pair begins.
                    separated = pair.is_none();
                    pairs.extend(pair);
                }
                _ => {}
            }
        }
        pairs
    }

    /// A pair; of several complaints about it, only the first since `reported` is kept.
    fn lower_map_pair(&mut self, node: Node, reported: usize) -> Option<(Expr, Expr)> {
        let mut cursor = Cursor::new(node);
        let key = cursor.next()?;
        if key.as_rule() == Rule::map_keyword_key {
            self.report_keyword_key(key);
            return None;
        }
        let key = self.lower_map_key(key);
        let arrow = cursor.optional(Rule::fat_arrow);
        let value = cursor
            .optional(Rule::map_value)
            .and_then(|value| Cursor::new(value).next());
        if let (Some(_), Some(value)) = (arrow, value) {
            self.check_bare_key(&key);
            return Some((key, self.lower_message_expression(value)));
        }
        if self.diagnostics.len() == reported {
            self.report(message::missing_fat_arrow(key.span));
        }
        None
    }

    fn lower_map_key(&mut self, node: Node) -> Expr {
        let mut cursor = Cursor::new(node);
        let key = self.lower_operand(&mut cursor);
        self.value(key)
    }

    fn check_bare_key(&mut self, key: &Expr) {
        if let ExprKind::Variable(name) = &key.kind
            && !starts_upper(name)
        {
            self.report(message::bare_key(key.span, name));
        }
    }

    /// `name: value` where `#name => value` was meant.
    pub(super) fn report_keyword_key(&mut self, node: Node) {
        let Some(keyword) = Cursor::new(node).next() else {
            return;
        };
        let name = keyword.as_str().trim_end_matches(':');
        self.report(message::keyword_key(span_of(&keyword), name));
    }
}

/// A part of a dictionary literal without `=>`.
fn is_lone_operand(part: &Node) -> bool {
    let mut parts = part.clone().into_inner();
    part.as_rule() == Rule::map_pair
        && parts
            .next()
            .is_some_and(|key| key.as_rule() == Rule::map_key)
        && parts.next().is_none()
}
