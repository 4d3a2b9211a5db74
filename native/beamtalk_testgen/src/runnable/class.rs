//! The class of a program.

use super::{Home, Kind, Program, Type};

impl Program {
    pub(super) fn class(&mut self, kind: Kind) {
        let (superclass, field) = match kind {
            Kind::Value => ("Value", "field:"),
            Kind::Actor => ("Actor", "state:"),
            Kind::Object => ("Object", ""),
        };
        self.put(format_args!("{superclass} subclass: Sample\n"));
        if kind != Kind::Object {
            self.put(format_args!(
                "  {field} amount = 3\n  {field} label = \"some\"\n"
            ));
        }
        self.text += "  classState: count = 1\n\n";
        for index in 0..=self.choices.below(4) {
            let class_side = kind == Kind::Object || self.choices.one_in(3);
            self.method(index, class_side);
        }
    }

    fn method(&mut self, index: usize, class_side: bool) {
        self.home = if class_side {
            Home::ClassSide
        } else {
            Home::Instance
        };
        self.variables = vec![("first".into(), Type::Int), ("second".into(), Type::List)];
        let side = if class_side { "class " } else { "" };
        let selector = format!("m{index}");
        self.put(format_args!("  {side}{selector}: first with: second =>\n"));
        for _ in 0..=self.choices.below(4) {
            self.text += "    ";
            self.statement();
            self.text.push('\n');
        }
        let answer = self.made(Type::Int);
        self.put(format_args!("    {answer}\n\n"));
        self.methods.push((class_side, selector));
    }

    /// A call of a method that is written already, so that programs end.
    pub(super) fn call(&mut self) -> Option<String> {
        // A call from a loop would multiply the rounds of the method.
        if self.loops > 0 {
            return None;
        }
        let home = self.home;
        let callable: Vec<(bool, String)> = self
            .methods
            .iter()
            .filter(|(class_side, _)| *class_side || home != Home::ClassSide)
            .cloned()
            .collect();
        let index = self.choices.below(callable.len());
        let (class_side, selector) = callable.get(index)?.clone();
        let receiver = match (class_side, home) {
            (true, Home::ClassSide) | (false, Home::Instance) => "self",
            (true, _) => "Sample",
            (false, _) => "object",
        };
        let (first, second) = (self.made(Type::Int), self.made(Type::List));
        Some(format!("({receiver} {selector}: {first} with: {second})"))
    }

    /// A field or class variable that can be read here, and whether it can be assigned.
    pub(super) fn field(&mut self) -> Option<(&'static str, bool)> {
        match (self.home, self.kind?) {
            (Home::ClassSide, _) => Some(("self.count", true)),
            (Home::Instance, Kind::Actor) => Some(("self.amount", true)),
            (Home::Instance, Kind::Value) => Some(("self.amount", false)),
            _ => None,
        }
    }
}
