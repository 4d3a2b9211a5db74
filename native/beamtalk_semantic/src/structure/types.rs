use beamtalk_ast::{
    ClassDef, Field, File, Item, Member, Name, Signature, TypeAnn, TypeKind, TypeParam,
};
use beamtalk_source::Diagnostic;
use rustc_hash::FxHashSet;

use crate::{Origin, messages, visibility};

/// Types that no class is named after.
const BUILT_IN: [&str; 9] = [
    "Dynamic", "Never", "Nil", "nil", "true", "false", "Self", "Protocol", "Tuple",
];

/// Names of no type, or of one that is hidden, and `Self` where it is not the type of a result.
pub fn check(file: &File, origin: &Origin<'_>) -> Vec<Diagnostic> {
    let mut checker = Checker {
        origin,
        own: declared(file),
        unknown: FxHashSet::default(),
        found: Vec::new(),
        base: 0,
    };
    for item in &file.items {
        match item {
            Item::Class(class) => checker.class(class),
            Item::Method(method) => {
                checker.base = method.base;
                checker.signature(&method.node.method.signature);
            }
            Item::Protocol(protocol) => {
                checker.base = protocol.base;
                checker.parameters(&protocol.node.type_params);
                protocol
                    .node
                    .signatures
                    .iter()
                    .for_each(|required| checker.signature(&required.signature));
            }
            Item::Alias(alias) => {
                checker.base = alias.base;
                checker.not_result(&alias.node.definition);
            }
            Item::Statements(_) | Item::Error(_) => {}
        }
    }
    checker.found
}

/// What the file itself declares.
fn declared(file: &File) -> FxHashSet<&str> {
    file.items
        .iter()
        .filter_map(|item| match item {
            Item::Class(class) => Some(class.header.node.name.text.as_str()),
            Item::Protocol(protocol) => Some(protocol.node.name.text.as_str()),
            Item::Alias(alias) => Some(alias.node.name.text.as_str()),
            _ => None,
        })
        .collect()
}

/// The names of a type, those inside generic types included.
pub fn names_of(ty: &TypeAnn) -> Vec<&Name> {
    let mut names = Vec::new();
    let mut rest = vec![ty];
    while let Some(ty) = rest.pop() {
        match &ty.kind {
            TypeKind::Name(name) | TypeKind::Metatype(name) => names.push(name),
            TypeKind::Generic(name, arguments) => {
                names.push(name);
                rest.extend(arguments);
            }
            TypeKind::Union(members)
            | TypeKind::Difference(members)
            | TypeKind::Intersection(members) => {
                rest.extend(members);
            }
            TypeKind::Paren(inner) => rest.push(inner),
            TypeKind::SelfType | TypeKind::SelfClass | TypeKind::Singleton(_) => {}
        }
    }
    names
}

struct Checker<'a> {
    origin: &'a Origin<'a>,
    own: FxHashSet<&'a str>,
    /// Names that had their warning.
    unknown: FxHashSet<String>,
    found: Vec<Diagnostic>,
    base: u32,
}

impl<'a> Checker<'a> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic.shift(self.base));
    }

    fn class(&mut self, class: &'a ClassDef) {
        self.base = class.header.base;
        self.parameters(&class.header.node.type_params);
        for member in &class.members {
            self.base = member.base;
            match &*member.node {
                Member::Field(Field {
                    annotation: Some(ty),
                    ..
                }) => self.not_result(ty),
                Member::Method(method) => self.signature(&method.signature),
                _ => {}
            }
        }
    }

    /// Type parameters are known from here on: a name that is one in one place is hardly a misspelling in another.
    fn parameters(&mut self, params: &'a [TypeParam]) {
        self.own
            .extend(params.iter().map(|param| param.name.text.as_str()));
    }

    fn signature(&mut self, signature: &Signature) {
        for ty in signature
            .params
            .iter()
            .filter_map(|param| param.annotation.as_ref())
        {
            self.not_result(ty);
        }
        if let Some(result) = &signature.result {
            self.anywhere(result);
        }
    }

    fn not_result(&mut self, ty: &TypeAnn) {
        if let Some(span) = self_in(ty) {
            self.report(messages::misplaced_self_type(span));
        }
        self.anywhere(ty);
    }

    fn anywhere(&mut self, ty: &TypeAnn) {
        for name in names_of(ty) {
            self.name(name);
        }
    }

    fn name(&mut self, name: &Name) {
        let text = name.text.as_str();
        let environment = self.origin.environment;
        if let Some(diagnostic) = visibility::type_reference(name, self.origin) {
            return self.report(diagnostic);
        }
        let is_parameter = text.len() == 1;
        let is_known = is_parameter
            || BUILT_IN.contains(&text)
            || self.own.contains(text)
            || environment.class(text).is_some()
            || environment.alias(text).is_some();
        if is_known || !self.unknown.insert(text.into()) {
            return;
        }
        let known = || environment.type_names().chain(self.own.iter().copied());
        let candidate = (self.unknown.len() <= messages::MAX_SUGGESTIONS)
            .then(|| messages::similar(text, known()));
        let diagnostic = messages::unknown_type(name, candidate.flatten());
        self.report(diagnostic);
    }
}

fn self_in(ty: &TypeAnn) -> Option<beamtalk_source::Span> {
    match &ty.kind {
        TypeKind::SelfType | TypeKind::SelfClass => Some(ty.span),
        TypeKind::Generic(_, parts)
        | TypeKind::Union(parts)
        | TypeKind::Difference(parts)
        | TypeKind::Intersection(parts) => parts.iter().find_map(self_in),
        TypeKind::Paren(inner) => self_in(inner),
        TypeKind::Name(_) | TypeKind::Metatype(_) | TypeKind::Singleton(_) => None,
    }
}
