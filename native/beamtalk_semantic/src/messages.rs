//! Every finding of this crate as a named constructor: one place for wording, codes and mends. Names and classes are
//! here; lints, declarations and processes have a file each.

mod declaration;
mod lint;
mod process;

use beamtalk_ast::{ClassName, Name};
use beamtalk_source::{Code, Diagnostic, Severity, Span};

pub use declaration::*;
pub use lint::*;
pub use process::*;

/// As many unknown names of a text are compared with all known ones.
pub const MAX_SUGGESTIONS: usize = 100;

/// The candidate nearest to `name`, if one is near enough to be a misspelling.
pub fn similar<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Any other letter is as near as the one that was meant.
    if name.chars().count() < 2 {
        return None;
    }
    let limit = (name.chars().count() / 3).clamp(1, 3);
    candidates
        .filter(|candidate| *candidate != name)
        .map(|candidate| (distance(name, candidate, limit), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The Levenshtein distance, or anything above `limit` where it is larger.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut previous = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let cost = (previous + usize::from(from != to))
                .min(left + 1)
                .min(*cell + 1);
            previous = std::mem::replace(cell, cost);
            left = cost;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

fn did_you_mean(diagnostic: Diagnostic, span: Span, candidate: Option<&str>) -> Diagnostic {
    match candidate {
        Some(name) => diagnostic
            .with_help(format!("did you mean `{name}`?"))
            .with_fix(format!("write `{name}`"), span, name),
        None => diagnostic,
    }
}

pub fn undefined_variable(
    name: &str,
    span: Span,
    is_field: bool,
    candidate: Option<&str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UNDEFINED_VARIABLE,
        span,
        format!("undefined variable `{name}`"),
    );
    if is_field {
        return diagnostic
            .with_help(format!("`{name}` is a field: write `self.{name}`"))
            .with_fix(format!("write `self.{name}`"), span, format!("self.{name}"));
    }
    match candidate {
        None => diagnostic.with_help("a variable comes into existence with its first assignment"),
        Some(_) => did_you_mean(diagnostic, span, candidate),
    }
}

pub fn unused_variable(name: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UNUSED_VARIABLE,
        span,
        format!("{what} `{name}` is never read"),
    )
    .with_help(format!(
        "remove it, or call it `_{name}` if that is intended"
    ))
}

pub fn shadowed_variable(
    what: &str,
    name: &str,
    span: Span,
    outer: &str,
    place: Span,
) -> Diagnostic {
    let message = format!("{what} `{name}` hides an outer {outer}");
    let mut diagnostic = Diagnostic::new(Code::SHADOWED_VARIABLE, span, message)
        .with_label(place, format!("the outer {outer}"))
        .with_help(format!("give the {what} another name"));
    if outer == "block parameter" {
        // Blocks in blocks that call their elements alike are common, and seldom wrong.
        diagnostic.severity = Severity::Lint;
    }
    diagnostic
}

pub fn repeated_pattern_variable(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::REPEATED_PATTERN_VARIABLE,
        span,
        format!("`{name}` is already bound by this pattern"),
    )
    .with_label(first, "bound here")
    .with_help("bind another name and compare in a guard: `when: [a =:= b]`")
}

pub fn reserved_name(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::RESERVED_NAME,
        span,
        format!("`{name}`: names that begin with `__` are reserved"),
    )
    .with_help("use a name with at most one underscore in front")
}

/// `self` as a block parameter is the receiver of a method of a `ClassBuilder`; the other names always mean the same.
pub fn reserved_parameter(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::RESERVED_NAME,
        span,
        format!("`{name}` cannot be a parameter: it always has the same meaning"),
    )
    .with_help("choose another name")
}

pub fn self_outside_method(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SELF_OUTSIDE_METHOD,
        span,
        format!("`{word}` outside a method"),
    )
    .with_help("only a method has a receiver")
}

pub fn super_without_superclass(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SELF_OUTSIDE_METHOD,
        span,
        "`super` in a class without superclass",
    )
}

pub fn unresolved_class(name: &ClassName, candidate: Option<&str>) -> Diagnostic {
    let text = &name.name.text;
    let diagnostic = Diagnostic::new(
        Code::UNRESOLVED_CLASS,
        name.span,
        format!("unknown class `{text}`"),
    );
    match candidate {
        None => diagnostic.with_help("it is looked up when the program runs"),
        Some(_) => did_you_mean(diagnostic, name.name.span, candidate),
    }
}

