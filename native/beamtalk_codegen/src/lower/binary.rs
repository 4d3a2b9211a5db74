//! Binary patterns.

use beamtalk_ast::{BinarySegment, SegmentSize};
use beamtalk_core_erlang::{Expr, Lit, Pat, Segment, Var};
use beamtalk_source::Span;

use super::pattern::Matcher;
use super::{Lower, nil};

/// Bits of a byte.
const BYTE: u8 = 8;

impl<'a> Lower<'a, '_> {
    /// A size that the pattern itself binds must be bound before the segment is matched: there the pattern ends with the
    /// rest of the bits, which are matched further.
    pub(super) fn binary_pattern(&mut self, segments: &'a [BinarySegment], m: &mut Matcher) -> Pat {
        let mut parts: Vec<(Option<Var>, Vec<Segment>)> = vec![(None, Vec::new())];
        for segment in segments {
            let size = match &segment.size {
                Some(SegmentSize::Variable(name)) => match self.bound_size(name.span, m) {
                    Some(size) => {
                        parts.push((Some(self.fresh()), Vec::new()));
                        Expr::Var(size)
                    }
                    None => self.size_from_outside(name.span),
                },
                Some(SegmentSize::Literal(size)) => Expr::Lit(Lit::Int(i64::from(*size))),
                None => default_size(segment),
            };
            let Pat::Var(var) = self.bound(&segment.name, false, m) else {
                continue;
            };
            if let Some((_, part)) = parts.last_mut() {
                part.push(lower_segment(segment, size, var));
            }
        }
        let mut first = None;
        let rests: Vec<Option<Var>> = parts.iter().skip(1).map(|(rest, _)| *rest).collect();
        for ((subject, mut part), rest) in parts.into_iter().zip(rests.into_iter().chain([None])) {
            part.extend(rest.map(all_bits));
            match subject {
                Some(subject) => m.further.push((Expr::Var(subject), Pat::Binary(part))),
                None => first = Some(Pat::Binary(part)),
            }
        }
        first.unwrap_or(Pat::Binary(Vec::new()))
    }

    /// The variable that the pattern has bound to a size.
    fn bound_size(&self, span: Span, m: &Matcher) -> Option<Var> {
        let id = self.var_at(span)?;
        m.seen
            .iter()
            .find(|(seen, _)| *seen == id)
            .map(|(_, var)| *var)
    }

    /// Anything may be in the variable; what is no size matches nothing.
    fn size_from_outside(&mut self, span: Span) -> Expr {
        let value = self.read_variable(span).unwrap_or_else(|_| nil());
        match value {
            Expr::Var(_) | Expr::Lit(Lit::Int(0..)) => value,
            other => self.bind(other),
        }
    }
}

fn has(segment: &BinarySegment, spec: &str) -> bool {
    segment.specs.iter().any(|known| known.text == spec)
}

fn kind(segment: &BinarySegment) -> &'static str {
    let kinds = [
        ("float", "float"),
        ("binary", "binary"),
        ("bytes", "binary"),
        ("utf8", "utf8"),
    ];
    kinds
        .into_iter()
        .find(|(spec, _)| has(segment, spec))
        .map_or("integer", |(_, kind)| kind)
}

/// What is left, in whole bytes or not.
fn all_bits(var: Var) -> Segment {
    Segment {
        var,
        size: Expr::atom("all"),
        unit: Some(1),
        kind: "binary",
        sign: "unsigned",
        endian: "big",
    }
}

fn default_size(segment: &BinarySegment) -> Expr {
    match kind(segment) {
        "float" => Expr::Lit(Lit::Int(64)),
        "binary" => Expr::atom("all"),
        "utf8" => Expr::atom("undefined"),
        _ => Expr::Lit(Lit::Int(8)),
    }
}

fn lower_segment(segment: &BinarySegment, size: Expr, var: Var) -> Segment {
    let kind = kind(segment);
    let flags = ["little", "native"];
    Segment {
        var,
        size,
        unit: match kind {
            "utf8" => None,
            "binary" => Some(BYTE),
            _ => Some(1),
        },
        kind,
        sign: if has(segment, "signed") {
            "signed"
        } else {
            "unsigned"
        },
        endian: flags
            .into_iter()
            .find(|flag| has(segment, flag))
            .unwrap_or("big"),
    }
}
