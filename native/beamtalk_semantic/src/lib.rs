//! What a program means before any code is made of it: which class a name denotes ([`Environment`]), what a class
//! consists of ([`ClassShape`]), which variable an occurrence denotes and how it is stored ([`Resolution`]), which
//! messages are control flow ([`control`]), and what is wrong with all of it.
//!
//! Invariant: every question about a class that is not the one being compiled goes through the environment that the
//! caller passed; nothing is remembered between calls.

mod analyze;
mod arity;
mod class;
mod closed;
mod control;
mod environment;
mod exhaustive;
mod expectations;
mod extension;
mod instantiation;
mod lints;
mod messages;
mod names;
mod package;
mod processes;
mod protocol;
mod resolve;
mod structure;
mod visibility;
mod visit;

pub use analyze::{ClassAnalysis, Origin, analyze_class, analyze_script};
pub use class::{ClassShape, FieldShape};
pub use closed::{ClosedType, TypeMember, add_aliases};
pub use control::{Control, LiteralBlock, control, literal_block};
pub use environment::{
    AliasInterface, Environment, ExtensionInterface, FieldInterface, FileInterface, Interface,
    Kind, MethodInterface, ProtocolInterface, Requirement,
};
pub use expectations::settle;
pub use extension::{ExtensionAnalysis, analyze_extensions, as_method, extends_own};
pub use messages::shadowed_extension;
pub use names::{default_module, setter_selector, snake_case};
pub use package::{Dependency, Package};
pub use protocol::read_protocol;
pub use resolve::{
    Exempt, Resolution, Storage, Surroundings, Unit, VarId, VarKind, Variable, resolve,
};
pub use structure::{aliases_of_others, check_file};
