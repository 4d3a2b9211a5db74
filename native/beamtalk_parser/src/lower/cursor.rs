use std::iter::Peekable;

use beamtalk_source::Span;
use pest::iterators::Pairs;

use super::span_of;
use crate::grammar::{Node, Rule};

/// The parts of a recognized rule, in order.
pub(crate) struct Cursor<'i> {
    parts: Peekable<Pairs<'i, Rule>>,
    /// End of the last part that was taken, or start of the whole.
    end: u32,
}

impl<'i> Cursor<'i> {
    pub(crate) fn new(node: Node<'i>) -> Self {
        let start = span_of(&node).start;
        Self {
            parts: node.into_inner().peekable(),
            end: start,
        }
    }

    /// The rule of the next part.
    pub(crate) fn rule(&mut self) -> Option<Rule> {
        self.parts.peek().map(Node::as_rule)
    }

    /// Whether the next part is a `rule`.
    pub(crate) fn at(&mut self, rule: Rule) -> bool {
        self.rule() == Some(rule)
    }

    /// Takes the next part.
    pub(crate) fn next(&mut self) -> Option<Node<'i>> {
        let node = self.parts.next()?;
        self.end = span_of(&node).end;
        Some(node)
    }

    /// Takes the next part if it is a `rule`.
    pub(crate) fn optional(&mut self, rule: Rule) -> Option<Node<'i>> {
        if self.at(rule) { self.next() } else { None }
    }

    /// Takes the next part if it is as asked.
    pub(crate) fn next_if(&mut self, is_asked: impl Fn(&Node<'i>) -> bool) -> Option<Node<'i>> {
        if self.parts.peek().is_some_and(is_asked) {
            self.next()
        } else {
            None
        }
    }

    /// Skips to the first `rule` and takes it.
    pub(crate) fn find(&mut self, rule: Rule) -> Option<Node<'i>> {
        loop {
            let node = self.next()?;
            if node.as_rule() == rule {
                return Some(node);
            }
        }
    }

    /// End of the last part that was taken. Exact where that part ends with a token.
    pub(crate) fn end(&self) -> u32 {
        self.end
    }

    /// Where the next part starts.
    pub(crate) fn start(&mut self) -> Option<u32> {
        self.parts.peek().map(|node| span_of(node).start)
    }

    /// The place of the next part's first byte, or of the end.
    pub(crate) fn here(&mut self) -> Span {
        let at = self.start().unwrap_or(self.end);
        Span::at(at)
    }
}
