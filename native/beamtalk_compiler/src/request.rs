use std::borrow::Cow;
use std::time::Duration;

use beamtalk_engine::{Dependency, EnvironmentEntry, Limits, Options, Package, Patch};
use beamtalk_render::Style;

use crate::Term;

/// Larger requests are refused by both backends before anything is decoded.
pub const MAX_REQUEST_BYTES: usize = 64 << 20;

/// Longest name that can become an atom.
const MAX_NAME_CHARACTERS: usize = 255;

/// Slots of bodies of one class; the ring of the runtime is smaller.
const MAX_SLOT: u32 = 1024;

/// What breaks the contract, for the people who write clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRequest(String);

impl BadRequest {
    /// For backends: what is wrong with a request before it can be decoded.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    fn expected(key: &str, expected: &str, got: &Term<'_>) -> Self {
        Self(format!(
            "{key}: {expected} was expected, not {}",
            got.describe()
        ))
    }

    /// One sentence.
    pub fn message(&self) -> &str {
        &self.0
    }
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A file.
    Compile,
    /// An expression of a session.
    CompileExpression,
    /// Single methods of a class.
    Patch,
    /// Findings only.
    Diagnostics,
    /// Class, module and superclass of a file.
    Outline,
    /// Canonical layout of a file.
    Format,
    /// Makes a class environment known.
    Environment,
    /// Facts about this backend.
    Info,
    /// Tests of containment: panics inside the guard.
    ProvokePanic,
    /// Tests of cancellation and admission: works for `milliseconds`, or until it is cancelled.
    ProvokeDelay,
}

/// The form of generated code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// Records of OTP's `cerl`.
    #[default]
    Terms,
    /// Core Erlang for people.
    Text,
}

/// A decoded request.
///
/// Keys, all but `op` optional: `source`, `module`, `file`, `package` (binaries), `slot` (integer), `existing` (list of
/// `{Function, Slot}`), `patch` (binary), `removed` (list of functions), `patched` (list of classes), `library`
/// (boolean), `known_vars` (list of binaries), `environment` (hash), `entries` (list of `{Class, Module, Interface}`),
/// `output` (`terms`, `text`), `render` (`false`, `true`, `color`, `short`, `json`), `lints` (boolean), `limits` (map of
/// integers),
/// `time_limit` and `milliseconds` (integers).
#[derive(Debug)]
pub struct Request<'a> {
    /// What to do.
    pub operation: Operation,
    /// The text, in whatever encoding it came.
    pub source: Cow<'a, [u8]>,
    /// Only for [`Operation::Patch`].
    pub patch: Patch,
    /// For the engine; its environment is found by [`Request::environment`].
    pub options: Options,
    /// Hash of the class environment.
    pub environment: Option<[u8; 32]>,
    /// Contents of the class environment.
    pub entries: Option<Vec<EnvironmentEntry>>,
    /// The form of generated code.
    pub output: Output,
    /// Whether diagnostics are also wanted as text.
    pub render: Option<Style>,
    /// Whether lints are wanted too.
    pub lints: bool,
    /// How long the work may take; kept by the backend.
    pub time_limit: Option<Duration>,
    /// Only for [`Operation::ProvokeDelay`].
    pub delay: Duration,
}

impl<'a> Request<'a> {
    /// Checks and converts a request. Unknown keys are refused: a misspelt option must not be ignored.
    pub fn decode(term: &Term<'a>) -> Result<Self, BadRequest> {
        let Term::Map(pairs) = term else {
            return Err(BadRequest::expected("request", "a map", term));
        };
        let mut request = Self::empty();
        let mut operation = None;
        for (key, value) in pairs {
            let Term::Atom(key) = key else {
                return Err(BadRequest::expected("key", "an atom", key));
            };
            if key == "op" {
                operation = Some(decode_operation(value)?);
            } else {
                request.decode_option(key, value)?;
            }
        }
        request.operation = operation.ok_or_else(|| BadRequest::new("op is missing"))?;
        // As Core Erlang text the text of a class would be a segment of a binary for each byte.
        request.options.carries_text = request.output == Output::Terms;
        Ok(request)
    }

    fn empty() -> Self {
        Self {
            operation: Operation::Info,
            source: Cow::Borrowed(&[]),
            patch: Patch::default(),
            options: Options::default(),
            environment: None,
            entries: None,
            output: Output::default(),
            render: None,
            lints: false,
            time_limit: None,
            delay: Duration::ZERO,
        }
    }

