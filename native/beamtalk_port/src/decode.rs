//! External terms as terms of a request.

use std::borrow::Cow;
use std::fmt;

use beamtalk_compiler::Term;

/// Elements of all containers of one frame together.
const MAX_ELEMENTS: usize = 1 << 20;

/// Levels that the decoder may recurse; what a request has no use for ends much earlier.
const MAX_DEPTH: usize = 64;

/// Why a frame is refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DecodeError(&'static str);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Reads a term: a request, or a frame with one.
pub(crate) fn term(bytes: &[u8]) -> Result<Term<'static>, DecodeError> {
    check(bytes)?;
    let term =
        eetf::Term::decode(bytes).map_err(|_| DecodeError("the external term is malformed"))?;
    Ok(match term {
        // The tuple of the frame is no part of the request.
        eetf::Term::Tuple(frame) => Term::Tuple(convert_all(frame.elements, Term::MAX_DEPTH)),
        request => convert(request, Term::MAX_DEPTH),
    })
}

/// The id of a frame `{Id, …}` that cannot be decoded, if it can be seen.
pub(crate) fn peek_id(bytes: &[u8]) -> Option<i64> {
    match bytes {
        [131, 104, 2, 97, id, ..] => Some(i64::from(*id)),
        [131, 104, 2, 98, a, b, c, d, ..] => Some(i64::from(i32::from_be_bytes([*a, *b, *c, *d]))),
        _ => None,
    }
}

/// As the library does it: what is too deep or of no use to a request becomes [`Term::Other`].
fn convert(term: eetf::Term, depth: usize) -> Term<'static> {
    let Some(below) = depth.checked_sub(1) else {
        return Term::Other;
    };
    match term {
        eetf::Term::Atom(atom) => Term::Atom(Cow::Owned(atom.name)),
        eetf::Term::FixInteger(integer) => Term::Integer(i64::from(integer.value)),
        eetf::Term::BigInteger(integer) => {
            i64::try_from(integer.value).map_or(Term::Other, Term::Integer)
        }
        eetf::Term::Binary(binary) => Term::Binary(Cow::Owned(binary.bytes)),
        eetf::Term::ByteList(list) => Term::List(
            list.bytes
                .into_iter()
                .map(|byte| Term::Integer(i64::from(byte)))
                .collect(),
        ),
        eetf::Term::List(list) => Term::List(convert_all(list.elements, below)),
        eetf::Term::Tuple(tuple) => Term::Tuple(convert_all(tuple.elements, below)),
        eetf::Term::Map(map) => Term::Map(
            map.map
                .into_iter()
                .map(|(key, value)| (convert(key, below), convert(value, below)))
                .collect(),
        ),
        _ => Term::Other,
    }
}

fn convert_all(terms: Vec<eetf::Term>, depth: usize) -> Vec<Term<'static>> {
    terms.into_iter().map(|term| convert(term, depth)).collect()
}

/// Whether a decoder may be trusted with these bytes: it recurses with the term and allocates what lengths promise.
/// So depth, number of elements and tags are checked first, without recursion.
fn check(bytes: &[u8]) -> Result<(), DecodeError> {
    let mut scan = Scan {
        rest: bytes,
        elements: MAX_ELEMENTS,
    };
    if scan.byte()? != beamtalk_compiler::external::VERSION {
        return Err(DecodeError("this is not the external term format"));
    }
    // How many terms are still to come, at each depth. The frame itself is the outermost tuple.
    let mut open: Vec<usize> = vec![1];
    while let Some(left) = open.last_mut() {
        if *left == 0 {
            open.pop();
            continue;
        }
        *left -= 1;
        let children = scan.term()?;
        if children > 0 {
            if open.len() > MAX_DEPTH {
                return Err(DecodeError("the term is too deep"));
            }
            open.push(children);
        }
    }
    if scan.rest.is_empty() {
        Ok(())
    } else {
        Err(DecodeError("bytes follow the term"))
    }
}

struct Scan<'b> {
    rest: &'b [u8],
    elements: usize,
}

