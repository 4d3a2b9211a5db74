//! What a package shows to others: unknown packages, and E0401 to E0403 of the language reference.

use beamtalk_ast::{ClassName, File, Item, Message, ModifierKind, Name, Signature, TypeAnn};
use beamtalk_source::Diagnostic;
use rustc_hash::FxHashSet;

use crate::environment::LIBRARY;
use crate::structure::{methods, names_of};
use crate::{Dependency, Interface, Origin, messages};

/// A class named where its package does not show it, or in a package that nobody knows.
pub fn class_reference(name: &ClassName, origin: &Origin<'_>) -> Option<Diagnostic> {
    match &name.package {
        Some(package) if !is_visible(&package.text, origin) => {
            return Some(messages::unknown_package(package));
        }
        None if let Some(packages) = exporters(&name.name.text, origin) => {
            return Some(messages::ambiguous_class(&name.name, &packages));
        }
        _ => {}
    }
    let class = origin.environment.named(name)?;
    let hidden = class.is_internal && is_foreign(class, origin);
    hidden.then(|| messages::internal_class(&class.name, class.package.as_deref(), name.span))
}

/// A type named where its package does not show it.
pub fn type_reference(name: &Name, origin: &Origin<'_>) -> Option<Diagnostic> {
    let package = internal_to(&name.text, origin)?.as_deref();
    let is_foreign = package.is_some() && package != origin.package_name();
    is_foreign.then(|| messages::internal_class(&name.text, package, name.span))
}

/// The package of an internal type, if it is one; what stands in no package may be internal, too.
fn internal_to<'a>(name: &str, origin: &Origin<'a>) -> Option<&'a Option<String>> {
    let environment = origin.environment;
    let alias = environment.alias(name);
    let class = environment.class(name);
    let (is_internal, package) = alias
        .map(|alias| (alias.is_internal, &alias.package))
        .or_else(|| class.map(|class| (class.is_internal, &class.package)))?;
    is_internal.then_some(package)
}

/// Whether a package may be named: the own one, the library, a dependency; where nobody has said what the dependencies
/// are, any that has a class.
fn is_visible(package: &str, origin: &Origin<'_>) -> bool {
    if package == LIBRARY || origin.package_name() == Some(package) {
        return true;
    }
    match dependencies(origin) {
        Some(dependencies) => dependencies.iter().any(|known| known.name == package),
        None => origin.environment.has_package(package),
    }
}

fn dependencies<'a>(origin: &Origin<'a>) -> Option<&'a [Dependency]> {
    origin.package?.dependencies.as_deref()
}

/// The packages that show a class of that name, where there are several and the own package has none.
fn exporters<'a>(name: &str, origin: &Origin<'a>) -> Option<Vec<&'a str>> {
    let own = origin.package_name()?;
    let has = |package: &str| origin.environment.in_package(package, name).is_some();
    let exports = |dependency: &&Dependency| dependency.classes.iter().any(|class| class == name);
    let mut packages: Vec<&str> = dependencies(origin)?
        .iter()
        .filter(exports)
        .map(|dependency| dependency.name.as_str())
        .collect();
    if has(LIBRARY) {
        packages.push(LIBRARY);
    }
    (packages.len() > 1 && !has(own)).then_some(packages)
}

/// Whether the class belongs to another package. A text without a package is outside of all of them.
fn is_foreign(class: &Interface, origin: &Origin<'_>) -> bool {
    class.package.is_some() && class.package.as_deref() != origin.package_name()
}

/// Internal classes and aliases of this package in what others can see: signatures and public aliases.
pub fn leaks(file: &File, origin: &Origin<'_>) -> Vec<Diagnostic> {
    let own: FxHashSet<&str> = file.items.iter().filter_map(internal_name).collect();
    let is_internal = |name: &&Name| {
        own.contains(name.text.as_str())
            || internal_to(&name.text, origin)
                .is_some_and(|package| package.as_deref() == origin.package_name())
    };
    let mut found = Vec::new();
    for item in file
        .items
        .iter()
        .filter(|item| internal_name(item).is_none())
    {
        match item {
            Item::Alias(alias) => {
                let names = names_of(&alias.node.definition)
                    .into_iter()
                    .filter(is_internal);
                let public = &alias.node.name.text;
                found.extend(
                    names.map(|name| messages::internal_type_leak(name, public).shift(alias.base)),
                );
            }
            Item::Class(class) => {
                let public =
                    methods(class).filter(|(_, method)| !method.has(ModifierKind::Internal));
                for (base, method) in public {
                    found.extend(leaks_of(&method.signature, base, is_internal));
                }
            }
            Item::Method(method)
                if !method.node.method.has(ModifierKind::Internal)
                    && !is_internal(&&method.node.class.name) =>
            {
                found.extend(leaks_of(
                    &method.node.method.signature,
                    method.base,
                    is_internal,
                ));
            }
            Item::Protocol(protocol) => {
                for required in &protocol.node.signatures {
                    found.extend(leaks_of(&required.signature, protocol.base, is_internal));
                }
            }
            _ => {}
        }
    }
    found
}

fn leaks_of(
    signature: &Signature,
    base: u32,
    is_internal: impl Fn(&&Name) -> bool,
) -> Vec<Diagnostic> {
    let public = &signature.selector.text;
    types_of(signature)
        .flat_map(names_of)
        .filter(is_internal)
        .map(|name| messages::internal_type_leak(name, public).shift(base))
        .collect()
}

/// The name of a declaration that is internal.
fn internal_name(item: &Item) -> Option<&str> {
    match item {
        Item::Alias(alias) => alias.node.internal.then_some(&alias.node.name.text),
        Item::Class(class) => {
            let header = &class.header.node;
            let is_internal = header
                .modifiers
                .iter()
                .any(|modifier| modifier.kind == ModifierKind::Internal);
            is_internal.then_some(&header.name.text)
        }
        _ => None,
    }
}

fn types_of(signature: &Signature) -> impl Iterator<Item = &TypeAnn> {
    signature
        .params
        .iter()
        .filter_map(|param| param.annotation.as_ref())
        .chain(&signature.result)
}

/// An internal method of another package, sent to a class or to an instance of it.
pub fn send(
    class: &str,
    class_side: bool,
    message: &Message,
    origin: &Origin<'_>,
) -> Option<Diagnostic> {
    let selector = message.selector();
    let lineage = origin.environment.lineage(class);
    let owner = lineage
        .into_iter()
        .find(|ancestor| ancestor.method(&selector, class_side).is_some())?;
    let hidden = owner.method(&selector, class_side)?.is_internal && is_foreign(owner, origin);
    hidden.then(|| messages::internal_method(&selector, &owner.name, message.selector_span()))
}
