//! Name resolution: which variable an occurrence denotes, and how that variable is stored.
//!
//! A variable is stored as a **value** (a constant of its activation, or a chain of them) unless a closure shares it
//! *and* somebody assigns it after the closure was made; then it lives in a **cell**. The rule is decided by the order
//! of evaluation: this walk visits everything in that order and numbers what it sees. A loop is where order is not
//! enough: a capture inside a loop counts as made at the start of the outermost loop that began after the variable did.
//!
//! Occurrences are identified by their absolute offset in the file.

mod inlining;
mod patterns;
mod receivers;
mod sends;
mod targets;

use beamtalk_ast::{ClassName, Expr, ExprKind, Name, Param, Segment, Statement, TypeAnn};
use beamtalk_source::{Diagnostic, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::processes::Effects;
use crate::{Environment, Origin, messages, visibility};

/// Index of a variable in [`Resolution::variables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VarId(pub u32);

/// Where a variable comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// A parameter of the method.
    Parameter,
    /// A parameter of a block.
    BlockParameter,
    /// Bound by a pattern of a match.
    PatternVariable,
    /// Made by its first assignment.
    Local,
    /// Known before the text was compiled: held by the session, as a value or as a cell.
    Session,
}

/// How a variable is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// As a value.
    Value,
    /// In a cell that closures share.
    Cell,
    /// A block that refers to itself and is assigned once: a recursive function.
    Recursive,
    /// In the session, and in no closure of this unit: a value or a cell, known at run time.
    Session,
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// As written.
    pub name: String,
    /// Its first occurrence, absolute.
    pub span: Span,
    /// Where it comes from.
    pub kind: VarKind,
    /// How it is stored.
    pub storage: Storage,
    /// Whether it belongs to the unit itself, not to a block of it.
    pub outermost: bool,
}

/// The answer for one unit.
#[derive(Debug, Default)]
pub struct Resolution {
    /// All variables.
    pub variables: Vec<Variable>,
    /// Which variable the name at an offset denotes.
    pub occurrences: FxHashMap<u32, VarId>,
    /// For the inlined block at an offset: the variables from outside that it assigns, sorted.
    pub assigned: FxHashMap<u32, Vec<VarId>>,
    /// For the closure at an offset: the variables from outside that it, or a closure in it, reads or assigns, sorted.
    pub captured: FxHashMap<u32, Vec<VarId>>,
    /// The inlined blocks and match arms that contain a `^` which leaves the surrounding function.
    pub returning: FxHashSet<u32>,
    /// Whether a closure contains a `^`: the unit needs a frame to return from.
    pub needs_frame: bool,
    /// The variable that holds `self`, where an assignment to a field makes another instance of it (language
    /// reference 4.23).
    pub receiver: Option<VarId>,
}

/// What is resolved at once.
pub struct Unit<'a> {
    /// Parameters, with the offset of their chunk.
    pub params: Vec<(u32, &'a Param)>,
    /// Statements, by chunk.
    pub body: Vec<(u32, &'a [Statement])>,
    /// Session variables.
    pub known: &'a [String],
    /// Which of its variables need not be read.
    pub exempt: Exempt,
    /// Text beside it that could not be parsed, in the file.
    pub broken: Vec<Span>,
}

/// Which variables of a unit need not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exempt {
    /// None.
    Nothing,
    /// Parameters: the unit only says that heirs do the work, or is yet to be written.
    Parameters,
    /// All: a test without assertions asks only that nothing is raised.
    Everything,
}

/// What surrounds a unit.
pub struct Surroundings<'a> {
    /// The file, and the classes it sees.
    pub origin: &'a Origin<'a>,
    /// The class it belongs to, if it is part of a method.
    pub class: Option<&'a crate::ClassShape>,
    /// Whether it is a class method.
    pub class_side: bool,
    /// Whether it is the default of a field, which no object evaluates.
    pub is_default: bool,
    /// Whether top-level variables go on living when the unit has ended.
    pub interactive: bool,
}

impl Surroundings<'_> {
    fn environment(&self) -> &Environment {
        self.origin.environment
    }
}

