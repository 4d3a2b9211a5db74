//! Strings with their interpolations: which brace belongs to which.

use super::{Interpolation, Lexer, is_word};
use crate::message::lexical as message;
use crate::scan::resync;
use crate::scan::token::{Bracket, TokenKind};

impl Lexer<'_> {
    pub(super) fn open_brace(&mut self, bracket: Bracket, end: usize) {
        if let Some(interpolation) = self.interpolations.last_mut() {
            interpolation.braces += 1;
        }
        self.push(TokenKind::Open(bracket), self.at, end);
    }

    pub(super) fn close_brace(&mut self) {
        let start = self.at;
        match self.interpolations.last_mut() {
            Some(interpolation) if interpolation.braces == 0 => {
                let quote = interpolation.quote;
                self.interpolations.pop();
                self.push(TokenKind::Close(Bracket::Interpolation), start, start + 1);
                self.string(quote, start + 1, start + 1);
            }
            Some(interpolation) => {
                interpolation.braces -= 1;
                self.push(TokenKind::Close(Bracket::Brace), start, start + 1);
            }
            None => self.push(TokenKind::Close(Bracket::Brace), start, start + 1),
        }
    }

    /// A piece of string text: `start` is the opening quote or the first byte after an interpolation, `from` the first
    /// byte of text.
    pub(super) fn string(&mut self, quote: usize, start: usize, from: usize) {
        let first = start < from;
        let mut at = from;
        let mut crossed = false;
        loop {
            at = self.end_of(at, |byte| !matches!(byte, b'"' | b'{' | b'\\' | b'\n'));
            match self.byte(at) {
                b'"' if self.byte(at + 1) == b'"' => at += 2,
                b'"' if crossed && self.looks_opening(at) => break,
                b'"' => {
                    let kind = if first {
                        TokenKind::String
                    } else {
                        TokenKind::StringEnd
                    };
                    return self.push(kind, start, at + 1);
                }
                b'\\' if matches!(self.byte(at + 1), b'{' | b'}') => at += 2,
                b'\\' => at += 1,
                b'{' => return self.interpolation(quote, start, at),
                b'\n' if !self.cuts_at(at) => {
                    at += 1;
                    crossed |= resync::can_declare(self.text, at);
                }
                _ => break,
            }
        }
        let end = self.unterminated(quote, from, message::unterminated_string);
        self.push(TokenKind::Unknown, start, end);
    }

    /// Whether the quote that ends a string looks like the beginning of one. Behind a line that looks like a declaration
    /// this means that both strings lack their last quote.
    fn looks_opening(&self, quote: usize) -> bool {
        let before = self.byte(quote.saturating_sub(1));
        let after = self.byte(quote + 1);
        matches!(before, b' ' | b'(' | b'[' | b'\n') && (is_word(after) || after == b'{')
    }

    fn interpolation(&mut self, quote: usize, start: usize, brace: usize) {
        if start == quote {
            self.push(TokenKind::StringStart, start, brace);
        } else if start < brace {
            self.push(TokenKind::StringMiddle, start, brace);
        }
        self.interpolations.push(Interpolation {
            open: brace,
            quote,
            braces: 0,
        });
        self.push(TokenKind::Open(Bracket::Interpolation), brace, brace + 1);
    }
}
