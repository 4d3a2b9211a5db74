use std::sync::Arc;

use beamtalk_ast::ClassName;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::{ClosedType, setter_selector};

/// What decides how instances of a class live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// An immutable map.
    Value,
    /// A process.
    Actor,
    /// Neither.
    Object,
}

/// What other classes may know of a class. Opaque outside the compiler; stored beside its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent modifiers, as in the class header"
)]
pub struct Interface {
    /// The class.
    pub name: String,
    /// Its module.
    pub module: String,
    /// The superclass's name; `None` for the root.
    pub superclass: Option<String>,
    /// How instances live.
    pub kind: Kind,
    /// No instances.
    pub is_abstract: bool,
    /// No subclasses outside its package.
    pub is_sealed: bool,
    /// Can be named in its package only.
    pub is_internal: bool,
    /// The package it belongs to; `None` for a text without one.
    pub package: Option<String>,
    /// Defined in the standard library.
    pub is_library: bool,
    /// The Erlang module behind it.
    pub native: Option<String>,
    /// Own fields, in order.
    pub fields: Vec<FieldInterface>,
    /// Own class variables.
    pub class_vars: Vec<String>,
    /// Own methods, generated ones not included.
    pub methods: Vec<MethodInterface>,
    /// What it requires, where it is a protocol.
    pub protocol: Option<ProtocolInterface>,
}

/// What a protocol requires of the classes that conform to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtocolInterface {
    /// The protocol whose requirements it has too.
    pub extends: Option<String>,
    /// Its own requirements, in order.
    pub required: Vec<Requirement>,
}

/// A method that a conforming class understands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Requirement {
    /// The selector.
    pub selector: String,
    /// Whether the class object has to understand it.
    pub class_side: bool,
}

/// A field as others know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldInterface {
    /// The field.
    pub name: String,
    /// Its type as written.
    pub annotation: Option<String>,
    /// The members of its type, where they are known.
    pub members: Option<ClosedType>,
}

/// A method as others know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent modifiers, as in the signature"
)]
pub struct MethodInterface {
    /// The selector.
    pub selector: String,
    /// Whether it is on the class side.
    pub class_side: bool,
    /// Whether it must not be overridden.
    pub is_sealed: bool,
    /// Whether it can be sent in its package only.
    pub is_internal: bool,
    /// Whether its body says that subclasses define it.
    pub is_abstract: bool,
    /// The members of its declared result, where they are known.
    pub result: Option<ClosedType>,
}

/// A method that a file adds to a class of another file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionInterface {
    /// The extended class.
    pub class: String,
    /// The package of the file that adds it.
    pub package: Option<String>,
    /// The method.
    pub method: MethodInterface,
}

/// A name for a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AliasInterface {
    /// The name.
    pub name: String,
    /// The package of the file that declares it.
    pub package: Option<String>,
    /// Can be named in its package only.
    pub is_internal: bool,
    /// The members of the type, where they are known.
    pub members: Option<ClosedType>,
}

/// What other files may know of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInterface {
    /// Its class.
    pub class: Option<Interface>,
    /// What it adds to classes of other files.
    pub extensions: Vec<ExtensionInterface>,
    /// The types it names.
    pub aliases: Vec<AliasInterface>,
}

/// The package of the standard library.
pub const LIBRARY: &str = "stdlib";

/// The singletons that every program sees, each with its class: the class's answer to `current`.
const GLOBALS: [(&str, &str); 3] = [
    ("Beamtalk", "BeamtalkInterface"),
    ("Transcript", "TranscriptStream"),
    ("Workspace", "WorkspaceInterface"),
];

/// The first byte of an encoded interface: changes with its form.
const FORM: u8 = 7;

impl FileInterface {
    /// The stored form.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![FORM];
        // Encoding into memory fails for no value of this type.
        bytes.extend(postcard::to_allocvec(self).unwrap_or_default());
        bytes
    }

    /// Reads the stored form; `None` for anything else.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (form, rest) = bytes.split_first()?;
        let (interface, rest) =
            (*form == FORM).then(|| postcard::take_from_bytes::<Self>(rest).ok())??;
        rest.is_empty().then_some(interface)
    }
}

impl Interface {
    /// Own method of that selector and side.
    pub fn method(&self, selector: &str, class_side: bool) -> Option<&MethodInterface> {
        self.methods
            .iter()
            .find(|method| method.selector == selector && method.class_side == class_side)
    }
}

