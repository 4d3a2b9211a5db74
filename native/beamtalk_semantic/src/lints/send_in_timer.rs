use beamtalk_ast::{Expr, ExprKind, Statement};
use beamtalk_source::{Diagnostic, Span};
use rustc_hash::FxHashSet;

use super::Site;
use crate::control::literal_block;
use crate::visit::{self, Node, Role};
use crate::{Kind, messages};

/// `Timer every: 50 do: [self beat]` in an actor: the helper process waits for the actor.
pub fn look(node: Node<'_>, site: &Site<'_>, found: &mut Vec<Diagnostic>) {
    let Node::Expr(expr) = node else { return };
    let ExprKind::Chain(head, links) = &expr.kind else {
        return;
    };
    let is_timer = matches!(&head.kind, ExprKind::ClassRef(name) if name.name.text == "Timer");
    if !is_timer || site.class.is_none_or(|class| class.kind != Kind::Actor) {
        return;
    }
    for literal in links
        .iter()
        .flat_map(|link| link.message.arguments())
        .filter_map(literal_block)
    {
        synchronous_sends(&literal.block.body, found);
    }
}

fn synchronous_sends(statements: &[Statement], found: &mut Vec<Diagnostic>) {
    let mut casts: FxHashSet<Span> = FxHashSet::default();
    visit::body(statements, Role::Block, &mut |node| match node {
        Node::Body(statements, _) => {
            casts.extend(
                statements
                    .iter()
                    .filter(|each| each.cast.is_some())
                    .map(|each| each.expr.span),
            );
        }
        Node::Expr(expr) if is_send_to_self(expr) && !casts.contains(&expr.span) => {
            found.push(messages::send_in_timer(expr.span));
        }
        Node::Expr(_) => {}
    });
}

fn is_send_to_self(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Chain(head, _) | ExprKind::Cascade(head, _) => {
            matches!(head.kind, ExprKind::SelfRef)
        }
        _ => false,
    }
}
