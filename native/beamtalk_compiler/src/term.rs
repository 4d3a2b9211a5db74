use std::borrow::Cow;

/// A term of a request. Bytes may be borrowed from where the request lies, so that a source text is not copied.
#[derive(Clone, Debug, PartialEq)]
pub enum Term<'a> {
    /// An atom.
    Atom(Cow<'a, str>),
    /// An integer; those that do not fit are [`Term::Other`].
    Integer(i64),
    /// A binary.
    Binary(Cow<'a, [u8]>),
    /// A proper list.
    List(Vec<Term<'a>>),
    /// A tuple.
    Tuple(Vec<Term<'a>>),
    /// A map, in any order.
    Map(Vec<(Term<'a>, Term<'a>)>),
    /// Anything that no request contains.
    Other,
}

impl<'a> Term<'a> {
    /// How deep terms nest in a request: `#{entries => [{Class, Module, Interface}]}`. Backends turn what is deeper
    /// into [`Term::Other`], so that no hostile term needs stack.
    pub const MAX_DEPTH: usize = 6;

    /// An atom.
    pub fn atom(name: impl Into<Cow<'a, str>>) -> Self {
        Self::Atom(name.into())
    }

    /// A binary.
    pub fn binary(bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self::Binary(bytes.into())
    }

    /// What is expected where something else was found.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Self::Atom(_) => "an atom",
            Self::Integer(_) => "an integer",
            Self::Binary(_) => "a binary",
            Self::List(_) => "a list",
            Self::Tuple(_) => "a tuple",
            Self::Map(_) => "a map",
            Self::Other => "another term",
        }
    }
}
