use beamtalk_ast::{ClassDef, ExprKind, Member, Method, TargetKind};
use beamtalk_source::Diagnostic;

use crate::{ClassShape, Kind, messages};

/// A class of kind Object with methods that only get and set.
pub fn data_class(class: &ClassDef, shape: &ClassShape) -> Option<Diagnostic> {
    let mut members = class.members.iter().map(|member| &*member.node);
    let only_data = shape.kind == Kind::Object
        && shape.is_rooted
        && !shape.methods.is_empty()
        && members.all(|member| match member {
            Member::Method(method) => is_accessor(method),
            Member::Field(_) => true,
            Member::Error(_) => false,
        });
    only_data.then(|| messages::data_class(&class.header.node.name).shift(class.header.base))
}

fn is_accessor(method: &Method) -> bool {
    let [statement] = method.body.as_slice() else {
        return false;
    };
    match &statement.expr.kind {
        ExprKind::FieldAccess(object, _) => matches!(object.kind, ExprKind::SelfRef),
        ExprKind::Assign(target, value) => {
            matches!(
                (&target.kind, &value.kind),
                (TargetKind::Field(..), ExprKind::Variable(_))
            )
        }
        _ => false,
    }
}
