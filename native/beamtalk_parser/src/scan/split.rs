//! Chunks: where each declaration, member and top-level statement starts and ends, by the rules of section 1.9.

use beamtalk_source::{Diagnostic, Span};

use super::brackets::Brackets;
use super::shape::Shapes;
use super::token::{Token, TokenKind};
use super::{Chunk, ChunkKind};

/// Column of a method header that does not start its line, and of the deepest keyword that cannot continue a message.
pub(super) const MEMBER_COLUMN: u32 = 2;

/// Splits the tokens into chunks.
pub(super) fn split(text: &str, tokens: &[Token], nesting: u32) -> (Vec<Chunk>, Vec<Diagnostic>) {
    let mut splitter = Splitter {
        shapes: Shapes::new(text, tokens),
        tokens,
        brackets: Brackets::new(nesting),
        chunks: Vec::new(),
        in_class: false,
    };
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        // Where the lexer gave up is a matter of the chunk in which that is, not a chunk.
        at = if token.kind == TokenKind::Cut {
            at + 1
        } else {
            splitter.chunk(at)
        };
    }
    (splitter.chunks, splitter.brackets.into_diagnostics())
}

/// What decides where a chunk ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// A method in a class body, whose header starts in this column.
    Method(u32),
    Field,
    Standalone,
    Statements,
    Protocol,
    Alias,
}

struct Splitter<'s> {
    shapes: Shapes<'s>,
    tokens: &'s [Token],
    brackets: Brackets,
    chunks: Vec<Chunk>,
    /// Whether a class body may go on here.
    in_class: bool,
}

