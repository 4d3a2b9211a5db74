//! Patterns of `match:`.
//!
//! What Core Erlang can match becomes a pattern and a guard. What it cannot (the elements of an Array, the class of a
//! String) becomes a further match on the answer of a runtime function; such an arm is taken apart before it is chosen.

use beamtalk_ast::{ExprKind, MapKey, MapKeyKind, Message, Name, Pattern, PatternKind, Rest};
use beamtalk_core_erlang::{Clause, Expr, Line, Lit, Pat, Var};
use beamtalk_semantic::{Kind, Storage, VarId};
use beamtalk_source::Span;

use super::{Lower, bif, close, nil, runtime_call};
use crate::{literal, messages, runtime};

/// Classes whose instances have a representation of their own (language reference 4.1).
const BUILT_IN: [&str; 18] = [
    "Integer",
    "Float",
    "Number",
    "Character",
    "String",
    "Binary",
    "Symbol",
    "Boolean",
    "True",
    "False",
    "UndefinedObject",
    "Block",
    "List",
    "Dictionary",
    "Tuple",
    "Pid",
    "Port",
    "Reference",
];

/// A pattern of the source as Core Erlang sees it.
#[derive(Default)]
pub(super) struct Matcher {
    /// What the subject must match; `None` while it is being built.
    pub pat: Option<Pat>,
    /// Tests on what the pattern bound; all of them are guards.
    pub tests: Vec<Expr>,
    /// Further matches, in order, on answers of the runtime.
    pub further: Vec<(Expr, Pat)>,
    /// Name of the source, the Core variable it is bound to, and whether that is the list of an Array's rest.
    pub bound: Vec<(Span, Var, bool)>,
    /// The variables of the source that it has bound.
    pub seen: Vec<(VarId, Var)>,
}

impl Matcher {
    /// Whether one clause can say it.
    pub fn is_simple(&self) -> bool {
        self.further.is_empty()
    }

    /// All tests as one guard.
    pub fn guard(&self) -> Expr {
        let all = self
            .tests
            .iter()
            .cloned()
            .reduce(|all, test| bif(Line(0), "and", vec![all, test]));
        all.unwrap_or_else(|| Expr::atom("true"))
    }
}

