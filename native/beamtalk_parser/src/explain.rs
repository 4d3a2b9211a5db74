//! What to say when the grammar refuses a chunk: from the furthest position and the rules tried there, in words.

use beamtalk_source::{Code, Diagnostic, Span};
use pest::error::{ErrorVariant, InputLocation};

use crate::chunk::Source;
use crate::grammar::Rule;
use crate::message::{declaration as message, expression, lexical};
use crate::scan::ChunkKind;
use crate::scan::token::{Bracket, Token, TokenKind};

type Refusal = pest::error::Error<Rule>;

/// At most so many things are named as expected.
const NOUNS: usize = 3;

/// The furthest offset that the grammar reached.
pub(crate) fn position(refusal: &Refusal) -> u32 {
    match refusal.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at as u32,
    }
}

/// One diagnostic for a refusal of a text that starts `from` bytes into the chunk.
pub(crate) fn explain(source: &Source, refusal: &Refusal, from: u32) -> Diagnostic {
    let ErrorVariant::ParsingError { positives, .. } = &refusal.variant else {
        // The recognizer ran out of stack.
        return lexical::nesting_too_deep(Span::at(from), source.limits.nesting);
    };
    let offset = from + position(refusal);
    let found = source.token_after(offset);
    let before = source.token_before(offset);
    special(source, found, before, positives).unwrap_or_else(|| general(source, found, positives))
}

/// Mistakes that have a name.
fn special(source: &Source, found: Option<Token>, before: Option<Token>, expected: &[Rule]) -> Option<Diagnostic> {
    let header = is_header(source, found);
    let Some(token) = found else { return at_end(source, header) };
    let text = token.span.text(source.text);
    match token.kind {
        TokenKind::Unknown => Some(message::bad_character(token.span, text)),
        _ if header => in_header(source, token),
        TokenKind::Bang => Some(message::cast_inside(token.span)),
        TokenKind::Operator if text == "," => Some(message::lone_comma(token.span)),
        TokenKind::Operator if text == "=" => Some(expression::lone_equals(token.span)),
        TokenKind::Assign | TokenKind::Semicolon | TokenKind::Caret
            if innermost(source, token.span.start) == Some(Bracket::Interpolation) =>
        {
            Some(message::statement_in_interpolation(token.span, text))
        }
        TokenKind::FatArrow if source.kind.has_method_body() => Some(message::fat_arrow_in_body(token.span)),
        TokenKind::Keyword if token.column.is_some() && tried_statement(expected) => {
            Some(message::keyword_begins_statement(token.span, text))
        }
        TokenKind::Number if text.starts_with('-') => subtraction(source, token, before, expected),
        _ if token.column.is_some() => line_break(source, token, expected),
        _ => None,
    }
}

/// Whether a statement could have started where the grammar stopped.
fn tried_statement(expected: &[Rule]) -> bool {
    expected.contains(&Rule::line_end) || expected.contains(&Rule::period) || expected.contains(&Rule::expression)
}

/// Inside brackets a negative number behind a value was meant as a subtraction.
fn subtraction(source: &Source, token: Token, before: Option<Token>, expected: &[Rule]) -> Option<Diagnostic> {
    let before = before.filter(|before| before.ends_expression())?;
    let gap = Span::new(before.span.end, token.span.start);
    let diagnostic = general(source, Some(token), expected)
        .with_help("put spaces on both sides of the `-` to subtract");
    Some(expression::with_subtraction(diagnostic, token.span, gap))
}

