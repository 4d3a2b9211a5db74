//! The modules round the functions of a class: the facade that routes selectors, and what it knows of the class.

use beamtalk_ast::{ClassDef, Doc, Member, ModifierKind};
use beamtalk_core_erlang::{Clause, Expr, Fun, FunName, Function, Line, Lit, Pat, Var};
use beamtalk_semantic::{ClassShape, FieldShape, Kind, setter_selector};

use crate::lower::read_field;
use crate::names::Names;
use crate::{Context, FileModules, Placement, complete, runtime};

/// Parameters of the routing functions: selector, arguments, receiver.
const SELECTOR: Var = Var(1);
const ARGS: Var = Var(2);
const RECEIVER: Var = Var(3);
/// First variable of a clause.
const FIRST: u32 = 4;

/// The functions of a file.
pub struct Functions {
    /// Of its class.
    pub own: Vec<Function>,
    /// The methods that it adds to other classes: nothing in this file routes to them.
    pub extensions: Vec<Function>,
}

/// Makes facade and bodies; without a slot they are one module.
pub fn modules(
    context: &Context<'_>,
    class: &ClassDef,
    shape: &ClassShape,
    placement: &Placement,
    functions: Functions,
    names: &mut Names,
) -> FileModules {
    let homes = Homes { shape, placement };
    let routes = homes.routes(&functions);
    let Functions {
        own: functions,
        extensions,
    } = functions;
    let router = Router {
        shape,
        homes,
        functions: &functions,
    };
    let (send, class_send) = router.clauses(names);
    let description = class_function(
        context,
        class,
        shape,
        selectors(&send),
        selectors(&class_send),
        routes,
    );
    let mut own = router.functions(send, class_send);
    own.push(description);
    let new = |function: &Function| homes.is_new(&function.name.name);
    let code: Vec<Function> = functions
        .into_iter()
        .chain(extensions)
        .filter(new)
        .collect();
    let bodies = match placement.slot {
        Some(slot) if !code.is_empty() => {
            vec![complete(context, homes.body(slot), Vec::new(), code)]
        }
        Some(_) => Vec::new(),
        None => {
            own.extend(code);
            Vec::new()
        }
    };
    FileModules {
        facade: Some(complete(
            context,
            shape.module.clone(),
            vec![header(shape)],
            own,
        )),
        bodies,
    }
}

/// What the loader checks before it loads: attribute `beamtalk_class` of the facade.
fn header(shape: &ClassShape) -> (Lit, Lit) {
    let pair = |key: &str, value: &str| Lit::Tuple(vec![Lit::atom(key), Lit::atom(value)]);
    let facts = vec![
        pair("kind", kind(shape)),
        pair("superclass", superclass(shape)),
    ];
    (Lit::atom("beamtalk_class"), Lit::List(facts))
}

/// The modules of the functions.
#[derive(Clone, Copy)]
struct Homes<'a> {
    shape: &'a ClassShape,
    placement: &'a Placement,
}

impl Homes<'_> {
    /// Whether code for that function goes into this version.
    fn is_new(&self, function: &str) -> bool {
        !self.placement.existing.contains_key(function)
    }

    /// The slot of a function, where there are slots.
    fn slot(&self, function: &str) -> Option<u32> {
        let slot = self.placement.slot?;
        Some(
            self.placement
                .existing
                .get(function)
                .copied()
                .unwrap_or(slot),
        )
    }

    /// The slot of each function.
    fn routes(&self, functions: &Functions) -> Lit {
        let route = |function: &Function| {
            let name = &function.name.name;
            let slot = self.slot(name)?;
            Some((Lit::atom(name.clone()), Lit::Int(i64::from(slot))))
        };
        let all = functions.own.iter().chain(&functions.extensions);
        Lit::Map(all.filter_map(route).collect())
    }

    fn body(&self, slot: u32) -> String {
        format!("{}@{slot}", self.shape.module)
    }
}

struct Router<'a> {
    shape: &'a ClassShape,
    homes: Homes<'a>,
    functions: &'a [Function],
}

