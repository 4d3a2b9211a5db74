//! The scanner: it returns, and its chunks cover the text.
#![no_main]

use beamtalk_fuzz::{laws, limited};
use beamtalk_parser::{Limits, scan};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    limited(|| {
        let limits = Limits::default();
        laws::chunks_cover(text, &scan(text, limits.nesting));
        // A low limit is exceeded by inputs of ordinary size.
        laws::chunks_cover(text, &scan(text, 3));
    });
});
