//! Inlined control flow.
//!
//! A literal block of a control-flow message is code of the surrounding function. A loop is a local function whose
//! parameters are the variables that its blocks assign.

use beamtalk_ast::{Expr as Ast, Link};
use beamtalk_core_erlang::{Clause, Expr, FunName, Line, Lit, Pat, Step, Var};
use beamtalk_semantic::{Control, LiteralBlock, VarId};
use beamtalk_source::Span;

use super::branch::{Branch, Head, letrec};
use super::{Exited, Lower, Lowered, bif, nil};
use crate::runtime;

impl<'a, 'n> Lower<'a, 'n> {
    /// Lowers a control-flow message. Its receiver is an expression, or the value of the message before it.
    pub(super) fn control(
        &mut self,
        head: Option<&'a Ast>,
        value: Option<Expr>,
        inlined: &Control<'a>,
        link: &'a Link,
    ) -> Lowered {
        match inlined {
            Control::Value(literal) => {
                let args = self.arguments(&link.message)?;
                return self.inline(*literal, args);
            }
            Control::While(flag, condition, body) => {
                return self.while_loop(*flag, *condition, *body, link.span);
            }
            Control::Repeat(body) => return self.repeat(*body),
            _ => {}
        }
        let receiver = match (head, value) {
            (_, Some(value)) => value,
            (Some(head), None) => self.expr(head)?,
            (None, None) => nil(),
        };
        let receiver = self.small(receiver);
        match inlined {
            Control::If(yes, no) => self.conditional(&receiver, block(*yes), block(*no), link),
            Control::And(literal) => self.conditional(
                &receiver,
                block(Some(*literal)),
                Side::Constant("false"),
                link,
            ),
            Control::Or(literal) => self.conditional(
                &receiver,
                Side::Constant("true"),
                block(Some(*literal)),
                link,
            ),
            Control::IfNil(absent, present) => self.if_nil(&receiver, *absent, *present),
            Control::Times(body) => self.times(receiver, *body, link),
            Control::To(limit, step, body) => {
                let limit = self.expr(limit)?;
                let step = step.map(|step| self.expr(step)).transpose()?;
                self.interval(receiver, &limit, step, *body, link)
            }
            Control::Value(_) | Control::While(..) | Control::Repeat(_) => Ok(nil()),
        }
    }

    /// A block's statements, here and now.
    fn inline(&mut self, literal: LiteralBlock<'a>, args: Vec<Expr>) -> Lowered {
        self.count(1)?;
        for ((name, _), arg) in literal.block.params.iter().zip(args) {
            self.bind_parameter(name.span, arg)?;
        }
        self.statements(&literal.block.body)
    }

    fn conditional(&mut self, subject: &Expr, yes: Side<'a>, no: Side<'a>, link: &Link) -> Lowered {
        let tail = [yes, no].into_iter().any(|side| self.side_returns(side));
        let selector = link.message.selector();
        let span = link.message.selector_span();
        let other = subject.clone();
        let mut branches: Vec<Branch<'_, 'a, 'n>> =
            vec![(Head::Is(Lit::atom("true")), Self::side(yes, "true"))];
        if self.is_boolean(subject) {
            branches.push((Head::Otherwise, Self::side(no, "false")));
        } else {
            branches.push((Head::Is(Lit::atom("false")), Self::side(no, "false")));
            branches.push((
                Head::Otherwise,
                Box::new(move |g| Err(g.not_inlined(other, &selector, span))),
            ));
        }
        self.choose(subject, branches, tail)
    }

    fn side_returns(&self, side: Side<'a>) -> bool {
        matches!(side, Side::Block(literal) if self.returns(literal.expr.span.start))
    }

