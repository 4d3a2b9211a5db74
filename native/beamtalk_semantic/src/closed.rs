//! Types of which all members are known: what `match:` can cover (language reference 4.14).

use beamtalk_ast::{File, Item, Name, Param, TypeAlias, TypeAnn, TypeKind};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::structure::names_of;
use crate::{AliasInterface, Environment};

/// A member of a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TypeMember {
    /// `#name`
    Singleton(String),
    /// `nil`
    Nil,
    /// `true`
    True,
    /// `false`
    False,
    /// A Result that is a success.
    Ok,
    /// A Result that is a failure.
    Error,
    /// The class that has the method, as the type of a result.
    Own,
    /// The instances of a class.
    Class(String),
}

/// All members of a type.
pub type ClosedType = Vec<TypeMember>;

impl std::fmt::Display for TypeMember {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Singleton(name) => write!(f, "`#{name}`"),
            Self::Nil => f.write_str("`nil`"),
            Self::True => f.write_str("`true`"),
            Self::False => f.write_str("`false`"),
            Self::Ok => f.write_str("`Result ok: _`"),
            Self::Error => f.write_str("`Result error: _`"),
            Self::Own => f.write_str("`Self`"),
            Self::Class(name) => write!(f, "`_ :: {name}`"),
        }
    }
}

/// The members of an annotation; `None` where they are not known.
pub fn members(ty: &TypeAnn, environment: &Environment) -> Option<ClosedType> {
    match &ty.kind {
        TypeKind::Name(name) | TypeKind::Generic(name, _) => named(&name.text, environment),
        TypeKind::Singleton(name) => Some(vec![TypeMember::Singleton(name.clone())]),
        TypeKind::Paren(inner) => members(inner, environment),
        TypeKind::SelfType => Some(vec![TypeMember::Own]),
        TypeKind::Union(parts) => {
            let mut all: ClosedType = Vec::new();
            for part in parts {
                for member in members(part, environment)? {
                    if !all.contains(&member) {
                        all.push(member);
                    }
                }
            }
            Some(all)
        }
        TypeKind::Difference(parts) => {
            let (whole, without) = parts.split_first()?;
            let mut all = members(whole, environment)?;
            for part in without {
                let gone = members(part, environment)?;
                all.retain(|member| !gone.contains(member));
            }
            Some(all)
        }
        TypeKind::Metatype(_) | TypeKind::SelfClass | TypeKind::Intersection(_) => None,
    }
}

/// The members of the type of that name: an alias, or a class, which may not be known yet.
fn named(name: &str, environment: &Environment) -> Option<ClosedType> {
    if let Some(alias) = environment.alias(name) {
        return alias.members.clone();
    }
    Some(match name {
        "nil" | "Nil" | "UndefinedObject" => vec![TypeMember::Nil],
        "true" | "True" => vec![TypeMember::True],
        "false" | "False" => vec![TypeMember::False],
        "Boolean" => vec![TypeMember::True, TypeMember::False],
        "Result" => vec![TypeMember::Ok, TypeMember::Error],
        "Dynamic" | "Object" | "ProtoObject" | "Never" => return None,
        // A type variable.
        _ if name.len() == 1 => return None,
        _ => vec![TypeMember::Class(name.into())],
    })
}

/// The members of a parameter's type.
pub fn of_param(param: &Param, environment: &Environment) -> Option<ClosedType> {
    members(param.annotation.as_ref()?, environment)
}

/// Makes the aliases of a file of that module and package known. One may refer to another, in any order: what it refers to
/// comes first. The walk has a stack of its own, as chains of aliases may be long.
pub fn add_aliases(
    file: &File,
    module: &str,
    package: Option<&str>,
    environment: &mut Environment,
) {
    let aliases: FxHashMap<&str, &TypeAlias> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Alias(alias) => Some((alias.node.name.text.as_str(), &*alias.node)),
            _ => None,
        })
        .collect();
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let mut path: Vec<(&TypeAlias, Vec<&Name>)> = Vec::new();
    let mut starts = aliases.values();
    loop {
        let next = match path.last_mut() {
            Some((_, references)) => references.pop().and_then(|name| aliases.get(&*name.text)),
            None => match starts.next() {
                Some(start) => Some(start),
                None => return,
            },
        };
        if let Some(alias) = next {
            if seen.insert(&alias.name.text) {
                path.push((alias, names_of(&alias.definition)));
            }
        } else if path
            .last()
            .is_some_and(|(_, references)| references.is_empty())
            && let Some((alias, _)) = path.pop()
        {
            let interface = AliasInterface {
                name: alias.name.text.clone(),
                package: package.map(Into::into),
                is_internal: alias.internal,
                members: members(&alias.definition, environment),
            };
            environment.add_alias(module, interface);
        }
    }
}
