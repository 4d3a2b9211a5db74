use std::sync::Arc;

use beamtalk_source::Span;

use crate::{Expr, Name, Statement, TypeAnn};

/// A tree with the offset of its chunk in the file. The tree itself is shared between all places where the same text
/// stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<T> {
    /// What to add to every span in `node`.
    pub base: u32,
    /// The tree.
    pub node: Arc<T>,
}

/// A source file: its declarations and top-level expressions in source order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// In source order.
    pub items: Vec<Item>,
}

/// A declaration or a top-level expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A class with its members.
    Class(ClassDef),
    /// `Class >> selector => body`.
    Method(Placed<StandaloneMethod>),
    /// `Protocol define: Name`.
    Protocol(Placed<Protocol>),
    /// `type Name = Type`.
    Alias(Placed<TypeAlias>),
    /// Top-level statements of one chunk.
    Statements(Placed<Vec<Statement>>),
    /// A chunk that could not be parsed.
    Error(Placed<ErrorNode>),
}

/// Text that could not be parsed, with what could still be recognized of its beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorNode {
    /// The whole chunk.
    pub span: Span,
    /// The method that would have stood here.
    pub signature: Option<Signature>,
    /// Whether that method has the `class` modifier.
    pub class_side: bool,
    /// The field that would have stood here.
    pub field: Option<Name>,
}

/// The text of a documentation comment, without slashes, lines joined by LF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doc {
    /// All its lines.
    pub span: Span,
    /// Markdown.
    pub text: String,
}

/// `@expect category "reason"` before a member or statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The whole directive.
    pub span: Span,
    /// The category.
    pub category: Name,
    /// Why.
    pub reason: Option<String>,
}

/// A modifier of a class or a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modifier {
    /// Where it stands.
    pub span: Span,
    /// Which one.
    pub kind: ModifierKind,
}

/// The modifiers of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModifierKind {
    /// No instances.
    Abstract,
    /// No subclasses, or no overriding.
    Sealed,
    /// Annotations are mandatory.
    Typed,
    /// Visible in its package only.
    Internal,
    /// A class-side method.
    Class,
}

/// The name of a class, maybe qualified: `package@Name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassName {
    /// The whole reference.
    pub span: Span,
    /// The package in front of `@`.
    pub package: Option<Name>,
    /// The class.
    pub name: Name,
}

/// A class: the header and each member are chunks of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassDef {
    /// What stands before the members.
    pub header: Placed<ClassHeader>,
    /// In source order.
    pub members: Vec<Placed<Member>>,
}

/// `abstract Object subclass: Shape(T) native: shape handleScope: #process`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassHeader {
    /// From the first modifier to the last clause.
    pub span: Span,
    /// The comment in front.
    pub doc: Option<Doc>,
    /// In source order.
    pub modifiers: Vec<Modifier>,
    /// `None`: written `nil`, a root class.
    pub superclass: Option<ClassName>,
    /// Type arguments of the superclass.
    pub super_arguments: Vec<TypeAnn>,
    /// The class.
    pub name: Name,
    /// Its type parameters.
    pub type_params: Vec<TypeParam>,
    /// The Erlang module behind it.
    pub native: Option<Name>,
    /// The scope of its handles: the symbol's text.
    pub handle_scope: Option<Name>,
}

/// `T :: Printable`.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeParam {
    /// The parameter.
    pub name: Name,
    /// The protocol it must conform to.
    pub bound: Option<Name>,
}

/// What a class body consists of.
#[derive(Clone, Debug, PartialEq)]
pub enum Member {
    /// `state:`, `field:` or `classState:`.
    Field(Field),
    /// A method.
    Method(Method),
    /// A member that could not be parsed.
    Error(ErrorNode),
}

/// Which keyword declared a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// `state:`
    State,
    /// `field:`
    Field,
    /// `classState:`
    ClassState,
}

/// `state: count :: Integer = 0`.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// From the keyword to the end of the default.
    pub span: Span,
    /// The comment in front.
    pub doc: Option<Doc>,
    /// The directive in front.
    pub expect: Option<Directive>,
    /// The keyword.
    pub kind: FieldKind,
    /// The field.
    pub name: Name,
    /// Its type.
    pub annotation: Option<TypeAnn>,
    /// Its default.
    pub default: Option<Expr>,
}

/// A method in a class body.
#[derive(Clone, Debug, PartialEq)]
pub struct Method {
    /// From the first modifier to the end of the body.
    pub span: Span,
    /// The comment in front.
    pub doc: Option<Doc>,
    /// The directive in front.
    pub expect: Option<Directive>,
    /// In source order.
    pub modifiers: Vec<Modifier>,
    /// Selector, parameters, result.
    pub signature: Signature,
    /// The statements after `=>`; empty where the program has an error.
    pub body: Vec<Statement>,
}

impl Method {
    /// Whether it has the given modifier.
    pub fn has(&self, kind: ModifierKind) -> bool {
        self.modifiers.iter().any(|modifier| modifier.kind == kind)
    }
}

/// `Class class >> selector => body`.
#[derive(Clone, Debug, PartialEq)]
pub struct StandaloneMethod {
    /// The extended class.
    pub class: ClassName,
    /// Whether `class` stands before `>>`.
    pub class_side: bool,
    /// The method.
    pub method: Method,
}

/// Selector, parameters and result of a method.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// From the first part to the result type.
    pub span: Span,
    /// The whole selector: `at:put:`; its span covers the first part.
    pub selector: Name,
    /// As many as the selector takes.
    pub params: Vec<Param>,
    /// After `->`.
    pub result: Option<TypeAnn>,
}

/// A parameter of a method.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// The parameter.
    pub name: Name,
    /// Its type.
    pub annotation: Option<TypeAnn>,
}

/// `Protocol define: Name extending: Other` and its signatures.
#[derive(Clone, Debug, PartialEq)]
pub struct Protocol {
    /// The whole declaration.
    pub span: Span,
    /// The comment in front.
    pub doc: Option<Doc>,
    /// The protocol.
    pub name: Name,
    /// Its type parameters.
    pub type_params: Vec<TypeParam>,
    /// The protocol it extends.
    pub extends: Option<Name>,
    /// In source order.
    pub signatures: Vec<ProtocolSignature>,
}

/// One requirement of a protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct ProtocolSignature {
    /// The comment in front.
    pub doc: Option<Doc>,
    /// Required of the class object.
    pub class_side: bool,
    /// What is required.
    pub signature: Signature,
}

/// `type Name = Type`.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeAlias {
    /// The whole declaration.
    pub span: Span,
    /// The comment in front.
    pub doc: Option<Doc>,
    /// Visible in its package only.
    pub internal: bool,
    /// The alias.
    pub name: Name,
    /// What it stands for.
    pub definition: TypeAnn,
}
