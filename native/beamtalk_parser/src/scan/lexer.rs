//! The lexer: tokens, comments and line starts. It knows how literals end, not what they mean.

mod string;

use beamtalk_source::{Diagnostic, Span};

use super::resync;
use super::token::{Bracket, Comment, CommentKind, Token, TokenKind};
use crate::message::lexical as message;

/// What the lexer found.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    /// In order; the gaps between them are white space and comments.
    pub(super) tokens: Vec<Token>,
    /// In order.
    pub(super) comments: Vec<Comment>,
    /// What is wrong with literals and comments.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads the whole text.
///
/// When a string, a quoted symbol, an interpolation or a comment never ends, the text is read a second time, and then
/// each of them ends at the latest before a line that looks like a declaration: the mistake stays in its member.
pub(super) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer::new(text, Trust::Full);
    lexer.run();
    if lexer.unterminated {
        lexer = Lexer::new(text, Trust::Members);
        lexer.run();
    }
    lexer.found
}

/// A `{` in a string that has not been closed yet.
struct Interpolation {
    /// Offset of the brace.
    open: usize,
    /// Offset of the string's opening quote.
    quote: usize,
    /// Braces opened since, and not closed.
    braces: u32,
}

/// Where a string or an interpolation ends that does not say so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Nowhere: everything is taken as it stands.
    Full,
    /// Before a line that looks like a declaration.
    Members,
    /// With its line: no declaration follows.
    Lines,
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    line_start: usize,
    /// No token has been seen on this line.
    fresh_line: bool,
    interpolations: Vec<Interpolation>,
    trust: Trust,
    unterminated: bool,
    /// No `*/` follows: it need not be searched again.
    no_comment_ends: bool,
    found: Lexed,
}

impl<'t> Lexer<'t> {
    fn new(text: &'t str, trust: Trust) -> Self {
        let byte_order_mark = '\u{feff}';
        let start = if text.starts_with(byte_order_mark) {
            byte_order_mark.len_utf8()
        } else {
            0
        };
        Self {
            text,
            bytes: text.as_bytes(),
            at: start,
            line_start: start,
            fresh_line: true,
            interpolations: Vec::new(),
            trust,
            unterminated: false,
            no_comment_ends: false,
            found: Lexed::default(),
        }
    }

    fn run(&mut self) {
        loop {
            while self.skip_trivia() {
                self.token();
                if self.unterminated && self.trust == Trust::Full {
                    return;
                }
            }
            if !self.back_to_interpolation() {
                return self.close_interpolations();
            }
        }
    }

