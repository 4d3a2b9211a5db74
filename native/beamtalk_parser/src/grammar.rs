//! The recognizer that pest makes of the grammar files. Its types stay inside this crate.

#![allow(missing_docs, reason = "generated code")]

use pest::Parser;

/// The grammar of one chunk of layout text.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/tokens.pest"]
#[grammar = "grammar/expressions.pest"]
#[grammar = "grammar/patterns.pest"]
#[grammar = "grammar/types.pest"]
#[grammar = "grammar/declarations.pest"]
pub(crate) struct Grammar;

/// A recognized rule with its place.
pub(crate) type Node<'i> = pest::iterators::Pair<'i, Rule>;

/// Where and why a text was not recognized.
pub(crate) type Refusal = pest::error::Error<Rule>;

/// Recognizes `text` as `rule`: the only way into the grammar.
pub(crate) fn recognize(rule: Rule, text: &str) -> Result<Option<Node<'_>>, Refusal> {
    #[cfg(test)]
    coverage::note(rule, text);
    Grammar::parse(rule, text).map(|mut pairs| pairs.next())
}

#[cfg(test)]
mod coverage;

#[cfg(test)]
mod tests {
    use pest::Parser;
    use proptest::prelude::*;

    use super::{Grammar, Rule};
    use crate::scan;
    use crate::scan::token::TokenKind;

    /// The rule for tokens of a kind, where there is one.
    fn rule(kind: TokenKind) -> Option<Rule> {
        Some(match kind {
            TokenKind::Identifier | TokenKind::ClassName => Rule::identifier,
            TokenKind::Keyword => Rule::keyword,
            TokenKind::Number => Rule::number,
            TokenKind::Character => Rule::character,
            TokenKind::Symbol => Rule::symbol,
            TokenKind::String => Rule::plain_string,
            TokenKind::FatArrow => Rule::fat_arrow,
            TokenKind::Arrow => Rule::arrow,
            TokenKind::Assign => Rule::assign,
            TokenKind::Ellipsis => Rule::ellipsis,
            _ => return None,
        })
    }

    proptest! {
        /// The lexer and the grammar agree on where a token ends.
        #[test]
        fn tokens_end_where_the_lexer_says(text in r#"[a-cA1-3_ eErR.:=+\-*<>#$'"\\()\n,;|^]{0,60}"#) {
            let chunks = scan(&text, 1024);
            for token in &chunks.tokens {
                let Some(rule) = rule(token.kind) else { continue };
                let rest = text.get(token.span.start as usize..).unwrap_or_default();
                let found = Grammar::parse(rule, rest).ok().map(|pairs| pairs.as_str());
                prop_assert_eq!(found, Some(token.span.text(&text)), "{:?}", token);
            }
        }
    }
}
