//! Finds what OTP would refuse, before it sees it: variables used where they are not bound or bound twice, calls of
//! functions that do not exist, exports of nothing, local functions around several values, and modules without functions,
//! which OTP would compile, and whose loading ends the emulator. The code generator's tests hold every module against it.

use rustc_hash::FxHashSet;

use crate::{Body, Clause, Expr, Fun, FunName, Function, Module, Pat, Step, Var};

/// What is wrong with a module; empty for a well-formed one.
pub fn module(module: &Module) -> Vec<String> {
    let mut checker = Checker {
        functions: FxHashSet::default(),
        bound: FxHashSet::default(),
        found: Vec::new(),
    };
    checker
        .functions
        .extend(module.functions.iter().map(|f| f.name.clone()));
    if checker.functions.len() != module.functions.len() {
        checker
            .found
            .push("two functions with one name and arity".into());
    }
    if module.functions.is_empty() {
        checker.found.push("no functions".into());
    }
    for export in &module.exports {
        checker.function_exists(export);
    }
    for function in &module.functions {
        // Variables are unique in a function of the module.
        checker.bound.clear();
        checker.function(function);
    }
    checker.found
}

struct Checker {
    functions: FxHashSet<FunName>,
    /// Bound so far, in scope or not; a second binding of the same variable is an error of the generator.
    bound: FxHashSet<Var>,
    found: Vec<String>,
}

impl Checker {
    fn function(&mut self, function: &Function) {
        if function.name.arity != function.fun.params.len() {
            self.found.push(format!(
                "{}/{} has another arity",
                function.name.name, function.name.arity
            ));
        }
        self.fun(&function.fun);
    }

    fn fun(&mut self, fun: &Fun) {
        self.scope(|c| {
            c.bind_all(&fun.params);
            c.expr(&fun.body);
        });
    }

    /// What is bound inside is out of scope afterwards.
    fn scope(&mut self, inside: impl FnOnce(&mut Self)) {
        let outer = self.bound.clone();
        inside(self);
        self.bound = outer;
    }

    fn bind(&mut self, var: Var) {
        if !self.bound.insert(var) {
            self.found.push(format!("V{} is bound twice", var.0));
        }
    }

    fn bind_all(&mut self, vars: &[Var]) {
        for var in vars {
            self.bind(*var);
        }
    }

    fn function_exists(&mut self, name: &FunName) {
        if !self.functions.contains(name) {
            self.found
                .push(format!("{}/{} does not exist", name.name, name.arity));
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Var(var) => {
                if !self.bound.contains(var) {
                    self.found.push(format!("V{} is not bound", var.0));
                }
            }
            Expr::Lit(_) => {}
            Expr::Local(name) => self.function_exists(name),
            Expr::Body(body) => self.scope(|c| c.body(body)),
            Expr::Call(_, module, function, args) => {
                self.expr(module);
                self.expr(function);
                self.exprs(args);
            }
            Expr::Apply(_, fun, args) => {
                self.expr(fun);
                self.exprs(args);
            }
            Expr::Case(subject, clauses) => {
                self.expr(subject);
                self.clauses(clauses);
            }
            Expr::Fun(fun) => self.fun(fun),
            Expr::Tuple(exprs) | Expr::Values(exprs) => self.exprs(exprs),
            Expr::Cons(head, tail) => {
                self.expr(head);
                self.expr(tail);
            }
            Expr::Map(pairs) => {
                for (key, value) in pairs {
                    self.expr(key);
                    self.expr(value);
                }
            }
            Expr::Protected(test, vars) => self.scope(|c| {
                c.expr(test);
                c.bind_all(vars);
            }),
        }
    }

    fn body(&mut self, body: &Body) {
        let mut added = Vec::new();
        for step in &body.steps {
            match step {
                Step::Let(vars, value) => {
                    if vars.len() != 1 && defines_functions(value) {
                        self.found
                            .push("local functions around several values".into());
                    }
                    self.expr(value);
                    self.bind_all(vars);
                }
                Step::Letrec(functions) => {
                    for function in functions {
                        self.functions.insert(function.name.clone());
                        added.push(function.name.clone());
                    }
                    for function in functions {
                        self.function(function);
                    }
                }
                Step::Exit(subject, exits, patterns) => {
                    self.expr(subject);
                    self.clauses(exits);
                    self.pats(patterns);
                }
                Step::Join(name, params, entry) => {
                    self.functions.insert(name.clone());
                    self.expr(entry);
                    self.functions.remove(name);
                    self.bind_all(params);
                }
            }
        }
        self.expr(&body.result);
        for name in &added {
            self.functions.remove(name);
        }
    }

    fn clause(&mut self, clause: &Clause) {
        self.scope(|c| {
            c.pats(&clause.patterns);
            c.expr(&clause.guard);
            c.expr(&clause.body);
        });
    }

    fn clauses(&mut self, clauses: &[Clause]) {
        for clause in clauses {
            self.clause(clause);
        }
    }

    fn pats(&mut self, pats: &[Pat]) {
        for pat in pats {
            self.pat(pat);
        }
    }

    fn pat(&mut self, pat: &Pat) {
        match pat {
            Pat::Var(var) => self.bind(*var),
            Pat::Lit(_) => {}
            Pat::Tuple(pats) => self.pats(pats),
            Pat::Cons(head, tail) => {
                self.pat(head);
                self.pat(tail);
            }
            Pat::Map(pairs) => {
                for (_, pat) in pairs {
                    self.pat(pat);
                }
            }
            Pat::Alias(var, pat) => {
                self.bind(*var);
                self.pat(pat);
            }
            // OTP wants sizes to be bound before the whole pattern.
            Pat::Binary(segments) => {
                for segment in segments {
                    self.expr(&segment.size);
                }
                for segment in segments {
                    self.bind(segment.var);
                }
            }
        }
    }
}

/// Whether local functions are defined where an expression of several values is evaluated last: OTP's check demands as
/// many values of the functions.
fn defines_functions(expr: &Expr) -> bool {
    match expr {
        Expr::Body(body) => {
            let defines = |step: &Step| matches!(step, Step::Letrec(_) | Step::Join(..));
            body.steps.iter().any(defines) || defines_functions(&body.result)
        }
        Expr::Case(_, clauses) => clauses.iter().any(|clause| defines_functions(&clause.body)),
        _ => false,
    }
}
