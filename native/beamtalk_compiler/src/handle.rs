use std::sync::Arc;
use std::time::{Duration, Instant};

use beamtalk_engine::core::{self, TermSink};
use beamtalk_engine::source::{Code, Diagnostic, Severity, Span};
use beamtalk_engine::{
    Cancel, Compiled, Engine, Environment, FileCode, Outline, OutlineMethod, guarded,
};

use crate::diagnostics::Places;
use crate::reply::Reply;
use crate::request::{BadRequest, Operation, Output, Request};
use crate::{Term, panics};

/// Decodes a request and answers it.
pub fn answer<S: TermSink>(
    engine: &Engine,
    term: &Term<'_>,
    cancel: &Cancel,
    sink: &mut S,
) -> S::Term {
    match Request::decode(term) {
        Ok(request) => handle(engine, &request, cancel, sink),
        Err(error) => bad_request(sink, &error),
    }
}

/// Answers a request. A panic, wherever it happens, is the diagnostic of an internal error.
pub fn handle<S: TermSink>(
    engine: &Engine,
    request: &Request<'_>,
    cancel: &Cancel,
    sink: &mut S,
) -> S::Term {
    let done = guarded(|| {
        Handler {
            engine,
            request,
            cancel,
            reply: Reply::new(sink),
        }
        .run()
    });
    done.unwrap_or_else(|diagnostic| failure(sink, diagnostic))
}

/// `{bad_request, Message}`.
pub fn bad_request<S: TermSink>(sink: &mut S, error: &BadRequest) -> S::Term {
    let mut reply = Reply::new(sink);
    let message = reply.text(error.message());
    reply.tagged("bad_request", message)
}

/// The answer of a backend that has too much to do already.
pub fn overloaded<S: TermSink>(sink: &mut S) -> S::Term {
    let diagnostic = Diagnostic::new(
        Code::CANCELLED,
        Span::at(0),
        "too many requests wait for the compiler",
    )
    .with_help("send it again later");
    failure(sink, diagnostic)
}

fn failure<S: TermSink>(sink: &mut S, diagnostic: Diagnostic) -> S::Term {
    let mut reply = Reply::new(sink);
    let diagnostics = reply.diagnostics(&[diagnostic], &Places::new(&[], 0, None));
    let map = reply.record([("diagnostics", diagnostics)]);
    reply.tagged("error", map)
}

/// How a lookup of the class environment ends.
enum Surroundings {
    Known(Option<Arc<Environment>>),
    Needed([u8; 32]),
    Wrong(BadRequest),
}

struct Handler<'r, 's, S: TermSink> {
    engine: &'r Engine,
    request: &'r Request<'r>,
    cancel: &'r Cancel,
    reply: Reply<'s, S>,
}

impl<S: TermSink> Handler<'_, '_, S> {
    fn run(mut self) -> S::Term {
        match self.surroundings() {
            Surroundings::Known(environment) => self.dispatch(environment),
            Surroundings::Needed(hash) => self.need(&hash),
            Surroundings::Wrong(error) => bad_request(self.reply.sink, &error),
        }
    }

    fn dispatch(&mut self, environment: Option<Arc<Environment>>) -> S::Term {
        let mut options = self.request.options.clone();
        options.environment = environment;
        let source = self.request.source.as_ref();
        match self.request.operation {
            Operation::Compile => {
                let compiled = self.engine.compile(source, &options, self.cancel);
                self.compiled(&compiled)
            }
            Operation::CompileExpression => {
                let compiled = self
                    .engine
                    .compile_expression(source, &options, self.cancel);
                self.compiled(&compiled)
            }
            Operation::Patch => {
                let patch = &self.request.patch;
                let compiled = self.engine.patch(source, patch, &options, self.cancel);
                self.compiled(&compiled)
            }
            Operation::Diagnostics => {
                let diagnostics = self.engine.diagnostics(source, &options, self.cancel);
                self.success(Vec::new(), &diagnostics)
            }
            Operation::Outline => {
                let outline = self.engine.outline(source, &options);
                let fields = self.outline(&outline);
                self.success(fields, &outline.diagnostics)
            }
            Operation::Format => match self.engine.format(source, &options) {
                Ok(formatted) => {
                    let fields = vec![
                        ("text", self.reply.text(&formatted.text)),
                        ("diff", self.reply.optional_text(formatted.diff.as_deref())),
                    ];
                    self.success(fields, &[])
                }
                Err(diagnostics) => self.failed(&diagnostics),
            },
            Operation::Environment => self.add_environment(),
            Operation::Info => self.info(),
            Operation::ProvokePanic => {
                let diagnostics = self.engine.provoke_panic();
                self.failed(&diagnostics)
            }
            Operation::ProvokeDelay => self.delay(),
        }
    }

