//! Binary patterns.

use beamtalk_ast::{BinarySegment, Name, SegmentSize};
use beamtalk_source::Span;

use super::cursor::Cursor;
use super::{Lowerer, name_of, span_of};
use crate::grammar::{Node, Rule};
use crate::message::pattern as message;

/// Specifiers that exclude each other stand in one group.
const GROUPS: [&[&str]; 3] = [
    &["integer", "float", "binary", "bytes", "utf8"],
    &["signed", "unsigned"],
    &["big", "little", "native"],
];

impl Lowerer<'_> {
    /// `binary_pattern`
    pub(super) fn lower_binary_pattern(&mut self, node: Node) -> Vec<BinarySegment> {
        let mut cursor = Cursor::new(node);
        let mut segments = Vec::new();
        let mut comma = None;
        while let Some(part) = cursor.next() {
            match part.as_rule() {
                Rule::segment_comma => comma = Some(span_of(&part)),
                Rule::segment => {
                    comma = None;
                    segments.extend(self.lower_segment(part));
                }
                _ => {}
            }
        }
        if let Some(comma) = comma {
            self.report(message::trailing_comma(comma));
        }
        if let Some((_, before)) = segments.split_last() {
            for segment in before.iter().filter(|segment| takes_the_rest(segment)) {
                self.report(message::rest_before_end(segment.span, &segment.name.text));
            }
        }
        segments
    }

    fn lower_segment(&mut self, node: Node) -> Option<BinarySegment> {
        let mut cursor = Cursor::new(node);
        let name = segment_name(&cursor.next()?);
        let mut span = name.span;
        let mut size = None;
        if let Some(node) = cursor.optional(Rule::segment_size) {
            span = span.to(span_of(&node));
            size = self.lower_size(node);
        }
        let mut specs: Vec<Name> = Vec::new();
        while let Some(node) = cursor.optional(Rule::segment_spec) {
            let spec = name_of(&node);
            span = span.to(spec.span);
            self.check_specifier(&spec, &specs);
            specs.push(spec);
        }
        if let Some(utf8) = specs.iter().find(|spec| spec.text == "utf8")
            && size.is_some()
        {
            self.report(message::sized_utf8(utf8.span));
        }
        Some(BinarySegment {
            span,
            name,
            size,
            specs,
        })
    }

    fn lower_size(&mut self, node: Node) -> Option<SegmentSize> {
        let inner = Cursor::new(node).next()?;
        if inner.as_rule() == Rule::identifier {
            return Some(SegmentSize::Variable(name_of(&inner)));
        }
        let size = inner.as_str().replace('_', "").parse().ok();
        if size.is_none() {
            self.report(message::bad_size(span_of(&inner)));
        }
        size.map(SegmentSize::Literal)
    }

    fn check_specifier(&mut self, spec: &Name, before: &[Name]) {
        let Some(group) = GROUPS
            .iter()
            .find(|group| group.contains(&spec.text.as_str()))
        else {
            self.report(message::unknown_specifier(spec.span, &spec.text));
            return;
        };
        if let Some(other) = before
            .iter()
            .find(|other| group.contains(&other.text.as_str()))
        {
            self.report(message::conflicting_specifiers(
                spec.span,
                &other.text,
                &spec.text,
            ));
        }
    }
}

/// Bytes without a size are all that are left.
fn takes_the_rest(segment: &BinarySegment) -> bool {
    let is_bytes = |spec: &Name| matches!(spec.text.as_str(), "binary" | "bytes");
    segment.size.is_none() && segment.specs.iter().any(is_bytes)
}

/// The name of a segment; in `n:8` the lexer sees a keyword.
fn segment_name(node: &Node) -> Name {
    let span = span_of(node);
    let text = node.as_str().trim_end_matches(':');
    Name {
        span: Span::new(span.start, span.start + text.len() as u32),
        text: text.to_owned(),
    }
}
