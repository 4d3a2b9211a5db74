//! What stands in brackets: collections, blocks, match arms.

use beamtalk_ast::{Arm, Block, Expr};

use crate::document::{Flat, GroupId, STEP};
use crate::writer::Writer;

impl Writer<'_> {
    /// Elements between brackets: all on one line, or each on its own. `tail` is what may follow the last one.
    pub(crate) fn enclosed<T>(
        &mut self,
        (opener, closer): (&str, &str),
        elements: &[T],
        mut each: impl FnMut(&mut Self, &T),
        tail: impl FnOnce(&mut Self),
    ) -> GroupId {
        let rigid = std::mem::replace(&mut self.rigid, false);
        let group = self.open(STEP);
        self.token(opener);
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                self.separator(",");
                self.line(Flat::Space);
            } else {
                self.line(Flat::Nothing);
            }
            each(self, element);
        }
        tail(self);
        self.skip(",");
        self.closing_line();
        self.token(closer);
        self.close();
        self.rigid = rigid;
        group
    }

    pub(crate) fn list(&mut self, elements: &[Expr], tail: Option<&Expr>) -> GroupId {
        let each = |this: &mut Self, element: &Expr| {
            this.expr(element);
        };
        self.enclosed(("#(", ")"), elements, each, |this| {
            if let Some(tail) = tail {
                this.line(Flat::Space);
                this.token("|");
                this.space();
                this.expr(tail);
            }
        })
    }

    pub(crate) fn array(&mut self, elements: &[Expr]) -> GroupId {
        let each = |this: &mut Self, element: &Expr| {
            this.expr(element);
        };
        self.enclosed(("#[", "]"), elements, each, |_| ())
    }

    pub(crate) fn map(&mut self, pairs: &[(Expr, Expr)]) -> GroupId {
        let each = |this: &mut Self, (key, value): &(Expr, Expr)| {
            this.expr(key);
            this.word("=>");
            this.space();
            this.expr(value);
        };
        self.enclosed(("#{", "}"), pairs, each, |_| ())
    }

    /// `[:x | …]`: several statements break it.
    pub(crate) fn block(&mut self, block: &Block) -> GroupId {
        let rigid = std::mem::replace(&mut self.rigid, false);
        let group = self.open(STEP);
        self.token("[");
        self.block_params(block);
        let flat = if block.params.is_empty() {
            Flat::Nothing
        } else {
            Flat::Space
        };
        match block.body.len() {
            0 => {}
            1 => {
                self.line(flat);
                self.statements(&block.body);
            }
            _ => {
                self.first_line();
                self.statements(&block.body);
            }
        }
        self.closing_line();
        self.token("]");
        self.close();
        self.rigid = rigid;
        group
    }

    fn block_params(&mut self, block: &Block) {
        for (index, (name, annotation)) in block.params.iter().enumerate() {
            if index > 0 {
                self.space();
            }
            self.token(":");
            self.atom(name.span.end);
            self.annotation(annotation.as_ref());
        }
        if !block.params.is_empty() {
            self.word("|");
        }
    }

    /// `scrutinee match: [ … ]`: several arms break it.
    pub(crate) fn matching(&mut self, scrutinee: &Expr, exhaustive: bool, arms: &[Arm]) -> GroupId {
        self.expr(scrutinee);
        self.word(if exhaustive {
            "matchExhaustive:"
        } else {
            "match:"
        });
        self.space();
        let rigid = std::mem::replace(&mut self.rigid, false);
        let group = self.open(STEP);
        self.token("[");
        self.skip_all(";");
        for (index, arm) in arms.iter().enumerate() {
            match (index, arms.len()) {
                (0, 1) => self.line(Flat::Nothing),
                (0, _) => self.first_line(),
                _ => self.next_line(false),
            }
            self.arm(arm);
            self.skip_all(";");
        }
        self.closing_line();
        self.token("]");
        self.close();
        self.rigid = rigid;
        group
    }

    fn arm(&mut self, arm: &Arm) {
        self.pattern(&arm.pattern);
        if let Some(guard) = &arm.guard {
            self.word("when:");
            self.word("[");
            self.expr(guard);
            self.token("]");
        }
        self.word("->");
        self.space();
        self.expr(&arm.body.expr);
    }

    /// Leaves out separators that separate nothing any more.
    pub(crate) fn skip_all(&mut self, text: &str) -> bool {
        let mut any = false;
        while self.skip(text) {
            any = true;
        }
        any
    }
}
