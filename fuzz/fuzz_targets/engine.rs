//! The compiler: whatever the bytes, no panic, and code that is made is well formed and can be printed.
#![no_main]

use beamtalk_engine::core::{check, text};
use beamtalk_engine::source::Code;
use beamtalk_engine::{Cancel, Compiled, Engine, Options};
use beamtalk_fuzz::limited;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &[u8]| {
    limited(|| {
        // A new one for each input: what was kept of another must not matter.
        let engine = Engine::new();
        let cancel = Cancel::new();
        let session = Options {
            known_vars: vec!["x".into(), "y".into(), "list".into()],
            ..Options::default()
        };
        let in_slot = Options {
            slot: Some(1),
            file: Some("fuzz.bt".into()),
            package: Some("fuzz".into()),
            ..Options::default()
        };
        verify(&engine.compile(source, &in_slot, &cancel));
        verify(&engine.compile(source, &Options::default(), &cancel));
        verify(&engine.compile_expression(source, &session, &cancel));
    });
});

fn verify(compiled: &Compiled) {
    let panicked = compiled
        .diagnostics
        .iter()
        .find(|diagnostic| diagnostic.code == Code::INTERNAL_ERROR);
    assert!(panicked.is_none(), "{panicked:?}");
    for module in compiled.modules() {
        let wrong = check::module(module);
        let printed = text::module(module);
        assert!(wrong.is_empty(), "{wrong:?}\n{printed}");
    }
}
