//! Where comments stand relative to line breaks: the only facts about the layout of the source that are kept.

use beamtalk_parser::{Comment, CommentKind};

/// Comments of a text, and what stands between its tokens.
#[derive(Clone, Copy)]
pub(crate) struct Trivia<'s> {
    pub(crate) text: &'s str,
    pub(crate) comments: &'s [Comment],
}

impl<'s> Trivia<'s> {
    pub(crate) fn slice(&self, start: usize, end: usize) -> &'s str {
        self.text.get(start..end).unwrap_or("")
    }

    /// The text of a comment. Blanks at the end of its line do not belong to it.
    pub(crate) fn comment(&self, comment: Comment) -> &'s str {
        let text = comment.span.text(self.text);
        if comment.kind == CommentKind::Block {
            text
        } else {
            text.trim_end()
        }
    }

    /// The first offset from `at` on where a token stands; `next` is the first comment that can stand before it.
    pub(crate) fn skip(&self, mut at: usize, mut next: usize) -> usize {
        loop {
            at = self.end_of_blanks(at);
            match self.comments.get(next) {
                Some(comment) if (comment.span.start as usize) < at => next += 1,
                Some(comment) if comment.span.start as usize == at => {
                    at = comment.span.end as usize;
                    next += 1;
                }
                _ => return at,
            }
        }
    }

    fn end_of_blanks(&self, at: usize) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        at + rest
            .iter()
            .position(|byte| !blank(byte))
            .unwrap_or(rest.len())
    }

    /// Number of line breaks directly behind `at`, at most two.
    pub(crate) fn line_breaks(&self, at: usize) -> usize {
        let blanks = self.slice(at, self.end_of_blanks(at));
        blanks.bytes().filter(|byte| *byte == b'\n').take(2).count()
    }

    /// Whether what follows the comment stands on another line.
    pub(crate) fn ends_line(&self, comment: Comment) -> bool {
        comment.kind != CommentKind::Block
            || comment.span.text(self.text).contains('\n')
            || self.line_breaks(comment.span.end as usize) > 0
            || comment.span.end as usize == self.text.trim_end().len()
    }

    /// Whether the comment can stand in front of a closing bracket on its line.
    pub(crate) fn fits_before_closer(&self, comment: Comment) -> bool {
        comment.kind == CommentKind::Block
            && !comment.first_on_line
            && !comment.span.text(self.text).contains('\n')
    }

    /// Whether an empty line follows the comment.
    pub(crate) fn blank_after(&self, comment: Comment) -> bool {
        self.line_breaks(comment.span.end as usize) > 1
    }

    /// Number of characters before the comment on its line.
    pub(crate) fn column(&self, comment: Comment) -> usize {
        let before = self.slice(0, comment.span.start as usize);
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        before.get(line..).unwrap_or("").chars().count()
    }
}
