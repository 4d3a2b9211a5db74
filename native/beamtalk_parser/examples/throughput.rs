//! Measures megabytes a second on an ordinary program: `cargo run --release --example throughput [file]`.

use std::time::Instant;

use beamtalk_parser::{Limits, parse_file, scan};

const REPEATS: usize = 200;

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/overview.bt").to_owned()
    });
    let text = std::fs::read_to_string(path)?;
    let limits = Limits::default();
    let megabytes = (text.len() * REPEATS) as f64 / 1e6;
    let start = Instant::now();
    for _ in 0..REPEATS {
        std::hint::black_box(scan(&text, limits.nesting));
    }
    println!(
        "scan:  {:.1} MB/s",
        megabytes / start.elapsed().as_secs_f64()
    );
    let start = Instant::now();
    for _ in 0..REPEATS {
        std::hint::black_box(parse_file(&text, &limits));
    }
    println!(
        "parse: {:.2} MB/s of {} bytes",
        megabytes / start.elapsed().as_secs_f64(),
        text.len()
    );
    Ok(())
}
