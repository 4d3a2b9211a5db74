//! Numbers: the grammar takes every run that starts like one.

use beamtalk_ast::{Expr, ExprKind, Integer};
use beamtalk_source::{Diagnostic, Span};

use super::{Lowerer, span_of};
use crate::grammar::Node;
use crate::message::lexical as message;

impl Lowerer<'_> {
    /// `number`
    pub(super) fn lower_number(&mut self, node: &Node) -> Expr {
        let span = span_of(node);
        match number(node.as_str(), span, self.limits.literal_digits) {
            Ok(kind) => Expr { span, kind },
            Err(diagnostic) => {
                self.report(*diagnostic);
                Expr {
                    span,
                    kind: ExprKind::Error,
                }
            }
        }
    }
}

fn number(text: &str, span: Span, limit: u32) -> Result<ExprKind, Box<Diagnostic>> {
    let (negative, digits) = text
        .strip_prefix('-')
        .map_or((false, text), |digits| (true, digits));
    if let Some((radix, digits)) = digits.split_once('r') {
        return if negative {
            Err(Box::new(message::negative_radix(span)))
        } else {
            radix_integer(radix, digits, span, limit)
        };
    }
    if !separators_are_between_digits(digits) {
        return Err(Box::new(message::bad_separator(span)));
    }
    let plain = digits.replace('_', "");
    if plain.len() > limit as usize {
        return Err(Box::new(message::number_too_long(span, limit)));
    }
    if plain.contains(['.', 'e', 'E']) {
        return float(&plain, negative, span);
    }
    Ok(ExprKind::Integer(Integer {
        negative,
        radix: 10,
        digits: plain,
    }))
}

/// An exponent has no separators; everywhere else each stands alone between two digits.
fn separators_are_between_digits(digits: &str) -> bool {
    let mantissa = digits.split(['e', 'E']).next().unwrap_or(digits);
    let exponent = digits.get(mantissa.len()..).unwrap_or("");
    let is_separated = |part: &str| part.split('_').all(|group| !group.is_empty());
    mantissa.split('.').all(is_separated) && !exponent.contains('_')
}

fn float(digits: &str, negative: bool, span: Span) -> Result<ExprKind, Box<Diagnostic>> {
    let value: f64 = digits
        .parse()
        .map_err(|_| Box::new(message::bad_separator(span)))?;
    if value.is_finite() {
        Ok(ExprKind::Float(if negative { -value } else { value }))
    } else {
        Err(Box::new(message::float_out_of_range(span)))
    }
}

fn radix_integer(
    radix_text: &str,
    digits: &str,
    span: Span,
    limit: u32,
) -> Result<ExprKind, Box<Diagnostic>> {
    let base = radix_text
        .parse::<u8>()
        .ok()
        .filter(|radix| (2..=36).contains(radix));
    let radix =
        base.ok_or_else(|| message::bad_radix(span, radix_text.get(..16).unwrap_or(radix_text)))?;
    if digits.is_empty() {
        return Err(Box::new(message::missing_digits(span)));
    }
    if digits.split('_').any(str::is_empty) {
        return Err(Box::new(message::bad_separator(span)));
    }
    let bad = digits
        .char_indices()
        .find(|(_, digit)| *digit != '_' && !digit.is_digit(u32::from(radix)));
    if let Some((at, digit)) = bad {
        let start = span.start + (radix_text.len() + 1 + at) as u32;
        return Err(Box::new(message::bad_digit(
            Span::new(start, start + 1),
            digit,
            u32::from(radix),
        )));
    }
    let digits = digits.replace('_', "").to_ascii_lowercase();
    if digits.len() > limit as usize {
        return Err(Box::new(message::number_too_long(span, limit)));
    }
    Ok(ExprKind::Integer(Integer {
        negative: false,
        radix,
        digits,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        match number(text, Span::at(0), 10) {
            Ok(ExprKind::Integer(integer)) => {
                let sign = if integer.negative { "-" } else { "" };
                format!("{sign}{}r{}", integer.radix, integer.digits)
            }
            Ok(ExprKind::Float(value)) => format!("{value:?}"),
            Ok(other) => format!("{other:?}"),
            Err(diagnostic) => diagnostic.message,
        }
    }

    #[test]
    fn numbers_have_signs_bases_separators_and_exponents() {
        let cases = [
            ("42", "10r42"),
            ("-5", "-10r5"),
            ("1_000", "10r1000"),
            ("16rFF_0a", "16rff0a"),
            ("36rZ", "36rz"),
            ("1.5", "1.5"),
            ("1e3", "1000.0"),
            ("-2.5E-1", "-0.25"),
        ];
        for (text, expected) in cases {
            assert_eq!(check(text), expected, "{text}");
        }
    }

    #[test]
    fn malformed_numbers_say_why() {
        let cases = [
            ("1_", "an underscore in a number stands between two digits"),
            (
                "1__0",
                "an underscore in a number stands between two digits",
            ),
            (
                "1_.5",
                "an underscore in a number stands between two digits",
            ),
            (
                "1.5e1_0",
                "an underscore in a number stands between two digits",
            ),
            ("37r1", "`37` is no base for a number"),
            ("999r1", "`999` is no base for a number"),
            ("2r12", "`2` is no digit in base 2"),
            ("16r", "digits are missing after the base"),
            ("-16rFF", "a number with a base has no sign"),
            ("1e999", "this number is too large for a Float"),
            ("12345678901", "this number has more than 10 digits"),
        ];
        for (text, expected) in cases {
            assert_eq!(check(text), expected, "{text}");
        }
    }
}
