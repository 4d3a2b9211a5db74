//! What the rules of the grammar are called.

use crate::grammar::Rule;

/// At most so many things are named as expected.
const NOUNS: usize = 3;

/// The expected things in words, the most telling first.
pub(super) fn expected(positives: &[Rule]) -> String {
    let mut nouns: Vec<(u8, &str)> = positives
        .iter()
        .map(|rule| noun(*rule))
        .filter(|(_, noun)| !noun.is_empty())
        .collect();
    nouns.sort_unstable();
    nouns.dedup();
    let best = nouns.first().map_or(0, |(rank, _)| *rank);
    let words: Vec<&str> = nouns
        .into_iter()
        .filter(|(rank, _)| *rank <= best.max(1))
        .map(|(_, noun)| noun)
        .take(NOUNS)
        .collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// What a rule is called, and how telling that is: closing brackets say most, what could merely go on says least.
///
/// Exhaustive: a new rule does not compile without words.
#[expect(clippy::too_many_lines, reason = "a table")]
fn noun(rule: Rule) -> (u8, &'static str) {
    match rule {
        Rule::close_paren => (0, "`)`"),
        Rule::close_square => (0, "`]`"),
        Rule::close_brace => (0, "`}`"),
        Rule::open_square => (0, "`[`"),
        Rule::quote_end | Rule::string_text => (0, "`\"`"),
        Rule::bar => (0, "`|`"),
        Rule::fat_arrow => (0, "`=>`"),
        Rule::arrow => (0, "`->`"),
        Rule::equals => (0, "`=`"),
        Rule::method_of | Rule::binary_close => (0, "`>>`"),
        Rule::subclass_keyword => (0, "`subclass:`"),
        Rule::define_keyword => (0, "`define:`"),
        Rule::block_param | Rule::block_head => (2, "a block parameter"),
        Rule::expression
        | Rule::message_expression
        | Rule::reference
        | Rule::number
        | Rule::character
        | Rule::string
        | Rule::paren
        | Rule::block
        | Rule::list
        | Rule::array
        | Rule::map
        | Rule::tuple
        | Rule::element
        | Rule::primitive
        | Rule::intrinsic
        | Rule::expect
        | Rule::bad_directive
        | Rule::primitive_word
        | Rule::intrinsic_word
        | Rule::expect_word
        | Rule::map_pair
        | Rule::map_key
        | Rule::map_value
        | Rule::guard
        | Rule::arm_body => (1, "an expression"),
        Rule::symbol => (2, "a symbol"),
        Rule::identifier | Rule::class_name => (2, "a name"),
        Rule::pattern
        | Rule::name_pattern
        | Rule::paren_pattern
        | Rule::array_pattern
        | Rule::list_pattern
        | Rule::map_pattern
        | Rule::map_pattern_pair
        | Rule::pattern_element
        | Rule::binary_pattern
        | Rule::binary_open
        | Rule::arm => (1, "a pattern"),
        Rule::type_expression | Rule::single_type | Rule::named_type | Rule::paren_type => {
            (1, "a type")
        }
        Rule::segment => (1, "a segment"),
        Rule::segment_size => (1, "a size"),
        Rule::segment_spec => (1, "a specifier"),
        Rule::pattern_key => (1, "a symbol or string as key"),
        Rule::param | Rule::colon_typed => (1, "a parameter"),
        Rule::signature
        | Rule::signature_part
        | Rule::operator_selector
        | Rule::protocol_signature => (1, "a signature"),
        Rule::superclass => (1, "a superclass"),
        Rule::type_param | Rule::type_params => (2, "type parameters"),
        Rule::field_keyword => (1, "a field"),
        Rule::comma | Rule::segment_comma => (2, "`,`"),
        Rule::assign => (3, "`:=`"),
        Rule::keyword | Rule::keyword_part | Rule::operator => (3, "a message"),
        Rule::semicolon | Rule::cascade_tail => (4, "`;`"),
        Rule::period | Rule::line_end | Rule::bang | Rule::EOI => (4, "the end of the statement"),
        Rule::annotation | Rule::annotation_mark | Rule::type_test => (4, "a type annotation"),
        Rule::type_operator | Rule::type_arguments | Rule::class_word => (4, "the rest of a type"),
        Rule::native_keyword | Rule::scope_keyword | Rule::header_clause => (4, "a header clause"),
        Rule::extending | Rule::extending_keyword => (4, "`extending:`"),
        Rule::result => (4, "a result type"),
        Rule::tail | Rule::pattern_tail => (4, "`|`"),
        Rule::rest | Rule::ellipsis => (4, "`...`"),
        Rule::caret => (2, "`^`"),
        Rule::interpolation | Rule::map_keyword_key => (4, "an expression"),
        Rule::match_tail | Rule::match_keyword => (4, "`match:`"),
        Rule::when_clause | Rule::when_keyword => (2, "`when:`"),
        Rule::plain_string => (2, "a string"),
        Rule::class_modifier
        | Rule::method_modifier
        | Rule::method_modifier_word
        | Rule::protocol_modifier
        | Rule::internal_word
        | Rule::class_side => (4, "a modifier"),
        Rule::protocol_word => (1, "`Protocol`"),
        Rule::type_word => (1, "`type`"),
        Rule::field_name => (4, "a field access"),
        // Never the innermost rule that is tried: silent rules, parts of tokens, and the entry rules.
        Rule::WHITESPACE
        | Rule::word_start
        | Rule::word_char
        | Rule::keyword_colon
        | Rule::digit
        | Rule::radix
        | Rule::fraction
        | Rule::exponent
        | Rule::symbol_quoted
        | Rule::symbol_words
        | Rule::symbol_run
        | Rule::string_run
        | Rule::operator_char
        | Rule::body
        | Rule::assignable
        | Rule::operations
        | Rule::operand
        | Rule::primary
        | Rule::elements
        | Rule::separator
        | Rule::arms
        | Rule::directive
        | Rule::pattern_atom
        | Rule::pattern_elements
        | Rule::class_head
        | Rule::expect_line
        | Rule::field_name_part
        | Rule::standalone_head
        | Rule::protocol_head
        | Rule::statements_chunk
        | Rule::statement_chunk
        | Rule::class_header_chunk
        | Rule::class_header_prefix
        | Rule::field_chunk
        | Rule::field_prefix
        | Rule::method_chunk
        | Rule::method_prefix
        | Rule::standalone_chunk
        | Rule::standalone_prefix
        | Rule::protocol_chunk
        | Rule::protocol_prefix
        | Rule::protocol_line
        | Rule::alias_chunk => (9, ""),
    }
}
