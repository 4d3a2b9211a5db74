use beamtalk_ast::{
    Block, ClassDef, ExprKind, Member, Method, ModifierKind, Placed, Statement, TargetKind,
};
use beamtalk_core_erlang::{Expr, Fun, FunName, Function, Line, Lit, Step, Var};
use beamtalk_semantic::{
    ClassAnalysis, ClassShape, ExtensionAnalysis, Resolution, Storage, VarId, VarKind,
};
use beamtalk_source::{Diagnostic, Span};

use super::{Exited, Home, Lower, Lowered, bif, close, nil, runtime_call};
use crate::names::{Names, method_function};
use crate::{Context, messages, runtime};

/// Parameters a function of the Erlang VM may have, less the receiver and what the runtime adds.
const MAX_PARAMS: usize = 250;

/// The functions of a class body: `'m selector'`, `'c selector'`, `'$defaults'` and `'$class_defaults'`.
pub fn members<'a>(
    context: &'a Context<'a>,
    class: &'a ClassDef,
    analysis: &'a ClassAnalysis,
    names: &mut Names,
    found: &mut Vec<Diagnostic>,
) -> Vec<Function> {
    let shape = &analysis.shape;
    let mut functions = Vec::new();
    for (member, resolution) in class.members.iter().zip(&analysis.members) {
        let (Member::Method(method), Some(resolution)) = (&*member.node, resolution) else {
            continue;
        };
        let unit = Unit {
            shape,
            base: member.base,
            method,
            resolution,
        };
        functions.extend(unit.function(context, names, found));
    }
    if shape.kind != beamtalk_semantic::Kind::Object {
        functions.push(defaults(context, class, analysis, false, names, found));
    }
    functions.push(defaults(context, class, analysis, true, names, found));
    functions
}

/// The functions of extension methods: `'m module selector'` and `'c module selector'`, where the module is that of the
/// class that gets the method.
pub fn extensions(
    context: &Context<'_>,
    extensions: &[ExtensionAnalysis],
    names: &mut Names,
    found: &mut Vec<Diagnostic>,
) -> Vec<Function> {
    let mut functions = Vec::with_capacity(extensions.len());
    for extension in extensions {
        let unit = Unit {
            shape: &extension.shape,
            base: extension.method.base,
            method: &extension.method.node,
            resolution: &extension.resolution,
        };
        let Some(mut function) = unit.function(context, names, found) else {
            continue;
        };
        let (side, selector) = function.name.name.split_once(' ').unwrap_or_default();
        let name = format!("{side} {} {selector}", extension.shape.module);
        let span = unit.method.signature.selector.span.shift(unit.base);
        function.name.name = names.atom(&name, span);
        functions.push(function);
    }
    functions
}

/// A method of a class, wherever it stands.
struct Unit<'a> {
    shape: &'a ClassShape,
    base: u32,
    method: &'a Method,
    resolution: &'a Resolution,
}

impl<'a> Unit<'a> {
    fn function(
        &self,
        context: &'a Context<'a>,
        names: &mut Names,
        found: &mut Vec<Diagnostic>,
    ) -> Option<Function> {
        let signature = &self.method.signature;
        let span = signature.span.shift(self.base);
        if signature.params.len() > MAX_PARAMS {
            found.push(messages::too_many_arguments(MAX_PARAMS, span));
            return None;
        }
        let class_side = self.method.has(ModifierKind::Class);
        let mut lower = Lower::new(
            context,
            Some(self.shape),
            class_side,
            self.resolution,
            names,
            found,
        );
        lower.base = self.base;
        lower.span = span;
        Some(lower.method(self.method))
    }
}

/// The function of top-level statements.
pub fn script<'a>(
    context: &'a Context<'a>,
    chunks: &'a [&'a Placed<Vec<Statement>>],
    resolution: &'a Resolution,
    names: &mut Names,
    found: &mut Vec<Diagnostic>,
) -> Function {
    let mut lower = Lower::new(context, None, false, resolution, names, found);
    let bindings = lower.fresh();
    lower.home = Home::Script { bindings };
    let body = lower.with_frame(|g| {
        g.session_variables(bindings)?;
        let mut value = nil();
        for chunk in chunks {
            g.base = chunk.base;
            value = g.statements(&chunk.node)?;
        }
        Ok(g.answer(value))
    });
    Function {
        name: FunName::new("eval", 1),
        fun: Fun {
            params: vec![bindings],
            body,
        },
    }
}

