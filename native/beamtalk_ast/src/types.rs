use beamtalk_source::Span;

use crate::Name;

/// A type annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeAnn {
    /// Its text.
    pub span: Span,
    /// What it is.
    pub kind: TypeKind,
}

/// The forms of type annotations.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `Integer`, `T`, `nil`
    Name(Name),
    /// `Integer class`
    Metatype(Name),
    /// `List(Integer)`
    Generic(Name, Vec<TypeAnn>),
    /// `Self`
    SelfType,
    /// `Self class`
    SelfClass,
    /// `#ok`
    Singleton(String),
    /// `A | B`: at least two.
    Union(Vec<TypeAnn>),
    /// `A \ B`: the first without the others.
    Difference(Vec<TypeAnn>),
    /// `A & B`: at least two.
    Intersection(Vec<TypeAnn>),
    /// `( A )`
    Paren(Box<TypeAnn>),
}
