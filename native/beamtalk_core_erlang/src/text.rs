//! Core Erlang as text, in the form that OTP's `core_scan` and `core_parse` read. (They have no form for atoms beyond
//! ASCII; such a name is printed as it is. Terms have no such limit.)

use std::fmt::Write as _;

use crate::{
    Body, Clause, Expr, Fun, FunName, Function, Line, Lit, Module, Pat, Segment, Step, Var,
};

/// Prints a module.
pub fn module(module: &Module) -> String {
    let mut printer = Printer {
        out: String::new(),
        file: module.file.as_deref(),
    };
    printer.module(module);
    printer.out
}

struct Printer<'m> {
    out: String,
    file: Option<&'m str>,
}

impl Printer<'_> {
    fn module(&mut self, module: &Module) {
        self.word("module ");
        self.atom(&module.name);
        self.word(" [");
        self.separated(&module.exports, ",", Self::fun_name);
        self.word("]\n attributes [");
        self.separated(&module.attributes, ",", |p, (key, value)| {
            p.lit(key);
            p.word(" = ");
            p.lit(value);
        });
        self.word("]\n");
        self.functions(&module.functions);
        self.word("end\n");
    }

    fn functions(&mut self, functions: &[Function]) {
        for function in functions {
            self.fun_name(&function.name);
            self.word(" =\n");
            self.fun(&function.fun);
            self.word("\n");
        }
    }

    fn fun_name(&mut self, name: &FunName) {
        self.atom(&name.name);
        self.put(format_args!("/{}", name.arity));
    }

    fn fun(&mut self, fun: &Fun) {
        self.word("fun (");
        self.separated(&fun.params, ",", |p, var| p.var(*var));
        self.word(") ->\n");
        self.expr(&fun.body);
    }

    fn var(&mut self, var: Var) {
        self.put(format_args!("V{}", var.0));
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        self.separated(exprs, ",", Self::expr);
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Var(var) => self.var(*var),
            Expr::Lit(lit) => self.lit(lit),
            Expr::Local(name) => self.fun_name(name),
            Expr::Body(body) => self.body(body),
            Expr::Call(line, module, function, args) => self.annotated(*line, |p| {
                p.word("call ");
                p.expr(module);
                p.word(":");
                p.expr(function);
                p.word("(");
                p.exprs(args);
                p.word(")");
            }),
            Expr::Apply(line, fun, args) => self.annotated(*line, |p| {
                p.word("apply ");
                p.expr(fun);
                p.word("(");
                p.exprs(args);
                p.word(")");
            }),
            Expr::Case(subject, clauses) => {
                self.case_of(subject);
                self.separated(clauses, "\n", Self::clause);
                self.word(" end");
            }
            Expr::Fun(fun) => self.fun(fun),
            Expr::Tuple(elements) => {
                self.word("{");
                self.exprs(elements);
                self.word("}");
            }
            Expr::Cons(_, _) => self.cons(expr),
            Expr::Map(pairs) => self.map(pairs),
            Expr::Protected(test, [value, class, reason]) => {
                self.word("try ");
                self.expr(test);
                self.put(format_args!(
                    " of <V{0}> -> V{0} catch <V{1},V{2}> -> 'false'",
                    value.0, class.0, reason.0
                ));
            }
            Expr::Values(values) => {
                self.word("<");
                self.exprs(values);
                self.word(">");
            }
        }
    }

    fn cons(&mut self, mut expr: &Expr) {
        let mut open = 0;
        while let Expr::Cons(head, tail) = expr {
            self.word("[");
            self.expr(head);
            self.word("|");
            open += 1;
            expr = tail;
        }
        self.expr(expr);
        self.out.extend(std::iter::repeat_n(']', open));
    }

    fn map(&mut self, pairs: &[(Expr, Expr)]) {
        self.word("~{");
        self.separated(pairs, ",", |p, (key, value)| {
            p.expr(key);
            p.word("=>");
            p.expr(value);
        });
        self.word("}~");
    }

    fn body(&mut self, body: &Body) {
        // What has to follow the rest of the body, innermost last.
        let mut after = Vec::new();
        for step in &body.steps {
            match step {
                Step::Let(vars, value) => {
                    self.word("let <");
                    self.separated(vars, ",", |p, var| p.var(*var));
                    self.word("> = ");
                    self.expr(value);
                    self.word("\nin ");
                }
                Step::Letrec(functions) => {
                    self.word("letrec ");
                    self.functions(functions);
                    self.word("in ");
                }
                Step::Exit(subject, exits, patterns) => {
                    self.case_of(subject);
                    self.separated(exits, "\n", Self::clause);
                    self.word("\n");
                    self.pats(patterns);
                    self.word(" when 'true' -> ");
                    after.push(None);
                }
                Step::Join(name, params, entry) => {
                    self.word("letrec ");
                    self.fun_name(name);
                    self.word(" =\nfun (");
                    self.separated(params, ",", |p, var| p.var(*var));
                    self.word(") ->\n");
                    after.push(Some(entry));
                }
            }
        }
        self.expr(&body.result);
        for entry in after.into_iter().rev() {
            match entry {
                None => self.word(" end"),
                Some(entry) => {
                    self.word("\nin ");
                    self.expr(entry);
                }
            }
        }
    }

    fn case_of(&mut self, subject: &Expr) {
        self.word("case ");
        self.expr(subject);
        self.word(" of\n");
    }

    fn clause(&mut self, clause: &Clause) {
        self.pats(&clause.patterns);
        self.word(" when ");
        self.expr(&clause.guard);
        self.word(" -> ");
        self.expr(&clause.body);
    }

    fn pats(&mut self, pats: &[Pat]) {
        self.word("<");
        self.separated(pats, ",", Self::pat);
        self.word(">");
    }

    fn pat(&mut self, pat: &Pat) {
        match pat {
            Pat::Var(var) => self.var(*var),
            Pat::Lit(lit) => self.lit(lit),
            Pat::Tuple(elements) => {
                self.word("{");
                self.separated(elements, ",", Self::pat);
                self.word("}");
            }
            Pat::Cons(head, tail) => {
                self.word("[");
                self.pat(head);
                self.word("|");
                self.pat(tail);
                self.word("]");
            }
            Pat::Map(pairs) => {
                self.word("~{");
                self.separated(pairs, ",", |p, (key, pat)| {
                    p.lit(key);
                    p.word(":=");
                    p.pat(pat);
                });
                self.word("}~");
            }
            Pat::Alias(var, pat) => {
                self.var(*var);
                self.word(" = ");
                self.pat(pat);
            }
            Pat::Binary(segments) => {
                self.word("#{");
                self.separated(segments, ",", Self::segment);
                self.word("}#");
            }
        }
    }

    fn segment(&mut self, segment: &Segment) {
        self.word("#<");
        self.var(segment.var);
        self.word(">(");
        self.expr(&segment.size);
        self.word(",");
        self.lit(&segment.unit_literal());
        self.word(",");
        self.atom(segment.kind);
        self.word(",");
        self.lit(&segment.flags());
        self.word(")");
    }

    fn lit(&mut self, lit: &Lit) {
        match lit {
            Lit::Atom(name) => self.atom(name),
            Lit::Int(value) => self.put(format_args!("{value}")),
            Lit::Big(value) => self.put(format_args!("{value}")),
            Lit::Float(value) => self.float(*value),
            Lit::Binary(bytes) => self.binary(bytes),
            Lit::List(elements) => {
                self.word("[");
                self.separated(elements, ",", Self::lit);
                self.word("]");
            }
            Lit::Tuple(elements) => {
                self.word("{");
                self.separated(elements, ",", Self::lit);
                self.word("}");
            }
            Lit::Map(pairs) => {
                self.word("~{");
                self.separated(pairs, ",", |p, (key, value)| {
                    p.lit(key);
                    p.word("=>");
                    p.lit(value);
                });
                self.word("}~");
            }
        }
    }

    /// Core Erlang wants a digit on both sides of a point, also before an exponent.
    fn float(&mut self, value: f64) {
        let text = format!("{value:?}");
        match text.split_once('e') {
            Some((mantissa, exponent)) if !mantissa.contains('.') => {
                self.put(format_args!("{mantissa}.0e{exponent}"));
            }
            _ => self.word(&text),
        }
    }

    fn binary(&mut self, bytes: &[u8]) {
        self.word("#{");
        self.separated(bytes, ",", |p, byte| {
            p.put(format_args!(
                "#<{byte}>(8,1,'integer',['unsigned'|['big']])"
            ));
        });
        self.word("}#");
    }

    fn atom(&mut self, name: &str) {
        self.word("'");
        self.escaped(name, '\'');
        self.word("'");
    }

    fn escaped(&mut self, text: &str, quote: char) {
        for c in text.chars() {
            match c {
                '\\' => self.word("\\\\"),
                c if c == quote => {
                    self.put(format_args!("\\{c}"));
                }
                c if (c as u32) < 32 || c as u32 == 127 => {
                    self.put(format_args!("\\{:03o}", c as u32));
                }
                c => self.out.push(c),
            }
        }
    }

    fn annotated(&mut self, line: Line, print: impl FnOnce(&mut Self)) {
        let (Some(file), Line(1..)) = (self.file, line) else {
            return print(self);
        };
        self.word("( ");
        print(self);
        self.put(format_args!("\n-| [{},{{'file',\"", line.0));
        self.escaped(file, '"');
        self.word("\"}] )");
    }

    fn separated<T>(&mut self, items: &[T], separator: &str, print: impl Fn(&mut Self, &T)) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.word(separator);
            }
            print(self, item);
        }
    }

    fn word(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.out.write_fmt(text);
    }
}
