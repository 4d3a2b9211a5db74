use beamtalk_ast::{ExprKind, Name, TargetKind};
use beamtalk_source::Diagnostic;

use super::Site;
use crate::messages;
use crate::visit::Node;

/// `x := x`, `self.x := self.x`.
pub fn look(node: Node<'_>, _: &Site<'_>, found: &mut Vec<Diagnostic>) {
    let Node::Expr(expr) = node else { return };
    let ExprKind::Assign(target, value) = &expr.kind else {
        return;
    };
    let itself = match (&target.kind, &value.kind) {
        (TargetKind::Variable(Name { text, .. }, _), ExprKind::Variable(name)) => text == name,
        (TargetKind::Field(a, x), ExprKind::FieldAccess(b, y)) => {
            x.text == y.text && matches!((&a.kind, &b.kind), (ExprKind::SelfRef, ExprKind::SelfRef))
        }
        _ => false,
    };
    if itself {
        found.push(messages::self_assignment(expr.span));
    }
}
