use std::sync::Arc;

use beamtalk_ast::{
    ClassDef, ClassHeader, ClassName, ExprKind, Field, FieldKind, Member, Method, ModifierKind,
    Name, Statement, TypeAnn, TypeKind,
};
use beamtalk_source::{Diagnostic, Span};
use rustc_hash::FxHashMap;

use crate::closed;
use crate::{
    ClosedType, Environment, FieldInterface, Interface, Kind, MethodInterface, Origin, messages,
    setter_selector,
};

/// What a class consists of, its ancestry taken into account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassShape {
    /// The class.
    pub name: String,
    /// Its module.
    pub module: String,
    /// Name and module of the superclass; `None` for the root.
    pub superclass: Option<(String, String)>,
    /// How instances live.
    pub kind: Kind,
    /// Modifiers as written, in the order `abstract`, `sealed`, `typed`, `internal`.
    pub modifiers: Vec<&'static str>,
    /// The Erlang module behind it.
    pub native: Option<String>,
    /// Whether it is compiled as part of the standard library.
    pub is_library: bool,
    /// The package it belongs to.
    pub package: Option<String>,
    /// Whether it inherits from `TestCase`, whose heirs may assign their fields.
    pub is_test: bool,
    /// Whether every ancestor is known. Of a class of which this is not so, the kind is a guess.
    pub is_rooted: bool,
    /// Fields of the ancestors, from the root down.
    pub inherited_fields: Vec<FieldShape>,
    /// Own fields, in order.
    pub fields: Vec<FieldShape>,
    /// Own class variables, in order.
    pub class_vars: Vec<String>,
    /// Own methods, in order.
    pub methods: Vec<MethodInterface>,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldShape {
    /// The field.
    pub name: String,
    /// Its type as written.
    pub annotation: Option<String>,
    /// The members of its type, where they are known.
    pub members: Option<ClosedType>,
    /// Whether the type has room for `nil`.
    pub admits_nil: bool,
    /// Whether it has a default.
    pub has_default: bool,
}

const EQUALITY: [&str; 4] = ["==", "/=", "=:=", "=/="];

/// Whether that operator compares instead of being sent.
pub fn is_equality(operator: &str) -> bool {
    EQUALITY.contains(&operator)
}

impl ClassShape {
    /// Reads a class definition.
    pub fn read(class: &ClassDef, module: String, origin: &Origin<'_>) -> (Self, Vec<Diagnostic>) {
        let mut reader = Reader {
            origin,
            found: Vec::new(),
            base: class.header.base,
        };
        let mut shape = reader.header(&class.header.node, module);
        for member in &class.members {
            reader.base = member.base;
            reader.member(&member.node, &mut shape);
        }
        reader.duplicates(class);
        reader.setters(class, &shape);
        (shape, reader.found)
    }

    /// The shape of a class that is known by its interface.
    pub fn known(name: &str, environment: &Environment) -> Option<Self> {
        let lineage = environment.lineage(name);
        let (own, ancestors) = lineage.split_first()?;
        let modifiers = [
            (own.is_abstract, "abstract"),
            (own.is_sealed, "sealed"),
            (own.is_internal, "internal"),
        ];
        let superclass = own.superclass.as_ref().map(|superclass| {
            let module = ancestors.first().map_or_else(
                || crate::default_module(None, superclass),
                |known| known.module.clone(),
            );
            (superclass.clone(), module)
        });
        Some(Self {
            name: own.name.clone(),
            module: own.module.clone(),
            superclass,
            kind: own.kind,
            modifiers: modifiers
                .into_iter()
                .filter(|(has, _)| *has)
                .map(|(_, modifier)| modifier)
                .collect(),
            native: own.native.clone(),
            is_library: own.is_library,
            package: own.package.clone(),
            is_test: ancestors.iter().any(|ancestor| ancestor.name == "TestCase"),
            is_rooted: lineage.last().is_some_and(|root| root.superclass.is_none()),
            inherited_fields: fields_of(ancestors),
            fields: own.fields.iter().map(known_field).collect(),
            class_vars: own.class_vars.clone(),
            methods: own.methods.clone(),
        })
    }

