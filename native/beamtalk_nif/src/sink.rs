//! Terms on the heap of the calling process.

use beamtalk_compiler::{BigInt, TermSink, external};
use rustc_hash::FxHashMap;
use rustler::types::tuple::make_tuple;
use rustler::{Atom, Encoder, Env, NewBinary, Term};

/// Emulators have had defects in large maps made at once (duplicate keys, crashes outside scheduler threads); above
/// this size the representation changes, and maps are made key by key.
const MAX_FLAT_MAP: usize = 32;

/// Builds terms in an environment; atoms are looked up once for each reply.
pub(crate) struct EnifSink<'a> {
    env: Env<'a>,
    atoms: FxHashMap<Box<str>, Term<'a>>,
}

impl<'a> EnifSink<'a> {
    pub(crate) fn new(env: Env<'a>) -> Self {
        Self {
            env,
            atoms: FxHashMap::default(),
        }
    }

    /// The NIF interface of the oldest supported emulator has atoms of Latin-1 only; the external term format has all.
    fn make_atom(&self, name: &str) -> Term<'a> {
        if let Ok(atom) = Atom::from_utf8_bytes(self.env, name.as_bytes()) {
            return atom.to_term(self.env);
        }
        let mut bytes = vec![external::VERSION];
        external::put_atom(&mut bytes, name);
        self.external(&bytes)
    }

    #[expect(
        unsafe_code,
        reason = "the checked variant refuses atoms that do not exist yet"
    )]
    fn external(&self, bytes: &[u8]) -> Term<'a> {
        // SAFETY: the bytes were written by `external` just now, so they are a whole valid term.
        match unsafe { self.env.binary_to_term_trusted(bytes) } {
            Some((term, _)) => term,
            // Names are limited before they get here; the guard makes a diagnostic of a mistake.
            None => panic!("the emulator refuses a term of {} bytes", bytes.len()),
        }
    }
}

impl<'a> TermSink for EnifSink<'a> {
    type Term = Term<'a>;

    fn atom(&mut self, name: &str) -> Term<'a> {
        if let Some(atom) = self.atoms.get(name) {
            return *atom;
        }
        let atom = self.make_atom(name);
        self.atoms.insert(name.into(), atom);
        atom
    }

    fn integer(&mut self, value: i64) -> Term<'a> {
        value.encode(self.env)
    }

    fn big_integer(&mut self, value: &BigInt) -> Term<'a> {
        let mut bytes = vec![external::VERSION];
        external::put_big_integer(&mut bytes, value);
        self.external(&bytes)
    }

    fn float(&mut self, value: f64) -> Term<'a> {
        value.encode(self.env)
    }

    fn binary(&mut self, bytes: &[u8]) -> Term<'a> {
        NewBinary::from_slice(self.env, bytes).into()
    }

    fn tuple(&mut self, elements: &[Term<'a>]) -> Term<'a> {
        make_tuple(self.env, elements)
    }

    fn list(&mut self, elements: &[Term<'a>]) -> Term<'a> {
        elements.encode(self.env)
    }

    fn cons(&mut self, head: Term<'a>, tail: Term<'a>) -> Term<'a> {
        tail.list_prepend(head)
    }

    fn map(&mut self, pairs: &[(Term<'a>, Term<'a>)]) -> Term<'a> {
        if pairs.len() <= MAX_FLAT_MAP
            && let Ok(map) = Term::map_from_pairs(self.env, pairs)
        {
            return map;
        }
        let empty = Term::map_new(self.env);
        pairs.iter().fold(empty, |map, (key, value)| {
            map.map_put(*key, *value).unwrap_or(map)
        })
    }
}
