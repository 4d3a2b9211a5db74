//! From the syntax tree to Core Erlang.
//!
//! * [`class`] makes the modules of a class: a facade that routes selectors, and bodies that hold the code.
//! * [`extensions`] makes the module of a file that has no class and adds methods to others.
//! * [`protocol`] makes the module of a protocol, which is a class without instances for everyone who asks.
//! * [`script`] makes a module whose `eval/1` runs top-level statements on a map of bindings.
//!
//! The agreement with the runtime is `docs/generated-code.md`; every runtime function that generated code may call is a
//! row of [`RUNTIME`].
//!
//! Invariants: a body of source is emitted once, so the size of the code is linear in the size of the text. Evaluation
//! order is made explicit: operands are variables or constants, calls stand in a flat sequence of bindings.

mod facade;
mod literal;
mod lower;
mod messages;
mod names;
mod protocol;
mod runtime;

use beamtalk_ast::{ClassDef, Placed, Protocol, Statement};
use beamtalk_core_erlang::{Expr, Fun, FunName, Function, Line, Lit, Module, Var};
use beamtalk_semantic::{ClassAnalysis, Environment, ExtensionAnalysis, Interface, Resolution};
use beamtalk_source::{Diagnostic, LineIndex};
use rustc_hash::FxHashMap;

pub use runtime::RUNTIME;

/// What surrounds the code.
pub struct Context<'a> {
    /// The file.
    pub text: &'a str,
    /// The lines of the file.
    pub lines: &'a LineIndex,
    /// Its name in stack traces.
    pub file: Option<&'a str>,
    /// The classes that can be seen.
    pub environment: &'a Environment,
    /// What is too much.
    pub limits: Limits,
    /// Whether a class carries the text of its file.
    pub carries_text: bool,
}

/// Where the functions of a class live.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// The body for new code; `None`: facade and body are one module.
    pub slot: Option<u32>,
    /// The slots of the functions that exist already and stay as they are, by name: `m at:put:`. No code is made for
    /// them.
    pub existing: FxHashMap<String, u32>,
}

/// What is too much.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Different atoms that one compilation may make.
    pub names: u32,
    /// Nodes of code in one function: OTP's compiler is superlinear in them.
    pub nodes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            names: 20_000,
            nodes: 20_000,
        }
    }
}

/// The modules of a file: of its class, and of what it adds to other classes.
#[derive(Clone, Debug, PartialEq)]
pub struct FileModules {
    /// Routes selectors to bodies; absent where the file has no class.
    pub facade: Option<Module>,
    /// Hold the code; empty where the facade does.
    pub bodies: Vec<Module>,
}

/// Makes the modules of a class, and of the extensions in its file. With a slot, the code goes to the body module of
/// that slot, if there is any new code; without one, facade and body are one module.
///
/// The modules are complete only where no diagnostic is an error.
pub fn class(
    context: &Context<'_>,
    class: &ClassDef,
    analysis: &ClassAnalysis,
    extensions: &[ExtensionAnalysis],
    placement: &Placement,
) -> (FileModules, Vec<Diagnostic>) {
    let mut names = names::Names::new(context.limits.names);
    let mut found = Vec::new();
    let functions = facade::Functions {
        own: lower::members(context, class, analysis, &mut names, &mut found),
        extensions: lower::extensions(context, extensions, &mut names, &mut found),
    };
    let modules = facade::modules(
        context,
        class,
        &analysis.shape,
        placement,
        functions,
        &mut names,
    );
    found.extend(names.finish(class.header.base, &class.header.node));
    (modules, found)
}

/// Makes the module of a file that only adds methods to classes of other files.
///
/// The module is complete only where no diagnostic is an error.
pub fn extensions(
    context: &Context<'_>,
    extensions: &[ExtensionAnalysis],
    module: &str,
    slot: Option<u32>,
) -> (FileModules, Vec<Diagnostic>) {
    let mut names = names::Names::new(context.limits.names);
    let mut found = Vec::new();
    let functions = lower::extensions(context, extensions, &mut names, &mut found);
    found.extend(names.finish_script());
    // A file that only names types has no code.
    let bodies = if functions.is_empty() {
        Vec::new()
    } else {
        let name = slot.map_or_else(|| module.to_owned(), |slot| format!("{module}@{slot}"));
        vec![complete(context, name, Vec::new(), functions)]
    };
    let modules = FileModules {
        facade: None,
        bodies,
    };
    (modules, found)
}

/// Makes the modules of a protocol, and of the extensions in its file. A protocol has no code of its own.
///
/// The modules are complete only where no diagnostic is an error.
pub fn protocol(
    context: &Context<'_>,
    protocol: &Placed<Protocol>,
    interface: &Interface,
    extensions: &[ExtensionAnalysis],
    slot: Option<u32>,
) -> (FileModules, Vec<Diagnostic>) {
    let mut names = names::Names::new(context.limits.names);
    let mut found = Vec::new();
    let code = lower::extensions(context, extensions, &mut names, &mut found);
    let mut facade = protocol::functions(context, protocol, interface, &mut names);
    let name = protocol.node.name.span.shift(protocol.base);
    found.extend(names.finish_at(name));
    let mut bodies = Vec::new();
    match slot {
        Some(slot) if !code.is_empty() => {
            let name = format!("{}@{slot}", interface.module);
            bodies.push(complete(context, name, Vec::new(), code));
        }
        _ => facade.extend(code),
    }
    let facade = complete(context, interface.module.clone(), Vec::new(), facade);
    let modules = FileModules {
        facade: Some(facade),
        bodies,
    };
    (modules, found)
}

/// Makes the module of top-level statements: `eval(Bindings) -> {Value, Bindings}`. `interactive`: for the evaluator.
///
/// The module is complete only where no diagnostic is an error.
pub fn script(
    context: &Context<'_>,
    chunks: &[&Placed<Vec<Statement>>],
    resolution: &Resolution,
    module: &str,
    interactive: bool,
) -> (Module, Vec<Diagnostic>) {
    let mut names = names::Names::new(context.limits.names);
    let mut found = Vec::new();
    let eval = lower::script(context, chunks, resolution, &mut names, &mut found);
    found.extend(names.finish_script());
    if !interactive {
        let module = complete(context, module.into(), Vec::new(), vec![eval]);
        return (module, found);
    }
    // It is evaluated and never loaded: no tool looks at it.
    let module = Module {
        name: module.into(),
        file: context.file.map(Into::into),
        exports: vec![eval.name.clone()],
        attributes: Vec::new(),
        functions: vec![eval],
    };
    (module, found)
}

/// A module that exports all its functions and, like every module of Erlang, `module_info`: tools ask for it.
fn complete(
    context: &Context<'_>,
    name: String,
    attributes: Vec<(Lit, Lit)>,
    mut functions: Vec<Function>,
) -> Module {
    functions.extend([module_info(&name, None), module_info(&name, Some(Var(1)))]);
    Module {
        name,
        file: context.file.map(Into::into),
        exports: functions.iter().map(|f| f.name.clone()).collect(),
        attributes,
        functions,
    }
}

fn module_info(module: &str, key: Option<Var>) -> Function {
    let params: Vec<Var> = key.into_iter().collect();
    let mut args = vec![Expr::atom(module)];
    args.extend(params.iter().map(|param| Expr::Var(*param)));
    Function {
        name: FunName::new("module_info", params.len()),
        fun: Fun {
            params,
            body: Expr::call(Line(0), "erlang", "get_module_info", args),
        },
    }
}
