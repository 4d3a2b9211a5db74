//! The engine on whole programs: what it makes is well formed, what it is given never hurts it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use beamtalk_engine::core::{self, check};
use beamtalk_engine::source::Code;
use beamtalk_engine::{Cancel, Compiled, Engine, EnvironmentEntry, Limits, Options, Placement};
use proptest::prelude::*;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn compile(source: &str) -> Compiled {
    Engine::new().compile(source.as_bytes(), &Options::default(), &Cancel::new())
}

fn codes(compiled: &Compiled) -> Vec<&'static str> {
    compiled
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.name())
        .collect()
}

fn assert_well_formed(name: &str, compiled: &Compiled) {
    for module in compiled.modules() {
        let wrong = check::module(module);
        assert!(
            wrong.is_empty(),
            "{name}: {}: {wrong:?}\n{}",
            module.name,
            core::text::module(module)
        );
    }
}

fn programs(below: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(below)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "bt") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_program_of_the_project_gives_well_formed_code() {
    let mut compiled_some = 0;
    for folder in ["examples", "test/corpus", "bench/programs"] {
        for path in programs(folder) {
            let source = std::fs::read(&path).expect("readable");
            for slot in [None, Some(3)] {
                let options = Options {
                    placement: Placement {
                        slot,
                        ..Placement::default()
                    },
                    file: Some("x.bt".into()),
                    ..Options::default()
                };
                let compiled = Engine::new().compile(&source, &options, &Cancel::new());
                assert_well_formed(&path.display().to_string(), &compiled);
                compiled_some += compiled.modules().count();
            }
        }
    }
    assert!(compiled_some > 20, "only {compiled_some} modules");
}

/// The names of the diagnostics of small programs.
#[test]
fn findings() {
    for (source, expected) in [
        ("1 + 2", &[][..]),
        ("x := 3. x + y", &["BT0104"]),
        ("self foo", &["BT0106"]),
        ("Nobody foo", &["BT0105"]),
        ("Nobody subclass: Foo\n  foo => 1\n", &["BT0105"]),
        (
            "Object subclass: Foo\n  foo => 1\n\n  foo => 2\n",
            &["BT0102"],
        ),
        ("Object subclass: Foo\n  state: x = 1\n", &["BT0108"]),
        (
            "Value subclass: Foo\n  field: x = 1\n\n  foo => self.x := 2\n",
            &["BT0109"],
        ),
        (
            "Value subclass: Foo\n  field: x = 1\n\n  foo => x\n",
            &["BT0104"],
        ),
        (
            "Value subclass: Foo\n  field: ab = 1\n  field: Ab = 1\n",
            &["BT0118"],
        ),
        (
            "Object subclass: Foo\n  == other => true\n",
            &["BT0110", "BT0116"],
        ),
        ("Object subclass: Foo\n  foo => @primitive\n", &["BT0112"]),
        ("Object subclass: Foo\n  foo: unused => 1\n", &["BT0116"]),
        (
            "Object subclass: Foo\n  foo => 1\nObject subclass: Bar\n  bar => 1\n",
            &["BT0103"],
        ),
        (
            "Object subclass: Foo\n  foo =>\n    ^1\n    2\n",
            &["BT0120"],
        ),
        (
            "Actor subclass: Foo\n  initialize => super initialize\n",
            &["BT0121"],
        ),
        ("Actor subclass: Foo\n  foo => 1\n\nFoo new", &["BT0113"]),
        ("x := 1. x timesRepeat: [:i | i]", &["BT0111"]),
        ("b := [:x | [:x | x]]. b", &["BT0117", "BT0116"]),
        ("other := 3. other.field", &["BT0122"]),
        ("__x := 3", &["BT0107"]),
    ] {
        let compiled = compile(source);
        let found: std::collections::BTreeSet<_> = codes(&compiled).into_iter().collect();
        assert_eq!(
            found,
            expected.iter().copied().collect(),
            "{source}: {:?}",
            compiled.diagnostics
        );
        assert_well_formed(source, &compiled);
    }
}

#[test]
fn what_is_flat_compiles_or_names_its_limit() {
    let many = 100_000;
    let flat = [
        format!("1{}", " + 1".repeat(many)),
        format!("1{}", " foo".repeat(many)),
        format!("1{}", "; foo".repeat(many)),
        format!("1 foo{}", "; bar".repeat(many)),
        "x := 1\n".repeat(many),
        format!("#({})", "1, ".repeat(many)),
        format!("\"{}\"", "a".repeat(1 << 20)),
        format!("1{}", " ** 1".repeat(many)),
        format!("{}1", "x := ".repeat(many)),
        format!("1 {}", "at: 1 ".repeat(many)),
        format!("#{}", "a".repeat(many)),
        "#a1 #a2 ".repeat(many),
    ];
    for source in flat {
        let compiled = compile(&source);
        assert!(
            compiled.failed() || compiled.modules().next().is_some(),
            "{}",
            &source[..20]
        );
    }
}

