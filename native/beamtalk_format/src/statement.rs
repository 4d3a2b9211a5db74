//! Bodies: one statement a line.

use beamtalk_ast::{ExprKind, Statement};
use beamtalk_parser::needs_period;

use crate::writer::Writer;

impl Writer<'_> {
    /// Statements; the caller has begun the line of the first one.
    ///
    /// Two that stand on one line without a period stay there: in a body that is a negative literal where a subtraction
    /// was meant, and the warning about it must not vanish.
    pub(crate) fn statements(&mut self, statements: &[Statement]) {
        let mut separated = None;
        for statement in statements {
            match separated {
                None => {}
                Some(true) => {
                    self.rigid = false;
                    self.next_line(false);
                }
                Some(false) => self.space(),
            }
            self.statement(statement);
            separated = Some(self.separated(statement));
        }
    }

    fn statement(&mut self, statement: &Statement) {
        self.expr(&statement.expr);
        if statement.cast.is_some() {
            self.token("!");
        }
    }

    /// Leaves out the period behind a statement, if it is unnecessary; answers whether the next one starts a line.
    fn separated(&mut self, statement: &Statement) -> bool {
        let line = self.line_follows();
        let period = self.sees_period();
        if period && needs_period(statement) {
            self.separator(".");
        }
        self.skip_periods();
        period
            || line
            || statement.cast.is_some()
            || matches!(statement.expr.kind, ExprKind::Expect(_))
    }

    /// Leaves out periods that end nothing any more.
    pub(crate) fn skip_periods(&mut self) {
        if self.sees_period() {
            self.skip_all(".");
        }
    }

    /// Three in a row begin a rest, two are two periods.
    fn sees_period(&self) -> bool {
        self.sees(".") && !self.sees("...")
    }
}