/// Resolves all names of a unit.
pub fn resolve(unit: &Unit<'_>, surroundings: &Surroundings<'_>) -> (Resolution, Vec<Diagnostic>) {
    let mut resolver = Resolver {
        surroundings,
        found: Vec::new(),
        result: Resolution::default(),
        facts: Vec::new(),
        scopes: vec![FxHashMap::default()],
        closures: Vec::new(),
        captures: Vec::new(),
        loops: Vec::new(),
        inlined: Vec::new(),
        clock: 0,
        base: 0,
        unknown_classes: FxHashSet::default(),
        suggested: 0,
        broken_words: FxHashSet::default(),
        undefined: FxHashSet::default(),
        effects: Vec::new(),
        block_effects: FxHashMap::default(),
    };
    for span in &unit.broken {
        resolver.broken_text(*span);
    }
    for name in unit.known {
        resolver.declare(name, Span::default(), VarKind::Session);
    }
    for (base, param) in &unit.params {
        resolver.base = *base;
        resolver.parameter(&param.name, VarKind::Parameter);
        resolver.has_type(&param.name, param.annotation.as_ref());
    }
    resolver.variable_receiver(unit);
    for (base, statements) in &unit.body {
        resolver.base = *base;
        resolver.statements(statements);
    }
    match unit.exempt {
        Exempt::Nothing => {}
        Exempt::Parameters => resolver.all_parameters_read(),
        Exempt::Everything => resolver.facts.iter_mut().for_each(|fact| fact.read = true),
    }
    resolver.finish()
}

/// Names that mean the same everywhere. Only a block may call its parameter `self`.
fn is_fixed(name: &str, kind: VarKind) -> bool {
    match name {
        "self" => kind == VarKind::Parameter,
        "super" | "nil" | "true" | "false" => true,
        _ => false,
    }
}

/// What the walk learns about a variable.
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
struct Facts {
    /// When it was declared.
    declared: u32,
    /// Number of closures around its declaration.
    depth: usize,
    /// Times of assignments in its own function.
    assigned: Vec<u32>,
    /// Assigned in a closure that does not own it.
    assigned_in_closure: bool,
    /// Since when a closure may hold it.
    captured: Option<u32>,
    /// It was made by assigning a literal block.
    made_by_block: bool,
    /// Every assignment so far made an actor.
    spawned: bool,
    read: bool,
    /// The class that its type names.
    class: Option<String>,
}

struct Resolver<'a> {
    surroundings: &'a Surroundings<'a>,
    found: Vec<Diagnostic>,
    result: Resolution,
    facts: Vec<Facts>,
    /// Innermost last.
    scopes: Vec<FxHashMap<String, VarId>>,
    /// When each surrounding closure began, outermost first.
    closures: Vec<u32>,
    /// What each of them has captured so far.
    captures: Vec<Vec<VarId>>,
    /// When each surrounding loop began, and at which closure depth.
    loops: Vec<(u32, usize)>,
    /// Each surrounding inlined block: offset, closure depth, number of variables when it began.
    inlined: Vec<(u32, usize, u32)>,
    clock: u32,
    base: u32,
    unknown_classes: FxHashSet<String>,
    /// The words of text that could not be parsed: what they assign and read is unknown.
    broken_words: FxHashSet<String>,
    /// Names that were read before they were assigned: it is said that they are undefined, not that they are unused.
    undefined: FxHashSet<String>,
    /// Number of names that were compared with all others.
    suggested: usize,
    /// What each surrounding closure changes, outermost first.
    effects: Vec<Effects>,
    /// The same for closures that are done and change something, by offset.
    block_effects: FxHashMap<u32, Effects>,
}

