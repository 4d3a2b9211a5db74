//! Shows what the parser makes of a file, or of its standard input: `cargo run --example outcome [file]`.

#[path = "../tests/support/dump.rs"]
mod dump;

use std::io::Read;

use beamtalk_parser::{Limits, parse_file};

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    match std::env::args().nth(1) {
        Some(path) => text = std::fs::read_to_string(path)?,
        None => {
            std::io::stdin().read_to_string(&mut text)?;
        }
    }
    let parsed = parse_file(&text, &Limits::default());
    print!(
        "{}",
        dump::outcome(&text, &parsed.file, &parsed.diagnostics)
    );
    Ok(())
}
