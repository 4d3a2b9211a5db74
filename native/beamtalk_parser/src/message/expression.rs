//! Statements, messages, assignments, collection literals, directives.

use beamtalk_source::{Code, Diagnostic, Edit, Fix, Span};

pub(crate) fn missing_period(at: Span, gap: Span) -> Diagnostic {
    Diagnostic::new(
        Code::MISSING_PERIOD,
        at,
        "two statements on one line need a `.` between them",
    )
    .with_help("write `.` before this, or begin a new line")
    .with_fix("write `.`", Span::at(gap.start), ".")
}

/// `minus` is the sign; `gap` what stands before it.
pub(crate) fn negative_literal(literal: Span, gap: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::NEGATIVE_LITERAL,
        literal,
        "this negative number is a statement of its own, not a subtraction",
    )
    .with_help("put spaces on both sides of the `-` to subtract");
    with_subtraction(diagnostic, literal, gap)
}

/// Adds the mend that makes a subtraction of a negative literal.
pub(crate) fn with_subtraction(mut diagnostic: Diagnostic, literal: Span, gap: Span) -> Diagnostic {
    let mut edits = Vec::new();
    if gap.is_empty() {
        edits.push(Edit {
            span: Span::at(literal.start),
            text: " ".into(),
        });
    }
    edits.push(Edit {
        span: Span::at(literal.start + 1),
        text: " ".into(),
    });
    diagnostic.fix = Some(Fix {
        title: "write it as a subtraction".into(),
        edits,
    });
    diagnostic
}

pub(crate) fn unnecessary_period(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UNNECESSARY_PERIOD, span, "this `.` separates nothing").with_fix(
        "remove it",
        span,
        "",
    )
}

pub(crate) fn stray_period(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UNEXPECTED_TOKEN, span, "this `.` ends no statement").with_fix(
        "remove it",
        span,
        "",
    )
}

pub(crate) fn lone_super(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UNEXPECTED_TOKEN, span, "`super` needs a message")
        .with_help("`super` is not a value; send it a message, or write `self`")
}

// --- operators ---

pub(crate) fn association(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::ASSOCIATION_OPERATOR,
        span,
        "`->` makes no association",
    )
    .with_help("write a dictionary `#{key => value}` or an array `#[key, value]`")
}

pub(crate) fn lone_equals(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UNSENDABLE_OPERATOR, span, "`=` is not an operator")
        .with_help("compare with `=:=` or `==`; assign with `:=`")
}

/// `!=`, where the `!` is a cast.
pub(crate) fn unequal(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UNSENDABLE_OPERATOR, span, "`!=` is not an operator")
        .with_help("compare with `=/=` or `/=`")
}

/// `operator` ends with the minus that was meant as a sign.
pub(crate) fn glued_minus(span: Span, operator: &str) -> Diagnostic {
    let before = operator.strip_suffix('-').unwrap_or(operator);
    let sign = Span::at(span.start + before.len() as u32);
    Diagnostic::new(
        Code::UNSENDABLE_OPERATOR,
        span,
        format!("`{operator}` is one operator, which cannot be sent"),
    )
    .with_help(format!("put a space between `{before}` and `-`"))
    .with_fix("insert a space", sign, " ")
}

pub(crate) fn unsendable(span: Span, operator: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UNSENDABLE_OPERATOR,
        span,
        format!("`{operator}` cannot be sent as an operator"),
    );
    if operator == "\\" {
        return diagnostic.with_help(
            "in a string a `\\` escapes nothing but a brace: a quote is written `\"\"`",
        );
    }
    if matches!(operator, "&" | "&&") {
        return diagnostic.with_help("write `a and: [b]`");
    }
    diagnostic.with_help(format!("operators are `**` `*` `/` `%` `+` `-` `++` `<` `>` `<=` `>=` `==` `/=` `=:=` `=/=` `>>`; others are sent with `perform: #{operator}`"))
}

// --- casts and cascades ---

pub(crate) fn cast_of_no_send(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_CAST, span, "`!` can only follow a message send")
        .with_help("`!` sends without waiting for an answer, so it has no value")
}

pub(crate) fn cast_of_cascade(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_CAST,
        span,
        "`!` cannot be combined with a cascade",
    )
    .with_help("write each cast as a statement")
}

pub(crate) fn cascade_without_message(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_CASCADE, span, "a message is missing after `;`").with_help(
        "a cascade is `receiver first; second: x`; a statement ends with a `.` or with its line",
    )
}

/// A `;` at the end of a line, where a statement was to end.
pub(crate) fn cascade_as_end(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_CASCADE, span, "`;` does not end a statement")
        .with_help("a statement ends with a `.` or with its line; `;` sends the next message to the same receiver")
        .with_fix("remove it", span, "")
}

pub(crate) fn cascade_on_no_send(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_CASCADE,
        span,
        "a cascade needs a message send before the first `;`",
    )
    .with_help("a statement ends with a `.` or with its line; `;` sends the next message to the same receiver")
}

// --- assignment ---

pub(crate) fn bad_target(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_ASSIGNMENT_TARGET, span, "nothing can be assigned to this")
        .with_help("assign to a variable, to `self.field`, or to `#[a, b]`, `#(a, b)`, `#{#key => a}` or `{a, b}`")
}

pub(crate) fn reserved_target(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_ASSIGNMENT_TARGET,
        span,
        format!("`{name}` cannot be assigned"),
    )
}

