//! Every fixture against its recorded layout: `BEAMTALK_UPDATE=1 cargo test -p beamtalk_format` records anew.

mod support;

use std::path::Path;

use beamtalk_format::format;
use beamtalk_parser::Limits;
use support::laws::obeys;
use support::{on_big_stack, sources};

#[test]
fn fixtures_have_their_recorded_layout() {
    on_big_stack(|| {
        let update = std::env::var_os("BEAMTALK_UPDATE").is_some();
        let mut differing = Vec::new();
        for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")) {
            obeys(&text);
            let formatted = format(&text, &Limits::default()).expect("a fixture without errors");
            let record = path.with_extension("txt");
            if update {
                std::fs::write(&record, &formatted).expect("a writable directory");
            } else if std::fs::read_to_string(&record).unwrap_or_default() != formatted {
                differing.push(format!("{}\n{formatted}", path.display()));
            }
        }
        assert!(
            differing.is_empty(),
            "layouts differ:\n\n{}",
            differing.join("\n")
        );
    });
}
