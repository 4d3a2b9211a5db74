use beamtalk_ast::{Expr, ExprKind, Integer};
use beamtalk_core_erlang::{BigInt, Lit};

use crate::names::Names;

/// The constant that an expression is, if it is a literal without parts.
pub fn simple(expr: &Expr, base: u32, names: &mut Names) -> Option<Lit> {
    Some(match &expr.kind {
        ExprKind::Integer(integer) => self::integer(integer),
        ExprKind::Float(value) => Lit::Float(*value),
        ExprKind::String(text) => Lit::text(text.clone()),
        ExprKind::Character(c) => Lit::Int(i64::from(u32::from(*c))),
        ExprKind::Symbol(name) => Lit::Atom(names.atom(name, expr.span.shift(base))),
        ExprKind::Nil => Lit::atom("nil"),
        ExprKind::True => Lit::atom("true"),
        ExprKind::False => Lit::atom("false"),
        ExprKind::Paren(inner) => return simple(inner, base, names),
        _ => return None,
    })
}

/// An integer of any size.
pub fn integer(integer: &Integer) -> Lit {
    let radix = u32::from(integer.radix);
    if let Ok(value) = i64::from_str_radix(&integer.digits, radix) {
        return Lit::Int(if integer.negative { -value } else { value });
    }
    // The parser lets only digits of the base through.
    let value = BigInt::parse_bytes(integer.digits.as_bytes(), radix).unwrap_or_default();
    Lit::Big(if integer.negative { -value } else { value })
}
