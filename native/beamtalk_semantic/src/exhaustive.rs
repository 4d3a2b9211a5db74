//! Whether the arms of a match cover what its scrutinee may be, as far as declared types tell.

use beamtalk_ast::{
    Arm, Block, Expr, ExprKind, Link, Message, Param, Pattern, PatternKind, Statement, TargetKind,
};
use beamtalk_source::{Diagnostic, Span};
use rustc_hash::FxHashMap;

use crate::closed::{ClosedType, TypeMember, members, of_param};
use crate::visit::{self, Node, Role};
use crate::{ClassShape, Environment, messages};

/// Classes that a type pattern tests although others inherit from them, or that have no subclasses to be known.
const LEAVES: [&str; 10] = [
    "Integer",
    "Float",
    "String",
    "Symbol",
    "Block",
    "List",
    "Dictionary",
    "Pid",
    "Port",
    "Reference",
];

/// Unions of more classes than this get no warning.
const SMALL: usize = 8;

/// What is known where the statements stand.
pub struct Scope<'a> {
    /// The classes and aliases.
    pub environment: &'a Environment,
    /// The class of the method.
    pub class: Option<&'a ClassShape>,
    /// Whether it is a class method.
    pub class_side: bool,
    /// Its parameters.
    pub params: &'a [Param],
}

/// Checks every match in the statements; places are relative to their chunk.
pub fn check(body: &[Statement], role: Role, scope: &Scope<'_>) -> Vec<Diagnostic> {
    let checker = Checker {
        scope,
        declared: declared(body, role, scope),
    };
    let mut found = Vec::new();
    visit::body(body, role, &mut |node| {
        if let Node::Expr(expr) = node
            && let ExprKind::Match {
                scrutinee,
                exhaustive,
                arms,
            } = &expr.kind
        {
            let place = scrutinee.span;
            found.extend(if *exhaustive {
                checker.exhaustive(scrutinee, arms, place)
            } else {
                checker.lenient(scrutinee, arms, place)
            });
        }
    });
    found
}

/// The declared types of variables by name. A name that a block or a pattern takes for itself is left out.
fn declared<'a>(
    body: &'a [Statement],
    role: Role,
    scope: &Scope<'a>,
) -> FxHashMap<&'a str, Option<ClosedType>> {
    let mut types: FxHashMap<&str, Option<ClosedType>> = FxHashMap::default();
    for param in scope.params {
        types.insert(&param.name.text, of_param(param, scope.environment));
    }
    let mut hidden: Vec<&str> = Vec::new();
    visit::body(body, role, &mut |node| {
        let Node::Expr(expr) = node else { return };
        match &expr.kind {
            ExprKind::Assign(target, _) => {
                if let TargetKind::Variable(name, Some(ty)) = &target.kind {
                    types.insert(&name.text, members(ty, scope.environment));
                }
            }
            ExprKind::Block(Block { params, .. }) => {
                hidden.extend(params.iter().map(|(name, _)| name.text.as_str()));
            }
            _ => {}
        }
    });
    for name in hidden {
        types.insert(name, None);
    }
    types
}

struct Checker<'s, 'a> {
    scope: &'s Scope<'a>,
    declared: FxHashMap<&'a str, Option<ClosedType>>,
}

impl Checker<'_, '_> {
    /// `matchExhaustive:`: what is not covered, or cannot be known, is an error.
    fn exhaustive(&self, scrutinee: &Expr, arms: &[Arm], place: Span) -> Option<Diagnostic> {
        if unguarded(arms).any(irrefutable) {
            return None;
        }
        let Some(all) = self.type_of(scrutinee) else {
            return Some(messages::unverifiable_match(place));
        };
        let open = self.uncovered(&all, arms);
        (!open.is_empty()).then(|| messages::uncovered_members(place, &open, true))
    }

    /// `match:`: both variants of a Result, and a warning for unions of few members.
    fn lenient(&self, scrutinee: &Expr, arms: &[Arm], place: Span) -> Option<Diagnostic> {
        if let Some(variant) = missing_variant(arms) {
            return Some(messages::uncovered_members(place, &[variant], true));
        }
        if unguarded(arms).any(irrefutable) {
            return None;
        }
        let all = self.type_of(scrutinee)?;
        let is_union =
            (2..=SMALL).contains(&all.len()) || all.len() > 1 && all.iter().all(is_constant);
        let is_result = all.contains(&TypeMember::Ok);
        if !is_union || is_result || !all.iter().all(|member| self.is_leaf(member)) {
            return None;
        }
        let open = self.uncovered(&all, arms);
        (!open.is_empty()).then(|| messages::uncovered_members(place, &open, false))
    }

