//! The recognizer that pest makes of the grammar files. Its types stay inside this crate.

#![allow(missing_docs, reason = "generated code")]

/// The grammar of one chunk of layout text.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/tokens.pest"]
#[grammar = "grammar/expressions.pest"]
#[grammar = "grammar/patterns.pest"]
#[grammar = "grammar/types.pest"]
#[grammar = "grammar/declarations.pest"]
pub(crate) struct Grammar;

/// A recognized rule with its place.
pub(crate) type Node<'i> = pest::iterators::Pair<'i, Rule>;
