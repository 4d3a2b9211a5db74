//! Messages: who gets them, whether they can be understood there, and what becomes of their blocks.

use beamtalk_ast::{Expr, ExprKind, Link, Message};

use super::Resolver;
use crate::control::{control, literal_block};
use crate::processes::{self, Receiver};
use crate::{Kind, arity, instantiation, messages, visibility};

impl Resolver<'_> {
    pub(super) fn chain(&mut self, head: &Expr, links: &[Link]) {
        let Some((first, rest)) = links.split_first() else {
            return self.head(head);
        };
        if let Some(inlined) = control(Some(head), &first.message) {
            self.control(Some(head), &inlined, &first.message);
        } else {
            self.head(head);
            self.send_to(head, first);
        }
        self.internal_sends(head, links);
        for link in rest {
            match control(None, &link.message) {
                Some(inlined) => self.control(None, &inlined, &link.message),
                None => self.exprs(link.message.arguments()),
            }
            self.block_arity(&link.message);
        }
        for (index, link) in links.iter().enumerate().take(2) {
            self.handed_over(head, links, index, link);
        }
    }

    pub(super) fn cascade(&mut self, receiver: &Expr, links: &[Link]) {
        self.head(receiver);
        for link in links {
            self.send_to(receiver, link);
            self.internal_send(self.known_class(receiver).as_ref(), &link.message);
            self.handed_over(receiver, std::slice::from_ref(link), 0, link);
        }
    }

    /// A message to an expression that has been looked at.
    fn send_to(&mut self, head: &Expr, link: &Link) {
        self.super_initialize(head, link);
        let surroundings = self.surroundings;
        // A class that cannot be named has had its diagnostic.
        let is_named = match &head.kind {
            ExprKind::ClassRef(name) => {
                visibility::class_reference(name, surroundings.origin).is_none()
            }
            _ => true,
        };
        let instance = is_named
            .then(|| instantiation::check(head, &link.message, surroundings.environment()))
            .flatten();
        if let Some(diagnostic) = instance {
            self.report(diagnostic);
        }
        self.exprs(link.message.arguments());
        self.block_arity(&link.message);
    }

    /// Blocks that change something and go to Erlang or to another process.
    fn handed_over(&mut self, head: &Expr, links: &[Link], index: usize, link: &Link) {
        let spawned = |name: &str| {
            self.lookup(name)
                .is_some_and(|id| self.facts[id.0 as usize].spawned)
        };
        let environment = self.surroundings.environment();
        if let Some(receiver) = processes::receiver(head, links, index, environment, spawned) {
            self.blocks_given(&link.message, receiver);
        }
    }

    fn blocks_given(&mut self, message: &Message, receiver: Receiver) {
        let in_actor = self
            .surroundings
            .class
            .is_some_and(|class| class.kind == Kind::Actor);
        for argument in message.arguments() {
            let Some(literal) = literal_block(argument) else {
                continue;
            };
            let offset = self.base + literal.expr.span.start;
            // Each block is judged once, by the innermost message that takes it away.
            let Some(effects) = self.block_effects.remove(&offset) else {
                continue;
            };
            let block = literal.expr.span.shift(self.base);
            match receiver {
                Receiver::Erlang => {
                    let place = effects.variable.or(effects.field);
                    self.found
                        .extend(place.map(|place| messages::block_to_erlang(block, place)));
                }
                Receiver::Process => {
                    self.found.extend(
                        effects
                            .variable
                            .map(|place| messages::dead_assignment(block, place)),
                    );
                    let field = effects.field.filter(|_| in_actor);
                    self.found
                        .extend(field.map(|place| messages::foreign_state(block, place)));
                }
            }
        }
    }

    /// The outermost message of the statement goes to a process.
    pub(super) fn cast(&mut self, expr: &Expr) {
        let ExprKind::Chain(head, links) = &expr.kind else {
            return;
        };
        let in_value = self.surroundings.class.is_some_and(|class| {
            class.kind == Kind::Value && !class.is_test && !self.surroundings.class_side
        });
        let to_itself = links.len() == 1
            && matches!(head.kind, ExprKind::SelfRef)
            && !self.has_receiver_parameter();
        let itself = (in_value && to_itself).then_some(head.span);
        if let Some(receiver) =
            itself.or_else(|| instantiation::value_receiver(expr, self.surroundings.environment()))
        {
            return self.report(messages::cast_to_value(receiver));
        }
        if let (Some(last), false) = (links.last(), to_itself) {
            self.blocks_given(&last.message, Receiver::Process);
        }
    }

    fn super_initialize(&mut self, head: &Expr, link: &Link) {
        let in_actor = self
            .surroundings
            .class
            .is_some_and(|class| class.kind == Kind::Actor);
        if matches!(head.kind, ExprKind::Super)
            && in_actor
            && !self.has_receiver_parameter()
            && link.message.selector() == "initialize"
        {
            self.report(messages::explicit_super_initialize(head.span.to(link.span)));
        }
    }

    fn block_arity(&mut self, message: &Message) {
        for diagnostic in arity::check(message) {
            self.report(diagnostic);
        }
    }
}
