//! What the test programs share.
#![allow(dead_code, reason = "each test program uses a part")]

pub mod laws;
pub mod shape;

use std::path::{Path, PathBuf};

/// Runs `test` on a stack as large as the callers of the formatter provide.
pub fn on_big_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(256 * 1024 * 1024)
        .spawn(test)
        .expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// All files with Beamtalk source in a directory and those below it, in order of their names.
pub fn sources(directory: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    collect(directory, &mut found);
    found.sort();
    found
}

fn collect(directory: &Path, found: &mut Vec<(PathBuf, String)>) {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return;
    };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "bt")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            found.push((path, text));
        }
    }
}
