use beamtalk_ast::{ClassDef, Doc, File, Item, Member, ModifierKind, Placed, Signature, Statement};
use beamtalk_semantic::extends_own;
use beamtalk_source::{Diagnostic, LineIndex};

use crate::{Options, can_be_named, module_of};

/// What a text declares, without compiling it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The class, or the protocol.
    pub class: Option<String>,
    /// Its module.
    pub module: Option<String>,
    /// Its superclass; of a protocol it is `Protocol`.
    pub superclass: Option<String>,
    /// The methods of the class, those whose bodies could not be parsed included.
    pub methods: Vec<OutlineMethod>,
    /// The methods for classes of other files, as they are written: `Integer >> digitSum`, `Span class >> of:`.
    pub extensions: Vec<String>,
    /// The types that it names.
    pub aliases: Vec<String>,
    /// The methods that stand outside of a class body: `Class >> selector => body`.
    pub standalone: Vec<(String, OutlineMethod)>,
    /// The documentation comments that belong to declarations.
    pub docs: Vec<OutlineDoc>,
    /// Findings of the parser.
    pub diagnostics: Vec<Diagnostic>,
}

/// A method of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineMethod {
    /// The whole selector.
    pub selector: String,
    /// Whether it is a method of the class side.
    pub class_side: bool,
    /// The line of the selector, from 1.
    pub line: u32,
    /// The line where its last statement begins. What is called there leaves no trace of the method in a stack.
    pub last_line: u32,
}

/// A documentation comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineDoc {
    /// Its first line, from 1.
    pub line: u32,
    /// Its lines without slashes, joined by LF.
    pub text: String,
}

/// The outline of a parsed text.
pub(crate) fn outline(
    text: &str,
    file: &File,
    options: &Options,
    diagnostics: Vec<Diagnostic>,
) -> Outline {
    let mut collector = Collector {
        lines: LineIndex::new(text),
        outline: Outline {
            diagnostics,
            ..Outline::default()
        },
    };
    for item in &file.items {
        collector.item(item, options);
    }
    collector.extensions(file);
    let mut outline = collector.outline;
    let named = outline.class.as_deref();
    // What cannot be named is told by the compilation: until then it is a file without a class.
    if named.is_some_and(|name| !can_be_named(options, name)) {
        (outline.class, outline.module, outline.superclass) = (None, None, None);
    }
    outline
}

struct Collector {
    lines: LineIndex,
    outline: Outline,
}

impl Collector {
    fn item(&mut self, item: &Item, options: &Options) {
        match item {
            Item::Class(class) => self.class(class, options),
            Item::Method(Placed { base, node }) => {
                self.doc(*base, node.method.doc.as_ref());
                let method = &node.method;
                let method = self.outlined(*base, &method.signature, node.class_side, &method.body);
                self.outline
                    .standalone
                    .push((node.class.name.text.clone(), method));
            }
            Item::Protocol(Placed { base, node }) => {
                self.doc(*base, node.doc.as_ref());
                if self.outline.class.is_none() {
                    // A protocol is loaded like a class.
                    self.outline.module = Some(module_of(options, &node.name.text));
                    self.outline.superclass = Some("Protocol".into());
                    self.outline.class = Some(node.name.text.clone());
                }
                for signature in &node.signatures {
                    self.doc(*base, signature.doc.as_ref());
                }
            }
            Item::Alias(Placed { base, node }) => {
                self.doc(*base, node.doc.as_ref());
                self.outline.aliases.push(node.name.text.clone());
            }
            Item::Statements(_) | Item::Error(_) => {}
        }
    }

    fn extensions(&mut self, file: &File) {
        let own = self.outline.class.clone();
        let methods = file.items.iter().filter_map(|item| match item {
            Item::Method(method) => Some(&method.node),
            _ => None,
        });
        self.outline.extensions = methods
            .filter(|method| !extends_own(&method.class, own.as_deref()))
            .map(|method| {
                let side = if method.class_side { " class" } else { "" };
                let selector = &method.method.signature.selector.text;
                format!("{}{side} >> {selector}", method.class.name.text)
            })
            .collect();
    }

    /// A file has one class; of several, which is an error, the first counts.
    fn class(&mut self, class: &ClassDef, options: &Options) {
        let header = &class.header.node;
        self.doc(class.header.base, header.doc.as_ref());
        if self.outline.class.is_some() {
            return;
        }
        let name = header.name.text.clone();
        self.outline.module = Some(module_of(options, &name));
        self.outline.superclass = header
            .superclass
            .as_ref()
            .map(|superclass| superclass.name.text.clone());
        self.outline.class = Some(name);
        for member in &class.members {
            self.member(member);
        }
    }

    fn member(&mut self, Placed { base, node }: &Placed<Member>) {
        match node.as_ref() {
            Member::Field(field) => self.doc(*base, field.doc.as_ref()),
            Member::Method(method) => {
                self.doc(*base, method.doc.as_ref());
                let class_side = method.has(ModifierKind::Class);
                let method = self.outlined(*base, &method.signature, class_side, &method.body);
                self.outline.methods.push(method);
            }
            Member::Error(error) => {
                if let Some(signature) = &error.signature {
                    let method = self.outlined(*base, signature, error.class_side, &[]);
                    self.outline.methods.push(method);
                }
            }
        }
    }

    fn outlined(
        &self,
        base: u32,
        signature: &Signature,
        class_side: bool,
        body: &[Statement],
    ) -> OutlineMethod {
        let selector = &signature.selector;
        let last = body
            .last()
            .map_or(selector.span.start, |statement| statement.expr.span.start);
        OutlineMethod {
            selector: selector.text.clone(),
            class_side,
            line: self.lines.line(base + selector.span.start),
            last_line: self.lines.line(base + last),
        }
    }

    fn doc(&mut self, base: u32, doc: Option<&Doc>) {
        if let Some(doc) = doc {
            self.outline.docs.push(OutlineDoc {
                line: self.lines.line(base + doc.span.start),
                text: doc.text.clone(),
            });
        }
    }
}
