//! A tree as a compact S-expression: one line for each declaration, member and statement.

use beamtalk_ast::{
    Arm, Block, ClassDef, ClassHeader, Directive, Doc, ErrorNode, Expr, ExprKind, Field, FieldKind,
    File, Integer, Item, Link, MapKey, MapKeyKind, Member, Message, Method, Modifier, Name,
    Pattern, PatternKind, Protocol, Rest, Segment, SegmentSize, Signature, StandaloneMethod,
    Statement, Target, TargetKind, TypeAnn, TypeKind, TypeParam,
};
use beamtalk_source::{Diagnostic, LineIndex};

/// The whole outcome: tree, then diagnostics with their text.
pub fn outcome(text: &str, file: &File, diagnostics: &[Diagnostic]) -> String {
    let mut lines: Vec<String> = file.items.iter().flat_map(item).collect();
    if !diagnostics.is_empty() {
        lines.push(String::new());
        lines.push("--- diagnostics".to_owned());
        let index = LineIndex::new(text);
        lines.extend(
            diagnostics
                .iter()
                .map(|diagnostic| diagnostic_line(text, &index, diagnostic)),
        );
    }
    lines.join("\n") + "\n"
}

fn diagnostic_line(text: &str, index: &LineIndex, diagnostic: &Diagnostic) -> String {
    let place = index.line_column(text, diagnostic.span.start);
    let marked = diagnostic.span.text(text);
    let mut line = format!(
        "{}:{} {} {:?} {} @ {marked:?}",
        place.line,
        place.column,
        diagnostic.code.name(),
        diagnostic.severity,
        diagnostic.message
    );
    if let Some(help) = &diagnostic.help {
        line = format!("{line}\n    help: {help}");
    }
    if let Some(fix) = &diagnostic.fix {
        let edits: Vec<String> = fix
            .edits
            .iter()
            .map(|edit| format!("{:?} -> {:?}", edit.span.text(text), edit.text))
            .collect();
        line = format!("{line}\n    fix: {}: {}", fix.title, edits.join(", "));
    }
    line
}

fn item(item: &Item) -> Vec<String> {
    match item {
        Item::Class(class) => class_lines(class),
        Item::Method(method) => standalone(&method.node),
        Item::Protocol(node) => protocol(&node.node),
        Item::Alias(alias) => {
            let node = &alias.node;
            let internal = if node.internal { " internal" } else { "" };
            let line = format!(
                "(alias{internal} {} {})",
                node.name.text,
                type_ann(&node.definition)
            );
            with_doc(node.doc.as_ref(), vec![line])
        }
        Item::Statements(statements) => statements.node.iter().map(statement).collect(),
        Item::Error(node) => vec![error(&node.node)],
    }
}

fn indented(lines: Vec<String>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| format!("  {line}"))
}

fn with_doc(doc: Option<&Doc>, lines: Vec<String>) -> Vec<String> {
    doc.map(|doc| format!("(doc {:?})", doc.text))
        .into_iter()
        .chain(lines)
        .collect()
}

fn error(node: &ErrorNode) -> String {
    let side = if node.class_side { " class" } else { "" };
    let method = node
        .signature
        .as_ref()
        .map(|found| format!(" {}", signature(found)))
        .unwrap_or_default();
    let field = node
        .field
        .as_ref()
        .map(|name| format!(" {}", name.text))
        .unwrap_or_default();
    format!("(error{side}{method}{field})")
}

fn class_lines(class: &ClassDef) -> Vec<String> {
    let header = &class.header.node;
    let mut lines = with_doc(header.doc.as_ref(), vec![class_header(header)]);
    for placed in &class.members {
        lines.extend(indented(member(&placed.node)));
    }
    lines
}

fn modifiers(modifiers: &[Modifier]) -> String {
    modifiers
        .iter()
        .map(|modifier| format!(" {:?}", modifier.kind).to_lowercase())
        .collect()
}

fn class_header(header: &ClassHeader) -> String {
    let superclass = header
        .superclass
        .as_ref()
        .map_or("nil".to_owned(), |class| {
            class
                .package
                .as_ref()
                .map(|package| format!("{}@", package.text))
                .unwrap_or_default()
                + &class.name.text
        });
    let arguments: String = spaced(&header.super_arguments, type_ann);
    let native = header
        .native
        .as_ref()
        .map(|name| format!(" native:{}", name.text))
        .unwrap_or_default();
    let scope = header
        .handle_scope
        .as_ref()
        .map(|name| format!(" scope:{}", name.text))
        .unwrap_or_default();
    format!(
        "(class{} {} < {superclass}{arguments}{}{native}{scope})",
        modifiers(&header.modifiers),
        header.name.text,
        type_params(&header.type_params),
    )
}

