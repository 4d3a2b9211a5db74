/// Decisions, made by bytes. When they are used up every decision is 0, the simplest.
#[derive(Debug)]
pub(crate) struct Choices {
    bytes: std::vec::IntoIter<u8>,
}

impl Choices {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes: bytes.into_iter(),
        }
    }

    /// A number below `count`, which is up to 256.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        usize::from(self.bytes.next().unwrap_or(0)) % count.max(1)
    }

    /// True in one of `count` cases.
    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    pub(crate) fn pick<'a>(&mut self, options: &[&'a str]) -> &'a str {
        let index = self.below(options.len());
        options.get(index).copied().unwrap_or("x")
    }
}
