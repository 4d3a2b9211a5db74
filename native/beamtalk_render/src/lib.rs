//! How findings look: [`Excerpts`] for diagnostics, which point into source text (as reports for a terminal, as lines, or
//! as JSON), and [`tool_failure`] for failures of the executables themselves, which do not. Nothing here decides what is
//! said.
//!
//! Absent on purpose: any look at the environment (terminal, color settings). The caller knows where text goes.

mod excerpt;
mod json;
mod line;
mod tool;

pub use excerpt::{Excerpts, Style};
pub use tool::tool_failure;
