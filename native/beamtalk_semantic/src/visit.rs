//! One walk over statements and expressions for everything that only looks at them.

use beamtalk_ast::{Block, Expr, ExprKind, Segment, Statement};

/// What the walk shows: parents before children, in source order.
#[derive(Clone, Copy, Debug)]
pub enum Node<'a> {
    /// The statements of a method, a block or a chunk of a script.
    Body(&'a [Statement], Role),
    /// An expression.
    Expr(&'a Expr),
}

/// Whose statements they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The body of a method: its last value is the answer.
    Method,
    /// The body of a block: its last value is the block's.
    Block,
    /// Top-level statements: the value of the last one may be shown.
    Script,
}

/// What looks at the nodes.
pub type Look<'a, 'l> = &'l mut dyn FnMut(Node<'a>);

/// Shows the statements, and everything in them.
pub fn body<'a>(statements: &'a [Statement], role: Role, look: Look<'a, '_>) {
    look(Node::Body(statements, role));
    for statement in statements {
        expr(&statement.expr, look);
    }
}

/// Shows the expression, and everything in it.
pub fn expr<'a>(parent: &'a Expr, look: Look<'a, '_>) {
    look(Node::Expr(parent));
    match &parent.kind {
        ExprKind::FieldAccess(inner, _) | ExprKind::Return(inner) | ExprKind::Paren(inner) => {
            expr(inner, look);
        }
        ExprKind::Chain(head, links) | ExprKind::Cascade(head, links) => {
            expr(head, look);
            exprs(links.iter().flat_map(|link| link.message.arguments()), look);
        }
        ExprKind::Assign(target, value) => {
            if let beamtalk_ast::TargetKind::Field(object, _) = &target.kind {
                expr(object, look);
            }
            expr(value, look);
        }
        ExprKind::Block(Block {
            body: statements, ..
        }) => body(statements, Role::Block, look),
        ExprKind::List(elements, tail) => exprs(elements.iter().chain(tail.as_deref()), look),
        ExprKind::Array(elements) => exprs(elements, look),
        ExprKind::Map(pairs) => exprs(pairs.iter().flat_map(|(key, value)| [key, value]), look),
        ExprKind::Interpolation(segments) => exprs(segments.iter().filter_map(embedded), look),
        ExprKind::Match {
            scrutinee, arms, ..
        } => {
            expr(scrutinee, look);
            exprs(
                arms.iter()
                    .flat_map(|arm| arm.guard.iter().chain([&arm.body.expr])),
                look,
            );
        }
        _ => {}
    }
}

/// The expression of a piece of an interpolated string.
pub fn embedded(segment: &Segment) -> Option<&Expr> {
    match segment {
        Segment::Expr(expr) => Some(expr),
        Segment::Text(_) => None,
    }
}

fn exprs<'a>(all: impl IntoIterator<Item = &'a Expr>, look: Look<'a, '_>) {
    for each in all {
        expr(each, look);
    }
}
