use beamtalk_ast::{Method, ModifierKind};
use beamtalk_source::Diagnostic;

use crate::protocol::satisfied_with;
use crate::{ClassShape, Origin, messages};

/// An internal method of a public class that others reach through a protocol.
pub fn check(method: &Method, shape: &ClassShape, origin: &Origin<'_>) -> Option<Diagnostic> {
    if !method.has(ModifierKind::Internal) || shape.modifiers.contains(&"internal") {
        return None;
    }
    let selector = &method.signature.selector;
    let class_side = method.has(ModifierKind::Class);
    let protocols = satisfied_with(origin.environment, &shape.name, &selector.text, class_side);
    let protocol = protocols.first()?;
    Some(messages::internal_conformance(
        &selector.text,
        protocol,
        selector.span,
    ))
}
