//! Core Erlang as data. The tree ([`Module`], [`Expr`]) is what the code generator makes; [`text`] prints it for
//! people, [`term`] builds the records of OTP's `cerl` through a [`TermSink`], and [`check`] finds trees that OTP would
//! refuse.
//!
//! Source: "An introduction to Core Erlang" (Carlsson, 2001), the Core Erlang 1.0.3 specification, and the record
//! definitions of OTP's `core_parse.hrl`.
//!
//! Invariant: a sequence of bindings is flat ([`Body`]), so that the depth of a tree does not grow with the number of
//! statements, and dropping, printing and checking it need stack only for what is nested in the source.

pub mod check;
mod sink;
pub mod term;
pub mod text;
mod tree;

pub use num_bigint::BigInt;
pub use sink::TermSink;
pub use tree::{
    Body, Clause, Expr, Fun, FunName, Function, Line, Lit, Module, Pat, Segment, Step, Var,
};
