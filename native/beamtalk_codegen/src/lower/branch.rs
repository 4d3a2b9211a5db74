//! Where code branches and joins.
//!
//! A branch that leaves the function (`^`) cannot be a value that is bound and gone on with: Core Erlang has no
//! return. There, what follows becomes the last clause ([`Step::Exit`]) where one branch goes on, or a local function
//! that every branch that goes on calls last ([`Lower::join`]). In both cases the whole construct is in tail position
//! of its function. Everywhere else branches are values ([`Lower::merge`]), and one that does not come back is given
//! as many values as the others.

use beamtalk_core_erlang::{Clause, Expr, Fun, FunName, Function, Line, Lit, Pat, Step, Var};
use beamtalk_semantic::{Storage, VarId};

use super::{Exited, Lower, Lowered, Values, bif, close, nil};

/// What a branch is taken for.
pub(super) enum Head {
    /// The subject is this constant.
    Is(Lit),
    /// The subject matches, and the guard holds.
    Matches(Pat, Expr),
    /// Anything else; always the last branch.
    Otherwise,
}

/// A branch and what it does.
pub(super) type Branch<'b, 'a, 'n> = (Head, Box<dyn FnOnce(&mut Lower<'a, 'n>) -> Lowered + 'b>);

struct Done {
    head: Head,
    steps: Vec<Step>,
    end: Lowered,
    values: Values,
}

impl<'a, 'n> Lower<'a, 'n> {
    /// Whether the inlined block at an offset contains a `^` that leaves this function as its answer. (In a closure `^`
    /// is a call that does not come back, which may stand anywhere.)
    pub(super) fn returns(&self, offset: u32) -> bool {
        self.depth == 0 && self.resolution.returning.contains(&(self.base + offset))
    }

    /// Makes what follows the test that was made last a function of its answer. A test that is a message in rare cases
    /// then costs a stack frame only in these; to be used where what follows ends in tail calls.
    pub(super) fn decide_apart(&mut self, answer: &Expr) {
        let tested = self.steps.pop_if(|step| match (step, answer) {
            (Step::Let(vars, Expr::Case(..)), Expr::Var(var)) => vars[..] == [*var],
            _ => false,
        });
        let Some(Step::Let(vars, Expr::Case(subject, clauses))) = tested else {
            return;
        };
        let name = FunName::new(self.label(), 1);
        let clauses = clauses
            .into_iter()
            .map(|clause| Clause {
                body: self.call_with(&name, clause.body),
                ..clause
            })
            .collect();
        self.steps
            .push(Step::Join(name, vars, Expr::Case(subject, clauses)));
    }

    fn call_with(&mut self, name: &FunName, value: Expr) -> Expr {
        let call = |value| Expr::Apply(Line(0), Box::new(Expr::Local(name.clone())), vec![value]);
        if matches!(value, Expr::Lit(_)) {
            return call(value);
        }
        let var = self.fresh();
        close(vec![Step::Let(vec![var], value)], call(Expr::Var(var)))
    }

    /// Takes one of several branches. `tail`: a branch may leave the function.
    pub(super) fn choose(
        &mut self,
        subject: &Expr,
        branches: Vec<Branch<'_, 'a, 'n>>,
        tail: bool,
    ) -> Lowered {
        let before = self.values.clone();
        let mut done = Vec::with_capacity(branches.len());
        for (head, branch) in branches {
            self.count(2)?;
            self.values.clone_from(&before);
            let (steps, end) = self.nested(branch);
            done.push(Done {
                head,
                steps,
                end,
                values: std::mem::take(&mut self.values),
            });
        }
        self.values.clone_from(&before);
        let going_on = done.iter().filter(|branch| branch.end.is_ok()).count();
        let by_constant = !done
            .iter()
            .any(|branch| matches!(branch.head, Head::Matches(..)));
        match going_on {
            0 => Err(Exited(self.exits(subject, done))),
            1 if tail && by_constant => self.only_one_goes_on(subject, done),
            _ if tail => Ok(self.join(subject, done, &before)),
            _ => Ok(self.merge(subject, done, &before)),
        }
    }

    fn exits(&mut self, subject: &Expr, done: Vec<Done>) -> Expr {
        let clauses = done
            .into_iter()
            .map(|branch| self.exit_clause(branch, None))
            .collect();
        Expr::Case(Box::new(subject.clone()), clauses)
    }

    /// The clause of a branch that leaves. `unless`: the constant whose branch is not before it.
    fn exit_clause(&mut self, branch: Done, unless: Option<&Lit>) -> Clause {
        let body = match branch.end {
            Ok(value) | Err(Exited(value)) => close(branch.steps, value),
        };
        match branch.head {
            Head::Is(lit) => Clause::new(vec![Pat::Lit(lit)], body),
            Head::Matches(pat, guard) => Clause::guarded(vec![pat], guard, body),
            Head::Otherwise => {
                let var = self.fresh();
                let guard = match unless {
                    Some(lit) => bif(Line(0), "=/=", vec![Expr::Var(var), Expr::Lit(lit.clone())]),
                    None => Expr::atom("true"),
                };
                Clause::guarded(vec![Pat::Var(var)], guard, body)
            }
        }
    }

    /// The branch that goes on is the rest of the code.
    fn only_one_goes_on(&mut self, subject: &Expr, done: Vec<Done>) -> Lowered {
        let (going_on, leaving): (Vec<_>, Vec<_>) =
            done.into_iter().partition(|branch| branch.end.is_ok());
        let Some(rest) = going_on.into_iter().next() else {
            return Ok(nil());
        };
        let unless = match &rest.head {
            Head::Is(lit) => Some(lit.clone()),
            Head::Matches(..) | Head::Otherwise => None,
        };
        let exits = leaving
            .into_iter()
            .map(|branch| self.exit_clause(branch, unless.as_ref()))
            .collect();
        let anything = self.fresh();
        self.steps
            .push(Step::Exit(subject.clone(), exits, vec![Pat::Var(anything)]));
        self.steps.extend(rest.steps);
        self.values = rest.values;
        rest.end
    }

