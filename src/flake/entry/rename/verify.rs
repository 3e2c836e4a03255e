//! Evaluates the flake as it would be with the host's new name.

use crate::diagnostic::Diagnostic;
use crate::flake::discover::modules_of_host;
use crate::flake::discoveries::Discoveries;
use crate::flake::discovery::{Discovery, FoundHost};
use crate::flake::entry::nix_file::refused_at;
use crate::flake::entry::rename::moves::Moves;
use crate::flake::entry::rename::nested_names::NestedNames;
use crate::flake::entry::rename::request::RenameRequest;
use crate::flake::flake_module::FlakeModule;
use crate::flake::host_module::{ListedModule, ModuleRef};
use crate::repo::{Repo, RepoPath};
use crate::text::{Patch, TextEdit, rename_word};

/// The repository before and after, and what was wanted.
pub(super) struct Renaming<'a> {
    pub(super) before: &'a Repo,
    pub(super) after: &'a Repo,
    pub(super) known: &'a Discoveries,
    pub(super) found: &'a Discovery,
    pub(super) host: &'a FoundHost,
    pub(super) request: &'a RenameRequest,
    pub(super) moves: &'a Moves,
    pub(super) nested: &'a NestedNames,
}

impl Renaming<'_> {
    /// The attribute path of the module, and what a person should know; if the host is
    /// made of the modules that it was made of, and all others are as they were.
    pub(super) fn check(&self) -> Result<(Option<String>, Vec<String>), Diagnostic> {
        let (old, new) = (&self.request.old, &self.request.new);
        let after = self.known.discover(self.after)?;
        after.followed()?;
        let host = after.hosts.iter().find(|host| host.name == *new);
        let Some(host) = host else {
            return Err(self.refuse(&format!("`{new}` would not be among the hosts")));
        };
        if after.hosts.iter().any(|host| host.name == *old) {
            return Err(self.refuse(&format!("`{old}` would still be among the hosts")));
        }
        if host.system != self.host.system || host.shape != self.host.shape {
            return Err(self.refuse(&format!("`{new}` would be made in another way")));
        }
        let (were, are) = (
            modules_of_host(self.before, old)?,
            modules_of_host(self.after, new)?,
        );
        let expected: Vec<ListedModule> = were.into_iter().map(|it| self.expected(it)).collect();
        if !alike(&expected, &are) {
            let why = self.difference(&expected, &are);
            return Err(self.refuse(&why));
        }
        if let Some(lost) = self.lost(&are, host) {
            let lost = self.after.shown(&lost);
            return Err(self.refuse(&format!("`{new}` would not be made of `{lost}`")));
        }
        let notes = self.others(&after)?;
        let within = self.host.within.as_ref();
        let within = within.and_then(|within| self.nested.renamed(within));
        Ok((host.within.clone().or(within), notes))
    }

    /// The host's own module, if a module imports it by the name that the host had.
    fn lost(&self, listed: &[ListedModule], after: &FoundHost) -> Option<RepoPath> {
        let module = self.moves.moved(self.host.module.as_ref()?);
        let is_it = |one: &ListedModule| matches!(one, ListedModule::File(it) | ListedModule::List(it) if it.file == module);
        let is_kept = after.module.as_ref() == Some(&module) || after.candidates.contains(&module);
        (self.host.within.is_none() && !is_kept && !listed.iter().any(is_it)).then_some(module)
    }

    /// The other hosts must be as they were; what the flake makes of this one as well may
    /// have another name.
    fn others(&self, after: &Discovery) -> Result<Vec<String>, Diagnostic> {
        let (old, new) = (&self.request.old, &self.request.new);
        let mut notes = Vec::new();
        for was in self.found.hosts.iter().filter(|host| host.name != *old) {
            let named = |name: &str| after.hosts.iter().find(|host| host.name == name);
            let name = &was.name;
            let other = rename_word(name, old, new);
            match (named(name), named(&other)) {
                (Some(now), _) if self.is_same(was, now) => {}
                (None, Some(now)) if other != *name && self.is_same(was, now) => {
                    let note = format!("the flake makes `{other}` of `{new}`, as `{name}` before");
                    notes.push(note);
                }
                _ => return Err(self.refuse(&format!("`{name}` would change"))),
            }
        }
        if after.hosts.len() != self.found.hosts.len() {
            return Err(self.refuse("there would be more hosts than before"));
        }
        Ok(notes)
    }

    fn is_same(&self, was: &FoundHost, now: &FoundHost) -> bool {
        let moved = |path: &RepoPath| self.moves.moved(path);
        // The bytes of an inline module may have moved within their file.
        let in_place = |module: FlakeModule| match module {
            FlakeModule::Inline(file, _) => FlakeModule::Inline(file, 0..0),
            other => other,
        };
        let modules = was.modules.iter().cloned();
        let modules = modules.map(|module| in_place(module.in_file(moved)));
        let now_modules = now.modules.iter().cloned().map(in_place);
        was.system == now.system
            && was.within == now.within
            && was.module.as_ref().map(moved) == now.module
            && modules.eq(now_modules)
    }

    /// A module of the host as it must be afterwards.
    fn expected(&self, module: ListedModule) -> ListedModule {
        let renamed = |module: ModuleRef| ModuleRef {
            file: self.moves.moved(&module.file),
            within: module
                .within
                .map(|within| self.nested.renamed(&within).unwrap_or(within)),
            ..module
        };
        match module {
            ListedModule::File(module) => ListedModule::File(renamed(module)),
            ListedModule::List(module) => ListedModule::List(renamed(module)),
            other => other,
        }
    }

    fn difference(&self, expected: &[ListedModule], are: &[ListedModule]) -> String {
        let file = |module: &ListedModule| match module {
            ListedModule::File(module) => Some(self.after.shown(&module.file)),
            _ => None,
        };
        let is_missing = |module: &&ListedModule| !are.contains(module);
        let missing = expected.iter().filter(is_missing).find_map(file);
        let new = &self.request.new;
        match missing {
            Some(missing) => format!("`{new}` would not be made of `{missing}`"),
            None => format!("`{new}` would be made of other modules"),
        }
    }

    /// Points at the entry.
    fn refuse(&self, why: &str) -> Diagnostic {
        match &self.host.entry {
            Some(entry) if !entry.range.is_empty() => {
                refused_at(self.before, &entry.file, entry.range.clone(), why)
            }
            _ => Diagnostic::error("entry-refused", why),
        }
    }
}

