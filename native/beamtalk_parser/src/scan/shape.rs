//! What tokens look like the beginning of a declaration: pure lookahead, bounded, without a tree.

use beamtalk_source::Span;

use super::token::{Bracket, Token, TokenKind};

/// A longer type in a header is not recognized as one: lookahead from many places stays linear.
const TYPE_TOKENS: usize = 256;
/// More modifiers in a row are not recognized.
const MODIFIERS: usize = 8;

/// Tokens with their text, and questions about them.
pub(super) struct Shapes<'s> {
    text: &'s str,
    tokens: &'s [Token],
    /// The last run of keyword parts that was read, and what came of it: every keyword in it has the same answer, so a
    /// message of 100,000 parts is read once.
    keyword_run: (usize, usize, Option<usize>),
}

impl<'s> Shapes<'s> {
    pub(super) fn new(text: &'s str, tokens: &'s [Token]) -> Self {
        Self {
            text,
            tokens,
            keyword_run: (0, 0, None),
        }
    }

    /// The token at `at`, or [`Token::END`].
    pub(super) fn token(&self, at: usize) -> Token {
        self.tokens.get(at).copied().unwrap_or(Token::END)
    }

    pub(super) fn kind(&self, at: usize) -> TokenKind {
        self.token(at).kind
    }

