use beamtalk_source::Span;

use crate::{Expr, Name, Statement};

/// One arm of `match:`.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// From the pattern to the end of the body.
    pub span: Span,
    /// What must match.
    pub pattern: Pattern,
    /// The expression in `when: [ … ]`.
    pub guard: Option<Expr>,
    /// A keyword-level expression, an assignment or a return.
    pub body: Statement,
}

/// A pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// Its text.
    pub span: Span,
    /// What it is.
    pub kind: PatternKind,
}

/// The forms of patterns.
#[derive(Clone, Debug, PartialEq)]
pub enum PatternKind {
    /// `_`
    Wildcard,
    /// `x`
    Variable(Name),
    /// `x :: Integer`
    Typed(Name, Name),
    /// A number, string, character, symbol, `nil`, `true` or `false`.
    Literal(Expr),
    /// `{a, b}`
    Tuple(Vec<Pattern>),
    /// `#[a, ...rest]`
    Array(Vec<Pattern>, Option<Rest>),
    /// `#(a, ...rest)`
    List(Vec<Pattern>, Option<Rest>),
    /// `#(a | tail)`
    Cons(Vec<Pattern>, Box<Pattern>),
    /// `#{#k => p}`
    Map(Vec<(MapKey, Pattern)>),
    /// `<<a:8, b/binary>>`
    Binary(Vec<BinarySegment>),
    /// `Point x: a y: b`
    Constructor(Name, Vec<(Name, Pattern)>),
    /// `( p )`
    Paren(Box<Pattern>),
}

/// `...name`; the name may be `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// Dots and name.
    pub span: Span,
    /// What it binds.
    pub name: Name,
}

/// A key of a map pattern or map target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapKey {
    /// Its text.
    pub span: Span,
    /// What it is.
    pub kind: MapKeyKind,
}

/// The forms of map keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapKeyKind {
    /// `#key`
    Symbol(String),
    /// `"key"`
    String(String),
}

/// `name:size/spec-spec` in a binary pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinarySegment {
    /// Its text.
    pub span: Span,
    /// What it binds; may be `_`.
    pub name: Name,
    /// The size.
    pub size: Option<SegmentSize>,
    /// `integer`, `little`, …
    pub specs: Vec<Name>,
}

/// The size of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegmentSize {
    /// A literal number.
    Literal(u32),
    /// A variable bound by an earlier segment or outside.
    Variable(Name),
}
