use beamtalk_ast::{ClassDef, ClassHeader, Field, FieldKind, Member, Method, ModifierKind, Name, TypeAnn, TypeKind};
use beamtalk_source::{Diagnostic, Span};
use rustc_hash::FxHashMap;

use crate::{Environment, FieldInterface, Interface, Kind, MethodInterface, messages, setter_selector};

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
    /// Whether an Erlang module stands behind it.
    pub is_native: bool,
    /// Whether it is compiled as part of the standard library.
    pub is_library: bool,
    /// Fields of the ancestors, from the root down.
    pub inherited_fields: Vec<FieldShape>,
    /// Own fields, in order.
    pub fields: Vec<FieldShape>,
    /// Own class variables, in order.
    pub class_vars: Vec<String>,
    /// Own methods, in order.
    pub methods: Vec<MethodShape>,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldShape {
    /// The field.
    pub name: String,
    /// Its type as written.
    pub annotation: Option<String>,
    /// Whether the type has room for `nil`.
    pub admits_nil: bool,
    /// Whether it has a default.
    pub has_default: bool,
}

/// A method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodShape {
    /// The selector.
    pub selector: String,
    /// Whether it is on the class side.
    pub class_side: bool,
    /// Whether it must not be overridden.
    pub is_sealed: bool,
}

const EQUALITY: [&str; 4] = ["==", "/=", "=:=", "=/="];

impl ClassShape {
    /// Reads a class definition. `text` is the file it stands in.
    pub fn read(
        class: &ClassDef,
        text: &str,
        module: String,
        environment: &Environment,
        library: bool,
    ) -> (Self, Vec<Diagnostic>) {
        let mut reader = Reader { text, environment, found: Vec::new(), base: class.header.base };
        let mut shape = reader.header(&class.header.node, module, library);
        for member in &class.members {
            reader.base = member.base;
            reader.member(&member.node, &mut shape);
        }
        reader.duplicates(class);
        reader.setters(class, &shape);
        reader.overridden(class, &shape);
        (shape, reader.found)
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
            is_library: self.is_library,
            is_native: self.is_native,
            fields: self
                .fields
                .iter()
                .map(|field| FieldInterface { name: field.name.clone(), annotation: field.annotation.clone() })
                .collect(),
            class_vars: self.class_vars.clone(),
            methods: self
                .methods
                .iter()
                .map(|method| MethodInterface {
                    selector: method.selector.clone(),
                    class_side: method.class_side,
                    is_sealed: method.is_sealed,
                })
                .collect(),
        }
    }

    /// All fields, from the root down.
    pub fn all_fields(&self) -> impl Iterator<Item = &FieldShape> {
        self.inherited_fields.iter().chain(&self.fields)
    }

    /// Whether the class itself defines that method.
    pub fn defines(&self, selector: &str, class_side: bool) -> bool {
        self.methods.iter().any(|method| method.selector == selector && method.class_side == class_side)
    }
}

struct Reader<'a> {
    text: &'a str,
    environment: &'a Environment,
    found: Vec<Diagnostic>,
    /// Offset of the chunk being read.
    base: u32,
}

