//! Methods that a file adds to classes of other files (language reference 4.15).

use std::sync::Arc;

use beamtalk_ast::{
    ClassName, ExprKind, File, Item, Method, Modifier, ModifierKind, Placed, StandaloneMethod,
};
use beamtalk_source::{Diagnostic, Span};
use rustc_hash::FxHashMap;

use crate::analyze::analyze_method;
use crate::class::{check_declaration, method_interface};
use crate::environment::ExtensionInterface;
use crate::visit::{self, Node, Role};
use crate::{ClassShape, Environment, Origin, Resolution, messages, structure, visibility};

/// A method for a class of another file, with its names resolved.
#[derive(Debug)]
pub struct ExtensionAnalysis {
    /// The class that gets the method.
    pub shape: ClassShape,
    /// The method; on the class side it has the modifier.
    pub method: Placed<Method>,
    /// Its names.
    pub resolution: Resolution,
}

impl ExtensionAnalysis {
    /// What other files may know of it.
    pub fn interface(
        &self,
        package: Option<&str>,
        environment: &Environment,
    ) -> ExtensionInterface {
        ExtensionInterface {
            class: self.shape.name.clone(),
            package: package.map(Into::into),
            method: method_interface(&self.method.node, environment),
        }
    }
}

/// A standalone method as a method of its class: the side is a modifier.
pub fn as_method(standalone: &StandaloneMethod) -> Method {
    let mut method = standalone.method.clone();
    if standalone.class_side {
        method.modifiers.push(Modifier {
            span: method.signature.span,
            kind: ModifierKind::Class,
        });
    }
    method
}

/// Whether a standalone method is for the class of its own file.
pub fn extends_own(name: &ClassName, own: Option<&str>) -> bool {
    name.package.is_none() && own == Some(&name.name.text)
}

/// Analyses the methods that a file, whose class is `own`, adds to other classes.
pub fn analyze_extensions(
    file: &File,
    own: Option<&str>,
    origin: &Origin<'_>,
) -> (Vec<ExtensionAnalysis>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let mut seen: FxHashMap<(&str, bool, &str), Span> = FxHashMap::default();
    let mut extensions = Vec::new();
    for item in &file.items {
        let Item::Method(Placed { base, node }) = item else {
            continue;
        };
        if extends_own(&node.class, own) {
            continue;
        }
        let selector = &node.method.signature.selector;
        let key = (
            node.class.name.text.as_str(),
            node.class_side,
            selector.text.as_str(),
        );
        let span = selector.span.shift(*base);
        if let Some(first) = seen.insert(key, span) {
            let what = format!("{} >>", node.class.name.text);
            found.push(messages::duplicate_member(
                &what,
                &selector.text,
                span,
                first,
            ));
        }
        extensions.extend(analyze(node, *base, origin, &mut found));
    }
    (extensions, found)
}

fn analyze(
    standalone: &StandaloneMethod,
    base: u32,
    origin: &Origin<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<ExtensionAnalysis> {
    let name = &standalone.class;
    let Some(shape) = ClassShape::known(&name.name.text, origin.environment) else {
        let candidate = messages::similar(&name.name.text, origin.environment.names());
        let diagnostic = visibility::class_reference(name, origin)
            .unwrap_or_else(|| messages::unknown_extended_class(name, candidate));
        found.push(diagnostic.shift(base));
        return None;
    };
    let method = as_method(standalone);
    let mut own = check_declaration(&method);
    own.extend(visibility::class_reference(name, origin));
    own.extend(structure::check_method(&method, &shape, origin));
    let selector = &method.signature.selector;
    if shape.answers(&selector.text, standalone.class_side) {
        own.push(messages::ineffective_extension(
            &selector.text,
            &shape.name,
            selector.span,
        ));
    }
    own.extend(conflict(&method, &shape, origin));
    if is_protocol(&shape, origin) && !standalone.class_side {
        own.push(messages::extended_protocol(
            &selector.text,
            &shape.name,
            selector.span,
        ));
    }
    // Elsewhere the resolver refuses them.
    if origin.library {
        own.extend(primitive(&method).map(messages::primitive_extension));
    }
    found.extend(own.into_iter().map(|diagnostic| diagnostic.shift(base)));
    let resolution = analyze_method(&method, base, &shape, origin, found);
    Some(ExtensionAnalysis {
        shape,
        method: Placed {
            base,
            node: Arc::new(method),
        },
        resolution,
    })
}

/// The same method, added to the same class by another package.
fn conflict(method: &Method, shape: &ClassShape, origin: &Origin<'_>) -> Option<Diagnostic> {
    let own = origin.package_name()?;
    let selector = &method.signature.selector;
    let class_side = method.has(ModifierKind::Class);
    let other = origin
        .environment
        .extensions(&shape.name)
        .filter(|(_, known)| {
            known.method.selector == selector.text && known.method.class_side == class_side
        })
        .find_map(|(_, known)| known.package.as_deref().filter(|package| *package != own))?;
    Some(messages::extension_conflict(
        &selector.text,
        &shape.name,
        other,
        selector.span,
    ))
}

fn is_protocol(shape: &ClassShape, origin: &Origin<'_>) -> bool {
    origin
        .environment
        .class(&shape.name)
        .is_some_and(|class| class.protocol.is_some())
}

fn primitive(method: &Method) -> Option<Span> {
    let mut place = None;
    visit::body(&method.body, Role::Method, &mut |node| {
        if let Node::Expr(expr) = node
            && matches!(expr.kind, ExprKind::Primitive(_) | ExprKind::Intrinsic(_))
        {
            place.get_or_insert(expr.span);
        }
    });
    place
}
