//! The parser: the laws that hold for every text, and trees that are kept are the trees that would be made.
#![no_main]

use beamtalk_fuzz::{Store, edited, laws, limited};
use beamtalk_parser::{Limits, parse_file, parse_file_with};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    limited(|| {
        laws::check(text);
        let limits = Limits::default();
        let mut store = Store::default();
        let first = parse_file_with(text, &limits, &mut store);
        let again = parse_file_with(text, &limits, &mut store);
        assert_eq!(first, again, "a second parse gives the same tree");
        if let Some(edited) = edited(text) {
            let with_store = parse_file_with(&edited, &limits, &mut store);
            let fresh = parse_file(&edited, &limits);
            assert_eq!(with_store, fresh, "a kept tree is the tree of its text");
        }
    });
});
