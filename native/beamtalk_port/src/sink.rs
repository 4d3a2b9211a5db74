//! Terms as external term format.
//!
//! Terms are made from the leaves up, but written from the root down. So they are first kept in an arena, where a
//! handle is a number: copying a handle shares the term, and neither writing nor dropping it needs stack.

use std::collections::HashMap;
use std::ops::Range;

use beamtalk_compiler::{BigInt, TermSink, external};

const NEW_FLOAT_EXT: u8 = 70;
const SMALL_INTEGER_EXT: u8 = 97;
const INTEGER_EXT: u8 = 98;
const SMALL_TUPLE_EXT: u8 = 104;
const LARGE_TUPLE_EXT: u8 = 105;
const NIL_EXT: u8 = 106;
const STRING_EXT: u8 = 107;
const LIST_EXT: u8 = 108;
const BINARY_EXT: u8 = 109;
const MAP_EXT: u8 = 116;

/// A term of a sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handle(u32);

/// The first term of every sink.
const NIL: Handle = Handle(0);

enum Node {
    /// Bytes that are complete.
    Leaf(Range<usize>),
    /// Bytes, then the terms.
    Container(Range<usize>, Range<usize>),
}

/// Builds terms, then writes one.
pub(crate) struct EtfSink {
    bytes: Vec<u8>,
    children: Vec<Handle>,
    nodes: Vec<Node>,
    atoms: HashMap<Box<str>, Handle>,
}

impl EtfSink {
    pub(crate) fn new() -> Self {
        let mut sink = Self {
            bytes: Vec::new(),
            children: Vec::new(),
            nodes: Vec::new(),
            atoms: HashMap::new(),
        };
        sink.leaf(|bytes| bytes.push(NIL_EXT));
        sink
    }

    /// The whole external term.
    pub(crate) fn encode(&self, root: Handle) -> Vec<u8> {
        let mut written = vec![external::VERSION];
        let mut open = vec![root];
        while let Some(Handle(at)) = open.pop() {
            match self.nodes.get(at as usize) {
                Some(Node::Leaf(bytes)) => written.extend_from_slice(&self.bytes[bytes.clone()]),
                Some(Node::Container(head, children)) => {
                    written.extend_from_slice(&self.bytes[head.clone()]);
                    open.extend(self.children[children.clone()].iter().rev());
                }
                None => unreachable!("a handle of another sink"),
            }
        }
        written
    }

    fn leaf(&mut self, put: impl FnOnce(&mut Vec<u8>)) -> Handle {
        let bytes = self.head(put);
        self.node(Node::Leaf(bytes))
    }

    fn container(
        &mut self,
        put: impl FnOnce(&mut Vec<u8>),
        children: impl IntoIterator<Item = Handle>,
    ) -> Handle {
        let head = self.head(put);
        let start = self.children.len();
        self.children.extend(children);
        let children = start..self.children.len();
        self.node(Node::Container(head, children))
    }

    fn head(&mut self, put: impl FnOnce(&mut Vec<u8>)) -> Range<usize> {
        let start = self.bytes.len();
        put(&mut self.bytes);
        start..self.bytes.len()
    }

    fn node(&mut self, node: Node) -> Handle {
        let handle = Handle(self.nodes.len() as u32);
        self.nodes.push(node);
        handle
    }

    /// The bytes of a list whose elements are bytes, which has a form of its own.
    fn string(&self, elements: &[Handle]) -> Option<Vec<u8>> {
        let byte = |Handle(at): &Handle| match self.nodes.get(*at as usize) {
            Some(Node::Leaf(bytes))
                if let [SMALL_INTEGER_EXT, byte] = self.bytes[bytes.clone()] =>
            {
                Some(byte)
            }
            _ => None,
        };
        elements.iter().map(byte).collect()
    }
}

fn put_length(bytes: &mut Vec<u8>, tag: u8, length: usize) {
    bytes.push(tag);
    bytes.extend((length as u32).to_be_bytes());
}

impl TermSink for EtfSink {
    type Term = Handle;

    fn atom(&mut self, name: &str) -> Handle {
        if let Some(atom) = self.atoms.get(name) {
            return *atom;
        }
        let atom = self.leaf(|bytes| external::put_atom(bytes, name));
        self.atoms.insert(name.into(), atom);
        atom
    }

    fn integer(&mut self, value: i64) -> Handle {
        self.leaf(|bytes| {
            if let Ok(value) = u8::try_from(value) {
                bytes.extend([SMALL_INTEGER_EXT, value]);
            } else if let Ok(value) = i32::try_from(value) {
                bytes.push(INTEGER_EXT);
                bytes.extend(value.to_be_bytes());
            } else {
                external::put_big_integer(bytes, &BigInt::from(value));
            }
        })
    }

    fn big_integer(&mut self, value: &BigInt) -> Handle {
        self.leaf(|bytes| external::put_big_integer(bytes, value))
    }

