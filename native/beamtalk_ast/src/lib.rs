//! The syntax tree: a value type of one file. It says what was written, not what it means, and may hold error nodes.
//!
//! Invariants:
//! * Spans are relative to the chunk they stand in; [`Placed`] carries the chunk's offset in the file, so equal text
//!   gives an equal (and shared) tree wherever it stands.
//! * What is flat in the text is flat in the tree: a chain of messages, a cascade, a list of statements is a vector.
//!   The depth of a tree is bounded by the nesting limit of the scanner, not by the length of the text.

mod declaration;
mod expression;
mod pattern;
mod types;

pub use declaration::{
    ClassDef, ClassHeader, ClassName, Directive, Doc, ErrorNode, Field, FieldKind, File, Item,
    Member, Method, Modifier, ModifierKind, Param, Placed, Protocol, ProtocolSignature, Signature,
    StandaloneMethod, TypeAlias, TypeParam,
};
pub use expression::{
    Block, Expr, ExprKind, Integer, Link, Message, Name, Segment, Statement, Target, TargetKind,
};
pub use pattern::{
    Arm, BinarySegment, MapKey, MapKeyKind, Pattern, PatternKind, Rest, SegmentSize,
};
pub use types::{TypeAnn, TypeKind};
