//! The records of OTP's `cerl`, as terms: what `compile:forms(Core, [from_core])` takes.
//!
//! Names in this file: `record(tag, fields)` builds `{tag, Annotation, Fields…}`.

use crate::{
    Body, Clause, Expr, Fun, FunName, Function, Line, Lit, Module, Pat, Segment, Step, TermSink,
    Var,
};

/// Builds `{c_module, …}`.
pub fn module<S: TermSink>(sink: &mut S, module: &Module) -> S::Term {
    let empty = sink.list(&[]);
    let file = module
        .file
        .as_deref()
        .map(|file| file_annotation(sink, file));
    let mut builder = Builder { sink, empty, file };
    builder.module(module)
}

fn file_annotation<S: TermSink>(sink: &mut S, file: &str) -> S::Term {
    let characters: Vec<_> = file
        .chars()
        .map(|c| sink.integer(i64::from(u32::from(c))))
        .collect();
    let fields = [sink.atom("file"), sink.list(&characters)];
    sink.tuple(&fields)
}

/// Builds a constant.
pub fn literal<S: TermSink>(sink: &mut S, lit: &Lit) -> S::Term {
    match lit {
        Lit::Atom(name) => sink.atom(name),
        Lit::Int(value) => sink.integer(*value),
        Lit::Big(value) => sink.big_integer(value),
        Lit::Float(value) => sink.float(*value),
        Lit::Binary(bytes) => sink.binary(bytes),
        Lit::List(elements) => {
            let elements: Vec<_> = elements.iter().map(|e| literal(sink, e)).collect();
            sink.list(&elements)
        }
        Lit::Tuple(elements) => {
            let elements: Vec<_> = elements.iter().map(|e| literal(sink, e)).collect();
            sink.tuple(&elements)
        }
        Lit::Map(pairs) => {
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(k, v)| (literal(sink, k), literal(sink, v)))
                .collect();
            sink.map(&pairs)
        }
    }
}

struct Builder<'s, S: TermSink> {
    sink: &'s mut S,
    /// `[]`: the annotation of most nodes, and the end of lists.
    empty: S::Term,
    /// `{file, Name}`: shared by all annotations.
    file: Option<S::Term>,
}

