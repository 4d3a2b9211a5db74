use beamtalk_ast::{ClassName, Expr as Ast, ExprKind, Name, Segment};
use beamtalk_core_erlang::{Clause, Expr, Line, Lit, Pat, Var};
use beamtalk_semantic::{Kind, snake_case};
use beamtalk_source::Span;

use super::{Exited, Lower, Lowered, nil, runtime_call};
use crate::{literal, runtime};

impl<'a> Lower<'a, '_> {
    pub(super) fn expr(&mut self, expr: &'a Ast) -> Lowered {
        self.count(1)?;
        if let Some(lit) = literal::simple(expr, self.base, self.names) {
            return Ok(Expr::Lit(lit));
        }
        match &expr.kind {
            ExprKind::Variable(_) => self.read_variable(expr.span),
            ExprKind::SelfRef | ExprKind::Super => self.own_receiver(expr.span),
            ExprKind::ClassRef(name) => self.class_ref(name),
            ExprKind::FieldAccess(object, field) => self.field(object, field),
            ExprKind::Chain(head, links) => self.chain(head, links),
            ExprKind::Cascade(receiver, links) => self.cascade(receiver, links),
            ExprKind::Assign(target, value) => self.assign(target, value),
            ExprKind::Return(value) => self.return_expr(value, expr.span),
            ExprKind::Block(block) => self.closure(block, expr.span),
            ExprKind::Paren(inner) => self.expr(inner),
            ExprKind::Interpolation(segments) => self.interpolation(segments, expr.span),
            ExprKind::List(elements, tail) => self.list(elements, tail.as_deref()),
            ExprKind::Array(elements) => {
                let elements = self.operands(elements)?;
                self.call(
                    self.line(expr.span),
                    runtime::ARRAY,
                    vec![Expr::list(elements)],
                )
            }
            ExprKind::Map(pairs) => self.map(pairs),
            ExprKind::Match {
                scrutinee, arms, ..
            } => self.match_expr(scrutinee, arms, expr.span),
            ExprKind::Primitive(name) => self.primitive(name.as_deref(), expr.span),
            // Literals are done; errors have their diagnostic.
            _ => Ok(nil()),
        }
    }

    /// Operands in order of evaluation. A cell is read when its turn comes, so a later assignment does not change it.
    pub(super) fn operands(&mut self, exprs: &'a [Ast]) -> Result<Vec<Expr>, Exited> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    pub(super) fn class_ref(&mut self, name: &ClassName) -> Lowered {
        if let Some(class) = self.global(name) {
            let args = vec![
                Expr::atom("current"),
                Expr::Lit(Lit::List(Vec::new())),
                class_object(&class),
            ];
            return Ok(self.bind(Expr::call(
                self.line(name.span),
                &class,
                "$class_send",
                args,
            )));
        }
        if let Some(module) = self.class_module(name) {
            // The gateway is an object whose every message selects a module, so it is no class object.
            return Ok(if name.name.text == "Erlang" {
                gateway(&module)
            } else {
                class_object(&module)
            });
        }
        let atom = self.names.atom(&name.name.text, name.span.shift(self.base));
        self.call(
            self.line(name.span),
            runtime::LATE_CLASS,
            vec![Expr::atom(atom)],
        )
    }

    /// The module of a singleton's class.
    pub(super) fn global(&self, name: &ClassName) -> Option<String> {
        let own = self.class.is_some_and(|class| class.name == name.name.text);
        let global = self.context.environment.global(&name.name.text);
        global.filter(|_| !own).map(|class| class.module.clone())
    }

    /// The module of a class of the library that is known now.
    pub(super) fn library_module(&self, name: &str) -> Option<String> {
        let known = self.context.environment.class(name)?;
        Some(known.module.clone())
    }

    /// The module of a class that is known now.
    pub(super) fn class_module(&self, name: &ClassName) -> Option<String> {
        match self.class {
            Some(class) if name.package.is_none() && class.name == name.name.text => {
                Some(class.module.clone())
            }
            _ => self
                .context
                .environment
                .named(name)
                .map(|class| class.module.clone()),
        }
    }

    /// `self` where it is mentioned: in some methods of tests it is a variable.
    pub(super) fn own_receiver(&mut self, span: Span) -> Lowered {
        match self.var_at(span) {
            Some(_) => self.read_variable(span),
            None => Ok(self.receiver.clone()),
        }
    }

    /// Whether `self` is the parameter of a block there.
    pub(super) fn is_receiver_parameter(&self, span: Span) -> bool {
        let var = self.var_at(span);
        var.is_some() && var != self.resolution.receiver
    }

    fn field(&mut self, object: &'a Ast, field: &Name) -> Lowered {
        let line = self.line(field.span);
        let name = self.names.atom(&field.text, field.span.shift(self.base));
        if !matches!(object.kind, ExprKind::SelfRef) {
            // Has its diagnostic; where that is expected, the object decides.
            let object = self.expr(object)?;
            let args = Expr::list(vec![Expr::atom(name)]);
            return self.call(
                line,
                runtime::SEND,
                vec![object, Expr::atom("fieldAt:"), args],
            );
        }
        let key = Expr::atom(name.clone());
        let receiver = self.own_receiver(object.span)?;
        if self.is_receiver_parameter(object.span) {
            return self.call(line, runtime::GET_FIELD, vec![receiver, key]);
        }
        if self.class_side {
            return self.call(line, runtime::GET_CLASS_VAR, vec![receiver, key]);
        }
        match self.class.map(|class| class.kind) {
            Some(Kind::Actor) => self.call(line, runtime::GET_SLOT, vec![receiver, key]),
            Some(Kind::Value) => {
                self.count(6)?;
                let read = read_field(&name, receiver, self.fresh(), self.fresh(), line);
                Ok(self.bind(read))
            }
            _ => self.call(line, runtime::GET_FIELD, vec![receiver, key]),
        }
    }

    fn return_expr(&mut self, value: &'a Ast, span: Span) -> Lowered {
        let value = self.expr(value)?;
        let answer = self.answer(value);
        if self.depth == 0 {
            return Err(Exited(answer));
        }
        let token = self.frame.clone().unwrap_or_else(nil);
        Err(Exited(runtime_call(
            self.line(span),
            runtime::RETURN,
            vec![token, answer],
        )))
    }

    fn interpolation(&mut self, segments: &'a [Segment], span: Span) -> Lowered {
        let mut parts = Vec::with_capacity(segments.len());
        for segment in segments {
            parts.push(match segment {
                Segment::Text(text) => Expr::Lit(Lit::text(text.clone())),
                Segment::Expr(expr) => Expr::Tuple(vec![Expr::atom("value"), self.expr(expr)?]),
            });
        }
        self.call(
            self.line(span),
            runtime::INTERPOLATE,
            vec![Expr::list(parts)],
        )
    }

    fn list(&mut self, elements: &'a [Ast], tail: Option<&'a Ast>) -> Lowered {
        let elements = self.operands(elements)?;
        let Some(tail) = tail else {
            return Ok(self.operand(Expr::list(elements)));
        };
        let tail = self.expr(tail)?;
        let list = elements.into_iter().rev().fold(tail, |tail, head| {
            Expr::Cons(Box::new(head), Box::new(tail))
        });
        Ok(self.bind(list))
    }

    fn map(&mut self, pairs: &'a [(Ast, Ast)]) -> Lowered {
        let mut operands = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            operands.push((self.expr(key)?, self.expr(value)?));
        }
        Ok(self.bind(Expr::Map(operands)))
    }

    /// Constants are operands as they are.
    fn operand(&mut self, expr: Expr) -> Expr {
        if matches!(expr, Expr::Lit(_)) {
            expr
        } else {
            self.bind(expr)
        }
    }

    /// `@primitive`: the function of that name in the Erlang module behind the class, called with the receiver and the
    /// parameters.
    fn primitive(&mut self, name: Option<&str>, span: Span) -> Lowered {
        let Some(class) = self.class else {
            return Ok(nil());
        };
        let module = format!("beamtalk_{}", snake_case(&class.name));
        let selector = self.selector.clone();
        let function = self
            .names
            .atom(name.unwrap_or(&selector), span.shift(self.base));
        let mut args = vec![self.receiver.clone()];
        args.extend(self.params.iter().cloned());
        self.count(2 + args.len() as u32)?;
        let call = Expr::call(self.line(span), &module, &function, args);
        Ok(self.bind(call))
    }
}

fn gateway(module: &str) -> Expr {
    Expr::Lit(Lit::Map(vec![(
        Lit::atom("$beamtalk_class"),
        Lit::atom(module),
    )]))
}

pub(super) fn class_object(module: &str) -> Expr {
    Expr::Lit(Lit::Tuple(vec![Lit::atom("$bt_class"), Lit::atom(module)]))
}

/// The field of a Value. An instance may be older than the field: then the runtime knows its default.
pub fn read_field(name: &str, receiver: Expr, value: Var, older: Var, line: Line) -> Expr {
    let present = Pat::Map(vec![(Lit::atom(name), Pat::Var(value))]);
    let read = Clause::new(vec![present], Expr::Var(value));
    let args = vec![receiver.clone(), Expr::atom(name)];
    let default = runtime_call(line, runtime::GET_FIELD, args);
    let absent = Clause::new(vec![Pat::Var(older)], default);
    Expr::Case(Box::new(receiver), vec![read, absent])
}
