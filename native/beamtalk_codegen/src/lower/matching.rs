//! `match:` and destructuring assignment.

use beamtalk_ast::{Arm, Expr as Ast, MapKeyKind, Pattern, PatternKind, Rest, Target, TargetKind};
use beamtalk_core_erlang::{Expr, Line, Lit, Step};
use beamtalk_source::Span;

use super::branch::{Branch, Head};
use super::pattern::Matcher;
use super::{Exited, Lower, Lowered, nil, runtime_call};
use crate::{literal, runtime};

impl<'a, 'n> Lower<'a, 'n> {
    pub(super) fn match_expr(
        &mut self,
        scrutinee: &'a Ast,
        arms: &'a [Arm],
        span: Span,
    ) -> Lowered {
        let subject = self.expr(scrutinee)?;
        let subject = self.small(subject);
        let tail = arms.iter().any(|arm| self.returns(arm.span.start));
        self.arms(&subject, arms, tail, span)
    }

    /// Arms that one clause each can say are one `case`; any other arm is taken apart, and decides between its body and
    /// the arms after it.
    fn arms(&mut self, subject: &Expr, arms: &'a [Arm], tail: bool, span: Span) -> Lowered {
        let mut branches: Vec<Branch<'a, 'a, 'n>> = Vec::new();
        for (index, arm) in arms.iter().enumerate() {
            let matcher = self.matcher(&arm.pattern);
            let guard = match &arm.guard {
                None => Some(None),
                Some(guard) => self.simple_guard(guard, &matcher).map(Some),
            };
            if let (Some(guard), true) = (guard, matcher.is_simple()) {
                branches.push(simple_arm(arm, &matcher, guard));
                continue;
            }
            let (again, rest) = (subject.clone(), arms.get(index + 1..).unwrap_or_default());
            let take = Box::new(move |g: &mut Self| {
                g.complex_arm(&again, arm, &matcher, rest, tail, span)
            });
            branches.push((Head::Otherwise, take));
            return self.choose(subject, branches, tail);
        }
        let value = subject.clone();
        branches.push((
            Head::Otherwise,
            Box::new(move |g| Err(g.no_match(value, span))),
        ));
        self.choose(subject, branches, tail)
    }

    fn no_match(&mut self, value: Expr, span: Span) -> Exited {
        Exited(runtime_call(
            self.line(span),
            runtime::NO_MATCH,
            vec![value],
        ))
    }

