//! Type annotations: always on one line.

use beamtalk_ast::{TypeAnn, TypeKind, TypeParam};

use crate::writer::Writer;

impl Writer<'_> {
    /// ` :: Type`, where there is one.
    pub(crate) fn annotation(&mut self, annotation: Option<&TypeAnn>) {
        if let Some(annotation) = annotation {
            self.word("::");
            self.space();
            self.type_expression(annotation);
        }
    }

    pub(crate) fn type_expression(&mut self, annotation: &TypeAnn) {
        match &annotation.kind {
            TypeKind::Name(name) => self.atom(name.span.end),
            TypeKind::Metatype(name) => {
                self.atom(name.span.end);
                self.word("class");
            }
            TypeKind::Generic(name, arguments) => {
                self.atom(name.span.end);
                self.type_arguments(arguments);
            }
            TypeKind::SelfType => self.token("Self"),
            TypeKind::SelfClass => {
                self.token("Self");
                self.word("class");
            }
            TypeKind::Singleton(_) => self.atom(annotation.span.end),
            TypeKind::Union(types) => self.type_operation(types, "|"),
            TypeKind::Difference(types) => self.type_operation(types, "\\"),
            TypeKind::Intersection(types) => self.type_operation(types, "&"),
            TypeKind::Paren(inner) => {
                self.token("(");
                self.type_expression(inner);
                self.token(")");
            }
        }
    }

    fn type_operation(&mut self, types: &[TypeAnn], operator: &str) {
        for (index, operand) in types.iter().enumerate() {
            if index > 0 {
                self.word(operator);
                self.space();
            }
            self.type_expression(operand);
        }
    }

    /// `(A, B)`
    pub(crate) fn type_arguments(&mut self, arguments: &[TypeAnn]) {
        self.token("(");
        for (index, argument) in arguments.iter().enumerate() {
            if index > 0 {
                self.separator(",");
                self.space();
            }
            self.type_expression(argument);
        }
        self.token(")");
    }

    /// `(K, V :: Printable)`, where there is a parenthesis.
    pub(crate) fn type_params(&mut self, params: &[TypeParam]) {
        if params.is_empty() && !self.sees("(") {
            return;
        }
        self.token("(");
        for (index, param) in params.iter().enumerate() {
            if index > 0 {
                self.separator(",");
                self.space();
            }
            self.atom(param.name.span.end);
            if let Some(bound) = &param.bound {
                self.word("::");
                self.space();
                self.atom(bound.span.end);
            }
        }
        self.token(")");
    }
}
