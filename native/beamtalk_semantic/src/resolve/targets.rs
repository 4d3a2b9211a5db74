//! The left sides of assignments.

use beamtalk_ast::{Expr, ExprKind, Name, Statement, Target, TargetKind};

use super::Resolver;
use crate::control::literal_block;
use crate::visit::{self, Node, Role};
use crate::{Kind, messages, processes, setter_selector};

/// Whether a field of `self` is assigned somewhere in the statements.
pub(super) fn assigns_field(body: &[Statement]) -> bool {
    let mut found = false;
    visit::body(body, Role::Method, &mut |node| {
        if let Node::Expr(expr) = node
            && let ExprKind::Assign(target, _) = &expr.kind
            && let TargetKind::Field(object, _) = &target.kind
        {
            found |= matches!(object.kind, ExprKind::SelfRef);
        }
    });
    found
}

impl Resolver<'_> {
    pub(super) fn assignment(&mut self, target: &Target, value: &Expr) {
        match &target.kind {
            TargetKind::Variable(name, annotation) => {
                let recursive = literal_block(value).is_some() && self.lookup(&name.text).is_none();
                if recursive {
                    // The block may refer to the variable it is assigned to.
                    self.assign(name, true);
                    self.expr(value);
                } else {
                    self.expr(value);
                    let spawned = processes::spawns(value, self.surroundings.environment());
                    self.assign_as(name, false, spawned);
                    self.has_type(name, annotation.as_ref());
                }
            }
            TargetKind::Field(object, field) => {
                self.expr(value);
                self.field_target(object, field);
            }
            _ => {
                self.expr(value);
                self.target(target);
            }
        }
    }

    fn target(&mut self, target: &Target) {
        match &target.kind {
            TargetKind::Variable(name, _) => self.assign(name, false),
            TargetKind::Field(object, field) => self.field_target(object, field),
            TargetKind::Tuple(patterns) => {
                for pattern in patterns {
                    self.pattern(pattern, None, &mut |r, name, _| r.assign(name, false));
                }
            }
            TargetKind::Array(targets, rest) | TargetKind::List(targets, rest) => {
                for target in targets {
                    self.target(target);
                }
                if let Some(rest) = rest {
                    self.assign(&rest.name, false);
                }
            }
            TargetKind::Map(pairs) => {
                for (_, target) in pairs {
                    self.target(target);
                }
            }
            TargetKind::Literal(expr) => self.expr(expr),
        }
    }

    fn field_target(&mut self, object: &Expr, field: &Name) {
        if !matches!(object.kind, ExprKind::SelfRef) {
            self.expr(object);
            return self.report(messages::foreign_field_assigned(object, field));
        }
        if self.receiver_parameter(object.span) {
            return;
        }
        self.receiver("self", object.span);
        let Some(class) = self.surroundings.class else {
            return;
        };
        let place = field.span.shift(self.base);
        for effects in &mut self.effects {
            effects.field.get_or_insert(place);
        }
        match class.kind {
            _ if self.surroundings.class_side => {}
            _ if class.is_test => self.assign(
                &Name {
                    span: object.span,
                    text: "self".into(),
                },
                false,
            ),
            Kind::Actor => {}
            Kind::Value => self.report(messages::immutable_field(
                field,
                &setter_selector(&field.text),
            )),
            Kind::Object if !class.is_rooted => {}
            Kind::Object => self.report(messages::field_without_data(field)),
        }
    }
}