/// A function of the emulator has at most 255 arguments, and those of a block are its parameters and what it captures.
#[test]
fn a_block_is_no_wider_than_a_function_can_be() {
    let block = |parameters: usize, captured: usize| {
        let list =
            |count: usize, item: fn(usize) -> String| -> String { (0..count).map(item).collect() };
        let source = format!(
            "{}b := [{}| 0{}{}]\nb arity\n",
            list(captured, |n| format!("c{n} := \"abc\" size\n")),
            list(parameters, |n| format!(":p{n} ")),
            list(parameters, |n| format!(" + p{n}")),
            list(captured, |n| format!(" + c{n}")),
        );
        compile(&source)
    };
    for (parameters, captured, fits) in [
        (250, 0, true),
        (3, 247, true),
        (251, 0, false),
        (3, 248, false),
    ] {
        let compiled = block(parameters, captured);
        assert_eq!(
            compiled.failed(),
            !fits,
            "{parameters} and {captured}: {:?}",
            compiled.diagnostics.first()
        );
    }
}

#[test]
fn what_is_deep_names_its_limit() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("#(", ")"),
        ("#[", "]"),
        ("#{1 => ", "}"),
        ("\"{", "}\""),
    ] {
        for depth in [1000, 1025, 100_000] {
            let source = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let compiled = compile(&source);
            let expected = depth > 1024;
            let too_deep = compiled
                .diagnostics
                .iter()
                .any(|d| d.code == Code::NESTING_TOO_DEEP);
            assert_eq!(
                too_deep,
                expected,
                "{open} {depth}: {:?}",
                compiled.diagnostics.first()
            );
            assert_well_formed(open, &compiled);
        }
    }
}

/// A body of source is emitted once, so nesting it does not multiply it.
#[test]
fn code_is_linear_in_nesting() {
    let size = |depth: usize| {
        let mut source = String::from("Object subclass: Deep\n  class run: a =>\n    x := 0\n    ");
        source.push_str(
            &"a ifTrue: [x := x + 1. [x < 9] whileTrue: [a foo: [:b | b bar: x]. ".repeat(depth),
        );
        source.push('x');
        source.push_str(&"]]".repeat(depth));
        let compiled = compile(&source);
        assert!(!compiled.failed(), "{:?}", compiled.diagnostics.first());
        compiled
            .modules()
            .map(|module| core::text::module(module).len())
            .sum::<usize>()
    };
    let (one, ten, twenty) = (size(1), size(10), size(20));
    assert!(twenty - ten < (ten - one) * 3 / 2, "{one} {ten} {twenty}");
}

#[test]
fn an_empty_actor_is_a_page() {
    let compiled = compile("Actor subclass: Empty\n");
    let size: usize = compiled
        .modules()
        .map(|module| core::text::module(module).len())
        .sum();
    assert!(size < 1500, "{size}");
}

#[test]
fn limits_are_diagnostics() {
    let limited = |limits: Limits, source: &str| {
        let options = Options {
            limits,
            ..Options::default()
        };
        codes(&Engine::new().compile(source.as_bytes(), &options, &Cancel::new()))
    };
    let limits = Limits::default;
    assert_eq!(
        limited(
            Limits {
                source_bytes: 4,
                ..limits()
            },
            "1 + 2"
        ),
        ["BT0002"]
    );
    assert_eq!(
        limited(
            Limits {
                source_bytes: 5,
                ..limits()
            },
            "1 + 2"
        ),
        [""; 0]
    );
    assert_eq!(
        limited(
            Limits {
                nesting: 2,
                ..limits()
            },
            "(((1)))"
        ),
        ["BT0003"]
    );
    assert_eq!(
        limited(
            Limits {
                code_nodes: 10,
                ..limits()
            },
            "1 foo. 2 foo. 3 foo. 4 foo"
        ),
        ["BT0202"]
    );
    assert_eq!(
        limited(
            Limits {
                names: 2,
                ..limits()
            },
            "1 foo. 1 bar. 1 baz"
        ),
        ["BT0204"]
    );
    let long = "a".repeat(256);
    assert_eq!(limited(limits(), &format!("1 {long}")), ["BT0203"]);
    assert_eq!(limited(limits(), &format!("1 {}", &long[..255])), [""; 0]);
    // Bytes count.
    assert_eq!(
        limited(limits(), &format!("#'{}'", "é".repeat(128))),
        ["BT0203"]
    );
    for length in [237, 238, 260] {
        let class = format!(
            "Object subclass: Z{}\n  foo => 1\n",
            &"z".repeat(length - 1)
        );
        let expected: &[&str] = if length < 238 { &[] } else { &["BT0203"] };
        assert_eq!(limited(limits(), &class), expected, "{length}");
        let outline = Engine::new().outline(class.as_bytes(), &Options::default());
        assert_eq!(outline.class.is_some(), length < 238, "{length}");
    }
}

