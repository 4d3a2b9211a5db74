//! Messages: unary, binary, keyword, cascades. A message that does not fit is broken before each operator or keyword,
//! unless it is enough to break its last argument, or its receiver.

use beamtalk_ast::{Expr, Link, Message, Name};

use crate::document::{Flat, GroupId, STEP};
use crate::writer::Writer;

/// At the start of a line these declare a field.
const FIELD_KEYWORDS: [&str; 3] = ["state:", "field:", "classState:"];

impl Writer<'_> {
    /// Messages, each sent to the value of the one before.
    pub(crate) fn chain(&mut self, head: &Expr, links: &[Link]) {
        match links.split_last() {
            Some((
                Link {
                    message: Message::Keyword(parts),
                    ..
                },
                before,
            )) => {
                let group = self.open(STEP);
                let first = self.receiver(|this| this.operations(head, before));
                let last = self.keyword_parts(parts);
                self.document.allow_hugging(group, parts.len(), first, last);
                self.close();
            }
            _ => {
                self.operations(head, links);
            }
        }
    }

    /// What a message is sent to: if it is broken, its lines are indented like those around the message.
    fn receiver<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.open_hanging();
        let result = write(self);
        self.close();
        result
    }

    /// Unary and binary messages; answers the group of the receiver's brackets where there is no operator.
    fn operations(&mut self, head: &Expr, links: &[Link]) -> Option<GroupId> {
        let is_binary = |link: &&Link| matches!(link.message, Message::Binary(..));
        let operators = links.iter().filter(is_binary).count();
        if operators == 0 {
            let bracket = self.expr(head);
            for link in links {
                self.message(&link.message);
            }
            return bracket;
        }
        let group = self.open(STEP);
        let first = self.receiver(|this| this.expr(head));
        let mut last = None;
        for link in links {
            if is_binary(&link) {
                self.line(Flat::Space);
            }
            last = self.message(&link.message);
        }
        self.document.allow_hugging(group, operators, first, last);
        self.close();
        None
    }

    /// Selector and arguments; answers the group of the last argument's brackets.
    fn message(&mut self, message: &Message) -> Option<GroupId> {
        match message {
            Message::Unary(name) => {
                self.space();
                self.atom(name.span.end);
                None
            }
            Message::Binary(operator, argument) => {
                self.atom(operator.span.end);
                self.space();
                self.expr(argument)
            }
            Message::Keyword(parts) => self.keyword_parts(parts),
        }
    }

    /// Keywords and arguments, each after a place where the line may break.
    fn keyword_parts(&mut self, parts: &[(Name, Expr)]) -> Option<GroupId> {
        let declares = |(name, _): &(Name, Expr)| FIELD_KEYWORDS.contains(&name.text.as_str());
        let rigid = self.rigid;
        self.rigid |= parts.iter().any(declares);
        let mut last = None;
        for part in parts {
            self.keyword_line();
            last = self.keyword_part(part);
        }
        self.rigid = rigid;
        last
    }

    fn keyword_part(&mut self, (keyword, argument): &(Name, Expr)) -> Option<GroupId> {
        self.atom(keyword.span.end);
        self.space();
        self.expr(argument)
    }

    /// `receiver m1; m2; …`
    pub(crate) fn cascade(&mut self, receiver: &Expr, links: &[Link]) {
        self.open(STEP);
        self.receiver(|this| this.expr(receiver));
        for (index, link) in links.iter().enumerate() {
            if index > 0 {
                self.separator(";");
            }
            self.cascade_link(index, &link.message);
        }
        self.close();
    }

    /// A unary message must stay on the line of its receiver; behind `;` everything may start a line.
    fn cascade_link(&mut self, index: usize, message: &Message) {
        match message {
            Message::Unary(_) if index == 0 => {
                self.message(message);
            }
            Message::Keyword(parts) => self.cascade_keywords(parts),
            Message::Unary(name) => {
                self.line(Flat::Space);
                self.atom(name.span.end);
            }
            Message::Binary(..) => {
                self.line(Flat::Space);
                self.message(message);
            }
        }
    }

    fn cascade_keywords(&mut self, parts: &[(Name, Expr)]) {
        let Some((first, others)) = parts.split_first() else {
            return;
        };
        self.keyword_line();
        self.open(STEP);
        self.keyword_part(first);
        self.keyword_parts(others);
        self.close();
    }
}
