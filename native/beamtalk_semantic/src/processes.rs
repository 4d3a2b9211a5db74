//! Where the block of a message is evaluated: which messages take it to another process, or to Erlang.

use beamtalk_ast::{Expr, ExprKind, Link};
use beamtalk_source::Span;

use crate::{Environment, Kind};

/// Classes that evaluate blocks in processes of their own.
const HELPERS: [&str; 2] = ["Timer", "Parallel"];

/// Who gets the arguments of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// An Erlang function.
    Erlang,
    /// Another process.
    Process,
}

/// What a block changes outside itself: the first place of each sort.
#[derive(Clone, Copy, Debug, Default)]
pub struct Effects {
    /// An assignment of a variable it captured.
    pub variable: Option<Span>,
    /// An assignment of a field of `self`.
    pub field: Option<Span>,
}

/// Who gets the arguments of the message at `index` of a chain, where that is known from the text.
/// `spawned` tells whether a variable only ever holds new actors.
pub fn receiver(
    head: &Expr,
    links: &[Link],
    index: usize,
    environment: &Environment,
    spawned: impl Fn(&str) -> bool,
) -> Option<Receiver> {
    match &head.kind {
        ExprKind::Paren(inner) => receiver(inner, links, index, environment, spawned),
        // `(C spawn) run: […]`: one message of the chain inside, then one of this.
        ExprKind::Chain(..) if index == 0 => spawns(head, environment).then_some(Receiver::Process),
        ExprKind::ClassRef(name) if name.name.text == "Erlang" => {
            (index == 1).then_some(Receiver::Erlang)
        }
        ExprKind::ClassRef(name) if HELPERS.contains(&name.name.text.as_str()) => {
            (index == 0).then_some(Receiver::Process)
        }
        ExprKind::ClassRef(name) => {
            let first = links.first().filter(|_| index == 1)?;
            spawns_of(&name.name.text, &first.message.selector(), environment)
                .then_some(Receiver::Process)
        }
        ExprKind::Variable(name) => (index == 0 && spawned(name)).then_some(Receiver::Process),
        _ => None,
    }
}

/// Whether the expression makes an actor: `C spawn`.
pub fn spawns(expr: &Expr, environment: &Environment) -> bool {
    match &expr.kind {
        ExprKind::Paren(inner) => spawns(inner, environment),
        ExprKind::Chain(head, links) => match (&head.kind, links.as_slice()) {
            (ExprKind::ClassRef(name), [link]) => {
                spawns_of(&name.name.text, &link.message.selector(), environment)
            }
            _ => false,
        },
        _ => false,
    }
}

fn spawns_of(class: &str, selector: &str, environment: &Environment) -> bool {
    matches!(
        selector,
        "spawn" | "spawnWith:" | "spawnAs:" | "spawnWith:as:"
    ) && environment
        .class(class)
        .is_some_and(|class| class.kind == Kind::Actor)
}