    fn surroundings(&self) -> Surroundings {
        let Some(hash) = self.request.environment else {
            return Surroundings::Known(None);
        };
        if let Some(environment) = self.engine.environment(&hash) {
            return Surroundings::Known(Some(environment));
        }
        let Some(entries) = &self.request.entries else {
            return Surroundings::Needed(hash);
        };
        match self.engine.add_environment(entries) {
            Ok((found, environment)) if found == hash => Surroundings::Known(Some(environment)),
            Ok(_) => Surroundings::Wrong(BadRequest::new(
                "environment: the hash is not that of the entries",
            )),
            Err(message) => Surroundings::Wrong(BadRequest::new(format!("entries: {message}"))),
        }
    }

    fn need(&mut self, hash: &[u8; 32]) -> S::Term {
        let hash = [self.reply.sink.binary(hash)];
        let hashes = self.reply.sink.list(&hash);
        self.reply.tagged("need", hashes)
    }

    fn add_environment(&mut self) -> S::Term {
        let entries = self.request.entries.as_deref().unwrap_or_default();
        match self.engine.add_environment(entries) {
            Ok((hash, _)) => {
                let fields = [("environment", self.reply.sink.binary(&hash))];
                let map = self.reply.record(fields);
                self.reply.tagged("ok", map)
            }
            Err(message) => bad_request(
                self.reply.sink,
                &BadRequest::new(format!("entries: {message}")),
            ),
        }
    }

    fn compiled(&mut self, compiled: &Compiled) -> S::Term {
        if compiled.failed() {
            return self.not_compiled(compiled);
        }
        let fields = match self.request.output {
            Output::Text => {
                let text: String = compiled.modules().map(core::text::module).collect();
                vec![("core_erlang", self.reply.text(&text))]
            }
            Output::Terms => {
                let class = match &compiled.declared {
                    Some(code) => self.declared(code),
                    None => self.reply.sink.atom("absent"),
                };
                let script = match &compiled.script {
                    Some(script) => core::term::module(self.reply.sink, script),
                    None => self.reply.sink.atom("absent"),
                };
                vec![("class", class), ("script", script)]
            }
        };
        self.success(fields, &compiled.diagnostics)
    }

    fn declared(&mut self, code: &FileCode) -> S::Term {
        let facade = match &code.facade {
            Some(facade) => core::term::module(self.reply.sink, facade),
            None => self.reply.sink.atom("absent"),
        };
        let bodies: Vec<_> = code
            .bodies
            .iter()
            .map(|body| core::term::module(self.reply.sink, body))
            .collect();
        let fields = [
            ("module", self.reply.text(&code.module)),
            ("class", self.reply.optional_text(code.class.as_deref())),
            (
                "superclass",
                self.reply.optional_text(code.superclass.as_deref()),
            ),
            ("facade", facade),
            ("bodies", self.reply.sink.list(&bodies)),
            ("interface", self.reply.sink.binary(&code.interface)),
        ];
        self.reply.record(fields)
    }

    fn info(&mut self) -> S::Term {
        let statistics = self.engine.statistics();
        let fields = [
            ("version", self.reply.text(env!("CARGO_PKG_VERSION"))),
            ("requests", self.reply.count(statistics.requests)),
            ("panics", self.reply.count(statistics.panics)),
            ("environments", self.reply.size(statistics.environments)),
            (
                "environment_bytes",
                self.reply.size(statistics.environment_bytes),
            ),
            ("chunks", self.reply.size(statistics.chunks)),
            ("chunk_bytes", self.reply.size(statistics.chunk_bytes)),
            (
                "last_panic",
                self.reply.optional_text(panics::last().as_deref()),
            ),
            ("limits", self.limits()),
        ];
        let map = self.reply.record(fields);
        self.reply.tagged("ok", map)
    }

    fn limits(&mut self) -> S::Term {
        let limits = &self.request.options.limits;
        let fields = [
            ("source_bytes", self.reply.number(limits.source_bytes)),
            ("nesting", self.reply.number(limits.nesting)),
            ("errors", self.reply.number(limits.errors)),
            ("names", self.reply.number(limits.names)),
            ("code_nodes", self.reply.number(limits.code_nodes)),
        ];
        self.reply.record(fields)
    }

