//! `@expect category`: findings of that category in the next statement or member are intended.

use beamtalk_ast::{Directive, ExprKind, File, Item, Member, Statement};
use beamtalk_source::{Diagnostic, Phase, Severity, Span};

use crate::messages;
use crate::visit::{self, Node, Role};

/// Categories whose every finding is made by this crate: an `@expect` of one of them that suppresses nothing is stale.
/// Of the others the type checker has the last word.
const DECIDED: [&str; 5] = [
    "unused",
    "dead_assignment",
    "actor_new",
    "unresolved_class",
    "inheritance",
];

/// What one directive covers.
struct Region<'a> {
    directive: &'a Directive,
    /// The directive itself, in the file.
    place: Span,
    /// Statement or member, in the file.
    covers: Span,
    used: bool,
}

/// Takes away what the program expects, and adds what it expects in vain.
pub fn settle(file: &File, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let (mut regions, waiting) = regions(file);
    found.extend(
        waiting
            .iter()
            .map(|(directive, base)| messages::expect_before_nothing(directive.span.shift(*base))),
    );
    if regions.is_empty() {
        return found;
    }
    found.sort_by_key(|diagnostic| diagnostic.span.start);
    regions.sort_by_key(|region| region.covers.start);
    let mut next = 0;
    // Regions nest: the innermost is the last.
    let mut open: Vec<usize> = Vec::new();
    found.retain(|diagnostic| {
        let at = diagnostic.span.start;
        while regions
            .get(next)
            .is_some_and(|region| region.covers.start <= at)
        {
            open.push(next);
            next += 1;
        }
        open.retain(|index| {
            regions
                .get(*index)
                .is_some_and(|region| at < region.covers.end)
        });
        let mut expected = false;
        for index in &open {
            if let Some(region) = regions.get_mut(*index) {
                // A broken text has findings that nobody saw.
                region.used |= diagnostic.phase == Phase::Parse && diagnostic.is_error();
                if covers(&region.directive.category.text, diagnostic) {
                    region.used = true;
                    expected = true;
                }
            }
        }
        !expected
    });
    found.extend(
        regions
            .iter()
            .filter(|region| is_stale(region))
            .map(|region| messages::stale_expect(&region.directive.category.text, region.place)),
    );
    found
}

fn is_stale(region: &Region<'_>) -> bool {
    !region.used && DECIDED.contains(&region.directive.category.text.as_str())
}

/// Errors without a category make code that cannot be compiled: nothing suppresses them.
fn covers(expected: &str, diagnostic: &Diagnostic) -> bool {
    if diagnostic.phase != Phase::Analysis {
        return false;
    }
    match diagnostic.category {
        Some(category) => {
            expected == category || expected == "all" || (expected == "type" && category == "dnu")
        }
        None => expected == "all" && diagnostic.severity != Severity::Error,
    }
}

/// What the directives cover, and those at the end of the file that cover nothing.
fn regions(file: &File) -> (Vec<Region<'_>>, Vec<(&Directive, u32)>) {
    let mut regions = Vec::new();
    let mut waiting: Vec<(&Directive, u32)> = Vec::new();
    for item in &file.items {
        if let Item::Statements(chunk) = item {
            waiting = in_body(&chunk.node, Role::Script, chunk.base, waiting, &mut regions);
            continue;
        }
        for (directive, base) in waiting.drain(..) {
            regions.push(region(directive, base, whole(item)));
        }
        match item {
            Item::Class(class) => {
                for member in &class.members {
                    of_member(&member.node, member.base, &mut regions);
                }
            }
            Item::Method(method) => {
                of_member_body(&method.node.method.body, method.base, &mut regions);
                let method_span = method.node.method.span.shift(method.base);
                if let Some(directive) = &method.node.method.expect {
                    regions.push(region(directive, method.base, method_span));
                }
            }
            _ => {}
        }
    }
    (regions, waiting)
}

fn region(directive: &Directive, base: u32, covers: Span) -> Region<'_> {
    Region {
        directive,
        place: directive.span.shift(base),
        covers,
        used: false,
    }
}

fn whole(item: &Item) -> Span {
    match item {
        Item::Class(class) => {
            let header = class.header.node.span.shift(class.header.base);
            class.members.last().map_or(header, |last| {
                header.to(span_of(&last.node).shift(last.base))
            })
        }
        Item::Method(method) => method
            .node
            .class
            .span
            .to(method.node.method.span)
            .shift(method.base),
        Item::Protocol(protocol) => protocol.node.span.shift(protocol.base),
        Item::Alias(alias) => alias.node.span.shift(alias.base),
        Item::Error(error) => error.node.span.shift(error.base),
        Item::Statements(_) => Span::default(),
    }
}

fn span_of(member: &Member) -> Span {
    match member {
        Member::Field(field) => field.span,
        Member::Method(method) => method.span,
        Member::Error(error) => error.span,
    }
}

fn of_member<'a>(member: &'a Member, base: u32, regions: &mut Vec<Region<'a>>) {
    let covers = span_of(member).shift(base);
    match member {
        Member::Field(field) => regions.extend(
            field
                .expect
                .iter()
                .map(|expect| region(expect, base, covers)),
        ),
        Member::Method(method) => {
            regions.extend(
                method
                    .expect
                    .iter()
                    .map(|expect| region(expect, base, covers)),
            );
            of_member_body(&method.body, base, regions);
        }
        Member::Error(_) => {}
    }
}

fn of_member_body<'a>(body: &'a [Statement], base: u32, regions: &mut Vec<Region<'a>>) {
    in_body(body, Role::Method, base, Vec::new(), regions);
}

/// Pairs directives and statements, at every depth. Answers the directives at the end that wait for what follows.
fn in_body<'a>(
    body: &'a [Statement],
    role: Role,
    base: u32,
    mut waiting: Vec<(&'a Directive, u32)>,
    regions: &mut Vec<Region<'a>>,
) -> Vec<(&'a Directive, u32)> {
    waiting = in_statements(body, base, waiting, regions);
    visit::body(body, role, &mut |node| {
        if let Node::Body(inner, Role::Block) = node {
            in_statements(inner, base, Vec::new(), regions);
        }
    });
    waiting
}

fn in_statements<'a>(
    statements: &'a [Statement],
    base: u32,
    mut waiting: Vec<(&'a Directive, u32)>,
    regions: &mut Vec<Region<'a>>,
) -> Vec<(&'a Directive, u32)> {
    for statement in statements {
        if let ExprKind::Expect(directive) = &statement.expr.kind {
            waiting.push((directive, base));
            continue;
        }
        for (directive, directive_base) in waiting.drain(..) {
            regions.push(region(
                directive,
                directive_base,
                statement.span.shift(base),
            ));
        }
    }
    waiting
}