pub fn unknown_superclass(name: &ClassName, candidate: Option<&str>) -> Diagnostic {
    let mut diagnostic = unresolved_class(name, candidate);
    diagnostic.severity = Severity::Error;
    diagnostic.message = format!("unknown superclass `{}`", name.name.text);
    if candidate.is_none() {
        diagnostic.help = Some("compile or load the superclass first".into());
    }
    diagnostic
}

pub fn unknown_extended_class(name: &ClassName, candidate: Option<&str>) -> Diagnostic {
    let mut diagnostic = unresolved_class(name, candidate);
    diagnostic.severity = Severity::Error;
    diagnostic.message = format!("unknown class `{}`: nothing to extend", name.name.text);
    if candidate.is_none() {
        diagnostic.help = Some("compile or load the class first".into());
    }
    diagnostic
}

pub fn duplicate_member(what: &str, name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::DUPLICATE_MEMBER,
        span,
        format!("{what} `{name}` is declared twice"),
    )
    .with_label(first, "first declared here")
    .with_help("remove one of the two")
}

pub fn empty_body(selector: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::EMPTY_BODY,
        span,
        format!("method `{selector}` has no body"),
    )
    .with_help("write at least one expression after `=>`")
}

pub fn several_declarations(span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SEVERAL_DECLARATIONS,
        span,
        "a file may hold one class or one protocol",
    )
    .with_label(first, "the first declaration")
    .with_help("move this declaration to a file of its own")
}

pub fn wrong_data_declaration(
    keyword: &str,
    kind: &str,
    instead: Option<&str>,
    span: Span,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::WRONG_DATA_DECLARATION,
        span,
        format!("`{keyword}` in a class of kind {kind}"),
    );
    match instead {
        Some(instead) => diagnostic
            .with_help(format!(
                "a class of kind {kind} declares its data with `{instead}`"
            ))
            .with_fix(format!("write `{instead}`"), span, instead),
        None => diagnostic.with_help("a class that is neither Value nor Actor has no data"),
    }
}

pub fn immutable_field(field: &Name, setter: &str) -> Diagnostic {
    Diagnostic::new(
        Code::IMMUTABLE_FIELD,
        field.span,
        format!("cannot assign `{}`: values are immutable", field.text),
    )
    .with_help(format!("answer a changed copy: `self {setter} …`"))
}

pub fn field_without_data(field: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::IMMUTABLE_FIELD,
        field.span,
        format!("cannot assign `{}`: this class has no data", field.text),
    )
    .with_help(
        "make it a subclass of Value or Actor, or use a `classState:` variable in class methods",
    )
}

pub fn foreign_field(object: &beamtalk_ast::Expr, field: &Name) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::FOREIGN_FIELD,
        field.span,
        format!("`{}` is a field of another object", field.text),
    );
    match &object.kind {
        beamtalk_ast::ExprKind::Variable(name) => diagnostic.with_help(format!(
            "fields belong to their object: send it a message, `{name} {}`",
            field.text
        )),
        _ => diagnostic.with_help("fields belong to their object: send it a message"),
    }
}

pub fn foreign_field_assigned(object: &beamtalk_ast::Expr, field: &Name) -> Diagnostic {
    let setter = crate::setter_selector(&field.text);
    let mut diagnostic = foreign_field(object, field);
    if let beamtalk_ast::ExprKind::Variable(name) = &object.kind {
        diagnostic.help = Some(format!(
            "fields belong to their object: send it a message, `{name} {setter} …`"
        ));
    }
    diagnostic
}

pub fn equality_declared(selector: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::EQUALITY_DECLARED,
        span,
        format!("`{selector}` cannot be declared"),
    )
    .with_help("equality operators compare terms and are never sent; declare `equals:`")
}

pub fn primitive_outside_library(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::PRIMITIVE_OUTSIDE_LIBRARY,
        span,
        "primitives belong to the standard library",
    )
    .with_help("call Erlang through the `Erlang` gateway")
}

pub fn primitive_extension(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::PRIMITIVE_OUTSIDE_LIBRARY,
        span,
        "an extension cannot be a primitive",
    )
    .with_help("define the primitive in the body of its class")
}

/// The code generator has no intrinsics: what a method cannot say is a function of the class's Erlang module.
pub fn unknown_intrinsic(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::UNKNOWN_INTRINSIC,
        name.span,
        format!("there is no intrinsic `{}`", name.text),
    )
    .with_help("write `@primitive`: the method is then a function of the class's Erlang module")
}