    fn is_leaf(&self, member: &TypeMember) -> bool {
        let TypeMember::Class(name) = member else {
            return true;
        };
        let environment = self.scope.environment;
        let has_heirs = || {
            environment.names().any(|known| {
                let superclass = environment
                    .class(known)
                    .and_then(|class| class.superclass.as_deref());
                superclass == Some(name)
            })
        };
        LEAVES.contains(&name.as_str())
            || environment
                .class(name)
                .is_some_and(|class| !class.is_abstract && !has_heirs())
    }

    fn uncovered(&self, all: &[TypeMember], arms: &[Arm]) -> ClosedType {
        let covered =
            |member: &&TypeMember| unguarded(arms).any(|pattern| self.covers(pattern, member));
        let open = all.iter().filter(|member| !covered(member));
        open.cloned().collect()
    }

    fn covers(&self, pattern: &Pattern, member: &TypeMember) -> bool {
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Variable(_) => true,
            PatternKind::Paren(inner) => self.covers(inner, member),
            PatternKind::Literal(expr) => constant(expr).as_ref() == Some(member),
            PatternKind::Typed(_, class) => self.class_covers(&class.text, member),
            PatternKind::Constructor(class, parts) => {
                parts.iter().all(|(_, part)| irrefutable(part))
                    && match (class.text.as_str(), parts.first(), member) {
                        ("Result", Some((keyword, _)), TypeMember::Ok) => keyword.text == "ok:",
                        ("Result", Some((keyword, _)), TypeMember::Error) => {
                            keyword.text == "error:"
                        }
                        (name, _, TypeMember::Class(known)) => name == known,
                        _ => false,
                    }
            }
            _ => false,
        }
    }

    fn class_covers(&self, class: &str, member: &TypeMember) -> bool {
        match member {
            TypeMember::Singleton(_) => class == "Symbol",
            TypeMember::Nil => matches!(class, "Nil" | "UndefinedObject"),
            TypeMember::True => matches!(class, "True" | "Boolean"),
            TypeMember::False => matches!(class, "False" | "Boolean"),
            TypeMember::Ok | TypeMember::Error => class == "Result",
            TypeMember::Class(known) => {
                known == class || self.scope.environment.inherits(known, class)
            }
            TypeMember::Own => false,
        }
    }

    // Types of expressions

    fn type_of(&self, expr: &Expr) -> Option<ClosedType> {
        if let Some(member) = constant(expr) {
            return Some(vec![member]);
        }
        let class = |name: &str| Some(vec![TypeMember::Class(name.into())]);
        match &expr.kind {
            ExprKind::Paren(inner) => self.type_of(inner),
            ExprKind::Integer(_) => class("Integer"),
            ExprKind::Character(_) => class("Character"),
            ExprKind::Float(_) => class("Float"),
            ExprKind::String(_) | ExprKind::Interpolation(_) => class("String"),
            ExprKind::List(..) => class("List"),
            ExprKind::Array(_) => class("Array"),
            ExprKind::Map(_) => class("Dictionary"),
            ExprKind::Block(_) => class("Block"),
            ExprKind::Variable(name) => self.declared.get(name.as_str()).cloned().flatten(),
            ExprKind::SelfRef if !self.scope.class_side => class(&self.scope.class?.name),
            ExprKind::FieldAccess(object, field)
                if matches!(object.kind, ExprKind::SelfRef) && !self.scope.class_side =>
            {
                let mut fields = self.scope.class?.all_fields();
                fields
                    .find(|known| known.name == field.text)?
                    .members
                    .clone()
            }
            ExprKind::Chain(head, links) => self.chain(head, links),
            _ => None,
        }
    }

    fn chain(&self, head: &Expr, links: &[Link]) -> Option<ClosedType> {
        let (first, rest) = links.split_first()?;
        let own = self.scope.class.map(|class| class.name.as_str());
        let mut value = match &head.kind {
            ExprKind::ClassRef(name) => self.answer(&name.name.text, true, &first.message),
            ExprKind::SelfRef => self.answer(own?, self.scope.class_side, &first.message),
            _ => self.sent(self.type_of(head), &first.message),
        };
        for link in rest {
            value = self.sent(value, &link.message);
        }
        value
    }

    fn sent(&self, receiver: Option<ClosedType>, message: &Message) -> Option<ClosedType> {
        if let Message::Binary(operator, _) = message
            && crate::class::is_equality(&operator.text)
        {
            return Some(vec![TypeMember::True, TypeMember::False]);
        }
        match receiver?.as_slice() {
            [TypeMember::Class(name)] => self.answer(name, false, message),
            [TypeMember::Singleton(_)] => self.answer("Symbol", false, message),
            [TypeMember::True, TypeMember::False] => self.answer("Boolean", false, message),
            [TypeMember::Ok, TypeMember::Error] => self.answer("Result", false, message),
            _ => None,
        }
    }

    /// What a class declares as the result of a message.
    fn answer(&self, class: &str, class_side: bool, message: &Message) -> Option<ClosedType> {
        let selector = message.selector();
        let lineage = self.scope.environment.lineage(class);
        for ancestor in &lineage {
            if let Some(method) = ancestor.method(&selector, class_side) {
                let own = TypeMember::Class(class.into());
                let result = method.result.clone()?.into_iter();
                return Some(
                    result
                        .map(|member| match member {
                            TypeMember::Own => own.clone(),
                            other => other,
                        })
                        .collect(),
                );
            }
            let mut fields = ancestor.fields.iter();
            if let Some(field) = fields.find(|field| !class_side && field.name == selector) {
                return field.members.clone();
            }
        }
        let makes = matches!(selector.as_str(), "new" | "new:" | "spawn" | "spawnWith:");
        (class_side && makes && !lineage.is_empty()).then(|| vec![TypeMember::Class(class.into())])
    }
}

