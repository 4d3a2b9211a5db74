//! Times each stage of the compiler on a file: `stages FILE [ROUNDS]` prints one line a stage, `name median_ns`.

use std::hint::black_box;
use std::time::Instant;

use beamtalk_ast::{Item, Placed, Statement};
use beamtalk_codegen::Context;
use beamtalk_engine::core::text;
use beamtalk_engine::{Cancel, Engine, Environment, Options};
use beamtalk_parser::Limits;
use beamtalk_semantic::Origin;
use beamtalk_source::LineIndex;

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().expect("stages FILE [ROUNDS]");
    let rounds: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(201);
    let source = std::fs::read_to_string(&path).expect("a readable file");
    let limits = Limits::default();
    let environment = Environment::default();

    measure("scan", rounds, || {
        beamtalk_parser::scan(&source, limits.nesting)
    });
    measure("scan_and_parse", rounds, || {
        beamtalk_parser::parse_file(&source, &limits)
    });

    let parsed = beamtalk_parser::parse_file(&source, &limits);
    let class = parsed.file.items.iter().find_map(|item| match item {
        Item::Class(class) => Some(class),
        _ => None,
    });
    let chunks: Vec<&Placed<Vec<Statement>>> = parsed
        .file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Statements(chunk) => Some(chunk),
            _ => None,
        })
        .collect();
    let origin = Origin {
        text: &source,
        environment: &environment,
        package: None,
        library: false,
    };
    let analyze_class =
        || class.map(|c| beamtalk_semantic::analyze_class(c, "bt@bench".into(), &origin).0);
    let analyze_script = || beamtalk_semantic::analyze_script(&parsed.file, &[], &origin, true).0;
    measure("analyse", rounds, || (analyze_class(), analyze_script()));

    let analysis = analyze_class();
    let resolution = analyze_script();
    let lines = LineIndex::new(&source);
    let context = Context {
        text: &source,
        lines: &lines,
        file: Some(&path),
        environment: &environment,
        limits: beamtalk_codegen::Limits::default(),
        carries_text: true,
    };
    let placement = beamtalk_codegen::Placement {
        slot: Some(1),
        ..Default::default()
    };
    let code = || {
        let modules = class.zip(analysis.as_ref()).map(|(class, analysis)| {
            beamtalk_codegen::class(&context, class, analysis, &[], &placement)
        });
        let script =
            beamtalk_codegen::script(&context, &chunks, &resolution, "bt@bench@script", true);
        (modules, script)
    };
    measure("codegen", rounds, code);

    let (modules, script) = code();
    let print = || {
        let modules = modules.as_ref().map(|(modules, _)| {
            let all = modules.facade.iter().chain(&modules.bodies);
            all.map(text::module).collect::<String>()
        });
        (modules, text::module(&script.0))
    };
    measure("text", rounds, print);

    let options = Options {
        placement: beamtalk_engine::Placement {
            slot: Some(1),
            ..Default::default()
        },
        ..Options::default()
    };
    // A new engine has seen nothing; one that has seen the text takes its trees from the memo.
    measure("engine_cold", rounds, || {
        Engine::new().compile_expression(source.as_bytes(), &options, &Cancel::new())
    });
    let engine = Engine::new();
    measure("engine_warm", rounds, || {
        engine.compile_expression(source.as_bytes(), &options, &Cancel::new())
    });
    measure("diagnostics_warm", rounds, || {
        engine.diagnostics(source.as_bytes(), &options, &Cancel::new())
    });
}

fn measure<T>(name: &str, rounds: usize, mut work: impl FnMut() -> T) {
    let mut times: Vec<u128> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    println!(
        "{name} {}",
        times.get(times.len() / 2).copied().unwrap_or_default()
    );
}
