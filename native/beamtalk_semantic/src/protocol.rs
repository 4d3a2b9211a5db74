//! Protocols: what a declaration says, and whether a class conforms.

use std::sync::Arc;

use beamtalk_ast::{Name, Placed, Protocol};
use beamtalk_source::{Diagnostic, Span};
use rustc_hash::FxHashMap;

use crate::{
    Environment, Interface, Kind, Origin, ProtocolInterface, Requirement, messages, setter_selector,
};

/// The class above all protocols.
const PROTOCOL: &str = "Protocol";

/// What other classes may know of a protocol, and what is wrong with its declaration.
pub fn read_protocol(
    protocol: &Placed<Protocol>,
    module: String,
    origin: &Origin<'_>,
) -> (Interface, Vec<Diagnostic>) {
    let node = &*protocol.node;
    let mut found = Vec::new();
    found.extend(name_clash(&node.name, origin));
    found.extend(extended(node, origin));
    found.extend(signatures(node));
    let found = found
        .into_iter()
        .map(|diagnostic| diagnostic.shift(protocol.base))
        .collect();
    let required = node.signatures.iter().map(|required| Requirement {
        selector: required.signature.selector.text.clone(),
        class_side: required.class_side,
    });
    let interface = Interface {
        name: node.name.text.clone(),
        module,
        superclass: Some(PROTOCOL.into()),
        kind: Kind::Object,
        is_abstract: true,
        is_sealed: true,
        is_internal: false,
        package: origin.package_name().map(Into::into),
        is_library: origin.library,
        native: None,
        fields: Vec::new(),
        class_vars: Vec::new(),
        methods: Vec::new(),
        protocol: Some(ProtocolInterface {
            extends: node.extends.as_ref().map(|name| name.text.clone()),
            required: required.collect(),
        }),
    };
    (interface, found)
}

/// A protocol of the library can be redefined with a warning, as its classes can; a class cannot become a protocol.
fn name_clash(name: &Name, origin: &Origin<'_>) -> Option<Diagnostic> {
    if name.text == "Self" {
        return Some(messages::class_named_self(name));
    }
    let known = origin.environment.class(&name.text)?;
    if known.protocol.is_none() {
        return Some(messages::name_taken("class", name));
    }
    let of_library = origin.environment.is_of_library(&name.text);
    (of_library && !origin.library).then(|| messages::library_class(name))
}

/// The protocol it extends: there, a protocol, and not above itself.
fn extended(protocol: &Protocol, origin: &Origin<'_>) -> Option<Diagnostic> {
    let name = protocol.extends.as_ref()?;
    let environment = origin.environment;
    if name.text == protocol.name.text {
        return Some(messages::protocol_cycle(name));
    }
    match environment.class(&name.text) {
        None => Some(messages::unknown_protocol(
            name,
            messages::similar(&name.text, environment.protocols()),
        )),
        Some(known) if known.protocol.is_none() => Some(messages::extends_class(name)),
        Some(_) => {
            let line = environment.protocol(&name.text);
            let cyclic = line
                .iter()
                .any(|(_, above)| above.extends.as_ref() == Some(&protocol.name.text));
            cyclic.then(|| messages::protocol_cycle(name))
        }
    }
}

/// Requirements that come twice, and reserved names.
fn signatures(protocol: &Protocol) -> Vec<Diagnostic> {
    let mut seen: FxHashMap<(&str, bool), Span> = FxHashMap::default();
    let mut found = Vec::new();
    for required in &protocol.signatures {
        let selector = &required.signature.selector;
        if selector.text.split(':').any(|part| part.starts_with("__")) {
            found.push(messages::reserved_name(&selector.text, selector.span));
        }
        if let Some(first) = seen.insert((&selector.text, required.class_side), selector.span) {
            let what = if required.class_side {
                "requirement class"
            } else {
                "requirement"
            };
            found.push(messages::duplicate_member(
                what,
                &selector.text,
                selector.span,
                first,
            ));
        }
    }
    found
}

/// What a protocol requires, the protocols it extends included.
fn requirements<'e>(environment: &'e Environment, protocol: &str) -> Vec<&'e Requirement> {
    environment
        .protocol(protocol)
        .into_iter()
        .flat_map(|(_, own)| &own.required)
        .collect()
}

/// The protocols that require this method of a class, and all of whose other requirements the class meets too.
pub fn satisfied_with<'e>(
    environment: &'e Environment,
    class: &str,
    selector: &str,
    class_side: bool,
) -> Vec<&'e str> {
    let lineage = environment.lineage(class);
    let metaclass = environment.lineage("Class");
    let understood = |required: &Requirement| {
        let Requirement {
            selector,
            class_side,
        } = required;
        understands(environment, &lineage, selector, *class_side)
            || *class_side && understands(environment, &metaclass, selector, false)
    };
    let mut protocols: Vec<&str> = environment
        .protocols()
        .filter(|protocol| {
            let required = requirements(environment, protocol);
            required
                .iter()
                .any(|one| one.selector == selector && one.class_side == class_side)
                && required.into_iter().all(understood)
        })
        .collect();
    protocols.sort_unstable();
    protocols
}

/// Whether a class of the line has that method, written or generated.
fn understands(
    environment: &Environment,
    lineage: &[&Arc<Interface>],
    selector: &str,
    class_side: bool,
) -> bool {
    let is_accessor = |class: &&Arc<Interface>| {
        class.kind == Kind::Value
            && class
                .fields
                .iter()
                .any(|field| field.name == selector || setter_selector(&field.name) == selector)
    };
    lineage.iter().any(|class| {
        environment.defines(class, selector, class_side) || !class_side && is_accessor(class)
    })
}
