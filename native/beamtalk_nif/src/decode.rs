//! Terms of the emulator as terms of a request.

use std::borrow::Cow;

use beamtalk_compiler::Term;
use rustler::types::map::MapIterator;
use rustler::types::tuple::get_tuple;
use rustler::{Binary, TermType};

/// Elements of all containers of one request together.
const MAX_ELEMENTS: usize = 1 << 20;

/// Reads a request. What is too deep, too large or of no use to a request becomes [`Term::Other`].
pub(crate) fn term(term: rustler::Term<'_>, max_bytes: usize) -> Term<'_> {
    Decoder {
        bytes: max_bytes,
        elements: MAX_ELEMENTS,
    }
    .term(term, Term::MAX_DEPTH)
}

/// What may still be read.
struct Decoder {
    bytes: usize,
    elements: usize,
}

impl Decoder {
    fn term<'a>(&mut self, term: rustler::Term<'a>, depth: usize) -> Term<'a> {
        if depth == 0 || self.elements == 0 {
            return Term::Other;
        }
        self.elements -= 1;
        let decoded = match term.get_type() {
            TermType::Atom => term
                .atom_to_string()
                .ok()
                .map(|name| Term::Atom(Cow::Owned(name))),
            TermType::Integer => term.decode().ok().map(Term::Integer),
            TermType::Binary => self.binary(term),
            TermType::List => self.list(term, depth - 1),
            TermType::Tuple => self.tuple(term, depth - 1),
            TermType::Map => self.map(term, depth - 1),
            _ => None,
        };
        decoded.unwrap_or(Term::Other)
    }

    /// Bytes stay where they are: the request outlives the call.
    fn binary<'a>(&mut self, term: rustler::Term<'a>) -> Option<Term<'a>> {
        let bytes = Binary::from_term(term).ok()?.as_slice();
        self.bytes = self.bytes.checked_sub(bytes.len())?;
        Some(Term::Binary(Cow::Borrowed(bytes)))
    }

    fn list<'a>(&mut self, mut rest: rustler::Term<'a>, depth: usize) -> Option<Term<'a>> {
        let mut elements = Vec::new();
        while !rest.is_empty_list() {
            // An improper list has a last cell that is none.
            let (head, tail) = rest.list_get_cell().ok()?;
            if self.elements == 0 {
                return None;
            }
            elements.push(self.term(head, depth));
            rest = tail;
        }
        Some(Term::List(elements))
    }

    fn tuple<'a>(&mut self, term: rustler::Term<'a>, depth: usize) -> Option<Term<'a>> {
        let elements = get_tuple(term).ok()?;
        Some(Term::Tuple(
            elements
                .into_iter()
                .map(|element| self.term(element, depth))
                .collect(),
        ))
    }

    fn map<'a>(&mut self, term: rustler::Term<'a>, depth: usize) -> Option<Term<'a>> {
        if term.map_size().ok()? > self.elements {
            return None;
        }
        let pairs = MapIterator::new(term)?;
        Some(Term::Map(
            pairs
                .map(|(key, value)| (self.term(key, depth), self.term(value, depth)))
                .collect(),
        ))
    }
}
