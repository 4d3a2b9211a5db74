use beamtalk_ast::{File, Item, Name, Placed, TypeAlias};
use beamtalk_source::{Diagnostic, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use super::names_of;
use crate::{Environment, Origin, messages};

/// Aliases that clash with each other or with a class, that stand for themselves, or that name no type.
pub fn check(file: &File, origin: &Origin<'_>) -> Vec<Diagnostic> {
    let aliases: Vec<&Placed<TypeAlias>> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Alias(alias) => Some(alias),
            _ => None,
        })
        .collect();
    let mut found = clashes(file, &aliases, origin);
    found.extend(cycles(&aliases));
    found.extend(aliases.iter().flat_map(|alias| unbound(alias, origin)));
    found
}

/// One name for two things. Names of classes of the library are only warned about where the class is declared.
fn clashes(file: &File, aliases: &[&Placed<TypeAlias>], origin: &Origin<'_>) -> Vec<Diagnostic> {
    let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
    for item in &file.items {
        let (name, base) = match item {
            Item::Class(class) => (&class.header.node.name, class.header.base),
            Item::Protocol(protocol) => (&protocol.node.name, protocol.base),
            _ => continue,
        };
        seen.entry(&name.text).or_insert(name.span.shift(base));
    }
    let mut found = Vec::new();
    for alias in aliases {
        let name = &alias.node.name;
        let span = name.span.shift(alias.base);
        if let Some(first) = seen.get(name.text.as_str()) {
            found.push(messages::declared_twice(&name.text, span, *first));
        } else if let Some(known) = origin.environment.class(&name.text) {
            let what = known.protocol.as_ref().map_or("class", |_| "protocol");
            found.push(messages::name_taken(what, name).shift(alias.base));
        }
        seen.entry(&name.text).or_insert(span);
    }
    found
}

/// Aliases that another file of the package declares, which the environment knows. What belongs to no package is
/// replaced by what comes later, as in a shell.
pub fn of_others(file: &File, package: Option<&str>, environment: &Environment) -> Vec<Diagnostic> {
    let Some(package) = package else {
        return Vec::new();
    };
    let own = file.items.iter().filter_map(|item| match item {
        Item::Alias(alias) => Some((&alias.node.name, alias.base)),
        _ => None,
    });
    own.filter(|(name, _)| {
        let known = environment.alias(&name.text);
        known.is_some_and(|alias| alias.package.as_deref() == Some(package))
    })
    .map(|(name, base)| messages::name_taken("type", name).shift(base))
    .collect()
}

/// Follows each alias to the end. An alias that was followed once is never followed again.
fn cycles(aliases: &[&Placed<TypeAlias>]) -> Vec<Diagnostic> {
    let parts: FxHashMap<&str, Vec<&str>> = aliases
        .iter()
        .map(|alias| {
            let names = names_of(&alias.node.definition)
                .into_iter()
                .map(|name| name.text.as_str())
                .collect();
            (alias.node.name.text.as_str(), names)
        })
        .collect();
    let mut done: FxHashSet<&str> = FxHashSet::default();
    let mut found = Vec::new();
    for alias in aliases {
        if let Some(name) = in_cycle(&alias.node.name, &parts, &mut done) {
            found.push(messages::alias_cycle(name).shift(alias.base));
        }
    }
    found
}

/// A walk with a stack of its own: chains of aliases may be long.
fn in_cycle<'a>(
    start: &'a Name,
    parts: &FxHashMap<&'a str, Vec<&'a str>>,
    done: &mut FxHashSet<&'a str>,
) -> Option<&'a Name> {
    let mut path: Vec<(&str, usize)> = vec![(&start.text, 0)];
    let mut on_path: FxHashSet<&str> = FxHashSet::from_iter([start.text.as_str()]);
    let mut cyclic = false;
    while let Some((name, at)) = path.last_mut() {
        let next = parts.get(name).and_then(|names| names.get(*at)).copied();
        *at += 1;
        let Some(next) = next else {
            on_path.remove(*name);
            done.insert(*name);
            path.pop();
            continue;
        };
        cyclic |= next == start.text;
        if parts.contains_key(next) && !done.contains(next) && on_path.insert(next) {
            path.push((next, 0));
        }
    }
    cyclic.then_some(start)
}

/// Single letters are type parameters, and an alias has none.
fn unbound(alias: &Placed<TypeAlias>, origin: &Origin<'_>) -> Vec<Diagnostic> {
    let head = Span::new(alias.node.name.span.end, alias.node.definition.span.start);
    if head.shift(alias.base).text(origin.text).contains('(') {
        // Written with parameters: the parser has reported them.
        return Vec::new();
    }
    names_of(&alias.node.definition)
        .into_iter()
        .filter(|name| name.text.len() == 1 && origin.environment.class(&name.text).is_none())
        .map(|name| messages::unbound_type_parameter(name).shift(alias.base))
        .collect()
}