    pub(super) fn word(&self, at: usize) -> &'s str {
        let span = self
            .tokens
            .get(at)
            .map_or(Span::default(), |token| token.span);
        span.text(self.text)
    }

    /// Whether the token is the first of its line.
    pub(super) fn starts_line(&self, at: usize) -> bool {
        self.token(at).column.is_some()
    }

    fn is_name(&self, at: usize) -> bool {
        matches!(self.kind(at), TokenKind::Identifier | TokenKind::ClassName)
    }

    fn is_operator(&self, at: usize, text: &str) -> bool {
        self.kind(at) == TokenKind::Operator && self.word(at) == text
    }

    fn is_keyword(&self, at: usize, text: &str) -> bool {
        self.kind(at) == TokenKind::Keyword && self.word(at) == text
    }

    // --- declarations of a file ---

    /// A class, a protocol or a standalone method starts here.
    pub(super) fn declaration(&mut self, at: usize) -> bool {
        self.subclass_keyword(at).is_some() || self.protocol(at) || self.standalone(at).is_some()
    }

    /// `abstract Object subclass:`: the index of the keyword.
    pub(super) fn subclass_keyword(&self, at: usize) -> Option<usize> {
        let superclass = self.after_class_modifiers(at);
        let end =
            if self.kind(superclass) == TokenKind::Identifier && self.word(superclass) == "nil" {
                superclass + 1
            } else {
                self.type_arguments(self.class_reference(superclass)?)?
            };
        self.is_keyword(end, "subclass:").then_some(end)
    }

    /// The first token that is no class modifier.
    pub(super) fn after_class_modifiers(&self, at: usize) -> usize {
        let is_modifier = |at: &usize| {
            self.kind(*at) == TokenKind::Identifier
                && matches!(self.word(*at), "abstract" | "sealed" | "typed" | "internal")
        };
        (at..at + MODIFIERS)
            .find(|at| !is_modifier(at))
            .unwrap_or(at + MODIFIERS)
    }

    /// `abstract Object` without `subclass:`, or `Object subclass Name`: a class header that someone has begun.
    pub(super) fn broken_class(&self, at: usize) -> bool {
        let superclass = self.after_class_modifiers(at);
        let Some(end) = self.class_reference(superclass) else {
            return false;
        };
        let has_modifier = superclass > at && !self.starts_line(superclass);
        let has_word = self.word(end) == "subclass"
            && self.kind(end + 1) == TokenKind::ClassName
            && (end..end + 2).all(|index| !self.starts_line(index));
        has_modifier || has_word
    }

    /// `Name` or `pkg@Name`: the index after it.
    fn class_reference(&self, at: usize) -> Option<usize> {
        let qualified =
            self.kind(at) == TokenKind::Identifier && self.kind(at + 1) == TokenKind::At;
        let name = if qualified { at + 2 } else { at };
        (self.kind(name) == TokenKind::ClassName).then_some(name + 1)
    }

    /// Optional arguments in parentheses: the index after them.
    pub(super) fn type_arguments(&self, at: usize) -> Option<usize> {
        if self.kind(at) != TokenKind::Open(Bracket::Paren) {
            return Some(at);
        }
        let mut depth = 0_u32;
        for index in at..at + TYPE_TOKENS {
            match self.kind(index) {
                TokenKind::Open(Bracket::Paren) => depth += 1,
                TokenKind::Close(Bracket::Paren) if depth == 1 => return Some(index + 1),
                TokenKind::Close(Bracket::Paren) => depth -= 1,
                kind if is_type_token(kind) => {}
                _ => return None,
            }
        }
        None
    }

    /// `Protocol define:`
    pub(super) fn protocol(&self, at: usize) -> bool {
        self.kind(at) == TokenKind::ClassName
            && self.word(at) == "Protocol"
            && self.is_keyword(at + 1, "define:")
    }

    /// `Name class >> selector =>`: the index after `=>`.
    pub(super) fn standalone(&mut self, at: usize) -> Option<usize> {
        let mut index = self.class_reference(at)?;
        if self.kind(index) == TokenKind::Identifier && self.word(index) == "class" {
            index += 1;
        }
        if !self.is_operator(index, ">>") {
            return None;
        }
        self.method_header(index + 1)
    }

    /// `internal type Name =`, also with type parameters or without `=`, which are mistakes.
    pub(super) fn alias(&self, at: usize) -> bool {
        let internal = self.kind(at) == TokenKind::Identifier && self.word(at) == "internal";
        let word = if internal { at + 1 } else { at };
        if self.kind(word) != TokenKind::Identifier || self.word(word) != "type" {
            return false;
        }
        if self.kind(word + 1) != TokenKind::ClassName {
            return false;
        }
        let forgotten = self.kind(word + 2) == TokenKind::ClassName && !self.starts_line(word + 2);
        let equals = self
            .type_arguments(word + 2)
            .is_some_and(|after| self.is_operator(after, "="));
        forgotten || equals
    }

    // --- members ---

    /// `state:`, `field:` or `classState:`
    pub(super) fn field(&self, at: usize) -> bool {
        self.kind(at) == TokenKind::Keyword
            && matches!(self.word(at), "state:" | "field:" | "classState:")
    }

    /// A field keyword whose name is followed by `=` or `::`: this can only be a declaration.
    pub(super) fn certain_field(&self, at: usize) -> bool {
        self.field(at)
            && self.is_name(at + 1)
            && (self.kind(at + 2) == TokenKind::DoubleColon || self.is_operator(at + 2, "="))
    }

    /// `@expect category "reason"`: the index after it.
    pub(super) fn expect(&self, at: usize) -> Option<usize> {
        if self.kind(at) != TokenKind::Directive || self.word(at) != "@expect" {
            return None;
        }
        let category = at + 1 + usize::from(self.is_name(at + 1) && !self.starts_line(at + 1));
        Some(
            category
                + usize::from(
                    self.kind(category) == TokenKind::String && !self.starts_line(category),
                ),
        )
    }

    /// A field or a method starts here.
    pub(super) fn field_or_method(&mut self, at: usize) -> bool {
        self.field(at) || self.method_header(at).is_some()
    }

    /// `native:` or `handleScope:` with a name behind it: a clause of a class header, misplaced.
    pub(super) fn header_clause(&self, at: usize) -> bool {
        (self.is_keyword(at, "native:") || self.is_keyword(at, "handleScope:"))
            && matches!(self.kind(at + 1), TokenKind::Identifier | TokenKind::Symbol)
    }

    /// Modifiers, signature and `=>`: the index after it.
    pub(super) fn method_header(&mut self, at: usize) -> Option<usize> {
        let at = self.after_method_modifiers(at);
        match self.kind(at) {
            TokenKind::Keyword => self.keyword_header(at),
            TokenKind::Identifier | TokenKind::ClassName => self.header_end(at + 1),
            TokenKind::Operator | TokenKind::Arrow => self.header_end(self.parameter(at + 1)?),
            _ => None,
        }
    }

    /// A method whose header stands on one line: the only way to define one whose selector begins like a field.
    pub(super) fn one_line_method(&mut self, at: usize) -> bool {
        let Some(end) = self.method_header(at) else {
            return false;
        };
        (at + 1..end)
            .take(TYPE_TOKENS)
            .all(|index| !self.starts_line(index))
    }

    /// A protocol signature: the index after it.
    pub(super) fn signature(&self, at: usize) -> Option<usize> {
        let class_side = self.word(at) == "class"
            && !self.starts_line(at + 1)
            && self.kind(at + 1) != TokenKind::Arrow;
        let at = at + usize::from(class_side);
        match self.kind(at) {
            TokenKind::Keyword => {
                let mut end = self.parameter(at + 1)?;
                while self.kind(end) == TokenKind::Keyword && !self.starts_line(end) {
                    end = self.parameter(end + 1)?;
                }
                self.result(end)
            }
            TokenKind::Identifier | TokenKind::ClassName => self.result(at + 1),
            TokenKind::Operator | TokenKind::Arrow => self.result(self.parameter(at + 1)?),
            _ => None,
        }
    }

    /// `class` and `internal` are modifiers unless they are the selector itself.
    fn after_method_modifiers(&self, at: usize) -> usize {
        let is_modifier = |at: &usize| {
            self.kind(*at) == TokenKind::Identifier
                && matches!(self.word(*at), "sealed" | "internal" | "class")
                && self.header_end(at + 1).is_none()
        };
        (at..at + MODIFIERS)
            .find(|at| !is_modifier(at))
            .unwrap_or(at + MODIFIERS)
    }

    fn keyword_header(&mut self, at: usize) -> Option<usize> {
        let (start, end, answer) = self.keyword_run;
        if (start..end).contains(&at) {
            return answer;
        }
        let mut index = at;
        let mut complete = true;
        while complete && self.kind(index) == TokenKind::Keyword {
            match self.parameter(index + 1) {
                Some(next) => index = next,
                None => complete = false,
            }
        }
        let answer = if complete {
            self.header_end(index)
        } else {
            None
        };
        self.keyword_run = (at, index + 1, answer);
        answer
    }

    /// A name, maybe with a type. `name: Type` is taken as a parameter whose second colon is missing.
    fn parameter(&self, at: usize) -> Option<usize> {
        if self.kind(at) == TokenKind::Keyword && self.kind(at + 1) == TokenKind::ClassName {
            return self.type_end(at + 1);
        }
        if !self.is_name(at) {
            return None;
        }
        let typed = matches!(self.kind(at + 1), TokenKind::DoubleColon | TokenKind::Colon);
        if typed && self.kind(at + 2) != TokenKind::Arrow {
            self.type_end(at + 2)
        } else {
            Some(at + 1)
        }
    }

    /// An optional result type and `=>`.
    fn header_end(&self, at: usize) -> Option<usize> {
        let end = self.result(at)?;
        (self.kind(end) == TokenKind::FatArrow).then_some(end + 1)
    }

    /// An optional result type.
    fn result(&self, at: usize) -> Option<usize> {
        let arrow = if self.kind(at) == TokenKind::DoubleColon {
            at + 1
        } else {
            at
        };
        match self.kind(arrow) {
            TokenKind::Arrow => self.type_end(arrow + 1),
            _ if arrow == at => Some(at),
            _ => None,
        }
    }

    /// The index after a type.
    fn type_end(&self, at: usize) -> Option<usize> {
        let limit = at + TYPE_TOKENS;
        let mut depth = 0_u32;
        let mut index = at;
        while index < limit {
            index = match self.kind(index) {
                TokenKind::Open(Bracket::Paren) => {
                    depth += 1;
                    index + 1
                }
                TokenKind::Close(Bracket::Paren) if depth > 0 => {
                    self.close_types(index, &mut depth)
                }
                TokenKind::Symbol => self.close_types(index + 1, &mut depth),
                TokenKind::Identifier | TokenKind::ClassName => {
                    self.after_type_name(index + 1, &mut depth)
                }
                _ => return None,
            };
            if self.kind(index - 1) == TokenKind::Open(Bracket::Paren) {
                continue;
            }
            if !self.is_type_operator(index, depth) {
                return (depth == 0).then_some(index);
            }
            index += 1;
        }
        None
    }

    /// After a name in a type: arguments, `class`, or nothing.
    fn after_type_name(&self, at: usize, depth: &mut u32) -> usize {
        if self.kind(at) == TokenKind::Open(Bracket::Paren) {
            *depth += 1;
            return at + 1;
        }
        let metatype = self.word(at) == "class" && !self.starts_line(at);
        self.close_types(at + usize::from(metatype), depth)
    }

    fn close_types(&self, at: usize, depth: &mut u32) -> usize {
        let mut index = at;
        while *depth > 0 && self.kind(index) == TokenKind::Close(Bracket::Paren) {
            *depth -= 1;
            index += 1;
        }
        index
    }

    fn is_type_operator(&self, at: usize, depth: u32) -> bool {
        match self.kind(at) {
            TokenKind::Bar => true,
            TokenKind::Operator => match self.word(at) {
                "\\" | "\\\\" | "&" => true,
                "," => depth > 0,
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether `=>` stands on the line that starts at `at`, outside brackets: a method header, however broken.
    pub(super) fn line_has_fat_arrow(&self, at: usize) -> bool {
        let mut depth = 0_u32;
        let mut index = at;
        while index == at || (self.kind(index) != TokenKind::End && !self.starts_line(index)) {
            match self.kind(index) {
                TokenKind::FatArrow if depth == 0 => return true,
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) if depth == 0 => return false,
                TokenKind::Close(_) => depth -= 1,
                TokenKind::Period | TokenKind::Caret | TokenKind::Assign if depth == 0 => {
                    return false;
                }
                _ => {}
            }
            index += 1;
        }
        false
    }
}

fn is_type_token(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Identifier
            | TokenKind::ClassName
            | TokenKind::Symbol
            | TokenKind::Operator
            | TokenKind::Bar
            | TokenKind::DoubleColon
    )
}
