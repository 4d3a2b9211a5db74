//! Patterns (section 2.8).

use beamtalk_ast::{Expr, ExprKind, MapKey, MapKeyKind, Name, Pattern, PatternKind, Rest};
use beamtalk_source::Span;

use super::cursor::Cursor;
use super::{Lowerer, error_expr, name_of, span_of, starts_upper};
use crate::grammar::{Node, Rule};
use crate::message::{expression, pattern as message};

/// The elements of a tuple, array or list pattern.
#[derive(Default)]
pub(super) struct Elements {
    pub(super) patterns: Vec<Pattern>,
    rest: Option<Rest>,
    tail: Option<Pattern>,
}

/// One operand of a flat constructor pattern: `A k: B k: c` has three.
struct Operand {
    keyword: Option<Name>,
    atom: Pattern,
    /// The class, where the atom is a name that takes keywords.
    constructor: Option<Name>,
}

impl Lowerer<'_> {
    /// `pattern`: an atom, and keywords where it is a constructor.
    pub(super) fn lower_pattern(&mut self, node: Node) -> Pattern {
        let mut cursor = Cursor::new(node);
        let here = cursor.here();
        let mut operands = Vec::new();
        // Each constructor nests in the one before.
        let mut constructors = 0;
        let mut keyword: Option<Name> = None;
        while let Some(atom) = cursor.next() {
            if atom.as_rule() == Rule::keyword {
                keyword = Some(name_of(&atom));
                continue;
            }
            let levels = u32::saturating_sub(constructors, 1);
            let operand = self.nested(here, levels, |this| {
                this.lower_operand_pattern(keyword.take(), atom)
            });
            let Some(operand) = operand else {
                return error_pattern(here);
            };
            constructors += u32::from(operand.constructor.is_some());
            operands.push(operand);
        }
        self.gather(operands).unwrap_or_else(|| error_pattern(here))
    }

    fn lower_operand_pattern(&mut self, keyword: Option<Name>, node: Node) -> Operand {
        let is_name = node.as_rule() == Rule::name_pattern;
        let plain = is_name
            .then(|| name_pattern_name(node.clone()))
            .flatten()
            .filter(|name| starts_upper(&name.text));
        match plain {
            Some(name) => Operand {
                keyword,
                atom: error_pattern(name.span),
                constructor: Some(name),
            },
            None => Operand {
                keyword,
                atom: self.lower_pattern_atom(node),
                constructor: None,
            },
        }
    }

    /// Gives each keyword to the nearest constructor before it: a constructor takes all that follow it.
    fn gather(&mut self, operands: Vec<Operand>) -> Option<Pattern> {
        let mut following: Vec<(Name, Pattern)> = Vec::new();
        for operand in operands.into_iter().rev() {
            let taken = operand.constructor.is_some() || operand.keyword.is_none();
            let fields = if taken {
                std::mem::take(&mut following)
            } else {
                Vec::new()
            };
            let pattern = self.constructed(operand.atom, operand.constructor, fields);
            match operand.keyword {
                Some(keyword) => following.push((keyword, pattern)),
                None => return Some(pattern),
            }
        }
        None
    }

    /// `fields` are in reverse order.
    fn constructed(
        &mut self,
        atom: Pattern,
        constructor: Option<Name>,
        mut fields: Vec<(Name, Pattern)>,
    ) -> Pattern {
        fields.reverse();
        let Some(name) = constructor else {
            if let Some((keyword, _)) = fields.first() {
                self.report(message::keyword_after_no_constructor(keyword.span));
            }
            return atom;
        };
        if fields.is_empty() {
            self.report(message::constructor_without_keyword(name.span, &name.text));
        }
        let end = fields.last().map_or(name.span, |(_, pattern)| pattern.span);
        Pattern {
            span: name.span.to(end),
            kind: PatternKind::Constructor(name, fields),
        }
    }

    fn lower_pattern_atom(&mut self, node: Node) -> Pattern {
        let span = span_of(&node);
        match node.as_rule() {
            Rule::name_pattern => self.lower_name_pattern(node),
            Rule::number | Rule::string | Rule::symbol | Rule::character => Pattern {
                span,
                kind: PatternKind::Literal(self.lower_literal(node)),
            },
            Rule::binary_pattern => Pattern {
                span,
                kind: PatternKind::Binary(self.lower_binary_pattern(node)),
            },
            _ => {
                let kind = self
                    .nested(span, 1, |this| this.lower_bracketed(node))
                    .flatten();
                kind.map_or_else(|| error_pattern(span), |kind| Pattern { span, kind })
            }
        }
    }

    fn lower_bracketed(&mut self, node: Node) -> Option<PatternKind> {
        Some(match node.as_rule() {
            Rule::paren_pattern => {
                let inner = Cursor::new(node).find(Rule::pattern)?;
                PatternKind::Paren(Box::new(self.lower_pattern(inner)))
            }
            Rule::map_pattern => PatternKind::Map(self.lower_map_pattern(node)),
            Rule::tuple => PatternKind::Tuple(self.lower_pattern_elements(node).patterns),
            Rule::array_pattern => {
                let elements = self.lower_pattern_elements(node);
                PatternKind::Array(elements.patterns, elements.rest)
            }
            _ => self.lower_list_pattern(node),
        })
    }

    fn lower_list_pattern(&mut self, node: Node) -> PatternKind {
        let elements = self.lower_pattern_elements(node);
        match (elements.tail, elements.rest) {
            (Some(tail), rest) => {
                if let Some(rest) = rest {
                    self.report(message::rest_before_tail(rest.span));
                }
                PatternKind::Cons(elements.patterns, Box::new(tail))
            }
            (None, rest) => PatternKind::List(elements.patterns, rest),
        }
    }

    fn lower_name_pattern(&mut self, node: Node) -> Pattern {
        let mut cursor = Cursor::new(node);
        let Some(name) = cursor.next().map(|name| name_of(&name)) else {
            return error_pattern(cursor.here());
        };
        let span = name.span;
        self.check_bound_name(&name);
        if let Some(test) = cursor.next() {
            return self.lower_type_test(name, test);
        }
        let kind = match (name.text.as_str(), constant(&name)) {
            ("_", _) => PatternKind::Wildcard,
            (_, Some(kind)) => PatternKind::Literal(Expr { span, kind }),
            _ => PatternKind::Variable(name),
        };
        Pattern { span, kind }
    }

    /// `self` and `super` are no names that could be bound.
    pub(super) fn check_bound_name(&mut self, name: &Name) {
        if matches!(name.text.as_str(), "self" | "super") {
            self.report(expression::reserved_target(name.span, &name.text));
        }
    }

    /// `name :: Type`
    fn lower_type_test(&mut self, name: Name, node: Node) -> Pattern {
        let mut cursor = Cursor::new(node);
        let colon = Span::new(cursor.end(), cursor.end() + 1);
        let Some(tested) = cursor.next() else {
            return error_pattern(name.span);
        };
        if !self
            .text
            .get(colon.start as usize..)
            .unwrap_or("")
            .starts_with("::")
        {
            self.report(message::single_colon(colon));
        }
        if constant(&name).is_some() {
            self.report(message::literal_with_type(name.span, &name.text));
        } else if starts_upper(&name.text) {
            self.report(message::typed_class_name(name.span));
        }
        if let Some(arguments) = cursor.next() {
            self.report(message::generic_type_test(span_of(&arguments)));
        }
        let span = name.span.to(span_of(&tested));
        Pattern {
            span,
            kind: PatternKind::Typed(name, name_of(&tested)),
        }
    }

    /// The elements between brackets, with rest and tail.
    pub(super) fn lower_pattern_elements(&mut self, node: Node) -> Elements {
        let is_tuple = node.as_rule() == Rule::tuple;
        let mut cursor = Cursor::new(node);
        let mut elements = Elements::default();
        let mut separated = true;
        while let Some(part) = cursor.next() {
            match part.as_rule() {
                Rule::comma => separated = true,
                Rule::pattern_element => {
                    self.check_comma(span_of(&part).start, separated);
                    self.check_rest_is_last(elements.rest.as_ref());
                    separated = false;
                    self.lower_pattern_element(part, is_tuple, &mut elements);
                }
                Rule::pattern_tail => self.lower_pattern_tail(part, &mut elements),
                _ => {}
            }
        }
        elements
    }

    fn check_comma(&mut self, start: u32, separated: bool) {
        if !separated {
            self.report(message::missing_comma(
                Span::new(start, start + 1),
                self.gap_before(start),
            ));
        }
    }

    fn lower_pattern_element(&mut self, node: Node, is_tuple: bool, elements: &mut Elements) {
        let Some(part) = Cursor::new(node).next() else {
            return;
        };
        if part.as_rule() == Rule::pattern {
            elements.patterns.push(self.lower_pattern(part));
            return;
        }
        let start = span_of(&part).start;
        if is_tuple {
            self.report(expression::misplaced_rest(Span::new(start, start + 3)));
        } else {
            elements.rest = self.lower_rest(part);
        }
    }

    fn lower_pattern_tail(&mut self, node: Node, elements: &mut Elements) {
        let start = span_of(&node).start;
        if elements.patterns.is_empty() {
            self.report(message::cons_without_elements(Span::new(start, start + 1)));
        }
        let inner = Cursor::new(node).find(Rule::pattern);
        elements.tail = inner.map(|inner| self.lower_pattern(inner));
    }

    fn lower_map_pattern(&mut self, node: Node) -> Vec<(MapKey, Pattern)> {
        let mut cursor = Cursor::new(node);
        let mut pairs = Vec::new();
        let mut separated = true;
        while let Some(part) = cursor.next() {
            match part.as_rule() {
                Rule::comma => separated = true,
                Rule::map_pattern_pair => {
                    self.check_comma(span_of(&part).start, separated);
                    separated = false;
                    pairs.extend(self.lower_map_pattern_pair(part));
                }
                _ => {}
            }
        }
        pairs
    }

    fn lower_map_pattern_pair(&mut self, node: Node) -> Option<(MapKey, Pattern)> {
        let mut cursor = Cursor::new(node);
        let key = Cursor::new(cursor.next()?).next()?;
        let key = self.lower_pattern_key(key);
        let value = cursor
            .find(Rule::pattern)
            .map(|node| self.lower_pattern(node))?;
        Some((key?, value))
    }

    fn lower_pattern_key(&mut self, node: Node) -> Option<MapKey> {
        let span = span_of(&node);
        if node.as_rule() == Rule::identifier {
            self.report(message::bare_key(span, node.as_str()));
            // As it was meant: what the key's pattern binds is bound.
            return Some(MapKey {
                span,
                kind: MapKeyKind::Symbol(node.as_str().to_owned()),
            });
        }
        let kind = match self.lower_literal(node).kind {
            ExprKind::Symbol(text) => MapKeyKind::Symbol(text),
            ExprKind::String(text) => MapKeyKind::String(text),
            _ => return None,
        };
        Some(MapKey { span, kind })
    }
}

/// The name of a `name_pattern` that has no type test.
fn name_pattern_name(node: Node) -> Option<Name> {
    let mut cursor = Cursor::new(node);
    let name = cursor.next()?;
    cursor.rule().is_none().then(|| name_of(&name))
}

fn constant(name: &Name) -> Option<ExprKind> {
    Some(match name.text.as_str() {
        "nil" => ExprKind::Nil,
        "true" => ExprKind::True,
        "false" => ExprKind::False,
        _ => return None,
    })
}

fn error_pattern(span: Span) -> Pattern {
    Pattern {
        span,
        kind: PatternKind::Literal(error_expr(span)),
    }
}