    fn decode_option(&mut self, key: &str, value: &Term<'a>) -> Result<(), BadRequest> {
        match key {
            "source" => self.source = decode_bytes(key, value)?,
            "module" => self.options.module = Some(decode_name(key, value)?),
            "file" => self.options.file = Some(decode_text(key, value)?),
            "package" => self.options.package = Some(decode_package(value)?),
            "slot" => self.options.placement.slot = Some(decode_slot(key, value)?),
            "existing" => {
                self.options.placement.existing =
                    decode_list(key, value, decode_home)?.into_iter().collect();
            }
            "patch" => self.patch.text = decode_bytes(key, value)?.into_owned(),
            "removed" => self.patch.removed = decode_list(key, value, decode_name)?,
            "library" => self.options.library = decode_boolean(key, value)?,
            "patched" => self.options.patched = decode_list(key, value, decode_text)?,
            "known_vars" => self.options.known_vars = decode_list(key, value, decode_text)?,
            "environment" => self.environment = Some(decode_hash(key, value)?),
            "entries" => self.entries = Some(decode_list(key, value, decode_entry)?),
            "output" => self.output = decode_output(value)?,
            "render" => self.render = decode_render(value)?,
            "lints" => self.lints = decode_boolean(key, value)?,
            "limits" => self.options.limits = decode_limits(value)?,
            "time_limit" => self.time_limit = Some(decode_milliseconds(key, value)?),
            "milliseconds" => self.delay = decode_milliseconds(key, value)?,
            _ => return Err(BadRequest::new(format!("{key}: no such option"))),
        }
        Ok(())
    }
}

fn decode_operation(value: &Term<'_>) -> Result<Operation, BadRequest> {
    let Term::Atom(name) = value else {
        return Err(BadRequest::expected("op", "an atom", value));
    };
    Ok(match name.as_ref() {
        "compile" => Operation::Compile,
        "compile_expression" => Operation::CompileExpression,
        "patch" => Operation::Patch,
        "diagnostics" => Operation::Diagnostics,
        "outline" => Operation::Outline,
        "format" => Operation::Format,
        "environment" => Operation::Environment,
        "info" => Operation::Info,
        "provoke_panic" => Operation::ProvokePanic,
        "provoke_delay" => Operation::ProvokeDelay,
        other => {
            return Err(BadRequest::new(format!(
                "op: there is no operation {other}"
            )));
        }
    })
}

fn decode_bytes<'a>(key: &str, value: &Term<'a>) -> Result<Cow<'a, [u8]>, BadRequest> {
    match value {
        Term::Binary(bytes) => Ok(bytes.clone()),
        other => Err(BadRequest::expected(key, "a binary", other)),
    }
}

fn decode_text(key: &str, value: &Term<'_>) -> Result<String, BadRequest> {
    let bytes = decode_bytes(key, value)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(BadRequest::new(format!("{key}: the binary is not UTF-8"))),
    }
}

/// A text that becomes an atom.
fn decode_name(key: &str, value: &Term<'_>) -> Result<String, BadRequest> {
    let name = decode_text(key, value)?;
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARACTERS {
        return Err(BadRequest::new(format!(
            "{key}: 1 to {MAX_NAME_CHARACTERS} characters were expected"
        )));
    }
    Ok(name)
}

/// A name, or a map with the keys `name`, `typed` and `dependencies`.
fn decode_package(value: &Term<'_>) -> Result<Package, BadRequest> {
    let Term::Map(pairs) = value else {
        return Ok(Package {
            name: decode_package_name("package", value)?,
            ..Package::default()
        });
    };
    let mut package = Package::default();
    for (key, value) in pairs {
        match key {
            Term::Atom(key) if key == "name" => {
                package.name = decode_package_name("package", value)?;
            }
            Term::Atom(key) if key == "typed" => {
                package.is_typed = decode_boolean("package", value)?;
            }
            Term::Atom(key) if key == "dependencies" => {
                package.dependencies = Some(decode_list("package", value, decode_dependency)?);
            }
            other => {
                return Err(BadRequest::expected(
                    "package",
                    "name, typed or dependencies as a key",
                    other,
                ));
            }
        }
    }
    if package.name.is_empty() {
        return Err(BadRequest::new("package: the name is missing"));
    }
    Ok(package)
}

fn decode_dependency(key: &str, value: &Term<'_>) -> Result<Dependency, BadRequest> {
    match value {
        Term::Tuple(fields) if let [name, classes] = fields.as_slice() => Ok(Dependency {
            name: decode_package_name(key, name)?,
            classes: decode_list(key, classes, decode_name)?,
        }),
        other => Err(BadRequest::expected(key, "{Package, Classes}", other)),
    }
}

fn decode_package_name(key: &str, value: &Term<'_>) -> Result<String, BadRequest> {
    let name = decode_name(key, value)?;
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(allowed) {
        return Ok(name);
    }
    Err(BadRequest::new(
        "package: a lower-case letter, then lower-case letters, digits or _ were expected",
    ))
}

