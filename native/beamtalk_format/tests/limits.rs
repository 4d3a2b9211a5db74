//! Long texts are laid out in linear time and without recursion, deep ones within the nesting limit.

mod support;

use std::time::{Duration, Instant};

use beamtalk_format::{check, format};
use beamtalk_parser::Limits;
use support::laws::obeys;
use support::on_big_stack;

/// Formats in a debug build; the parser's part is most of it.
fn formats_quickly(text: &str) {
    let start = Instant::now();
    let formatted = format(text, &Limits::default()).expect("no errors");
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
    assert!(formatted.ends_with('\n'));
}

#[test]
fn flat_things_may_be_long() {
    on_big_stack(|| {
        const MANY: usize = 100_000;
        formats_quickly(&format!("#({})", "x, ".repeat(MANY)));
        formats_quickly(&format!("x{}", " + y".repeat(MANY)));
        formats_quickly(&format!("x{}", " y".repeat(MANY)));
        formats_quickly(&format!("x foo{}", "; bar".repeat(MANY)));
        formats_quickly(&format!("x{}", " at: y".repeat(MANY)));
        formats_quickly(&format!("x match: [{}]", "1 -> 2; ".repeat(MANY)));
        formats_quickly(&"x foo. ".repeat(MANY));
        formats_quickly(&format!("[{}]", "x foo. ".repeat(MANY)));
        formats_quickly(&format!("{}x", "/* c */ ".repeat(MANY)));
        formats_quickly(&format!("{}x", "// c\n".repeat(MANY)));
        formats_quickly(&format!(
            "Object subclass: A\n{}",
            "  foo => 1 // c\n".repeat(MANY)
        ));
    });
}

#[test]
fn nesting_may_be_as_deep_as_the_parser_permits() {
    on_big_stack(|| {
        for (opener, closer) in [
            ("(", ")"),
            ("[", "]"),
            ("#(", ")"),
            ("#{1 => ", "}"),
            ("x foo: (", ")"),
        ] {
            for depth in [10, 100, 500] {
                obeys(&format!(
                    "{}x{}",
                    opener.repeat(depth),
                    closer.repeat(depth)
                ));
            }
            let deepest = format!("{}x{}", opener.repeat(1000), closer.repeat(1000));
            format(&deepest, &Limits::default()).expect("no errors");
            let too_deep = format!("{}x{}", opener.repeat(2000), closer.repeat(2000));
            format(&too_deep, &Limits::default()).expect_err("too deep");
        }
    });
}

#[test]
fn texts_with_errors_are_refused() {
    let limits = Limits::default();
    for text in [
        "(",
        "Object subclass: A\n  foo => 1 +\n",
        "x := \"abc",
        "3 := 4",
        "\u{1}",
    ] {
        let diagnostics = format(text, &limits).expect_err("an error");
        assert!(
            diagnostics
                .iter()
                .any(beamtalk_source::Diagnostic::is_error)
        );
        assert_eq!(check(text, &limits), Err(diagnostics));
    }
    let small = Limits {
        source_bytes: 3,
        ..limits
    };
    format("x foo", &small).expect_err("too large");
}

#[test]
fn a_difference_is_shown_in_context() {
    let text = "x foo\ny   bar\nz\n";
    let diff = check(text, &Limits::default())
        .expect("no errors")
        .expect("a difference");
    assert_eq!(diff, "@@ -1,3 +1,3 @@\n x foo\n-y   bar\n+y bar\n z\n");
}
