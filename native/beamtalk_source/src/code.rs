use crate::{Phase, Severity};

/// A stable diagnostic code. Codes are for ever: new ones are appended, none is reused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(u16);

/// What is fixed for all diagnostics of one code.
#[derive(Debug)]
pub struct CodeInfo {
    /// The code as text: `BT0001`.
    pub name: &'static str,
    /// The machine-readable name, an Erlang atom on the other side of the boundary.
    pub kind: &'static str,
    /// Default severity.
    pub severity: Severity,
    /// The pass that finds it.
    pub phase: Phase,
    /// The category for `@expect`.
    pub category: Option<&'static str>,
}

impl Code {
    /// Everything that is fixed for this code.
    pub fn info(self) -> &'static CodeInfo {
        &CODES[self.0 as usize]
    }

    /// The code as text: `BT0001`.
    pub fn name(self) -> &'static str {
        self.info().name
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// One line a code: constant, text, kind, severity, phase, category. The order is the order of publication.
macro_rules! codes {
    ($($(#[$doc:meta])* $constant:ident $name:literal $kind:ident $severity:ident $phase:ident $category:expr;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum Index { $($constant),* }

        impl Code {
            $($(#[$doc])* pub const $constant: Code = Code(Index::$constant as u16);)*
        }

        /// Every code, in order of publication.
        pub static CODES: &[CodeInfo] = &[$(CodeInfo {
            name: $name,
            kind: stringify!($kind),
            severity: Severity::$severity,
            phase: Phase::$phase,
            category: $category,
        }),*];
    };
}

codes! {
    /// The text is not UTF-8.
    INVALID_UTF8 "BT0001" invalid_utf8 Error Parse None;
    /// The text is longer than the size limit.
    SOURCE_TOO_LARGE "BT0002" source_too_large Error Parse None;
    /// Brackets nest deeper than the nesting limit.
    NESTING_TOO_DEEP "BT0003" nesting_too_deep Error Parse None;
    /// A string, comment, quoted symbol or interpolation is not closed.
    UNTERMINATED "BT0004" unterminated Error Parse None;
    /// An opening bracket has no closing one.
    UNCLOSED_DELIMITER "BT0005" unclosed_delimiter Error Parse None;
    /// A closing bracket closes nothing, or something else.
    MISMATCHED_DELIMITER "BT0006" mismatched_delimiter Error Parse None;
    /// Something else was expected here.
    UNEXPECTED_TOKEN "BT0007" unexpected_token Error Parse None;
    /// Two statements on one line without a period.
    MISSING_PERIOD "BT0008" missing_period Error Parse None;
    /// A number that is not well formed.
    BAD_NUMBER "BT0009" bad_number Error Parse None;
    /// Single quotes do not delimit strings.
    SINGLE_QUOTED_STRING "BT0010" single_quoted_string Error Parse None;
    /// An interpolation that is empty or has doubled braces.
    BAD_INTERPOLATION "BT0011" bad_interpolation Error Parse None;
    /// A character or symbol that is not well formed.
    BAD_LITERAL "BT0012" bad_literal Error Parse None;
    /// The left side of an assignment is not assignable.
    BAD_ASSIGNMENT_TARGET "BT0013" bad_assignment_target Error Parse None;
    /// A cascade that is not well formed.
    BAD_CASCADE "BT0014" bad_cascade Error Parse None;
    /// A cast of something that is not a message send.
    BAD_CAST "BT0015" bad_cast Error Parse None;
    /// The operator `->` as an expression.
    ASSOCIATION_OPERATOR "BT0016" association_operator Error Parse None;
    /// An operator that cannot be sent with operator syntax.
    UNSENDABLE_OPERATOR "BT0017" unsendable_operator Error Parse None;
    /// A collection literal that is not well formed.
    BAD_COLLECTION_LITERAL "BT0018" bad_collection_literal Error Parse None;
    /// A match arm or pattern that is not well formed.
    BAD_PATTERN "BT0019" bad_pattern Error Parse None;
    /// A class header that is not well formed.
    BAD_CLASS_HEADER "BT0020" bad_class_header Error Parse None;
    /// A method or protocol signature that is not well formed.
    BAD_SIGNATURE "BT0021" bad_signature Error Parse None;
    /// A type annotation or type alias that is not well formed.
    BAD_TYPE "BT0022" bad_type Error Parse None;
    /// A directive that is unknown, misplaced or incomplete.
    BAD_DIRECTIVE "BT0023" bad_directive Error Parse None;
    /// A member that is not well formed.
    BAD_MEMBER "BT0024" bad_member Error Parse None;
    /// A documentation comment that belongs to nothing.
    DETACHED_DOC_COMMENT "BT0025" detached_doc_comment Warning Parse None;
    /// A period that separates nothing.
    UNNECESSARY_PERIOD "BT0026" unnecessary_period Lint Parse None;
    /// A negative number literal where a subtraction was plausible.
    NEGATIVE_LITERAL "BT0027" negative_literal Warning Parse None;
    /// The parser stopped reporting: too many errors.
    TOO_MANY_ERRORS "BT0028" too_many_errors Error Parse None;

    /// A method without a body.
    EMPTY_BODY "BT0101" empty_body Error Analysis None;
    /// Two members that mean the same.
    DUPLICATE_MEMBER "BT0102" duplicate_member Error Analysis None;
    /// More than one class, or a class and a protocol, in one file.
    SEVERAL_DECLARATIONS "BT0103" several_declarations Error Analysis None;
    /// A variable that was never assigned.
    UNDEFINED_VARIABLE "BT0104" undefined_variable Error Analysis None;
    /// A class that nobody defines.
    UNRESOLVED_CLASS "BT0105" unresolved_class Warning Analysis Some("unresolved_class");
    /// `self` or `super` outside a method.
    SELF_OUTSIDE_METHOD "BT0106" self_outside_method Error Analysis None;
    /// A name that begins with two underscores.
    RESERVED_NAME "BT0107" reserved_name Error Analysis None;
    /// Data declared in a way the kind of class does not have.
    WRONG_DATA_DECLARATION "BT0108" wrong_data_declaration Error Analysis Some("type");
    /// A field assigned where fields cannot be assigned.
    IMMUTABLE_FIELD "BT0109" immutable_field Error Analysis Some("type");
    /// An equality operator declared as a method.
    EQUALITY_DECLARED "BT0110" equality_declared Error Analysis Some("type");
    /// A literal block with the wrong number of parameters.
    BLOCK_ARITY "BT0111" block_arity Error Analysis None;
    /// `@primitive` or `@intrinsic` outside the standard library.
    PRIMITIVE_OUTSIDE_LIBRARY "BT0112" primitive_outside_library Error Analysis None;
    /// An actor made with `new`.
    ACTOR_NEW "BT0113" actor_new Error Analysis Some("actor_new");
    /// A class that cannot be instantiated.
    NOT_INSTANTIABLE "BT0114" not_instantiable Error Analysis Some("type");
    /// A sealed class subclassed, or a sealed method overridden.
    SEALED "BT0115" sealed Error Analysis Some("inheritance");
    /// A local variable or parameter that is never read.
    UNUSED_VARIABLE "BT0116" unused_variable Warning Analysis Some("unused");
    /// A variable that hides another one.
    SHADOWED_VARIABLE "BT0117" shadowed_variable Warning Analysis None;
    /// Two names that cannot both exist.
    NAME_CLASH "BT0118" name_clash Error Analysis Some("type");
    /// A cast to something that is no process.
    CAST_TO_VALUE "BT0119" cast_to_value Error Analysis Some("type");
    /// Statements that are never reached.
    UNREACHABLE_CODE "BT0120" unreachable_code Warning Analysis None;
    /// `super initialize` in an actor.
    EXPLICIT_SUPER_INITIALIZE "BT0121" explicit_super_initialize Warning Analysis None;
    /// A field of another object read or assigned.
    FOREIGN_FIELD "BT0122" foreign_field Error Analysis Some("type");
    /// A pattern that names a class it cannot test.
    BAD_TYPE_PATTERN "BT0123" bad_type_pattern Error Analysis None;
    /// A variable or field assigned to itself.
    SELF_ASSIGNMENT "BT0124" self_assignment Warning Analysis None;
    /// A condition that is `true` or `false` as written.
    LITERAL_CONDITION "BT0125" literal_condition Warning Analysis None;
    /// A statement whose value nobody sees and that does nothing.
    STATEMENT_WITHOUT_EFFECT "BT0126" statement_without_effect Lint Analysis None;
    /// A `^` before the last statement of a method.
    TRAILING_RETURN "BT0127" trailing_return Lint Analysis None;
    /// Parentheses that change nothing.
    UNNECESSARY_PARENTHESES "BT0128" unnecessary_parentheses Lint Analysis None;
    /// Several messages in a row to one receiver.
    REPEATED_RECEIVER "BT0129" repeated_receiver Lint Analysis None;
    /// A class of kind Object that only gets and sets.
    DATA_CLASS "BT0130" data_class Lint Analysis None;
    /// `inspect` where a string is expected.
    INSPECT_AS_STRING "BT0131" inspect_as_string Lint Analysis None;
    /// A synchronous message to `self` in the block of a timer.
    SEND_IN_TIMER "BT0132" send_in_timer Lint Analysis None;
    /// An `@expect` that suppresses nothing.
    STALE_EXPECT "BT0133" stale_expect Warning Analysis None;
    /// A block that assigns is passed to an Erlang function.
    BLOCK_TO_ERLANG "BT0134" block_to_erlang Warning Analysis None;
    /// A block that assigns captured variables is handed to another process.
    DEAD_ASSIGNMENT "BT0135" dead_assignment Warning Analysis Some("dead_assignment");
    /// A block that assigns fields of an actor is handed to another process.
    FOREIGN_STATE "BT0136" foreign_state Warning Analysis None;
    /// An instance method of a Value class that is declared to answer `Nil`.
    NIL_RESULT "BT0137" nil_result Error Analysis Some("type");
    /// `Self` where it is not the type of a result.
    MISPLACED_SELF_TYPE "BT0138" misplaced_self_type Error Analysis None;
    /// A package that nobody knows.
    UNKNOWN_PACKAGE "BT0139" unknown_package Error Analysis None;
    /// A reference to an internal class of another package: E0401.
    INTERNAL_CLASS "BT0140" internal_class Error Analysis Some("visibility");
    /// An internal class in a public signature: E0402.
    INTERNAL_TYPE_LEAK "BT0141" internal_type_leak Error Analysis Some("visibility");
    /// A message that is an internal method of another package: E0403.
    INTERNAL_METHOD "BT0142" internal_method Error Analysis Some("visibility");
    /// A method that hides an internal method of another package.
    SHADOWED_INTERNAL "BT0143" shadowed_internal Warning Analysis Some("visibility");
    /// A type alias that stands for nothing.
    BAD_ALIAS "BT0144" bad_alias Error Analysis Some("type");
    /// A type name that nobody defines.
    UNKNOWN_TYPE "BT0145" unknown_type Warning Analysis Some("unresolved_class");
    /// A native actor that declares slots, or a delegated method that Erlang has no name for.
    BAD_DELEGATE "BT0146" bad_delegate Error Analysis None;
    /// A delegated method without a result type.
    UNTYPED_DELEGATE "BT0147" untyped_delegate Warning Analysis None;
    /// A restart policy that does not exist.
    BAD_SUPERVISION_POLICY "BT0148" bad_supervision_policy Error Analysis None;
    /// A method outside the class body that the class body defines too.
    SHADOWED_EXTENSION "BT0149" shadowed_extension Warning Analysis None;
    /// A slot assigned past its own setter.
    BYPASSED_SETTER "BT0150" bypassed_setter Warning Analysis Some("type");
    /// A variable twice in one pattern, where that means nothing.
    REPEATED_PATTERN_VARIABLE "BT0151" repeated_pattern_variable Error Analysis None;
    /// A protocol that extends what is no protocol.
    UNKNOWN_PROTOCOL "BT0160" unknown_protocol Error Analysis Some("type");
    /// An internal method that a class conforms to a protocol with.
    INTERNAL_CONFORMANCE "BT0161" internal_conformance Error Analysis Some("visibility");
    /// A method that another package adds to the same class.
    EXTENSION_CONFLICT "BT0162" extension_conflict Error Analysis None;
    /// A class that several packages have, without its package.
    AMBIGUOUS_CLASS "BT0163" ambiguous_class Error Analysis None;
    /// An actor of a typed package without a restart policy.
    MISSING_POLICY "BT0164" missing_policy Warning Analysis None;
    /// An intrinsic that does not exist.
    UNKNOWN_INTRINSIC "BT0165" unknown_intrinsic Error Analysis None;
    /// A match that does not cover all that its scrutinee may be.
    NON_EXHAUSTIVE "BT0170" non_exhaustive Error Analysis Some("type");

    /// A construct that this version does not compile.
    UNSUPPORTED "BT0201" unsupported Error Codegen None;
    /// Generated code larger than the limit.
    CODE_TOO_LARGE "BT0202" code_too_large Error Codegen None;
    /// A name that is too long or has too many arguments.
    NAME_TOO_LONG "BT0203" name_too_long Error Codegen None;
    /// More names than the limit for one request.
    TOO_MANY_NAMES "BT0204" too_many_names Error Codegen None;
    /// OTP's compiler failed, or did not end within its limits.
    OTP_COMPILER "BT0205" otp_compiler Error Codegen None;
    /// The compiler itself failed.
    INTERNAL_ERROR "BT0206" internal_error Error Codegen None;
    /// The request was cancelled or ran out of time.
    CANCELLED "BT0207" cancelled Error Codegen None;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(CODES.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
