//! The compiler without its boundary: text in, Core Erlang and diagnostics out.
//!
//! An [`Engine`] is stateless for its callers. What it keeps between calls (environments, parsed chunks) is found by
//! content, bounded in bytes, and never changes an answer. Every entry point runs guarded: on a stack of its own, with
//! panics caught; every answer is a value, whatever the input.

mod cancel;
mod compile;
mod environments;
mod guard;
mod memo;
mod outline;
mod patch;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use beamtalk_ast::{File, Item};
use beamtalk_semantic::default_module;
use beamtalk_source::{Code, Diagnostic, Span};

pub use beamtalk_codegen::{Placement, RUNTIME};
pub use beamtalk_core_erlang as core;
pub use beamtalk_semantic::{Dependency, Environment, Package};
pub use beamtalk_source as source;
pub use cancel::Cancel;
pub use environments::{EnvironmentEntry, Hash, hash as environment_hash};
pub use guard::guarded;
pub use outline::{Outline, OutlineDoc, OutlineMethod};
pub use patch::Patch;

/// What is too much: beyond a limit there is a diagnostic that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of source text.
    pub source_bytes: u32,
    /// Levels of brackets.
    pub nesting: u32,
    /// Errors reported for one text.
    pub errors: u32,
    /// Different names that become atoms.
    pub names: u32,
    /// Nodes of code in one function.
    pub code_nodes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        let parser = beamtalk_parser::Limits::default();
        let codegen = beamtalk_codegen::Limits::default();
        Self {
            source_bytes: parser.source_bytes,
            nesting: parser.nesting,
            errors: parser.errors,
            names: codegen.names,
            code_nodes: codegen.nodes,
        }
    }
}

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Name of the module; without one it is derived from class and package.
    pub module: Option<String>,
    /// Name of the file in diagnostics and stack traces.
    pub file: Option<String>,
    /// The package the text belongs to.
    pub package: Option<Package>,
    /// The slot of the body, and what is in other slots already; without a slot, one module for facade and body.
    pub placement: Placement,
    /// Whether a class carries the text of its file, from which it can be compiled again.
    pub carries_text: bool,
    /// Whether the text belongs to the standard library.
    pub library: bool,
    /// The variables a session has, for expressions.
    pub known_vars: Vec<String>,
    /// Classes whose methods outside of a class body are not looked at: they were compiled as a patch.
    pub patched: Vec<String>,
    /// The classes that can be seen.
    pub environment: Option<Arc<Environment>>,
    /// What is too much.
    pub limits: Limits,
}

/// The code of what a file declares: a class, and methods for classes of other files.
#[derive(Clone, Debug)]
pub struct FileCode {
    /// The facade's name; without a class, the name that the bodies' names begin with.
    pub module: String,
    /// The class.
    pub class: Option<String>,
    /// Its superclass.
    pub superclass: Option<String>,
    /// Routes selectors to the bodies.
    pub facade: Option<core::Module>,
    /// Hold the code; empty where the facade does.
    pub bodies: Vec<core::Module>,
    /// What other compilations may know of the file.
    pub interface: Vec<u8>,
}

/// The answer of a compilation.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    /// What the text declares, if that is anything with code and nothing is wrong.
    pub declared: Option<FileCode>,
    /// The top-level statements as `eval/1`, if there are any and nothing is wrong.
    pub script: Option<core::Module>,
    /// What other compilations may know of a file that declares something and has errors.
    pub interface: Option<Vec<u8>>,
    /// Everything that was found, by place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Compiled {
    /// All modules: facade, bodies, statements.
    pub fn modules(&self) -> impl Iterator<Item = &core::Module> {
        let declared = self.declared.iter();
        let declared = declared.flat_map(|code| code.facade.iter().chain(&code.bodies));
        declared.chain(&self.script)
    }

    /// Whether anything found is an error.
    pub fn failed(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// A text in canonical layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formatted {
    /// The whole text.
    pub text: String,
    /// What changes, as a unified diff; `None` where the layout is canonical already.
    pub diff: Option<String>,
}

/// What has happened since the engine was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Guarded pieces of work.
    pub requests: u64,
    /// Panics that became diagnostics.
    pub panics: u64,
    /// Environments that are kept.
    pub environments: usize,
    /// Bytes they take, about.
    pub environment_bytes: usize,
    /// Chunks whose trees are kept.
    pub chunks: usize,
    /// Bytes they take, about.
    pub chunk_bytes: usize,
}

