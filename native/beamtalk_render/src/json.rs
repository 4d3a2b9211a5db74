//! The JSON form: one object with the keys of the diagnostics of the Erlang API, on one line. What is absent is `null`.

use beamtalk_source::{Diagnostic, LineIndex, Phase, Span};
use serde::Serialize;

use crate::line::word;

#[derive(Serialize)]
struct Finding<'d> {
    code: &'static str,
    severity: &'static str,
    phase: &'static str,
    kind: &'static str,
    category: Option<&'static str>,
    message: &'d str,
    file: &'d str,
    #[serde(flatten)]
    place: Place,
    labels: Vec<Note<'d>>,
    notes: &'d [String],
    help: Option<&'d str>,
    fix: Option<Mend<'d>>,
}

/// Offsets count bytes from 0, lines and columns (in characters) count from 1.
#[derive(Serialize)]
struct Place {
    start: u32,
    end: u32,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Note<'d> {
    message: &'d str,
    #[serde(flatten)]
    place: Place,
}

#[derive(Serialize)]
struct Mend<'d> {
    title: &'d str,
    edits: Vec<Change<'d>>,
}

#[derive(Serialize)]
struct Change<'d> {
    text: &'d str,
    #[serde(flatten)]
    place: Place,
}

/// One diagnostic as one line.
pub fn json(diagnostic: &Diagnostic, file: &str, text: &str, index: &LineIndex) -> String {
    let place = |span: Span| {
        let (start, end) = (
            index.line_column(text, span.start),
            index.line_column(text, span.end),
        );
        Place {
            start: span.start,
            end: span.end,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    };
    let info = diagnostic.code.info();
    let finding = Finding {
        code: info.name,
        severity: word(diagnostic.severity),
        phase: phase(diagnostic.phase),
        kind: info.kind,
        category: diagnostic.category,
        message: &diagnostic.message,
        file,
        place: place(diagnostic.span),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| Note {
                message: &label.message,
                place: place(label.span),
            })
            .collect(),
        notes: &diagnostic.notes,
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref().map(|fix| Mend {
            title: &fix.title,
            edits: fix
                .edits
                .iter()
                .map(|edit| Change {
                    text: &edit.text,
                    place: place(edit.span),
                })
                .collect(),
        }),
    };
    // Strings and numbers can always be written.
    let mut line = serde_json::to_string(&finding).unwrap_or_default();
    line.push('\n');
    line
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Parse => "parse",
        Phase::Analysis => "analysis",
        Phase::Codegen => "codegen",
        Phase::Runtime => "runtime",
    }
}