    fn side(
        side: Side<'a>,
        itself: &'static str,
    ) -> Box<dyn FnOnce(&mut Lower<'a, 'n>) -> Lowered + 'a> {
        match side {
            Side::Block(literal) => Box::new(move |g| g.inline(literal, Vec::new())),
            Side::Constant(name) => Box::new(move |_| Ok(Expr::atom(name))),
            Side::Receiver => Box::new(move |_| Ok(Expr::atom(itself))),
        }
    }

    fn if_nil(
        &mut self,
        subject: &Expr,
        absent: Option<LiteralBlock<'a>>,
        present: Option<LiteralBlock<'a>>,
    ) -> Lowered {
        let tail = [absent, present]
            .into_iter()
            .flatten()
            .any(|literal| self.returns(literal.expr.span.start));
        // Without a block for it, a present value is the answer of `ifNil:`, an absent one that of `ifNotNil:`.
        let value = subject.clone();
        let branches: Vec<Branch<'_, 'a, 'n>> = vec![
            (
                Head::Is(Lit::atom("nil")),
                Box::new(move |g| {
                    absent.map_or(Ok(nil()), |literal| g.inline(literal, Vec::new()))
                }),
            ),
            (
                Head::Otherwise,
                Box::new(move |g| match present {
                    Some(literal) => g.inline(literal, vec![value]),
                    None => Ok(value),
                }),
            ),
        ];
        self.choose(subject, branches, tail)
    }

    // Loops

    fn while_loop(
        &mut self,
        flag: bool,
        condition: LiteralBlock<'a>,
        body: LiteralBlock<'a>,
        span: Span,
    ) -> Lowered {
        let offsets = [condition.expr.span.start, body.expr.span.start];
        let selector = if flag { "ifTrue:" } else { "ifFalse:" };
        self.looped(&offsets, &[], |g, again| {
            let subject = g.inline(condition, Vec::new())?;
            let subject = g.small(subject);
            g.decide_apart(&subject);
            let other = subject.clone();
            let branches: Vec<Branch<'_, 'a, 'n>> = vec![
                (
                    Head::Is(Lit::atom(if flag { "true" } else { "false" })),
                    Box::new(|g| {
                        g.inline(body, Vec::new())?;
                        Err(g.again(again, Vec::new()))
                    }),
                ),
                (
                    Head::Is(Lit::atom(if flag { "false" } else { "true" })),
                    Box::new(|g| Err(g.finished(again))),
                ),
                (
                    Head::Otherwise,
                    Box::new(move |g| Err(g.not_inlined(other, selector, span))),
                ),
            ];
            g.choose(&subject, branches, true)
        })
    }

    fn repeat(&mut self, body: LiteralBlock<'a>) -> Lowered {
        self.looped(&[body.expr.span.start], &[], |g, again| {
            g.inline(body, Vec::new())?;
            Err(g.again(again, Vec::new()))
        })
    }

    fn times(&mut self, count: Expr, body: LiteralBlock<'a>, link: &Link) -> Lowered {
        self.integer_or_not_inlined(&[&count], link)?;
        let limit = count;
        self.looped(
            &[body.expr.span.start],
            &[Expr::Lit(Lit::Int(1))],
            |g, again| {
                let [counter] = again.own.as_slice() else {
                    return Ok(nil());
                };
                let counter = Expr::Var(*counter);
                let goes_on = bif(Line(0), "=<", vec![counter.clone(), limit]);
                g.counted(goes_on, again, counter, Expr::Lit(Lit::Int(1)), body, false)
            },
        )
    }

    fn interval(
        &mut self,
        start: Expr,
        limit: &Expr,
        step: Option<Expr>,
        body: LiteralBlock<'a>,
        link: &Link,
    ) -> Lowered {
        let step = step.unwrap_or(Expr::Lit(Lit::Int(1)));
        self.integer_or_not_inlined(&[&start, limit, &step], link)?;
        self.looped(&[body.expr.span.start], &[start], |g, again| {
            let [counter] = again.own.as_slice() else {
                return Ok(nil());
            };
            let counter = Expr::Var(*counter);
            let goes_on = range_goes_on(&counter, limit, &step);
            g.counted(goes_on, again, counter, step, body, true)
        })
    }

    /// One round of a counted loop: the body, with the counter as its parameter if it takes one, then the next round.
    fn counted(
        &mut self,
        goes_on: Expr,
        again: &Loop,
        counter: Expr,
        step: Expr,
        body: LiteralBlock<'a>,
        passes_counter: bool,
    ) -> Lowered {
        let subject = self.bind(goes_on);
        let branches: Vec<Branch<'_, 'a, 'n>> = vec![
            (
                Head::Is(Lit::atom("true")),
                Box::new(move |g| {
                    let args = if passes_counter {
                        vec![counter.clone()]
                    } else {
                        Vec::new()
                    };
                    g.inline(body, args)?;
                    let next = g.bind(bif(Line(0), "+", vec![counter, step]));
                    Err(g.again(again, vec![next]))
                }),
            ),
            (Head::Otherwise, Box::new(|g| Err(g.finished(again)))),
        ];
        self.choose(&subject, branches, true)
    }

    /// The operands of a counted loop are integers; anything else does not understand the message.
    fn integer_or_not_inlined(&mut self, operands: &[&Expr], link: &Link) -> Result<(), Exited> {
        let unknown: Vec<&Expr> = operands
            .iter()
            .copied()
            .filter(|operand| !matches!(operand, Expr::Lit(Lit::Int(_))))
            .collect();
        let Some(test) = unknown
            .iter()
            .map(|operand| bif(Line(0), "is_integer", vec![(*operand).clone()]))
            .reduce(|all, test| bif(Line(0), "and", vec![all, test]))
        else {
            return Ok(());
        };
        self.count(4)?;
        let receiver = (*operands.first().unwrap_or(&&nil())).clone();
        let arguments = Expr::list(
            operands
                .iter()
                .skip(1)
                .map(|operand| (*operand).clone())
                .collect(),
        );
        let selector = Expr::atom(link.message.selector());
        let line = self.line(link.message.selector_span());
        let refuse = super::runtime_call(
            line,
            runtime::NOT_INTEGER,
            vec![receiver, selector, arguments],
        );
        let checked = self.fresh();
        let clauses = vec![
            Clause::guarded(Vec::new(), test, Expr::atom("true")),
            Clause::new(Vec::new(), refuse),
        ];
        self.steps.push(Step::Let(
            vec![checked],
            Expr::Case(Box::new(Expr::Values(Vec::new())), clauses),
        ));
        Ok(())
    }

    /// A loop over the blocks at `offsets`. `own` are the first values of variables of the loop itself; `round` lowers
    /// one round, which ends by going [`Lower::again`] or by being [`Lower::finished`]. The value of a loop is nil.
    fn looped(
        &mut self,
        offsets: &[u32],
        own: &[Expr],
        round: impl FnOnce(&mut Self, &Loop) -> Lowered,
    ) -> Lowered {
        self.count(6)?;
        let tail = offsets.iter().any(|offset| self.returns(*offset));
        let assigned = self.assigned_in(offsets);
        let first: Vec<Expr> = own.iter().cloned().chain(self.current(&assigned)).collect();
        let label = FunName::new(self.label(), first.len());
        let after = tail.then(|| FunName::new(self.label(), assigned.len() + 1));
        let before = self.values.clone();

        let own: Vec<Var> = own.iter().map(|_| self.fresh()).collect();
        let params: Vec<Var> = own.iter().copied().chain(self.rebind(&assigned)).collect();
        let again = Loop {
            label: label.clone(),
            own,
            assigned,
            after,
        };
        let body = self.closed(|g| round(g, &again));
        self.values = before;

        let enter = Expr::Apply(Line(0), Box::new(Expr::Local(label.clone())), first);
        let looping = letrec(label, params, body, enter);
        match again.after {
            Some(after) => {
                self.join_at(after, &again.assigned, looping);
            }
            None => self.loop_results(&again.assigned, looping),
        }
        Ok(nil())
    }

    /// Ends a round by beginning the next one.
    fn again(&mut self, again: &Loop, own: Vec<Expr>) -> Exited {
        let args = own
            .into_iter()
            .chain(self.current(&again.assigned))
            .collect();
        Exited(Expr::Apply(
            Line(0),
            Box::new(Expr::Local(again.label.clone())),
            args,
        ))
    }

    /// Ends the loop: goes on with what follows it, or answers what the variables hold.
    fn finished(&mut self, again: &Loop) -> Exited {
        let mut held = self.current(&again.assigned);
        if let Some(after) = &again.after {
            let args = std::iter::once(nil()).chain(held).collect();
            return Exited(Expr::Apply(
                Line(0),
                Box::new(Expr::Local(after.clone())),
                args,
            ));
        }
        Exited(match held.len() {
            0 => nil(),
            1 => held.swap_remove(0),
            _ => Expr::Tuple(held),
        })
    }

    /// Takes the variables out of what a loop answers: see [`Lower::finished`].
    fn loop_results(&mut self, assigned: &[VarId], enter: Expr) {
        match assigned {
            [] => {
                self.bind(enter);
            }
            [id] => {
                let value = self.bind(enter);
                self.set_value(*id, value);
            }
            many => {
                let tuple = self.bind(enter);
                for (index, id) in many.iter().enumerate() {
                    let position =
                        Expr::Lit(Lit::Int(i64::try_from(index + 1).unwrap_or(i64::MAX)));
                    let value = self.bind(bif(Line(0), "element", vec![position, tuple.clone()]));
                    self.set_value(*id, value);
                }
            }
        }
    }
}

