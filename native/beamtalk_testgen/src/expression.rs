//! Statements and expressions.

use crate::layout::{Place, Text};

impl Text {
    /// An expression with everything that may stand in parentheses: return, assignment, cascade.
    pub(crate) fn expression(&mut self) {
        if self.choices.one_in(8) {
            self.put("^");
            self.maybe_gap();
        }
        for _ in 0..self.choices.below(6).saturating_sub(3) {
            self.target();
            self.free();
            self.put(":=");
            self.free();
        }
        if self.choices.one_in(6) {
            self.cascade();
        } else {
            self.keyword_expression();
        }
    }

    /// Up to the level of keyword messages.
    pub(crate) fn keyword_expression(&mut self) {
        match self.choices.below(8) {
            3..=5 => {
                self.binary_expression();
                self.keyword_message();
            }
            6 if !self.is_deep() => self.matching(),
            _ => self.binary_expression(),
        }
    }

    fn keyword_message(&mut self) {
        let column = self.keyword_column();
        for _ in 0..=self.choices.below(3) {
            self.before_keyword(column);
            self.keyword();
            self.free();
            self.binary_expression();
        }
    }

    fn cascade(&mut self) {
        self.primary();
        match self.choices.below(3) {
            0 => self.unary_message(),
            1 => self.binary_message(),
            _ => self.keyword_message(),
        }
        for _ in 0..=self.choices.below(3) {
            self.maybe_free();
            self.put(";");
            self.free();
            match self.choices.below(3) {
                0 => self.unary_selector(),
                1 => {
                    self.operator();
                    self.gap();
                    self.unary_expression();
                }
                _ => self.cascaded_keywords(),
            }
        }
    }

    /// In a field, no keyword may start a line, not even after `;`.
    fn cascaded_keywords(&mut self) {
        if self.place == Place::Field {
            return self.unary_selector();
        }
        self.keyword();
        self.free();
        self.binary_expression();
    }

    pub(crate) fn binary_expression(&mut self) {
        self.unary_expression();
        for _ in 0..self.choices.below(6).saturating_sub(3) {
            self.binary_message();
        }
    }

    fn binary_message(&mut self) {
        self.free();
        self.operator();
        self.free();
        self.unary_expression();
    }

    pub(crate) fn unary_expression(&mut self) {
        self.primary();
        for _ in 0..self.choices.below(5).saturating_sub(2) {
            self.unary_message();
        }
    }

    fn unary_message(&mut self) {
        self.gap();
        self.unary_selector();
    }

    fn primary(&mut self) {
        if self.is_deep() {
            return self.flat_primary();
        }
        match self.choices.below(16) {
            8 => self.string(),
            9..=11 => self.block(),
            12 => self.enclosed("(", ")", Self::expression),
            13 => self.list(),
            14 => self.enclosed("#[", "]", |this| this.elements(Self::keyword_expression)),
            15 => self.map(),
            _ => self.flat_primary(),
        }
    }

    fn flat_primary(&mut self) {
        match self.choices.below(9) {
            1 => self.number(),
            2 => self.symbol(),
            3 => self.plain_string(),
            4 => self.character(),
            5 => self.put_one(&[
                "self",
                "nil",
                "true",
                "false",
                "super foo",
                "thisIsALongName",
            ]),
            6 => self.put_one(&["self.count", "a.b.c"]),
            7 => self.class_reference(),
            _ => self.variable(),
        }
    }

    fn list(&mut self) {
        self.enclosed("#(", ")", |this| {
            if this.choices.one_in(4) {
                this.separated(Self::keyword_expression);
                this.free();
                this.put("|");
                this.free();
                this.unary_expression();
            } else {
                this.elements(Self::keyword_expression);
            }
        });
    }

    fn map(&mut self) {
        self.enclosed("#{", "}", |this| {
            this.elements(|this| {
                match this.choices.below(3) {
                    0 => this.symbol(),
                    1 => this.literal(),
                    _ => this.enclosed("(", ")", Self::expression),
                }
                this.free();
                this.put("=>");
                this.free();
                this.keyword_expression();
            });
        });
    }

    /// No element, or some and maybe a comma behind them.
    fn elements(&mut self, element: fn(&mut Self)) {
        if self.choices.one_in(5) {
            return;
        }
        self.separated(element);
        if self.choices.one_in(6) {
            // An operator symbol would take the comma.
            self.free();
            self.put(",");
        }
    }

    /// Elements with commas between them.
    pub(crate) fn separated(&mut self, mut element: impl FnMut(&mut Self)) {
        element(self);
        for _ in 0..self.choices.below(6).saturating_sub(2) {
            self.free();
            self.put(",");
            self.free();
            element(self);
        }
    }

    fn block(&mut self) {
        self.enclosed("[", "]", |this| {
            let params = this.choices.below(5).saturating_sub(2);
            for _ in 0..params {
                this.put(":");
                this.variable();
                if this.choices.one_in(4) {
                    this.gap();
                    this.put("::");
                    this.gap();
                    this.class_name();
                }
                this.free();
            }
            if params > 0 {
                this.put("|");
                this.free();
            }
            if !this.choices.one_in(6) {
                this.statements(3);
            }
        });
    }

    fn matching(&mut self) {
        self.unary_expression();
        self.gap();
        self.put_one(&["match:", "matchExhaustive:"]);
        self.gap();
        self.enclosed("[", "]", |this| {
            this.arm();
            for _ in 0..this.choices.below(4) {
                if this.place == Place::String || this.choices.one_in(2) {
                    this.maybe_free();
                    this.put(";");
                    this.free();
                } else {
                    this.next_line(5);
                }
                this.arm();
            }
        });
    }

    fn arm(&mut self) {
        self.pattern();
        if self.choices.one_in(4) {
            self.gap();
            self.put("when:");
            self.gap();
            self.enclosed("[", "]", Self::keyword_expression);
        }
        self.free();
        self.put("->");
        self.free();
        match self.choices.below(8) {
            6 => self.put("^"),
            7 => {
                self.put("self.count");
                self.free();
                self.put(":=");
                self.free();
            }
            _ => {}
        }
        self.keyword_expression();
    }

    /// Statements whose lines start in this column or right of it.
    pub(crate) fn statements(&mut self, column: usize) {
        self.statement();
        for _ in 0..self.choices.below(5).saturating_sub(2) {
            let one_line = self.place == Place::String;
            match self.choices.below(4) {
                2 => self.put(". "),
                3 if !one_line => {
                    self.maybe_gap();
                    self.put(".");
                    self.next_statement_line(column);
                }
                _ if one_line => self.put(". "),
                _ => self.next_statement_line(column),
            }
            self.statement();
        }
        if self.choices.one_in(8) {
            self.put(".");
        }
    }

    fn next_statement_line(&mut self, column: usize) {
        let deeper = self.choices.below(3);
        self.next_line(column + deeper);
    }

    fn statement(&mut self) {
        match self.choices.below(12) {
            10 if self.place != Place::String => {
                self.put("@expect unused");
                if self.choices.one_in(2) {
                    self.put(" \"because\"");
                }
                self.next_statement_line(5);
                self.expression();
            }
            11 => {
                self.unary_expression();
                self.unary_message();
                self.put("!");
            }
            _ => self.expression(),
        }
    }
}