fn type_params(params: &[TypeParam]) -> String {
    let one = |param: &TypeParam| {
        let bound = param
            .bound
            .as_ref()
            .map(|bound| format!("::{}", bound.text))
            .unwrap_or_default();
        format!("({}{bound})", param.name.text)
    };
    spaced(params, one)
}

fn member(member: &Member) -> Vec<String> {
    match member {
        Member::Field(node) => field(node),
        Member::Method(node) => method("method", node),
        Member::Error(node) => vec![error(node)],
    }
}

fn expect(directive: Option<&Directive>) -> Vec<String> {
    directive
        .map(|found| format!("({})", directive_text(found)))
        .into_iter()
        .collect()
}

fn directive_text(directive: &Directive) -> String {
    let reason = directive
        .reason
        .as_ref()
        .map(|reason| format!(" {reason:?}"))
        .unwrap_or_default();
    format!("expect {}{reason}", directive.category.text)
}

fn field(field: &Field) -> Vec<String> {
    let kind = match field.kind {
        FieldKind::State => "state",
        FieldKind::Field => "field",
        FieldKind::ClassState => "classState",
    };
    let annotation = field
        .annotation
        .as_ref()
        .map(|found| format!(" :: {}", type_ann(found)))
        .unwrap_or_default();
    let default = field
        .default
        .as_ref()
        .map(|default| format!(" = {}", expr(default)))
        .unwrap_or_default();
    let mut lines = expect(field.expect.as_ref());
    lines.push(format!("({kind} {}{annotation}{default})", field.name.text));
    with_doc(field.doc.as_ref(), lines)
}

fn method(word: &str, method: &Method) -> Vec<String> {
    let mut lines = expect(method.expect.as_ref());
    lines.push(format!(
        "({word}{} {}",
        modifiers(&method.modifiers),
        signature(&method.signature)
    ));
    lines.extend(indented(method.body.iter().map(statement).collect()));
    if let Some(last) = lines.last_mut() {
        last.push(')');
    }
    with_doc(method.doc.as_ref(), lines)
}

fn standalone(node: &StandaloneMethod) -> Vec<String> {
    let package = node
        .class
        .package
        .as_ref()
        .map(|package| format!("{}@", package.text))
        .unwrap_or_default();
    let side = if node.class_side { " class" } else { "" };
    method(
        &format!("extension {package}{}{side}", node.class.name.text),
        &node.method,
    )
}

fn protocol(protocol: &Protocol) -> Vec<String> {
    let extends = protocol
        .extends
        .as_ref()
        .map(|name| format!(" < {}", name.text))
        .unwrap_or_default();
    let mut lines = vec![format!(
        "(protocol {}{}{extends})",
        protocol.name.text,
        type_params(&protocol.type_params)
    )];
    for requirement in &protocol.signatures {
        let side = if requirement.class_side { " class" } else { "" };
        let line = format!("(requires{side} {})", signature(&requirement.signature));
        lines.extend(indented(with_doc(requirement.doc.as_ref(), vec![line])));
    }
    with_doc(protocol.doc.as_ref(), lines)
}

fn signature(signature: &Signature) -> String {
    let params: String = spaced(&signature.params, |param| {
        typed(&param.name, param.annotation.as_ref())
    });
    let result = signature
        .result
        .as_ref()
        .map(|result| format!(" -> {}", type_ann(result)))
        .unwrap_or_default();
    format!("{}{params}{result}", signature.selector.text)
}

fn typed(name: &Name, annotation: Option<&TypeAnn>) -> String {
    annotation.map_or_else(
        || name.text.clone(),
        |annotation| format!("({} :: {})", name.text, type_ann(annotation)),
    )
}

