//! Measures how many megabytes of ordinary classes are formatted in a second:
//! `cargo run --release -p beamtalk_format --example throughput -- FILE…`

use std::time::Instant;

use beamtalk_format::format;
use beamtalk_parser::{Limits, parse_file};

/// Bytes that are formatted, at least.
const BYTES: usize = 16 * 1024 * 1024;

fn main() {
    let names = std::env::args().skip(1);
    let texts: Vec<String> = names
        .map(|name| std::fs::read_to_string(name).expect("a text"))
        .collect();
    assert!(!texts.is_empty(), "which files?");
    let limits = Limits::default();
    let whole = rate(&texts, |text| {
        format(text, &limits).expect("no errors").len()
    });
    let parsing = rate(&texts, |text| parse_file(text, &limits).file.items.len());
    println!("format {whole:.1} MB/s, of which parsing alone {parsing:.1} MB/s");
}

fn rate(texts: &[String], work: impl Fn(&str) -> usize) -> f64 {
    let start = Instant::now();
    let mut bytes = 0;
    let mut result = 0;
    while bytes < BYTES {
        for text in texts {
            result += work(text);
            bytes += text.len();
        }
    }
    std::hint::black_box(result);
    #[expect(clippy::cast_precision_loss, reason = "a measurement")]
    let megabytes = bytes as f64 / 1e6;
    megabytes / start.elapsed().as_secs_f64()
}
