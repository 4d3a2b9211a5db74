use std::panic::{AssertUnwindSafe, catch_unwind};

use beamtalk_source::{Code, Diagnostic, Span};

/// Stack of a guarded piece of work. Recursion is bounded by the nesting limit of the scanner; this is many times what
/// the deepest allowed input takes. The pages are reserved, not used.
const STACK: usize = if cfg!(debug_assertions) {
    512 << 20
} else {
    128 << 20
};

/// Runs `work` on a stack of its own, with panics caught: neither the depth of the input nor a defect of the compiler
/// reaches the thread of the caller.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Diagnostic> {
    // Guarded work inside of guarded work shares its stack.
    stacker::maybe_grow(STACK / 2, STACK, || catch_unwind(AssertUnwindSafe(work))).map_err(
        |payload| {
            let diagnostic = internal_error(panic_text(payload.as_ref()));
            // A payload may panic when it is dropped, and nothing would catch that.
            std::mem::forget(payload);
            diagnostic
        },
    )
}

fn panic_text(payload: &(dyn std::any::Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

/// The diagnostic of a defect of the compiler.
pub fn internal_error(what: &str) -> Diagnostic {
    Diagnostic::new(
        Code::INTERNAL_ERROR,
        Span::default(),
        format!("the compiler failed: {what}"),
    )
    .with_help("this is a defect of the compiler: please report it with the source text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_diagnostic() {
        let failed = guarded(|| panic!("what {}", "happened")).err();
        assert!(
            failed.is_some_and(
                |d| d.message.contains("what happened") && d.code == Code::INTERNAL_ERROR
            )
        );
    }

    #[test]
    fn there_is_stack_for_deep_recursion_on_a_small_thread() {
        fn depth(n: u32) -> u32 {
            let frame = std::hint::black_box([n; 64]);
            if n == 0 {
                0
            } else {
                depth(n - 1) + frame[0] - n + 1
            }
        }
        let thread = std::thread::Builder::new().stack_size(128 << 10);
        let handle = thread
            .spawn(|| guarded(|| depth(100_000)).ok())
            .expect("a thread");
        assert_eq!(handle.join().ok().flatten(), Some(100_000));
    }

    #[test]
    fn a_payload_that_panics_when_dropped_is_contained() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("dropped");
            }
        }
        assert!(guarded(|| std::panic::panic_any(Bomb)).is_err());
    }
}
