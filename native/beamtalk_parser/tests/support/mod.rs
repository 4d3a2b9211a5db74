//! What the test programs share.
#![allow(dead_code, reason = "each test program uses a part")]
#![allow(
    clippy::needless_for_each,
    clippy::semicolon_if_nothing_returned,
    reason = "a walk over a tree reads best as one line a part"
)]

pub mod dump;
pub mod laws;

use std::path::PathBuf;

/// Runs `test` on a stack as large as the callers of the parser provide.
pub fn on_big_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(64 * 1024 * 1024)
        .spawn(test)
        .expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// All fixtures: path and text, in order of their names.
pub fn fixtures() -> Vec<(PathBuf, String)> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "bt"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| (path.clone(), std::fs::read_to_string(path).expect("text")))
        .collect()
}
