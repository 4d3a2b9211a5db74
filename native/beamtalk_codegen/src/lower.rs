//! Code for methods, defaults and top-level statements.
//!
//! An expression becomes a sequence of steps and an operand: a variable or a constant. What leaves the function early
//! (`^`, or a call that does not come back) is the error side of [`Lowered`], so that `?` carries it to the next place
//! where code can branch.

mod assign;
mod binary;
mod branch;
mod control;
mod expr;
mod function;
mod matching;
mod pattern;
mod send;

pub use expr::read_field;
pub use function::{extensions, members, script};

use beamtalk_core_erlang::{Body, Expr, Line, Lit, Step, Var};
use beamtalk_semantic::{ClassShape, Resolution, Storage, VarId};
use beamtalk_source::{Diagnostic, Span};

use rustc_hash::FxHashSet;

use crate::runtime::Function;
use crate::{Context, messages, names::Names};

/// The expression that the function answers (or that never comes back) instead of going on.
pub struct Exited(Expr);

/// An operand, or an exit.
type Lowered = Result<Expr, Exited>;

/// What variables hold at a point of the code: an operand for each variable that exists there.
type Values = Vec<Option<Expr>>;

/// What `^` does.
#[derive(Clone)]
enum Home {
    /// The function is the method: its value is the answer.
    Method,
    /// The function evaluates top-level statements: the answer comes with the bindings.
    Script {
        /// The bindings it was given.
        bindings: Var,
    },
}

/// Lowers one function of the module and everything inside it.
struct Lower<'a, 'n> {
    context: &'a Context<'a>,
    class: Option<&'a ClassShape>,
    class_side: bool,
    resolution: &'a Resolution,
    names: &'n mut Names,
    found: &'n mut Vec<Diagnostic>,
    /// Offset of the chunk being lowered.
    base: u32,
    /// Where a node limit is reported.
    span: Span,
    home: Home,
    /// The token of the frame, where the unit has one.
    frame: Option<Expr>,
    /// Number of closures around the current code.
    depth: u32,
    receiver: Expr,
    /// Selector and parameters, for primitives.
    selector: String,
    params: Vec<Expr>,
    values: Values,
    steps: Vec<Step>,
    /// Whether the unit assigns a class variable.
    writes_class_vars: bool,
    /// Variables that hold a Boolean whatever happens.
    booleans: FxHashSet<Var>,
    variables: u32,
    labels: u32,
    nodes: u32,
}

impl Lower<'_, '_> {
    fn fresh(&mut self) -> Var {
        self.variables += 1;
        Var(self.variables)
    }

    fn label(&mut self) -> String {
        self.labels += 1;
        format!("l{}", self.labels)
    }

