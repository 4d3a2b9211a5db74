//! Chunks and comments of ordinary files.

use beamtalk_parser::{ChunkKind, CommentKind, scan};

fn chunks(text: &str) -> Vec<(ChunkKind, &str)> {
    scan(text, 1024)
        .chunks
        .iter()
        .map(|chunk| (chunk.kind, chunk.body.text(text)))
        .collect()
}

#[test]
fn a_file_falls_into_declarations_members_and_statements() {
    let text = "\
// A till.
/// Counts.
Actor subclass: Till
  native: till
  handleScope: #process
  state: cents = 0

  /// Adds.
  add: n =>
    self.cents :=
      self.cents + n
  sum => self.cents. other => 1 // trailing

type Cents = Integer
Protocol define: Sum
  sum -> Integer
  class zero

Till >> twice => self sum * 2
t := Till spawn
t add: 3. t sum
";
    let expected = [
        (
            ChunkKind::ClassHeader,
            "/// Counts.\nActor subclass: Till\n  native: till\n  handleScope: #process",
        ),
        (ChunkKind::Field, "state: cents = 0"),
        (
            ChunkKind::Method,
            "/// Adds.\n  add: n =>\n    self.cents :=\n      self.cents + n",
        ),
        (ChunkKind::Method, "sum => self.cents."),
        (ChunkKind::Method, "other => 1"),
        (ChunkKind::Alias, "type Cents = Integer"),
        (
            ChunkKind::Protocol,
            "Protocol define: Sum\n  sum -> Integer\n  class zero",
        ),
        (ChunkKind::Standalone, "Till >> twice => self sum * 2"),
        (ChunkKind::Statements, "t := Till spawn"),
        (ChunkKind::Statements, "t add: 3. t sum"),
    ];
    assert_eq!(chunks(text), expected);
}

#[test]
fn comments_are_kept_for_the_formatter() {
    let text = "// a\nx /* b\n c */ foo /// d\n\"// no\" //// e\n";
    let found = scan(text, 1024);
    let comments: Vec<_> = found
        .comments
        .iter()
        .map(|comment| (comment.kind, comment.span.text(text), comment.first_on_line))
        .collect();
    let expected = [
        (CommentKind::Line, "// a", true),
        (CommentKind::Block, "/* b\n c */", false),
        (CommentKind::Doc, "/// d", false),
        (CommentKind::Line, "//// e", false),
    ];
    assert_eq!(comments, expected);
}

#[test]
fn a_broken_member_ends_where_the_next_one_begins() {
    let broken = [
        "#(1, 2",
        "[x foo: (y",
        "\"abc",
        "\"a {b",
        "#'abc",
        "/* abc",
        "#{#a => 1",
    ];
    for mistake in broken {
        let text = format!("Object subclass: A\n  one => {mistake}\n  two => 2\n  state: x = 3\n");
        let found: Vec<_> = chunks(&text)
            .into_iter()
            .skip(2)
            .map(|(_, body)| body.to_owned())
            .collect();
        assert_eq!(found, ["two => 2", "state: x = 3"], "{text}");
    }
}

/// Where the lexer gives up, a chunk may have ended just before.
#[test]
fn no_chunk_is_empty() {
    for text in ["type V M(\"{).\nt=>", "type A = (\"{x).\nfoo => 1\n"] {
        for chunk in &scan(text, 1024).chunks {
            assert!(!chunk.body.is_empty(), "{text:?}: {chunk:?}");
        }
    }
}
