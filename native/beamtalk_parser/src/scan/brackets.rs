//! Matching of brackets inside a chunk: at most one complaint a chunk, and always at the opener. A chunk that
//! begins with what closes a bracket of an earlier chunk is the rest of that mistake.

use beamtalk_source::{Diagnostic, Span};

use super::token::{Bracket, Token, TokenKind};
use crate::message::lexical as message;

/// The open brackets of the current chunk.
pub(super) struct Brackets {
    open: Vec<(Bracket, Span)>,
    /// How many of the open ones are interpolations.
    interpolations: usize,
    nesting: u32,
    /// A mistake has been reported for the current chunk.
    broken: bool,
    /// Nothing of the current chunk has been read.
    at_start: bool,
    /// What chunks before this one have not closed.
    left_open: Vec<Bracket>,
    diagnostics: Vec<Diagnostic>,
}

impl Brackets {
    pub(super) fn new(nesting: u32) -> Self {
        Self {
            open: Vec::new(),
            interpolations: 0,
            nesting,
            broken: false,
            at_start: true,
            left_open: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn start_chunk(&mut self) {
        self.open.clear();
        self.interpolations = 0;
        self.broken = false;
        self.at_start = true;
    }

    /// Reports what is still open; answers whether anything was wrong with the chunk's brackets.
    pub(super) fn end_chunk(&mut self) -> bool {
        if let Some((bracket, span)) = self.open.first().copied() {
            self.report(message::unclosed(bracket, span));
        }
        let unclosed = self.open.iter().map(|(bracket, _)| *bracket);
        self.left_open.extend(unclosed);
        self.broken
    }

    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// Whether no bracket is open.
    pub(super) fn is_flat(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn in_interpolation(&self) -> bool {
        self.interpolations > 0
    }

    /// Whether the innermost open bracket is that of a map.
    pub(super) fn in_map(&self) -> bool {
        self.open
            .last()
            .is_some_and(|(bracket, _)| *bracket == Bracket::Map)
    }

    pub(super) fn token(&mut self, token: Token) {
        match token.kind {
            TokenKind::Open(bracket) => self.push(bracket, token.span),
            TokenKind::Close(closer) => self.close(closer, token.span),
            TokenKind::Cut => self.cut(),
            _ => {}
        }
        self.at_start = false;
    }

    /// A token that is a mistake wherever it stands: a bracket is only remembered, for what closes it.
    pub(super) fn misplaced(&mut self, token: Token) {
        match token.kind {
            TokenKind::Open(bracket) => self.left_open.push(bracket),
            TokenKind::Close(closer) => {
                self.closes_earlier(closer);
            }
            _ => {}
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if !self.broken {
            self.diagnostics.push(diagnostic);
        }
        self.broken = true;
    }

    /// The lexer has reported what is wrong.
    fn cut(&mut self) {
        self.open.clear();
        self.interpolations = 0;
        self.broken = true;
    }

    fn push(&mut self, bracket: Bracket, span: Span) {
        self.interpolations += usize::from(bracket == Bracket::Interpolation);
        self.open.push((bracket, span));
        if self.open.len() > self.nesting as usize {
            self.report(message::nesting_too_deep(span, self.nesting));
        }
    }

    fn pop(&mut self) {
        if let Some((Bracket::Interpolation, _)) = self.open.pop() {
            self.interpolations -= 1;
        }
    }

    fn close(&mut self, closer: Bracket, span: Span) {
        match self.open.last().copied() {
            Some((bracket, _)) if bracket.closed_by(closer) => self.pop(),
            Some((bracket, opener)) if self.closes_outer(closer) => {
                self.report(message::closed_by_other(bracket, opener, closer, span));
                self.pop_through(closer);
            }
            None if self.at_start && self.closes_earlier(closer) => self.broken = true,
            _ => self.report(message::stray_closer(closer, span)),
        }
    }

    /// Whether a bracket that was left open before this chunk is closed.
    fn closes_earlier(&mut self, closer: Bracket) -> bool {
        let is_closed = |bracket: &Bracket| bracket.closed_by(closer);
        let innermost = self.left_open.iter().rposition(is_closed);
        if let Some(at) = innermost {
            self.left_open.truncate(at);
        }
        innermost.is_some()
    }

    /// Whether an outer bracket is closed: a wrong closer is looked for among the nearest ones only, so that many wrong
    /// closers stay linear.
    fn closes_outer(&self, closer: Bracket) -> bool {
        const NEAREST: usize = 64;
        closer == Bracket::Interpolation
            || self
                .open
                .iter()
                .rev()
                .take(NEAREST)
                .any(|(bracket, _)| bracket.closed_by(closer))
    }

    fn pop_through(&mut self, closer: Bracket) {
        while let Some((bracket, _)) = self.open.last().copied() {
            self.pop();
            if bracket.closed_by(closer) {
                break;
            }
        }
    }
}
