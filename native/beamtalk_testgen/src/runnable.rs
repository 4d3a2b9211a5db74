//! Programs that mean something: they pass every check, end, and answer a value.
//!
//! A program may have a class; its statements make variables, call its methods, print, loop over few rounds, and may
//! raise. Expressions are made for a type, mostly: now and then an operand has another one, so that errors are met too.

mod class;
mod expression;
mod statement;

use crate::choices::Choices;

/// What an expression is made to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Int,
    Bool,
    Text,
    List,
    /// A block of one integer that answers an integer.
    Block,
}

impl Type {
    const ALL: [Self; 5] = [Self::Int, Self::Bool, Self::Text, Self::List, Self::Block];
}

/// What kind of class a program has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Value,
    Actor,
    Object,
}

/// Where code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    Script,
    Instance,
    ClassSide,
}

/// A program while it is written.
pub(crate) struct Program {
    choices: Choices,
    text: String,
    /// Variables that exist, the latest last.
    variables: Vec<(String, Type)>,
    /// Methods written so far: whether on the class side, selector, number of arguments.
    methods: Vec<(bool, String)>,
    kind: Option<Kind>,
    home: Home,
    names: u32,
    depth: u32,
    /// Loops around the current code.
    loops: u32,
}

/// Most levels of expressions in each other.
const MAX_DEPTH: u32 = 4;
/// Most loops in each other: the number of rounds is exponential in it.
const MAX_LOOPS: u32 = 2;

impl Program {
    pub(crate) fn write(choices: Choices) -> String {
        let mut program = Self {
            choices,
            text: String::new(),
            variables: Vec::new(),
            methods: Vec::new(),
            kind: None,
            home: Home::Script,
            names: 0,
            depth: 0,
            loops: 0,
        };
        program.file();
        program.text
    }

    fn file(&mut self) {
        self.kind = match self.choices.below(5) {
            1 => Some(Kind::Value),
            2 => Some(Kind::Actor),
            3 => Some(Kind::Object),
            _ => None,
        };
        if let Some(kind) = self.kind {
            self.class(kind);
        }
        self.home = Home::Script;
        self.variables.clear();
        if matches!(self.kind, Some(Kind::Value | Kind::Actor)) {
            let creation = if self.kind == Some(Kind::Actor) {
                "spawn"
            } else {
                "new"
            };
            self.put(format_args!("object := Sample {creation}\n"));
        }
        for _ in 0..=self.choices.below(6) {
            self.statement();
            self.text.push('\n');
        }
        self.result();
    }

    /// The value of the program: everything that there is.
    fn result(&mut self) {
        let mut parts: Vec<String> = self
            .variables
            .iter()
            .filter(|(_, kind)| *kind != Type::Block)
            .map(|(name, _)| name.clone())
            .collect();
        parts.push(self.made(Type::Int));
        self.put(format_args!("#({})\n", parts.join(", ")));
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        self.text += &text.to_string();
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    /// What is written inside is answered apart; its variables end with it.
    fn apart(&mut self, inside: impl FnOnce(&mut Self)) -> String {
        let outer = std::mem::take(&mut self.text);
        let variables = self.variables.len();
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.variables.truncate(variables);
        std::mem::replace(&mut self.text, outer)
    }

    fn a_variable(&mut self, kind: Type) -> Option<String> {
        let known: Vec<String> = self
            .variables
            .iter()
            .filter(|(_, other)| *other == kind)
            .map(|(name, _)| name.clone())
            .collect();
        let index = self.choices.below(known.len());
        known.get(index).cloned()
    }
}