    /// What other classes may know of it.
    pub fn interface(&self) -> Interface {
        Interface {
            name: self.name.clone(),
            module: self.module.clone(),
            superclass: self.superclass.as_ref().map(|(name, _)| name.clone()),
            kind: self.kind,
            is_abstract: self.modifiers.contains(&"abstract"),
            is_sealed: self.modifiers.contains(&"sealed"),
            is_internal: self.modifiers.contains(&"internal"),
            package: self.package.clone(),
            is_library: self.is_library,
            native: self.native.clone(),
            fields: self
                .fields
                .iter()
                .map(|field| FieldInterface {
                    name: field.name.clone(),
                    annotation: field.annotation.clone(),
                    members: field.members.clone(),
                })
                .collect(),
            class_vars: self.class_vars.clone(),
            methods: self.methods.clone(),
            protocol: None,
        }
    }

    /// All fields, from the root down.
    pub fn all_fields(&self) -> impl Iterator<Item = &FieldShape> {
        self.inherited_fields.iter().chain(&self.fields)
    }

    /// Whether a message that the class sends to `self` always means its own method of that selector: neither the class nor
    /// the method can be overridden, and the method runs in the process that sends.
    pub fn is_fixed(&self, selector: &str, class_side: bool) -> bool {
        if self.kind == Kind::Actor && !class_side {
            return false;
        }
        // Classes of the library and of a package may have subclasses there although they are sealed.
        let is_final =
            self.modifiers.contains(&"sealed") && !self.is_library && self.package.is_none();
        self.methods.iter().any(|method| {
            method.selector == selector
                && method.class_side == class_side
                && (is_final || method.is_sealed)
        })
    }

    /// Whether the class itself answers that message: by a method, or by a generated accessor.
    pub fn answers(&self, selector: &str, class_side: bool) -> bool {
        let is_accessor =
            |field: &FieldShape| field.name == selector || setter_selector(&field.name) == selector;
        let has_accessors = self.kind == Kind::Value && !class_side;
        self.defines(selector, class_side) || has_accessors && self.fields.iter().any(is_accessor)
    }

    /// Whether the class itself defines that method.
    pub fn defines(&self, selector: &str, class_side: bool) -> bool {
        self.methods
            .iter()
            .any(|method| method.selector == selector && method.class_side == class_side)
    }
}

struct Reader<'a> {
    origin: &'a Origin<'a>,
    found: Vec<Diagnostic>,
    /// Offset of the chunk being read.
    base: u32,
}

