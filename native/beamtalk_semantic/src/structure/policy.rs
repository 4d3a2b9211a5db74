use beamtalk_ast::{ClassDef, ExprKind, Method, ModifierKind};
use beamtalk_source::Diagnostic;

use crate::{ClassShape, Kind, Origin, messages};

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

/// In a typed package every actor says how it is restarted, or inherits that from a class of the program.
pub fn check_class(
    class: &ClassDef,
    shape: &ClassShape,
    origin: &Origin<'_>,
) -> Option<Diagnostic> {
    let is_concerned = origin.package.is_some_and(|package| package.is_typed)
        && shape.kind == Kind::Actor
        && !shape.modifiers.contains(&"abstract");
    if !is_concerned {
        return None;
    }
    let lineage = origin.environment.lineage(&shape.name);
    let is_told = lineage.iter().any(|ancestor| {
        !ancestor.is_library && ancestor.method("supervisionPolicy", true).is_some()
    });
    (!is_told).then(|| messages::missing_policy(&class.header.node.name).shift(class.header.base))
}
