//! The formatter: its outcome is its own outcome, with the tree and the comments of the text.
#![no_main]

use beamtalk_format::format;
use beamtalk_fuzz::{formatting, limited, on_big_stack};
use beamtalk_parser::Limits;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // Comparing trees takes longer than making them.
    if limited(|| format(text, &Limits::default())).is_ok() {
        on_big_stack(|| formatting::laws::obeys(text));
    }
});