    fn float(&mut self, value: f64) -> Handle {
        self.leaf(|bytes| {
            bytes.push(NEW_FLOAT_EXT);
            bytes.extend(value.to_be_bytes());
        })
    }

    fn binary(&mut self, content: &[u8]) -> Handle {
        self.leaf(|bytes| {
            put_length(bytes, BINARY_EXT, content.len());
            bytes.extend_from_slice(content);
        })
    }

    fn tuple(&mut self, elements: &[Handle]) -> Handle {
        let put = |bytes: &mut Vec<u8>| match u8::try_from(elements.len()) {
            Ok(arity) => bytes.extend([SMALL_TUPLE_EXT, arity]),
            Err(_) => put_length(bytes, LARGE_TUPLE_EXT, elements.len()),
        };
        self.container(put, elements.iter().copied())
    }

    fn list(&mut self, elements: &[Handle]) -> Handle {
        if elements.is_empty() {
            return NIL;
        }
        if let (Ok(length), Some(string)) = (u16::try_from(elements.len()), self.string(elements)) {
            return self.leaf(|bytes| {
                bytes.push(STRING_EXT);
                bytes.extend(length.to_be_bytes());
                bytes.extend(string);
            });
        }
        let put = |bytes: &mut Vec<u8>| put_length(bytes, LIST_EXT, elements.len());
        self.container(put, elements.iter().copied().chain([NIL]))
    }

    fn cons(&mut self, head: Handle, tail: Handle) -> Handle {
        self.container(|bytes| put_length(bytes, LIST_EXT, 1), [head, tail])
    }

    fn map(&mut self, pairs: &[(Handle, Handle)]) -> Handle {
        let put = |bytes: &mut Vec<u8>| put_length(bytes, MAP_EXT, pairs.len());
        self.container(put, pairs.iter().flat_map(|(key, value)| [*key, *value]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(build: impl FnOnce(&mut EtfSink) -> Handle) -> Vec<u8> {
        let mut sink = EtfSink::new();
        let term = build(&mut sink);
        sink.encode(term)[1..].to_vec()
    }

    /// Each line as `term_to_binary/1` of OTP 27 writes it, without the version.
    #[test]
    fn terms_are_written_as_otp_writes_them() {
        assert_eq!(bytes(|s| s.integer(255)), [97, 255]);
        assert_eq!(bytes(|s| s.integer(-1)), [98, 255, 255, 255, 255]);
        assert_eq!(bytes(|s| s.integer(1 << 40)), [110, 6, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(
            bytes(|s| s.integer(i64::MIN)),
            [110, 8, 1, 0, 0, 0, 0, 0, 0, 0, 128]
        );
        assert_eq!(bytes(|s| s.float(1.5)), [70, 63, 248, 0, 0, 0, 0, 0, 0]);
        assert_eq!(bytes(|s| s.atom("é")), [119, 2, 195, 169]);
        assert_eq!(bytes(|s| s.atom(&"ж".repeat(200)))[..3], [118, 1, 144]);
        assert_eq!(bytes(|s| s.binary(b"a\0")), [109, 0, 0, 0, 2, 97, 0]);
        assert_eq!(bytes(|s| s.list(&[])), [106]);
        let pair = |s: &mut EtfSink, a, b| [s.integer(a), s.integer(b)];
        assert_eq!(
            bytes(|s| {
                let p = pair(s, 1, 2);
                s.list(&p)
            }),
            [107, 0, 2, 1, 2]
        );
        assert_eq!(
            bytes(|s| {
                let p = pair(s, -1, 2);
                s.list(&p)
            }),
            [108, 0, 0, 0, 2, 98, 255, 255, 255, 255, 97, 2, 106]
        );
        assert_eq!(
            bytes(|s| {
                let [a, b] = pair(s, 1, 2);
                s.cons(a, b)
            }),
            [108, 0, 0, 0, 1, 97, 1, 97, 2]
        );
        assert_eq!(
            bytes(|s| {
                let p = pair(s, 1, 2);
                s.tuple(&p)
            }),
            [104, 2, 97, 1, 97, 2]
        );
        assert_eq!(
            bytes(|s| {
                let [a, b] = pair(s, 1, 2);
                s.map(&[(a, b)])
            }),
            [116, 0, 0, 0, 1, 97, 1, 97, 2]
        );
    }

    #[test]
    fn a_big_integer_has_a_long_form() {
        let big = BigInt::from(1) << (8 * 300);
        assert_eq!(bytes(|s| s.big_integer(&big))[..6], [111, 0, 0, 1, 45, 0]);
    }

    #[test]
    fn deep_terms_need_no_stack() {
        let deep = bytes(|sink| (0..1_000_000).fold(NIL, |term, _| sink.tuple(&[term])));
        assert_eq!(deep.len(), 2_000_001);
    }
}
