//! The names of a sibling, of its platform and of its module, each with the new host's in
//! its place.

use rnix::SyntaxNode;
use rnix::ast;
use rowan::ast::AstNode;

use crate::diagnostic::{Diagnostic, Source};
use crate::flake::entry::clone::cloner::Cloner;
use crate::flake::entry::entry_text::OWN;
use crate::flake::entry::hole::below_config;
use crate::flake::entry::naming;
use crate::nix::{Literal, attr_name, range_of, static_name, static_string};
use crate::repo::RepoPath;
use crate::text::rename_word;

impl Cloner<'_> {
    /// `pai = …` becomes `newbox = …`, `nixosConfigurations.pai = …` likewise; an option or
    /// an argument that is called as the host is none of its names.
    pub(super) fn rename(&mut self, path: &ast::Attrpath) {
        let is_entry = path
            .syntax()
            .parent()
            .is_some_and(|binding| self.siblings.own.nodes.contains(&binding));
        if let (Some(old), Some(new)) = (&self.siblings.host.system, &self.new.system) {
            let systems = path
                .attrs()
                .filter(|attr| static_name(attr).as_ref() == Some(old));
            let renamed = systems.map(|attr| (range_of(attr.syntax()), attr_name(new)));
            self.patches.extend(renamed);
        }
        let named: Vec<ast::Attr> = path
            .attrs()
            .filter(|attr| self.siblings.own.is_own_name(attr))
            .collect();
        for (index, attr) in named.iter().enumerate() {
            if (is_entry && index == 0)
                || self.leads_to_module(attr)
                || self.siblings.is_named_after_host(attr)
            {
                let name = static_name(attr).and_then(|name| self.siblings.own.masked_name(&name));
                let name = name.map(|name| name.replace(OWN, &self.new.name));
                let name = name.unwrap_or_else(|| self.new.name.clone());
                self.patches
                    .push((range_of(attr.syntax()), attr_name(&name)));
            }
        }
    }

    /// True for a name on the way to the host's module, or to the entry that a file has.
    fn leads_to_module(&self, attr: &ast::Attr) -> bool {
        let position = self.siblings.own.position(attr.syntax());
        let is_entry = self.is_file && self.siblings.makes_host(attr);
        is_entry || self.hole.path.starts_with(below_config(&position))
    }

    pub(super) fn string(&mut self, string: &ast::Str) -> Result<(), Diagnostic> {
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

    pub(super) fn renamed(&self, text: &str) -> String {
        if self.siblings.is_common_word(text) {
            return text.to_owned();
        }
        let sibling = &self.siblings.host.name;
        if self.siblings.own.alias.as_deref() == Some(text) {
            return naming::beside(text, sibling, &self.new.name).to_owned();
        }
        rename_word(text, sibling, &self.new.name)
    }

    /// The path of the sibling's module becomes that of the new one.
    pub(super) fn path(&mut self, path: &ast::PathRel) -> Result<(), Diagnostic> {
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
        Literal::path(&to.relative_to(&self.place.parent())).to_string()
    }

    fn here(&self) -> &RepoPath {
        let entry = self.siblings.host.entry.as_ref();
        entry.map_or(self.module, |entry| &entry.file)
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
}
