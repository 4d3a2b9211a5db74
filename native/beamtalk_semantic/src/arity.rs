//! Literal blocks whose number of parameters is fixed by the selector (language reference 4.7).

use beamtalk_ast::Message;
use beamtalk_source::Diagnostic;

use crate::control::literal_block;
use crate::messages;

/// Fewest and most parameters of the block in one argument; `None` where the argument is no block.
type Range = Option<(usize, usize)>;

const EXPECTED: [(&str, &[Range]); 25] = [
    ("do:", &[Some((1, 1))]),
    ("collect:", &[Some((1, 1))]),
    ("select:", &[Some((1, 1))]),
    ("reject:", &[Some((1, 1))]),
    ("detect:", &[Some((1, 1))]),
    ("detect:ifNone:", &[Some((1, 1)), Some((0, 0))]),
    ("anySatisfy:", &[Some((1, 1))]),
    ("allSatisfy:", &[Some((1, 1))]),
    ("groupBy:", &[Some((1, 1))]),
    ("partition:", &[Some((1, 1))]),
    ("takeWhile:", &[Some((1, 1))]),
    ("dropWhile:", &[Some((1, 1))]),
    ("eachWithIndex:", &[Some((2, 2))]),
    ("sortWith:", &[Some((2, 2))]),
    ("sort:", &[Some((2, 2))]),
    ("keysAndValuesDo:", &[Some((2, 2))]),
    ("inject:into:", &[None, Some((2, 2))]),
    ("whileTrue:", &[Some((0, 0))]),
    ("whileFalse:", &[Some((0, 0))]),
    ("timesRepeat:", &[Some((0, 0))]),
    ("to:do:", &[None, Some((1, 1))]),
    ("to:by:do:", &[None, None, Some((1, 1))]),
    ("on:do:", &[None, Some((0, 1))]),
    ("ifNotNil:", &[Some((0, 1))]),
    ("ifNil:ifNotNil:", &[None, Some((0, 1))]),
];

/// The blocks of a message that have another number of parameters than the selector gives them.
pub fn check(message: &Message) -> Vec<Diagnostic> {
    let parts = match message {
        Message::Keyword(parts) => parts.as_slice(),
        _ => &[],
    };
    let selector = if parts.is_empty() {
        String::new()
    } else {
        message.selector()
    };
    let expected = EXPECTED
        .iter()
        .find(|(known, _)| *known == selector)
        .map_or(&[][..], |(_, expected)| expected);
    let wrong = parts
        .iter()
        .zip(expected)
        .filter_map(|((_, argument), range)| {
            let (literal, (low, high)) = (literal_block(argument)?, (*range)?);
            let got = literal.block.params.len();
            let fits = (low..=high).contains(&got);
            (!fits).then(|| {
                messages::block_arity(&selector, &parameters(low, high), got, literal.expr.span)
            })
        });
    wrong.collect()
}

fn parameters(low: usize, high: usize) -> String {
    match (low, high) {
        (0, 0) => "no parameter".into(),
        (1, 1) => "1 parameter".into(),
        (low, high) if low == high => format!("{low} parameters"),
        (low, high) => format!("{low} or {high} parameters"),
    }
}
