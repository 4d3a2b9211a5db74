//! A layout as flat data: texts, places where a line may break, and groups of them that break together.
//!
//! Nothing here nests: a list of 100,000 elements is 100,000 operations in one vector.

/// Index of a group in its [`Document`].
pub(crate) type GroupId = usize;

/// Steps of indentation.
pub(crate) const STEP: usize = 2;

/// One operation of a layout.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op<'s> {
    /// Text as it stands.
    Text {
        text: &'s str,
        /// A blank in front of it.
        space: bool,
        /// Does not count when it is asked whether something fits: a comment at the end of a line.
        weightless: bool,
    },
    /// A place where the line may, or must, break.
    Line(Line),
    /// The beginning of a group.
    Open(GroupId),
    /// The end of the innermost open group.
    Close,
}

/// A place where the line may break.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// What stands there in a group that does not break.
    pub(crate) flat: Flat,
    /// Breaks, and all groups around it.
    pub(crate) hard: bool,
    /// Leaves an empty line.
    pub(crate) blank: bool,
    /// Where the next line starts.
    pub(crate) margin: Margin,
}

/// What stands for a line break that is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flat {
    Nothing,
    Space,
}

/// Where a line starts, relative to the group it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Margin {
    /// With the group's contents.
    Inside,
    /// With what surrounds the group: a closing bracket.
    Outside,
    /// One step deeper: what was broken by a comment.
    Deeper,
}

/// Operations that break together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Group {
    /// Index of its `Open`.
    pub(crate) open: usize,
    /// Index of its `Close`.
    pub(crate) close: usize,
    /// How much deeper its lines start when it is broken.
    pub(crate) indent: usize,
    /// Whether its lines start where those around the group it stands in do.
    pub(crate) hanging: bool,
    /// How many parts it is broken into.
    pub(crate) parts: usize,
    /// A group at its end that may break in its place: the last argument.
    pub(crate) last: Option<GroupId>,
    /// A group at its beginning that may break in its place: the receiver.
    pub(crate) first: Option<GroupId>,
}

/// A layout that is being built.
#[derive(Debug, Default)]
pub(crate) struct Document<'s> {
    pub(crate) ops: Vec<Op<'s>>,
    pub(crate) groups: Vec<Group>,
    open: Vec<GroupId>,
}

impl<'s> Document<'s> {
    /// Empties the document; keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.ops.clear();
        self.groups.clear();
        self.open.clear();
    }

    /// Opens a group whose lines start `indent` columns deeper when it is broken.
    pub(crate) fn open(&mut self, indent: usize) -> GroupId {
        let id = self.groups.len();
        self.groups.push(Group {
            open: self.ops.len(),
            indent,
            ..Group::default()
        });
        self.open.push(id);
        self.ops.push(Op::Open(id));
        id
    }

    /// Opens a group that is indented like what surrounds the group it stands in.
    pub(crate) fn open_hanging(&mut self) {
        let id = self.open(0);
        if let Some(group) = self.groups.get_mut(id) {
            group.hanging = true;
        }
    }

    /// Closes the innermost group.
    pub(crate) fn close(&mut self) {
        let at = self.ops.len();
        if let Some(group) = self.open.pop().and_then(|id| self.groups.get_mut(id)) {
            group.close = at;
            self.ops.push(Op::Close);
        }
    }

    /// Says which groups may break in place of group `id`, which has so many parts.
    pub(crate) fn allow_hugging(
        &mut self,
        id: GroupId,
        parts: usize,
        first: Option<GroupId>,
        last: Option<GroupId>,
    ) {
        if let Some(group) = self.groups.get_mut(id) {
            group.parts = parts;
            group.first = first;
            group.last = last;
        }
    }

    pub(crate) fn text(&mut self, text: &'s str, space: bool) {
        self.ops.push(Op::Text {
            text,
            space,
            weightless: false,
        });
    }

    pub(crate) fn weightless(&mut self, text: &'s str, space: bool) {
        self.ops.push(Op::Text {
            text,
            space,
            weightless: true,
        });
    }

    pub(crate) fn line(&mut self, line: Line) {
        self.ops.push(Op::Line(line));
    }
}
