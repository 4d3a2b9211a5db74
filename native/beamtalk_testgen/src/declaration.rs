//! Files, classes, methods, protocols, aliases.

use crate::layout::{Place, Text};

/// Column of members.
const MEMBER: usize = 2;

impl Text {
    pub(crate) fn file(&mut self) {
        let mut after_protocol = false;
        for index in 0..=self.choices.below(5) {
            if index > 0 {
                self.next_line(0);
            }
            let kind = self.choices.below(6);
            if after_protocol && kind < 2 {
                // A name alone would be one more signature.
                self.put("1 foo");
                self.next_line(0);
            }
            after_protocol = kind == 5;
            match kind {
                0 | 1 => self.top_statement(),
                2 => self.class(),
                3 => self.standalone(),
                4 => self.alias(0),
                _ => self.protocol(),
            }
        }
        if self.choices.one_in(2) {
            self.line_break();
        }
    }

    fn top_statement(&mut self) {
        self.expression();
        if self.choices.one_in(4) {
            self.put(".");
            self.gap();
            self.expression();
        }
    }

    fn doc(&mut self, column: usize) {
        if self.choices.one_in(3) {
            self.put("/// What it is.\n");
            self.blanks(column);
            if self.choices.one_in(3) {
                self.put("///   More about it.\n");
                self.blanks(column);
            }
        }
    }

    pub(crate) fn class(&mut self) {
        self.doc(0);
        for modifier in ["abstract", "sealed", "typed", "internal"] {
            if self.choices.one_in(6) {
                self.put(modifier);
                self.gap();
            }
        }
        self.class_reference();
        if self.choices.one_in(5) {
            self.put_one(&["(Integer)", "( A, B | C )", "()"]);
        }
        self.gap();
        self.put("subclass:");
        self.gap();
        self.class_name();
        if self.choices.one_in(4) {
            self.put_one(&["(E)", "(K, V :: Printable)", "()"]);
        }
        if self.choices.one_in(6) {
            self.put_one(&[
                " native: foo_mod",
                "\n  native: foo_mod",
                " native: a_module_with_a_long_name",
            ]);
        }
        if self.choices.one_in(6) {
            self.put_one(&[" handleScope: #process", "\n    handleScope: #node"]);
        }
        self.members();
    }

    fn members(&mut self) {
        for _ in 0..self.choices.below(7) {
            self.next_line(MEMBER);
            match self.choices.below(6) {
                0 | 1 => self.field(),
                2 if self.choices.one_in(3) => {
                    self.alias(MEMBER);
                    self.next_line(MEMBER);
                    self.put("last => 1");
                }
                _ => self.member_method(),
            }
        }
    }

    fn expect(&mut self) {
        if self.choices.one_in(8) {
            self.put_one(&["@expect unused", "@expect type \"because\""]);
            self.next_line(MEMBER);
        }
    }

    fn field(&mut self) {
        self.doc(MEMBER);
        self.expect();
        self.put_one(&["state:", "field:", "classState:"]);
        self.gap();
        self.variable();
        self.maybe_annotation();
        if self.choices.one_in(2) {
            self.gap();
            self.put("=");
            self.gap();
            self.in_place(Place::Field, Self::keyword_expression);
        }
        // `Integer class` and the method below could be read as a class method.
        if self.ends_with("class") || self.choices.one_in(8) {
            self.put(".");
        }
    }

    fn member_method(&mut self) {
        self.doc(MEMBER);
        self.expect();
        for modifier in ["sealed", "internal", "class"] {
            if self.choices.one_in(8) {
                self.put(modifier);
                self.gap();
            }
        }
        self.signature();
        self.in_place(Place::Method, |this| this.body(MEMBER + 1));
    }

    fn in_place(&mut self, place: Place, write: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.place, place);
        write(self);
        self.place = outer;
    }

    /// Unary, binary or keyword, maybe with a result type, up to `=>`.
    fn signature(&mut self) {
        match self.choices.below(5) {
            0 | 1 => self.unary_name(),
            2 => {
                self.put_one(&["+", "-", ",", ">=", "**"]);
                self.gap();
                self.param();
            }
            _ => {
                self.put_one(&["at:", "handle:", "aVeryLongKeywordForASelector:"]);
                self.gap();
                self.param();
                for _ in 0..self.choices.below(3) {
                    self.free();
                    self.keyword();
                    self.gap();
                    self.param();
                }
            }
        }
        self.result();
        self.gap();
        self.put("=>");
    }

    fn unary_name(&mut self) {
        self.put_one(&[
            "foo",
            "isEmpty",
            "class",
            "internal",
            "sealed",
            "printString",
        ]);
    }

    fn param(&mut self) {
        self.variable();
        self.maybe_annotation();
    }

    fn result(&mut self) {
        match self.choices.below(4) {
            2 => self.put(" :: -> Integer"),
            3 => {
                self.gap();
                self.put("->");
                self.gap();
                self.type_expression();
            }
            _ => {}
        }
    }

    /// A body whose lines start in this column or right of it.
    fn body(&mut self, column: usize) {
        if self.choices.one_in(2) {
            self.next_line(column);
        } else {
            self.gap();
        }
        match self.choices.below(10) {
            8 => self.put_one(&["@primitive", "@primitive \"name\"", "@primitive name"]),
            9 => self.put("@intrinsic basicNew"),
            _ => self.statements(column),
        }
    }

    fn standalone(&mut self) {
        self.doc(0);
        self.class_reference();
        self.gap();
        if self.choices.one_in(3) {
            self.put("class");
            self.gap();
        }
        self.put(">>");
        self.gap();
        self.signature();
        self.body(1);
    }

    fn alias(&mut self, column: usize) {
        self.doc(column);
        if self.choices.one_in(4) {
            self.put("internal ");
        }
        self.put("type");
        self.gap();
        self.put_one(&["Number2", "Reply"]);
        self.gap();
        self.put("=");
        self.gap();
        self.type_expression();
    }

    fn protocol(&mut self) {
        self.doc(0);
        self.put("Protocol define:");
        self.gap();
        self.class_name();
        if self.choices.one_in(3) {
            self.put("(T)");
        }
        if self.choices.one_in(3) {
            self.put(" extending: Other");
        }
        for _ in 0..self.choices.below(4) {
            self.next_line(MEMBER);
            self.doc(MEMBER);
            self.protocol_signature();
        }
    }

    fn protocol_signature(&mut self) {
        if self.choices.one_in(4) {
            self.put("class ");
        }
        match self.choices.below(3) {
            0 => self.put_one(&["asString", "size"]),
            1 => {
                self.put("+ ");
                self.param();
            }
            _ => {
                for _ in 0..=self.choices.below(2) {
                    self.keyword();
                    self.gap();
                    self.param();
                    self.gap();
                }
            }
        }
        self.result();
        if self.choices.one_in(4) {
            self.put(".");
        }
    }
}
