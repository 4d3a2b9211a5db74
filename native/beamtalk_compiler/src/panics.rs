//! What the last panic said and where it happened. The guard of the engine turns a panic into a diagnostic; message and
//! location are for the operator.

use std::panic::{PanicHookInfo, set_hook};
use std::sync::{Mutex, PoisonError};

static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Records every panic from now on, and hands it to `log`. For the leaves, once, when they start.
pub fn record(log: fn(&str)) {
    set_hook(Box::new(move |info| {
        let panic = describe(info);
        log(&panic);
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
    }));
}

/// The last panic since [`record`], as `message at file:line:column`.
pub fn last() -> Option<String> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("a panic without a message");
    match info.location() {
        Some(location) => format!("{message} at {location}"),
        None => message.to_owned(),
    }
}
