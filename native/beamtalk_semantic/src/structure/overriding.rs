use std::sync::Arc;

use beamtalk_ast::{Method, ModifierKind};
use beamtalk_source::Diagnostic;

use crate::{ClassShape, Interface, MethodInterface, Origin, messages};

/// A method that an ancestor does not let anyone override, or that hides one nobody here is meant to know.
pub fn check(method: &Method, shape: &ClassShape, origin: &Origin<'_>) -> Option<Diagnostic> {
    let (superclass, _) = shape.superclass.as_ref()?;
    let selector = &method.signature.selector;
    let class_side = method.has(ModifierKind::Class);
    let lineage = origin.environment.lineage(superclass);
    let inherited = |is: fn(&MethodInterface) -> bool| -> Option<&Arc<Interface>> {
        lineage
            .iter()
            .find(|ancestor| ancestor.method(&selector.text, class_side).is_some_and(is))
            .copied()
    };
    if let Some(owner) = inherited(|known| known.is_sealed) {
        return Some(messages::sealed_method(
            &selector.text,
            &owner.name,
            selector.span,
        ));
    }
    let owner =
        inherited(|known| known.is_internal).filter(|owner| owner.package != shape.package)?;
    Some(messages::shadowed_internal(
        &selector.text,
        &owner.name,
        selector.span,
    ))
}
