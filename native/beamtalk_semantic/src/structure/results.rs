use beamtalk_ast::{Method, ModifierKind, TypeAnn, TypeKind};
use beamtalk_source::Diagnostic;

use crate::class::is_abstract;
use crate::{ClassShape, Kind, messages};

/// A Value cannot change, so a method of it that answers nothing does nothing, unless it evaluates a block.
pub fn check(method: &Method, shape: &ClassShape) -> Option<Diagnostic> {
    let result = method.signature.result.as_ref()?;
    let is_nil =
        matches!(&result.kind, TypeKind::Name(name) if matches!(name.text.as_str(), "Nil" | "nil"));
    let takes_block = method
        .signature
        .params
        .iter()
        .filter_map(|param| param.annotation.as_ref())
        .any(is_block);
    let exempt = method.has(ModifierKind::Class)
        || shape.is_test
        || takes_block
        || is_abstract(&method.body);
    (is_nil && shape.kind == Kind::Value && !exempt).then(|| messages::nil_result(result.span))
}

fn is_block(ty: &TypeAnn) -> bool {
    match &ty.kind {
        TypeKind::Name(name) | TypeKind::Generic(name, _) => name.text == "Block",
        TypeKind::Union(members) => members.iter().any(is_block),
        TypeKind::Paren(inner) => is_block(inner),
        _ => false,
    }
}
