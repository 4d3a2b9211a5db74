use beamtalk_engine::core::TermSink;
use beamtalk_engine::source::{Diagnostic, Fix, Label, LineIndex, Phase, Severity, Span};
use beamtalk_render::{Excerpts, Style};

use crate::reply::Reply;

/// The text that diagnostics point into.
pub(crate) struct Places<'t> {
    text: &'t str,
    index: LineIndex,
    file: Option<&'t str>,
}

impl<'t> Places<'t> {
    /// Places in `source`: of a text that is not UTF-8 the part before the first wrong byte, of a text that is longer
    /// than `limit` the part up to there. Nothing is found behind either.
    pub(crate) fn new(source: &'t [u8], limit: u32, file: Option<&'t str>) -> Self {
        let source = source.get(..limit as usize).unwrap_or(source);
        let text = match std::str::from_utf8(source) {
            Ok(text) => text,
            Err(error) => source
                .get(..error.valid_up_to())
                .and_then(|s| std::str::from_utf8(s).ok())
                .unwrap_or(""),
        };
        Self {
            text,
            index: LineIndex::new(text),
            file,
        }
    }

    pub(crate) fn rendered(&self, diagnostics: &[Diagnostic], style: Style) -> Vec<String> {
        let excerpts = Excerpts::new(self.file.unwrap_or("source"), self.text);
        diagnostics
            .iter()
            .map(|diagnostic| excerpts.report(diagnostic, style))
            .collect()
    }
}

impl<S: TermSink> Reply<'_, S> {
    /// Diagnostics in the one shape that everything outside sees.
    pub(crate) fn diagnostics(
        &mut self,
        diagnostics: &[Diagnostic],
        places: &Places<'_>,
    ) -> S::Term {
        let terms: Vec<_> = diagnostics
            .iter()
            .map(|diagnostic| self.diagnostic(diagnostic, places))
            .collect();
        self.sink.list(&terms)
    }

    fn diagnostic(&mut self, diagnostic: &Diagnostic, places: &Places<'_>) -> S::Term {
        let info = diagnostic.code.info();
        let mut fields = vec![
            ("code", self.text(info.name)),
            ("severity", self.sink.atom(severity(diagnostic.severity))),
            ("phase", self.sink.atom(phase(diagnostic.phase))),
            ("kind", self.sink.atom(info.kind)),
            (
                "category",
                self.sink.atom(diagnostic.category.unwrap_or("undefined")),
            ),
            ("message", self.text(&diagnostic.message)),
            ("file", self.optional_text(places.file)),
            ("labels", self.labels(&diagnostic.labels, places)),
            ("notes", self.texts(&diagnostic.notes)),
            ("help", self.optional_text(diagnostic.help.as_deref())),
            ("fix", self.fix(diagnostic.fix.as_ref(), places)),
        ];
        fields.extend(self.place(diagnostic.span, places));
        self.fields(fields)
    }

    fn labels(&mut self, labels: &[Label], places: &Places<'_>) -> S::Term {
        let terms: Vec<_> = labels
            .iter()
            .map(|label| self.located("message", &label.message, label.span, places))
            .collect();
        self.sink.list(&terms)
    }

    fn fix(&mut self, fix: Option<&Fix>, places: &Places<'_>) -> S::Term {
        let Some(fix) = fix else {
            return self.sink.atom("undefined");
        };
        let edits: Vec<_> = fix
            .edits
            .iter()
            .map(|edit| self.located("text", &edit.text, edit.span, places))
            .collect();
        let fields = [
            ("title", self.text(&fix.title)),
            ("edits", self.sink.list(&edits)),
        ];
        self.record(fields)
    }

    fn located(
        &mut self,
        key: &'static str,
        text: &str,
        span: Span,
        places: &Places<'_>,
    ) -> S::Term {
        let mut fields = vec![(key, self.text(text))];
        fields.extend(self.place(span, places));
        self.fields(fields)
    }

    fn place(&mut self, span: Span, places: &Places<'_>) -> [(&'static str, S::Term); 6] {
        let start = places.index.line_column(places.text, span.start);
        let end = places.index.line_column(places.text, span.end);
        [
            ("start", self.number(span.start)),
            ("end", self.number(span.end)),
            ("line", self.number(start.line)),
            ("column", self.number(start.column)),
            ("end_line", self.number(end.line)),
            ("end_column", self.number(end.column)),
        ]
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
        Severity::Lint => "lint",
    }
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Parse => "parse",
        Phase::Analysis => "analysis",
        Phase::Codegen => "codegen",
        Phase::Runtime => "runtime",
    }
}
