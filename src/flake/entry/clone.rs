//! The text of a new entry, made from that of a sibling.
//!
//! Names, platform and the path of the module are replaced. Comments are the
//! sibling's and stay behind, and so does what only the sibling has: modules that
//! no other host lists, hardware descriptions, values that differ from host to host
//! and that others do without. A value that every host has for itself cannot be
//! invented: it is refused.

use std::ops::Range;

use rnix::ast;
use rnix::{NodeOrToken, SyntaxKind, SyntaxNode, SyntaxToken};
use rowan::ast::AstNode;

use crate::diagnostic::{Diagnostic, Source};
use crate::flake::entry::request::NewEntry;
use crate::flake::entry::siblings::Siblings;
use crate::flake::entry::specific::CarryOver;
use crate::nix::{Literal, NixFile, attr_name, range_of, static_name, static_string};
use crate::repo::RepoPath;
use crate::text::rename_word;

/// A new entry.
pub(super) struct Cloned {
    /// Laid out for column 0.
    pub(super) text: String,
    /// What of the sibling was left out, in its own words.
    pub(super) left_out: Vec<String>,
}

/// The entry of a new host.
pub(super) fn entry(
    file: &NixFile,
    siblings: &Siblings,
    new: &NewEntry,
    module: &RepoPath,
) -> Result<Cloned, Diagnostic> {
    let Some(node) = &siblings.node else {
        let message = format!("the entry of `{}` is gone", siblings.host.name);
        return Err(Diagnostic::error("no-entry", message));
    };
    let mut clone = Cloner {
        file,
        siblings,
        new,
        module,
        patches: Vec::new(),
        left_out: Vec::new(),
    };
    clone.walk(node)?;
    let text = clone.text(node);
    Ok(Cloned {
        text,
        left_out: clone.left_out,
    })
}

struct Cloner<'a> {
    file: &'a NixFile,
    siblings: &'a Siblings<'a>,
    new: &'a NewEntry,
    module: &'a RepoPath,
    patches: Vec<(Range<usize>, String)>,
    left_out: Vec<String>,
}

impl Cloner<'_> {
    fn walk(&mut self, node: &SyntaxNode) -> Result<(), Diagnostic> {
        for child in node.children_with_tokens() {
            match child {
                NodeOrToken::Token(token) => self.token(&token),
                NodeOrToken::Node(child) if self.is_left_out(node, &child)? => {}
                NodeOrToken::Node(child) => self.node(&child)?,
            }
        }
        Ok(())
    }

    fn node(&mut self, node: &SyntaxNode) -> Result<(), Diagnostic> {
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

    /// Leaves an item or a binding out that only the sibling has.
    fn is_left_out(&mut self, parent: &SyntaxNode, child: &SyntaxNode) -> Result<bool, Diagnostic> {
        let is_own = match ast::AttrpathValue::cast(child.clone()) {
            Some(binding) if is_plain_set(parent) => match self.siblings.own_value(&binding) {
                CarryOver::Kept(()) => false,
                CarryOver::LeftOut => true,
                CarryOver::Needed => return Err(self.needs_value(&binding)),
            },
            _ => ast::List::can_cast(parent.kind()) && self.siblings.stays_behind(child),
        };
        if is_own {
            self.left_out.push(child.text().to_string());
            self.drop_with_space(range_of(child));
        }
        Ok(is_own)
    }

    /// `pai = …` becomes `newbox = …`, `nixosConfigurations.pai = …` likewise.
    fn rename(&mut self, path: &ast::Attrpath) {
        for attr in path.attrs() {
            if static_name(&attr).as_deref() == Some(&self.siblings.host.name) {
                self.patches
                    .push((range_of(attr.syntax()), attr_name(&self.new.name)));
            }
        }
    }

    fn string(&mut self, string: &ast::Str) -> Result<(), Diagnostic> {
        let Some(text) = static_string(string) else {
            return self.walk(string.syntax());
        };
        let is_system = self.siblings.host.system.as_ref() == Some(&text);
        let new = match &self.new.system {
            Some(system) if is_system => system.clone(),
            _ => self.renamed(&text),
        };
        if new != text {
            self.patches
                .push((range_of(string.syntax()), Literal::string(&new).to_string()));
        }
        Ok(())
    }

    fn renamed(&self, text: &str) -> String {
        if self.siblings.is_common_word(text) {
            return text.to_owned();
        }
        if self.siblings.module_name() == Some(text) {
            return self.new.name.clone();
        }
        rename_word(text, &self.siblings.host.name, &self.new.name)
    }

    /// The path of the sibling's module becomes that of the new one.
    fn path(&mut self, path: &ast::PathRel) -> Result<(), Diagnostic> {
        let node = path.syntax();
        let Some(target) = self.siblings.target(&node.text().to_string()) else {
            return self.walk(node);
        };
        if self.siblings.is_module(&target) {
            let as_folder = Some(&target) != self.siblings.host.module.as_ref();
            self.patches
                .push((range_of(node), self.path_of_module(as_folder)));
            return Ok(());
        }
        if self.siblings.is_specific(&target) {
            return Err(self.names_own_file(node));
        }
        Ok(())
    }

    /// By its folder if the sibling's module is, and if that says the same.
    fn path_of_module(&self, as_folder: bool) -> String {
        let by_folder = as_folder && self.module.file_name() == "default.nix";
        let to = if by_folder {
            self.module.parent()
        } else {
            self.module.clone()
        };
        Literal::path(&to.relative_to(&self.here().parent())).to_string()
    }

    fn here(&self) -> &RepoPath {
        let entry = self.siblings.host.entry.as_ref();
        entry.map_or(self.module, |entry| &entry.file)
    }

    fn needs_value(&self, binding: &ast::AttrpathValue) -> Diagnostic {
        let key = binding
            .attrpath()
            .map(|path| path.to_string())
            .unwrap_or_default();
        let message = format!(
            "every host has its own `{key}`, and there is none for `{}`",
            self.new.name
        );
        let help = format!("write an entry like this one by hand, with its own `{key}`");
        self.at(
            Diagnostic::error("entry-needs-value", message),
            binding.syntax(),
        )
        .help(help)
    }

    fn names_own_file(&self, node: &SyntaxNode) -> Diagnostic {
        let message = format!(
            "the entry of `{}` names a file that only it has",
            self.siblings.host.name
        );
        let help = format!(
            "write an entry like this one by hand, with the files of `{}`",
            self.new.name
        );
        self.at(Diagnostic::error("entry-names-file", message), node)
            .help(help)
    }

    fn at(&self, diagnostic: Diagnostic, node: &SyntaxNode) -> Diagnostic {
        let source = Source::new(self.siblings.repo.shown(self.here()), self.file.text());
        diagnostic.at(&source, range_of(node), "")
    }

    /// Takes bytes away together with the blanks before them.
    fn drop_with_space(&mut self, range: Range<usize>) {
        let blanks = [' ', '\t', '\r', '\n'];
        let before = self.file.text()[..range.start]
            .trim_end_matches(blanks)
            .len();
        self.patches.push((before..range.end, String::new()));
    }

    /// The entry with all patches, moved to column 0.
    fn text(&mut self, node: &SyntaxNode) -> String {
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

/// What a `let` or a `rec` set binds is used elsewhere in the entry.
fn is_plain_set(node: &SyntaxNode) -> bool {
    ast::AttrSet::cast(node.clone()).is_some_and(|set| set.rec_token().is_none())
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
