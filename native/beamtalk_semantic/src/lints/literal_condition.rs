use beamtalk_ast::{Expr, ExprKind};
use beamtalk_source::Diagnostic;

use super::Site;
use crate::control::{Control, LiteralBlock, control};
use crate::messages;
use crate::visit::Node;

/// `true ifTrue: […]`, `[true] whileTrue: […]`.
pub fn look(node: Node<'_>, _: &Site<'_>, found: &mut Vec<Diagnostic>) {
    let Node::Expr(expr) = node else { return };
    let ExprKind::Chain(head, links) = &expr.kind else {
        return;
    };
    let Some(first) = links.first() else { return };
    let condition = match control(Some(head), &first.message) {
        Some(Control::If(..) | Control::And(_) | Control::Or(_)) => Some(&**head),
        Some(Control::While(_, condition, _)) => only_expression(&condition),
        _ => None,
    };
    found.extend(condition.and_then(literal).map(messages::literal_condition));
}

fn only_expression<'a>(block: &LiteralBlock<'a>) -> Option<&'a Expr> {
    match block.block.body.as_slice() {
        [statement] => Some(&statement.expr),
        _ => None,
    }
}

fn literal(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Paren(inner) => literal(inner),
        ExprKind::True | ExprKind::False => Some(expr),
        _ => None,
    }
}
