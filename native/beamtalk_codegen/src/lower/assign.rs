use beamtalk_ast::{Expr as Ast, ExprKind, Name, Target, TargetKind};
use beamtalk_core_erlang::{Expr, FunName, Line};
use beamtalk_semantic::{Kind, LiteralBlock, Storage, VarId, literal_block};

use super::branch::letrec;
use super::{Exited, Lower, Lowered, nil};
use crate::runtime;

impl<'a> Lower<'a, '_> {
    pub(super) fn assign(&mut self, target: &'a Target, value: &'a Ast) -> Lowered {
        match &target.kind {
            TargetKind::Variable(name, _) if name.text == "_" => self.expr(value),
            TargetKind::Variable(name, _) => self.assign_variable(name, value),
            TargetKind::Field(object, field) => {
                let value = self.expr(value)?;
                self.assign_field(object, field, value)
            }
            _ => {
                let value = self.expr(value)?;
                let value = self.small(value);
                self.destructure(target, &value)?;
                Ok(value)
            }
        }
    }

    fn assign_variable(&mut self, name: &Name, value: &'a Ast) -> Lowered {
        let Some(id) = self.var_at(name.span) else {
            return self.expr(value);
        };
        let is_first = self.value(id).is_none();
        match (self.storage(id), literal_block(value)) {
            (Storage::Recursive, Some(literal)) => return self.recursive(id, literal),
            (Storage::Cell, Some(_)) if is_first => {
                // The block may refer to the variable: its cell is there before the block.
                let cell = self.call(Line(0), runtime::NEW_CELL, vec![nil()])?;
                self.set_value(id, cell);
            }
            _ => {}
        }
        let value = self.expr(value)?;
        let value = self.small(value);
        self.write_variable(id, value.clone())?;
        Ok(value)
    }

    /// A block that refers to itself by a variable that never changes.
    fn recursive(&mut self, id: VarId, literal: LiteralBlock<'a>) -> Lowered {
        self.count(4)?;
        let name = FunName::new(self.label(), literal.block.params.len());
        self.set_value(id, Expr::Local(name.clone()));
        let (params, body) = self.closure_body(literal.block, literal.expr.span)?;
        let fun = self.bind(letrec(name.clone(), params, body, Expr::Local(name)));
        self.set_value(id, fun.clone());
        Ok(fun)
    }

    /// In a test `self` is a variable, and an assignment to a field makes another instance of it.
    fn rebind_receiver(&mut self, object: &Ast, key: Expr, value: Expr) -> Result<Expr, Exited> {
        let Some(id) = self.var_at(object.span) else {
            return Ok(value);
        };
        let value = self.small(value);
        let before = self.read_variable(object.span)?;
        self.count(4)?;
        let put = vec![key, value.clone(), before];
        let instance = self.bind(Expr::call(Line(0), "maps", "put", put));
        self.write_variable(id, instance)?;
        Ok(value)
    }

    /// Any other assignment of a field has its diagnostic; where that is expected, the object decides.
    fn assign_by_message(&mut self, object: Expr, field: &Name, value: Expr) -> Lowered {
        let value = self.small(value);
        let name = Expr::atom(self.names.atom(&field.text, field.span.shift(self.base)));
        let args = Expr::list(vec![name, value]);
        let message = vec![object, Expr::atom("fieldAt:put:"), args];
        self.call(self.line(field.span), runtime::SEND, message)
    }

    pub(super) fn assign_field(
        &mut self,
        object: &'a Ast,
        field: &Name,
        value: Expr,
    ) -> Result<Expr, Exited> {
        if !matches!(object.kind, ExprKind::SelfRef) {
            let object = self.expr(object)?;
            return self.assign_by_message(object, field, value);
        }
        let line = self.line(field.span);
        let key = Expr::atom(self.names.atom(&field.text, field.span.shift(self.base)));
        if self.is_receiver_parameter(object.span) {
            let value = self.small(value);
            let receiver = self.read_variable(object.span)?;
            self.call(line, runtime::PUT_FIELD, vec![receiver, key, value.clone()])?;
            return Ok(value);
        }
        let function = match self.class.map(|class| class.kind) {
            _ if self.class_side => {
                self.writes_class_vars = true;
                runtime::PUT_CLASS_VAR
            }
            Some(Kind::Actor) => runtime::PUT_SLOT,
            Some(Kind::Value) if self.resolution.receiver.is_some() => {
                return self.rebind_receiver(object, key, value);
            }
            _ => return self.assign_by_message(self.receiver.clone(), field, value),
        };
        let value = self.small(value);
        self.call(
            line,
            function,
            vec![self.receiver.clone(), key, value.clone()],
        )?;
        Ok(value)
    }
}
