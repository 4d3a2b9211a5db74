//! Copies the tokens of a text, in their order, into a document, with the comments between them.
//!
//! Callers say which token comes next and where lines may break; they never handle a comment. Families: `token`, `atom`
//! and `word` copy one token; `…_line` are places where a line may break.
//!
//! Rules about comments, which make the outcome a fixed point:
//! * A comment behind a token, with nothing but its line's end behind it, stays behind that token.
//! * A comment on a line of its own keeps a line of its own.
//! * A block comment between two tokens of one line stays between them.

use beamtalk_parser::{Comment, CommentKind};

use crate::document::{Document, Flat, GroupId, Line, Margin};
use crate::trivia::Trivia;

/// A document in the making, and how much of the source is in it.
pub(crate) struct Writer<'s> {
    pub(crate) trivia: Trivia<'s>,
    pub(crate) document: Document<'s>,
    /// Offset of the chunk that is being copied: spans of the tree are relative to it.
    pub(crate) base: usize,
    /// Where the chunk ends.
    pub(crate) limit: usize,
    /// No line may break here, up to the next statement: a keyword at the start of a line would end the default of a
    /// field. What stands in brackets is free.
    pub(crate) rigid: bool,
    /// A token was not where the tree says: the outcome is worthless.
    pub(crate) lost: bool,
    /// Where reading goes on.
    at: usize,
    /// End of the last token or comment that was copied.
    end: usize,
    /// The first comment that has not been read.
    next: usize,
    /// Comments before a token that was copied first, or not at all.
    carried: Vec<Comment>,
    /// A comment before a separator that was left out. An empty line must follow it: a documentation comment would belong
    /// to what comes next.
    detached: Option<Comment>,
    space: bool,
    /// The last byte that was copied, unless a line may break behind it.
    last: u8,
}

impl<'s> Writer<'s> {
    pub(crate) fn new(text: &'s str, comments: &'s [Comment]) -> Self {
        Self {
            trivia: Trivia { text, comments },
            document: Document::default(),
            base: 0,
            limit: 0,
            rigid: false,
            lost: false,
            at: if text.starts_with('\u{feff}') {
                '\u{feff}'.len_utf8()
            } else {
                0
            },
            end: 0,
            next: 0,
            carried: Vec::new(),
            detached: None,
            space: false,
            last: b'\n',
        }
    }

    // --- what comes next in the source ---

    /// Offset of the next token.
    pub(crate) fn next_token(&self) -> usize {
        self.trivia.skip(self.at, self.next)
    }

    /// Whether the next token of the chunk begins so.
    pub(crate) fn sees(&self, text: &str) -> bool {
        let start = self.next_token();
        let rest = self.trivia.text.as_bytes().get(start..self.limit);
        rest.is_some_and(|rest| rest.starts_with(text.as_bytes()))
    }

    /// Whether the next token stands on a later line than the last one.
    pub(crate) fn line_follows(&self) -> bool {
        self.trivia
            .slice(self.end, self.next_token())
            .contains('\n')
    }

    // --- tokens ---

    /// A blank before the next token.
    pub(crate) fn space(&mut self) {
        self.space = true;
    }

    /// Copies a token whose text is known.
    pub(crate) fn token(&mut self, text: &str) {
        let start = self.next_token();
        if self.sees(text) {
            self.copy(start, start + text.len());
        } else {
            self.lost = true;
        }
    }

    /// Copies what ends at `end`, relative to the chunk: a name or a literal.
    pub(crate) fn atom(&mut self, end: u32) {
        let start = self.next_token();
        let end = self.base + end as usize;
        if start < end {
            self.copy(start, end);
        } else {
            self.lost = true;
        }
    }

    /// Copies a number.
    pub(crate) fn number(&mut self) {
        let start = self.next_token();
        let rest = self.trivia.text.as_bytes().get(start..).unwrap_or_default();
        let digit = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        self.copy(start, start + rest.iter().take_while(digit).count());
    }