impl Reader<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic.shift(self.base));
    }

    fn header(&mut self, header: &ClassHeader, module: String, library: bool) -> ClassShape {
        let name = &header.name;
        if name.text == "Self" {
            self.report(messages::class_named_self(name));
        }
        self.reserved(name);
        if !library && self.environment.class(&name.text).is_some_and(|known| known.is_library) {
            self.report(messages::library_class(name));
        }
        let superclass = header.superclass.as_ref().map(|superclass| {
            let Some(known) = self.environment.class(&superclass.name.text).cloned() else {
                let candidate = messages::similar(&superclass.name.text, self.environment.names());
                self.report(messages::unknown_superclass(superclass, candidate));
                return (superclass.name.text.clone(), crate::default_module(None, &superclass.name.text));
            };
            if known.is_sealed && !library {
                self.report(messages::sealed_superclass(superclass));
            }
            (known.name.clone(), known.module.clone())
        });
        let lineage = superclass.as_ref().map(|(name, _)| self.environment.lineage(name)).unwrap_or_default();
        let inherited_fields = lineage.iter().rev().flat_map(|ancestor| &ancestor.fields).map(known_field).collect();
        let kind = match name.text.as_str() {
            // The two classes that decide the kind of their heirs.
            "Value" if library => Kind::Value,
            "Actor" if library => Kind::Actor,
            _ => lineage.first().map_or(Kind::Object, |parent| parent.kind),
        };
        ClassShape {
            name: name.text.clone(),
            module,
            superclass,
            kind,
            modifiers: modifiers(header),
            is_native: header.native.is_some(),
            is_library: library,
            inherited_fields,
            fields: Vec::new(),
            class_vars: Vec::new(),
            methods: Vec::new(),
        }
    }

    fn member(&mut self, member: &Member, shape: &mut ClassShape) {
        match member {
            Member::Field(field) => self.field(field, shape),
            Member::Method(method) => self.method(method, shape),
            Member::Error(node) => {
                // The text is broken, but what it declares exists: no follow-up complaints about it.
                if let Some(signature) = &node.signature {
                    shape.methods.push(MethodShape {
                        selector: signature.selector.text.clone(),
                        class_side: node.class_side,
                        is_sealed: false,
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
        if !allowed {
            let (kind, instead) = match shape.kind {
                Kind::Object => ("Object", None),
                Kind::Value => ("Value", Some(instead)),
                Kind::Actor => ("Actor", Some(instead)),
            };
            let span = Span::new(field.span.start, field.span.start + keyword.len() as u32);
            self.report(messages::wrong_data_declaration(keyword, kind, instead, span));
        }
        shape.fields.push(FieldShape {
            name: field.name.text.clone(),
            annotation: field.annotation.as_ref().map(|ty| ty.span.shift(self.base).text(self.text).to_owned()),
            admits_nil: field.annotation.as_ref().is_none_or(admits_nil),
            has_default: field.default.is_some(),
        });
    }

    fn method(&mut self, method: &Method, shape: &mut ClassShape) {
        let selector = &method.signature.selector;
        if EQUALITY.contains(&selector.text.as_str()) {
            self.report(messages::equality_declared(&selector.text, selector.span));
        }
        if selector.text.starts_with("__") {
            self.report(messages::reserved_name(&selector.text, selector.span));
        }
        if method.body.is_empty() {
            self.report(messages::empty_body(&selector.text, method.signature.span));
        }
        shape.methods.push(MethodShape {
            selector: selector.text.clone(),
            class_side: method.has(ModifierKind::Class),
            is_sealed: method.has(ModifierKind::Sealed),
        });
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
                Member::Field(field) if field.kind == FieldKind::ClassState => ("class variable", &field.name),
                Member::Field(field) => ("field", &field.name),
                Member::Method(method) if method.has(ModifierKind::Class) => ("class method", &method.signature.selector),
                Member::Method(method) => ("method", &method.signature.selector),
                Member::Error(_) => continue,
            };
            let span = name.span.shift(member.base);
            if let Some(first) = seen.insert((what, &name.text), span) {
                self.found.push(messages::duplicate_member(what, &name.text, span, first));
            }
        }
    }

    fn setters(&mut self, class: &ClassDef, shape: &ClassShape) {
        if shape.kind != Kind::Value {
            return;
        }
        let mut seen: FxHashMap<String, Name> = FxHashMap::default();
        for member in &class.members {
            let Member::Field(field) = &*member.node else { continue };
            let name = Name { span: field.name.span.shift(member.base), text: field.name.text.clone() };
            let setter = setter_selector(&name.text);
            match seen.get(&setter) {
                Some(first) if first.text != name.text => {
                    self.found.push(messages::setter_clash(first, &name, &setter));
                }
                _ => drop(seen.insert(setter, name)),
            }
        }
    }

    fn overridden(&mut self, class: &ClassDef, shape: &ClassShape) {
        let Some((superclass, _)) = &shape.superclass else { return };
        let lineage = self.environment.lineage(superclass);
        for member in &class.members {
            let Member::Method(method) = &*member.node else { continue };
            let selector = &method.signature.selector;
            let inherited = |ancestor: &&&std::sync::Arc<Interface>| {
                ancestor.method(&selector.text, method.has(ModifierKind::Class)).is_some_and(|known| known.is_sealed)
            };
            if let Some(owner) = lineage.iter().find(inherited) {
                let span = selector.span.shift(member.base);
                self.found.push(messages::sealed_method(&selector.text, &owner.name, span));
            }
        }
    }
}

fn known_field(field: &FieldInterface) -> FieldShape {
    FieldShape {
        name: field.name.clone(),
        annotation: field.annotation.clone(),
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
    let written = |kind| header.modifiers.iter().any(|modifier| modifier.kind == kind);
    all.into_iter().filter(|(kind, _)| written(*kind)).map(|(_, name)| name).collect()
}

/// Whether a slot of that type may hold `nil` (language reference 4.10).
fn admits_nil(ty: &TypeAnn) -> bool {
    match &ty.kind {
        TypeKind::Name(name) => {
            matches!(name.text.as_str(), "Nil" | "nil" | "UndefinedObject" | "Object" | "Dynamic")
        }
        TypeKind::Union(members) => members.iter().any(admits_nil),
        TypeKind::Paren(inner) => admits_nil(inner),
        _ => false,
    }
}
