//! 100,000 of everything, and nesting just under and just over its limit. A debug build must stay within seconds: the
//! bound here is generous, and catches what is quadratic.

mod support;

use std::time::{Duration, Instant};

use beamtalk_parser::{Limits, Parsed, parse_file};
use support::on_big_stack;

const MANY: usize = 100_000;
/// Enough to see that something is quadratic, for the many cases with mistakes.
const SOME: usize = 20_000;
const GENEROUS: Duration = Duration::from_secs(10);

fn parse(name: &str, text: &str) -> Parsed {
    let start = Instant::now();
    let parsed = parse_file(text, &Limits::default());
    let errors = parsed.diagnostics.len();
    let time = start.elapsed();
    println!(
        "{name}: {} bytes, {time:?}, {errors} diagnostics",
        text.len()
    );
    assert!(time < GENEROUS, "{name} took {time:?}");
    drop(parsed.clone());
    parsed
}

fn codes(parsed: &Parsed) -> Vec<&'static str> {
    parsed
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.name())
        .collect()
}

/// `unit` many times, inside a method and at the top of a file.
fn flat(name: &str, before: &str, unit: &str, after: &str) {
    let body = format!("{before}{}{after}", unit.repeat(MANY));
    let parsed = parse(name, &body);
    assert_eq!(codes(&parsed), Vec::<&str>::new(), "{name}");
    let body = format!("{before}{}{after}", unit.repeat(SOME));
    let parsed = parse(name, &format!("Object subclass: A\n  foo => {body}"));
    assert_eq!(codes(&parsed), Vec::<&str>::new(), "{name} in a method");
}

#[test]
fn long_flat_texts_are_parsed() {
    on_big_stack(|| {
        flat("binary operators", "1", " + 1", "");
        flat("mixed operators", "1", " + 1 * 2 == 3", "");
        flat("operators on lines", "1", "\n    + 1", "");
        flat("unary sends", "x", " foo", "");
        flat("keyword parts", "x", " at: 1", "");
        flat("keyword parts on lines", "x", "\n    at: y", "");
        flat("cascade", "x foo", "; bar", "");
        flat("keyword cascade", "x foo: 1", "; at: 1 put: 2", "");
        flat("list elements", "#(1", ", 2", ")");
        flat("array elements", "#[1", ", x foo", "]");
        flat("map pairs", "#{#a => 1", ", #b => 2", "}");
        flat("statements in a block", "[x", "\n    y foo", "]");
        flat("statements with periods", "[x", ". y", "]");
        flat("block parameters", "[:a", " :b", " | a]");
        flat("string escapes", "\"a", "\"\"", "\"");
        flat("string text", "\"", "0123456789", "\"");
        flat("interpolations", "\"", "{x}", "\"");
        flat("arms", "x match: [1 -> 2", "\n      1 -> 2", "]");
        flat("constructor fields", "x match: [A k: 1", " k: 1", " -> 2]");
        flat("tuple pattern", "{a", ", b", "} := x");
        flat("target elements", "#[a", ", b", "] := x");
        flat("binary pattern", "x match: [<<a", ", b:8", ">> -> 1]");
        flat("comment lines", "x foo", " // comment\n", "");
        flat("one comment", "x /* ", "0123456789", " */ foo");
        flat("blank lines", "x foo", "\n", "");
        flat("symbol parts", "#a:", "b:", "");
    });
}

#[test]
fn many_members_and_statements_are_parsed() {
    on_big_stack(|| {
        let cases = [
            ("methods", "Object subclass: A\n", "  foo => 1\n"),
            ("fields", "Object subclass: A\n", "  field: foo = 1\n"),
            ("statements", "", "x foo: 1\n"),
            ("statements on a line", "x", ". x"),
            ("side by side", "x", " \"a\""),
            ("documentation", "", "/// x\n"),
            (
                "documented methods",
                "Object subclass: A\n",
                "  /// x\n  foo => 1\n",
            ),
            ("extensions", "", "A >> foo => 1\n"),
            ("aliases", "", "type Ab = A | B\n"),
            ("signatures", "Protocol define: P\n", "  foo: x -> A\n"),
            (
                "documented signatures",
                "Protocol define: P\n",
                "  /// x\n  foo\n",
            ),
        ];
        for (name, before, unit) in cases {
            let parsed = parse(name, &format!("{before}{}", unit.repeat(MANY)));
            assert!(
                parsed
                    .diagnostics
                    .iter()
                    .all(|diagnostic| diagnostic.code.name() >= "BT0025"),
                "{name}"
            );
        }
        let union = format!("type Ab = A{}", " | A".repeat(MANY));
        assert_eq!(codes(&parse("union", &union)), Vec::<&str>::new());
    });
}

