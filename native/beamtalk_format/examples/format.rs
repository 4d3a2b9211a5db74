//! Prints the canonical layout of the text on standard input.

use std::io::{Read, stdin};

use beamtalk_format::format;
use beamtalk_parser::Limits;

fn main() {
    let mut text = String::new();
    stdin().read_to_string(&mut text).expect("UTF-8");
    match format(&text, &Limits::default()) {
        Ok(formatted) => print!("{formatted}"),
        Err(diagnostics) => eprintln!("{diagnostics:#?}"),
    }
}
