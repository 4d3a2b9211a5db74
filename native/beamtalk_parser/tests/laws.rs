//! What holds for every text: checked on all fixtures, on what is left of them when something is taken away, and on
//! arbitrary text.

mod support;

use std::collections::HashMap;
use std::sync::Arc;

use beamtalk_parser::{
    ChunkKind, ChunkStore, Limits, ParsedChunk, parse_expression, parse_file, parse_file_with,
};
use proptest::prelude::*;
use support::laws::{check, mends_mend};
use support::{fixtures, on_big_stack};

#[test]
fn fixtures_obey_the_laws() {
    on_big_stack(|| fixtures().iter().for_each(|(_, text)| check(text)));
}

#[test]
fn mends_of_fixtures_mend() {
    on_big_stack(|| {
        for (_, text) in fixtures() {
            let parsed = parse_file(&text, &Limits::default());
            mends_mend(&text, &parsed.diagnostics, usize::MAX);
        }
    });
}

#[test]
fn every_prefix_and_suffix_is_parsed() {
    on_big_stack(|| {
        for (_, text) in fixtures() {
            for (at, _) in text.char_indices().step_by(7) {
                check(&text[..at]);
                check(&text[at..]);
            }
        }
    });
}

#[test]
fn line_ends_do_not_matter() {
    on_big_stack(|| {
        for (path, text) in fixtures() {
            let plain = parse_file(&text, &Limits::default());
            let windows = parse_file(&text.replace('\n', "\r\n"), &Limits::default());
            let codes = |diagnostics: &[beamtalk_source::Diagnostic]| {
                diagnostics
                    .iter()
                    .map(|diagnostic| diagnostic.code)
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                codes(&plain.diagnostics),
                codes(&windows.diagnostics),
                "{}",
                path.display()
            );
        }
    });
}

/// Words of a text, each with the range it stands in.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, character) in text.char_indices() {
        let is_word = character.is_ascii_alphanumeric() || character == '_';
        match (is_word, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(from..at);
                start = None;
                if !character.is_whitespace() {
                    words.push(at..at + character.len_utf8());
                }
            }
            (false, None) if !character.is_whitespace() => {
                words.push(at..at + character.len_utf8());
            }
            _ => {}
        }
    }
    words
}

const CLASS: &str = "Object subclass: A\n  field: a = #(1, 2)\n\n  /// One.\n  one => self foo: (1 + 2) bar: [:x | x]\n  \
two: x :: Integer -> String => \"a {x} b\"\n  three => #{#a => 1}. {b, c} := d\n  class four => x match: [1 -> 2; _ -> 3]\n";

#[test]
fn deleting_a_token_leaves_other_members_alone() {
    on_big_stack(|| {
        let whole = members(CLASS);
        let first_member = CLASS.find("field:").expect("a member");
        for word in words(CLASS)
            .into_iter()
            .filter(|word| word.start >= first_member)
        {
            let text = format!("{}{}", &CLASS[..word.start], &CLASS[word.end..]);
            let left = members(&text);
            let line = CLASS[..word.start].matches('\n').count();
            let same = whole.iter().filter(|member| left.contains(member)).count();
            // The member that lost a token, and at most the one it was merged with.
            assert!(
                same + 2 >= whole.len(),
                "line {line}, without {:?}: {same} of {}",
                &CLASS[word],
                whole.len()
            );
        }
    });
}

fn members(text: &str) -> Vec<Arc<beamtalk_ast::Member>> {
    let parsed = parse_file(text, &Limits::default());
    let all = parsed.file.items.into_iter().filter_map(|item| match item {
        beamtalk_ast::Item::Class(class) => Some(class.members),
        _ => None,
    });
    all.flatten().map(|member| member.node).collect()
}

