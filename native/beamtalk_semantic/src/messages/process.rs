use beamtalk_source::{Code, Diagnostic, Span};

pub fn block_to_erlang(block: Span, assignment: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BLOCK_TO_ERLANG,
        block,
        "this block assigns, and is given to an Erlang function",
    )
    .with_label(assignment, "the assignment")
    .with_help("it counts only if the function evaluates the block in this process")
}

pub fn dead_assignment(block: Span, assignment: Span) -> Diagnostic {
    Diagnostic::new(
        Code::DEAD_ASSIGNMENT,
        block,
        "this block works on copies: it is evaluated in another process",
    )
    .with_label(assignment, "nobody outside sees this assignment")
    .with_help("send the result back in a message")
}

pub fn foreign_state(block: Span, assignment: Span) -> Diagnostic {
    Diagnostic::new(
        Code::FOREIGN_STATE,
        block,
        "this block assigns a field of the actor in another process",
    )
    .with_label(assignment, "this raises `foreign_state`")
    .with_help("send the actor a message: `self … !`")
}

pub fn cast_to_value(receiver: Span) -> Diagnostic {
    Diagnostic::new(
        Code::CAST_TO_VALUE,
        receiver,
        "a value has no process that could take a cast",
    )
    .with_help("remove the `!`")
}
