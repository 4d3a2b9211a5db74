//! Runs one program for the emulator.
//!
//! A port of the emulator cannot close the input of a program and keep its output, cannot tell its two outputs apart,
//! takes all output as fast as it comes, and leaves the program alone when it is closed itself. This executable stands
//! between them: the program is in a process group of its own, its output is sent only as far as the emulator has given
//! credit for, and the group ends when the emulator closes its side, which it does also by dying.
//!
//! The command comes as the first request and not by arguments, where everybody could see it.

mod frame;
#[cfg(unix)]
mod run;

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    run::serve()
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    eprintln!("beamtalk_exec: process groups are there on Unix only");
    ExitCode::FAILURE
}