/// `'$defaults'/0`: the defaults of inherited fields from the superclass, those of own fields evaluated here.
fn defaults(
    context: &Context<'_>,
    class: &ClassDef,
    analysis: &ClassAnalysis,
    class_side: bool,
    names: &mut Names,
    found: &mut Vec<Diagnostic>,
) -> Function {
    let shape = &analysis.shape;
    let empty = Resolution::default();
    let mut pairs = Vec::new();
    let mut steps = Vec::new();
    let mut used = 0;
    for (member, resolution) in class.members.iter().zip(&analysis.members) {
        let Member::Field(field) = &*member.node else {
            continue;
        };
        if (field.kind == beamtalk_ast::FieldKind::ClassState) != class_side {
            continue;
        }
        let key = names.atom(&field.name.text, field.name.span.shift(member.base));
        let mut lower = Lower::new(
            context,
            Some(shape),
            true,
            resolution.as_ref().unwrap_or(&empty),
            names,
            found,
        );
        lower.base = member.base;
        lower.span = field.span.shift(member.base);
        lower.variables = used;
        let value = match &field.default {
            Some(default) => lower.closed(|g| g.expr(default)),
            None => nil(),
        };
        let var = lower.fresh();
        used = lower.variables;
        steps.push(Step::Let(vec![var], value));
        pairs.push((Expr::atom(key), Expr::Var(var)));
    }
    let name = if class_side {
        "$class_defaults"
    } else {
        "$defaults"
    };
    let inherits = if class_side {
        shape.superclass.is_some()
    } else {
        !shape.inherited_fields.is_empty()
    };
    let own = Expr::Map(pairs);
    let result = match &shape.superclass {
        Some((_, module)) if inherits => {
            let inherited = Expr::call(Line(0), module, name, Vec::new());
            Expr::call(Line(0), "maps", "merge", vec![inherited, own])
        }
        _ => own,
    };
    Function {
        name: FunName::new(name, 0),
        fun: Fun {
            params: Vec::new(),
            body: close(steps, result),
        },
    }
}

impl<'a, 'n> Lower<'a, 'n> {
    fn new(
        context: &'a Context<'a>,
        class: Option<&'a ClassShape>,
        class_side: bool,
        resolution: &'a Resolution,
        names: &'n mut Names,
        found: &'n mut Vec<Diagnostic>,
    ) -> Self {
        Self {
            context,
            class,
            class_side,
            resolution,
            names,
            found,
            base: 0,
            span: Span::default(),
            home: Home::Method,
            frame: None,
            depth: 0,
            receiver: nil(),
            selector: String::new(),
            params: Vec::new(),
            values: vec![None; resolution.variables.len()],
            steps: Vec::new(),
            writes_class_vars: false,
            booleans: rustc_hash::FxHashSet::default(),
            variables: 0,
            labels: 0,
            nodes: 0,
        }
    }

    fn method(&mut self, method: &'a Method) -> Function {
        let receiver = self.fresh();
        self.receiver = Expr::Var(receiver);
        let signature = &method.signature;
        self.selector.clone_from(&signature.selector.text);
        let mut params = vec![receiver];
        params.extend(signature.params.iter().map(|_| self.fresh()));
        self.params = params.iter().skip(1).map(|var| Expr::Var(*var)).collect();
        let name = self.names.atom(
            &method_function(&signature.selector.text, self.class_side),
            signature.selector.span.shift(self.base),
        );
        let body = self.with_frame(|g| {
            let values = g.params.clone();
            for (param, value) in signature.params.iter().zip(values) {
                g.bind_parameter(param.name.span, value)?;
            }
            if let Some(id) = g.resolution.receiver {
                g.write_variable(id, g.receiver.clone())?;
            }
            let value = g.statements(&method.body)?;
            g.changed_receiver(&method.body).unwrap_or(Ok(value))
        });
        let body = if self.writes_class_vars {
            // What it reads and writes is one step for everybody else, and is undone if it raises.
            let locked = Expr::Fun(Box::new(Fun {
                params: Vec::new(),
                body,
            }));
            runtime_call(
                Line(0),
                runtime::WITH_CLASS_LOCK,
                vec![self.receiver.clone(), locked],
            )
        } else {
            body
        };
        Function {
            name: FunName::new(name, params.len()),
            fun: Fun { params, body },
        }
    }

    /// What a method answers whose last statement assigns a field of a test: the instance with that field.
    fn changed_receiver(&mut self, body: &'a [Statement]) -> Option<Lowered> {
        self.resolution.receiver?;
        let ExprKind::Assign(target, _) = &body.last()?.expr.kind else {
            return None;
        };
        match &target.kind {
            TargetKind::Field(object, _) => Some(self.own_receiver(object.span)),
            _ => None,
        }
    }

    /// The body of a unit, in a frame where a closure returns from it.
    fn with_frame(&mut self, body: impl FnOnce(&mut Self) -> Lowered) -> Expr {
        if !self.resolution.needs_frame {
            return self.closed(body);
        }
        let token = self.fresh();
        self.frame = Some(Expr::Var(token));
        let body = self.closed(body);
        let fun = Expr::Fun(Box::new(Fun {
            params: vec![token],
            body,
        }));
        runtime_call(Line(0), runtime::RUN_FRAME, vec![fun])
    }

