//! Every fixture against its recorded outcome: `BEAMTALK_UPDATE=1 cargo test -p beamtalk_parser` records anew.

mod support;

use beamtalk_parser::{Limits, parse_file};
use support::{dump, fixtures, on_big_stack};

#[test]
fn fixtures_have_their_recorded_outcome() {
    on_big_stack(|| {
        let update = std::env::var_os("BEAMTALK_UPDATE").is_some();
        let mut differing = Vec::new();
        for (path, text) in fixtures() {
            let parsed = parse_file(&text, &Limits::default());
            let outcome = dump::outcome(&text, &parsed.file, &parsed.diagnostics);
            let record = path.with_extension("txt");
            if update {
                std::fs::write(&record, &outcome).expect("a writable directory");
            } else if std::fs::read_to_string(&record).unwrap_or_default() != outcome {
                differing.push(format!("{}\n{outcome}", path.display()));
            }
        }
        assert!(
            differing.is_empty(),
            "outcomes differ:\n\n{}",
            differing.join("\n")
        );
    });
}
