//! The compiler as an executable behind `{packet, 4}`.
//!
//! Frames are external terms: `{Id, Request}` is answered by `{Id, Reply}`, in any order; `{cancel, Id}` stops a
//! request, which is then answered as cancelled. End of input means exit, at once. Standard error carries logs.
//!
//! `eetf` reads requests. Replies are written by [`sink`]: `eetf` 0.12 writes a list of negative integers as a string
//! of bytes, and its terms own their children, so shared annotations would be copied and deep code dropped by
//! recursion.

mod decode;
mod frame;
mod replay;
mod server;
mod sink;

use std::process::ExitCode;

use beamtalk_compiler::{panics, tool_failure};

const USAGE: &str =
    "start it without arguments as a port of the emulator, or with --version or --replay FILE";

fn main() -> ExitCode {
    panics::record(|panic| eprintln!("beamtalk_port: panic: {panic}"));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        [] => server::serve(std::io::stdin().lock(), std::io::stdout())
            .map_err(|error| tool_failure(format!("the connection broke: {error}"), USAGE)),
        ["--version"] => {
            println!("beamtalk_port {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        ["--replay", file] => replay::replay(file).map(|reply| println!("{reply}")),
        other => Err(tool_failure(
            format!("unknown arguments: {}", other.join(" ")),
            USAGE,
        )),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            eprint!("{report}");
            ExitCode::FAILURE
        }
    }
}
