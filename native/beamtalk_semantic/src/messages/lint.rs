use beamtalk_ast::{Expr, Name};
use beamtalk_source::{Code, Diagnostic, Edit, Fix, Span};

pub fn self_assignment(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SELF_ASSIGNMENT,
        span,
        "this assigns something to itself",
    )
    .with_help("remove the assignment")
}

pub fn literal_condition(condition: &Expr) -> Diagnostic {
    Diagnostic::new(
        Code::LITERAL_CONDITION,
        condition.span,
        "this condition is always the same",
    )
    .with_help("keep only the code that runs; an endless loop is `[…] repeat`")
}

pub fn statement_without_effect(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::STATEMENT_WITHOUT_EFFECT,
        span,
        "nobody sees the value of this statement",
    )
    .with_help("remove it, or use its value")
}

pub fn trailing_return(span: Span, value: Span) -> Diagnostic {
    Diagnostic::new(
        Code::TRAILING_RETURN,
        span,
        "a method answers its last statement: `^` is unnecessary here",
    )
    .with_fix("remove `^`", Span::new(span.start, value.start), "")
}

pub fn unnecessary_parentheses(span: Span) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::UNNECESSARY_PARENTHESES,
        span,
        "these parentheses change nothing",
    );
    diagnostic.fix = Some(Fix {
        title: "remove the parentheses".into(),
        edits: vec![
            Edit {
                span: Span::new(span.start, span.start + 1),
                text: String::new(),
            },
            Edit {
                span: Span::new(span.end - 1, span.end),
                text: String::new(),
            },
        ],
    });
    diagnostic
}

pub fn repeated_receiver(count: usize, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::REPEATED_RECEIVER,
        span,
        format!("{count} messages in a row to one receiver"),
    )
    .with_help("write a cascade: `receiver first; second; third`")
}

pub fn data_class(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::DATA_CLASS,
        name.span,
        format!("`{}` only gets and sets", name.text),
    )
    .with_help("make it a subclass of Value: getters and setters come by themselves")
}

pub fn inspect_as_string(selector: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::INSPECT_AS_STRING,
        selector.span,
        "`inspect` answers an Inspector, not a string",
    )
    .with_help("write `printString`")
    .with_fix("write `printString`", selector.span, "printString")
}

pub fn send_in_timer(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SEND_IN_TIMER,
        span,
        "the timer's process waits for the actor here",
    )
    .with_help("send a cast: end the statement with `!`")
}

pub fn bypassed_setter(field: &Name, setter: &str) -> Diagnostic {
    let message = format!(
        "`{}` is assigned although the class has `{setter}`",
        field.text
    );
    Diagnostic::new(Code::BYPASSED_SETTER, field.span, message)
        .with_help(format!("write `self {setter} …`"))
}

pub fn stale_expect(category: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::STALE_EXPECT,
        span,
        format!("there is nothing of category `{category}` to expect here"),
    )
    .with_help("remove the directive")
    .with_fix("remove the directive", span, "")
}

pub fn expect_before_nothing(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_DIRECTIVE,
        span,
        "`@expect` is followed by nothing",
    )
    .with_help("remove the directive")
}