fn type_ann(node: &TypeAnn) -> String {
    let all = |types: &[TypeAnn]| spaced(types, type_ann);
    match &node.kind {
        TypeKind::Name(name) => name.text.clone(),
        TypeKind::Metatype(name) => format!("({} class)", name.text),
        TypeKind::Generic(name, arguments) => format!("({} of{})", name.text, all(arguments)),
        TypeKind::SelfType => "Self".to_owned(),
        TypeKind::SelfClass => "(Self class)".to_owned(),
        TypeKind::Singleton(text) => format!("#{text}"),
        TypeKind::Union(types) => format!("(|{})", all(types)),
        TypeKind::Difference(types) => format!("(\\{})", all(types)),
        TypeKind::Intersection(types) => format!("(&{})", all(types)),
        TypeKind::Paren(inner) => format!("(paren {})", type_ann(inner)),
    }
}

/// A statement on one line.
pub fn statement(statement: &Statement) -> String {
    let text = expr(&statement.expr);
    if statement.cast.is_some() {
        format!("(cast {text})")
    } else {
        text
    }
}

/// Each of them behind a space.
fn spaced<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    let mut text = String::new();
    for item in items {
        text.push(' ');
        text.push_str(&show(item));
    }
    text
}

fn exprs(nodes: &[Expr]) -> String {
    spaced(nodes, expr)
}

/// An expression on one line.
pub fn expr(node: &Expr) -> String {
    match &node.kind {
        ExprKind::Integer(value) => integer(value),
        ExprKind::Float(value) => format!("{value:?}"),
        ExprKind::String(text) => format!("{text:?}"),
        ExprKind::Interpolation(segments) => format!("(interpolate{})", spaced(segments, segment)),
        ExprKind::Character(character) => format!("${}", character.escape_debug()),
        ExprKind::Symbol(text) => format!("#{text:?}"),
        ExprKind::SelfRef => "self".to_owned(),
        ExprKind::Super => "super".to_owned(),
        ExprKind::Nil => "nil".to_owned(),
        ExprKind::True => "true".to_owned(),
        ExprKind::False => "false".to_owned(),
        ExprKind::Variable(name) => name.clone(),
        ExprKind::ClassRef(class) => {
            class
                .package
                .as_ref()
                .map(|package| format!("{}@", package.text))
                .unwrap_or_default()
                + &class.name.text
        }
        ExprKind::FieldAccess(object, name) => format!("{}.{}", expr(object), name.text),
        ExprKind::Chain(head, links) => format!("(send {}{})", expr(head), all_links(links)),
        ExprKind::Cascade(receiver, links) => {
            format!("(cascade {}{})", expr(receiver), all_links(links))
        }
        ExprKind::Assign(place, value) => format!("(:= {} {})", target(place), expr(value)),
        ExprKind::Return(value) => format!("(^ {})", expr(value)),
        ExprKind::Block(node) => block(node),
        ExprKind::Paren(inner) => format!("(paren {})", expr(inner)),
        ExprKind::List(elements, tail) => {
            let tail = tail
                .as_ref()
                .map(|tail| format!(" | {}", expr(tail)))
                .unwrap_or_default();
            format!("(list{}{tail})", exprs(elements))
        }
        ExprKind::Array(elements) => format!("(array{})", exprs(elements)),
        ExprKind::Map(pairs) => {
            let pairs: String = spaced(pairs, |(key, value)| {
                format!("{} => {}", expr(key), expr(value))
            });
            format!("(map{pairs})")
        }
        ExprKind::Match {
            scrutinee,
            exhaustive,
            arms,
        } => {
            let word = if *exhaustive {
                "matchExhaustive"
            } else {
                "match"
            };
            format!("({word} {}{})", expr(scrutinee), spaced(arms, arm))
        }
        ExprKind::Primitive(name) => format!("(primitive {name:?})"),
        ExprKind::Intrinsic(name) => format!("(intrinsic {})", name.text),
        ExprKind::Expect(directive) => format!("({})", directive_text(directive)),
        ExprKind::Error => "<error>".to_owned(),
    }
}

fn integer(value: &Integer) -> String {
    let sign = if value.negative { "-" } else { "" };
    let radix = if value.radix == 10 {
        String::new()
    } else {
        format!("{}r", value.radix)
    };
    format!("{sign}{radix}{}", value.digits)
}

fn segment(segment: &Segment) -> String {
    match segment {
        Segment::Text(text) => format!("{text:?}"),
        Segment::Expr(node) => expr(node),
    }
}

