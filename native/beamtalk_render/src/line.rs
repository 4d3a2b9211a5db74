use beamtalk_source::{Diagnostic, LineColumn, Severity};

/// The one-line form, which editors and other tools know from compilers: `file:line:column: severity[code]: message`.
pub fn line(diagnostic: &Diagnostic, file: &str, at: LineColumn) -> String {
    // Names in a message may hold anything, and one finding is one line.
    let message = diagnostic.message.replace(['\n', '\r'], " ");
    format!(
        "{file}:{}:{}: {}[{}]: {message}\n",
        at.line,
        at.column,
        word(diagnostic.severity),
        diagnostic.code.name()
    )
}

/// The severity as the reference calls it.
pub fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
        Severity::Lint => "lint",
    }
}
