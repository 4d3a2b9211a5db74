use std::ops::Range;

use ariadne::{Cache, Config, IndexType, Label, Report, ReportKind, Source};
use beamtalk_source::{Diagnostic, Severity, Span};

/// Whether a report contains escape sequences for colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    Plain,
    /// Text with colors of ANSI terminals.
    Color,
}

/// Lines longer than this (generated or hostile text) are not shown.
const MAX_LINE_BYTES: usize = 2000;

/// Reports about one text, which is split into lines once for all of them.
pub struct Excerpts<'t> {
    file: &'t str,
    text: &'t str,
    lines: Source<&'t str>,
}

impl<'t> Excerpts<'t> {
    /// Reports about `text`, which is shown as `file`.
    pub fn new(file: &'t str, text: &'t str) -> Self {
        Self {
            file,
            text,
            lines: Source::from(text),
        }
    }

    /// The report of one diagnostic, with a line break at its end.
    pub fn report(&self, diagnostic: &Diagnostic, style: Style) -> String {
        let mut spans = std::iter::once(diagnostic.span)
            .chain(diagnostic.labels.iter().map(|label| label.span));
        if spans.any(|span| self.is_on_long_line(span)) {
            return self.summary(diagnostic);
        }
        self.excerpt(diagnostic, style)
    }

    fn excerpt(&self, diagnostic: &Diagnostic, style: Style) -> String {
        let config = Config::default()
            .with_index_type(IndexType::Byte)
            .with_color(style == Style::Color);
        let mut report = Report::build(kind(diagnostic.severity), self.place(diagnostic.span))
            .with_config(config)
            .with_code(diagnostic.code.name())
            .with_message(&diagnostic.message)
            .with_label(Label::new(self.place(diagnostic.span)).with_message(&diagnostic.message));
        for label in &diagnostic.labels {
            report =
                report.with_label(Label::new(self.place(label.span)).with_message(&label.message));
        }
        for note in &diagnostic.notes {
            report = report.with_note(note);
        }
        if let Some(help) = &diagnostic.help {
            report = report.with_help(help);
        }
        if let Some(fix) = &diagnostic.fix {
            report = report.with_help(format!("to mend it: {}", fix.title));
        }
        let mut written = Vec::new();
        match report.finish().write(self, &mut written) {
            Ok(()) => String::from_utf8_lossy(&written).into_owned(),
            Err(_) => self.summary(diagnostic),
        }
    }

    fn summary(&self, diagnostic: &Diagnostic) -> String {
        let offset = diagnostic.span.start;
        format!(
            "[{}] {} ({}, at byte {offset})\n",
            diagnostic.code.name(),
            diagnostic.message,
            self.file
        )
    }

    fn is_on_long_line(&self, span: Span) -> bool {
        let (_, range) = self.place(span);
        [range.start, range.end].into_iter().any(|offset| {
            let (before, after) = self.text.split_at(offset);
            let start = before.rfind('\n').unwrap_or(0);
            let end = after.find('\n').unwrap_or(after.len());
            offset - start + end > MAX_LINE_BYTES
        })
    }

    /// The range that is underlined: an excerpt must lie inside the text and hold whole characters.
    fn place(&self, span: Span) -> (&'t str, Range<usize>) {
        let start = self.text.floor_char_boundary(span.start as usize);
        let end = self.text.ceil_char_boundary(span.end as usize);
        (self.file, start..end.max(start))
    }
}

impl<'t> Cache<&'t str> for &Excerpts<'t> {
    type Storage = &'t str;

    fn fetch(&mut self, _file: &&'t str) -> Result<&Source<&'t str>, impl std::fmt::Debug> {
        Ok::<_, std::convert::Infallible>(&self.lines)
    }

    fn display<'a>(&self, file: &'a &'t str) -> Option<impl std::fmt::Display + 'a> {
        Some(*file)
    }
}

fn kind(severity: Severity) -> ReportKind<'static> {
    match severity {
        Severity::Error => ReportKind::Error,
        Severity::Warning => ReportKind::Warning,
        Severity::Hint => ReportKind::Advice,
        Severity::Lint => ReportKind::Custom("Lint", ariadne::Color::Cyan),
    }
}

#[cfg(test)]
mod tests {
    use beamtalk_source::Code;
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "größe := 3 -4.\nx := @\n";

    fn sample(start: u32, end: u32) -> Diagnostic {
        Diagnostic::new(
            Code::UNEXPECTED_TOKEN,
            Span::new(start, end),
            "an expression was expected",
        )
        .with_help("write a value")
        .with_note("assignments have a value on the right")
        .with_label(Span::new(0, 7), "after this statement")
    }

    #[test]
    fn a_report_shows_line_column_and_all_that_is_said() {
        let at = TEXT.find('@').map(|at| at as u32).unwrap_or_default();
        let report = Excerpts::new("a.bt", TEXT).report(&sample(at, at + 1), Style::Plain);
        for part in [
            "BT0007",
            "a.bt:2:6",
            "x := @",
            "an expression was expected",
            "write a value",
            "after this",
        ] {
            assert!(report.contains(part), "{part} is missing:\n{report}");
        }
        assert!(!report.contains('\u{1b}'));
        assert!(report.ends_with('\n'));
    }

    #[test]
    fn colors_only_when_asked() {
        let report = Excerpts::new("a.bt", TEXT).report(&sample(0, 1), Style::Color);
        assert!(report.contains('\u{1b}'));
    }

    #[test]
    fn a_very_long_line_is_not_shown() {
        let text = "x".repeat(MAX_LINE_BYTES + 10);
        let report = Excerpts::new("a.bt", &text).report(&sample(5, 6), Style::Plain);
        assert_eq!(
            report,
            "[BT0007] an expression was expected (a.bt, at byte 5)\n"
        );
    }

    proptest! {
        #[test]
        fn any_span_in_any_text_has_a_report(text in "\\PC{0,20}(\r?\n|\t|\\PC{0,9}){0,4}", start in 0u32..60, end in 0u32..60) {
            let report = Excerpts::new("any.bt", &text).report(&sample(start, end), Style::Plain);
            prop_assert!(report.contains("BT0007"));
        }
    }
}
