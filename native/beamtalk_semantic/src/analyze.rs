use beamtalk_ast::{ClassDef, ExprKind, File, Item, Member, Method, ModifierKind, Placed, Statement};
use beamtalk_source::Diagnostic;

use crate::{ClassShape, Environment, Resolution, Surroundings, Unit, messages, resolve};

/// A class with the names of all its members resolved.
#[derive(Debug)]
pub struct ClassAnalysis {
    /// What the class consists of.
    pub shape: ClassShape,
    /// One for each member of the definition: methods and defaults have one.
    pub members: Vec<Option<Resolution>>,
}

/// Checks what only the whole file shows: one class or one protocol.
pub fn check_file(file: &File) -> Vec<Diagnostic> {
    let declarations = file.items.iter().filter_map(|item| match item {
        Item::Class(class) => Some(class.header.node.span.shift(class.header.base)),
        Item::Protocol(protocol) => Some(protocol.node.span.shift(protocol.base)),
        _ => None,
    });
    let mut declarations = declarations.peekable();
    let Some(first) = declarations.next() else { return Vec::new() };
    declarations.map(|span| messages::several_declarations(span, first)).collect()
}

/// Analyses a class. `text` is the file it stands in.
pub fn analyze_class(
    class: &ClassDef,
    text: &str,
    module: String,
    environment: &Environment,
    library: bool,
) -> (ClassAnalysis, Vec<Diagnostic>) {
    let (shape, mut found) = ClassShape::read(class, text, module, environment, library);
    let mut members = Vec::with_capacity(class.members.len());
    for member in &class.members {
        let surroundings = |class_side| Surroundings {
            environment,
            class: Some(&shape),
            class_side,
            interactive: false,
            library,
        };
        let resolution = match &*member.node {
            Member::Method(method) => {
                let side = method.has(ModifierKind::Class);
                Some(resolve(&method_unit(member.base, method), &surroundings(side)))
            }
            Member::Field(field) => field.default.as_ref().map(|default| {
                // A default is one expression: the same walk, as a body of one statement.
                let statement = [Statement { span: default.span, expr: default.clone(), cast: None }];
                let unit = Unit { params: Vec::new(), body: vec![(member.base, &statement)], known: &[], is_abstract: false };
                resolve(&unit, &surroundings(true))
            }),
            Member::Error(_) => None,
        };
        members.push(resolution.map(|(resolution, diagnostics)| {
            found.extend(diagnostics);
            resolution
        }));
    }
    (ClassAnalysis { shape, members }, found)
}

fn method_unit(base: u32, method: &Method) -> Unit<'_> {
    Unit {
        params: method.signature.params.iter().map(|param| (base, &param.name)).collect(),
        body: vec![(base, &method.body)],
        known: &[],
        is_abstract: is_abstract(&method.body),
    }
}

/// `self subclassResponsibility` or `self notImplemented`, and nothing else.
fn is_abstract(body: &[Statement]) -> bool {
    let [statement] = body else { return false };
    let ExprKind::Chain(head, links) = &statement.expr.kind else { return false };
    let [link] = links.as_slice() else { return false };
    matches!(head.kind, ExprKind::SelfRef)
        && matches!(link.message.selector().as_str(), "subclassResponsibility" | "notImplemented")
}

/// Analyses top-level statements. `interactive`: their variables live on in a session.
pub fn analyze_script(
    chunks: &[&Placed<Vec<Statement>>],
    known: &[String],
    environment: &Environment,
    interactive: bool,
) -> (Resolution, Vec<Diagnostic>) {
    let surroundings =
        Surroundings { environment, class: None, class_side: false, interactive, library: false };
    let body = chunks.iter().map(|chunk| (chunk.base, chunk.node.as_slice())).collect();
    resolve(&Unit { params: Vec::new(), body, known, is_abstract: false }, &surroundings)
}