/// Where larder does not see of what the flake makes a host, a module that bears its name
/// may be found by that: it is only sure where the entry itself has its path.
pub(super) fn refuse_hidden(
    repo: &Repo,
    host: &FoundHost,
    request: &RenameRequest,
    moves: &Moves,
    edits: &[(RepoPath, TextEdit)],
) -> Result<(), Diagnostic> {
    let (Some(entry), Some(module)) = (&host.entry, &host.module) else {
        return Ok(());
    };
    let modules = modules_of_host(repo, &request.old)?;
    let is_unknown = |module: &ListedModule| matches!(module, ListedModule::Unknown(_));
    let own = edits.iter().find(|(file, _)| *file == entry.file);
    let patches = own.map_or(&[][..], |(_, edit)| edit.patches());
    let is_inside = |patch: &Patch| {
        entry.range.start <= patch.range.start && patch.range.end <= entry.range.end
    };
    let is_followed = moves.moved(module) != *module && patches.iter().any(is_inside);
    let is_listed = modules
        .iter()
        .any(|one| matches!(one, ListedModule::File(it) if it.file == *module));
    let bears_name = rename_word(module.as_str(), &request.old, &request.new) != module.as_str();
    if entry.range.is_empty()
        || !bears_name
        || is_followed
        || is_listed
        || !modules.iter().any(is_unknown)
    {
        return Ok(());
    }
    let why = format!(
        "larder cannot follow how the flake makes it, and `{}` may be found by its name",
        repo.shown(module)
    );
    Err(refused_at(repo, &entry.file, entry.range.clone(), &why))
}

/// True if both lists are the same; what is written within a file may have moved in it,
/// and why something is not known may have the host's name in it.
fn alike(expected: &[ListedModule], are: &[ListedModule]) -> bool {
    let is_same = |(one, other): (&ListedModule, &ListedModule)| match (one, other) {
        (ListedModule::Inline(_), ListedModule::Inline(_))
        | (ListedModule::Unknown(_), ListedModule::Unknown(_)) => true,
        (one, other) => one == other,
    };
    expected.len() == are.len() && expected.iter().zip(are).all(is_same)
}
