//! The compiler: whatever the bytes, no panic, and code that is made is well formed and can be printed.
#![no_main]

use beamtalk_engine::core::{check, text};
use beamtalk_engine::source::Code;
use beamtalk_engine::{Cancel, Compiled, Engine, Options, Package, Patch, Placement};
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
            placement: Placement {
                slot: Some(1),
                ..Placement::default()
            },
            file: Some("fuzz.bt".into()),
            package: Some(Package {
                name: "fuzz".into(),
                is_typed: true,
                dependencies: Some(Vec::new()),
            }),
            carries_text: true,
            ..Options::default()
        };
        verify(&engine.compile(source, &in_slot, &cancel));
        verify(&engine.compile(source, &Options::default(), &cancel));
        verify(&engine.compile_expression(source, &session, &cancel));
        // The text as a class and as a patch of itself.
        let patch = Patch {
            text: source.to_vec(),
            removed: vec!["m a".into()],
        };
        verify(&engine.patch(source, &patch, &in_slot, &cancel));
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