pub fn setter_clash(first: &str, place: Option<Span>, second: &Name, setter: &str) -> Diagnostic {
    let message = format!(
        "`{first}` and `{}` share the setter `{setter}`",
        second.text
    );
    let diagnostic = Diagnostic::new(Code::NAME_CLASH, second.span, message)
        .with_help("rename one of the fields");
    match place {
        Some(place) => diagnostic.with_label(place, "the other field"),
        None => diagnostic.with_note(format!("`{first}` is inherited")),
    }
}

pub fn sealed_superclass(name: &ClassName) -> Diagnostic {
    Diagnostic::new(
        Code::SEALED,
        name.span,
        format!("`{}` is sealed: it has no subclasses", name.name.text),
    )
    .with_help("hold an instance of it in a field instead")
}

pub fn second_root(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::SEALED,
        name.span,
        format!(
            "`{}` has no superclass: only the library's root has none",
            name.text
        ),
    )
    .with_help("write `Object subclass: …`")
}

pub fn sealed_method(selector: &str, owner: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SEALED,
        span,
        format!("`{selector}` is sealed in `{owner}`: it cannot be overridden"),
    )
    .with_help("give the method another name")
}

pub fn library_class(name: &Name) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::NAME_CLASH,
        name.span,
        format!("`{}` is a class of the standard library", name.text),
    )
    .with_help("give the class another name");
    diagnostic.severity = Severity::Warning;
    diagnostic
}

pub fn class_named_self(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::NAME_CLASH,
        name.span,
        "a class cannot be named `Self`",
    )
    .with_help("`Self` is the type of the receiver")
}

pub fn actor_new(class: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::ACTOR_NEW,
        span,
        format!("`{class}` is an actor: `new` does not start a process"),
    )
    .with_help("write `spawn` or `spawnWith:`")
}

pub fn not_instantiable(class: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::NOT_INSTANTIABLE,
        span,
        format!("`{class}` cannot be instantiated: {why}"),
    )
}

pub fn block_arity(selector: &str, expected: &str, got: usize, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BLOCK_ARITY,
        span,
        format!("the block of `{selector}` takes {expected}, this one has {got}"),
    )
}

pub fn unreachable_code(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UNREACHABLE_CODE, span, "this code is never reached")
        .with_help("remove it, or the `^` before it")
}

pub fn explicit_super_initialize(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::EXPLICIT_SUPER_INITIALIZE,
        span,
        "`super initialize` runs the superclass's `initialize` twice",
    )
    .with_help("every `initialize` of the ancestry runs by itself, parent first: remove the send")
}

/// A method outside the class body that the body defines too: the one in the body is called.
pub fn shadowed_extension(selector: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SHADOWED_EXTENSION,
        span,
        format!("`{selector}` is defined in the class body: this one is never called"),
    )
    .with_label(first, "the method that is called")
    .with_help("remove one of the two")
}

/// The same for a class of another file.
pub fn ineffective_extension(selector: &str, class: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SHADOWED_EXTENSION,
        span,
        format!("`{class}` defines `{selector}` in its body: this one is never called"),
    )
    .with_help("give it another selector, or change the class itself")
}

/// A method for the instances of what has none.
pub fn extended_protocol(selector: &str, protocol: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SHADOWED_EXTENSION,
        span,
        format!("`{protocol}` is a protocol, without instances: `{selector}` is never called"),
    )
    .with_help("add the method to the classes that conform to it")
}

pub fn extension_conflict(selector: &str, class: &str, package: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::EXTENSION_CONFLICT,
        span,
        format!("package `{package}` adds `{selector}` to `{class}` too"),
    )
    .with_help("give the method another selector")
}

/// `is_error`: in `matchExhaustive:`, and where a Result is taken apart.
pub fn uncovered_members(span: Span, open: &[crate::TypeMember], is_error: bool) -> Diagnostic {
    let names: Vec<String> = open.iter().map(ToString::to_string).collect();
    let mut diagnostic = Diagnostic::new(
        Code::NON_EXHAUSTIVE,
        span,
        format!("no arm without a guard matches {}", names.join(", ")),
    )
    .with_help("add an arm for it, or `_ -> …` for everything else");
    if !is_error {
        diagnostic.severity = Severity::Warning;
    }
    diagnostic
}

pub fn unverifiable_match(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::NON_EXHAUSTIVE,
        span,
        "nothing tells what this may be: whether the arms cover it cannot be verified",
    )
    .with_help("declare the type, `x :: #a | #b`, or add an arm `_ -> …`")
}