impl Splitter<'_> {
    /// Finds the chunk that starts at token `at`; answers the index after it.
    fn chunk(&mut self, at: usize) -> usize {
        self.brackets.start_chunk();
        let (kind, end) = self.kind_and_end(at);
        // A chunk has at least one token: the scan always ends.
        let end = end.max(at + 1);
        let first = self.shapes.token(at).span;
        let last = self.shapes.token(end - 1).span;
        let body = Span::new(first.start, last.end.max(first.end));
        let broken = self.brackets.end_chunk();
        self.chunks.push(Chunk {
            kind,
            range: body,
            body,
            tokens: at..end,
            broken,
        });
        end
    }

    fn kind_and_end(&mut self, at: usize) -> (ChunkKind, usize) {
        if let Some(keyword) = self.shapes.subclass_keyword(at) {
            self.in_class = true;
            return (ChunkKind::ClassHeader, self.class_header_end(at, keyword));
        }
        if self.shapes.protocol(at) {
            self.in_class = false;
            return (ChunkKind::Protocol, self.walk(at, at + 2, Extent::Protocol));
        }
        if let Some(body) = self.shapes.standalone(at) {
            self.in_class = false;
            return (
                ChunkKind::Standalone,
                self.walk(at, body, Extent::Standalone),
            );
        }
        if self.shapes.alias(at) {
            // An alias between the members of a class does not end the class.
            self.in_class &= self.shapes.token(at).column != Some(0);
            return (ChunkKind::Alias, self.walk(at, at + 2, Extent::Alias));
        }
        if self.in_class {
            self.member(at)
        } else {
            self.outside(at)
        }
    }

    /// Header clauses, and whatever else stands on the header's lines and is no member.
    fn class_header_end(&mut self, start: usize, keyword: usize) -> usize {
        let mut end = keyword + 1;
        if matches!(
            self.shapes.kind(end),
            TokenKind::ClassName | TokenKind::Identifier
        ) && !self.shapes.starts_line(end)
        {
            end = self.shapes.type_arguments(end + 1).unwrap_or(end + 1);
        }
        while self.is_header_clause(end) {
            let has_name = matches!(
                self.shapes.kind(end + 1),
                TokenKind::Identifier | TokenKind::ClassName | TokenKind::Symbol
            );
            let belongs = !self.shapes.starts_line(end + 1)
                || self.shapes.kind(end + 1) == TokenKind::Symbol
                || (self.shapes.word(end) == "native:" && self.is_lonely_name(end + 1));
            end += 1 + usize::from(has_name && belongs);
        }
        for at in start..end {
            self.brackets.token(self.shapes.token(at));
        }
        while end < self.tokens.len() && !self.shapes.starts_line(end) && !self.member_starts(end) {
            self.brackets.misplaced(self.shapes.token(end));
            end += 1;
        }
        end
    }

    fn is_header_clause(&mut self, at: usize) -> bool {
        self.shapes.kind(at) == TokenKind::Keyword
            && matches!(self.shapes.word(at), "native:" | "handleScope:")
            && !self.shapes.one_line_method(at)
    }

    /// A name that has a line for itself: what `native:` at the end of the line before it was to have.
    fn is_lonely_name(&mut self, at: usize) -> bool {
        let alone = self.shapes.starts_line(at + 1) || self.shapes.kind(at + 1) == TokenKind::End;
        alone && !self.member_starts(at)
    }

    fn member_starts(&mut self, at: usize) -> bool {
        self.shapes.expect(at).is_some()
            || self.shapes.field_or_method(at)
            || self.shapes.declaration(at)
    }

    fn member(&mut self, at: usize) -> (ChunkKind, usize) {
        let first = self.shapes.token(at);
        let after = self.shapes.expect(at);
        let head = after.unwrap_or(at);
        if self.shapes.field(head) && !self.shapes.one_line_method(head) {
            return (ChunkKind::Field, self.walk(at, head + 2, Extent::Field));
        }
        let extent = Extent::Method(first.column.unwrap_or(MEMBER_COLUMN));
        if let Some(body) = self.shapes.method_header(head) {
            return (ChunkKind::Method, self.walk(at, body, extent));
        }
        // `@expect` in the margin belongs to what stands below it: a statement there, as it would be without it.
        let in_margin = first.column == Some(0) && self.shapes.token(head).column == Some(0);
        if in_margin && (self.shapes.declaration(head) || !self.shapes.line_has_fat_arrow(head)) {
            self.in_class = false;
            return self.outside(at);
        }
        (ChunkKind::Method, self.walk(at, at, extent))
    }

    fn outside(&mut self, at: usize) -> (ChunkKind, usize) {
        if let Some(body) = self.shapes.method_header(at) {
            return (
                ChunkKind::OrphanMethod,
                self.walk(at, body, Extent::Standalone),
            );
        }
        if self.shapes.broken_class(at) {
            self.in_class = true;
            let name = self.shapes.after_class_modifiers(at);
            return (ChunkKind::ClassHeader, self.class_header_end(at, name));
        }
        (
            ChunkKind::Statements,
            self.walk(at, at + 1, Extent::Statements),
        )
    }

    /// Reads from `start` to the end of the chunk; the first token that can end it is the one at `body`.
    fn walk(&mut self, start: usize, body: usize, extent: Extent) -> usize {
        let mut at = start;
        let mut has_value = false;
        while at < self.tokens.len() {
            if at >= body && at > start && self.ends_before(start, at, body, extent, has_value) {
                break;
            }
            let token = self.shapes.token(at);
            self.brackets.token(token);
            has_value |= self.brackets.is_flat()
                && token.kind == TokenKind::Operator
                && self.shapes.word(at) == "=";
            at += 1;
        }
        at
    }

    fn ends_before(
        &mut self,
        start: usize,
        at: usize,
        body: usize,
        extent: Extent,
        has_value: bool,
    ) -> bool {
        if !self.brackets.is_flat() {
            return self.is_forced(at, extent);
        }
        match extent {
            Extent::Method(column) => self.ends_method(at, body, column),
            Extent::Field => self.ends_field(start, at, has_value),
            Extent::Standalone => self.ends_standalone(at, body),
            Extent::Statements => self.ends_statements(at),
            Extent::Protocol => self.ends_protocol(at),
            Extent::Alias => self.ends_alias(at),
        }
    }

    /// Inside brackets: whether they were forgotten to be closed before this token.
    fn is_forced(&mut self, at: usize, extent: Extent) -> bool {
        let Some(column) = self.shapes.token(at).column else {
            return false;
        };
        if self.brackets.in_interpolation() {
            return false;
        }
        let limit = match extent {
            Extent::Method(column) => column,
            Extent::Field => MEMBER_COLUMN,
            _ => 0,
        };
        if column > limit {
            return false;
        }
        // `Name => value` can stand in a map.
        let is_key = self.brackets.in_map() && self.shapes.kind(at) == TokenKind::ClassName;
        let is_member = self.in_class && self.shapes.certain_field(at);
        is_member
            || self.shapes.declaration(at)
            || (!is_key && self.shapes.method_header(at).is_some())
            || (!self.brackets.in_map() && self.shapes.line_has_fat_arrow(at))
    }

    /// Whether a statement can start here: on a new line, after a terminator, or as the first of a body.
    fn starts_statement(&self, at: usize, body: usize) -> bool {
        self.shapes.starts_line(at) || at == body || self.shapes.token(at - 1).is_terminator()
    }

    /// Whether a line break before this token ends the statement. Keywords are judged elsewhere.
    fn line_ends_statement(&self, at: usize) -> bool {
        let before = self.shapes.token(at.saturating_sub(1));
        self.shapes.starts_line(at)
            && (before.is_terminator() || (before.ends_expression() && self.starts_expression(at)))
    }

    fn ends_method(&mut self, at: usize, body: usize, column: u32) -> bool {
        if !self.starts_statement(at, body) {
            return false;
        }
        let token = self.shapes.token(at);
        let is_field = self.shapes.field(at)
            && (token.column.is_none_or(|column| column <= MEMBER_COLUMN)
                || self.shapes.certain_field(at));
        if is_field || self.shapes.declaration(at) {
            return true;
        }
        match token.column {
            Some(0) if self.is_statement_at_margin(at, body) => true,
            Some(0) if self.shapes.kind(at) == TokenKind::Keyword => true,
            Some(own) if own > column => false,
            Some(_) => self.member_line(at),
            None => {
                self.shapes.method_header(at).is_some()
                    || self.shapes.alias(at)
                    || self.expects_member(at)
            }
        }
    }

    /// A line at the column of members: a member, also a broken one.
    fn member_line(&mut self, at: usize) -> bool {
        self.shapes.method_header(at).is_some()
            || self.shapes.alias(at)
            || self.shapes.expect(at).is_some()
            || self.shapes.header_clause(at)
            || self.shapes.line_has_fat_arrow(at)
    }

    fn expects_member(&mut self, at: usize) -> bool {
        self.shapes
            .expect(at)
            .is_some_and(|after| self.shapes.field_or_method(after))
    }

    /// Whether a token in column 0 is a following top-level statement. As the first token of a body it is one, too: the
    /// body is missing. So is what closes nothing: the mistake is outside.
    fn is_statement_at_margin(&self, at: usize, body: usize) -> bool {
        self.line_ends_statement(at)
            || matches!(self.shapes.kind(at), TokenKind::Close(_))
            || (at == body && self.starts_expression(at))
    }

    fn starts_expression(&self, at: usize) -> bool {
        super::layout::starts_expression(self.shapes.token(at), self.shapes.word(at))
    }

    fn ends_field(&mut self, start: usize, at: usize, has_value: bool) -> bool {
        if self.shapes.starts_line(at) {
            return self.shapes.kind(at) == TokenKind::Keyword
                || self.line_ends_statement(at)
                || self.member_starts(at);
        }
        // `class` at the end of a line belongs to the type before it.
        let metatype = self.shapes.word(at) == "class" && self.shapes.starts_line(at + 1);
        // `=` begins the default, also where `= name =>` would be a method.
        let default = has_value || self.shapes.word(at) == "=";
        let same_line_member =
            !default && !metatype && at > start + 1 && self.shapes.field_or_method(at);
        self.shapes.token(at - 1).is_terminator() || same_line_member
    }

    fn ends_standalone(&mut self, at: usize, body: usize) -> bool {
        if !self.starts_statement(at, body) {
            return false;
        }
        let token = self.shapes.token(at);
        let after_terminator = self.shapes.token(at - 1).is_terminator();
        self.shapes.declaration(at)
            || self.shapes.alias(at)
            || self.shapes.method_header(at).is_some()
            || self.shapes.certain_field(at)
            || (self.shapes.field(at) && after_terminator)
            || (token.column == Some(0) && self.is_statement_at_margin(at, body))
    }

    fn ends_statements(&mut self, at: usize) -> bool {
        let at_margin = self.shapes.token(at).column == Some(0);
        if self.line_ends_statement(at) || (at_margin && self.is_statement_at_margin(at, at + 1)) {
            return true;
        }
        let is_start = self.starts_statement(at, at + 1);
        is_start
            && (self.shapes.declaration(at)
                || self.shapes.alias(at)
                || self.shapes.broken_class(at)
                || self.shapes.method_header(at).is_some())
    }

    fn ends_protocol(&mut self, at: usize) -> bool {
        let before = self.shapes.token(at - 1);
        let complete = before.ends_expression() || before.is_terminator();
        let starts = self.starts_statement(at, at + 1);
        // Signatures may stand side by side, so a declaration ends them wherever it stands.
        if (complete || starts) && (self.shapes.declaration(at) || self.shapes.alias(at)) {
            return true;
        }
        let Some(column) = self.shapes.token(at).column else {
            return false;
        };
        if !complete {
            return false;
        }
        let signature_end = self.shapes.signature(at);
        let can_start = matches!(
            self.shapes.kind(at),
            TokenKind::Identifier
                | TokenKind::ClassName
                | TokenKind::Keyword
                | TokenKind::Operator
                | TokenKind::Arrow
        );
        let is_line = signature_end.is_some_and(|end| {
            self.shapes.starts_line(end)
                || matches!(
                    self.shapes.kind(end),
                    TokenKind::Period | TokenKind::FatArrow | TokenKind::End
                )
        });
        !can_start || (column == 0 && !is_line)
    }

    fn ends_alias(&mut self, at: usize) -> bool {
        if self.shapes.token(at - 1).is_terminator() {
            return true;
        }
        self.shapes.starts_line(at)
            && (self.shapes.kind(at) == TokenKind::Keyword
                || self.line_ends_statement(at)
                || self.member_starts(at)
                || self.shapes.alias(at))
    }
}