/// The classes that a compilation can see.
#[derive(Clone, Debug)]
pub struct Environment {
    classes: FxHashMap<String, Arc<Interface>>,
    /// The names of the library's classes, also of those that a class of another file hides.
    library: Arc<FxHashSet<String>>,
    /// The classes of packages, by package and name: packages may use a name for different classes.
    packaged: FxHashMap<(String, String), Arc<Interface>>,
    /// By extended class: what the file of that module adds to it.
    extensions: FxHashMap<String, Vec<(String, Arc<ExtensionInterface>)>>,
    /// Selectors that some class understands.
    selectors: Arc<FxHashSet<String>>,
    /// By name: the aliases of the files of these modules. The last one is what the name stands for.
    aliases: FxHashMap<String, Vec<(String, AliasInterface)>>,
}

impl Default for Environment {
    /// The classes that the language itself names: the root, and those that decide the kind of a class.
    fn default() -> Self {
        let mut environment = Self {
            classes: FxHashMap::default(),
            library: Arc::default(),
            packaged: FxHashMap::default(),
            extensions: FxHashMap::default(),
            selectors: Arc::default(),
            aliases: FxHashMap::default(),
        };
        for (name, superclass, kind) in [
            ("ProtoObject", None, Kind::Object),
            ("Object", Some("ProtoObject"), Kind::Object),
            ("Value", Some("Object"), Kind::Value),
            ("Actor", Some("Object"), Kind::Actor),
        ] {
            environment.add(Interface {
                name: name.into(),
                module: crate::default_module(Some(LIBRARY), name),
                superclass: superclass.map(Into::into),
                kind,
                is_abstract: name != "Object",
                is_sealed: false,
                is_internal: false,
                package: Some(LIBRARY.into()),
                is_library: true,
                native: None,
                fields: Vec::new(),
                class_vars: Vec::new(),
                methods: Vec::new(),
                protocol: None,
            });
        }
        environment
    }
}

impl Environment {
    /// Adds a class, in place of one of the same name.
    pub fn add(&mut self, interface: Interface) {
        let methods = interface.methods.iter();
        let fields = interface.fields.iter();
        let accessors = fields.flat_map(|field| [field.name.clone(), setter_selector(&field.name)]);
        let selectors: Vec<String> = methods
            .map(|method| method.selector.clone())
            .chain(accessors)
            .collect();
        self.learn_selectors(selectors);
        if interface.is_library && !self.is_of_library(&interface.name) {
            Arc::make_mut(&mut self.library).insert(interface.name.clone());
        }
        let interface = Arc::new(interface);
        if let Some(package) = &interface.package {
            let key = (package.clone(), interface.name.clone());
            self.packaged.insert(key, interface.clone());
        }
        self.classes.insert(interface.name.clone(), interface);
    }

    /// Whether the library has a class of that name.
    pub fn is_of_library(&self, name: &str) -> bool {
        self.library.contains(name)
    }

    /// The class that a text names, maybe with its package.
    pub fn named(&self, name: &ClassName) -> Option<&Arc<Interface>> {
        match &name.package {
            Some(package) => self.in_package(&package.text, &name.name.text),
            None => self.class(&name.name.text),
        }
    }

    /// The class of that name in a package.
    pub fn in_package(&self, package: &str, name: &str) -> Option<&Arc<Interface>> {
        self.packaged.get(&(package.into(), name.into()))
    }

    /// Adds a file, in place of the file of that module.
    pub fn add_file(&mut self, module: &str, file: FileInterface) {
        for extensions in self.extensions.values_mut() {
            extensions.retain(|(owner, _)| owner != module);
        }
        let added = file.extensions.iter();
        let added: Vec<String> = added.map(|e| e.method.selector.clone()).collect();
        self.learn_selectors(added);
        self.forget_aliases(module);
        for alias in file.aliases {
            self.add_alias(module, alias);
        }
        for extension in file.extensions {
            let extensions = self.extensions.entry(extension.class.clone()).or_default();
            extensions.push((module.into(), Arc::new(extension)));
        }
        if let Some(class) = file.class {
            self.add(class);
        }
    }

    /// Whether some class understands the selector, as far as its name tells.
    pub fn is_understood(&self, selector: &str) -> bool {
        self.selectors.contains(selector)
    }