/// The compiler. Shared between threads.
#[derive(Debug, Default)]
pub struct Engine {
    environments: environments::Environments,
    memo: memo::Memo,
    requests: AtomicU64,
    panics: AtomicU64,
}

impl Engine {
    /// A compiler that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Compiles a file: its class, and its top-level statements.
    pub fn compile(&self, source: &[u8], options: &Options, cancel: &Cancel) -> Compiled {
        self.compiled(source, options, cancel, compile::Purpose::File)
    }

    /// Compiles what was typed into a session that has `options.known_vars`.
    pub fn compile_expression(
        &self,
        source: &[u8],
        options: &Options,
        cancel: &Cancel,
    ) -> Compiled {
        self.compiled(source, options, cancel, compile::Purpose::Session)
    }

    /// Compiles single methods of a class, whose text is `source`. Diagnostics are about the text of the patch.
    pub fn patch(
        &self,
        source: &[u8],
        patch: &Patch,
        options: &Options,
        cancel: &Cancel,
    ) -> Compiled {
        let compiled = self.guarded(|| {
            let parsed = self.parse(source, options).and_then(|(text, file, _)| {
                let (patch_text, patch_file, found) = self.parse(&patch.text, options)?;
                Ok(patch::Parsed {
                    text,
                    file,
                    patch_text,
                    patch_file,
                    found,
                })
            });
            let edited = parsed
                .map_err(|found| vec![found])
                .and_then(|parsed| parsed.edit(patch));
            edited.map(|edited| self.compile_patch(&edited, options, cancel))
        });
        compiled
            .unwrap_or_else(|diagnostic| Err(vec![diagnostic]))
            .unwrap_or_else(|diagnostics| Compiled {
                diagnostics,
                ..Compiled::default()
            })
    }

    fn compile_patch(
        &self,
        edited: &patch::Edited,
        options: &Options,
        cancel: &Cancel,
    ) -> Compiled {
        let mut options = options.clone();
        options
            .placement
            .existing
            .retain(|function, _| !edited.functions.contains(function));
        let mut compiled = match self.parse(edited.text.as_bytes(), &options) {
            Ok((text, file, found)) => {
                let file = patch::Edited::without_statements(file);
                compile::compile(text, &file, found, &options, cancel, compile::Purpose::File)
            }
            Err(diagnostic) => Compiled {
                diagnostics: vec![diagnostic],
                ..Compiled::default()
            },
        };
        compiled.diagnostics = edited.relocate(compiled.diagnostics);
        compiled
    }

    /// Everything that is wrong with a file; no code is made.
    pub fn diagnostics(
        &self,
        source: &[u8],
        options: &Options,
        cancel: &Cancel,
    ) -> Vec<Diagnostic> {
        self.compiled(source, options, cancel, compile::Purpose::Check)
            .diagnostics
    }

    /// What a file declares.
    pub fn outline(&self, source: &[u8], options: &Options) -> Outline {
        let outline = self.guarded(|| match self.parse(source, options) {
            Ok((text, file, diagnostics)) => outline::outline(text, &file, options, diagnostics),
            Err(diagnostic) => Outline {
                diagnostics: vec![diagnostic],
                ..Outline::default()
            },
        });
        outline.unwrap_or_else(|diagnostic| Outline {
            diagnostics: vec![diagnostic],
            ..Outline::default()
        })
    }

    /// The file in canonical layout, with the same tree and all its comments. A text with errors stays as it is: the
    /// answer is what is wrong with it.
    pub fn format(&self, source: &[u8], options: &Options) -> Result<Formatted, Vec<Diagnostic>> {
        let formatted = self.guarded(|| {
            let (text, limits) =
                readable(source, options).map_err(|diagnostic| vec![diagnostic])?;
            let formatted = beamtalk_format::format(text, &limits)?;
            let diff = beamtalk_format::difference(text, &formatted);
            Ok(Formatted {
                text: formatted,
                diff,
            })
        });
        formatted.unwrap_or_else(|diagnostic| Err(vec![diagnostic]))
    }

    /// The environment of that content hash, if it is still known.
    pub fn environment(&self, hash: &Hash) -> Option<Arc<Environment>> {
        self.environments.get(hash)
    }

    /// Makes an environment known. Fails with a sentence about the first interface that is not one of this compiler's.
    pub fn add_environment(
        &self,
        entries: &[EnvironmentEntry],
    ) -> Result<(Hash, Arc<Environment>), String> {
        self.guarded(|| self.environments.add(entries))
            .unwrap_or_else(|diagnostic| Err(diagnostic.message))
    }