impl Router<'_> {
    /// The clauses of the instance side and of the class side.
    fn clauses(&self, names: &mut Names) -> (Vec<Clause>, Vec<Clause>) {
        let mut send = self.methods('m');
        let mut class_send = self.methods('c');
        if self.shape.kind == Kind::Value {
            send.extend(self.accessors(names));
            class_send.extend(self.constructors(names));
        }
        (send, class_send)
    }

    fn functions(&self, send: Vec<Clause>, class_send: Vec<Clause>) -> Vec<Function> {
        let mut functions = vec![
            self.routing("$send", send, runtime::CONTINUE),
            self.routing("$class_send", class_send, runtime::CLASS_CONTINUE),
        ];
        if self.homes.placement.slot.is_some() {
            let forwarded = self
                .functions
                .iter()
                .filter(|function| self.is_called_here(&function.name));
            functions.extend(forwarded.map(|function| self.forward(&function.name)));
            functions.push(self.undefined_function());
        }
        functions
    }

    /// Whether others call a function of a body by the facade: defaults, and methods that messages to `self` always mean.
    fn is_called_here(&self, function: &FunName) -> bool {
        let fixed = |prefix, class_side| {
            let selector = function.name.strip_prefix(prefix);
            selector.is_some_and(|selector| self.shape.is_fixed(selector, class_side))
        };
        function.name.starts_with('$') || fixed("m ", false) || fixed("c ", true)
    }

    fn forward(&self, name: &FunName) -> Function {
        let params: Vec<Var> = (0..name.arity as u32)
            .map(|index| Var(FIRST + index))
            .collect();
        let args = params.iter().copied().map(Expr::Var).collect();
        Function {
            name: name.clone(),
            fun: Fun {
                params,
                body: self.body_call(name, args),
            },
        }
    }

    /// A body may be older than the facade, and call a method that this version does not forward: it is sent as a message.
    /// OTP's error handler calls this function for functions that the module does not have.
    fn undefined_function(&self) -> Function {
        let (module, function, _) = runtime::UNDEFINED_FUNCTION;
        let params = vec![Var(FIRST), Var(FIRST + 1)];
        let args = std::iter::once(Expr::atom(self.shape.module.clone()))
            .chain(params.iter().copied().map(Expr::Var))
            .collect();
        Function {
            name: FunName::new("$handle_undefined_function", 2),
            fun: Fun {
                params,
                body: Expr::call(Line(0), module, function, args),
            },
        }
    }

    /// `fun (Selector, Args, Receiver) -> case <Selector, Args> of …`, and at the end on to the superclass.
    fn routing(&self, name: &str, mut clauses: Vec<Clause>, go_on: runtime::Function) -> Function {
        let superclass = self.shape.superclass.as_ref().map(|(_, module)| module);
        let (module, function, _) = go_on;
        let message = || vec![Expr::Var(SELECTOR), Expr::Var(ARGS), Expr::Var(RECEIVER)];
        let mut args = vec![
            Expr::atom(self.shape.module.clone()),
            Expr::atom(self::superclass(self.shape)),
        ];
        args.extend(message());
        let rest = Expr::call(Line(0), module, function, args);
        let rest = match superclass {
            // The common case goes on by a call of a known module.
            Some(superclass) => {
                let (module, function, _) = runtime::EXTENDED;
                let extended = Expr::call(Line(0), module, function, vec![Expr::Var(SELECTOR)]);
                let inherited = Expr::call(Line(0), superclass, name, message());
                let clauses = vec![
                    Clause::new(vec![Pat::Lit(Lit::atom("false"))], inherited),
                    Clause::new(vec![Pat::Var(Var(FIRST + 2))], rest),
                ];
                Expr::Case(Box::new(extended), clauses)
            }
            None => rest,
        };
        clauses.push(Clause::new(
            vec![Pat::Var(Var(FIRST)), Pat::Var(Var(FIRST + 1))],
            rest,
        ));
        let subject = Expr::Values(vec![Expr::Var(SELECTOR), Expr::Var(ARGS)]);
        let body = Expr::Case(Box::new(subject), clauses);
        Function {
            name: FunName::new(name, 3),
            fun: Fun {
                params: vec![SELECTOR, ARGS, RECEIVER],
                body,
            },
        }
    }

    /// A clause for each method of one side: the functions whose name begins with `prefix` and a blank.
    fn methods(&self, prefix: char) -> Vec<Clause> {
        self.functions
            .iter()
            .filter_map(|function| {
                let selector = function.name.name.strip_prefix(prefix)?.strip_prefix(' ')?;
                let args: Vec<Expr> = std::iter::once(Expr::Var(RECEIVER))
                    .chain(params(function.name.arity - 1))
                    .collect();
                Some(route(
                    selector,
                    function.name.arity - 1,
                    self.body_call(&function.name, args),
                ))
            })
            .collect()
    }

    fn body_call(&self, name: &FunName, args: Vec<Expr>) -> Expr {
        match self.homes.slot(&name.name) {
            Some(slot) => Expr::call(Line(0), &self.homes.body(slot), &name.name, args),
            None => Expr::Apply(Line(0), Box::new(Expr::Local(name.clone())), args),
        }
    }

    /// Getters and functional setters of the own fields of a Value class, unless a method stands in their place.
    fn accessors(&self, names: &mut Names) -> Vec<Clause> {
        let mut clauses = Vec::new();
        for field in &self.shape.fields {
            let setter = setter_selector(&field.name);
            let key = || Expr::atom(field.name.clone());
            if !self.shape.defines(&field.name, false) {
                let vars = (Var(FIRST), Var(FIRST + 1));
                let body = read_field(&field.name, Expr::Var(RECEIVER), vars.0, vars.1, Line(0));
                clauses.push(route(
                    &names.atom(&field.name, beamtalk_source::Span::default()),
                    0,
                    body,
                ));
            }
            if !self.shape.defines(&setter, false) && names_fit(&setter) {
                let args = vec![key(), Expr::Var(Var(FIRST)), Expr::Var(RECEIVER)];
                clauses.push(route(&setter, 1, Expr::call(Line(0), "maps", "put", args)));
            }
        }
        clauses
    }

    /// The keyword constructors: of all fields, and of the own fields where there are inherited ones too.
    fn constructors(&self, names: &mut Names) -> Vec<Clause> {
        let all: Vec<&FieldShape> = self.shape.all_fields().collect();
        let own: Vec<&FieldShape> = self.shape.fields.iter().collect();
        let mut clauses = vec![self.constructor(&all, &all, names)];
        if !own.is_empty() && own.len() < all.len() {
            clauses.push(self.constructor(&own, &all, names));
        }
        clauses.into_iter().flatten().collect()
    }

    fn constructor(
        &self,
        fields: &[&FieldShape],
        all: &[&FieldShape],
        names: &mut Names,
    ) -> Option<Clause> {
        let selector: String = fields
            .iter()
            .flat_map(|field| [field.name.as_str(), ":"])
            .collect();
        if fields.is_empty()
            || fields.len() > 250
            || !names_fit(&selector)
            || self.shape.defines(&selector, true)
        {
            return None;
        }
        let selector = names.atom(&selector, beamtalk_source::Span::default());
        let pairs: Vec<(Expr, Expr)> = fields
            .iter()
            .zip(params(fields.len()))
            .map(|(field, value)| (Expr::atom(field.name.clone()), value))
            .collect();
        let generic = {
            let (module, function, _) = runtime::NEW_WITH;
            let overrides = Expr::Map(pairs.clone());
            Expr::call(
                Line(0),
                module,
                function,
                vec![Expr::Var(RECEIVER), overrides],
            )
        };
        if fields.len() < all.len() || self.shape.modifiers.contains(&"abstract") {
            return Some(route(&selector, fields.len(), generic));
        }
        // An instance of this very class is the map itself; a subclass has fields of its own to fill in.
        let tag = (
            Expr::atom("$beamtalk_class"),
            Expr::atom(self.shape.module.clone()),
        );
        let instance = Expr::Map(std::iter::once(tag).chain(pairs).collect());
        let own_class = Pat::Tuple(vec![
            Pat::Lit(Lit::atom("$bt_class")),
            Pat::Lit(Lit::atom(self.shape.module.clone())),
        ]);
        let other = Var(FIRST + fields.len() as u32);
        let body = Expr::Case(
            Box::new(Expr::Var(RECEIVER)),
            vec![
                Clause::new(vec![own_class], instance),
                Clause::new(vec![Pat::Var(other)], generic),
            ],
        );
        Some(route(&selector, fields.len(), body))
    }
}

