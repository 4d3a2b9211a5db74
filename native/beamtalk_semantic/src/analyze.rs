use beamtalk_ast::{
    ClassDef, ExprKind, Field, File, Item, Member, Method, ModifierKind, Statement,
};
use beamtalk_source::Diagnostic;

use crate::environment::LIBRARY;
use crate::exhaustive;
use crate::lints::{Site, lint};
use crate::resolve::Exempt;
use crate::visit::{self, Node, Role};
use crate::{ClassShape, Environment, Package, Resolution, Surroundings, Unit, resolve, structure};

/// Where a text comes from, and what it can see.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The whole file.
    pub text: &'a str,
    /// The classes it sees.
    pub environment: &'a Environment,
    /// The package it belongs to.
    pub package: Option<&'a Package>,
    /// Whether it is part of the standard library.
    pub library: bool,
}

impl<'a> Origin<'a> {
    /// The name of the package.
    pub fn package_name(&self) -> Option<&'a str> {
        if self.library {
            return Some(LIBRARY);
        }
        self.package.map(|package| package.name.as_str())
    }
}

/// A class with the names of all its members resolved.
#[derive(Debug)]
pub struct ClassAnalysis {
    /// What the class consists of.
    pub shape: ClassShape,
    /// One for each member of the definition: methods and defaults have one.
    pub members: Vec<Option<Resolution>>,
}

/// Analyses a class.
pub fn analyze_class(
    class: &ClassDef,
    module: String,
    origin: &Origin<'_>,
) -> (ClassAnalysis, Vec<Diagnostic>) {
    let (shape, mut found) = ClassShape::read(class, module, origin);
    // The class sees itself like any other.
    let mut environment = origin.environment.clone();
    environment.add(shape.interface());
    let origin = &Origin {
        environment: &environment,
        ..*origin
    };
    found.extend(structure::check_class(class, &shape, origin));
    let mut members = Vec::with_capacity(class.members.len());
    for member in &class.members {
        members.push(match &*member.node {
            Member::Method(method) => Some(analyze_method(
                method,
                member.base,
                &shape,
                origin,
                &mut found,
            )),
            Member::Field(field) => analyze_default(field, member.base, &shape, origin, &mut found),
            Member::Error(_) => None,
        });
    }
    (ClassAnalysis { shape, members }, found)
}

pub(crate) fn analyze_method(
    method: &Method,
    base: u32,
    shape: &ClassShape,
    origin: &Origin<'_>,
    found: &mut Vec<Diagnostic>,
) -> Resolution {
    let class_side = method.has(ModifierKind::Class);
    let unit = Unit {
        params: method
            .signature
            .params
            .iter()
            .map(|param| (base, param))
            .collect(),
        body: vec![(base, &method.body)],
        known: &[],
        exempt: exempt(method, shape),
        broken: Vec::new(),
    };
    let (resolution, names) = resolve(
        &unit,
        &Surroundings {
            origin,
            class: Some(shape),
            class_side,
            is_default: false,
            interactive: false,
        },
    );
    found.extend(names);
    let site = Site {
        origin,
        class: Some(shape),
        selector: Some(&method.signature.selector.text),
        base,
    };
    found.extend(lint(&method.body, Role::Method, &site));
    let scope = exhaustive::Scope {
        environment: origin.environment,
        class: Some(shape),
        class_side,
        params: &method.signature.params,
    };
    let uncovered = exhaustive::check(&method.body, Role::Method, &scope);
    found.extend(
        uncovered
            .into_iter()
            .map(|diagnostic| diagnostic.shift(base)),
    );
    resolution
}

fn exempt(method: &Method, shape: &ClassShape) -> Exempt {
    let is_test = shape.is_test && method.signature.selector.text.starts_with("test");
    let is_delegated =
        shape.native.is_some() && crate::class::self_send(&method.body) == Some("delegate");
    if method.body.is_empty() || is_delegated || crate::class::is_abstract(&method.body) {
        Exempt::Parameters
    } else if is_test && !mentions_self(&method.body) {
        Exempt::Everything
    } else {
        Exempt::Nothing
    }
}

fn mentions_self(body: &[Statement]) -> bool {
    let mut found = false;
    visit::body(body, Role::Method, &mut |node| {
        found |= matches!(node, Node::Expr(expr) if matches!(expr.kind, ExprKind::SelfRef | ExprKind::Super));
    });
    found
}

/// A default is one expression: the same walk, as a body of one statement.
fn analyze_default(
    field: &Field,
    base: u32,
    shape: &ClassShape,
    origin: &Origin<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<Resolution> {
    let default = field.default.as_ref()?;
    let statement = [Statement {
        span: default.span,
        expr: default.clone(),
        cast: None,
    }];
    let unit = Unit {
        params: Vec::new(),
        body: vec![(base, &statement)],
        known: &[],
        exempt: Exempt::Nothing,
        broken: Vec::new(),
    };
    let (resolution, names) = resolve(
        &unit,
        &Surroundings {
            origin,
            class: Some(shape),
            class_side: true,
            is_default: true,
            interactive: false,
        },
    );
    found.extend(names);
    found.extend(lint(
        &statement,
        Role::Block,
        &Site {
            origin,
            class: Some(shape),
            selector: None,
            base,
        },
    ));
    Some(resolution)
}

/// Analyses the top-level statements of a file. `interactive`: their variables live on in a session.
pub fn analyze_script(
    file: &File,
    known: &[String],
    origin: &Origin<'_>,
    interactive: bool,
) -> (Resolution, Vec<Diagnostic>) {
    let surroundings = Surroundings {
        origin,
        class: None,
        class_side: false,
        is_default: false,
        interactive,
    };
    let chunks = file.items.iter().filter_map(|item| match item {
        Item::Statements(chunk) => Some((chunk.base, chunk.node.as_slice())),
        _ => None,
    });
    let broken = file.items.iter().filter_map(|item| match item {
        Item::Error(error) => Some(error.node.span.shift(error.base)),
        _ => None,
    });
    let body = chunks.clone().collect();
    let unit = Unit {
        params: Vec::new(),
        body,
        known,
        exempt: Exempt::Nothing,
        broken: broken.collect(),
    };
    let (resolution, mut found) = resolve(&unit, &surroundings);
    for (base, statements) in chunks {
        let site = Site {
            origin,
            class: None,
            selector: None,
            base,
        };
        found.extend(lint(statements, Role::Script, &site));
        let scope = exhaustive::Scope {
            environment: origin.environment,
            class: None,
            class_side: false,
            params: &[],
        };
        let uncovered = exhaustive::check(statements, Role::Script, &scope);
        found.extend(
            uncovered
                .into_iter()
                .map(|diagnostic| diagnostic.shift(base)),
        );
    }
    (resolution, found)
}
