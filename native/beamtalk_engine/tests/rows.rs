//! Every rule of the grammar and every row of the tables of diagnostics in the language reference has a fixture.
//!
//! `test/rows/table.tsv` maps section and row to fixtures, `file#case`; a case of `test/rows/<file>` is a program and
//! what is found in it. Rows that belong to later work have the word `later` and a reason.
//! `BLESS=1` writes what is found into the cases.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use support::{files, findings, listing, project, read};

/// A named program with what should be found in it.
struct Case {
    name: String,
    program: String,
    expected: String,
}

fn cases(text: &str) -> Vec<Case> {
    let blocks = text.strip_prefix("== ").expect("a first case").split("\n== ");
    blocks
        .map(|block| {
            let (name, rest) = block.split_once('\n').expect("a name");
            let (program, expected) = rest.split_once("\n--\n").expect("a line `--`");
            Case { name: name.into(), program: format!("{program}\n"), expected: expected.trim_start().trim_end().into() }
        })
        .collect()
}

/// All cases, by `file#case`.
fn all_cases() -> BTreeMap<String, Case> {
    let mut all = BTreeMap::new();
    for path in files(&project("test/rows"), "txt") {
        let file = path.file_name().expect("a file").to_string_lossy().into_owned();
        for case in cases(&read(&path)) {
            let id = format!("{file}#{}", case.name);
            assert!(all.insert(id.clone(), case).is_none(), "{id} is there twice");
        }
    }
    all
}

/// A line of the table.
struct Row {
    section: String,
    text: String,
    fixtures: Vec<String>,
    later: Option<String>,
}

fn table() -> Vec<Row> {
    let text = read(&project("test/rows/table.tsv"));
    let rows = text.lines().skip(1).map(|line| {
        let [section, row, cell] = line.split('\t').collect::<Vec<_>>().try_into().expect("three columns");
        let (fixtures, later) = match cell.split_once("later: ") {
            Some((fixtures, reason)) => (fixtures, Some(reason.to_owned())),
            None => (cell, None),
        };
        let fixtures = fixtures.split_whitespace().map(str::to_owned).collect();
        Row { section: section.into(), text: row.into(), fixtures, later }
    });
    rows.collect()
}

#[test]
fn every_row_has_a_fixture() {
    let cases = all_cases();
    let mut printed = String::new();
    let mut used = BTreeSet::new();
    for row in table() {
        assert!(row.later.is_some() || !row.fixtures.is_empty(), "{} {} has no fixture", row.section, row.text);
        for fixture in &row.fixtures {
            let case = cases.get(fixture).unwrap_or_else(|| panic!("{}: there is no {fixture}", row.text));
            let is_rule = row.section.starts_with('2');
            assert!(!is_rule || !case.expected.contains("BT00"), "{fixture} should parse");
            used.insert(fixture.clone());
        }
        let later = row.later.map(|reason| format!("later: {reason}")).unwrap_or_default();
        let _ = writeln!(printed, "{}  {} -> {}{later}", row.section, row.text, row.fixtures.join(" "));
    }
    println!("{printed}");
    let idle: Vec<_> = cases.keys().filter(|id| !used.contains(*id)).collect();
    assert!(idle.is_empty(), "no row has these: {idle:?}");
}

#[test]
fn every_case_finds_what_it_says() {
    if std::env::var_os("BLESS").is_some() {
        return bless();
    }
    let mut wrong = String::new();
    for (id, case) in all_cases() {
        let found = listing(&findings(&case.program));
        if found.trim_end() != case.expected {
            let _ = writeln!(wrong, "{id}\n{}expected:\n{}\nfound:\n{found}", case.program, case.expected);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn bless() {
    for path in files(&project("test/rows"), "txt") {
        let mut text = String::new();
        for case in cases(&read(&path)) {
            let _ = writeln!(text, "== {}\n{}--\n{}", case.name, case.program, listing(&findings(&case.program)));
        }
        std::fs::write(&path, text).expect("writable");
    }
}