/// The selectors that the clauses of one side answer.
fn selectors(clauses: &[Clause]) -> Lit {
    let selector = |clause: &Clause| match clause.patterns.first() {
        Some(Pat::Lit(lit)) => Some(lit.clone()),
        _ => None,
    };
    Lit::List(clauses.iter().filter_map(selector).collect())
}

/// A generated selector that is too long for an atom is left out.
fn names_fit(selector: &str) -> bool {
    selector.chars().count() <= 255
}

fn params(count: usize) -> impl Iterator<Item = Expr> {
    (0..count as u32).map(|index| Expr::Var(Var(FIRST + index)))
}

fn route(selector: &str, arity: usize, body: Expr) -> Clause {
    let args = (0..arity as u32)
        .rev()
        .fold(Pat::Lit(Lit::List(Vec::new())), |tail, index| {
            Pat::Cons(Box::new(Pat::Var(Var(FIRST + index))), Box::new(tail))
        });
    Clause::new(vec![Pat::Lit(Lit::atom(selector)), args], body)
}

/// `'$class'/0`: what the runtime and reflection ask of a class.
fn class_function(
    context: &Context<'_>,
    class: &ClassDef,
    shape: &ClassShape,
    selectors: Lit,
    class_selectors: Lit,
    routes: Lit,
) -> Function {
    let atoms = |names: Vec<&str>| Lit::List(names.into_iter().map(Lit::atom).collect());
    let field_names = |fields: &[FieldShape]| {
        Lit::List(fields.iter().map(|f| Lit::atom(f.name.clone())).collect())
    };
    let all: Vec<FieldShape> = shape.all_fields().cloned().collect();
    let text = context.carries_text.then_some(context.text);
    let entries = [
        ("name", Lit::atom(shape.name.clone())),
        ("module", Lit::atom(shape.module.clone())),
        ("superclass", Lit::atom(superclass(shape))),
        ("kind", Lit::atom(kind(shape))),
        ("fields", field_names(&shape.fields)),
        ("all_fields", field_names(&all)),
        (
            "class_vars",
            atoms(shape.class_vars.iter().map(String::as_str).collect()),
        ),
        ("selectors", selectors),
        ("class_selectors", class_selectors),
        (
            "native",
            Lit::atom(shape.native.as_deref().unwrap_or("nil")),
        ),
        ("flags", atoms(shape.modifiers.clone())),
        ("doc", doc(class.header.node.doc.as_ref())),
        ("source", context.file.map_or(Lit::atom("nil"), Lit::text)),
        ("methods", methods(context, class)),
        ("slots", slots(shape)),
        ("text", text.map_or(Lit::atom("nil"), Lit::text)),
        ("routes", routes),
    ];
    let map = Lit::Map(
        entries
            .into_iter()
            .map(|(key, value)| (Lit::atom(key), value))
            .collect(),
    );
    Function {
        name: FunName::new("$class", 0),
        fun: Fun {
            params: Vec::new(),
            body: Expr::Lit(map),
        },
    }
}

