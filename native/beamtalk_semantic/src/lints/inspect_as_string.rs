use beamtalk_ast::{Expr, ExprKind, Message, Name};
use beamtalk_source::Diagnostic;

use super::Site;
use crate::messages;
use crate::visit::{Node, embedded};

/// `inspect` as an operand of `++`, in an interpolation, or as what is shown.
pub fn look(node: Node<'_>, _: &Site<'_>, found: &mut Vec<Diagnostic>) {
    let Node::Expr(expr) = node else { return };
    let mut check = |expr: &Expr| found.extend(inspected(expr).map(messages::inspect_as_string));
    match &expr.kind {
        ExprKind::Interpolation(segments) => segments.iter().filter_map(embedded).for_each(check),
        ExprKind::Chain(head, links) | ExprKind::Cascade(head, links) => {
            if links
                .first()
                .is_some_and(|link| wants_string(&link.message))
            {
                check(head);
            }
            for pair in links.windows(2) {
                if let [Message::Unary(name), Message::Binary(operator, _)] =
                    [&pair[0].message, &pair[1].message]
                    && name.text == "inspect"
                    && operator.text == "++"
                {
                    found.push(messages::inspect_as_string(name));
                }
            }
            for link in links.iter().filter(|link| wants_string(&link.message)) {
                found.extend(
                    link.message
                        .arguments()
                        .filter_map(inspected)
                        .map(messages::inspect_as_string),
                );
            }
        }
        _ => {}
    }
}

fn wants_string(message: &Message) -> bool {
    match message {
        Message::Unary(_) => false,
        Message::Binary(name, _) => name.text == "++",
        Message::Keyword(parts) => matches!(
            parts.as_slice(),
            [(name, _)] if matches!(name.text.as_str(), "show:" | "print:" | "printLine:")
        ),
    }
}

/// The message `inspect` where it makes the value of the expression.
fn inspected(expr: &Expr) -> Option<&Name> {
    match &expr.kind {
        ExprKind::Paren(inner) => inspected(inner),
        ExprKind::Chain(_, links) => match &links.last()?.message {
            Message::Unary(name) if name.text == "inspect" => Some(name),
            _ => None,
        },
        _ => None,
    }
}
