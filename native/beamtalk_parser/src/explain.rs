//! What to say when the grammar refuses a chunk: from the furthest position and the rules tried there, in words.

mod header;
mod noun;

use beamtalk_source::{Code, Diagnostic, Span};
use pest::error::{ErrorVariant, InputLocation};

use crate::chunk::Source;
use crate::grammar::Rule;
use crate::message::{declaration as message, expression, lexical};
use crate::scan::ChunkKind;
use crate::scan::token::{Bracket, Token, TokenKind};
use header::is_header;

type Refusal = pest::error::Error<Rule>;

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
fn special(
    source: &Source,
    found: Option<Token>,
    before: Option<Token>,
    expected: &[Rule],
) -> Option<Diagnostic> {
    if let Some(at) = before.filter(|before| before.kind == TokenKind::At) {
        let span = found.map_or(at.span, |token| token.span);
        return Some(expression::class_after_package(span));
    }
    let header = is_header(source, found);
    if let Some(semicolon) = semicolon_as_end(source, found) {
        return Some(expression::cascade_as_end(semicolon.span));
    }
    let Some(token) = found else {
        return header::at_end(source, header);
    };
    let text = token.span.text(source.text);
    match token.kind {
        TokenKind::Unknown => Some(message::bad_character(token.span, text)),
        _ if header => header::in_header(source, token),
        TokenKind::Bang => Some(message::cast_inside(token.span)),
        TokenKind::Operator if text == "," => Some(message::lone_comma(token.span)),
        TokenKind::Operator if text == "=" => Some(equals(token, before)),
        TokenKind::Bar if expected.contains(&Rule::expression) => {
            Some(general(source, found, expected).with_help("write `a or: [b]`"))
        }
        TokenKind::Assign | TokenKind::Semicolon | TokenKind::Caret
            if innermost(source, token.span.start) == Some(Bracket::Interpolation) =>
        {
            Some(message::statement_in_interpolation(token.span, text))
        }
        TokenKind::FatArrow if source.kind.has_method_body() => {
            Some(message::fat_arrow_in_body(token.span))
        }
        TokenKind::Keyword if token.column.is_some() && tried_statement(expected) => {
            Some(message::keyword_begins_statement(token.span, text))
        }
        TokenKind::Number if text.starts_with('-') => subtraction(source, token, before, expected),
        _ if token.column.is_some() => line_break(source, token, expected),
        _ => None,
    }
}

fn equals(token: Token, before: Option<Token>) -> Diagnostic {
    let bang = before
        .filter(|before| before.kind == TokenKind::Bang && before.span.end == token.span.start);
    bang.map_or_else(
        || expression::lone_equals(token.span),
        |bang| expression::unequal(bang.span.to(token.span)),
    )
}

/// A `;` at the end of its line, before the place of a mistake, where the next line is no message of a cascade and no arm
/// of a `match:`.
fn semicolon_as_end(source: &Source, found: Option<Token>) -> Option<Token> {
    let end = found.map_or(source.span().end, |token| token.span.start) + source.base;
    let before = source
        .tokens
        .partition_point(|token| token.span.start <= end);
    let is_end = |triple: &&[Token]| {
        let [semicolon, name, next] = triple else {
            return false;
        };
        let is_statement = matches!(
            next.kind,
            TokenKind::Assign | TokenKind::Operator | TokenKind::Identifier
        );
        semicolon.kind == TokenKind::Semicolon
            && name.kind == TokenKind::Identifier
            && name.column.is_some()
            && next.column.is_none()
            && is_statement
    };
    let triples = source.tokens.get(..before)?.windows(3);
    let semicolon = triples.into_iter().find(is_end)?.first()?;
    source.token_after(semicolon.span.start - source.base)
}

/// Whether a statement could have started where the grammar stopped.
fn tried_statement(expected: &[Rule]) -> bool {
    expected.contains(&Rule::line_end)
        || expected.contains(&Rule::period)
        || expected.contains(&Rule::expression)
}

/// Inside brackets a negative number behind a value was meant as a subtraction.
fn subtraction(
    source: &Source,
    token: Token,
    before: Option<Token>,
    expected: &[Rule],
) -> Option<Diagnostic> {
    let before = before.filter(|before| before.ends_expression())?;
    let gap = Span::new(before.span.end, token.span.start);
    let diagnostic = general(source, Some(token), expected)
        .with_help("put spaces on both sides of the `-` to subtract");
    Some(expression::with_subtraction(diagnostic, token.span, gap))
}

/// The innermost bracket that is open at `offset`.
fn innermost(source: &Source, offset: u32) -> Option<Bracket> {
    let mut open = Vec::new();
    for token in source
        .tokens
        .iter()
        .take_while(|token| token.span.start - source.base < offset)
    {
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
    let gap = source
        .layout
        .text
        .get(..token.span.start as usize)?
        .trim_end_matches(' ');
    if !gap.ends_with('\n') {
        return None;
    }
    if !expected.contains(&Rule::close_paren) && !expected.contains(&Rule::close_brace) {
        return None;
    }
    innermost(source, token.span.start)
        .map(|bracket| message::line_break_in_brackets(token.span, bracket.closer()))
}

/// "expected …, found …"
fn general(source: &Source, found: Option<Token>, positives: &[Rule]) -> Diagnostic {
    let end = source
        .tokens
        .last()
        .map_or(0, |token| token.span.end - source.base);
    let span = found.map_or(Span::at(end), |token| token.span);
    let words = found.map_or_else(
        || end_of(source.kind).to_owned(),
        |token| describe(token, source.text),
    );
    let expected = noun::expected(positives);
    let code = code(source, found, positives);
    match code {
        Code::BAD_SIGNATURE => message::bad_signature(span, &words, &expected),
        Code::BAD_CLASS_HEADER => {
            message::bad_header(span, &format!("expected {expected}, found {words}"))
        }
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
        ChunkKind::Method | ChunkKind::Standalone | ChunkKind::OrphanMethod => {
            "the end of the method"
        }
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
        _ if word.chars().nth(LONGEST).is_some() => {
            format!(
                "`{}…`",
                word.chars().take(LONGEST).map(visible).collect::<String>()
            )
        }
        _ => format!("`{}`", word.chars().map(visible).collect::<String>()),
    }
}

/// A control character would break the line of a message.
fn visible(character: char) -> char {
    if character.is_control() {
        ' '
    } else {
        character
    }
}
