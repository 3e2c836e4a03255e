//! What Nix itself has told about hosts, where the flake could not be followed.

use std::ops::Range;

use rnix::ast::{Expr, HasEntry};
use rowan::ast::AstNode;

use crate::flake::eval::Eval;
use crate::flake::members::{Member, Place};
use crate::nix::range_of;
use crate::repo::RepoPath;
use crate::text::Position;

/// What Nix has told.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Every host of `nixosConfigurations`.
    pub names: Vec<String>,
    /// The modules of some of them.
    pub hosts: Vec<ToldHost>,
}

/// The modules of one host.
#[derive(Debug, Clone, Default)]
pub struct ToldHost {
    /// Its name.
    pub name: String,
    /// The modules that the flake lists for it.
    pub modules: Vec<ToldModule>,
    /// The files of the repository that say what only a machine's own
    /// configuration does: its name, its file systems.
    pub defining: Vec<RepoPath>,
    /// Why Nix could not tell; then the lists are empty.
    pub why_not: Option<String>,
}

/// One module of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldModule {
    /// The file, or the folder of a `default.nix`.
    pub file: RepoPath,
    /// The place in it where the module is made, if the flake has it as a value.
    pub at: Option<Position>,
    /// In how many modules it stands.
    pub level: usize,
}

impl Told {
    /// What was told of a host.
    pub(super) fn host(&self, name: &str) -> Option<&ToldHost> {
        let host = self.hosts.iter().find(|host| host.name == name)?;
        host.why_not.is_none().then_some(host)
    }
}

impl ToldHost {
    /// The modules as the flake's own list has them; what the files that define
    /// a machine are is known, and how they are imported is not.
    pub(super) fn members(&self, eval: &Eval) -> Vec<(usize, Member)> {
        let listed = self.modules.iter();
        let listed = listed.filter_map(|one| Some((one.level, member(eval, one)?)));
        let mut members: Vec<(usize, Member)> = listed.collect();
        for path in &self.defining {
            let Some(file) = eval.module_file(path) else {
                continue;
            };
            let member = Member::File(Place::file(file));
            if !members.iter().any(|(_, known)| *known == member) {
                members.push((1, member));
            }
        }
        members
    }
}

fn member(eval: &Eval, told: &ToldModule) -> Option<Member> {
    let file = eval.module_file(&told.file)?;
    match told.at {
        Some(at) if !is_whole(eval, &file, at) => None,
        _ => Some(Member::File(Place::file(file))),
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