impl<S: TermSink> Builder<'_, S> {
    fn module(&mut self, module: &Module) -> S::Term {
        let name = self.atom(&module.name);
        let exports: Vec<_> = module
            .exports
            .iter()
            .map(|name| self.fun_name(name))
            .collect();
        let exports = self.sink.list(&exports);
        let attributes: Vec<_> = module
            .attributes
            .iter()
            .map(|(k, v)| self.attribute(k, v))
            .collect();
        let attributes = self.sink.list(&attributes);
        let functions = self.functions(&module.functions);
        self.record("c_module", &[name, exports, attributes, functions])
    }

    fn attribute(&mut self, key: &Lit, value: &Lit) -> S::Term {
        let pair = [self.lit(key), self.lit(value)];
        self.sink.tuple(&pair)
    }

    fn functions(&mut self, functions: &[Function]) -> S::Term {
        let functions: Vec<_> = functions
            .iter()
            .map(|function| self.function(function))
            .collect();
        self.sink.list(&functions)
    }

    fn function(&mut self, function: &Function) -> S::Term {
        let pair = [self.fun_name(&function.name), self.fun(&function.fun)];
        self.sink.tuple(&pair)
    }

    fn fun_name(&mut self, name: &FunName) -> S::Term {
        let pair = [
            self.sink.atom(&name.name),
            self.sink
                .integer(i64::try_from(name.arity).unwrap_or(i64::MAX)),
        ];
        let name = self.sink.tuple(&pair);
        self.record("c_var", &[name])
    }

    fn fun(&mut self, fun: &Fun) -> S::Term {
        let params = self.vars(&fun.params);
        let body = self.expr(&fun.body);
        self.record("c_fun", &[params, body])
    }

    fn vars(&mut self, vars: &[Var]) -> S::Term {
        let vars: Vec<_> = vars.iter().map(|var| self.var(*var)).collect();
        self.sink.list(&vars)
    }

    fn var(&mut self, var: Var) -> S::Term {
        let name = self.sink.integer(i64::from(var.0));
        self.record("c_var", &[name])
    }

    fn lit(&mut self, lit: &Lit) -> S::Term {
        let value = literal(self.sink, lit);
        self.record("c_literal", &[value])
    }

    fn atom(&mut self, name: &str) -> S::Term {
        let value = self.sink.atom(name);
        self.record("c_literal", &[value])
    }

    fn exprs(&mut self, exprs: &[Expr]) -> S::Term {
        let exprs: Vec<_> = exprs.iter().map(|e| self.expr(e)).collect();
        self.sink.list(&exprs)
    }

    fn expr(&mut self, expr: &Expr) -> S::Term {
        match expr {
            Expr::Var(var) => self.var(*var),
            Expr::Lit(lit) => self.lit(lit),
            Expr::Local(name) => self.fun_name(name),
            Expr::Body(body) => self.body(body),
            Expr::Call(line, module, function, args) => {
                let fields = [self.expr(module), self.expr(function), self.exprs(args)];
                self.record_at(*line, "c_call", &fields)
            }
            Expr::Apply(line, fun, args) => {
                let fields = [self.expr(fun), self.exprs(args)];
                self.record_at(*line, "c_apply", &fields)
            }
            Expr::Case(subject, clauses) => {
                let fields = [self.expr(subject), self.clauses(clauses)];
                self.record("c_case", &fields)
            }
            Expr::Fun(fun) => self.fun(fun),
            Expr::Tuple(elements) => {
                let elements = self.exprs(elements);
                self.record("c_tuple", &[elements])
            }
            Expr::Cons(_, _) => self.cons(expr),
            Expr::Map(pairs) => self.map(pairs),
            Expr::Protected(test, vars) => self.protected(test, *vars),
            Expr::Values(values) => {
                let values = self.exprs(values);
                self.record("c_values", &[values])
            }
        }
    }

    fn cons(&mut self, mut expr: &Expr) -> S::Term {
        let mut heads = Vec::new();
        while let Expr::Cons(head, tail) = expr {
            heads.push(self.expr(head));
            expr = tail;
        }
        let tail = self.expr(expr);
        heads
            .into_iter()
            .rev()
            .fold(tail, |tail, head| self.record("c_cons", &[head, tail]))
    }

    fn map(&mut self, pairs: &[(Expr, Expr)]) -> S::Term {
        let base = self.lit(&Lit::Map(Vec::new()));
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(key, value)| {
                let fields = [self.atom("assoc"), self.expr(key), self.expr(value)];
                self.record("c_map_pair", &fields)
            })
            .collect();
        let fields = [base, self.sink.list(&pairs), self.sink.atom("false")];
        self.record("c_map", &fields)
    }

    fn protected(&mut self, test: &Expr, [value, class, reason]: [Var; 3]) -> S::Term {
        let fields = [
            self.expr(test),
            self.vars(&[value]),
            self.var(value),
            self.vars(&[class, reason]),
            self.atom("false"),
        ];
        self.record("c_try", &fields)
    }

    fn body(&mut self, body: &Body) -> S::Term {
        // From the end: what follows a step is inside it.
        let result = self.expr(&body.result);
        body.steps
            .iter()
            .rev()
            .fold(result, |rest, step| self.step(step, rest))
    }

    fn step(&mut self, step: &Step, rest: S::Term) -> S::Term {
        match step {
            Step::Let(vars, value) => {
                let fields = [self.vars(vars), self.expr(value), rest];
                self.record("c_let", &fields)
            }
            Step::Letrec(functions) => {
                let functions = self.functions(functions);
                self.record("c_letrec", &[functions, rest])
            }
            Step::Join(name, params, entry) => {
                let fun = [self.vars(params), rest];
                let definition = [self.fun_name(name), self.record("c_fun", &fun)];
                let definition = self.sink.tuple(&definition);
                let fields = [self.sink.list(&[definition]), self.expr(entry)];
                self.record("c_letrec", &fields)
            }
            Step::Exit(subject, exits, patterns) => {
                let subject = self.expr(subject);
                let mut clauses: Vec<_> = exits.iter().map(|clause| self.clause(clause)).collect();
                let fields = [self.pats(patterns), self.atom("true"), rest];
                clauses.push(self.record("c_clause", &fields));
                let clauses = self.sink.list(&clauses);
                self.record("c_case", &[subject, clauses])
            }
        }
    }

    fn clauses(&mut self, clauses: &[Clause]) -> S::Term {
        let clauses: Vec<_> = clauses.iter().map(|clause| self.clause(clause)).collect();
        self.sink.list(&clauses)
    }

    fn clause(&mut self, clause: &Clause) -> S::Term {
        let fields = [
            self.pats(&clause.patterns),
            self.expr(&clause.guard),
            self.expr(&clause.body),
        ];
        self.record("c_clause", &fields)
    }

    fn pats(&mut self, pats: &[Pat]) -> S::Term {
        let pats: Vec<_> = pats.iter().map(|pat| self.pat(pat)).collect();
        self.sink.list(&pats)
    }

    fn pat(&mut self, pat: &Pat) -> S::Term {
        match pat {
            Pat::Var(var) => self.var(*var),
            Pat::Lit(lit) => self.lit(lit),
            Pat::Tuple(elements) => {
                let elements = self.pats(elements);
                self.record("c_tuple", &[elements])
            }
            Pat::Cons(head, tail) => {
                let fields = [self.pat(head), self.pat(tail)];
                self.record("c_cons", &fields)
            }
            Pat::Map(pairs) => {
                let pairs: Vec<_> = pairs
                    .iter()
                    .map(|(key, pat)| self.pat_pair(key, pat))
                    .collect();
                let base = self.lit(&Lit::Map(Vec::new()));
                let fields = [base, self.sink.list(&pairs), self.sink.atom("true")];
                self.record("c_map", &fields)
            }
            Pat::Alias(var, pat) => {
                let fields = [self.var(*var), self.pat(pat)];
                self.record("c_alias", &fields)
            }
            Pat::Binary(segments) => {
                let segments: Vec<_> = segments.iter().map(|s| self.segment(s)).collect();
                let segments = self.sink.list(&segments);
                self.record("c_binary", &[segments])
            }
        }
    }

    fn segment(&mut self, segment: &Segment) -> S::Term {
        let fields = [
            self.var(segment.var),
            self.expr(&segment.size),
            self.lit(&segment.unit_literal()),
            self.atom(segment.kind),
            self.lit(&segment.flags()),
        ];
        self.record("c_bitstr", &fields)
    }

    fn pat_pair(&mut self, key: &Lit, pat: &Pat) -> S::Term {
        let fields = [self.atom("exact"), self.lit(key), self.pat(pat)];
        self.record("c_map_pair", &fields)
    }

    fn record(&mut self, tag: &str, fields: &[S::Term]) -> S::Term {
        let annotation = self.empty.clone();
        self.annotated(tag, annotation, fields)
    }

    fn record_at(&mut self, line: Line, tag: &str, fields: &[S::Term]) -> S::Term {
        let annotation = match (&self.file, line) {
            (Some(file), Line(1..)) => {
                let file = file.clone();
                let line = self.sink.integer(i64::from(line.0));
                self.sink.list(&[line, file])
            }
            _ => self.empty.clone(),
        };
        self.annotated(tag, annotation, fields)
    }

    fn annotated(&mut self, tag: &str, annotation: S::Term, fields: &[S::Term]) -> S::Term {
        let mut elements = Vec::with_capacity(fields.len() + 2);
        elements.push(self.sink.atom(tag));
        elements.push(annotation);
        elements.extend_from_slice(fields);
        self.sink.tuple(&elements)
    }
}
