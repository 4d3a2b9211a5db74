//! Reader, workers, writer.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use beamtalk_compiler::{
    BadRequest, Cancel, Engine, MAX_REQUEST_BYTES, Request, Term, TermSink, bad_request, handle,
    overloaded,
};

use crate::decode;
use crate::frame::{self, Frame};
use crate::sink::{EtfSink, Handle};

/// Requests that wait for a worker; the node sends far fewer.
const QUEUE: usize = 256;

/// Requests that are worked on at a time: two let a short one pass a long one, more than four only compete for memory.
fn workers() -> usize {
    thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 4))
}

/// A request on its way.
struct Job {
    id: i64,
    request: Request<'static>,
    cancel: Cancel,
}

/// What all threads share.
struct Shared {
    engine: Engine,
    cancels: Mutex<HashMap<i64, Cancel>>,
}

impl Shared {
    fn cancels(&self) -> MutexGuard<'_, HashMap<i64, Cancel>> {
        self.cancels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers frames until the end of input. Work that is not done by then is abandoned: nobody waits for it.
pub(crate) fn serve(mut input: impl Read, output: impl Write + Send + 'static) -> io::Result<()> {
    let shared = Arc::new(Shared {
        engine: Engine::new(),
        cancels: Mutex::default(),
    });
    let (replies, written) = channel();
    thread::Builder::new()
        .name("writer".into())
        .spawn(move || write_replies(output, &written))?;
    let (jobs, queue) = sync_channel(QUEUE);
    let queue = Arc::new(Mutex::new(queue));
    for number in 0..workers() {
        let worker = Worker {
            shared: shared.clone(),
            queue: queue.clone(),
            replies: replies.clone(),
        };
        thread::Builder::new()
            .name(format!("worker {number}"))
            .spawn(move || worker.run())?;
    }
    let reader = Reader {
        shared,
        jobs,
        replies,
    };
    while let Some(frame) = frame::read(&mut input, MAX_REQUEST_BYTES)? {
        reader.receive(frame);
    }
    Ok(())
}

fn write_replies(mut output: impl Write, replies: &Receiver<Vec<u8>>) {
    for reply in replies {
        if let Err(error) = frame::write(&mut output, &reply) {
            // The node is gone, or reads no more: without it there is nothing to do.
            eprintln!("beamtalk_port: cannot write a reply: {error}");
            std::process::exit(1);
        }
    }
}

/// `{Id, Reply}` as bytes.
fn reply(id: i64, build: impl FnOnce(&mut EtfSink) -> Handle) -> Vec<u8> {
    let mut sink = EtfSink::new();
    let pair = [sink.integer(id), build(&mut sink)];
    let root = sink.tuple(&pair);
    sink.encode(root)
}

struct Reader {
    shared: Arc<Shared>,
    jobs: SyncSender<Job>,
    replies: Sender<Vec<u8>>,
}

impl Reader {
    fn receive(&self, frame: Frame) {
        match frame {
            Frame::Whole(bytes) => match decode::term(&bytes) {
                Ok(term) => self.dispatch(term),
                Err(error) => {
                    self.refuse(decode::peek_id(&bytes), &BadRequest::new(error.to_string()));
                }
            },
            Frame::TooLarge { head, length } => {
                let error = format!(
                    "a request of {length} bytes is larger than the limit of {MAX_REQUEST_BYTES}"
                );
                self.refuse(decode::peek_id(&head), &BadRequest::new(error));
            }
        }
    }

    fn dispatch(&self, term: Term<'static>) {
        match term {
            Term::Tuple(fields) => match fields.as_slice() {
                [Term::Atom(name), Term::Integer(id)] if name == "cancel" => self.cancel(*id),
                [Term::Integer(id), request] => self.request(*id, request),
                _ => self.refuse(
                    None,
                    &BadRequest::new("a frame is {Id, Request} or {cancel, Id}"),
                ),
            },
            _ => self.refuse(
                None,
                &BadRequest::new("a frame is {Id, Request} or {cancel, Id}"),
            ),
        }
    }

    fn cancel(&self, id: i64) {
        if let Some(cancel) = self.shared.cancels().get(&id) {
            cancel.cancel();
        }
    }

    fn request(&self, id: i64, request: &Term<'static>) {
        let request = match Request::decode(request) {
            Ok(request) => request,
            Err(error) => return self.refuse(Some(id), &error),
        };
        let cancel = match request.time_limit {
            Some(limit) => Cancel::new().with_deadline(Instant::now() + limit),
            None => Cancel::new(),
        };
        self.shared.cancels().insert(id, cancel.clone());
        if self
            .jobs
            .try_send(Job {
                id,
                request,
                cancel,
            })
            .is_err()
        {
            self.shared.cancels().remove(&id);
            self.send(reply(id, overloaded));
        }
    }

    /// Without an id nobody can be told but the log.
    fn refuse(&self, id: Option<i64>, error: &BadRequest) {
        match id {
            Some(id) => self.send(reply(id, |sink| bad_request(sink, error))),
            None => eprintln!(
                "beamtalk_port: a frame without an id was dropped: {}",
                error.message()
            ),
        }
    }

    fn send(&self, reply: Vec<u8>) {
        // The writer ends only with the process.
        let _ = self.replies.send(reply);
    }
}

struct Worker {
    shared: Arc<Shared>,
    queue: Arc<Mutex<Receiver<Job>>>,
    replies: Sender<Vec<u8>>,
}

impl Worker {
    fn run(&self) {
        while let Some(job) = self.next() {
            let id = job.id;
            // `handle` contains panics of the compiler; this contains those of writing the reply.
            let bytes = catch_unwind(AssertUnwindSafe(|| self.answer(&job)))
                .unwrap_or_else(|_| reply(id, overloaded));
            self.shared.cancels().remove(&id);
            if self.replies.send(bytes).is_err() {
                return;
            }
        }
    }

    fn next(&self) -> Option<Job> {
        self.queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv()
            .ok()
    }

    fn answer(&self, job: &Job) -> Vec<u8> {
        reply(job.id, |sink| {
            handle(&self.shared.engine, &job.request, &job.cancel, sink)
        })
    }
}

#[cfg(all(test, unix))]
#[path = "server_tests.rs"]
mod tests;
