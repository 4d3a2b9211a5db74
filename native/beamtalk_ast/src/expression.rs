use beamtalk_source::Span;

use crate::{Arm, ClassName, Directive, MapKey, Pattern, Rest, TypeAnn};

/// A name with its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// Where it stands.
    pub span: Span,
    /// As written.
    pub text: String,
}

/// A statement: an expression, maybe as an asynchronous cast.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Expression and `!`.
    pub span: Span,
    /// What is evaluated.
    pub expr: Expr,
    /// The `!` that makes the outermost send a cast.
    pub cast: Option<Span>,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Its text.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// An integer literal: sign, base and digits without separators, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Integer {
    /// Whether a `-` belongs to the literal.
    pub negative: bool,
    /// 2 to 36.
    pub radix: u8,
    /// At least one digit of the base.
    pub digits: String,
}

/// The forms of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `42`, `16rFF`.
    Integer(Integer),
    /// `1.5`; never an infinity or NaN.
    Float(f64),
    /// A string without interpolation: its value.
    String(String),
    /// A string with at least one interpolation.
    Interpolation(Vec<Segment>),
    /// `$a`.
    Character(char),
    /// `#at:put:`: the text without `#` and quotes.
    Symbol(String),
    /// `self`
    SelfRef,
    /// `super`; stands only where a message follows.
    Super,
    /// `nil`
    Nil,
    /// `true`
    True,
    /// `false`
    False,
    /// Any other name that begins with a lower-case letter or `_`.
    Variable(String),
    /// `Point`, `geometry@Point`.
    ClassRef(ClassName),
    /// `object.field`.
    FieldAccess(Box<Expr>, Name),
    /// `head m1 m2 …`: at least one message, each sent to the result of the one before. Left-associative operators and
    /// unary messages are flat; a keyword message can only be the last.
    Chain(Box<Expr>, Vec<Link>),
    /// `receiver m1; m2; …`: at least two messages to one receiver. The receiver is what stands before the first
    /// message.
    Cascade(Box<Expr>, Vec<Link>),
    /// `target := value`.
    Assign(Box<Target>, Box<Expr>),
    /// `^ value`.
    Return(Box<Expr>),
    /// `[:x | …]`.
    Block(Block),
    /// `( … )`: kept for the formatter.
    Paren(Box<Expr>),
    /// `#(a, b)` and `#(a, b | tail)`.
    List(Vec<Expr>, Option<Box<Expr>>),
    /// `#[a, b]`.
    Array(Vec<Expr>),
    /// `#{k => v}`.
    Map(Vec<(Expr, Expr)>),
    /// `scrutinee match: [ … ]`; the flag is for `matchExhaustive:`.
    Match {
        /// What is matched.
        scrutinee: Box<Expr>,
        /// Whether it was written `matchExhaustive:`.
        exhaustive: bool,
        /// In source order.
        arms: Vec<Arm>,
    },
    /// `@primitive "name"`; `None` where the selector names it.
    Primitive(Option<String>),
    /// `@intrinsic name`.
    Intrinsic(Name),
    /// `@expect category` as a statement: applies to the next one.
    Expect(Directive),
    /// Text that could not be parsed.
    Error,
}

/// A piece of an interpolated string.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    /// Literal text.
    Text(String),
    /// `{ … }`.
    Expr(Expr),
}

/// One message of a chain or cascade.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// From the selector to the end of the last argument.
    pub span: Span,
    /// What is sent.
    pub message: Message,
}

/// A message: selector and arguments.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// `negated`
    Unary(Name),
    /// `+ 1`; the name is the operator.
    Binary(Name, Expr),
    /// `at: 1 put: 2`; each name ends with `:`. At least one.
    Keyword(Vec<(Name, Expr)>),
}

impl Message {
    /// The whole selector: `at:put:`.
    pub fn selector(&self) -> String {
        match self {
            Self::Unary(name) | Self::Binary(name, _) => name.text.clone(),
            Self::Keyword(parts) => parts.iter().map(|(name, _)| name.text.as_str()).collect(),
        }
    }

    /// The place of the selector's first part.
    pub fn selector_span(&self) -> Span {
        match self {
            Self::Unary(name) | Self::Binary(name, _) => name.span,
            Self::Keyword(parts) => parts.first().map(|(name, _)| name.span).unwrap_or_default(),
        }
    }

    /// The arguments in order.
    pub fn arguments(&self) -> impl Iterator<Item = &Expr> {
        let (one, many) = match self {
            Self::Unary(_) => (None, &[][..]),
            Self::Binary(_, argument) => (Some(argument), &[][..]),
            Self::Keyword(parts) => (None, parts.as_slice()),
        };
        one.into_iter()
            .chain(many.iter().map(|(_, argument)| argument))
    }
}

/// A block literal.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Parameters; their types are parsed and ignored by everything but the formatter.
    pub params: Vec<(Name, Option<TypeAnn>)>,
    /// In source order; may be empty.
    pub body: Vec<Statement>,
}

/// The left side of an assignment.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its text.
    pub span: Span,
    /// What it is.
    pub kind: TargetKind,
}

/// The forms of assignment targets.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetKind {
    /// `x` or `x :: Integer`; `_` discards.
    Variable(Name, Option<TypeAnn>),
    /// `self.x`.
    Field(Expr, Name),
    /// `{a, b}`: the elements are patterns.
    Tuple(Vec<Pattern>),
    /// `#[a, ...rest]`.
    Array(Vec<Target>, Option<Rest>),
    /// `#(a, ...rest)`.
    List(Vec<Target>, Option<Rest>),
    /// `#{#k => v}`.
    Map(Vec<(MapKey, Target)>),
    /// A literal element: must be equal.
    Literal(Expr),
}
