//! Every code has a page under `docs/errors`, and the examples of the page are true.
//!
//! A page has a block fenced as `beamtalk bad` that gives the code, and one fenced as `beamtalk good` that does not.
//! What else the bad one may give is listed in a line `Also found in the example: …`. A page whose code no small program
//! can provoke says so in a line `No example: …`.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use beamtalk_engine::source::{CODES, Code, CodeInfo, Severity};
use support::cases::example;
use support::{files, findings, listing, project, read};

fn page(code: &str) -> String {
    read(&project("docs/errors").join(format!("{code}.md")))
}

fn line<'p>(page: &'p str, start: &str) -> Option<&'p str> {
    page.lines().find_map(|line| line.strip_prefix(start))
}

/// The codes found in a program, but for what the code generator cannot do yet: the pages are about the language.
/// Lints count only where the page is about one.
fn found(program: &str, lints: bool) -> BTreeSet<&'static str> {
    let files = findings(program);
    let all = files.iter().flat_map(|file| &file.diagnostics);
    all.filter(|found| found.code != Code::UNSUPPORTED)
        .filter(|found| lints || found.severity != Severity::Lint)
        .map(|found| found.code.name())
        .collect()
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let codes: BTreeSet<String> = CODES.iter().map(|code| code.name.to_owned()).collect();
    let pages: BTreeSet<String> = files(&project("docs/errors"), "md")
        .iter()
        .filter_map(|path| {
            path.file_stem()
                .map(|name| name.to_string_lossy().into_owned())
        })
        .collect();
    assert_eq!(codes, pages);
    for code in CODES {
        let page = page(code.name);
        let mut lines = page.lines();
        let title = lines.next().unwrap_or_default();
        assert!(
            title.starts_with(&format!("# {}: ", code.name)),
            "{}: the title is the code and a name",
            code.name
        );
        assert_eq!(lines.nth(1), Some(summary(code).as_str()), "{}", code.name);
    }
}

/// The line below the title: `Error, category `type`.`
fn summary(code: &CodeInfo) -> String {
    let severity = match code.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Hint => "Hint",
        Severity::Lint => "Lint",
    };
    match code.category {
        Some(category) => format!("{severity}, category `{category}`."),
        None => format!("{severity}."),
    }
}

#[test]
fn examples_are_true() {
    let mut wrong = String::new();
    for code in CODES {
        let page = page(code.name);
        if line(&page, "No example: ").is_some() {
            continue;
        }
        let bad =
            example(&page, "bad").unwrap_or_else(|| panic!("{} has no bad example", code.name));
        let good =
            example(&page, "good").unwrap_or_else(|| panic!("{} has no good example", code.name));
        let lints = code.severity == Severity::Lint;
        let mut expected = BTreeSet::from([code.name]);
        expected.extend(
            line(&page, "Also found in the example: ")
                .into_iter()
                .flat_map(|list| list.split(", ")),
        );
        if found(bad, lints) != expected {
            let _ = writeln!(
                wrong,
                "{} bad:\n{bad}{}",
                code.name,
                listing(&findings(bad))
            );
        }
        if !found(good, lints).is_empty() {
            let _ = writeln!(
                wrong,
                "{} good:\n{good}{}",
                code.name,
                listing(&findings(good))
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
