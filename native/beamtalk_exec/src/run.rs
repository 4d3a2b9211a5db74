//! Runs the program.
//!
//! One thread for each pipe and one that waits for the end; the main thread reads requests. Whatever is slow (a program
//! that reads no input, an emulator that wants no output) holds up its own thread only, so that a kill is heard at once.

use std::ffi::OsString;
use std::io::{self, Read, Stdout, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::frame::{self, Event, Output, Program, Request};

/// The most that is read from a program at once.
const PIECE: usize = 64 << 10;

/// How long a program has between the request to end and the end.
const GRACE: Duration = Duration::from_millis(500);

/// Serves the emulator until it closes its side.
pub fn serve() -> ExitCode {
    let mut requests = io::stdin().lock();
    let events = Events::default();
    let program = match frame::read(&mut requests) {
        Ok(Some(Request::Start(program))) => program,
        Ok(None) => return ExitCode::SUCCESS,
        Ok(Some(_)) | Err(_) => return ExitCode::FAILURE,
    };
    match start(program) {
        Ok(child) => Running::new(child, &events).serve(&mut requests),
        Err(error) => {
            events.send(&Event::Failed(error.raw_os_error().unwrap_or(0)));
            // The emulator closes the port when it has the event.
            while matches!(frame::read(&mut requests), Ok(Some(_))) {}
        }
    }
    ExitCode::SUCCESS
}

fn start(program: Program) -> io::Result<Child> {
    let mut words = program.command.into_iter().map(OsString::from_vec);
    let name = words
        .next()
        .ok_or_else(|| io::Error::from_raw_os_error(22))?;
    let mut command = Command::new(name);
    command
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A group of its own: what it starts is in it too, and ends with it.
        .process_group(0);
    for (name, value) in program.environment {
        command.env(OsString::from_vec(name), OsString::from_vec(value));
    }
    if !program.directory.is_empty() {
        command.current_dir(OsString::from_vec(program.directory));
    }
    command.spawn()
}

/// Events for the emulator, one at a time. When nobody listens any more, the program is about to be ended anyway.
#[derive(Clone)]
struct Events(Arc<Mutex<Stdout>>);

impl Default for Events {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(io::stdout())))
    }
}