#[test]
fn bytes_that_are_no_text_are_a_diagnostic() {
    let compiled = Engine::new().compile(b"1 + \xff", &Options::default(), &Cancel::new());
    assert_eq!(codes(&compiled), ["BT0001"]);
    assert_eq!(compiled.diagnostics.first().map(|d| d.span.start), Some(4));
    assert!(
        Engine::new()
            .compile(b"1 \0 2", &Options::default(), &Cancel::new())
            .failed()
    );
}

#[test]
fn a_cancelled_request_makes_no_code() {
    let cancel = Cancel::new();
    cancel.cancel();
    let compiled = Engine::new().compile(b"1 + 2", &Options::default(), &cancel);
    assert_eq!(codes(&compiled), ["BT0207"]);
    assert!(compiled.script.is_none());
}

#[test]
fn an_environment_is_found_by_content() {
    let engine = Engine::new();
    let parent = engine.compile(
        b"Value subclass: P\n  field: x = 1\n",
        &Options::default(),
        &Cancel::new(),
    );
    let class = parent.declared.expect("compiles");
    let entry = EnvironmentEntry {
        class: class.class.expect("a class"),
        module: class.module,
        interface: class.interface,
    };
    let (hash, environment) = engine
        .add_environment(std::slice::from_ref(&entry))
        .expect("its own interface");
    assert_eq!(
        hash,
        beamtalk_engine::environment_hash(std::slice::from_ref(&entry))
    );
    assert!(engine.environment(&hash).is_some());
    assert!(engine.environment(&[0; 32]).is_none());

    let options = Options {
        environment: Some(environment),
        ..Options::default()
    };
    let child = engine.compile(b"P subclass: Q\n  field: y = 2\n", &options, &Cancel::new());
    assert!(!child.failed(), "{:?}", child.diagnostics);
    let facade = core::text::module(child.modules().next().expect("compiles"));
    assert!(
        facade.contains("'x:y:'") && facade.contains("'y:'"),
        "{facade}"
    );

    let broken = EnvironmentEntry {
        interface: vec![1, 2, 3],
        ..entry
    };
    assert!(engine.add_environment(&[broken]).is_err());
}

#[test]
fn a_panic_is_a_diagnostic_and_is_counted() {
    let engine = Engine::new();
    assert_eq!(
        engine.provoke_panic().first().map(|d| d.code),
        Some(Code::INTERNAL_ERROR)
    );
    assert_eq!(engine.statistics().panics, 1);
    assert!(
        !engine
            .compile(b"1", &Options::default(), &Cancel::new())
            .failed()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_gives_an_answer(source in "(?s).{0,80}") {
        assert_well_formed(&source, &compile(&source));
    }

    /// Tokens in any order: most of it is wrong, and some of it compiles.
    #[test]
    fn any_tokens_give_an_answer(tokens in proptest::collection::vec(0..TOKENS.len(), 0..40), class in any::<bool>()) {
        let mut source = String::from(if class { "Actor subclass: T\n  state: s = 0\n  m: p =>\n    " } else { "" });
        for token in tokens {
            let _ = write!(source, "{} ", TOKENS[token]);
        }
        assert_well_formed(&source, &compile(&source));
    }
}

const TOKENS: [&str; 32] = [
    "x",
    "y",
    "p",
    ":=",
    "x :=",
    "[",
    "]",
    "[:e |",
    "(",
    ")",
    "1",
    "+ 2",
    "<",
    "foo",
    "at:",
    "^",
    ".",
    "\n    ",
    ";",
    "ifTrue: [",
    "ifFalse: [",
    "[x < 3] whileTrue: [",
    "timesRepeat: [",
    "self.s",
    "self.s :=",
    "#(",
    ",",
    "do: [:e |",
    "nil",
    "match: [",
    "-> ",
    "_",
];
