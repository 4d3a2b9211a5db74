use beamtalk_ast::{ClassDef, FieldKind, Member, Method};
use beamtalk_source::Diagnostic;

use crate::class::self_send;
use crate::{ClassShape, Kind, messages};

/// Words that are no function names in Erlang.
const ERLANG_WORDS: [&str; 29] = [
    "after", "and", "andalso", "band", "begin", "bnot", "bor", "bsl", "bsr", "bxor", "case",
    "catch", "cond", "div", "else", "end", "fun", "if", "let", "maybe", "not", "of", "or",
    "orelse", "receive", "rem", "try", "when", "xor",
];

/// The Erlang module of a native actor owns its state.
pub fn check_class(class: &ClassDef, shape: &ClassShape) -> Vec<Diagnostic> {
    if !(shape.native.is_some() && shape.kind == Kind::Actor) {
        return Vec::new();
    }
    let slots = class
        .members
        .iter()
        .filter_map(|member| match &*member.node {
            Member::Field(field) if field.kind == FieldKind::State => Some((member.base, field)),
            _ => None,
        });
    slots
        .map(|(base, field)| messages::native_actor_with_state(&field.name).shift(base))
        .collect()
}

/// `self delegate` forwards to the Erlang function of the selector's name.
pub fn check(method: &Method, shape: &ClassShape) -> Vec<Diagnostic> {
    if shape.native.is_none() || self_send(&method.body) != Some("delegate") {
        return Vec::new();
    }
    let selector = &method.signature.selector;
    let word = selector.text.split(':').next().unwrap_or_default();
    let mut found = Vec::new();
    if ERLANG_WORDS.contains(&word) {
        found.push(messages::delegate_to_reserved_word(word, selector.span));
    }
    if method.signature.result.is_none() {
        found.push(messages::untyped_delegate(&selector.text, selector.span));
    }
    found
}