impl Events {
    fn send(&self, event: &Event) {
        let _ = frame::write(&mut *locked(&self.0), event);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many bytes may be read.
#[derive(Default)]
struct Credit {
    bytes: Mutex<u64>,
    more: Condvar,
}

impl Credit {
    fn add(&self, bytes: u32) {
        *locked(&self.bytes) += u64::from(bytes);
        self.more.notify_one();
    }

    /// Waits until something may be read; the most that may be read at once.
    fn take(&self) -> usize {
        let mut bytes = locked(&self.bytes);
        while *bytes == 0 {
            bytes = self
                .more
                .wait(bytes)
                .unwrap_or_else(PoisonError::into_inner);
        }
        usize::try_from(*bytes).unwrap_or(PIECE).min(PIECE)
    }

    fn spend(&self, bytes: usize) {
        let mut left = locked(&self.bytes);
        *left = left.saturating_sub(bytes as u64);
    }
}

/// What of a program is not over yet. The program stays unreaped until everything is, so that the number of its group
/// cannot become another's.
struct Open {
    parts: Mutex<Parts>,
    changed: Condvar,
}

struct Parts {
    pipes: u8,
    runs: bool,
    child: Option<Child>,
}

impl Open {
    fn change(&self, change: impl FnOnce(&mut Parts)) {
        let mut parts = locked(&self.parts);
        change(&mut parts);
        if parts.pipes == 0 && !parts.runs {
            reap(&mut parts);
        }
        self.changed.notify_all();
    }

    /// Signals the group, if there is one.
    fn signal(&self, group: Pid, signal: Signal) {
        if locked(&self.parts).child.is_some() {
            let _ = kill_process_group(group, signal);
        }
    }

    /// Asks the program and what it has started to end, and ends them a little later.
    fn end(&self, group: Pid) {
        self.signal(group, Signal::TERM);
        self.wait(|parts| parts.child.is_some());
        self.signal(group, Signal::KILL);
        // Whoever waits for the end of the program must see it before it is reaped.
        self.wait(|parts| parts.runs);
        reap(&mut locked(&self.parts));
    }

    /// Waits as long as a condition holds, but not for ever.
    fn wait(&self, condition: impl Fn(&Parts) -> bool) {
        let deadline = Instant::now() + GRACE;
        let mut parts = locked(&self.parts);
        while condition(&parts) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            parts = self
                .changed
                .wait_timeout(parts, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

/// A program that even the kill has not ended is left to the system.
fn reap(parts: &mut Parts) {
    if let Some(mut child) = parts.child.take() {
        let _ = child.try_wait();
    }
}

struct Running {
    group: Option<Pid>,
    open: Arc<Open>,
    credits: [Arc<Credit>; 2],
    input: Option<Sender<Vec<u8>>>,
}

impl Running {
    fn new(mut child: Child, events: &Events) -> Self {
        let number = child.id();
        let group = i32::try_from(number).ok().and_then(Pid::from_raw);
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let open = Arc::new(Open {
            parts: Mutex::new(Parts {
                pipes: 2,
                runs: true,
                child: Some(child),
            }),
            changed: Condvar::new(),
        });
        events.send(&Event::Started(number));
        let credits = [Arc::new(Credit::default()), Arc::new(Credit::default())];
        forward(pipes.1, Output::Out, &credits[0], &open, events);
        forward(pipes.2, Output::Err, &credits[1], &open, events);
        await_end(group, &open, events);
        let (input, pieces) = mpsc::channel();
        feed(pipes.0, pieces, events);
        Self {
            group,
            open,
            credits,
            input: Some(input),
        }
    }

    fn serve(mut self, requests: &mut impl Read) {
        while let Ok(Some(request)) = frame::read(requests) {
            match request {
                Request::Input(bytes) => {
                    if let Some(input) = &self.input {
                        let _ = input.send(bytes);
                    }
                }
                Request::CloseInput => self.input = None,
                Request::Credit(Output::Out, bytes) => self.credits[0].add(bytes),
                Request::Credit(Output::Err, bytes) => self.credits[1].add(bytes),
                Request::Kill => self.end(),
                Request::Start(_) => {}
            }
        }
        self.end();
    }

    fn end(&self) {
        if let Some(group) = self.group {
            self.open.end(group);
        }
    }
}

/// Sends what a pipe has, as far as there is credit, and its end.
fn forward(
    pipe: Option<impl Read + Send + 'static>,
    output: Output,
    credit: &Arc<Credit>,
    open: &Arc<Open>,
    events: &Events,
) {
    let (credit, open, events) = (Arc::clone(credit), Arc::clone(open), events.clone());
    thread::spawn(move || {
        let mut buffer = vec![0; PIECE];
        if let Some(mut pipe) = pipe {
            loop {
                let size = credit.take();
                match pipe.read(&mut buffer[..size]) {
                    Ok(0) => break,
                    Ok(count) => {
                        credit.spend(count);
                        events.send(&Event::Output(output, &buffer[..count]));
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
        }
        open.change(|parts| parts.pipes -= 1);
        events.send(&Event::Output(output, &[]));
    });
}

/// Writes pieces until there are no more, or nobody reads them. Then the pipe is closed.
fn feed(pipe: Option<impl Write + Send + 'static>, pieces: Receiver<Vec<u8>>, events: &Events) {
    let events = events.clone();
    thread::spawn(move || {
        let Some(mut pipe) = pipe else { return };
        for piece in pieces {
            if pipe.write_all(&piece).is_err() {
                events.send(&Event::InputClosed);
                return;
            }
            events.send(&Event::Written(piece.len() as u32));
        }
    });
}

/// Tells the end of the program without reaping it.
fn await_end(group: Option<Pid>, open: &Arc<Open>, events: &Events) {
    let (open, events) = (Arc::clone(open), events.clone());
    let Some(pid) = group else { return };
    thread::spawn(move || {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let status = loop {
            match waitid(WaitId::Pid(pid), options) {
                Ok(Some(status)) => break Some(status),
                Ok(None) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => break None,
            }
        };
        let code = status.map_or(-1, |status| match status.exit_status() {
            Some(code) => code,
            None => 128 + status.terminating_signal().unwrap_or(0),
        });
        events.send(&Event::Ended(code));
        open.change(|parts| parts.runs = false);
    });
}
