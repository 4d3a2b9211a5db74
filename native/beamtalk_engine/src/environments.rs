use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use beamtalk_semantic::{Environment, FileInterface};
use sha2::{Digest, Sha256};

/// A file of an environment as the caller has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentEntry {
    /// Its class; any other name for a file without one.
    pub class: String,
    /// Its module.
    pub module: String,
    /// Its interface, as a compilation answered it.
    pub interface: Vec<u8>,
}

/// Content hash of an environment.
pub type Hash = [u8; 32];

/// Bytes of environments that are kept: the least recently used go first.
const CAPACITY: usize = 64 << 20;

/// The environments that callers have sent, by content.
#[derive(Debug, Default)]
pub struct Environments {
    kept: Mutex<VecDeque<(Hash, Arc<Environment>, usize)>>,
}

impl Environments {
    /// The environment of that content, if it is still there.
    pub fn get(&self, hash: &Hash) -> Option<Arc<Environment>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let index = kept.iter().position(|(known, _, _)| known == hash)?;
        let entry = kept.remove(index)?;
        let environment = entry.1.clone();
        kept.push_back(entry);
        Some(environment)
    }

    /// Keeps an environment. Fails with a sentence about the first interface that is none.
    pub fn add(&self, entries: &[EnvironmentEntry]) -> Result<(Hash, Arc<Environment>), String> {
        let hash = hash(entries);
        if let Some(known) = self.get(&hash) {
            return Ok((hash, known));
        }
        let mut environment = Environment::default();
        for entry in entries {
            let interface = FileInterface::decode(&entry.interface)
                .filter(|interface| {
                    let class = interface.class.as_ref();
                    class.is_none_or(|class| {
                        class.name == entry.class && class.module == entry.module
                    })
                })
                .ok_or_else(|| {
                    format!(
                        "the interface of `{}` is not one of this compiler's",
                        entry.class
                    )
                })?;
            environment.add_file(&entry.module, interface);
        }
        let environment = Arc::new(environment);
        let size = environment.size();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((hash, environment.clone(), size));
        while kept.len() > 1 && kept.iter().map(|(_, _, size)| size).sum::<usize>() > CAPACITY {
            kept.pop_front();
        }
        Ok((hash, environment))
    }

    /// Number of environments, and bytes they take.
    pub fn size(&self) -> (usize, usize) {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        (kept.len(), kept.iter().map(|(_, _, size)| size).sum())
    }
}

/// The sha256 of the sorted entries `Class NUL Module NUL sha256(interface)`.
pub fn hash(entries: &[EnvironmentEntry]) -> Hash {
    let mut sorted: Vec<&EnvironmentEntry> = entries.iter().collect();
    sorted.sort_by(|a, b| (&a.class, &a.module).cmp(&(&b.class, &b.module)));
    let mut hasher = Sha256::new();
    for entry in sorted {
        hasher.update(entry.class.as_bytes());
        hasher.update([0]);
        hasher.update(entry.module.as_bytes());
        hasher.update([0]);
        hasher.update(Sha256::digest(&entry.interface));
    }
    hasher.finalize().into()
}
