//! A mend that is offered as certain mends: the finding is gone, and nothing else is wrong.

mod support;

use beamtalk_engine::source::{Diagnostic, Fix, Phase, Severity};
use support::findings;

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

fn in_program(program: &str) -> Vec<Diagnostic> {
    findings(program)
        .into_iter()
        .flat_map(|file| file.diagnostics)
        .collect()
}

fn apply(program: &str, fix: &Fix) -> String {
    let mut text = program.to_owned();
    for edit in fix.edits.iter().rev() {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}

#[test]
fn mends_mend() {
    for program in PROGRAMS {
        let before = in_program(program);
        let mends = before
            .iter()
            .filter(|found| found.phase == Phase::Analysis)
            .filter_map(|found| found.fix.as_ref());
        let mut count = 0;
        for fix in mends {
            let mended = apply(program, fix);
            let after = in_program(&mended);
            let errors = |found: &[Diagnostic]| {
                found
                    .iter()
                    .filter(|found| found.severity == Severity::Error)
                    .count()
            };
            assert!(
                after.len() < before.len(),
                "{}:\n{program}\n{mended}\n{after:?}",
                fix.title
            );
            assert!(
                errors(&after) <= errors(&before),
                "{}:\n{mended}\n{after:?}",
                fix.title
            );
            count += 1;
        }
        assert!(count > 0, "{program} has no mend: {before:?}");
    }
}
