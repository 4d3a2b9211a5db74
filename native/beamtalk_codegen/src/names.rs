use beamtalk_ast::ClassHeader;
use beamtalk_source::{Diagnostic, Span};
use rustc_hash::FxHashSet;

use crate::messages;

/// Bytes an atom may have in a module: OTP's compiler refuses more, although the emulator counts characters.
const NAME_LENGTH: usize = 255;

/// Counts and checks every name of the source that becomes an atom: atoms are never collected.
pub struct Names {
    seen: FxHashSet<String>,
    limit: u32,
    found: Vec<Diagnostic>,
}

impl Names {
    pub fn new(limit: u32) -> Self {
        Self {
            seen: FxHashSet::default(),
            limit,
            found: Vec::new(),
        }
    }

    /// The name as an atom; `span` is absolute.
    pub fn atom(&mut self, name: &str, span: Span) -> String {
        if name.len() > NAME_LENGTH {
            self.found
                .push(messages::name_too_long(name, NAME_LENGTH, span));
            return String::new();
        }
        if !self.seen.contains(name) {
            self.seen.insert(name.into());
        }
        name.into()
    }

    /// What was found, for a class.
    pub fn finish(self, base: u32, header: &ClassHeader) -> Vec<Diagnostic> {
        self.finish_at(header.name.span.shift(base))
    }

    /// What was found, for a script.
    pub fn finish_script(self) -> Vec<Diagnostic> {
        self.finish_at(Span::default())
    }

    /// What was found, at that place.
    pub fn finish_at(mut self, span: Span) -> Vec<Diagnostic> {
        if self.seen.len() > self.limit as usize {
            self.found.push(messages::too_many_names(self.limit, span));
        }
        self.found
    }
}

/// The function of a method in its body.
pub fn method_function(selector: &str, class_side: bool) -> String {
    let prefix = if class_side { 'c' } else { 'm' };
    format!("{prefix} {selector}")
}
