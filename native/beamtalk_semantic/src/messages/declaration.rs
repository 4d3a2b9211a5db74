use beamtalk_ast::{ClassName, Name};
use beamtalk_source::{Code, Diagnostic, Span};

use super::did_you_mean;

pub fn nil_result(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::NIL_RESULT,
        span,
        "a method of a Value that answers nothing does nothing",
    )
    .with_help("answer a changed copy, or something else that is new")
}

pub fn misplaced_self_type(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::MISPLACED_SELF_TYPE,
        span,
        "`Self` can only be the type of a result",
    )
    .with_help("name the class")
}

pub fn unknown_type(name: &Name, candidate: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UNKNOWN_TYPE,
        name.span,
        format!("unknown type `{}`", name.text),
    );
    match candidate {
        None => diagnostic.with_help("name a class, a protocol or an alias, or declare it"),
        Some(_) => did_you_mean(diagnostic, name.span, candidate),
    }
}

pub fn declared_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::NAME_CLASH,
        span,
        format!("`{name}` is declared twice"),
    )
    .with_label(first, "first declared here")
    .with_help("rename one of the two")
}

/// `what` is what has the name already.
pub fn name_taken(what: &str, name: &Name) -> Diagnostic {
    let message = format!("there is a {what} `{}`", name.text);
    Diagnostic::new(Code::NAME_CLASH, name.span, message).with_help("choose another name")
}

pub fn unknown_protocol(name: &Name, candidate: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UNKNOWN_PROTOCOL,
        name.span,
        format!("unknown protocol `{}`", name.text),
    );
    match candidate {
        None => diagnostic.with_help("define it first, in a file of its own"),
        Some(_) => did_you_mean(diagnostic, name.span, candidate),
    }
}

pub fn extends_class(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::UNKNOWN_PROTOCOL,
        name.span,
        format!("`{}` is a class: a protocol extends a protocol", name.text),
    )
}

pub fn protocol_cycle(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::UNKNOWN_PROTOCOL,
        name.span,
        format!("`{}` extends this protocol", name.text),
    )
    .with_help("a protocol cannot extend itself, also not by way of others")
}

pub fn protocol_as_superclass(name: &ClassName) -> Diagnostic {
    Diagnostic::new(
        Code::SEALED,
        name.span,
        format!("`{}` is a protocol: it has no subclasses", name.name.text),
    )
    .with_help("a class conforms to a protocol by defining its methods")
}

pub fn internal_conformance(selector: &str, protocol: &str, span: Span) -> Diagnostic {
    let message = format!(
        "`{selector}` is internal, and the class conforms to protocol `{protocol}` with it"
    );
    Diagnostic::new(Code::INTERNAL_CONFORMANCE, span, message)
        .with_help("make the method public, or give it another name")
}

pub fn alias_cycle(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_ALIAS,
        name.span,
        format!("`{}` stands for itself", name.text),
    )
    .with_help("an alias stands for a type that does not mention it")
}

pub fn unbound_type_parameter(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_ALIAS,
        name.span,
        format!("`{}`: an alias has no type parameters", name.text),
    )
    .with_help("write the type itself, or Dynamic")
}

pub fn native_actor_with_state(field: &Name) -> Diagnostic {
    let message = format!(
        "`{}`: the state of a native actor is kept by its Erlang module",
        field.text
    );
    Diagnostic::new(Code::BAD_DELEGATE, field.span, message)
        .with_help("remove the slot and ask the module")
}

pub fn delegate_to_reserved_word(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_DELEGATE,
        span,
        format!("`{word}` is a reserved word of Erlang: no function has that name"),
    )
    .with_help("give the method another name")
}

pub fn untyped_delegate(selector: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UNTYPED_DELEGATE,
        span,
        format!("`{selector}` is delegated: nobody knows what it answers"),
    )
    .with_help("declare the type of the result: `-> Integer`")
}

pub fn bad_supervision_policy(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BAD_SUPERVISION_POLICY,
        span,
        "this is no restart policy",
    )
    .with_help("write `#permanent`, `#transient` or `#temporary`")
}

pub fn unknown_package(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::UNKNOWN_PACKAGE,
        name.span,
        format!("unknown package `{}`", name.text),
    )
    .with_help("add it to the dependencies")
}

pub fn ambiguous_class(name: &Name, packages: &[&str]) -> Diagnostic {
    let list: Vec<String> = packages
        .iter()
        .map(|package| format!("`{package}`"))
        .collect();
    let message = format!(
        "`{}` is a class of several packages: {}",
        name.text,
        list.join(", ")
    );
    let first = packages.first().copied().unwrap_or_default();
    Diagnostic::new(Code::AMBIGUOUS_CLASS, name.span, message)
        .with_help(format!("name the package: `{first}@{}`", name.text))
}

pub fn missing_policy(name: &Name) -> Diagnostic {
    let message = format!("`{}` does not say how it is restarted", name.text);
    Diagnostic::new(Code::MISSING_POLICY, name.span, message)
        .with_help("declare it: `class supervisionPolicy => #temporary`")
}

pub fn internal_class(class: &str, package: Option<&str>, span: Span) -> Diagnostic {
    let owner = package.map_or("another package".into(), |package| {
        format!("package `{package}`")
    });
    Diagnostic::new(
        Code::INTERNAL_CLASS,
        span,
        format!("E0401: `{class}` is internal to {owner}"),
    )
    .with_help("use what the package shows to others")
}

pub fn internal_type_leak(name: &Name, public: &str) -> Diagnostic {
    let message = format!(
        "E0402: `{public}` is public, and `{}` is internal",
        name.text
    );
    Diagnostic::new(Code::INTERNAL_TYPE_LEAK, name.span, message)
        .with_help("make both public, or both internal")
}

pub fn internal_method(selector: &str, owner: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::INTERNAL_METHOD,
        span,
        format!("E0403: `{selector}` is internal to the package of `{owner}`"),
    )
    .with_help("use what the package shows to others")
}

pub fn shadowed_internal(selector: &str, owner: &str, span: Span) -> Diagnostic {
    let message = format!(
        "`{selector}` hides an internal method of `{owner}`, which belongs to another package"
    );
    Diagnostic::new(Code::SHADOWED_INTERNAL, span, message)
        .with_help("give the method another name")
}
