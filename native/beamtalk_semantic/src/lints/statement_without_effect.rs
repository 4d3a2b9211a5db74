use beamtalk_ast::{Expr, ExprKind, Message, Statement};
use beamtalk_source::Diagnostic;

use super::Site;
use crate::messages;
use crate::visit::Node;

/// A statement that is not the last and only makes a value. One finding for statements in a row.
pub fn look(node: Node<'_>, _: &Site<'_>, found: &mut Vec<Diagnostic>) {
    let Node::Body([before @ .., _], _) = node else {
        return;
    };
    for run in before.chunk_by(|a, b| is_idle(a) && is_idle(b)) {
        if let (Some(first), Some(last)) = (run.first().filter(|first| is_idle(first)), run.last())
        {
            found.push(messages::statement_without_effect(first.span.to(last.span)));
        }
    }
}

fn is_idle(statement: &Statement) -> bool {
    statement.cast.is_none() && is_pure(&statement.expr)
}

/// Whether evaluating it can be seen by nobody. Only equality operators are no sends.
fn is_pure(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Integer(_)
        | ExprKind::Float(_)
        | ExprKind::String(_)
        | ExprKind::Character(_)
        | ExprKind::Symbol(_)
        | ExprKind::SelfRef
        | ExprKind::Nil
        | ExprKind::True
        | ExprKind::False
        | ExprKind::Variable(_)
        | ExprKind::ClassRef(_)
        | ExprKind::Block(_) => true,
        ExprKind::FieldAccess(inner, _) | ExprKind::Paren(inner) => is_pure(inner),
        ExprKind::List(elements, None) | ExprKind::Array(elements) => elements.iter().all(is_pure),
        ExprKind::Map(pairs) => pairs
            .iter()
            .all(|(key, value)| is_pure(key) && is_pure(value)),
        ExprKind::Chain(head, links) => {
            is_pure(head)
                && links.iter().all(|link| match &link.message {
                    Message::Binary(name, argument) => {
                        crate::class::is_equality(&name.text) && is_pure(argument)
                    }
                    _ => false,
                })
        }
        _ => false,
    }
}
