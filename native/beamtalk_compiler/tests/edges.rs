//! The crates of the workspace depend on each other as the architecture says, and in no other way.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Each crate with the crates of the workspace that it may depend on.
const EDGES: &[(&str, &[&str])] = &[
    ("beamtalk_source", &[]),
    ("beamtalk_ast", &["beamtalk_source"]),
    ("beamtalk_parser", &["beamtalk_ast", "beamtalk_source"]),
    ("beamtalk_semantic", &["beamtalk_ast", "beamtalk_source"]),
    ("beamtalk_core_erlang", &[]),
    (
        "beamtalk_codegen",
        &[
            "beamtalk_ast",
            "beamtalk_core_erlang",
            "beamtalk_semantic",
            "beamtalk_source",
        ],
    ),
    (
        "beamtalk_format",
        &["beamtalk_ast", "beamtalk_parser", "beamtalk_source"],
    ),
    ("beamtalk_testgen", &[]),
    (
        "beamtalk_engine",
        &[
            "beamtalk_ast",
            "beamtalk_codegen",
            "beamtalk_core_erlang",
            "beamtalk_format",
            "beamtalk_parser",
            "beamtalk_semantic",
            "beamtalk_source",
        ],
    ),
    ("beamtalk_render", &["beamtalk_source"]),
    ("beamtalk_compiler", &["beamtalk_engine", "beamtalk_render"]),
    ("beamtalk_nif", &["beamtalk_compiler"]),
    ("beamtalk_port", &["beamtalk_compiler"]),
    ("beamtalk_exec", &[]),
    ("beamtalk_cells", &[]),
];

/// Libraries that only some crates may see, by the prefix of their names.
const CONFINED: &[(&str, &[&str])] = &[
    ("pest", &["beamtalk_parser"]),
    ("rustler", &["beamtalk_nif", "beamtalk_cells"]),
    ("ariadne", &["beamtalk_render"]),
    ("miette", &["beamtalk_render"]),
    ("eetf", &["beamtalk_port"]),
];

/// The leaves of the graph: not even a test may depend on them.
const LEAVES: &[&str] = &[
    "beamtalk_nif",
    "beamtalk_port",
    "beamtalk_exec",
    "beamtalk_cells",
];

/// One entry of a crate's dependency tables.
struct Dependency {
    of: String,
    on: String,
    dev: bool,
}

#[test]
fn crates_depend_on_each_other_as_the_architecture_says() {
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let wrong: Vec<String> = dependencies()
        .iter()
        .filter(|edge| !edge.dev && edge.on.starts_with("beamtalk_"))
        .filter(|edge| {
            allowed
                .get(edge.of.as_str())
                .is_none_or(|on| !on.contains(&edge.on.as_str()))
        })
        .map(|edge| format!("{} -> {}", edge.of, edge.on))
        .collect();
    assert!(
        wrong.is_empty(),
        "edges that the architecture does not have: {wrong:?}"
    );
}

#[test]
fn every_crate_of_the_workspace_is_in_the_table() {
    let known: BTreeSet<&str> = EDGES.iter().map(|(name, _)| *name).collect();
    let unknown: Vec<String> = packages()
        .iter()
        .map(|package| text(&package["name"]))
        .filter(|name| !known.contains(name.as_str()))
        .collect();
    assert!(
        unknown.is_empty(),
        "crates that the architecture does not name: {unknown:?}"
    );
}

#[test]
fn libraries_with_a_home_are_seen_only_there() {
    let wrong: Vec<String> = dependencies()
        .iter()
        .filter(|edge| !edge.dev)
        .filter(|edge| {
            CONFINED.iter().any(|(prefix, homes)| {
                edge.on.starts_with(prefix) && !homes.contains(&edge.of.as_str())
            })
        })
        .map(|edge| format!("{} -> {}", edge.of, edge.on))
        .collect();
    assert!(
        wrong.is_empty(),
        "libraries seen outside their home: {wrong:?}"
    );
}

#[test]
fn nothing_depends_on_a_leaf() {
    let wrong: Vec<String> = dependencies()
        .iter()
        .filter(|edge| LEAVES.contains(&edge.on.as_str()))
        .map(|edge| format!("{} -> {}", edge.of, edge.on))
        .collect();
    assert!(wrong.is_empty(), "dependencies on a leaf: {wrong:?}");
}

fn dependencies() -> Vec<Dependency> {
    packages().iter().flat_map(dependencies_of).collect()
}

fn dependencies_of(package: &Value) -> Vec<Dependency> {
    let entries = package["dependencies"]
        .as_array()
        .expect("a list of dependencies");
    entries
        .iter()
        .map(|entry| Dependency {
            of: text(&package["name"]),
            on: text(&entry["name"]),
            dev: entry["kind"].as_str() == Some("dev"),
        })
        .collect()
}

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--manifest-path",
        ])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo answers JSON");
    metadata["packages"]
        .as_array()
        .expect("a list of packages")
        .clone()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a name").to_owned()
}
