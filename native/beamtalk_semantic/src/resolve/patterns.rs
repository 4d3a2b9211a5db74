//! The variables of patterns.

use beamtalk_ast::{Arm, MapKey, Name, Pattern, PatternKind, SegmentSize};
use rustc_hash::FxHashMap;

use super::{Resolver, VarKind};
use crate::messages;

/// The array or list pattern that a variable is an element of: its offset.
type Elements = Option<u32>;

/// What to do with a variable of a pattern.
type Bind<'r, 'l> = &'l mut dyn FnMut(&mut Resolver<'r>, &Name, Elements);

impl<'r> Resolver<'r> {
    pub(super) fn arm(&mut self, arm: &Arm) {
        self.inlined_at(arm.span.start, |r| {
            r.scopes.push(FxHashMap::default());
            let mut seen: FxHashMap<String, Elements> = FxHashMap::default();
            r.pattern(&arm.pattern, None, &mut |r, name, elements| match seen
                .get(&name.text)
                .copied()
            {
                None => {
                    r.pattern_variable(name);
                    seen.insert(name.text.clone(), elements);
                }
                Some(first) => r.repeated(name, first.is_some() && first == elements),
            });
            if let Some(guard) = &arm.guard {
                r.inlined_at(guard.span.start, |r| r.expr(guard));
            }
            r.statements(std::slice::from_ref(&arm.body));
            r.scopes.pop();
        });
    }

    fn pattern_variable(&mut self, name: &Name) {
        // Constants that a pattern cannot bind have their diagnostic.
        if !matches!(
            name.text.as_str(),
            "_" | "nil" | "true" | "false" | "self" | "super"
        ) {
            self.parameter(name, VarKind::PatternVariable);
        }
    }

    /// A variable that is in the pattern already: equal elements of one array or list, or an error.
    fn repeated(&mut self, name: &Name, in_same_elements: bool) {
        let Some(id) = self.lookup(&name.text).filter(|_| name.text != "_") else {
            return;
        };
        self.occurs(name.span, id);
        if !in_same_elements {
            let first = self
                .result
                .variables
                .get(id.0 as usize)
                .map(|variable| variable.span)
                .unwrap_or_default();
            self.found.push(messages::repeated_pattern_variable(
                &name.text,
                name.span.shift(self.base),
                first,
            ));
        }
    }

    pub(super) fn pattern(&mut self, pattern: &Pattern, elements: Elements, bind: Bind<'r, '_>) {
        let here = Some(pattern.span.start);
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Literal(_) => {}
            PatternKind::Variable(name) => bind(self, name, elements),
            PatternKind::Typed(name, class) => {
                bind(self, name, elements);
                if let Some(id) = self.lookup(&name.text) {
                    self.fact(id).class = Some(class.text.clone());
                }
            }
            PatternKind::Tuple(patterns) => self.patterns(patterns, None, bind),
            PatternKind::Array(patterns, rest) | PatternKind::List(patterns, rest) => {
                self.patterns(patterns, here, bind);
                if let Some(rest) = rest {
                    bind(self, &rest.name, None);
                }
            }
            PatternKind::Cons(patterns, tail) => {
                self.patterns(patterns, here, bind);
                self.pattern(tail, None, bind);
            }
            PatternKind::Map(pairs) => self.patterns(
                pairs.iter().map(|(_, pattern): &(MapKey, _)| pattern),
                None,
                bind,
            ),
            PatternKind::Binary(segments) => {
                for segment in segments {
                    if let Some(SegmentSize::Variable(name)) = &segment.size {
                        self.read(&name.text, name.span);
                    }
                    bind(self, &segment.name, None);
                }
            }
            PatternKind::Constructor(_, parts) => {
                self.patterns(parts.iter().map(|(_, pattern)| pattern), None, bind);
            }
            PatternKind::Paren(inner) => self.pattern(inner, elements, bind),
        }
    }

    fn patterns<'p>(
        &mut self,
        all: impl IntoIterator<Item = &'p Pattern>,
        elements: Elements,
        bind: Bind<'r, '_>,
    ) {
        for pattern in all {
            self.pattern(pattern, elements, bind);
        }
    }
}