impl<'a> Lower<'a, '_> {
    pub(super) fn matcher(&mut self, pattern: &'a Pattern) -> Matcher {
        let mut matcher = Matcher::default();
        let pat = self.pattern_of(pattern, &mut matcher);
        matcher.pat = Some(pat);
        matcher
    }

    fn pattern_of(&mut self, pattern: &'a Pattern, m: &mut Matcher) -> Pat {
        match &pattern.kind {
            PatternKind::Wildcard => Pat::Var(self.fresh()),
            PatternKind::Variable(name) => self.bound(name, false, m),
            PatternKind::Typed(name, class) => {
                let pat = self.bound(name, false, m);
                let Pat::Var(var) = pat else { return pat };
                if let Some(instance) = self.class_pattern(class) {
                    return Pat::Alias(var, Box::new(instance));
                }
                if class.text == "Dictionary" {
                    return dictionary(var, m);
                }
                self.class_test(var, class, m);
                pat
            }
            PatternKind::Literal(expr) => match literal::simple(expr, self.base, self.names) {
                Some(lit) => self.constant(lit, m),
                None => Pat::Var(self.fresh()),
            },
            PatternKind::Tuple(patterns) => Pat::Tuple(self.patterns_of(patterns, m)),
            PatternKind::List(patterns, rest) => {
                let heads = self.patterns_of(patterns, m);
                let tail = self.rest(rest.as_ref(), false, m);
                cons(heads, tail)
            }
            PatternKind::Cons(patterns, tail) => {
                let heads = self.patterns_of(patterns, m);
                let tail = self.pattern_of(tail, m);
                cons(heads, tail)
            }
            PatternKind::Array(patterns, rest) => {
                let array = self.fresh();
                let mut inner = Matcher {
                    seen: std::mem::take(&mut m.seen),
                    ..Matcher::default()
                };
                let heads = self.patterns_of(patterns, &mut inner);
                let tail = self.rest(rest.as_ref(), true, &mut inner);
                let elements =
                    runtime_call(Line(0), runtime::MATCH_ELEMENTS, vec![Expr::Var(array)]);
                m.seen = inner.seen;
                m.further.push((elements, cons(heads, tail)));
                m.further.extend(inner.further);
                m.tests.extend(inner.tests);
                m.bound.extend(inner.bound);
                Pat::Var(array)
            }
            PatternKind::Map(pairs) => Pat::Map(
                pairs
                    .iter()
                    .map(|(key, p)| (self.key(key), self.pattern_of(p, m)))
                    .collect(),
            ),
            PatternKind::Binary(segments) => self.binary_pattern(segments, m),
            PatternKind::Constructor(class, parts) => match self.variant_pattern(class, parts, m) {
                Some(pat) => pat,
                None => self.constructor_pattern(class, parts, m),
            },
            PatternKind::Paren(inner) => self.pattern_of(inner, m),
        }
    }

    fn patterns_of(&mut self, patterns: &'a [Pattern], m: &mut Matcher) -> Vec<Pat> {
        patterns
            .iter()
            .map(|pattern| self.pattern_of(pattern, m))
            .collect()
    }

    fn rest(&mut self, rest: Option<&Rest>, of_array: bool, m: &mut Matcher) -> Pat {
        match rest {
            Some(rest) => self.bound(&rest.name, of_array, m),
            None => Pat::Lit(Lit::List(Vec::new())),
        }
    }

    /// A name in a pattern: the second time it means "equal to the first".
    pub(super) fn bound(&mut self, name: &Name, is_array_rest: bool, m: &mut Matcher) -> Pat {
        let var = self.fresh();
        let Some(id) = self.var_at(name.span).filter(|_| name.text != "_") else {
            return Pat::Var(var);
        };
        if let Some((_, first)) = m.seen.iter().find(|(seen, _)| *seen == id) {
            m.tests
                .push(bif(Line(0), "=:=", vec![Expr::Var(*first), Expr::Var(var)]));
        } else {
            m.seen.push((id, var));
            m.bound.push((name.span, var, is_array_rest));
        }
        Pat::Var(var)
    }

    /// Floats and binaries are compared by a test: as patterns, floats compare by value on some releases (`0.0` and
    /// `-0.0`), and a binary is no literal.
    fn constant(&mut self, lit: Lit, m: &mut Matcher) -> Pat {
        if !matches!(lit, Lit::Float(_) | Lit::Binary(_)) {
            return Pat::Lit(lit);
        }
        let var = self.fresh();
        m.tests
            .push(bif(Line(0), "=:=", vec![Expr::Var(var), Expr::Lit(lit)]));
        Pat::Var(var)
    }

    fn key(&mut self, key: &MapKey) -> Lit {
        match &key.kind {
            MapKeyKind::Symbol(name) => Lit::Atom(self.names.atom(name, key.span.shift(self.base))),
            MapKeyKind::String(text) => Lit::text(text.clone()),
        }
    }

    /// `x :: Class`: a test of representation (language reference 4.14).
    fn class_test(&mut self, var: Var, class: &Name, m: &mut Matcher) {
        let is = |test: &str| bif(Line(0), test, vec![Expr::Var(var)]);
        let equals = |name: &str| bif(Line(0), "=:=", vec![Expr::Var(var), Expr::atom(name)]);
        let not = |test: Expr| bif(Line(0), "not", vec![test]);
        let both = |a: Expr, b: Expr| bif(Line(0), "and", vec![a, b]);
        let test = match class.text.as_str() {
            "Integer" => is("is_integer"),
            "Float" => is("is_float"),
            "Boolean" => is("is_boolean"),
            "True" => equals("true"),
            "False" => equals("false"),
            "Nil" | "UndefinedObject" => equals("nil"),
            "List" => is("is_list"),
            "Block" => is("is_function"),
            "Pid" => is("is_pid"),
            "Reference" => is("is_reference"),
            "Port" => is("is_port"),
            "Symbol" => both(
                is("is_atom"),
                both(not(is("is_boolean")), not(equals("nil"))),
            ),
            "String" => {
                let call = runtime_call(Line(0), runtime::MATCH_STRING, vec![Expr::Var(var)]);
                m.further.push((call, Pat::Lit(Lit::atom("true"))));
                return;
            }
            _ => return self.report(messages::not_a_pattern_class(&class.text, class.span)),
        };
        m.tests.push(test);
    }

    /// What instances of a Value or Actor class look like, if it is one that is known.
    fn class_pattern(&mut self, class: &Name) -> Option<Pat> {
        let (kind, module, is_library) = match self.class {
            Some(own) if own.name == class.text => (own.kind, own.module.clone(), own.is_library),
            _ => {
                let known = self.context.environment.class(&class.text)?;
                (known.kind, known.module.clone(), known.is_library)
            }
        };
        let is = |name: String| Pat::Lit(Lit::Atom(name));
        match kind {
            // Some of the library's classes are built-in values without a tag.
            Kind::Value if is_library && BUILT_IN.contains(&class.text.as_str()) => None,
            Kind::Value => Some(Pat::Map(vec![(Lit::atom("$beamtalk_class"), is(module))])),
            Kind::Actor => {
                let (name, process) = (Pat::Var(self.fresh()), Pat::Var(self.fresh()));
                Some(Pat::Tuple(vec![
                    is("beamtalk_object".into()),
                    name,
                    is(module),
                    process,
                ]))
            }
            Kind::Object => None,
        }
    }

    /// `Result ok: p` and `Result error: p` test the variant and look into it (language reference 4.14).
    fn variant_pattern(
        &mut self,
        class: &Name,
        parts: &'a [(Name, Pattern)],
        m: &mut Matcher,
    ) -> Option<Pat> {
        let [(keyword, pattern)] = parts else {
            return None;
        };
        let (is_ok, field) = match (class.text.as_str(), keyword.text.as_str()) {
            ("Result", "ok:") => ("true", "okValue"),
            ("Result", "error:") => ("false", "errReason"),
            _ => return None,
        };
        let module = self.library_module("Result")?;
        let is = |name: &str| Pat::Lit(Lit::atom(name));
        Some(Pat::Map(vec![
            (Lit::atom("$beamtalk_class"), is(&module)),
            (Lit::atom("isOk"), is(is_ok)),
            (Lit::atom(field), self.pattern_of(pattern, m)),
        ]))
    }

    /// `Point x: a y: b`: the keywords are those of a constructor of the class.
    fn constructor_pattern(
        &mut self,
        class: &Name,
        parts: &'a [(Name, Pattern)],
        m: &mut Matcher,
    ) -> Pat {
        let fields: Vec<&str> = parts
            .iter()
            .map(|(name, _)| name.text.trim_end_matches(':'))
            .collect();
        let Some(module) = self.constructor_module(&class.text, &fields) else {
            self.report(messages::unknown_constructor(&class.text, class.span));
            return Pat::Var(self.fresh());
        };
        let mut pairs = vec![(Lit::atom("$beamtalk_class"), Pat::Lit(Lit::atom(module)))];
        for ((name, pattern), field) in parts.iter().zip(fields) {
            let key = self.names.atom(field, name.span.shift(self.base));
            pairs.push((Lit::Atom(key), self.pattern_of(pattern, m)));
        }
        Pat::Map(pairs)
    }

    /// The module of a Value class one of whose keyword constructors has exactly these fields.
    fn constructor_module(&self, class: &str, fields: &[&str]) -> Option<String> {
        if let Some(own) = self
            .class
            .filter(|own| own.name == class && own.kind == Kind::Value)
        {
            let all: Vec<&str> = own.all_fields().map(|field| field.name.as_str()).collect();
            let some: Vec<&str> = own.fields.iter().map(|field| field.name.as_str()).collect();
            return (fields == all || fields == some).then(|| own.module.clone());
        }
        let lineage = self.context.environment.lineage(class);
        let known = lineage.first().filter(|known| known.kind == Kind::Value)?;
        let own: Vec<&str> = known
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        let all: Vec<&str> = lineage
            .iter()
            .rev()
            .flat_map(|ancestor| &ancestor.fields)
            .map(|field| field.name.as_str())
            .collect();
        (fields == all || fields == own).then(|| known.module.clone())
    }

    /// A guard that compares terms and sends nothing, as a Core Erlang guard after the pattern's own tests; `None` for
    /// any other. An error in it makes it false.
    pub(super) fn simple_guard(
        &mut self,
        guard: &'a beamtalk_ast::Expr,
        m: &Matcher,
    ) -> Option<Expr> {
        let (steps, test) = self.nested(|g| {
            let own = m
                .tests
                .iter()
                .cloned()
                .map(|test| g.bind(test))
                .collect::<Vec<_>>();
            let value = g.guard_operand(guard, m)?;
            let is_true = g.bind(bif(Line(0), "=:=", vec![value, Expr::atom("true")]));
            Some(own.into_iter().fold(is_true, |all, test| {
                g.bind(bif(Line(0), "and", vec![test, all]))
            }))
        });
        let vars = [self.fresh(), self.fresh(), self.fresh()];
        Some(Expr::Protected(Box::new(close(steps, test?)), vars))
    }

    fn guard_operand(&mut self, guard: &'a beamtalk_ast::Expr, m: &Matcher) -> Option<Expr> {
        match &guard.kind {
            ExprKind::Paren(inner) => self.guard_operand(inner, m),
            ExprKind::Variable(_) => {
                let id = self.var_at(guard.span)?;
                match m.seen.iter().find(|(seen, _)| *seen == id) {
                    Some((_, var)) => Some(Expr::Var(*var)),
                    None if self.storage(id) == Storage::Value => self.value(id).cloned(),
                    None => None,
                }
            }
            ExprKind::Chain(head, links) => {
                let mut left = self.guard_operand(head, m)?;
                for link in links {
                    let Message::Binary(operator, operand) = &link.message else {
                        return None;
                    };
                    let function = guard_operator(&operator.text)?;
                    let right = self.guard_operand(operand, m)?;
                    left = self.bind(bif(Line(0), function, vec![left, right]));
                }
                Some(left)
            }
            _ => literal::simple(guard, self.base, self.names).map(Expr::Lit),
        }
    }

    /// Takes a subject apart: a Boolean whether it matched, and the variables (nil where it did not).
    pub(super) fn take_apart(&mut self, subject: &Expr, m: &Matcher) -> Expr {
        let vars: Vec<Var> = m.bound.iter().map(|(_, var, _)| *var).collect();
        // The tests may ask about variables of the further matches: they come last.
        let matched = Expr::Values(
            std::iter::once(Expr::atom("true"))
                .chain(vars.iter().map(|v| Expr::Var(*v)))
                .collect(),
        );
        let failed = || {
            let values = std::iter::once(Expr::atom("false")).chain(vars.iter().map(|_| nil()));
            Expr::Values(values.collect())
        };
        let pat = m.pat.clone().unwrap_or(Pat::Lit(Lit::atom("nil")));
        let levels: Vec<(Expr, Pat)> = std::iter::once((subject.clone(), pat))
            .chain(m.further.iter().cloned())
            .collect();
        let count = levels.len();
        let mut inner = matched;
        for (index, (subject, pat)) in levels.into_iter().enumerate().rev() {
            let guard = if index + 1 == count {
                m.guard()
            } else {
                Expr::atom("true")
            };
            let other = self.fresh();
            let clauses = vec![
                Clause::guarded(vec![pat], guard, inner),
                Clause::new(vec![Pat::Var(other)], failed()),
            ];
            inner = Expr::Case(Box::new(subject), clauses);
        }
        inner
    }
}

/// Any map without a tag. That it is a map is a matter of the pattern: a guard of Core Erlang must not fail.
fn dictionary(var: Var, m: &mut Matcher) -> Pat {
    let key = Expr::atom("$beamtalk_class");
    let tagged = bif(Line(0), "is_map_key", vec![key, Expr::Var(var)]);
    m.tests.push(bif(Line(0), "not", vec![tagged]));
    Pat::Alias(var, Box::new(Pat::Map(Vec::new())))
}

fn guard_operator(operator: &str) -> Option<&'static str> {
    Some(match operator {
        ">" => ">",
        "<" => "<",
        ">=" => ">=",
        "<=" => "=<",
        "=:=" => "=:=",
        "==" => "==",
        "/=" => "/=",
        "=/=" => "=/=",
        "+" => "+",
        "-" => "-",
        "*" => "*",
        "/" => "/",
        "%" => "rem",
        _ => return None,
    })
}

fn cons(heads: Vec<Pat>, tail: Pat) -> Pat {
    heads
        .into_iter()
        .rev()
        .fold(tail, |tail, head| Pat::Cons(Box::new(head), Box::new(tail)))
}
