//! What holds for every text: checked on all sources of the repository and on programs at random.

mod support;

use std::path::Path;

use beamtalk_parser::{ChunkKind, Limits, scan};
use beamtalk_testgen::{class, expression, program};
use proptest::prelude::*;
use support::laws::obeys;
use support::{on_big_stack, sources};

#[test]
fn sources_of_the_repository_obey_the_laws() {
    on_big_stack(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let directories = [
            "native/beamtalk_parser/tests/fixtures",
            "native/beamtalk_format/tests/fixtures",
            "examples",
            "apps/beamtalk_stdlib/lib",
            "test/corpus",
        ];
        let mut count = 0;
        for (path, text) in directories
            .iter()
            .flat_map(|name| sources(&root.join(name)))
        {
            println!("{}", path.display());
            obeys(&text);
            obeys(&text.replace('\n', "\r\n"));
            count += 1;
        }
        assert!(count > 50, "only {count} sources");
    });
}

/// Files with mistakes are refused, so each of their chunks is tried alone.
#[test]
fn chunks_of_the_parsers_fixtures_obey_the_laws() {
    on_big_stack(|| {
        let fixtures =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../beamtalk_parser/tests/fixtures");
        for (_, text) in sources(&fixtures) {
            for chunk in scan(&text, Limits::default().nesting).chunks {
                let alone = chunk.range.text(&text);
                let is_member = matches!(chunk.kind, ChunkKind::Field | ChunkKind::Method);
                let header = if is_member { "Object subclass: A" } else { "" };
                obeys(&format!("{header}\n{alone}"));
                obeys(&format!(
                    "{header}\n{alone} // behind\n    // below\n\n// after\nx\n"
                ));
            }
        }
    });
}

/// A program at random must be free of errors: otherwise the generator is wrong, or the parser.
fn valid_and_obeys(text: String) {
    on_big_stack(move || {
        let parsed = beamtalk_parser::parse_file(&text, &Limits::default());
        let error = parsed
            .diagnostics
            .iter()
            .find(|diagnostic| diagnostic.is_error());
        assert!(error.is_none(), "{error:#?}\n{text}");
        obeys(&text);
    });
}

proptest! {
    #[test]
    fn programs_obey_the_laws(text in program()) {
        valid_and_obeys(text);
    }

    #[test]
    fn classes_obey_the_laws(text in class()) {
        valid_and_obeys(text);
    }

    #[test]
    fn expressions_obey_the_laws(text in expression()) {
        valid_and_obeys(text);
    }
}
