//! Checking names takes time in proportion to the text: each of these would take minutes if it did not.

use std::fmt::Write as _;

use beamtalk_engine::{Cancel, Engine, Options};

const MANY: usize = 20_000;

fn each(start: &str, line: impl Fn(usize) -> String) -> String {
    let mut text = String::from(start);
    for number in 0..MANY {
        let _ = writeln!(text, "{}", line(number));
    }
    text
}

#[test]
fn many_names_are_checked_in_time() {
    let programs = [
        each("", |n| format!("variable{n} := variable{n}0")),
        each("", |n| format!("variable{n} := {n}\nvariable{n} foo")),
        each("", |n| format!("Class{n} foo")),
        each("", |n| format!("package{n}@Class foo")),
        each("", |n| format!("@expect unused\n[:x{n} | 1] foo")),
        each("", |n| format!("type Alias{n} = Alias{}", n + 1)),
        each("Object subclass: Foo\n", |n| {
            format!("  method{n}: argument => 1")
        }),
        each("Object subclass: Foo\n", |n| {
            format!("  method{n}: argument :: Type{n} => argument")
        }),
        each("Value subclass: Foo\n", |n| format!("  field: name{n} = 1")),
        each("Object subclass: Foo\n  foo => 1\n\n", |n| {
            format!("Foo >> method{n} => 1")
        }),
        each("Object subclass: Foo\n  foo =>\n", |_| "    (x)".into()),
        each("Object subclass: Foo\n  foo =>\n    n := 0\n", |n| {
            format!("    x{n} := [n := n + {n}]")
        }),
        each("Object subclass: Foo\n  foo: x => x match: [\n", |n| {
            format!("    {{a{n}, a{n}}} -> a{n}")
        }) + "  ]\n",
    ];
    for program in programs {
        let start = program.get(..40).unwrap_or_default();
        let found =
            Engine::new().diagnostics(program.as_bytes(), &Options::default(), &Cancel::new());
        assert!(found.len() <= 3 * MANY, "{start}: {}", found.len());
    }
}
