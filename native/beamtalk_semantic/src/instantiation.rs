//! `new` and `spawn` of classes that are known to have no use for them.

use std::sync::Arc;

use beamtalk_ast::{Expr, ExprKind, Message};
use beamtalk_source::{Diagnostic, Span};

use crate::{Environment, Interface, Kind, messages};

/// Classes whose instances are written as literals or come from the system.
const PRIMITIVES: [&str; 9] = [
    "Integer",
    "String",
    "Float",
    "True",
    "False",
    "UndefinedObject",
    "Symbol",
    "Block",
    "CompiledMethod",
];

/// The classes whose `new` is the general one.
const GENERAL: [&str; 4] = ["Object", "ProtoObject", "Actor", "Value"];

/// A message to a class by its name that cannot make an instance.
pub fn check(head: &Expr, message: &Message, environment: &Environment) -> Option<Diagnostic> {
    let ExprKind::ClassRef(name) = &head.kind else {
        return None;
    };
    let selector = message.selector();
    let lineage = environment.lineage_of(name);
    let class = lineage.first()?;
    // Of a class with an unknown ancestor nothing is certain.
    lineage.last().filter(|root| root.superclass.is_none())?;
    let is_new = matches!(selector.as_str(), "new" | "new:");
    let is_spawn = matches!(selector.as_str(), "spawn" | "spawnWith:") && class.kind == Kind::Actor;
    let defined = defines(environment, &lineage, &selector, true)
        || matches!(class.name.as_str(), "Class" | "Metaclass")
            && defines(environment, &environment.lineage("Class"), &selector, false);
    // Messages to the gateway name Erlang modules.
    if defined || !(is_new || is_spawn) || class.name == "Erlang" {
        return None;
    }
    let span = head.span.to(message.selector_span());
    if is_new && class.kind == Kind::Actor {
        return Some(messages::actor_new(&class.name, span));
    }
    reason(class).map(|why| messages::not_instantiable(&class.name, why, span))
}

/// Whether a class of the line, below the general ones, has that method.
fn defines(
    environment: &Environment,
    lineage: &[&Arc<Interface>],
    selector: &str,
    class_side: bool,
) -> bool {
    lineage
        .iter()
        .take_while(|class| !GENERAL.contains(&class.name.as_str()))
        .any(|class| environment.defines(class, selector, class_side))
}

fn reason(class: &Interface) -> Option<&'static str> {
    if class.protocol.is_some() {
        Some("it is a protocol")
    } else if class.is_abstract {
        Some("it is abstract")
    } else if PRIMITIVES.contains(&class.name.as_str()) {
        Some("its instances are not made by `new`")
    } else if class.kind != Kind::Actor && class.native.is_some() {
        Some("it stands for an Erlang module")
    } else if class.kind == Kind::Object {
        Some("it is neither a Value nor an Actor")
    } else {
        None
    }
}

/// The receiver of a cast that is known to be a value: a literal, or an instance made on the spot.
pub fn value_receiver(expr: &Expr, environment: &Environment) -> Option<Span> {
    let ExprKind::Chain(head, links) = &expr.kind else {
        return None;
    };
    let receiver = unwrapped(head);
    match links.as_slice() {
        [_] if is_value(receiver, environment) => Some(head.span),
        [first, _] if makes_value(receiver, &first.message, environment) => {
            Some(head.span.to(first.span))
        }
        _ => None,
    }
}

fn unwrapped(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) => unwrapped(inner),
        _ => expr,
    }
}

fn is_value(expr: &Expr, environment: &Environment) -> bool {
    match &expr.kind {
        ExprKind::Integer(_)
        | ExprKind::Float(_)
        | ExprKind::String(_)
        | ExprKind::Interpolation(_)
        | ExprKind::Character(_)
        | ExprKind::Symbol(_)
        | ExprKind::Nil
        | ExprKind::True
        | ExprKind::False
        | ExprKind::List(..)
        | ExprKind::Array(_)
        | ExprKind::Map(_) => true,
        ExprKind::Chain(head, links) => match links.as_slice() {
            [only] => makes_value(unwrapped(head), &only.message, environment),
            _ => false,
        },
        _ => false,
    }
}

fn makes_value(head: &Expr, message: &Message, environment: &Environment) -> bool {
    let ExprKind::ClassRef(name) = &head.kind else {
        return false;
    };
    let is_value = environment
        .named(name)
        .is_some_and(|class| class.kind == Kind::Value);
    is_value && matches!(message.selector().as_str(), "new" | "new:")
}
