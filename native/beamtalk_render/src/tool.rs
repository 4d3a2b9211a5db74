use std::fmt;

use miette::{Diagnostic, NarratableReportHandler};

/// What went wrong in a tool, and what its user can do.
#[derive(Debug)]
struct ToolFailure {
    message: String,
    help: String,
}

impl fmt::Display for ToolFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ToolFailure {}

impl Diagnostic for ToolFailure {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }
}

/// The report of a failure that has no place in a source file: a missing argument, a file that cannot be read.
pub fn tool_failure(message: impl Into<String>, help: impl Into<String>) -> String {
    let failure = ToolFailure {
        message: message.into(),
        help: help.into(),
    };
    let mut report = String::new();
    match NarratableReportHandler::new().render_report(&mut report, &failure) {
        Ok(()) => report,
        Err(fmt::Error) => failure.message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_and_what_to_do() {
        let report = tool_failure("cannot read x.etf", "give the name of a recorded request");
        assert!(report.contains("cannot read x.etf"), "{report}");
        assert!(
            report.contains("give the name of a recorded request"),
            "{report}"
        );
    }
}
