use num_bigint::BigInt;

/// A variable: unique in its function. Names of the source do not survive, so no atom is made from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(pub u32);

/// A line of the source, from 1; 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line(pub u32);

/// Name and arity of a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FunName {
    /// An atom.
    pub name: String,
    /// Number of parameters.
    pub arity: usize,
}

impl FunName {
    /// `name/arity`.
    pub fn new(name: impl Into<String>, arity: usize) -> Self {
        Self {
            name: name.into(),
            arity,
        }
    }
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Lit {
    /// An atom.
    Atom(String),
    /// An integer that fits.
    Int(i64),
    /// Any other integer.
    Big(BigInt),
    /// A finite float.
    Float(f64),
    /// A binary.
    Binary(Vec<u8>),
    /// A proper list.
    List(Vec<Lit>),
    /// A tuple.
    Tuple(Vec<Lit>),
    /// A map; keys are different.
    Map(Vec<(Lit, Lit)>),
}

impl Lit {
    /// An atom.
    pub fn atom(name: impl Into<String>) -> Self {
        Self::Atom(name.into())
    }

    /// A binary with the bytes of `text`.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Binary(text.into().into_bytes())
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A variable.
    Var(Var),
    /// A constant.
    Lit(Lit),
    /// A function of the module or of a surrounding `letrec`, as a value.
    Local(FunName),
    /// Bindings, then a result.
    Body(Box<Body>),
    /// `call Module:Function(…)`.
    Call(Line, Box<Expr>, Box<Expr>, Vec<Expr>),
    /// `apply Fun(…)`.
    Apply(Line, Box<Expr>, Vec<Expr>),
    /// `case Subject of … end`: the last clause must match everything.
    Case(Box<Expr>, Vec<Clause>),
    /// `fun (…) -> …`.
    Fun(Box<Fun>),
    /// `{…}`.
    Tuple(Vec<Expr>),
    /// `[Head | Tail]`.
    Cons(Box<Expr>, Box<Expr>),
    /// `~{Key => Value, …}~`: a new map. (An update needs a base that is known to be a map; it is a call of `maps`.)
    Map(Vec<(Expr, Expr)>),
    /// `try Test of <T> -> T catch <C, R> -> 'false'`: a guard that may fail. OTP sees a guard in it only where every
    /// call of the test is bound by a `let`. The variables are T, C and R.
    Protected(Box<Expr>, [Var; 3]),
    /// `<…>`: several values at once.
    Values(Vec<Expr>),
}

impl Expr {
    /// A constant atom.
    pub fn atom(name: impl Into<String>) -> Self {
        Self::Lit(Lit::atom(name))
    }

    /// `call 'module':'function'(args)`.
    pub fn call(line: Line, module: &str, function: &str, args: Vec<Expr>) -> Self {
        Self::Call(
            line,
            Box::new(Self::atom(module)),
            Box::new(Self::atom(function)),
            args,
        )
    }

    /// A proper list of expressions; constant where all of them are.
    pub fn list(elements: Vec<Expr>) -> Self {
        if elements.iter().all(|e| matches!(e, Self::Lit(_))) {
            let constant = |e| {
                if let Self::Lit(lit) = e {
                    Some(lit)
                } else {
                    None
                }
            };
            return Self::Lit(Lit::List(
                elements.into_iter().filter_map(constant).collect(),
            ));
        }
        elements
            .into_iter()
            .rev()
            .fold(Self::Lit(Lit::List(Vec::new())), |tail, head| {
                Self::Cons(Box::new(head), Box::new(tail))
            })
    }
}

/// Steps done in order, then a result; every step sees what the earlier ones bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// In order.
    pub steps: Vec<Step>,
    /// The value.
    pub result: Expr,
}

/// A step of a [`Body`].
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `let <Vars> = Value in …`.
    Let(Vec<Var>, Expr),
    /// `letrec … in …`.
    Letrec(Vec<Function>),
    /// `case Subject of Exits; Go -> … end`: the rest of the body is the last clause, each exit leaves it.
    Exit(Expr, Vec<Clause>, Vec<Pat>),
    /// `letrec Name = fun (Params) -> Rest in Entry`: the rest of the body is a function that the entry calls.
    Join(FunName, Vec<Var>, Expr),
}

/// A clause of a `case`.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// One for each value of the subject.
    pub patterns: Vec<Pat>,
    /// A guard expression.
    pub guard: Expr,
    /// What it answers.
    pub body: Expr,
}

impl Clause {
    /// A clause without guard.
    pub fn new(patterns: Vec<Pat>, body: Expr) -> Self {
        Self {
            patterns,
            guard: Expr::atom("true"),
            body,
        }
    }

    /// A clause with a guard.
    pub fn guarded(patterns: Vec<Pat>, guard: Expr, body: Expr) -> Self {
        Self {
            patterns,
            guard,
            body,
        }
    }
}

/// A pattern.
#[derive(Clone, Debug, PartialEq)]
pub enum Pat {
    /// Matches and binds anything.
    Var(Var),
    /// Matches a constant.
    Lit(Lit),
    /// Matches a tuple of this size.
    Tuple(Vec<Pat>),
    /// Matches a cons cell.
    Cons(Box<Pat>, Box<Pat>),
    /// Matches a map with at least these keys.
    Map(Vec<(Lit, Pat)>),
    /// Binds what the pattern matches.
    Alias(Var, Box<Pat>),
    /// Matches a binary that consists of these segments.
    Binary(Vec<Segment>),
}

/// A segment of a binary pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// What it binds.
    pub var: Var,
    /// A variable or a constant: a number of units, `all` for the rest, `undefined` where the type decides.
    pub size: Expr,
    /// Bits that the size counts; none where the type decides.
    pub unit: Option<u8>,
    /// `integer`, `float`, `binary` or `utf8`.
    pub kind: &'static str,
    /// `signed` or `unsigned`.
    pub sign: &'static str,
    /// `big`, `little` or `native`.
    pub endian: &'static str,
}

impl Segment {
    /// The unit as Core Erlang writes it.
    pub fn unit_literal(&self) -> Lit {
        self.unit
            .map_or_else(|| Lit::atom("undefined"), |unit| Lit::Int(i64::from(unit)))
    }

    /// The flags as Core Erlang writes them.
    pub fn flags(&self) -> Lit {
        Lit::List(vec![Lit::atom(self.sign), Lit::atom(self.endian)])
    }
}

/// Parameters and body.
#[derive(Clone, Debug, PartialEq)]
pub struct Fun {
    /// Different variables.
    pub params: Vec<Var>,
    /// What it answers.
    pub body: Expr,
}

/// A named function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Name and arity; the arity is the number of parameters.
    pub name: FunName,
    /// What it does.
    pub fun: Fun,
}

/// A module.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// An atom.
    pub name: String,
    /// The file that lines refer to; relative, as it is to appear in stack traces.
    pub file: Option<String>,
    /// Functions of the module that can be called from outside.
    pub exports: Vec<FunName>,
    /// Constant attributes.
    pub attributes: Vec<(Lit, Lit)>,
    /// All functions.
    pub functions: Vec<Function>,
}
