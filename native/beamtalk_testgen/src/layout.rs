//! The text that is written, and what may stand between its tokens.

use crate::choices::Choices;

/// Deeper nesting is cut off.
const DEPTH: u32 = 5;

/// What decides where a keyword may start a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// At the top of a file, or in a method outside of classes: everywhere.
    File,
    /// In a method of a class: right of the members, in the column of the message's other keywords.
    Method,
    /// In the default of a field: nowhere, except in brackets.
    Field,
    /// In a string: no line may break.
    String,
}

/// A program that is being written.
#[derive(Debug)]
pub(crate) struct Text {
    written: String,
    pub(crate) choices: Choices,
    pub(crate) place: Place,
    pub(crate) depth: u32,
}

impl Text {
    pub(crate) fn new(choices: Choices, place: Place) -> Self {
        Self {
            written: String::new(),
            choices,
            place,
            depth: 0,
        }
    }

    pub(crate) fn into_text(self) -> String {
        self.written
    }

    pub(crate) fn put(&mut self, text: &str) {
        self.written.push_str(text);
    }

    pub(crate) fn ends_with(&self, text: &str) -> bool {
        self.written.ends_with(text)
    }

    /// One of the given texts.
    pub(crate) fn put_one(&mut self, options: &[&str]) {
        let text = self.choices.pick(options);
        self.put(text);
    }

    /// Whether something may nest here; counts the level.
    pub(crate) fn deeper(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    pub(crate) fn is_deep(&self) -> bool {
        self.depth >= DEPTH
    }

    /// Writes what stands in brackets, where all lines may break.
    pub(crate) fn enclosed(&mut self, opener: &str, closer: &str, write: impl FnOnce(&mut Self)) {
        let place = self.place;
        if place == Place::Field {
            self.place = Place::File;
        }
        self.put(opener);
        self.deeper(|this| {
            this.maybe_free();
            write(this);
            this.maybe_free();
        });
        self.put(closer);
        self.place = place;
    }

    /// Blanks, maybe a comment, no line break.
    pub(crate) fn gap(&mut self) {
        match self.choices.below(16) {
            13 => self.put("   "),
            14 => self.put("\t"),
            15 => self.put(" /* inside */ "),
            _ => self.put(" "),
        }
    }

    /// The same, or nothing.
    pub(crate) fn maybe_gap(&mut self) {
        if self.choices.one_in(8) {
            self.gap();
        }
    }

    /// Where a line may break.
    pub(crate) fn free(&mut self) {
        if self.place == Place::String || !self.choices.one_in(6) {
            return self.gap();
        }
        self.line_break();
        let column = 3 + self.choices.below(8);
        self.blanks(column);
        if self.choices.one_in(8) {
            self.put("/* in front */ ");
        }
    }

    /// The same, or nothing: next to brackets.
    pub(crate) fn maybe_free(&mut self) {
        if self.choices.one_in(4) {
            self.free();
        }
    }

    /// Before a keyword; all keywords of one message start lines in the same column.
    pub(crate) fn before_keyword(&mut self, column: usize) {
        let may_break = matches!(self.place, Place::File | Place::Method);
        if !may_break || !self.choices.one_in(4) {
            return self.gap();
        }
        self.line_break();
        self.blanks(column);
    }

    /// The column of a message's keywords.
    pub(crate) fn keyword_column(&mut self) -> usize {
        3 + self.choices.below(8)
    }

    /// The end of a line with all that may follow it: comments, and blank lines.
    pub(crate) fn line_break(&mut self) {
        match self.choices.below(12) {
            8 => self.put(" // behind\n"),
            9 => self.put("\n     // alone\n"),
            10 => self.put("\n\n"),
            11 => self.put_one(&[
                " /* end */\n",
                "\n   /* one\n two */\n",
                " /// lost\n\n",
                "\n /// lost\n\n",
                "  \n",
                "\r\n",
                " /* one\n  two */ // three\n\n    // four\n",
            ]),
            _ => self.put("\n"),
        }
    }

    /// The next declaration or statement, in this column.
    pub(crate) fn next_line(&mut self, column: usize) {
        self.line_break();
        self.blanks(column);
    }

    pub(crate) fn blanks(&mut self, count: usize) {
        self.written.extend(std::iter::repeat_n(' ', count));
    }
}
