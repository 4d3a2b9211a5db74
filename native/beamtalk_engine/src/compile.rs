use std::sync::Arc;

use beamtalk_ast::{ClassDef, File, Item, Member, ModifierKind, Placed, Protocol, Statement};
use beamtalk_codegen::Context;
use beamtalk_semantic::{
    ClassAnalysis, Environment, ExtensionAnalysis, FileInterface, Interface, Origin, add_aliases,
    aliases_of_others, analyze_class, analyze_extensions, analyze_script, as_method, check_file,
    extends_own, read_protocol, settle, shadowed_extension,
};
use beamtalk_source::{Code, Diagnostic, LineIndex, Phase, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{Cancel, Compiled, FileCode, MODULE_NAME, Options, can_be_named, module_of};

/// What the answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Code of a file.
    File,
    /// Code of what was typed into a session: its variables live on.
    Session,
    /// Diagnostics only.
    Check,
}

/// The passes, in order: structure of the file, analysis of the class, analysis of the statements, code of both.
pub fn compile(
    text: &str,
    file: &File,
    found: Vec<Diagnostic>,
    options: &Options,
    cancel: &Cancel,
    purpose: Purpose,
) -> Compiled {
    let mut pass = Pass {
        text,
        options,
        environment: options.environment.clone().unwrap_or_default(),
        found,
    };
    pass.see_aliases(file);
    pass.found.extend(check_file(file, &pass.origin()));
    let declared = pass.declared(file);
    let own = match &declared {
        Some(Declared::Class(class, _)) => Some(&*class.header.node.name.text),
        _ => None,
    };
    pass.found.extend(too_long_to_name(file, options));
    let (extensions, found) = analyze_extensions(file, own, &pass.origin());
    pass.found.extend(found);
    let chunks: Vec<&Placed<Vec<Statement>>> = statements(file);
    let interactive = purpose == Purpose::Session;
    let (resolution, found) =
        analyze_script(file, &options.known_vars, &pass.origin(), interactive);
    pass.found.extend(found);
    pass.found = settle(file, without_consequences(std::mem::take(&mut pass.found)));
    if cancel.is_cancelled() {
        pass.found.push(cancelled());
    }
    if purpose == Purpose::Check || pass.failed() {
        // A check, as after each key in an editor, has no use for it.
        let known = (purpose != Purpose::Check)
            .then(|| pass.interface(declared.as_ref(), &extensions))
            .flatten();
        return Compiled {
            interface: known.map(|(_, interface)| interface.encode()),
            diagnostics: pass.found,
            ..Compiled::default()
        };
    }

    let lines = LineIndex::new(text);
    let environment = pass.environment.clone();
    let context = Context {
        text,
        lines: &lines,
        file: options.file.as_deref(),
        environment: &environment,
        limits: beamtalk_codegen::Limits {
            names: options.limits.names,
            nodes: options.limits.code_nodes,
        },
        carries_text: options.carries_text,
    };
    let code = pass.file_code(&context, declared.as_ref(), &extensions);
    let has_script = purpose == Purpose::Session || !chunks.is_empty();
    let script = has_script.then(|| {
        let (module, found) = beamtalk_codegen::script(
            &context,
            &chunks,
            &resolution,
            &script_module(options, code.as_ref()),
            interactive,
        );
        pass.found.extend(found);
        module
    });
    if cancel.is_cancelled() {
        pass.found.push(cancelled());
    }
    if pass.failed() {
        return Compiled {
            diagnostics: pass.found,
            interface: code.map(|code| code.interface),
            ..Compiled::default()
        };
    }
    Compiled {
        declared: code,
        script,
        interface: None,
        diagnostics: pass.found,
    }
}

struct Pass<'a> {
    text: &'a str,
    options: &'a Options,
    environment: Arc<Environment>,
    found: Vec<Diagnostic>,
}

