//! Blocks: those that become code of the surrounding function, and those that become closures.

use beamtalk_ast::{Block, Expr, Message};
use beamtalk_source::Span;
use rustc_hash::FxHashMap;

use super::{Resolver, VarKind};
use crate::control::{Control, LiteralBlock};
use crate::processes::Effects;

impl Resolver<'_> {
    pub(super) fn control(
        &mut self,
        receiver: Option<&Expr>,
        inlined: &Control<'_>,
        message: &Message,
    ) {
        if let (Some(receiver), None) = (receiver, literal_block_receiver(inlined)) {
            self.head(receiver);
        }
        match inlined {
            Control::If(yes, no) | Control::IfNil(yes, no) => {
                for literal in [yes, no].into_iter().flatten() {
                    self.inline(*literal);
                }
            }
            Control::And(literal) | Control::Or(literal) => self.inline(*literal),
            Control::While(_, condition, body) => self.in_loop(|r| {
                r.inline(*condition);
                r.inline(*body);
            }),
            Control::Repeat(body) | Control::Times(body) => self.in_loop(|r| r.inline(*body)),
            Control::To(limit, step, body) => {
                self.expr(limit);
                self.exprs(*step);
                self.in_loop(|r| r.inline(*body));
            }
            Control::Value(literal) => {
                self.exprs(message.arguments());
                self.inline(*literal);
            }
        }
    }

    fn in_loop(&mut self, inside: impl FnOnce(&mut Self)) {
        let start = self.tick();
        self.loops.push((start, self.closures.len()));
        inside(self);
        self.loops.pop();
    }

    /// A block that becomes code of the surrounding function.
    fn inline(&mut self, literal: LiteralBlock<'_>) {
        self.inlined_at(literal.expr.span.start, |r| r.block(literal.block));
    }

    pub(super) fn inlined_at(&mut self, offset: u32, inside: impl FnOnce(&mut Self)) {
        let offset = self.base + offset;
        let variables = self.result.variables.len() as u32;
        self.result.assigned.entry(offset).or_default();
        self.inlined.push((offset, self.closures.len(), variables));
        inside(self);
        self.inlined.pop();
    }

    pub(super) fn closure(&mut self, block: &Block, span: Span) -> Effects {
        let start = self.tick();
        self.closures.push(start);
        self.captures.push(Vec::new());
        self.effects.push(Effects::default());
        self.block(block);
        self.closures.pop();
        let captured = self.captures.pop().unwrap_or_default();
        self.result
            .captured
            .insert(self.base + span.start, captured);
        self.effects.pop().unwrap_or_default()
    }

    fn block(&mut self, block: &Block) {
        self.scopes.push(FxHashMap::default());
        for (name, _) in &block.params {
            self.parameter(name, VarKind::BlockParameter);
        }
        self.statements(&block.body);
        self.scopes.pop();
    }

    pub(super) fn returns(&mut self) {
        let here = self.closures.len();
        if here > 0 {
            self.result.needs_frame = true;
            return;
        }
        for (offset, _, _) in &self.inlined {
            self.result.returning.insert(*offset);
        }
    }
}

fn literal_block_receiver<'a>(inlined: &Control<'a>) -> Option<LiteralBlock<'a>> {
    match inlined {
        Control::While(_, literal, _) | Control::Repeat(literal) | Control::Value(literal) => {
            Some(*literal)
        }
        _ => None,
    }
}