    fn line(&self, span: Span) -> Line {
        Line(self.context.lines.line(self.base + span.start))
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic.shift(self.base));
    }

    /// Counts a node; beyond the limit there is no more code.
    fn count(&mut self, nodes: u32) -> Result<(), Exited> {
        let before = self.nodes;
        self.nodes = self.nodes.saturating_add(nodes);
        let limit = self.context.limits.nodes;
        if self.nodes <= limit {
            return Ok(());
        }
        if before <= limit {
            self.found.push(messages::code_too_large(limit, self.span));
        }
        Err(Exited(nil()))
    }

    /// Binds the value of an expression to a fresh variable.
    fn bind(&mut self, value: Expr) -> Expr {
        let var = self.fresh();
        self.steps.push(Step::Let(vec![var], value));
        Expr::Var(var)
    }

    /// Binds the answer of a test.
    fn bind_boolean(&mut self, test: Expr) -> Expr {
        let var = self.fresh();
        self.booleans.insert(var);
        self.steps.push(Step::Let(vec![var], test));
        Expr::Var(var)
    }

    fn is_boolean(&self, operand: &Expr) -> bool {
        matches!(operand, Expr::Var(var) if self.booleans.contains(var))
    }

    /// Calls a function of the runtime and binds the result.
    fn call(&mut self, line: Line, function: Function, args: Vec<Expr>) -> Lowered {
        self.count(1 + args.len() as u32)?;
        let call = runtime_call(line, function, args);
        Ok(self.bind(call))
    }

    /// Collects the steps of `inside` apart.
    fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> (Vec<Step>, T) {
        let outer = std::mem::take(&mut self.steps);
        let result = inside(self);
        (std::mem::replace(&mut self.steps, outer), result)
    }

    /// The steps and result of `inside` as one expression; its exits are its value.
    fn closed(&mut self, inside: impl FnOnce(&mut Self) -> Lowered) -> Expr {
        let (steps, end) = self.nested(inside);
        close(steps, end.unwrap_or_else(|Exited(exit)| exit))
    }

    // Variables

    fn var_at(&self, span: Span) -> Option<VarId> {
        self.resolution
            .occurrences
            .get(&(self.base + span.start))
            .copied()
    }

    fn storage(&self, id: VarId) -> Storage {
        self.resolution
            .variables
            .get(id.0 as usize)
            .map_or(Storage::Value, |variable| variable.storage)
    }

    fn value(&self, id: VarId) -> Option<&Expr> {
        self.values.get(id.0 as usize).and_then(Option::as_ref)
    }

    fn set_value(&mut self, id: VarId, value: Expr) {
        if let Some(slot) = self.values.get_mut(id.0 as usize) {
            *slot = Some(value);
        }
    }

    fn read_variable(&mut self, span: Span) -> Lowered {
        let Some(id) = self.var_at(span) else {
            return Ok(nil());
        };
        // A name that is not resolved has its diagnostic: any operand will do.
        let value = self.value(id).cloned().unwrap_or_else(nil);
        match self.storage(id) {
            Storage::Value | Storage::Recursive => Ok(value),
            Storage::Cell => self.call(Line(0), crate::runtime::GET_CELL, vec![value]),
            Storage::Session => self.call(Line(0), crate::runtime::FETCH, vec![value]),
        }
    }

    fn write_variable(&mut self, id: VarId, value: Expr) -> Result<(), Exited> {
        let before = self.value(id).cloned();
        match (self.storage(id), before) {
            (Storage::Value | Storage::Recursive, _) => {
                let value = self.small(value);
                self.set_value(id, value);
            }
            (Storage::Cell, None) => {
                let cell = self.call(Line(0), crate::runtime::NEW_CELL, vec![value])?;
                self.set_value(id, cell);
            }
            (Storage::Cell, Some(cell)) => {
                self.call(Line(0), crate::runtime::SET_CELL, vec![cell, value])?;
            }
            (Storage::Session, before) => {
                let binding = before.unwrap_or_else(nil);
                let binding = self.call(Line(0), crate::runtime::ASSIGN, vec![binding, value])?;
                self.set_value(id, binding);
            }
        }
        Ok(())
    }

    /// An operand that may be written many times: large constants are bound once.
    fn small(&mut self, value: Expr) -> Expr {
        match value {
            Expr::Lit(Lit::Binary(_) | Lit::Big(_) | Lit::List(_) | Lit::Map(_)) => {
                self.bind(value)
            }
            other => self.nameable(other),
        }
    }

    /// An operand that may stand in a guard: the name of a local function may not.
    fn nameable(&mut self, value: Expr) -> Expr {
        if matches!(value, Expr::Local(_)) {
            self.bind(value)
        } else {
            value
        }
    }
}

fn nil() -> Expr {
    Expr::atom("nil")
}

fn runtime_call(line: Line, (module, name, _): Function, args: Vec<Expr>) -> Expr {
    Expr::call(line, module, name, args)
}

fn bif(line: Line, name: &str, args: Vec<Expr>) -> Expr {
    Expr::call(line, "erlang", name, args)
}

fn close(steps: Vec<Step>, result: Expr) -> Expr {
    if steps.is_empty() {
        result
    } else {
        Expr::Body(Box::new(Body { steps, result }))
    }
}
