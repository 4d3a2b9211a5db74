//! A mend that is offered as certain mends: the finding is gone, and nothing else is wrong.

mod support;

use beamtalk_engine::source::{Diagnostic, Fix, Phase};
use support::cases::{all_cases, example};
use support::{files, findings, project, read};

/// Programs with findings of the analysis that have a mend.
const PROGRAMS: [&str; 13] = [
    "Value subclass: Foo\n  field: x = 1\n\n  foo => x + x\n",
    "Object subclass: Foo\n  foo: amount => amount + amuont\n",
    "Integr foo",
    "Object subclass: Foo\n  foo: x :: Integr => x\n",
    "Value subclass: Foo\n  state: x = 1\n",
    "Actor subclass: Foo\n  field: x = 1\n",
    "Object subclass: Foo\n  foo => ^ 3\n",
    "Object subclass: Foo\n  foo: x => ^x bar\n",
    "x := (1 + 2)\n(x foo) bar: (x baz)\nx foo: ((x + 1))\n",
    "x := #((1 max: 2), (x))",
    "x := 1\n\"a {(x foo: 1)} b\"",
    "x := 1. \"a\" ++ x inspect",
    "Object subclass: Foo\n  foo =>\n    @expect unused\n    3 foo\n",
];

/// What separates the files of a program.
const NEXT_FILE: &str = "// next file\n";

fn in_program(program: &str) -> Vec<Diagnostic> {
    findings(program)
        .into_iter()
        .flat_map(|file| file.diagnostics)
        .collect()
}

/// The program with a mend in one of its files.
fn apply(program: &str, file: usize, fix: &Fix) -> String {
    let mut files: Vec<String> = program.split(NEXT_FILE).map(str::to_owned).collect();
    let text = files.get_mut(file).expect("a file of the program");
    for edit in fix.edits.iter().rev() {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    files.join(NEXT_FILE)
}

/// More mends than any of the programs has.
const MENDS: usize = 50;

/// Takes one offer after the other until nothing is offered any more; answers how many that were. None may bring errors.
fn mend_all(program: &str) -> usize {
    let mut text = program.to_owned();
    let errors = |all: &[Diagnostic]| all.iter().filter(|it| it.is_error()).count();
    for count in 0..MENDS {
        let files = findings(&text);
        let mut offered = files.iter().enumerate().flat_map(|(number, file)| {
            let fixes = file.diagnostics.iter().filter_map(|it| it.fix.as_ref());
            fixes.map(move |fix| (number, fix))
        });
        let Some((number, fix)) = offered.next() else {
            return count;
        };
        let mended = apply(&text, number, fix);
        let after = in_program(&mended);
        assert!(
            errors(&after) <= errors(&in_program(&text)),
            "{}:\n{text}\n--- mended\n{mended}\n{after:?}",
            fix.title
        );
        text = mended;
    }
    panic!("mending goes on and on:\n{program}\n--- mended\n{text}");
}

#[test]
fn mends_of_the_analysis_mend() {
    for program in PROGRAMS {
        let before = in_program(program);
        let has_mend = |found: &Diagnostic| found.phase == Phase::Analysis && found.fix.is_some();
        assert!(
            before.iter().any(has_mend),
            "{program} has no mend: {before:?}"
        );
        mend_all(program);
    }
}

#[test]
fn mends_of_all_rows_and_pages_mend() {
    let rows = all_cases().into_values().map(|case| case.program);
    let pages = files(&project("docs/errors"), "md");
    let examples = pages
        .iter()
        .filter_map(|page| example(&read(page), "bad").map(str::to_owned));
    // Those that repeat a text are about limits.
    let programs = rows
        .chain(examples)
        .filter(|program| !program.contains('⟦'));
    let count: usize = programs.map(|program| mend_all(&program)).sum();
    assert!(count > 50, "{count}");
}
