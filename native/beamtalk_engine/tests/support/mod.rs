//! Small programs and what is found in them: the notation that `docs/errors` and `test/rows` share.
//!
//! A program may be several files, separated by lines `// next file`. Each file sees the classes of those before it and
//! the standard library. Lines of the form `// package: name`, `// typed package`, `// dependency: name Class Class` and
//! `// library` say how a file is compiled. `⟦text×1000⟧` stands for a thousand times that text.

#![allow(dead_code, reason = "each test uses its part")]

pub mod cases;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use beamtalk_engine::source::{Diagnostic, LineIndex, Severity};
use beamtalk_engine::{
    Cancel, Compiled, Dependency, Engine, Environment, EnvironmentEntry, Options, Package,
};

/// A folder of the project.
pub fn project(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(below)
}

/// A file of the project.
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a folder with that extension, by name.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|known| known == extension))
        .collect();
    found.sort();
    found
}

fn entry(compiled: &Compiled) -> Option<EnvironmentEntry> {
    let code = compiled.declared.as_ref()?;
    Some(EnvironmentEntry {
        class: code.class.clone().unwrap_or_else(|| code.module.clone()),
        module: code.module.clone(),
        interface: code.interface.clone(),
    })
}

fn environment(entries: &[EnvironmentEntry]) -> Arc<Environment> {
    Engine::new()
        .add_environment(entries)
        .expect("interfaces of this compiler")
        .1
}

fn compile(source: &str, options: &Options) -> Compiled {
    Engine::new().compile(source.as_bytes(), options, &Cancel::new())
}

/// The interfaces of the standard library.
pub fn library() -> &'static [EnvironmentEntry] {
    static LIBRARY: OnceLock<Vec<EnvironmentEntry>> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let mut waiting = files(&project("apps/beamtalk_stdlib/lib"), "bt");
        let mut entries: Vec<EnvironmentEntry> = Vec::new();
        while !waiting.is_empty() {
            let before = waiting.len();
            // A superclass that is not there yet is an error: the file waits for the next round.
            waiting.retain(|path| {
                let known = environment(&entries);
                let options = Options {
                    environment: Some(known),
                    ..library_options()
                };
                let compiled = compile(&read(path), &options);
                entries.extend(entry(&compiled));
                compiled.declared.is_none()
            });
            assert!(waiting.len() < before, "these do not compile: {waiting:?}");
        }
        entries
    })
}

/// How files of the library are compiled.
pub fn library_options() -> Options {
    Options {
        package: Some("stdlib".into()),
        library: true,
        ..Options::default()
    }
}

/// What is found in one file of a program.
pub struct Found {
    /// Its text.
    pub text: String,
    /// By place.
    pub diagnostics: Vec<Diagnostic>,
}

fn repeated(program: &str) -> String {
    let mut parts = program.split('⟦');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (unit, rest) = part.split_once('⟧').expect("⟦text×times⟧");
        let (text, times) = unit.rsplit_once('×').expect("⟦text×times⟧");
        out += &text.repeat(times.parse().expect("a number of times"));
        out += rest;
    }
    out
}

/// What the lines of a file say of its package.
fn package(text: &str) -> Option<Package> {
    let said = |what: &'static str| text.lines().filter_map(move |line| line.strip_prefix(what));
    let name = said("// package: ").next()?;
    let dependencies: Vec<Dependency> = said("// dependency: ")
        .map(|line| {
            let mut words = line.split(' ').map(str::to_owned);
            Dependency {
                name: words.next().expect("a package"),
                classes: words.collect(),
            }
        })
        .collect();
    Some(Package {
        name: name.into(),
        is_typed: said("// typed package").next().is_some(),
        dependencies: (!dependencies.is_empty()).then_some(dependencies),
    })
}

/// Compiles a program.
pub fn findings(program: &str) -> Vec<Found> {
    let mut entries = library().to_vec();
    let mut all = Vec::new();
    let program = repeated(program);
    for (number, text) in program.split("// next file\n").enumerate() {
        let options = Options {
            environment: Some(environment(&entries)),
            library: text.lines().any(|line| line == "// library"),
            package: package(text),
            ..Options::default()
        };
        let compiled = compile(text, &options);
        // A file without a class has the module that its compiler chooses.
        entries.extend(entry(&compiled).map(|entry| match compiled.declared {
            Some(ref code) if code.class.is_none() => EnvironmentEntry {
                module: format!("{}{number}", entry.module),
                ..entry
            },
            _ => entry,
        }));
        all.push(Found {
            text: text.into(),
            diagnostics: compiled.diagnostics,
        });
    }
    all
}

/// Bytes of the text of a finding that are listed.
const LONGEST: usize = 60;

/// One line a finding: code, severity, place, and the text it is about.
pub fn listing(found: &[Found]) -> String {
    let mut out = String::new();
    for (number, file) in found.iter().enumerate() {
        let lines = LineIndex::new(&file.text);
        for diagnostic in &file.diagnostics {
            let at = lines.line_column(&file.text, diagnostic.span.start);
            let covered = diagnostic.span.text(&file.text);
            let first = covered.lines().next().unwrap_or_default();
            let first = first
                .get(..first.floor_char_boundary(LONGEST))
                .unwrap_or(first);
            let more = if first.len() < covered.len() {
                "…"
            } else {
                ""
            };
            let file = if found.len() > 1 {
                format!("{}:", number + 1)
            } else {
                String::new()
            };
            let severity = severity(diagnostic.severity);
            let _ = writeln!(
                out,
                "{} {severity} {file}{}:{} `{first}{more}`",
                diagnostic.code.name(),
                at.line,
                at.column
            );
        }
    }
    out
}

/// The word of the reference.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
        Severity::Lint => "lint",
    }
}