fn all_links(links: &[Link]) -> String {
    spaced(links, |link| format!("[{}]", message(&link.message)))
}

fn message(message: &Message) -> String {
    match message {
        Message::Unary(name) => name.text.clone(),
        Message::Binary(name, operand) => format!("{} {}", name.text, expr(operand)),
        Message::Keyword(parts) => parts
            .iter()
            .map(|(name, argument)| format!("{} {}", name.text, expr(argument)))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

fn block(block: &Block) -> String {
    let params: String = spaced(&block.params, |(name, annotation)| {
        typed(name, annotation.as_ref())
    });
    let params = if params.is_empty() {
        params
    } else {
        format!("{params} |")
    };
    format!("(block{params}{})", spaced(&block.body, statement))
}

fn rest(rest: Option<&Rest>) -> String {
    rest.map(|rest| format!(" ...{}", rest.name.text))
        .unwrap_or_default()
}

fn map_key(key: &MapKey) -> String {
    match &key.kind {
        MapKeyKind::Symbol(text) => format!("#{text:?}"),
        MapKeyKind::String(text) => format!("{text:?}"),
    }
}

fn target(node: &Target) -> String {
    let all = |targets: &[Target]| spaced(targets, target);
    match &node.kind {
        TargetKind::Variable(name, annotation) => typed(name, annotation.as_ref()),
        TargetKind::Field(object, name) => format!("{}.{}", expr(object), name.text),
        TargetKind::Tuple(patterns) => format!("(tuple{})", all_patterns(patterns)),
        TargetKind::Array(targets, last) => {
            format!("(array{}{})", all(targets), rest(last.as_ref()))
        }
        TargetKind::List(targets, last) => format!("(list{}{})", all(targets), rest(last.as_ref())),
        TargetKind::Map(pairs) => {
            let pairs: String = spaced(pairs, |(key, node)| {
                format!("{} => {}", map_key(key), target(node))
            });
            format!("(map{pairs})")
        }
        TargetKind::Literal(node) => format!("(literal {})", expr(node)),
    }
}

fn arm(arm: &Arm) -> String {
    let guard = arm
        .guard
        .as_ref()
        .map(|guard| format!(" when {}", expr(guard)))
        .unwrap_or_default();
    format!(
        " ({}{guard} -> {})",
        pattern(&arm.pattern),
        statement(&arm.body)
    )
}

fn all_patterns(patterns: &[Pattern]) -> String {
    spaced(patterns, pattern)
}

fn pattern(node: &Pattern) -> String {
    match &node.kind {
        PatternKind::Wildcard => "_".to_owned(),
        PatternKind::Variable(name) => name.text.clone(),
        PatternKind::Typed(name, class) => format!("({} :: {})", name.text, class.text),
        PatternKind::Literal(node) => expr(node),
        PatternKind::Tuple(patterns) => format!("(tuple{})", all_patterns(patterns)),
        PatternKind::Array(patterns, last) => {
            format!("(array{}{})", all_patterns(patterns), rest(last.as_ref()))
        }
        PatternKind::List(patterns, last) => {
            format!("(list{}{})", all_patterns(patterns), rest(last.as_ref()))
        }
        PatternKind::Cons(patterns, tail) => {
            format!("(cons{} | {})", all_patterns(patterns), pattern(tail))
        }
        PatternKind::Map(pairs) => {
            let pairs: String = spaced(pairs, |(key, node)| {
                format!("{} => {}", map_key(key), pattern(node))
            });
            format!("(map{pairs})")
        }
        PatternKind::Binary(segments) => format!("(binary{})", spaced(segments, binary_segment)),
        PatternKind::Constructor(name, fields) => {
            let fields: String = spaced(fields, |(name, node)| {
                format!("{} {}", name.text, pattern(node))
            });
            format!("(new {}{fields})", name.text)
        }
        PatternKind::Paren(inner) => format!("(paren {})", pattern(inner)),
    }
}

fn binary_segment(segment: &beamtalk_ast::BinarySegment) -> String {
    let size = match &segment.size {
        Some(SegmentSize::Literal(bits)) => format!(":{bits}"),
        Some(SegmentSize::Variable(name)) => format!(":{}", name.text),
        None => String::new(),
    };
    let specs = spaced(&segment.specs, |spec| spec.text.clone()).replace(' ', "/");
    format!("{}{size}{specs}", segment.name.text)
}
