//! The project's own programs give no occasion to complain.

mod support;

use std::fmt::Write as _;

use beamtalk_engine::source::Severity;
use beamtalk_engine::{Cancel, Engine, Options};
use support::{files, library, library_options, listing, project, read};

#[test]
fn the_library_has_no_warnings() {
    let (_, environment) = Engine::new()
        .add_environment(library())
        .expect("interfaces of this compiler");
    let mut complaints = String::new();
    for path in files(&project("apps/beamtalk_stdlib/lib"), "bt") {
        let options = Options {
            environment: Some(environment.clone()),
            ..library_options()
        };
        let text = read(&path);
        let diagnostics = Engine::new().diagnostics(text.as_bytes(), &options, &Cancel::new());
        let diagnostics = diagnostics
            .into_iter()
            .filter(|found| found.severity != Severity::Lint)
            .collect();
        let found = listing(&[support::Found { text, diagnostics }]);
        if !found.is_empty() {
            let _ = writeln!(complaints, "{}\n{found}", path.display());
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

#[test]
fn the_examples_have_no_warnings() {
    let mut complaints = String::new();
    let folders = std::fs::read_dir(project("examples"))
        .expect("readable")
        .flatten()
        .map(|entry| entry.path());
    for folder in folders.filter(|path| path.is_dir()) {
        let mut programs: Vec<(bool, String)> = files(&folder, "bt")
            .iter()
            .map(|path| {
                (
                    path.file_name().is_some_and(|name| name == "main.bt"),
                    read(path),
                )
            })
            .collect();
        // Superclasses first: a class that is compiled twice is the same class.
        programs.sort();
        let classes: Vec<String> = programs.iter().map(|(_, text)| text.clone()).collect();
        let rounds = [classes.clone(), classes.clone(), classes]
            .concat()
            .join("// next file\n");
        let found = support::findings(&rounds);
        for file in &found[found.len() * 2 / 3..] {
            let diagnostics = file
                .diagnostics
                .iter()
                .filter(|found| found.severity != Severity::Lint)
                .cloned()
                .collect();
            let wrong = listing(&[support::Found {
                text: file.text.clone(),
                diagnostics,
            }]);
            if !wrong.is_empty() {
                let _ = writeln!(complaints, "{}\n{wrong}", folder.display());
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}
