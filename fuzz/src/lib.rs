//! What the targets share: a big stack, a limit of time, and the laws of the parser's own tests.

#[path = "../../native/beamtalk_parser/tests/support/laws.rs"]
#[expect(
    clippy::needless_for_each,
    clippy::semicolon_if_nothing_returned,
    reason = "a walk over a tree reads best as one line a part"
)]
pub mod laws;

#[path = "../../native/beamtalk_format/tests/support"]
pub mod formatting {
    //! The laws of the formatter.
    pub mod laws;
    pub mod shape;
}

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use beamtalk_parser::{ChunkKind, ChunkStore, ParsedChunk};

/// The stack of one run; its pages are reserved, not used.
const STACK: usize = 128 << 20;

/// What one input may take.
const TIME: Duration = Duration::from_secs(1);

/// How often it may take longer, less one.
const ATTEMPTS: u32 = 3;

/// Runs `work` on a stack as large as the compiler's callers provide.
pub fn on_big_stack<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK / 2, STACK, work)
}

/// The same for what must not take long. On a busy machine anything may take long once: it counts when it happens again.
pub fn limited<T>(work: impl Fn() -> T) -> T {
    let mut fastest = Duration::MAX;
    for _ in 0..ATTEMPTS {
        let start = Instant::now();
        let outcome = on_big_stack(&work);
        fastest = fastest.min(start.elapsed());
        if fastest <= TIME {
            return outcome;
        }
    }
    panic!("one input took {fastest:?}");
}

/// Keeps the trees of all chunks.
#[derive(Default)]
pub struct Store(HashMap<(ChunkKind, String), Arc<ParsedChunk>>);

impl ChunkStore for Store {
    fn get(&mut self, kind: ChunkKind, text: &str) -> Option<Arc<ParsedChunk>> {
        self.0.get(&(kind, text.to_owned())).cloned()
    }

    fn put(&mut self, kind: ChunkKind, text: &str, chunk: &Arc<ParsedChunk>) {
        self.0.insert((kind, text.to_owned()), Arc::clone(chunk));
    }
}

/// `text` as an edit would leave it: without one of its characters, which one being decided by the text itself.
pub fn edited(text: &str) -> Option<String> {
    let sum = text.bytes().fold(17_usize, |sum, byte| {
        sum.wrapping_mul(31) + usize::from(byte)
    });
    let count = text.chars().count();
    let (at, character) = text.char_indices().nth(sum.checked_rem(count)?)?;
    let (before, from) = text.split_at(at);
    Some(before.to_owned() + from.get(character.len_utf8()..)?)
}