pub(crate) fn typed_destructuring(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_ASSIGNMENT_TARGET,
        span,
        "the parts of a value that is taken apart have no type annotations",
    )
    .with_help("remove the annotation")
}

pub(crate) fn cons_target(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_ASSIGNMENT_TARGET,
        span,
        "`|` cannot stand in an assignment target",
    )
    .with_help("write `#(head, ...tail)`")
}

pub(crate) fn map_target_key(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_ASSIGNMENT_TARGET,
        span,
        "the key of a target is a symbol or a string",
    )
    .with_help("write `#{#key => variable}`")
}

pub(crate) fn empty_map_target(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_ASSIGNMENT_TARGET,
        span,
        "this target takes nothing from the dictionary",
    )
    .with_help("write `#{#key => variable}`")
}

pub(crate) fn type_without_value(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UNEXPECTED_TOKEN,
        span,
        "a type annotation needs an assignment",
    )
    .with_help("write `name :: Type := value`")
}

// --- collections ---

pub(crate) fn missing_comma(at: Span, gap: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_COLLECTION_LITERAL,
        at,
        "elements are separated by commas",
    )
    .with_fix("write `,`", Span::at(gap.start), ",")
}

pub(crate) fn missing_comma_before_negative(literal: Span, gap: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::BAD_COLLECTION_LITERAL,
        literal,
        "elements are separated by commas",
    )
    .with_help("put spaces on both sides of the `-` to subtract, or a comma before it");
    with_subtraction(diagnostic, literal, gap)
}

pub(crate) fn misplaced_rest(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_COLLECTION_LITERAL,
        span,
        "`...` stands only in patterns and assignment targets",
    )
    .with_help("to prepend elements to a list write `#(a, b | list)`; to append use `++`")
}

pub(crate) fn rest_not_last(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_PATTERN, span, "the rest must be the last element")
}

pub(crate) fn rest_without_name(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_PATTERN, span, "a name is missing after `...`")
        .with_help("write `...name`, or `..._` to discard the rest")
}

pub(crate) fn typed_element(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_COLLECTION_LITERAL,
        span,
        "an element has no type annotation",
    )
}

pub(crate) fn tail_without_elements(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_COLLECTION_LITERAL,
        span,
        "elements are missing before `|`",
    )
    .with_help("`#(a | list)` is the list with `a` in front")
}

pub(crate) fn tuple_expression(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_COLLECTION_LITERAL,
        span,
        "tuple literals are not expressions",
    )
    .with_help("write an array `#[a, b]`, or `Tuple withAll: #(a, b)`; a block is written `[ … ]`")
}

pub(crate) fn bare_key(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_COLLECTION_LITERAL,
        span,
        format!("`{name}` is no key: did you mean `#{name}`?"),
    )
    .with_help(format!("write `({name})` to use the value of the variable"))
    .with_fix(format!("write `#{name}`"), Span::at(span.start), "#")
}

/// `keyword` is `name:`, up to the value.
pub(crate) fn keyword_key(keyword: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_COLLECTION_LITERAL,
        keyword,
        "a dictionary literal is written with `=>`",
    )
    .with_help(format!("write `#{name} => value`"))
    .with_fix(
        format!("write `#{name} =>`"),
        keyword,
        format!("#{name} =>"),
    )
}

/// `key` has its value right behind it.
pub(crate) fn missing_arrow_between(key: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_COLLECTION_LITERAL,
        key,
        "`=>` is missing between this key and its value",
    )
    .with_fix("write `=>`", Span::at(key.end), " =>")
}

pub(crate) fn missing_fat_arrow(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_COLLECTION_LITERAL,
        span,
        "`=>` and a value are missing after this key",
    )
    .with_help("a dictionary is `#{key => value}`")
}

// --- directives ---

pub(crate) fn unknown_directive(span: Span, word: &str) -> Diagnostic {
    if word.starts_with(|first: char| first.is_ascii_uppercase()) {
        return Diagnostic::new(
            Code::BAD_DIRECTIVE,
            span,
            format!("a package is missing before `@{word}`"),
        )
        .with_help(format!("write `package@{word}`, or `{word}` alone"));
    }
    Diagnostic::new(Code::BAD_DIRECTIVE, span, format!("`@{word}` is not known"))
        .with_help("directives are `@primitive`, `@intrinsic` and `@expect`")
}

pub(crate) fn class_after_package(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_DIRECTIVE,
        span,
        "a class name is expected after `@`",
    )
    .with_help("classes begin with a capital letter")
}

pub(crate) fn primitive_outside_method(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_DIRECTIVE,
        span,
        "this can only stand in the body of a method",
    )
}

pub(crate) fn intrinsic_without_name(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_DIRECTIVE,
        span,
        "`@intrinsic` needs a name on the same line",
    )
}

pub(crate) fn expect_without_category(span: Span, categories: &str) -> Diagnostic {
    Diagnostic::new(Code::BAD_DIRECTIVE, span, "`@expect` needs a category")
        .with_help(format!("categories are {categories}"))
}

pub(crate) fn unknown_category(span: Span, category: &str, categories: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_DIRECTIVE,
        span,
        format!("`{category}` is no category"),
    )
    .with_help(format!("categories are {categories}"))
}

pub(crate) fn expect_before_nothing(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BAD_DIRECTIVE, span, "`@expect` stands before nothing")
        .with_help("it applies to the statement or member that follows")
}
