//! `^`, assignments and their targets (sections 2.6 and 2.7).

use beamtalk_ast::{
    Expr, ExprKind, MapKey, MapKeyKind, Pattern, Rest, Target, TargetKind, TypeAnn,
};
use beamtalk_source::{Diagnostic, Span};

use super::cursor::Cursor;
use super::{Lowerer, error_expr, span_of};
use crate::grammar::{Node, Rule};
use crate::message::expression as message;

/// What stands between two `:=`, or alone.
struct Assignable<'i> {
    expression: Node<'i>,
    cascade: Vec<Node<'i>>,
    annotation: Option<Node<'i>>,
}

impl Lowerer<'_> {
    /// `expression`: the whole of it, with `^`, assignment and cascade.
    pub(super) fn lower_expression(&mut self, node: Node) -> Expr {
        let mut cursor = Cursor::new(node);
        let caret = cursor.optional(Rule::caret).map(|caret| span_of(&caret));
        let here = cursor.here();
        let mut targets = Vec::new();
        while let Some(assignable) = assignable(&mut cursor) {
            targets.push(assignable);
        }
        let expr = match targets.pop() {
            Some(value) => self.lower_assignments(targets, value),
            None => error_expr(here),
        };
        match caret {
            Some(caret) => Expr {
                span: caret.to(expr.span),
                kind: ExprKind::Return(Box::new(expr)),
            },
            None => expr,
        }
    }

    /// `a := b := value`: each assignment nests in the one before.
    fn lower_assignments(&mut self, targets: Vec<Assignable>, value: Assignable) -> Expr {
        let span = targets.first().map_or_else(|| start_of(&value), start_of);
        // The first one does not nest.
        let levels = targets.len().saturating_sub(1) as u32;
        let lowered = self.nested(span, levels, |this| this.lower_value(value));
        let Some(mut expr) = lowered else {
            return error_expr(span);
        };
        for target in targets.into_iter().rev() {
            let span = start_of(&target).to(expr.span);
            expr = match self.lower_target(target) {
                Some(target) => Expr {
                    span,
                    kind: ExprKind::Assign(Box::new(target), Box::new(expr)),
                },
                None => error_expr(span),
            };
        }
        expr
    }

    fn lower_value(&mut self, value: Assignable) -> Expr {
        if let Some(annotation) = value.annotation {
            let span = self
                .lower_annotation(annotation)
                .map_or(Span::default(), |annotation| annotation.span);
            self.report(message::type_without_value(span));
        }
        let first = self.lower_message_expression(value.expression);
        if value.cascade.is_empty() {
            first
        } else {
            self.lower_cascade(first, value.cascade)
        }
    }

    /// The left side of `:=`; `None`, with a diagnostic, where nothing can be assigned to it.
    fn lower_target(&mut self, target: Assignable) -> Option<Target> {
        let span = start_of(&target);
        let annotation = target
            .annotation
            .and_then(|annotation| self.lower_annotation(annotation));
        let primary = if target.cascade.is_empty() {
            only_primary(target.expression)
        } else {
            None
        };
        let lowered = match primary {
            Some(primary) => self.lower_target_primary(primary),
            None => Err(Box::new(message::bad_target(span))),
        };
        match lowered {
            Ok(target) => self.with_annotation(target, annotation),
            Err(diagnostic) => {
                self.report(*diagnostic);
                None
            }
        }
    }

    fn with_annotation(
        &mut self,
        mut target: Target,
        annotation: Option<TypeAnn>,
    ) -> Option<Target> {
        let Some(annotation) = annotation else {
            return Some(target);
        };
        if let TargetKind::Variable(_, place) = &mut target.kind {
            target.span = target.span.to(annotation.span);
            *place = Some(annotation);
            return Some(target);
        }
        self.report(message::typed_destructuring(annotation.span));
        None
    }

    fn lower_target_primary(&mut self, node: Node) -> Result<Target, Box<Diagnostic>> {
        let span = span_of(&node);
        let kind = match node.as_rule() {
            Rule::reference => return self.lower_target_reference(node),
            Rule::tuple => TargetKind::Tuple(self.lower_tuple_target(node)),
            Rule::array => {
                let (targets, rest) = self.lower_target_elements(node);
                TargetKind::Array(targets, rest)
            }
            Rule::list => {
                let (targets, rest) = self.lower_target_elements(node);
                TargetKind::List(targets, rest)
            }
            Rule::map => TargetKind::Map(self.lower_map_target(node)),
            _ => return Err(Box::new(message::bad_target(span))),
        };
        Ok(Target { span, kind })
    }

    fn lower_target_reference(&mut self, node: Node) -> Result<Target, Box<Diagnostic>> {
        let text = node.as_str();
        let expr = self.lower_reference(node);
        let span = expr.span;
        let kind = match expr.kind {
            ExprKind::Variable(text) => {
                TargetKind::Variable(beamtalk_ast::Name { span, text }, None)
            }
            ExprKind::FieldAccess(object, name) => TargetKind::Field(*object, name),
            ExprKind::SelfRef
            | ExprKind::Super
            | ExprKind::Nil
            | ExprKind::True
            | ExprKind::False => {
                return Err(Box::new(message::reserved_target(span, text)));
            }
            _ => return Err(Box::new(message::bad_target(span))),
        };
        Ok(Target { span, kind })
    }

    /// `{a, b}`: its elements are patterns.
    fn lower_tuple_target(&mut self, node: Node) -> Vec<Pattern> {
        let span = span_of(&node);
        self.nested(span, 1, |this| this.lower_pattern_elements(node))
            .map(|elements| elements.patterns)
            .unwrap_or_default()
    }

    /// The elements of an array or list that is a target.
    fn lower_target_elements(&mut self, node: Node) -> (Vec<Target>, Option<Rest>) {
        let span = span_of(&node);
        self.nested(span, 1, |this| this.lower_targets(node))
            .unwrap_or_default()
    }

    fn lower_targets(&mut self, node: Node) -> (Vec<Target>, Option<Rest>) {
        let mut cursor = Cursor::new(node);
        let mut targets = Vec::new();
        let mut rest = None;
        let mut separated = true;
        while let Some(part) = cursor.next() {
            let span = span_of(&part);
            match part.as_rule() {
                Rule::comma => separated = true,
                Rule::tail => self.report(message::cons_target(span)),
                Rule::element => {
                    self.expect_comma(span.start, separated);
                    separated = false;
                    self.check_rest_is_last(rest.as_ref());
                    match self.lower_target_element(part) {
                        Element::Target(target) => targets.push(target),
                        Element::Rest(last) => rest = Some(last),
                        Element::Error => {}
                    }
                }
                _ => {}
            }
        }
        (targets, rest)
    }

    /// Reports a rest that something follows.
    pub(super) fn check_rest_is_last(&mut self, rest: Option<&Rest>) {
        if let Some(rest) = rest {
            self.report(message::rest_not_last(rest.span));
        }
    }

    fn lower_target_element(&mut self, node: Node) -> Element {
        let mut cursor = Cursor::new(node);
        if let Some(rest) = cursor.optional(Rule::rest) {
            return self.lower_rest(rest).map_or(Element::Error, Element::Rest);
        }
        let Some(expression) = cursor.next() else {
            return Element::Error;
        };
        if let Some(annotation) = cursor.optional(Rule::annotation)
            && let Some(annotation) = self.lower_annotation(annotation)
        {
            self.report(message::typed_destructuring(annotation.span));
        }
        self.lower_inner_target(expression)
            .map_or(Element::Error, Element::Target)
    }

    /// A target inside another: also a literal.
    fn lower_inner_target(&mut self, expression: Node) -> Option<Target> {
        let start = span_of(&expression).start;
        let Some(primary) = only_primary(expression) else {
            self.report(message::bad_target(Span::new(start, start + 1)));
            return None;
        };
        let span = span_of(&primary);
        let lowered = match primary.as_rule() {
            Rule::number | Rule::symbol | Rule::character | Rule::string => {
                let literal = self.lower_literal(primary);
                Ok(Target {
                    span,
                    kind: TargetKind::Literal(literal),
                })
            }
            // A field is assigned alone only.
            Rule::reference if primary.as_str().contains('.') => {
                Err(Box::new(message::bad_target(span)))
            }
            _ => self.lower_target_primary(primary),
        };
        lowered.map_err(|diagnostic| self.report(*diagnostic)).ok()
    }

    fn lower_map_target(&mut self, node: Node) -> Vec<(MapKey, Target)> {
        let span = span_of(&node);
        let reported = self.diagnostics.len();
        let pairs = self
            .nested(span, 1, |this| this.lower_map_target_pairs(node))
            .unwrap_or_default();
        if pairs.is_empty() && self.diagnostics.len() == reported {
            self.report(message::empty_map_target(span));
        }
        pairs
    }

    fn lower_map_target_pairs(&mut self, node: Node) -> Vec<(MapKey, Target)> {
        let mut cursor = Cursor::new(node);
        let mut pairs = Vec::new();
        let mut separated = true;
        while let Some(part) = cursor.next() {
            match part.as_rule() {
                Rule::comma => separated = true,
                Rule::map_pair => {
                    self.expect_comma(span_of(&part).start, separated);
                    let pair = self.lower_map_target_pair(part);
                    separated = pair.is_none();
                    pairs.extend(pair);
                }
                _ => {}
            }
        }
        pairs
    }

    fn lower_map_target_pair(&mut self, node: Node) -> Option<(MapKey, Target)> {
        let mut cursor = Cursor::new(node);
        let key = cursor.next()?;
        if key.as_rule() == Rule::map_keyword_key {
            self.report_keyword_key(key);
            return None;
        }
        let key = self.lower_target_key(key)?;
        cursor.optional(Rule::fat_arrow);
        let Some(value) = cursor.optional(Rule::map_value) else {
            self.report(message::missing_fat_arrow(key.span));
            return None;
        };
        let target = self.lower_inner_target(Cursor::new(value).next()?)?;
        Some((key, target))
    }

    fn lower_target_key(&mut self, node: Node) -> Option<MapKey> {
        let mut cursor = Cursor::new(node);
        let primary = cursor.next()?;
        let span = span_of(&primary);
        let is_literal =
            matches!(primary.as_rule(), Rule::symbol | Rule::string) && cursor.rule().is_none();
        let text = primary.as_str().to_owned();
        let literal = is_literal.then(|| self.lower_literal(primary).kind);
        match literal {
            Some(ExprKind::Symbol(text)) => Some(MapKey {
                span,
                kind: MapKeyKind::Symbol(text),
            }),
            Some(ExprKind::String(text)) => Some(MapKey {
                span,
                kind: MapKeyKind::String(text),
            }),
            _ => {
                self.report(message::map_target_key(span));
                // Its variable is bound all the same: that it is not would be a consequence.
                Some(MapKey {
                    span,
                    kind: MapKeyKind::Symbol(text),
                })
            }
        }
    }
}

/// An element of a destructuring target.
enum Element {
    Target(Target),
    Rest(Rest),
    Error,
}

fn assignable<'i>(cursor: &mut Cursor<'i>) -> Option<Assignable<'i>> {
    let expression = cursor.optional(Rule::message_expression)?;
    let mut cascade = Vec::new();
    while let Some(tail) = cursor.optional(Rule::cascade_tail) {
        cascade.push(tail);
    }
    let annotation = cursor.optional(Rule::annotation);
    Some(Assignable {
        expression,
        cascade,
        annotation,
    })
}

/// The place of an assignable's first token; its end may include white space, which matters only in diagnostics.
fn start_of(assignable: &Assignable) -> Span {
    let text = assignable.expression.as_str();
    let start = span_of(&assignable.expression).start;
    Span::new(
        start,
        start + text.trim_end_matches([' ', '\n']).len() as u32,
    )
}

/// The primary of an expression that consists of nothing else.
fn only_primary(expression: Node) -> Option<Node> {
    let mut cursor = Cursor::new(expression);
    let primary = cursor.next()?;
    cursor.rule().is_none().then_some(primary)
}
