//! A class typed one character at a time: whatever is half written, what was finished before stays in the tree.

use std::collections::HashMap;
use std::sync::Arc;

use beamtalk_ast::{File, Item, Member, Placed};
use beamtalk_engine::source::Code;
use beamtalk_engine::{Cancel, Engine, Options};
use beamtalk_parser::{ChunkKind, ChunkStore, Limits, ParsedChunk, parse_file_with};

/// Members of all kinds; `@` stands for a number.
const MEMBERS: &str = r#"
  field: total@ :: Integer = 0

  /// Adds up, and says so.
  add@: amount :: Integer -> Integer =>
    amount <= 0 ifTrue: [^self error: "no {amount} \{please\} {self.total@ * 2}"]
    self.total@ > 10 % 3
      ifTrue: ["large"]
      ifFalse: ["small"]
    self.total@

  // Not documentation.
  each@: items do: aBlock =>
    sum := 0
    items do: [:each :: Integer | sum := sum + (aBlock value: each)]; size; yourself
    #{#sum => sum, "key" => #[1, 2.5, 16rFF], $a => #(1, 2 | items)}

  class kind@: x => x match: [
    {#ok, value} when: [value > 1] -> value;
    #[first, ...rest] -> first negated;
    "a ""quoted"" text" -> nil;
    _ -> #at:put:
  ]

  sealed equals@: other@ => self.total@ =:= other@ total and: [other@ notNil]
  /* between
     members */
  last@ => ^[:a :b | a ** b - 1] value: 2 value: -3
"#;

const COPIES: usize = 11;

fn class() -> String {
    let mut text = "/// Typed by hand.\nObject subclass: Typed\n".to_owned();
    for number in 0..COPIES {
        text.push_str(&MEMBERS.replace('@', &number.to_string()));
    }
    text
}

#[derive(Default)]
struct Store(HashMap<(ChunkKind, String), Arc<ParsedChunk>>);

impl ChunkStore for Store {
    fn get(&mut self, kind: ChunkKind, text: &str) -> Option<Arc<ParsedChunk>> {
        self.0.get(&(kind, text.to_owned())).cloned()
    }

    fn put(&mut self, kind: ChunkKind, text: &str, chunk: &Arc<ParsedChunk>) {
        self.0.insert((kind, text.to_owned()), Arc::clone(chunk));
    }
}

fn members(file: &File) -> &[Placed<Member>] {
    file.items
        .iter()
        .find_map(|item| match item {
            Item::Class(class) => Some(class.members.as_slice()),
            _ => None,
        })
        .unwrap_or_default()
}

/// Where the header of a member ends: behind its `=>`, or behind the name of a field.
fn header_end(member: &Placed<Member>, text: &str) -> usize {
    let end = match &*member.node {
        Member::Field(field) => field.name.span.shift(member.base).end as usize,
        Member::Method(method) => method.signature.span.shift(member.base).end as usize,
        Member::Error(node) => panic!("{node:?}"),
    };
    let arrow = text[end..].find("=>").map_or(0, |at| at + 2);
    match &*member.node {
        Member::Field(_) => end,
        _ => end + arrow,
    }
}

/// The same member in the same place.
fn same(left: &Placed<Member>, right: &Placed<Member>) -> bool {
    left.base == right.base && (Arc::ptr_eq(&left.node, &right.node) || left.node == right.node)
}

#[test]
fn finished_members_stay_while_the_next_one_is_typed() {
    let text = class();
    assert!(text.lines().count() >= 300);
    let limits = Limits::default();
    let mut store = Store::default();
    let whole = parse_file_with(&text, &limits, &mut store);
    assert_eq!(whole.diagnostics, [], "the whole is in order");
    let expected = members(&whole.file);
    assert_eq!(expected.len(), COPIES * 6);

    // A member is finished when the header of the next one is there: then nothing that follows can belong to it.
    let finished: Vec<usize> = expected
        .iter()
        .skip(1)
        .map(|next| header_end(next, &text))
        .collect();
    for (end, _) in text.char_indices() {
        let prefix = &text[..end];
        let parsed = parse_file_with(prefix, &limits, &mut store);
        let found = members(&parsed.file);
        let count = finished.partition_point(|header| *header <= end);
        for (expected, found) in expected.iter().take(count).zip(found) {
            assert!(same(expected, found), "{expected:?}\n{found:?}\n{prefix}");
        }
        assert!(
            found.len() >= count,
            "{} of {count}:\n{prefix}",
            found.len()
        );
    }
}

#[test]
fn an_editor_gets_an_answer_after_each_character() {
    let text = class();
    let engine = Engine::new();
    let options = Options::default();
    for (end, _) in text.char_indices().step_by(STEP) {
        let prefix = &text.as_bytes()[..end];
        let found = engine.diagnostics(prefix, &options, &Cancel::new());
        assert!(
            found.iter().all(|found| found.code != Code::INTERNAL_ERROR),
            "{found:?}"
        );
    }
    assert_eq!(engine.statistics().panics, 0);
}

/// Every so many characters: analysis looks at the whole class each time, which takes its time in a debug build.
const STEP: usize = if cfg!(debug_assertions) { 5 } else { 1 };
