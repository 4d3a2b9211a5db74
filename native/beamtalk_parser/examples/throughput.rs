//! Measures megabytes a second over ordinary classes: `cargo run --release --example throughput [directory...]`. Without
//! a directory: the library, the examples and the benchmark programs.

use std::path::PathBuf;
use std::time::Instant;

use beamtalk_parser::{Limits, parse_file, scan};

/// Bytes that are read in one round.
const BYTES: usize = 1_000_000;

const ROUNDS: u32 = 15;

fn main() {
    let named: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let ordinary = ["apps/beamtalk_stdlib/lib", "examples", "bench/programs"];
    let folders = if named.is_empty() {
        ordinary.iter().map(|folder| root.join(folder)).collect()
    } else {
        named
    };
    let files = files(folders);
    let total: usize = files.iter().map(String::len).sum();
    assert!(total > 0, "no .bt files");
    let copies = BYTES.div_ceil(total);
    let limits = Limits::default();
    let bytes = total * copies;
    println!("{} files, {copies} times: {bytes} bytes", files.len());
    let scanned = rate(bytes, || {
        for text in files.iter().cycle().take(files.len() * copies) {
            std::hint::black_box(scan(text, limits.nesting));
        }
    });
    println!("scan:  {scanned:.1} MB/s");
    let parsed = rate(bytes, || {
        for text in files.iter().cycle().take(files.len() * copies) {
            std::hint::black_box(parse_file(text, &limits));
        }
    });
    println!("parse: {parsed:.1} MB/s");
}

/// Megabytes a second in the fastest round: the one that others on the machine disturbed least.
#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn rate(bytes: usize, mut work: impl FnMut()) -> f64 {
    let seconds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .collect();
    let fastest = seconds.iter().copied().fold(f64::INFINITY, f64::min);
    bytes as f64 / 1e6 / fastest
}

/// The texts of all `.bt` files below the folders.
fn files(mut folders: Vec<PathBuf>) -> Vec<String> {
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "bt") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .collect()
}
