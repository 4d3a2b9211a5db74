//! Expressions of a type. Whatever is composed stands in parentheses.

use super::{MAX_DEPTH, Program, Type};

impl Program {
    /// An expression made for this type; in few cases for another one.
    pub(super) fn operand(&mut self, kind: Type) -> String {
        if self.choices.below(40) == 39 {
            let index = self.choices.below(Type::ALL.len());
            return self.made(Type::ALL.get(index).copied().unwrap_or(kind));
        }
        self.made(kind)
    }

    pub(super) fn made(&mut self, kind: Type) -> String {
        if self.depth >= MAX_DEPTH {
            return self.simple(kind);
        }
        self.depth += 1;
        let text = match self.choices.below(8) {
            0..=2 => self.simple(kind),
            3 => self.general(kind),
            _ => match kind {
                Type::Int => self.int(),
                Type::Bool => self.boolean(),
                Type::Text => self.string(),
                Type::List => self.list(),
                Type::Block => self.block(),
            },
        };
        self.depth -= 1;
        text
    }

    /// A constant or a variable.
    pub(super) fn simple(&mut self, kind: Type) -> String {
        if self.choices.below(3) > 0
            && let Some(name) = self.a_variable(kind)
        {
            return name;
        }
        match kind {
            Type::Int => match self.choices.below(8) {
                7 => "1000000007".into(),
                small => small.to_string(),
            },
            Type::Bool => self.choices.pick(&["true", "false"]).into(),
            Type::Text => self
                .choices
                .pick(&["\"\"", "\"abc\"", "\"na\u{ef}ve\"", "\"x y\""])
                .into(),
            Type::List => self
                .choices
                .pick(&["#()", "#(1, 2, 3)", "#(5, 3)", "(1 to: 4) asList"])
                .into(),
            Type::Block => "[:p | p + 1]".into(),
        }
    }

    /// What can answer anything.
    fn general(&mut self, kind: Type) -> String {
        match self.choices.below(7) {
            0 => {
                let (condition, yes, no) = (
                    self.operand(Type::Bool),
                    self.body(kind, &[]),
                    self.body(kind, &[]),
                );
                format!("({condition} ifTrue: [{yes}] ifFalse: [{no}])")
            }
            1 => format!("[{}] value", self.body(kind, &[])).in_parentheses(),
            2 => {
                let (protected, handler) = (self.body(kind, &[]), self.body(kind, &[]));
                let class = self
                    .choices
                    .pick(&["Error", "Exception", "TypeError", "RuntimeError"]);
                format!("([{protected}] on: {class} do: [:e | {handler}])")
            }
            3 => {
                let (protected, cleanup) = (self.body(kind, &[]), self.effect());
                format!("([{protected}] ensure: [{cleanup}])")
            }
            4 => {
                let subject = self.operand(Type::Int);
                let (first, second) = (self.arm(kind, &[]), self.arm(kind, &[("n", Type::Int)]));
                let other = self.arm(kind, &[]);
                format!(
                    "({subject} match: [0 -> {first}; n when: [n > 3] -> {second}; _ -> {other}])"
                )
            }
            5 => {
                let subject = self.operand(Type::List);
                let parts = [("h", Type::Int), ("t", Type::List)];
                let (value, other) = (self.arm(kind, &parts), self.arm(kind, &[]));
                format!(
                    "({subject} match: [#(h, ...t) when: [h > t size] -> {value}; _ -> {other}])"
                )
            }
            _ => {
                let value = self.operand(kind);
                let name = self.name();
                self.variables.push((name.clone(), kind));
                format!("({name} := {value})")
            }
        }
    }

    /// Statements and a value, with parameters.
    pub(super) fn body(&mut self, kind: Type, params: &[(&str, Type)]) -> String {
        self.apart(|p| {
            for (name, kind) in params {
                p.variables.push(((*name).into(), *kind));
            }
            if p.choices.one_in(3) {
                p.statement();
                p.text += ". ";
            }
            let value = p.operand(kind);
            p.text += &value;
        })
    }

    /// The value of an arm, whose pattern binds names.
    pub(super) fn arm(&mut self, kind: Type, bound: &[(&str, Type)]) -> String {
        self.apart(|p| {
            for (name, kind) in bound {
                p.variables.push(((*name).into(), *kind));
            }
            let value = p.operand(kind);
            p.text += &value;
        })
    }

    /// One statement.
    pub(super) fn effect(&mut self) -> String {
        self.apart(Self::statement)
    }

    fn int(&mut self) -> String {
        match self.choices.below(16) {
            0..=3 => {
                let operator = self
                    .choices
                    .pick(&["+", "-", "*", "%", "max:", "div:"])
                    .to_owned();
                let (a, b) = (self.operand(Type::Int), self.operand(Type::Int));
                format!("({a} {operator} {b})")
            }
            4 => {
                let unary = self
                    .choices
                    .pick(&["abs", "negated", "hash class name size"])
                    .to_owned();
                let value = self.operand(Type::Int);
                format!("({value} {unary})")
            }
            5 => format!("{} size", self.operand(Type::List)).in_parentheses(),
            6 => format!("{} size", self.operand(Type::Text)).in_parentheses(),
            7 => {
                let (list, body) = (
                    self.operand(Type::List),
                    self.body(Type::Int, &[("acc", Type::Int), ("each", Type::Int)]),
                );
                format!("({list} inject: 0 into: [:acc :each | {body}])")
            }
            8 => {
                let (list, body) = (
                    self.operand(Type::List),
                    self.body(Type::Bool, &[("each", Type::Int)]),
                );
                format!("({list} count: [:each | {body}])")
            }
            9 => {
                let (list, body) = (
                    self.operand(Type::List),
                    self.body(Type::Bool, &[("each", Type::Int)]),
                );
                let none = self.body(Type::Int, &[]);
                format!("({list} detect: [:each | {body}] ifNone: [{none}])")
            }
            10 => {
                let (block, value) = (self.operand(Type::Block), self.operand(Type::Int));
                format!("({block} value: {value})")
            }
            11 => format!("{} first", self.operand(Type::List)).in_parentheses(),
            12 => match self.field() {
                Some((name, _)) => name.into(),
                None => self.simple(Type::Int),
            },
            13 => {
                let (list, index) = (self.operand(Type::List), self.operand(Type::Int));
                format!("({list} at: {index})")
            }
            _ => match self.call() {
                Some(call) => call,
                None => self.simple(Type::Int),
            },
        }
    }

