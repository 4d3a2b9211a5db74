//! Names and literals.

use crate::layout::{Place, Text};

impl Text {
    pub(crate) fn variable(&mut self) {
        self.put_one(&[
            "x",
            "y",
            "count",
            "aRatherLongVariableName",
            "_unused",
            "each",
            "total1",
        ]);
    }

    pub(crate) fn class_name(&mut self) {
        self.put_one(&["Point", "List", "T", "VeryLongClassNameForLayout"]);
    }

    pub(crate) fn class_reference(&mut self) {
        if self.choices.one_in(4) {
            self.put("geometry@");
        }
        self.class_name();
    }

    pub(crate) fn unary_selector(&mut self) {
        self.put_one(&[
            "foo",
            "size",
            "printString",
            "class",
            "value",
            "aLongUnarySelectorName",
        ]);
    }

    pub(crate) fn keyword(&mut self) {
        self.put_one(&[
            "at:",
            "put:",
            "do:",
            "inject:",
            "into:",
            "ifTrue:",
            "aLongKeywordPart:",
        ]);
    }

    pub(crate) fn operator(&mut self) {
        self.put_one(&[
            "+", "-", "*", "/", "**", "%", "++", "<", ">=", "==", "=:=", "=/=", ">>",
        ]);
    }

    pub(crate) fn number(&mut self) {
        self.put_one(&[
            "1", "42", "1_000", "16rFF", "3.14", "1e3", "2.5E-4", "-5", "-2.5",
        ]);
    }

    pub(crate) fn symbol(&mut self) {
        self.put_one(&[
            "#a",
            "#at:put:",
            "#'any ''text'' here'",
            "#+",
            "#>>",
            "#''",
            "#=:=",
        ]);
    }

    pub(crate) fn plain_string(&mut self) {
        self.put_one(&[
            "\"\"",
            "\"text\"",
            "\"a\"\"b\"",
            "\"no \\{braces\\}\"",
            "\"// no comment /* nor this\"",
            "\"a string that is so long that what stands around it has to be broken somewhere\"",
        ]);
    }

    /// A string that may have line breaks and interpolations.
    pub(crate) fn string(&mut self) {
        if self.is_deep() || self.choices.one_in(2) {
            return self.plain_string();
        }
        if self.choices.one_in(3) && self.place != Place::String {
            return self.put("\"two   \n lines\"");
        }
        self.put("\"is {");
        let place = std::mem::replace(&mut self.place, Place::String);
        self.deeper(Self::keyword_expression);
        self.place = place;
        self.put(" }, really\"");
    }

    pub(crate) fn character(&mut self) {
        self.put_one(&[
            "$a", "$ ", "$.", "$\"", "$\\n", "$\\t", "$\t", "$é", "$)", "$'",
        ]);
    }

    /// A literal that may also stand in a pattern.
    pub(crate) fn literal(&mut self) {
        match self.choices.below(4) {
            0 => self.number(),
            1 => self.symbol(),
            2 => self.plain_string(),
            _ => self.character(),
        }
    }
}
