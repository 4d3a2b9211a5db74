use crate::{Code, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Compilation fails.
    Error,
    /// Reported by every command.
    Warning,
    /// Reported with low confidence.
    Hint,
    /// Reported by the lint command only.
    Lint,
}

/// Which part of the system found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Scanning and parsing.
    Parse,
    /// Names, structure, types.
    Analysis,
    /// Code generation, OTP's compiler and the limits of both.
    Codegen,
    /// The running program.
    Runtime,
}

/// A further place that explains the diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where, as offsets in the file.
    pub span: Span,
    /// What there is to say about it.
    pub message: String,
}

/// One replacement of a [`Fix`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace, as offsets in the file.
    pub span: Span,
    /// What to put there.
    pub text: String,
}

/// A mend that a tool may apply without asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the mend does, as an instruction: ``write `3 - 4` ``.
    pub title: String,
    /// The replacements: disjoint, in order.
    pub edits: Vec<Edit>,
}

/// One finding, as data. Everything that shows diagnostics (terminal, editor, shell, JSON) shows this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code: decides `kind`, default severity and documentation page.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Who found it.
    pub phase: Phase,
    /// The category that `@expect` can name, where it has one.
    pub category: Option<&'static str>,
    /// One sentence without a final period.
    pub message: String,
    /// Where, as offsets in the file.
    pub span: Span,
    /// Further places.
    pub labels: Vec<Label>,
    /// Further facts.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// The mend, where it is certain.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A diagnostic with the severity, phase and category of its code.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        let info = code.info();
        Self {
            code,
            severity: info.severity,
            phase: info.phase,
            category: info.category,
            message: message.into(),
            span,
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn with_label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Adds a further fact.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds the mend: replace `span` with `text`.
    #[must_use]
    pub fn with_fix(
        mut self,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        self.fix = Some(Fix {
            title: title.into(),
            edits: vec![Edit {
                span,
                text: text.into(),
            }],
        });
        self
    }

    /// Whether compilation must fail.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The same diagnostic for a text that starts `base` bytes earlier.
    #[must_use]
    pub fn shift(mut self, base: u32) -> Self {
        self.span = self.span.shift(base);
        for label in &mut self.labels {
            label.span = label.span.shift(base);
        }
        for edit in self.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span = edit.span.shift(base);
        }
        self
    }
}
