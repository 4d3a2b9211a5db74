//! Patterns, and targets of assignments.

use crate::layout::Text;

impl Text {
    pub(crate) fn pattern(&mut self) {
        if self.is_deep() {
            return self.flat_pattern();
        }
        match self.choices.below(10) {
            0..=2 => self.flat_pattern(),
            3 => self.enclosed("{", "}", |this| this.separated(Self::pattern)),
            4 => self.enclosed("#[", "]", |this| this.with_rest(Self::pattern)),
            5 => self.enclosed("#(", ")", |this| this.with_rest(Self::pattern)),
            6 => self.cons_pattern(),
            7 => self.map_pattern(Self::pattern),
            8 => self.binary_pattern(),
            _ => self.constructor(),
        }
    }

    fn flat_pattern(&mut self) {
        match self.choices.below(5) {
            0 => self.put("_"),
            1 => self.put_one(&["nil", "true", "false"]),
            2 => self.variable(),
            3 => {
                self.variable();
                self.gap();
                self.put("::");
                self.gap();
                self.class_name();
            }
            _ => self.literal(),
        }
    }

    fn cons_pattern(&mut self) {
        self.enclosed("#(", ")", |this| {
            this.pattern();
            this.free();
            this.put("|");
            this.free();
            this.pattern();
        });
    }

    fn map_pattern(&mut self, value: fn(&mut Self)) {
        self.enclosed("#{", "}", |this| {
            this.separated(|this| {
                if this.choices.one_in(2) {
                    this.symbol();
                } else {
                    this.put("\"key\"");
                }
                this.free();
                this.put("=>");
                this.free();
                value(this);
            });
        });
    }

    fn binary_pattern(&mut self) {
        self.put_one(&[
            "<<>>",
            "<<a:8, b : 16/big-unsigned, c/binary>>",
            "<< n >>",
            "<<n,s:n/binary>>",
        ]);
    }

    fn constructor(&mut self) {
        self.put("(");
        self.class_name();
        self.deeper(|this| {
            for keyword in ["ok:", "error:"].iter().take(1 + this.choices.below(2)) {
                this.gap();
                this.put(keyword);
                this.gap();
                this.pattern();
            }
        });
        self.put(")");
    }

    /// Elements and maybe `...rest` behind them.
    fn with_rest(&mut self, element: fn(&mut Self)) {
        if self.choices.one_in(4) {
            return self.put_one(&["...all", "..._"]);
        }
        self.separated(element);
        if self.choices.one_in(3) {
            self.free();
            self.put(",");
            self.free();
            self.put_one(&["...rest", "..._"]);
        }
    }

    /// What may stand before `:=`.
    pub(crate) fn target(&mut self) {
        match self.choices.below(8) {
            4 => {
                self.variable();
                self.maybe_annotation();
            }
            5 => self.put_one(&["self.count", "self.a.b"]),
            6 => self.enclosed("{", "}", |this| this.separated(Self::pattern)),
            7 => self.collection_target(),
            _ => self.variable(),
        }
    }

    fn collection_target(&mut self) {
        match self.choices.below(3) {
            0 => self.enclosed("#[", "]", |this| this.with_rest(Self::element_target)),
            1 => self.enclosed("#(", ")", |this| this.with_rest(Self::element_target)),
            _ => self.map_pattern(Self::element_target),
        }
    }

    fn element_target(&mut self) {
        match self.choices.below(6) {
            3 => self.literal(),
            4 if !self.is_deep() => self.collection_target(),
            5 if !self.is_deep() => self.enclosed("{", "}", |this| this.separated(Self::pattern)),
            _ => self.put_one(&["_", "x", "y"]),
        }
    }
}
