use beamtalk_ast::ExprKind;
use beamtalk_source::Diagnostic;

use super::Site;
use crate::messages;
use crate::visit::{Node, Role};

/// `^ value` as the last statement of a method.
pub fn look(node: Node<'_>, _: &Site<'_>, found: &mut Vec<Diagnostic>) {
    let Node::Body([.., last], Role::Method) = node else {
        return;
    };
    if let ExprKind::Return(value) = &last.expr.kind {
        found.push(messages::trailing_return(last.expr.span, value.span));
    }
}