    /// Copies a bracket that looks like an operator, and is none.
    pub(crate) fn bracket(&mut self, text: &str) {
        self.last = b' ';
        self.token(text);
        self.last = b' ';
    }

    /// Writes `text` in place of what ends at `end`.
    pub(crate) fn atom_as(&mut self, text: &'static str, end: u32) {
        let start = self.next_token();
        self.comments_before(start);
        self.push(text);
        self.advance(self.base + end as usize);
    }

    /// A token and a blank before it.
    pub(crate) fn word(&mut self, text: &str) {
        self.space();
        self.token(text);
    }

    /// Copies a separator. A comment that ends the line before it is put behind it, unless that would break the line
    /// where none may break.
    pub(crate) fn separator(&mut self, text: &str) {
        let start = self.next_token();
        if !self.sees(text) {
            self.lost = true;
            return;
        }
        let gap = self.gap(start);
        if !self.rigid && gap.last().is_some_and(|last| self.trivia.ends_line(*last)) {
            self.carried = gap;
        } else {
            self.push_comments(&gap);
            self.space = false;
        }
        self.guard(start);
        self.push(self.trivia.slice(start, start + text.len()));
        self.advance(start + text.len());
    }

    /// Leaves out a token if it comes next. Its comments are kept.
    pub(crate) fn skip(&mut self, text: &str) -> bool {
        let sees = self.sees(text);
        if sees {
            let start = self.next_token();
            let gap = self.gap(start);
            self.detached = gap
                .last()
                .copied()
                .filter(|last| last.kind == CommentKind::Doc);
            self.carried = gap;
            self.advance(start + text.len());
        }
        sees
    }

    fn copy(&mut self, start: usize, end: usize) {
        self.comments_before(start);
        self.guard(start);
        self.push(self.trivia.slice(start, end));
        self.advance(end);
    }

    fn push(&mut self, text: &'s str) {
        self.document.text(text, self.space);
        self.space = false;
        self.last = text.bytes().next_back().unwrap_or(b' ');
    }

    fn advance(&mut self, end: usize) {
        self.at = end;
        self.end = end;
        let unread = self.trivia.comments.get(self.next..).unwrap_or_default();
        // Those in interpolations were copied with their string.
        self.next += unread
            .iter()
            .take_while(|comment| (comment.span.start as usize) < end)
            .count();
    }

    /// Operators that touch would become one.
    fn guard(&mut self, start: usize) {
        let first = self
            .trivia
            .text
            .as_bytes()
            .get(start)
            .copied()
            .unwrap_or(b' ');
        self.space |= is_operator(self.last) && is_operator(first);
    }

    // --- comments ---

    /// Takes the comments before `end`.
    fn gap(&mut self, end: usize) -> Vec<Comment> {
        let mut gap = std::mem::take(&mut self.carried);
        let unread = self.trivia.comments.get(self.next..).unwrap_or_default();
        let count = unread
            .iter()
            .take_while(|comment| (comment.span.start as usize) < end)
            .count();
        gap.extend(unread.iter().take(count));
        self.next += count;
        self.at = self.at.max(end);
        gap
    }

    fn push_comment(&mut self, comment: Comment, weightless: bool) {
        let text = self.trivia.comment(comment);
        let opened =
            matches!(self.last, b'(' | b'[' | b'{' | b'\n') && comment.kind == CommentKind::Block;
        let space = self.space || !opened;
        if weightless {
            self.document.weightless(text, space);
        } else {
            self.document.text(text, space);
        }
        self.space = false;
        self.last = b'/';
        self.end = self.end.max(comment.span.end as usize);
    }

    fn hard(&mut self, margin: Margin, blank: bool) {
        self.document.line(Line {
            flat: Flat::Nothing,
            hard: true,
            blank,
            margin,
        });
        self.space = false;
        self.last = b'\n';
    }

