//! Every message of this crate, as a named constructor: code, wording, help and mend in one place.

pub(crate) mod declaration;
pub(crate) mod expression;
pub(crate) mod lexical;
pub(crate) mod pattern;
