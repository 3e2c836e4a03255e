//! Walks the entry of a sibling and collects what is written in its place.

use std::ops::Range;

use rnix::ast;
use rnix::{NodeOrToken, SyntaxKind, SyntaxNode, SyntaxToken};
use rowan::ast::AstNode;

use crate::diagnostic::Diagnostic;
use crate::flake::entry::hole::Hole;
use crate::flake::entry::request::{NeededValue, NewEntry};
use crate::flake::entry::siblings::Siblings;
use crate::nix::{NixFile, range_of};
use crate::repo::RepoPath;

/// A new entry.
pub(in crate::flake::entry) struct Cloned {
    /// Laid out for column 0.
    pub(in crate::flake::entry) text: String,
    /// What of the sibling was left out, in its own words.
    pub(in crate::flake::entry) left_out: Vec<String>,
    /// What must be given first, each with the place of the sibling's.
    pub(in crate::flake::entry) needed: Vec<(NeededValue, Range<usize>)>,
}

/// What becomes of a part of the entry.
#[derive(PartialEq)]
pub(super) enum Part {
    LeftOut,
    /// It has the new host's value.
    Written,
    /// It is walked on.
    Walked,
}

pub(super) struct Cloner<'a> {
    pub(super) file: &'a NixFile,
    pub(super) siblings: &'a Siblings<'a>,
    pub(super) new: &'a NewEntry,
    pub(super) module: &'a RepoPath,
    /// Where the new entry is written.
    pub(super) place: RepoPath,
    /// The entry is a file.
    pub(super) is_file: bool,
    pub(super) hole: Hole,
    pub(super) patches: Vec<(Range<usize>, String)>,
    pub(super) left_out: Vec<String>,
    pub(super) needed: Vec<(NeededValue, Range<usize>)>,
}

impl<'a> Cloner<'a> {
    pub(super) fn new(
        file: &'a NixFile,
        siblings: &'a Siblings<'a>,
        new: &'a NewEntry,
        module: &'a RepoPath,
        place: &RepoPath,
    ) -> Self {
        Self {
            file,
            siblings,
            new,
            module,
            place: place.clone(),
            is_file: false,
            hole: Hole::default(),
            patches: Vec::new(),
            left_out: Vec::new(),
            needed: Vec::new(),
        }
    }

    pub(super) fn entry(mut self) -> Result<Cloned, Diagnostic> {
        let mut lines = Vec::new();
        for node in &self.siblings.own.nodes {
            match self.part(node) {
                Part::LeftOut => continue,
                Part::Written => {}
                Part::Walked => self.node(node)?,
            }
            lines.push(self.text(node));
        }
        Ok(Cloned {
            text: lines.join("\n"),
            left_out: self.left_out,
            needed: self.needed,
        })
    }

    pub(super) fn walk(&mut self, node: &SyntaxNode) -> Result<(), Diagnostic> {
        let (mut kept, mut left_out) = (0, 0);
        for child in node.children_with_tokens() {
            match child {
                NodeOrToken::Token(token) => self.token(&token),
                NodeOrToken::Node(child) if self.is_left_out(node, &child) => left_out += 1,
                NodeOrToken::Node(child) => {
                    kept += 1;
                    self.node(&child)?;
                }
            }
        }
        if kept == 0 && left_out > 0 && ast::List::can_cast(node.kind()) {
            self.patches
                .push((range_of(node), self.empty_list().to_owned()));
        }
        Ok(())
    }

    /// As the file writes it: alejandra has no blank in it, the others have.
    fn empty_list(&self) -> &'static str {
        let text = self.file.text();
        if text.contains("[]") && !text.contains("[ ]") {
            "[]"
        } else {
            "[ ]"
        }
    }

    pub(super) fn node(&mut self, node: &SyntaxNode) -> Result<(), Diagnostic> {
        if let Some(path) = ast::Attrpath::cast(node.clone()) {
            self.rename(&path);
        }
        match ast::Expr::cast(node.clone()) {
            Some(ast::Expr::Str(string)) => self.string(&string),
            Some(ast::Expr::PathRel(path)) => self.path(&path),
            _ => self.walk(node),
        }
    }

    /// Comments go; the text around an interpolation is renamed.
    fn token(&mut self, token: &SyntaxToken) {
        let range = token.text_range().start().into()..token.text_range().end().into();
        match token.kind() {
            SyntaxKind::TOKEN_COMMENT => self.drop_with_space(range),
            SyntaxKind::TOKEN_STRING_CONTENT | SyntaxKind::TOKEN_PATH_REL => {
                let renamed = self.renamed(token.text());
                self.patches.push((range, renamed));
            }
            _ => {}
        }
    }

    /// Takes bytes away together with the blanks before them.
    pub(super) fn drop_with_space(&mut self, range: Range<usize>) {
        let blanks = [' ', '\t', '\r', '\n'];
        let before = self.file.text()[..range.start]
            .trim_end_matches(blanks)
            .len();
        self.patches.push((before..range.end, String::new()));
    }

    /// The entry with all patches, moved to column 0.
    pub(super) fn text(&mut self, node: &SyntaxNode) -> String {
        let whole = range_of(node);
        let source = self.file.text();
        self.patches
            .sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::new();
        let mut done = whole.start;
        for (range, text) in &self.patches {
            if range.start >= done {
                out.push_str(&source[done..range.start]);
                out.push_str(text);
                done = range.end;
            }
        }
        out.push_str(&source[done..whole.end]);
        let line = source[..whole.start].rfind('\n').map_or(0, |at| at + 1);
        let width = source[line..].find(|c| c != ' ' && c != '\t').unwrap_or(0);
        dedent(&out, &source[line..line + width])
    }
}

fn dedent(text: &str, indent: &str) -> String {
    let lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    let moved = lines.enumerate().map(|(i, line)| match i {
        0 => line,
        _ => line
            .strip_prefix(indent)
            .unwrap_or_else(|| line.trim_start()),
    });
    moved.collect::<Vec<_>>().join("\n")
}