fn unguarded(arms: &[Arm]) -> impl Iterator<Item = &Pattern> {
    arms.iter()
        .filter(|arm| arm.guard.is_none())
        .map(|arm| &arm.pattern)
}

fn irrefutable(pattern: &Pattern) -> bool {
    match &pattern.kind {
        PatternKind::Wildcard | PatternKind::Variable(_) => true,
        PatternKind::Paren(inner) => irrefutable(inner),
        _ => false,
    }
}

fn is_constant(member: &TypeMember) -> bool {
    !matches!(member, TypeMember::Class(_) | TypeMember::Own)
}

fn constant(expr: &Expr) -> Option<TypeMember> {
    match &expr.kind {
        ExprKind::Symbol(name) => Some(TypeMember::Singleton(name.clone())),
        ExprKind::Nil => Some(TypeMember::Nil),
        ExprKind::True => Some(TypeMember::True),
        ExprKind::False => Some(TypeMember::False),
        ExprKind::Paren(inner) => constant(inner),
        _ => None,
    }
}

/// Where an arm takes a Result apart: the variant that no unguarded arm is for. A name is no answer to that; `_` is.
fn missing_variant(arms: &[Arm]) -> Option<TypeMember> {
    let variant = |pattern: &Pattern| match &inner(pattern).kind {
        PatternKind::Constructor(class, parts) if class.text == "Result" => {
            let keyword = parts.first().map(|(keyword, _)| keyword.text.clone());
            keyword.filter(|keyword| matches!(keyword.as_str(), "ok:" | "error:"))
        }
        _ => None,
    };
    arms.iter().find_map(|arm| variant(&arm.pattern))?;
    let takes_all = |pattern: &Pattern| match &inner(pattern).kind {
        PatternKind::Wildcard => true,
        PatternKind::Typed(_, class) => class.text == "Result",
        _ => false,
    };
    if unguarded(arms).any(takes_all) {
        return None;
    }
    let has = |keyword: &str| unguarded(arms).any(|p| variant(p).as_deref() == Some(keyword));
    match (has("ok:"), has("error:")) {
        (true, true) => None,
        (false, _) => Some(TypeMember::Ok),
        (true, false) => Some(TypeMember::Error),
    }
}

fn inner(pattern: &Pattern) -> &Pattern {
    match &pattern.kind {
        PatternKind::Paren(wrapped) => inner(wrapped),
        _ => pattern,
    }
}