impl Reader<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic.shift(self.base));
    }

    fn header(&mut self, header: &ClassHeader, module: String) -> ClassShape {
        let Origin {
            environment,
            library,
            ..
        } = *self.origin;
        self.class_name(&header.name);
        if header.superclass.is_none() && !library {
            self.report(messages::second_root(&header.name));
        }
        let superclass = header
            .superclass
            .as_ref()
            .map(|superclass| self.superclass(superclass));
        let lineage = superclass
            .as_ref()
            .map(|(name, _)| environment.lineage(name))
            .unwrap_or_default();
        let kind = match header.name.text.as_str() {
            // The two classes that decide the kind of their heirs.
            "Value" if library => Kind::Value,
            "Actor" if library => Kind::Actor,
            _ => lineage.first().map_or(Kind::Object, |parent| parent.kind),
        };
        ClassShape {
            name: header.name.text.clone(),
            module,
            is_rooted: header.superclass.is_none()
                || lineage.last().is_some_and(|root| root.superclass.is_none()),
            is_test: lineage.iter().any(|ancestor| ancestor.name == "TestCase"),
            superclass,
            kind,
            modifiers: modifiers(header),
            native: header.native.as_ref().map(|module| module.text.clone()),
            is_library: library,
            package: self.origin.package_name().map(Into::into),
            inherited_fields: fields_of(&lineage),
            fields: Vec::new(),
            class_vars: Vec::new(),
            methods: Vec::new(),
        }
    }

    fn class_name(&mut self, name: &Name) {
        let Origin {
            environment,
            library,
            ..
        } = *self.origin;
        if name.text == "Self" {
            self.report(messages::class_named_self(name));
        }
        match environment.class(&name.text) {
            Some(known) if known.protocol.is_some() => {
                self.report(messages::name_taken("protocol", name));
            }
            _ if environment.is_of_library(&name.text) && !library => {
                self.report(messages::library_class(name));
            }
            _ => {}
        }
    }

    /// Name and module of the superclass.
    fn superclass(&mut self, superclass: &ClassName) -> (String, String) {
        let Origin {
            environment,
            library,
            ..
        } = *self.origin;
        let Some(known) = environment.named(superclass) else {
            let candidate = messages::similar(&superclass.name.text, environment.names());
            let diagnostic = crate::visibility::class_reference(superclass, self.origin)
                .unwrap_or_else(|| messages::unknown_superclass(superclass, candidate));
            self.report(diagnostic);
            return (
                superclass.name.text.clone(),
                crate::default_module(None, &superclass.name.text),
            );
        };
        let package = self.origin.package_name();
        let same_package = package.is_some() && known.package.as_deref() == package;
        if known.protocol.is_some() {
            self.report(messages::protocol_as_superclass(superclass));
        } else if known.is_sealed && !library && !same_package {
            self.report(messages::sealed_superclass(superclass));
        }
        if let Some(diagnostic) = crate::visibility::class_reference(superclass, self.origin) {
            self.report(diagnostic);
        }
        (known.name.clone(), known.module.clone())
    }

    fn member(&mut self, member: &Member, shape: &mut ClassShape) {
        match member {
            Member::Field(field) => self.field(field, shape),
            Member::Method(method) => self.method(method, shape),
            Member::Error(node) => {
                // The text is broken, but what it declares exists: no follow-up complaints about it.
                if let Some(signature) = &node.signature {
                    shape.methods.push(MethodInterface {
                        selector: signature.selector.text.clone(),
                        class_side: node.class_side,
                        is_sealed: false,
                        is_internal: false,
                        is_abstract: false,
                        result: None,
                    });
                }
                if let Some(name) = &node.field {
                    shape.fields.push(FieldShape {
                        name: name.text.clone(),
                        annotation: None,
                        members: None,
                        admits_nil: true,
                        has_default: true,
                    });
                }
            }
        }
    }

    fn field(&mut self, field: &Field, shape: &mut ClassShape) {
        self.reserved(&field.name);
        let (keyword, allowed, instead) = match (field.kind, shape.kind) {
            (FieldKind::ClassState, _) => {
                shape.class_vars.push(field.name.text.clone());
                return;
            }
            (FieldKind::State, kind) => ("state:", kind == Kind::Actor, "field:"),
            (FieldKind::Field, kind) => ("field:", kind == Kind::Value, "state:"),
        };
        if !allowed && shape.is_rooted {
            let (kind, instead) = match shape.kind {
                Kind::Object => ("Object", None),
                Kind::Value => ("Value", Some(instead)),
                Kind::Actor => ("Actor", Some(instead)),
            };
            let span = Span::new(field.span.start, field.span.start + keyword.len() as u32);
            self.report(messages::wrong_data_declaration(
                keyword, kind, instead, span,
            ));
        }
        shape.fields.push(FieldShape {
            name: field.name.text.clone(),
            annotation: field
                .annotation
                .as_ref()
                .map(|ty| ty.span.shift(self.base).text(self.origin.text).to_owned()),
            members: field
                .annotation
                .as_ref()
                .and_then(|ty| closed::members(ty, self.origin.environment)),
            admits_nil: field.annotation.as_ref().is_none_or(admits_nil),
            has_default: field.default.is_some(),
        });
    }

    fn method(&mut self, method: &Method, shape: &mut ClassShape) {
        for diagnostic in check_declaration(method) {
            self.report(diagnostic);
        }
        shape
            .methods
            .push(method_interface(method, self.origin.environment));
    }

    fn reserved(&mut self, name: &Name) {
        if name.text.starts_with("__") {
            self.report(messages::reserved_name(&name.text, name.span));
        }
    }

    fn duplicates(&mut self, class: &ClassDef) {
        let mut seen: FxHashMap<(&str, &str), Span> = FxHashMap::default();
        for member in &class.members {
            let (what, name) = match &*member.node {
                Member::Field(field) if field.kind == FieldKind::ClassState => {
                    ("class variable", &field.name)
                }
                Member::Field(field) => ("field", &field.name),
                Member::Method(method) if method.has(ModifierKind::Class) => {
                    ("class method", &method.signature.selector)
                }
                Member::Method(method) => ("method", &method.signature.selector),
                Member::Error(_) => continue,
            };
            let span = name.span.shift(member.base);
            if let Some(first) = seen.insert((what, &name.text), span) {
                self.found
                    .push(messages::duplicate_member(what, &name.text, span, first));
            }
        }
    }

    /// Two fields, own or inherited, whose setters would have one name.
    fn setters(&mut self, class: &ClassDef, shape: &ClassShape) {
        if shape.kind != Kind::Value {
            return;
        }
        let inherited = shape
            .inherited_fields
            .iter()
            .map(|field| (setter_selector(&field.name), (field.name.clone(), None)));
        let mut seen: FxHashMap<String, (String, Option<Span>)> = inherited.collect();
        for member in &class.members {
            let Member::Field(field) = &*member.node else {
                continue;
            };
            if field.kind == FieldKind::ClassState {
                continue;
            }
            let name = Name {
                span: field.name.span.shift(member.base),
                text: field.name.text.clone(),
            };
            let setter = setter_selector(&name.text);
            match seen.get(&setter) {
                Some((first, place)) if *first != name.text => {
                    self.found
                        .push(messages::setter_clash(first, *place, &name, &setter));
                }
                _ => drop(seen.insert(setter, (name.text, Some(name.span)))),
            }
        }
    }
}

