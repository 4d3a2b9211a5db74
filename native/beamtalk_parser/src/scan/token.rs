use beamtalk_source::Span;

/// What a bracket opens or closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bracket {
    /// `(`
    Paren,
    /// `[`
    Square,
    /// `{`
    Brace,
    /// `#(`
    List,
    /// `#[`
    Array,
    /// `#{`
    Map,
    /// `{` inside a string.
    Interpolation,
}

impl Bracket {
    /// How it opens.
    pub(crate) fn opener(self) -> &'static str {
        match self {
            Self::Paren => "(",
            Self::Square => "[",
            Self::Brace | Self::Interpolation => "{",
            Self::List => "#(",
            Self::Array => "#[",
            Self::Map => "#{",
        }
    }

    /// How it closes.
    pub(crate) fn closer(self) -> &'static str {
        match self {
            Self::Paren | Self::List => ")",
            Self::Square | Self::Array => "]",
            Self::Brace | Self::Map | Self::Interpolation => "}",
        }
    }

    /// Whether `closer`, as the lexer names closing brackets, closes this one.
    pub(crate) fn closed_by(self, closer: Self) -> bool {
        let plain = match self {
            Self::List => Self::Paren,
            Self::Array => Self::Square,
            Self::Map => Self::Brace,
            other => other,
        };
        plain == closer
    }
}

/// What the scanner needs to know of a token to find chunks and statement ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A name that does not begin with an upper-case letter.
    Identifier,
    /// A name that begins with an upper-case letter.
    ClassName,
    /// `at:`
    Keyword,
    /// A number, with its sign.
    Number,
    /// A whole string without interpolation.
    String,
    /// From the quote to the first interpolation.
    StringStart,
    /// Between two interpolations.
    StringMiddle,
    /// From the last interpolation to the quote.
    StringEnd,
    /// `$a`
    Character,
    /// `#at:put:`
    Symbol,
    /// A run of operator characters that is none of the following.
    Operator,
    /// `=>`
    FatArrow,
    /// `->`
    Arrow,
    /// `:=`
    Assign,
    /// `::`
    DoubleColon,
    /// `:`
    Colon,
    /// `.` that ends a statement.
    Period,
    /// `.` between two names that touch it.
    FieldDot,
    /// `...`
    Ellipsis,
    /// `;`
    Semicolon,
    /// `^`
    Caret,
    /// `!`
    Bang,
    /// `|`
    Bar,
    /// `@` between a package and a class.
    At,
    /// `@word`
    Directive,
    /// An opening bracket.
    Open(Bracket),
    /// A closing bracket: `Paren`, `Square`, `Brace` or `Interpolation`.
    Close(Bracket),
    /// What no token can begin with, or a literal that the lexer has reported.
    Unknown,
    /// Of no width: here the lexer gave up on a literal, and all that is open with it.
    Cut,
    /// What stands after the last token.
    End,
}

/// A token with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Where it stands.
    pub(crate) span: Span,
    /// For the first token of a line, the number of characters before it on that line.
    pub(crate) column: Option<u32>,
}

impl Token {
    /// The token after the last one.
    pub(crate) const END: Self = Self {
        kind: TokenKind::End,
        span: Span::at(u32::MAX),
        column: Some(0),
    };

    /// Whether an expression can be complete after this token.
    pub(crate) fn ends_expression(self) -> bool {
        matches!(
            self.kind,
            TokenKind::Identifier
                | TokenKind::ClassName
                | TokenKind::Number
                | TokenKind::String
                | TokenKind::StringEnd
                | TokenKind::Character
                | TokenKind::Symbol
                | TokenKind::Directive
                | TokenKind::Close(_)
                | TokenKind::Unknown
        )
    }

    /// Whether this token ends a statement by itself.
    pub(crate) fn is_terminator(self) -> bool {
        matches!(self.kind, TokenKind::Period | TokenKind::Bang)
    }
}

/// Which kind of comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `// …`
    Line,
    /// `/// …`
    Doc,
    /// `/* … */`
    Block,
}

/// A comment with its place: what the tree does not hold and the formatter must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Which kind.
    pub kind: CommentKind,
    /// From the first slash to the end of the line, or to `*/`.
    pub span: Span,
    /// Whether nothing but white space stands before it on its line.
    pub first_on_line: bool,
}
