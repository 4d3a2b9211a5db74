//! The compiler as a library of the emulator. A table of contents: what is answered is decided in `beamtalk_compiler`.
//!
//! A request runs as a **job**: a resource that watches the process which made it, so that the work of a process that
//! was killed stops, and that any process may cancel. Everything that reads source text runs on a dirty CPU scheduler,
//! on a stack of its own.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the macros of rustler hand over decoded arguments by value"
)]

mod decode;
mod sink;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use beamtalk_compiler::{Cancel, Engine, MAX_REQUEST_BYTES, answer, panics};
use rustler::{Atom, Env, LocalPid, Monitor, Resource, ResourceArc, Term};

use crate::sink::EnifSink;

/// One engine for the node: its caches are shared by all callers.
static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::new);

mod atoms {
    rustler::atoms! { ok }
}

/// What one request does, seen from outside.
struct Job {
    cancel: Cancel,
    running: AtomicBool,
}

#[rustler::resource_impl]
impl Resource for Job {
    const IMPLEMENTS_DOWN: bool = true;

    fn down<'a>(&'a self, _env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        self.cancel.cancel();
    }
}

/// Marks a job as running, however its work ends.
struct Running<'j>(&'j AtomicBool);

impl<'j> Running<'j> {
    fn new(flag: &'j AtomicBool) -> Self {
        flag.store(true, Ordering::Release);
        Self(flag)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// `job_new(TimeLimit) -> Job`: a job of the calling process, which has `TimeLimit` milliseconds from now.
#[rustler::nif]
fn job_new(env: Env<'_>, time_limit: u32) -> ResourceArc<Job> {
    let deadline = Instant::now() + Duration::from_millis(u64::from(time_limit));
    let job = Job {
        cancel: Cancel::new().with_deadline(deadline),
        running: AtomicBool::new(false),
    };
    let job = ResourceArc::new(job);
    // No monitor means that the process is exiting: nobody waits for the answer.
    if env.monitor(&job, &env.pid()).is_none() {
        job.cancel.cancel();
    }
    job
}

/// `call(Job, Request) -> Reply`.
#[rustler::nif(schedule = "DirtyCpu")]
fn call<'a>(env: Env<'a>, job: ResourceArc<Job>, request: Term<'a>) -> Term<'a> {
    let _running = Running::new(&job.running);
    let mut sink = EnifSink::new(env);
    let request = decode::term(request, MAX_REQUEST_BYTES);
    answer(&ENGINE, &request, &job.cancel, &mut sink)
}

/// `cancel(Job) -> ok`.
#[rustler::nif]
fn cancel(job: ResourceArc<Job>) -> Atom {
    job.cancel.cancel();
    atoms::ok()
}

/// `running(Job) -> boolean()`: whether the job holds a dirty scheduler now.
#[rustler::nif]
fn running(job: ResourceArc<Job>) -> bool {
    job.running.load(Ordering::Acquire)
}

/// `info() -> {Version, NifVersion, Target}`: what was built, as strings.
#[rustler::nif]
fn info() -> (&'static str, &'static str, &'static str) {
    (env!("CARGO_PKG_VERSION"), "2.15", env!("BEAMTALK_TARGET"))
}

fn load(_env: Env<'_>, _info: Term<'_>) -> bool {
    // The log of the node says it, by way of the reply.
    panics::record(|_| ());
    true
}

rustler::init!("beamtalk_compiler_nif", load = load);
