//! How much work the grammar does, counted instead of timed: the calls of pest's combinators.
//! The number is the same on every machine; the ceiling is a little above what it was when last looked at.
//!
//! Alone in its program, because pest's limit of calls is one for the whole process.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use beamtalk_parser::{ChunkKind, ChunkStore, Limits, ParsedChunk, parse_file_with};

/// Calls per byte of chunk text, over the library, the examples and the benchmark programs.
const CEILING: f64 = 4.5;

/// More calls than any chunk of these files needs.
const PLENTY: usize = 1 << 22;

/// A chunk whose number of calls is searched.
struct Sought {
    /// The tree that is made when there are calls enough.
    tree: Arc<ParsedChunk>,
    bytes: usize,
    /// So many calls do not suffice.
    below: usize,
    /// So many do.
    enough: usize,
}

impl Sought {
    fn middle(&self) -> usize {
        self.below.midpoint(self.enough)
    }
}

/// Narrows the search for all chunks of a file in one parse: each is given a limit of its own before it is parsed.
#[derive(Default)]
struct Search {
    chunks: Vec<Sought>,
    at: usize,
}

impl ChunkStore for Search {
    fn get(&mut self, _kind: ChunkKind, _text: &str) -> Option<Arc<ParsedChunk>> {
        let limit = self.chunks.get(self.at).map_or(PLENTY, Sought::middle);
        pest::set_call_limit(NonZeroUsize::new(limit));
        None
    }

    fn put(&mut self, _kind: ChunkKind, text: &str, chunk: &Arc<ParsedChunk>) {
        if let Some(sought) = self.chunks.get_mut(self.at) {
            let middle = sought.middle();
            if sought.tree == *chunk {
                sought.enough = middle;
            } else {
                sought.below = middle;
            }
        } else {
            self.chunks.push(Sought {
                tree: Arc::clone(chunk),
                bytes: text.len(),
                below: 0,
                enough: PLENTY,
            });
        }
        self.at += 1;
    }
}

/// The calls for all chunks of a text, and their bytes.
fn calls(text: &str) -> (usize, usize) {
    let limits = Limits::default();
    let mut search = Search::default();
    for _ in 0..=PLENTY.ilog2() {
        parse_file_with(text, &limits, &mut search);
        search.at = 0;
    }
    pest::set_call_limit(None);
    let calls = search.chunks.iter().map(|sought| sought.enough).sum();
    (calls, search.chunks.iter().map(|sought| sought.bytes).sum())
}

/// The texts of all `.bt` files below the folders.
fn files(mut folders: Vec<PathBuf>) -> Vec<(PathBuf, String)> {
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
        .into_iter()
        .map(|path| (path.clone(), std::fs::read_to_string(path).expect("text")))
        .collect()
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn the_grammar_makes_few_calls_per_byte() {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let ordinary = ["apps/beamtalk_stdlib/lib", "examples", "bench/programs"];
    let files = files(ordinary.iter().map(|folder| root.join(folder)).collect());
    let mut total = (0, 0);
    let mut worst = (0.0, PathBuf::new());
    for (path, text) in files {
        let (calls, bytes) = calls(&text);
        total = (total.0 + calls, total.1 + bytes);
        let rate = calls as f64 / bytes as f64;
        if rate > worst.0 {
            worst = (rate, path);
        }
    }
    let rate = total.0 as f64 / total.1 as f64;
    println!("{rate:.2} calls per byte of {}", total.1);
    println!("most: {:.2} in {}", worst.0, worst.1.display());
    assert!(total.1 > 50_000, "the files have been found");
    assert!(rate <= CEILING, "{rate:.2} calls per byte");
}
