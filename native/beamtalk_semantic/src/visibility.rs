//! What a package shows to others: unknown packages, and E0401 to E0403 of the language reference.

use beamtalk_ast::{ClassName, ExprKind, Expr, Message, Method, ModifierKind, Name};
use beamtalk_source::Diagnostic;

use crate::structure::names_of;
use crate::{ClassShape, Origin, Surroundings, messages};

/// A class named where its package does not show it, or in a package that nobody knows.
pub fn class_reference(name: &ClassName, origin: &Origin<'_>) -> Option<Diagnostic> {
    if let Some(package) = &name.package
        && Some(package.text.as_str()) != origin.package
        && !origin.environment.has_package(&package.text)
    {
        return Some(messages::unknown_package(package));
    }
    let class = origin.environment.class(&name.name.text)?;
    let hidden = class.is_internal && class.package.as_deref() != origin.package;
    hidden.then(|| messages::internal_class(&class.name, class.package.as_deref(), name.span))
}

/// An internal class of this package in the signature of a method that others can call.
pub fn leaks(method: &Method, shape: &ClassShape, origin: &Origin<'_>) -> Vec<Diagnostic> {
    if shape.modifiers.contains(&"internal") || method.has(ModifierKind::Internal) {
        return Vec::new();
    }
    let signature = &method.signature;
    let types = signature.params.iter().filter_map(|param| param.annotation.as_ref()).chain(&signature.result);
    types
        .flat_map(names_of)
        .filter(|name| {
            let class = origin.environment.class(&name.text);
            class.is_some_and(|class| class.is_internal && class.package == shape.package)
        })
        .map(|name: &Name| messages::internal_type_leak(name, &signature.selector.text))
        .collect()
}

/// An internal method of another package, sent to a receiver whose class is known from the text.
pub fn send(head: &Expr, message: &Message, surroundings: &Surroundings<'_>) -> Option<Diagnostic> {
    let own = surroundings.class;
    let (class, class_side) = match &head.kind {
        ExprKind::ClassRef(name) => (name.name.text.as_str(), true),
        ExprKind::SelfRef => (own?.name.as_str(), surroundings.class_side),
        ExprKind::Super => (own?.superclass.as_ref()?.0.as_str(), surroundings.class_side),
        _ => return None,
    };
    let origin = surroundings.origin;
    let selector = message.selector();
    let lineage = origin.environment.lineage(class);
    let owner = lineage.into_iter().find(|ancestor| ancestor.method(&selector, class_side).is_some())?;
    let hidden = owner.method(&selector, class_side)?.is_internal && owner.package.as_deref() != origin.package;
    hidden.then(|| messages::internal_method(&selector, &owner.name, message.selector_span()))
}