    fn complex_arm(
        &mut self,
        subject: &Expr,
        arm: &'a Arm,
        matcher: &Matcher,
        rest: &'a [Arm],
        tail: bool,
        span: Span,
    ) -> Lowered {
        self.count(8)?;
        let apart = self.take_apart(subject, matcher);
        let matched = self.fresh();
        // The names of the pattern are bound again here, outside of the clauses that matched.
        let outside: Vec<_> = matcher.bound.iter().map(|_| self.fresh()).collect();
        self.steps.push(Step::Let(
            std::iter::once(matched)
                .chain(outside.iter().copied())
                .collect(),
            apart,
        ));
        let bound: Vec<(Span, Expr, bool)> = matcher
            .bound
            .iter()
            .zip(&outside)
            .map(|((span, _, array), var)| (*span, Expr::Var(*var), *array))
            .collect();
        let bound_again = bound.clone();

        let taken = match &arm.guard {
            None => Expr::Var(matched),
            Some(guard) => {
                let branches: Vec<Branch<'_, 'a, 'n>> = vec![
                    (
                        Head::Is(Lit::atom("true")),
                        Box::new(move |g| {
                            g.bind_names(bound)?;
                            let value = g.expr(guard)?;
                            g.call(g.line(guard.span), runtime::GUARD, vec![value])
                        }),
                    ),
                    (Head::Otherwise, Box::new(|_| Ok(Expr::atom("false")))),
                ];
                let leaves = self.returns(guard.span.start);
                self.choose(&Expr::Var(matched), branches, leaves)?
            }
        };
        let subject = subject.clone();
        let branches: Vec<Branch<'_, 'a, 'n>> = vec![
            (
                Head::Is(Lit::atom("true")),
                Box::new(move |g| {
                    g.bind_names(bound_again)?;
                    g.statements(std::slice::from_ref(&arm.body))
                }),
            ),
            (
                Head::Otherwise,
                Box::new(move |g| g.arms(&subject, rest, tail, span)),
            ),
        ];
        self.choose(&taken, branches, tail)
    }

    fn bind_names(&mut self, bound: Vec<(Span, Expr, bool)>) -> Result<(), Exited> {
        for (span, value, is_array_rest) in bound {
            let value = if is_array_rest {
                self.call(Line(0), runtime::ARRAY, vec![value])?
            } else {
                value
            };
            self.bind_parameter(span, value)?;
        }
        Ok(())
    }

    // Destructuring

    /// Takes a value apart, left to right (language reference 4.5).
    pub(super) fn destructure(&mut self, target: &'a Target, value: &Expr) -> Result<(), Exited> {
        self.count(2)?;
        match &target.kind {
            TargetKind::Variable(name, _) => {
                match self.var_at(name.span).filter(|_| name.text != "_") {
                    Some(id) => self.write_variable(id, value.clone()),
                    None => Ok(()),
                }
            }
            TargetKind::Field(object, field) => {
                self.assign_field(object, field, value.clone()).map(drop)
            }
            TargetKind::Array(targets, rest) | TargetKind::List(targets, rest) => {
                self.positions(targets, rest.as_ref(), value, target.span)
            }
            TargetKind::Map(pairs) => {
                for (key, target) in pairs {
                    let key = match &key.kind {
                        MapKeyKind::Symbol(name) => {
                            Lit::Atom(self.names.atom(name, key.span.shift(self.base)))
                        }
                        MapKeyKind::String(text) => Lit::text(text.clone()),
                    };
                    let line = self.line(target.span);
                    let part = self.call(
                        line,
                        runtime::MATCH_KEY,
                        vec![value.clone(), Expr::Lit(key)],
                    )?;
                    self.destructure(target, &part)?;
                }
                Ok(())
            }
            TargetKind::Tuple(patterns) => self.tuple_target(patterns, value, target.span),
            TargetKind::Literal(expr) => self.must_equal(expr, value, target.span),
        }
    }

    fn positions(
        &mut self,
        targets: &'a [Target],
        rest: Option<&'a Rest>,
        value: &Expr,
        span: Span,
    ) -> Result<(), Exited> {
        let line = self.line(span);
        for (index, target) in (1_i64..).zip(targets) {
            let part = self.call(
                line,
                runtime::MATCH_AT,
                vec![value.clone(), Expr::Lit(Lit::Int(index))],
            )?;
            self.destructure(target, &part)?;
        }
        let Some(rest) = rest else { return Ok(()) };
        let count = Expr::Lit(Lit::Int(i64::try_from(targets.len()).unwrap_or(i64::MAX)));
        let part = self.call(line, runtime::MATCH_REST, vec![value.clone(), count])?;
        match self
            .var_at(rest.name.span)
            .filter(|_| rest.name.text != "_")
        {
            Some(id) => self.write_variable(id, part),
            None => Ok(()),
        }
    }

    /// The elements of `{…}` are patterns: each must match, and what it binds is assigned.
    fn tuple_target(
        &mut self,
        patterns: &'a [Pattern],
        value: &Expr,
        span: Span,
    ) -> Result<(), Exited> {
        let line = self.line(span);
        let size = Expr::Lit(Lit::Int(i64::try_from(patterns.len()).unwrap_or(i64::MAX)));
        let tuple = self.call(line, runtime::MATCH_TUPLE, vec![value.clone(), size])?;
        for (index, pattern) in (1_i64..).zip(patterns) {
            let part = self.bind(super::bif(
                line,
                "element",
                vec![Expr::Lit(Lit::Int(index)), tuple.clone()],
            ));
            self.must_match(pattern, &part, span)?;
        }
        Ok(())
    }

    fn must_match(&mut self, pattern: &'a Pattern, value: &Expr, span: Span) -> Result<(), Exited> {
        if matches!(pattern.kind, PatternKind::Wildcard) {
            return Ok(());
        }
        let matcher = self.matcher(pattern);
        let apart = self.take_apart(value, &matcher);
        let matched = self.fresh();
        let outside: Vec<_> = matcher.bound.iter().map(|_| self.fresh()).collect();
        self.steps.push(Step::Let(
            std::iter::once(matched)
                .chain(outside.iter().copied())
                .collect(),
            apart,
        ));
        self.require(&Expr::Var(matched), value, span)?;
        for ((name, _, is_array_rest), var) in matcher.bound.iter().zip(outside) {
            let mut part = Expr::Var(var);
            if *is_array_rest {
                part = self.call(Line(0), runtime::ARRAY, vec![part])?;
            }
            if let Some(id) = self.var_at(*name) {
                self.write_variable(id, part)?;
            }
        }
        Ok(())
    }

    fn must_equal(&mut self, expr: &'a Ast, value: &Expr, span: Span) -> Result<(), Exited> {
        let Some(lit) = literal::simple(expr, self.base, self.names) else {
            return Ok(());
        };
        let same = self.bind(super::bif(
            Line(0),
            "=:=",
            vec![value.clone(), Expr::Lit(lit)],
        ));
        self.require(&same, value, span)
    }

    /// Goes on only where the condition is true.
    fn require(&mut self, condition: &Expr, value: &Expr, span: Span) -> Result<(), Exited> {
        let refuse = runtime_call(self.line(span), runtime::BAD_MATCH, vec![value.clone()]);
        let branches: Vec<Branch<'_, 'a, 'n>> = vec![
            (Head::Is(Lit::atom("true")), Box::new(|_| Ok(nil()))),
            (Head::Otherwise, Box::new(move |_| Err(Exited(refuse)))),
        ];
        self.choose(condition, branches, false).map(drop)
    }
}

fn simple_arm<'a, 'n>(arm: &'a Arm, matcher: &Matcher, guard: Option<Expr>) -> Branch<'a, 'a, 'n> {
    let pat = matcher
        .pat
        .clone()
        .unwrap_or(beamtalk_core_erlang::Pat::Lit(Lit::atom("nil")));
    let bound = matcher
        .bound
        .iter()
        .map(|(span, var, array)| (*span, Expr::Var(*var), *array))
        .collect();
    let head = Head::Matches(pat, guard.unwrap_or_else(|| matcher.guard()));
    (
        head,
        Box::new(move |g: &mut Lower<'a, 'n>| {
            g.bind_names(bound)?;
            g.statements(std::slice::from_ref(&arm.body))
        }),
    )
}