/// A loop while its round is lowered.
struct Loop {
    label: FunName,
    /// Variables of the loop itself.
    own: Vec<Var>,
    /// Variables of the program that its blocks assign.
    assigned: Vec<VarId>,
    /// What follows, where a `^` inside the loop may leave the function.
    after: Option<FunName>,
}

/// What a conditional does on one side.
#[derive(Clone, Copy)]
enum Side<'a> {
    Block(LiteralBlock<'a>),
    Constant(&'static str),
    /// Answers the receiver itself.
    Receiver,
}

fn block(literal: Option<LiteralBlock<'_>>) -> Side<'_> {
    literal.map_or(Side::Receiver, Side::Block)
}

/// Whether a counter is still in its range; a step of zero runs no round.
fn range_goes_on(counter: &Expr, limit: &Expr, step: &Expr) -> Expr {
    let up = bif(Line(0), "=<", vec![counter.clone(), limit.clone()]);
    let down = bif(Line(0), ">=", vec![counter.clone(), limit.clone()]);
    let clause = |test: &str, body| {
        Clause::guarded(
            Vec::new(),
            bif(Line(0), test, vec![step.clone(), Expr::Lit(Lit::Int(0))]),
            body,
        )
    };
    match step {
        Expr::Lit(Lit::Int(1..)) => up,
        Expr::Lit(Lit::Int(0)) => Expr::atom("false"),
        Expr::Lit(Lit::Int(_)) => down,
        _ => Expr::Case(
            Box::new(Expr::Values(Vec::new())),
            vec![
                clause(">", up),
                clause("<", down),
                Clause::new(Vec::<Pat>::new(), Expr::atom("false")),
            ],
        ),
    }
}
