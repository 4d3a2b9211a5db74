//! From a [`Document`] to text: one pass that measures, one that prints. Both are linear and do not recurse.

use crate::document::{Document, Flat, Group, GroupId, Line, Margin, Op, STEP};

/// How a group is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// On one line.
    Flat,
    /// Every line of the group breaks.
    Broken,
    /// Only groups inside it break.
    Hugging,
}

/// An open group.
#[derive(Clone, Copy)]
struct Frame {
    mode: Mode,
    /// Column of its lines.
    indent: usize,
    /// Column of the lines around it.
    outer: usize,
}

/// Text that is being printed.
pub(crate) struct Printer {
    output: String,
    width: usize,
    column: usize,
    /// Blanks to write before the next text of a new line.
    margin: Option<usize>,
    frames: Vec<Frame>,
    measure: Measure,
}

impl Printer {
    pub(crate) fn new(width: usize, capacity: usize) -> Self {
        Self {
            output: String::with_capacity(capacity),
            width,
            column: 0,
            margin: Some(0),
            frames: Vec::new(),
            measure: Measure::default(),
        }
    }

    pub(crate) fn into_text(self) -> String {
        self.output
    }

    /// Prints a document whose lines start in column `indent`.
    pub(crate) fn print(&mut self, document: &Document, indent: usize) {
        self.measure.read(&document.ops);
        self.frames.clear();
        self.frames.push(Frame {
            mode: Mode::Broken,
            indent,
            outer: indent,
        });
        for op in &document.ops {
            match *op {
                Op::Text { text, space, .. } => self.text(text, space),
                Op::Line(line) => self.line(line),
                Op::Open(id) => self.open(document, id),
                Op::Close => {
                    self.frames.pop();
                }
            }
        }
    }

    fn frame(&self) -> Frame {
        let ground = Frame {
            mode: Mode::Broken,
            indent: 0,
            outer: 0,
        };
        self.frames.last().copied().unwrap_or(ground)
    }

    fn text(&mut self, text: &str, space: bool) {
        if let Some(margin) = self.margin.take() {
            self.output.extend(std::iter::repeat_n(' ', margin));
            self.column = margin;
        } else if space {
            self.output.push(' ');
            self.column += 1;
        }
        self.output.push_str(text);
        match text.rfind('\n') {
            Some(at) => self.column = count(text.get(at + 1..).unwrap_or("")),
            None => self.column += count(text),
        }
    }

    fn line(&mut self, line: Line) {
        let frame = self.frame();
        if !line.hard && frame.mode != Mode::Broken {
            if line.flat == Flat::Space {
                self.output.push(' ');
                self.column += 1;
            }
            return;
        }
        self.output.push_str(if line.blank { "\n\n" } else { "\n" });
        let margin = match line.margin {
            Margin::Inside => frame.indent,
            Margin::Outside => frame.outer,
            Margin::Deeper => frame.indent + STEP,
        };
        self.margin = Some(margin);
        self.column = margin;
    }

    fn open(&mut self, document: &Document, id: GroupId) {
        let outer = self.frame();
        let group = document.groups.get(id).copied().unwrap_or_default();
        let mode = if outer.mode == Mode::Flat {
            Mode::Flat
        } else {
            self.mode(document, group)
        };
        let base = if group.hanging {
            outer.outer
        } else {
            outer.indent
        };
        let deeper = if mode == Mode::Broken {
            group.indent
        } else {
            0
        };
        self.frames.push(Frame {
            mode,
            indent: base + deeper,
            outer: base,
        });
    }

    fn mode(&self, document: &Document, group: Group) -> Mode {
        let measure = &self.measure;
        let forced = measure.forced(group.open, group.close);
        let rest = measure.width(group.close, measure.next_line(group.close));
        if forced == 0 && self.fits(measure.width(group.open, group.close) + rest) {
            Mode::Flat
        } else if self.can_hug(document, group, forced, rest) {
            Mode::Hugging
        } else {
            Mode::Broken
        }
    }

    /// Whether it is enough to break the receiver or the last argument or both: `[ … ] on: Error do: [:e | … ]`.
    fn can_hug(&self, document: &Document, group: Group, forced: u32, rest: usize) -> bool {
        let measure = &self.measure;
        let child = |id: Option<GroupId>| id.and_then(|id| document.groups.get(id));
        let forced_in = |group: &Group| measure.forced(group.open, group.close);
        let first = child(group.first).filter(|first| forced_in(first) > 0);
        let breaks_last =
            |last: &&Group| forced_in(last) > 0 || (group.parts == 1 && first.is_none());
        let last = child(group.last).filter(breaks_last);
        if first.map_or(0, forced_in) + last.map_or(0, forced_in) < forced {
            return false;
        }
        // From where, and in which column, to where everything must fit on a line.
        let (start, column) = match first {
            Some(first) => (first.close, self.frame().indent + 1),
            None => (group.open, self.column),
        };
        let width = match last {
            Some(last) => {
                let line = measure.next_line(last.open);
                if line > last.close {
                    return false;
                }
                measure.width(start, line)
            }
            None if first.is_some() => measure.width(start, group.close) + rest,
            None => return false,
        };
        column + width <= self.width
    }

    fn fits(&self, width: usize) -> bool {
        self.column + width <= self.width
    }
}

/// Columns of the first line of a text.
fn columns(text: &str) -> usize {
    count(text.split('\n').next().unwrap_or(""))
}

fn count(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    }
}

/// Sums over the operations of a document; each has one entry an operation and one more.
#[derive(Default)]
struct Measure {
    /// Columns of what stands before, on one line.
    widths: Vec<usize>,
    /// Number of lines before that must break.
    forced: Vec<u32>,
    /// The first line at or after.
    lines: Vec<usize>,
}

impl Measure {
    fn read(&mut self, ops: &[Op]) {
        self.widths.clear();
        self.forced.clear();
        let (mut width, mut forced) = (0, 0);
        for op in ops {
            self.widths.push(width);
            self.forced.push(forced);
            match *op {
                Op::Text {
                    text,
                    space,
                    weightless: false,
                } => {
                    width += usize::from(space) + columns(text);
                }
                Op::Line(line) => {
                    width += usize::from(line.flat == Flat::Space);
                    forced += u32::from(line.hard);
                }
                _ => {}
            }
        }
        self.widths.push(width);
        self.forced.push(forced);
        self.read_lines(ops);
    }

    fn read_lines(&mut self, ops: &[Op]) {
        self.lines.clear();
        self.lines.resize(ops.len() + 1, ops.len());
        let mut next = ops.len();
        for ((at, op), line) in ops.iter().enumerate().zip(&mut self.lines).rev() {
            if matches!(op, Op::Line(_)) {
                next = at;
            }
            *line = next;
        }
    }

    fn width(&self, from: usize, to: usize) -> usize {
        let before = |at: usize| self.widths.get(at).copied().unwrap_or(0);
        before(to).saturating_sub(before(from))
    }

    fn forced(&self, from: usize, to: usize) -> u32 {
        let before = |at: usize| self.forced.get(at).copied().unwrap_or(0);
        before(to).saturating_sub(before(from))
    }

    fn next_line(&self, at: usize) -> usize {
        self.lines.get(at).copied().unwrap_or(at)
    }
}
