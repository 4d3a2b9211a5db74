//! The programs of `test/rows` and `docs/errors`, with what is found in them.

use std::collections::BTreeMap;

use super::{files, project, read};

/// A named program with what should be found in it.
pub struct Case {
    /// Unique in its file.
    pub name: String,
    /// Its text, in the notation of the parent module.
    pub program: String,
    /// A listing of what is found in it.
    pub expected: String,
}

/// After `--`: the program does not end with a line break.
pub const OPEN_END: &str = " without line break";

/// The cases of a file, in its order.
pub fn cases(text: &str) -> Vec<Case> {
    let blocks = text
        .strip_prefix("== ")
        .expect("a first case")
        .split("\n== ");
    blocks
        .map(|block| {
            let (name, rest) = block.split_once('\n').expect("a name");
            let (program, expected) = rest.split_once("\n--").expect("a line `--`");
            let (end, expected) = expected.split_once('\n').expect("a line break after `--`");
            let line_break = if end == OPEN_END { "" } else { "\n" };
            Case {
                name: name.into(),
                program: format!("{program}{line_break}"),
                expected: expected.trim().into(),
            }
        })
        .collect()
}

/// All cases, by `file#case`.
pub fn all_cases() -> BTreeMap<String, Case> {
    let mut all = BTreeMap::new();
    for path in files(&project("test/rows"), "txt") {
        let file = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        for case in cases(&read(&path)) {
            let id = format!("{file}#{}", case.name);
            assert!(
                all.insert(id.clone(), case).is_none(),
                "{id} is there twice"
            );
        }
    }
    all
}

/// The example of a page that gives the code (`bad`), or does not (`good`).
pub fn example<'p>(page: &'p str, sort: &str) -> Option<&'p str> {
    let (_, rest) = page.split_once(&format!("```beamtalk {sort}\n"))?;
    rest.split_once("```").map(|(program, _)| program)
}