impl Pass<'_> {
    fn origin(&self) -> Origin<'_> {
        Origin {
            text: self.text,
            environment: &self.environment,
            package: self.options.package.as_ref(),
            library: self.options.library,
        }
    }

    fn failed(&self) -> bool {
        self.found.iter().any(Diagnostic::is_error)
    }

    /// Lets the file see its own aliases, and those of its package rather than others. What another file of the package
    /// declares, too, is found.
    fn see_aliases(&mut self, file: &File) {
        let declares = file.items.iter().any(|item| matches!(item, Item::Alias(_)));
        if !declares && !self.environment.has_rivals() {
            return;
        }
        let package = self.origin().package_name().map(str::to_owned);
        let package = package.as_deref();
        let environment = Arc::make_mut(&mut self.environment);
        let module = module_of_file(file, self.options);
        environment.forget_aliases(&module);
        environment.prefer(package);
        self.found
            .extend(aliases_of_others(file, package, environment));
        add_aliases(file, &module, package, environment);
    }

    /// The class of the file, with the methods that stand outside its body.
    fn class_of(&mut self, file: &File) -> Option<ClassDef> {
        let mut class = file.items.iter().find_map(|item| match item {
            Item::Class(class) => Some(class.clone()),
            _ => None,
        })?;
        let in_body = defined_in_body(&class);
        let own = class.header.node.name.text.clone();
        for item in &file.items {
            let Item::Method(method) = item else { continue };
            if !extends_own(&method.node.class, Some(&own)) {
                continue;
            }
            let selector = &method.node.method.signature.selector;
            let key = (selector.text.clone(), method.node.class_side);
            match in_body.get(&key).copied() {
                None => class.members.push(Placed {
                    base: method.base,
                    node: Arc::new(Member::Method(as_method(&method.node))),
                }),
                Some(first) => {
                    let span = selector.span.shift(method.base);
                    self.found
                        .push(shadowed_extension(&selector.text, span, first));
                }
            }
        }
        Some(class)
    }

    fn analyze(&mut self, class: &ClassDef) -> ClassAnalysis {
        let options = self.options;
        let module = module_of(options, &class.header.node.name.text);
        let (analysis, found) = analyze_class(class, module, &self.origin());
        self.found.extend(found);
        // Statements of the same file see the class.
        Arc::make_mut(&mut self.environment).add(analysis.shape.interface());
        analysis
    }

    fn read_protocol(&mut self, protocol: &Placed<Protocol>) -> Interface {
        let module = module_of(self.options, &protocol.node.name.text);
        let (interface, found) = read_protocol(protocol, module, &self.origin());
        self.found.extend(found);
        // Statements of the same file see the protocol.
        Arc::make_mut(&mut self.environment).add(interface.clone());
        interface
    }

    /// The class of the file, or its protocol; of several, which is an error, the first.
    fn declared<'f>(&mut self, file: &'f File) -> Option<Declared<'f>> {
        if let Some(class) = self.class_of(file) {
            let analysis = self.analyze(&class);
            return Some(Declared::Class(class, analysis));
        }
        let protocol = protocol_of(file)?;
        Some(Declared::Protocol(protocol, self.read_protocol(protocol)))
    }

    /// The module of what the file declares, and what others may know of it, if it declares anything.
    fn interface(
        &self,
        declared: Option<&Declared<'_>>,
        extensions: &[ExtensionAnalysis],
    ) -> Option<(String, FileInterface)> {
        let class = declared.map(Declared::interface);
        let module = class
            .as_ref()
            .map_or_else(|| file_module(self.options), |class| class.module.clone());
        let aliases = self.environment.aliases_of(&module);
        if class.is_none() && extensions.is_empty() && aliases.is_empty() {
            return None;
        }
        let package = self.origin().package_name();
        let interface = FileInterface {
            extensions: extensions
                .iter()
                .map(|e| e.interface(package, &self.environment))
                .collect(),
            class,
            aliases,
        };
        Some((module, interface))
    }

    /// The code of what the file declares, if it declares anything that has code.
    fn file_code(
        &mut self,
        context: &Context<'_>,
        declared: Option<&Declared<'_>>,
        extensions: &[ExtensionAnalysis],
    ) -> Option<FileCode> {
        let placement = &self.options.placement;
        let (module, interface) = self.interface(declared, extensions)?;
        let (modules, found) = match declared {
            Some(Declared::Class(class, analysis)) => {
                beamtalk_codegen::class(context, class, analysis, extensions, placement)
            }
            Some(Declared::Protocol(protocol, interface)) => {
                beamtalk_codegen::protocol(context, protocol, interface, extensions, placement.slot)
            }
            None => beamtalk_codegen::extensions(context, extensions, &module, placement.slot),
        };
        self.found.extend(found);
        let class = interface.class.as_ref();
        Some(FileCode {
            module,
            class: class.map(|class| class.name.clone()),
            superclass: class.and_then(|class| class.superclass.clone()),
            facade: modules.facade,
            bodies: modules.bodies,
            interface: interface.encode(),
        })
    }
}