impl Resolver<'_> {
    fn tick(&mut self) -> u32 {
        self.clock += 1;
        self.clock
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic.shift(self.base));
    }

    // Variables

    /// In a method of a test that assigns fields `self` is a variable like any other.
    fn variable_receiver(&mut self, unit: &Unit<'_>) {
        let in_test = self.surroundings.class.is_some_and(|class| class.is_test);
        if !in_test || self.surroundings.class_side {
            return;
        }
        if unit
            .body
            .iter()
            .any(|(_, body)| targets::assigns_field(body))
        {
            let id = self.declare("self", Span::default(), VarKind::Parameter);
            self.fact(id).read = true;
            self.result.receiver = Some(id);
        }
    }

    fn declare(&mut self, name: &str, span: Span, kind: VarKind) -> VarId {
        let id = VarId(self.result.variables.len() as u32);
        let outermost = self.scopes.len() == 1;
        self.result.variables.push(Variable {
            name: name.into(),
            span,
            kind,
            storage: Storage::Value,
            outermost,
        });
        let declared = self.tick();
        self.facts.push(Facts {
            declared,
            depth: self.closures.len(),
            assigned: Vec::new(),
            assigned_in_closure: false,
            captured: None,
            made_by_block: false,
            spawned: false,
            read: false,
            class: None,
        });
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.into(), id);
        }
        id
    }

    fn lookup(&self, name: &str) -> Option<VarId> {
        self.scopes
            .iter()
            .rev()
            .find_map(|scope| scope.get(name).copied())
    }

    fn fact(&mut self, id: VarId) -> &mut Facts {
        // Ids are made together with their facts.
        &mut self.facts[id.0 as usize]
    }

    fn occurs(&mut self, span: Span, id: VarId) {
        self.result.occurrences.insert(self.base + span.start, id);
    }

    fn parameter(&mut self, name: &Name, kind: VarKind) {
        if name.text.starts_with("__") {
            self.report(messages::reserved_name(&name.text, name.span));
        }
        if is_fixed(&name.text, kind) {
            self.report(messages::reserved_parameter(&name.text, name.span));
        }
        let hidden = self
            .lookup(&name.text)
            .filter(|_| kind != VarKind::Parameter && name.text != "_" && name.text != "self");
        if let Some(outer) = hidden {
            let outer = &self.result.variables[outer.0 as usize];
            let here = name.span.shift(self.base);
            self.found.push(messages::shadowed_variable(
                what(kind),
                &name.text,
                here,
                what(outer.kind),
                outer.span,
            ));
        }
        let id = self.declare(&name.text, name.span.shift(self.base), kind);
        // A receiver is there whether it is wanted or not.
        self.fact(id).read = name.text == "self" || is_fixed(&name.text, kind);
        self.occurs(name.span, id);
    }

    /// Notes the type of the variable that is visible under that name.
    fn has_type(&mut self, name: &Name, annotation: Option<&TypeAnn>) {
        let class = annotation.and_then(receivers::class_of_type);
        if let (Some(class), Some(id)) = (class, self.lookup(&name.text)) {
            self.fact(id).class = Some(class.to_owned());
        }
    }

    /// Notes that the current function reads or assigns the variable, if it is not its own.
    fn touch(&mut self, id: VarId) {
        let (depth, declared) = {
            let fact = self.fact(id);
            (fact.depth, fact.declared)
        };
        let Some(made) = self.closures.get(depth).copied() else {
            return;
        };
        for captures in self.captures.iter_mut().skip(depth) {
            if let Err(at) = captures.binary_search(&id) {
                captures.insert(at, id);
            }
        }
        let loop_start = self
            .loops
            .iter()
            .find(|(start, at)| *at == depth && *start > declared && *start < made)
            .map(|(start, _)| *start);
        let since = loop_start.unwrap_or(made);
        let fact = self.fact(id);
        fact.captured = Some(fact.captured.map_or(since, |before| before.min(since)));
    }

    fn read(&mut self, name: &str, span: Span) {
        match self.lookup(name) {
            Some(id) => {
                self.tick();
                self.touch(id);
                self.fact(id).read = true;
                self.occurs(span, id);
            }
            None => self.undefined(name, span),
        }
    }

    fn all_parameters_read(&mut self) {
        let parameters = self.result.variables.iter().zip(&mut self.facts);
        for (_, fact) in parameters.filter(|(variable, _)| variable.kind == VarKind::Parameter) {
            fact.read = true;
        }
    }

    fn broken_text(&mut self, span: Span) {
        let text = span.text(self.surroundings.origin.text);
        let words = text
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty());
        self.broken_words.extend(words.map(str::to_owned));
    }

    fn undefined(&mut self, name: &str, span: Span) {
        if self.broken_words.contains(name) {
            return;
        }
        let is_field = self.surroundings.class.is_some_and(|class| {
            if self.surroundings.class_side {
                class.class_vars.iter().any(|var| var == name)
            } else {
                class.all_fields().any(|field| field.name == name)
            }
        });
        let visible = self
            .scopes
            .iter()
            .flat_map(|scope| scope.keys().map(String::as_str));
        let candidate = if is_field || !self.may_suggest() {
            None
        } else {
            messages::similar(name, visible)
        };
        let diagnostic = messages::undefined_variable(name, span, is_field, candidate);
        self.suggested += 1;
        self.undefined.insert(name.to_owned());
        self.report(diagnostic);
    }

    /// Comparing one name with all others costs as much as there are others: not for any number of names.
    fn may_suggest(&self) -> bool {
        self.suggested < messages::MAX_SUGGESTIONS
    }

    fn assign(&mut self, name: &Name, made_by_block: bool) {
        self.assign_as(name, made_by_block, false);
    }

    fn assign_as(&mut self, name: &Name, made_by_block: bool, spawned: bool) {
        if name.text == "_" {
            return;
        }
        if name.text.starts_with("__") {
            self.report(messages::reserved_name(&name.text, name.span));
        }
        let known = self.lookup(&name.text);
        let id = known.unwrap_or_else(|| {
            let id = self.declare(&name.text, name.span.shift(self.base), VarKind::Local);
            let fact = self.fact(id);
            fact.made_by_block = made_by_block;
            fact.spawned = spawned;
            id
        });
        self.occurs(name.span, id);
        self.touch(id);
        let now = self.tick();
        let here = self.closures.len();
        let place = name.span.shift(self.base);
        let depth = self.fact(id).depth;
        for effects in self.effects.iter_mut().skip(depth) {
            effects.variable.get_or_insert(place);
        }
        let fact = self.fact(id);
        fact.spawned &= spawned;
        if here > fact.depth {
            fact.assigned_in_closure = true;
        } else {
            fact.assigned.push(now);
        }
        self.note_assignment(id);
    }

    /// Every inlined block around the assignment, up to the variable's own scope or function, assigns it.
    fn note_assignment(&mut self, id: VarId) {
        let here = self.closures.len();
        for (offset, depth, variables) in self.inlined.iter().rev() {
            if *depth != here || id.0 >= *variables {
                break;
            }
            let assigned = self.result.assigned.entry(*offset).or_default();
            if let Err(at) = assigned.binary_search(&id) {
                assigned.insert(at, id);
            }
        }
    }

    // Statements and expressions, in order of evaluation

    fn statements(&mut self, statements: &[Statement]) {
        for (index, statement) in statements.iter().enumerate() {
            self.expr(&statement.expr);
            if statement.cast.is_some() {
                self.cast(&statement.expr);
            }
            if let (ExprKind::Return(_), Some(next)) =
                (&statement.expr.kind, statements.get(index + 1))
            {
                self.report(messages::unreachable_code(next.span));
            }
        }
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Variable(name) => self.read(name, expr.span),
            ExprKind::SelfRef => self.receiver("self", expr.span),
            ExprKind::ClassRef(name) => self.class_ref(name),
            ExprKind::FieldAccess(object, field) => self.field_access(object, field),
            ExprKind::Chain(head, links) => self.chain(head, links),
            ExprKind::Cascade(receiver, links) => self.cascade(receiver, links),
            ExprKind::Assign(target, value) => self.assignment(target, value),
            ExprKind::Return(value) => {
                self.expr(value);
                self.returns();
            }
            ExprKind::Block(block) => {
                let effects = self.closure(block, expr.span);
                if effects.variable.is_some() || effects.field.is_some() {
                    self.block_effects
                        .insert(self.base + expr.span.start, effects);
                }
            }
            ExprKind::Paren(inner) => self.expr(inner),
            ExprKind::Interpolation(segments) => {
                for segment in segments {
                    if let Segment::Expr(expr) = segment {
                        self.expr(expr);
                    }
                }
            }
            ExprKind::List(elements, tail) => {
                self.exprs(elements);
                self.exprs(tail.as_deref());
            }
            ExprKind::Array(elements) => self.exprs(elements),
            ExprKind::Map(pairs) => {
                for (key, value) in pairs {
                    self.map_key(key);
                    self.expr(value);
                }
            }
            ExprKind::Match {
                scrutinee, arms, ..
            } => {
                self.expr(scrutinee);
                for arm in arms {
                    self.arm(arm);
                }
            }
            ExprKind::Primitive(_) | ExprKind::Intrinsic(_) => {
                // A primitive gets all parameters.
                self.all_parameters_read();
                // Outside of methods the parser has reported it.
                let diagnostic = match &expr.kind {
                    _ if self.surroundings.class.is_none() => None,
                    _ if !self.surroundings.origin.library => {
                        Some(messages::primitive_outside_library(expr.span))
                    }
                    ExprKind::Intrinsic(name) => Some(messages::unknown_intrinsic(name)),
                    _ => None,
                };
                if let Some(diagnostic) = diagnostic {
                    self.report(diagnostic);
                }
            }
            ExprKind::Integer(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Character(_)
            | ExprKind::Symbol(_)
            | ExprKind::Nil
            | ExprKind::True
            | ExprKind::False
            | ExprKind::Expect(_)
            // Without a message the parser has refused it.
            | ExprKind::Super => {}
            ExprKind::Error => self.broken_text(expr.span.shift(self.base)),
        }
    }

    /// A bare name is no key, and the parser has said so: it need not exist.
    fn map_key(&mut self, key: &Expr) {
        match &key.kind {
            ExprKind::Variable(name) if self.lookup(name).is_none() => {}
            _ => self.expr(key),
        }
    }

    fn receiver(&mut self, word: &str, span: Span) {
        if self.receiver_parameter(span) {
            return;
        }
        if self.surroundings.class.is_none() || self.surroundings.is_default {
            self.report(messages::self_outside_method(word, span));
        }
        if let Some(id) = self.result.receiver {
            self.tick();
            self.touch(id);
            self.occurs(span, id);
        }
    }

    /// Inside a block with a parameter named `self`, that is the receiver: what is known of the class around does not
    /// apply.
    fn receiver_parameter(&mut self, span: Span) -> bool {
        let is_parameter = self.has_receiver_parameter();
        if is_parameter {
            self.read("self", span);
        }
        is_parameter
    }

    fn has_receiver_parameter(&self) -> bool {
        let variable = self.lookup("self");
        variable.is_some() && variable != self.result.receiver
    }

    /// A receiver: the one place where `super` may stand.
    fn head(&mut self, head: &Expr) {
        if !matches!(head.kind, ExprKind::Super) {
            return self.expr(head);
        }
        if self.receiver_parameter(head.span) {
            return;
        }
        self.receiver("super", head.span);
        if self
            .surroundings
            .class
            .is_some_and(|class| class.superclass.is_none())
        {
            self.report(messages::super_without_superclass(head.span));
        }
    }

    fn class_ref(&mut self, name: &ClassName) {
        if let Some(diagnostic) = visibility::class_reference(name, self.surroundings.origin) {
            return self.report(diagnostic);
        }
        let text = &name.name.text;
        let known = self.surroundings.environment().named(name).is_some();
        if known || !self.unknown_classes.insert(text.clone()) {
            return;
        }
        let candidate = self
            .may_suggest()
            .then(|| messages::similar(text, self.surroundings.environment().names()));
        let diagnostic = messages::unresolved_class(name, candidate.flatten());
        self.suggested += 1;
        self.report(diagnostic);
    }

    fn field_access(&mut self, object: &Expr, field: &Name) {
        if matches!(object.kind, ExprKind::SelfRef) {
            return self.receiver("self", object.span);
        }
        self.expr(object);
        self.report(messages::foreign_field(object, field));
    }

    // The answer

    fn finish(mut self) -> (Resolution, Vec<Diagnostic>) {
        let interactive = self.surroundings.interactive;
        let in_method = self.surroundings.class.is_some();
        for (variable, fact) in self.result.variables.iter_mut().zip(&self.facts) {
            variable.storage = storage(variable, fact, interactive);
            let silent = variable.name.starts_with('_')
                || fact.read
                || self.broken_words.contains(&variable.name)
                || self.undefined.contains(&variable.name);
            let asked = variable.kind != VarKind::Session && (in_method || !variable.outermost);
            if asked && !silent {
                self.found.push(messages::unused_variable(
                    &variable.name,
                    what(variable.kind),
                    variable.span,
                ));
            }
        }
        let variables = &self.result.variables;
        for assigned in self.result.assigned.values_mut() {
            assigned.retain(|id| {
                matches!(
                    variables[id.0 as usize].storage,
                    Storage::Value | Storage::Session
                )
            });
        }
        (self.result, self.found)
    }
}

fn what(kind: VarKind) -> &'static str {
    match kind {
        VarKind::Parameter => "parameter",
        VarKind::BlockParameter => "block parameter",
        VarKind::PatternVariable => "pattern variable",
        VarKind::Local => "variable",
        VarKind::Session => "variable of the session",
    }
}

fn storage(variable: &Variable, fact: &Facts, interactive: bool) -> Storage {
    let Some(captured) = fact.captured else {
        return if variable.kind == VarKind::Session {
            Storage::Session
        } else {
            Storage::Value
        };
    };
    let goes_on_living = interactive && variable.outermost;
    let changes = fact.assigned_in_closure || fact.assigned.iter().any(|at| *at > captured);
    if changes || goes_on_living {
        return Storage::Cell;
    }
    // Captured by the very block that makes it, which the walk sees after the assignment.
    if fact.made_by_block && fact.assigned.len() == 1 {
        Storage::Recursive
    } else {
        Storage::Value
    }
}
