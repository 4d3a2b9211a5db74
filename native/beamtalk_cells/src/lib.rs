//! Finds out which variables of blocks nothing refers to any more.
//!
//! A variable that blocks share is an entry of a process dictionary, under a key. The blocks hold a **handle** beside
//! the key. When the emulator collects the last reference to the handle, its destructor puts the key into the queue of
//! every **collector** that watches it; the process that owns the collector takes the keys from there when it makes its
//! next variable, and erases the entries.
//!
//! A destructor runs on whichever thread collects garbage. It sends no message and waits for nobody: the queues are the
//! lock-free channels of the standard library, and the only lock it takes guards a list that no other thread can be
//! using, because a watch needs a reference to the handle. When a process ends, its collector goes, and with it the
//! receiving side of its queue: what handles that are still held elsewhere put in after that is dropped.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the macros of rustler hand over decoded arguments by value"
)]

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{LazyLock, Mutex, PoisonError};

use rustler::{Atom, Resource, ResourceArc};

mod atoms {
    rustler::atoms! { ok }
}

/// Keys given out in one call. A call takes some microseconds at most; a caller with more to take calls again.
const BATCH: usize = 128;

/// The next key. Keys are small integers, which process dictionaries find fastest. Two nodes begin at random places in
/// a range of 2^56, so that a block which comes from another node does not meet a variable of this one.
static NEXT: LazyLock<AtomicU64> =
    LazyLock::new(|| AtomicU64::new(RandomState::new().build_hasher().finish() >> 8));

/// Where the keys of dead variables arrive.
struct Collector {
    sender: Sender<u64>,
    /// Only the owner takes from it; the lock is for the compiler.
    freed: Mutex<Receiver<u64>>,
}

#[rustler::resource_impl]
impl Resource for Collector {}

impl Collector {
    fn take(&self) -> Vec<u64> {
        let freed = self.freed.lock().unwrap_or_else(PoisonError::into_inner);
        freed.try_iter().take(BATCH).collect()
    }
}

/// What the blocks that share a variable hold.
struct Handle {
    key: u64,
    /// The process that made the variable.
    maker: Sender<u64>,
    /// Other processes that have an entry for it.
    others: Mutex<Vec<Sender<u64>>>,
}

#[rustler::resource_impl]
impl Resource for Handle {}

impl Drop for Handle {
    fn drop(&mut self) {
        let others = self
            .others
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        for process in others.iter().chain([&self.maker]) {
            // An error means that the process has ended.
            let _ = process.send(self.key);
        }
    }
}

/// `collector() -> Collector`: for a process that is going to make variables.
#[rustler::nif]
fn collector() -> ResourceArc<Collector> {
    let (sender, receiver) = channel();
    ResourceArc::new(Collector {
        sender,
        freed: Mutex::new(receiver),
    })
}

/// `make(Collector) -> {Key, Handle, Freed}`: a key for a new variable, and keys of dead ones.
#[rustler::nif]
fn make(collector: ResourceArc<Collector>) -> (u64, ResourceArc<Handle>, Vec<u64>) {
    let key = NEXT.fetch_add(1, Ordering::Relaxed);
    let handle = ResourceArc::new(Handle {
        key,
        maker: collector.sender.clone(),
        others: Mutex::default(),
    });
    (key, handle, collector.take())
}

/// `freed(Collector) -> Freed`: keys of dead variables, not necessarily all.
#[rustler::nif]
fn freed(collector: ResourceArc<Collector>) -> Vec<u64> {
    collector.take()
}

/// `watch(Handle, Collector) -> ok`: another process has made an entry for the variable.
#[rustler::nif]
fn watch(handle: ResourceArc<Handle>, collector: ResourceArc<Collector>) -> Atom {
    let mut others = handle.others.lock().unwrap_or_else(PoisonError::into_inner);
    others.push(collector.sender.clone());
    atoms::ok()
}

rustler::init!("beamtalk_cells");
