use beamtalk_ast::{ExprKind, TargetKind};
use beamtalk_source::Diagnostic;

use super::Site;
use crate::visit::Node;
use crate::{Kind, messages, setter_selector};

/// `self.count := …` in an actor that has a method `withCount:`.
pub fn look(node: Node<'_>, site: &Site<'_>, found: &mut Vec<Diagnostic>) {
    let Node::Expr(expr) = node else { return };
    let ExprKind::Assign(target, _) = &expr.kind else {
        return;
    };
    let TargetKind::Field(object, field) = &target.kind else {
        return;
    };
    let Some(class) = site.class.filter(|class| class.kind == Kind::Actor) else {
        return;
    };
    let setter = setter_selector(&field.text);
    if matches!(object.kind, ExprKind::SelfRef)
        && class.defines(&setter, false)
        && site.selector != Some(&*setter)
    {
        found.push(messages::bypassed_setter(field, &setter));
    }
}