    /// The text has ended inside an interpolation, and no declaration stood behind it: reads what follows its first
    /// line once more. At most once.
    fn back_to_interpolation(&mut self) -> bool {
        let outermost = self
            .interpolations
            .first()
            .map(|interpolation| interpolation.open);
        let Some(open) = outermost.filter(|_| self.trust == Trust::Members) else {
            return false;
        };
        let kept = self
            .found
            .tokens
            .partition_point(|token| (token.span.start as usize) <= open);
        self.found.tokens.truncate(kept);
        self.found
            .comments
            .retain(|comment| (comment.span.start as usize) < open);
        self.found
            .diagnostics
            .retain(|diagnostic| (diagnostic.span.start as usize) < open);
        self.close_interpolations();
        self.trust = Trust::Lines;
        self.at = self.end_of(open, |byte| byte != b'\n');
        true
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn starts_with(&self, at: usize, prefix: &str) -> bool {
        self.bytes
            .get(at..)
            .is_some_and(|rest| rest.starts_with(prefix.as_bytes()))
    }

    fn span(start: usize, end: usize) -> Span {
        Span::new(start as u32, end as u32)
    }

    /// First offset from `at` on whose byte does not satisfy `test`.
    fn end_of(&self, at: usize, test: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest
            .iter()
            .position(|byte| !test(*byte))
            .unwrap_or(rest.len())
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        let column = self.fresh_line.then(|| {
            let before = self.text.get(self.line_start..start).unwrap_or_default();
            before.chars().count() as u32
        });
        self.fresh_line = false;
        self.found.tokens.push(Token {
            kind,
            span: Self::span(start, end),
            column,
        });
        self.at = end;
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.diagnostics.push(diagnostic);
    }

    // --- white space and comments ---

    /// Skips to the next token; false at the end of the text.
    fn skip_trivia(&mut self) -> bool {
        loop {
            match self.byte(self.at) {
                b'\n' => self.new_line(self.at + 1),
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'/' if self.byte(self.at + 1) == b'/' => self.line_comment(),
                b'/' if self.byte(self.at + 1) == b'*' => self.block_comment(),
                _ => return self.at < self.bytes.len(),
            }
        }
    }

    fn new_line(&mut self, start: usize) {
        self.at = start;
        self.line_start = start;
        self.fresh_line = true;
        if !self.interpolations.is_empty() && self.cuts_at(start - 1) {
            self.close_interpolations();
        }
    }

    /// Reports interpolations that are still open, as one mistake.
    fn close_interpolations(&mut self) {
        let Some(outermost) = self
            .interpolations
            .first()
            .map(|interpolation| interpolation.open)
        else {
            return;
        };
        self.interpolations.clear();
        self.unterminated = true;
        let end = self.found.tokens.last().map_or(0, |token| token.span.end);
        self.found.tokens.push(Token {
            kind: TokenKind::Cut,
            span: Span::at(end),
            column: None,
        });
        let doubled = self.byte(outermost + 1) == b'{';
        self.report(message::unterminated_interpolation(
            Self::span(outermost, outermost + 1),
            doubled,
        ));
    }

    fn line_comment(&mut self) {
        let start = self.at;
        let slashes = self.end_of(start, |byte| byte == b'/') - start;
        let kind = if slashes == 3 {
            CommentKind::Doc
        } else {
            CommentKind::Line
        };
        let end = self.end_of(start, |byte| byte != b'\n');
        self.comment(kind, start, end);
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let rest = self.text.get(start + 2..).unwrap_or_default();
        let length = if self.no_comment_ends {
            None
        } else {
            rest.find("*/")
        };
        self.no_comment_ends |= length.is_none();
        let end = match length {
            Some(length) => start + 2 + length + 2,
            None => self.unterminated(start, start + 2, message::unterminated_comment),
        };
        self.comment(CommentKind::Block, start, end);
        let body = self.text.get(start..end).unwrap_or_default();
        if let Some(last) = body.rfind('\n') {
            self.line_start = start + last + 1;
            self.fresh_line = true;
        }
    }

    fn comment(&mut self, kind: CommentKind, start: usize, end: usize) {
        let text = self.text.get(start..end).unwrap_or_default();
        let end = start + text.trim_end_matches('\r').len();
        let first_on_line = self.fresh_line;
        self.found.comments.push(Comment {
            kind,
            span: Self::span(start, end),
            first_on_line,
        });
        self.at = end;
    }

    /// Something that begins at `start` does not end: reports it, or gives up the first reading. Answers where to go on.
    fn unterminated(&mut self, start: usize, from: usize, report: fn(Span) -> Diagnostic) -> usize {
        self.unterminated = true;
        if self.trust != Trust::Full {
            if self.interpolations.is_empty() {
                self.report(report(Self::span(start, start + 1)));
            }
            self.close_interpolations();
            return self.next_start(from);
        }
        self.bytes.len()
    }

    /// Where reading goes on after something that does not end: at the next declaration, else on the next line.
    fn next_start(&mut self, from: usize) -> usize {
        let declaration = if self.trust == Trust::Lines {
            None
        } else {
            resync::next_declaration(self.text, from)
        };
        declaration.unwrap_or_else(|| {
            self.trust = Trust::Lines;
            self.end_of(from, |byte| byte != b'\n')
        })
    }

    /// Whether a line break at `at` cuts off what is open.
    fn cuts_at(&self, at: usize) -> bool {
        match self.trust {
            Trust::Full => false,
            Trust::Members => resync::can_declare(self.text, at + 1),
            Trust::Lines => true,
        }
    }

    // --- tokens ---

    fn token(&mut self) {
        let start = self.at;
        match self.byte(start) {
            byte if is_word_start(byte) => self.word(),
            b'0'..=b'9' => self.number(start),
            b'"' => self.string(start, start, start + 1),
            b'$' => self.character(),
            b'#' => self.hash(),
            b'@' => self.at_sign(),
            b'\'' => self.single_quote(),
            b'.' => self.dot(),
            b':' => self.colon(),
            b'-' if self.byte(start + 1).is_ascii_digit() => self.number(start + 1),
            byte if is_operator(byte) => self.operator(),
            byte => self.punctuation(byte),
        }
    }

    fn word(&mut self) {
        let start = self.at;
        let end = self.end_of(start, is_word);
        if self.is_keyword_colon(end) {
            self.push(TokenKind::Keyword, start, end + 1);
        } else if self.byte(start).is_ascii_uppercase() {
            self.push(TokenKind::ClassName, start, end);
        } else {
            self.push(TokenKind::Identifier, start, end);
        }
    }

    fn is_keyword_colon(&self, at: usize) -> bool {
        self.byte(at) == b':' && !matches!(self.byte(at + 1), b':' | b'=')
    }

    fn number(&mut self, digits: usize) {
        let start = self.at;
        let mut end = self.end_of(digits, is_digit);
        if self.byte(end) == b'r' {
            end = self.end_of(end, is_word);
            return self.push(TokenKind::Number, start, end);
        }
        if self.byte(end) == b'.' && self.byte(end + 1).is_ascii_digit() {
            end = self.end_of(end + 1, is_digit);
        }
        if matches!(self.byte(end), b'e' | b'E') {
            let signed = matches!(self.byte(end + 1), b'+' | b'-');
            let exponent = end + 1 + usize::from(signed);
            if self.byte(exponent).is_ascii_digit() {
                end = self.end_of(exponent, is_digit);
            }
        }
        self.push(TokenKind::Number, start, end);
    }

    fn character(&mut self) {
        let start = self.at;
        let escape = usize::from(self.byte(start + 1) == b'\\');
        let rest = self.text.get(start + 1 + escape..).unwrap_or_default();
        if let Some(character) = rest.chars().next() {
            let end = start + 1 + escape + character.len_utf8();
            self.push(TokenKind::Character, start, end);
            // A raw line break as a character starts a line like any other.
            if character == '\n' {
                self.line_start = end;
                self.fresh_line = true;
            }
        } else {
            self.report(message::missing_character(Self::span(
                start,
                self.bytes.len(),
            )));
            self.push(TokenKind::Unknown, start, self.bytes.len());
        }
    }

    fn hash(&mut self) {
        let start = self.at;
        match self.byte(start + 1) {
            b'(' => self.push(TokenKind::Open(Bracket::List), start, start + 2),
            b'[' => self.push(TokenKind::Open(Bracket::Array), start, start + 2),
            b'{' => self.open_brace(Bracket::Map, start + 2),
            b'\'' => self.quoted_symbol(),
            byte if is_word_start(byte) => {
                let end = self.symbol_words(start + 1);
                self.push(TokenKind::Symbol, start, end);
            }
            byte if is_operator(byte) && !self.is_comment(start + 1) => {
                let end = self.operator_end(start + 1);
                self.push(TokenKind::Symbol, start, end);
            }
            _ => {
                self.report(message::lone_hash(Self::span(start, start + 1)));
                self.push(TokenKind::Unknown, start, start + 1);
            }
        }
    }

    fn symbol_words(&self, start: usize) -> usize {
        let mut end = self.end_of(start, is_word);
        if !self.is_keyword_colon(end) {
            return end;
        }
        end += 1;
        while is_word_start(self.byte(end)) {
            let next = self.end_of(end, is_word);
            if !self.is_keyword_colon(next) {
                break;
            }
            end = next + 1;
        }
        end
    }

    fn quoted_symbol(&mut self) {
        let start = self.at;
        let mut at = start + 2;
        loop {
            at = self.end_of(at, |byte| byte != b'\'' && byte != b'\n');
            match self.byte(at) {
                b'\'' if self.byte(at + 1) == b'\'' => at += 2,
                b'\'' => return self.push(TokenKind::Symbol, start, at + 1),
                b'\n' if !self.cuts_at(at) => at += 1,
                _ => break,
            }
        }
        let end = self.unterminated(start, start + 2, message::unterminated_symbol);
        self.push(TokenKind::Unknown, start, end);
    }

    fn single_quote(&mut self) {
        let start = self.at;
        let rest = self.text.get(start + 1..).unwrap_or_default();
        // Up to the next quote or line break, so that many quotes on one line stay linear.
        let closing = rest
            .find(['\'', '\n'])
            .filter(|at| rest.as_bytes().get(*at) == Some(&b'\''));
        let inner = closing.and_then(|length| rest.get(..length));
        let end = start + inner.map_or(1, |inner| inner.len() + 2);
        self.report(message::single_quoted(Self::span(start, end), inner));
        self.push(TokenKind::Unknown, start, end);
    }

    fn at_sign(&mut self) {
        let start = self.at;
        let package = self.found.tokens.last().is_some_and(|token| {
            token.kind == TokenKind::Identifier && token.span.end as usize == start
        });
        let end = self.end_of(start + 1, is_word);
        if package || !is_word_start(self.byte(start + 1)) {
            self.push(TokenKind::At, start, start + 1);
        } else {
            self.push(TokenKind::Directive, start, end);
        }
    }

    fn dot(&mut self) {
        let start = self.at;
        if self.starts_with(start, "...") {
            self.push(TokenKind::Ellipsis, start, start + 3);
        } else if self.is_field_dot(start) {
            self.push(TokenKind::FieldDot, start, start + 1);
        } else {
            self.push(TokenKind::Period, start, start + 1);
        }
    }

    fn is_field_dot(&self, at: usize) -> bool {
        let after_name = self.found.tokens.last().is_some_and(|token| {
            matches!(token.kind, TokenKind::Identifier | TokenKind::ClassName)
                && token.span.end as usize == at
        });
        after_name
            && is_word_start(self.byte(at + 1))
            && !self.is_keyword_colon(self.end_of(at + 1, is_word))
    }

    fn colon(&mut self) {
        let start = self.at;
        match self.byte(start + 1) {
            b':' => self.push(TokenKind::DoubleColon, start, start + 2),
            b'=' => self.push(TokenKind::Assign, start, start + 2),
            _ => self.push(TokenKind::Colon, start, start + 1),
        }
    }

    fn is_comment(&self, at: usize) -> bool {
        self.byte(at) == b'/' && matches!(self.byte(at + 1), b'/' | b'*')
    }

    /// End of the run of operator characters that starts at `start`; a comment ends it.
    fn operator_end(&self, start: usize) -> usize {
        if self.starts_with(start, "=:=") {
            return start + 3;
        }
        let mut end = start;
        while is_operator(self.byte(end)) && !self.is_comment(end) {
            end += 1;
        }
        end
    }

    fn operator(&mut self) {
        let start = self.at;
        let end = self.operator_end(start);
        let kind = match self.text.get(start..end) {
            Some("=>") => TokenKind::FatArrow,
            Some("->") => TokenKind::Arrow,
            _ => TokenKind::Operator,
        };
        self.push(kind, start, end);
    }

    fn punctuation(&mut self, byte: u8) {
        let start = self.at;
        let kind = match byte {
            b';' => TokenKind::Semicolon,
            b'^' => TokenKind::Caret,
            b'!' => TokenKind::Bang,
            b'|' => TokenKind::Bar,
            b'(' => TokenKind::Open(Bracket::Paren),
            b'[' => TokenKind::Open(Bracket::Square),
            b')' => TokenKind::Close(Bracket::Paren),
            b']' => TokenKind::Close(Bracket::Square),
            b'{' => return self.open_brace(Bracket::Brace, start + 1),
            b'}' => return self.close_brace(),
            _ => return self.unknown(),
        };
        self.push(kind, start, start + 1);
    }

    fn unknown(&mut self) {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        let length = rest.chars().next().map_or(1, char::len_utf8);
        self.push(TokenKind::Unknown, start, start + length);
    }
}

pub(super) fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

pub(super) fn is_operator(byte: u8) -> bool {
    matches!(
        byte,
        b'+' | b'-' | b'*' | b'/' | b'<' | b'>' | b'=' | b'~' | b'%' | b'&' | b'?' | b',' | b'\\'
    )
}
