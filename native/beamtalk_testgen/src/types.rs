//! Type annotations.

use crate::layout::Text;

impl Text {
    /// ` :: Type`, maybe.
    pub(crate) fn maybe_annotation(&mut self) {
        if self.choices.one_in(3) {
            self.gap();
            self.put("::");
            self.gap();
            self.type_expression();
        }
    }

    pub(crate) fn type_expression(&mut self) {
        let operator = match self.choices.below(6) {
            3 => "|",
            4 => "\\",
            5 => "&",
            _ => return self.single_type(),
        };
        self.single_type();
        for _ in 0..=self.choices.below(2) {
            self.gap();
            self.put(operator);
            self.gap();
            self.single_type();
        }
    }

    pub(crate) fn single_type(&mut self) {
        match self.choices.below(7) {
            4 if !self.is_deep() => self.enclosed_types(),
            5 => self.put_one(&["nil", "false", "Integer class", "Point  class"]),
            6 => self.put_one(&["#ok", "#error", "#+"]),
            _ => self.class_name(),
        }
    }

    fn enclosed_types(&mut self) {
        let generic = self.choices.one_in(2);
        if generic {
            self.class_name();
        }
        self.put("(");
        self.deeper(|this| {
            this.type_expression();
            if generic && this.choices.one_in(2) {
                this.gap();
                this.put(",");
                this.gap();
                this.type_expression();
            }
        });
        self.put(")");
    }
}
