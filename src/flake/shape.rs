//! The shape of a host: the word for how the flake makes it.

use rnix::ast;
use rowan::ast::AstNode;

use crate::flake::discovery::{EntryKind, FlakeEntry};
use crate::flake::framework;
use crate::flake::host_module::ModuleRef;
use crate::repo::Repo;

/// The framework that made it, if one did; `dendritic` if its module is an attribute
/// of a file; else how its entry reads.
pub(super) fn of(
    repo: &Repo,
    maker: Option<&str>,
    module: Option<&ModuleRef>,
    entry: Option<&FlakeEntry>,
) -> &'static str {
    let framework = maker.and_then(|maker| framework::names().find(|name| *name == maker));
    let dendritic = module
        .is_some_and(|module| module.within.is_some() && !module.in_call)
        .then_some("dendritic");
    framework
        .or(dendritic)
        .unwrap_or_else(|| of_entry(repo, entry))
}

/// The word that [`of`] gives, as it does.
pub(super) fn named(word: &str) -> Option<&'static str> {
    let own = ["dendritic", "mapped", "literal", "helper"].into_iter();
    own.chain(framework::names()).find(|known| *known == word)
}

/// `literal`: the binding itself calls `nixosSystem`; `helper`: it calls something
/// else; `mapped`: the name is in a list, a table or a folder.
fn of_entry(repo: &Repo, entry: Option<&FlakeEntry>) -> &'static str {
    let Some(entry) = entry else {
        return "mapped";
    };
    if entry.kind != EntryKind::Binding {
        return "mapped";
    }
    match called(repo, entry) {
        Some(function) if function.ends_with("nixosSystem") => "literal",
        Some(_) => "helper",
        None => "mapped",
    }
}

/// The function that the value of a binding is a call of.
fn called(repo: &Repo, entry: &FlakeEntry) -> Option<String> {
    let nix = repo.nix(&entry.file)?.ok()?;
    let binding = nix
        .node_at(&entry.range)?
        .ancestors()
        .find_map(ast::AttrpathValue::cast)?;
    let mut expr = binding.value()?;
    let mut is_call = false;
    loop {
        expr = match expr {
            ast::Expr::Paren(e) => e.expr()?,
            ast::Expr::LetIn(e) => e.body()?,
            ast::Expr::With(e) => e.body()?,
            ast::Expr::Apply(e) => {
                is_call = true;
                e.lambda()?
            }
            other => return is_call.then(|| other.syntax().text().to_string()),
        };
    }
}
