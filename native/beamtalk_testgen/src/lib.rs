//! Valid Beamtalk programs at random, for property tests.
//!
//! [`program`], [`class`] and [`expression`] are strategies for source text without errors of syntax, over the whole
//! grammar of section 2 of the language reference, in every layout that section 1.9 permits: line breaks, columns, blank
//! lines and comments wherever one may stand. Names mean nothing: a program need not pass any check after parsing.
//!
//! [`runnable`] is about what programs do: they can be executed.
//!
//! A program is a sequence of bytes read as choices, zero being the simplest one, so that shrinking the bytes shrinks
//! the program.
//!
//! Deliberately absent: numbers next to each other (`3 -4`), a method named `->`, and lines that are legal only because
//! nothing that looks like a declaration follows.

mod choices;
mod declaration;
mod expression;
mod layout;
mod literal;
mod pattern;
mod runnable;
mod types;

use proptest::collection::vec;
use proptest::prelude::*;

use choices::Choices;
use layout::{Place, Text};

/// Most choices for one text.
const CHOICES: usize = 600;

/// A file: declarations and statements in any order.
pub fn program() -> impl Strategy<Value = String> {
    generated(Place::File, Text::file)
}

/// A class with its members.
pub fn class() -> impl Strategy<Value = String> {
    generated(Place::File, Text::class)
}

/// An expression, as it may stand at the top of a file.
pub fn expression() -> impl Strategy<Value = String> {
    generated(Place::File, Text::expression)
}

/// A program that passes every check, ends, and answers a value.
pub fn runnable() -> impl Strategy<Value = String> {
    vec(any::<u8>(), 0..CHOICES).prop_map(runnable_from)
}

/// The program that these choices make.
pub fn runnable_from(choices: Vec<u8>) -> String {
    runnable::Program::write(Choices::new(choices))
}

fn generated(place: Place, write: fn(&mut Text)) -> impl Strategy<Value = String> {
    vec(any::<u8>(), 0..CHOICES).prop_map(move |bytes| {
        let mut text = Text::new(Choices::new(bytes), place);
        write(&mut text);
        text.into_text()
    })
}
