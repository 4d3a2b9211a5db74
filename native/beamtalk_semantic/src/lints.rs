//! Findings about one place of the tree. One lint is one file; [`LINTS`] is all of them.

mod bypassed_setter;
mod data_class;
mod inspect_as_string;
mod literal_condition;
mod repeated_receiver;
mod self_assignment;
mod send_in_timer;
mod statement_without_effect;
mod trailing_return;
mod unnecessary_parentheses;

use beamtalk_ast::{ExprKind, Statement};
use beamtalk_source::{Diagnostic, Span};

use crate::visit::{self, Node, Role};
use crate::{ClassShape, Origin};

pub use data_class::data_class;

/// What a lint may know besides the node.
pub struct Site<'a> {
    /// The file and the classes it sees.
    pub origin: &'a Origin<'a>,
    /// The class around.
    pub class: Option<&'a ClassShape>,
    /// The selector of the method around.
    pub selector: Option<&'a str>,
    /// Where the chunk stands in the file.
    pub base: u32,
}

impl Site<'_> {
    /// Whether that part of the chunk stands on one line.
    pub fn is_one_line(&self, span: Span) -> bool {
        !span.shift(self.base).text(self.origin.text).contains('\n')
    }
}

/// Looks at one node. Spans of what it finds are those of the chunk.
type Lint = fn(Node<'_>, &Site<'_>, &mut Vec<Diagnostic>);

const LINTS: [Lint; 9] = [
    bypassed_setter::look,
    inspect_as_string::look,
    literal_condition::look,
    repeated_receiver::look,
    self_assignment::look,
    send_in_timer::look,
    statement_without_effect::look,
    trailing_return::look,
    unnecessary_parentheses::look,
];

/// Everything the lints find in a body; spans are those of the file.
pub fn lint(body: &[Statement], role: Role, site: &Site<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    visit::body(body, role, &mut |node| {
        for lint in LINTS {
            lint(node, site, &mut found);
        }
    });
    found
        .into_iter()
        .map(|diagnostic| diagnostic.shift(site.base))
        .collect()
}

/// Whether two receivers are the same name.
fn same_name(a: &ExprKind, b: &ExprKind) -> bool {
    match (a, b) {
        (ExprKind::Variable(a), ExprKind::Variable(b)) => a == b,
        (ExprKind::ClassRef(a), ExprKind::ClassRef(b)) => {
            a.name.text == b.name.text
                && a.package.as_ref().map(|package| &package.text)
                    == b.package.as_ref().map(|package| &package.text)
        }
        (ExprKind::SelfRef, ExprKind::SelfRef) => true,
        (ExprKind::FieldAccess(a, x), ExprKind::FieldAccess(b, y)) => {
            x.text == y.text && same_name(&a.kind, &b.kind)
        }
        _ => false,
    }
}
