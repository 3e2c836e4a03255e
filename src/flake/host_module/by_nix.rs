//! By Nix's answer: its list of a host's modules, in the place of the flake's.

use std::ops::Range;

use rnix::ast::{Expr, HasEntry};
use rowan::ast::AstNode;

use crate::flake::eval::Eval;
use crate::flake::host_module::listed::ListedModule;
use crate::flake::host_module::module_ref::ModuleRef;
use crate::flake::nix_answer::{EvaluatedHost, EvaluatedModule};
use crate::nix::range_of;
use crate::repo::RepoPath;
use crate::text::Position;

/// The modules as the flake's own list would have them. Which files define a machine is
/// known, and how they are imported is not.
pub(in crate::flake) fn modules_in_answer(
    eval: &Eval,
    host: &EvaluatedHost,
) -> Vec<(usize, ListedModule)> {
    let listed = host.modules.iter();
    let listed = listed.filter_map(|one| Some((one.level, module(eval, one)?)));
    let mut modules: Vec<(usize, ListedModule)> = listed.collect();
    for path in &host.defining {
        let Some(file) = eval.module_file(path) else {
            continue;
        };
        let module = ListedModule::File(ModuleRef::file(file));
        if !modules.iter().any(|(_, known)| *known == module) {
            modules.push((1, module));
        }
    }
    modules
}

fn module(eval: &Eval, evaluated: &EvaluatedModule) -> Option<ListedModule> {
    let file = eval.module_file(&evaluated.file)?;
    match evaluated.at {
        Some(at) if !is_whole(eval, &file, at) => None,
        _ => Some(ListedModule::File(ModuleRef::file(file))),
    }
}

/// True if a value that is made at this place is what the file is: Nix names the
/// first of a function's arguments, or of a set's attributes.
fn is_whole(eval: &Eval, file: &RepoPath, at: Position) -> bool {
    let Some(Ok(nix)) = eval.repo.nix(file) else {
        return false;
    };
    let parts: Vec<Range<usize>> = match nix.expr() {
        Expr::Lambda(lambda) => {
            let param = lambda.param();
            param
                .map(|param| range_of(param.syntax()))
                .into_iter()
                .collect()
        }
        Expr::AttrSet(set) => {
            let names = set.attrpath_values().filter_map(|one| one.attrpath());
            names.map(|name| range_of(name.syntax())).collect()
        }
        _ => Vec::new(),
    };
    let lines = nix.lines();
    let place = |offset| lines.position(nix.text(), offset);
    parts
        .iter()
        .any(|part| place(part.start) <= at && at < place(part.end))
}
