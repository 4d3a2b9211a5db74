//! Declarations: class headers, members, protocols, aliases.

use beamtalk_ast::{
    ClassHeader, Directive, Field, FieldKind, Member, Method, Modifier, ModifierKind, Param,
    Protocol, ProtocolSignature, Signature, StandaloneMethod, TypeAlias,
};

use crate::document::{Flat, STEP};
use crate::writer::Writer;

/// How much deeper the parts of a long signature start: deeper than the body.
const SIGNATURE_INDENT: usize = 2 * STEP;

impl Writer<'_> {
    /// Modifiers, superclass, name; the clauses on the same line if they fit.
    pub(crate) fn class_header(&mut self, header: &ClassHeader) {
        self.open(STEP);
        self.modifiers(&header.modifiers);
        match &header.superclass {
            Some(name) => self.atom(name.span.end),
            None => self.token("nil"),
        }
        if self.sees("(") {
            self.type_arguments(&header.super_arguments);
        }
        self.word("subclass:");
        self.space();
        self.atom(header.name.span.end);
        self.type_params(&header.type_params);
        let clauses = [
            ("native:", &header.native),
            ("handleScope:", &header.handle_scope),
        ];
        for (keyword, value) in clauses {
            if let Some(value) = value {
                self.keyword_line();
                self.token(keyword);
                self.space();
                self.atom(value.span.end);
            }
        }
        self.close();
    }

    fn modifiers(&mut self, modifiers: &[Modifier]) {
        for modifier in modifiers {
            self.token(match modifier.kind {
                ModifierKind::Abstract => "abstract",
                ModifierKind::Sealed => "sealed",
                ModifierKind::Typed => "typed",
                ModifierKind::Internal => "internal",
                ModifierKind::Class => "class",
            });
            self.space();
        }
    }

    /// A member of a class. Comments up to `end` that start in `body_column` or right of it belong to a method's body.
    pub(crate) fn member(&mut self, member: &Member, body_column: usize, end: usize) {
        match member {
            Member::Field(field) => {
                self.expect(field.expect.as_ref());
                self.field(field);
            }
            Member::Method(method) => {
                self.expect(method.expect.as_ref());
                self.method(method, body_column, end);
            }
            Member::Error(_) => self.lost = true,
        }
    }

    /// `@expect` on its line.
    fn expect(&mut self, directive: Option<&Directive>) {
        if let Some(directive) = directive {
            self.directive(directive);
            self.first_line();
        }
    }

    fn field(&mut self, field: &Field) {
        self.token(match field.kind {
            FieldKind::State => "state:",
            FieldKind::Field => "field:",
            FieldKind::ClassState => "classState:",
        });
        self.space();
        self.atom(field.name.span.end);
        self.annotation(field.annotation.as_ref());
        if let Some(default) = &field.default {
            self.word("=");
            self.space();
            self.rigid = true;
            self.expr(default);
            self.rigid = false;
        } else if self.sees(".") {
            // Kept: it may be what keeps name and type from being read as the beginning of the method below.
            self.token(".");
        }
    }

    /// `Class class >> selector => body`.
    pub(crate) fn standalone(&mut self, method: &StandaloneMethod, end: usize) {
        self.atom(method.class.span.end);
        if method.class_side {
            self.word("class");
        }
        self.word(">>");
        self.space();
        self.method(&method.method, 1, end);
    }

    /// Header and body. Comments up to `end` that start in `body_column` or right of it belong to the body.
    fn method(&mut self, method: &Method, body_column: usize, end: usize) {
        self.modifiers(&method.modifiers);
        self.signature(&method.signature);
        self.word("=>");
        self.open(STEP);
        // Whether a single statement starts a line of its own is the author's choice.
        match method.body.len() {
            // A mistake, but not one of syntax.
            0 => {}
            1 if self.line_follows() => self.broken_line(),
            1 => self.line(Flat::Space),
            _ => self.first_line(),
        }
        self.statements(&method.body);
        self.skip_periods();
        self.comments_from(body_column, end);
        self.close();
    }

    fn signature(&mut self, signature: &Signature) {
        let declares = ["state:", "field:", "classState:"];
        let first = signature.selector.text.split_inclusive(':').next();
        self.rigid = first.is_some_and(|first| declares.contains(&first));
        self.open(SIGNATURE_INDENT);
        self.selector(signature);
        self.result(signature);
        self.close();
        self.rigid = false;
    }

    fn selector(&mut self, signature: &Signature) {
        let text = signature.selector.text.as_str();
        if signature.params.is_empty() {
            self.token(text);
            return;
        }
        // An operator may hold a colon, too: `=:=` has one part.
        let keywords = text.ends_with(':');
        let parts = text
            .split_inclusive(|c| keywords && c == ':')
            .zip(&signature.params);
        for (index, (part, param)) in parts.enumerate() {
            if index > 0 {
                self.keyword_line();
            }
            self.token(part);
            self.space();
            self.param(param);
        }
    }

    fn param(&mut self, param: &Param) {
        self.atom(param.name.span.end);
        self.annotation(param.annotation.as_ref());
    }

    /// ` -> Type`; the colons that may stand before it are left out.
    fn result(&mut self, signature: &Signature) {
        if let Some(result) = &signature.result {
            self.skip("::");
            self.word("->");
            self.space();
            self.type_expression(result);
        }
    }

    /// Header and signatures, one a line.
    pub(crate) fn protocol(&mut self, protocol: &Protocol) {
        self.open(STEP);
        self.token("Protocol");
        self.word("define:");
        self.space();
        self.atom(protocol.name.span.end);
        self.type_params(&protocol.type_params);
        if let Some(extended) = &protocol.extends {
            self.word("extending:");
            self.space();
            self.atom(extended.span.end);
        }
        self.skip_periods();
        for signature in &protocol.signatures {
            self.next_line(false);
            self.protocol_signature(signature);
        }
        self.close();
    }

    fn protocol_signature(&mut self, signature: &ProtocolSignature) {
        self.rigid = true;
        if signature.class_side {
            self.token("class");
            self.space();
        }
        self.selector(&signature.signature);
        self.result(&signature.signature);
        self.rigid = false;
        self.skip_periods();
    }

    pub(crate) fn alias(&mut self, alias: &TypeAlias) {
        if alias.internal {
            self.token("internal");
            self.space();
        }
        self.token("type");
        self.space();
        self.atom(alias.name.span.end);
        self.word("=");
        self.space();
        self.type_expression(&alias.definition);
    }
}
