//! Messages: unary, binary, keyword, cascade, and the precedence of operators (section 3).

use beamtalk_ast::{Expr, ExprKind, Link, Message, Name};
use beamtalk_source::Span;

use super::cursor::Cursor;
use super::literal::{lower_character, lower_symbol};
use super::{Lowerer, error_expr, name_of, span_of};
use crate::grammar::{Node, Rule};
use crate::message::expression as message;

/// Binding power of the only right-associative operator.
const POWER: u8 = 50;

/// Binding power of an operator; `None` where it cannot be sent.
fn binding_power(operator: &str) -> Option<u8> {
    Some(match operator {
        "**" => POWER,
        "*" | "/" | "%" => 40,
        "+" | "-" | "++" => 30,
        "<" | ">" | "<=" | ">=" => 20,
        "==" | "/=" | "=:=" | "=/=" => 10,
        ">>" => 5,
        "->" => 3,
        _ => return None,
    })
}

/// An operator whose right operand is not complete yet.
struct Pending {
    left: Expr,
    operator: Name,
    power: u8,
}

impl Lowerer<'_> {
    /// `message_expression`: an expression up to the level of keyword messages.
    pub(super) fn lower_message_expression(&mut self, node: Node) -> Expr {
        let mut cursor = Cursor::new(node);
        let receiver = self.lower_operations(&mut cursor);
        let expr = match cursor.rule() {
            Some(Rule::match_tail) => match cursor.next() {
                Some(tail) => self.lower_match(receiver, tail),
                None => receiver,
            },
            Some(Rule::keyword_part) => match self.lower_keyword_parts(&mut cursor) {
                Some(link) => send(receiver, link),
                None => receiver,
            },
            _ => receiver,
        };
        self.value(expr)
    }

    /// Reports `super` where it is not the receiver of a message.
    pub(super) fn value(&mut self, expr: Expr) -> Expr {
        if expr.kind == ExprKind::Super {
            self.report(message::lone_super(expr.span));
        }
        expr
    }

    /// One or more `keyword_part`s as one message.
    fn lower_keyword_parts(&mut self, cursor: &mut Cursor) -> Option<Link> {
        let mut parts = Vec::new();
        while let Some(node) = cursor.optional(Rule::keyword_part) {
            parts.extend(self.lower_keyword_part(node));
        }
        let start = parts.first().map(|(keyword, _)| keyword.span)?;
        let end = parts.last().map(|(_, argument)| argument.span)?;
        Some(Link {
            span: start.to(end),
            message: Message::Keyword(parts),
        })
    }

    fn lower_keyword_part(&mut self, node: Node) -> Option<(Name, Expr)> {
        let mut cursor = Cursor::new(node);
        let keyword = name_of(&cursor.next()?);
        let argument = self.lower_operations(&mut cursor);
        Some((keyword, self.value(argument)))
    }

    /// Operands and operators: an operator-precedence parse with an explicit stack, so that the length of a chain does
    /// not matter. Only `**` lets the stack grow, and that is bounded like any nesting.
    pub(super) fn lower_operations(&mut self, cursor: &mut Cursor) -> Expr {
        let mut current = self.lower_operand(cursor);
        let mut pending: Vec<Pending> = Vec::new();
        let mut powers = 0_u32;
        while let Some(node) = cursor.optional(Rule::operator) {
            let operator = name_of(&node);
            let power = self.power_of(&operator);
            // The first one does not nest.
            let room = self.depth + powers <= self.limits.nesting;
            let right = power == POWER && room;
            if power == POWER && !room {
                self.report_too_deep(operator.span);
            }
            while let Some(top) =
                pending.pop_if(|top| top.power > power || (top.power == power && !right))
            {
                powers -= u32::from(top.power == POWER);
                current = send_binary(top, current);
            }
            powers += u32::from(power == POWER);
            pending.push(Pending {
                left: current,
                operator,
                power,
            });
            let levels = powers.saturating_sub(1);
            self.depth += levels;
            let operand = self.lower_operand(cursor);
            self.depth -= levels;
            current = self.value(operand);
        }
        while let Some(top) = pending.pop() {
            current = send_binary(top, current);
        }
        current
    }

    fn power_of(&mut self, operator: &Name) -> u8 {
        let text = operator.text.as_str();
        if text == "->" {
            self.report(message::association(operator.span));
        }
        binding_power(text).unwrap_or_else(|| {
            self.report(match text {
                "=" => message::lone_equals(operator.span),
                _ if text.len() > 1 && self.is_glued_minus(operator) => {
                    message::glued_minus(operator.span, text)
                }
                _ => message::unsendable(operator.span, text),
            });
            0
        })
    }

    /// Whether the operator ends with the sign of a number.
    fn is_glued_minus(&self, operator: &Name) -> bool {
        let sign = operator.span.end.saturating_sub(1);
        operator.text.ends_with('-') && self.is_negative_number(sign)
    }

    /// A primary and the unary messages behind it.
    pub(super) fn lower_operand(&mut self, cursor: &mut Cursor) -> Expr {
        let Some(primary) = cursor.next() else {
            return error_expr(cursor.here());
        };
        let head = self.lower_primary(primary);
        let mut links = Vec::new();
        while let Some(selector) = cursor.optional(Rule::identifier) {
            links.push(unary(&selector));
        }
        chain(head, links)
    }

    fn lower_primary(&mut self, node: Node) -> Expr {
        match node.as_rule() {
            Rule::reference => self.lower_reference(node),
            Rule::number => self.lower_number(&node),
            Rule::string => self.lower_string(node),
            Rule::symbol => lower_symbol(&node),
            Rule::character => lower_character(&node),
            Rule::paren => self.lower_paren(node),
            Rule::block => self.lower_block(node),
            Rule::list => self.lower_list(node),
            Rule::array => self.lower_array(node),
            Rule::map => self.lower_map(node),
            Rule::tuple => {
                let span = span_of(&node);
                self.report(message::tuple_expression(span));
                error_expr(span)
            }
            _ => self.lower_directive(node),
        }
    }

    fn lower_paren(&mut self, node: Node) -> Expr {
        let span = span_of(&node);
        let inner = Cursor::new(node).find(Rule::expression);
        let inner = inner.and_then(|node| self.nested(span, 1, |this| this.lower_expression(node)));
        Expr {
            span,
            kind: inner.map_or(ExprKind::Error, |inner| ExprKind::Paren(Box::new(inner))),
        }
    }

    /// `first` with the `cascade_tail`s behind it.
    pub(super) fn lower_cascade(&mut self, first: Expr, tails: Vec<Node>) -> Expr {
        let start = first.span;
        let parts = split_last(first);
        if parts.is_none() {
            let place = tails.first().map_or(start, span_of);
            self.report(message::cascade_on_no_send(Span::new(
                place.start,
                place.start + 1,
            )));
        }
        let mut end = start;
        let mut links = Vec::new();
        for tail in tails {
            let semicolon = span_of(&tail).start;
            match self.lower_cascade_tail(tail) {
                Some(link) => links.push(link),
                None => self.report(message::cascade_without_message(Span::new(
                    semicolon,
                    semicolon + 1,
                ))),
            }
            end = end.to(Span::at(semicolon + 1));
        }
        let end = links.last().map_or(end, |link: &Link| end.to(link.span));
        let span = start.to(end);
        let Some((receiver, message)) = parts else {
            return error_expr(span);
        };
        links.insert(0, message);
        if links.len() == 1 {
            return error_expr(span);
        }
        Expr {
            span,
            kind: ExprKind::Cascade(Box::new(receiver), links),
        }
    }

    fn lower_cascade_tail(&mut self, node: Node) -> Option<Link> {
        let mut cursor = Cursor::new(node);
        match cursor.rule()? {
            Rule::keyword_part => self.lower_keyword_parts(&mut cursor),
            Rule::operator => {
                let operator = name_of(&cursor.next()?);
                self.power_of(&operator);
                let operand = self.lower_operand(&mut cursor);
                let operand = self.value(operand);
                Some(binary(operator, operand))
            }
            _ => cursor.next().map(|selector| unary(&selector)),
        }
    }
}

