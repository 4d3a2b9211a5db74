//! Which messages are control flow: their literal blocks become code of the surrounding activation instead of
//! closures. Name resolution and code generation ask the same function, so they cannot disagree.

use beamtalk_ast::{Block, Expr, ExprKind, Message};

/// A literal block where it stands.
#[derive(Clone, Copy, Debug)]
pub struct LiteralBlock<'a> {
    /// The expression: its place identifies the block.
    pub expr: &'a Expr,
    /// Parameters and body.
    pub block: &'a Block,
}

/// A message whose literal blocks are inlined.
#[derive(Clone, Copy, Debug)]
pub enum Control<'a> {
    /// The `ifTrue:` family: what to do for `true` and for `false`; without a block the receiver is the value.
    If(Option<LiteralBlock<'a>>, Option<LiteralBlock<'a>>),
    /// `and:`: the block for `true`.
    And(LiteralBlock<'a>),
    /// `or:`: the block for `false`.
    Or(LiteralBlock<'a>),
    /// The `ifNil:` family: what to do for `nil` and for anything else.
    IfNil(Option<LiteralBlock<'a>>, Option<LiteralBlock<'a>>),
    /// `[condition] whileTrue: [body]`: goes on while the condition answers the flag.
    While(bool, LiteralBlock<'a>, LiteralBlock<'a>),
    /// `[body] repeat`.
    Repeat(LiteralBlock<'a>),
    /// `count timesRepeat: [body]`.
    Times(LiteralBlock<'a>),
    /// `start to: stop by: step do: [body]`.
    To(&'a Expr, Option<&'a Expr>, LiteralBlock<'a>),
    /// `[body] value: …`: evaluated at once.
    Value(LiteralBlock<'a>),
}

/// The literal block that an expression is, parentheses taken off.
pub fn literal_block(expr: &Expr) -> Option<LiteralBlock<'_>> {
    match &expr.kind {
        ExprKind::Block(block) => Some(LiteralBlock { expr, block }),
        ExprKind::Paren(inner) => literal_block(inner),
        _ => None,
    }
}

fn block_with(expr: &Expr, params: std::ops::RangeInclusive<usize>) -> Option<LiteralBlock<'_>> {
    literal_block(expr).filter(|literal| params.contains(&literal.block.params.len()))
}

/// What a message to `receiver` is, if it is control flow. `receiver` is `None` where it is the result of a message.
/// Where a block has the wrong number of parameters, or is not literal, the message is an ordinary send.
pub fn control<'a>(receiver: Option<&'a Expr>, message: &'a Message) -> Option<Control<'a>> {
    match message {
        Message::Unary(name) if name.text == "repeat" => {
            Some(Control::Repeat(block_with(receiver?, 0..=0)?))
        }
        Message::Unary(name) if name.text == "value" => {
            Some(Control::Value(block_with(receiver?, 0..=0)?))
        }
        Message::Unary(_) | Message::Binary(..) => None,
        Message::Keyword(parts) => match parts.as_slice() {
            [(first, a)] => one_keyword(receiver, &first.text, a),
            [(first, a), (second, b)] => two_keywords(receiver, &first.text, a, &second.text, b),
            [(to, a), (by, b), (r#do, c)]
                if (to.text.as_str(), by.text.as_str(), r#do.text.as_str())
                    == ("to:", "by:", "do:") =>
            {
                Some(Control::To(a, Some(b), block_with(c, 1..=1)?))
            }
            _ => block_value(receiver, parts.iter().map(|(name, _)| name.text.as_str())),
        },
    }
}

fn one_keyword<'a>(
    receiver: Option<&'a Expr>,
    keyword: &str,
    argument: &'a Expr,
) -> Option<Control<'a>> {
    let block = || block_with(argument, 0..=0);
    match keyword {
        "ifTrue:" => Some(Control::If(Some(block()?), None)),
        "ifFalse:" => Some(Control::If(None, Some(block()?))),
        "and:" => Some(Control::And(block()?)),
        "or:" => Some(Control::Or(block()?)),
        "ifNil:" => Some(Control::IfNil(Some(block()?), None)),
        "ifNotNil:" => Some(Control::IfNil(None, Some(block_with(argument, 0..=1)?))),
        "whileTrue:" => Some(Control::While(
            true,
            block_with(receiver?, 0..=0)?,
            block()?,
        )),
        "whileFalse:" => Some(Control::While(
            false,
            block_with(receiver?, 0..=0)?,
            block()?,
        )),
        "timesRepeat:" => Some(Control::Times(block()?)),
        _ => block_value(receiver, std::iter::once(keyword)),
    }
}

fn two_keywords<'a>(
    receiver: Option<&'a Expr>,
    first: &str,
    a: &'a Expr,
    second: &str,
    b: &'a Expr,
) -> Option<Control<'a>> {
    let (block_a, block_b) = (|| block_with(a, 0..=0), || block_with(b, 0..=0));
    match (first, second) {
        ("ifTrue:", "ifFalse:") => Some(Control::If(Some(block_a()?), Some(block_b()?))),
        ("ifFalse:", "ifTrue:") => Some(Control::If(Some(block_b()?), Some(block_a()?))),
        ("ifNil:", "ifNotNil:") => Some(Control::IfNil(
            Some(block_a()?),
            Some(block_with(b, 0..=1)?),
        )),
        ("ifNotNil:", "ifNil:") => Some(Control::IfNil(
            Some(block_b()?),
            Some(block_with(a, 0..=1)?),
        )),
        ("to:", "do:") => Some(Control::To(a, None, block_with(b, 1..=1)?)),
        _ => block_value(receiver, [first, second].into_iter()),
    }
}

fn block_value<'a, 'k>(
    receiver: Option<&'a Expr>,
    mut keywords: impl Iterator<Item = &'k str>,
) -> Option<Control<'a>> {
    let literal = literal_block(receiver?)?;
    let arity = literal.block.params.len();
    // `value:` takes at most three arguments.
    let count = keywords.try_fold(0, |count, keyword| {
        (keyword == "value:").then_some(count + 1)
    })?;
    (count == arity && count <= 3).then_some(Control::Value(literal))
}
