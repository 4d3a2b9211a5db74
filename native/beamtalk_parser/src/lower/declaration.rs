//! Classes, members, protocols, aliases (sections 2.2 to 2.5).

use beamtalk_ast::{
    ClassHeader, ClassName, Directive, Field, FieldKind, Method, Modifier, ModifierKind, Name,
    Protocol, ProtocolSignature, StandaloneMethod, TypeAlias, TypeAnn, TypeParam,
};
use beamtalk_source::Span;

use super::cursor::Cursor;
use super::literal::symbol_name;
use super::signature::modifier_kind;
use super::{Lowerer, Place, name_of, span_of, starts_upper};
use crate::grammar::{Node, Rule};
use crate::message::{declaration as message, expression};

impl Lowerer<'_> {
    // --- classes ---

    /// `class_header_chunk` and `class_header_prefix`
    pub(crate) fn lower_class_header(&mut self, cursor: &mut Cursor) -> Option<ClassHeader> {
        let start = cursor.start()?;
        let modifiers = class_modifiers(cursor);
        let (superclass, super_arguments) =
            self.lower_superclass(cursor.optional(Rule::superclass)?)?;
        cursor.optional(Rule::subclass_keyword);
        let name = name_of(&cursor.optional(Rule::identifier)?);
        if !starts_upper(&name.text) {
            self.report(message::class_name_case(name.span, &name.text));
        }
        let mut end = name.span.end;
        let type_params = match cursor.optional(Rule::type_params) {
            Some(node) => {
                end = span_of(&node).end;
                lower_type_params(node)
            }
            None => Vec::new(),
        };
        let doc = self.doc_at(start);
        let mut header = ClassHeader {
            span: Span::new(start, end),
            doc,
            modifiers,
            superclass,
            super_arguments,
            name,
            type_params,
            native: None,
            handle_scope: None,
        };
        while let Some(clause) = cursor.optional(Rule::header_clause) {
            self.lower_header_clause(clause, &mut header);
        }
        Some(header)
    }

    fn lower_superclass(&mut self, node: Node) -> Option<(Option<ClassName>, Vec<TypeAnn>)> {
        let mut cursor = Cursor::new(node);
        let class = self.lower_class_name(cursor.next()?)?;
        let arguments = cursor
            .next()
            .map(|node| self.lower_type_arguments(node))
            .unwrap_or_default();
        if class.package.is_none() && class.name.text == "nil" {
            return Some((None, arguments));
        }
        if !starts_upper(&class.name.text) {
            self.report(message::class_name_case(class.name.span, &class.name.text));
        }
        Some((Some(class), arguments))
    }

    fn lower_header_clause(&mut self, node: Node, header: &mut ClassHeader) {
        let mut cursor = Cursor::new(node);
        let Some(keyword) = cursor.next() else { return };
        let place = span_of(&keyword);
        header.span.end = place.end;
        let broken = cursor.optional(Rule::line_end).is_some();
        let value = cursor.next();
        if let Some(value) = &value {
            header.span.end = span_of(value).end;
        }
        if keyword.as_rule() == Rule::native_keyword {
            if broken || value.is_none() {
                self.report(message::native_without_module(place));
            }
            self.lower_native(place, value.as_ref(), header);
        } else {
            self.lower_handle_scope(place, value.as_ref(), header);
        }
    }

    fn lower_native(&mut self, keyword: Span, module: Option<&Node>, header: &mut ClassHeader) {
        if header.native.is_some() {
            self.report(message::repeated_clause(keyword, "native:"));
        } else if header.handle_scope.is_some() {
            self.report(message::native_after_scope(keyword));
        }
        if let Some(module) = module {
            let name = name_of(module);
            if starts_upper(&name.text) {
                self.report(message::native_module_case(name.span, &name.text));
            }
            header.native = Some(name);
        }
    }

    fn lower_handle_scope(
        &mut self,
        keyword: Span,
        scope: Option<&Node>,
        header: &mut ClassHeader,
    ) {
        if header.handle_scope.is_some() {
            self.report(message::repeated_clause(keyword, "handleScope:"));
        }
        match scope {
            Some(scope) if scope.as_rule() == Rule::symbol => {
                header.handle_scope = Some(symbol_name(scope));
            }
            _ => self.report(message::scope_without_symbol(keyword)),
        }
    }

    // --- members ---

    /// `field_chunk` and `field_prefix`
    pub(crate) fn lower_field(&mut self, cursor: &mut Cursor) -> Option<Field> {
        let first = cursor.start()?;
        let expect = self.lower_expect_line(cursor);
        let keyword = cursor.optional(Rule::field_keyword)?;
        let start = span_of(&keyword).start;
        let kind = match keyword.as_str() {
            "state:" => FieldKind::State,
            "field:" => FieldKind::Field,
            _ => FieldKind::ClassState,
        };
        let (name, annotation) = self.lower_typed_name(cursor)?;
        let mut end = annotation
            .as_ref()
            .map_or(name.span.end, |annotation| annotation.span.end);
        cursor.optional(Rule::equals);
        self.place = Place::Field;
        let default = cursor
            .optional(Rule::expression)
            .map(|node| self.lower_expression(node));
        end = default.as_ref().map_or(end, |default| default.span.end);
        self.lower_member_end(cursor);
        let doc = self.doc_at(start).or_else(|| self.doc_at(first));
        Some(Field {
            span: Span::new(start, end),
            doc,
            expect,
            kind,
            name,
            annotation,
            default,
        })
    }

    /// `@expect` before a member.
    fn lower_expect_line(&mut self, cursor: &mut Cursor) -> Option<Directive> {
        let expect = cursor
            .optional(Rule::expect)
            .and_then(|node| self.lower_expect(node));
        cursor.optional(Rule::line_end);
        expect
    }

    /// A period behind a member.
    fn lower_member_end(&mut self, cursor: &mut Cursor) {
        while let Some(node) = cursor.next() {
            if node.as_rule() == Rule::period {
                self.report(expression::unnecessary_period(span_of(&node)));
            }
        }
    }

    /// `method_chunk`, and `method_prefix`, where the body stays empty.
    pub(crate) fn lower_method(&mut self, cursor: &mut Cursor) -> Option<Method> {
        let first = cursor.start()?;
        let expect = self.lower_expect_line(cursor);
        let start = cursor.start()?;
        let mut method = self.lower_method_parts(cursor)?;
        method.expect = expect;
        method.doc = self.doc_at(start).or_else(|| self.doc_at(first));
        Some(method)
    }

    /// Modifiers, signature and body.
    fn lower_method_parts(&mut self, cursor: &mut Cursor) -> Option<Method> {
        let start = cursor.start()?;
        let modifiers = self.lower_modifiers(Rule::method_modifier, cursor);
        let signature = cursor
            .optional(Rule::signature)
            .and_then(|node| self.lower_signature(node))?;
        let arrow = cursor.optional(Rule::fat_arrow);
        let mut end = arrow
            .as_ref()
            .map_or(signature.span.end, |arrow| span_of(arrow).end);
        self.place = Place::Method;
        let body = self.lower_body(cursor);
        end = body.last().map_or(end, |last| last.span.end);
        Some(Method {
            span: Span::new(start, end),
            doc: None,
            expect: None,
            modifiers,
            signature,
            body,
        })
    }

    /// `standalone_chunk` and `standalone_prefix`
    pub(crate) fn lower_standalone(&mut self, cursor: &mut Cursor) -> Option<StandaloneMethod> {
        let first = cursor.start()?;
        let class = cursor
            .optional(Rule::class_name)
            .and_then(|node| self.lower_class_name(node))?;
        let class_side = cursor.optional(Rule::class_side).is_some();
        cursor.optional(Rule::method_of)?;
        let mut method = self.lower_method_parts(cursor)?;
        method.doc = self.doc_at(first);
        let misplaced = method
            .modifiers
            .iter()
            .find(|modifier| modifier.kind == ModifierKind::Class);
        if let Some(modifier) = misplaced {
            self.report(message::class_behind_method_of(
                modifier.span,
                &class.name.text,
            ));
        }
        Some(StandaloneMethod {
            class,
            class_side,
            method,
        })
    }

    // --- protocols and aliases ---

    /// `protocol_chunk` and `protocol_prefix`
    pub(crate) fn lower_protocol(&mut self, cursor: &mut Cursor) -> Option<Protocol> {
        let start = cursor.start()?;
        let doc = self.doc_at(start);
        cursor.optional(Rule::protocol_word);
        cursor.optional(Rule::define_keyword);
        let name = name_of(&cursor.optional(Rule::identifier)?);
        if !starts_upper(&name.text) {
            self.report(message::class_name_case(name.span, &name.text));
        }
        let type_params = cursor.optional(Rule::type_params);
        let mut end = type_params
            .as_ref()
            .map_or(name.span.end, |node| span_of(node).end);
        let type_params = type_params.map(lower_type_params).unwrap_or_default();
        let extends = cursor
            .optional(Rule::extending)
            .and_then(|node| Cursor::new(node).find(Rule::identifier));
        let extends = extends.map(|node| name_of(&node));
        end = extends.as_ref().map_or(end, |name| name.span.end);
        let signatures = self.lower_protocol_signatures(cursor);
        end = signatures
            .last()
            .map_or(end, |last| last.signature.span.end);
        Some(Protocol {
            span: Span::new(start, end),
            doc,
            name,
            type_params,
            extends,
            signatures,
        })
    }

    /// The `protocol_signature`s that are left.
    pub(crate) fn lower_protocol_signatures(
        &mut self,
        cursor: &mut Cursor,
    ) -> Vec<ProtocolSignature> {
        let mut signatures = Vec::new();
        while let Some(node) = cursor.next() {
            if node.as_rule() == Rule::protocol_signature {
                signatures.extend(self.lower_protocol_signature(node));
            }
        }
        signatures
    }

    fn lower_protocol_signature(&mut self, node: Node) -> Option<ProtocolSignature> {
        let start = span_of(&node).start;
        let doc = self.doc_at(start);
        let mut cursor = Cursor::new(node);
        let modifiers = self.lower_modifiers(Rule::protocol_modifier, &mut cursor);
        let is_class = |modifier: &Modifier| modifier.kind == ModifierKind::Class;
        for modifier in modifiers.iter().filter(|modifier| !is_class(modifier)) {
            self.report(message::protocol_modifier(
                modifier.span,
                modifier.span.text(self.text),
            ));
        }
        let signature = cursor.next().and_then(|node| self.lower_signature(node))?;
        Some(ProtocolSignature {
            doc,
            class_side: modifiers.iter().any(is_class),
            signature,
        })
    }

    /// `alias_chunk`
    pub(crate) fn lower_alias(&mut self, cursor: &mut Cursor) -> Option<TypeAlias> {
        let start = cursor.start()?;
        let doc = self.doc_at(start);
        let internal = cursor.optional(Rule::internal_word).is_some();
        cursor.optional(Rule::type_word);
        let name = name_of(&cursor.optional(Rule::identifier)?);
        if name.text.len() == 1 {
            self.report(message::single_letter_alias(name.span, &name.text));
        }
        if let Some(params) = cursor.optional(Rule::type_params) {
            self.report(message::parametric_alias(span_of(&params)));
        }
        if cursor.optional(Rule::equals).is_none() {
            let place = cursor.here();
            self.report(message::alias_without_equals(place));
        }
        let definition = cursor
            .optional(Rule::type_expression)
            .and_then(|node| self.lower_type(node))?;
        self.lower_member_end(cursor);
        Some(TypeAlias {
            span: Span::new(start, definition.span.end),
            doc,
            internal,
            name,
            definition,
        })
    }
}

fn class_modifiers(cursor: &mut Cursor) -> Vec<Modifier> {
    let mut modifiers = Vec::new();
    while let Some(word) = cursor.optional(Rule::class_modifier) {
        modifiers.extend(modifier_kind(word.as_str()).map(|kind| Modifier {
            span: span_of(&word),
            kind,
        }));
    }
    modifiers
}

fn lower_type_params(node: Node) -> Vec<TypeParam> {
    let mut cursor = Cursor::new(node);
    let mut params = Vec::new();
    while let Some(part) = cursor.next() {
        if part.as_rule() == Rule::type_param {
            params.extend(lower_type_param(part));
        }
    }
    params
}

fn lower_type_param(node: Node) -> Option<TypeParam> {
    let mut cursor = Cursor::new(node);
    let name: Name = name_of(&cursor.next()?);
    Some(TypeParam {
        name,
        bound: cursor.next().map(|bound| name_of(&bound)),
    })
}
