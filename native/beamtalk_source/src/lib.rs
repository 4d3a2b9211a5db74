//! What every part of the compiler says about source text: where something is ([`Span`], [`LineIndex`]) and what is
//! wrong with it ([`Diagnostic`]). No part of the language and no rendering lives here.

mod code;
mod diagnostic;
mod line_index;
mod span;

pub use code::{CODES, Code, CodeInfo};
pub use diagnostic::{Diagnostic, Edit, Fix, Label, Phase, Severity};
pub use line_index::{LineColumn, LineIndex};
pub use span::Span;
