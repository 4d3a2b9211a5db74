//! Signatures and modifiers of methods (section 2.5).

use beamtalk_ast::{Modifier, ModifierKind, Name, Param, Signature, TypeAnn};
use beamtalk_source::Span;

use super::cursor::Cursor;
use super::{Lowerer, name_of, span_of};
use crate::grammar::{Node, Rule};
use crate::message::declaration as message;

impl Lowerer<'_> {
    /// The modifiers at the start, in order: `rule` is `method_modifier` or `protocol_modifier`.
    pub(super) fn lower_modifiers(&mut self, rule: Rule, cursor: &mut Cursor) -> Vec<Modifier> {
        let mut modifiers: Vec<Modifier> = Vec::new();
        while let Some(word) = cursor
            .optional(rule)
            .and_then(|node| Cursor::new(node).next())
        {
            let Some(kind) = modifier_kind(word.as_str()) else {
                continue;
            };
            if modifiers.iter().any(|modifier| modifier.kind == kind) {
                self.report(message::repeated_modifier(span_of(&word), word.as_str()));
            }
            modifiers.push(Modifier {
                span: span_of(&word),
                kind,
            });
        }
        modifiers
    }

    /// `signature`
    pub(super) fn lower_signature(&mut self, node: Node) -> Option<Signature> {
        let mut cursor = Cursor::new(node);
        let first = cursor.next()?;
        let (selector, params, end) = match first.as_rule() {
            Rule::signature_part => self.lower_keyword_signature(first, &mut cursor)?,
            Rule::operator_selector => {
                let param = cursor.next().and_then(|node| self.lower_param(node))?;
                let end = end_of_param(&param);
                (name_of(&first), vec![param], end)
            }
            _ => (name_of(&first), Vec::new(), span_of(&first)),
        };
        let result = cursor
            .optional(Rule::result)
            .and_then(|node| self.lower_result(node));
        let end = result.as_ref().map_or(end, |result| result.span);
        Some(Signature {
            span: selector.span.to(end),
            selector,
            params,
            result,
        })
    }

    fn lower_keyword_signature(
        &mut self,
        first: Node,
        cursor: &mut Cursor,
    ) -> Option<(Name, Vec<Param>, Span)> {
        let mut selector = Name {
            span: Span::default(),
            text: String::new(),
        };
        let mut params = Vec::new();
        let mut next = Some(first);
        while let Some(node) = next {
            let mut part = Cursor::new(node);
            let keyword = part.next()?;
            if params.is_empty() {
                selector.span = span_of(&keyword);
            }
            selector.text.push_str(keyword.as_str());
            params.push(self.lower_param(part.next()?)?);
            next = cursor.optional(Rule::signature_part);
        }
        let end = end_of_param(params.last()?);
        Some((selector, params, end))
    }

    /// `param`
    fn lower_param(&mut self, node: Node) -> Option<Param> {
        let mut cursor = Cursor::new(node);
        let (name, annotation) = self.lower_typed_name(&mut cursor)?;
        Some(Param { name, annotation })
    }

    /// A name with an optional type; `name: Type` is reported and taken for `name :: Type`.
    pub(super) fn lower_typed_name(
        &mut self,
        cursor: &mut Cursor,
    ) -> Option<(Name, Option<TypeAnn>)> {
        let first = cursor.next()?;
        if first.as_rule() == Rule::colon_typed {
            return self.lower_colon_typed(first);
        }
        let annotation = cursor
            .optional(Rule::annotation)
            .and_then(|node| self.lower_annotation(node));
        Some((name_of(&first), annotation))
    }

    fn lower_colon_typed(&mut self, node: Node) -> Option<(Name, Option<TypeAnn>)> {
        let mut cursor = Cursor::new(node);
        let keyword = name_of(&cursor.next()?);
        let colon = keyword.span.end - 1;
        self.report(message::single_colon(Span::new(colon, colon + 1)));
        let name = Name {
            span: Span::new(keyword.span.start, colon),
            text: keyword.text.trim_end_matches(':').to_owned(),
        };
        let annotation = cursor.next().and_then(|node| self.lower_type(node));
        Some((name, annotation))
    }

    fn lower_result(&mut self, node: Node) -> Option<TypeAnn> {
        let node = Cursor::new(node).find(Rule::type_expression)?;
        self.lower_type(node)
    }
}

/// The modifier that a word names.
pub(super) fn modifier_kind(word: &str) -> Option<ModifierKind> {
    Some(match word {
        "abstract" => ModifierKind::Abstract,
        "sealed" => ModifierKind::Sealed,
        "typed" => ModifierKind::Typed,
        "internal" => ModifierKind::Internal,
        "class" => ModifierKind::Class,
        _ => return None,
    })
}

fn end_of_param(param: &Param) -> Span {
    param
        .annotation
        .as_ref()
        .map_or(param.name.span, |annotation| annotation.span)
}
