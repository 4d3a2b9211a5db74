//! The module of a protocol: a facade that looks like that of a class without instances.

use beamtalk_ast::{Placed, Protocol};
use beamtalk_core_erlang::{Expr, Fun, FunName, Function, Line, Lit, Var};
use beamtalk_semantic::Interface;

use crate::facade::doc;
use crate::names::Names;
use crate::{Context, runtime};

/// The functions of the module, but for what its file adds to other classes.
pub fn functions(
    context: &Context<'_>,
    protocol: &Placed<Protocol>,
    interface: &Interface,
    names: &mut Names,
) -> Vec<Function> {
    vec![
        // It has no instances: whoever asks as one gets the answer of its superclass.
        routing("$send", (&superclass(context), "$send", 3)),
        routing("$class_send", runtime::PROTOCOL_SEND),
        description(context, protocol, interface, names),
    ]
}

fn superclass(context: &Context<'_>) -> String {
    module_of(context, "Protocol")
}

fn module_of(context: &Context<'_>, class: &str) -> String {
    context.environment.class(class).map_or_else(
        || beamtalk_semantic::default_module(Some("stdlib"), class),
        |class| class.module.clone(),
    )
}

fn routing(name: &str, (module, function, arity): (&str, &str, usize)) -> Function {
    let params: Vec<Var> = (1..=arity as u32).map(Var).collect();
    let args = params.iter().map(|param| Expr::Var(*param)).collect();
    Function {
        name: FunName::new(name, arity),
        fun: Fun {
            body: Expr::call(Line(0), module, function, args),
            params,
        },
    }
}

/// `'$class'/0`, with what is required of a conforming class under the key `protocol`.
fn description(
    context: &Context<'_>,
    protocol: &Placed<Protocol>,
    interface: &Interface,
    names: &mut Names,
) -> Function {
    let none = || Lit::List(Vec::new());
    let atom = |name: &str| Lit::atom(name);
    let entries = vec![
        ("name", atom(&interface.name)),
        ("module", atom(&interface.module)),
        ("superclass", atom(&superclass(context))),
        ("kind", atom("object")),
        ("fields", none()),
        ("all_fields", none()),
        ("class_vars", none()),
        ("selectors", none()),
        (
            "class_selectors",
            Lit::List(vec![atom("conformingClasses"), atom("requiredMethods")]),
        ),
        ("flags", Lit::List(vec![atom("abstract"), atom("sealed")])),
        ("doc", doc(protocol.node.doc.as_ref())),
        ("source", context.file.map_or(atom("nil"), Lit::text)),
        ("methods", Lit::Map(Vec::new())),
        ("slots", none()),
        ("protocol", requirements(context, protocol, names)),
    ];
    Function {
        name: FunName::new("$class", 0),
        fun: Fun {
            params: Vec::new(),
            body: Expr::Lit(record(entries)),
        },
    }
}

fn requirements(context: &Context<'_>, protocol: &Placed<Protocol>, names: &mut Names) -> Lit {
    let node = &*protocol.node;
    let required = node.signatures.iter().map(|required| {
        let side = if required.class_side {
            "class"
        } else {
            "instance"
        };
        let selector = &required.signature.selector;
        let selector = names.atom(&selector.text, selector.span.shift(protocol.base));
        Lit::Tuple(vec![Lit::atom(side), Lit::atom(selector)])
    });
    let required = Lit::List(required.collect());
    let extends = match &node.extends {
        Some(name) => Lit::atom(module_of(context, &name.text)),
        None => Lit::atom("nil"),
    };
    record(vec![("required", required), ("extends", extends)])
}

fn record(entries: Vec<(&str, Lit)>) -> Lit {
    let pairs = entries
        .into_iter()
        .map(|(key, value)| (Lit::atom(key), value));
    Lit::Map(pairs.collect())
}
