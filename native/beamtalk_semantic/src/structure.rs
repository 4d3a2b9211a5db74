//! What is wrong with declarations, beyond what [`crate::ClassShape`] has to know to read them. One rule is one file.

mod aliases;
mod conformance;
mod delegation;
mod overriding;
mod policy;
mod results;
mod types;

use beamtalk_ast::{ClassDef, File, Item, Member, Method};
use beamtalk_source::{Diagnostic, Span};

use crate::{ClassShape, Origin, lints, messages, visibility};

pub use aliases::of_others as aliases_of_others;
pub use types::names_of;

/// Checks what only the whole file shows: how many declarations it has, its aliases, and the types it names.
pub fn check_file(file: &File, origin: &Origin<'_>) -> Vec<Diagnostic> {
    let mut found = several_declarations(file);
    found.extend(reserved_names(file));
    found.extend(aliases::check(file, origin));
    found.extend(types::check(file, origin));
    found.extend(visibility::leaks(file, origin));
    found
}

fn several_declarations(file: &File) -> Vec<Diagnostic> {
    let mut declarations = file.items.iter().filter_map(|item| match item {
        Item::Class(class) => Some(class.header.node.span.shift(class.header.base)),
        Item::Protocol(protocol) => Some(protocol.node.span.shift(protocol.base)),
        _ => None,
    });
    let Some(first) = declarations.next() else {
        return Vec::new();
    };
    declarations
        .map(|span: Span| messages::several_declarations(span, first))
        .collect()
}

/// Names of protocols and aliases; those of classes are checked where the class is read.
fn reserved_names(file: &File) -> Vec<Diagnostic> {
    let names = file.items.iter().filter_map(|item| match item {
        Item::Protocol(protocol) => Some((&protocol.node.name, protocol.base)),
        Item::Alias(alias) => Some((&alias.node.name, alias.base)),
        _ => None,
    });
    names
        .filter(|(name, _)| name.text.starts_with("__"))
        .map(|(name, base)| messages::reserved_name(&name.text, name.span).shift(base))
        .collect()
}

/// Checks the members of a class against its ancestry and its kind.
pub fn check_class(class: &ClassDef, shape: &ClassShape, origin: &Origin<'_>) -> Vec<Diagnostic> {
    let mut found = delegation::check_class(class, shape);
    found.extend(lints::data_class(class, shape));
    found.extend(policy::check_class(class, shape, origin));
    for (base, method) in methods(class) {
        let of_method = check_method(method, shape, origin);
        found.extend(
            of_method
                .into_iter()
                .map(|diagnostic| diagnostic.shift(base)),
        );
    }
    found
}

/// Checks a method against the ancestry and the kind of its class.
pub fn check_method(method: &Method, shape: &ClassShape, origin: &Origin<'_>) -> Vec<Diagnostic> {
    let mut found = delegation::check(method, shape);
    found.extend(results::check(method, shape));
    found.extend(overriding::check(method, shape, origin));
    found.extend(policy::check(method, shape));
    found.extend(conformance::check(method, shape, origin));
    found
}

/// The methods of a class body, each with the offset of its chunk.
pub fn methods(class: &ClassDef) -> impl Iterator<Item = (u32, &Method)> {
    class
        .members
        .iter()
        .filter_map(|member| match &*member.node {
            Member::Method(method) => Some((member.base, method)),
            _ => None,
        })
}
