//! Every rule of the grammar is reached by a fixture.
//!
//! The generated recognizer says nothing of silent rules, nor of what stands inside atomic ones. So what the fixtures
//! gave it to recognize is recognized once more by the grammar as data, with every rule made to give a pair.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

use pest_meta::ast::RuleType;
use pest_meta::{optimizer, parser};
use pest_vm::Vm;

use super::Rule;
use crate::{Limits, parse_file};

thread_local! {
    /// What has been given to the grammar in this thread.
    static NOTED: RefCell<Vec<(Rule, String)>> = const { RefCell::new(Vec::new()) };
}

/// Remembers what is given to the grammar.
pub(super) fn note(rule: Rule, text: &str) {
    NOTED.with_borrow_mut(|noted| noted.push((rule, text.to_owned())));
}

const FILES: [&str; 5] = [
    include_str!("tokens.pest"),
    include_str!("expressions.pest"),
    include_str!("patterns.pest"),
    include_str!("types.pest"),
    include_str!("declarations.pest"),
];

/// The grammar with no rule silent, and its names.
fn grammar() -> (Vm, Vec<String>) {
    let text = FILES.join("\n");
    let pairs = parser::parse(parser::Rule::grammar_rules, &text).expect("a grammar");
    let mut rules = parser::consume_rules(pairs).expect("a sound grammar");
    for rule in &mut rules {
        rule.ty = match rule.ty {
            RuleType::Silent => RuleType::Normal,
            RuleType::Atomic => RuleType::CompoundAtomic,
            other => other,
        };
    }
    let names = rules.iter().map(|rule| rule.name.clone()).collect();
    (Vm::new(optimizer::optimize(rules)), names)
}

fn fixtures() -> Vec<(String, String)> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "bt"))
        .collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_stem().map(|name| name.to_string_lossy().into());
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).expect("text");
            (name(path).unwrap_or_default(), text)
        })
        .collect()
}

/// Each rule with the first fixture that reaches it.
fn reached(vm: &Vm) -> BTreeMap<String, String> {
    let mut reached = BTreeMap::new();
    for (fixture, text) in fixtures() {
        NOTED.take();
        parse_file(&text, &Limits::default());
        for (rule, text) in NOTED.take() {
            let rule = format!("{rule:?}");
            let Ok(pairs) = vm.parse(&rule, &text) else {
                continue;
            };
            for pair in pairs.flatten() {
                reached
                    .entry(pair.as_rule().to_owned())
                    .or_insert_with(|| fixture.clone());
            }
        }
    }
    reached
}

#[test]
fn every_rule_is_reached_by_a_fixture() {
    let test = || {
        let (vm, names) = grammar();
        let reached = reached(&vm);
        for (rule, fixture) in &reached {
            println!("{rule:24} {fixture}");
        }
        let missing: Vec<&String> = names
            .iter()
            .filter(|name| !reached.contains_key(*name))
            .collect();
        assert!(missing.is_empty(), "reached by no fixture: {missing:?}");
    };
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let handle = thread.spawn(test).expect("a thread");
    if let Err(panic) = handle.join() {
        std::panic::resume_unwind(panic);
    }
}

/// The two ways to recognize agree, or the test above says nothing.
#[test]
fn the_grammar_as_data_is_the_grammar() {
    let (vm, names) = grammar();
    let accepts = |rule: &str, text: &str| vm.parse(rule, text).is_ok();
    assert!(names.len() > 100);
    assert!(accepts("number", "1_000.5e-3"));
    assert!(accepts("statements_chunk", "a foo: #(1, 2) bar; baz"));
    assert!(!accepts("statements_chunk", "a foo: )"));
    assert!(!accepts("identifier", "at:"));
}
