//! Compilation of single methods: where code goes, what the class's text becomes, where findings are.

use beamtalk_engine::core::{self, Lit};
use beamtalk_engine::{Cancel, Compiled, Engine, Options, Patch, Placement};

const CLASS: &str = "/// Keeps a number.\nValue subclass: Tally\n  field: count = 0\n\n  /// One more.\n  up =>\n    self withCount: self.count + 1\n\n  down => self withCount: self.count - 1\n  class one => self count: 1\n\n3 + unknownToAnybody\n";

fn patched(source: &str, text: &str, removed: &[&str]) -> Compiled {
    let existing = ["m up", "m down", "c one", "$defaults", "$class_defaults"];
    let options = Options {
        file: Some("tally.bt".into()),
        carries_text: true,
        placement: Placement {
            slot: Some(7),
            existing: existing
                .map(|name| (name.to_owned(), 3))
                .into_iter()
                .collect(),
        },
        ..Options::default()
    };
    let patch = Patch {
        text: text.into(),
        removed: removed.iter().map(|&name| name.to_owned()).collect(),
    };
    Engine::new().patch(source.as_bytes(), &patch, &options, &Cancel::new())
}

/// The bodies and their functions, but for those that every module has.
fn bodies(compiled: &Compiled) -> Vec<(String, Vec<String>)> {
    let class = compiled.declared.as_ref().expect("a class");
    let names = |module: &core::Module| {
        let names = module.functions.iter().map(|function| &function.name.name);
        names
            .filter(|name| *name != "module_info")
            .cloned()
            .collect()
    };
    let body = |module: &core::Module| (module.name.clone(), names(module));
    class.bodies.iter().map(body).collect()
}

/// The text that the class carries.
fn text(compiled: &Compiled) -> String {
    let class = compiled.declared.as_ref().expect("a class");
    let facade = class.facade.as_ref().expect("a facade");
    let description = facade
        .functions
        .iter()
        .find(|function| function.name.name == "$class");
    let core::Expr::Lit(Lit::Map(pairs)) = &description.expect("$class").fun.body else {
        panic!("a literal map")
    };
    let text = pairs.iter().find(|(key, _)| *key == Lit::atom("text"));
    match &text.expect("text").1 {
        Lit::Binary(bytes) => String::from_utf8(bytes.clone()).expect("UTF-8"),
        other => panic!("{other:?}"),
    }
}

fn messages(compiled: &Compiled, text: &str) -> Vec<(String, String)> {
    compiled
        .diagnostics
        .iter()
        .map(|d| (d.message.clone(), d.span.text(text).to_owned()))
        .collect()
}

#[test]
fn only_the_patched_method_is_compiled() {
    let compiled = patched(CLASS, "Tally >> up => self withCount: 100", &[]);
    assert!(
        compiled.diagnostics.is_empty(),
        "{:?}",
        compiled.diagnostics
    );
    assert_eq!(
        bodies(&compiled),
        [("bt@tally@7".into(), vec!["m up".to_owned()])]
    );
}

#[test]
fn a_new_method_and_one_of_the_class_side() {
    let compiled = patched(
        CLASS,
        "Tally >> twice => self up up\nTally class >> two => self one up",
        &[],
    );
    assert_eq!(bodies(&compiled)[0].1, ["m twice", "c two"]);
}

#[test]
fn the_text_keeps_its_lines_and_does_not_grow() {
    let mut source = CLASS.to_owned();
    for count in 0..50 {
        let method = format!("/// Now {count}.\nTally >> up => self withCount: {count}");
        source = text(&patched(&source, &method, &[]));
    }
    let expected = "/// Keeps a number.\nValue subclass: Tally\n  field: count = 0\n\n\n\n\n\n  down => self withCount: self.count - 1\n  class one => self count: 1\n\n3 + unknownToAnybody\n\n/// Now 49.\nTally >> up => self withCount: 49\n";
    let without_blanks = |text: &str| {
        text.lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(without_blanks(&source), without_blanks(expected));
}

#[test]
fn removal_needs_no_code() {
    let compiled = patched(CLASS, "", &["m down"]);
    assert!(
        compiled.diagnostics.is_empty(),
        "{:?}",
        compiled.diagnostics
    );
    assert_eq!(bodies(&compiled), []);
    assert!(!text(&compiled).contains("down"));
}

#[test]
fn a_class_is_compiled_again_without_the_statements_of_its_file() {
    let options = Options {
        placement: Placement {
            slot: Some(2),
            ..Placement::default()
        },
        ..Options::default()
    };
    let compiled = Engine::new().patch(
        CLASS.as_bytes(),
        &Patch::default(),
        &options,
        &Cancel::new(),
    );
    assert!(
        compiled.diagnostics.is_empty(),
        "{:?}",
        compiled.diagnostics
    );
    assert_eq!(bodies(&compiled)[0].1.len(), 5);
}

#[test]
fn findings_are_at_their_places_in_the_patch() {
    let cases = [
        ("x := 1. Tally >> up => zork", "zork"),
        ("// äöü\nTally >> up =>\n  self.count := 3", "count"),
        ("Tally >> up => 1\nTally >> up => 2", "up"),
        ("Tally >> up => 3 +", ""),
    ];
    for (source, place) in cases {
        let compiled = patched(CLASS, source, &[]);
        assert!(compiled.failed(), "{source}");
        let found = messages(&compiled, source);
        assert!(
            found.iter().any(|(_, text)| text.contains(place)),
            "{source}: {found:?}"
        );
    }
}

#[test]
fn a_text_without_a_method_for_the_class_is_refused() {
    for text in ["3 + 4", "Other >> up => 1"] {
        assert!(patched(CLASS, text, &[]).failed(), "{text}");
    }
    assert!(patched("3 + 4", "Tally >> up => 1", &[]).failed());
}