impl Scan<'_> {
    /// Skips the head of a term and answers how many terms it contains.
    fn term(&mut self) -> Result<usize, DecodeError> {
        let tag = self.byte()?;
        match tag {
            97 => self.skip(1),                                           // SMALL_INTEGER_EXT
            98 => self.skip(4),                                           // INTEGER_EXT
            70 => self.skip(8),                                           // NEW_FLOAT_EXT
            106 => Ok(0),                                                 // NIL_EXT
            100 | 107 | 118 => self.length(2).and_then(|n| self.skip(n)), // ATOM_EXT, STRING_EXT, ATOM_UTF8_EXT
            115 | 119 => self.length(1).and_then(|n| self.skip(n)), // SMALL_ATOM_EXT, SMALL_ATOM_UTF8_EXT
            109 => self.length(4).and_then(|n| self.skip(n)),       // BINARY_EXT
            110 => self.length(1).and_then(|n| self.skip(n + 1)),   // SMALL_BIG_EXT
            111 => self.length(4).and_then(|n| self.skip(n + 1)),   // LARGE_BIG_EXT
            104 => self.length(1).and_then(|n| self.contain(n)),    // SMALL_TUPLE_EXT
            105 => self.length(4).and_then(|n| self.contain(n)),    // LARGE_TUPLE_EXT
            108 => self.length(4).and_then(|n| self.contain(n + 1)), // LIST_EXT, with its tail
            116 => self.length(4).and_then(|n| self.contain(2 * n)), // MAP_EXT
            _ => Err(DecodeError("the term contains what no request contains")),
        }
    }

    fn byte(&mut self) -> Result<u8, DecodeError> {
        self.length(1).map(|byte| byte as u8)
    }

    /// A big-endian number of `bytes` bytes.
    fn length(&mut self, bytes: usize) -> Result<usize, DecodeError> {
        let (head, rest) = self
            .rest
            .split_at_checked(bytes)
            .ok_or(DecodeError("the term is truncated"))?;
        self.rest = rest;
        Ok(head
            .iter()
            .fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    fn skip(&mut self, bytes: usize) -> Result<usize, DecodeError> {
        self.rest = self
            .rest
            .get(bytes..)
            .ok_or(DecodeError("the term is truncated"))?;
        Ok(0)
    }

    fn contain(&mut self, children: usize) -> Result<usize, DecodeError> {
        self.elements = self
            .elements
            .checked_sub(children)
            .ok_or(DecodeError("the term has too many elements"))?;
        Ok(children)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `term_to_binary(#{op => compile, n => 3000000000, list => [1, 300], s => "ab"})`, written by OTP 27.
    const SAMPLE: &[u8] = &[
        131, 116, 0, 0, 0, 4, 119, 1, b'n', 110, 4, 0, 0, 94, 208, 178, 119, 1, b's', 107, 0, 2,
        b'a', b'b', 119, 2, b'o', b'p', 119, 7, b'c', b'o', b'm', b'p', b'i', b'l', b'e', 119, 4,
        b'l', b'i', b's', b't', 108, 0, 0, 0, 2, 97, 1, 98, 0, 0, 1, 44, 106,
    ];

    #[test]
    fn a_request_is_read() {
        let Term::Map(pairs) = term(SAMPLE).expect("a good term") else {
            panic!("no map")
        };
        let list = Term::List(vec![Term::Integer(1), Term::Integer(300)]);
        let string = Term::List(vec![Term::Integer(97), Term::Integer(98)]);
        for (key, value) in [
            ("op", Term::atom("compile")),
            ("n", Term::Integer(3_000_000_000)),
            ("list", list),
            ("s", string),
        ] {
            assert!(
                pairs.contains(&(Term::atom(key), value)),
                "{key} is missing: {pairs:?}"
            );
        }
    }

    #[test]
    fn hostile_frames_are_refused() {
        let deep: Vec<u8> = std::iter::once(131)
            .chain([104, 1].repeat(1_000_000))
            .chain([106])
            .collect();
        let cases: [(&[u8], &str); 7] = [
            (&[], "the term is truncated"),
            (&[130, 106], "this is not the external term format"),
            (
                &[131, 108, 255, 255, 255, 255, 106],
                "the term has too many elements",
            ),
            (&[131, 109, 255, 255, 255, 255, 1], "the term is truncated"),
            (&[131, 82, 0], "the term contains what no request contains"),
            (&[131, 106, 106], "bytes follow the term"),
            (&deep, "the term is too deep"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(term(bytes), Err(DecodeError(expected)));
        }
    }

    #[test]
    fn the_id_of_a_broken_frame_is_seen() {
        assert_eq!(peek_id(&[131, 104, 2, 97, 7, 0]), Some(7));
        assert_eq!(peek_id(&[131, 104, 2, 98, 0, 0, 1, 0]), Some(256));
        assert_eq!(peek_id(&[131, 104]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let framed: Vec<u8> = std::iter::once(131).chain(bytes).collect();
            let _ = term(&framed);
        }

        #[test]
        fn a_damaged_request_is_read_or_refused(at in 0..SAMPLE.len(), byte in any::<u8>()) {
            let mut bytes = SAMPLE.to_vec();
            bytes[at] = byte;
            let _ = term(&bytes);
        }
    }
}