    fn learn_selectors(&mut self, selectors: impl IntoIterator<Item = String>) {
        let new = selectors
            .into_iter()
            .filter(|selector| !self.selectors.contains(selector));
        let new: Vec<String> = new.collect();
        if !new.is_empty() {
            Arc::make_mut(&mut self.selectors).extend(new);
        }
    }

    /// Makes an alias known, which the file of that module declares.
    pub fn add_alias(&mut self, module: &str, alias: AliasInterface) {
        let same_name = self.aliases.entry(alias.name.clone()).or_default();
        same_name.push((module.into(), alias));
    }

    /// The file of that module has no alias any more.
    pub fn forget_aliases(&mut self, module: &str) {
        self.aliases.retain(|_, same_name| {
            same_name.retain(|(owner, _)| owner != module);
            !same_name.is_empty()
        });
    }

    /// Whether a name is used by several packages, so that [`Environment::prefer`] decides what it stands for.
    pub fn has_rivals(&self) -> bool {
        self.aliases.values().any(|same_name| same_name.len() > 1)
    }

    /// Lets names stand for the types of that package, where it has them.
    pub fn prefer(&mut self, package: Option<&str>) {
        for same_name in self.aliases.values_mut() {
            same_name.sort_by_key(|(_, alias)| alias.package.as_deref() == package);
        }
    }

    /// The alias of that name.
    pub fn alias(&self, name: &str) -> Option<&AliasInterface> {
        let (_, alias) = self.aliases.get(name)?.last()?;
        Some(alias)
    }

    /// The aliases that the file of that module declares, by name.
    pub fn aliases_of(&self, module: &str) -> Vec<AliasInterface> {
        let own = self.aliases.values().flatten();
        let own = own.filter(|(owner, _)| owner == module);
        let mut own: Vec<AliasInterface> = own.map(|(_, alias)| alias.clone()).collect();
        own.sort_by(|a, b| a.name.cmp(&b.name));
        own
    }

