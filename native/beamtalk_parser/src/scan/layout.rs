//! Layout text: the text of a chunk, byte for byte in the same place, with comments and meaningless line breaks as
//! spaces and a line break where one ends a statement. The rules are those of section 1.9; the grammar then needs none.

use super::ChunkKind;
use super::split::MEMBER_COLUMN;
use super::token::{Bracket, Token, TokenKind};

/// What stands for a character that no token can begin with: no rule of the grammar accepts it.
const UNREADABLE: &str = "\u{1}";

/// What the grammar reads.
#[derive(Debug)]
pub(crate) struct Layout {
    /// As long as the chunk, token for token in the same place.
    pub(crate) text: String,
    /// Offsets where a statement outside brackets ends.
    pub(crate) statement_ends: Vec<u32>,
}

/// Whether an expression (or a pattern) can start with this token. Keywords cannot.
pub(super) fn starts_expression(token: Token, word: &str) -> bool {
    match token.kind {
        TokenKind::Identifier
        | TokenKind::ClassName
        | TokenKind::Number
        | TokenKind::String
        | TokenKind::StringStart
        | TokenKind::Character
        | TokenKind::Symbol
        | TokenKind::Caret
        | TokenKind::Directive
        | TokenKind::Open(_)
        | TokenKind::Unknown => true,
        // A binary pattern: `<<` is no operator that can be sent.
        TokenKind::Operator => word.starts_with("<<"),
        _ => false,
    }
}

/// Lays out the chunk that starts at `base` and consists of `tokens`.
pub(crate) fn layout(chunk: &str, base: u32, tokens: &[Token], kind: ChunkKind) -> Layout {
    let mut builder = Builder {
        chunk,
        base,
        tokens,
        kind,
        canvas: vec![b' '; chunk.len()],
        frames: vec![None],
        in_body: matches!(kind, ChunkKind::Statements),
        statement_ends: Vec::new(),
    };
    for at in 0..tokens.len() {
        builder.token(at);
    }
    Layout {
        // Tokens are copied whole, so this cannot fail; an empty text would be reported as such.
        text: String::from_utf8(builder.canvas).unwrap_or_default(),
        statement_ends: builder.statement_ends,
    }
}

struct Builder<'l> {
    chunk: &'l str,
    base: u32,
    tokens: &'l [Token],
    kind: ChunkKind,
    canvas: Vec<u8>,
    /// For each open bracket the continuation column of the current message: the column of its first keyword that came
    /// with a line break.
    frames: Vec<Option<u32>>,
    /// After the `=>` of a method, or the `=` of a field.
    in_body: bool,
    statement_ends: Vec<u32>,
}

impl<'l> Builder<'l> {
    fn word(&self, token: Token) -> &'l str {
        let start = (token.span.start - self.base) as usize;
        let end = (token.span.end - self.base) as usize;
        self.chunk.get(start..end).unwrap_or("")
    }

    fn before(&self, at: usize) -> Option<Token> {
        at.checked_sub(1)
            .and_then(|before| self.tokens.get(before))
            .copied()
    }

    fn token(&mut self, at: usize) {
        let Some(token) = self.tokens.get(at).copied() else {
            return;
        };
        let start = token.span.start - self.base;
        if let Some(before) = self.before(at)
            && let Some(column) = token.column
            && self.line_ends_statement(at, before, token, column)
        {
            let gap = before.span.end - self.base;
            self.break_line(gap);
        }
        if token.kind == TokenKind::Unknown {
            self.copy(
                start as usize,
                &UNREADABLE.repeat(token.span.len() as usize),
            );
        } else {
            self.copy(start as usize, self.word(token));
        }
        self.track(token);
    }

    fn copy(&mut self, start: usize, word: &str) {
        if let Some(place) = self.canvas.get_mut(start..start + word.len()) {
            place.copy_from_slice(word.as_bytes());
        }
    }

    fn break_line(&mut self, gap: u32) {
        if let Some(byte) = self.canvas.get_mut(gap as usize) {
            *byte = b'\n';
        }
        self.end_message();
        if self.frames.len() == 1 {
            self.statement_ends.push(gap);
        }
    }

    fn end_message(&mut self) {
        if let Some(column) = self.frames.last_mut() {
            *column = None;
        }
    }

    /// Keeps brackets, messages and the beginning of the body.
    fn track(&mut self, token: Token) {
        match token.kind {
            TokenKind::Open(_) => self.frames.push(None),
            TokenKind::Close(_) if self.frames.len() > 1 => {
                self.frames.pop();
            }
            TokenKind::Period | TokenKind::Bang => {
                self.end_message();
                if self.frames.len() == 1 && self.in_body {
                    self.statement_ends.push(token.span.start - self.base);
                }
            }
            TokenKind::Semicolon
            | TokenKind::Assign
            | TokenKind::Arrow
            | TokenKind::Bar
            | TokenKind::Caret => {
                self.end_message();
            }
            TokenKind::FatArrow => {
                self.end_message();
                self.in_body |= self.frames.len() == 1 && self.kind.has_method_body();
            }
            TokenKind::Operator => match self.word(token) {
                "," => self.end_message(),
                "=" if self.kind == ChunkKind::Field => self.in_body = true,
                _ => {}
            },
            _ => {}
        }
    }

    fn line_ends_statement(&mut self, at: usize, before: Token, token: Token, column: u32) -> bool {
        if self.kind == ChunkKind::Protocol {
            return self.line_ends_signature(before, token);
        }
        if !self.in_body {
            // Everything in a head may be broken, but `@expect` has its category on the same line, `native:` its module.
            return before.kind == TokenKind::Directive
                || (self.kind == ChunkKind::ClassHeader && self.word(before) == "native:");
        }
        if before.is_terminator() {
            return true;
        }
        if token.kind == TokenKind::Keyword {
            return before.ends_expression()
                && !self.is_guard(at)
                && self.keyword_ends_message(column);
        }
        before.ends_expression() && starts_expression(token, self.word(token))
    }

    /// `when: [`, which always belongs to its pattern.
    fn is_guard(&self, at: usize) -> bool {
        let word = self.tokens.get(at).map_or("", |token| self.word(*token));
        let next = self.tokens.get(at + 1).map(|token| token.kind);
        word == "when:" && next == Some(TokenKind::Open(Bracket::Square))
    }

    fn keyword_ends_message(&mut self, column: u32) -> bool {
        match self.kind {
            ChunkKind::Method => self.keyword_is_outdented(column),
            ChunkKind::Field => self.frames.len() == 1,
            _ => false,
        }
    }

    fn keyword_is_outdented(&mut self, column: u32) -> bool {
        if column <= MEMBER_COLUMN {
            return true;
        }
        match self.frames.last_mut() {
            Some(Some(continuation)) => column < *continuation,
            Some(none) => {
                *none = Some(column);
                false
            }
            None => false,
        }
    }

    /// Every line of a protocol is a signature, unless the one before is incomplete.
    fn line_ends_signature(&self, before: Token, token: Token) -> bool {
        let complete = before.ends_expression() || before.is_terminator();
        let continues = matches!(
            token.kind,
            TokenKind::Bar | TokenKind::DoubleColon | TokenKind::Close(_)
        );
        self.frames.len() == 1 && complete && !continues
    }
}
