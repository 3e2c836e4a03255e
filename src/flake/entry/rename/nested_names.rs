//! The attributes that are named after a host: its entry, the module that is nested in a
//! file, and what refers to them.

use rnix::{SyntaxNode, ast};
use rowan::ast::AstNode;

use crate::flake::discovery::{EntryKind, FoundHost};
use crate::flake::entry::rename::named_strings::attr_edit;
use crate::nix::{AttrPath, NixFile, static_name};
use crate::repo::Repo;
use crate::text::TextEdit;

/// The attribute paths that end with the host's name.
pub(super) struct NestedNames {
    /// Where they are bound, from the top of a file.
    bound: Vec<Vec<String>>,
    old: String,
    new: String,
}

impl NestedNames {
    /// Those of the host's module and of its entry, if both are nested in files.
    pub(super) fn of(repo: &Repo, host: &FoundHost, new: &str) -> Self {
        let within = host.within.as_ref().and_then(|path| path.parse().ok());
        let within = within.map(|path: AttrPath| path.names().to_vec());
        let bound = within.into_iter().chain(entry_path(repo, host));
        let until_name = |mut names: Vec<String>| {
            let end = names.iter().position(|name| *name == host.name)?;
            names.truncate(end + 1);
            names.retain(|name| name != "config");
            Some(names)
        };
        Self {
            bound: bound.filter_map(until_name).collect(),
            old: host.name.clone(),
            new: new.to_owned(),
        }
    }

    /// The attribute path as it is then.
    pub(super) fn renamed(&self, within: &str) -> Option<String> {
        let mut names = within.parse::<AttrPath>().ok()?.names().to_vec();
        let own = self.bound.iter().find(|bound| names.starts_with(bound));
        if let Some(own) = own {
            names[own.len() - 1].clone_from(&self.new);
        }
        Some(AttrPath::new(names).to_string())
    }

    /// The edit of one file.
    pub(super) fn edit(&self, file: &NixFile) -> TextEdit {
        let nodes = file.syntax().descendants();
        let edits = nodes.filter_map(|node| {
            let attr = self
                .bound_attr(&node)
                .or_else(|| self.selected_attr(&node))?;
            attr_edit(&attr, &self.new)
        });
        edits.fold(TextEdit::empty(), |all, one| {
            all.clone().and(one).unwrap_or(all)
        })
    }

    /// The name in a binding, if the names down to it are those.
    fn bound_attr(&self, node: &SyntaxNode) -> Option<ast::Attr> {
        let binding = ast::AttrpathValue::cast(node.clone())?;
        let attrs: Vec<ast::Attr> = binding.attrpath()?.attrs().collect();
        let at = attrs.iter().position(|attr| self.is_old(attr))?;
        let mut names: Vec<String> = names_above(node)?;
        for attr in &attrs[..=at] {
            names.push(static_name(attr)?);
        }
        names.retain(|name| name != "config");
        let is_its = self.bound.contains(&names);
        attrs.into_iter().nth(at).filter(|_| is_its)
    }

    /// The name in `config.flake.modules.nixos.pai`, `self.nixosConfigurations.pai`.
    fn selected_attr(&self, node: &SyntaxNode) -> Option<ast::Attr> {
        let select = ast::Select::cast(node.clone())?;
        let attrs: Vec<ast::Attr> = select.attrpath()?.attrs().collect();
        let at = attrs.iter().position(|attr| self.is_old(attr))?;
        let ast::Expr::Ident(first) = select.expr()? else {
            return None;
        };
        let mut names = vec![first.to_string()];
        for attr in &attrs[..=at] {
            names.push(static_name(attr)?);
        }
        let is_its = self.means(&names);
        attrs.into_iter().nth(at).filter(|_| is_its)
    }

    /// True if the names lead to the host or its module from the flake or its modules.
    fn means(&self, names: &[String]) -> bool {
        const ROOTS: [&[&str]; 8] = [
            &["config", "flake"],
            &["config"],
            &["inputs", "self", "outputs"],
            &["inputs", "self"],
            &["self", "outputs"],
            &["self"],
            &["outputs"],
            &[],
        ];
        let root = ROOTS.iter().find(|root| {
            let mut pairs = root.iter().zip(names);
            names.len() > root.len() && pairs.all(|(root, name)| root == name)
        });
        let path = &names[root.map_or(0, |root| root.len())..];
        let host = [String::from("nixosConfigurations"), self.old.clone()];
        let is_bound = |bound: &Vec<String>| {
            let bound = bound.as_slice();
            bound == path || bound.strip_prefix(&[String::from("flake")]) == Some(path)
        };
        path == host || self.bound.iter().any(is_bound)
    }

    fn is_old(&self, attr: &ast::Attr) -> bool {
        static_name(attr).as_ref() == Some(&self.old)
    }
}

/// The names down to the entry of a host that is bound in a file of its module's kind.
fn entry_path(repo: &Repo, host: &FoundHost) -> Option<Vec<String>> {
    let entry = host.entry.as_ref()?;
    if entry.kind != EntryKind::Binding || host.within.is_none() {
        return None;
    }
    let node = repo.nix(&entry.file)?.ok()?.node_at(&entry.range)?;
    let binding = node.ancestors().find_map(ast::AttrpathValue::cast)?;
    let mut names = names_above(binding.syntax())?;
    for attr in binding.attrpath()?.attrs() {
        names.push(static_name(&attr)?);
    }
    Some(names)
}

/// The names of the bindings around one.
fn names_above(binding: &SyntaxNode) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for around in binding
        .ancestors()
        .skip(1)
        .filter_map(ast::AttrpathValue::cast)
    {
        let own = around.attrpath()?.attrs().map(|attr| static_name(&attr));
        names.splice(0..0, own.collect::<Option<Vec<_>>>()?);
    }
    Some(names)
}

/// The names that a set binds the host's name by, in the binding itself.
pub(super) fn key_edit(binding: &ast::AttrpathValue, old: &str, new: &str) -> Option<TextEdit> {
    let attrs = binding.attrpath()?.attrs();
    let mut own = attrs.filter(|attr| static_name(attr).as_deref() == Some(old));
    attr_edit(&own.next()?, new).filter(|_| own.next().is_none())
}