/// What is wrong with a method whatever its class is.
pub fn check_declaration(method: &Method) -> Vec<Diagnostic> {
    let selector = &method.signature.selector;
    let mut found = Vec::new();
    if is_equality(&selector.text) {
        found.push(messages::equality_declared(&selector.text, selector.span));
    }
    if selector.text.split(':').any(|part| part.starts_with("__")) {
        found.push(messages::reserved_name(&selector.text, selector.span));
    }
    if method.body.is_empty() {
        found.push(messages::empty_body(&selector.text, method.signature.span));
    }
    found
}

/// What its class knows of a method.
pub fn method_interface(method: &Method, environment: &Environment) -> MethodInterface {
    MethodInterface {
        selector: method.signature.selector.text.clone(),
        class_side: method.has(ModifierKind::Class),
        is_sealed: method.has(ModifierKind::Sealed),
        is_internal: method.has(ModifierKind::Internal),
        is_abstract: is_abstract(&method.body),
        result: method
            .signature
            .result
            .as_ref()
            .and_then(|ty| closed::members(ty, environment)),
    }
}

/// `self subclassResponsibility` or `self notImplemented`, and nothing else.
pub fn is_abstract(body: &[Statement]) -> bool {
    matches!(
        self_send(body),
        Some("subclassResponsibility" | "notImplemented")
    )
}

/// The message of a body that is one unary message to `self`.
pub fn self_send(body: &[Statement]) -> Option<&str> {
    let [statement] = body else { return None };
    let ExprKind::Chain(head, links) = &statement.expr.kind else {
        return None;
    };
    let [link] = links.as_slice() else {
        return None;
    };
    match &link.message {
        beamtalk_ast::Message::Unary(name) if matches!(head.kind, ExprKind::SelfRef) => {
            Some(&name.text)
        }
        _ => None,
    }
}

/// The fields of a line of classes, nearest first, from the root down.
fn fields_of(lineage: &[&Arc<Interface>]) -> Vec<FieldShape> {
    lineage
        .iter()
        .rev()
        .flat_map(|ancestor| &ancestor.fields)
        .map(known_field)
        .collect()
}

fn known_field(field: &FieldInterface) -> FieldShape {
    FieldShape {
        name: field.name.clone(),
        annotation: field.annotation.clone(),
        members: field.members.clone(),
        admits_nil: true,
        has_default: true,
    }
}

fn modifiers(header: &ClassHeader) -> Vec<&'static str> {
    let all = [
        (ModifierKind::Abstract, "abstract"),
        (ModifierKind::Sealed, "sealed"),
        (ModifierKind::Typed, "typed"),
        (ModifierKind::Internal, "internal"),
    ];
    let written = |kind| {
        header
            .modifiers
            .iter()
            .any(|modifier| modifier.kind == kind)
    };
    all.into_iter()
        .filter(|(kind, _)| written(*kind))
        .map(|(_, name)| name)
        .collect()
}

/// Whether a slot of that type may hold `nil` (language reference 4.10).
fn admits_nil(ty: &TypeAnn) -> bool {
    match &ty.kind {
        TypeKind::Name(name) => {
            matches!(
                name.text.as_str(),
                "Nil" | "nil" | "UndefinedObject" | "Object" | "Dynamic"
            )
        }
        TypeKind::Union(members) => members.iter().any(admits_nil),
        TypeKind::Paren(inner) => admits_nil(inner),
        _ => false,
    }
}
