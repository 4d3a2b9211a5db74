//! Type annotations (section 2.9).

use beamtalk_ast::{Name, TypeAnn, TypeKind};
use beamtalk_source::Span;

use super::cursor::Cursor;
use super::literal::symbol_text;
use super::{Lowerer, name_of, span_of};
use crate::grammar::{Node, Rule};
use crate::message::declaration as message;

/// Which operator joins the members of a chain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chain {
    Difference,
    Intersection,
}

impl Lowerer<'_> {
    /// `annotation`: `:: Type`
    pub(super) fn lower_annotation(&mut self, node: Node) -> Option<TypeAnn> {
        let mut cursor = Cursor::new(node);
        let mark = cursor.next()?;
        if mark.as_str() == ":" {
            self.report(message::single_colon(span_of(&mark)));
        }
        cursor.next().and_then(|node| self.lower_type(node))
    }

    /// `type_expression`: members of a union, each a chain of one operator.
    pub(super) fn lower_type(&mut self, node: Node) -> Option<TypeAnn> {
        let mut cursor = Cursor::new(node);
        let mut union = Vec::new();
        let mut members = vec![self.lower_next_type(&mut cursor)?];
        let mut chain = None;
        while let Some(operator) = cursor.optional(Rule::type_operator) {
            let member = self.lower_next_type(&mut cursor);
            if operator.as_str() == "|" {
                union.extend(join(std::mem::take(&mut members), chain.take()));
            } else {
                chain = Some(self.chain_operator(&operator, chain));
            }
            members.extend(member);
        }
        union.extend(join(members, chain));
        let span = enclosing(&union)?;
        if union.len() == 1 {
            union.pop()
        } else {
            Some(TypeAnn {
                span,
                kind: TypeKind::Union(union),
            })
        }
    }

    fn chain_operator(&mut self, operator: &Node, chain: Option<Chain>) -> Chain {
        let span = span_of(operator);
        if operator.as_str() == "\\\\" {
            self.report(message::doubled_backslash(span));
        }
        let next = if operator.as_str() == "&" {
            Chain::Intersection
        } else {
            Chain::Difference
        };
        if chain.is_some_and(|chain| chain != next) {
            self.report(message::mixed_type_operators(span));
        }
        next
    }

    fn lower_next_type(&mut self, cursor: &mut Cursor) -> Option<TypeAnn> {
        cursor
            .optional(Rule::single_type)
            .and_then(|node| self.lower_single_type(node))
    }

    /// `single_type`
    pub(super) fn lower_single_type(&mut self, node: Node) -> Option<TypeAnn> {
        let inner = Cursor::new(node).next()?;
        let span = span_of(&inner);
        match inner.as_rule() {
            Rule::paren_type => {
                let node = Cursor::new(inner).find(Rule::type_expression)?;
                let inner = self.nested(span, 1, |this| this.lower_type(node))??;
                Some(TypeAnn {
                    span,
                    kind: TypeKind::Paren(Box::new(inner)),
                })
            }
            Rule::symbol => Some(TypeAnn {
                span,
                kind: TypeKind::Singleton(symbol_text(inner.as_str())),
            }),
            _ => self.lower_named_type(inner),
        }
    }

    fn lower_named_type(&mut self, node: Node) -> Option<TypeAnn> {
        let mut cursor = Cursor::new(node);
        let name = name_of(&cursor.next()?);
        let Some(suffix) = cursor.next() else {
            return Some(plain(name));
        };
        let span = name.span.to(span_of(&suffix));
        if suffix.as_rule() == Rule::type_arguments {
            let arguments = self.nested(span, 1, |this| this.lower_type_arguments(suffix))?;
            return Some(TypeAnn {
                span,
                kind: TypeKind::Generic(name, arguments),
            });
        }
        let kind = if name.text == "Self" {
            TypeKind::SelfClass
        } else {
            TypeKind::Metatype(name)
        };
        Some(TypeAnn { span, kind })
    }

    /// `type_arguments`: the types in parentheses.
    pub(super) fn lower_type_arguments(&mut self, node: Node) -> Vec<TypeAnn> {
        let mut cursor = Cursor::new(node);
        let mut arguments = Vec::new();
        while let Some(part) = cursor.next() {
            if part.as_rule() == Rule::type_expression {
                arguments.extend(self.lower_type(part));
            }
        }
        arguments
    }
}

fn plain(name: Name) -> TypeAnn {
    let span = name.span;
    let kind = if name.text == "Self" {
        TypeKind::SelfType
    } else {
        TypeKind::Name(name)
    };
    TypeAnn { span, kind }
}

fn join(mut members: Vec<TypeAnn>, chain: Option<Chain>) -> Option<TypeAnn> {
    let span = enclosing(&members)?;
    match chain {
        None => members.pop(),
        Some(Chain::Difference) => Some(TypeAnn {
            span,
            kind: TypeKind::Difference(members),
        }),
        Some(Chain::Intersection) => Some(TypeAnn {
            span,
            kind: TypeKind::Intersection(members),
        }),
    }
}

fn enclosing(types: &[TypeAnn]) -> Option<Span> {
    Some(types.first()?.span.to(types.last()?.span))
}
