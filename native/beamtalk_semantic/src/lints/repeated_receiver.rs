use beamtalk_ast::{Expr, ExprKind, Link, Statement};
use beamtalk_source::Diagnostic;

use super::{Site, same_name};
use crate::control::control;
use crate::messages;
use crate::visit::Node;

/// As many messages in a row as are worth a cascade.
const MANY: usize = 3;

/// `x a`, `x b`, `x c` as statements.
pub fn look(node: Node<'_>, _: &Site<'_>, found: &mut Vec<Diagnostic>) {
    let Node::Body(statements, _) = node else {
        return;
    };
    for run in statements.chunk_by(|a, b| match (sent(a), sent(b)) {
        (Some((a, _)), Some((b, _))) => same_name(&a.kind, &b.kind),
        _ => false,
    }) {
        if let (true, [first, .., last]) = (run.len() >= MANY, run) {
            found.push(messages::repeated_receiver(
                run.len(),
                first.span.to(last.span),
            ));
        }
    }
}

/// Receiver and message of a statement that is one ordinary send.
fn sent(statement: &Statement) -> Option<(&Expr, &Link)> {
    let ExprKind::Chain(head, links) = &statement.expr.kind else {
        return None;
    };
    match (statement.cast, links.as_slice()) {
        (None, [link]) if control(Some(head), &link.message).is_none() => Some((head, link)),
        _ => None,
    }
}
