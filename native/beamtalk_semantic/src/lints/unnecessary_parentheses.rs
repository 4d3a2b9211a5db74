use beamtalk_ast::{Expr, ExprKind, Link, Message};
use beamtalk_source::Diagnostic;

use super::Site;
use crate::messages;
use crate::visit::{Node, embedded};

/// Parentheses without which the text would mean the same. Those around an operand that is itself an operation are
/// left alone: they help to read. So are those that span lines: layout could change what the text means. Of pairs
/// around each other the innermost is reported.
pub fn look(node: Node<'_>, site: &Site<'_>, found: &mut Vec<Diagnostic>) {
    let mut check = |expr: &Expr, may_drop: fn(&Expr) -> bool| {
        if let ExprKind::Paren(inner) = &expr.kind
            && !matches!(inner.kind, ExprKind::Paren(_))
            && may_drop(inner)
            && site.is_one_line(expr.span)
        {
            found.push(messages::unnecessary_parentheses(expr.span));
        }
    };
    match node {
        Node::Body(statements, _) => {
            for statement in statements
                .iter()
                .filter(|statement| statement.cast.is_none())
            {
                check(&statement.expr, |inner| {
                    !matches!(inner.kind, ExprKind::Error)
                });
            }
        }
        Node::Expr(expr) => match &expr.kind {
            ExprKind::Assign(_, value) | ExprKind::Return(value) => check(value, is_whole),
            ExprKind::Paren(inner) => check(inner, is_whole),
            ExprKind::List(elements, None) | ExprKind::Array(elements) => {
                for element in elements {
                    check(element, is_message);
                }
            }
            ExprKind::Interpolation(segments) => {
                segments
                    .iter()
                    .filter_map(embedded)
                    .for_each(|expr| check(expr, is_message));
            }
            ExprKind::Chain(head, links) => {
                check(head, is_operand);
                for link in links.iter().filter(|link| !is_match(link)) {
                    link.message
                        .arguments()
                        .for_each(|argument| check(argument, is_operand));
                }
            }
            _ => {}
        },
    }
}

/// `match:` with a block in parentheses is an ordinary message; without them it would be a match.
fn is_match(link: &Link) -> bool {
    matches!(&link.message, Message::Keyword(parts)
        if parts.iter().any(|(name, _)| matches!(name.text.as_str(), "match:" | "matchExhaustive:")))
}

fn is_whole(inner: &Expr) -> bool {
    !matches!(
        inner.kind,
        ExprKind::Error | ExprKind::Return(_) | ExprKind::Assign(..)
    )
}

fn is_message(inner: &Expr) -> bool {
    matches!(inner.kind, ExprKind::Chain(..)) || is_operand(inner)
}

/// A primary that does not begin with `-`, or a chain of unary messages to one.
fn is_operand(inner: &Expr) -> bool {
    match &inner.kind {
        ExprKind::Integer(integer) => !integer.negative,
        ExprKind::Float(value) => value.is_sign_positive(),
        ExprKind::String(_)
        | ExprKind::Interpolation(_)
        | ExprKind::Character(_)
        | ExprKind::Symbol(_)
        | ExprKind::SelfRef
        | ExprKind::Nil
        | ExprKind::True
        | ExprKind::False
        | ExprKind::Variable(_)
        | ExprKind::ClassRef(_)
        | ExprKind::FieldAccess(..)
        | ExprKind::Block(_)
        | ExprKind::List(..)
        | ExprKind::Array(_)
        | ExprKind::Map(_) => true,
        ExprKind::Chain(head, links) => {
            is_operand(head)
                && links
                    .iter()
                    .all(|link| matches!(link.message, Message::Unary(_)))
        }
        _ => false,
    }
}