/// What a file is about.
enum Declared<'f> {
    Class(ClassDef, ClassAnalysis),
    Protocol(&'f Placed<Protocol>, Interface),
}

impl Declared<'_> {
    fn interface(&self) -> Interface {
        match self {
            Self::Class(_, analysis) => analysis.shape.interface(),
            Self::Protocol(_, interface) => interface.clone(),
        }
    }
}

/// The protocol of the file.
fn protocol_of(file: &File) -> Option<&Placed<Protocol>> {
    file.items.iter().find_map(|item| match item {
        Item::Protocol(protocol) => Some(protocol),
        _ => None,
    })
}

/// Selector and side of the methods of a class body, and where they stand.
fn defined_in_body(class: &ClassDef) -> FxHashMap<(String, bool), Span> {
    let methods = class
        .members
        .iter()
        .filter_map(|member| match &*member.node {
            Member::Method(method) => Some((member.base, method)),
            _ => None,
        });
    methods
        .map(|(base, method)| {
            let selector = &method.signature.selector;
            (
                (selector.text.clone(), method.has(ModifierKind::Class)),
                selector.span.shift(base),
            )
        })
        .collect()
}

/// Where the parser found an error, whatever else is found at that place is a consequence.
fn without_consequences(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let is_broken = |it: &&Diagnostic| it.phase == Phase::Parse && it.is_error();
    let broken: FxHashSet<u32> = found
        .iter()
        .filter(is_broken)
        .map(|it| it.span.start)
        .collect();
    found.retain(|it| it.phase == Phase::Parse || !broken.contains(&it.span.start));
    found
}

fn statements(file: &File) -> Vec<&Placed<Vec<Statement>>> {
    file.items
        .iter()
        .filter_map(|item| match item {
            Item::Statements(chunk) => Some(chunk),
            _ => None,
        })
        .collect()
}

/// A class or a protocol whose modules could not be named.
fn too_long_to_name(file: &File, options: &Options) -> Option<Diagnostic> {
    let (name, base) = file.items.iter().find_map(|item| match item {
        Item::Class(class) => Some((&class.header.node.name, class.header.base)),
        Item::Protocol(protocol) => Some((&protocol.node.name, protocol.base)),
        _ => None,
    })?;
    let is_long = !can_be_named(options, &name.text);
    is_long.then(|| {
        let span = name.span.shift(base);
        let message = format!("this name makes a module of more than {MODULE_NAME} bytes");
        Diagnostic::new(Code::NAME_TOO_LONG, span, message).with_help("use a shorter name")
    })
}

/// The module of what a file declares.
fn module_of_file(file: &File, options: &Options) -> String {
    let name = file.items.iter().find_map(|item| match item {
        Item::Class(class) => Some(&class.header.node.name.text),
        Item::Protocol(protocol) => Some(&protocol.node.name.text),
        _ => None,
    });
    name.map_or_else(|| file_module(options), |name| module_of(options, name))
}

/// The module of a file without a class: whoever compiles it chooses the name.
fn file_module(options: &Options) -> String {
    let module = options.module.as_deref();
    module.unwrap_or("bt@+extensions").into()
}

fn script_module(options: &Options, code: Option<&FileCode>) -> String {
    match (code, &options.module) {
        (Some(code), _) => format!("{}@script", code.module),
        (None, Some(module)) => module.clone(),
        (None, None) => "bt@script".into(),
    }
}

fn cancelled() -> Diagnostic {
    Diagnostic::new(
        Code::CANCELLED,
        Span::default(),
        "the compilation was cancelled or ran out of time",
    )
}