    /// What the home of a `^` answers for a value.
    pub(super) fn answer(&mut self, value: Expr) -> Expr {
        match self.home {
            Home::Method => value,
            Home::Script { bindings } => Expr::Tuple(vec![value, self.bindings(bindings)]),
        }
    }

    /// The bindings as they are now: those that came in, changed by what was assigned.
    fn bindings(&self, before: Var) -> Expr {
        let pairs = self
            .resolution
            .variables
            .iter()
            .zip(&self.values)
            .filter(|(variable, _)| variable.outermost)
            .filter_map(|(variable, value)| {
                Some((Expr::Lit(Lit::text(variable.name.clone())), value.clone()?))
            });
        let pairs: Vec<_> = pairs.collect();
        let before = Expr::Var(before);
        if pairs.is_empty() {
            return before;
        }
        Expr::call(Line(0), "maps", "merge", vec![before, Expr::Map(pairs)])
    }

    /// Takes the session's variables out of the bindings.
    fn session_variables(&mut self, bindings: Var) -> Result<(), Exited> {
        let resolution = self.resolution;
        for (index, variable) in resolution.variables.iter().enumerate() {
            if variable.kind != VarKind::Session {
                continue;
            }
            self.count(3)?;
            let key = Expr::Lit(Lit::text(variable.name.clone()));
            let binding = self.bind(bif(Line(0), "map_get", vec![key, Expr::Var(bindings)]));
            let binding = match variable.storage {
                Storage::Cell => self.call(Line(0), runtime::ADOPT, vec![binding])?,
                _ => binding,
            };
            self.set_value(VarId(index as u32), binding);
        }
        Ok(())
    }

    /// Binds a parameter: a variable of its own, in a cell if closures share it.
    pub(super) fn bind_parameter(&mut self, span: Span, value: Expr) -> Result<(), Exited> {
        match self.var_at(span) {
            Some(id) => {
                // A block that runs again has parameters of its own again.
                if let Some(slot) = self.values.get_mut(id.0 as usize) {
                    *slot = None;
                }
                self.write_variable(id, value)
            }
            None => Ok(()),
        }
    }

    /// Statements in order; the value is that of the last one.
    pub(super) fn statements(&mut self, statements: &'a [Statement]) -> Lowered {
        let mut value = nil();
        for statement in statements {
            value = self.statement(statement)?;
        }
        Ok(value)
    }

    fn statement(&mut self, statement: &'a Statement) -> Lowered {
        self.count(1)?;
        if statement.cast.is_some() {
            return self.cast(&statement.expr);
        }
        match &statement.expr.kind {
            ExprKind::Expect(_) => Ok(nil()),
            _ => self.expr(&statement.expr),
        }
    }

    /// A block as a value: a fun over the variables it shares.
    pub(super) fn closure(&mut self, block: &'a Block, span: Span) -> Lowered {
        self.count(4)?;
        let (params, body) = self.closure_body(block, span)?;
        Ok(self.bind(Expr::Fun(Box::new(Fun { params, body }))))
    }

    /// Parameters and body of the block at `span`.
    pub(super) fn closure_body(
        &mut self,
        block: &'a Block,
        span: Span,
    ) -> Result<(Vec<Var>, Expr), Exited> {
        let values = self.values.clone();
        let captured = self.resolution.captured.get(&(self.base + span.start));
        if block.params.len() + captured.map_or(0, Vec::len) > MAX_PARAMS {
            self.report(messages::block_too_wide(MAX_PARAMS, span));
        }
        self.capture_cells(span)?;
        let params: Vec<Var> = block.params.iter().map(|_| self.fresh()).collect();
        self.depth += 1;
        let body = self.closed(|g| {
            for ((name, _), var) in block.params.iter().zip(&params) {
                g.bind_parameter(name.span, Expr::Var(*var))?;
            }
            g.statements(&block.body)
        });
        self.depth -= 1;
        self.values = values;
        Ok((params, body))
    }

    /// A block that gets to another process inside a value starts there with what its variables are now.
    fn capture_cells(&mut self, span: Span) -> Result<(), Exited> {
        let resolution = self.resolution;
        let captured = resolution.captured.get(&(self.base + span.start));
        for id in captured.into_iter().flatten() {
            if let (Storage::Cell, Some(cell)) = (self.storage(*id), self.value(*id).cloned()) {
                let cell = self.call(Line(0), runtime::CAPTURED, vec![cell])?;
                self.set_value(*id, cell);
            }
        }
        Ok(())
    }
}