    fn delay(&mut self) -> S::Term {
        let end = Instant::now() + self.request.delay;
        while !self.cancel.is_cancelled() {
            if Instant::now() >= end {
                return self.success(Vec::new(), &[]);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        self.failed(&[Diagnostic::new(
            Code::CANCELLED,
            Span::at(0),
            "the request was cancelled",
        )])
    }

    fn outline(&mut self, outline: &Outline) -> Vec<(&'static str, S::Term)> {
        let methods: Vec<_> = outline
            .methods
            .iter()
            .map(|method| {
                let fields = self.outlined(method);
                self.reply.record(fields)
            })
            .collect();
        let standalone: Vec<_> = outline
            .standalone
            .iter()
            .map(|(class, method)| {
                let [side, selector, line, last_line] = self.outlined(method);
                let class = ("class", self.reply.text(class));
                self.reply.record([class, side, selector, line, last_line])
            })
            .collect();
        let mut texts = |texts: &[String]| -> Vec<_> {
            texts.iter().map(|text| self.reply.text(text)).collect()
        };
        let (extensions, aliases) = (texts(&outline.extensions), texts(&outline.aliases));
        let docs: Vec<_> = outline
            .docs
            .iter()
            .map(|doc| {
                let (line, text) = (self.reply.number(doc.line), self.reply.text(&doc.text));
                self.reply.record([("line", line), ("text", text)])
            })
            .collect();
        vec![
            ("class", self.reply.optional_text(outline.class.as_deref())),
            (
                "module",
                self.reply.optional_text(outline.module.as_deref()),
            ),
            (
                "superclass",
                self.reply.optional_text(outline.superclass.as_deref()),
            ),
            ("methods", self.reply.sink.list(&methods)),
            ("extensions", self.reply.sink.list(&extensions)),
            ("aliases", self.reply.sink.list(&aliases)),
            ("standalone", self.reply.sink.list(&standalone)),
            ("docs", self.reply.sink.list(&docs)),
        ]
    }

    fn outlined(&mut self, method: &OutlineMethod) -> [(&'static str, S::Term); 4] {
        let side = if method.class_side {
            "class"
        } else {
            "instance"
        };
        [
            ("side", self.reply.sink.atom(side)),
            ("selector", self.reply.text(&method.selector)),
            ("line", self.reply.number(method.line)),
            ("last_line", self.reply.number(method.last_line)),
        ]
    }

    fn success(
        &mut self,
        mut fields: Vec<(&'static str, S::Term)>,
        diagnostics: &[Diagnostic],
    ) -> S::Term {
        fields.extend(self.findings(diagnostics));
        let map = self.reply.fields(fields);
        self.reply.tagged("ok", map)
    }

    /// A failure with what others may know of the file.
    fn not_compiled(&mut self, compiled: &Compiled) -> S::Term {
        let mut fields = self.findings(&compiled.diagnostics);
        if let Some(interface) = &compiled.interface {
            fields.push(("interface", self.reply.sink.binary(interface)));
        }
        let map = self.reply.fields(fields);
        self.reply.tagged("error", map)
    }

    fn failed(&mut self, diagnostics: &[Diagnostic]) -> S::Term {
        let fields = self.findings(diagnostics);
        let map = self.reply.fields(fields);
        self.reply.tagged("error", map)
    }

    fn findings(&mut self, diagnostics: &[Diagnostic]) -> Vec<(&'static str, S::Term)> {
        let options = &self.request.options;
        // What is found in a patch is not in the file of the class.
        let (source, file) = match self.request.operation {
            Operation::Patch => (self.request.patch.text.as_slice(), None),
            _ => (self.request.source.as_ref(), options.file.as_deref()),
        };
        let places = Places::new(source, options.limits.source_bytes, file);
        let wanted = |found: &&Diagnostic| self.request.lints || found.severity != Severity::Lint;
        let diagnostics: Vec<Diagnostic> = diagnostics.iter().filter(wanted).cloned().collect();
        let mut fields = vec![("diagnostics", self.reply.diagnostics(&diagnostics, &places))];
        if let Some(style) = self.request.render {
            let rendered = places.rendered(&diagnostics, style);
            fields.push(("rendered", self.reply.texts(&rendered)));
        }
        fields
    }
}

#[cfg(test)]
#[path = "handle_tests.rs"]
mod tests;
