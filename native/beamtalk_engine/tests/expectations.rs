//! `@expect`: what it takes away, what it leaves, and that what is left compiles.

mod support;

use beamtalk_engine::core::check;
use beamtalk_engine::source::Code;
use beamtalk_engine::{Cancel, Engine, Options};
use support::library;

/// Programs, what is still found in them, and whether there is code.
const PROGRAMS: [(&str, &[&str], bool); 21] = [
    // A statement, nested blocks and continuation lines included.
    ("@expect unresolved_class\nNobodyish foo", &[], true),
    (
        "@expect unresolved_class\n3 foo: [[Nobodyish foo] value]\n  bar: 4",
        &[],
        true,
    ),
    (
        "@expect unresolved_class\n3 foo\nNobodyish foo",
        &["BT0105", "BT0133"],
        true,
    ),
    (
        "Object subclass: Foo\n  foo =>\n    @expect unused\n    [:x | 3]\n",
        &[],
        true,
    ),
    (
        "Object subclass: Foo\n  foo =>\n    [:y |\n      @expect unused\n      [:x | y]]\n",
        &[],
        true,
    ),
    // Several at once.
    (
        "Object subclass: Foo\n  foo =>\n    @expect unused\n    @expect unresolved_class\n    [:x | Nobodyish]\n",
        &[],
        true,
    ),
    // A member.
    (
        "Object subclass: Foo\n  @expect unused \"for heirs\"\n  foo: x => 3\n",
        &[],
        true,
    ),
    (
        "Object subclass: Foo\n  @expect unused\n  foo: x => 3\n  bar: x => 3\n",
        &["BT0116"],
        true,
    ),
    (
        "Object subclass: Foo\n  @expect type\n  field: x = 1\n",
        &[],
        true,
    ),
    // A class.
    (
        "@expect inheritance\nInteger subclass: Foo\n  foo => 1\n",
        &[],
        true,
    ),
    // Errors that leave code.
    ("@expect actor_new\nActor new", &[], true),
    ("@expect type\nCollection new", &[], true),
    ("@expect type\n3 foo!", &[], true),
    (
        "Value subclass: Foo\n  field: x = 1\n\n  @expect type\n  foo => self.x := 2\n",
        &[],
        true,
    ),
    ("x := 1\n@expect type\nx.field", &[], true),
    (
        "Object subclass: Foo\n  @expect type\n  == other => other isNil\n",
        &[],
        true,
    ),
    // Errors that leave none.
    ("@expect all\nx foo", &["BT0104"], false),
    (
        "Object subclass: Foo\n  foo => 1\n\n  @expect all\n  foo => 2\n",
        &["BT0102"],
        false,
    ),
    // `all` covers warnings without a category, and other categories cover nothing else.
    ("x := 1\n@expect all\nx := x", &[], true),
    (
        "x := 1\n@expect unused\nx := x",
        &["BT0124", "BT0133"],
        true,
    ),
    // Whether the type checker has nothing to say is not known yet.
    ("@expect dnu\n3 foo", &[], true),
];

#[test]
fn expected_findings_are_taken_away() {
    let engine = Engine::new();
    let environment = engine
        .add_environment(library())
        .expect("interfaces of this compiler")
        .1;
    for (source, expected, compiles) in PROGRAMS {
        let options = Options {
            environment: Some(environment.clone()),
            ..Options::default()
        };
        let compiled = engine.compile(source.as_bytes(), &options, &Cancel::new());
        // What the code generator cannot do yet is not what this is about.
        let unsupported = compiled
            .diagnostics
            .iter()
            .any(|found| found.code == Code::UNSUPPORTED);
        let mut codes: Vec<_> = compiled
            .diagnostics
            .iter()
            .filter(|found| found.code != Code::UNSUPPORTED)
            .map(|found| found.code.name())
            .collect();
        codes.sort_unstable();
        assert_eq!(codes, expected, "{source}: {:?}", compiled.diagnostics);
        let modules: Vec<_> = compiled.modules().collect();
        assert_eq!(!modules.is_empty(), compiles && !unsupported, "{source}");
        for module in modules {
            assert!(
                check::module(module).is_empty(),
                "{source}: {:?}",
                check::module(module)
            );
        }
    }
}
