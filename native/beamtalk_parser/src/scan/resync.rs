//! Lines that look like declarations, judged by their text alone: where a string that never ends is cut off.

use super::lexer::{is_operator, is_word};

/// Members are indented by two columns; statements, whose lines must not be mistaken, by four.
const DEEPEST_MEMBER: usize = 3;

/// Start of the first line after `from` that looks like a declaration, less its line break.
pub(super) fn next_declaration(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    rest.match_indices('\n')
        .map(|(at, _)| from + at)
        .find(|line_break| can_declare(text, line_break + 1))
}

/// Whether the line that starts at `start` looks like the beginning of a declaration.
pub(super) fn can_declare(text: &str, start: usize) -> bool {
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    let code = line.trim_start_matches([' ', '\t']);
    let indentation = line.len() - code.len();
    indentation <= DEEPEST_MEMBER
        && (starts_field(code) || starts_class(code) || starts_method(code))
}

fn starts_field(code: &str) -> bool {
    ["state: ", "field: ", "classState: ", "Protocol define: "]
        .iter()
        .any(|word| code.starts_with(word))
}

fn starts_class(code: &str) -> bool {
    let head = code.split_once(" subclass: ").map_or("", |(head, _)| head);
    !head.is_empty()
        && head
            .bytes()
            .all(|byte| is_word(byte) || matches!(byte, b' ' | b'(' | b')' | b',' | b'@'))
}

/// A method header has no quotes, brackets or periods before `=>`, and does not begin with a symbol.
fn starts_method(code: &str) -> bool {
    let head = code.split_once("=>").map_or("", |(head, _)| head);
    let in_header = |byte: u8| {
        is_word(byte)
            || is_operator(byte)
            || matches!(byte, b' ' | b':' | b'(' | b')' | b'|' | b'#')
    };
    !head.trim().is_empty() && !code.starts_with('#') && head.bytes().all(in_header)
}
