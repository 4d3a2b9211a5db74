use std::ops::Range;

use beamtalk_ast::{File, Item, Member, Method, ModifierKind, StandaloneMethod};
use beamtalk_source::{Code, Diagnostic, Span};
use rustc_hash::FxHashSet;

/// What to change in a class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// Methods as they are written outside of a class body: `C >> selector => ...`. What else the text holds, and
    /// methods of other classes, are not looked at. An empty text changes nothing: the class is compiled again.
    pub text: Vec<u8>,
    /// Functions of methods that go: `m at:put:`.
    pub removed: Vec<String>,
}

/// A class and a patch as trees.
pub(crate) struct Parsed<'s> {
    pub text: &'s str,
    pub file: File,
    pub patch_text: &'s str,
    pub patch_file: File,
    pub found: Vec<Diagnostic>,
}

/// The text of a class after a patch: what was replaced or removed is blank, so that all lines stay where they are, and
/// the new methods stand at the end.
pub(crate) struct Edited {
    pub text: String,
    /// Functions of the methods that are new.
    pub functions: FxHashSet<String>,
    /// Where text of the patch stands now, and where it stood in the patch.
    moved: Vec<(Range<u32>, u32)>,
}

impl Parsed<'_> {
    /// Puts the patch into the text. Fails with what is wrong with the patch alone.
    pub fn edit(&self, patch: &Patch) -> Result<Edited, Vec<Diagnostic>> {
        if self.found.iter().any(Diagnostic::is_error) {
            return Err(self.found.clone());
        }
        let Some(class) = class_name(&self.file) else {
            return Err(vec![nothing_to_patch(Span::default())]);
        };
        let methods: Vec<(u32, &StandaloneMethod)> = methods_of(&self.patch_file, class).collect();
        if methods.is_empty() && !patch.text.is_empty() {
            return Err(vec![nothing_to_patch(Span::default())]);
        }
        let functions: FxHashSet<String> = methods
            .iter()
            .map(|(_, method)| function(&method.method, method.class_side))
            .collect();
        let gone = |name: &String| functions.contains(name) || patch.removed.contains(name);
        let mut text = blanked(self.text, self.places(class, &gone));
        let moved = methods
            .into_iter()
            .map(|(base, method)| append(&mut text, self.patch_text, base, method))
            .collect();
        Ok(Edited {
            text,
            functions,
            moved,
        })
    }

    /// Where the methods stand whose functions are gone.
    fn places(&self, class: &str, gone: &impl Fn(&String) -> bool) -> Vec<Span> {
        let members = self.file.items.iter().filter_map(|item| match item {
            Item::Class(class) => Some(&class.members),
            _ => None,
        });
        let in_body = members.flatten().filter_map(|member| match &*member.node {
            Member::Method(method) => {
                let name = function(method, method.has(ModifierKind::Class));
                gone(&name).then(|| whole(method, method.span).shift(member.base))
            }
            _ => None,
        });
        let outside = methods_of(&self.file, class).filter_map(|(base, method)| {
            let name = function(&method.method, method.class_side);
            gone(&name).then(|| whole_standalone(method).shift(base))
        });
        in_body.chain(outside).collect()
    }
}

impl Edited {
    /// The file without its statements: they have run, with variables that may be gone.
    pub fn without_statements(mut file: File) -> File {
        file.items
            .retain(|item| !matches!(item, Item::Statements(_)));
        file
    }

    /// Diagnostics by their places in the patch. A warning about the rest of the class is not about the patch; an error
    /// there is, whatever its place.
    pub fn relocate(&self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let here = |diagnostic: Diagnostic| {
            let moved = self
                .moved
                .iter()
                .find(|(now, _)| now.contains(&diagnostic.span.start));
            match moved {
                Some((now, before)) => Some(place(diagnostic, now, *before)),
                None if diagnostic.is_error() => Some(Diagnostic {
                    span: Span::default(),
                    labels: Vec::new(),
                    fix: None,
                    ..diagnostic
                }),
                None => None,
            }
        };
        let mut found: Vec<Diagnostic> = found.into_iter().filter_map(here).collect();
        found.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.code));
        found
    }
}

/// The diagnostic with the places that `now` holds moved to where the text stood before; other places are left out.
fn place(mut diagnostic: Diagnostic, now: &Range<u32>, before: u32) -> Diagnostic {
    let held = |span: Span| now.start <= span.start && span.end <= now.end;
    let moved = |span: Span| {
        Span::new(
            span.start - now.start + before,
            span.end.clamp(span.start, now.end) - now.start + before,
        )
    };
    diagnostic.span = moved(diagnostic.span);
    diagnostic.labels.retain(|label| held(label.span));
    for label in &mut diagnostic.labels {
        label.span = moved(label.span);
    }
    diagnostic.fix = diagnostic
        .fix
        .filter(|fix| fix.edits.iter().all(|edit| held(edit.span)));
    for edit in diagnostic.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
        edit.span = moved(edit.span);
    }
    diagnostic
}

fn class_name(file: &File) -> Option<&str> {
    file.items.iter().find_map(|item| match item {
        Item::Class(class) => Some(class.header.node.name.text.as_str()),
        _ => None,
    })
}

fn methods_of<'f>(
    file: &'f File,
    class: &'f str,
) -> impl Iterator<Item = (u32, &'f StandaloneMethod)> {
    file.items.iter().filter_map(move |item| match item {
        Item::Method(method) if is_of(&method.node, class) => Some((method.base, &*method.node)),
        _ => None,
    })
}

fn is_of(method: &StandaloneMethod, class: &str) -> bool {
    method.class.package.is_none() && method.class.name.text == class
}

/// The name of a method's function in a body.
fn function(method: &Method, class_side: bool) -> String {
    let side = if class_side { 'c' } else { 'm' };
    format!("{side} {}", method.signature.selector.text)
}

/// A method with its comment and directive.
fn whole(method: &Method, start: Span) -> Span {
    let before = [
        method.doc.as_ref().map(|doc| doc.span),
        method.expect.as_ref().map(|directive| directive.span),
    ];
    before
        .into_iter()
        .flatten()
        .fold(start.to(method.span), Span::to)
}

fn whole_standalone(method: &StandaloneMethod) -> Span {
    whole(&method.method, method.class.span)
}

/// The text with everything but line breaks taken out of these places.
fn blanked(text: &str, mut places: Vec<Span>) -> String {
    places.sort_unstable();
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for place in places {
        result.push_str(Span::new(done, place.start).text(text));
        result.extend(place.text(text).chars().filter(|c| *c == '\n'));
        done = place.end;
    }
    result.push_str(Span::new(done, text.len() as u32).text(text));
    result.truncate(result.trim_end().len());
    result
}

fn append(
    text: &mut String,
    patch: &str,
    base: u32,
    method: &StandaloneMethod,
) -> (Range<u32>, u32) {
    let span = whole_standalone(method).shift(base);
    text.push_str("\n\n");
    let start = text.len() as u32;
    text.push_str(span.text(patch));
    let range = start..text.len() as u32 + 1;
    text.push('\n');
    (range, span.start)
}

fn nothing_to_patch(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UNSUPPORTED,
        span,
        "there is no method for the class in this text",
    )
    .with_help("write `Class >> selector => body`")
}
