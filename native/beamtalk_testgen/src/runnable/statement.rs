//! Statements.

use super::{Home, MAX_DEPTH, MAX_LOOPS, Program, Type};

impl Program {
    pub(super) fn statement(&mut self) {
        let deep = self.depth >= MAX_DEPTH;
        let text = match self.choices.below(14) {
            0..=2 => self.new_variable(),
            3 | 4 => self.change(),
            5 => {
                let value = self.operand(Type::Text);
                format!("Console printLine: {value}")
            }
            6 if !deep => {
                let (condition, body) = (self.operand(Type::Bool), self.effect());
                let selector = self.choices.pick(&["ifTrue:", "ifFalse:"]).to_owned();
                format!("{condition} {selector} [{body}]")
            }
            7..=9 if !deep && self.loops < MAX_LOOPS => self.looped(),
            10 if !deep => {
                let (protected, handler) = (self.effect(), self.effect());
                format!("[{protected}. 1 / 0] on: Error do: [:e | {handler}]")
            }
            11 if !deep => {
                let (subject, value) = (self.operand(Type::Int), self.arm(Type::Int, &[]));
                match self.a_variable(Type::Int) {
                    Some(name) if !is_parameter(&name) => {
                        format!("{subject} match: [0 -> {name} := {value}; _ -> {name} := 1]")
                    }
                    _ => format!("{subject} match: [0 -> {value}; n -> n]"),
                }
            }
            12 if self.choices.one_in(4) => self.leave(),
            _ => {
                let (block, value) = (self.operand(Type::Block), self.operand(Type::Int));
                format!("{block} value: {value}")
            }
        };
        self.text += &text;
    }

    fn new_variable(&mut self) -> String {
        let index = self.choices.below(Type::ALL.len());
        let kind = Type::ALL.get(index).copied().unwrap_or(Type::Int);
        let value = self.operand(kind);
        let name = self.name();
        self.variables.push((name.clone(), kind));
        format!("{name} := {value}")
    }

    /// An assignment to something that exists.
    fn change(&mut self) -> String {
        if self.choices.one_in(3)
            && let Some((field, true)) = self.field()
        {
            let value = self.operand(Type::Int);
            return format!("{field} := {value}");
        }
        let kind = if self.choices.one_in(4) {
            Type::List
        } else {
            Type::Int
        };
        match self.a_variable(kind) {
            Some(name) if !is_parameter(&name) => {
                let value = self.operand(kind);
                format!("{name} := {value}")
            }
            _ => self.new_variable(),
        }
    }

    fn looped(&mut self) -> String {
        self.loops += 1;
        let text = match self.choices.below(4) {
            0 => {
                let body = self.effect();
                let rounds = self.choices.below(4);
                format!("{rounds} timesRepeat: [{body}]")
            }
            1 => {
                let index = self.name();
                let body = self.apart(|p| {
                    p.variables.push((index.clone(), Type::Int));
                    p.statement();
                });
                let limit = self.choices.below(5);
                format!("1 to: {limit} do: [:{index} | {body}]")
            }
            2 => {
                let each = self.name();
                let list = self.operand(Type::List);
                let body = self.apart(|p| {
                    p.variables.push((each.clone(), Type::Int));
                    p.statement();
                });
                format!("{list} do: [:{each} | {body}]")
            }
            _ => {
                let counter = self.name();
                let body = self.effect();
                let limit = self.choices.below(4);
                format!(
                    "[:{counter} | [{counter} := {counter} + 1. {counter} <= {limit}] whileTrue: [{body}]] value: 0"
                )
            }
        };
        self.loops -= 1;
        text
    }

    /// `^`, where a method is left by it, or an exception.
    fn leave(&mut self) -> String {
        let value = self.operand(Type::Int);
        if self.home == Home::Script {
            format!("{value} foo")
        } else {
            format!("{value} > 2 ifTrue: [^{value}]")
        }
    }
}

/// What a loop counts with is not assigned.
fn is_parameter(name: &str) -> bool {
    !name.starts_with('v')
}