/// The innermost bracket that is open at `offset`.
fn innermost(source: &Source, offset: u32) -> Option<Bracket> {
    let mut open = Vec::new();
    for token in source.tokens.iter().take_while(|token| token.span.start - source.base < offset) {
        match token.kind {
            TokenKind::Open(bracket) => open.push(bracket),
            TokenKind::Close(_) => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}

/// A bracket that is not closed on the line where its expression ends.
fn line_break(source: &Source, token: Token, expected: &[Rule]) -> Option<Diagnostic> {
    let gap = source.layout.text.get(..token.span.start as usize)?.trim_end_matches(' ');
    if !gap.ends_with('\n') {
        return None;
    }
    if !expected.contains(&Rule::close_paren) && !expected.contains(&Rule::close_brace) {
        return None;
    }
    innermost(source, token.span.start).map(|bracket| message::line_break_in_brackets(token.span, bracket.closer()))
}

/// Whether the grammar stopped before the `=>` of a method, or in another head.
fn is_header(source: &Source, found: Option<Token>) -> bool {
    match source.kind {
        ChunkKind::ClassHeader | ChunkKind::Alias | ChunkKind::Protocol => true,
        ChunkKind::Field | ChunkKind::Statements => false,
        ChunkKind::Method | ChunkKind::Standalone | ChunkKind::OrphanMethod => {
            let arrow = source.tokens.iter().find(|token| token.kind == TokenKind::FatArrow);
            arrow.is_none_or(|arrow| found.is_some_and(|found| found.span.start <= arrow.span.start - source.base))
        }
    }
}

fn in_header(source: &Source, token: Token) -> Option<Diagnostic> {
    let first = source.token_after(0)?;
    let word = first.span.text(source.text);
    match source.kind {
        ChunkKind::ClassHeader if first.kind != TokenKind::Keyword => None,
        ChunkKind::Method if matches!(word, "native:" | "handleScope:") => {
            Some(message::misplaced_clause(first.span, word))
        }
        ChunkKind::Method if !has_arrow(source) => Some(missing_arrow(source, token)),
        _ => None,
    }
}

fn has_arrow(source: &Source) -> bool {
    source.tokens.iter().any(|token| token.kind == TokenKind::FatArrow)
}

/// `@expect` with no member behind it.
fn lonely_expect(source: &Source) -> Option<Diagnostic> {
    let (first, rest) = source.tokens.split_first()?;
    let is_category = |token: &Token| matches!(token.kind, TokenKind::Identifier | TokenKind::ClassName | TokenKind::String);
    if first.kind != TokenKind::Directive || !rest.iter().all(is_category) {
        return None;
    }
    Some(expression::expect_before_nothing(source.span()))
}

/// A member without `=>`: a method whose body begins on the next line, or something else entirely.
fn missing_arrow(source: &Source, token: Token) -> Diagnostic {
    let first = source.token_after(0).map_or(token.span, |first| first.span);
    let signature = crate::recover::salvage(source).signature;
    match signature {
        Some(signature) if token.column.is_some() => message::missing_method_arrow(signature.span),
        _ => message::bad_member(first),
    }
}

/// The chunk ended too early.
fn at_end(source: &Source, header: bool) -> Option<Diagnostic> {
    if header && source.kind == ChunkKind::Method {
        if let Some(diagnostic) = lonely_expect(source) {
            return Some(diagnostic);
        }
        let first = source.token_after(0)?;
        let word = first.span.text(source.text);
        if matches!(word, "native:" | "handleScope:") {
            return Some(message::misplaced_clause(first.span, word));
        }
        let signature = crate::recover::salvage(source).signature;
        return Some(match signature {
            Some(signature) => message::missing_method_arrow(signature.span),
            None => message::bad_member(first.span),
        });
    }
    None
}

/// "expected …, found …"
fn general(source: &Source, found: Option<Token>, positives: &[Rule]) -> Diagnostic {
    let end = source.tokens.last().map_or(0, |token| token.span.end - source.base);
    let span = found.map_or(Span::at(end), |token| token.span);
    let words = found.map_or_else(|| end_of(source.kind).to_owned(), |token| describe(token, source.text));
    let expected = expected(positives);
    let code = code(source, found, positives);
    match code {
        Code::BAD_SIGNATURE => message::bad_signature(span, &words, &expected),
        Code::BAD_CLASS_HEADER => message::bad_header(span, &format!("expected {expected}, found {words}")),
        _ => message::unexpected(code, span, &words, &expected),
    }
}

/// Rules that are tried in patterns only.
const PATTERN_RULES: [Rule; 7] = [
    Rule::pattern,
    Rule::name_pattern,
    Rule::when_clause,
    Rule::segment,
    Rule::segment_size,
    Rule::segment_spec,
    Rule::binary_close,
];

fn code(source: &Source, found: Option<Token>, positives: &[Rule]) -> Code {
    let is = |rules: &[Rule]| positives.iter().any(|rule| rules.contains(rule));
    if is(&[Rule::single_type, Rule::type_expression]) {
        return Code::BAD_TYPE;
    }
    // Outside of headers, `->` and a named `[` are expected in arms only.
    let in_arm = is(&[Rule::arrow, Rule::open_square]) && !is_header(source, found);
    if in_arm || is(&PATTERN_RULES) {
        return Code::BAD_PATTERN;
    }
    match source.kind {
        ChunkKind::ClassHeader => Code::BAD_CLASS_HEADER,
        ChunkKind::Alias => Code::BAD_TYPE,
        ChunkKind::Protocol => Code::BAD_SIGNATURE,
        _ if is_header(source, found) => Code::BAD_SIGNATURE,
        _ => Code::UNEXPECTED_TOKEN,
    }
}

/// What ended too early.
fn end_of(kind: ChunkKind) -> &'static str {
    match kind {
        ChunkKind::ClassHeader => "the end of the class header",
        ChunkKind::Field => "the end of the field",
        ChunkKind::Method | ChunkKind::Standalone | ChunkKind::OrphanMethod => "the end of the method",
        ChunkKind::Protocol => "the end of the protocol",
        ChunkKind::Alias => "the end of the type alias",
        ChunkKind::Statements => "the end of the statement",
    }
}

/// Something behind a class header that is complete.
pub(crate) fn after_class_header(source: &Source, refusal: &Refusal) -> Option<Diagnostic> {
    let found = source.token_after(position(refusal))?;
    let words = describe(found, source.text);
    Some(message::after_header(found.span, &words))
}

/// A token in words.
fn describe(token: Token, text: &str) -> String {
    const LONGEST: usize = 40;
    let word = token.span.text(text);
    match token.kind {
        TokenKind::String | TokenKind::StringStart => "a string".to_owned(),
        TokenKind::StringMiddle | TokenKind::StringEnd => "the end of an interpolation".to_owned(),
        _ if word.chars().count() > LONGEST => format!("`{}…`", word.chars().take(LONGEST).collect::<String>()),
        _ => format!("`{}`", word.escape_debug().collect::<String>().replace("\\'", "'").replace("\\\"", "\"").replace("\\\\", "\\")),
    }
}

/// The expected things in words, the most telling first.
fn expected(positives: &[Rule]) -> String {
    let mut nouns: Vec<(u8, &str)> = positives.iter().map(|rule| noun(*rule)).filter(|(_, noun)| !noun.is_empty()).collect();
    nouns.sort_unstable();
    nouns.dedup();
    let best = nouns.first().map_or(0, |(rank, _)| *rank);
    let words: Vec<&str> = nouns.into_iter().filter(|(rank, _)| *rank <= best.max(1)).map(|(_, noun)| noun).take(NOUNS).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// What a rule is called, and how telling that is: closing brackets say most, what could merely go on says least.
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
        Rule::method_of => (0, "`>>`"),
        Rule::binary_close => (0, "`>>`"),
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
        | Rule::arm => (1, "a pattern"),
        Rule::type_expression | Rule::single_type | Rule::named_type | Rule::paren_type => (1, "a type"),
        Rule::segment => (1, "a segment"),
        Rule::segment_size => (1, "a size"),
        Rule::segment_spec => (1, "a specifier"),
        Rule::pattern_key => (1, "a symbol or string as key"),
        Rule::param | Rule::colon_typed => (1, "a parameter"),
        Rule::signature | Rule::signature_part | Rule::operator_selector | Rule::protocol_signature => (1, "a signature"),
        Rule::superclass => (1, "a superclass"),
        Rule::type_param | Rule::type_params => (2, "type parameters"),
        Rule::field_keyword => (1, "a field"),
        Rule::comma => (2, "`,`"),
        Rule::assign => (3, "`:=`"),
        Rule::keyword | Rule::keyword_part | Rule::operator => (3, "a message"),
        Rule::semicolon | Rule::cascade_tail => (4, "`;`"),
        Rule::period | Rule::line_end | Rule::bang | Rule::EOI => (4, "the end of the statement"),
        Rule::annotation | Rule::annotation_mark | Rule::type_test => (4, "a type annotation"),
        Rule::type_operator | Rule::type_arguments | Rule::class_word => (4, "the rest of a type"),
        Rule::native_keyword | Rule::scope_keyword | Rule::header_clause => (4, "a header clause"),
        Rule::extending | Rule::extending_keyword => (4, "`extending:`"),
        Rule::result => (4, "a result type"),
        _ => (9, ""),
    }
}
