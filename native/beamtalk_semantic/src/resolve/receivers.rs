//! The class of a receiver, where the text itself says it: literals, classes, `self`, instances made on the spot, and
//! what has a type.

use beamtalk_ast::{Expr, ExprKind, Link, Message, TypeAnn, TypeKind};

use super::Resolver;
use crate::{Kind, visibility};

/// A class, and whether the receiver is the class itself.
type Known = (String, bool);

/// The class that a type names.
pub(super) fn class_of_type(ty: &TypeAnn) -> Option<&str> {
    match &ty.kind {
        TypeKind::Name(name) | TypeKind::Generic(name, _) => Some(&name.text),
        TypeKind::Paren(inner) => class_of_type(inner),
        _ => None,
    }
}

impl Resolver<'_> {
    /// Internal methods of other packages among the first messages of a chain: of later receivers nothing is known.
    pub(super) fn internal_sends(&mut self, head: &Expr, links: &[Link]) {
        let Some((first, rest)) = links.split_first() else {
            return;
        };
        let receiver = self.known_class(head);
        let made = receiver
            .as_ref()
            .and_then(|known| self.made_by(known, &first.message));
        self.internal_send(receiver.as_ref(), &first.message);
        if let Some(second) = rest.first() {
            self.internal_send(made.as_ref(), &second.message);
        }
    }

    pub(super) fn internal_send(&mut self, receiver: Option<&Known>, message: &Message) {
        let Some((class, class_side)) = receiver else {
            return;
        };
        let origin = self.surroundings.origin;
        if let Some(diagnostic) = visibility::send(class, *class_side, message, origin) {
            self.report(diagnostic);
        }
    }

    pub(super) fn known_class(&self, expr: &Expr) -> Option<Known> {
        let own = self.surroundings.class;
        let class = match &expr.kind {
            ExprKind::ClassRef(name) => {
                let class = self.surroundings.environment().named(name)?;
                return Some((class.name.clone(), true));
            }
            ExprKind::SelfRef => return Some((own?.name.clone(), self.surroundings.class_side)),
            ExprKind::Super => {
                let (superclass, _) = own?.superclass.as_ref()?;
                return Some((superclass.clone(), self.surroundings.class_side));
            }
            ExprKind::Paren(inner) => return self.known_class(inner),
            ExprKind::Chain(head, links) => {
                let [only] = links.as_slice() else {
                    return None;
                };
                return self.made_by(&self.known_class(head)?, &only.message);
            }
            ExprKind::Variable(name) => {
                let id = self.lookup(name)?;
                return Some((self.facts.get(id.0 as usize)?.class.clone()?, false));
            }
            ExprKind::FieldAccess(object, name)
                if matches!(object.kind, ExprKind::SelfRef) && !self.surroundings.class_side =>
            {
                let field = own?.all_fields().find(|field| field.name == name.text)?;
                return Some((field.annotation.clone()?, false));
            }
            ExprKind::Integer(_) => "Integer",
            ExprKind::Float(_) => "Float",
            ExprKind::String(_) | ExprKind::Interpolation(_) => "String",
            ExprKind::Symbol(_) => "Symbol",
            ExprKind::Nil => "UndefinedObject",
            ExprKind::True => "True",
            ExprKind::False => "False",
            ExprKind::List(..) => "List",
            ExprKind::Array(_) => "Array",
            ExprKind::Map(_) => "Dictionary",
            ExprKind::Block(_) => "Block",
            _ => return None,
        };
        Some((class.into(), false))
    }

    /// What a message to a class makes: an instance, unless the class has a method of its own for it.
    fn made_by(&self, (class, class_side): &Known, message: &Message) -> Option<Known> {
        let environment = self.surroundings.environment();
        let interface = environment.class(class).filter(|_| *class_side)?;
        let selector = message.selector();
        let makes = match interface.kind {
            Kind::Value => matches!(selector.as_str(), "new" | "new:"),
            Kind::Actor => matches!(selector.as_str(), "spawn" | "spawnWith:"),
            Kind::Object => false,
        };
        let is_own = environment
            .lineage(class)
            .iter()
            .any(|ancestor| !ancestor.is_library && ancestor.method(&selector, true).is_some());
        (makes && !is_own).then(|| (class.clone(), false))
    }
}