    /// The names of all classes, protocols and aliases, in no order.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.names().chain(self.aliases.keys().map(String::as_str))
    }

    /// The methods that files add to a class, each with the module of its file.
    pub fn extensions(&self, class: &str) -> impl Iterator<Item = (&str, &ExtensionInterface)> {
        let added = self.extensions.get(class).map(Vec::as_slice);
        added
            .unwrap_or_default()
            .iter()
            .map(|(module, extension)| (module.as_str(), &**extension))
    }

    /// Whether the class itself has that method, in its body or by an extension.
    pub fn defines(&self, class: &Interface, selector: &str, class_side: bool) -> bool {
        class.method(selector, class_side).is_some()
            || self.extensions(&class.name).any(|(_, extension)| {
                extension.method.selector == selector && extension.method.class_side == class_side
            })
    }

    /// The class of that name, or the class that a global of that name stands for.
    pub fn class(&self, name: &str) -> Option<&Arc<Interface>> {
        self.classes.get(name).or_else(|| self.global(name))
    }

    /// The class of the singleton of that name; a class of the name goes before it.
    pub fn global(&self, name: &str) -> Option<&Arc<Interface>> {
        let (_, class) = GLOBALS.iter().find(|(global, _)| *global == name)?;
        match self.classes.get(name) {
            Some(_) => None,
            None => self.classes.get(*class),
        }
    }

    /// The protocol of that name, and the ones it extends, nearest first. Ends where one is unknown or comes twice.
    pub fn protocol(&self, name: &str) -> Vec<(&Arc<Interface>, &ProtocolInterface)> {
        let mut line: Vec<(&Arc<Interface>, &ProtocolInterface)> = Vec::new();
        let mut next = Some(name);
        while let Some(class) = next.and_then(|name| self.class(name)) {
            let Some(protocol) = &class.protocol else {
                break;
            };
            if line.iter().any(|(seen, _)| seen.name == class.name) {
                break;
            }
            line.push((class, protocol));
            next = protocol.extends.as_deref();
        }
        line
    }

    /// The names of all protocols, in no order.
    pub fn protocols(&self) -> impl Iterator<Item = &str> {
        self.classes
            .values()
            .filter(|class| class.protocol.is_some())
            .map(|class| class.name.as_str())
    }

    /// The names of all classes, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.classes.keys().map(String::as_str)
    }

    /// The class and its ancestors, nearest first. Ends where a superclass is unknown or comes twice.
    pub fn lineage(&self, name: &str) -> Vec<&Arc<Interface>> {
        self.line_from(self.class(name))
    }

    /// The same for a class that may be named with its package.
    pub fn lineage_of(&self, name: &ClassName) -> Vec<&Arc<Interface>> {
        self.line_from(self.named(name))
    }

    fn line_from<'e>(&'e self, start: Option<&'e Arc<Interface>>) -> Vec<&'e Arc<Interface>> {
        let mut line: Vec<&Arc<Interface>> = Vec::new();
        let mut next = start;
        while let Some(interface) = next {
            if line.iter().any(|seen| seen.name == interface.name) {
                break;
            }
            line.push(interface);
            next = interface
                .superclass
                .as_deref()
                .and_then(|name| self.class(name));
        }
        line
    }

    /// Whether any class belongs to that package.
    pub fn has_package(&self, name: &str) -> bool {
        name == LIBRARY || self.packaged.keys().any(|(package, _)| package == name)
    }

    /// Whether one class is the other, or inherits from it.
    pub fn inherits(&self, class: &str, ancestor: &str) -> bool {
        self.lineage(class)
            .iter()
            .any(|known| known.name == ancestor)
    }

    /// Bytes held, about.
    pub fn size(&self) -> usize {
        let classes = self
            .classes
            .values()
            .map(|interface| 256 + interface.methods.len() * 64 + interface.fields.len() * 64);
        let extensions = self.extensions.values().map(|added| added.len() * 128);
        let aliases = self.aliases.values().flatten().map(|(_, alias)| {
            128 + alias
                .members
                .as_ref()
                .map_or(0, |members| members.len() * 32)
        });
        classes.chain(extensions).chain(aliases).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample_file() -> FileInterface {
        let class = sample();
        let extension = ExtensionInterface {
            class: "Integer".into(),
            package: None,
            method: class.methods[0].clone(),
        };
        let alias = AliasInterface {
            name: "Direction".into(),
            package: Some("compass".into()),
            is_internal: true,
            members: Some(vec![crate::TypeMember::Singleton("north".into())]),
        };
        FileInterface {
            class: Some(class),
            extensions: vec![extension],
            aliases: vec![alias],
        }
    }

    fn sample() -> Interface {
        let mut interface = Environment::default()
            .class("Value")
            .map(|i| (**i).clone())
            .expect("built in");
        interface.fields.push(FieldInterface {
            name: "x".into(),
            annotation: Some("Integer".into()),
            members: None,
        });
        interface.methods.push(MethodInterface {
            selector: "at:put:".into(),
            class_side: true,
            is_sealed: false,
            is_internal: false,
            is_abstract: false,
            result: Some(vec![crate::TypeMember::Nil]),
        });
        interface
    }

    #[test]
    fn an_interface_survives_its_stored_form() {
        assert_eq!(
            FileInterface::decode(&sample_file().encode()),
            Some(sample_file())
        );
    }

    #[test]
    fn other_bytes_are_refused() {
        let good = sample_file().encode();
        assert_eq!(FileInterface::decode(&[]), None);
        assert_eq!(FileInterface::decode(&good[..good.len() - 1]), None);
        assert_eq!(
            FileInterface::decode(&[good.as_slice(), &[0]].concat()),
            None
        );
        assert_eq!(
            FileInterface::decode(&[&[FORM + 1], &good[1..]].concat()),
            None
        );
    }

    #[test]
    fn a_cycle_of_superclasses_ends() {
        let mut environment = Environment::default();
        for (name, superclass) in [("A", "B"), ("B", "A")] {
            environment.add(Interface {
                name: name.into(),
                superclass: Some(superclass.into()),
                ..sample()
            });
        }
        assert_eq!(environment.lineage("A").len(), 2);
    }

    #[test]
    fn a_file_that_is_added_again_replaces_what_it_added() {
        let mut environment = Environment::default();
        let selectors = |environment: &Environment| environment.extensions("Integer").count();
        environment.add_file("bt@one", sample_file());
        environment.add_file("bt@one", sample_file());
        environment.add_file("bt@two", sample_file());
        assert_eq!(selectors(&environment), 2);
        environment.add_file("bt@one", FileInterface::default());
        assert_eq!(selectors(&environment), 1);
        assert_eq!(environment.aliases_of("bt@two").len(), 1);
        environment.add_file("bt@two", FileInterface::default());
        assert!(environment.alias("Direction").is_none());
        assert!(environment.class("Value").is_some());
    }

    proptest! {
        #[test]
        fn decoding_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = FileInterface::decode(&bytes);
        }
    }
}
