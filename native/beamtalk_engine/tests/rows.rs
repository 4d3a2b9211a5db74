//! Every rule of the grammar and every row of the tables of diagnostics in the language reference has a fixture.
//!
//! `test/rows/table.tsv` maps section and row to fixtures, `file#case`; a case of `test/rows/<file>` is a program and
//! what is found in it. Rows that belong to later work have the word `later` and a reason,
//! those that cannot occur the word `none` and a reason.
//! `BLESS=1` writes what is found into the cases.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use support::cases::{Case, OPEN_END, all_cases, cases};
use support::{files, findings, listing, project, read};

/// What is found. Of what exercises the grammar only the parser's findings count, and nowhere does what the code
/// generator cannot do yet: the table is about the language.
fn found_in(id: &str, case: &Case) -> String {
    let counts = if id.starts_with("grammar") {
        "BT00"
    } else {
        "BT"
    };
    let found = listing(&findings(&case.program));
    let lines = found
        .lines()
        .filter(|line| line.starts_with(counts) && !line.starts_with("BT0201"));
    lines.flat_map(|line| [line, "\n"]).collect()
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
        let [section, row, cell] = line
            .split('\t')
            .collect::<Vec<_>>()
            .try_into()
            .expect("three columns");
        let reason = ["later: ", "none: "]
            .iter()
            .find_map(|word| cell.find(word));
        let (fixtures, later) = cell.split_at(reason.unwrap_or(cell.len()));
        let later = (!later.is_empty()).then(|| later.to_owned());
        let fixtures = fixtures.split_whitespace().map(str::to_owned).collect();
        Row {
            section: section.into(),
            text: row.into(),
            fixtures,
            later,
        }
    });
    rows.collect()
}

#[test]
fn every_row_has_a_fixture() {
    let cases = all_cases();
    let mut printed = String::new();
    let mut used = BTreeSet::new();
    for row in table() {
        assert!(
            row.later.is_some() || !row.fixtures.is_empty(),
            "{} {} has no fixture",
            row.section,
            row.text
        );
        for fixture in &row.fixtures {
            let case = cases
                .get(fixture)
                .unwrap_or_else(|| panic!("{}: there is no {fixture}", row.text));
            let is_rule = row.section.starts_with('2');
            assert!(
                !is_rule || !case.expected.contains(" error "),
                "{fixture} should parse"
            );
            used.insert(fixture.clone());
        }
        let later = row.later.unwrap_or_default();
        let _ = writeln!(
            printed,
            "{}  {} -> {}{later}",
            row.section,
            row.text,
            row.fixtures.join(" ")
        );
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
        let found = found_in(&id, &case);
        if found.trim_end() != case.expected {
            let _ = writeln!(
                wrong,
                "{id}\n{}expected:\n{}\nfound:\n{found}",
                case.program, case.expected
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn bless() {
    for path in files(&project("test/rows"), "txt") {
        let id = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let mut text = String::new();
        for case in cases(&read(&path)) {
            let (line_break, end) = if case.program.ends_with('\n') {
                ("", "")
            } else {
                ("\n", OPEN_END)
            };
            let found = found_in(&id, &case);
            let _ = writeln!(
                text,
                "== {}\n{}{line_break}--{end}\n{found}",
                case.name, case.program
            );
        }
        std::fs::write(&path, text).expect("writable");
    }
}