    /// Comments where no line may break: those that need it break it all the same, as they did in the source.
    fn comments_before(&mut self, start: usize) {
        let gap = self.gap(start);
        self.push_comments(&gap);
        self.at = start;
    }

    fn push_comments(&mut self, gap: &[Comment]) {
        for comment in gap {
            let ends_line = self.trivia.ends_line(*comment);
            if comment.first_on_line && ends_line && self.last != b'\n' {
                self.hard(Margin::Deeper, false);
            }
            self.push_comment(*comment, false);
            if ends_line {
                self.hard(Margin::Deeper, false);
            } else {
                self.space = true;
            }
        }
    }

    /// How many comments stand on the line of the last token; nothing can stand behind one that ends its line.
    fn behind(&self, gap: &[Comment]) -> usize {
        let behind = gap
            .iter()
            .take_while(|comment| !comment.first_on_line)
            .count();
        let ends_line = |comment: &Comment| self.trivia.ends_line(*comment);
        gap.iter()
            .take(behind)
            .position(ends_line)
            .map_or(behind, |at| at + 1)
    }

    /// Pushes those comments that stay behind the last token; answers the others.
    fn trailing<'g>(&mut self, gap: &'g [Comment], ends_line: bool) -> &'g [Comment] {
        let (behind, others) = gap.split_at(self.behind(gap));
        if !ends_line
            && !behind
                .last()
                .is_some_and(|last| self.trivia.ends_line(*last))
        {
            return gap;
        }
        for comment in behind {
            self.push_comment(*comment, true);
        }
        others
    }

    // --- lines ---

    fn soft(&mut self, flat: Flat, hard: bool, margin: Margin) {
        self.document.line(Line {
            flat,
            hard,
            blank: false,
            margin,
        });
        self.space = false;
        self.last = b'\n';
    }

    /// A line may break here, before an element, an operand or the only statement of a body.
    pub(crate) fn line(&mut self, flat: Flat) {
        if self.rigid {
            self.space |= flat == Flat::Space;
            return;
        }
        self.element_line(flat, false);
    }

    /// The line breaks here, before the only statement of a body.
    pub(crate) fn broken_line(&mut self) {
        self.element_line(Flat::Nothing, true);
    }

    fn element_line(&mut self, flat: Flat, hard: bool) {
        let gap = self.gap(self.next_token());
        let others = self.trailing(&gap, false);
        let own_line = others.iter().any(|comment| self.trivia.ends_line(*comment));
        self.soft(
            flat,
            hard || own_line || others.len() < gap.len(),
            Margin::Inside,
        );
        for comment in others {
            self.push_comment(*comment, false);
            if self.trivia.ends_line(*comment) {
                self.hard(Margin::Inside, false);
            } else {
                self.space = true;
            }
        }
    }

    /// A line may break here, before a keyword: nothing may stand before it on its line.
    pub(crate) fn keyword_line(&mut self) {
        if self.rigid {
            self.space = true;
            return;
        }
        let gap = self.gap(self.next_token());
        let others = self.trailing(&gap, true);
        self.soft(Flat::Space, !gap.is_empty(), Margin::Inside);
        self.own_lines(others, Margin::Inside);
    }

    /// Comments, each on a line of its own, and the beginning of the next line.
    fn own_lines(&mut self, comments: &[Comment], margin: Margin) {
        // Documentation that began behind a token which was left out belongs to nothing, and so do its next lines.
        let mut loose = false;
        for comment in comments {
            self.push_comment(*comment, false);
            loose = comment.kind == CommentKind::Doc && (loose || !comment.first_on_line);
            let detached = loose || self.detached == Some(*comment);
            let blank = self.trivia.blank_after(*comment);
            self.hard(margin, detached || blank);
            loose &= !blank;
        }
    }

    /// A line may break here, before a closing bracket.
    pub(crate) fn closing_line(&mut self) {
        let gap = self.gap(self.next_token());
        let (behind, others) = gap.split_at(self.behind(&gap));
        let hard = !gap
            .iter()
            .all(|comment| self.trivia.fits_before_closer(*comment));
        for comment in behind {
            self.push_comment(*comment, false);
        }
        for comment in others {
            self.hard(Margin::Inside, false);
            self.push_comment(*comment, false);
        }
        self.soft(Flat::Nothing, hard, Margin::Outside);
    }

    /// The next statement or declaration starts a line, after an empty one if there is one, or `blank` says so.
    pub(crate) fn next_line(&mut self, blank: bool) {
        let gap = self.gap(self.next_token());
        let others = self.trailing(&gap, true);
        // A documentation comment on the line after another one would be taken for its continuation.
        let behind = gap.len() - others.len();
        let doc = |comment: Option<&Comment>| {
            comment.is_some_and(|comment| comment.kind == CommentKind::Doc)
        };
        let glued = behind > 0 && doc(gap.get(behind - 1)) && doc(others.first());
        let source_blank = self.trivia.line_breaks(self.end) > 1;
        self.hard(Margin::Inside, source_blank || (blank && !glued));
        self.own_lines(others, Margin::Inside);
    }

    /// The same for the first line after a header or a bracket: an empty line is not kept.
    pub(crate) fn first_line(&mut self) {
        let gap = self.gap(self.next_token());
        let others = self.trailing(&gap, true);
        self.hard(Margin::Inside, false);
        self.own_lines(others, Margin::Inside);
    }

    /// The beginning of the text.
    pub(crate) fn start(&mut self) {
        let gap = self.gap(self.next_token());
        self.own_lines(&gap, Margin::Inside);
    }

    /// Comments before `end`, on lines of their own, as long as they start in `column` or right of it: they belong to
    /// what stands above them.
    pub(crate) fn comments_from(&mut self, column: usize, end: usize) {
        if self.next_token() < end {
            return;
        }
        let mut gap = self.gap(end);
        let behind = self.behind(&gap);
        let own = self.own_comments(&gap, behind, column);
        if own > 0 {
            let rest = gap.split_off(behind + own);
            self.trailing(&gap, true);
            for comment in gap.iter().skip(behind) {
                self.hard(Margin::Inside, self.trivia.line_breaks(self.end) > 1);
                self.push_comment(*comment, false);
            }
            gap = rest;
        }
        self.carried = gap;
    }

    /// How many comments from `behind` on start in `column` or right of it. Documentation that began behind a token is not
    /// taken apart: its last lines alone would belong to what follows.
    fn own_comments(&self, gap: &[Comment], behind: usize, column: usize) -> usize {
        let mut before = behind.checked_sub(1).and_then(|at| gap.get(at));
        let mut loose = before.is_some_and(|comment| comment.kind == CommentKind::Doc);
        let own = gap.iter().skip(behind).take_while(|comment| {
            loose &= before.is_some_and(|before| !self.trivia.blank_after(*before));
            // Behind a token that was left out.
            loose |= !comment.first_on_line;
            loose &= comment.kind == CommentKind::Doc;
            before = Some(comment);
            loose || self.trivia.column(**comment) >= column
        });
        own.count()
    }

    /// Comments at the end of the text.
    pub(crate) fn finish(&mut self) {
        let end = self.trivia.text.len();
        self.comments_from(0, end);
        let gap = self.gap(end);
        self.trailing(&gap, true);
    }

    // --- groups ---

    /// Opens a group whose lines start `indent` columns deeper.
    pub(crate) fn open(&mut self, indent: usize) -> GroupId {
        self.document.open(indent)
    }

    /// Opens a group whose lines start where those around the group it stands in do.
    pub(crate) fn open_hanging(&mut self) {
        self.document.open_hanging();
    }

    pub(crate) fn close(&mut self) {
        self.document.close();
    }
}

fn is_operator(byte: u8) -> bool {
    matches!(
        byte,
        b'+' | b'-' | b'*' | b'/' | b'<' | b'>' | b'=' | b'~' | b'%' | b'&' | b'?' | b',' | b'\\'
    )
}
