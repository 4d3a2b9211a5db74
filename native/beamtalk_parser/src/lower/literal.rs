//! Names, strings, characters, symbols.

use beamtalk_ast::{ClassName, Expr, ExprKind, Name, Segment};
use beamtalk_source::Span;

use super::cursor::Cursor;
use super::{Lowerer, error_expr, name_of, span_of, starts_upper};
use crate::grammar::{Node, Rule};
use crate::message::{expression, lexical as message};

impl Lowerer<'_> {
    /// A literal that can stand in a pattern or target.
    pub(super) fn lower_literal(&mut self, node: Node) -> Expr {
        match node.as_rule() {
            Rule::number => self.lower_number(&node),
            Rule::symbol => lower_symbol(&node),
            Rule::character => lower_character(&node),
            _ => {
                let literal = self.lower_string(node);
                if matches!(literal.kind, ExprKind::Interpolation(_)) {
                    self.report(crate::message::pattern::interpolated(literal.span));
                    return error_expr(literal.span);
                }
                literal
            }
        }
    }

    /// `reference`: a name, `pkg@Name`, or `a.b`.
    pub(super) fn lower_reference(&mut self, node: Node) -> Expr {
        let span = span_of(&node);
        let mut cursor = Cursor::new(node);
        let Some(first) = cursor.next() else {
            return error_expr(span);
        };
        match cursor.rule() {
            Some(Rule::identifier) => self.lower_qualified(span, &first, cursor.next()),
            Some(Rule::field_name) => self.lower_field_access(named(&first), &mut cursor),
            _ => named(&first),
        }
    }

    fn lower_qualified(&mut self, span: Span, package: &Node, name: Option<Node>) -> Expr {
        match self.qualified_name(span, package, name) {
            Some(name) => Expr {
                span,
                kind: ExprKind::ClassRef(name),
            },
            None => error_expr(span),
        }
    }

    fn qualified_name(
        &mut self,
        span: Span,
        package: &Node,
        name: Option<Node>,
    ) -> Option<ClassName> {
        let name = name?;
        if !starts_upper(name.as_str()) {
            self.report(expression::class_after_package(span_of(&name)));
            return None;
        }
        Some(ClassName {
            span,
            package: Some(name_of(package)),
            name: name_of(&name),
        })
    }

    /// `class_name`: `Name` or `pkg@Name`. Whether it begins with a capital letter is the caller's question.
    pub(super) fn lower_class_name(&mut self, node: Node) -> Option<ClassName> {
        let span = span_of(&node);
        let mut cursor = Cursor::new(node);
        let first = cursor.next()?;
        if cursor.rule().is_some() {
            return self.qualified_name(span, &first, cursor.next());
        }
        Some(ClassName {
            span,
            package: None,
            name: name_of(&first),
        })
    }

    /// `a.b.c`: each access nests in the next.
    fn lower_field_access(&mut self, object: Expr, cursor: &mut Cursor) -> Expr {
        let mut expr = self.value(object);
        let mut levels = self.depth;
        while let Some(field) = cursor.next().and_then(|node| Cursor::new(node).next()) {
            let span = expr.span.to(span_of(&field));
            levels += 1;
            if levels > self.limits.nesting {
                self.report_too_deep(span_of(&field));
                return error_expr(span);
            }
            expr = Expr {
                span,
                kind: ExprKind::FieldAccess(Box::new(expr), name_of(&field)),
            };
        }
        expr
    }

    /// `string`
    pub(super) fn lower_string(&mut self, node: Node) -> Expr {
        let span = span_of(&node);
        let mut cursor = Cursor::new(node);
        let mut segments = Vec::new();
        let mut interpolated = false;
        while let Some(part) = cursor.next() {
            match part.as_rule() {
                Rule::string_text => segments.push(Segment::Text(string_text(part.as_str()))),
                Rule::interpolation => {
                    interpolated = true;
                    segments.extend(self.lower_interpolation(part).map(Segment::Expr));
                }
                _ => {}
            }
        }
        if interpolated {
            return Expr {
                span,
                kind: ExprKind::Interpolation(segments),
            };
        }
        let text = segments.into_iter().next();
        let text = if let Some(Segment::Text(text)) = text {
            text
        } else {
            String::new()
        };
        Expr {
            span,
            kind: ExprKind::String(text),
        }
    }

    fn lower_interpolation(&mut self, node: Node) -> Option<Expr> {
        let span = span_of(&node);
        let doubled = node.as_str().starts_with("{{");
        let Some(expression) = Cursor::new(node).find(Rule::message_expression) else {
            self.report(message::empty_interpolation(span));
            return None;
        };
        if doubled {
            self.report(message::doubled_brace(Span::new(
                span.start,
                span.start + 2,
            )));
            return Some(error_expr(span));
        }
        self.nested(span, 1, |this| this.lower_message_expression(expression))
    }
}

/// `character`
pub(super) fn lower_character(node: &Node) -> Expr {
    let text = node.as_str().strip_prefix('$').unwrap_or_default();
    let escaped = text.strip_prefix('\\').and_then(|rest| rest.chars().next());
    let value = match escaped {
        Some('n') => Some('\n'),
        Some('t') => Some('\t'),
        Some('r') => Some('\r'),
        Some(other) => Some(other),
        None => text.chars().next(),
    };
    Expr {
        span: span_of(node),
        kind: value.map_or(ExprKind::Error, ExprKind::Character),
    }
}

/// `symbol`
pub(super) fn lower_symbol(node: &Node) -> Expr {
    Expr {
        span: span_of(node),
        kind: ExprKind::Symbol(symbol_text(node.as_str())),
    }
}

/// What a name means by itself.
fn named(node: &Node) -> Expr {
    let kind = match node.as_str() {
        "self" => ExprKind::SelfRef,
        "super" => ExprKind::Super,
        "nil" => ExprKind::Nil,
        "true" => ExprKind::True,
        "false" => ExprKind::False,
        name if starts_upper(name) => ExprKind::ClassRef(ClassName {
            span: span_of(node),
            package: None,
            name: name_of(node),
        }),
        name => ExprKind::Variable(name.to_owned()),
    };
    Expr {
        span: span_of(node),
        kind,
    }
}

/// The text that a symbol stands for.
pub(super) fn symbol_text(symbol: &str) -> String {
    let text = symbol.strip_prefix('#').unwrap_or(symbol);
    let quoted = text
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''));
    quoted.map_or_else(|| text.to_owned(), |text| text.replace("''", "'"))
}

/// The text of a symbol as a name.
pub(super) fn symbol_name(node: &Node) -> Name {
    Name {
        span: span_of(node),
        text: symbol_text(node.as_str()),
    }
}

/// String text without its escapes: `""`, `\{` and `\}`; every other backslash is itself.
pub(super) fn string_text(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['"', '\\']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let escaped = from
            .get(1..2)
            .filter(|second| match from.as_bytes().first() {
                Some(b'"') => *second == "\"",
                _ => matches!(*second, "{" | "}"),
            });
        text.push_str(escaped.unwrap_or_else(|| from.get(..1).unwrap_or("")));
        rest = from.get(1 + escaped.map_or(0, str::len)..).unwrap_or("");
    }
    text.push_str(rest);
    text
}
