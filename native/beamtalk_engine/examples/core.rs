//! Prints the Core Erlang of a file: `core FILE`.

use beamtalk_engine::core::text;
use beamtalk_engine::{Cancel, Engine, Options};

fn main() {
    let path = std::env::args().nth(1).expect("core FILE");
    let source = std::fs::read(&path).expect("a readable file");
    let options = Options {
        file: Some(path),
        ..Options::default()
    };
    let compiled = Engine::new().compile(&source, &options, &Cancel::new());
    for diagnostic in &compiled.diagnostics {
        eprintln!("{diagnostic:?}");
    }
    for module in compiled.modules() {
        println!("{}", text::module(module));
    }
}
