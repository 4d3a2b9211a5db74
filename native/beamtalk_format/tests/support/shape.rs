//! Trees without their places: what must be the same before and after.

use beamtalk_ast::{File, Item};

/// A dump of the tree without spans. How top-level statements are spread over chunks depends on layout and is left out.
pub fn shape(file: &File) -> Vec<String> {
    let mut dumps = Vec::new();
    for item in &file.items {
        match item {
            Item::Statements(body) => {
                dumps.extend(
                    body.node
                        .iter()
                        .map(|statement| without_spans(&format!("{statement:?}"))),
                );
            }
            other => dumps.push(without_spans(&format!("{other:?}"))),
        }
    }
    dumps
}

fn without_spans(dump: &str) -> String {
    let mut rest = dump;
    let mut shape = String::with_capacity(dump.len() / 2);
    while let Some(at) = rest
        .find("Span { start: ")
        .into_iter()
        .chain(rest.find("base: "))
        .min()
    {
        shape.push_str(&rest[..at]);
        let end = if rest[at..].starts_with("base") {
            ','
        } else {
            '}'
        };
        rest = rest[at..].split_once(end).map_or("", |(_, after)| after);
    }
    shape.push_str(rest);
    shape
}
