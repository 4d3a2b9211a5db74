use num_bigint::BigInt;

/// Where terms are built: in an emulator's heap, or as a value that is sent as external term format.
///
/// A sink never fails: limits on names and sizes are checked before anything is built.
pub trait TermSink {
    /// A handle of a term.
    type Term: Clone;

    /// An atom; at most 255 characters.
    fn atom(&mut self, name: &str) -> Self::Term;
    /// A small integer.
    fn integer(&mut self, value: i64) -> Self::Term;
    /// An integer of any size.
    fn big_integer(&mut self, value: &BigInt) -> Self::Term;
    /// A float; never an infinity or NaN.
    fn float(&mut self, value: f64) -> Self::Term;
    /// A binary.
    fn binary(&mut self, bytes: &[u8]) -> Self::Term;
    /// A tuple.
    fn tuple(&mut self, elements: &[Self::Term]) -> Self::Term;
    /// A proper list.
    fn list(&mut self, elements: &[Self::Term]) -> Self::Term;
    /// A cons cell.
    fn cons(&mut self, head: Self::Term, tail: Self::Term) -> Self::Term;
    /// A map; keys are different.
    fn map(&mut self, pairs: &[(Self::Term, Self::Term)]) -> Self::Term;
}