#[test]
fn independent_mistakes_give_one_diagnostic_each() {
    let mistakes = [
        "1 +",
        "(1",
        "#(1, 2",
        "[:x x]",
        "x foo: ",
        "\"a {b",
        "x )",
        "a = 3",
        "#{a: 1}",
        "'x'",
        "1__0",
        "^ ^ 3",
        "x match: [1 2]",
        "\"abc",
    ];
    on_big_stack(move || {
        for first in mistakes {
            for second in mistakes {
                let text = format!(
                    "Object subclass: A\n  one => {first}\n  ok => 1\n  two => {second}\n  last: x => x\n"
                );
                let parsed = parse_file(&text, &Limits::default());
                let found: Vec<_> = parsed
                    .diagnostics
                    .iter()
                    .map(|diagnostic| &diagnostic.message)
                    .collect();
                assert_eq!(found.len(), 2, "{text}{found:?}");
                assert_eq!(members(&text).len(), 4, "{text}");
            }
        }
    });
}

/// Counts how often a chunk has to be parsed.
#[derive(Default)]
struct Store {
    chunks: HashMap<(ChunkKind, String), Arc<ParsedChunk>>,
    parsed: usize,
}

impl ChunkStore for Store {
    fn get(&mut self, kind: ChunkKind, text: &str) -> Option<Arc<ParsedChunk>> {
        self.chunks.get(&(kind, text.to_owned())).cloned()
    }

    fn put(&mut self, kind: ChunkKind, text: &str, chunk: &Arc<ParsedChunk>) {
        self.parsed += 1;
        self.chunks
            .insert((kind, text.to_owned()), Arc::clone(chunk));
    }
}

#[test]
fn an_edit_parses_one_chunk() {
    on_big_stack(|| {
        let mut store = Store::default();
        let limits = Limits::default();
        let first = parse_file_with(CLASS, &limits, &mut store);
        assert_eq!(first, parse_file(CLASS, &limits));
        assert_eq!(store.parsed, 6);
        let edited = CLASS
            .replace("1 + 2", "1 + 3")
            .replace("Object subclass", "// moved\n\nObject subclass");
        let second = parse_file_with(&edited, &limits, &mut store);
        assert_eq!(second, parse_file(&edited, &limits));
        assert_eq!(store.parsed, 7);
    });
}

#[test]
fn stored_chunks_give_the_same_outcome() {
    on_big_stack(|| {
        let mut store = Store::default();
        for (path, text) in fixtures() {
            let limits = Limits::default();
            parse_file_with(&text, &limits, &mut store);
            assert_eq!(
                parse_file_with(&text, &limits, &mut store),
                parse_file(&text, &limits),
                "{}",
                path.display()
            );
            assert_eq!(parse_expression(&text, &limits), parse_file(&text, &limits));
        }
    });
}

fn token() -> impl Strategy<Value = String> {
    let words = [
        "x",
        "foo",
        "Point",
        "self",
        "super",
        "nil",
        "class",
        "sealed",
        "at:",
        "put:",
        "when:",
        "match:",
        "state:",
        "field:",
        "subclass:",
        "Object subclass: A",
        "Protocol define: P",
        "type T =",
        "=>",
        "->",
        ":=",
        "::",
        ":",
        ".",
        "...",
        ";",
        "^",
        "!",
        "|",
        "@",
        "@expect",
        "@primitive",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "#(",
        "#[",
        "#{",
        "\"",
        "\"a\"",
        "\"{",
        "}\"",
        "'",
        "#",
        "#a",
        "#'",
        "$",
        "$a",
        "1",
        "-1",
        "1.5",
        "16rFF",
        "1e",
        "+",
        "-",
        "*",
        "**",
        "=",
        "==",
        "<<",
        ">>",
        ",",
        "\\",
        "&",
        "//",
        "///",
        "/*",
        "*/",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        " ",
        " ",
        "é",
        "\u{0}",
        "foo =>",
        "at: x =>",
        "A >> foo =>",
        "A(",
        "\r\n",
        "\t",
    ];
    prop::sample::select(words.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_bytes_are_parsed(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_tokens_are_parsed(tokens in prop::collection::vec(token(), 0..60)) {
        check(&tokens.join(" "));
        check(&tokens.concat());
    }

    #[test]
    fn any_tokens_in_a_method_are_parsed(tokens in prop::collection::vec(token(), 0..40)) {
        check(&format!("Object subclass: A\n  foo => {}\n  bar => 1\n", tokens.join(" ")));
    }
}
