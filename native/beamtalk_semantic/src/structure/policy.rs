use beamtalk_ast::{ExprKind, Method, ModifierKind};
use beamtalk_source::Diagnostic;

use crate::{ClassShape, Kind, messages};

const POLICIES: [&str; 3] = ["permanent", "transient", "temporary"];

/// `class supervisionPolicy` answers one of three symbols; what is computed is not judged.
pub fn check(method: &Method, shape: &ClassShape) -> Option<Diagnostic> {
    let is_policy =
        method.has(ModifierKind::Class) && method.signature.selector.text == "supervisionPolicy";
    if !is_policy || shape.kind != Kind::Actor {
        return None;
    }
    let last = &method.body.last()?.expr;
    let value = match &last.kind {
        ExprKind::Return(value) => value,
        _ => last,
    };
    let wrong = match &value.kind {
        ExprKind::Symbol(name) => !POLICIES.contains(&name.as_str()),
        ExprKind::Integer(_)
        | ExprKind::Float(_)
        | ExprKind::String(_)
        | ExprKind::Nil
        | ExprKind::True
        | ExprKind::False => true,
        _ => false,
    };
    wrong.then(|| messages::bad_supervision_policy(value.span))
}
