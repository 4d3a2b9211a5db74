use std::ops::Range;

use ariadne::{Cache, Config, IndexType, Label, Report, ReportKind, Source};
use beamtalk_source::{Diagnostic, LineIndex, Severity, Span};

use crate::json::json;
use crate::line::line;

/// How a diagnostic looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A report with an excerpt, text only.
    Plain,
    /// A report with an excerpt, with colors of ANSI terminals.
    Color,
    /// One line of text.
    Line,
    /// One line of JSON.
    Json,
}

/// Lines longer than this (generated or hostile text) are not shown.
const MAX_LINE_BYTES: usize = 2000;

/// Columns that a tab takes in an excerpt.
const TAB_WIDTH: usize = 4;

/// Reports about one text, which is split into lines once for all of them.
pub struct Excerpts<'t> {
    file: &'t str,
    text: &'t str,
    lines: Source<&'t str>,
    index: LineIndex,
}

impl<'t> Excerpts<'t> {
    /// Reports about `text`, which is shown as `file`.
    pub fn new(file: &'t str, text: &'t str) -> Self {
        Self {
            file,
            text,
            lines: Source::from(text),
            index: LineIndex::new(text),
        }
    }

    /// One diagnostic in that style, with a line break at its end.
    pub fn report(&self, diagnostic: &Diagnostic, style: Style) -> String {
        match style {
            Style::Json => json(diagnostic, self.file, self.text, &self.index),
            Style::Line => line(
                diagnostic,
                self.file,
                self.index.line_column(self.text, diagnostic.span.start),
            ),
            Style::Plain | Style::Color => self.bounded_excerpt(diagnostic, style),
        }
    }

    fn bounded_excerpt(&self, diagnostic: &Diagnostic, style: Style) -> String {
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
            .with_color(style == Style::Color)
            .with_tab_width(TAB_WIDTH);
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

    /// Texts, what is underlined in them, and the columns that the text before it takes in a terminal.
    const BEFORE: [(&str, &str, usize); 9] = [
        ("x := @", "@", 5),
        ("größe := @", "@", 9),
        ("日本 := @", "@", 8),
        ("e\u{301}tat := @", "@", 8),
        ("\"a\u{308}\u{323}b\" @", "@", 5),
        ("\tx := @", "@", TAB_WIDTH + 5),
        // ariadne shows tabs as blanks, and counts its tab stops in characters.
        ("\t\t@", "@", 2 * TAB_WIDTH - 1),
        ("ab\t@", "@", TAB_WIDTH),
        ("😀 := größe", "größe", 6),
    ];

    #[test]
    fn nothing_before_a_label_shifts_it() {
        for (text, mark, columns) in BEFORE {
            let start = text.find(mark).unwrap_or_default() as u32;
            let finding = Diagnostic::new(
                Code::UNEXPECTED_TOKEN,
                Span::new(start, start + mark.len() as u32),
                "here",
            );
            let report = Excerpts::new("a.bt", text).report(&finding, Style::Plain);
            // Behind the margin ` 1 │ ` and its continuation.
            let mut lines = report.lines().skip_while(|line| !line.starts_with(" 1 │ "));
            let shown = lines.next().unwrap_or_default();
            assert!(shown.contains(mark), "{report}");
            let underline = lines.next().unwrap_or_default();
            let at = underline
                .chars()
                .skip(" 1 │ ".chars().count())
                .position(|c| c == '┬' || c == '─');
            assert_eq!(at, Some(columns), "{text}\n{report}");
        }
    }

    #[test]
    fn everything_that_is_said_is_shown() {
        let finding = sample(18, 19)
            .with_label(Span::new(9, 10), "a second label")
            .with_note("a second note")
            .with_fix("write `1`", Span::new(18, 19), "1");
        for style in [Style::Plain, Style::Color] {
            let report = Excerpts::new("a.bt", TEXT).report(&finding, style);
            for part in [
                "an expression was expected",
                "after this statement",
                "a second label",
                "write a value",
                "assignments have a value on the right",
                "a second note",
                "write `1`",
            ] {
                assert!(report.contains(part), "{part} is missing:\n{report}");
            }
        }
    }

    #[test]
    fn a_line_is_what_other_compilers_write() {
        let excerpts = Excerpts::new("a.bt", TEXT);
        let at = TEXT.find('@').unwrap_or_default() as u32;
        assert_eq!(
            excerpts.report(&sample(at, at + 1), Style::Line),
            "a.bt:2:6: error[BT0007]: an expression was expected\n"
        );
        let mut finding = sample(0, 1);
        finding.severity = Severity::Hint;
        finding.message = "two\nlines".into();
        assert_eq!(
            excerpts.report(&finding, Style::Line),
            "a.bt:1:1: hint[BT0007]: two lines\n"
        );
    }

    #[test]
    fn json_has_the_keys_of_the_erlang_api() {
        let finding = sample(11, 12).with_fix("write \"3\"", Span::new(11, 12), "3\n");
        let text = Excerpts::new("a.bt", TEXT).report(&finding, Style::Json);
        assert_eq!(text.matches('\n').count(), 1, "{text}");
        let place = |start: u32, end: u32| {
            // Two letters of the text have two bytes.
            let column = |at: u32| if at > 5 { at - 1 } else { at + 1 };
            serde_json::json!({
                "start": start, "end": end, "line": 1, "column": column(start),
                "end_line": 1, "end_column": column(end),
            })
        };
        let with = |mut value: serde_json::Value, key: &str, text: &str| {
            value[key] = text.into();
            value
        };
        let mut expected = place(11, 12);
        for (key, value) in [
            ("code", serde_json::json!("BT0007")),
            ("severity", serde_json::json!("error")),
            ("phase", serde_json::json!("parse")),
            ("kind", serde_json::json!("unexpected_token")),
            ("category", serde_json::Value::Null),
            ("message", serde_json::json!("an expression was expected")),
            ("file", serde_json::json!("a.bt")),
            (
                "labels",
                serde_json::json!([with(place(0, 7), "message", "after this statement")]),
            ),
            (
                "notes",
                serde_json::json!(["assignments have a value on the right"]),
            ),
            ("help", serde_json::json!("write a value")),
            (
                "fix",
                serde_json::json!({
                    "title": "write \"3\"", "edits": [with(place(11, 12), "text", "3\n")],
                }),
            ),
        ] {
            expected[key] = value;
        }
        let found: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn any_span_in_any_text_has_a_report(text in "\\PC{0,20}(\r?\n|\t|\\PC{0,9}){0,4}", start in 0u32..60, end in 0u32..60) {
            let report = Excerpts::new("any.bt", &text).report(&sample(start, end), Style::Plain);
            prop_assert!(report.contains("BT0007"));
            let json = Excerpts::new("any.bt", &text).report(&sample(start, end), Style::Json);
            prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
        }
    }
}
