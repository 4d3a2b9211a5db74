use std::sync::Arc;

use beamtalk_ast::{
    ClassDef, File, Item, Member, Modifier, ModifierKind, Placed, StandaloneMethod, Statement,
};
use beamtalk_codegen::Context;
use beamtalk_semantic::{
    ClassAnalysis, Environment, Origin, analyze_class, analyze_script, check_file, settle,
    shadowed_extension,
};
use beamtalk_source::{Code, Diagnostic, LineIndex, Span};
use rustc_hash::FxHashMap;

use crate::{Cancel, ClassCode, Compiled, Options, module_of};

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
    pass.found.extend(check_file(file, &pass.origin()));
    let class = pass.class_of(file);
    let analysis = class.as_ref().map(|class| pass.analyze(class));
    let chunks: Vec<&Placed<Vec<Statement>>> = statements(file);
    let interactive = purpose == Purpose::Session;
    let (resolution, found) =
        analyze_script(file, &options.known_vars, &pass.origin(), interactive);
    pass.found.extend(found);
    pass.found = settle(file, std::mem::take(&mut pass.found));
    if cancel.is_cancelled() {
        pass.found.push(cancelled());
    }
    if purpose == Purpose::Check || pass.failed() {
        return Compiled {
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
    };
    let code = class
        .zip(analysis)
        .map(|(class, analysis)| pass.class_code(&context, &class, &analysis));
    let has_script = purpose == Purpose::Session || !chunks.is_empty();
    let script = has_script.then(|| {
        let (module, found) = beamtalk_codegen::script(
            &context,
            &chunks,
            &resolution,
            &script_module(options, code.as_ref()),
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
            ..Compiled::default()
        };
    }
    Compiled {
        class: code,
        script,
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
            package: self.options.package.as_deref(),
            library: self.options.library,
        }
    }

    fn failed(&self) -> bool {
        self.found.iter().any(Diagnostic::is_error)
    }

    /// The class of the file, with the methods that stand outside its body.
    fn class_of(&mut self, file: &File) -> Option<ClassDef> {
        let mut class = file.items.iter().find_map(|item| match item {
            Item::Class(class) => Some(class.clone()),
            _ => None,
        });
        let in_body = class.as_ref().map(defined_in_body).unwrap_or_default();
        for item in &file.items {
            let Item::Method(method) = item else { continue };
            let name = &method.node.class;
            match &mut class {
                Some(class)
                    if name.package.is_none() && class.header.node.name.text == name.name.text =>
                {
                    let key = (
                        method.node.method.signature.selector.text.clone(),
                        method.node.class_side,
                    );
                    match in_body.get(&key).copied() {
                        None => class.members.push(as_member(method)),
                        Some(first) => {
                            let selector = &method.node.method.signature.selector;
                            let span = selector.span.shift(method.base);
                            self.found
                                .push(shadowed_extension(&selector.text, span, first));
                        }
                    }
                }
                _ => self
                    .found
                    .push(extension_unsupported(name.span.shift(method.base))),
            }
        }
        class
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

    fn class_code(
        &mut self,
        context: &Context<'_>,
        class: &ClassDef,
        analysis: &ClassAnalysis,
    ) -> ClassCode {
        let (modules, found) = beamtalk_codegen::class(context, class, analysis, self.options.slot);
        self.found.extend(found);
        let shape = &analysis.shape;
        ClassCode {
            module: shape.module.clone(),
            class: shape.name.clone(),
            superclass: shape.superclass.as_ref().map(|(name, _)| name.clone()),
            facade: modules.facade,
            bodies: modules.bodies,
            interface: shape.interface().encode(),
        }
    }
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

/// `C >> selector => …` in the file of C is a method of C.
fn as_member(method: &Placed<StandaloneMethod>) -> Placed<Member> {
    let mut member = method.node.method.clone();
    if method.node.class_side {
        member.modifiers.push(Modifier {
            span: member.signature.span,
            kind: ModifierKind::Class,
        });
    }
    Placed {
        base: method.base,
        node: Arc::new(Member::Method(member)),
    }
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

fn script_module(options: &Options, class: Option<&ClassCode>) -> String {
    match (class, &options.module) {
        (Some(class), _) => format!("{}@script", class.module),
        (None, Some(module)) => module.clone(),
        (None, None) => "bt@script".into(),
    }
}

fn extension_unsupported(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UNSUPPORTED,
        span,
        "methods for a class of another file cannot be compiled by this version",
    )
    .with_help("put the method into the file of its class")
}

fn cancelled() -> Diagnostic {
    Diagnostic::new(
        Code::CANCELLED,
        Span::default(),
        "the compilation was cancelled or ran out of time",
    )
}
