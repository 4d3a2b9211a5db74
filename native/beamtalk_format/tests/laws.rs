//! What holds for every text: checked on all sources of the repository and on programs at random.

mod support;

use std::path::Path;

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
        for (path, text) in directories.iter().flat_map(|name| sources(&root.join(name))) {
            println!("{}", path.display());
            obeys(&text);
            count += 1;
        }
        assert!(count > 50, "only {count} sources");
    });
}