fn kind(shape: &ClassShape) -> &'static str {
    match shape.kind {
        Kind::Value => "value",
        Kind::Actor => "actor",
        Kind::Object => "object",
    }
}

/// The superclass's module.
fn superclass(shape: &ClassShape) -> &str {
    shape
        .superclass
        .as_ref()
        .map_or("nil", |(_, module)| module.as_str())
}

/// The text of a documentation comment, or `nil`.
pub fn doc(doc: Option<&Doc>) -> Lit {
    doc.map_or(Lit::atom("nil"), |doc| Lit::text(doc.text.clone()))
}

fn methods(context: &Context<'_>, class: &ClassDef) -> Lit {
    let mut seen = rustc_hash::FxHashSet::default();
    let mut pairs = Vec::new();
    for member in &class.members {
        let Member::Method(method) = &*member.node else {
            continue;
        };
        let side = if method.has(ModifierKind::Class) {
            "class"
        } else {
            "instance"
        };
        let selector = &method.signature.selector;
        if !seen.insert((side, selector.text.as_str())) {
            continue;
        }
        let line = context.lines.line(member.base + selector.span.start);
        let text = method.span.shift(member.base);
        let place = vec![
            Lit::Int(i64::from(text.start)),
            Lit::Int(i64::from(text.len())),
        ];
        let entry = [
            ("line", Lit::Int(i64::from(line))),
            ("doc", doc(method.doc.as_ref())),
            ("text", Lit::Tuple(place)),
        ];
        let key = Lit::Tuple(vec![Lit::atom(side), Lit::atom(selector.text.clone())]);
        pairs.push((
            key,
            Lit::Map(
                entry
                    .into_iter()
                    .map(|(key, value)| (Lit::atom(key), value))
                    .collect(),
            ),
        ));
    }
    Lit::Map(pairs)
}

fn slots(shape: &ClassShape) -> Lit {
    let slot = |field: &FieldShape| {
        let annotation = field.annotation.clone()?;
        let flag = |value: bool| Lit::atom(if value { "true" } else { "false" });
        let parts = vec![
            Lit::atom(field.name.clone()),
            Lit::text(annotation),
            flag(field.admits_nil),
            flag(field.has_default),
        ];
        Some(Lit::Tuple(parts))
    };
    Lit::List(shape.fields.iter().filter_map(slot).collect())
}
