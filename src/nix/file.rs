//! A Nix file: its text and its tree, immutable.

use std::ops::Range;
use std::sync::Arc;

use rnix::{SyntaxNode, TextRange, TextSize, ast};
use rowan::GreenNode;
use rowan::ast::AstNode;

use crate::nix::green::descendants;
use crate::nix::guard;
use crate::nix::repeats::Repeats;
use crate::nix::syntax_error::SyntaxError;
use crate::nix::thin::thinned;
use crate::text::LineIndex;

/// Text that parses as Nix, with its tree.
///
/// Cheap to clone and free to cross threads: the text and the tree are shared.
/// Tree cursors are made on demand, since those belong to one thread.
#[derive(Debug, Clone)]
pub struct NixFile {
    text: Arc<str>,
    green: GreenNode,
    may_repeat: bool,
}

impl NixFile {
    /// Parses the text of one file.
    ///
    /// # Errors
    /// The first mistake only, in words and with its place. Texts that would
    /// overflow the parser's stack or take it quadratic time (no one writes
    /// them by hand) are refused before parsing.
    pub fn parse(text: impl Into<Arc<str>>) -> Result<Self, SyntaxError> {
        let text = text.into();
        Self::read(text.clone()).map_err(|error| SyntaxError::of_conflict(&text).unwrap_or(error))
    }

    /// As [`NixFile::parse`], for a reader of the module's settings: of the bindings for
    /// which `is_unasked` is true, given the names around them and their own, none need be in
    /// the file, nor comments. What is has its place, and blanks are between.
    ///
    /// # Errors
    /// As [`NixFile::parse`], whether the mistake is in such a binding or not.
    pub fn parse_asked(
        text: &Arc<str>,
        is_unasked: impl Fn(&[&str], &[&str]) -> bool,
    ) -> Result<Self, SyntaxError> {
        let read = || {
            let thin = thinned(text, is_unasked)?;
            let is_checked = !guard::is_harmless(text);
            let is_accepted = !is_checked || guard::check(text).is_ok();
            is_accepted.then(|| Self::guarded(thin.into(), is_checked).ok())?
        };
        read().map_or_else(|| Self::parse(text.clone()), Ok)
    }

    fn read(text: Arc<str>) -> Result<Self, SyntaxError> {
        let is_harmless = guard::is_harmless(&text);
        if !is_harmless {
            guard::check(&text)?;
        }
        Self::guarded(text, !is_harmless)
    }

    /// Of a text that the guard has checked, or that is harmless.
    fn guarded(text: Arc<str>, is_checked: bool) -> Result<Self, SyntaxError> {
        let parse = rnix::Root::parse(&text);
        if let Some(error) = parse.errors().first() {
            // The guard has better words for some mistakes.
            guard::check(&text)?;
            return Err(SyntaxError::from_parser(&text, error));
        }
        let green = parse.syntax().green().to_owned();
        let (mut repeats, mut all_close) = (Repeats::default(), true);
        for node in descendants(&green) {
            repeats.look_at(node);
            all_close &= guard::closes(node);
        }
        if !is_checked && !all_close {
            guard::check(&text)?;
        }
        Ok(Self {
            may_repeat: repeats.found(),
            text,
            green,
        })
    }

    /// The text, exactly as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// False only if no set, `let` or argument list names anything twice.
    pub(in crate::nix) fn may_repeat(&self) -> bool {
        self.may_repeat
    }

    /// A fresh cursor on the tree's root.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }

    /// The tree's root.
    #[expect(
        clippy::missing_panics_doc,
        reason = "cannot happen, as the words of the panic say"
    )]
    pub fn root(&self) -> ast::Root {
        ast::Root::cast(self.syntax()).expect("the parser makes a root node")
    }

    /// The one expression that a Nix file is.
    #[expect(
        clippy::missing_panics_doc,
        reason = "cannot happen, as the words of the panic say"
    )]
    pub fn expr(&self) -> ast::Expr {
        self.root()
            .expr()
            .expect("a file without syntax errors holds an expression")
    }

    /// The expression that covers exactly these bytes, the outermost if several do.
    pub fn expr_at(&self, range: &Range<usize>) -> Option<ast::Expr> {
        let innermost = self.node_at(range)?;
        let wanted = innermost.text_range();
        innermost
            .ancestors()
            .take_while(|node| node.text_range() == wanted)
            .filter_map(ast::Expr::cast)
            .filter(|expr| !matches!(expr, ast::Expr::Root(_)))
            .last()
    }

    /// The innermost node that covers exactly these bytes.
    pub fn node_at(&self, range: &Range<usize>) -> Option<SyntaxNode> {
        let wanted = text_range(range)?;
        let root = self.syntax();
        if !root.text_range().contains_range(wanted) {
            return None;
        }
        let innermost = match root.covering_element(wanted) {
            rnix::NodeOrToken::Node(node) => node,
            rnix::NodeOrToken::Token(token) => token.parent()?,
        };
        (innermost.text_range() == wanted).then_some(innermost)
    }

    /// Where its lines begin.
    pub fn lines(&self) -> LineIndex {
        LineIndex::new(&self.text)
    }
}

fn text_range(range: &Range<usize>) -> Option<TextRange> {
    let start = TextSize::try_from(range.start).ok()?;
    let end = TextSize::try_from(range.end).ok()?;
    (start <= end).then(|| TextRange::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_cross_threads() {
        fn crosses_threads<T: Send + Sync>() {}
        crosses_threads::<NixFile>();
    }

    #[test]
    fn an_expression_is_found_by_its_range() {
        let file = NixFile::parse("{ a = [ 1 2 ]; }").unwrap();
        assert_eq!(file.expr_at(&(6..13)).unwrap().to_string(), "[ 1 2 ]");
        assert!(file.expr_at(&(6..12)).is_none());
        assert!(file.expr_at(&(6..99)).is_none());
    }

    #[test]
    fn a_lone_expression_in_a_file_is_found_too() {
        let file = NixFile::parse("{ }").unwrap();
        let found = file.expr_at(&(0..3)).unwrap();
        assert!(matches!(found, ast::Expr::AttrSet(_)));
    }
}