    /// Every branch that goes on has a value and may have changed variables: all of them are bound at once.
    fn merge(&mut self, subject: &Expr, done: Vec<Done>, before: &Values) -> Expr {
        let changed = changed(&done, before);
        let clauses = done
            .into_iter()
            .map(|branch| {
                let (pattern, guard) = self.clause_head(branch.head);
                let body = match branch.end {
                    Ok(value) => close(branch.steps, results(value, &changed, &branch.values)),
                    Err(Exited(exit)) => self.never(branch.steps, exit, changed.len() + 1),
                };
                Clause::guarded(vec![pattern], guard, body)
            })
            .collect();
        let result = self.fresh();
        let vars = self.rebind(&changed);
        let bound = std::iter::once(result).chain(vars).collect();
        self.steps.push(Step::Let(
            bound,
            Expr::Case(Box::new(subject.clone()), clauses),
        ));
        Expr::Var(result)
    }

    /// A body that does not come back, as `count` values.
    fn never(&mut self, mut steps: Vec<Step>, exit: Expr, count: usize) -> Expr {
        if count == 1 {
            return close(steps, exit);
        }
        steps.push(Step::Let(vec![self.fresh()], exit));
        close(steps, Expr::Values(vec![nil(); count]))
    }

    /// What follows becomes a function; every branch that goes on calls it last.
    fn join(&mut self, subject: &Expr, done: Vec<Done>, before: &Values) -> Expr {
        let changed = changed(&done, before);
        let label = FunName::new(self.label(), changed.len() + 1);
        let clauses = done
            .into_iter()
            .map(|branch| {
                let (pattern, guard) = self.clause_head(branch.head);
                let end = match branch.end {
                    Ok(value) => jump(&label, value, &changed, &branch.values),
                    Err(Exited(exit)) => exit,
                };
                Clause::guarded(vec![pattern], guard, close(branch.steps, end))
            })
            .collect();
        let entry = Expr::Case(Box::new(subject.clone()), clauses);
        self.join_at(label, &changed, entry)
    }

    /// Begins the function `label`, of a value and the changed variables, with everything that follows as its body;
    /// `entry` calls it.
    pub(super) fn join_at(&mut self, label: FunName, changed: &[VarId], entry: Expr) -> Expr {
        let result = self.fresh();
        let vars = self.rebind(changed);
        let params = std::iter::once(result).chain(vars).collect();
        self.steps.push(Step::Join(label, params, entry));
        Expr::Var(result)
    }

    /// Gives each variable a fresh Core variable.
    pub(super) fn rebind(&mut self, ids: &[VarId]) -> Vec<Var> {
        ids.iter()
            .map(|id| {
                let var = self.fresh();
                self.set_value(*id, Expr::Var(var));
                var
            })
            .collect()
    }

    fn clause_head(&mut self, head: Head) -> (Pat, Expr) {
        let always = Expr::atom("true");
        match head {
            Head::Is(lit) => (Pat::Lit(lit), always),
            Head::Matches(pat, guard) => (pat, guard),
            Head::Otherwise => (Pat::Var(self.fresh()), always),
        }
    }

    /// The variables that exist here and that the inlined blocks at these offsets assign.
    pub(super) fn assigned_in(&self, offsets: &[u32]) -> Vec<VarId> {
        let mut ids: Vec<VarId> = offsets
            .iter()
            .filter_map(|offset| self.resolution.assigned.get(&(self.base + offset)))
            .flatten()
            .copied()
            .filter(|id| self.value(*id).is_some() && self.storage(*id) != Storage::Cell)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// What those variables hold now.
    pub(super) fn current(&self, ids: &[VarId]) -> Vec<Expr> {
        ids.iter()
            .map(|id| self.value(*id).cloned().unwrap_or_else(nil))
            .collect()
    }
}

/// A local function, and an expression that is evaluated with it. It is an expression of one value: what is bound around
/// several values holds no local functions ([`beamtalk_core_erlang::check`]).
pub(super) fn letrec(name: FunName, params: Vec<Var>, body: Expr, inside: Expr) -> Expr {
    let function = Function {
        name,
        fun: Fun { params, body },
    };
    close(vec![Step::Letrec(vec![function])], inside)
}

/// The variables from before that a branch which goes on has changed.
fn changed(done: &[Done], before: &Values) -> Vec<VarId> {
    let differs = |index: &usize| {
        done.iter()
            .filter(|branch| branch.end.is_ok())
            .any(|branch| branch.values.get(*index) != before.get(*index))
    };
    (0..before.len())
        .filter(|index| before.get(*index).is_some_and(Option::is_some))
        .filter(differs)
        .map(|index| VarId(index as u32))
        .collect()
}

fn with_changed(value: Expr, changed: &[VarId], values: &Values) -> Vec<Expr> {
    let held = |id: &VarId| {
        values
            .get(id.0 as usize)
            .cloned()
            .flatten()
            .unwrap_or_else(nil)
    };
    std::iter::once(value)
        .chain(changed.iter().map(held))
        .collect()
}

fn results(value: Expr, changed: &[VarId], values: &Values) -> Expr {
    if changed.is_empty() {
        value
    } else {
        Expr::Values(with_changed(value, changed, values))
    }
}

fn jump(label: &FunName, value: Expr, changed: &[VarId], values: &Values) -> Expr {
    Expr::Apply(
        Line(0),
        Box::new(Expr::Local(label.clone())),
        with_changed(value, changed, values),
    )
}