fn decode_integer(key: &str, value: &Term<'_>, min: u32, max: u32) -> Result<u32, BadRequest> {
    let Term::Integer(value) = value else {
        return Err(BadRequest::expected(key, "an integer", value));
    };
    match u32::try_from(*value) {
        Ok(value) if (min..=max).contains(&value) => Ok(value),
        _ => Err(BadRequest::new(format!(
            "{key}: an integer from {min} to {max} was expected"
        ))),
    }
}

fn decode_milliseconds(key: &str, value: &Term<'_>) -> Result<Duration, BadRequest> {
    let milliseconds = decode_integer(key, value, 0, u32::MAX)?;
    Ok(Duration::from_millis(u64::from(milliseconds)))
}

fn decode_boolean(key: &str, value: &Term<'_>) -> Result<bool, BadRequest> {
    match value {
        Term::Atom(name) if name == "true" => Ok(true),
        Term::Atom(name) if name == "false" => Ok(false),
        other => Err(BadRequest::expected(key, "true or false", other)),
    }
}

fn decode_list<'a, T>(
    key: &str,
    value: &Term<'a>,
    element: impl Fn(&str, &Term<'a>) -> Result<T, BadRequest>,
) -> Result<Vec<T>, BadRequest> {
    match value {
        Term::List(elements) => elements.iter().map(|term| element(key, term)).collect(),
        other => Err(BadRequest::expected(key, "a proper list", other)),
    }
}

fn decode_hash(key: &str, value: &Term<'_>) -> Result<[u8; 32], BadRequest> {
    let bytes = decode_bytes(key, value)?;
    <[u8; 32]>::try_from(bytes.as_ref())
        .map_err(|_| BadRequest::new(format!("{key}: 32 bytes were expected")))
}

fn decode_entry(key: &str, value: &Term<'_>) -> Result<EnvironmentEntry, BadRequest> {
    match value {
        Term::Tuple(fields) if let [class, module, interface] = fields.as_slice() => {
            Ok(EnvironmentEntry {
                class: decode_name(key, class)?,
                module: decode_name(key, module)?,
                interface: decode_bytes(key, interface)?.into_owned(),
            })
        }
        other => Err(BadRequest::expected(
            key,
            "{Class, Module, Interface}",
            other,
        )),
    }
}

fn decode_slot(key: &str, value: &Term<'_>) -> Result<u32, BadRequest> {
    decode_integer(key, value, 1, MAX_SLOT)
}

fn decode_home(key: &str, value: &Term<'_>) -> Result<(String, u32), BadRequest> {
    match value {
        Term::Tuple(fields) if let [function, slot] = fields.as_slice() => {
            Ok((decode_name(key, function)?, decode_slot(key, slot)?))
        }
        other => Err(BadRequest::expected(key, "{Function, Slot}", other)),
    }
}

fn decode_output(value: &Term<'_>) -> Result<Output, BadRequest> {
    match value {
        Term::Atom(name) if name == "terms" => Ok(Output::Terms),
        Term::Atom(name) if name == "text" => Ok(Output::Text),
        other => Err(BadRequest::expected("output", "terms or text", other)),
    }
}

fn decode_render(value: &Term<'_>) -> Result<Option<Style>, BadRequest> {
    match value {
        Term::Atom(name) if name == "false" => Ok(None),
        Term::Atom(name) if name == "true" => Ok(Some(Style::Plain)),
        Term::Atom(name) if name == "color" => Ok(Some(Style::Color)),
        Term::Atom(name) if name == "short" => Ok(Some(Style::Line)),
        Term::Atom(name) if name == "json" => Ok(Some(Style::Json)),
        other => Err(BadRequest::expected(
            "render",
            "false, true, color, short or json",
            other,
        )),
    }
}

/// Limits can be lowered, not raised: the defaults are what the stack and the memory of a request are made for.
/// A wish for more is no mistake, it gets the default.
fn decode_limits(value: &Term<'_>) -> Result<Limits, BadRequest> {
    let Term::Map(pairs) = value else {
        return Err(BadRequest::expected("limits", "a map", value));
    };
    let mut limits = Limits::default();
    for (key, value) in pairs {
        let Term::Atom(key) = key else {
            return Err(BadRequest::expected("limits", "atoms as keys", key));
        };
        let limit = match key.as_ref() {
            "source_bytes" => &mut limits.source_bytes,
            "nesting" => &mut limits.nesting,
            "errors" => &mut limits.errors,
            "names" => &mut limits.names,
            "code_nodes" => &mut limits.code_nodes,
            other => {
                return Err(BadRequest::new(format!(
                    "limits: there is no limit {other}"
                )));
            }
        };
        *limit = decode_integer(key, value, 1, u32::MAX)?.min(*limit);
    }
    Ok(limits)
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