fn unary(selector: &Node) -> Link {
    Link {
        span: span_of(selector),
        message: Message::Unary(name_of(selector)),
    }
}

fn binary(operator: Name, operand: Expr) -> Link {
    Link {
        span: operator.span.to(operand.span),
        message: Message::Binary(operator, operand),
    }
}

fn send_binary(pending: Pending, right: Expr) -> Expr {
    send(pending.left, binary(pending.operator, right))
}

fn chain(head: Expr, links: Vec<Link>) -> Expr {
    match links.last() {
        Some(last) => Expr {
            span: head.span.to(last.span),
            kind: ExprKind::Chain(Box::new(head), links),
        },
        None => head,
    }
}

/// Sends one more message to the value of `receiver`; a chain stays one chain.
fn send(receiver: Expr, link: Link) -> Expr {
    let span = receiver.span.to(link.span);
    match receiver.kind {
        ExprKind::Chain(head, mut links) => {
            links.push(link);
            Expr {
                span,
                kind: ExprKind::Chain(head, links),
            }
        }
        kind => {
            let head = Expr {
                span: receiver.span,
                kind,
            };
            Expr {
                span,
                kind: ExprKind::Chain(Box::new(head), vec![link]),
            }
        }
    }
}

/// The receiver of the last message of a chain, and that message.
fn split_last(expr: Expr) -> Option<(Expr, Link)> {
    let ExprKind::Chain(head, mut links) = expr.kind else {
        return None;
    };
    let last = links.pop()?;
    Some((chain(*head, links), last))
}
