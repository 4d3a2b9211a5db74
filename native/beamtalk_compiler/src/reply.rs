use beamtalk_engine::core::TermSink;

/// Builds the terms of a reply.
pub(crate) struct Reply<'s, S: TermSink> {
    pub(crate) sink: &'s mut S,
}

impl<'s, S: TermSink> Reply<'s, S> {
    pub(crate) fn new(sink: &'s mut S) -> Self {
        Self { sink }
    }

    pub(crate) fn tagged(&mut self, tag: &str, value: S::Term) -> S::Term {
        let elements = [self.sink.atom(tag), value];
        self.sink.tuple(&elements)
    }

    pub(crate) fn text(&mut self, text: &str) -> S::Term {
        self.sink.binary(text.as_bytes())
    }

    pub(crate) fn optional_text(&mut self, text: Option<&str>) -> S::Term {
        match text {
            Some(text) => self.text(text),
            None => self.sink.atom("undefined"),
        }
    }

    pub(crate) fn texts<T: AsRef<str>>(&mut self, texts: &[T]) -> S::Term {
        let texts: Vec<_> = texts.iter().map(|text| self.text(text.as_ref())).collect();
        self.sink.list(&texts)
    }

    pub(crate) fn number(&mut self, value: u32) -> S::Term {
        self.sink.integer(i64::from(value))
    }

    pub(crate) fn count(&mut self, value: u64) -> S::Term {
        self.sink.integer(i64::try_from(value).unwrap_or(i64::MAX))
    }

    pub(crate) fn size(&mut self, value: usize) -> S::Term {
        self.count(value as u64)
    }

    /// A map with atoms as keys.
    pub(crate) fn record<const N: usize>(&mut self, fields: [(&str, S::Term); N]) -> S::Term {
        self.fields(fields.into())
    }

    pub(crate) fn fields(&mut self, fields: Vec<(&str, S::Term)>) -> S::Term {
        let pairs: Vec<_> = fields
            .into_iter()
            .map(|(key, value)| (self.sink.atom(key), value))
            .collect();
        self.sink.map(&pairs)
    }
}