#[test]
fn mistakes_in_long_texts_are_found_in_linear_time() {
    on_big_stack(|| {
        let units = [
            "x := )\n",
            "(\n",
            "#{\n",
            "\"{\n",
            "x := = 3\n",
            "x y: \n",
            "'",
            "#",
            "x; \n",
            "a -> b\n",
            "!",
            "1 -1 ",
            "@Foo\n",
            "A(\n",
            "k: x :: A(\n",
            "foo -> A(\n",
            "class\n",
            "k: x\n",
            "sealed\n",
            "\"",
            "/*",
            "$",
            "{",
            "[",
            "]",
            "}",
            ")",
            "#'",
            "^",
            "|",
            ":",
            ".",
            "...",
            "::",
            ":=",
            "=>\n",
            "x =>\n",
            "  foo => (\n",
            "  foo => \"\n",
            "\"{(} ",
            "foo: bar: ",
            "A subclass:\n",
            "Protocol define:\n",
            "type A(\n",
            "@expect\n",
            "\u{0}",
            "é",
            "state: x\n",
            "  foo: => 1\n",
            "\"\"\"\n",
            "\"{\n",
            "\"{x}\n",
            "/*\n  foo => 1\n",
            "#{} := x\n",
            "#{} := x. ",
            "\"a\n  foo => 1\n",
        ];
        for unit in units {
            parse(&format!("{unit:?}"), &unit.repeat(SOME));
            parse(
                &format!("{unit:?} in a class"),
                &format!("Object subclass: A\n{}", unit.repeat(SOME)),
            );
            parse(
                &format!("{unit:?} in a method"),
                &format!("Object subclass: A\n  foo => {}", unit.repeat(SOME)),
            );
        }
    });
}

const NESTS: [(&str, &str, &str); 12] = [
    ("(", "x", ")"),
    ("[", "x", "]"),
    ("#(", "x", ")"),
    ("#[", "x", "]"),
    ("#{#a => ", "x", "}"),
    ("\"{", "x", "}\""),
    ("x foo: (y bar: ", "z", ")"),
    ("x ifTrue: [:a | b := ", "c", "]"),
    ("x match: [y -> ", "z", "]"),
    ("(1 + (", "2", ") * 3)"),
    ("[^", "2", "]"),
    ("#(1, 2 | (", "x", "))"),
];

fn depth_of(opener: &str) -> usize {
    opener.matches(['(', '[', '{']).count()
}

#[test]
fn nesting_up_to_the_limit_is_parsed() {
    on_big_stack(|| {
        for (open, inner, close) in NESTS {
            let deepest = 1024 / depth_of(open);
            let text = format!("{}{inner}{}", open.repeat(deepest), close.repeat(deepest));
            assert_eq!(codes(&parse(open, &text)), Vec::<&str>::new(), "{open}");
            let text = format!(
                "{}{inner}{}",
                open.repeat(deepest + 1),
                close.repeat(deepest + 1)
            );
            assert_eq!(codes(&parse(open, &text)), ["BT0003"], "{open}");
            parse(open, &open.repeat(MANY));
            parse(open, &close.repeat(MANY));
        }
    });
}

#[test]
fn patterns_and_types_nest_up_to_the_limit() {
    on_big_stack(|| {
        let cases = [
            ("x match: [", "(", "y", ")", " -> 1]"),
            ("x match: [", "#[", "y", "]", " -> 1]"),
            ("", "{", "a", "}", " := x"),
            ("", "#[", "a", "]", " := x"),
            ("type Ab = ", "A(", "B", ")", ""),
            ("type Ab = ", "(", "B", ")", ""),
        ];
        for (before, open, inner, close, after) in cases {
            for (depth, expected) in [(1023, 0), (1025, 1)] {
                let text = format!(
                    "{before}{}{inner}{}{after}",
                    open.repeat(depth),
                    close.repeat(depth)
                );
                let found = codes(&parse(open, &text));
                assert_eq!(found.len(), expected, "{before}{open} {found:?}");
            }
        }
    });
}

#[test]
fn what_nests_without_brackets_has_the_same_limit() {
    on_big_stack(|| {
        let cases = [
            ("a", " := a", 1024),
            ("2", " ** 2", 1024),
            ("a", ".b", 1024),
            ("x match: [A k: B", " k: C", 0),
        ];
        for (before, unit, limit) in cases {
            let after = if limit == 0 { " k: 1 -> 2]" } else { "" };
            let limit = if limit == 0 { 1021 } else { limit };
            for (count, expected) in [(limit, 0), (limit + 10, 1), (MANY, 1)] {
                let found = codes(&parse(
                    unit,
                    &format!("{before}{}{after}", unit.repeat(count)),
                ));
                assert_eq!(found.len(), expected, "{unit} {count} {found:?}");
            }
        }
        // Neither multiplies with brackets.
        let unit = format!("a{} := (", " := a".repeat(1000));
        let found = codes(&parse(
            "both",
            &format!("{}1{}", unit.repeat(100), ")".repeat(100)),
        ));
        assert_eq!(found, ["BT0003"]);
        let unit = format!("2{} ** (", " ** 2".repeat(1000));
        let found = codes(&parse(
            "both",
            &format!("{}1{}", unit.repeat(100), ")".repeat(100)),
        ));
        assert_eq!(found, ["BT0003"]);
    });
}

#[test]
fn size_limits_are_reported() {
    let limits = Limits {
        source_bytes: 10,
        literal_digits: 3,
        errors: 2,
        ..Limits::default()
    };
    assert_eq!(codes(&parse_file("12345678901", &limits)), ["BT0002"]);
    assert_eq!(codes(&parse_file("1000", &limits)), ["BT0009"]);
    let limits = Limits {
        errors: 2,
        ..Limits::default()
    };
    assert_eq!(
        codes(&parse_file("1_\n1_\n", &limits)),
        ["BT0009", "BT0009"]
    );
    assert_eq!(
        codes(&parse_file("1_\n1_\n1_\n1_\n", &limits)),
        ["BT0009", "BT0009", "BT0028"]
    );
}
