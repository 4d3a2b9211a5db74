use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use beamtalk_parser::{ChunkKind, ChunkStore, ParsedChunk};
use rustc_hash::FxHashMap;

/// Bytes of one generation, about.
const GENERATION: usize = 32 << 20;

/// Bytes that a tree takes, in bytes of its text: measured on ordinary classes.
const TREE_PER_TEXT: usize = 24;

type Trees = FxHashMap<(ChunkKind, Box<str>), Arc<ParsedChunk>>;

/// The trees of chunks, by their text. Two generations bound it: what was not used while one filled up is forgotten.
#[derive(Debug, Default)]
pub struct Memo {
    generations: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    young: Trees,
    old: Trees,
    young_bytes: usize,
    old_bytes: usize,
}

impl Memo {
    /// Number of trees, and bytes they take.
    pub fn size(&self) -> (usize, usize) {
        let generations = self.lock();
        (
            generations.young.len() + generations.old.len(),
            generations.young_bytes + generations.old_bytes,
        )
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl ChunkStore for &Memo {
    fn get(&mut self, kind: ChunkKind, text: &str) -> Option<Arc<ParsedChunk>> {
        let mut generations = self.lock();
        let key = (kind, Box::from(text));
        if let Some(known) = generations.young.get(&key) {
            return Some(known.clone());
        }
        let known = generations.old.remove(&key)?;
        generations.old_bytes = generations.old_bytes.saturating_sub(cost(text));
        generations.keep(key, known.clone());
        Some(known)
    }

    fn put(&mut self, kind: ChunkKind, text: &str, chunk: &Arc<ParsedChunk>) {
        self.lock().keep((kind, Box::from(text)), chunk.clone());
    }
}

impl Generations {
    fn keep(&mut self, key: (ChunkKind, Box<str>), chunk: Arc<ParsedChunk>) {
        let cost = cost(&key.1);
        if cost > GENERATION {
            return;
        }
        if self.young_bytes + cost > GENERATION {
            self.old = std::mem::take(&mut self.young);
            self.old_bytes = std::mem::take(&mut self.young_bytes);
        }
        if self.young.insert(key, chunk).is_none() {
            self.young_bytes += cost;
        }
    }
}

fn cost(text: &str) -> usize {
    128 + text.len() * TREE_PER_TEXT
}

#[cfg(test)]
mod tests {
    use super::*;
    use beamtalk_parser::{Limits, parse_file, parse_file_with};

    #[test]
    fn a_kept_tree_is_the_tree_and_memory_is_bounded() {
        let memo = Memo::default();
        for round in 0..3000 {
            let text = format!("x{} := \"{}\"\n", round % 2000, "a".repeat(1000));
            let kept = parse_file_with(&text, &Limits::default(), &mut &memo);
            assert_eq!(kept, parse_file(&text, &Limits::default()));
        }
        assert!(memo.size().1 <= 2 * GENERATION);
        assert!(memo.size().0 > 100);
    }
}
