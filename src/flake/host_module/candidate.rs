//! The modules that may be a host's own, and what makes one likelier than another.

use std::cmp::Reverse;
use std::collections::HashSet;

use crate::flake::host_module::by_import::ReachedModule;
use crate::flake::host_module::listed::{ListedHost, ListedModule};
use crate::flake::host_module::module_ref::ModuleRef;
use crate::flake::host_module::name_match::{
    NameMatch, is_aspect_module, is_entry, is_its_list, is_shared_part, matches_name, plain_name,
    whole_name,
};
use crate::repo::RepoPath;

/// How many candidates are named to a person.
const NAMED: usize = 9;

/// The names of all hosts.
pub(super) struct Names(HashSet<String>);

impl Names {
    pub(super) fn of(hosts: &[ListedHost]) -> Self {
        Self(hosts.iter().map(|host| plain_name(&host.name)).collect())
    }

    /// True if the file has just the name of a host that is another one.
    pub(super) fn are_of_another(&self, file: &RepoPath, host: &str) -> bool {
        let name = whole_name(file);
        name != plain_name(host) && self.0.contains(&name)
    }
}

/// The modules of one host that may be its own, likeliest first.
pub(super) struct Candidates<'a> {
    pub(super) host: &'a ListedHost,
    pub(super) all_hosts: &'a [ListedHost],
    pub(super) ranked: Vec<Candidate<'a>>,
}

/// One module of a host, with the evidence for it.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) module: &'a ModuleRef,
    pub(super) name: NameMatch,
    /// How many imports lead to it; 0: the flake lists it.
    pub(super) level: usize,
    /// How many hosts have it, directly or through imports.
    pub(super) hosts: usize,
    /// The flake lists it for this host alone.
    pub(super) is_listed_once: bool,
    /// It is a list of modules that makes the host, and nothing else.
    pub(super) is_its_list: bool,
}

/// What a step of the cascade has chosen.
pub(super) struct Pick {
    pub(super) module: ModuleRef,
    pub(super) how: String,
    /// There is evidence against it: a person has to confirm it.
    pub(super) confirm: bool,
}

impl<'a> Candidates<'a> {
    pub(super) fn of(
        host: &'a ListedHost,
        all_hosts: &'a [ListedHost],
        names: &Names,
        reached: &'a [ReachedModule],
    ) -> Self {
        let all = reached.iter().map(|one| Candidate::of(host, names, one));
        let mut ranked: Vec<Candidate> = all.filter(Candidate::may_be_own).collect();
        let has_entry = ranked.iter().any(Candidate::is_own_entry);
        let has_own = ranked.iter().any(Candidate::is_own_in_its_folder);
        // `profiles/web.nix` is no rival of the one `configuration.nix` of `web`, and
        // `services/web.nix` that others have too none of what is in the folder of `web`.
        let is_rival = |one: &Candidate| {
            let is_less = has_entry || (has_own && one.hosts > 1);
            !(is_less && one.is_shared_part())
        };
        let parts = ranked.iter_mut().filter(|one| !is_rival(one));
        parts.for_each(|part| part.name = NameMatch::None);
        ranked.sort_by_key(|candidate| Reverse(candidate.rank()));
        Self {
            host,
            all_hosts,
            ranked,
        }
    }

    /// True if a host has this name, as [`plain_name`] gives it.
    pub(super) fn has_host(&self, name: &str) -> bool {
        let mut names = self.all_hosts.iter().map(|host| plain_name(&host.name));
        names.any(|known| known == name)
    }

    /// True if a module is written for this host alone where no attribute path leads.
    pub(super) fn has_own_inline(&self) -> bool {
        let of = |host: &'a ListedHost| host.modules.iter().map(|(_, module)| module);
        let is_anothers = |module: &ListedModule| {
            let mut others = self.all_hosts.iter();
            others.any(|other| other.name != self.host.name && of(other).any(|one| one == module))
        };
        let mut inline = of(self.host).filter(|one| matches!(one, ListedModule::Inline(_)));
        inline.any(|module| !is_anothers(module))
    }

    /// The files of the likeliest, without what all hosts have.
    pub(super) fn files(&self) -> Vec<RepoPath> {
        let all = self.all_hosts.len();
        let some = self.ranked.iter().filter(|one| all == 1 || one.hosts < all);
        let likeliest = some.take(NAMED);
        likeliest.map(|one| one.module.file.clone()).collect()
    }
}

impl<'a> Candidate<'a> {
    fn of(host: &ListedHost, names: &Names, reached: &'a ReachedModule) -> Self {
        let name = matches_name(&reached.module, &host.name);
        let is_anothers = name >= NameMatch::Parts
            && reached.module.within.is_none()
            && names.are_of_another(&reached.module.file, &host.name);
        Self {
            module: &reached.module,
            name: if is_anothers { NameMatch::None } else { name },
            level: reached.level,
            hosts: reached.hosts,
            is_listed_once: reached.level == 0 && reached.listed_by == 1,
            is_its_list: is_its_list(&reached.module, &host.name) && reached.hosts == 1,
        }
    }

    /// What makes one module likelier than another, strongest first.
    pub(super) fn rank(&self) -> impl Ord + use<> {
        let form = (!self.module.in_list, self.is_entry());
        (
            self.name,
            Reverse(self.level),
            self.hosts == 1,
            !self.is_shared_part(),
            form,
        )
    }

    /// True if the file is called as the entry of a folder is.
    pub(super) fn is_entry(&self) -> bool {
        is_entry(&self.module.file)
    }

    /// True if it is in a folder of parts that many hosts use.
    pub(super) fn is_shared_part(&self) -> bool {
        is_shared_part(&self.module.file, self.module.within.is_some())
    }

    /// True if it is an entry file that the flake lists for this host alone. A module of
    /// the flake (`nixosModules.web`) is no host's for being in a `default.nix`.
    pub(super) fn is_own_entry(&self) -> bool {
        let is_meant = self.module.within.is_none() || self.name > NameMatch::None;
        self.is_listed_once && self.is_entry() && !self.is_shared_part() && is_meant
    }

    /// True if the flake lists it for this host alone, from the folder of its name.
    fn is_own_in_its_folder(&self) -> bool {
        self.is_listed_once && self.name >= NameMatch::Below && !self.is_shared_part()
    }

    /// It is chosen.
    pub(super) fn pick(&self, how: impl Into<String>) -> Pick {
        Pick {
            module: self.module.clone(),
            how: how.into(),
            confirm: false,
        }
    }

    /// It is chosen, for a person to confirm.
    pub(super) fn pick_to_confirm(&self, how: impl Into<String>) -> Pick {
        Pick {
            confirm: true,
            ..self.pick(how)
        }
    }

    fn may_be_own(&self) -> bool {
        let is_meant = !self.module.in_list || self.name == NameMatch::Whole;
        !is_aspect_module(self.module) && (is_meant || self.is_its_list)
    }
}