    fn boolean(&mut self) -> String {
        match self.choices.below(6) {
            0 => {
                let operator = self.choices.pick(&["<", ">=", "==", "=/="]).to_owned();
                let (a, b) = (self.operand(Type::Int), self.operand(Type::Int));
                format!("({a} {operator} {b})")
            }
            1 => {
                let operator = self.choices.pick(&["=:=", "<"]).to_owned();
                let (a, b) = (self.operand(Type::Text), self.operand(Type::Text));
                format!("({a} {operator} {b})")
            }
            2 => {
                let operator = self.choices.pick(&["and:", "or:"]).to_owned();
                let (a, b) = (self.operand(Type::Bool), self.body(Type::Bool, &[]));
                format!("({a} {operator} [{b}])")
            }
            3 => {
                let (list, value) = (self.operand(Type::List), self.operand(Type::Int));
                format!("({list} includes: {value})")
            }
            4 => {
                let (list, body) = (
                    self.operand(Type::List),
                    self.body(Type::Bool, &[("each", Type::Int)]),
                );
                let selector = self
                    .choices
                    .pick(&["anySatisfy:", "allSatisfy:"])
                    .to_owned();
                format!("({list} {selector} [:each | {body}])")
            }
            _ => {
                let unary = self
                    .choices
                    .pick(&["isNil", "isNil not", "class == Integer"])
                    .to_owned();
                let value = self.operand(Type::Int);
                format!("({value} {unary})")
            }
        }
    }

    fn string(&mut self) -> String {
        match self.choices.below(6) {
            0 => {
                let (a, b) = (self.operand(Type::Text), self.operand(Type::Text));
                format!("({a} ++ {b})")
            }
            1 => {
                let value = self.operand(Type::Int);
                format!("\"<{{{value}}}>\"")
            }
            2 => {
                let unary = self
                    .choices
                    .pick(&["printString", "displayString"])
                    .to_owned();
                let value = self.operand(Type::List);
                format!("({value} {unary})")
            }
            3 => {
                let unary = self
                    .choices
                    .pick(&["uppercase", "reverse", "printString", "first"])
                    .to_owned();
                let value = self.operand(Type::Text);
                format!("({value} {unary})")
            }
            4 => {
                let (value, body) = (
                    self.operand(Type::Text),
                    self.body(Type::Text, &[("each", Type::Text)]),
                );
                format!("({value} collect: [:each | {body}])")
            }
            _ => format!("{} printString", self.operand(Type::Int)).in_parentheses(),
        }
    }

    fn list(&mut self) -> String {
        match self.choices.below(8) {
            0 => {
                let (a, b) = (self.operand(Type::Int), self.operand(Type::Int));
                format!("#({a}, {b})")
            }
            1 | 2 => {
                let (list, body) = (
                    self.operand(Type::List),
                    self.body(Type::Int, &[("each", Type::Int)]),
                );
                format!("({list} collect: [:each | {body}])")
            }
            3 => {
                let (list, body) = (
                    self.operand(Type::List),
                    self.body(Type::Bool, &[("each", Type::Int)]),
                );
                let selector = self
                    .choices
                    .pick(&["select:", "reject:", "takeWhile:"])
                    .to_owned();
                format!("({list} {selector} [:each | {body}])")
            }
            4 => {
                let (list, value) = (self.operand(Type::List), self.operand(Type::Int));
                let selector = self.choices.pick(&["add:", "addFirst:"]).to_owned();
                format!("({list} {selector} {value})")
            }
            5 => {
                let unary = self
                    .choices
                    .pick(&[
                        "reversed",
                        "sort",
                        "unique",
                        "asArray asList",
                        "asSet asList sort",
                    ])
                    .to_owned();
                let list = self.operand(Type::List);
                format!("({list} {unary})")
            }
            6 => {
                let (a, b) = (self.operand(Type::Int), self.operand(Type::Int));
                format!("(#[{a}, {b}] collect: [:each | each]) asList").in_parentheses()
            }
            _ => {
                let (a, b) = (self.operand(Type::List), self.operand(Type::List));
                format!("({a} ++ {b})")
            }
        }
    }

    fn block(&mut self) -> String {
        let name = self.name();
        let body = self.body(Type::Int, &[(name.as_str(), Type::Int)]);
        format!("[:{name} | {body}]")
    }
}

/// Puts parentheses round a text.
trait Parenthesised {
    fn in_parentheses(self) -> String;
}

impl Parenthesised for String {
    fn in_parentheses(self) -> String {
        format!("({self})")
    }
}
