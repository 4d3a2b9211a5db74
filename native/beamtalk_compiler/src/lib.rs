//! The boundary of the compiler. A backend turns what it received into a [`Term`], calls [`answer`], and gets the reply
//! in whatever form its [`TermSink`] builds. Both backends share this crate, so both answer the same.
//!
//! A request is a map with the key `op` ([`Request`] lists the others). A reply is one of
//!
//! * `{ok, Map}` and `{error, #{diagnostics := [Diagnostic]}}`: the answer of the compiler;
//! * `{need, [Hash]}`: the class environment is not known here; send the request again with its `entries`;
//! * `{bad_request, Binary}`: the request breaks this contract.
//!
//! Invariants: nothing here panics across the boundary ([`guarded`] is round everything, term building included); no
//! atom is made from anything but fixed tables and names that the engine has counted; a reply depends on the request
//! and on nothing else, `info` excepted.
//!
//! Absent on purpose: processes, threads, files, clocks. The one exception is [`panics`], which keeps what the last
//! panic said.

mod diagnostics;
pub mod external;
mod handle;
pub mod panics;
mod reply;
mod request;
mod term;

pub use beamtalk_engine::core::{BigInt, TermSink};
pub use beamtalk_engine::{Cancel, Engine, guarded};
pub use beamtalk_render::tool_failure;
pub use handle::{answer, bad_request, handle, overloaded};
pub use request::{BadRequest, MAX_REQUEST_BYTES, Operation, Output, Request};
pub use term::Term;