    /// Panics inside the guard, for tests of everything around it; answers the diagnostic of the panic.
    #[expect(clippy::missing_panics_doc, reason = "the guard catches it")]
    pub fn provoke_panic(&self) -> Vec<Diagnostic> {
        self.guarded(|| panic!("provoked"))
            .err()
            .into_iter()
            .collect()
    }

    /// Counters and sizes.
    pub fn statistics(&self) -> Statistics {
        let (environments, environment_bytes) = self.environments.size();
        let (chunks, chunk_bytes) = self.memo.size();
        Statistics {
            requests: self.requests.load(Ordering::Relaxed),
            panics: self.panics.load(Ordering::Relaxed),
            environments,
            environment_bytes,
            chunks,
            chunk_bytes,
        }
    }

    fn guarded<T>(&self, work: impl FnOnce() -> T) -> Result<T, Diagnostic> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        guarded(work).inspect_err(|_| {
            self.panics.fetch_add(1, Ordering::Relaxed);
        })
    }

    fn compiled(
        &self,
        source: &[u8],
        options: &Options,
        cancel: &Cancel,
        purpose: compile::Purpose,
    ) -> Compiled {
        let compiled = self.guarded(|| {
            let (text, mut file, found) = match self.parse(source, options) {
                Ok(parsed) => parsed,
                Err(diagnostic) => {
                    return Compiled {
                        diagnostics: vec![diagnostic],
                        ..Compiled::default()
                    };
                }
            };
            file.items.retain(|item| !is_patched(item, options));
            let mut compiled = compile::compile(text, &file, found, options, cancel, purpose);
            compiled
                .diagnostics
                .sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.code));
            compiled
        });
        compiled.unwrap_or_else(|diagnostic| Compiled {
            diagnostics: vec![diagnostic],
            ..Compiled::default()
        })
    }

    fn parse<'s>(
        &self,
        source: &'s [u8],
        options: &Options,
    ) -> Result<(&'s str, File, Vec<Diagnostic>), Diagnostic> {
        let (text, limits) = readable(source, options)?;
        let parsed = if limits == beamtalk_parser::Limits::default() {
            beamtalk_parser::parse_file_with(text, &limits, &mut &self.memo)
        } else {
            // A tree that is kept was made under the default limits.
            beamtalk_parser::parse_file(text, &limits)
        };
        Ok((text, parsed.file, parsed.diagnostics))
    }
}

fn is_patched(item: &Item, options: &Options) -> bool {
    match item {
        Item::Method(method) => options.patched.contains(&method.node.class.name.text),
        _ => false,
    }
}

/// The text of a source within its limits, and the limits for the parser.
fn readable<'s>(
    source: &'s [u8],
    options: &Options,
) -> Result<(&'s str, beamtalk_parser::Limits), Diagnostic> {
    let limits = &options.limits;
    if source.len() > limits.source_bytes as usize {
        return Err(source_too_large(source.len(), limits.source_bytes));
    }
    let text =
        std::str::from_utf8(source).map_err(|error| invalid_utf8(error.valid_up_to(), source))?;
    let limits = beamtalk_parser::Limits {
        nesting: limits.nesting,
        source_bytes: limits.source_bytes,
        errors: limits.errors,
        ..beamtalk_parser::Limits::default()
    };
    Ok((text, limits))
}

fn source_too_large(length: usize, limit: u32) -> Diagnostic {
    let message = format!("the text has {length} bytes, more than the limit of {limit}");
    Diagnostic::new(Code::SOURCE_TOO_LARGE, Span::default(), message)
        .with_help("split it into several files")
}

fn invalid_utf8(at: usize, source: &[u8]) -> Diagnostic {
    let byte = source.get(at).copied().unwrap_or_default();
    let message = format!("the text is not UTF-8: unexpected byte 0x{byte:02X} at offset {at}");
    let at = at as u32;
    Diagnostic::new(Code::INVALID_UTF8, Span::new(at, at + 1), message)
        .with_help("save the file as UTF-8")
}

/// Bytes of the longest name of a class's module: the names of its bodies are a little longer, and atoms too.
const MODULE_NAME: usize = 240;

/// Whether the class can have a module.
fn can_be_named(options: &Options, class: &str) -> bool {
    class.len().max(module_of(options, class).len()) <= MODULE_NAME
}

fn module_of(options: &Options, class: &str) -> String {
    options.module.clone().unwrap_or_else(|| {
        default_module(
            options.package.as_ref().map(|package| &*package.name),
            class,
        )
    })
}
