//! Patterns and the targets of assignments.

use beamtalk_ast::{
    BinarySegment, MapKey, Name, Pattern, PatternKind, Rest, SegmentSize, Target, TargetKind,
};

use crate::document::Flat;
use crate::writer::Writer;

impl Writer<'_> {
    pub(crate) fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Wildcard => self.token("_"),
            PatternKind::Variable(name) => self.atom(name.span.end),
            PatternKind::Typed(name, class) => {
                self.atom(name.span.end);
                self.word("::");
                self.space();
                self.atom(class.span.end);
            }
            PatternKind::Literal(literal) => {
                self.expr(literal);
            }
            PatternKind::Tuple(elements) => self.tuple(elements),
            PatternKind::Array(elements, rest) => self.array_pattern(elements, rest.as_ref()),
            PatternKind::List(elements, rest) => self.list_pattern(elements, rest.as_ref()),
            PatternKind::Cons(elements, tail) => self.cons_pattern(elements, tail),
            PatternKind::Map(pairs) => self.map_pattern(pairs, Self::pattern),
            PatternKind::Binary(segments) => self.binary_pattern(segments),
            PatternKind::Constructor(class, parts) => self.constructor(class, parts),
            PatternKind::Paren(inner) => {
                self.token("(");
                self.pattern(inner);
                self.token(")");
            }
        }
    }

    fn tuple(&mut self, elements: &[Pattern]) {
        self.enclosed(("{", "}"), elements, Self::pattern, |_| ());
    }

    fn array_pattern(&mut self, elements: &[Pattern], rest: Option<&Rest>) {
        let some = !elements.is_empty();
        self.enclosed(("#[", "]"), elements, Self::pattern, |this| {
            this.rest(rest, some);
        });
    }

    fn list_pattern(&mut self, elements: &[Pattern], rest: Option<&Rest>) {
        let some = !elements.is_empty();
        self.enclosed(("#(", ")"), elements, Self::pattern, |this| {
            this.rest(rest, some);
        });
    }

    fn cons_pattern(&mut self, elements: &[Pattern], tail: &Pattern) {
        self.enclosed(("#(", ")"), elements, Self::pattern, |this| {
            this.line(Flat::Space);
            this.token("|");
            this.space();
            this.pattern(tail);
        });
    }

    fn map_pattern<T>(&mut self, pairs: &[(MapKey, T)], each: fn(&mut Self, &T)) {
        let pair = |this: &mut Self, (key, value): &(MapKey, T)| {
            this.atom(key.span.end);
            this.word("=>");
            this.space();
            each(this, value);
        };
        self.enclosed(("#{", "}"), pairs, pair, |_| ());
    }

    /// `...name`, maybe behind elements.
    fn rest(&mut self, rest: Option<&Rest>, after_elements: bool) {
        let Some(rest) = rest else { return };
        if after_elements {
            self.separator(",");
            self.line(Flat::Space);
        } else {
            self.line(Flat::Nothing);
        }
        self.token("...");
        self.atom(rest.name.span.end);
    }

    fn binary_pattern(&mut self, segments: &[BinarySegment]) {
        self.bracket("<<");
        for (index, segment) in segments.iter().enumerate() {
            if index > 0 {
                self.separator(",");
                self.space();
            }
            self.segment(segment);
        }
        self.bracket(">>");
    }

    fn segment(&mut self, segment: &BinarySegment) {
        self.atom(segment.name.span.end);
        if let Some(size) = &segment.size {
            self.token(":");
            match size {
                SegmentSize::Literal(_) => self.number(),
                SegmentSize::Variable(name) => self.atom(name.span.end),
            }
        }
        for (index, spec) in segment.specs.iter().enumerate() {
            self.token(if index == 0 { "/" } else { "-" });
            self.atom(spec.span.end);
        }
    }

    fn constructor(&mut self, class: &Name, parts: &[(Name, Pattern)]) {
        self.atom(class.span.end);
        for (keyword, pattern) in parts {
            self.space();
            self.atom(keyword.span.end);
            self.space();
            self.pattern(pattern);
        }
    }

    pub(crate) fn target(&mut self, target: &Target) {
        match &target.kind {
            TargetKind::Variable(name, annotation) => {
                self.atom(name.span.end);
                self.annotation(annotation.as_ref());
            }
            TargetKind::Field(..) => self.atom(target.span.end),
            TargetKind::Tuple(elements) => self.tuple(elements),
            TargetKind::Array(elements, rest) => {
                let some = !elements.is_empty();
                self.enclosed(("#[", "]"), elements, Self::target, |this| {
                    this.rest(rest.as_ref(), some);
                });
            }
            TargetKind::List(elements, rest) => {
                let some = !elements.is_empty();
                self.enclosed(("#(", ")"), elements, Self::target, |this| {
                    this.rest(rest.as_ref(), some);
                });
            }
            TargetKind::Map(pairs) => self.map_pattern(pairs, Self::target),
            TargetKind::Literal(literal) => {
                self.expr(literal);
            }
        }
    }
}
