//! Blocks.

use beamtalk_ast::{Block, Expr, ExprKind, Name, TypeAnn};

use super::cursor::Cursor;
use super::{Lowerer, name_of, span_of};
use crate::grammar::{Node, Rule};

impl Lowerer<'_> {
    /// `block`
    pub(super) fn lower_block(&mut self, node: Node) -> Expr {
        let span = span_of(&node);
        let block = self.nested(span, 1, |this| this.lower_block_parts(node));
        Expr {
            span,
            kind: block.map_or(ExprKind::Error, ExprKind::Block),
        }
    }

    fn lower_block_parts(&mut self, node: Node) -> Block {
        let mut cursor = Cursor::new(node);
        let mut params = Vec::new();
        if let Some(head) = cursor.optional(Rule::block_head) {
            let mut head = Cursor::new(head);
            while let Some(param) = head.optional(Rule::block_param) {
                params.extend(self.lower_block_param(param));
            }
        }
        Block {
            params,
            body: self.lower_body(&mut cursor),
        }
    }

    fn lower_block_param(&mut self, node: Node) -> Option<(Name, Option<TypeAnn>)> {
        let mut cursor = Cursor::new(node);
        let name = name_of(&cursor.next()?);
        let annotation = cursor.next().and_then(|node| self.lower_single_type(node));
        Some((name, annotation))
    }
}
